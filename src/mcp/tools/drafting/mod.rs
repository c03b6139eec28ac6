//! The tools that draft claims. They write to `drafts/` only, except for `accept`, which a server must allow.

mod accept;
mod drafts;
mod passages;
mod patterns;
mod propose;
mod terms;

pub(in crate::mcp) use accept::accept;
pub(in crate::mcp) use drafts::drafts;
pub(in crate::mcp) use passages::passages;
pub(in crate::mcp) use patterns::patterns;
pub(in crate::mcp) use propose::propose;
pub(super) use terms::declared_terms;
pub(in crate::mcp) use terms::terms;

use crate::author::ListedDraft;
use crate::diagnostic::Severity;
use crate::mcp::text::in_words_without_lines as in_words;
use crate::mcp::toolbox::Blueprint;
use crate::wording::counted;

/// Returns the tools.
pub(in crate::mcp) fn tools(may_accept: bool) -> Vec<Blueprint> {
    let mut tools =
        vec![passages::tool(), terms::tool(), patterns::tool(), propose::tool(), drafts::tool()];
    if may_accept {
        tools.push(accept::tool());
    }
    tools
}

/// Says how it stands with a draft: in a few words, and with what is found in it.
fn status(draft: &ListedDraft) -> (String, String) {
    let findings = draft.findings();
    let count = |severity: Severity| {
        let count = findings.iter().filter(|found| found.severity == severity).count();
        (count > 0).then(|| counted(count, severity.name()))
    };
    let counts = [Severity::Error, Severity::Warning, Severity::Note].map(count);
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let words = if counts.is_empty() { "clean".to_owned() } else { counts.join(", ") };
    let findings: Vec<String> = findings.iter().map(in_words).collect();
    (words, findings.join("\n"))
}
