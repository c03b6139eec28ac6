//! The statistics of a store on disk, in a file of its folder.
//!
//! They are no named graph of the store, where `GRAPH ?g` and other programs would take them for facts. The engine counts
//! quads by reading them all, so that a count does not tell in time whether the statistics are still right; the state of
//! the folder does.

use super::folder::{State, state};
use crate::plan::{FREQUENT, Gathering, Statistics};
use crate::vocabulary::rdf;
use oxigraph::model::{LiteralRef, NamedNodeRef, TermRef, TripleRef};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;

const FILE: &str = "statistics.json";

/// How long the first line of the file may be.
const LONGEST_HEADER: u64 = 64 << 10;

/// The first line of the file: what the statistics are of. They stand in the second one.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    state: State,
    /// What statistics look like, in the build that made them.
    like: String,
}

impl Header {
    fn of(folder: &Path) -> io::Result<Self> {
        Ok(Self { state: state(folder)?, like: format!("{REVISION} {}", example()?) })
    }
}

/// What is counted otherwise since then has a number of its own here: 2, literals in the form that the store keeps.
const REVISION: u32 = 2;

/// The statistics of a few triples, as they are written. They are others where statistics have other parts, or terms are
/// hashed in another way.
fn example() -> io::Result<String> {
    let (thing, text) = (NamedNodeRef::new_unchecked("x:a"), LiteralRef::new_simple_literal("a"));
    let tagged = LiteralRef::new_language_tagged_literal_unchecked("a", "en");
    let mut gathering = Gathering::default();
    for object in [TermRef::from(thing), text.into(), tagged.into()] {
        // So often that each is kept by itself.
        for _ in 0..=FREQUENT {
            gathering.add(TripleRef::new(thing, rdf::TYPE, object));
        }
    }
    Ok(serde_json::to_string(&gathering.finish())?)
}

/// Whether a store has statistics that are right.
pub(super) fn are_there(folder: &Path) -> bool {
    opened(folder).is_ok_and(|file| file.is_some())
}

/// The statistics of a store: none if there are none, or they are those of another state of it.
pub(super) fn read(folder: &Path) -> Option<Statistics> {
    let mut text = Vec::new();
    opened(folder).ok()??.read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Keeps the statistics of a store, which nobody has open to write.
pub(super) fn write(folder: &Path, statistics: &Statistics) -> io::Result<()> {
    let header = Header::of(folder)?;
    let builder = &mut tempfile::Builder::new();
    // Whoever may read the store may read them.
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666))
    };
    let mut file = BufWriter::new(builder.tempfile_in(folder)?);
    serde_json::to_writer(&mut file, &header)?;
    file.write_all(b"\n")?;
    serde_json::to_writer(&mut file, statistics)?;
    file.into_inner()?.persist(folder.join(FILE))?;
    Ok(())
}

/// The file after its header, if that is the one of the store as it is.
fn opened(folder: &Path) -> io::Result<Option<BufReader<File>>> {
    let mut file = BufReader::new(File::open(folder.join(FILE))?);
    let mut line = String::new();
    file.by_ref().take(LONGEST_HEADER).read_line(&mut line)?;
    let header: Header = serde_json::from_str(&line)?;
    Ok((header == Header::of(folder)?).then_some(file))
}
