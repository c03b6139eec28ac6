//! A Turtle or TriG document written by a person: its statements in their order, with its comments.

use super::TermContext;
use super::comments::{Around, Comment, Comments, Notes};
use super::statement_order::{GraphStatements, StatementOrder};
use super::term::{JOINED, RELATIVE};
use crate::rdf::write::blank::TermForm;
use crate::rdf::write::dataset::{DEFAULT_GRAPH, Dataset, Id, QuadIds};
use oxigraph::model::{BlankNode, GraphName, GraphNameRef, Quad, TermRef};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// The content of a Turtle or TriG document in source order, with its comments.
///
/// Relative IRIs stay relative and begin with [`RELATIVE`]. Blank nodes keep their labels; those without one have names
/// that are not valid labels.
#[derive(Debug, Default)]
pub(crate) struct TurtleDocument {
    /// The statements. Those of one block, or of one nested node, are adjacent.
    pub quads: Vec<Quad>,
    /// The comments at these statements, by index.
    pub notes: FxHashMap<usize, Notes>,
    /// The blank nodes written as `[ … ]` or `( … )`, and their statements.
    pub nodes: Vec<AnonymousNode>,
    /// The graphs, in source order.
    pub graphs: Vec<GraphBlock>,
    /// The base IRI.
    pub base: Option<BaseDeclaration>,
    /// The prefixes.
    pub prefixes: Vec<PrefixDeclaration>,
    /// The comments at the beginning.
    pub head: Vec<Comment>,
    /// The comments before the first statement that an empty line separates from it.
    pub introduction: Vec<Comment>,
    /// The comments at the end.
    pub end: Vec<Comment>,
}

/// A blank node without a label.
#[derive(Debug)]
pub(crate) struct AnonymousNode {
    pub id: BlankNode,
    pub kind: AnonymousNodeKind,
    pub statements: Range<usize>,
}

/// How a blank node without a label is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AnonymousNodeKind {
    /// As `[ … ]` where it is mentioned.
    Nested,
    /// As the subject of a block.
    Alone,
    /// As the beginning of `( … )`.
    List,
    /// As a further item of `( … )`.
    Cell,
}

/// A graph block of the document.
#[derive(Debug)]
pub(crate) struct GraphBlock {
    pub graph: GraphName,
    /// The statements of each block.
    pub blocks: Vec<Range<usize>>,
    pub comments: Around,
}

/// A `@base` declaration.
#[derive(Debug)]
pub(crate) struct BaseDeclaration {
    /// The IRI as written.
    pub iri: String,
    /// The number of prefixes declared before it.
    pub place: usize,
    pub comments: Around,
}

/// A `@prefix` declaration.
#[derive(Debug)]
pub(crate) struct PrefixDeclaration {
    pub prefix: String,
    pub namespace: String,
    pub comments: Around,
}

impl TurtleDocument {
    /// Returns whether there are IRIs that need the base.
    pub(super) fn has_relative_iris(dataset: &Dataset<'_>) -> bool {
        let is_relative = |iri: &str| iri.starts_with([RELATIVE, JOINED]);
        let ids = (0..dataset.len()).filter_map(|id| Id::try_from(id).ok());
        ids.map(|id| dataset.term(id)).any(|term| match term {
            TermRef::NamedNode(iri) => is_relative(iri.as_str()),
            TermRef::Literal(literal) => is_relative(literal.datatype().as_str()),
            _ => false,
        })
    }

    /// Returns the form of each term.
    pub(super) fn places(&self, dataset: &Dataset<'_>) -> Vec<TermForm> {
        let mut places = vec![TermForm::Name; dataset.len()];
        for AnonymousNode { id, kind, .. } in &self.nodes {
            if let Some(place) = number(dataset, id).and_then(|id| places.get_mut(id as usize)) {
                *place = match kind {
                    AnonymousNodeKind::Nested => TermForm::Nested(1),
                    AnonymousNodeKind::Alone => TermForm::Alone,
                    AnonymousNodeKind::List => TermForm::List(1),
                    AnonymousNodeKind::Cell => TermForm::Cell(1),
                };
            }
        }
        places
    }

    /// Returns the statements in source order.
    pub(super) fn arranged<'a>(&self, terms: TermContext<'a>) -> StatementOrder<'a> {
        let dataset = terms.dataset;
        let statements = dataset.statements.clone();
        let nested = self.nodes.iter().filter(|node| node.kind != AnonymousNodeKind::Alone);
        let nested = nested
            .filter_map(|node| Some((number(dataset, &node.id)?, node.statements.clone())))
            .collect();
        let mut graphs: Vec<GraphStatements> = Vec::new();
        for part in &self.graphs {
            let Some(name) = graph_number(dataset, &part.graph) else { continue };
            let head = graphs.last_mut().and_then(|before| self.take_head(before, part));
            let (blocks, comments) = (part.blocks.clone(), part.comments.clone());
            graphs.push(GraphStatements { name, head, blocks, comments });
        }
        let comments = self.comments(self.notes.clone());
        StatementOrder { statements, nested, graphs, comments, terms }
    }

    /// Removes the last block of the default graph and returns it, if its subject is the graph that follows.
    fn take_head(&self, before: &mut GraphStatements, part: &GraphBlock) -> Option<Range<usize>> {
        let last = before.blocks.last().filter(|_| before.name == DEFAULT_GRAPH)?;
        let subject = &self.quads.get(last.start)?.subject;
        let is_head =
            GraphName::from(subject.clone()) == part.graph && part.comments.above.is_empty();
        if is_head { before.blocks.pop() } else { None }
    }

    fn comments(&self, statements: FxHashMap<usize, Notes>) -> Comments {
        Comments { statements, introduction: self.introduction.clone(), end: self.end.clone() }
    }

    /// Attaches the comments to the sorted statements.
    pub(super) fn annotate(&self, sorted: &mut StatementOrder<'_>) {
        let statements =
            if self.notes.is_empty() { FxHashMap::default() } else { self.moved(sorted) };
        sorted.comments = self.comments(statements);
        let mut graphs: FxHashMap<Id, &mut GraphStatements> = sorted
            .graphs
            .iter_mut()
            .filter(|graph| graph.name != DEFAULT_GRAPH)
            .map(|graph| (graph.name, graph))
            .collect();
        for part in self.graphs.iter().filter(|part| !part.comments.is_empty()) {
            let name = graph_number(sorted.terms.dataset, &part.graph);
            if let Some(graph) = name.and_then(|name| graphs.get_mut(&name)) {
                graph.comments.extend(part.comments.clone());
            }
        }
    }

    /// Returns the comments by the new positions of their statements. Comments of merged statements are merged.
    fn moved(&self, sorted: &StatementOrder<'_>) -> FxHashMap<usize, Notes> {
        let terms = sorted.terms;
        let mut subjects: FxHashMap<(Id, Id), usize> = FxHashMap::default();
        let mut predicates: FxHashMap<(Id, Id, Id), usize> = FxHashMap::default();
        let mut places: FxHashMap<QuadIds, usize> = FxHashMap::default();
        for (i, s) in sorted.statements.iter().enumerate() {
            subjects.entry((s.graph, s.subject)).or_insert(i);
            predicates.entry((s.graph, s.subject, s.predicate)).or_insert(i);
            places.insert(*s, i);
        }
        let mut order: Vec<_> = self.notes.iter().collect();
        order.sort_unstable_by_key(|(place, _)| **place);
        let mut moved: FxHashMap<usize, Notes> = FxHashMap::default();
        for (place, notes) in order {
            let quad = self.quads.get(*place);
            let Some(s) = quad.and_then(|quad| terms.dataset.statement(quad)) else { continue };
            let notes = notes.clone();
            let is_cell = matches!(terms.form(s.subject), TermForm::List(_) | TermForm::Cell(_));
            let of_subject = if is_cell {
                sorted.item(s.subject)
            } else {
                subjects.get(&(s.graph, s.subject)).copied()
            };
            let Some(of_subject) = of_subject else { continue };
            if is_cell {
                let item = moved.entry(of_subject).or_default();
                item.object.extend([notes.subject, notes.predicate, notes.object].concat());
                notes.after.into_iter().for_each(|comment| item.add_after(comment));
                item.below.extend(notes.below);
                continue;
            }
            let first = moved.entry(of_subject).or_default();
            match terms.form(s.subject) {
                TermForm::Nested(_) => first.predicate.extend(notes.subject),
                _ => first.subject.extend(notes.subject),
            }
            if let Some(first) = predicates.get(&(s.graph, s.subject, s.predicate)) {
                moved.entry(*first).or_default().predicate.extend(notes.predicate);
            }
            if let Some(place) = places.get(&s) {
                let here = moved.entry(*place).or_default();
                here.object.extend(notes.object);
                notes.after.into_iter().for_each(|comment| here.add_after(comment));
                here.below.extend(notes.below);
            }
        }
        moved.retain(|_, notes| !notes.is_empty());
        moved
    }
}

fn number(dataset: &Dataset<'_>, node: &BlankNode) -> Option<Id> {
    dataset.number_of(node.as_ref().into())
}

/// Returns the id of a graph, or `None` if its name is not in the dataset.
fn graph_number(dataset: &Dataset<'_>, name: &GraphName) -> Option<Id> {
    match name.as_ref() {
        GraphNameRef::DefaultGraph => Some(DEFAULT_GRAPH),
        GraphNameRef::NamedNode(name) => dataset.number_of(name.into()),
        GraphNameRef::BlankNode(name) => dataset.number_of(name.into()),
    }
}
