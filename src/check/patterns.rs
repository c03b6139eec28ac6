//! Patterns for claims (`queries/patterns/`): whether each can be read.

use super::queries::{late_front_matter, top};
use crate::diagnostic::{Diagnostic, Result};
use crate::session::Session;

pub(super) fn check(session: &Session, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for source in session.dossier().patterns()? {
        let late = late_front_matter(&source);
        match session.catalogue().parse_pattern(&source) {
            Err(problem) => findings.push(problem.with_id("pattern-broken")),
            Ok(pattern) if pattern.query.front_matter.summary.is_empty() && late.is_none() => {
                findings.push(
                    Diagnostic::warning("no-summary", "the pattern has no summary")
                        .at(top(&source))
                        .help("write what its claims state: `#+ summary: A person …`"),
                );
            }
            Ok(_) => {}
        }
        findings.extend(late);
    }
    Ok(())
}
