//! The queries and updates of a push. Their texts are fixed; names are added to their algebra.

use super::survey::ServerLayout;
use crate::algebra::{change, pattern_of_mut};
use crate::diagnostic::{Diagnostic, Result};
use crate::endpoint::{Insertion, drop_graph};
use crate::vocabulary::push;
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Quad};
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{
    self, GroundQuadPattern, GroundTermPattern, NamedNodePattern, TriplePattern, Variable,
};
use spargebra::{GraphUpdateOperation, Query, SparqlParser};

/// Parses the fixed text of a query.
pub(super) fn parsed(text: &str) -> Result<Query> {
    let parsed = SparqlParser::new().parse_query(text);
    parsed.map_err(|error| Diagnostic::new(format!("cannot parse a query: {error}")).store())
}

/// Parses the fixed text of a query, and replaces the values of each `VALUES` in it by names.
pub(super) fn about(text: &str, names: &[NamedNode]) -> Result<Query> {
    let mut query = parsed(text)?;
    change(pattern_of_mut(&mut query), &mut |pattern| {
        if let GraphPattern::Values { bindings, .. } = pattern {
            *bindings = names.iter().map(|name| vec![Some(name.clone().into())]).collect();
        }
        true
    });
    Ok(query)
}

/// Returns the pattern that matches any triple, in the graph in which a layout has what no named graph states.
pub(super) const fn default_pattern(layout: ServerLayout) -> &'static str {
    match layout {
        ServerLayout::Merged => "?s ?p ?o",
        ServerLayout::Union => "GRAPH <https://w3id.org/dossier/push#background> { ?s ?p ?o }",
    }
}

/// Returns the quads that record how much of a push is sent.
pub(super) fn marks(marker: &NamedNode, sent: u64, is_fresh: Option<bool>) -> Insertion {
    let mark = |property: NamedNodeRef<'_>, value: Literal| {
        Quad::new(marker.clone(), property.into_owned(), value, marker.clone())
    };
    let sent = mark(push::SENT, Literal::new_typed_literal(sent.to_string(), xsd::INTEGER));
    let fresh = is_fresh.map(|is_fresh| mark(push::FRESH, Literal::from(is_fresh)));
    Insertion { ground: [sent].into_iter().chain(fresh).collect(), groups: Vec::new() }
}

/// Returns the operations that remove graphs, what the default graph has of them alone, and the heads of their claims.
pub(super) fn removal(graphs: &[NamedNode], layout: ServerLayout) -> Vec<GraphUpdateOperation> {
    let mut operations = Vec::new();
    let [graph, other] = ["g", "h"].map(Variable::new_unchecked);
    let names = || GraphPattern::Values {
        variables: vec![graph.clone()],
        bindings: graphs.iter().map(|name| vec![Some(name.clone().into())]).collect(),
    };
    let join = |left: GraphPattern, right: GraphPattern| GraphPattern::Join {
        left: left.into(),
        right: right.into(),
    };
    if layout == ServerLayout::Merged {
        let is_removed = Expression::In(
            Box::new(other.clone().into()),
            graphs.iter().map(|name| Expression::NamedNode(name.clone())).collect(),
        );
        let stated_elsewhere = GraphPattern::Filter {
            expr: Expression::Not(is_removed.into()),
            inner: in_graph(other, triple("s")).into(),
        };
        operations.push(deletion(
            "s",
            term::GraphNamePattern::DefaultGraph,
            GraphPattern::Filter {
                expr: Expression::Not(Expression::Exists(stated_elsewhere.into()).into()),
                inner: join(names(), in_graph(graph.clone(), triple("s"))).into(),
            },
        ));
    }
    let (graph_name, heads) = match layout {
        ServerLayout::Merged => (term::GraphNamePattern::DefaultGraph, triple("g")),
        ServerLayout::Union => {
            let background = push::BACKGROUND.into_owned();
            (
                term::GraphNamePattern::NamedNode(background.clone()),
                in_graph(background, triple("g")),
            )
        }
    };
    operations.push(deletion("g", graph_name, join(names(), heads)));
    operations.extend(graphs.iter().map(drop_graph));
    operations
}

/// Returns `?SUBJECT ?p ?o`.
fn triple(subject: &str) -> GraphPattern {
    let [subject, predicate, object] = [subject, "p", "o"].map(Variable::new_unchecked);
    let triple = TriplePattern {
        subject: subject.into(),
        predicate: predicate.into(),
        object: object.into(),
    };
    GraphPattern::Bgp { patterns: vec![triple] }
}

fn in_graph(name: impl Into<NamedNodePattern>, inner: GraphPattern) -> GraphPattern {
    GraphPattern::Graph { name: name.into(), inner: inner.into() }
}

/// Returns the operation that deletes `?SUBJECT ?p ?o` from a graph, for the solutions of a pattern.
fn deletion(
    subject: &str,
    graph_name: term::GraphNamePattern,
    pattern: GraphPattern,
) -> GraphUpdateOperation {
    let [subject, predicate, object] = [subject, "p", "o"].map(Variable::new_unchecked);
    let deleted = GroundQuadPattern {
        subject: GroundTermPattern::Variable(subject),
        predicate: NamedNodePattern::Variable(predicate),
        object: GroundTermPattern::Variable(object),
        graph_name,
    };
    GraphUpdateOperation::DeleteInsert {
        delete: vec![deleted],
        insert: Vec::new(),
        using: None,
        pattern: pattern.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_is_read_again_with_the_same_operations() {
        let names = ["http://example.com/a", "http://example.com/b"].map(NamedNode::new_unchecked);
        for (layout, count) in [(ServerLayout::Merged, 4), (ServerLayout::Union, 3)] {
            let operations = removal(&names, layout);
            assert_eq!(operations.len(), count);
            let update = spargebra::Update { base_iri: None, operations };
            let read = SparqlParser::new().parse_update(&update.to_string()).unwrap();
            assert_eq!(read.operations.len(), count);
            assert_eq!(read.operations[count - 2..], update.operations[count - 2..]);
        }
    }
}
