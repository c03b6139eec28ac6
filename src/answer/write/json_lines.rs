//! JSON lines: each solution as a line of its own, in the form that SPARQL's JSON has for bindings.

use super::WriteError;
use crate::error::Result;
use crate::whole::WriteWhole;
use oxigraph::model::{Term, TermRef, Variable};
use oxigraph::sparql::QuerySolution;
use serde::ser::{Serialize, SerializeMap, Serializer};

pub(super) fn write(
    solutions: impl Iterator<Item = Result<QuerySolution>>,
    out: &mut dyn WriteWhole,
) -> Result<(), WriteError> {
    out.whole(Some(0), "")?;
    for (before, solution) in solutions.enumerate() {
        serde_json::to_writer(&mut *out, &Bindings(&solution?)).map_err(std::io::Error::from)?;
        writeln!(out)?;
        out.whole(Some(before + 1), "")?;
    }
    Ok(())
}

/// The bindings of a solution.
pub(super) struct Bindings<'a>(pub &'a QuerySolution);

impl Serialize for Bindings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0.iter().map(|(v, term): (&Variable, &Term)| (v.as_str(), Binding(term.as_ref()))),
        )
    }
}

/// A term as in [SPARQL 1.1 Query Results JSON, 3.2.2](https://www.w3.org/TR/sparql11-results-json/#select-encode-terms).
pub(crate) struct Binding<'a>(pub TermRef<'a>);

impl Serialize for Binding<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.0 {
            TermRef::NamedNode(iri) => {
                map.serialize_entry("type", "uri")?;
                map.serialize_entry("value", iri.as_str())?;
            }
            TermRef::BlankNode(node) => {
                map.serialize_entry("type", "bnode")?;
                map.serialize_entry("value", node.as_str())?;
            }
            TermRef::Literal(literal) => {
                map.serialize_entry("type", "literal")?;
                map.serialize_entry("value", literal.value())?;
                if let Some(language) = literal.language() {
                    map.serialize_entry("xml:lang", language)?;
                } else if literal.datatype() != crate::vocabulary::xsd::STRING {
                    map.serialize_entry("datatype", literal.datatype().as_str())?;
                }
            }
        }
        map.end()
    }
}
