//! The report of an update as text.

use super::{DocumentUpdate, RevisedQuote};
use crate::claim::{Change, DiffPart, DiffSide, Mark, Proposal, Selector, Verdict};
use crate::printable::printable;
use anstyle::{AnsiColor, Style};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Writes the report for people: the counts, then what needs attention, and the new passages. `lists_all` also lists the
/// quotes that stand. Without colour, `[-…-]` marks old words and `{+…+}` new ones.
///
/// # Errors
/// Fails if the writer fails.
pub(crate) fn write_text(
    update: &DocumentUpdate<'_>,
    lists_all: bool,
    in_colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page { update, in_colour, out };
    page.heading()?;
    for quote in &update.quotes {
        if lists_all || !quote.is_plain() {
            page.quote(quote)?;
        }
    }
    for thing in &update.without_quote {
        let shown = printable(&update.shown(thing)).into_owned();
        writeln!(page.out, "\n{shown} does not have one quote: see `dossier check`")?;
    }
    page.new_passages()
}

struct Page<'a> {
    update: &'a DocumentUpdate<'a>,
    in_colour: bool,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn heading(&mut self) -> io::Result<()> {
        let update = self.update;
        let curie = update.shown(&update.document);
        let title = update.title.as_deref().unwrap_or(&curie);
        writeln!(self.out, "{}", self.styled(Style::new().bold(), title))?;
        let count = update.quotes.len();
        let noun = if count == 1 { "quote" } else { "quotes" };
        let verdicts = ["stands", "typographic", "ambiguous", "changed", "vanished"];
        let counts: Vec<String> = verdicts
            .into_iter()
            .filter_map(|verdict| {
                let is_it = |quote: &&RevisedQuote| quote.verdict.name() == verdict;
                match (update.quotes.iter().filter(is_it).count(), verdict) {
                    (0, _) => None,
                    (1, "stands") => Some("1 stands".to_owned()),
                    (count, "stands") => Some(format!("{count} stand")),
                    (count, verdict) => Some(format!("{count} {verdict}")),
                }
            })
            .collect();
        let colon = if counts.is_empty() { "" } else { ": " };
        writeln!(self.out, "{}, {count} {noun}{colon}{}", printable(&curie), counts.join(", "))
    }

    fn quote(&mut self, quote: &RevisedQuote) -> io::Result<()> {
        let name = self.styled(Style::new().bold(), &self.update.shown(&quote.claim.name));
        let about = match &quote.verdict {
            Verdict::Changed(Change { marks, .. }) if !marks.is_empty() => {
                format!(" ({})", listed(marks))
            }
            Verdict::Stands { around, .. } if !around.is_empty() => {
                format!(" (around it: {})", listed(around))
            }
            _ => String::new(),
        };
        let before = if quote.stood() { "" } else { ", did not stand before" };
        writeln!(self.out, "\n{}: {name}{about}{before}", quote.verdict.name())?;
        match &quote.verdict {
            Verdict::Stands { span, .. } => {
                let sentence = self.update.new.passages_at(span.clone());
                let around = sentence.first().zip(sentence.last());
                let around = around.map_or(span.clone(), |(first, last)| {
                    first.span.start.min(span.start)..last.span.end.max(span.end)
                });
                self.words(&self.update.place(span), &self.update.new.text()[around])
            }
            Verdict::Typographic(Proposal { span, .. }) => {
                let words = &self.update.new.text()[span.clone()];
                self.words(&self.update.place(span), words)
            }
            Verdict::Ambiguous { places, likely } => {
                self.words("quote", &quote.quote.text)?;
                let places = places.iter().map(|place| self.update.place(place));
                let places: Vec<String> = places.take(Self::MOST_PLACES + 1).collect();
                let more = if places.len() > Self::MOST_PLACES { ", …" } else { "" };
                let shown = places[..places.len().min(Self::MOST_PLACES)].join(", ");
                writeln!(self.out, "  occurs in {shown}{more}")?;
                likely.as_ref().map_or(Ok(()), |proposal| self.likely(proposal))
            }
            Verdict::Changed(Change { proposal, parts, .. }) => {
                let place = self.update.place(&proposal.span);
                writeln!(self.out, "  {place}: {}", self.difference(parts))
            }
            Verdict::Vanished(nearest) => {
                self.words("quote", &quote.quote.text)?;
                let Some(nearest) = nearest.as_ref().filter(|nearest| nearest.similarity >= 0.5)
                else {
                    return Ok(());
                };
                let place = self.update.place(&nearest.span);
                let words = &self.update.new.text()[nearest.span.clone()];
                self.words(&format!("nearest, {place}"), words)
            }
        }
    }

    /// The most places of an ambiguous quote that are listed.
    const MOST_PLACES: usize = 8;

    fn likely(&mut self, Proposal { span, selector }: &Proposal) -> io::Result<()> {
        let Selector { prefix, suffix } = selector;
        let context: Vec<String> = [("oa:prefix", prefix), ("oa:suffix", suffix)]
            .into_iter()
            .filter(|(_, words)| !words.is_empty())
            .map(|(property, words)| format!("`{property}` “{}”", printable(&spaced(words))))
            .collect();
        let with = if context.is_empty() { "" } else { ", with " };
        let place = self.update.place(span);
        writeln!(self.out, "  likely: {place}{with}{}", context.join(" and "))
    }

    fn new_passages(&mut self) -> io::Result<()> {
        let passages = &self.update.new_passages;
        if passages.is_empty() {
            return Ok(());
        }
        let noun = if passages.len() == 1 { "passage" } else { "passages" };
        writeln!(self.out, "\n{} new {noun}", passages.len())?;
        for passage in passages {
            let words = &self.update.new.text()[passage.span.clone()];
            writeln!(self.out, "  {}: {}", passage.place.short(), printable(&flat(words)))?;
        }
        Ok(())
    }

    fn words(&mut self, what: &str, words: &str) -> io::Result<()> {
        writeln!(self.out, "  {what}: “{}”", printable(&flat(words)))
    }

    fn difference(&self, parts: &[DiffPart]) -> String {
        let shown = parts.iter().map(|part| {
            let words = printable(&part.words);
            match (part.side, self.in_colour) {
                (DiffSide::Both, _) => words.into_owned(),
                (DiffSide::Old, false) => format!("[-{words}-]"),
                (DiffSide::New, false) => format!("{{+{words}+}}"),
                (DiffSide::Old, true) => {
                    let style = AnsiColor::Red.on_default().strikethrough();
                    format!("{style}{words}{style:#}")
                }
                (DiffSide::New, true) => {
                    let style = AnsiColor::Green.on_default();
                    format!("{style}{words}{style:#}")
                }
            }
        });
        shown.collect()
    }

    fn styled(&self, style: Style, text: &str) -> String {
        let text = printable(text);
        if self.in_colour { format!("{style}{text}{style:#}") } else { text.into_owned() }
    }
}

fn listed(marks: &BTreeSet<Mark>) -> String {
    marks.iter().map(|mark| mark.name()).collect::<Vec<_>>().join(", ")
}

/// Returns words on one line.
fn flat(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns words on one line, with the spaces at their ends.
fn spaced(words: &str) -> String {
    words.replace(char::is_whitespace, " ")
}
