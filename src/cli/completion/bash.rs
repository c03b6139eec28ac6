//! Completion in bash, which hands out and takes pieces of words: it breaks `state=Ch` at its `=`, and inserts what it is
//! given without quoting it.

use clap_complete::env::EnvCompleter;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

/// Bash. The adapter of `clap_complete` takes the pieces for words.
pub struct Bash;

const SCRIPT: &str = r#"_NAME() {
    local word
    COMPREPLY=()
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(VAR=bash COMPLETER -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
    if [[ ${COMPREPLY[0]} == *[=/:] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _NAME BIN
"#;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == "bash"
    }

    fn write_registration(
        &self,
        variable: &str,
        name: &str,
        program: &str,
        completer: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let script = SCRIPT.replace("NAME", name).replace("VAR", variable);
        out.write_all(script.replace("COMPLETER", completer).replace("BIN", program).as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut clap::Command,
        arguments: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut arguments = arguments.into_iter().map(|argument| argument.into_string().ok());
        let (Some(Some(line)), Some(Some(piece))) = (arguments.next(), arguments.next()) else {
            return Ok(());
        };
        let Line { words, quote } = Line::read(&line);
        let Some(word) = words.last() else { return Ok(()) };
        // What stands before the piece that bash replaces.
        let piece = piece.trim_start_matches(['"', '\'']).replace('\\', "");
        let before = word.strip_suffix(piece.as_str()).unwrap_or_default().to_owned();
        let (index, words) = (words.len() - 1, words.iter().map(OsString::from).collect());
        for candidate in clap_complete::engine::complete(command, words, index, folder)? {
            let whole = candidate.get_value().to_string_lossy();
            let has_begun =
                whole.get(..before.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(&before));
            let rest =
                if has_begun { whole.get(before.len()..).unwrap_or_default() } else { &whole };
            if !rest.contains('\n') {
                writeln!(out, "{}", quoted(rest, quote))?;
            }
        }
        Ok(())
    }
}

/// A command line up to the cursor.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Its words without their quotes; the last one, which may be empty, is that at the cursor.
    pub words: Vec<String>,
    /// The quote that is open at the cursor.
    pub quote: Option<char>,
}

impl Line {
    /// Takes a line apart ([Bash Reference Manual, 3.1.2](https://www.gnu.org/software/bash/manual/bash.html#Quoting)).
    /// Of several commands in it the last one counts.
    pub fn read(line: &str) -> Self {
        let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
        let mut is_word = false;
        let mut characters = line.chars();
        while let Some(character) = characters.next() {
            match (quote, character) {
                (None, '\'' | '"') => quote = Some(character),
                (Some(open), _) if open == character => quote = None,
                (None | Some('"'), '\\') => word.extend(characters.next()),
                (None, ' ' | '\t' | '\n') => {
                    if is_word {
                        words.push(std::mem::take(&mut word));
                    }
                    is_word = false;
                    continue;
                }
                (None, ';' | '|' | '&') => {
                    words.clear();
                    word.clear();
                    is_word = false;
                    continue;
                }
                (_, character) => word.push(character),
            }
            is_word = true;
        }
        words.push(word);
        Self { words, quote }
    }
}

/// A text as one types it where a quote is open or none is.
fn quoted(text: &str, quote: Option<char>) -> String {
    let mut quoted = String::with_capacity(text.len());
    for character in text.chars() {
        match (quote, character) {
            (Some('\''), '\'') => quoted.push_str("'\\'"),
            (Some('"'), '"' | '\\' | '$' | '`') => quoted.push('\\'),
            (None, c) if c.is_ascii() && !c.is_alphanumeric() && !"=:_-./,+@%".contains(c) => {
                quoted.push('\\');
            }
            _ => {}
        }
        quoted.push(character);
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_bash_reads_it() {
        for (line, words, quote) in [
            ("dossier ru", vec!["dossier", "ru"], None),
            ("dossier run ", vec!["dossier", "run", ""], None),
            ("  a  b\\ c'd e'\"f g", vec!["a", "b cd ef g"], Some('"')),
            ("a 'it", vec!["a", "it"], Some('\'')),
            ("x; y | dossier li", vec!["dossier", "li"], None),
            ("a '' \"\\\"", vec!["a", "", "\""], Some('"')),
            ("", vec![""], None),
            ("a\\", vec!["a"], None),
        ] {
            let words = words.into_iter().map(str::to_owned).collect();
            assert_eq!(Line::read(line), Line { words, quote }, "{line}");
        }
    }

    #[test]
    fn what_is_inserted_is_read_back() {
        for text in
            ["plain", "a b", "it's", "say \"x\" for $5", "a\\b`c`", "é ¶", "a;b|c&d", "(x)*?[y]"]
        {
            for quote in [None, Some('"'), Some('\'')] {
                let line =
                    format!("{}{}", quote.map_or(String::new(), String::from), quoted(text, quote));
                assert_eq!(Line::read(&line).words, [text], "{line}");
            }
        }
    }
}
