use crate::annotate::{AnnotatedDocument, Looks, write_json, write_markdown, write_text};
use crate::answer::write::{Naming, Terms};
use crate::cli::context::Context;
use crate::cli::one_of::{OneOf, variant};
use crate::cli::output::{TermsOption, chosen_format};
use clap::{Args, ValueEnum};
use oxigraph::model::{NamedNode, Term};
use std::path::PathBuf;
use std::process::ExitCode;

/// Show a document with the claims that quote it, its omissions, and the passages that are not covered yet
#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// The document: an IRI, a CURIE, its title, or the name of its file [default: the only one]
    document: Option<String>,

    /// Output format: text, markdown or json [default: from the name of the output file, else text]
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = OneOf::<ReadFormat>::of_enum(), hide_possible_values = true)]
    format: Option<ReadFormat>,

    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// How to show IRIs in text and Markdown
    #[arg(long, value_enum, value_name = "KIND", default_value_t)]
    terms: TermsOption,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReadFormat {
    #[value(alias = "txt")]
    Text,
    #[value(alias = "md")]
    Markdown,
    Json,
}

impl ReadArgs {
    /// The width where no terminal has one, and the widest lines that are easy to read.
    const WIDTH: usize = 100;

    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let format = chosen_format(self.format, self.output.as_deref(), variant)?
            .unwrap_or(ReadFormat::Text);
        let session = context.session()?;
        let reading = AnnotatedDocument::open(session, self.document.as_deref())?;
        let terms = Terms::from(self.terms);
        let labels = session.labels(iris(&reading).iter())?;
        let naming = Naming { terms, prefixes: session.prefixes(), labels: &labels };
        let target = context.target(self.output.as_deref());
        let looks = Looks { width: target.columns().min(Self::WIDTH), colour: target.is_colourful };
        target.write(|out| {
            Ok(match format {
                ReadFormat::Text => write_text(&reading, &naming, looks, out),
                ReadFormat::Markdown => write_markdown(&reading, &naming, out),
                ReadFormat::Json => write_json(&reading, out),
            }?)
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The IRIs of what the claims state.
fn iris(reading: &AnnotatedDocument) -> Vec<NamedNode> {
    let mut iris = Vec::new();
    for triple in reading.quotes.iter().flat_map(|quote| &quote.states) {
        iris.push(triple.predicate.clone());
        for term in [triple.subject.clone().into(), triple.object.clone()] {
            if let Term::NamedNode(iri) = term {
                iris.push(iri);
            }
        }
    }
    iris.sort();
    iris.dedup();
    iris
}
