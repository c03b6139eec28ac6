//! Checks the values of all statements against the ontology: their kind, their lexical form, their datatype or class,
//! and the class of their subject.

mod hierarchy;
mod rules;
mod words;

use super::files::QuadFile;
use crate::diagnostic::Diagnostic;
use crate::vocabulary::Prefixes;
pub(crate) use hierarchy::Types;
use oxigraph::model::Quad;
use rules::ValueFault;
pub(crate) use rules::{PropertyRule, ValueRules};
use words::Words;

/// Checks the statements of some files. The ontology is what the same files declare.
pub(super) fn check<'a>(
    prefixes: &Prefixes,
    files: impl Iterator<Item = &'a QuadFile> + Clone,
    findings: &mut Vec<Diagnostic>,
) {
    let quads = files.clone().flat_map(|file| &file.quads);
    let rules = ValueRules::of(quads.clone());
    let types = Types::of(quads.clone());
    let mut words = None;
    for file in files {
        let faults: Vec<(&Quad, ValueFault<'_>)> = file
            .quads
            .iter()
            .flat_map(|quad| rules.faults(quad, &types).into_iter().map(move |fault| (quad, fault)))
            .collect();
        if faults.is_empty() {
            continue;
        }
        let words =
            words.get_or_insert_with(|| Words::new(prefixes, &rules, &types, quads.clone()));
        let places = file.statements(faults.iter().map(|(quad, _)| *quad));
        for (quad, fault) in &faults {
            let place = places.get(quad);
            let finding = words.finding(quad, fault, place);
            findings.push(match place {
                Some(_) => finding,
                // Only the positions in Turtle and its kin are known.
                None => finding.note(format!("in `{}`", file.path())),
            });
        }
    }
}
