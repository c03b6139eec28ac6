//! Answers with what they rest on.

use super::part::Cut;
use super::target::Target;
use super::{OutputOptions, graph_format, iris, result_format, tell};
use crate::cli::report;
use clap::{Args, ValueEnum};
use dossier::answer::CitedAnswer;
use dossier::answer::write::{
    Absences, CitedRow, check_citable, write_cited_boolean, write_cited_diagnosed,
    write_cited_diagnosed_no, write_cited_solutions,
};
use dossier::cite::{self, Citation, Reason, untraceable};
use dossier::diagnose::Diagnosis;
use dossier::error::Problem;
use dossier::format::{Format, GraphFormat, ResultFormat};
use dossier::rdf::write::write_quads;
use dossier::session::Session;
use dossier::vocabulary::{Labels, Prefixes};
use oxigraph::model::{GraphName, NamedNode};
use oxigraph::sparql::Variable;
use spargebra::Query;
use std::collections::BTreeSet;

/// How answers are cited.
#[derive(Debug, Args)]
pub struct CiteOptions {
    /// Show what each row rests on: the claims, and the words that they quote; =strict refuses an answer of which any
    /// row is less than verified, background apart
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

    /// Do not ask the query again on what each row rests on
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
    pub fn options(&self) -> anyhow::Result<Option<cite::Options>> {
        if self.is_strict() && self.no_verify {
            return Err(Problem::new("`--cite=strict` does not go with `--no-verify`")
                .note("strict refuses what is not verified, and without verifying nothing is")
                .help("leave out one of them: `--cite --no-verify` shows citations that are not checked")
                .usage()
                .into());
        }
        let verify = !self.no_verify;
        Ok(self.cite.map(|_| cite::Options { verify, ..cite::Options::default() }))
    }

    /// Refuses a query that cannot be cited at all, if that is asked for.
    pub fn check(&self, query: &Query) -> anyhow::Result<()> {
        match untraceable(query) {
            Some(reason) if self.is_strict() => Err(refused(&reason.to_string())),
            _ => Ok(()),
        }
    }

    /// Whether each row must be verified, or background.
    pub fn is_strict(&self) -> bool {
        self.cite == Some(Cite::Strict)
    }
}

impl OutputOptions {
    /// Refuses a format that cannot hold citations, before anything is asked.
    pub fn check_citable(&self, is_graph: bool) -> anyhow::Result<()> {
        match self.chosen_format()? {
            Some(Format::Results(format)) if !is_graph => Ok(check_citable(format)?),
            Some(Format::Graph(format)) if is_graph && !format.has_named_graphs() => {
                Err(Problem::new(format!(
                    "`{}` has no named graphs, so it cannot hold citations",
                    format.name()
                ))
                .help("use one of trig, nquads, jsonld with `--cite`")
                .usage()
                .into())
            }
            _ => Ok(()),
        }
    }

    /// Writes the answer of a query with what it rests on. If `is_strict`, nothing is written unless each row is
    /// verified, or background.
    pub fn write_cited(
        &self,
        session: &Session,
        answer: CitedAnswer,
        diagnosis: Option<&Diagnosis>,
        is_strict: bool,
        quiet: bool,
    ) -> anyhow::Result<()> {
        let format = self.chosen_format()?;
        let target = self.target();
        let cancellation = session.limits().cancellation.clone();
        // What was found is described although the time is over.
        let session = &session.for_naming();
        let described = |graph: &NamedNode| session.described(graph);
        if let Some(diagnosis) = diagnosis
            && format == Some(Format::Results(ResultFormat::Json))
        {
            return self.write_cited_diagnosed(session, answer, diagnosis, is_strict, quiet);
        }
        let is_told = quiet || diagnosis.is_some();
        match answer {
            CitedAnswer::Boolean(value, citation) => {
                let format = result_format(format, "yes or no")?;
                refuse_doubtful(is_strict, [&citation])?;
                let prefixes = session.prefixes();
                if !format.is_for_people() {
                    [&citation].into_iter().collect::<Doubts>().tell("answer", quiet);
                }
                target.write(|out| {
                    Ok(write_cited_boolean(
                        format,
                        value,
                        &citation,
                        prefixes,
                        &described,
                        target.width,
                        out,
                    )?)
                })
            }
            CitedAnswer::Solutions { variables, mut rows } => {
                let format = result_format(format, "rows")?;
                let is_named = self.is_named(format)?;
                let count = if is_strict || is_named || format.is_for_people() {
                    let cut = Cut::default();
                    let rows = cut.before(rows.by_ref());
                    let mut rows = rows.collect::<dossier::error::Result<Vec<_>>>()?;
                    cut.shorten(&mut rows, &cancellation);
                    refuse_doubtful(is_strict, rows.iter().map(|(_, citation)| citation))?;
                    let doubts: Doubts = rows.iter().map(|(_, citation)| citation).collect();
                    let count =
                        self.write_cited_rows(session, &variables, rows, format, &target, &cut)?;
                    if is_named {
                        doubts.tell("row", quiet);
                    }
                    count
                } else {
                    let labels = Labels::default();
                    let naming = self.naming(session, &labels);
                    let mut doubts = Doubts::default();
                    let cut = Cut::default();
                    let seen = cut.before(rows.by_ref()).inspect(|row| doubts.note(row));
                    let count = target.write(|out| {
                        let count = write_cited_solutions(
                            format, &variables, seen, &naming, &described, None, out,
                        )?;
                        cut.tell(count, "row", &target)?;
                        Ok(count)
                    })?;
                    doubts.tell("row", quiet);
                    count
                };
                tell(count, "row", rows.has_more(), is_told);
                Ok(())
            }
            CitedAnswer::Graph { triples, has_more, found, stopped } => {
                let cut = Cut::by(stopped);
                cut.note_found(found);
                let format = match format {
                    None => GraphFormat::TriG,
                    format => graph_format(format)?,
                };
                let citations = || triples.iter().map(|(_, citation)| citation);
                refuse_doubtful(is_strict, citations())?;
                let mut quads = session.cited_quads(citations())?;
                citations().collect::<Doubts>().tell("triple", quiet);
                if !quiet {
                    tell_absences(citations(), session.prefixes());
                }
                let count = triples.len();
                tell(count, "triple", has_more, is_told || cut.is_short());
                let constructed = triples.into_iter().map(|(triple, _)| triple);
                quads.extend(constructed.map(|triple| triple.in_graph(GraphName::DefaultGraph)));
                target.write(|out| {
                    write_quads(format, quads, &session.layout()?, out)?;
                    Ok(cut.tell(count, "triple", &target)?)
                })
            }
        }
    }

    /// Writes an answer that has nothing in it as JSON, with the reason.
    fn write_cited_diagnosed(
        &self,
        session: &Session,
        answer: CitedAnswer,
        diagnosis: &Diagnosis,
        is_strict: bool,
        quiet: bool,
    ) -> anyhow::Result<()> {
        let target = self.target();
        let described = |graph: &NamedNode| session.described(graph);
        let prefixes = session.prefixes();
        let check = |citations: &[&Citation], what: &str| {
            refuse_doubtful(is_strict, citations.iter().copied())?;
            citations.iter().copied().collect::<Doubts>().tell(what, quiet);
            anyhow::Ok(())
        };
        match answer {
            CitedAnswer::Boolean(_, citation) => {
                check(&[&citation], "answer")?;
                target.write(|out| {
                    Ok(write_cited_diagnosed_no(&citation, diagnosis, prefixes, &described, out)?)
                })
            }
            CitedAnswer::Solutions { variables, rows } => {
                let rows = rows.collect::<dossier::error::Result<Vec<_>>>()?;
                check(&rows.iter().map(|(_, citation)| citation).collect::<Vec<_>>(), "row")?;
                target.write(|out| {
                    Ok(write_cited_diagnosed(
                        &variables, rows, diagnosis, prefixes, &described, out,
                    )?)
                })
            }
            CitedAnswer::Graph { .. } => Ok(graph_format(self.chosen_format()?).map(drop)?),
        }
    }

    /// Writes rows with their citations, and tells how many they were. `cut` is where they came to an end.
    pub fn write_cited_rows(
        &self,
        session: &Session,
        variables: &[Variable],
        rows: Vec<CitedRow>,
        format: ResultFormat,
        target: &Target,
        cut: &Cut,
    ) -> anyhow::Result<usize> {
        let labels = session.labels(iris(rows.iter().map(|(row, _)| row)))?;
        let naming = self.naming(session, &labels);
        let described = |graph: &NamedNode| session.described(graph);
        let rows = if self.is_named(format)? {
            let (solutions, citations): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
            naming.named(&solutions).into_iter().zip(citations).collect()
        } else {
            rows
        };
        let rows = rows.into_iter().map(Ok);
        target.write(|out| {
            let count = write_cited_solutions(
                format,
                variables,
                rows,
                &naming,
                &described,
                target.width,
                out,
            )?;
            cut.tell(count, "row", target)?;
            Ok(count)
        })
    }
}

/// Refuses an answer of which not all is cited, if that is asked for.
fn refuse_doubtful<'a>(
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
fn tell_absences<'a>(citations: impl Iterator<Item = &'a Citation>, prefixes: &Prefixes) {
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
    for (words, count) in absences.words("triple", prefixes).into_iter().zip(counts) {
        let rest = if count == 1 { "rests" } else { "rest" };
        report::note(&format!("{} {rest} on this: {words}", report::counted(count, "triple")));
    }
}

/// The error of `--cite=strict`.
fn refused(reason: &str) -> anyhow::Error {
    Problem::new(format!("the answer cannot be cited: {reason}"))
        .help("with `--cite` alone it is shown, and what cannot be cited is marked")
        .input()
        .into()
}

/// The rows or triples of which the citations are less than verified.
#[derive(Default)]
struct Doubts {
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

    fn note(&mut self, row: &dossier::error::Result<CitedRow>) {
        if let Ok((_, citation)) = row {
            self.add(citation);
        }
    }

    /// How many they are, and why: nothing if there are none.
    fn words(&self, what: &str) -> Option<String> {
        let reasons = self.reasons.join("; ");
        (self.count > 0).then(|| format!("{}, {reasons}", report::counted(self.count, what)))
    }

    fn tell(&self, what: &str, quiet: bool) {
        if let Some(words) = self.words(what)
            && !quiet
        {
            report::note(&words);
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
