//! Answers with what they rest on.

use super::OutputOptions;
use crate::answer::Row;
use crate::answer::write::{Absences, check_citable};
use crate::cite::{self, Citation, Reason, untraceable};
use crate::cli::reporter::{Reporter, counted};
use crate::diagnostic::Diagnostic;
use crate::format::Format;
use crate::vocabulary::Prefixes;
use clap::{Args, ValueEnum};
use spargebra::Query;
use std::collections::BTreeSet;

/// How answers are cited.
#[derive(Debug, Args)]
pub(crate) struct CiteOptions {
    /// Cite the claims and the quotes that each row rests on. With =strict, fail if any row is neither verified nor
    /// background
    #[arg(
        long,
        value_enum,
        value_name = "HOW",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "shown",
        hide_possible_values = true,
        help_heading = "Citations"
    )]
    cite: Option<Cite>,

    /// Do not verify citations; verification runs the query again on what each row rests on
    #[arg(long, requires = "cite", help_heading = "Citations")]
    no_verify: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Cite {
    /// What cannot be cited is marked so
    Shown,
    /// What cannot be cited is refused
    Strict,
}

impl CiteOptions {
    /// How to cite: none if no citations are asked for.
    ///
    /// clap cannot refuse the two together: it knows options, not their values.
    pub(crate) fn options(&self) -> anyhow::Result<Option<cite::CitationOptions>> {
        if self.is_strict() && self.no_verify {
            return Err(Diagnostic::error(
                "options-conflict",
                "`--cite=strict` cannot be combined with `--no-verify`",
            )
            .note("`=strict` accepts verified rows only, and `--no-verify` verifies none")
            .help("remove one of them: `--cite --no-verify` shows unverified citations")
            .usage()
            .into());
        }
        let verify = !self.no_verify;
        Ok(self.cite.map(|_| cite::CitationOptions { verify, ..cite::CitationOptions::default() }))
    }

    /// How `--cite` is written with what stands behind it, if that is a way to cite.
    pub(crate) fn mode(&self, word: &str) -> Option<String> {
        self.cite?;
        Cite::from_str(word, false).ok().map(|_| format!("--cite={word}"))
    }

    /// Refuses a query that cannot be cited at all, if that is asked for.
    pub(crate) fn check(&self, query: &Query) -> anyhow::Result<()> {
        match untraceable(query) {
            Some(reason) if self.is_strict() => Err(refused(&reason.to_string())),
            _ => Ok(()),
        }
    }

    /// Whether each row must be verified, or background.
    pub(crate) fn is_strict(&self) -> bool {
        self.cite == Some(Cite::Strict)
    }
}

impl OutputOptions {
    /// Refuses a format that cannot hold citations, before anything is asked.
    pub(crate) fn check_citable(&self, is_graph: bool) -> anyhow::Result<()> {
        match self.chosen_format()? {
            Some(Format::Results(format)) if !is_graph => Ok(check_citable(format)?),
            Some(Format::Graph(format)) if is_graph && !format.has_named_graphs() => {
                Err(Diagnostic::error(
                    "format-without-citations",
                    format!("`{}` has no named graphs, so it cannot hold citations", format.name()),
                )
                .help("use trig, nquads or jsonld with `--cite`")
                .usage()
                .into())
            }
            _ => Ok(()),
        }
    }
}

/// Refuses an answer of which not all is cited, if that is asked for.
pub(super) fn refuse_doubtful<'a>(
    is_strict: bool,
    citations: impl IntoIterator<Item = &'a Citation>,
) -> anyhow::Result<()> {
    let doubts: Doubts = citations.into_iter().collect();
    match doubts.words("row") {
        Some(words) if is_strict => Err(refused(&words)),
        _ => Ok(()),
    }
}

/// Says what triples rest on that is not there: no format for graphs can hold it.
pub(super) fn tell_absences<'a>(
    citations: impl Iterator<Item = &'a Citation>,
    prefixes: &Prefixes,
    reporter: &Reporter,
) {
    let mut absences = Absences::default();
    let mut counts: Vec<usize> = Vec::new();
    for derivation in citations.filter_map(|citation| citation.derivations.first()) {
        let places: BTreeSet<usize> =
            derivation.absences.iter().map(|absence| absences.add(absence)).collect();
        counts.resize(absences.len(), 0);
        for place in places {
            counts[place] += 1;
        }
    }
    for (absent, count) in absences.patterns("triple", prefixes).into_iter().zip(counts) {
        let rest = if count == 1 { "rests" } else { "rest" };
        let (triples, sentence) = (counted(count, "triple"), absent.sentence());
        reporter.note(&format!("{triples} {rest} on this: {sentence}"));
    }
}

/// The error of `--cite=strict`.
fn refused(reason: &str) -> anyhow::Error {
    Diagnostic::error("answer-uncitable", format!("cannot cite all results: {reason}"))
        .help("use `--cite` without `=strict` to show the results and mark what cannot be cited")
        .input()
        .into()
}

/// The rows or triples of which the citations are less than verified.
#[derive(Default)]
pub(super) struct Doubts {
    count: usize,
    reasons: Vec<String>,
}

impl Doubts {
    fn add(&mut self, citation: &Citation) {
        if let Some(reason) = citation.status.reason()
            && *reason != Reason::NotAsked
        {
            self.count += 1;
            let reason = format!("{}: {reason}", citation.status.name());
            if !self.reasons.contains(&reason) {
                self.reasons.push(reason);
            }
        }
    }

    /// Takes note of a row.
    pub(super) fn note(&mut self, row: &Row) {
        row.citation.iter().for_each(|citation| self.add(citation));
    }

    /// How many they are, and why: nothing if there are none.
    fn words(&self, what: &str) -> Option<String> {
        let reasons = self.reasons.join("; ");
        (self.count > 0).then(|| format!("{}, {reasons}", counted(self.count, what)))
    }

    pub(super) fn tell(&self, what: &str, reporter: &Reporter) {
        if let Some(words) = self.words(what) {
            reporter.note(&words);
        }
    }
}

impl<'a> FromIterator<&'a Citation> for Doubts {
    fn from_iter<I: IntoIterator<Item = &'a Citation>>(citations: I) -> Self {
        let mut doubts = Self::default();
        citations.into_iter().for_each(|citation| doubts.add(citation));
        doubts
    }
}
