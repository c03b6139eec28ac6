//! The tool that lists the terms with which claims are stated.

use crate::diagnostic::Result;
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::schema::Parameter;
use crate::mcp::text::{abridged, line, page_of};
use crate::mcp::toolbox::Blueprint;
use crate::session::Session;
use crate::vocabulary::{folded, is_of_ontology_language, rdfs};
use oxigraph::model::{NamedNode, NamedNodeRef, Term};
use std::collections::BTreeSet;

pub(super) fn tool() -> Blueprint {
    Blueprint {
        name: "terms",
        title: "List terms for claims",
        description: "List the classes and properties for statements, with what each takes, and the things that have a word in their names.".to_owned(),
        parameters: vec![
            Parameter::text("words", "words in the name or its explanation; without them, all classes and properties"),
            Parameter::number("after", "skip so many"),
        ],
        action: Action::Terms,
    }
}

/// Lists the terms.
///
/// # Errors
/// Fails if the store fails.
pub(in crate::mcp) fn terms(session: &Session, arguments: &Arguments) -> Result<ToolResult> {
    arguments.check(&["words", "after"])?;
    let words = folded(&arguments.text("words")?.unwrap_or_default());
    let words: Vec<&str> = words.split_whitespace().collect();
    let has_all = |entry: &str| {
        let entry = folded(entry);
        words.iter().all(|word| entry.contains(word))
    };
    let mut entries: Vec<String> =
        declared_terms(session)?.into_iter().filter(|e| has_all(e)).collect();
    if !words.is_empty() {
        entries.extend(things(session)?.into_iter().filter(|entry| has_all(entry)));
    }
    if entries.is_empty() {
        return Ok(ToolResult::of(
            "Nothing has these words. Call `terms` without words, or declare a term in `says` of `propose`: \
             `new: LABEL | CLASS`, `new: LABEL | class`, `new: LABEL | property | WHAT IT TAKES`.\n",
        ));
    }
    Ok(ToolResult::of(page_of(&entries, arguments.number("after")?, "terms")))
}

/// Returns the declared classes and properties.
///
/// # Errors
/// Fails if the store fails.
pub(in crate::mcp::tools) fn declared_terms(session: &Session) -> Result<Vec<String>> {
    const CLASSES: [&str; 2] =
        ["http://www.w3.org/2002/07/owl#Class", "http://www.w3.org/2000/01/rdf-schema#Class"];
    const PROPERTIES: [&str; 3] = [
        "http://www.w3.org/2002/07/owl#ObjectProperty",
        "http://www.w3.org/2002/07/owl#DatatypeProperty",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property",
    ];
    let mut entries = Vec::new();
    for (kind, classes) in [("class", &CLASSES[..]), ("property", &PROPERTIES)] {
        let mut terms = BTreeSet::new();
        for class in classes {
            let class = NamedNodeRef::new_unchecked(class);
            terms.extend(session.store().things(oxigraph::model::vocab::rdf::TYPE, class.into())?);
        }
        for term in terms.iter().filter(|term| !is_of_ontology_language(term.as_ref())) {
            let mut entry = format!("- {kind} {}", named(session, term)?);
            let ranges = session.store().iris(term.as_ref().into(), rdfs::RANGE)?;
            if !ranges.is_empty() {
                let ranges: Result<Vec<String>> =
                    ranges.iter().map(|range| named(session, range)).collect();
                entry.push_str(&format!(", takes {}", ranges?.join(" or ")));
            }
            let mut comments = session.store().objects(term.as_ref().into(), rdfs::COMMENT)?;
            if let Some(Term::Literal(comment)) = comments.pop() {
                entry.push_str(&format!(": {}", abridged(&line(comment.value()), 160)));
            }
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// Returns the things with a name, with their classes.
fn things(session: &Session) -> Result<Vec<String>> {
    let mut entries = BTreeSet::new();
    for (name, thing) in session.names()?.iter() {
        let classes =
            session.store().iris(thing.as_ref().into(), oxigraph::model::vocab::rdf::TYPE)?;
        let is_term = classes.iter().any(|class| is_of_ontology_language(class.as_ref()));
        let Some(class) = classes.first().filter(|_| !is_term) else { continue };
        let curie = line(&session.prefixes().show(thing));
        entries.insert(format!("- thing {} (`{curie}`), a {}", line(name), named(session, class)?));
    }
    Ok(entries.into_iter().collect())
}

fn named(session: &Session, iri: &NamedNode) -> Result<String> {
    let curie = line(&session.prefixes().show(iri));
    let labels = session.labels([iri])?;
    Ok(match labels.get(iri) {
        Some(label) => format!("{} (`{curie}`)", line(label)),
        None => format!("`{curie}`"),
    })
}
