//! Queries for batch lookups from an endpoint.

use crate::vocabulary::{rdf, rdfs};
use oxigraph::model::{
    GraphName, GraphNameRef, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode,
    NamedOrBlankNodeRef, Quad, Term, TermRef, Triple,
};
use oxigraph::sparql::QuerySolution;
use spargebra::Query;
use spargebra::algebra::{Expression, Function, GraphPattern, PropertyPathExpression};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern, Variable};

/// The variables of a quad.
const SUBJECT: &str = "s";
const PROPERTY: &str = "p";
const OBJECT: &str = "o";
const GRAPH: &str = "g";
/// The variable for an object that is compared.
const VALUE: &str = "v";
/// The variable for the index of a triple.
const NUMBER: &str = "i";

fn variable(name: &str) -> Variable {
    Variable::new_unchecked(name)
}

/// Returns `?s ?p ?o`.
fn any_triple() -> TriplePattern {
    TriplePattern {
        subject: variable(SUBJECT).into(),
        predicate: variable(PROPERTY).into(),
        object: variable(OBJECT).into(),
    }
}

fn bgp(triple: TriplePattern) -> GraphPattern {
    GraphPattern::Bgp { patterns: vec![triple] }
}

fn in_graph(pattern: GraphPattern) -> GraphPattern {
    GraphPattern::Graph { name: variable(GRAPH).into(), inner: pattern.into() }
}

fn select(pattern: GraphPattern, variables: &[&str]) -> Query {
    let variables = variables.iter().map(|name| variable(name)).collect();
    let pattern = GraphPattern::Project { inner: pattern.into(), variables };
    Query::Select { dataset: None, pattern, base_iri: None }
}

/// Returns the query for the quads that match a pattern, in one graph or all, up to a limit. Returns `None` if none can
/// match, because a blank node cannot be looked up in an endpoint.
pub(crate) fn pattern(
    subject: Option<NamedOrBlankNodeRef<'_>>,
    property: Option<NamedNodeRef<'_>>,
    object: Option<TermRef<'_>>,
    graph: Option<GraphNameRef<'_>>,
    most: Option<usize>,
) -> Option<Query> {
    let mut triple = any_triple();
    match subject {
        Some(NamedOrBlankNodeRef::NamedNode(iri)) => triple.subject = iri.into_owned().into(),
        Some(NamedOrBlankNodeRef::BlankNode(_)) => return None,
        None => {}
    }
    if let Some(property) = property {
        triple.predicate = property.into_owned().into();
    }
    match object {
        Some(TermRef::NamedNode(iri)) => triple.object = iri.into_owned().into(),
        Some(TermRef::Literal(literal)) => {
            triple.object = TermPattern::Literal(literal.into_owned());
        }
        Some(_) => return None,
        None => {}
    }
    let pattern = match graph {
        Some(GraphNameRef::DefaultGraph) => bgp(triple),
        Some(GraphNameRef::NamedNode(name)) => GraphPattern::Graph {
            name: NamedNodePattern::NamedNode(name.into_owned()),
            inner: bgp(triple).into(),
        },
        Some(GraphNameRef::BlankNode(_)) => return None,
        None => GraphPattern::Union {
            left: bgp(triple.clone()).into(),
            right: in_graph(bgp(triple)).into(),
        },
    };
    let mut query = select(pattern, &[SUBJECT, PROPERTY, OBJECT, GRAPH]);
    if let (Query::Select { pattern, .. }, Some(most)) = (&mut query, most) {
        let inner = std::mem::take(pattern).into();
        *pattern = GraphPattern::Slice { inner, start: 0, length: Some(most) };
    }
    Some(query)
}

/// Returns the quad of a solution of [`pattern`] with these constants, or `None` if the solution is not a quad.
pub(crate) fn quad_of(
    solution: &QuerySolution,
    subject: Option<NamedOrBlankNodeRef<'_>>,
    property: Option<NamedNodeRef<'_>>,
    object: Option<TermRef<'_>>,
    graph: Option<GraphNameRef<'_>>,
) -> Option<Quad> {
    let value = |name: &str| solution.get(name).cloned();
    Some(Quad {
        subject: match subject {
            Some(subject) => subject.into_owned(),
            None => subject_of(value(SUBJECT)?)?,
        },
        predicate: match property {
            Some(property) => property.into_owned(),
            None => iri_of(value(PROPERTY)?)?,
        },
        object: match object {
            Some(object) => object.into_owned(),
            None => value(OBJECT)?,
        },
        graph_name: match graph {
            Some(graph) => graph.into_owned(),
            None => value(GRAPH).and_then(subject_of).map_or(GraphName::DefaultGraph, Into::into),
        },
    })
}

fn iri_of(term: Term) -> Option<NamedNode> {
    match term {
        Term::NamedNode(iri) => Some(iri),
        _ => None,
    }
}

fn subject_of(term: Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(iri) => Some(iri.into()),
        Term::BlankNode(node) => Some(node.into()),
        _ => None,
    }
}

/// Returns the query for the graphs of some triples, by the index of each triple. Omits triples with blank nodes, which
/// cannot be looked up.
pub(crate) fn graphs_of<'a>(triples: impl IntoIterator<Item = &'a Triple>) -> Query {
    let values = numbered(triples, OBJECT);
    let (named, merged) = (in_graph(bgp(any_triple())), bgp(any_triple()));
    let stated = GraphPattern::Union {
        left: join(values.clone(), named).into(),
        right: join(values, merged).into(),
    };
    select(stated, &[NUMBER, GRAPH])
}

/// Returns the query for the named graphs of some triples, by the index of each triple, for servers that lose the name of
/// a graph in which nothing else is to be found, such as a federation by RDF4J's `FedX`. It reads all objects of a subject
/// and a property.
pub(crate) fn named_graphs_of<'a>(triples: impl IntoIterator<Item = &'a Triple>) -> Query {
    let stated = join(numbered(triples, VALUE), in_graph(bgp(any_triple())));
    let is_it =
        Expression::SameTerm(Box::new(variable(OBJECT).into()), Box::new(variable(VALUE).into()));
    select(GraphPattern::Filter { expr: is_it, inner: stated.into() }, &[NUMBER, GRAPH])
}

/// Returns a `VALUES` with the index of each triple and its terms.
fn numbered<'a>(triples: impl IntoIterator<Item = &'a Triple>, object: &str) -> GraphPattern {
    let row = |(number, triple): (usize, &Triple)| {
        let NamedOrBlankNode::NamedNode(subject) = &triple.subject else { return None };
        Some(vec![
            Some(GroundTerm::Literal(Literal::from(number as u64))),
            Some(subject.clone().into()),
            Some(triple.predicate.clone().into()),
            Some(constant(&triple.object)?),
        ])
    };
    GraphPattern::Values {
        variables: [NUMBER, SUBJECT, PROPERTY, object].map(variable).into(),
        bindings: triples.into_iter().enumerate().filter_map(row).collect(),
    }
}

/// Returns the index of a triple and one of its graphs, from a solution of [`graphs_of`].
pub(crate) fn graph_of(solution: &QuerySolution) -> Option<(usize, GraphName)> {
    let Some(Term::Literal(number)) = solution.get(NUMBER) else { return None };
    let graph = match solution.get(GRAPH) {
        None => GraphName::DefaultGraph,
        Some(Term::NamedNode(iri)) => iri.clone().into(),
        Some(Term::BlankNode(node)) => node.clone().into(),
        Some(_) => return None,
    };
    Some((number.value().parse().ok()?, graph))
}

/// Returns a `VALUES` with one variable.
fn one_of(name: &str, iris: impl IntoIterator<Item = NamedNode>) -> GraphPattern {
    GraphPattern::Values {
        variables: vec![variable(name)],
        bindings: iris.into_iter().map(|iri| vec![Some(iri.into())]).collect(),
    }
}

fn join(left: GraphPattern, right: GraphPattern) -> GraphPattern {
    GraphPattern::Join { left: left.into(), right: right.into() }
}

/// Returns the query for the values of some properties of some resources, in the default graph.
pub(crate) fn about<'a>(
    things: impl IntoIterator<Item = &'a NamedNode>,
    properties: &[NamedNodeRef<'_>],
) -> Query {
    let things = one_of(SUBJECT, things.into_iter().cloned());
    let properties = one_of(PROPERTY, properties.iter().map(|p| (*p).into_owned()));
    select(join(join(things, properties), bgp(any_triple())), &[SUBJECT, PROPERTY, OBJECT])
}

/// Returns the query for the triples of the default graph whose subject is one of `things`.
pub(crate) fn triples_of(things: &[NamedNode]) -> Query {
    let things = one_of(SUBJECT, things.iter().cloned());
    select(join(things, bgp(any_triple())), &[SUBJECT, PROPERTY, OBJECT])
}

/// Returns the query for the triples of a named graph, or of the default graph, from or to some resources.
pub(crate) fn edges_of(
    things: &[&Term],
    predicate: Option<&NamedNode>,
    is_reverse: bool,
    graph: Option<&NamedNode>,
) -> Query {
    let things = GraphPattern::Values {
        variables: vec![variable(if is_reverse { OBJECT } else { SUBJECT })],
        bindings: things.iter().filter_map(|t| constant(t)).map(|t| vec![Some(t)]).collect(),
    };
    let mut triple = any_triple();
    if let Some(predicate) = predicate {
        triple.predicate = predicate.clone().into();
    }
    let edges = match graph {
        None => bgp(triple),
        Some(name) => GraphPattern::Graph { name: name.clone().into(), inner: bgp(triple).into() },
    };
    select(join(things, edges), &[SUBJECT, PROPERTY, OBJECT])
}

/// Returns the query for the triples of some named graphs.
pub(crate) fn contents_of(graphs: &[NamedNode]) -> Query {
    let stated = in_graph(bgp(any_triple()));
    select(join(one_of(GRAPH, graphs.iter().cloned()), stated), &[SUBJECT, PROPERTY, OBJECT, GRAPH])
}

/// Returns the query for the instances of a class and of its subclasses.
pub(crate) fn instances_of(class: &NamedNode) -> Query {
    let step = |property: NamedNodeRef<'_>| PropertyPathExpression::from(property.into_owned());
    let subclasses = PropertyPathExpression::ZeroOrMore(step(rdfs::SUB_CLASS_OF).into());
    let path = GraphPattern::Path {
        subject: variable(SUBJECT).into(),
        path: PropertyPathExpression::Sequence(step(rdf::TYPE).into(), subclasses.into()),
        object: class.clone().into(),
    };
    let project = GraphPattern::Project { inner: path.into(), variables: vec![variable(SUBJECT)] };
    let pattern = GraphPattern::Distinct { inner: project.into() };
    Query::Select { dataset: None, pattern, base_iri: None }
}

/// Returns the query for the resources with a label, ignoring case, and for their exact labels.
pub(crate) fn called(name: &str, properties: &[NamedNodeRef<'_>]) -> Query {
    let label = Expression::FunctionCall(Function::Str, vec![variable(OBJECT).into()]);
    let condition = Expression::Equal(
        Expression::FunctionCall(Function::LCase, vec![label]).into(),
        Expression::Literal(Literal::from(name.to_lowercase())).into(),
    );
    let properties = one_of(PROPERTY, properties.iter().map(|p| (*p).into_owned()));
    let inner = join(properties, bgp(any_triple())).into();
    select(GraphPattern::Filter { expr: condition, inner }, &[SUBJECT, OBJECT])
}

/// Returns a term as a constant of a query, or `None` for a blank node, which would act as a variable.
fn constant(term: &Term) -> Option<GroundTerm> {
    GroundTerm::try_from(term.clone()).ok()
}
