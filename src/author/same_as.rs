//! Things of several dossiers that are perhaps the same: they have a label and a class in common, but not the IRI. A sheet
//! lists them, in which a person says which are the same.

use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, error};
use crate::dossier::{Dossier, SourceFile};
use crate::engine::read_dossier;
use crate::vocabulary::{DOS, LABELS, folded, is_of_ontology_language, owl, rdf};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// The columns of the sheet. `accept` is empty at first.
const COLUMNS: [&str; 5] = ["accept", "label", "class", "first", "second"];

/// The words that accept a pair.
const YES: [&str; 5] = ["yes", "y", "x", "true", "1"];

/// The words that do not.
const NO: [&str; 5] = ["", "no", "n", "false", "0"];

/// Two things that are perhaps the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SamePair {
    label: String,
    class: NamedNode,
    /// The thing of the earlier dossier, whose IRI would stay.
    first: NamedNode,
    second: NamedNode,
}

/// The labels and classes of the things of one dossier.
#[derive(Default)]
struct Things {
    /// The labels by their folded forms.
    labels: BTreeMap<NamedNode, BTreeMap<String, String>>,
    classes: BTreeMap<NamedNode, BTreeSet<NamedNode>>,
    /// The pairs that the sheet calls the same or different.
    told: BTreeSet<(NamedNode, NamedNode)>,
}

impl Things {
    fn of(quads: &[Quad]) -> Self {
        let mut things = Self::default();
        for quad in quads {
            let NamedOrBlankNode::NamedNode(thing) = &quad.subject else { continue };
            let property = quad.predicate.as_ref();
            match &quad.object {
                Term::NamedNode(class) if property == rdf::TYPE => {
                    let is_of_things = !is_of_ontology_language(class.as_ref())
                        && !class.as_str().starts_with(DOS);
                    if is_of_things {
                        things.classes.entry(thing.clone()).or_default().insert(class.clone());
                    }
                }
                Term::NamedNode(other)
                    if [owl::SAME_AS, owl::DIFFERENT_FROM].contains(&property) =>
                {
                    things.told.insert((thing.clone(), other.clone()));
                    things.told.insert((other.clone(), thing.clone()));
                }
                Term::Literal(label) if LABELS.contains(&property) => {
                    let labels = things.labels.entry(thing.clone()).or_default();
                    labels.entry(folded(label.value())).or_insert_with(|| label.value().to_owned());
                }
                _ => {}
            }
        }
        things
    }

    fn has(&self, thing: &NamedNode) -> bool {
        self.labels.contains_key(thing) || self.classes.contains_key(thing)
    }
}

/// Returns the pairs of things of different dossiers that are perhaps the same, sorted. A dossier that knows both tells them
/// apart.
///
/// # Errors
/// Fails if a file is broken.
pub(crate) fn same_pairs(dossier: &Dossier) -> Result<Vec<SamePair>> {
    let mut all: Vec<Things> = Vec::new();
    for part in dossier.parts() {
        all.push(Things::of(&read_dossier(&part.dossier)?.0));
    }
    let is_told =
        |pair: &(NamedNode, NamedNode)| all.iter().any(|things| things.told.contains(pair));
    let mut pairs = BTreeSet::new();
    for (number, others) in all.iter().enumerate() {
        for own in &all[..number] {
            let mut of_label: BTreeMap<&String, Vec<&NamedNode>> = BTreeMap::new();
            for (thing, labels) in own.labels.iter().filter(|(thing, _)| !others.has(thing)) {
                for label in labels.keys() {
                    of_label.entry(label).or_default().push(thing);
                }
            }
            for (second, labels) in others.labels.iter().filter(|(thing, _)| !own.has(thing)) {
                for (folded, label) in labels {
                    for first in of_label.get(folded).into_iter().flatten() {
                        let classes = |things: &Things, thing| things.classes.get(thing).cloned();
                        let (Some(one), Some(other)) =
                            (classes(own, *first), classes(others, second))
                        else {
                            continue;
                        };
                        let Some(class) = one.intersection(&other).next() else { continue };
                        if !is_told(&((*first).clone(), second.clone())) {
                            pairs.insert(SamePair {
                                label: label.clone(),
                                class: class.clone(),
                                first: (*first).clone(),
                                second: second.clone(),
                            });
                        }
                    }
                }
            }
        }
    }
    // (Two things can have several labels in common.)
    let mut known = BTreeSet::new();
    Ok(pairs
        .into_iter()
        .filter(|pair| known.insert((pair.first.clone(), pair.second.clone())))
        .collect())
}

/// Writes the sheet of some pairs.
///
/// # Errors
/// Fails if the output cannot be written.
pub(crate) fn write_same_sheet(pairs: &[SamePair], out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = csv::Writer::from_writer(out);
    sheet.write_record(COLUMNS)?;
    for SamePair { label, class, first, second } in pairs {
        sheet.write_record(["", label, class.as_str(), first.as_str(), second.as_str()])?;
    }
    sheet.flush()
}

/// Reads the pairs that a sheet accepts: the IRIs of the second things, with those of the first ones, which stand in their
/// place.
///
/// # Errors
/// If the sheet is not one of these, or its pairs contradict each other; with all problems.
pub(crate) fn read_same_sheet(file: &SourceFile) -> Result<BTreeMap<String, NamedNode>> {
    let text = file.text().map_err(Diagnostic::input)?;
    let header = text.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') && !header.contains(',') { b';' } else { b',' };
    let mut sheet =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let columns = sheet.headers().cloned().unwrap_or_default();
    let column = |name: &str| {
        columns.iter().position(|column| column.trim().eq_ignore_ascii_case(name)).ok_or_else(
            || {
                problem(file, 1, &format!("there is no column `{name}`"))
                    .help("let `dossier same-as` write the sheet, and fill in its column `accept`")
                    .input()
            },
        )
    };
    let (accept, first, second) = (column("accept")?, column("first")?, column("second")?);
    let (mut same, mut problems): (BTreeMap<String, NamedNode>, _) = (BTreeMap::new(), Vec::new());
    for record in sheet.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                problems.push(problem(file, line, "this line is not CSV"));
                continue;
            }
        };
        let line = record.position().map_or(1, csv::Position::line);
        let cell = |column: usize| record.get(column).unwrap_or_default().trim();
        let word = cell(accept).to_lowercase();
        if NO.contains(&word.as_str()) {
            continue;
        }
        if !YES.contains(&word.as_str()) {
            let message = format!("expected `yes` or nothing as `accept`, but found `{word}`");
            problems.push(problem(file, line, &message));
            continue;
        }
        let iri = |column: usize| {
            NamedNode::new(cell(column))
                .map_err(|_| problem(file, line, &format!("`{}` is not an IRI", cell(column))))
        };
        match (iri(first), iri(second)) {
            (Ok(one), Ok(other)) if one == other => {
                problems.push(problem(file, line, "`first` and `second` are the same"));
            }
            (Ok(one), Ok(other)) => {
                let known = same.insert(other.as_str().to_owned(), one.clone());
                if known.is_some_and(|known| known != one) {
                    let message =
                        format!("`{}` is already the same as another thing", other.as_str());
                    problems.push(problem(file, line, &message).help("accept one of the lines"));
                }
            }
            (one, other) => problems.extend([one.err(), other.err()].into_iter().flatten()),
        }
    }
    if !problems.is_empty() {
        return Err(Error { kind: ErrorKind::Input, problems });
    }
    let ends: Option<BTreeMap<String, NamedNode>> =
        same.iter().map(|(iri, next)| Some((iri.clone(), end(&same, next)?))).collect();
    ends.ok_or_else(|| {
        problem(file, 1, "its lines form a circle: each thing would get the name of the next")
            .help("accept one line less")
            .input()
    })
}

/// Returns the IRI that stands for another one at last, or `None` if they form a circle.
fn end(same: &BTreeMap<String, NamedNode>, iri: &NamedNode) -> Option<NamedNode> {
    let mut iri = iri;
    for _ in 0..=same.len() {
        match same.get(iri.as_str()) {
            Some(next) => iri = next,
            None => return Some(iri.clone()),
        }
    }
    None
}

fn problem(file: &SourceFile, line: u64, message: &str) -> Diagnostic {
    error!("same-as-sheet", "`{}`, line {line}: {message}", file.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &str) -> Result<Vec<String>> {
        let text = format!("accept,label,class,first,second\n{lines}");
        let same = read_same_sheet(&SourceFile {
            path: "same.csv".to_owned(),
            bytes: text.into_bytes().into(),
        })?;
        Ok(same.into_iter().map(|(second, first)| format!("{second} {first}")).collect())
    }

    #[test]
    fn accepted_lines_are_read() {
        let same = read("yes,,,x:a,x:b\n,,,x:c,x:d\nNo,,,x:e,x:f\nX,,,x:b,x:g\n").unwrap();
        assert_eq!(same, ["x:b <x:a>", "x:g <x:a>"]);
        for (lines, message) in [
            (
                "maybe,,,x:a,x:b\n",
                "line 2: expected `yes` or nothing as `accept`, but found `maybe`",
            ),
            ("yes,,,a,x:b\n", "line 2: `a` is not an IRI"),
            ("yes,,,x:a,x:a\n", "line 2: `first` and `second` are the same"),
            (
                "yes,,,x:a,x:b\nyes,,,x:c,x:b\n",
                "line 3: `x:b` is already the same as another thing",
            ),
            ("yes,,,x:a,x:b\nyes,,,x:b,x:a\n", "its lines form a circle"),
        ] {
            let error = read(lines).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
