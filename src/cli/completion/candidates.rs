//! What a word can go on with, by the grammar of the commands, the dossier and the data: the shells and `dossier shell` ask
//! here alike.

use crate::budget::Limits;
use crate::catalogue::{Catalogue, SavedQuery};
use crate::cli::command::help::HelpArgs;
use crate::cli::context::Context;
use crate::cli::data_files;
use crate::cli::data_options::DataOptions;
use crate::cli::reporter::Reporter;
use crate::complete::{
    Candidate, Completer, argument_candidates, example_argument, saved_patterns, saved_queries,
};
use crate::dossier::Dossier;
use crate::format::Format;
use crate::printable::printable;
use crate::vocabulary::{dos, owl};
use clap::{ArgMatches, Command, FromArgMatches as _};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate, complete};
use oxigraph::model::NamedNode;
use std::ffi::{OsStr, OsString};
use std::sync::Arc;

/// How many bytes of data are loaded to answer: a tenth of a second or two.
const MOST_DATA: u64 = 10_000_000;

/// Tells what an argument can go on with.
type Complete = fn(&ParsedArguments, &str) -> Option<Vec<Candidate>>;

/// The arguments, by their command, whose values the grammar does not know.
const ARGUMENTS: [(&str, &str, Complete); 13] = [
    ("run", "name", ParsedArguments::queries),
    ("run", "arguments", ParsedArguments::arguments),
    ("run", "format", ParsedArguments::formats),
    ("query", "text", ParsedArguments::sparql),
    ("show", "entity", ParsedArguments::things),
    ("read", "document", ParsedArguments::documents),
    ("claim", "document", ParsedArguments::documents),
    ("claim", "pattern", ParsedArguments::patterns),
    ("claim", "say", ParsedArguments::statement),
    ("claim", "new", ParsedArguments::new_thing),
    ("draw", "what", ParsedArguments::queries_and_things),
    ("draw", "arguments", ParsedArguments::arguments),
    ("draw", "focus", ParsedArguments::things),
];

/// Returns what the word at the cursor can go on with, the likeliest first: whole words, in no quotes. Options come where
/// nothing else can stand, or once their hyphen is typed.
///
/// # Arguments
/// `words` are those that `grammar` parses; the last one is that at the cursor. `open` knows the session that they are for;
/// without one, the words themselves name the dossier and the data.
pub(crate) fn candidates(
    grammar: Command,
    words: &[String],
    open: Option<&Completer>,
) -> Vec<Candidate> {
    let Some((begun, before)) = words.split_last() else { return Vec::new() };
    let is_whole = |word: &&String| !expects_equals(&grammar, word);
    let separated = |words: Vec<OsString>| data_files::separated(words, &grammar);
    let typed = ParsedArguments::read(
        &grammar,
        separated(before.iter().map(OsString::from).collect()),
        open,
    );
    let mut words = separated(before.iter().filter(is_whole).map(OsString::from).collect());
    let (mut grammar, place) = (typed.complete(with_topics(grammar)), words.len());
    // (A hyphen alone would be answered with the short ones of the options that have one.)
    words.push(if begun == "-" { "--".into() } else { begun.into() });
    let folder = std::env::current_dir().ok();
    let found = complete(&mut grammar, words, place, folder.as_deref()).unwrap_or_default();
    let shown = found.into_iter().filter(|candidate| !candidate.is_hide_set());
    let (options, others): (Vec<_>, Vec<_>) = shown.partition(is_option);
    let shown = if others.is_empty() { options } else { others };
    shown.iter().filter_map(from_clap).collect()
}

/// The grammar, in which `help` tells about its commands and the topics.
fn with_topics(grammar: Command) -> Command {
    let commands = grammar.get_subcommands().filter(|command| !command.is_hide_set());
    let commands = commands.map(|command| {
        Candidate::meaning(command.get_name(), command.get_about().map(ToString::to_string))
    });
    // A topic can have the name of a command.
    let topics = HelpArgs::topics().filter(|topic| grammar.find_subcommand(topic).is_none());
    let known: Vec<_> = commands.chain(topics.map(Candidate::plain)).collect();
    let known = ArgValueCandidates::new(move || known.iter().map(for_clap).collect());
    grammar.mut_subcommand("help", |help| help.mut_arg("about", |about| about.add(known)))
}

/// Whether a word is an option whose value would stand in the same word, such as `--cite=strict`. (The engine of clap
/// expects it in the next one.)
fn expects_equals(grammar: &Command, word: &str) -> bool {
    let Some(long) = word.strip_prefix("--") else { return false };
    let mut options = grammar.get_subcommands().flat_map(Command::get_arguments);
    options.any(|option| option.is_require_equals_set() && option.get_long() == Some(long))
}

fn is_option(candidate: &CompletionCandidate) -> bool {
    candidate.get_id().is_some_and(|id| id.starts_with("arg::"))
}

fn for_clap(candidate: &Candidate) -> CompletionCandidate {
    CompletionCandidate::new(&candidate.text).help(candidate.meaning.clone().map(Into::into))
}

/// A candidate of clap's. What an option does is told as far as the first pause.
fn from_clap(found: &CompletionCandidate) -> Option<Candidate> {
    let text = found.get_value().to_str()?;
    let help = found.get_help().map(ToString::to_string);
    let mut meaning = help.as_deref().and_then(|help| help.lines().next());
    if is_option(found) {
        meaning = meaning.and_then(|help| help.split([':', ';', ',', '.', '[']).next());
    }
    Some(Candidate::meaning(text, meaning.map(|meaning| printable(meaning.trim_end()))))
}

/// The arguments before the cursor, as far as the grammar parses them.
struct ParsedArguments {
    matches: Option<ArgMatches>,
    open: Option<Completer>,
}

impl ParsedArguments {
    fn read(grammar: &Command, before: Vec<OsString>, open: Option<&Completer>) -> Self {
        let grammar = grammar.clone().ignore_errors(true);
        let matches = grammar.try_get_matches_from(before).ok();
        Self { matches, open: open.cloned() }
    }

    /// The grammar, in which [`ARGUMENTS`] are completed.
    fn complete(self, grammar: Command) -> Command {
        let typed = Arc::new(self);
        ARGUMENTS.into_iter().fold(grammar, |grammar, (command, argument, complete)| {
            let typed = Arc::clone(&typed);
            let completer = ArgValueCompleter::new(move |begun: &OsStr| {
                // (What begins with a hyphen is an option.)
                let begun = begun.to_str().filter(|begun| !begun.starts_with('-'));
                let candidates = begun.and_then(|begun| complete(&typed, begun));
                candidates.iter().flatten().map(for_clap).collect()
            });
            grammar.mut_subcommand(command, |command| {
                // (`mut_arg` would move a positional argument behind the others.)
                command.mut_args(|known| {
                    if known.get_id() == argument { known.add(completer.clone()) } else { known }
                })
            })
        })
    }

    fn context(&self) -> Option<Context> {
        let data = DataOptions::from_arg_matches(self.matches.as_ref()?).ok()?;
        Some(Context::new(data, Limits::default(), Reporter::new(true)))
    }

    fn dossier(&self) -> Option<Dossier> {
        match &self.open {
            Some(completer) => Some(completer.dossier().clone()),
            None => self.context()?.dossier().ok().cloned(),
        }
    }

    /// What knows the data, if there is not too much of it.
    fn completer(&self) -> Option<Completer> {
        if let Some(completer) = &self.open {
            return Some(completer.clone());
        }
        let completer = Completer::new(self.context()?.small_session(MOST_DATA)?);
        completer.fill().ok()?;
        Some(completer)
    }

    /// What is typed of `run` or `draw`, and the query that it names.
    fn run(&self) -> Option<(&ArgMatches, Option<SavedQuery>)> {
        let (run, name) = match self.matches.as_ref()?.subcommand()? {
            ("run", run) => (run, "name"),
            ("draw", draw) => (draw, "what"),
            _ => return None,
        };
        let name = run.get_one::<String>(name);
        let query = name.and_then(|name| Catalogue::new(&self.dossier()?).get(name).ok());
        Some((run, query))
    }

    fn queries(&self, begun: &str) -> Option<Vec<Candidate>> {
        saved_queries(&Catalogue::new(&self.dossier()?), begun).ok()
    }

    /// What an argument of a saved query can go on with. The data is loaded only for what it alone tells.
    fn arguments(&self, begun: &str) -> Option<Vec<Candidate>> {
        let (run, query) = self.run()?;
        let query = query?;
        let given = run.get_many::<String>("arguments").into_iter().flatten();
        let given: Vec<&str> = given.map(String::as_str).collect();
        if let Some(told) = argument_candidates(&query, &given, begun) {
            return Some(told);
        }
        match self.completer() {
            Some(completer) => completer.arguments(&query, &given, begun).ok(),
            None => Some(example_argument(&query, begun)),
        }
    }

    /// The formats for the answer of a saved query.
    fn formats(&self, begun: &str) -> Option<Vec<Candidate>> {
        let (_, query) = self.run()?;
        let fits = |format: &Format| {
            let is_graph = matches!(format, Format::Graph(_));
            query.as_ref().is_none_or(|query| query.is_graph() == is_graph)
        };
        let names = Format::built().filter(fits).map(Format::name);
        Some(names.filter(|name| name.starts_with(begun)).map(Candidate::plain).collect())
    }

    /// A query with what the word at its end can go on with.
    fn sparql(&self, begun: &str) -> Option<Vec<Candidate>> {
        let completion = self.completer()?.sparql(begun, begun.len()).ok()?;
        let before = begun.get(..completion.start)?;
        let whole = |candidate: Candidate| Candidate {
            text: format!("{before}{}", candidate.text),
            ..candidate
        };
        Some(completion.candidates.into_iter().map(whole).collect())
    }

    fn queries_and_things(&self, begun: &str) -> Option<Vec<Candidate>> {
        let mut found = self.queries(begun)?;
        found.extend(self.things(begun).into_iter().flatten());
        Some(found)
    }

    fn things(&self, begun: &str) -> Option<Vec<Candidate>> {
        self.completer()?.things(None, begun).ok()
    }

    fn documents(&self, begun: &str) -> Option<Vec<Candidate>> {
        let class = NamedNode::from(dos::DOCUMENT_CLASS);
        self.completer()?.things(Some(&class), begun).ok()
    }

    /// The name of a pattern, or an argument of the last one.
    fn patterns(&self, begun: &str) -> Option<Vec<Candidate>> {
        let dossier = self.dossier()?;
        let catalogue = Catalogue::new(&dossier);
        let claim = self.matches.as_ref()?.subcommand_matches("claim")?;
        let given: Vec<&str> =
            claim.get_many::<String>("pattern").into_iter().flatten().map(String::as_str).collect();
        let last = given.iter().rposition(|word| !word.contains('='));
        let pattern = last.and_then(|name| catalogue.pattern(given[name]).ok());
        let mut found = Vec::new();
        if let (Some(pattern), Some(name)) = (&pattern, last) {
            let given = &given[name + 1..];
            found = match argument_candidates(&pattern.query, given, begun) {
                Some(told) => told,
                None => self.completer()?.arguments(&pattern.query, given, begun).ok()?,
            };
        }
        if !begun.contains('=') {
            found.extend(saved_patterns(&catalogue, begun).ok()?);
        }
        Some(found)
    }

    /// The part of a statement at its end: a thing, a property or a value.
    fn statement(&self, begun: &str) -> Option<Vec<Candidate>> {
        self.last_part(begun, None)
    }

    /// The class of a new thing.
    fn new_thing(&self, begun: &str) -> Option<Vec<Candidate>> {
        begun.contains('|').then(|| self.last_part(begun, Some(&owl::CLASS.into()))).flatten()
    }

    /// What the part behind the last bar can go on with.
    fn last_part(&self, begun: &str, class: Option<&NamedNode>) -> Option<Vec<Candidate>> {
        let start = begun.rfind('|').map_or(0, |bar| bar + 1);
        let start = begun.len() - begun[start..].trim_start().len();
        let (before, part) = begun.split_at(start);
        let candidates = self.completer()?.things(class, part).ok()?.into_iter();
        let whole = candidates.map(|candidate| Candidate {
            text: format!("{before}{}", candidate.text),
            ..candidate
        });
        Some(whole.collect())
    }
}
