//! Statements in short: a line for each subject.

use super::term::PageTerms;
use maud::{Markup, html};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term, Triple};

/// What is said of a subject: its properties with their values.
struct Line<'a> {
    subject: &'a NamedOrBlankNode,
    properties: Vec<(&'a NamedNode, Vec<&'a Term>)>,
}

/// Writes triples, which are sorted by subject and property.
pub(super) fn statements(triples: &[Triple], terms: &PageTerms<'_>) -> Markup {
    html! {
        @for line in lines(triples) {
            p class="states" {
                (terms.term(&line.subject.clone().into())) " — "
                @for (i, (property, values)) in line.properties.iter().enumerate() {
                    @if i > 0 { "; " }
                    (terms.property(property)) ": "
                    @for (j, value) in values.iter().enumerate() {
                        @if j > 0 { ", " }
                        (terms.term(value))
                    }
                }
            }
        }
    }
}

fn lines(triples: &[Triple]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for Triple { subject, predicate, object } in triples {
        match lines.last_mut().filter(|line| line.subject == subject) {
            Some(line) => match line.properties.last_mut() {
                Some((property, values)) if *property == predicate => values.push(object),
                _ => line.properties.push((predicate, vec![object])),
            },
            None => lines.push(Line { subject, properties: vec![(predicate, vec![object])] }),
        }
    }
    lines
}
