//! SPARQL updates that servers understand, Virtuoso 7 among them.

use super::write::Insertion;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use spargebra::GraphUpdateOperation;
use spargebra::algebra::{GraphPattern, GraphTarget};
use spargebra::term::{self, GraphNamePattern, QuadPattern, TermPattern};
use std::fmt::{Display, Write as _};

/// Returns the operations that add quads.
///
/// Virtuoso rejects blank nodes in `INSERT DATA`, and fails if a template with blank nodes has more than one graph. So
/// each group of quads with blank nodes has an operation of its own, unless the one before is for the same graph.
pub(super) fn insertion(insertion: &Insertion) -> Vec<GraphUpdateOperation> {
    let data = insertion.ground.iter().filter_map(ground).collect();
    let mut operations = vec![GraphUpdateOperation::InsertData { data }];
    let mut last: Option<(Option<&GraphName>, Vec<QuadPattern>)> = None;
    for group in &insertion.groups {
        let graph = only_graph(group);
        let patterns = group.iter().filter_map(with_blank_nodes);
        match &mut last {
            Some((of, quads)) if graph.is_some() && *of == graph => quads.extend(patterns),
            _ => {
                operations.extend(last.take().map(|(_, quads)| template(quads)));
                last = Some((graph, patterns.collect()));
            }
        }
    }
    operations.extend(last.map(|(_, quads)| template(quads)));
    operations
}

/// Returns the operation that removes a graph, whether it is there or not.
pub(crate) fn drop_graph(name: &NamedNode) -> GraphUpdateOperation {
    GraphUpdateOperation::Drop { silent: true, graph: GraphTarget::NamedNode(name.clone()) }
}

/// Returns the text of operations.
///
/// Virtuoso rejects a full stop behind the braces of a graph, and fails if a template with blank nodes has more than one
/// pair of braces. Both are allowed.
pub(super) fn text(operations: &[GraphUpdateOperation]) -> String {
    let mut text = String::new();
    for operation in operations {
        match operation {
            GraphUpdateOperation::DeleteInsert { delete, insert, using: None, pattern } => {
                let deleted = delete.iter().map(|quad| {
                    (&quad.graph_name, triple(&quad.subject, &quad.predicate, &quad.object))
                });
                let inserted = insert.iter().map(|quad| {
                    (&quad.graph_name, triple(&quad.subject, &quad.predicate, &quad.object))
                });
                clause(&mut text, "DELETE", deleted);
                clause(&mut text, "INSERT", inserted);
                let _ = write!(text, "WHERE {{ {pattern} }}");
            }
            operation => {
                let _ = write!(text, "{operation}");
            }
        }
        text.push_str(" ;\n");
    }
    text
}

fn triple(subject: &impl Display, predicate: &impl Display, object: &impl Display) -> String {
    format!("\t{subject} {predicate} {object} .\n")
}

/// Writes the template of an operation: the triples of one graph after another.
fn clause<'a>(
    text: &mut String,
    keyword: &str,
    quads: impl Iterator<Item = (&'a GraphNamePattern, String)>,
) {
    let mut graph = None;
    for (name, triple) in quads {
        if graph != Some(name) {
            match graph {
                None => text.push_str(&format!("{keyword} {{\n")),
                Some(GraphNamePattern::DefaultGraph) => {}
                Some(_) => text.push_str("}\n"),
            }
            if *name != GraphNamePattern::DefaultGraph {
                text.push_str(&format!("GRAPH {name} {{\n"));
            }
            graph = Some(name);
        }
        text.push_str(&triple);
    }
    match graph {
        None => {}
        Some(GraphNamePattern::DefaultGraph) => text.push_str("}\n"),
        Some(_) => text.push_str("}\n}\n"),
    }
}

/// Returns the operation that adds quads, in which a label of a blank node stands for one new node.
fn template(insert: Vec<QuadPattern>) -> GraphUpdateOperation {
    let pattern = Box::new(GraphPattern::Bgp { patterns: Vec::new() });
    GraphUpdateOperation::DeleteInsert { delete: Vec::new(), insert, using: None, pattern }
}

/// Returns the graph of quads that are all in the same.
fn only_graph(quads: &[Quad]) -> Option<&GraphName> {
    let first = &quads.first()?.graph_name;
    quads.iter().all(|quad| quad.graph_name == *first).then_some(first)
}

/// Returns a quad of data, or `None` if its graph is a blank node, which an update cannot name.
fn ground(quad: &Quad) -> Option<term::Quad> {
    let graph_name = match &quad.graph_name {
        GraphName::DefaultGraph => term::GraphName::DefaultGraph,
        GraphName::NamedNode(name) => term::GraphName::NamedNode(name.clone()),
        GraphName::BlankNode(_) => return None,
    };
    let Quad { subject, predicate, object, .. } = quad.clone();
    Some(term::Quad { subject, predicate, object, graph_name })
}

/// Returns a quad of a template, or `None` if its graph is a blank node, which an update cannot name.
fn with_blank_nodes(quad: &Quad) -> Option<QuadPattern> {
    let graph_name = match &quad.graph_name {
        GraphName::DefaultGraph => GraphNamePattern::DefaultGraph,
        GraphName::NamedNode(name) => GraphNamePattern::NamedNode(name.clone()),
        GraphName::BlankNode(_) => return None,
    };
    let subject = match quad.subject.clone() {
        NamedOrBlankNode::NamedNode(iri) => TermPattern::NamedNode(iri),
        NamedOrBlankNode::BlankNode(node) => TermPattern::BlankNode(node),
    };
    let object = match quad.object.clone() {
        Term::NamedNode(iri) => TermPattern::NamedNode(iri),
        Term::BlankNode(node) => TermPattern::BlankNode(node),
        Term::Literal(literal) => TermPattern::Literal(literal),
        #[cfg(feature = "rdf-12")]
        Term::Triple(triple) => TermPattern::Triple(Box::new(term::TriplePattern::from(*triple))),
    };
    Some(QuadPattern { subject, predicate: quad.predicate.clone().into(), object, graph_name })
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::{BlankNode, Literal};
    use oxigraph::sparql::SparqlEvaluator;
    use oxigraph::store::Store;
    use spargebra::SparqlParser;

    fn iri(name: &str) -> NamedNode {
        NamedNode::new_unchecked(format!("http://example.com/{name}"))
    }

    /// Values that would end a literal or an IRI if they were not escaped.
    #[test]
    fn data_stays_data() {
        let hostile = "\" } ; DROP ALL ; INSERT DATA { <x:a> <x:b> \"\n\\";
        let node = BlankNode::new_unchecked("b");
        let quad = |subject: NamedOrBlankNode, object: Term, graph: GraphName| Quad {
            subject,
            predicate: iri("p"),
            object,
            graph_name: graph,
        };
        let literal = || Term::from(Literal::new_simple_literal(hostile));
        let insert = Insertion {
            ground: vec![
                quad(iri("s").into(), literal(), iri("g").into()),
                quad(iri("s").into(), literal(), GraphName::DefaultGraph),
            ],
            groups: vec![
                vec![
                    quad(iri("s").into(), node.clone().into(), iri("g").into()),
                    quad(node.clone().into(), literal(), iri("g").into()),
                ],
                vec![
                    quad(iri("t").into(), node.clone().into(), iri("g").into()),
                    quad(node.into(), literal(), GraphName::DefaultGraph),
                ],
            ],
        };
        let operations = insertion(&insert);
        assert_eq!(operations.len(), 3);
        let text = text(&operations);
        let parsed = SparqlParser::new().parse_update(&text).unwrap();
        assert_eq!(parsed.operations.len(), 3);
        let store = Store::new().unwrap();
        SparqlEvaluator::new().parse_update(&text).unwrap().on_store(&store).execute().unwrap();
        assert_eq!(store.len().unwrap(), insert.len());
        let literals = store.iter().map(Result::unwrap).filter(|quad| quad.object == literal());
        assert_eq!(literals.count(), 4);
    }
}
