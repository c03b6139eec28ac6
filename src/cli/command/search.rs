use crate::answer::write::Head;
use crate::cli::context::Context;
use crate::cli::output::{OutputOptions, ROW_FORMAT, Truncation};
use crate::cli::reporter::Reporter;
use crate::diagnostic::did_you_mean;
use crate::format::ResultFormat;
use crate::search::{HitKind, SearchOptions, SearchResults, rows_of};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use std::process::ExitCode;

/// The most hits of each kind that people are shown, unless they say how many.
const MOST_OF_A_KIND: usize = 10;

/// Search names, texts, quotes and documents for words
///
/// All words have to occur in one text, in any order. Case and accents are ignored, and the beginning of a word is enough. A
/// phrase stands between double quotes and has to occur as it is: `dossier search '"Shanghai spirit"'`. The hits are saved
/// queries, documents, things, terms of the ontology, claims and omissions (by their quotes), and passages that none of these
/// claims quotes. A thing is listed once, by the text that fits best.
#[derive(Debug, Args)]
#[command(mut_arg("format", |format| format.value_parser(ROW_FORMAT)))]
pub(crate) struct SearchArgs {
    /// The words to look for
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,

    /// Only hits of this kind, of which there may be several
    #[arg(long, value_name = "KIND")]
    kind: Vec<HitKind>,

    /// Find texts with some of the words, instead of all; those with rare words first
    #[arg(long)]
    any: bool,

    /// Do not cite what was found
    #[arg(long, help_heading = "Citations")]
    no_cite: bool,

    #[command(flatten)]
    output: OutputOptions,
}

impl ValueEnum for HitKind {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

impl SearchArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let session = context.session()?;
        let writer = self.output.writer(session, &context.reporter);
        let format = ResultFormat::chosen(writer.format()?, "rows")?;
        let is_cited = !self.no_cite && format != ResultFormat::Xml;
        let is_for_people = format.is_for_people();
        let most = match self.kind.len() {
            1 => usize::MAX,
            _ if is_for_people => MOST_OF_A_KIND,
            _ => usize::MAX,
        };
        let options = SearchOptions { kinds: &self.kind, most, cite: is_cited, any: self.any };
        let mut found = context.search_index()?.find(session, &self.words.join(" "), options)?;
        if found.hits.is_empty() {
            tell_nothing(&found, &context.reporter);
        }
        let all = found.hits.len();
        found.hits.truncate(self.output.limit.unwrap_or(usize::MAX));
        let (variables, rows) = rows_of(found.hits, is_for_people);
        let head = Head { variables: &variables, is_cited, diagnosis: None };
        let shown = rows.len();
        writer.write_page(head, rows, format, &Truncation::default())?;
        context.reporter.results(shown, "hit", shown < all);
        for (kind, more) in found.omitted {
            let kind_name = kind.name();
            context.reporter.note(&format!(
                "{more} more {}: `--kind {kind_name}` lists all of them",
                if more == 1 { kind_name } else { kind.plural() }
            ));
        }
        if found.is_partial {
            context.reporter.note("only the best of what was found was looked at: add a word");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Says which words occur nowhere, and which were probably meant.
fn tell_nothing(found: &SearchResults, reporter: &Reporter) {
    match found.missing.as_slice() {
        [] => reporter.note("no text has all of the words: `--any` finds those with some of them"),
        missing => {
            for (word, near) in missing {
                let near = near.as_ref().map(|near| format!(": {}", did_you_mean(near)));
                reporter.note(&format!("`{word}` occurs nowhere{}", near.unwrap_or_default()));
            }
        }
    }
}
