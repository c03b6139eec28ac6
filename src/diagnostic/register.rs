//! The register of diagnostics: each id with what it means, an example, and what to do.

use super::Severity;

/// Pages of the documentation. Each of their sections is an entry under its severity and its id.
const ROOMS: [&str; 10] = [
    include_str!("../../docs/diagnostics/command-line.md"),
    include_str!("../../docs/diagnostics/claims.md"),
    include_str!("../../docs/diagnostics/queries.md"),
    include_str!("../../docs/diagnostics/warnings.md"),
    include_str!("../../docs/diagnostics/empty.md"),
    include_str!("../../docs/diagnostics/sparql.md"),
    include_str!("../../docs/diagnostics/files.md"),
    include_str!("../../docs/diagnostics/store.md"),
    include_str!("../../docs/diagnostics/endpoint.md"),
    include_str!("../../docs/diagnostics/output.md"),
];

/// An entry of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The name by which it is looked up.
    pub id: &'static str,
    /// How much a diagnostic with this id matters.
    pub severity: Severity,
    /// In Markdown: what it means, an example of its message in a block of code, and what to do about it.
    pub text: &'static str,
}

/// All entries, in the order in which they are written.
pub fn register() -> impl Iterator<Item = Entry> {
    ROOMS.into_iter().flat_map(|room| room.split("\n## ").skip(1)).filter_map(|section| {
        let (heading, text) = section.split_once('\n')?;
        let (severity, id) = heading.split_once(": ")?;
        let severities = [Severity::Error, Severity::Warning, Severity::Info];
        let severity = severities.into_iter().find(|known| known.name() == severity)?;
        Some(Entry { id, severity, text: text.trim() })
    })
}
