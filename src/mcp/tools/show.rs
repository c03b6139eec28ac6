//! The tool that shows a thing with its facts, or a claim with its quote.

use crate::answer::Row;
use crate::answer::write::{Naming, Style, Tables, Terms, resolve};
use crate::check::SharedDoubts;
use crate::cite::Citation;
use crate::diagnostic::{Error, Result};
use crate::format::ResultFormat;
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::doubts::{claims_of, doubts_in_words};
use crate::mcp::quotation::in_quotes;
use crate::mcp::schema::Parameter;
use crate::mcp::text::{MOST_BYTES, MOST_ROWS, line};
use crate::mcp::toolbox::Blueprint;
use crate::session::{Session, iris_in, solutions_of};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Triple};
use oxigraph::sparql::Variable;
use std::collections::BTreeSet;
use std::io;

/// Returns the tool.
pub(in crate::mcp) fn tool() -> Blueprint {
    Blueprint {
        name: "show",
        title: "Show a thing",
        description: "Show all facts about a thing and what refers to it, each with its footnote; or a claim, with its quote and what it states.".to_owned(),
        parameters: vec![
            Parameter::text("name", "its label, CURIE or IRI").required(),
            Parameter::number("after", "skip so many facts"),
        ],
        action: Action::Show,
    }
}

/// Shows a thing.
///
/// # Errors
/// Fails if nothing or several things have the name, or the store fails.
pub(in crate::mcp) fn show(
    session: &Session,
    arguments: &Arguments,
    doubts: &SharedDoubts,
) -> Result<ToolResult> {
    arguments.check(&["name", "after"])?;
    let name = arguments.required("name", "India")?;
    let after = arguments.number("after")?;
    let entity = session.entity(&name).map_err(|mut error| {
        for problem in &mut error.problems {
            if problem.id.as_deref() == Some("name-unknown") {
                let help = problem.help.as_deref().unwrap_or("try another name");
                let joined = if help.ends_with('?') { " Or" } else { ", or" };
                problem.help = Some(format!("{help}{joined} call `find`"));
            }
        }
        error
    })?;
    let mut text = String::new();
    let claim = session.claim(&entity.iri)?;
    if claim.has_evidence() {
        text.push_str(&claim_in_words(session, &claim));
        let stated = session.store().graph(entity.iri.as_ref())?;
        let facts = crate::annotate::in_order(stated);
        text.push_str(&table(session, "It states", &["subject", "property", "value"], &facts)?);
        text.push_str(&doubts_in_words(session, doubts, &BTreeSet::from([entity.iri])));
        return Ok(ToolResult::of(text));
    }
    let all: Vec<Triple> = entity.facts.clone();
    let thing = NamedOrBlankNode::from(entity.iri.clone());
    let mut count = MOST_ROWS;
    loop {
        let facts: Vec<Triple> = all.iter().skip(after).take(count).cloned().collect();
        let (own, other): (Vec<_>, Vec<_>) =
            facts.iter().cloned().partition(|fact| fact.subject == thing);
        let end = after + facts.len();
        let nested = if end >= all.len() { &entity.nested[..] } else { &[] };
        let mut text = heading(session, &entity.iri)?;
        let parts = [&own[..], nested, &other];
        let citations = session.cite_facts(&parts.concat())?;
        text.push_str(&tables(session, parts, &citations)?);
        if end < all.len() {
            text.push_str(&format!(
                "\nThese are facts {} to {end} of {}. Call again with `after: {end}` for the next ones.\n",
                after + 1,
                all.len()
            ));
        } else if facts.is_empty() {
            text.push_str(&format!("There are only {} facts.\n", all.len()));
        }
        if text.len() <= MOST_BYTES || count <= 1 {
            text.push_str(&doubts_in_words(session, doubts, &claims_of(&citations)));
            return Ok(ToolResult::of(text));
        }
        count /= 2;
    }
}

fn heading(session: &Session, iri: &NamedNode) -> Result<String> {
    let labels = session.labels([iri])?;
    let name = session.prefixes().show(iri);
    let label = labels.get(iri).map(|label| format!("{} ", line(label))).unwrap_or_default();
    Ok(format!("## {label}(`{}`)\n", line(&name)))
}

/// Says what a claim quotes.
pub(in crate::mcp) fn claim_in_words(session: &Session, claim: &crate::claim::Claim) -> String {
    let prefixes = session.prefixes();
    let mut text = format!("## Claim `{}`\n\n", line(&prefixes.show(&claim.name)));
    text.push_str(&format!(
        "Source: {}\n",
        line(&crate::answer::write::source_of(claim, prefixes))
    ));
    for quote in &claim.quotes {
        text.push_str(&format!("Quote: {}\n", in_quotes(&quote.text)));
    }
    for note in &claim.notes {
        text.push_str(&format!("Reading: {}\n", line(note)));
    }
    text
}

/// Writes the tables of a thing with the citations of their facts. They share their footnotes.
fn tables(
    session: &Session,
    [own, nested, other]: [&[Triple]; 3],
    citations: &[Citation],
) -> Result<String> {
    let mut citations = citations.iter().cloned();
    let parts = [
        ("", &["property", "value"][..], own),
        ("Facts about its blank nodes", &["subject", "property", "value"], nested),
        ("Facts that refer to it", &["subject", "property"], other),
    ];
    let triples = || parts.iter().flat_map(|(_, _, facts)| facts.iter());
    let all = solutions_of(
        &triples().cloned().collect::<Vec<_>>(),
        &variables(&["subject", "property", "value"]),
    );
    let labels = session.labels(iris_in(&all))?;
    let naming = Naming { terms: Terms::Label, prefixes: session.prefixes(), labels: &labels };
    let mut tables = Tables::new(ResultFormat::Markdown, Style::new(naming));
    let references = |graph: &NamedNode| session.reference(graph);
    let mut out = Vec::new();
    for (heading, names, facts) in parts {
        if facts.is_empty() {
            continue;
        }
        let variables = variables(names);
        let rows = solutions_of(facts, &variables).into_iter().zip(citations.by_ref());
        let rows = rows.map(|(solution, citation)| Row { solution, citation: Some(citation) });
        let rows = resolve(rows.collect(), &references)?;
        if !heading.is_empty() {
            out.extend_from_slice(format!("\n### {heading}\n").as_bytes());
        }
        out.push(b'\n');
        tables.table(&variables, true, rows, &mut out).map_err(failed)?;
    }
    tables.finish(&mut out).map_err(failed)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// Writes triples as one table, without footnotes.
pub(in crate::mcp) fn table(
    session: &Session,
    heading: &str,
    names: &[&str],
    facts: &[Triple],
) -> Result<String> {
    let variables = variables(names);
    let solutions = solutions_of(facts, &variables);
    let labels = session.labels(iris_in(&solutions))?;
    let naming = Naming { terms: Terms::Label, prefixes: session.prefixes(), labels: &labels };
    let mut tables = Tables::new(ResultFormat::Markdown, Style::new(naming));
    let mut out = format!("\n### {heading}\n\n").into_bytes();
    let rows = solutions.into_iter().map(Row::from).collect();
    let rows = resolve(rows, &|graph: &NamedNode| session.reference(graph))?;
    tables.table(&variables, false, rows, &mut out).map_err(failed)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn variables(names: &[&str]) -> Vec<Variable> {
    names.iter().map(|name| Variable::new_unchecked(*name)).collect()
}

fn failed(error: io::Error) -> Error {
    crate::mcp::answer::not_io(error.into())
}
