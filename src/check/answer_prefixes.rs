//! Prefixes in expected answers that the ontology does not declare, so that names with them are texts.

use super::files::Files;
use super::queries::line_of;
use crate::diagnostic::{Diagnostic, error};
use crate::dossier::SourceFile;
use crate::session::Session;
use crate::vocabulary::Prefixes;
use std::collections::{BTreeMap, BTreeSet};

/// Reports the prefixes that files of the dossier declare for themselves, and the ontology does not, if an expected
/// answer uses them. Returns the paths of these answers.
pub(super) fn check(
    session: &Session,
    files: &Files<'_>,
    expected: &[SourceFile],
    findings: &mut Vec<Diagnostic>,
) -> BTreeSet<String> {
    let mut undeclared: BTreeMap<String, (Diagnostic, BTreeSet<String>)> = BTreeMap::new();
    let mut of_files = None;
    for source in expected {
        let Ok(text) = source.text() else { continue };
        for (number, line) in (1..).zip(text.lines()) {
            for (prefix, name) in names(line) {
                if files.prefixes.namespace(prefix).is_some() {
                    continue;
                }
                let of_files: &Prefixes =
                    of_files.get_or_insert_with(|| session.catalogue().prefixes());
                let Some(namespace) = of_files.namespace(prefix) else { continue };
                let finding = || {
                    let message = format!(
                        "`{name}` is a text here: the ontology does not declare the prefix `{prefix}:`"
                    );
                    error!("prefix-undeclared", "{message}")
                        .at(line_of(source, number))
                        .help(session.prefix_declaration(prefix, namespace))
                };
                let (_, paths) = undeclared
                    .entry(prefix.to_owned())
                    .or_insert_with(|| (finding(), BTreeSet::new()));
                paths.insert(source.path.clone());
            }
        }
    }
    let mut all = BTreeSet::new();
    for (finding, paths) in undeclared.into_values() {
        let finding = match paths.len() {
            1 => finding,
            count => finding.note(format!("{count} expected answers use the prefix")),
        };
        findings.push(finding);
        all.extend(paths);
    }
    all
}

/// Returns the cells of a line that look like names with a prefix, each after its prefix. The type of a column is one.
fn names(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let cells = line.split(',').map(|cell| cell.rsplit_once("^^").map_or(cell, |(_, name)| name));
    cells.filter_map(|cell| {
        let name = cell.trim().trim_end_matches('"');
        let (prefix, local) = name.split_once(':')?;
        let is_prefix = prefix.starts_with(|c: char| c.is_ascii_alphabetic())
            && prefix.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
        let is_local =
            local.starts_with(char::is_alphanumeric) && !local.contains(char::is_whitespace);
        (is_prefix && is_local).then_some((prefix, name))
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_are_found_in_cells_and_in_types() {
        let found = |line| names(line).map(|(prefix, _)| prefix).collect::<Vec<_>>();
        assert_eq!(found("lh:North,4,\"\"\"1861\"\"^^xsd:gYear\""), ["lh", "xsd"]);
        assert_eq!(found("a,since^^xsd:gYear"), ["xsd"]);
        assert_eq!(found("https://example.com/,Tea: a drink,12:30"), [""; 0]);
    }
}
