//! JSON-LD 1.1 with a context of prefixes: names are CURIEs, values are in their short forms, and each thing of a graph
//! is one object.

use crate::vocabulary::{Prefixes, rdf, xsd};
use oxigraph::model::{GraphName, NamedOrBlankNode, Quad, Term};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Writes quads that are sorted by graph and subject.
pub(super) fn write(
    quads: &[Quad],
    prefixes: &[(&str, &str)],
    out: &mut dyn Write,
) -> io::Result<()> {
    let prefixes = safe(quads, prefixes);
    let compact = Compact { prefixes: &prefixes };
    let mut document = Map::new();
    document.insert("@context".into(), context(&prefixes));
    let mut things = Vec::new();
    for graph in quads.chunk_by(|a, b| a.graph_name == b.graph_name) {
        let nodes = compact.nodes(graph);
        match &graph[0].graph_name {
            GraphName::DefaultGraph => things.extend(nodes),
            GraphName::NamedNode(name) => {
                things.push(json!({ "@id": compact.iri(name.as_str()), "@graph": nodes }));
            }
            GraphName::BlankNode(name) => {
                things.push(json!({ "@id": name.to_string(), "@graph": nodes }));
            }
        }
    }
    document.insert("@graph".into(), things.into());
    serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
    writeln!(out)
}

/// The prefixes without those that JSON-LD would misread: one that is empty, or that is also the scheme of an IRI,
/// such as a prefix `urn`.
fn safe(quads: &[Quad], prefixes: &[(&str, &str)]) -> Prefixes {
    let scheme = |iri: &str| iri.split(':').next().unwrap_or_default().to_owned();
    let mut schemes = BTreeSet::new();
    for quad in quads {
        schemes.insert(scheme(quad.predicate.as_str()));
        if let NamedOrBlankNode::NamedNode(subject) = &quad.subject {
            schemes.insert(scheme(subject.as_str()));
        }
        match &quad.object {
            Term::NamedNode(object) => schemes.insert(scheme(object.as_str())),
            Term::Literal(literal) => schemes.insert(scheme(literal.datatype().as_str())),
            Term::BlankNode(_) => false,
        };
        if let GraphName::NamedNode(graph) = &quad.graph_name {
            schemes.insert(scheme(graph.as_str()));
        }
    }
    let mut safe = Prefixes::default();
    for (prefix, namespace) in prefixes {
        if !prefix.is_empty() && !schemes.contains(*prefix) {
            safe.add(prefix, namespace);
        }
    }
    safe
}

/// The context. A namespace that does not end like one has to say that it is a prefix
/// ([JSON-LD 1.1, 4.1.5](https://www.w3.org/TR/json-ld11/#compact-iris)).
fn context(prefixes: &Prefixes) -> Value {
    let term = |namespace: &str| {
        if namespace.ends_with([':', '/', '?', '#', '[', ']', '@']) {
            json!(namespace)
        } else {
            json!({ "@id": namespace, "@prefix": true })
        }
    };
    prefixes.iter().map(|(prefix, namespace)| (prefix.to_owned(), term(namespace))).collect()
}

struct Compact<'a> {
    prefixes: &'a Prefixes,
}

impl Compact<'_> {
    /// The things of one graph, whose quads are sorted by subject.
    fn nodes(&self, quads: &[Quad]) -> Vec<Value> {
        let mut nodes = Vec::new();
        for thing in quads.chunk_by(|a, b| a.subject == b.subject) {
            let mut node = Map::new();
            node.insert("@id".into(), self.node(&thing[0].subject).into());
            for quad in thing {
                let (key, value) = match &quad.object {
                    Term::NamedNode(class) if quad.predicate.as_ref() == rdf::TYPE => {
                        ("@type".to_owned(), self.iri(class.as_str()).into())
                    }
                    object => (self.iri(quad.predicate.as_str()), self.value(object)),
                };
                match node.get_mut(&key) {
                    None => {
                        node.insert(key, value);
                    }
                    Some(Value::Array(values)) => values.push(value),
                    Some(first) => *first = json!([first.take(), value]),
                }
            }
            nodes.push(node.into());
        }
        nodes
    }

    fn node(&self, node: &NamedOrBlankNode) -> String {
        match node {
            NamedOrBlankNode::NamedNode(iri) => self.iri(iri.as_str()),
            NamedOrBlankNode::BlankNode(node) => node.to_string(),
        }
    }

    fn iri(&self, iri: &str) -> String {
        self.prefixes.shorten(iri).unwrap_or_else(|| iri.to_owned())
    }

    fn value(&self, term: &Term) -> Value {
        match term {
            Term::NamedNode(iri) => json!({ "@id": self.iri(iri.as_str()) }),
            Term::BlankNode(node) => json!({ "@id": node.to_string() }),
            Term::Literal(literal) => {
                let value = literal.value();
                if let Some(language) = literal.language() {
                    return json!({ "@value": value, "@language": language });
                }
                let datatype = literal.datatype();
                match value {
                    _ if datatype == xsd::STRING => json!(value),
                    "true" | "false" if datatype == xsd::BOOLEAN => json!(value == "true"),
                    _ => match exact_integer(value).filter(|_| datatype == xsd::INTEGER) {
                        Some(number) => json!(number),
                        None => json!({ "@value": value, "@type": self.iri(datatype.as_str()) }),
                    },
                }
            }
        }
    }
}

/// A number that every reader of JSON reads as it is written, and writes as it was.
fn exact_integer(value: &str) -> Option<i64> {
    let number: i64 = value.parse().ok()?;
    (number.unsigned_abs() < 1 << 53 && number.to_string() == value).then_some(number)
}
