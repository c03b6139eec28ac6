//! How things are said: problems with their places, notes, numbers with their nouns.

use super::supervise::is_left;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use dossier::catalogue::Asked;
use dossier::check::{Finding, Report};
use dossier::dossier::Place;
use dossier::engine::Respelled;
use dossier::error::{Error, ErrorKind, Excerpt, Problem, Severity, abridged, nearest};
use dossier::printable::printable;
use dossier::rdf::read::Skipped;
use dossier::session::Session;
use dossier::vocabulary::Prefixes;
use oxigraph::model::Literal;
use std::borrow::{Borrow, Cow};
use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _, Write};
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;
use unicode_width::UnicodeWidthStr as _;

/// Says problems, one after the other.
pub fn problems(problems: &[Problem]) {
    let renderer = renderer();
    // On a terminal a message is broken between words, behind `error: `.
    let width = terminal_size::terminal_size_of(io::stderr())
        .map(|(width, _)| usize::from(width.0).saturating_sub("error: ".len()))
        .filter(|room| *room >= 24);
    for problem in problems {
        let message = broken(&shown(&problem.message), width);
        let mut group = Group::with_title(Level::ERROR.primary_title(&message));
        if let Some(excerpt) = &problem.excerpt {
            group = group.element(snippet(excerpt));
        }
        if let Some(note) = &problem.note {
            group = group.element(Level::NOTE.message(shown(note)));
        }
        if let Some(help) = &problem.help {
            group = group.element(Level::HELP.message(shown(help)));
        }
        say(&renderer.render(&[group]));
    }
}

/// Makes a text of a message printable, and shortens what is too long in it.
fn shown(text: &str) -> String {
    printable(&abridged(text)).into_owned()
}

/// Says what went wrong. A pipe that was closed early is no error: its reader has seen enough.
pub fn failure(error: &anyhow::Error) -> ExitCode {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    if io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    let error_of = |io: &io::Error| io.get_ref()?.downcast_ref::<Error>().cloned();
    if let Some(error) = io.and_then(error_of) {
        problems(&error.problems);
        return ExitCode::from(error.kind.exit_code());
    }
    if let Some(error) = error.chain().find_map(|cause| cause.downcast_ref::<Error>()) {
        problems(&error.problems);
        return ExitCode::from(error.kind.exit_code());
    }
    problems(&[Problem::new(format!("{error:#}"))]);
    ExitCode::from(ErrorKind::Store.exit_code())
}

/// Writes what a check found, each finding like a problem, and a line that sums up. On a terminal lines are broken
/// between words.
pub fn findings(
    report: &Report,
    session: &Session,
    (width, colour): (Option<u16>, bool),
    out: &mut dyn Write,
) -> io::Result<()> {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = match width {
        Some(width) => renderer.term_width(width.into()),
        None => renderer,
    };
    for finding in &report.findings {
        writeln!(out, "{}\n", renderer.render(&[group(finding, session, width)]))?;
    }
    let checked = report.checked;
    let looked_at = format!(
        "checked {}, {}, {}, {} with {}, {} of the dossier's own",
        counted(checked.documents, "document"),
        counted(checked.claims, "claim"),
        counted(checked.omissions, "omission"),
        counted(checked.queries, "saved query"),
        counted(checked.answers, "expected answer"),
        counted(checked.checks, "check"),
    );
    writeln!(out, "{}", broken(&looked_at, width.map(usize::from)))?;
    let found = |severity: Severity| match report.count(severity) {
        0 => None,
        count => Some(counted(count, severity.name())),
    };
    let mut words: Vec<String> =
        [Severity::Error, Severity::Warning].into_iter().filter_map(found).collect();
    if words.is_empty() {
        words.push("nothing wrong".to_owned());
    }
    words.extend(found(Severity::Info));
    writeln!(out, "found {}", words.join(", "))
}

fn group<'a>(finding: &'a Finding, session: &Session, width: Option<u16>) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let problem = &finding.problem;
    // What stands before the words, such as ` = note: `, is as wide on every line.
    // On a terminal that is too narrow for that, it breaks lines as it can.
    let room = |before: usize| {
        width.map(|width| usize::from(width).saturating_sub(before)).filter(|room| *room >= 24)
    };
    let before_title = finding.severity.name().len() + finding.rule.len() + "[]: ".len();
    let title = level
        .primary_title(broken(&printable(&problem.message), room(before_title)))
        .id(finding.rule.as_str());
    let broken = |text: &str| broken(&printable(text), room(12));
    let mut group = Group::with_title(title);
    if let Some(excerpt) = &problem.excerpt {
        group = group.element(snippet(excerpt));
    }
    if let Some(note) = &problem.note {
        group = group.element(Level::NOTE.message(broken(note)));
    }
    for evidence in &finding.evidence {
        let show = |iri| session.prefixes().show(iri);
        let mut places: Vec<String> = evidence.places.iter().map(Place::short).collect();
        places.insert(0, show(&evidence.document));
        group = group.element(Level::NOTE.message(broken(&format!(
            "{} quotes {}: “{}”",
            show(&evidence.claim),
            places.join(" "),
            evidence.quote
        ))));
    }
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(broken(help)));
    }
    group
}

/// A text in lines of a width, broken between words.
fn broken(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let mut broken = String::with_capacity(text.len());
    for line in text.lines() {
        let mut used = 0;
        if !broken.is_empty() {
            broken.push('\n');
        }
        for word in line.split(' ') {
            if used > 0 && used + 1 + word.width() > width {
                broken.push('\n');
                used = 0;
            } else if used > 0 {
                broken.push(' ');
                used += 1;
            }
            broken.push_str(word);
            used += word.width();
        }
    }
    broken
}

fn snippet(excerpt: &Excerpt) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let shown = |at| position(&excerpt.text, at);
    Snippet::source(source(&excerpt.text))
        .line_start(excerpt.line)
        .path(printable(&excerpt.origin))
        .annotation(
            AnnotationKind::Primary.span(shown(excerpt.span.start)..shown(excerpt.span.end)),
        )
}

/// Makes the text of an excerpt printable. Tabs stay, since the renderer expands them.
fn source(text: &str) -> Cow<'_, str> {
    match printable(text) {
        Cow::Borrowed(text) => Cow::Borrowed(text),
        Cow::Owned(_) => Cow::Owned(text.split('\t').map(printable).collect::<Vec<_>>().join("\t")),
    }
}

/// Returns where a position of a text stands in its [`source`].
fn position(text: &str, at: usize) -> usize {
    text.get(..at).map_or(at, |before| source(before).len())
}

/// Says that a store on disk lacks what its queries are planned with or answered from.
pub fn without_index(store: &Path) {
    let store = store.display();
    note(&format!(
        "the statistics or the index beside the store `{store}` are missing or not right any more, so its queries take longer; `dossier compact --store {store}` makes both"
    ));
}

/// Says that literals are kept in another form than they are written in, if some are.
pub fn respelled(respelled: Option<&Respelled>, prefixes: &Prefixes) {
    let Some(respelled) = respelled else { return };
    let verb = if respelled.count == 1 { "is" } else { "are" };
    let show = |literal: &Literal| prefixes.show_term(&literal.clone().into());
    note(&format!(
        "{} {verb} kept in another form, such as {} as {}",
        counted(respelled.count, "literal"),
        show(&respelled.written),
        show(&respelled.stored),
    ));
}

/// Says that language tags are kept without their capital letters, if some are.
pub fn lowered(tags: &BTreeSet<String>) {
    let Some(first) = tags.first() else { return };
    let verb = if tags.len() == 1 { "is" } else { "are" };
    note(&format!(
        "{} {verb} kept in lower case, such as `{first}` as `{}`",
        counted(tags.len(), "language tag"),
        first.to_ascii_lowercase(),
    ));
}

/// Says what was left out of files, if anything was. It is said to those as well who want no notes: they have not all of
/// the data.
pub fn skipped(skipped: &Skipped) {
    let count = usize::try_from(skipped.count).unwrap_or(usize::MAX);
    if count == 0 {
        return;
    }
    let is = if count == 1 { "is" } else { "are" };
    note(&format!("{} {is} left out:", counted(count, "broken statement")));
    for problem in &skipped.first {
        note(&problem.message);
    }
    if count > skipped.first.len() {
        note("and so on");
    }
}

/// Says something that is worth knowing and no error.
pub fn note(note: &str) {
    let note = shown(note);
    let group = Group::with_title(Level::NOTE.primary_title(&*note));
    say(&renderer().render(&[group]));
}

/// How something is said about a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// As what is worth knowing.
    Note,
    /// As what is likely to be wrong.
    Warning,
}

/// What is said below a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// What is so.
    Note,
    /// What to do about it.
    Help,
}

/// Says something about places of a query's text, with remarks below it. `spans` are bytes of the text; those that are
/// not what it is about first of all are pointed at less.
pub fn explained(
    said: Said,
    title: &str,
    asked: &Asked,
    first: &[Range<usize>],
    spans: &[Range<usize>],
    remarks: &[(Remark, String)],
) {
    let title = shown(title);
    let level = match said {
        Said::Note => Level::NOTE,
        Said::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(&*title));
    for snippet in marked(asked, first, spans) {
        group = group.element(snippet);
    }
    for (remark, words) in remarks {
        let level = match remark {
            Remark::Note => Level::NOTE,
            Remark::Help => Level::HELP,
        };
        group = group.element(level.message(shown(words)));
    }
    say(&renderer().render(&[group]));
}

/// The lines of a query's text that some spans stand in, these marked. A span of several lines is marked on its first.
fn marked<'a>(
    asked: &'a Asked,
    first: &[Range<usize>],
    spans: &[Range<usize>],
) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let is_as_it_is = matches!(source(&asked.text), Cow::Borrowed(_));
    let mut all: Vec<&Range<usize>> = spans.iter().chain(first).collect();
    all.sort_by_key(|span| (span.start, span.end));
    all.dedup();
    let mut snippet = Snippet::source(source(&asked.text)).path(printable(&asked.origin));
    let shown = |at| if is_as_it_is { at } else { position(&asked.text, at) };
    for span in &all {
        let excerpt = Excerpt::new(asked.origin.as_str(), &asked.text, (*span).clone());
        let is_short = asked.text.get(span.start..).is_some();
        let length = excerpt.span.len();
        let kind =
            if first.contains(span) { AnnotationKind::Primary } else { AnnotationKind::Context };
        if is_short {
            snippet = snippet.annotation(kind.span(shown(span.start)..shown(span.start + length)));
        }
    }
    if all.is_empty() { Vec::new() } else { vec![snippet] }
}

/// A number with its noun: `1 row`, `2 rows`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {}", plural(noun)) }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    }
}

/// What has a name, for clap: an error names the nearest one, and all that there are.
pub fn named<T, Name: Borrow<str>>(
    name: &str,
    all: impl IntoIterator<Item = T>,
    name_of: impl Fn(&T) -> Name,
) -> Result<T, String> {
    let mut names = Vec::new();
    for thing in all {
        let known = name_of(&thing);
        if known.borrow() == name {
            return Ok(thing);
        }
        names.push(known);
    }
    Err(match nearest(name, names.iter().map(Borrow::borrow)) {
        Some(nearest) => format!("did you mean `{nearest}`? There are {}", names.join(", ")),
        None => format!("there are {}", names.join(", ")),
    })
}

/// Colours on a terminal, unless they are not wanted.
fn renderer() -> Renderer {
    if io::stderr().is_terminal() && is_colourful() {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
}

/// Whether colours are [wanted](https://no-color.org) on a terminal.
pub fn is_colourful() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}

/// Reports what is wrong with arguments, which may hold anything.
pub fn misuse(error: &clap::Error) {
    let text = error.render().to_string();
    let safe = shown(&text);
    if error.use_stderr() && safe != text {
        say(safe.trim_end());
    } else {
        let _ = error.print();
    }
}

/// Nobody may be listening; that is no reason to fail.
fn say(text: &str) {
    if is_left() {
        return;
    }
    let _ = writeln!(io::stderr().lock(), "{text}");
}
