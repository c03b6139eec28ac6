//! The register of diagnostics: each id with what it means, an example, and what to do.

use super::Severity;

/// The entries are sections of Markdown, each under its severity and its id.
const ROOMS: [&str; 10] = [
    include_str!("register/command_line.md"),
    include_str!("register/claims.md"),
    include_str!("register/queries.md"),
    include_str!("register/warnings.md"),
    include_str!("register/empty.md"),
    include_str!("register/sparql.md"),
    include_str!("register/files.md"),
    include_str!("register/store.md"),
    include_str!("register/endpoint.md"),
    include_str!("register/output.md"),
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
