//! Checks that each number and each date that a claim states stands in its quote. One that does not must stand in a reading
//! of the claim, which explains it.

mod number;
mod quoted;
mod stated;
mod typed;
mod words;

pub(crate) use typed::WrittenFigure;

use super::files::Files;
use crate::claim::{Claim, Misplaced};
use crate::diagnostic::Diagnostic;
use crate::vocabulary::dos;
use oxigraph::model::{GraphName, NamedNode, Quad, Term};
use quoted::QuotedFigures;
use rustc_hash::FxHashMap;
use stated::Figure;

pub(super) fn check(files: &Files<'_>, findings: &mut Vec<Diagnostic>) {
    for file in &files.data {
        let mut by_claim: FxHashMap<&NamedNode, Vec<&Quad>> = FxHashMap::default();
        for quad in &file.quads {
            if let (GraphName::NamedNode(claim), Term::Literal(_)) =
                (&quad.graph_name, &quad.object)
            {
                by_claim.entry(claim).or_default().push(quad);
            }
        }
        let mut missing: Vec<(&Quad, Figure)> = Vec::new();
        for (claim, quads) in by_claim {
            let quotes = files.strings(claim, dos::QUOTE);
            let readings = files.strings(claim, dos::READING);
            // Several quotes are an error of their own.
            let (Some(quote), 1) = (quotes.first(), quotes.len()) else { continue };
            // Quote and readings together, since a reading may give the year to a day of the quote.
            let words =
                readings.iter().fold(quote.clone(), |words, reading| words + "\n" + reading);
            let quoted = QuotedFigures::of(&words);
            let lacking = quads.into_iter().filter_map(|quad| match &quad.object {
                Term::Literal(literal) => Some((quad, quoted.missing(literal)?)),
                _ => None,
            });
            let lacking: Vec<_> = lacking.collect();
            // The figures of a wrong quote are not what is wrong.
            if !lacking.is_empty() && is_quoted(files, claim) {
                missing.extend(lacking);
            }
        }
        let places = file.statements(missing.iter().map(|(quad, _)| *quad));
        for (quad, figure) in missing {
            let GraphName::NamedNode(claim) = &quad.graph_name else { continue };
            let readings = files.strings(claim, dos::READING);
            let and_reading = if readings.is_empty() { "" } else { " and its reading" };
            let lack = if readings.is_empty() { "lacks" } else { "lack" };
            let message =
                format!("the quote of {}{and_reading} {lack} {figure}", files.show(claim));
            let finding = Diagnostic::warning("figure-not-quoted", message)
                .at(places.get(quad).map(|place| place.object.clone()))
                .about(claim);
            let quotes = files.strings(claim, dos::QUOTE);
            findings.push(finding.note(format!("“{}”", quotes.first().map_or("", String::as_str))).help(
                if readings.is_empty() {
                    "correct it, quote the words that give it, or explain it in the head: `dos:reading \"…\"`"
                } else {
                    "correct it, quote the words that give it, or name it in the reading"
                },
            ));
        }
    }
}

/// Returns whether the quote of a claim stands in its document.
fn is_quoted(files: &Files<'_>, claim: &NamedNode) -> bool {
    let claim = Claim::read(claim.clone(), files.properties_of(claim), &files.texts);
    !matches!(claim.place(), Err(Misplaced::Text(_)))
}
