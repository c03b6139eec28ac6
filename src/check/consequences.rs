//! Findings that follow from others. What explains them comes first.

use super::other_files::Unread;
use crate::diagnostic::{Diagnostic, Remark, Severity};

/// The most cases that are named.
const MOST_CASES: usize = 4;

/// Removes findings that follow from a file or a folder that is ignored, and says how many.
pub(super) fn of_unread(unread: &[Unread], findings: &mut Vec<Diagnostic>) {
    let before = findings.len();
    let mut is_worse = false;
    findings.retain(|finding| {
        let id = finding.id.as_deref().unwrap_or_default();
        let follows = unread.iter().any(|unread| consequences(*unread).contains(&id));
        is_worse |= follows && finding.severity == Severity::Error;
        !follows
    });
    let note = match before - findings.len() {
        0 => return,
        1 => "1 other finding is left out: it may follow from this one".to_owned(),
        count => format!("{count} other findings are left out: they may follow from this one"),
    };
    if let Some(first) = findings.iter_mut().find(|finding| is_unread(finding)) {
        if is_worse {
            first.severity = Severity::Error;
        }
        first.remarks.push(Remark::Note(note));
    }
}

/// Returns whether a finding is about a file or a folder that is not read.
pub(super) fn is_unread(finding: &Diagnostic) -> bool {
    finding.id.as_deref().is_some_and(|id| ["file-unread", "query-unread"].contains(&id))
}

/// Returns the ids of what may follow from files that are not read.
const fn consequences(unread: Unread) -> &'static [&'static str] {
    match unread {
        Unread::Documents => &["document-without-text"],
        Unread::Data => &[
            "graph-without-head",
            "head-without-graph",
            "no-label",
            "query-fails",
            "text-without-document",
            "unknown-document",
            "unknown-thing",
        ],
        Unread::Ontology => &["no-label", "prefix-undeclared", "query-fails", "undeclared-term"],
        Unread::Queries => &["answer-without-case"],
        Unread::Answers => &["case-without-answer"],
    }
}

/// Replaces the findings about answers that differ by one, if another finding may be the reason: to accept such an answer
/// would be wrong.
pub(super) fn sum_up_answers(unread: &[Unread], findings: &mut Vec<Diagnostic>) {
    let hides_data = unread.iter().any(|unread| [Unread::Data, Unread::Ontology].contains(unread));
    if !hides_data && !findings.iter().any(may_change_answers) {
        return;
    }
    let is_answer = |finding: &Diagnostic| finding.id.as_deref() == Some("answer-differs");
    let (answers, others) = findings.drain(..).partition::<Vec<_>, _>(is_answer);
    *findings = others;
    let cases: Vec<String> = answers.iter().filter_map(case_of).collect();
    let message = match cases.as_slice() {
        [] => return,
        [case] => format!("the answer of {case} is not the expected one"),
        cases => {
            let (named, more) = cases.split_at(cases.len().min(MOST_CASES));
            let more = match more.len() {
                0 => String::new(),
                count => format!(" and {count} more"),
            };
            format!("{} answers are not the expected ones: {}{more}", cases.len(), named.join(", "))
        }
    };
    findings.push(
        Diagnostic::error("answer-differs", message)
            .help("correct the other findings first: one of them may be the reason"),
    );
}

/// Returns whether a finding is about a name that differs from a known one in a letter, and is probably the same.
pub(super) fn is_misspelt(finding: &Diagnostic) -> bool {
    finding.id.as_deref() == Some("no-label")
        && finding.help.as_deref().is_some_and(|help| help.starts_with("did you mean"))
}

/// Returns whether a finding sums up answers that differ for another reason.
pub(super) fn is_of_doubtful_answers(finding: &Diagnostic) -> bool {
    finding.id.as_deref() == Some("answer-differs") && finding.excerpt.is_none()
}

/// Returns the name of the case whose answer differs.
fn case_of(finding: &Diagnostic) -> Option<String> {
    let name = finding.excerpt.as_ref()?.origin.rsplit('/').next()?;
    Some(format!("`{}`", name.strip_suffix(".csv").unwrap_or(name)))
}

/// Returns whether a finding may make answers wrong: a misspelt name, or an error, but not one of queries or of what claims
/// quote.
fn may_change_answers(finding: &Diagnostic) -> bool {
    const ELSEWHERE: [&str; 9] = [
        "answer-",
        "document-without-text",
        "front-matter-",
        "parameter-",
        "pattern-",
        "prefix-undeclared",
        "query-",
        "quote-",
        "text-",
    ];
    let id = finding.id.as_deref().unwrap_or_default();
    let is_elsewhere = ELSEWHERE.iter().any(|begin| id.starts_with(begin));
    is_misspelt(finding) || finding.severity == Severity::Error && !is_elsewhere
}
