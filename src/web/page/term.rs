//! Terms on pages: names with links to where a thing, a document or a claim is described.

use crate::answer::write::{IriNames, Naming, Terms};
use crate::diagnostic::Result;
use crate::printable::printable;
use crate::session::Session;
use crate::vocabulary::{Labels, dos, outside, rdf};
use crate::web::address::Address;
use crate::web::site::Site;
use maud::{Markup, html};
use oxigraph::model::{Literal, NamedNode, Term, Triple};
use std::collections::{BTreeSet, HashMap};

/// The terms of a page.
pub(super) struct PageTerms<'a> {
    names: IriNames<'a>,
    /// The properties have names of their own: their position tells them from things.
    property_names: IriNames<'a>,
    /// The links of what is described on the site.
    targets: HashMap<NamedNode, String>,
    /// What passages are called: their places.
    places: HashMap<NamedNode, String>,
}

/// The labels of the terms of a page, which outlive its [`PageTerms`].
pub(super) struct TermLabels {
    terms: BTreeSet<NamedNode>,
    literals: Vec<Term>,
    labels: Labels,
}

impl TermLabels {
    /// Looks up the labels of terms.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(super) fn of<'t>(
        session: &Session,
        terms: impl IntoIterator<Item = &'t Term>,
    ) -> Result<Self> {
        let (mut iris, mut literals) = (BTreeSet::new(), Vec::new());
        for term in terms {
            match term {
                Term::NamedNode(iri) => {
                    iris.insert(iri.clone());
                }
                Term::Literal(literal) if literal.language().is_some() => {
                    literals.push(term.clone());
                }
                _ => {}
            }
        }
        let labels = session.labels(&iris)?;
        Ok(Self { terms: iris, literals, labels })
    }

    /// Looks up the labels of the terms of triples.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(super) fn of_triples<'t>(
        session: &Session,
        triples: impl IntoIterator<Item = &'t Triple>,
        others: impl IntoIterator<Item = Term>,
    ) -> Result<Self> {
        let terms = triples.into_iter().flat_map(|triple| {
            [triple.subject.clone().into(), triple.predicate.clone().into(), triple.object.clone()]
        });
        let all: Vec<Term> = terms.chain(others).collect();
        Self::of(session, &all)
    }
}

impl<'a> PageTerms<'a> {
    /// Prepares the terms of a page. `properties` are those that stand as such.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(super) fn new<'t>(
        site: &'a Site,
        labels: &'a TermLabels,
        properties: impl IntoIterator<Item = &'t NamedNode>,
    ) -> Result<Self> {
        let session = &site.session;
        let naming =
            Naming { terms: Terms::Label, prefixes: session.prefixes(), labels: &labels.labels };
        let properties: BTreeSet<NamedNode> = properties.into_iter().cloned().collect();
        let things = labels.terms.iter().filter(|iri| !properties.contains(*iri));
        let things: Vec<Term> =
            things.cloned().map(Term::from).chain(labels.literals.iter().cloned()).collect();
        let property_terms: Vec<Term> = properties.into_iter().map(Term::from).collect();
        let (mut targets, mut passages) = (HashMap::new(), Passages::default());
        for iri in &labels.terms {
            let Some(address) = address_of(session, iri)? else { continue };
            let passage = passages.find(session, iri)?;
            if let Some(passage) = passage.filter(|it| site.links.has(&it.document)) {
                targets.insert(iri.clone(), site.links.to_part(&passage.document, &passage.anchor));
            } else if site.links.has(&address) {
                targets.insert(iri.clone(), site.links.to(&address));
            }
        }
        Ok(Self {
            names: naming.names(things.iter()),
            property_names: naming.names(property_terms.iter()),
            targets,
            places: passages.places,
        })
    }

    /// Returns the name of a term.
    pub(super) fn name(&self, term: &Term) -> String {
        let place = match term {
            Term::NamedNode(iri) => self.places.get(iri).cloned(),
            _ => None,
        };
        place.unwrap_or_else(|| self.names.name(term))
    }

    /// Writes a term, with a link if there is something to read about it.
    pub(super) fn term(&self, term: &Term) -> Markup {
        match term {
            Term::NamedNode(iri) => self.linked(iri, &self.name(term)),
            Term::Literal(literal) => self.literal(literal, term),
            _ => html! { span class="quiet" { (self.names.name(term)) } },
        }
    }

    /// Writes a property, with a link to what it is.
    pub(super) fn property(&self, property: &NamedNode) -> Markup {
        self.linked(property, &self.property_names.name(&property.clone().into()))
    }

    /// Returns the name of a property.
    pub(super) fn property_name(&self, property: &NamedNode) -> String {
        self.property_names.name(&property.clone().into())
    }

    fn literal(&self, literal: &Literal, term: &Term) -> Markup {
        let language = literal.language().filter(|language| *language != "en");
        let words = self.names.name(term);
        html! { span class="value" lang=[language] { (words) } }
    }

    fn linked(&self, iri: &NamedNode, name: &str) -> Markup {
        match self.targets.get(iri) {
            Some(target) => html! { a href=(target) { (name) } },
            None => elsewhere(iri.as_str(), name),
        }
    }
}

/// A passage on the page of its document.
struct PassageOnPage {
    document: Address,
    anchor: String,
}

/// The passages that are looked up for a page, by document.
#[derive(Default)]
struct Passages {
    known: HashMap<NamedNode, HashMap<String, String>>,
    places: HashMap<NamedNode, String>,
}

impl Passages {
    /// Returns where a passage stands, if a resource is one, and takes note of its place.
    fn find(&mut self, session: &Session, iri: &NamedNode) -> Result<Option<PassageOnPage>> {
        let Some((document, anchor)) = iri.as_str().rsplit_once('#') else { return Ok(None) };
        let types = session.store().iris(iri.as_ref().into(), rdf::TYPE)?;
        if !types.iter().any(|class| *class == dos::PASSAGE_CLASS) {
            return Ok(None);
        }
        let Ok(document) = NamedNode::new(document) else { return Ok(None) };
        let Ok(text) = session.text_of(&document) else { return Ok(None) };
        let places = self.known.entry(document.clone()).or_insert_with(|| {
            let passages = text.passages().iter();
            passages.map(|passage| (passage.place.fragment(), passage.place.short())).collect()
        });
        let Some(place) = places.get(anchor) else { return Ok(None) };
        self.places.insert(iri.clone(), place.clone());
        let document = Address::Document(name_of(session, &document));
        Ok(Some(PassageOnPage { document, anchor: anchor.to_owned() }))
    }
}

/// Writes the name of something elsewhere, with a link if it is on the web.
pub(super) fn elsewhere(iri: &str, name: &str) -> Markup {
    match outside(iri) {
        Some(link) => outward(link, &html! { (printable(name)) }),
        None => html! { span class="iri" { (printable(name)) } },
    }
}

/// Writes a link that leads out of the site. `link` must be one of [`outside`].
pub(super) fn outward(link: &str, content: &Markup) -> Markup {
    html! { a class="out" href=(link) rel="noopener noreferrer nofollow" { (content) } }
}

/// Returns where a resource is described: as a claim, a document or a thing. Returns `None` if nothing is said about it.
///
/// # Errors
/// Fails if the store fails.
pub(in crate::web) fn address_of(session: &Session, iri: &NamedNode) -> Result<Option<Address>> {
    let store = session.store();
    let name = name_of(session, iri);
    let types = store.iris(iri.as_ref().into(), rdf::TYPE)?;
    if types.iter().any(|class| *class == dos::CLAIM || *class == dos::OMISSION) {
        return Ok(Some(Address::Claim(name)));
    }
    if types.iter().any(|class| *class == dos::DOCUMENT_CLASS) {
        return Ok(Some(Address::Document(name)));
    }
    let is_described = !types.is_empty()
        || !store.capabilities().can_scan
        || !store.some_triples(Some(iri.as_ref().into()), None, None, 1)?.is_empty();
    Ok(is_described.then_some(Address::Thing(name)))
}

/// Returns the name of a resource in addresses: a CURIE, or else its IRI.
pub(in crate::web) fn name_of(session: &Session, iri: &NamedNode) -> String {
    let full = || match iri.as_str() {
        iri if iri.contains("://") || iri.starts_with("urn:") => iri.to_owned(),
        iri => format!("<{iri}>"),
    };
    session.prefixes().shorten(iri.as_str()).unwrap_or_else(full)
}

/// Returns the resource with a name in addresses: the reverse of [`name_of`].
pub(super) fn named(session: &Session, name: &str) -> Option<NamedNode> {
    let iri = match name.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
        Some(iri) => iri,
        None if name.contains("://") || name.starts_with("urn:") => name,
        None => return session.prefixes().expand(name),
    };
    NamedNode::new(iri).ok()
}

/// Returns a text with what is invisible in it shown.
pub(super) fn shown(text: &str) -> String {
    printable(text).into_owned()
}
