//! The difference of two texts as a patch.

use imara_diff::{
    Algorithm, Diff, InternedInput, Interner, Token, UnifiedDiffConfig, UnifiedDiffPrinter,
};
use std::fmt;

/// Returns the difference of two texts, line by line, as
/// [`diff -u`](https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html) prints it.
pub(super) fn unified_diff(name: &str, before: &str, after: &str) -> String {
    let input = InternedInput::new(before, after);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let lines = Lines(&input.interner);
    let hunks = diff.unified_diff(&lines, UnifiedDiffConfig::default(), &input);
    format!("--- {name}\n+++ {name}\n{hunks}")
}

/// The lines of two texts, as parts of their difference.
struct Lines<'a>(&'a Interner<&'a str>);

impl Lines<'_> {
    fn write(&self, out: &mut impl fmt::Write, sign: char, lines: &[Token]) -> fmt::Result {
        for line in lines {
            let line = self.0[*line];
            write!(out, "{sign}{line}")?;
            if !line.ends_with('\n') {
                out.write_str("\n\\ No newline at end of file\n")?;
            }
        }
        Ok(())
    }
}

impl UnifiedDiffPrinter for Lines<'_> {
    fn display_header(
        &self,
        mut out: impl fmt::Write,
        start_before: u32,
        start_after: u32,
        len_before: u32,
        len_after: u32,
    ) -> fmt::Result {
        // The line before nothing is named, which is 0 in an empty file.
        let start = |start: u32, len: u32| start + u32::from(len > 0);
        let (old, new) = (start(start_before, len_before), start(start_after, len_after));
        writeln!(out, "@@ -{old},{len_before} +{new},{len_after} @@")
    }

    fn display_context_token(&self, mut out: impl fmt::Write, line: Token) -> fmt::Result {
        self.write(&mut out, ' ', &[line])
    }

    fn display_hunk(
        &self,
        mut out: impl fmt::Write,
        before: &[Token],
        after: &[Token],
    ) -> fmt::Result {
        self.write(&mut out, '-', before)?;
        self.write(&mut out, '+', after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_shows_what_differs() {
        for (before, after, expected) in [
            ("a\nb\nc\n", "a\nB\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"),
            ("a", "a\n", "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n"),
            ("", "a\n", "@@ -0,0 +1,1 @@\n+a\n"),
        ] {
            assert_eq!(unified_diff("x", before, after), format!("--- x\n+++ x\n{expected}"));
        }
    }
}
