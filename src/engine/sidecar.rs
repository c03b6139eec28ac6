//! Files stored beside the data of a store on disk: its statistics, the index of its default graph, and the checksums
//! of its tables.
//!
//! They are not named graphs of the store, because `GRAPH ?g` and other programs would take them for facts. Each file
//! begins with the state of the folder it was written for. Counting quads could not tell in time whether a file is
//! still valid, because the engine counts them by reading them all.

use super::folder::{StoreState, UNFINISHED, state};
#[cfg(feature = "disk")]
use super::index::TripleIndex;
use super::index::Triples;
use super::plan::{FREQUENT, Statistics};
use crate::diagnostic::{Error, error, reason};
use crate::vocabulary::rdf;
use oxigraph::model::{LiteralRef, NamedNode, NamedNodeRef, TermRef, TripleRef};
use serde::{Deserialize, Serialize};
#[cfg(feature = "disk")]
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;
use std::sync::OnceLock;
use tempfile::NamedTempFile;

const STATISTICS: &str = "statistics.json";
#[cfg(feature = "disk")]
const INDEX: &str = "triples.index";
#[cfg(feature = "disk")]
const CHECKSUMS: &str = "checksums.json";

/// The longest first line that is read, in bytes.
const LONGEST_HEADER: u64 = 64 << 10;

/// The first line of each file: the state of the store that the rest describes.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    state: StoreState,
    /// The statistics of [`example`], as the build that wrote the file serializes them.
    like: String,
}

impl Header {
    fn of(folder: &Path) -> io::Result<Self> {
        static EXAMPLE: OnceLock<String> = OnceLock::new();
        let example = EXAMPLE.get_or_init(example);
        Ok(Self { state: state(folder)?, like: format!("{REVISION} {example}") })
    }
}

/// The version of the counting rules. Version 2 counts literals in their stored form.
const REVISION: u32 = 2;

/// Returns the serialized statistics of a few triples. They differ between builds that serialize other fields or hash
/// terms differently.
fn example() -> String {
    let (thing, text) = (NamedNodeRef::new_unchecked("x:a"), LiteralRef::new_simple_literal("a"));
    let tagged = LiteralRef::new_language_tagged_literal_unchecked("a", "en");
    let mut triples = Triples::default();
    for object in [TermRef::from(thing), text.into(), tagged.into()] {
        // Enough repetitions to be recorded as a frequent term.
        for i in 0..=FREQUENT {
            let other = NamedNode::new_unchecked(format!("x:{i}"));
            triples.add(TripleRef::new(&other, rdf::TYPE, object));
            triples.add(TripleRef::new(thing, thing, &other));
        }
    }
    serde_json::to_string(&Statistics::of(&triples.index())).unwrap_or_default()
}

/// Returns whether a store has statistics that are up to date.
pub(super) fn are_there(folder: &Path) -> bool {
    opened(folder, STATISTICS).is_ok_and(|file| file.is_some())
}

/// Returns the statistics of a store, or `None` if there are none or they describe another state of it.
pub(super) fn statistics(folder: &Path) -> Option<Statistics> {
    let mut text = Vec::new();
    opened(folder, STATISTICS).ok()??.read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Returns the index of a store, or `None` if there is none or it describes another state of it.
#[cfg(feature = "disk")]
pub(super) fn index(folder: &Path) -> Option<TripleIndex> {
    let mut file = opened(folder, INDEX).ok()??;
    TripleIndex::read(&mut file).ok()?
}

/// The checksums of tables, keyed by file name. A table is never changed, and its name is never reused.
#[cfg(feature = "disk")]
pub(super) type Checksums = BTreeMap<String, u32>;

/// Returns the checksums of a store's table files, or `None` if there are none or they describe another state of it.
#[cfg(feature = "disk")]
pub(super) fn checksums(folder: &Path) -> Option<Checksums> {
    let file = opened(folder, CHECKSUMS).ok()??;
    serde_json::from_reader(file).ok()
}

/// Saves the checksums of a store's table files. The store must not be open for writing.
#[cfg(feature = "disk")]
pub(super) fn keep_checksums(folder: &Path, checksums: &Checksums) -> io::Result<()> {
    keep(folder, CHECKSUMS, |file, _| Ok(serde_json::to_writer(file, checksums)?))
}

/// Saves the statistics of a store. The store must not be open for writing.
pub(super) fn keep_statistics(folder: &Path, statistics: &Statistics) -> io::Result<()> {
    keep(folder, STATISTICS, |file, _| Ok(serde_json::to_writer(file, statistics)?))
}

/// Saves the index of a store. The store must not be open for writing.
#[cfg(feature = "disk")]
pub(super) fn keep_index(folder: &Path, index: &TripleIndex) -> io::Result<()> {
    keep(folder, INDEX, |file, at| index.write(file, at))
}

/// Writes a file beside a store, atomically. `write` receives the offset in bytes at which the content begins.
fn keep(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&mut BufWriter<NamedTempFile>, usize) -> io::Result<()>,
) -> io::Result<()> {
    let header = serde_json::to_string(&Header::of(folder)?)? + "\n";
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix(UNFINISHED);
    // Everyone who may read the store may read this file.
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666))
    };
    let mut file = BufWriter::new(builder.tempfile_in(folder)?);
    file.write_all(header.as_bytes())?;
    write(&mut file, header.len())?;
    let file = file.into_inner()?;
    // A file with its final name is complete, even after a power failure.
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    Ok(())
}

/// Opens a file and reads past its header, or returns `None` if the header does not match the current state of the
/// store.
fn opened(folder: &Path, name: &str) -> io::Result<Option<BufReader<File>>> {
    let mut file = BufReader::new(File::open(folder.join(name))?);
    let mut line = String::new();
    file.by_ref().take(LONGEST_HEADER).read_line(&mut line)?;
    let header: Header = serde_json::from_str(&line)?;
    Ok((header == Header::of(folder)?).then_some(file))
}

/// Returns the error for a file that cannot be saved beside a store.
pub(super) fn not_kept(folder: &Path, what: &str, error: &io::Error) -> Error {
    let why = reason(error);
    error!("store-unwritable", "cannot save the {what} of `{}`: {why}", folder.display())
        .help("the store itself is complete; `dossier compact` rebuilds what is missing")
        .store()
}
