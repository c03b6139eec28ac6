//! Cited answers as JSON: the W3C's format with `citations`, parallel to the bindings, and the `claims` that they name.
//!
//! Both stand before `results`, since readers of the format take keys that they do not know there and nowhere else.

use super::absences::absent;
use super::{CitedRow, EvidenceOf};
use crate::answer::write::WriteError;
use crate::answer::write::json_lines::{Binding, Bindings};
use crate::cite::{Citation, CitedTriple, Evidence};
use crate::diagnose::Diagnosis;
use crate::diagnostic::Diagnostic;
use crate::dossier::Place;
use crate::error::Result;
use crate::parallel::in_parts;
use crate::vocabulary::Prefixes;
use crate::whole::WriteWhole;
use oxigraph::model::NamedNode;
use oxigraph::sparql::Variable;
use rustc_hash::FxHashSet;
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};
use std::io::{self, Write};

/// What is needed to write citations as JSON.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub prefixes: &'a Prefixes,
    pub evidence_of: &'a EvidenceOf<'a>,
    /// Why there are no rows, or counts of nothing.
    pub diagnosis: Option<&'a Diagnosis>,
}

/// Closes the array of the citations, and has no claims and no rows.
const WITHOUT_ROWS: &str = "],\"claims\":{},\"results\":{\"bindings\":[]}}\n";

/// Writes rows. They are held as text until the last one is there; what their claims quote is not.
pub fn write_rows(
    variables: &[Variable],
    rows: impl Iterator<Item = Result<CitedRow>>,
    context: Context<'_>,
    out: &mut dyn WriteWhole,
) -> Result<(), WriteError> {
    let names: Vec<&str> = variables.iter().map(Variable::as_str).collect();
    write!(out, "{{\"head\":{{\"vars\":{}}},\"citations\":[", json(&names)?)?;
    let mut rows = rows;
    let mut bindings = Vec::new();
    let mut cited = FxHashSet::default();
    loop {
        // The rows stand behind all citations: a text that ends here has none.
        out.whole(Some(0), WITHOUT_ROWS)?;
        let some = rows.by_ref().take(ROWS_AT_ONCE).collect::<Result<Vec<_>>>()?;
        if some.is_empty() {
            break;
        }
        if !bindings.is_empty() {
            write!(out, ",")?;
            bindings.push(b',');
        }
        let prefixes = context.prefixes;
        let citation = |(_, citation): &CitedRow, text: &mut Vec<u8>| {
            append(&CitationJson::new(citation, prefixes), text)
        };
        write_list(&some, citation, out)?;
        let row = |(solution, _): &CitedRow, text: &mut Vec<u8>| append(&Bindings(solution), text);
        write_list(&some, row, &mut bindings)?;
        for (_, citation) in &some {
            note_graphs(citation, &mut cited);
        }
    }
    write!(out, "],\"claims\":")?;
    write_claims(cited, context, out)?;
    write_diagnosis(context, out)?;
    write!(out, ",\"results\":{{\"bindings\":[")?;
    out.write_all(&bindings)?;
    writeln!(out, "]}}}}")?;
    Ok(out.whole(None, "")?)
}

/// Writes the answer of an ASK.
pub fn write_boolean(
    value: bool,
    citation: &Citation,
    context: Context<'_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let words = json(&CitationJson::new(citation, context.prefixes))?;
    write!(out, "{{\"head\":{{}},\"citations\":[{words}],\"claims\":")?;
    let mut cited = FxHashSet::default();
    note_graphs(citation, &mut cited);
    write_claims(cited, context, out)?;
    write_diagnosis(context, out)?;
    Ok(writeln!(out, ",\"boolean\":{value}}}")?)
}

/// Writes the diagnosis as a member, if there is one.
fn write_diagnosis(context: Context<'_>, out: &mut dyn Write) -> io::Result<()> {
    match context.diagnosis {
        Some(diagnosis) => write!(out, ",\"diagnosis\":{}", json(diagnosis)?),
        None => Ok(()),
    }
}

/// Writes rows as lines, each with its citation and the claims that it names.
pub fn write_lines(
    rows: impl Iterator<Item = Result<CitedRow>>,
    context: Context<'_>,
    out: &mut dyn WriteWhole,
) -> Result<(), WriteError> {
    out.whole(Some(0), "")?;
    for (before, row) in rows.enumerate() {
        let (solution, citation) = row?;
        write!(out, "{{\"row\":{},", json(&Bindings(&solution))?)?;
        write_line_end(&citation, context, out)?;
        out.whole(Some(before + 1), "")?;
    }
    Ok(())
}

/// Writes the answer of an ASK as a line.
pub fn write_boolean_line(
    value: bool,
    citation: &Citation,
    context: Context<'_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    write!(out, "{{\"boolean\":{value},")?;
    write_line_end(citation, context, out)
}

fn write_line_end(
    citation: &Citation,
    context: Context<'_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    write!(
        out,
        "\"citation\":{},\"claims\":",
        json(&CitationJson::new(citation, context.prefixes))?
    )?;
    let mut cited = FxHashSet::default();
    note_graphs(citation, &mut cited);
    write_claims(cited, context, out)?;
    Ok(writeln!(out, "}}")?)
}

fn note_graphs(citation: &Citation, cited: &mut FxHashSet<NamedNode>) {
    let triples = citation.derivations.iter().flat_map(|derivation| &derivation.triples);
    for graph in triples.flat_map(|cited| cited.graphs.iter()) {
        if !cited.contains(graph) {
            cited.insert(graph.clone());
        }
    }
}

/// The claims by their IRIs, each with what it quotes. A graph that is no claim has no more than its label.
fn write_claims(
    cited: FxHashSet<NamedNode>,
    context: Context<'_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let mut cited: Vec<NamedNode> = cited.into_iter().collect();
    cited.sort_unstable();
    write!(out, "{{")?;
    for (i, some) in cited.chunks(CLAIMS_AT_ONCE).enumerate() {
        if i > 0 {
            write!(out, ",")?;
        }
        write_list(some, |graph, text| append_member(graph, context.evidence_of, text), out)?;
    }
    Ok(write!(out, "}}")?)
}

/// How many rows are made into text before they are written.
const ROWS_AT_ONCE: usize = 1024;

/// How many claims are looked up before they are written.
const CLAIMS_AT_ONCE: usize = 8192;

/// How many rows or claims are worth a thread.
const FEWEST: usize = 64;

/// Writes elements with commas between them, each as it is appended to a text.
fn write_list<T: Sync>(
    elements: &[T],
    append: impl Fn(&T, &mut Vec<u8>) -> Result<()> + Sync,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let texts = in_parts(elements, FEWEST, |part| {
        let mut text = Vec::new();
        for (i, element) in part.iter().enumerate() {
            if i > 0 {
                text.push(b',');
            }
            append(element, &mut text)?;
        }
        Ok(vec![text])
    })?;
    for (i, text) in texts.iter().enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        out.write_all(text)?;
    }
    Ok(())
}

/// Appends a graph and what is known of it, as a member of an object.
fn append_member(
    graph: &NamedNode,
    evidence_of: &EvidenceOf<'_>,
    text: &mut Vec<u8>,
) -> Result<()> {
    append(graph.as_str(), text)?;
    text.push(b':');
    let described = evidence_of(graph)?;
    match &described.evidence {
        Some(evidence) => append(&Claim::new(evidence), text),
        None => append(&Graph { label: described.label.as_deref() }, text),
    }
}

/// Appends a part of the answer as JSON. A failure is one of the answer.
fn append(value: &(impl Serialize + ?Sized), text: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(text, value)
        .map_err(|error| Diagnostic::new(format!("it cannot be written as JSON: {error}")).store())
}

fn json(value: &(impl Serialize + ?Sized)) -> io::Result<String> {
    Ok(serde_json::to_string(value)?)
}

#[derive(Serialize)]
struct CitationJson<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    derivations: Vec<DerivationJson<'a>>,
    more: bool,
}

#[derive(Serialize)]
struct DerivationJson<'a> {
    triples: Vec<TripleJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    absent: Vec<String>,
}

#[derive(Serialize)]
struct TripleJson<'a> {
    subject: Binding<'a>,
    predicate: Binding<'a>,
    object: Binding<'a>,
    #[serde(serialize_with = "iris")]
    claims: &'a [NamedNode],
}

fn iris<S: Serializer>(iris: &&[NamedNode], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(iris.len()))?;
    for iri in *iris {
        list.serialize_element(iri.as_str())?;
    }
    list.end()
}

impl<'a> CitationJson<'a> {
    fn new(citation: &'a Citation, prefixes: &Prefixes) -> Self {
        let triple = |cited: &'a CitedTriple| TripleJson {
            subject: Binding(cited.triple.subject.as_ref().into()),
            predicate: Binding(cited.triple.predicate.as_ref().into()),
            object: Binding(cited.triple.object.as_ref()),
            claims: &cited.graphs,
        };
        Self {
            status: citation.status.name(),
            reason: citation.status.reason().map(ToString::to_string),
            derivations: citation
                .derivations
                .iter()
                .map(|derivation| DerivationJson {
                    triples: derivation.triples.iter().map(triple).collect(),
                    absent: derivation
                        .absences
                        .iter()
                        .map(|absence| absent(absence, prefixes))
                        .collect(),
                })
                .collect(),
            more: citation.has_more,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Claim<'a> {
    document: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    derived_from: Option<&'a str>,
    quote: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    readings: &'a [String],
    places: &'a [Place],
    #[serde(skip_serializing_if = "Option::is_none")]
    characters: Option<[usize; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    without_place: Option<String>,
}

impl<'a> Claim<'a> {
    fn new(evidence: &'a Evidence) -> Self {
        Self {
            document: evidence.document.as_str(),
            title: evidence.title.as_deref(),
            derived_from: evidence.derived_from.as_ref().map(NamedNode::as_str),
            quote: &evidence.quote,
            readings: &evidence.readings,
            places: &evidence.places,
            characters: evidence.characters.as_ref().map(|span| [span.start, span.end]),
            without_place: evidence.misplaced.map(|misplaced| misplaced.to_string()),
        }
    }
}

#[derive(Serialize)]
struct Graph<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
}
