use crate::cli::context::Context;
use crate::cli::inputs;
use crate::cli::progress::Meter;
use crate::cli::reporter::counted;
use crate::diagnostic::Diagnostic;
use crate::engine::{BulkLoad, Embedded};
use crate::rdf::read::{BlankNodeNames, RdfStream, ReadOptions, SkippedStatements, keep_apart};
use crate::session::{Data, Session};
use crate::vocabulary::Prefixes;
use clap::Args;
use indicatif::HumanCount;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// Load RDF files into a store on disk: all of them or, if anything fails, none
///
/// An existing store keeps its data. Files may be compressed (.gz, .bz2, .xz, .zst). A folder stands for all RDF files
/// in it. Blank nodes of different files stay distinct. Triples of named graphs are copied to the default graph, so
/// that queries need no GRAPH.
#[derive(Debug, Args)]
pub(crate) struct LoadArgs {
    /// Files, folders or patterns; - is standard input and needs `--from` [default: the dossier itself, with its
    /// ontology and its passages]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What `load` loaded, and what it reports about it.
struct LoadOutcome {
    filled: BulkLoad,
    skipped: SkippedStatements,
    lowercased_tags: BTreeSet<String>,
    prefixes: Prefixes,
}

impl LoadArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let Some(folder) = context.options.store.as_deref() else {
            return Err(Diagnostic::error("option-missing", "missing store to load into")
                .help("name it with `--store DIR`: a new or empty folder, or an existing store")
                .usage()
                .into());
        };
        let started = Instant::now();
        let (loaded, from) = if self.files.is_empty() {
            (load_dossier(context, folder)?, "the dossier".to_owned())
        } else {
            let files = inputs::expanded(&self.files)?;
            (load_files(context, folder, &files)?, counted(files.len(), "file"))
        };
        // Reported even if quiet: what is loaded is not what the files have.
        let reporter = context.reporter.even_if_quiet();
        reporter.report_skipped(&loaded.skipped);
        reporter.report_literal_forms(loaded.filled.literal_forms.as_ref(), &loaded.prefixes);
        reporter.report_lowercased_tags(&loaded.lowercased_tags);
        let seconds = started.elapsed().as_secs_f64();
        let count = loaded.filled.quads;
        let noun = if count == 1 { "quad" } else { "quads" };
        let count = HumanCount(count);
        context.reporter.note(&format!("loaded {count} {noun} from {from} in {seconds:.1} s"));
        Ok(ExitCode::SUCCESS)
    }
}

/// Loads files of RDF.
fn load_files(context: &Context, folder: &Path, files: &[PathBuf]) -> anyhow::Result<LoadOutcome> {
    let meter = Meter::of_files(files);
    let opened = inputs::rdf_inputs(files, &context.options.described()?, &meter)?;
    let mut progress = context.reporter.progress_through(meter, "quads");
    with_store(folder, |store| {
        let blank_nodes = BlankNodeNames::OfLoad(store.generation()?);
        let reading = ReadOptions {
            is_lenient: context.options.lenient,
            blank_nodes,
            ..ReadOptions::default()
        };
        let mut stream = RdfStream::read(opened, reading);
        let filled = store.fill(progress.of(stream.by_ref()), &context.limits.cancellation)?;
        let RdfStream { skipped, lowercased_tags, prefixes, .. } = stream;
        Ok(LoadOutcome { filled, skipped, lowercased_tags, prefixes })
    })
}

/// Loads the dossier itself, with the passages of its documents.
fn load_dossier(context: &Context, folder: &Path) -> anyhow::Result<LoadOutcome> {
    let session = Session::open(context.dossier()?.clone(), &Data::Dossier)?;
    let mut progress = context.reporter.progress("quads");
    with_store(folder, |store| {
        // What is there already may be of another dossier, or of this one as it was.
        let load = if store.is_empty()? { None } else { Some(store.generation()?) };
        let quads = session.stored_quads()?.map(|quad| {
            let mut quad = quad?;
            if let Some(load) = load {
                keep_apart(load, &mut quad);
            }
            Ok(quad)
        });
        let filled = store.fill(progress.of(quads), &context.limits.cancellation)?;
        let prefixes = session.prefixes().clone();
        let lowercased_tags = session.lowercased_tags().clone();
        Ok(LoadOutcome { filled, skipped: SkippedStatements::default(), lowercased_tags, prefixes })
    })
}

/// Opens a store to write to it, and takes it away again if it is new and could not be filled.
fn with_store<T>(
    folder: &Path,
    load: impl FnOnce(&Embedded) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let is_there = folder.symlink_metadata().is_ok();
    let store = Embedded::open_or_create(folder)?;
    // (Another process may have made it, and filled it, in the meantime.)
    let is_new = !is_there && store.is_empty()?;
    let loaded = load(&store);
    let closed = store.close();
    if loaded.is_err() && is_new {
        let _ = std::fs::remove_dir_all(folder);
    }
    // (What is loaded stays, though there may have been no room for its statistics.)
    let loaded = loaded?;
    closed?;
    Ok(loaded)
}
