//! Checks the values of all statements against the ontology: their kind, their lexical form, their datatype or class,
//! and the class of their subject.

mod exchanged;
mod hierarchy;
mod meant;
mod rules;
mod suffix;
mod words;

use super::files::QuadFile;
use crate::diagnostic::Diagnostic;
use crate::vocabulary::Prefixes;
pub(crate) use hierarchy::Types;
use oxigraph::model::{NamedNode, Quad, Term};
use rules::ValueFault;
pub(crate) use rules::{PropertyRule, ValueRules};
use rustc_hash::{FxHashMap, FxHashSet};
use words::Words;

/// Checks the statements of some files. The ontology is what the same files declare. A thing of a wrong class is reported
/// once, with the number of statements that use it.
pub(super) fn check<'a>(
    prefixes: &Prefixes,
    files: impl Iterator<Item = &'a QuadFile>,
    findings: &mut Vec<Diagnostic>,
) {
    let mut found: Vec<(Diagnostic, usize)> = Vec::new();
    let mut first: FxHashMap<(Term, String), usize> = FxHashMap::default();
    let files: Vec<&QuadFile> = files.collect();
    let mut turned: FxHashMap<NamedNode, Vec<usize>> = FxHashMap::default();
    each(prefixes, files.iter().copied(), |quad, fault, finding| {
        if matches!(fault, ValueFault::Turned) {
            turned.entry(quad.predicate.clone()).or_default().push(found.len());
        }
        let key = match fault {
            ValueFault::Class(classes) => (quad.object.clone(), format!("is {classes:?}")),
            ValueFault::Domain(classes) => {
                (Term::from(quad.subject.clone()), format!("has {classes:?}"))
            }
            _ => {
                found.push((finding, 1));
                return;
            }
        };
        match first.get(&key) {
            Some(number) => found[*number].1 += 1,
            None => {
                first.insert(key, found.len());
                found.push((finding, 1));
            }
        }
    });
    let mut others: FxHashSet<usize> = FxHashSet::default();
    for (property, numbers) in &turned {
        let of_ontology = exchanged::finding(prefixes, &files, property, numbers.len());
        if let (Some(finding), [first, rest @ ..]) = (of_ontology, numbers.as_slice()) {
            found[*first].0 = finding;
            others.extend(rest);
        }
    }
    let found = found.into_iter().enumerate().filter(|(number, _)| !others.contains(number));
    findings.extend(found.map(|(_, (finding, count))| match count - 1 {
        0 => finding,
        1 => finding.note("1 other statement has the same fault"),
        others => finding.note(format!("{others} other statements have the same fault")),
    }));
}

/// Checks the statements of some files, and reports each fault of each statement.
pub(super) fn check_each<'a>(
    prefixes: &Prefixes,
    files: impl Iterator<Item = &'a QuadFile> + Clone,
    findings: &mut Vec<Diagnostic>,
) {
    each(prefixes, files, |_, _, finding| findings.push(finding));
}

fn each<'a>(
    prefixes: &Prefixes,
    files: impl Iterator<Item = &'a QuadFile> + Clone,
    mut report: impl FnMut(&Quad, &ValueFault<'_>, Diagnostic),
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
            let finding = match place {
                Some(_) => finding,
                // Only the positions in Turtle and its kin are known.
                None => finding.note(format!("in `{}`", file.path())),
            };
            report(quad, fault, finding);
        }
    }
}
