//! The statements of a dataset in the order in which they are written.

use super::layout::Flat;
use super::{Place, Terms};
use crate::export::dataset::{DEFAULT_GRAPH, Id, Statement};
use crate::export::order::{Predicates, SubjectKey, Subjects, compare_literals};
use crate::vocabulary::rdf;
use oxigraph::model::TermRef;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::ops::Range;

/// Statements that are sorted, and what stands where.
pub(super) struct Sorted<'a> {
    /// Subject by subject of each graph; predicates and objects in order.
    pub statements: Vec<Statement>,
    /// The blocks of blank nodes that are written inside others.
    nested: FxHashMap<Id, Range<usize>>,
    /// The graphs, each with its blocks in order: the default graph first.
    pub graphs: Vec<Graph>,
    terms: Terms<'a>,
}

/// A graph, and what stands in it.
pub(super) struct Graph {
    pub name: Id,
    /// What the default graph says about the name.
    pub head: Option<Range<usize>>,
    /// The statements about each subject.
    pub blocks: Vec<Range<usize>>,
}

/// What the order of a subject depends on.
type Key<'a> = (SubjectKey<'a>, Name<'a>);

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Name<'a> {
    Iri(&'a str),
    /// A blank node that nothing mentions, by the line that it makes.
    Alone(&'a str),
    Labelled(usize),
}

/// Nested nodes, written in one line each: their order is that of these lines.
pub(super) type Texts = FxHashMap<Id, String>;

impl<'a> Sorted<'a> {
    pub fn of(
        mut statements: Vec<Statement>,
        terms: Terms<'a>,
        predicates: &Predicates,
        subjects: &Subjects<'a>,
    ) -> Self {
        // A graph's and a subject's statements stand together already; their order is found below.
        statements
            .sort_by_cached_key(|s| (s.graph, s.subject, predicates.rank(s.predicate), s.object));
        let mut sorted =
            Self { statements, nested: FxHashMap::default(), graphs: Vec::new(), terms };
        let mut blocks: Vec<Range<usize>> = Vec::new();
        let mut nested: Vec<(u8, Id, Range<usize>)> = Vec::new();
        let mut start = 0;
        for block in sorted.statements.chunk_by(|a, b| (a.graph, a.subject) == (b.graph, b.subject))
        {
            let range = start..start + block.len();
            start = range.end;
            let Some(first) = block.first() else { continue };
            let place = terms.place(first.subject);
            if place != Place::Name {
                nested.push((place.depth(), first.subject, range.clone()));
            }
            if matches!(place, Place::Name | Place::Alone) {
                blocks.push(range);
            }
        }
        sorted.nested = nested.iter().map(|(_, id, range)| (*id, range.clone())).collect();
        // The deepest first: what is inside a node is written before the node is.
        nested.sort_unstable_by_key(|(depth, id, _)| (u8::MAX - depth, *id));
        let mut texts = Texts::default();
        for (_, id, range) in nested {
            sorted.sort_objects(&range, &texts);
            if matches!(terms.place(id), Place::Cell(_)) {
                continue;
            }
            let mut text = String::new();
            Flat { sorted: &sorted, terms, texts: Some(&texts), room: usize::MAX }
                .node(id, &mut text);
            sorted.forget(id, &mut texts);
            texts.insert(id, text);
        }
        for block in &blocks {
            let is_named = |statement: &Statement| terms.place(statement.subject) == Place::Name;
            if sorted.statements.get(block.start).is_some_and(is_named) {
                sorted.sort_objects(block, &texts);
            }
        }
        sorted.graphs = sorted.graphs(blocks, subjects, &texts);
        sorted
    }

    /// The statements about a node that is written inside another one.
    pub fn about(&self, node: Id) -> &[Statement] {
        self.nested.get(&node).and_then(|range| self.statements.get(range.clone())).unwrap_or(&[])
    }

    /// The cells of a list, from its head: of each what it says, which is `rdf:first` and `rdf:rest` in some order.
    pub fn items(&self, head: Id) -> impl Iterator<Item = Id> + use<'_> {
        let rest = self.terms.dataset.id_of(rdf::REST);
        let mut cell = Some(head);
        std::iter::from_fn(move || {
            let (mut item, mut next) = (None, None);
            for statement in self.about(cell?) {
                let is_rest = rest == Some(statement.predicate);
                *if is_rest { &mut next } else { &mut item } = Some(statement.object);
            }
            cell = next.filter(|next| matches!(self.terms.place(*next), Place::Cell(_)));
            item
        })
    }

    /// Forgets the lines of what is inside a node: they are parts of its own.
    fn forget(&self, node: Id, texts: &mut Texts) {
        if let Place::List(_) = self.terms.place(node) {
            for item in self.items(node) {
                texts.remove(&item);
            }
        } else {
            for statement in self.about(node) {
                texts.remove(&statement.object);
            }
        }
    }

    /// The graphs with their blocks in order, the default graph first.
    fn graphs(
        &self,
        blocks: Vec<Range<usize>>,
        subjects: &Subjects<'a>,
        texts: &Texts,
    ) -> Vec<Graph> {
        let first = |block: &Range<usize>| self.statements.get(block.start).copied();
        let mut graphs: FxHashMap<Id, Graph> = FxHashMap::default();
        let graph = |name| Graph { name, head: None, blocks: Vec::new() };
        let (background, named): (Vec<_>, Vec<_>) = blocks
            .into_iter()
            .filter_map(|block| Some((first(&block)?, block)))
            .partition(|(statement, _)| statement.graph == DEFAULT_GRAPH);
        for (statement, block) in named {
            let name = statement.graph;
            graphs.entry(name).or_insert_with(|| graph(name)).blocks.push(block);
        }
        let mut default = graph(DEFAULT_GRAPH);
        for (statement, block) in background {
            match graphs.get_mut(&statement.subject) {
                Some(graph) => graph.head = Some(block),
                None => default.blocks.push(block),
            }
        }
        let mut named: Vec<Graph> = graphs.into_values().collect();
        named.sort_by_cached_key(|graph| self.key(graph.name, subjects, texts));
        let mut graphs = vec![default];
        graphs.append(&mut named);
        for graph in &mut graphs {
            graph.blocks.sort_by_cached_key(|block| {
                first(block).map(|statement| self.key(statement.subject, subjects, texts))
            });
        }
        graphs
    }

    fn key<'k>(&self, subject: Id, subjects: &Subjects<'a>, texts: &'k Texts) -> Key<'k>
    where
        'a: 'k,
    {
        let name = match self.terms.dataset.term(subject) {
            TermRef::NamedNode(iri) => Name::Iri(iri.as_str()),
            _ if self.terms.place(subject) == Place::Name => {
                Name::Labelled(self.terms.labels.number(subject))
            }
            _ => Name::Alone(texts.get(&subject).map_or("", String::as_str)),
        };
        (subjects.key(subject), name)
    }

    fn sort_objects(&mut self, block: &Range<usize>, texts: &Texts) {
        let terms = self.terms;
        let Some(block) = self.statements.get_mut(block.clone()) else { return };
        for same in block.chunk_by_mut(|a, b| a.predicate == b.predicate) {
            if same.len() > 1 {
                same.sort_unstable_by(|a, b| compare(a.object, b.object, terms, texts));
            }
        }
    }
}

/// The order of objects: IRIs, then nested nodes by their lines, labelled ones by their numbers, then literals.
fn compare(a: Id, b: Id, terms: Terms<'_>, texts: &Texts) -> Ordering {
    match (terms.dataset.term(a), terms.dataset.term(b)) {
        (TermRef::NamedNode(a), TermRef::NamedNode(b)) => a.as_str().cmp(b.as_str()),
        (TermRef::Literal(a), TermRef::Literal(b)) => compare_literals(a, b),
        (TermRef::BlankNode(_), TermRef::BlankNode(_)) => compare_blank(a, b, terms, texts),
        (TermRef::NamedNode(_), _) | (TermRef::BlankNode(_), TermRef::Literal(_)) => Ordering::Less,
        _ => Ordering::Greater,
    }
}

fn compare_blank(a: Id, b: Id, terms: Terms<'_>, texts: &Texts) -> Ordering {
    let key = |id| match terms.place(id) {
        Place::Name => (true, "", terms.labels.number(id)),
        _ => (false, texts.get(&id).map_or("", String::as_str), 0),
    };
    key(a).cmp(&key(b))
}
