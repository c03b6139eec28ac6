//! The dossier as it would be with new claims, and what a check finds in them.

use super::target::ChangedFile;
use super::verify::VerifiedDraft;
use crate::check::check_claims;
use crate::diagnostic::{Diagnostic, Remark, Result};
use crate::session::{Data, Session};
use oxigraph::model::NamedNode;
use std::collections::{BTreeSet, HashMap};

/// Checks the dossier as it would be with some files. Returns what is found in the new claims, each finding with the
/// number of its draft.
///
/// # Errors
/// If the dossier is broken or the store fails.
pub(super) fn findings_of_check(
    session: &Session,
    files: &[ChangedFile],
    drafts: &[VerifiedDraft],
) -> Result<Vec<(usize, Diagnostic)>> {
    let claims = drafts.iter().enumerate();
    let numbers: HashMap<NamedNode, usize> = claims
        .filter_map(|(number, draft)| Some((draft.claim.as_ref()?.name.clone(), number)))
        .collect();
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let dossier = session.dossier().with_files(files.iter().map(|file| file.after.clone()));
    let would_be = Session::open(dossier, &Data::Dossier)?.with_limits(session.limits());
    let new: BTreeSet<NamedNode> = numbers.keys().cloned().collect();
    let findings = check_claims(&would_be, &new)?.into_iter();
    let of_drafts = findings.filter_map(|finding| {
        let number = draft_of(&finding, files, &numbers)?;
        // Its place is in a file that is not written yet.
        Some((number, Diagnostic { excerpt: None, ..finding }))
    });
    Ok(of_drafts.collect())
}

/// Returns the draft that a finding is about, which its subject, its place or its evidence tells.
fn draft_of(
    finding: &Diagnostic,
    files: &[ChangedFile],
    numbers: &HashMap<NamedNode, usize>,
) -> Option<usize> {
    let by_name = || numbers.get(finding.about.as_deref()?).copied();
    let by_place = || {
        let place = finding.excerpt.as_deref()?;
        files.iter().find(|file| file.after.path == place.origin)?.draft_at(place.line)
    };
    let by_evidence = || {
        finding.remarks.iter().rev().find_map(|remark| match remark {
            Remark::Quote(evidence) => {
                numbers.get(&NamedNode::new_unchecked(&evidence.claim)).copied()
            }
            _ => None,
        })
    };
    by_name().or_else(by_place).or_else(by_evidence)
}
