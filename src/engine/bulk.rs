//! Loading much: quads that come one by one into a store, all of them or none.

use super::quirks::LiteralForms;
use super::survey::Survey;
use super::{Embedded, failed, folder, full, is_full};
use crate::budget::Cancellation;
use crate::diagnostic::{Error, Result};
use crate::parallel::{beside, processors};
use oxigraph::model::{GraphName, Quad};
use oxigraph::store::StorageError;

/// How many quads for a store on disk are sorted and written at once. Several threads do that, each with its own, and
/// with less than this there is work for all of them sooner; but the files of more of them have to be merged.
const BATCH: usize = 250_000;

/// The engine is told the size of batches as the memory that they may take in all.
const QUADS_IN_A_MEGABYTE: usize = 1_000;

/// From how many quads on the files are merged if there were others before: until then, many files may have a key.
const MANY: u64 = 1_000_000;

/// The outcome of a bulk load.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BulkLoad {
    /// How many quads came.
    pub quads: u64,
    /// The literals that the store keeps in another form.
    pub literal_forms: Option<LiteralForms>,
}

impl Embedded {
    /// Adds quads, and the triples of those of named graphs to the default graph as well.
    ///
    /// They become part of the store together at the end. If one is an error, or the process ends before, the store is
    /// what it was: on disk they are written to files of their own, which the store takes in by one entry of its log
    /// ([ingestion](https://github.com/facebook/rocksdb/wiki/Creating-and-Ingesting-SST-files)). Then these files are
    /// merged, so that a look-up need not go through all of them, but for the first triples of the default graph, which
    /// are found by the index.
    ///
    /// # Errors
    /// The first error among the quads, that the work is stopped before they have all come, or that the store cannot be
    /// written.
    pub fn fill(
        &self,
        quads: impl IntoIterator<Item = Result<Quad>>,
        cancellation: &Cancellation,
    ) -> Result<BulkLoad> {
        let mut survey = Survey::default();
        match self.take(quads, &mut survey, cancellation) {
            Ok(filled) => Ok(filled),
            Err(stopped) => {
                let bytes =
                    self.folder.as_deref().map_or(0, |path| folder::remove_unfinished(path));
                Err(stopped.into_error(survey.quads, bytes))
            }
        }
    }

    fn take(
        &self,
        quads: impl IntoIterator<Item = Result<Quad>>,
        survey: &mut Survey,
        cancellation: &Cancellation,
    ) -> Result<BulkLoad, BulkError> {
        // What is added to other quads may be there already, so that all have to be counted again.
        let is_first = self.store.is_empty()?;
        let mut loader = self
            .store
            .bulk_loader()
            .with_max_memory_size_in_megabytes(BATCH * processors() / QUADS_IN_A_MEGABYTE);
        let each = quads.into_iter().flat_map(|quad| {
            let [merged, quad] = match cancellation.check().and(quad) {
                Ok(quad) => {
                    if is_first {
                        survey.note(&quad);
                    } else {
                        survey.note_form(&quad);
                    }
                    let merged = (!quad.graph_name.is_default_graph())
                        .then(|| Quad { graph_name: GraphName::DefaultGraph, ..quad.clone() });
                    [merged.map(Ok), Some(Ok(quad))]
                }
                Err(error) => [None, Some(Err(error))],
            };
            merged.into_iter().chain(quad)
        });
        loader.load_ok_quads::<Error, BulkError>(each)?;
        // (It may fail when the quads are there already.)
        self.planning.note_change();
        loader.commit()?;
        cancellation.go_on();
        let Survey { quads, literal_forms, triples, has_named_graph, .. } = std::mem::take(survey);
        // (The first triples of the default graph are found by the index.)
        let is_worth_ordering = if is_first { has_named_graph } else { quads >= MANY };
        if is_first {
            self.planning.note_triples(triples.unwrap_or_default());
        }
        // What the next query needs is made now if others will ask the store, else when it is needed.
        let learn = || {
            if self.folder.is_some() {
                self.planning.learn();
            }
        };
        if is_worth_ordering {
            beside(|| self.order_files(), learn)?;
        } else {
            learn();
        }
        Ok(BulkLoad { quads, literal_forms })
    }
}

/// Why a bulk load stopped.
enum BulkError {
    Store(StorageError),
    Quad(Error),
}

impl BulkError {
    /// The error, after so many quads for which files of so many bytes were written.
    fn into_error(self, quads: u64, bytes: u64) -> Error {
        match self {
            Self::Quad(error) => error,
            Self::Store(error) if is_full(&error) => {
                let bytes = bytesize::ByteSize::b(bytes).display().si();
                full(format!(
                    "free some space on its disk and load again: the disk was full after {quads} quads ({bytes}); the store is unchanged"
                ))
                .store()
            }
            Self::Store(error) => failed(error),
        }
    }
}

impl From<StorageError> for BulkError {
    fn from(error: StorageError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for BulkError {
    fn from(error: Error) -> Self {
        Self::Quad(error)
    }
}
