//! What a claim or an omission quotes, as the store says it.

use super::Store;
use crate::dossier::{Document, NotOneQuote};
use crate::error::Result;
use crate::vocabulary::{dos, oa, rdf};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNodeRef, Term};
use std::fmt;
use std::ops::Range;

/// What a claim or an omission says about its quote. A sound one has one document and one quote; of a broken one all
/// that is said is here, so that it can be told what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quotation {
    /// Whether it is a claim.
    pub is_claim: bool,
    /// The documents, in the order of their IRIs.
    pub documents: Vec<NamedNode>,
    /// The quotes.
    pub quotes: Vec<String>,
    /// What stands right before the quote.
    pub prefix: String,
    /// What stands right after the quote.
    pub suffix: String,
    /// What had to be read into the quote.
    pub readings: Vec<String>,
    /// Why it is left out.
    pub reasons: Vec<String>,
}

/// Why a claim or an omission has no place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misplaced {
    /// It has this many quotes, and not one.
    Quotes(usize),
    /// It has this many documents, more than one.
    Documents(usize),
    /// The text of its document is not here.
    NoText,
    /// Its document and another one have one name for their texts.
    SharedText,
    /// Its quote does not stand in the text once.
    Text(NotOneQuote),
}

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quotes(0) => f.write_str("it quotes nothing"),
            Self::Quotes(count) => write!(f, "it has {count} quotes"),
            Self::Documents(count) => write!(f, "it has {count} documents"),
            Self::NoText => f.write_str("the text of its document is not here"),
            Self::SharedText => {
                f.write_str("its document shares the name of its text with another")
            }
            Self::Text(NotOneQuote::Absent) => f.write_str("its quote does not stand in the text"),
            Self::Text(NotOneQuote::Ambiguous(count)) => {
                write!(f, "its quote stands {count} times in the text")
            }
        }
    }
}

impl Quotation {
    /// Where the one quote stands in a text: bytes of it.
    ///
    /// # Errors
    /// If there is not one quote, or it has not one place.
    pub fn locate(&self, document: &Document) -> Result<Range<usize>, Misplaced> {
        match self.quotes.as_slice() {
            [quote] => document.locate(quote, &self.prefix, &self.suffix).map_err(Misplaced::Text),
            quotes => Err(Misplaced::Quotes(quotes.len())),
        }
    }
}

impl Store {
    /// What a claim or an omission quotes. What is no literal, or a document that is no IRI, is left out.
    pub fn quotation(&self, thing: NamedOrBlankNodeRef<'_>) -> Result<Quotation> {
        let mut said = Quotation::default();
        let (mut prefixes, mut suffixes) = (Vec::new(), Vec::new());
        for (property, value) in self.said_of(thing)? {
            let property = property.as_ref();
            match value {
                Term::NamedNode(iri) if property == dos::DOCUMENT => said.documents.push(iri),
                Term::NamedNode(iri) if property == rdf::TYPE => {
                    said.is_claim |= iri.as_ref() == dos::CLAIM;
                }
                Term::Literal(literal) => {
                    let words = match property {
                        dos::QUOTE => &mut said.quotes,
                        dos::READING => &mut said.readings,
                        dos::REASON => &mut said.reasons,
                        oa::PREFIX => &mut prefixes,
                        oa::SUFFIX => &mut suffixes,
                        _ => continue,
                    };
                    words.push(literal.destruct().0);
                }
                _ => {}
            }
        }
        said.documents.sort();
        for words in [&mut said.quotes, &mut said.readings, &mut said.reasons] {
            words.sort();
        }
        said.prefix = prefixes.into_iter().min().unwrap_or_default();
        said.suffix = suffixes.into_iter().min().unwrap_or_default();
        Ok(said)
    }

    /// The values of a property of a thing that are IRIs, in order.
    pub fn iris(
        &self,
        thing: NamedOrBlankNodeRef<'_>,
        property: NamedNodeRef<'_>,
    ) -> Result<Vec<NamedNode>> {
        let values = self.objects(thing, property)?.into_iter();
        let mut iris: Vec<NamedNode> = values
            .filter_map(|value| match value {
                Term::NamedNode(iri) => Some(iri),
                _ => None,
            })
            .collect();
        iris.sort();
        Ok(iris)
    }
}
