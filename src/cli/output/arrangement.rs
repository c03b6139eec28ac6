//! How quads are arranged in an export: laid out, by lines, canonical, or as they come.

use super::target::Target;
use super::truncation::Truncation;
use crate::cli::reporter::Reporter;
use crate::diagnostic::{Diagnostic, Error};
use crate::format::GraphFormat;
use crate::rdf::write::{Layout, Stream, refuse_graphs, write_canonical, write_quads};
use crate::vocabulary::Prefixes;
use clap::Args;
use oxigraph::model::Quad;

/// How many quads are much to keep in memory.
const MANY: u64 = 1_000_000;

/// What a quad takes in memory while it is laid out, in bytes: measured with `benches/export.rs`.
const BYTES_OF_QUAD: u64 = 500;

/// How quads are arranged.
#[derive(Debug, Args)]
pub(crate) struct Arrangement {
    /// Sort the lines of ntriples or nquads, so that their order does not depend on that of the data; blank nodes keep
    /// their labels. The other formats are always sorted, unless `--unsorted` is given
    #[arg(long, help_heading = "Order", conflicts_with_all = ["canonical", "unsorted"])]
    sorted: bool,

    /// Write canonical N-Triples or N-Quads: sorted, with blank nodes labelled by RDFC-1.0
    #[arg(long, help_heading = "Order", conflicts_with = "unsorted")]
    canonical: bool,

    /// Write turtle, trig or rdfxml in the order of the data and in constant memory. Without this option, these formats
    /// hold all data in memory. ntriples and nquads never do, and jsonld always does
    #[arg(long, help_heading = "Order")]
    unsorted: bool,
}

impl Arrangement {
    /// The name of the option that is given.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let given =
            [("sorted", self.sorted), ("canonical", self.canonical), ("unsorted", self.unsorted)];
        given.into_iter().find(|(_, is_given)| *is_given).map(|(name, _)| name)
    }

    /// Whether this can be done in a format.
    pub(crate) fn check(&self, format: GraphFormat) -> Result<(), Error> {
        let name = format.name();
        if self.canonical && !is_by_lines(format) {
            return Err(Diagnostic::error(
                "option-format",
                format!("{name} has no canonical form"),
            )
            .help("use `--format nquads` or `--format ntriples`, or remove `--canonical`")
            .usage());
        }
        if self.unsorted && format == GraphFormat::JsonLd {
            return Err(Diagnostic::error(
                "option-format",
                "cannot write jsonld in the order of the data",
            )
            .help("remove `--unsorted`, or use one of turtle, trig, ntriples, nquads, rdfxml")
            .usage());
        }
        Ok(())
    }

    /// Whether the same data has to be the same text, however it was written.
    pub(crate) const fn is_canonical(&self) -> bool {
        self.canonical
    }

    /// Whether quads are written as they come.
    pub(crate) const fn streams(&self, format: GraphFormat) -> bool {
        self.unsorted || (is_by_lines(format) && !self.sorted && !self.canonical)
    }

    /// Writes quads as they come.
    pub(crate) fn stream(
        format: GraphFormat,
        quads: impl Iterator<Item = Result<Quad, Error>>,
        prefixes: &Prefixes,
        target: &Target,
    ) -> anyhow::Result<()> {
        let mut progress = target.reporter.progress("quads");
        target.write(|out| {
            let mut stream = Stream::new(format, prefixes, out)?;
            let (mut count, cut) = (0, Truncation::default());
            for quad in cut.before(quads) {
                stream.write(quad?)?;
                progress.step();
                count += 1;
            }
            stream.finish()?;
            Ok(cut.tell(count, "quad", target)?)
        })
    }

    /// Takes quads into memory, to be laid out. If they are many, it is said what that needs.
    pub(crate) fn hold(
        quads: impl Iterator<Item = Result<Quad, Error>>,
        about: u64,
        reporter: &Reporter,
    ) -> Result<Vec<Quad>, Error> {
        if about > MANY {
            reporter.note(&format!(
                "sorting about {} million quads in memory, which takes about {} MB",
                (about + MANY / 2) / MANY,
                about * BYTES_OF_QUAD / 1_000_000,
            ));
        }
        let mut progress = reporter.progress("quads");
        quads.inspect(|_| progress.step()).collect()
    }

    /// Writes quads that are held.
    pub(crate) fn lay_out(
        &self,
        format: GraphFormat,
        quads: Vec<Quad>,
        layout: &Layout<'_>,
        target: &Target,
    ) -> anyhow::Result<()> {
        target.write(|out| {
            if self.canonical {
                refuse_graphs(format, &quads)?;
                write_canonical(&quads, out)?;
            } else {
                write_quads(format, quads, layout, out)?;
            }
            Ok(())
        })
    }
}

const fn is_by_lines(format: GraphFormat) -> bool {
    matches!(format, GraphFormat::NTriples | GraphFormat::NQuads)
}
