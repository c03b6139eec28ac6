//! Drafts and their findings as JSON, for programs.

use super::{ListedDraft, Proposal};
use crate::author::draft::Draft;
use crate::author::drafting::{AddedText, DraftedClaim, place_of};
use crate::author::sheet::item_of;
use crate::diagnostic::Diagnostic;
use crate::printable::write_pretty;
use serde::Serialize;
use std::io::{self, Write};

/// Writes drafts with what is found in them.
///
/// # Errors
/// Fails if the writer fails.
pub(crate) fn write_drafts_json(proposal: &Proposal, out: &mut dyn Write) -> io::Result<()> {
    let json = ProposalJson {
        drafts: proposal.drafts.iter().map(DraftJson::of).collect(),
        notes: &proposal.notes,
    };
    write_pretty(&json, out)
}

/// Writes a claim that was added, or would be, or what is wrong with it.
///
/// # Errors
/// Fails if the writer fails.
pub(crate) fn write_claim_json(
    claim: Option<&DraftedClaim>,
    findings: &[Diagnostic],
    is_written: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let added = claim.map_or(&[][..], |claim| &claim.added).iter();
    let json = WrittenJson {
        claim: claim.map(ClaimJson::of),
        written: is_written,
        files: added.map(|AddedText { file, text }| FileJson { file, text }).collect(),
        findings,
    };
    write_pretty(&json, out)
}

#[derive(Serialize)]
struct ProposalJson<'a> {
    drafts: Vec<DraftJson<'a>>,
    notes: &'a [Diagnostic],
}

#[derive(Serialize)]
struct DraftJson<'a> {
    id: &'a str,
    /// `clean`, `warnings` or `errors`.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// The document and the words as they were typed.
    document: &'a str,
    quote: &'a str,
    says: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    omit: Option<&'a str>,
    /// What it becomes, unless something in it could not be looked up.
    claim: Option<ClaimJson<'a>>,
    findings: Vec<Diagnostic>,
}

#[derive(Serialize)]
struct ClaimJson<'a> {
    name: &'a str,
    document: &'a str,
    quote: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    prefix: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    suffix: &'a str,
    /// The passage where the quote begins.
    passage: String,
}

#[derive(Serialize)]
struct WrittenJson<'a> {
    claim: Option<ClaimJson<'a>>,
    written: bool,
    files: Vec<FileJson<'a>>,
    findings: &'a [Diagnostic],
}

#[derive(Serialize)]
struct FileJson<'a> {
    file: &'a str,
    text: &'a str,
}

impl<'a> DraftJson<'a> {
    fn of(listed: &'a ListedDraft) -> Self {
        let Draft { place, document, quote, says, reading, omission, .. } = &listed.draft;
        Self {
            id: &listed.id,
            status: match (listed.is_clean(), listed.verified.has_errors()) {
                (true, _) => "clean",
                (false, false) => "warnings",
                (false, true) => "errors",
            },
            file: place.as_ref().map(|place| place.file.as_str()),
            line: place.as_ref().map(|place| place.line.get()),
            document,
            quote,
            says: says.iter().map(|said| item_of(&said.content)).collect(),
            reading: reading.as_deref(),
            omit: omission.as_deref(),
            claim: listed.verified.claim.as_ref().map(ClaimJson::of),
            findings: listed.findings(),
        }
    }
}

impl<'a> ClaimJson<'a> {
    fn of(claim: &'a DraftedClaim) -> Self {
        Self {
            name: claim.name.as_str(),
            document: claim.document.as_str(),
            quote: &claim.quotation.words,
            prefix: &claim.quotation.selector.prefix,
            suffix: &claim.quotation.selector.suffix,
            passage: place_of(&claim.quotation.span),
        }
    }
}
