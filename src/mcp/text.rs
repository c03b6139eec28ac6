//! The text of a result: Markdown that a model reads, and its bounds.

use crate::diagnostic::{Diagnostic, Error, Excerpt, Remark};
use crate::printable::printable;

/// The longest text of a result, in bytes: about 5,000 tokens.
pub(super) const MOST_BYTES: usize = 20_000;

/// The most rows, facts or other entries of a result.
pub(super) const MOST_ROWS: usize = 50;

/// Returns diagnostics in words, one below the other.
pub(super) fn all_in_words(problems: &[Diagnostic]) -> String {
    problems.iter().map(in_words).collect::<Vec<_>>().join("\n")
}

/// Returns an error in words.
pub(super) fn error_in_words(error: &Error) -> String {
    all_in_words(&error.problems)
}

/// Returns a diagnostic in words: what it is, where, and what to do about it.
pub(super) fn in_words(problem: &Diagnostic) -> String {
    told(problem, true)
}

/// Returns a diagnostic in words, about a text whose lines the model does not know.
pub(super) fn in_words_without_lines(problem: &Diagnostic) -> String {
    told(problem, false)
}

fn told(problem: &Diagnostic, has_lines: bool) -> String {
    let mut text = format!("{}: {}", problem.severity.name(), line(&problem.message));
    if let Some(place) = problem.excerpt.as_deref() {
        text.push_str(&at(place, has_lines));
    }
    // A model cannot run a command.
    let is_for_terminal = |words: &str| words.contains("`dossier ") || words.contains("`--");
    for remark in &problem.remarks {
        let (kind, words) = match remark {
            Remark::Note(words) => ("note", words.as_str()),
            Remark::Help(words) => ("help", words.as_str()),
            Remark::Quote(evidence) => ("note", evidence.sentence.as_str()),
        };
        if !is_for_terminal(words) {
            text.push_str(&format!("\n  {kind}: {}", line(words)));
        }
    }
    if let Some(help) = problem.help.as_ref().filter(|help| !is_for_terminal(help)) {
        text.push_str(&format!("\n  help: {}", line(help)));
    }
    text
}

/// Returns where something is: the line and the column, if they are known, and the words there.
fn at(place: &Excerpt, has_lines: bool) -> String {
    let words = place.spans.first().and_then(|span| place.text.get(span.clone()));
    let words = words.map(|words| line(&abridged(words.trim(), 200))).unwrap_or_default();
    match (has_lines, words.as_str()) {
        (true, "") => format!("\n  at line {}, column {}", place.line, place.column),
        (true, words) => format!("\n  at line {}, column {}: `{words}`", place.line, place.column),
        (false, "") => String::new(),
        (false, words) => format!("\n  at: `{words}`"),
    }
}

/// Returns a text on one line, with what is invisible in it shown.
pub(super) fn line(text: &str) -> String {
    printable(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// Returns the beginning of a text that is longer than a number of characters.
pub(super) fn abridged(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{} …", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// Cuts a text that is too long, at the end of a line if possible, and says so. Everything else that is long is divided
/// earlier, where it can be continued.
pub(super) fn bounded(mut text: String) -> String {
    const NOTE: &str = "\n\nThe rest was cut off: ask for less.\n";
    if text.len() <= MOST_BYTES {
        return text;
    }
    let mut end = MOST_BYTES - NOTE.len();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end].rfind('\n').filter(|line| *line > end / 2).unwrap_or(end);
    text.truncate(end);
    text.push_str(NOTE);
    text
}

/// Returns as many entries as fit, from one on, and a line that says how to go on if there are more.
///
/// # Arguments
/// `noun` names several entries, such as `facts`.
pub(super) fn page_of(entries: &[String], after: usize, noun: &str) -> String {
    let mut text = String::new();
    let mut count = 0;
    for entry in entries.iter().skip(after).take(MOST_ROWS) {
        if count > 0 && text.len() + entry.len() > MOST_BYTES - 2_000 {
            break;
        }
        text.push_str(entry);
        text.push('\n');
        count += 1;
    }
    let (total, end) = (entries.len(), after + count);
    if total > end {
        text.push_str(&format!(
            "\nThese are {noun} {} to {end} of {total}. Call again with `after: {end}` for the next ones.\n",
            after + 1
        ));
    } else if after >= total && total > 0 {
        text.push_str(&format!("There are only {total} {noun}.\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_is_too_long(text in "(\\PC|\n){0,40}", times in 0_usize..1_000) {
            let whole = text.repeat(times);
            let cut = bounded(whole.clone());
            prop_assert!(cut.len() <= MOST_BYTES);
            prop_assert!(cut == whole || cut.ends_with("ask for less.\n"));
        }

        #[test]
        fn pages_hold_all_entries_once(lengths in prop::collection::vec(0_usize..3_000, 0..120)) {
            let entries: Vec<String> =
                lengths.iter().enumerate().map(|(i, length)| format!("<{i}>{}", "x".repeat(*length))).collect();
            let (mut after, mut all) = (0, String::new());
            while after < entries.len() {
                let page = page_of(&entries, after, "entries");
                prop_assert!(page.len() <= MOST_BYTES);
                let shown = entries.iter().skip(after).take_while(|entry| page.contains(entry.as_str()));
                let shown: Vec<&String> = shown.collect();
                prop_assert!(!shown.is_empty());
                all.extend(shown.iter().map(|entry| entry.as_str()));
                after += shown.len();
            }
            prop_assert_eq!(all, entries.concat());
        }
    }

    #[test]
    fn a_diagnostic_is_words() {
        let problem = Diagnostic::error("bare-word", "expected a term")
            .at(Excerpt::new("query", "SELECT *\n{ ?s foo ?o }", 14..17))
            .note("a note\nof two lines")
            .help("did you mean `x`?");
        assert_eq!(
            in_words(&problem),
            "error: expected a term\n  at line 2, column 6: `foo`\n  note: a note of two lines\n  help: did you mean `x`?"
        );
    }
}
