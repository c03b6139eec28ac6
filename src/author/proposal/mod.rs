//! Proposed claims: the drafts of sheets, what is found in them, and what becomes of them.

mod declarations;
mod documents;
mod json;
mod words;

pub(crate) use json::{write_claim_json, write_drafts_json};
pub(crate) use words::write_draft;

use super::draft::Draft;
use super::draft_files::{DraftFiles, WaitingDraft};
use super::drafting::{SignedDraft, Verified, VerifiedDraft, verify};
use super::sheet::{PatternColumns, SheetContent, read_sheet};
use crate::claim::ClaimKind;
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, Severity};
use crate::dossier::{Dossier, Edit};
use crate::session::Session;
use crate::vocabulary::{dos, folded};
use documents::Documents;
use oxigraph::model::Literal;
use words::{already_claimed, at_place, none_kept, placed, quoted, rejected_before};

/// A file of proposed claims.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    /// Its name in messages, whose extension tells its kind.
    pub file: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What a user says of sheets.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SheetOptions<'a> {
    /// The document of all quotes, whatever the sheets say.
    pub document: Option<&'a str>,
    /// The pattern whose parameters are columns of tables.
    pub pattern: Option<&'a str>,
    /// Who drafted the claims.
    pub by: Option<&'a str>,
}

/// Drafts with what is found in them.
#[derive(Debug)]
pub(crate) struct Proposal {
    /// The drafts, in the order of the sheets.
    pub drafts: Vec<ListedDraft>,
    /// Notes on the sheets, and on drafts that are not proposed.
    pub notes: Vec<Diagnostic>,
    /// The change that keeps the drafts.
    pub edit: Option<Edit>,
}

/// A draft with what is found in it.
#[derive(Debug)]
pub(crate) struct ListedDraft {
    /// Its id.
    pub id: String,
    /// The draft.
    pub draft: Draft,
    /// What it becomes.
    pub verified: VerifiedDraft,
}

impl ListedDraft {
    /// Returns whether nothing in it is wrong or doubtful. It may have notes.
    pub(crate) fn is_clean(&self) -> bool {
        is_clean(&self.verified)
    }

    /// Returns what is found in it, each at its place in the sheet.
    pub(crate) fn findings(&self) -> Vec<Diagnostic> {
        let findings = self.verified.findings.iter();
        let mut findings: Vec<_> = findings.map(|finding| placed(&self.draft, finding)).collect();
        let line = |found: &Diagnostic| found.excerpt.as_ref().map(|excerpt| excerpt.line);
        findings.sort_by_key(|found| (found.severity, line(found)));
        findings
    }
}

/// Reads sheets and verifies their drafts. All drafts of all sheets are kept, whatever is found in them, unless a sheet
/// cannot be understood.
///
/// # Errors
/// Fails with all errors in the sheets if one of them cannot be understood. Also fails if a pattern or a document does
/// not exist, or the dossier cannot be changed.
pub(crate) fn propose(
    session: &Session,
    sheets: &[Sheet],
    options: SheetOptions<'_>,
) -> Result<Proposal> {
    let mut edit = Edit::of(session.dossier())?;
    let mut files = DraftFiles::read(session.dossier())?;
    let content = read_all(session, sheets, options)?;
    let has_errors = content.problems.iter().any(|problem| problem.severity == Severity::Error);
    let mut notes = content.problems;
    let mut drafts = content.drafts;
    drafts.retain(|draft| match files.rejection(draft) {
        Some(because) => {
            notes.push(at_place(draft.place.as_ref(), &quoted(draft), rejected_before(because)));
            false
        }
        None => true,
    });
    let signed: Vec<SignedDraft<'_>> = drafts
        .iter()
        .map(|draft| SignedDraft { draft, creator: options.by, contributor: None })
        .collect();
    let verified = verify(session, &signed, None)?.drafts;
    if has_errors {
        let found = drafts.iter().zip(&verified).flat_map(|(draft, verified)| {
            verified.findings.iter().map(|finding| placed(draft, finding))
        });
        // An item that could not be read is missing, and not a claim without any.
        let is_consequence =
            |found: &Diagnostic| found.id.as_deref() == Some("draft-without-statement");
        notes.extend(
            found.filter(|found| found.severity == Severity::Error && !is_consequence(found)),
        );
        notes.push(none_kept());
        return Err(Error { kind: ErrorKind::Input, problems: notes });
    }
    let are_claimed = are_claimed_by_name(session, &drafts, &verified)?;
    let (mut known, mut new) = (0, Vec::new());
    for ((draft, verified), is_claimed_by_name) in drafts.into_iter().zip(verified).zip(are_claimed)
    {
        if is_claimed_by_name || is_claimed(&verified) || is_omitted(session, &draft, &verified)? {
            known += 1;
        } else {
            new.push((draft, verified));
        }
    }
    notes.extend(already_claimed(known));
    let (drafts, verified): (Vec<Draft>, Vec<VerifiedDraft>) = new.into_iter().unzip();
    let ids = files.add(drafts.clone(), options.by);
    files.write(&mut edit)?;
    let listed = ids.into_iter().zip(drafts).zip(verified);
    let listed = listed.map(|((id, draft), verified)| ListedDraft { id, draft, verified });
    Ok(Proposal { drafts: listed.collect(), notes, edit: Some(edit) })
}

/// Verifies the drafts that wait.
///
/// # Errors
/// If the files of drafts cannot be read; if the dossier is broken or the store fails.
pub(crate) fn waiting(session: &Session) -> Result<Proposal> {
    let waiting = DraftFiles::read(session.dossier())?.waiting;
    let verified = verify(session, &signed(&waiting, None), None)?.drafts;
    let listed = waiting.into_iter().zip(verified);
    let listed = listed.map(|(WaitingDraft { id, draft, .. }, verified)| ListedDraft {
        id,
        draft,
        verified,
    });
    Ok(Proposal { drafts: listed.collect(), notes: Vec::new(), edit: None })
}

/// Which drafts are accepted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AcceptedDrafts<'a> {
    /// Those with these ids.
    Named(&'a [String]),
    /// All in which nothing is wrong or doubtful.
    AllClean,
}

/// Drafts that become claims.
#[derive(Debug)]
pub(crate) struct Accepted {
    /// The drafts, with the claims that they become.
    pub drafts: Vec<ListedDraft>,
    /// The number of drafts that still wait.
    pub remaining: usize,
    /// The change that writes the claims and no longer keeps the drafts.
    pub edit: Edit,
}

/// Computes the change that makes drafts claims.
///
/// # Errors
/// If no draft has one of the ids; if a draft has errors, all of them; if the dossier cannot be changed.
pub(crate) fn accept(
    session: &Session,
    which: AcceptedDrafts<'_>,
    by: Option<&str>,
    into: Option<&str>,
) -> Result<Accepted> {
    // The built-in dossier cannot be changed, whatever drafts are asked for.
    Edit::of(session.dossier())?;
    let mut files = DraftFiles::read(session.dossier())?;
    let (drafts, verified) = match which {
        AcceptedDrafts::Named(ids) => {
            let drafts = files.take(ids)?;
            let verified = verify(session, &signed(&drafts, by), into)?;
            (drafts, verified)
        }
        AcceptedDrafts::AllClean => {
            let (ids, verified) = all_clean(session, &files, by, into)?;
            (files.take(&ids)?, verified)
        }
    };
    let errors: Vec<Diagnostic> = drafts
        .iter()
        .zip(&verified.drafts)
        .flat_map(|(waiting, verified)| {
            let findings = verified.findings.iter().map(|finding| placed(&waiting.draft, finding));
            findings.map(|found| Diagnostic {
                message: format!("{}: {}", waiting.id, found.message),
                ..found
            })
        })
        .filter(|found| found.severity == Severity::Error)
        .collect();
    if !errors.is_empty() {
        let problems = errors.into_iter().map(|problem| declared_by(&files.waiting, problem));
        return Err(Error { kind: ErrorKind::Usage, problems: problems.collect() });
    }
    let mut edit = verified.edit()?;
    files.write(&mut edit)?;
    let remaining = files.waiting.len();
    let listed = drafts.into_iter().zip(verified.drafts);
    let listed = listed.map(|(WaitingDraft { id, draft, .. }, verified)| ListedDraft {
        id,
        draft,
        verified,
    });
    Ok(Accepted { drafts: listed.collect(), remaining, edit })
}

/// Helps with a name of nothing that another draft declares.
fn declared_by(waiting: &[WaitingDraft], problem: Diagnostic) -> Diagnostic {
    let label = problem.message.split('`').nth(1).map(folded).unwrap_or_default();
    let declares = |draft: &&WaitingDraft| {
        let mut declared = draft.draft.says.iter().filter_map(|said| said.content.declared());
        declared.any(|declared| folded(declared) == label)
    };
    match waiting.iter().find(declares) {
        Some(other) if problem.id.as_deref() == Some("term-unknown") => {
            let help = format!("`{}` declares it: accept it, too", other.id);
            problem.help(help)
        }
        _ => problem,
    }
}

/// Returns the ids of the clean drafts. A draft may be clean only together with another one, which declares a thing, so
/// those that are left are verified again.
fn all_clean(
    session: &Session,
    files: &DraftFiles,
    by: Option<&str>,
    into: Option<&str>,
) -> Result<(Vec<String>, Verified)> {
    let mut drafts = files.waiting.clone();
    loop {
        let verified = verify(session, &signed(&drafts, by), into)?;
        let count = drafts.len();
        let mut are_clean = verified.drafts.iter().map(is_clean);
        drafts.retain(|_| are_clean.next().unwrap_or_default());
        if drafts.len() == count {
            return Ok((drafts.into_iter().map(|draft| draft.id).collect(), verified));
        }
    }
}

/// Computes the change that rejects drafts, so that they are not proposed again. Returns the number of those that still
/// wait.
///
/// # Errors
/// If no draft has one of the ids; if the dossier cannot be changed.
pub(crate) fn reject(dossier: &Dossier, ids: &[String], because: &str) -> Result<(Edit, usize)> {
    let mut edit = Edit::of(dossier)?;
    let mut files = DraftFiles::read(dossier)?;
    for draft in files.take(ids)? {
        files.reject(draft, because);
    }
    files.write(&mut edit)?;
    Ok((edit, files.waiting.len()))
}

fn signed<'a>(drafts: &'a [WaitingDraft], contributor: Option<&'a str>) -> Vec<SignedDraft<'a>> {
    let signed = |waiting: &'a WaitingDraft| SignedDraft {
        draft: &waiting.draft,
        creator: waiting.by.as_deref(),
        contributor,
    };
    drafts.iter().map(signed).collect()
}

fn is_clean(verified: &VerifiedDraft) -> bool {
    verified.findings.iter().all(|finding| finding.diagnostic.severity == Severity::Note)
}

/// Returns whether the only thing wrong with a draft is that the dossier has the same claim.
fn is_claimed(verified: &VerifiedDraft) -> bool {
    has_only(verified, "claim-repeated")
}

/// Returns whether a draft has errors, all of one kind.
fn has_only(verified: &VerifiedDraft, id: &str) -> bool {
    let errors = verified.findings.iter().map(|finding| &finding.diagnostic);
    let mut errors = errors.filter(|found| found.severity == Severity::Error).peekable();
    errors.peek().is_some() && errors.all(|found| found.id.as_deref() == Some(id))
}

/// Returns for each draft whether it has the name of a claim or an omission of the dossier that says the same, as in a sheet
/// that was exported from it.
fn are_claimed_by_name(
    session: &Session,
    drafts: &[Draft],
    verified: &[VerifiedDraft],
) -> Result<Vec<bool>> {
    let is_taken: Vec<bool> =
        verified.iter().map(|verified| has_only(verified, "claim-name-taken")).collect();
    let unnamed: Vec<Draft> = drafts
        .iter()
        .zip(&is_taken)
        .filter(|(_, is_taken)| **is_taken)
        .map(|(draft, _)| Draft { name: None, ..draft.clone() })
        .collect();
    let signed: Vec<SignedDraft<'_>> = unnamed
        .iter()
        .map(|draft| SignedDraft { draft, creator: None, contributor: None })
        .collect();
    let again = if signed.is_empty() { Vec::new() } else { verify(session, &signed, None)?.drafts };
    let mut again = unnamed.iter().zip(&again);
    let mut is_claimed_again = || match again.next() {
        Some((draft, verified)) => {
            Ok(is_claimed(verified) || is_omitted(session, draft, verified)?)
        }
        None => Ok(false),
    };
    is_taken
        .into_iter()
        .map(|is_taken| if is_taken { is_claimed_again() } else { Ok(false) })
        .collect()
}

/// Returns whether the dossier omits the words of a draft that is an omission already.
fn is_omitted(session: &Session, draft: &Draft, verified: &VerifiedDraft) -> Result<bool> {
    let (Some(_), Some(claim)) = (&draft.omission, &verified.claim) else { return Ok(false) };
    let quote = Literal::new_simple_literal(&claim.quotation.words);
    for thing in session.store().things(dos::QUOTE, quote.as_ref().into())? {
        let known = session.claim(&thing)?;
        if known.kind == ClaimKind::Omission
            && known.documents.contains(&claim.document)
            && known.place().is_ok_and(|place| *place == claim.quotation.span)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads all sheets.
fn read_all(
    session: &Session,
    sheets: &[Sheet],
    options: SheetOptions<'_>,
) -> Result<SheetContent> {
    let pattern = options.pattern.map(|name| session.catalogue().pattern(name)).transpose()?;
    let parameters: Vec<String> = pattern
        .iter()
        .flat_map(|pattern| &pattern.query.parameters)
        .map(|parameter| parameter.declaration.name.clone())
        .collect();
    let columns = options.pattern.map(|name| PatternColumns { name, parameters: &parameters });
    let mut documents = Documents::new(session);
    let mut all = SheetContent::default();
    for Sheet { file, bytes } in sheets {
        let mut content = read_sheet(file, bytes, columns);
        for draft in &mut content.drafts {
            if let Some(document) = options.document {
                document.clone_into(&mut draft.document);
            }
            if content.are_annotations {
                documents.settle(draft)?;
            }
        }
        all.drafts.append(&mut content.drafts);
        all.declarations.append(&mut content.declarations);
        all.problems.append(&mut content.problems);
    }
    let declarations = std::mem::take(&mut all.declarations);
    all.problems.extend(declarations::distribute(&declarations, &mut all.drafts));
    Ok(all)
}
