//! The quads of the built-in dossier as parsing makes them, so that a start parses no RDF. A test compares them with the
//! files of the dossier, and `docs/contributing.md` has the command that writes them.

use super::survey::Survey;
use crate::dossier::Dossier;
use oxigraph::model::{BlankNode, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term};
use std::collections::BTreeSet;

static ENCODED: &[u8] = include_bytes!("built_in.bin");

/// The quads of a dossier's files in the order in which they are inserted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ParsedQuads {
    pub data: Vec<Quad>,
    pub ontology: Vec<Quad>,
    /// The language tags, as written, that were converted to lower case.
    pub lowercased_tags: BTreeSet<String>,
}

/// The first byte of an encoded term.
mod kind {
    pub(super) const IRI: u8 = 0;
    pub(super) const BLANK_NODE: u8 = 1;
    pub(super) const STRING: u8 = 2;
    pub(super) const LANGUAGE: u8 = 3;
    pub(super) const TYPED: u8 = 4;
}

/// The number that stands for the default graph. The others are one more than the position of their term.
const DEFAULT_GRAPH: u32 = 0;

impl ParsedQuads {
    /// Returns the quads of the built-in dossier, or `None` for any other dossier.
    pub(super) fn of_built_in(dossier: &Dossier) -> Option<Self> {
        if *dossier == Dossier::built_in() { Self::decode(ENCODED) } else { None }
    }

    /// Returns all quads, those of the data first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Quad> {
        self.data.iter().chain(&self.ontology)
    }

    /// Surveys the quads.
    pub(super) fn survey(&self) -> Survey {
        Survey::of(self.data.len() + self.ontology.len(), self.iter())
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader { bytes };
        let mut lowercased_tags = BTreeSet::new();
        for _ in 0..reader.number()? {
            lowercased_tags.insert(reader.text()?);
        }
        let mut terms = Vec::new();
        for _ in 0..reader.number()? {
            terms.push(reader.term()?);
        }
        let data = reader.quads(&terms)?;
        let ontology = reader.quads(&terms)?;
        reader.bytes.is_empty().then_some(Self { data, ontology, lowercased_tags })
    }
}

/// The rest of the encoded bytes.
struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(u32::from_le_bytes(*number))
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        std::str::from_utf8(text).ok().map(str::to_owned)
    }

    fn term(&mut self) -> Option<Term> {
        let (kind, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        let text = self.text()?;
        Some(match *kind {
            kind::IRI => NamedNode::new_unchecked(text).into(),
            kind::BLANK_NODE => BlankNode::new_unchecked(text).into(),
            kind::STRING => Literal::new_simple_literal(text).into(),
            kind::LANGUAGE => {
                Literal::new_language_tagged_literal_unchecked(text, self.text()?).into()
            }
            kind::TYPED => {
                Literal::new_typed_literal(text, NamedNode::new_unchecked(self.text()?)).into()
            }
            _ => return None,
        })
    }

    fn quads(&mut self, terms: &[Term]) -> Option<Vec<Quad>> {
        let length = self.number()?;
        let mut quads = Vec::with_capacity(usize::try_from(length).ok()?.min(self.bytes.len()));
        for _ in 0..length {
            quads.push(self.quad(terms)?);
        }
        Some(quads)
    }

    fn quad(&mut self, terms: &[Term]) -> Option<Quad> {
        let mut next = || {
            let number = self.number()?.checked_sub(DEFAULT_GRAPH + 1);
            Some(number.and_then(|position| terms.get(usize::try_from(position).ok()?)))
        };
        let (subject, predicate, object, graph) = (next()??, next()??, next()??, next()?);
        Some(Quad {
            subject: NamedOrBlankNode::try_from(subject.clone()).ok()?,
            predicate: NamedNode::try_from(predicate.clone()).ok()?,
            object: object.clone(),
            graph_name: match graph {
                Some(name) => NamedOrBlankNode::try_from(name.clone()).ok()?.into(),
                None => GraphName::DefaultGraph,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::vocab::xsd;
    use std::collections::HashMap;

    impl ParsedQuads {
        /// Encodes the quads as they are committed.
        pub(in crate::engine) fn encode(&self) -> Vec<u8> {
            let mut writer = Writer::default();
            let quads = [&self.data, &self.ontology]
                .map(|quads| quads.iter().map(|quad| writer.quad(quad)).collect::<Vec<[u32; 4]>>());
            let mut bytes = Vec::new();
            push_number(&mut bytes, self.lowercased_tags.len());
            for tag in &self.lowercased_tags {
                push_text(&mut bytes, tag);
            }
            push_number(&mut bytes, writer.numbers.len());
            bytes.append(&mut writer.terms);
            for quads in quads {
                push_number(&mut bytes, quads.len());
                bytes.extend(quads.as_flattened().iter().flat_map(|number| number.to_le_bytes()));
            }
            bytes
        }
    }

    /// The terms so far, and their numbers.
    #[derive(Default)]
    struct Writer {
        terms: Vec<u8>,
        numbers: HashMap<Term, u32>,
    }

    impl Writer {
        fn quad(&mut self, quad: &Quad) -> [u32; 4] {
            [
                self.term(quad.subject.clone().into()),
                self.term(quad.predicate.clone().into()),
                self.term(quad.object.clone()),
                match quad.graph_name.clone() {
                    GraphName::DefaultGraph => DEFAULT_GRAPH,
                    GraphName::NamedNode(name) => self.term(name.into()),
                    GraphName::BlankNode(name) => self.term(name.into()),
                },
            ]
        }

        fn term(&mut self, term: Term) -> u32 {
            let next = u32::try_from(self.numbers.len()).unwrap() + DEFAULT_GRAPH + 1;
            if let Some(number) = self.numbers.get(&term) {
                return *number;
            }
            let (kind, texts) = match &term {
                Term::NamedNode(node) => (kind::IRI, vec![node.as_str()]),
                Term::BlankNode(node) => (kind::BLANK_NODE, vec![node.as_str()]),
                Term::Literal(literal) => match (literal.language(), literal.datatype()) {
                    (Some(language), _) => (kind::LANGUAGE, vec![literal.value(), language]),
                    (None, xsd::STRING) => (kind::STRING, vec![literal.value()]),
                    (None, datatype) => (kind::TYPED, vec![literal.value(), datatype.as_str()]),
                },
                #[cfg(feature = "rdf-12")]
                Term::Triple(_) => panic!("the built-in dossier has no triple terms"),
            };
            self.terms.push(kind);
            for text in texts {
                push_text(&mut self.terms, text);
            }
            self.numbers.insert(term, next);
            next
        }
    }

    fn push_number(bytes: &mut Vec<u8>, number: usize) {
        bytes.extend(u32::try_from(number).unwrap().to_le_bytes());
    }

    fn push_text(bytes: &mut Vec<u8>, text: &str) {
        push_number(bytes, text.len());
        bytes.extend(text.bytes());
    }

    #[test]
    fn damaged_bytes_are_not_decoded() {
        assert!(ParsedQuads::decode(ENCODED).is_some());
        for length in 0..ENCODED.len() {
            assert_eq!(ParsedQuads::decode(&ENCODED[..length]), None, "{length}");
        }
    }
}
