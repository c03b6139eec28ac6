//! The evidence of a claim: its quote, and where in which document that stands.

use super::Session;
use crate::answer::write::Described;
use crate::cite::{Citation, Evidence};
use crate::dossier::{Document, last_part, shared_names, text_of};
use crate::engine::Misplaced;
use crate::error::Result;
use crate::vocabulary::{dcterms, dos, prov, rdf, rdfs, skos};
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, Quad};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many documents are remembered.
pub(super) const MOST_DOCUMENTS: usize = 1 << 16;

/// How many graphs are remembered with what is known of them: as many as triples with their graphs.
pub(super) const MOST_GRAPHS: usize = 1 << 18;

/// What is known about a document.
#[derive(Debug)]
pub(super) struct About {
    title: Option<String>,
    derived_from: Option<NamedNode>,
}

impl Session {
    /// The evidence of a claim, by the name of its graph. It comes from the texts themselves: the passages need not
    /// be in the store.
    ///
    /// Nothing if the graph is no claim, or a claim that does not say what it quotes. Of a claim with two quotes or
    /// documents, which `check` reports, it is the first, and it has no place.
    ///
    /// # Errors
    /// If the store fails or a text cannot be read.
    pub fn evidence(&self, graph: NamedNodeRef<'_>) -> Result<Option<Evidence>> {
        let quotation = self.store.quotation(graph.into())?;
        let (true, Some(document), Some(quote)) =
            (quotation.is_claim, quotation.documents.first(), quotation.quotes.first())
        else {
            return Ok(None);
        };
        let about = self.about(document)?;
        let located = match self.text(document.as_ref())? {
            _ if quotation.documents.len() > 1 => {
                Err(Misplaced::Documents(quotation.documents.len()))
            }
            Ok(text) => quotation.locate(text).map(|span| (text, span)),
            Err(misplaced) => Err(misplaced),
        };
        let span = located.as_ref().ok();
        let places = span.iter().flat_map(|(text, span)| text.passages_at(span.clone()));
        Ok(Some(Evidence {
            claim: graph.into_owned(),
            title: about.title.clone(),
            derived_from: about.derived_from.clone(),
            places: places.map(|passage| passage.place).collect(),
            characters: span.map(|(text, span)| text.characters(span.clone())),
            misplaced: located.as_ref().err().copied(),
            document: document.clone(),
            quote: quote.clone(),
            readings: quotation.readings,
        }))
    }

    /// What is known of a graph that is cited: its evidence if it is a claim, else what it is called. It is remembered:
    /// the same claims support many answers.
    ///
    /// # Errors
    /// If the store fails or a text cannot be read.
    pub fn described(&self, graph: &NamedNode) -> Result<Arc<Described>> {
        self.described.get_or_find(graph, || {
            let evidence = self.evidence(graph.as_ref())?;
            let label = match evidence {
                Some(_) => None,
                None => self.title(graph.as_ref())?,
            };
            Ok((graph.clone(), Arc::new(Described { evidence, label })))
        })
    }

    /// What citations rest on, as quads: the triples in the graphs that state them, what is said of these claims, and
    /// of the documents that they quote.
    ///
    /// # Errors
    /// If the store fails.
    pub fn cited_quads<'a>(
        &self,
        citations: impl IntoIterator<Item = &'a Citation>,
    ) -> Result<Vec<Quad>> {
        let mut quads = Vec::new();
        let mut graphs: BTreeSet<&NamedNode> = BTreeSet::new();
        let triples = citations
            .into_iter()
            .flat_map(|citation| &citation.derivations)
            .flat_map(|derivation| &derivation.triples);
        for cited in triples {
            for graph in cited.graphs.iter() {
                quads.push(cited.triple.as_ref().clone().in_graph(graph.clone()));
                graphs.insert(graph);
            }
        }
        let mut things: BTreeSet<NamedNode> = BTreeSet::new();
        for graph in graphs {
            let quotation = self.store.quotation(graph.as_ref().into())?;
            if quotation.is_claim {
                things.insert(graph.clone());
                things.extend(quotation.documents);
            }
        }
        let things: Vec<NamedNode> = things.into_iter().collect();
        for triple in self.store.triples_of(&things)? {
            quads.push(triple.in_graph(GraphName::DefaultGraph));
        }
        Ok(quads)
    }

    /// The texts of the documents, read and cut into passages when something first asks for them.
    pub(crate) fn documents(&self) -> Result<&[(String, Document)]> {
        if self.documents.get().is_none() {
            let _ = self.documents.set(self.dossier.documents()?);
        }
        Ok(self.documents.get().map(Vec::as_slice).unwrap_or_default())
    }

    /// The text of a document, or why it has none of its own.
    pub(crate) fn text(
        &self,
        document: NamedNodeRef<'_>,
    ) -> Result<std::result::Result<&Document, Misplaced>> {
        let Some(text) = text_of(self.documents()?, document.as_str()) else {
            return Ok(Err(Misplaced::NoText));
        };
        if self.shared_texts.get().is_none() {
            let documents = self.store.things(rdf::TYPE, dos::DOCUMENT_CLASS.into())?;
            let _ = self.shared_texts.set(shared_names(documents.iter().map(NamedNode::as_str)));
        }
        let name = last_part(document.as_str());
        let is_shared = self.shared_texts.get().is_some_and(|shared| shared.contains(name));
        Ok(if is_shared { Err(Misplaced::SharedText) } else { Ok(text) })
    }

    /// What a document is called and derived from. It is looked up once: most documents have many claims.
    fn about(&self, document: &NamedNode) -> Result<Arc<About>> {
        self.about.get_or_find(document, || {
            let title = self.title(document.as_ref())?;
            let derived_from = self.derived_from(document.as_ref())?;
            Ok((document.clone(), Arc::new(About { title, derived_from })))
        })
    }

    /// What a document is derived from.
    pub(crate) fn derived_from(&self, document: NamedNodeRef<'_>) -> Result<Option<NamedNode>> {
        Ok(self.store.iris(document.into(), prov::WAS_DERIVED_FROM)?.into_iter().next())
    }

    /// The title of a document: `dcterms:title`, else its label.
    pub(crate) fn title(&self, document: NamedNodeRef<'_>) -> Result<Option<String>> {
        self.best_text(document, &[dcterms::TITLE, skos::PREF_LABEL, rdfs::LABEL])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::{Dossier, NotOneQuote, Place};
    use crate::session::Data;

    fn evidence(claim: &str) -> Option<Evidence> {
        let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
        let claim = session.prefixes().expand(claim).unwrap();
        session.evidence(claim.as_ref()).unwrap()
    }

    #[test]
    fn a_claim_has_its_quote_and_its_place() {
        let founders = evidence("claim:founding-members").unwrap();
        assert_eq!(founders.title.as_deref(), Some("Shanghai Cooperation Organisation"));
        assert!(founders.derived_from.unwrap().as_str().starts_with("https://dig.watch/"));
        assert!(founders.readings[0].contains("members from its creation"));
        assert_eq!(founders.places, [Place::Sentence { paragraph: 1, sentence: 1 }]);
        let title = evidence("claim:title").unwrap();
        assert_eq!(title.places, [Place::HeaderLine(1)]);
        assert_eq!(title.characters, Some(0..33));
        assert!(title.readings.is_empty());
        assert_eq!(title.misplaced, None);
    }

    #[test]
    fn a_quote_without_a_place_is_still_evidence() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/read.in");
        let session = Session::open(Dossier::open(&folder).unwrap(), &Data::Dossier).unwrap();
        let absent = Misplaced::Text(NotOneQuote::Absent);
        let ambiguous = Misplaced::Text(NotOneQuote::Ambiguous(3));
        for (claim, quote, why) in [
            ("g:c4", "roses", absent),
            ("g:c5", "garden", ambiguous),
            ("g:c6", "beans", Misplaced::Quotes(2)),
        ] {
            let claim = session.prefixes().expand(claim).unwrap();
            let evidence = session.evidence(claim.as_ref()).unwrap().unwrap();
            assert_eq!((evidence.quote.as_str(), evidence.places.len()), (quote, 0));
            assert_eq!(evidence.characters, None);
            assert_eq!(evidence.misplaced, Some(why));
        }
    }

    #[test]
    fn what_is_no_claim_has_no_evidence() {
        assert_eq!(evidence("sco:SCO"), None);
        assert_eq!(evidence("sco:omission-update"), None);
        assert_eq!(evidence("dos:Claim"), None);
    }
}
