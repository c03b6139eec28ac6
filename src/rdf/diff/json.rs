//! Writes a diff as JSON.

use super::files::FileChange;
use super::graph_changes::{ChangeCounts, ChangedTriple, GraphChanges, Side};
use oxigraph::model::{GraphName, NamedOrBlankNode, Term};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Writes a diff as one object:
///
/// - `same`: whether the datasets are the same;
/// - `smallestUnknown`: present, and true, if a smaller diff may exist;
/// - `counts`: the number of quads `removed` and `added`, and of claims `removed`, `added` and `changed`;
/// - `changes`: for each changed graph and claim, `graph` (null is the default graph) and `kind` (`claim` or `graph`);
///   for a claim, its `change` (`removed`, `added` or `changed`) and its `documents` and `quotes`, each `first` and
///   `second`; and the triples `removed` and `added`, also in the `head` of a claim.
/// - `files`: present if documents or queries of two dossiers differ, each with its `path` and its `change` (`removed`,
///   `added` or `changed`).
///
/// A triple is an array of three terms, each as in
/// [SPARQL's JSON](https://www.w3.org/TR/sparql11-results-json/#select-encode-terms).
///
/// # Errors
/// If the writer fails.
pub fn write_json(
    blocks: &[GraphChanges],
    counts: ChangeCounts,
    is_smallest_unknown: bool,
    files: &[FileChange],
    out: &mut dyn Write,
) -> io::Result<()> {
    let json = Json {
        same: counts.removed + counts.added + files.len() == 0,
        smallest_unknown: is_smallest_unknown,
        counts: json!({
            "removed": counts.removed,
            "added": counts.added,
            "claims": {
                "removed": counts.claims_removed,
                "added": counts.claims_added,
                "changed": counts.claims_changed,
            },
        }),
        changes: blocks.iter().map(change).collect(),
        files,
    };
    crate::printable::write_pretty(&json, out)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Json<'a> {
    same: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    smallest_unknown: bool,
    counts: Value,
    changes: Vec<Value>,
    /// The documents and queries that differ.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    files: &'a [FileChange],
}

fn change(block: &GraphChanges) -> Value {
    let graph = match &block.graph {
        GraphName::DefaultGraph => Value::Null,
        GraphName::NamedNode(name) => term(&name.clone().into()),
        GraphName::BlankNode(name) => term(&name.clone().into()),
    };
    let removed = triples(&block.body, Side::First);
    let added = triples(&block.body, Side::Second);
    if !block.is_claim {
        return json!({ "graph": graph, "kind": "graph", "removed": removed, "added": added });
    }
    let change = match block.side {
        Side::First => "removed",
        Side::Second => "added",
        Side::Both => "changed",
    };
    let values = |property| {
        let of = |gone: Side| {
            (block.head.iter())
                .filter(|statement| {
                    statement.side != gone && statement.triple.predicate.as_ref() == property
                })
                .map(|statement| term(&statement.triple.object))
                .collect::<Vec<_>>()
        };
        json!({ "first": of(Side::Second), "second": of(Side::First) })
    };
    json!({
        "graph": graph,
        "kind": "claim",
        "change": change,
        "documents": values(crate::vocabulary::dos::DOCUMENT),
        "quotes": values(crate::vocabulary::dos::QUOTE),
        "head": {
            "removed": triples(&block.head, Side::First),
            "added": triples(&block.head, Side::Second),
        },
        "removed": removed,
        "added": added,
    })
}

fn triples(statements: &[ChangedTriple], side: Side) -> Vec<Value> {
    (statements.iter())
        .filter(|statement| statement.side == side)
        .map(|ChangedTriple { triple, .. }| {
            let subject = match &triple.subject {
                NamedOrBlankNode::NamedNode(subject) => Term::from(subject.clone()),
                NamedOrBlankNode::BlankNode(subject) => Term::from(subject.clone()),
            };
            json!([term(&subject), term(&triple.predicate.clone().into()), term(&triple.object)])
        })
        .collect()
}

fn term(term: &Term) -> Value {
    match term {
        Term::NamedNode(iri) => json!({ "type": "uri", "value": iri.as_str() }),
        Term::BlankNode(node) => json!({ "type": "bnode", "value": node.as_str() }),
        Term::Literal(literal) => {
            let mut json = json!({ "type": "literal", "value": literal.value() });
            if let Some(language) = literal.language() {
                json["xml:lang"] = language.into();
                if let Some(direction) = crate::vocabulary::direction_of(literal.as_ref()) {
                    json["its:dir"] = direction.into();
                }
            } else if literal.datatype() != crate::vocabulary::xsd::STRING {
                json["datatype"] = literal.datatype().as_str().into();
            }
            json
        }
        #[cfg(feature = "rdf-12")]
        Term::Triple(triple) => {
            let [subject, predicate, object] =
                crate::vocabulary::parts(triple).map(|part| self::term(&part));
            json!({
                "type": "triple",
                "value": { "subject": subject, "predicate": predicate, "object": object },
            })
        }
    }
}
