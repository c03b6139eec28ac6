//! The words of a line that is being typed: how shells break it into words, and how a word is written into it.

/// A line up to the cursor.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct CommandLine {
    /// Its words without their quotes; the last one, which may be empty, is that at the cursor.
    pub words: Vec<String>,
    /// Where the last word begins, with its quote: a byte of the line.
    pub start: usize,
    /// The quote that is open at the cursor.
    pub quote: Option<char>,
}

impl CommandLine {
    /// Takes a line apart ([Bash Reference Manual, 3.1.2](https://www.gnu.org/software/bash/manual/bash.html#Quoting)).
    /// A character of `operators` ends a command: of several commands in the line the last one counts.
    pub(crate) fn read(line: &str, operators: &str) -> Self {
        let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
        // None between words.
        let mut start = None;
        let mut characters = line.char_indices();
        while let Some((at, character)) = characters.next() {
            let is_operator = operators.contains(character);
            match (quote, character) {
                (None, character) if is_operator || character.is_ascii_whitespace() => {
                    if start.take().is_some() {
                        words.push(std::mem::take(&mut word));
                    }
                    if is_operator {
                        words.clear();
                    }
                    continue;
                }
                (None, '\'' | '"') => quote = Some(character),
                (Some(open), _) if open == character => quote = None,
                (None | Some('"'), '\\') => word.extend(characters.next().map(|(_, next)| next)),
                (_, character) => word.push(character),
            }
            start.get_or_insert(at);
        }
        words.push(word);
        Self { words, start: start.unwrap_or(line.len()), quote }
    }
}

/// A text as one types it where a quote is open or none is.
pub(crate) fn quoted(text: &str, quote: Option<char>) -> String {
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
        for (line, words, start, quote) in [
            ("dossier ru", vec!["dossier", "ru"], 8, None),
            ("dossier run ", vec!["dossier", "run", ""], 12, None),
            ("  a  b\\ c'd e'\"f g", vec!["a", "b cd ef g"], 5, Some('"')),
            ("a 'it", vec!["a", "it"], 2, Some('\'')),
            ("x; y | dossier li", vec!["dossier", "li"], 15, None),
            ("a '' \"\\\"", vec!["a", "", "\""], 5, Some('"')),
            ("", vec![""], 0, None),
            ("a\\", vec!["a"], 0, None),
        ] {
            let words = words.into_iter().map(str::to_owned).collect();
            assert_eq!(
                CommandLine::read(line, ";|&"),
                CommandLine { words, start, quote },
                "{line}"
            );
        }
        assert_eq!(CommandLine::read("show a&b", "").words, ["show", "a&b"]);
    }

    #[test]
    fn what_is_inserted_is_read_back() {
        for text in
            ["plain", "a b", "it's", "say \"x\" for $5", "a\\b`c`", "é ¶", "a;b|c&d", "(x)*?[y]"]
        {
            for quote in [None, Some('"'), Some('\'')] {
                let line =
                    format!("{}{}", quote.map_or(String::new(), String::from), quoted(text, quote));
                assert_eq!(CommandLine::read(&line, ";|&").words, [text], "{line}");
            }
        }
    }
}
