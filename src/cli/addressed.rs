//! Commands in messages: whoever copies one should reach the dossier and the data that the command line names.

use super::data_options::DataOptions;
use super::effect;
use crate::catalogue::in_shell;
use crate::diagnostic::{Diagnostic, Error, Remark};
use std::path::{Path, PathBuf};

/// What begins each command in a message, and what ends it.
const MARKS: [(&str, char); 4] = [
    ("`dossier ", '`'),
    ("usage: dossier ", '\n'),
    ("for example: dossier ", '\n'),
    ("\n  dossier ", '\n'),
];

/// The folders of a dossier, which messages name without the one in which they are.
const FOLDERS: [&str; 4] = ["data/", "documents/", "ontology/", "queries/"];

/// The options that the commands in messages repeat.
#[derive(Debug, Clone, Default)]
pub(super) struct RepeatedOptions {
    dossiers: Vec<PathBuf>,
    /// The options that name other data than that of the dossier, as they are typed.
    data: String,
}

impl RepeatedOptions {
    /// Returns the options that name the dossier and the data.
    pub(super) fn of(options: &DataOptions) -> Self {
        let DataOptions { dossier, data, store, endpoint, .. } = options;
        let paths = data.iter().map(|file| ("--data", file.to_string_lossy()));
        let store = store.iter().map(|folder| ("--store", folder.to_string_lossy()));
        let endpoint = endpoint.iter().map(|url| ("--endpoint", url.into()));
        // (Standard input is read already.)
        let named = paths.chain(store).chain(endpoint).filter(|(_, value)| value != "-");
        let typed = named.map(|(option, value)| format!(" {option} {}", in_shell(&value)));
        Self { dossiers: dossier.clone(), data: typed.collect() }
    }

    /// Returns the options of a command line that was refused: those that name dossiers.
    pub(super) fn of_words(words: &[String]) -> Self {
        let mut dossiers = Vec::new();
        for (at, word) in words.iter().enumerate() {
            match word.split_once('=') {
                Some(("--dossier", folder)) => dossiers.push(folder.into()),
                _ if word == "--dossier" => dossiers.extend(words.get(at + 1).map(PathBuf::from)),
                _ => {}
            }
        }
        Self { dossiers, data: String::new() }
    }

    /// Returns the words that begin a command on the dossiers: `dossier --dossier tea`.
    pub(super) fn program(&self) -> String {
        self.dossiers.iter().fold("dossier".to_owned(), |program, folder| {
            format!("{program} --dossier {}", in_shell(&folder.to_string_lossy()))
        })
    }

    /// Adds the options to the commands of a text.
    pub(super) fn add_to(&self, text: &str) -> String {
        let mut whole = String::new();
        let mut rest = text;
        while let Some((at, (mark, end))) = first_mark(rest) {
            let (before, begun) = rest.split_at(at + mark.len());
            let (command, behind) = begun.split_at(begun.find(end).unwrap_or(begun.len()));
            whole.push_str(before.strip_suffix("dossier ").unwrap_or(before));
            whole.push_str(&self.whole(command));
            rest = behind;
        }
        whole + rest
    }

    /// Adds the options to the commands of a diagnostic.
    pub(super) fn add_to_diagnostic(&self, problem: &mut Diagnostic) {
        problem.message = self.add_to(&problem.message);
        if let Some(help) = &mut problem.help {
            *help = self.add_to(help);
        }
        for remark in &mut problem.remarks {
            if let Remark::Note(words) | Remark::Help(words) = remark {
                *words = self.add_to(words);
            }
        }
    }

    /// Adds the options to the commands of an error.
    pub(super) fn add_to_error(&self, mut error: anyhow::Error) -> anyhow::Error {
        if let Some(error) = error.downcast_mut::<Error>() {
            error.problems.iter_mut().for_each(|problem| self.add_to_diagnostic(problem));
        }
        error
    }

    /// Returns a command, of which the words behind `dossier` are given, with the options that act there.
    fn whole(&self, command: &str) -> String {
        let name = command.split(' ').next().unwrap_or_default();
        let is_on_dossier = effect::works_on_dossier(name) && !command.contains("--dossier");
        let program = if is_on_dossier { self.program() } else { "dossier".to_owned() };
        let names_data =
            ["--data", "--store", "--endpoint"].iter().any(|option| command.contains(option));
        let data = if effect::queries_data(name) && !names_data { &*self.data } else { "" };
        let command = match self.dossiers.as_slice() {
            [folder] => from_here(command, folder),
            _ => command.to_owned(),
        };
        format!("{program} {command}{data}")
    }
}

/// Returns a command in which the files of a dossier are named as they are found from the current folder.
fn from_here(command: &str, dossier: &Path) -> String {
    let mut words = Vec::new();
    let mut rest = command;
    while !rest.is_empty() {
        let quoted = rest.strip_prefix('\'').and_then(|rest| rest.split_once('\''));
        let (word, typed) = match quoted {
            Some((word, _)) => (word, word.len() + 2),
            None => {
                let end = rest.find(' ').unwrap_or(rest.len());
                (&rest[..end], end)
            }
        };
        let is_inside = FOLDERS.iter().any(|folder| word.starts_with(folder))
            && (quoted.is_some() || !word.contains(['\'', '"']));
        words.push(if is_inside {
            in_shell(&dossier.join(word).to_string_lossy())
        } else {
            rest[..typed].to_owned()
        });
        rest = rest[typed..].strip_prefix(' ').unwrap_or(&rest[typed..]);
    }
    words.join(" ")
}

/// Returns the first mark of a command in a text, and where it is.
fn first_mark(text: &str) -> Option<(usize, (&'static str, char))> {
    MARKS.iter().filter_map(|mark| Some((text.find(mark.0)?, *mark))).min_by_key(|(at, _)| *at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_on_the_dossier_name_it() {
        let words = ["list", "--dossier", "my tea"].map(str::to_owned);
        let options = RepeatedOptions::of_words(&words);
        for (text, expected) in [
            ("run `dossier run x`", "run `dossier --dossier 'my tea' run x`"),
            (
                "`dossier check`, `dossier help x`",
                "`dossier --dossier 'my tea' check`, `dossier help x`",
            ),
            ("`dossier convert A -o B`", "`dossier convert A -o B`"),
            ("`dossier` and `dossier --data X`", "`dossier` and `dossier --data X`"),
            ("`dossier run x --dossier A`", "`dossier run x --dossier A`"),
            (
                "usage: dossier run x a=A\n  for example: dossier run x a=1",
                "usage: dossier --dossier 'my tea' run x a=A\n  for example: dossier --dossier 'my tea' run x a=1",
            ),
            (
                "`dossier diff data/a.trig 'data/a 2.trig'`",
                "`dossier diff 'my tea/data/a.trig' 'my tea/data/a 2.trig'`",
            ),
            (
                "`dossier add data/a.pdf --via 'pdftotext - -'`",
                "`dossier --dossier 'my tea' add 'my tea/data/a.pdf' --via 'pdftotext - -'`",
            ),
            ("x\n  dossier check\n", "x\n  dossier --dossier 'my tea' check\n"),
        ] {
            assert_eq!(options.add_to(text), expected);
            assert_eq!(RepeatedOptions::default().add_to(text), text);
        }
    }

    #[test]
    fn commands_that_query_data_name_it() {
        let options =
            RepeatedOptions { dossiers: vec!["tea".into()], data: " --data a.ttl".to_owned() };
        for (text, expected) in [
            ("`dossier stats` lists", "`dossier --dossier tea stats --data a.ttl` lists"),
            ("`dossier stats --store DIR`", "`dossier --dossier tea stats --store DIR`"),
            ("`dossier check`", "`dossier --dossier tea check`"),
            ("`dossier load FILE…`", "`dossier load FILE…`"),
        ] {
            assert_eq!(options.add_to(text), expected);
        }
    }
}
