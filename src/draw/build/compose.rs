//! From statements to a picture: which things are drawn, what they are called, and what belongs into their boxes.

use super::classes::Classes;
use super::notes::Notes;
use super::statements::{Relation, Statement, as_thing};
use super::{Extent, MOST_NODES, Subject, nothing_to_draw, too_many};
use crate::answer::write::{Naming, Terms};
use crate::diagnostic::Result;
use crate::draw::picture::{Edge, Line, Node, Picture};
use crate::session::Session;
use crate::vocabulary::{Labels, in_parts, is_triple_term};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the picture of a subject, or of a part of it.
pub(super) fn picture(session: &Session, subject: &Subject, extent: &Extent) -> Result<Picture> {
    let all = Things::of(session, subject)?;
    if all.list.is_empty() {
        return Err(nothing_to_draw("there are no things, only values")
            .help("ask for IRIs: a thing is an IRI or a blank node, and a column of them is a column of things")
            .usage());
    }
    let chosen = all.chosen(session, subject, extent)?;
    let things = all.only(&chosen);
    let drawn = |statement: &&Statement| {
        things.place(&statement.subject).is_some()
            && (things.place(&statement.value).is_some() || all.place(&statement.value).is_none())
    };
    let statements: Vec<&Statement> = subject.statements.iter().filter(drawn).collect();
    let notes = Notes::new(session, statements.iter().map(|statement| &statement.rests_on))?;
    let mut classes = Classes::new(session, &things.list)?;
    let names = Names::of(session, &things, &statements, &classes)?;
    let mut picture = Picture { title: subject.title.clone(), ..Picture::default() };
    for (place, thing) in things.list.iter().enumerate() {
        let iri = match thing {
            NamedOrBlankNode::NamedNode(iri) => Some(iri.clone()),
            NamedOrBlankNode::BlankNode(_) => None,
        };
        let is_focus =
            iri.is_some() && iri.as_ref() == extent.focus.as_ref().or(subject.focus.as_ref());
        let label = names.thing(thing);
        let class = classes.place(place);
        picture.nodes.push(Node { iri, label, class, lines: Vec::new(), is_focus });
    }
    connect(&mut picture, &things, &statements, &names, &notes);
    picture.classes = classes.shown.drain(..).map(|class| names.iri(&class)).collect();
    if classes.has_others {
        picture.classes.push("other".to_owned());
    }
    let hidden = all.list.len() - things.list.len();
    let hidden = (hidden > 0).then(|| {
        format!("Left out: {hidden} of {} things, with their connections.", all.list.len())
    });
    picture.left_out = sentences(subject.cut(), hidden);
    picture.notes = notes.into_notes(session);
    Ok(picture)
}

/// Joins sentences, if there are any.
pub(in crate::draw) fn sentences(first: Option<String>, second: Option<String>) -> Option<String> {
    let sentences: Vec<String> = first.into_iter().chain(second).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// Adds the edges, and the values of things that are no things.
fn connect(
    picture: &mut Picture,
    things: &Things,
    statements: &[&Statement],
    names: &Names<'_>,
    notes: &Notes,
) {
    let mut edges: BTreeMap<(usize, usize, String), usize> = BTreeMap::new();
    for statement in statements {
        let Some(from) = things.place(&statement.subject) else { continue };
        let (label, basis) =
            (names.relation(&statement.relation), notes.basis(&statement.rests_on));
        match things.place(&statement.value) {
            Some(to) if to != from => match edges.get(&(from, to, label.clone())) {
                Some(place) => picture.edges[*place].basis.merge(&basis),
                None => {
                    edges.insert((from, to, label.clone()), picture.edges.len());
                    picture.edges.push(Edge { from, to, label, basis });
                }
            },
            place => {
                let value = match place {
                    Some(_) => "itself".to_owned(),
                    None => names.value(&statement.value),
                };
                let text = format!("{label}: {value}");
                let lines = &mut picture.nodes[from].lines;
                match lines.iter_mut().find(|line| line.text == text) {
                    Some(line) => line.basis.merge(&basis),
                    None => lines.push(Line { text, basis }),
                }
            }
        }
    }
}

/// The things of a subject, in the order in which they occur.
struct Things {
    list: Vec<NamedOrBlankNode>,
    places: BTreeMap<String, usize>,
}

impl Things {
    /// Finds the things: what something is said about. An IRI about which nothing is known is a value, as is a class or a
    /// property.
    fn of(session: &Session, subject: &Subject) -> Result<Self> {
        let mut things = Self { list: Vec::new(), places: BTreeMap::new() };
        for thing in subject.things.iter().chain(subject.statements.iter().map(|one| &one.subject))
        {
            things.add(thing);
        }
        for statement in &subject.statements {
            let is_thing = match &statement.value {
                Term::BlankNode(_) => true,
                Term::NamedNode(iri) => {
                    subject.has_foreign_things
                        || things.places.contains_key(&statement.value.to_string())
                        || is_described(session, iri)?
                }
                _ => false,
            };
            if is_thing {
                things.add(&statement.value);
            }
        }
        Ok(things)
    }

    fn add(&mut self, term: &Term) {
        let Some(thing) = as_thing(term) else { return };
        let place = self.list.len();
        if *self.places.entry(term.to_string()).or_insert(place) == place {
            self.list.push(thing);
        }
    }

    fn place(&self, term: &Term) -> Option<usize> {
        self.places.get(&term.to_string()).copied()
    }

    /// Returns some of the things, in the same order.
    fn only(&self, chosen: &BTreeSet<usize>) -> Self {
        let mut things = Self { list: Vec::new(), places: BTreeMap::new() };
        for place in chosen {
            things.add(&Term::from(self.list[*place].clone()));
        }
        things
    }

    /// Returns the places of the things that are drawn.
    fn chosen(
        &self,
        session: &Session,
        subject: &Subject,
        extent: &Extent,
    ) -> Result<BTreeSet<usize>> {
        let ends = |statement: &Statement| {
            Some((self.place(&statement.subject)?, self.place(&statement.value)?))
        };
        let links: Vec<(usize, usize)> = subject.statements.iter().filter_map(ends).collect();
        let mut chosen: BTreeSet<usize> = (0..self.list.len()).collect();
        if let Some(focus) = &extent.focus {
            let Some(start) = self.place(&focus.clone().into()) else {
                let name = session.prefixes().show(focus);
                return Err(nothing_to_draw(&format!("`{name}` is not among the things"))
                    .help("remove `--focus`, or name a thing of the answer")
                    .usage());
            };
            chosen = around(start, &links, extent.hops);
        }
        let mut degrees = vec![0_usize; self.list.len()];
        for (from, to) in links {
            degrees[from] += 1;
            degrees[to] += 1;
        }
        let focus = extent.focus.as_ref().or(subject.focus.as_ref());
        let focus = focus.and_then(|focus| self.place(&focus.clone().into()));
        let mut order: Vec<usize> = chosen.iter().copied().collect();
        order.sort_by_key(|place| (Some(*place) != focus, usize::MAX - degrees[*place], *place));
        if let Some(limit) = extent.limit {
            chosen = order.iter().take(limit).copied().collect();
        }
        if chosen.len() > MOST_NODES {
            let most = order.first().map(|place| match &self.list[*place] {
                NamedOrBlankNode::NamedNode(iri) => session.prefixes().show(iri),
                NamedOrBlankNode::BlankNode(_) => "THING".to_owned(),
            });
            return Err(too_many(chosen.len(), most.as_deref()));
        }
        Ok(chosen)
    }
}

/// Returns the places that are at most some steps from one.
fn around(start: usize, links: &[(usize, usize)], hops: usize) -> BTreeSet<usize> {
    let mut reached = BTreeSet::from([start]);
    for _ in 0..hops {
        let near: Vec<usize> = links
            .iter()
            .flat_map(|(from, to)| [(*from, *to), (*to, *from)])
            .filter(|(from, _)| reached.contains(from))
            .map(|(_, to)| to)
            .collect();
        reached.extend(near);
    }
    reached
}

fn is_described(session: &Session, iri: &NamedNode) -> Result<bool> {
    if session.ontology()?.rank(iri.as_ref()).is_some() {
        return Ok(false);
    }
    Ok(!session.store().some_triples(Some(iri.as_ref().into()), None, None, 1)?.is_empty())
}

/// What things, relations and values are called.
struct Names<'a> {
    session: &'a Session,
    labels: Labels,
}

impl<'a> Names<'a> {
    fn of(
        session: &'a Session,
        things: &Things,
        statements: &[&Statement],
        classes: &Classes,
    ) -> Result<Self> {
        let mut iris: BTreeSet<NamedNode> = classes.shown.iter().cloned().collect();
        for thing in &things.list {
            if let NamedOrBlankNode::NamedNode(iri) = thing {
                iris.insert(iri.clone());
            }
        }
        for statement in statements {
            if let Relation::Property(property) = &statement.relation {
                iris.insert(property.clone());
            }
            if let Term::NamedNode(iri) = &statement.value {
                iris.insert(iri.clone());
            }
        }
        Ok(Self { session, labels: session.labels(&iris)? })
    }

    fn iri(&self, iri: &NamedNode) -> String {
        let naming =
            Naming { terms: Terms::Label, prefixes: self.session.prefixes(), labels: &self.labels };
        naming.names(std::iter::empty()).name(&Term::from(iri.clone()))
    }

    fn thing(&self, thing: &NamedOrBlankNode) -> String {
        match thing {
            NamedOrBlankNode::NamedNode(iri) => self.iri(iri),
            NamedOrBlankNode::BlankNode(_) => "[ ]".to_owned(),
        }
    }

    fn relation(&self, relation: &Relation) -> String {
        match relation {
            Relation::Property(property) => self.iri(property),
            Relation::Column(name) => name.clone(),
        }
    }

    fn value(&self, value: &Term) -> String {
        match value {
            Term::NamedNode(iri) => self.iri(iri),
            Term::Literal(literal) => literal.value().to_owned(),
            term if is_triple_term(term) => in_parts(term, |part| self.value(part)),
            _ => "[ ]".to_owned(),
        }
    }
}
