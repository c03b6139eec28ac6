//! What is kept beside a store on disk, in files of its folder: its statistics, the index of its default graph, and the
//! checksums of its tables.
//!
//! They are no named graph of the store, where `GRAPH ?g` and other programs would take them for facts. The engine counts
//! quads by reading them all, so that a count does not tell in time whether they are still right; the state of the
//! folder does, with which each file begins.

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

/// How long the first line of the file may be.
const LONGEST_HEADER: u64 = 64 << 10;

/// The first line of each file: what the rest of it is of.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    state: StoreState,
    /// What statistics look like, in the build that wrote the file.
    like: String,
}

impl Header {
    fn of(folder: &Path) -> io::Result<Self> {
        static EXAMPLE: OnceLock<String> = OnceLock::new();
        let example = EXAMPLE.get_or_init(example);
        Ok(Self { state: state(folder)?, like: format!("{REVISION} {example}") })
    }
}

/// What is counted otherwise since then has a number of its own here: 2, literals in the form that the store keeps.
const REVISION: u32 = 2;

/// The statistics of a few triples, as they are written. They are others where statistics have other parts, or terms are
/// hashed in another way.
fn example() -> String {
    let (thing, text) = (NamedNodeRef::new_unchecked("x:a"), LiteralRef::new_simple_literal("a"));
    let tagged = LiteralRef::new_language_tagged_literal_unchecked("a", "en");
    let mut triples = Triples::default();
    for object in [TermRef::from(thing), text.into(), tagged.into()] {
        // So often that each is kept by itself.
        for i in 0..=FREQUENT {
            let other = NamedNode::new_unchecked(format!("x:{i}"));
            triples.add(TripleRef::new(&other, rdf::TYPE, object));
            triples.add(TripleRef::new(thing, thing, &other));
        }
    }
    serde_json::to_string(&Statistics::of(&triples.index())).unwrap_or_default()
}

/// Whether a store has statistics that are right.
pub(super) fn are_there(folder: &Path) -> bool {
    opened(folder, STATISTICS).is_ok_and(|file| file.is_some())
}

/// The statistics of a store: none if there are none, or they are those of another state of it.
pub(super) fn statistics(folder: &Path) -> Option<Statistics> {
    let mut text = Vec::new();
    opened(folder, STATISTICS).ok()??.read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

/// The index of a store: none if there is none, or it is that of another state of it.
#[cfg(feature = "disk")]
pub(super) fn index(folder: &Path) -> Option<TripleIndex> {
    let mut file = opened(folder, INDEX).ok()??;
    TripleIndex::read(&mut file).ok()?
}

/// The checksums of tables, by the names of their files. A table is never changed, and its name never used again.
#[cfg(feature = "disk")]
pub(super) type Checksums = BTreeMap<String, u32>;

/// The checksums of the table files of a store: `None` if there are none, or they are those of another state of it.
#[cfg(feature = "disk")]
pub(super) fn checksums(folder: &Path) -> Option<Checksums> {
    let file = opened(folder, CHECKSUMS).ok()??;
    serde_json::from_reader(file).ok()
}

/// Keeps the checksums of the table files of a store, which nobody has open to write.
#[cfg(feature = "disk")]
pub(super) fn keep_checksums(folder: &Path, checksums: &Checksums) -> io::Result<()> {
    keep(folder, CHECKSUMS, |file, _| Ok(serde_json::to_writer(file, checksums)?))
}

/// Keeps the statistics of a store, which nobody has open to write.
pub(super) fn keep_statistics(folder: &Path, statistics: &Statistics) -> io::Result<()> {
    keep(folder, STATISTICS, |file, _| Ok(serde_json::to_writer(file, statistics)?))
}

/// Keeps the index of a store, which nobody has open to write.
#[cfg(feature = "disk")]
pub(super) fn keep_index(folder: &Path, index: &TripleIndex) -> io::Result<()> {
    keep(folder, INDEX, |file, at| index.write(file, at))
}

/// Writes a file beside a store, all of it or nothing. What is in it begins after so many bytes.
fn keep(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&mut BufWriter<NamedTempFile>, usize) -> io::Result<()>,
) -> io::Result<()> {
    let header = serde_json::to_string(&Header::of(folder)?)? + "\n";
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix(UNFINISHED);
    // Whoever may read the store may read it.
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666))
    };
    let mut file = BufWriter::new(builder.tempfile_in(folder)?);
    file.write_all(header.as_bytes())?;
    write(&mut file, header.len())?;
    let file = file.into_inner()?;
    // What has its name is whole, also after a loss of power.
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    Ok(())
}

/// A file after its header, if that is the one of the store as it is.
fn opened(folder: &Path, name: &str) -> io::Result<Option<BufReader<File>>> {
    let mut file = BufReader::new(File::open(folder.join(name))?);
    let mut line = String::new();
    file.by_ref().take(LONGEST_HEADER).read_line(&mut line)?;
    let header: Header = serde_json::from_str(&line)?;
    Ok((header == Header::of(folder)?).then_some(file))
}

/// The error for a file that cannot be kept beside a store.
pub(super) fn not_kept(folder: &Path, what: &str, error: &io::Error) -> Error {
    let why = reason(error);
    error!("store-unwritable", "cannot save the {what} of `{}`: {why}", folder.display())
        .help("the store itself is complete; `dossier compact` rebuilds what is missing")
        .store()
}
