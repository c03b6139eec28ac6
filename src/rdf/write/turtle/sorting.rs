//! Sorts the statements of a dataset into output order.

use super::TermContext;
use super::comments::{Around, Comments};
use super::flat::{Flat, NodeTexts};
use super::statement_order::{GraphStatements, StatementOrder};
use crate::rdf::write::blank::TermForm;
use crate::rdf::write::dataset::{DEFAULT_GRAPH, Id, QuadIds};
use crate::rdf::write::order::{Predicates, SubjectKey, Subjects, compare_literals};
use oxigraph::model::TermRef;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::ops::Range;

/// The sort key of a subject.
type Key<'a> = (SubjectKey<'a>, Name<'a>);

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Name<'a> {
    Iri(&'a str),
    /// A blank node that nothing mentions, by its one-line text.
    Alone(&'a str),
    Labelled(usize),
}

impl<'a> StatementOrder<'a> {
    /// Sorts statements into the order that readers expect.
    pub(super) fn sorted(
        mut statements: Vec<QuadIds>,
        terms: TermContext<'a>,
        predicates: &Predicates,
        subjects: &Subjects<'a>,
    ) -> Self {
        // This groups the statements by graph and subject. Their order is found below.
        statements
            .sort_by_cached_key(|s| (s.graph, s.subject, predicates.rank(s.predicate), s.object));
        let mut sorted = Self {
            statements,
            nested: FxHashMap::default(),
            graphs: Vec::new(),
            comments: Comments::default(),
            terms,
        };
        let mut blocks: Vec<Range<usize>> = Vec::new();
        let mut nested: Vec<(u8, Id, Range<usize>)> = Vec::new();
        let mut start = 0;
        for block in sorted.statements.chunk_by(|a, b| (a.graph, a.subject) == (b.graph, b.subject))
        {
            let range = start..start + block.len();
            start = range.end;
            let Some(first) = block.first() else { continue };
            let form = terms.form(first.subject);
            if form != TermForm::Name {
                nested.push((form.depth(), first.subject, range.clone()));
            }
            if matches!(form, TermForm::Name | TermForm::Alone) {
                blocks.push(range);
            }
        }
        sorted.nested = nested.iter().map(|(_, id, range)| (*id, range.clone())).collect();
        // Deepest first: inner nodes are written before the nodes that contain them.
        nested.sort_unstable_by_key(|(depth, id, _)| (u8::MAX - depth, *id));
        let mut texts = NodeTexts::default();
        for (_, id, range) in nested {
            sorted.sort_objects(&range, &texts);
            if matches!(terms.form(id), TermForm::Cell(_)) {
                continue;
            }
            let mut text = String::new();
            Flat { arranged: &sorted, terms, texts: Some(&texts), room: usize::MAX }
                .node(id, &mut text);
            sorted.forget(id, &mut texts);
            texts.insert(id, text);
        }
        for block in &blocks {
            let is_named = |statement: &QuadIds| terms.form(statement.subject) == TermForm::Name;
            if sorted.statements.get(block.start).is_some_and(is_named) {
                sorted.sort_objects(block, &texts);
            }
        }
        sorted.graphs = sorted.graphs(blocks, subjects, &texts);
        sorted
    }

    /// Removes the texts of the nodes inside a node, which are part of its own text.
    fn forget(&self, node: Id, texts: &mut NodeTexts) {
        if let TermForm::List(_) = self.terms.form(node) {
            for (_, item) in self.items(node) {
                texts.remove(&item);
            }
        } else {
            for statement in self.statements(self.about(node)) {
                texts.remove(&statement.object);
            }
        }
    }

    /// Returns the graphs with their blocks in order, the default graph first.
    fn graphs(
        &self,
        blocks: Vec<Range<usize>>,
        subjects: &Subjects<'a>,
        texts: &NodeTexts,
    ) -> Vec<GraphStatements> {
        let first = |block: &Range<usize>| self.statements.get(block.start).copied();
        let mut graphs: FxHashMap<Id, GraphStatements> = FxHashMap::default();
        let graph = |name| GraphStatements {
            name,
            head: None,
            blocks: Vec::new(),
            comments: Around::default(),
        };
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
        let mut named: Vec<GraphStatements> = graphs.into_values().collect();
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

    fn key<'k>(&self, subject: Id, subjects: &Subjects<'a>, texts: &'k NodeTexts) -> Key<'k>
    where
        'a: 'k,
    {
        let name = match self.terms.dataset.term(subject) {
            TermRef::NamedNode(iri) => Name::Iri(iri.as_str()),
            _ if self.terms.form(subject) == TermForm::Name => {
                Name::Labelled(self.terms.number(subject))
            }
            _ => Name::Alone(texts.get(&subject).map_or("", String::as_str)),
        };
        (subjects.key(subject), name)
    }

    fn sort_objects(&mut self, block: &Range<usize>, texts: &NodeTexts) {
        let terms = self.terms;
        let Some(block) = self.statements.get_mut(block.clone()) else { return };
        for same in block.chunk_by_mut(|a, b| a.predicate == b.predicate) {
            if same.len() > 1 {
                same.sort_unstable_by(|a, b| compare(a.object, b.object, terms, texts));
            }
        }
    }
}

/// Compares objects: IRIs, then nested nodes by their texts, labelled nodes by their numbers, then literals.
fn compare(a: Id, b: Id, terms: TermContext<'_>, texts: &NodeTexts) -> Ordering {
    match (terms.dataset.term(a), terms.dataset.term(b)) {
        (TermRef::NamedNode(a), TermRef::NamedNode(b)) => a.as_str().cmp(b.as_str()),
        (TermRef::Literal(a), TermRef::Literal(b)) => compare_literals(a, b),
        (TermRef::BlankNode(_), TermRef::BlankNode(_)) => compare_blank(a, b, terms, texts),
        (TermRef::NamedNode(_), _) | (TermRef::BlankNode(_), TermRef::Literal(_)) => Ordering::Less,
        _ => Ordering::Greater,
    }
}

fn compare_blank(a: Id, b: Id, terms: TermContext<'_>, texts: &NodeTexts) -> Ordering {
    let key = |id| match terms.form(id) {
        TermForm::Name => (true, "", terms.number(id)),
        _ => (false, texts.get(&id).map_or("", String::as_str), 0),
    };
    key(a).cmp(&key(b))
}
