//! How errors, findings and warnings are rendered, with their places.

use super::reporter::{counted, renderer, say, shown};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use dossier::catalogue::Asked;
use dossier::check::{Finding, Report};
use dossier::dossier::Place;
use dossier::error::{Error, ErrorKind, Excerpt, Problem, Severity, nearest};
use dossier::printable::printable;
use dossier::session::Session;
use std::borrow::{Borrow, Cow};
use std::io::{self, Write};
use std::ops::Range;
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
        let document = evidence.documents.first().map(show);
        let passages = evidence.passages().iter().map(Place::short);
        let places: Vec<String> = document.into_iter().chain(passages).collect();
        let quote = evidence.quotes.first().map(|quote| quote.text.as_str());
        group = group.element(Level::NOTE.message(broken(&format!(
            "{} quotes {}: “{}”",
            show(&evidence.name),
            places.join(" "),
            quote.unwrap_or_default()
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

/// Renders something about places of a query's text, with remarks below it. `spans` are bytes of the text; those that are
/// not what it is about first of all are pointed at less.
pub fn explained(
    said: Said,
    title: &str,
    asked: &Asked,
    first: &[Range<usize>],
    spans: &[Range<usize>],
    remarks: &[(Remark, String)],
) -> String {
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
    renderer().render(&[group])
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
