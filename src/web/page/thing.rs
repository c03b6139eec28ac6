//! The page of a thing: its values with their sources, what points to it, and what is around it.

use super::layout::{Page, formats, name_of as name_of_dossier};
use super::notes::{footnotes, mark};
use super::picture::around;
use super::term::{PageTerms, TermLabels, address_of, elsewhere, name_of, shown};
use crate::answer::Row;
use crate::answer::write::{FootnoteNumbers, Mark, resolve};
use crate::diagnostic::Result;
use crate::format::{GraphFormat, ResultFormat};
use crate::session::{Entity, Session, solutions_of};
use crate::vocabulary::{ALL_NAMES, rdf};
use crate::web::address::Address;
use crate::web::media::Media;
use crate::web::site::Site;
use crate::wording::counted;
use maud::{Markup, html};
use oxigraph::model::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple};
use std::collections::{BTreeMap, HashMap};

/// The formats of things.
const FORMATS: [Media; 3] = [
    Media::Results(ResultFormat::Json),
    Media::Graph(GraphFormat::Turtle),
    Media::Graph(GraphFormat::JsonLd),
];

/// The most facts of each side that a page shows.
const MOST_FACTS: usize = 500;

/// How deep blank nodes are shown inside others.
const DEEPEST: usize = 4;

/// A fact with its footnotes.
type Fact = (Triple, Option<Mark>);

/// What is known of a thing.
struct Thing {
    iri: NamedNode,
    /// The values of each property, in the order of the ontology.
    own: Vec<(NamedNode, Vec<Fact>)>,
    /// What has the thing as value, by property.
    other: Vec<(NamedNode, Vec<Fact>)>,
    nested: HashMap<BlankNode, Vec<Fact>>,
    /// How many facts are not shown.
    left_out: usize,
    numbers: FootnoteNumbers,
}

impl Thing {
    fn read(session: &Session, entity: &Entity) -> Result<Self> {
        let mut numbers = FootnoteNumbers::default();
        let (own, other) = entity.by_side();
        let left_out =
            own.len().saturating_sub(MOST_FACTS) + other.len().saturating_sub(MOST_FACTS);
        let own = &own[..own.len().min(MOST_FACTS)];
        let other = &other[..other.len().min(MOST_FACTS)];
        let own = by_property(session, own)?;
        let other = by_property(session, other)?;
        let mut mark = |triples: Vec<Triple>| marked(session, triples, &mut numbers);
        // The numbers of the footnotes rise down the page.
        let own = each(own, &mut mark)?;
        let nested_facts = mark(entity.nested.clone())?;
        let other = each(other, &mut mark)?;
        let mut nested: HashMap<BlankNode, Vec<Fact>> = HashMap::new();
        for fact in nested_facts {
            if let NamedOrBlankNode::BlankNode(node) = &fact.0.subject {
                nested.entry(node.clone()).or_default().push(fact);
            }
        }
        Ok(Self { iri: entity.iri.clone(), own, other, nested, left_out, numbers })
    }
}

/// Groups facts by property: the type and the names first, the others in the order of the ontology.
fn by_property(session: &Session, facts: &[Triple]) -> Result<Vec<(NamedNode, Vec<Triple>)>> {
    let mut groups: BTreeMap<(usize, usize, String), (NamedNode, Vec<Triple>)> = BTreeMap::new();
    for fact in facts {
        let property = fact.predicate.as_ref();
        let mut first = ALL_NAMES.into_iter().chain([rdf::TYPE]);
        let place = first.position(|first| first == property).unwrap_or(usize::MAX);
        let rank = session.ontology()?.rank(property).unwrap_or(usize::MAX);
        let group = groups
            .entry((place, rank, property.as_str().to_owned()))
            .or_insert_with(|| (fact.predicate.clone(), Vec::new()));
        group.1.push(fact.clone());
    }
    Ok(groups.into_values().collect())
}

/// Marks the facts of each property.
fn each(
    groups: Vec<(NamedNode, Vec<Triple>)>,
    mark: &mut impl FnMut(Vec<Triple>) -> Result<Vec<Fact>>,
) -> Result<Vec<(NamedNode, Vec<Fact>)>> {
    groups.into_iter().map(|(property, triples)| Ok((property, mark(triples)?))).collect()
}

/// Cites facts, and numbers the claims.
fn marked(
    session: &Session,
    triples: Vec<Triple>,
    numbers: &mut FootnoteNumbers,
) -> Result<Vec<Fact>> {
    let citations = session.cite_facts(&triples)?;
    let rows = solutions_of(&triples, &[]).into_iter().zip(citations);
    let rows =
        rows.map(|(solution, citation)| Row { solution, citation: Some(citation) }).collect();
    let cited = resolve(rows, &|graph: &NamedNode| session.reference(graph))?;
    let marks = cited.into_iter().map(|row| row.citation.map(|citation| numbers.mark(&citation)));
    Ok(triples.into_iter().zip(marks).collect())
}

/// Returns the page of a thing.
///
/// # Errors
/// Fails if nothing or several things have the name, or the store fails.
pub(super) fn thing(site: &Site, name: &str) -> Result<Markup> {
    let (session, links) = (&site.session, &site.links);
    let entity = session.entity(name)?;
    let thing = Thing::read(session, &entity)?;
    let facts = || {
        let groups = thing.own.iter().chain(&thing.other).flat_map(|(_, facts)| facts);
        groups.chain(thing.nested.values().flatten()).map(|(triple, _)| triple)
    };
    let labels = TermLabels::of_triples(session, facts(), [thing.iri.clone().into()])?;
    let terms = PageTerms::new(site, &labels, facts().map(|triple| &triple.predicate))?;
    let title = terms.name(&thing.iri.clone().into());
    let address = Address::Thing(name_of(session, &thing.iri));
    let picture = around(site, entity);
    let content = html! {
        (kinds(&thing, &terms))
        h1 { (shown(&title)) }
        p class="lead" { (identifier(site, &thing.iri)) }
        (also(site, &thing.iri)?)
        (formats(links, &address, &FORMATS))
        @if !thing.own.is_empty() {
            section aria-labelledby="facts" {
                h2 id="facts" { "Facts" }
                (values(&thing, &terms))
            }
        }
        @if !thing.other.is_empty() {
            section aria-labelledby="other" {
                h2 id="other" { "What refers to it" }
                dl class="facts" {
                    @for (property, facts) in &thing.other {
                        div {
                            dt {
                                span aria-hidden="true" { "← " }
                                span class="unseen" { "Value of " }
                                (terms.property(property))
                            }
                            dd {
                                ul {
                                    @for (triple, marks) in facts {
                                        li {
                                            (terms.term(&triple.subject.clone().into()))
                                            (marks_of(marks.as_ref()))
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if thing.left_out > 0 { p class="quiet" { "and " (counted(thing.left_out, "more fact")) } }
        (open_as_sparql(site, &thing.iri))
        @if let Some(picture) = picture {
            section aria-labelledby="around" {
                h2 id="around" { "Around it" }
                (picture)
            }
        }
        (footnotes(site, &thing.numbers))
    };
    let page = Page { title: &title, address: Some(&address), formats: &FORMATS, content };
    Ok(page.write(&name_of_dossier(site)?, links))
}

/// Writes the classes of a thing.
fn kinds(thing: &Thing, terms: &PageTerms<'_>) -> Markup {
    let types = thing.own.iter().find(|(property, _)| *property == rdf::TYPE);
    html! {
        @if let Some((_, types)) = types {
            p class="kind" {
                @for (i, (triple, _)) in types.iter().enumerate() {
                    @if i > 0 { ", " }
                    (terms.term(&triple.object))
                }
            }
        }
    }
}

/// Writes the name and the IRI of a thing.
fn identifier(site: &Site, iri: &NamedNode) -> Markup {
    let curie = site.session.prefixes().shorten(iri.as_str());
    html! {
        @if let Some(curie) = curie { span class="name" { (shown(&curie)) } " · " }
        span class="iri" { (elsewhere(iri.as_str(), iri.as_str())) }
    }
}

/// Writes the link to the document or the claim that the thing is.
fn also(site: &Site, iri: &NamedNode) -> Result<Markup> {
    let address = address_of(&site.session, iri)?.filter(|address| site.links.has(address));
    let words = match &address {
        Some(Address::Document(_)) => "Read the document",
        Some(Address::Claim(_)) => "See the claim in its context",
        _ => return Ok(Markup::default()),
    };
    let link = address.map(|address| site.links.to(&address));
    Ok(html! { p { a href=[link] { (words) } } })
}

/// Writes the values of a thing, its blank nodes inside.
fn values(thing: &Thing, terms: &PageTerms<'_>) -> Markup {
    html! {
        dl class="facts" {
            @for (property, facts) in &thing.own {
                div {
                    dt { (terms.property(property)) }
                    dd { ul { @for fact in facts { li { (value(thing, fact, terms, 0)) } } } }
                }
            }
        }
    }
}

fn value(thing: &Thing, (triple, marks): &Fact, terms: &PageTerms<'_>, depth: usize) -> Markup {
    let inner = match &triple.object {
        Term::BlankNode(node) if depth < DEEPEST => thing.nested.get(node),
        _ => None,
    };
    html! {
        @match inner {
            Some(facts) => {
                (marks_of(marks.as_ref()))
                ul class="nested" {
                    @for fact in facts {
                        li {
                            span class="quiet" { (terms.property_name(&fact.0.predicate)) ": " }
                            (value(thing, fact, terms, depth + 1))
                        }
                    }
                }
            }
            None => { (terms.term(&triple.object)) (marks_of(marks.as_ref())) }
        }
    }
}

fn marks_of(marks: Option<&Mark>) -> Markup {
    html! { @if let Some(marks) = marks { " " (mark(marks)) } }
}

/// Writes the link to the query for the facts of a thing.
fn open_as_sparql(site: &Site, iri: &NamedNode) -> Markup {
    let name = site.session.prefixes().show(iri);
    let text = format!("SELECT ?property ?value WHERE {{\n  {name} ?property ?value\n}}\n");
    let address = Address::Query(text);
    html! {
        @if site.links.has(&address) {
            p { a href=(site.links.to(&address)) { "Open as SPARQL" } }
        }
    }
}
