//! What shells ask while a command is typed: they start the program with a variable that names them, and it prints what
//! the word at the cursor can go on with. Nothing is printed if something is wrong.

mod bash;
mod candidates;
mod powershell;
mod words;

pub(super) use candidates::candidates;
pub(super) use words::{CommandLine, quoted};

use crate::complete::Candidate;
use clap::{Command, ValueEnum};
use clap_complete::env::{Elvish, EnvCompleter, Fish, Zsh};
use std::ffi::OsString;
use std::io::{self, Write};

/// The variable that names the shell which asks.
const VARIABLE: &str = "_DOSSIER_COMPLETE";

/// The program as it is typed.
const PROGRAM: &str = "dossier";

/// Answers a shell, if one asks: whether one did.
pub(super) fn answer(grammar: fn() -> Command) -> bool {
    let Some(shell) = std::env::var_os(VARIABLE) else { return false };
    let shell = shell.to_str().and_then(|name| ShellKind::from_str(name, false).ok());
    let arguments = std::env::args_os().skip_while(|argument| argument != "--").skip(1);
    let asked = arguments.map(OsString::into_string).collect::<Result<Vec<_>, _>>();
    if let (Some(shell), Ok(asked)) = (shell, asked) {
        let candidates = shell.candidates(grammar(), &asked);
        let _ = io::stdout().write_all(shell.written(&asked, &candidates).as_bytes());
    }
    true
}

/// The shells that can ask for completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ShellKind {
    Bash,
    Zsh,
    Fish,
    Elvish,
    Powershell,
}

impl ShellKind {
    /// Writes what makes the shell ask.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn write_registration(self, out: &mut dyn Write) -> io::Result<()> {
        let adapter: &dyn EnvCompleter = match self {
            Self::Bash => return out.write_all(bash::SCRIPT.as_bytes()),
            Self::Powershell => return out.write_all(powershell::SCRIPT.as_bytes()),
            Self::Zsh => &Zsh,
            Self::Fish => &Fish,
            Self::Elvish => &Elvish,
        };
        adapter.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, out)
    }

    /// What is offered to the shell for what it hands over.
    pub(super) fn candidates(self, grammar: Command, asked: &[String]) -> Vec<Candidate> {
        let mut candidates = candidates(grammar, &self.words(asked), None);
        // The shells read a candidate from each line, and show it as it is.
        candidates.retain(|candidate| !candidate.text.contains(char::is_control));
        candidates
    }

    /// The words up to the cursor, without quotes, from what the shell hands over.
    fn words(self, asked: &[String]) -> Vec<String> {
        let unquoted = |word: &String| CommandLine::read(word, "").words.join(" ");
        match (self, asked) {
            (Self::Bash, [line, ..]) => bash::words(line),
            // All words of the line, with their quotes, and the place of that at the cursor in a variable.
            (Self::Zsh, words) => {
                let place = std::env::var("_CLAP_COMPLETE_INDEX");
                let place: usize = place.ok().and_then(|place| place.parse().ok()).unwrap_or(0);
                let words = words.iter().map(unquoted).chain([String::new()]);
                words.take(place + 1).collect()
            }
            // That at the cursor with its quotes.
            (Self::Fish, [before @ .., begun]) => [before, &[unquoted(begun)]].concat(),
            (Self::Powershell, [before @ .., begun]) if begun == powershell::EMPTY => {
                [before, &[String::new()]].concat()
            }
            (_, words) => words.to_vec(),
        }
    }

    /// Candidates as the shell reads them.
    fn written(self, asked: &[String], candidates: &[Candidate]) -> String {
        if let (Self::Bash, [line, piece]) = (self, asked) {
            return bash::written(line, piece, candidates);
        }
        let line = |Candidate { text, meaning }: &Candidate| match (self, meaning) {
            (Self::Zsh, meaning) => {
                let meaning = meaning.iter().map(|meaning| format!(":{}", escaped(meaning)));
                escaped(text).replace(':', "\\:") + &meaning.collect::<String>() + "\n"
            }
            (Self::Fish, Some(meaning)) => format!("{text}\t{meaning}\n"),
            (Self::Powershell, Some(meaning)) => {
                format!("{}\t{meaning}\n", powershell::quoted(text))
            }
            (Self::Powershell, None) => powershell::quoted(text) + "\n",
            (Self::Bash | Self::Fish | Self::Elvish, _) => format!("{text}\n"),
        };
        candidates.iter().map(line).collect()
    }
}

/// A text as zsh's `_describe` takes it, but for its colons.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn each_shell_hands_words_over_in_its_way() {
        for (shell, asked, words) in [
            (ShellKind::Bash, &["ls; dossier show 'a b", "b"][..], &["dossier", "show", "a b"][..]),
            (ShellKind::Fish, &["dossier", "it's", "'a b"], &["dossier", "it's", "a b"]),
            (ShellKind::Elvish, &["dossier", ""], &["dossier", ""]),
            (ShellKind::Powershell, &["dossier", "\u{1}"], &["dossier", ""]),
            (ShellKind::Bash, &[], &[]),
        ] {
            assert_eq!(shell.words(&of(asked)), words, "{shell:?}");
        }
    }

    #[test]
    fn each_shell_reads_candidates_in_its_way() {
        let candidates = [Candidate::meaning("a:b c", Some("it's")), Candidate::plain("d")];
        for (shell, written) in [
            (ShellKind::Bash, "b\\ c\nd\n"),
            (ShellKind::Zsh, "a\\:b c:it's\nd\n"),
            (ShellKind::Fish, "a:b c\tit's\nd\n"),
            (ShellKind::Elvish, "a:b c\nd\n"),
            (ShellKind::Powershell, "'a:b c'\tit's\nd\n"),
        ] {
            let asked = of(&["dossier show a:", ""]);
            assert_eq!(shell.written(&asked, &candidates), written, "{shell:?}");
        }
    }

    #[test]
    fn each_shell_is_told_to_ask() {
        for shell in ShellKind::value_variants() {
            let mut script = Vec::new();
            shell.write_registration(&mut script).unwrap();
            assert!(String::from_utf8(script).unwrap().contains(VARIABLE), "{shell:?}");
        }
    }
}
