//! Messages: errors, warnings and reasons, with their places and what to do.

use crate::diagnostic::{Diagnostic, Excerpt, Remark, Severity};
use crate::printable::printable;
use maud::{Markup, html};
use std::ops::Range;

/// Writes messages one below the other.
pub(super) fn messages(diagnostics: &[Diagnostic]) -> Markup {
    html! {
        @for diagnostic in diagnostics { (message(diagnostic)) }
    }
}

/// Writes a message.
pub(super) fn message(diagnostic: &Diagnostic) -> Markup {
    let name = match diagnostic.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Note => "Note",
    };
    html! {
        div class={ "message " (diagnostic.severity.name()) } role="note" aria-label=(name) {
            p class="title" {
                strong { (name) ": " }
                (with_code(&diagnostic.message))
            }
            @if let Some(excerpt) = &diagnostic.excerpt { (place(excerpt)) }
            @for remark in &diagnostic.remarks {
                @match remark {
                    Remark::Note(note) => { p class="remark" { (with_code(note)) } }
                    Remark::Help(help) => { p class="help" { (with_code(help)) } }
                    Remark::Quote(evidence) => { p class="remark" { (with_code(&evidence.sentence)) } }
                }
            }
            @if let Some(help) = &diagnostic.help {
                p class="help" { "Help: " (with_code(help)) }
            }
        }
    }
}

/// Writes a text with what stands in backticks as code, and its lines as lines.
pub(super) fn with_code(text: &str) -> Markup {
    let text = printable(text);
    html! {
        @for (number, line) in text.lines().enumerate() {
            @if number > 0 { br; }
            @for (i, part) in line.split('`').enumerate() {
                @if i % 2 == 1 { code { (part) } } @else { (part) }
            }
        }
    }
}

/// Writes the place of a message, with the lines there.
fn place(excerpt: &Excerpt) -> Markup {
    html! {
        p class="place" { (printable(&excerpt.origin)) ", line " (excerpt.line) ", column " (excerpt.column) }
        pre class="excerpt" tabindex="0" { code { (marked(&excerpt.text, &excerpt.spans)) } }
    }
}

/// Writes a text with some ranges marked. Ranges that overlap an earlier one are left out.
fn marked(text: &str, spans: &[Range<usize>]) -> Markup {
    let mut spans: Vec<&Range<usize>> =
        spans.iter().filter(|span| text.get((*span).clone()).is_some()).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let mut pieces = Vec::new();
    let mut at = 0;
    for span in spans {
        if span.start >= at {
            pieces.push((&text[at..span.start], None));
            pieces.push(("", Some(&text[span.clone()])));
            at = span.end;
        }
    }
    html! {
        @for (plain, marked) in &pieces {
            (printable(plain))
            @match marked {
                Some("") => span class="caret" { "‸" },
                Some(words) => mark { (printable(words)) },
                None => {},
            }
        }
        (printable(&text[at..]))
    }
}
