//! The command line that was refused, and how it is written right.

use crate::catalogue::{Catalogue, SavedQuery, in_shell};
use crate::dossier::Dossier;
use clap::{Arg, Command};
use std::ops::Range;
use std::path::Path;

/// A command line that was refused.
pub(super) struct Line<'a> {
    /// All words, without the name of the program.
    pub words: &'a [String],
    /// What refuses them.
    pub grammar: &'a Command,
    /// The dossier that is open, which the words of a line of the shell cannot name.
    pub dossier: Option<&'a Dossier>,
}

impl<'a> Line<'a> {
    /// Returns the command with its place among the words.
    pub(super) fn command(&self) -> Option<(usize, &'a Command)> {
        let mut words = self.words.iter().enumerate();
        words.find_map(|(at, word)| Some((at, self.grammar.find_subcommand(word)?)))
    }

    /// Returns the place of an argument, which may have its value in the same word.
    pub(super) fn place(&self, argument: &str) -> Option<usize> {
        let with_value = format!("{argument}=");
        let is_it = |word: &String| word == argument || word.starts_with(&with_value);
        self.words.iter().position(is_it).filter(|_| !argument.is_empty())
    }

    /// Returns the word at a place.
    pub(super) fn word(&self, at: usize) -> &'a str {
        self.words.get(at).map_or("", String::as_str)
    }

    /// Returns the words from a place on that are not options.
    pub(super) fn run_of_words(&self, start: usize) -> Range<usize> {
        let words = self.words.iter().skip(start);
        start..start + words.take_while(|word| !word.starts_with('-')).count()
    }

    /// Returns the words around a place that are neither options nor the value of one.
    pub(super) fn words_around(&self, at: usize, command: (usize, &'a Command)) -> Range<usize> {
        let (command_at, command) = command;
        let words = &self.words[..at];
        let start = words.iter().rposition(|word| word.starts_with('-'));
        let option = start.filter(|start| *start > command_at);
        let takes_value = |option: &usize| {
            let arg = self.option(command, self.word(*option));
            arg.is_some_and(|arg| arg.get_action().takes_values() && !arg.is_require_equals_set())
        };
        let first = match option {
            Some(option) => option + 1 + usize::from(takes_value(&option)),
            None => command_at + 1,
        };
        first.min(at)..self.run_of_words(at).end
    }

    /// Returns the places of the words from a place on that are neither options of a command nor their values.
    pub(super) fn files(&self, start: usize, command: &'a Command) -> Vec<usize> {
        let takes_value = |word: &str| {
            let option = self.option(command, word);
            option.is_some_and(|option| option.get_action().takes_values())
        };
        let is_file = |at: &usize| {
            let is_value = *at > start && takes_value(self.word(at - 1));
            !self.word(*at).starts_with('-') && !is_value
        };
        (start..self.words.len()).filter(is_file).collect()
    }

    /// Returns the line with other words in the place of some, as one types it.
    pub(super) fn with<'w>(
        &self,
        place: Range<usize>,
        others: impl IntoIterator<Item = &'w str>,
    ) -> String {
        let (before, behind) = (&self.words[..place.start], &self.words[place.end..]);
        let program = Some(self.grammar.get_name()).filter(|name| !name.is_empty());
        let typed = |words: &[String]| words.iter().map(|word| in_shell(word)).collect::<Vec<_>>();
        let mut words: Vec<String> = program.map(str::to_owned).into_iter().collect();
        words.extend(typed(before));
        words.extend(others.into_iter().map(in_shell));
        words.extend(typed(behind));
        words.join(" ")
    }

    /// Returns the option that acts at a command and is written so: its own, or one that stands anywhere.
    pub(super) fn option(&self, command: &'a Command, written: &str) -> Option<&'a Arg> {
        let anywhere = || option_of(self.grammar, written).filter(|option| option.is_global_set());
        option_of(command, written).or_else(anywhere).filter(|option| !option.is_hide_set())
    }

    /// Returns the dossier that is open or that the line names, else the one that the current folder is in.
    pub(super) fn dossier(&self) -> Option<Dossier> {
        if let Some(dossier) = self.dossier {
            return Some(dossier.clone());
        }
        let mut named = Vec::new();
        for (at, word) in self.words.iter().enumerate() {
            let folder = match word.split_once('=') {
                Some(("--dossier", folder)) => folder,
                _ if word == "--dossier" => self.word(at + 1),
                _ => continue,
            };
            named.push(Dossier::open(Path::new(folder)).ok()?);
        }
        if named.is_empty() {
            let here = std::env::current_dir().ok()?;
            return Dossier::find(&here).ok().map(|found| found.unwrap_or_else(Dossier::built_in));
        }
        Dossier::join(named).ok()
    }

    /// Whether a word is the name of a saved query.
    pub(super) fn names_saved_query(&self, word: &str) -> bool {
        self.dossier().is_some_and(|dossier| Catalogue::new(&dossier).has(word).unwrap_or_default())
    }

    /// Whether the saved query that the line runs has a parameter.
    pub(super) fn has_parameter(&self, name: &str) -> bool {
        self.saved_query().is_some_and(|query| {
            query.parameters.iter().any(|parameter| parameter.declaration.name == name)
        })
    }

    /// Returns the saved query that the line runs.
    pub(super) fn saved_query(&self) -> Option<SavedQuery> {
        let (at, _) = self.command().filter(|(_, command)| command.get_name() == "run")?;
        Catalogue::new(&self.dossier()?).get(self.word(at + 1)).ok()
    }
}

/// Returns the option of a command's own that is written so.
pub(super) fn option_of<'c>(command: &'c Command, written: &str) -> Option<&'c Arg> {
    let long = written.strip_prefix("--");
    let short = written.strip_prefix('-').and_then(|short| short.parse().ok());
    command.get_arguments().find(|option| {
        (long.is_some() && option.get_long() == long)
            || (short.is_some() && option.get_short() == short)
    })
}
