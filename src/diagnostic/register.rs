//! The register of diagnostics: for each id its meaning, an example, and the remedy.

use super::Severity;

/// The documentation pages. Each section under a severity is an entry with an id.
const ROOMS: [&str; 14] = [
    include_str!("../../docs/diagnostics/command-line.md"),
    include_str!("../../docs/diagnostics/claims.md"),
    include_str!("../../docs/diagnostics/queries.md"),
    include_str!("../../docs/diagnostics/warnings.md"),
    include_str!("../../docs/diagnostics/empty.md"),
    include_str!("../../docs/diagnostics/sparql.md"),
    include_str!("../../docs/diagnostics/authoring.md"),
    include_str!("../../docs/diagnostics/sheets.md"),
    include_str!("../../docs/diagnostics/several.md"),
    include_str!("../../docs/diagnostics/files.md"),
    include_str!("../../docs/diagnostics/store.md"),
    include_str!("../../docs/diagnostics/endpoint.md"),
    include_str!("../../docs/diagnostics/output.md"),
    include_str!("../../docs/diagnostics/server.md"),
];

/// An entry of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The id by which it is looked up.
    pub id: &'static str,
    /// The severity of diagnostics with this id.
    pub severity: Severity,
    /// Markdown: the meaning, an example message in a code block, and the remedy.
    pub text: &'static str,
}

/// Iterates over all entries, in the order of the pages.
pub fn register() -> impl Iterator<Item = Entry> {
    ROOMS.into_iter().flat_map(|room| room.split("\n## ").skip(1)).filter_map(|section| {
        let (heading, text) = section.split_once('\n')?;
        let (severity, id) = heading.split_once(": ")?;
        let severities = [Severity::Error, Severity::Warning, Severity::Note];
        let severity = severities.into_iter().find(|known| known.name() == severity)?;
        Some(Entry { id, severity, text: text.trim() })
    })
}
