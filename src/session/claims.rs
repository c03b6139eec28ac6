//! The claims of the data: their quotes, located in the texts, and the passages of the texts.

use super::Session;
use crate::cite::Citation;
use crate::claim::{
    Claim, ClaimKind, DocumentMetadata, Reference, Texts, passages, place_of_quote,
};
use crate::diagnostic::Result;
use crate::dossier::{Document, Part, last_part};
use crate::engine::read_dossier;
use crate::vocabulary::{dcterms, dos, prov, rdf};
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The capacity of the cache of documents.
pub(super) const MOST_DOCUMENTS: usize = 1 << 16;

/// The capacity of the cache of graphs: the same as for triples and their graphs.
pub(super) const MOST_GRAPHS: usize = 1 << 18;

impl Session {
    /// Returns a claim by name. The positions of its quotes come from the texts: the passages need not be in the store.
    ///
    /// # Errors
    /// Fails if the store fails or a text cannot be read.
    pub fn claim(&self, name: &NamedNode) -> Result<Claim> {
        let said = self.store.properties_of(name.as_ref().into())?;
        let texts = self.texts_for(&said)?;
        let mut claim = Claim::read(name.clone(), said, texts);
        if let Some(document) = claim.documents.first() {
            claim.source = Some(self.source(document)?);
        }
        Ok(claim)
    }

    /// Returns what a citation of a graph refers to. The result is cached, because the same claims support many
    /// answers.
    ///
    /// # Errors
    /// Fails if the store fails or a text cannot be read.
    pub fn reference(&self, graph: &NamedNode) -> Result<Arc<Reference>> {
        self.references.get_or_find(graph, || {
            let claim = self.claim(graph)?;
            let reference = if claim.has_evidence() {
                Reference::Claim(claim)
            } else {
                Reference::Graph { name: claim.name, label: self.title(graph.as_ref())? }
            };
            Ok((graph.clone(), Arc::new(reference)))
        })
    }

    /// Returns the evidence of citations as quads: the triples in their stating graphs, and the statements about these
    /// claims and their documents.
    ///
    /// # Errors
    /// Fails if the store fails.
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
            let claim = self.claim(graph)?;
            if claim.kind == ClaimKind::Claim {
                things.insert(claim.name);
                things.extend(claim.documents);
            }
        }
        let things: Vec<NamedNode> = things.into_iter().collect();
        for triple in self.store.triples_of(&things)? {
            quads.push(triple.in_graph(GraphName::DefaultGraph));
        }
        Ok(quads)
    }

    /// Adds the passages of the documents and the positions of the quotes to the store, if they are missing. They are
    /// computed on first use: most queries never use them, and have the same results without them.
    pub(super) fn load_passages(&self) -> Result<()> {
        if self.has_passages() {
            return Ok(());
        }
        let texts = self.texts()?;
        let mut quads = Vec::new();
        for document in self.store.things(rdf::TYPE, dos::DOCUMENT_CLASS.into())? {
            let Ok(text) = texts.of(document.as_str()) else { continue };
            quads.extend(passages(&document, text));
            for thing in self.store.subjects(dos::DOCUMENT, document.as_ref().into())? {
                let said = self.store.properties_of(thing.as_ref())?;
                quads.extend(place_of_quote(&thing, said, texts));
            }
        }
        self.store.add(&quads)?;
        let _ = self.passages.set(());
        Ok(())
    }

    /// Returns the texts of the documents, read and split into passages on first use.
    pub(crate) fn texts(&self) -> Result<&Texts> {
        if let Some(texts) = self.texts.get() {
            return Ok(texts);
        }
        let documents = self.store.things(rdf::TYPE, dos::DOCUMENT_CLASS.into())?;
        let documents = || documents.iter().map(NamedNode::as_str);
        let mut texts = self.all_texts()?.of_documents(documents());
        let parts = self.dossier.parts();
        if !parts.is_empty() && !texts.shared().is_empty() {
            // A document of one dossier has nothing to do with the text of another.
            texts = texts_of_parts(parts, texts.shared())?.of_documents(documents());
        }
        Ok(self.texts.get_or_init(|| texts))
    }

    fn all_texts(&self) -> Result<&Texts> {
        if let Some(texts) = self.all_texts.get() {
            return Ok(texts);
        }
        let texts = match self.dossier.parts() {
            [] => Texts::new(self.dossier.documents()?),
            parts => texts_of_parts(parts, &BTreeSet::new())?,
        };
        Ok(self.all_texts.get_or_init(|| texts))
    }

    /// Returns the texts that statements about a claim may refer to. The list of documents is looked up only if it
    /// matters.
    fn texts_for(&self, said: &[(NamedNode, Term)]) -> Result<&Texts> {
        let texts = self.all_texts()?;
        let has_text = |(property, value): &(NamedNode, Term)| {
            property.as_ref() == dos::DOCUMENT
                && matches!(value, Term::NamedNode(document) if texts.has(document.as_str()))
        };
        if said.iter().any(has_text) { self.texts() } else { Ok(texts) }
    }

    /// Returns the metadata of a document. It is cached, because most documents have many claims.
    pub(crate) fn source(&self, document: &NamedNode) -> Result<Arc<DocumentMetadata>> {
        self.sources.get_or_find(document, || {
            let title = self.title(document.as_ref())?;
            let sources = self.store.iris(document.as_ref().into(), prov::WAS_DERIVED_FROM)?;
            let derived_from = sources.into_iter().next();
            Ok((document.clone(), Arc::new(DocumentMetadata { title, derived_from })))
        })
    }

    /// Returns the title of a document: `dcterms:title`, or else its label.
    pub(crate) fn title(&self, document: NamedNodeRef<'_>) -> Result<Option<String>> {
        Ok(match self.best_text(document, &[dcterms::TITLE])? {
            None => self.label(document)?,
            title => title,
        })
    }
}

/// Returns the texts of several dossiers. If texts of several have the same name, or it is `shared` by documents, each is
/// that of the document with this name that its own dossier describes.
fn texts_of_parts(parts: &[Part], shared: &BTreeSet<String>) -> Result<Texts> {
    let mut of_name: BTreeMap<String, Vec<(&Part, Document)>> = BTreeMap::new();
    for part in parts {
        for (name, text) in part.dossier.documents()? {
            of_name.entry(name).or_default().push((part, text));
        }
    }
    let (mut texts, mut of_documents) = (Vec::new(), BTreeMap::new());
    for (name, mut with_name) in of_name {
        if with_name.len() == 1 && !shared.contains(&name) {
            texts.extend(with_name.pop().map(|(_, text)| (name, text)));
            continue;
        }
        for (part, text) in with_name {
            let (quads, _) = read_dossier(&part.dossier)?;
            let documents = quads.iter().filter(|quad| {
                quad.predicate == rdf::TYPE && quad.object == Term::from(dos::DOCUMENT_CLASS)
            });
            for document in documents {
                if let NamedOrBlankNode::NamedNode(iri) = &document.subject
                    && last_part(iri.as_str()) == name
                {
                    of_documents.entry(iri.as_str().to_owned()).or_insert_with(|| text.clone());
                }
            }
        }
    }
    Ok(Texts::new(texts).with_texts_of(of_documents))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Misplaced;
    use crate::dossier::{Dossier, NotOneQuote, PassageLocator, PassagePart};
    use crate::session::Data;

    fn claim(name: &str) -> Claim {
        let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
        session.claim(&session.prefixes().expand(name).unwrap()).unwrap()
    }

    #[test]
    fn a_claim_has_its_quote_and_its_place() {
        let founders = claim("claim:founding-members");
        let source = founders.source.as_ref().unwrap();
        assert_eq!(source.title.as_deref(), Some("Shanghai Cooperation Organisation"));
        let page = source.derived_from.as_ref().unwrap();
        assert!(page.as_str().starts_with("https://dig.watch/"));
        assert!(founders.notes[0].contains("members from its creation"));
        let place = |part| PassageLocator { page: None, part };
        let sentence = PassagePart::Sentence { paragraph: 1, sentence: 1 };
        assert_eq!(founders.passages(), [place(sentence)]);
        let title = claim("claim:title");
        assert_eq!(title.passages(), [place(PassagePart::HeaderLine(1))]);
        assert_eq!(title.place().unwrap().characters, 0..33);
        assert!(title.notes.is_empty());
    }

    #[test]
    fn a_quote_without_a_place_is_still_evidence() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/read.in");
        let session = Session::open(Dossier::open(&folder).unwrap(), &Data::Dossier).unwrap();
        let absent = Misplaced::Text(NotOneQuote::Absent);
        let ambiguous = Misplaced::Text(NotOneQuote::Ambiguous(3));
        for (name, quote, why) in [
            ("g:c4", "roses", absent),
            ("g:c5", "garden", ambiguous),
            ("g:c6", "beans", Misplaced::Quotes(2)),
        ] {
            let claim = session.claim(&session.prefixes().expand(name).unwrap()).unwrap();
            assert!(claim.has_evidence());
            assert_eq!(claim.quotes[0].text, quote);
            assert_eq!((claim.place(), claim.passages()), (Err(why), &[][..]));
        }
    }

    #[test]
    fn what_is_no_claim_has_no_evidence() {
        for name in ["sco:SCO", "sco:omission-update", "dos:Claim"] {
            assert!(!claim(name).has_evidence());
        }
    }
}
