use crate::cli::context::Context;
use crate::cli::inputs::{data_inputs, rdf_file};
use crate::cli::one_of::{OneOf, variant};
use crate::cli::output::chosen_format;
use crate::cli::reporter::counted;
use crate::diagnostic::{Diagnostic, Error};
use crate::dossier::Dossier;
use crate::engine::{is_store, read_dossier, read_ontology};
use crate::rdf::diff::{
    self, blocks, counts, file_changes, write_file_changes, write_json, write_patch, write_text,
};
use crate::rdf::read::read_file;
use crate::session::{Data, Selection, Session};
use crate::vocabulary::Prefixes;
use clap::{Args, ValueEnum};
use oxigraph::model::Quad;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Compare two dossiers, RDF files or stores, matching blank nodes
///
/// For a dossier, `diff` compares the data and the ontology as its files write them: `01` and `1` differ. For two
/// dossiers, it also reports texts and queries that differ, except in a patch. If either side is a store on disk, both
/// sides are compared in the form in which a store keeps them: `01` equals `1`, and a triple of a named graph is not
/// repeated in the default graph. The exit code is 1 if the data, a text or a query differs, and 0 otherwise.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// First side: a dossier folder, a store folder or an RDF file; - is standard input
    #[arg(value_name = "A")]
    one: PathBuf,

    /// Second side; lines that only it has are marked with +
    #[arg(value_name = "B")]
    other: PathBuf,

    /// Output format: text, patch (RDF Patch) or json [default: from the name of the output file, else text]
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = OneOf::<DiffFormat>::of_enum(), hide_possible_values = true)]
    format: Option<DiffFormat>,

    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    #[value(aliases = ["txt", "diff"])]
    Text,
    #[value(alias = "rdfp")]
    Patch,
    Json,
}

impl DiffArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        if self.one == Path::new("-") && self.other == Path::new("-") {
            return Err(Diagnostic::error(
                "standard-input-taken",
                "only one of the two sides can be standard input",
            )
            .usage()
            .into());
        }
        let format = chosen_format(self.format, self.output.as_deref(), variant)?
            .unwrap_or(DiffFormat::Text);
        let (one, other) = if [&self.one, &self.other].iter().any(|path| is_store(path)) {
            let dossier = context.dossier()?;
            both(
                read_stored(context, dossier, &self.one),
                read_stored(context, dossier, &self.other),
            )?
        } else {
            both(read(context, &self.one), read(context, &self.other))?
        };
        let files = match (Self::dossier_at(&self.one)?, Self::dossier_at(&self.other)?) {
            (Some(one), Some(other)) => file_changes(&one, &other)?,
            _ => Vec::new(),
        };
        let diff = diff::DatasetDiff::between(&one.quads, &other.quads);
        let blocks = blocks(&diff, &one.quads);
        let counts = counts(&diff, &blocks);
        let target = context.target(self.output.as_deref());
        let prefixes = match format {
            DiffFormat::Text => known(context, [&one, &other])?,
            _ => Prefixes::default(),
        };
        target.write(|out| {
            Ok(match format {
                DiffFormat::Text => write_text(&blocks, &prefixes, target.is_colourful, out)
                    .and_then(|()| write_file_changes(&files, out)),
                DiffFormat::Patch => write_patch(&diff, [&one.prefixes, &other.prefixes], out),
                DiffFormat::Json => {
                    write_json(&blocks, counts, diff.is_smallest_unknown, &files, out)
                }
            }?)
        })?;
        context.reporter.note(&summary(counts, files.len()));
        if diff.is_smallest_unknown {
            context.reporter.note(
                "could not compare all similar blank nodes: the real difference may be smaller, or none",
            );
        }
        Ok(ExitCode::from(u8::from(!diff.is_empty() || !files.is_empty())))
    }

    /// The dossier in a folder. Returns `None` for a file or a store.
    fn dossier_at(path: &Path) -> Result<Option<Dossier>, Error> {
        if path.is_dir() && !is_store(path) { Dossier::open(path).map(Some) } else { Ok(None) }
    }
}

/// One of the two inputs of a diff.
struct DiffInput {
    quads: Vec<Quad>,
    prefixes: Prefixes,
    /// Whether the prefixes are those of a dossier, not of a file alone.
    has_all_prefixes: bool,
}

fn read(context: &Context, path: &Path) -> Result<DiffInput, Error> {
    let is_dossier = path.is_dir();
    let (quads, prefixes) = if is_dossier {
        read_dossier(&Dossier::open(path)?)
            .map_err(|error| error.inside(&path.display().to_string()))?
    } else {
        read_file(&rdf_file(path, &context.options.described()?).map_err(Diagnostic::input)?)?
    };
    Ok(DiffInput { quads, prefixes, has_all_prefixes: is_dossier })
}

/// One of the two, as a store keeps it.
fn read_stored(context: &Context, dossier: &Dossier, path: &Path) -> Result<DiffInput, Error> {
    let is_dossier = path.is_dir() && !is_store(path);
    let session = if is_dossier {
        Session::open(Dossier::open(path)?, &Data::Dossier)
            .map_err(|error| error.inside(&path.display().to_string()))?
    } else if path.is_dir() {
        Session::open(dossier.clone(), &Data::Store(path.to_owned()))?
    } else {
        Session::of_files(
            dossier.clone(),
            data_inputs(&[path.to_owned()], &context.options.described()?)?,
        )?
    };
    let quads = session.select(Selection::All)?.collect::<Result<_, _>>()?;
    Ok(DiffInput { quads, prefixes: session.prefixes().clone(), has_all_prefixes: true })
}

/// Both, or what is wrong with either.
fn both(
    one: Result<DiffInput, Error>,
    other: Result<DiffInput, Error>,
) -> Result<(DiffInput, DiffInput), Error> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(mut one), Err(other)) => {
            for problem in other.problems {
                if !one.problems.contains(&problem) {
                    one.problems.push(problem);
                }
            }
            Err(one)
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// The prefixes of both, and, if neither is a dossier, those of the dossier that is meant.
fn known(context: &Context, both: [&DiffInput; 2]) -> anyhow::Result<Prefixes> {
    let mut prefixes = Prefixes::default();
    for read in both {
        for (prefix, namespace) in read.prefixes.iter() {
            prefixes.add(prefix, namespace);
        }
    }
    if !both.iter().any(|read| read.has_all_prefixes) {
        for (prefix, namespace) in Prefixes::declared_in(&read_ontology(context.dossier()?)?).iter()
        {
            prefixes.add(prefix, namespace);
        }
    }
    Ok(prefixes)
}

/// The difference in a line.
fn summary(counts: diff::ChangeCounts, files: usize) -> String {
    let differ = if files == 1 { "differs" } else { "differ" };
    let files = (files > 0).then(|| format!("{} {differ}", counted(files, "text or query file")));
    if counts.removed + counts.added == 0 {
        return files.map_or_else(
            || "no differences".to_owned(),
            |files| format!("no differences in the data, {files}"),
        );
    }
    let mut words = vec![
        format!("{} only in the first", counted(counts.removed, "triple")),
        format!("{} only in the second", counted(counts.added, "triple")),
    ];
    let claims = [
        (counts.claims_removed, "only in the first"),
        (counts.claims_added, "only in the second"),
        (counts.claims_changed, "changed"),
    ];
    for (count, what) in claims {
        if count > 0 {
            words.push(format!("{} {what}", counted(count, "claim")));
        }
    }
    words.extend(files);
    words.join(", ")
}
