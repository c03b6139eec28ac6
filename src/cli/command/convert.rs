use crate::catalogue::in_shell;
use crate::cli::context::Context;
use crate::cli::inputs;
use crate::cli::output::{Arrangement, chosen_format};
use crate::cli::progress::Meter;
use crate::diagnostic::Diagnostic;
use crate::engine::read_ontology;
use crate::format::GraphFormat;
use crate::rdf::read::{RdfStream, ReadOptions};
use crate::rdf::write::Layout;
use crate::vocabulary::{Ontology, Prefixes};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// How many bytes of a file are about one quad.
const BYTES_OF_QUAD: u64 = 120;

/// Convert RDF files to another format
///
/// Graphs and literals stay as written, because the files are not loaded into a store.
#[derive(Debug, Args)]
pub(crate) struct ConvertArgs {
    /// Files to convert; - is standard input and needs `--from`
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Output format: turtle, trig, ntriples, nquads, rdfxml or jsonld [default: from the name of the output file]
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = crate::cli::data_options::GRAPH_FORMAT, hide_possible_values = true)]
    format: Option<GraphFormat>,

    /// Write to FILE instead of standard output, compressed if its name ends in .gz or .zst
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    arrangement: Arrangement,
}

impl ConvertArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let named =
            chosen_format(self.format, self.output.as_deref(), GraphFormat::from_extension)?;
        let format = named.ok_or_else(|| {
            Diagnostic::error("option-missing", "missing output format")
                .help(self.output_help())
                .usage()
        })?;
        self.arrangement.check(format)?;
        let files = inputs::expanded(&self.files)?;
        let meter = Meter::of_files(&files);
        let inputs = inputs::rdf_inputs(&files, &context.options.described()?, &meter)?;
        let listed = read_ontology(context.dossier()?)?;
        let reading = ReadOptions {
            is_lenient: context.options.lenient,
            // (`EN` and `en` are one language, and have one canonical form.)
            keeps_language_case: !self.arrangement.is_canonical(),
            ..ReadOptions::default()
        };
        let mut quads = RdfStream::read(inputs, reading);
        let target = context.target(self.output.as_deref());
        if self.arrangement.streams(format) {
            let prefixes = both(&quads.prefixes, &listed);
            Arrangement::stream(format, quads.by_ref(), &prefixes, &target)?;
        } else {
            let held =
                Arrangement::hold(quads.by_ref(), meter.size() / BYTES_OF_QUAD, &context.reporter)?;
            let prefixes = both(&quads.prefixes, &listed);
            let ontology = Ontology::listed_in(&listed);
            let layout = Layout { prefixes: &prefixes, ontology: &ontology };
            self.arrangement.lay_out(format, held, &layout, &target)?;
        }
        context.reporter.report_skipped(&quads.skipped);
        Ok(ExitCode::SUCCESS)
    }
}

impl ConvertArgs {
    /// Says how the format is set. A last file that does not exist is probably the one to write.
    fn output_help(&self) -> String {
        let files: Vec<_> =
            self.files.iter().map(|file| in_shell(&file.to_string_lossy())).collect();
        match (self.files.as_slice(), files.as_slice()) {
            ([_, .., last], [inputs @ .., output])
                if inputs::format_of_name(last).is_some() && !last.exists() =>
            {
                format!(
                    "name the output file with `-o`: `dossier convert {} -o {output}`",
                    inputs.join(" ")
                )
            }
            _ => "set it with `--format`, or with the name of the output file: `-o FILE.ttl`"
                .to_owned(),
        }
    }
}

/// The prefixes of the files, and those of the dossier's ontology.
fn both<'a>(
    files: &Prefixes,
    ontology: impl IntoIterator<Item = &'a oxigraph::model::Quad>,
) -> Prefixes {
    let mut prefixes = files.clone();
    prefixes.complete(&Prefixes::declared_in(ontology));
    prefixes
}
