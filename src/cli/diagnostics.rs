//! Diagnostics for people: each with its place, its remarks and what to do about it.

use super::reporter::{counted, renderer, say, shown};
use crate::check::{Checked, Report};
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Excerpt, Remark, Severity};
use crate::printable::printable;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use std::borrow::Cow;
use std::io::{self, Write};
use std::process::ExitCode;
use textwrap::{WordSeparator, WordSplitter};

/// Renders a diagnostic for standard error. On a terminal its message is broken between words.
pub(super) fn rendered(diagnostic: &Diagnostic) -> String {
    let width = match diagnostic.severity {
        Severity::Error => terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| width.0),
        Severity::Warning | Severity::Note => None,
    };
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = broken(&shown(&diagnostic.message), room(width, "error: ".len()));
    let title = level.primary_title(message);
    renderer().render(&[group(Group::with_title(title), diagnostic, shown)])
}

/// Says diagnostics, one after the other.
pub(super) fn tell_all(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        say(&rendered(diagnostic));
    }
}

/// Says what went wrong. A pipe that was closed early is no error: its reader has seen enough.
pub(super) fn failure(error: &anyhow::Error) -> ExitCode {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    if io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    let inside = io.and_then(|error| error.get_ref()?.downcast_ref::<Error>());
    let known = inside.or_else(|| error.chain().find_map(|cause| cause.downcast_ref::<Error>()));
    if let Some(error) = known {
        tell_all(&error.problems);
        return ExitCode::from(error.kind.exit_code());
    }
    say(&rendered(&Diagnostic::new(format!("{error:#}"))));
    ExitCode::from(ErrorKind::Store.exit_code())
}

/// Writes what a check found, each finding like a problem, and a line that sums up. On a terminal lines are broken
/// between words.
pub(super) fn write_findings(
    report: &Report,
    dossier: Option<&str>,
    looks: (Option<u16>, bool),
    out: &mut dyn Write,
) -> io::Result<()> {
    for finding in &report.findings {
        write_finding(finding, looks, out)?;
    }
    let width = looks.0;
    let looked_at = match report.checked {
        Checked::Dossier(checked) => format!(
            "checked {}{}, {}, {}, {} with {}, {}",
            dossier.map_or_else(String::new, |dossier| format!("{dossier}: ")),
            counted(checked.documents, "document"),
            counted(checked.claims, "claim"),
            counted(checked.omissions, "omission"),
            counted(checked.queries, "saved query"),
            counted(checked.answers, "expected answer"),
            counted(checked.checks, "check query"),
        ),
        Checked::Files { files, statements } => {
            format!("checked {} with {}", counted(files, "file"), counted(statements, "statement"))
        }
    };
    writeln!(out, "{}", broken(&looked_at, width.map(usize::from)))?;
    let found = |severity: Severity| match report.count(severity) {
        0 => None,
        count => Some(counted(count, severity.name())),
    };
    let faults: Vec<String> =
        [Severity::Error, Severity::Warning].into_iter().filter_map(found).collect();
    let found = match faults.as_slice() {
        [] => "no errors or warnings".to_owned(),
        faults => format!("found {}", faults.join(", ")),
    };
    match report.count(Severity::Note) {
        0 => writeln!(out, "{found}"),
        notes => writeln!(out, "{found} ({})", counted(notes, "note")),
    }
}

/// Writes a finding, and an empty line below it. On a terminal lines are broken between words.
pub(super) fn write_finding(
    finding: &Diagnostic,
    (width, colour): (Option<u16>, bool),
    out: &mut dyn Write,
) -> io::Result<()> {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = match width {
        Some(width) => renderer.term_width(width.into()),
        None => renderer,
    };
    writeln!(out, "{}\n", renderer.render(&[of_finding(finding, width)]))
}

fn of_finding(finding: &Diagnostic, width: Option<u16>) -> Group<'_> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let id = finding.id.as_deref().unwrap_or_default();
    // What stands before the words, such as ` = note: `, is as wide on every line.
    let before = finding.severity.name().len() + id.len() + "[]: ".len();
    let message = broken(&printable(&finding.message), room(width, before));
    let title = level.primary_title(message).id(id);
    group(Group::with_title(title), finding, |text| broken(&printable(text), room(width, 12)))
}

/// Adds to a title what stands below it.
fn group<'a>(
    mut group: Group<'a>,
    diagnostic: &'a Diagnostic,
    shown: impl Fn(&str) -> String,
) -> Group<'a> {
    if let Some(excerpt) = &diagnostic.excerpt {
        group = group.element(snippet(excerpt));
    }
    for remark in &diagnostic.remarks {
        group = group.element(match remark {
            Remark::Note(text) => Level::NOTE.message(shown(text)),
            Remark::Quote(quote) => Level::NOTE.message(shown(&quote.sentence)),
            Remark::Help(text) => Level::HELP.message(shown(text)),
        });
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(shown(help))),
        None => group,
    }
}

/// The columns that are left on a terminal. One that is too narrow breaks lines as it can.
fn room(width: Option<u16>, before: usize) -> Option<usize> {
    width.map(|width| usize::from(width).saturating_sub(before)).filter(|room| *room >= 24)
}

/// A text in lines of a width, broken between words.
fn broken(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let options = textwrap::Options::new(width)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

fn snippet(excerpt: &Excerpt) -> Snippet<'_, Annotation<'_>> {
    let source = source(&excerpt.text);
    let is_as_it_is = matches!(source, Cow::Borrowed(_));
    let shown = |at| if is_as_it_is { at } else { position(&excerpt.text, at) };
    let marks =
        [(AnnotationKind::Primary, &excerpt.spans), (AnnotationKind::Context, &excerpt.context)];
    let marks = marks.into_iter().flat_map(|(kind, spans)| {
        spans.iter().map(move |span| kind.span(shown(span.start)..shown(span.end)))
    });
    Snippet::source(source)
        .line_start(excerpt.line)
        .path(printable(&excerpt.origin))
        .annotations(marks)
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
