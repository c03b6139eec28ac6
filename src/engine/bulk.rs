//! Bulk loading: adds a stream of quads to a store, all of them or none.

use super::quirks::LiteralForms;
use super::survey::Survey;
use super::{Embedded, failed, folder, full, is_full};
use crate::budget::Cancellation;
use crate::diagnostic::{Error, Result};
use crate::parallel::{beside, processors};
use oxigraph::model::{GraphName, Quad};
use oxigraph::store::StorageError;

/// The number of quads that one thread sorts and writes at once for a store on disk. Smaller batches keep all threads
/// busy sooner, but create more files to merge.
const BATCH: usize = 250_000;

/// Converts quads to memory: the engine expects the batch size as the memory of all batches.
const QUADS_IN_A_MEGABYTE: usize = 1_000;

/// The number of quads from which the files are merged if the store had data before. Until then a key may be in many
/// files.
const MANY: u64 = 1_000_000;

/// The outcome of a bulk load.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BulkLoad {
    /// The number of loaded quads.
    pub quads: u64,
    /// The literals that the store canonicalizes.
    pub literal_forms: Option<LiteralForms>,
}

impl Embedded {
    /// Adds quads. The triples of named graphs are also added to the default graph.
    ///
    /// The quads become part of the store together, at the end. If one is an error, or the process ends early, the
    /// store is unchanged: on disk, they are written to separate files, which the store adopts with one log entry
    /// ([ingestion](https://github.com/facebook/rocksdb/wiki/Creating-and-Ingesting-SST-files)). Afterwards the files
    /// are merged, so that a lookup need not search all of them. The first triples of a store's default graph are not
    /// merged, because the index finds them.
    ///
    /// # Errors
    /// Fails with the first error among the quads. Also fails if the work is stopped before all quads have arrived, or
    /// the store cannot be written.
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
        // Quads added to others may be duplicates, so all have to be counted again.
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
        // Loading may fail after the quads are stored.
        self.planning.note_change();
        loader.commit()?;
        cancellation.go_on();
        let Survey { quads, literal_forms, triples, has_named_graph, .. } = std::mem::take(survey);
        // The index finds the first triples of the default graph.
        let is_worth_ordering = if is_first { has_named_graph } else { quads >= MANY };
        if is_first {
            self.planning.note_triples(triples.unwrap_or_default());
        }
        // If others will query the store, statistics and index are built now, otherwise on demand.
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
    /// Converts to the error for a load that stopped after reading `quads` quads and writing files of `bytes` bytes.
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
