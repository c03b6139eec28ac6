//! A dataset as [node maps](https://www.w3.org/TR/json-ld11-api/#node-map-generation): the nodes of each graph with
//! their properties, in the order of output.

use crate::rdf::write::canonical;
use crate::vocabulary::{Ontology, rdf, rdfs, skos};
use oxigraph::model::{
    GraphName, GraphNameRef, LiteralRef, NamedNodeRef, NamedOrBlankNodeRef, Quad, TermRef,
};
use std::collections::{HashMap, HashSet};
use std::io;
use std::ops::Range;

/// The position of a term in the order of all terms: IRIs, blank nodes, literals.
pub(super) type TermId = u32;

const FIRST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
const REST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
const NIL: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct TripleIds {
    /// 0 for the default graph, otherwise the name plus 1.
    graph: u32,
    subject: TermId,
    /// The position of the predicate among the properties.
    property: u32,
    object: TermId,
}

/// The statements about one node in one graph.
#[derive(Debug, Clone)]
pub(super) struct GraphNode {
    /// The name of the graph, or `None` for the default graph.
    pub graph: Option<TermId>,
    pub subject: TermId,
    statements: Range<usize>,
}

/// The node maps of a dataset.
pub(super) struct NodeMaps<'q> {
    terms: Vec<TermRef<'q>>,
    /// The labels of the blank nodes, which are between the IRIs and the literals.
    labels: Vec<String>,
    iris: usize,
    properties: Vec<NamedNodeRef<'q>>,
    statements: Vec<TripleIds>,
    things: Vec<GraphNode>,
    /// The number of mentions of each blank node: as an object, as a graph name, as a subject in a further graph.
    mentions: Vec<u32>,
    /// The items of each list that can be written as `@list`, by the node of its first cell.
    lists: HashMap<usize, Vec<(usize, TermId)>>,
    cells: HashSet<usize>,
    nil: Option<TermId>,
}

impl<'q> NodeMaps<'q> {
    /// Sorts quads into node maps. With `merged`, all graphs become one.
    ///
    /// # Errors
    /// If there are too many terms.
    pub(super) fn new(quads: &'q [Quad], ontology: &Ontology, merged: bool) -> io::Result<Self> {
        let mut ids: HashMap<TermRef<'q>, u32> = HashMap::new();
        let mut property_ids: HashMap<NamedNodeRef<'q>, u32> = HashMap::new();
        let mut id = |term: TermRef<'q>| {
            let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
            *ids.entry(term).or_insert(next)
        };
        let mut statements: Vec<TripleIds> = quads
            .iter()
            .map(|quad| {
                let graph = match quad.graph_name.as_ref() {
                    GraphNameRef::DefaultGraph => 0,
                    _ if merged => 0,
                    GraphNameRef::NamedNode(name) => id(name.into()) + 1,
                    GraphNameRef::BlankNode(name) => id(name.into()) + 1,
                };
                let subject = match quad.subject.as_ref() {
                    NamedOrBlankNodeRef::NamedNode(subject) => id(subject.into()),
                    NamedOrBlankNodeRef::BlankNode(subject) => id(subject.into()),
                };
                let next = u32::try_from(property_ids.len()).unwrap_or(u32::MAX);
                let property = *property_ids.entry(quad.predicate.as_ref()).or_insert(next);
                TripleIds { graph, subject, property, object: id(quad.object.as_ref()) }
            })
            .collect();

        let has_blanks = ids.keys().any(|term| matches!(term, TermRef::BlankNode(_)));
        let numbers = if has_blanks { canonical::numbers(quads)? } else { HashMap::new() };
        let mut order: Vec<(TermRef<'q>, u32)> = ids.into_iter().collect();
        order.sort_unstable_by(|(a, _), (b, _)| {
            let key = |term: &TermRef<'q>| match *term {
                TermRef::NamedNode(iri) => (0, iri.as_str(), 0, "", ""),
                TermRef::BlankNode(node) => {
                    (1, "", numbers.get(&node).copied().unwrap_or_default(), "", "")
                }
                TermRef::Literal(literal) => (
                    2,
                    literal.value(),
                    0,
                    literal.datatype().as_str(),
                    literal.language().unwrap_or_default(),
                ),
                #[cfg(feature = "rdf-12")]
                TermRef::Triple(_) => (3, "", 0, "", ""),
            };
            key(a).cmp(&key(b))
        });
        let mut place = vec![0; order.len()];
        for (new, (_, old)) in (0..).zip(&order) {
            if let Some(place) = place.get_mut(*old as usize) {
                *place = new;
            }
        }
        let mut properties: Vec<(NamedNodeRef<'q>, u32)> = property_ids.into_iter().collect();
        properties.sort_by_cached_key(|(property, _)| property_order(*property, ontology));
        let mut property_place = vec![0; properties.len()];
        for (new, (_, old)) in (0..).zip(&properties) {
            if let Some(place) = property_place.get_mut(*old as usize) {
                *place = new;
            }
        }
        let at = |places: &[u32], old: u32| places.get(old as usize).copied().unwrap_or_default();
        for statement in &mut statements {
            if statement.graph > 0 {
                statement.graph = at(&place, statement.graph - 1) + 1;
            }
            statement.subject = at(&place, statement.subject);
            statement.property = at(&property_place, statement.property);
            statement.object = at(&place, statement.object);
        }
        statements.sort_unstable();
        statements.dedup();

        let terms: Vec<TermRef<'q>> = order.into_iter().map(|(term, _)| term).collect();
        let iris = terms.partition_point(|term| matches!(term, TermRef::NamedNode(_)));
        let blanks =
            terms.partition_point(|term| !matches!(term, TermRef::Literal(_))).saturating_sub(iris);
        let mut maps = Self {
            labels: (0..blanks).map(|number| format!("_:b{number}")).collect(),
            iris,
            properties: properties.into_iter().map(|(property, _)| property).collect(),
            things: things(&statements),
            statements,
            mentions: vec![0; blanks],
            lists: HashMap::new(),
            cells: HashSet::new(),
            nil: terms[..iris]
                .binary_search_by(|term| match term {
                    TermRef::NamedNode(iri) => iri.as_str().cmp(NIL),
                    _ => std::cmp::Ordering::Greater,
                })
                .ok()
                .and_then(|nil| u32::try_from(nil).ok()),
            terms,
        };
        maps.count_mentions();
        maps.find_lists();
        Ok(maps)
    }

    fn count_mentions(&mut self) {
        let mut mentions = std::mem::take(&mut self.mentions);
        let mut mention = |term: TermId, times: u32| {
            let place = (term as usize).checked_sub(self.iris);
            if let Some(count) = place.and_then(|place| mentions.get_mut(place)) {
                *count = count.saturating_add(times);
            }
        };
        for statement in &self.statements {
            mention(statement.object, 1);
        }
        let mut graph = None;
        for thing in &self.things {
            // A node of a named graph may also be a node of another graph. Only its mentions in one graph can replace
            // its name.
            if let Some(name) = thing.graph
                && graph.replace(name) != Some(name)
            {
                mention(name, 2);
            }
        }
        if graph.is_some() {
            let mut seen: HashMap<TermId, u32> = HashMap::new();
            for statement in &self.statements {
                for term in [statement.subject, statement.object] {
                    let is_blank = (term as usize)
                        .checked_sub(self.iris)
                        .is_some_and(|place| place < self.labels.len());
                    if is_blank && *seen.entry(term).or_insert(statement.graph) != statement.graph {
                        mention(term, 2);
                    }
                }
            }
        }
        self.mentions = mentions;
    }

    /// Finds the lists: chains of blank nodes with one first and one rest, each mentioned once, up to the end of the
    /// list ([Serialize RDF as JSON-LD](https://www.w3.org/TR/json-ld11-api/#serialize-rdf-as-json-ld-algorithm)).
    fn find_lists(&mut self) {
        let place = |iri: &str| {
            self.properties
                .iter()
                .position(|p| p.as_str() == iri)
                .and_then(|p| u32::try_from(p).ok())
        };
        let (Some(nil), Some(first), Some(rest)) = (self.nil, place(FIRST), place(REST)) else {
            return;
        };
        let cell = |thing: usize| -> Option<(TermId, TermId)> {
            let found = self.things.get(thing)?;
            match self.statements.get(found.statements.clone())? {
                [a, b] if self.is_embeddable(found.subject) => {
                    if (a.property, b.property) == (first, rest) {
                        Some((a.object, b.object))
                    } else if (b.property, a.property) == (first, rest) {
                        Some((b.object, a.object))
                    } else {
                        None
                    }
                }
                _ => None,
            }
        };
        let mut before: HashMap<TermId, usize> = HashMap::new();
        let mut ends = Vec::new();
        for thing in 0..self.things.len() {
            match cell(thing) {
                Some((_, end)) if end == nil => ends.push(thing),
                Some((_, next)) => {
                    before.insert(next, thing);
                }
                None => {}
            }
        }
        let mut lists = HashMap::new();
        for end in ends {
            let mut cells = Vec::new();
            let mut current = end;
            while let Some((item, _)) = cell(current) {
                cells.push((current, item));
                let here = &self.things[current];
                match before.get(&here.subject) {
                    Some(&previous) if self.things[previous].graph == here.graph => {
                        current = previous;
                    }
                    _ => break,
                }
            }
            cells.reverse();
            if let Some(&(head, _)) = cells.first() {
                lists.insert(head, cells);
            }
        }
        self.cells = lists.values().flatten().map(|(cell, _)| *cell).collect();
        self.lists = lists;
    }

    /// Returns all nodes, by graph and name, the default graph first.
    pub(super) fn things(&self) -> &[GraphNode] {
        &self.things
    }

    /// Returns the index of a node of a graph, or `None` if the graph has no statements about it.
    pub(super) fn find(&self, graph: Option<TermId>, subject: TermId) -> Option<usize> {
        self.things.binary_search_by_key(&(graph, subject), |t| (t.graph, t.subject)).ok()
    }

    /// Returns the range of the nodes of a graph.
    pub(super) fn of_graph(&self, graph: Option<TermId>) -> Range<usize> {
        self.things.partition_point(|thing| thing.graph < graph)
            ..self.things.partition_point(|thing| thing.graph <= graph)
    }

    /// Returns the names of the graphs.
    pub(super) fn graphs(&self) -> Vec<TermId> {
        let mut names: Vec<TermId> = self.things.iter().filter_map(|thing| thing.graph).collect();
        names.dedup();
        names
    }

    /// Returns the properties of a node with their values, in order.
    pub(super) fn properties(
        &self,
        thing: usize,
    ) -> impl Iterator<Item = (NamedNodeRef<'q>, impl ExactSizeIterator<Item = TermId> + Clone)>
    {
        let statements = self.things.get(thing).map_or(0..0, |thing| thing.statements.clone());
        self.statements[statements].chunk_by(|a, b| a.property == b.property).map(|chunk| {
            let property = self.properties[chunk[0].property as usize];
            (property, chunk.iter().map(|statement| statement.object))
        })
    }

    /// Returns all terms, in order.
    pub(super) fn terms(&self) -> &[TermRef<'q>] {
        &self.terms
    }

    /// Returns the term with an id.
    pub(super) fn term(&self, id: TermId) -> TermRef<'q> {
        self.terms[id as usize]
    }

    /// Returns the name of a node: its IRI, or its label with `_:`.
    pub(super) fn name<'a>(&'a self, id: TermId) -> Option<&'a str>
    where
        'q: 'a,
    {
        match self.term(id) {
            TermRef::NamedNode(iri) => Some(iri.as_str()),
            TermRef::BlankNode(_) => self.labels.get(id as usize - self.iris).map(String::as_str),
            _ => None,
        }
    }

    /// Returns the literal, or `None` for another term.
    pub(super) fn literal(&self, id: TermId) -> Option<LiteralRef<'q>> {
        match self.term(id) {
            TermRef::Literal(literal) => Some(literal),
            _ => None,
        }
    }

    /// Returns whether a term is a blank node that is mentioned once, so that its description can replace the mention.
    pub(super) fn is_embeddable(&self, id: TermId) -> bool {
        self.mentions_of(id) == Some(1)
    }

    /// Returns the number of mentions of a blank node.
    pub(super) fn mentions_of(&self, id: TermId) -> Option<u32> {
        self.mentions.get((id as usize).checked_sub(self.iris)?).copied()
    }

    /// Returns whether a term is the empty list.
    pub(super) fn is_nil(&self, id: TermId) -> bool {
        self.nil == Some(id)
    }

    /// Returns whether a node is a cell of a list that [`Self::list`] returns.
    pub(super) fn is_cell(&self, thing: usize) -> bool {
        self.cells.contains(&thing)
    }

    /// Returns the cells of the list that starts with a term, each with its item. The list is empty for `rdf:nil`.
    pub(super) fn list(&self, graph: Option<TermId>, id: TermId) -> Option<&[(usize, TermId)]> {
        if self.nil == Some(id) {
            return Some(&[]);
        }
        if self.lists.is_empty() {
            return None;
        }
        self.lists.get(&self.find(graph, id)?).map(Vec::as_slice)
    }
}

fn things(statements: &[TripleIds]) -> Vec<GraphNode> {
    let mut start = 0;
    statements
        .chunk_by(|a, b| (a.graph, a.subject) == (b.graph, b.subject))
        .map(|chunk| {
            let statements = start..start + chunk.len();
            start = statements.end;
            GraphNode {
                graph: chunk[0].graph.checked_sub(1),
                subject: chunk[0].subject,
                statements,
            }
        })
        .collect()
}

/// Orders properties: types, labels, the ontology's properties in its order, the others by name.
fn property_order(property: NamedNodeRef<'_>, ontology: &Ontology) -> (u8, usize, String) {
    let first = [rdf::TYPE, skos::PREF_LABEL, rdfs::LABEL, skos::ALT_LABEL];
    let (class, rank) = match first.iter().position(|first| *first == property) {
        Some(place) => (0, place),
        None => match ontology.rank(property) {
            Some(rank) => (1, rank),
            None => (2, 0),
        },
    };
    (class, rank, property.as_str().to_owned())
}

/// Returns whether any quad is in a named graph.
pub(super) fn has_named_graphs(quads: &[Quad]) -> bool {
    quads.iter().any(|quad| quad.graph_name != GraphName::DefaultGraph)
}

/// Returns the rank of a class, which orders the nodes.
pub(super) fn class_rank(class: TermRef<'_>, ontology: &Ontology) -> Option<usize> {
    match class {
        TermRef::NamedNode(class) => ontology.rank(class),
        _ => None,
    }
}
