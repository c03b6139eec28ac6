//! From texts to what was found: whose texts they are, where they stand, and the claims behind them.

use super::excerpt;
use super::hit::{Hit, HitKind, HitPlace, HitTarget, SearchOptions, SearchResults};
use super::sources::{Source, Sources};
use super::terms::SearchTerm;
use super::text_index::TextMatch;
use crate::cite::cite_graphs;
use crate::claim::{ClaimKind, Reference};
use crate::diagnostic::Result;
use crate::dossier::PassageLocator;
use crate::session::Session;
use crate::vocabulary::{dos, rdf};
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// The most texts that are looked at, the best first.
const MOST_TEXTS: usize = 1024;

/// The most statements with the same text that are looked at.
const MOST_STATEMENTS: usize = 256;

/// Makes hits of the texts in which some words were found.
pub(super) struct Resolver<'s> {
    session: &'s Session,
    terms: &'s [SearchTerm],
    hits: Vec<Hit>,
    seen: FxHashSet<HitTarget>,
    /// The claims and omissions that quote a document, with the byte ranges of their quotes.
    quotes: FxHashMap<NamedNode, Vec<(Range<usize>, NamedNode)>>,
    is_partial: bool,
}

impl<'s> Resolver<'s> {
    pub(super) fn new(session: &'s Session, terms: &'s [SearchTerm]) -> Self {
        Self {
            session,
            terms,
            hits: Vec::new(),
            seen: FxHashSet::default(),
            quotes: FxHashMap::default(),
            is_partial: false,
        }
    }

    /// Returns whether nothing was found so far.
    pub(super) fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// Adds the hits of the texts that match.
    ///
    /// # Errors
    /// Fails if a saved query or a text cannot be read, or the store fails.
    pub(super) fn look_at(&mut self, sources: &Sources, found: Vec<TextMatch>) -> Result<()> {
        self.is_partial |= found.len() > MOST_TEXTS;
        for TextMatch { text, .. } in found.into_iter().take(MOST_TEXTS) {
            match sources.get(text) {
                Some(Source::Query(name)) => self.add_query(name)?,
                Some(Source::Literal(literal)) => self.add_literal(literal)?,
                Some(Source::Nameless(thing)) => self.add_nameless(thing)?,
                Some(Source::Passage(document, at)) => self.add_passage(document, at)?,
                None => {}
            }
        }
        Ok(())
    }

    fn add(&mut self, kind: HitKind, target: HitTarget, place: Option<HitPlace>, text: String) {
        self.hits.push(Hit { kind, target, place, text, marks: Vec::new(), citation: None });
    }

    fn add_query(&mut self, name: &str) -> Result<()> {
        let query = self.session.catalogue().get(name)?;
        let front = &query.front_matter;
        // What is shown is what the words were found in.
        let texts = [&front.summary, &front.description];
        let marked = texts.iter().find(|text| !excerpt::marks(text, self.terms).is_empty());
        let text = marked.map_or(&front.summary, |text| *text).clone();
        self.add(HitKind::Query, HitTarget::Query(name.to_owned()), None, text);
        Ok(())
    }

    /// Adds the things that have a literal, each once: by the text that fits best.
    fn add_literal(&mut self, literal: &Literal) -> Result<()> {
        let store = self.session.store();
        let object = Term::from(literal.clone());
        let mut statements =
            store.some_triples(None, Some(object.as_ref()), None, MOST_STATEMENTS)?;
        self.is_partial |= statements.len() == MOST_STATEMENTS;
        statements.sort_by_cached_key(|triple| {
            (triple.subject.to_string(), triple.predicate.as_str().to_owned())
        });
        for Triple { subject, predicate, .. } in statements {
            let target = HitTarget::Resource(subject.clone());
            if self.seen.contains(&target) {
                continue;
            }
            let Some((kind, place)) = self.kind_of(&subject, Some(predicate))? else { continue };
            self.seen.insert(target.clone());
            self.add(kind, target, place, literal.value().to_owned());
        }
        Ok(())
    }

    /// Returns the kind of a resource, and where its text stands: as the value of a property, or nowhere if it is the name of
    /// the resource. Returns `None` for a passage, which is found by its document.
    fn kind_of(
        &self,
        subject: &NamedOrBlankNode,
        property: Option<NamedNode>,
    ) -> Result<Option<(HitKind, Option<HitPlace>)>> {
        let NamedOrBlankNode::NamedNode(thing) = subject else {
            return Ok(Some((HitKind::Thing, property.map(HitPlace::Property))));
        };
        if let Reference::Claim(claim) = &*self.session.reference(thing)? {
            let kind = match claim.kind {
                ClaimKind::Omission => HitKind::Omission,
                ClaimKind::Claim | ClaimKind::Other => HitKind::Claim,
            };
            let quoted = claim.passages().first().zip(claim.documents.first());
            let place = match property {
                Some(property) if property != dos::QUOTE => Some(HitPlace::Property(property)),
                _ => quoted.map(|(at, document)| HitPlace::Passage(document.clone(), *at)),
            };
            return Ok(Some((kind, place)));
        }
        let classes = self.session.store().objects(thing.as_ref().into(), rdf::TYPE)?;
        let is_of = |class: NamedNodeRef<'_>| classes.contains(&class.into());
        if is_of(dos::PASSAGE_CLASS) {
            return Ok(None);
        }
        let kind = match () {
            () if is_of(dos::DOCUMENT_CLASS) => HitKind::Document,
            () if self.session.ontology()?.rank(thing.as_ref()).is_some() => HitKind::Term,
            () => HitKind::Thing,
        };
        Ok(Some((kind, property.map(HitPlace::Property))))
    }

    /// Adds a resource that was found by the last part of its IRI.
    fn add_nameless(&mut self, thing: &NamedNode) -> Result<()> {
        let target = HitTarget::Resource(thing.clone().into());
        if !self.seen.insert(target.clone()) {
            return Ok(());
        }
        if let Some((kind, place)) = self.kind_of(&thing.clone().into(), None)? {
            let name = self.session.prefixes().show(thing);
            self.add(kind, target, place, name);
        }
        Ok(())
    }

    fn add_passage(&mut self, document: &NamedNode, at: usize) -> Result<()> {
        let text = self.session.text_of(document)?;
        let Some(passage) = text.passages().get(at) else { return Ok(()) };
        let words = text.text()[passage.span.clone()].to_owned();
        let place = HitPlace::Passage(document.clone(), passage.place);
        let target = HitTarget::Resource(document.clone().into());
        self.add(HitKind::Passage, target, Some(place), words);
        Ok(())
    }

    /// Returns what was found: the hits of the kinds that are wanted, without the passages that found claims quote.
    ///
    /// # Errors
    /// Fails if a text cannot be read, or the store fails.
    pub(super) fn finish(
        mut self,
        options: SearchOptions<'_>,
        missing: Vec<(String, Option<String>)>,
    ) -> Result<SearchResults> {
        let quoted: FxHashSet<(NamedNode, PassageLocator)> = self.quoted()?;
        self.hits.retain(|hit| match (&hit.kind, &hit.place) {
            (HitKind::Passage, Some(HitPlace::Passage(document, at))) => {
                !quoted.contains(&(document.clone(), *at))
            }
            _ => true,
        });
        let mut counts = [0_usize; HitKind::ALL.len()];
        let is_wanted = |kind| options.kinds.is_empty() || options.kinds.contains(&kind);
        self.hits.retain(|hit| {
            let count = &mut counts[hit.kind as usize];
            *count += 1;
            is_wanted(hit.kind) && *count <= options.most
        });
        self.hits.sort_by_key(|hit| hit.kind);
        for hit in &mut self.hits {
            hit.marks = excerpt::marks(&hit.text, self.terms);
        }
        let omitted = HitKind::ALL.into_iter().zip(counts).filter_map(|(kind, count)| {
            let more =
                count.checked_sub(options.most).filter(|more| *more > 0 && is_wanted(kind))?;
            Some((kind, more))
        });
        let omitted = omitted.collect();
        if options.cite {
            self.cite()?;
        }
        Ok(SearchResults { hits: self.hits, omitted, is_partial: self.is_partial, missing })
    }

    /// Returns the passages that the claims and omissions quote that were found.
    fn quoted(&self) -> Result<FxHashSet<(NamedNode, PassageLocator)>> {
        let mut quoted = FxHashSet::default();
        for hit in &self.hits {
            let (
                HitKind::Claim | HitKind::Omission,
                HitTarget::Resource(NamedOrBlankNode::NamedNode(claim)),
            ) = (hit.kind, &hit.target)
            else {
                continue;
            };
            if let Reference::Claim(claim) = &*self.session.reference(claim)?
                && let Some(document) = claim.documents.first()
            {
                quoted.extend(claim.passages().iter().map(|at| (document.clone(), *at)));
            }
        }
        Ok(quoted)
    }

    /// Cites the hits: the texts of things by the claims that state them, claims by themselves, passages by the claims that
    /// quote them.
    fn cite(&mut self) -> Result<()> {
        let mut facts = Vec::new();
        for (at, hit) in self.hits.iter().enumerate() {
            if let (HitTarget::Resource(thing), Some(HitPlace::Property(property))) =
                (&hit.target, &hit.place)
                && hit.kind != HitKind::Claim
            {
                let objects = self.session.store().objects(thing.as_ref(), property.as_ref())?;
                let is_text = |object: &Term| matches!(object, Term::Literal(literal) if literal.value() == hit.text);
                let object = objects.into_iter().find(is_text);
                facts.extend(
                    object.map(|object| (at, Triple::new(thing.clone(), property.clone(), object))),
                );
            }
        }
        let (places, facts): (Vec<usize>, Vec<Triple>) = facts.into_iter().unzip();
        for (at, citation) in places.into_iter().zip(self.session.cite_facts(&facts)?) {
            self.hits[at].citation = Some(citation);
        }
        for at in 0..self.hits.len() {
            let Hit { kind, target, place, citation, .. } = &self.hits[at];
            let claims = match (kind, target, place) {
                _ if citation.is_some() => continue,
                (HitKind::Claim, HitTarget::Resource(NamedOrBlankNode::NamedNode(claim)), _) => {
                    vec![claim.clone()]
                }
                (HitKind::Passage, _, Some(HitPlace::Passage(document, place))) => {
                    let (document, place) = (document.clone(), *place);
                    self.quoting(&document, place)?
                }
                _ => continue,
            };
            self.hits[at].citation = cite_graphs(self.session.store(), &claims)?;
        }
        Ok(())
    }

    /// Returns the claims that quote a part of a passage.
    fn quoting(&mut self, document: &NamedNode, place: PassageLocator) -> Result<Vec<NamedNode>> {
        let session = self.session;
        if !self.quotes.contains_key(document) {
            let mut quotes = Vec::new();
            let things = session.store().things(dos::DOCUMENT, document.as_ref().into())?;
            session.store().look_up(&things)?;
            for thing in things {
                let claim = session.claim(&thing)?;
                if claim.kind == ClaimKind::Claim
                    && let Ok(span) = claim.place()
                {
                    quotes.push((span.bytes.clone(), thing));
                }
            }
            quotes.sort_by(|(one, a), (other, b)| (one.start, a).cmp(&(other.start, b)));
            self.quotes.insert(document.clone(), quotes);
        }
        let text = session.text_of(document)?;
        let passage = text.passages().iter().find(|passage| passage.place == place);
        let (Some(passage), Some(quotes)) = (passage, self.quotes.get(document)) else {
            return Ok(Vec::new());
        };
        let overlaps =
            |quote: &Range<usize>| quote.start < passage.span.end && passage.span.start < quote.end;
        Ok(quotes
            .iter()
            .filter(|(quote, _)| overlaps(quote))
            .map(|(_, claim)| claim.clone())
            .collect())
    }
}
