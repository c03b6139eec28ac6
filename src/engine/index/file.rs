//! An index in a file: one line of JSON that describes the format, followed by the arrays, which are used in place.

use super::arrays::{ByteArray, MappedRange, NumberArray};
use super::dictionary::{LiteralTag, LiteralTags, TermTable, hash_of};
use super::triple_index::{Runs, TripleIndex};
use memmap2::Mmap;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, Write};
use std::sync::{Arc, OnceLock};

/// The version of the layout of the arrays.
const REVISION: u32 = 1;

/// The alignment of each array, in bytes.
const ALIGNMENT: usize = 8;

/// The longest header line that is read, in bytes.
const LONGEST_FORM: u64 = 64 << 20;

/// The format of an index file. The file is usable only if numbers are encoded and terms are hashed in the same way.
#[derive(Serialize, Deserialize)]
struct IndexFormat {
    like: (u32, u32, u64),
    /// The length of each array in bytes.
    lengths: Vec<usize>,
    tags: Vec<LiteralTag>,
}

fn like() -> (u32, u32, u64) {
    (REVISION, u32::from_ne_bytes([1, 2, 3, 4]), hash_of(1, "a term, as long as many are"))
}

/// Returns the number of padding bytes before an array, given the current offset.
fn gap(at: usize) -> usize {
    at.next_multiple_of(ALIGNMENT) - at
}

impl TripleIndex {
    /// Writes a complete index into a file at a byte offset.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub fn write(&self, file: &mut impl Write, at: usize) -> io::Result<()> {
        let TermTable { text, ends, forms, table, tags } = &self.terms;
        let runs = [&self.by_subject, &self.by_property, &self.by_object];
        let words = [ends, forms, table].into_iter();
        let words =
            words.chain(runs.into_iter().flat_map(|Runs { starts, pairs }| [starts, pairs]));
        let arrays: Vec<&[u8]> = [text.as_slice()]
            .into_iter()
            .chain(words.map(|words| bytemuck::cast_slice(words.as_slice())))
            .collect();
        let lengths = arrays.iter().map(|array| array.len()).collect();
        let form = IndexFormat { like: like(), lengths, tags: tags.list().to_vec() };
        let form = serde_json::to_string(&form)? + "\n";
        file.write_all(form.as_bytes())?;
        let mut at = at + form.len();
        for array in arrays {
            let gap = gap(at);
            file.write_all(&[0; ALIGNMENT][..gap])?;
            file.write_all(array)?;
            at += gap + array.len();
        }
        Ok(())
    }

    /// Maps the next index of a file, or returns `None` if it is not in the format of this program.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub fn read(file: &mut BufReader<File>) -> io::Result<Option<Self>> {
        let mut line = Vec::new();
        file.by_ref().take(LONGEST_FORM).read_until(b'\n', &mut line)?;
        let IndexFormat { like: found, lengths, tags } = serde_json::from_slice(&line)?;
        if found != like() {
            return Ok(None);
        }
        let mut at = usize::try_from(file.stream_position()?).map_err(io::Error::other)?;
        let mapped = Arc::new(map(file.get_ref())?);
        let mut arrays = lengths.into_iter().map_while(|length| {
            let start = at.checked_add(gap(at))?;
            at = start.checked_add(length)?;
            (at <= mapped.len())
                .then(|| MappedRange { file: Arc::clone(&mapped), range: start..at })
        });
        let mut next = || arrays.next();
        let read = || {
            let (text, [ends, forms, table]) = (next()?, [next()?, next()?, next()?]);
            let [ends, forms, table] = [ends, forms, table].map(NumberArray::Mapped);
            let terms = TermTable {
                text: ByteArray::Mapped(text),
                ends,
                forms,
                table,
                tags: LiteralTags::new(tags),
            };
            let mut runs = || {
                let [starts, pairs] = [next()?, next()?].map(NumberArray::Mapped);
                Some(Runs { starts, pairs })
            };
            let (by_subject, by_property, by_object) = (runs()?, runs()?, runs()?);
            let known_properties = OnceLock::new();
            Some(Self {
                terms,
                by_subject,
                by_property,
                by_object,
                is_whole: true,
                known_properties,
            })
        };
        Ok(read())
    }
}

/// Maps a file.
#[expect(unsafe_code, reason = "there is no other way to map a file")]
fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the mapped file must not change. This program writes the file under a temporary name, renames it when it
    // is complete, and never writes to it again: a new index is a new file. Overwriting it while it is read ends the
    // reading process, as with any mapped file.
    unsafe { Mmap::map(file) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::index::Triples;
    use oxigraph::model::{Literal, NamedNode, TermRef, TripleRef};
    use std::io::BufWriter;

    fn read(bytes: &[u8], after: usize) -> Option<TripleIndex> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        let mut file = BufReader::new(file);
        file.by_ref().take(after as u64).read_to_end(&mut Vec::new()).unwrap();
        TripleIndex::read(&mut file).ok()?
    }

    #[test]
    fn what_is_written_is_read() {
        let mut triples = Triples::default();
        let name = |i: usize| NamedNode::new_unchecked(format!("x:{i}"));
        for i in 0..100 {
            let text = Literal::new_language_tagged_literal_unchecked(format!("ü{}", i % 7), "de");
            triples.add(TripleRef::new(&name(i), &name(i % 3), &name(i / 2)));
            triples.add(TripleRef::new(&name(i), &name(4), &text));
        }
        let index = triples.index();
        for before in 0..9 {
            let mut file = BufWriter::new(vec![b' '; before]);
            index.write(&mut file, before).unwrap();
            let bytes = file.into_inner().unwrap();
            let again = read(&bytes, before).unwrap();
            assert_eq!((again.len(), again.terms()), (index.len(), index.terms()));
            assert!(again.subjects().eq(index.subjects()));
            assert!(again.properties().eq(index.properties()));
            assert!(again.objects().eq(index.objects()));
            for number in 0..u32::try_from(index.terms()).unwrap() {
                let term: TermRef<'_> = index.term(number).unwrap();
                assert_eq!((again.term(number), again.number(term)), (Some(term), Some(number)));
            }
            // An incomplete index is rejected.
            for end in before..bytes.len() {
                assert!(read(&bytes[..end], before).is_none(), "{end} of {}", bytes.len());
            }
        }
    }
}
