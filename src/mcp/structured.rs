//! The structured form of an answer, which is complete in itself: some clients give a model nothing else.

use super::answer::Page;
use crate::answer::Row;
use crate::answer::write::{FootnoteNumbers, Mark, Naming, ResolvedCitation, Terms, source_of};
use crate::claim::Reference;
use crate::diagnostic::Result;
use crate::format::ResultFormat;
use crate::session::{Session, iris_in};
use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::Variable;
use serde_json::{Map, Value, json};

/// Returns the schema of the structured form of rows.
pub(super) fn schema() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": text });
    let cell = json!({ "type": "object", "properties": { "text": text, "iri": text } });
    let rows = json!({ "type": "array", "items": { "type": "array", "items": cell } });
    let numbers = json!({ "type": "array", "items": { "type": "integer" } });
    let claim = json!({
        "type": "object",
        "properties": {
            "number": { "type": "integer" }, "name": text, "source": text, "quote": text, "readings": texts
        }
    });
    let schema = json!({
        "type": "object",
        "properties": {
            "answer": { "type": "boolean" },
            "columns": texts,
            "rows": rows,
            "citations": { "type": "array", "items": numbers },
            "claims": { "type": "array", "items": claim },
            "absences": texts,
            "truncated": { "type": "boolean" },
            "next": { "type": "integer" },
            "messages": text
        }
    });
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// Returns the structured form of yes or no.
pub(super) fn boolean(value: bool, messages: &str) -> Value {
    let mut said = json!({ "answer": value, "columns": [], "rows": [], "citations": [], "claims": [], "truncated": false });
    if !messages.trim().is_empty() {
        said["messages"] = messages.trim().into();
    }
    said
}

/// Returns the structured form of rows.
///
/// # Errors
/// Fails if the store fails.
pub(super) fn rows(session: &Session, page: &Page, messages: &str) -> Result<Value> {
    let naming_session = session.for_naming();
    let labels = naming_session.labels(iris_in(page.rows.iter().map(|row| &row.solution)))?;
    let naming = Naming { terms: Terms::Label, prefixes: session.prefixes(), labels: &labels };
    let terms = page.rows.iter().flat_map(|row| row.solution.values().iter().flatten());
    let names = naming.names(terms);
    let cell = |value: &Option<Term>| match value {
        None => Value::Null,
        Some(term @ Term::NamedNode(iri)) => {
            json!({ "text": names.name(term), "iri": iri.as_str() })
        }
        Some(term) => json!({ "text": names.name(term) }),
    };
    let cells: Vec<Vec<Value>> =
        page.rows.iter().map(|row| row.solution.values().iter().map(cell).collect()).collect();
    let mut numbers = FootnoteNumbers::default();
    let mut citations = Vec::new();
    for row in &page.rows {
        citations.push(cited(&naming_session, row, &mut numbers)?);
    }
    let claims: Vec<Value> = numbers
        .notes()
        .iter()
        .enumerate()
        .map(|(i, reference)| claim(session, i + 1, reference))
        .collect();
    let absences: Vec<String> =
        numbers.absences(session.prefixes()).iter().map(ToString::to_string).collect();
    let mut value = json!({
        "columns": page.variables.iter().map(Variable::as_str).collect::<Vec<_>>(),
        "rows": cells,
        "citations": citations,
        "claims": claims,
        "absences": absences,
        "truncated": page.has_more(),
    });
    if page.has_more() {
        value["next"] = page.end().into();
    }
    let stopped = page.stopped.as_ref().map(super::text::error_in_words);
    let messages = [messages.trim(), stopped.as_deref().unwrap_or_default()].join("\n");
    if !messages.trim().is_empty() {
        value["messages"] = messages.trim().into();
    }
    Ok(value)
}

/// Returns the numbers of the claims that a row rests on.
fn cited(session: &Session, row: &Row, numbers: &mut FootnoteNumbers) -> Result<Vec<usize>> {
    let Some(citation) = &row.citation else { return Ok(Vec::new()) };
    let references = |graph: &NamedNode| session.reference(graph);
    let resolved = ResolvedCitation::new(ResultFormat::Markdown, citation.clone(), &references)?;
    let Mark { ways, .. } = numbers.mark(&resolved);
    let choices = ways.iter().flat_map(|way| &way.choices);
    let mut cited: Vec<usize> = choices.flat_map(|choice| choice.numbers.iter().copied()).collect();
    cited.sort_unstable();
    cited.dedup();
    Ok(cited)
}

fn claim(session: &Session, number: usize, reference: &Reference) -> Value {
    let name = session.prefixes().show(reference.name());
    match reference {
        Reference::Claim(claim) => json!({
            "number": number,
            "name": name,
            "source": source_of(claim, session.prefixes()),
            "quote": claim.quotes.first().map_or("", |quote| quote.text.trim()),
            "readings": claim.notes,
        }),
        Reference::Graph { label, .. } => {
            json!({ "number": number, "name": name, "source": label })
        }
    }
}
