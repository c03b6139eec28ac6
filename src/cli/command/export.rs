use super::json_ld::JsonLdArguments;
use crate::author::write_sheet;
use crate::claim::ClaimVocabulary;
use crate::cli::context::Context;
use crate::cli::one_of::{OneOf, by_name};
use crate::cli::output::{Arrangement, chosen_format};
use crate::cli::reporter::{Reporter, counted};
use crate::diagnostic::{Diagnostic, Error, error};
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
    /// Output format: turtle, trig, ntriples, nquads, rdfxml or jsonld, or sheet for the claims as `dossier draft` reads
    /// them [default: from the name of the output file, else turtle, or trig for named graphs]
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = ExportFormat::PARSER, hide_possible_values = true)]
    format: Option<ExportFormat>,

    /// With `--format sheet`, the document whose claims are exported [default: all]
    #[arg(long, value_name = "NAME")]
    document: Option<String>,

    /// Write to FILE instead of standard output, compressed if its name ends in .gz or .zst
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Part to export: facts, claims (each a named graph with its quote), ontology or all [default: facts]
    #[arg(long, value_name = "PART", value_parser = OneOf::new(|| by_name(Selection::ALL, Selection::name)), hide_possible_values = true)]
    graph: Option<Selection>,

    /// With `--graph claims`, the vocabulary for claims and quotes: prov (PROV-O), oa (Web Annotations) or nanopub
    /// (nanopublications) [default: the dossier's own terms]
    #[arg(long, value_name = "VOCABULARY", value_parser = OneOf::new(|| by_name(ClaimVocabulary::ALL, ClaimVocabulary::name)), hide_possible_values = true)]
    evidence: Option<ClaimVocabulary>,

    #[command(flatten)]
    arrangement: Arrangement,

    #[command(flatten)]
    json_ld: JsonLdArguments,
}

/// A format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ExportFormat {
    Graph(GraphFormat),
    /// Markdown from which the claims can be drafted.
    Sheet,
}

impl ExportFormat {
    /// Reads the name of a format, or the extension of its files.
    const PARSER: OneOf<Self> =
        OneOf::new(|| by_name(Self::all(), Self::name)).or(Self::from_extension);

    fn all() -> impl Iterator<Item = Self> {
        GraphFormat::ALL.into_iter().map(Self::Graph).chain([Self::Sheet])
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Graph(format) => format.name(),
            Self::Sheet => "sheet",
        }
    }

    fn from_extension(extension: &str) -> Option<Self> {
        match extension {
            "md" | "markdown" => Some(Self::Sheet),
            _ => GraphFormat::from_extension(extension).map(Self::Graph),
        }
    }
}

impl ExportArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let chosen =
            chosen_format(self.format, self.output.as_deref(), ExportFormat::from_extension)?;
        let format = match chosen {
            Some(ExportFormat::Sheet) => return self.write_sheet(context),
            Some(ExportFormat::Graph(format)) => Some(format),
            None => None,
        };
        if self.document.is_some() {
            return Err(error!("option-format", "`--document` applies to sheets only")
                .help("use `--format sheet`")
                .usage()
                .into());
        }
        let graph = self.graph.unwrap_or(Selection::Facts);
        if let Some(vocabulary) = self.evidence
            && graph != Selection::Claims
        {
            return Err(Diagnostic::error(
                "option-without-effect",
                format!(
                    "`--evidence {}` applies to claims, but `{}` is exported",
                    vocabulary.name(),
                    graph.name()
                ),
            )
            .help("add `--graph claims`")
            .usage()
            .into());
        }
        let (format, json_ld) = self.format(format, graph)?;
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
            None => Box::new(session.select(graph)?),
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
    fn format(
        &self,
        chosen: Option<GraphFormat>,
        graph: Selection,
    ) -> anyhow::Result<(GraphFormat, Option<JsonLdOptions>)> {
        let json_ld = self.json_ld.options(chosen)?;
        let chosen = chosen.or(json_ld.as_ref().map(|_| GraphFormat::JsonLd));
        let format = match chosen {
            Some(format) if graph.has_named_graphs() && !format.has_named_graphs() => {
                let (part, name) = (graph.name(), format.name());
                return Err(Diagnostic::error(
                    "format-without-graphs",
                    format!("cannot write the named graphs of `--graph {part}` as {name}"),
                )
                .help("use trig, nquads or jsonld, or `--graph facts`")
                .usage()
                .into());
            }
            Some(format) => format,
            None if graph.has_named_graphs() => GraphFormat::TriG,
            None => GraphFormat::Turtle,
        };
        Ok((format, json_ld))
    }

    /// Writes the claims as a sheet, and reports those that it cannot express.
    fn write_sheet(&self, context: &Context) -> anyhow::Result<ExitCode> {
        const TOLD: usize = 5;
        self.refuse_options_of_graphs()?;
        let session = context.session()?;
        let document = self.document.as_deref();
        let document = document.map(|name| session.find_document(Some(name))).transpose()?;
        let sheet = write_sheet(session, document.as_ref())?;
        for (name, reason) in sheet.left_out.iter().take(TOLD) {
            let name = session.prefixes().show(name);
            context.reporter.note(&format!("`{name}` is left out: {reason}"));
        }
        let more = sheet.left_out.len().saturating_sub(TOLD);
        if more > 0 {
            context.reporter.note(&format!("{} more are left out", counted(more, "claim")));
        }
        let target = context.target(self.output.as_deref());
        target.write(|out| Ok(out.write_all(sheet.text.as_bytes())?))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Refuses the options that say how graphs are written.
    fn refuse_options_of_graphs(&self) -> anyhow::Result<()> {
        let other_part = self.graph.filter(|part| *part != Selection::Claims);
        let idle = match (other_part, self.evidence) {
            (Some(part), _) => Some(format!("--graph {}", part.name())),
            (None, Some(vocabulary)) => Some(format!("--evidence {}", vocabulary.name())),
            (None, None) => self
                .arrangement
                .given()
                .or_else(|| self.json_ld.given())
                .map(|name| format!("--{name}")),
        };
        match idle {
            None => Ok(()),
            Some(option) => Err(error!("option-format", "`{option}` has no effect on a sheet")
                .help("a sheet holds the claims as people type them: remove the option")
                .usage()
                .into()),
        }
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
