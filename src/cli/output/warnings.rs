//! Says what in a query is likely to be a mistake, and why an answer is empty.

use crate::answer::Nothing;
use crate::catalogue::BoundQuery;
use crate::cli::reporter::{Reporter, counted};
use crate::diagnose::Warning;
use crate::session::Session;
use crate::wording::{EmptyAnswer, warning_in_words};
use clap::Args;

/// How many warnings are said: nobody reads more.
const MOST: usize = 20;

/// Says the warnings of a query.
pub(crate) fn tell_warnings(
    session: &Session,
    asked: &BoundQuery,
    warnings: &[Warning],
    reporter: &Reporter,
) {
    for warning in warnings.iter().take(MOST) {
        reporter.report(&warning_in_words(session, asked, warning));
    }
    if let Some(more) = warnings.len().checked_sub(MOST).filter(|more| *more > 0) {
        reporter.note(&format!("there are {} more", counted(more, "warning")));
    }
}

/// Whether the reason of an empty answer is looked for.
#[derive(Debug, Args)]
pub(crate) struct DiagnoseOptions {
    /// Do not diagnose empty results
    #[arg(long, help_heading = "Output")]
    no_diagnose: bool,
}

impl DiagnoseOptions {
    /// Returns the reason why there is nothing in an answer, unless it is not wanted.
    pub(crate) fn diagnose(
        &self,
        session: &Session,
        asked: &BoundQuery,
        nothing: Option<Nothing>,
        reporter: &Reporter,
    ) -> Option<EmptyAnswer> {
        let nothing = nothing.filter(|_| !reporter.is_quiet() && !self.no_diagnose)?;
        Some(EmptyAnswer::diagnose(session, asked, nothing))
    }
}

/// Says that there is nothing in an answer, and why.
pub(crate) fn tell_empty_answer(
    empty: &EmptyAnswer,
    session: &Session,
    asked: &BoundQuery,
    warned: &[Warning],
    reporter: &Reporter,
) {
    for told in empty.in_words(session, asked, warned) {
        reporter.report(&told);
    }
}
