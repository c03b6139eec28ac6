use super::json_ld::JsonLdArguments;
use crate::claim::ClaimVocabulary;
use crate::cli::context::Context;
use crate::cli::one_of::{OneOf, by_name};
use crate::cli::output::{Arrangement, chosen_format};
use crate::cli::reporter::{Reporter, counted};
use crate::diagnostic::{Diagnostic, Error};
use crate::format::GraphFormat;
use crate::rdf::write::{JsonLdOptions, write_json_ld};
use crate::session::{Selection, Session};
use clap::Args;
use oxigraph::model::Quad;
use std::path::PathBuf;
use std::process::ExitCode;

/// Export the data as Turtle, JSON-LD or another RDF format
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Output format: turtle, trig, ntriples, nquads, rdfxml or jsonld [default: from the name of the output file, else
    /// turtle, or trig for named graphs]
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = crate::cli::data_options::GRAPH_FORMAT, hide_possible_values = true)]
    format: Option<GraphFormat>,

    /// Write to FILE instead of standard output, compressed if its name ends in .gz or .zst
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Part to export: facts, claims (each a named graph with its quote), ontology or all
    #[arg(long, value_name = "PART", value_parser = OneOf::new(|| by_name(Selection::ALL, Selection::name)), hide_possible_values = true, default_value = "facts")]
    graph: Selection,

    /// With `--graph claims`, the vocabulary for claims and quotes: prov (PROV-O), oa (Web Annotations) or nanopub
    /// (nanopublications) [default: the dossier's own terms]
    #[arg(long, value_name = "VOCABULARY", value_parser = OneOf::new(|| by_name(ClaimVocabulary::ALL, ClaimVocabulary::name)), hide_possible_values = true)]
    evidence: Option<ClaimVocabulary>,

    #[command(flatten)]
    arrangement: Arrangement,

    #[command(flatten)]
    json_ld: JsonLdArguments,
}

impl ExportArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        if let Some(vocabulary) = self.evidence
            && self.graph != Selection::Claims
        {
            return Err(Diagnostic::error(
                "option-without-effect",
                format!(
                    "`--evidence {}` applies to claims, but `{}` is exported",
                    vocabulary.name(),
                    self.graph.name()
                ),
            )
            .help("add `--graph claims`")
            .usage()
            .into());
        }
        let (format, json_ld) = self.format()?;
        self.arrangement.check(format)?;
        let session = context.session()?;
        let reporter = &context.reporter;
        if reporter.is_quiet() {
            // Reported even so: what is written is not what the files have.
            let reporter = reporter.even_if_quiet();
            reporter.report_literal_forms(session.literal_forms(), session.prefixes());
            reporter.report_lowercased_tags(session.lowercased_tags());
        }
        let mut layout = session.layout()?;
        let mut prefixes = layout.prefixes.clone();
        if let Some(vocabulary) = self.evidence {
            for (prefix, namespace) in vocabulary.prefixes() {
                prefixes.add(prefix, namespace);
            }
            layout.prefixes = &prefixes;
        }
        let quads: Box<dyn Iterator<Item = Result<Quad, Error>>> = match self.evidence {
            Some(vocabulary) => {
                Box::new(map_claims(session, vocabulary, reporter)?.into_iter().map(Ok))
            }
            None => Box::new(session.select(self.graph)?),
        };
        let target = context.target(self.output.as_deref());
        if self.arrangement.streams(format) {
            Arrangement::stream(format, quads, layout.prefixes, &target)?;
            return Ok(ExitCode::SUCCESS);
        }
        let quads = Arrangement::hold(quads, session.size()?, reporter)?;
        let Some(options) = json_ld else {
            self.arrangement.lay_out(format, quads, &layout, &target)?;
            return Ok(ExitCode::SUCCESS);
        };
        let count = target.write(|out| Ok(write_json_ld(&quads, &layout, &options, out)?))?;
        if count == 0 && !quads.is_empty() {
            reporter.note("nothing matches the frame");
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The format, and the options of JSON-LD if any is given.
    fn format(&self) -> anyhow::Result<(GraphFormat, Option<JsonLdOptions>)> {
        let chosen =
            chosen_format(self.format, self.output.as_deref(), GraphFormat::from_extension)?;
        let json_ld = self.json_ld.options(chosen)?;
        let chosen = chosen.or(json_ld.as_ref().map(|_| GraphFormat::JsonLd));
        let format = match chosen {
            Some(format) if self.graph.has_named_graphs() && !format.has_named_graphs() => {
                let (part, name) = (self.graph.name(), format.name());
                return Err(Diagnostic::error(
                    "format-without-graphs",
                    format!("cannot write the named graphs of `--graph {part}` as {name}"),
                )
                .help("use trig, nquads or jsonld, or `--graph facts`")
                .usage()
                .into());
            }
            Some(format) => format,
            None if self.graph.has_named_graphs() => GraphFormat::TriG,
            None => GraphFormat::Turtle,
        };
        Ok((format, json_ld))
    }
}

/// The claims in another vocabulary; what it cannot hold is told.
fn map_claims(
    session: &Session,
    vocabulary: ClaimVocabulary,
    reporter: &Reporter,
) -> anyhow::Result<Vec<Quad>> {
    let mapped = session.map_claims(vocabulary)?;
    let tell = |count: usize, verbs: [&str; 2], what: &str| {
        if count > 0 {
            let verb = verbs[usize::from(count > 1)];
            reporter.note(&format!("{} {verb} {what}", counted(count, "claim")));
        }
    };
    let needed = match vocabulary {
        ClaimVocabulary::Prov => "omitted: PROV-O needs an IRI",
        ClaimVocabulary::Oa => "omitted: an annotation needs an IRI and a document",
        ClaimVocabulary::Nanopub => {
            "omitted: a nanopublication needs an IRI and at least one triple"
        }
    };
    tell(mapped.left_out, ["is", "are"], needed);
    let placeless = "no position: the text is missing, or does not contain the quote exactly once";
    tell(mapped.without_place, ["has", "have"], placeless);
    Ok(mapped.quads)
}
