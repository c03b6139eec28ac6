//! A dictionary of terms and their numbers.

use super::arrays::{ByteArray, NumberArray};
use super::triple_terms::TripleTerms;
use crate::vocabulary::{tag_of, tagged as language_tagged};
use hashbrown::HashTable;
use oxigraph::model::vocab::xsd;
use oxigraph::model::{BlankNodeRef, LiteralRef, NamedNodeRef, TermRef};
use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};
use std::hash::Hasher as _;

/// The form of a term: an IRI, a blank node, a plain literal or, from the last value on, a literal with a language or a
/// datatype.
const IRI: u32 = 0;
const BLANK_NODE: u32 = 1;
const SIMPLE_LITERAL: u32 = 2;
const TAGGED_LITERAL: u32 = 3;

/// The kinds of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TermKind {
    NamedNode,
    BlankNode,
    Literal,
    Triple,
}

/// A growing set of terms, numbered consecutively from 0 in the order of insertion.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    numbers: HashTable<u32>,
    text: String,
    ends: Vec<usize>,
    forms: Vec<u32>,
    tags: LiteralTags,
}

/// An immutable table of terms.
#[derive(Debug)]
pub(super) struct TermTable {
    /// The concatenated texts of all terms.
    pub text: ByteArray,
    /// The end offset of each text, as the lower and the upper half of the number.
    pub ends: NumberArray,
    pub forms: NumberArray,
    /// A hash table of term numbers, each stored plus one, with linear probing.
    pub table: NumberArray,
    pub tags: LiteralTags,
}

/// The datatypes and languages of literals.
#[derive(Debug, Default)]
pub(super) struct LiteralTags {
    list: Vec<LiteralTag>,
    languages: FxHashMap<String, u32>,
    datatypes: FxHashMap<String, u32>,
    triples: TripleTerms,
}

/// The datatype of a literal, its language with its base direction, or a triple term in the syntax of N-Triples.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum LiteralTag {
    Language(String),
    Datatype(String),
    Triple(String),
}

impl Dictionary {
    /// Returns the number of terms.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the number of a term, adding the term if it is new.
    pub(super) fn number(&mut self, term: TermRef<'_>) -> u32 {
        let (form, text) = match term {
            TermRef::Literal(literal) => (self.tags.form_of(literal), literal.value()),
            #[cfg(feature = "rdf-12")]
            TermRef::Triple(triple) => (self.tags.form_of_triple(triple), ""),
            term => form_and_text(term),
        };
        let Self { numbers, text: texts, ends, forms, .. } = self;
        let known = |number: u32| text_of(texts, ends, forms, number);
        let hash = hash_of(form, text);
        if let Some(&number) = numbers.find(hash, |&number| known(number) == Some((form, text))) {
            return number;
        }
        let number = u32::try_from(ends.len()).unwrap_or(u32::MAX);
        numbers.insert_unique(hash, number, |&number| {
            known(number).map_or(0, |(form, text)| hash_of(form, text))
        });
        texts.push_str(text);
        ends.push(texts.len());
        forms.push(form);
        number
    }

    /// Converts to an immutable table.
    pub(super) fn finish(self) -> TermTable {
        let Self { text, ends, forms, tags, numbers } = self;
        drop(numbers);
        let mut table = vec![0_u32; (2 * ends.len()).next_power_of_two()];
        let mut start = 0;
        for ((number, &end), &form) in (1..).zip(&ends).zip(&forms) {
            let hash = hash_of(form, text.get(start..end).unwrap_or_default());
            let place = places(hash, table.len()).find(|&place| table.get(place) == Some(&0));
            if let Some(place) = place.and_then(|place| table.get_mut(place)) {
                *place = number;
            }
            start = end;
        }
        #[expect(clippy::cast_possible_truncation, reason = "the two halves of a number")]
        let halves = |end: usize| [end as u32, (end as u64 >> 32) as u32];
        TermTable {
            text: ByteArray::Own(text.into_bytes()),
            ends: NumberArray::Own(ends.into_iter().flat_map(halves).collect()),
            forms: NumberArray::Own(forms),
            table: NumberArray::Own(table),
            tags,
        }
    }
}

fn text_of<'a>(
    texts: &'a str,
    ends: &[usize],
    forms: &[u32],
    number: u32,
) -> Option<(u32, &'a str)> {
    let number = number as usize;
    let start = match number.checked_sub(1) {
        Some(before) => *ends.get(before)?,
        None => 0,
    };
    Some((*forms.get(number)?, texts.get(start..*ends.get(number)?)?))
}

impl TermTable {
    /// Returns the number of terms.
    pub(super) fn len(&self) -> usize {
        self.forms.as_slice().len()
    }

    /// Returns the number of a term, or `None` if it is not in the table.
    pub(super) fn number(&self, term: TermRef<'_>) -> Option<u32> {
        let (form, text) = match term {
            TermRef::Literal(literal) => (self.tags.known_form_of(literal)?, literal.value()),
            #[cfg(feature = "rdf-12")]
            TermRef::Triple(triple) => (self.tags.triples.form_of(triple)?, ""),
            term => form_and_text(term),
        };
        let table = self.table.as_slice();
        places(hash_of(form, text), table.len())
            .map_while(|place| table.get(place)?.checked_sub(1))
            .find(|&number| self.get(number) == Some((form, text)))
    }

    /// Converts back to a dictionary, to which terms can be added.
    pub(super) fn to_dictionary(&self) -> Dictionary {
        let mut dictionary = Dictionary::default();
        for number in 0..self.len() {
            let term = u32::try_from(number).ok().and_then(|number| self.term(number));
            term.map(|term| dictionary.number(term));
        }
        dictionary
    }

    /// Returns the kind of the term with a number, or `None` if there is none.
    pub(super) fn kind(&self, number: u32) -> Option<TermKind> {
        Some(match self.forms.get(number as usize)? {
            IRI => TermKind::NamedNode,
            BLANK_NODE => TermKind::BlankNode,
            SIMPLE_LITERAL => TermKind::Literal,
            tagged => match self.tags.list.get((tagged - TAGGED_LITERAL) as usize)? {
                LiteralTag::Triple(_) => TermKind::Triple,
                _ => TermKind::Literal,
            },
        })
    }

    /// Returns the term with a number, or `None` if there is none.
    pub(super) fn term(&self, number: u32) -> Option<TermRef<'_>> {
        let (form, text) = self.get(number)?;
        Some(match form {
            IRI => NamedNodeRef::new_unchecked(text).into(),
            BLANK_NODE => BlankNodeRef::new_unchecked(text).into(),
            SIMPLE_LITERAL => LiteralRef::new_simple_literal(text).into(),
            tagged => match self.tags.list.get((tagged - TAGGED_LITERAL) as usize)? {
                LiteralTag::Language(tag) => language_tagged(text, tag).into(),
                LiteralTag::Datatype(datatype) => {
                    let datatype = NamedNodeRef::new_unchecked(datatype);
                    LiteralRef::new_typed_literal(text, datatype).into()
                }
                LiteralTag::Triple(_) => self.tags.triples.term(tagged)?,
            },
        })
    }

    fn get(&self, number: u32) -> Option<(u32, &str)> {
        let number = number as usize;
        let end = |number: usize| {
            let &[lower, upper] = self.ends.as_pairs().get(number)?;
            usize::try_from(u64::from(upper) << 32 | u64::from(lower)).ok()
        };
        let start = match number.checked_sub(1) {
            Some(before) => end(before)?,
            None => 0,
        };
        let text = self.text.as_slice().get(start..end(number)?)?;
        Some((self.forms.get(number)?, str::from_utf8(text).ok()?))
    }
}

impl LiteralTags {
    #[cfg(feature = "disk")]
    pub(super) fn new(list: Vec<LiteralTag>) -> Self {
        let mut tags = Self::default();
        for tag in list {
            tags.add(tag);
        }
        tags
    }

    #[cfg(feature = "disk")]
    pub(super) fn list(&self) -> &[LiteralTag] {
        &self.list
    }

    fn known_form_of(&self, literal: LiteralRef<'_>) -> Option<u32> {
        if let Some(tag) = tag_of(literal) {
            self.languages.get(&*tag).copied()
        } else if literal.datatype() == xsd::STRING {
            Some(SIMPLE_LITERAL)
        } else {
            self.datatypes.get(literal.datatype().as_str()).copied()
        }
    }

    fn form_of(&mut self, literal: LiteralRef<'_>) -> u32 {
        self.known_form_of(literal).unwrap_or_else(|| {
            self.add(match tag_of(literal) {
                Some(tag) => LiteralTag::Language(tag.into_owned()),
                None => LiteralTag::Datatype(literal.datatype().as_str().to_owned()),
            })
        })
    }

    #[cfg(feature = "rdf-12")]
    fn form_of_triple(&mut self, triple: &oxigraph::model::Triple) -> u32 {
        let known = self.triples.form_of(triple);
        known.unwrap_or_else(|| self.add(LiteralTag::Triple(triple.to_string())))
    }

    fn add(&mut self, tag: LiteralTag) -> u32 {
        let count = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let form = count.saturating_add(TAGGED_LITERAL);
        match &tag {
            LiteralTag::Language(language) => self.languages.insert(language.clone(), form),
            LiteralTag::Datatype(datatype) => self.datatypes.insert(datatype.clone(), form),
            LiteralTag::Triple(text) => self.triples.add(text, form),
        };
        self.list.push(tag);
        form
    }
}

/// Returns the form and the text of a term that is not a literal.
fn form_and_text(term: TermRef<'_>) -> (u32, &str) {
    match term {
        TermRef::NamedNode(node) => (IRI, node.as_str()),
        TermRef::BlankNode(node) => (BLANK_NODE, node.as_str()),
        TermRef::Literal(literal) => (SIMPLE_LITERAL, literal.value()),
        #[cfg(feature = "rdf-12")]
        TermRef::Triple(_) => (SIMPLE_LITERAL, ""),
    }
}

/// Returns the probe sequence for a hash in a table whose size, `count`, is a power of two.
fn places(hash: u64, count: usize) -> impl Iterator<Item = usize> {
    #[expect(clippy::cast_possible_truncation, reason = "any of the bits will do")]
    let first = hash as usize;
    (0..count).map(move |i| first.wrapping_add(i) & (count - 1))
}

pub(super) fn hash_of(form: u32, text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u32(form);
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::{BlankNode, Literal, NamedNode, Term};

    #[test]
    fn a_term_has_one_number_and_comes_back_as_it_was() {
        let datatype = NamedNode::new_unchecked("x:a");
        let terms: Vec<Term> = vec![
            datatype.clone().into(),
            BlankNode::new_unchecked("x:a").into(),
            Literal::new_simple_literal("x:a").into(),
            Literal::new_typed_literal("x:a", datatype.clone()).into(),
            Literal::new_typed_literal("x:a", NamedNode::new_unchecked("en")).into(),
            Literal::new_language_tagged_literal_unchecked("x:a", "en").into(),
            Literal::new_language_tagged_literal_unchecked("x:a", "de").into(),
            Literal::new_simple_literal("").into(),
            Literal::new_typed_literal("", datatype).into(),
            Literal::new_simple_literal("\u{0}ü").into(),
        ];
        let mut dictionary = Dictionary::default();
        for _ in 0..2 {
            for (i, term) in terms.iter().enumerate() {
                assert_eq!(dictionary.number(term.as_ref()) as usize, i, "{term}");
            }
        }
        assert_eq!(dictionary.len(), terms.len());
        let dictionary = dictionary.finish();
        for (i, term) in (0..).zip(&terms) {
            assert_eq!(dictionary.number(term.as_ref()), Some(i), "{term}");
            assert_eq!(dictionary.term(i), Some(term.as_ref()));
        }
        assert_eq!(dictionary.len(), terms.len());
        assert_eq!(dictionary.term(u32::MAX), None);
        let other = Literal::new_language_tagged_literal_unchecked("x:a", "fr");
        assert_eq!(dictionary.number(other.as_ref().into()), None);
    }
}
