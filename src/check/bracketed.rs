//! Prefixed names in angle brackets, such as `<tea:Ada>`: valid IRIs, but of nothing.

use super::files::{Files, QuadFile};
use crate::diagnostic::Diagnostic;
use crate::rdf::named;
use crate::vocabulary::Prefixes;
use oxigraph::model::NamedNode;
use std::collections::BTreeSet;

/// Reports each IRI whose scheme is a prefix that the dossier declares.
pub(super) fn check(files: &Files<'_>, findings: &mut Vec<Diagnostic>) {
    let mut seen: BTreeSet<&NamedNode> = BTreeSet::new();
    for file in files.all() {
        for quad in &file.quads {
            for iri in named(quad) {
                if let Some(meant) = meant(iri, files.prefixes)
                    && seen.insert(iri)
                {
                    findings.push(finding(file, iri, &meant));
                }
            }
        }
    }
}

fn finding(file: &QuadFile, iri: &NamedNode, meant: &str) -> Diagnostic {
    Diagnostic::error(
        "name-in-brackets",
        format!("`<{meant}>` is an IRI of its own, not `{meant}`"),
    )
    .at(file.place(|outline| outline.mention(iri.as_str())))
    .about(iri)
    .help(format!("write `{meant}` without the angle brackets"))
}

/// Returns the prefixed name that an IRI consists of.
fn meant(iri: &NamedNode, prefixes: &Prefixes) -> Option<String> {
    let (prefix, local) = iri.as_str().split_once(':')?;
    let is_name = !local.is_empty() && !local.contains(['/', ':', '#', '?']);
    (is_name && prefixes.namespace(prefix).is_some()).then(|| iri.as_str().to_owned())
}
