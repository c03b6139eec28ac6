//! Translates regular expressions of [XPath](https://www.w3.org/TR/xpath-functions/#regex-syntax) and XSD into Rust's
//! syntax.

use super::own;
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, Term};
use regex::{Regex, RegexBuilder};
use spargebra::algebra::{Expression, Function};
use std::iter::Peekable;
use std::str::Chars;
use std::sync::{Arc, Mutex, PoisonError};

pub(super) const REGEX: &str = "REGEX";

/// The memory limit of a compiled pattern in bytes, as in the engine.
const SIZE_LIMIT: usize = 1_000_000;

/// The start characters of an XML name.
const NAME_START: &str = ":A-Z_a-z\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{2FF}\\x{370}-\\x{37D}\\x{37F}-\\x{1FFF}\
    \\x{200C}-\\x{200D}\\x{2070}-\\x{218F}\\x{2C00}-\\x{2FEF}\\x{3001}-\\x{D7FF}\\x{F900}-\\x{FDCF}\\x{FDF0}-\\x{FFFD}\
    \\x{10000}-\\x{EFFFF}";

/// The other characters of an XML name.
const NAME_MORE: &str = "\\-.0-9\\x{B7}\\x{300}-\\x{36F}\\x{203F}-\\x{2040}";

/// Replaces REGEX by a custom function, unless the engine interprets its pattern correctly.
pub(super) fn rewrite_call(function: &mut Function, arguments: &[Expression]) {
    if *function == Function::Regex && !is_right_as_it_is(arguments) {
        *function = Function::Custom(own(REGEX));
    }
}

fn is_right_as_it_is(arguments: &[Expression]) -> bool {
    let constant = |argument: &Expression| match argument {
        Expression::Literal(literal) => Some(literal.value().to_owned()),
        _ => None,
    };
    match arguments {
        [_, pattern, flags @ ..] => {
            let flags = flags.first().map_or(Some(String::new()), constant);
            flags.zip(constant(pattern)).is_some_and(|(flags, pattern)| {
                flags.contains('q')
                    || !flags.contains('x') && translated(&pattern, false) == pattern
            })
        }
        _ => true,
    }
}

/// A cache of the last compiled pattern, because most queries have only one.
#[derive(Clone, Default)]
pub(super) struct PatternCache(Arc<Mutex<Option<CompiledPattern>>>);

struct CompiledPattern {
    pattern: String,
    flags: String,
    regex: Option<Regex>,
}

impl PatternCache {
    /// Returns whether a text matches a pattern, or `None` if `XPath` raises an error.
    pub(super) fn regex(&self, terms: &[Term]) -> Option<Term> {
        let [text, pattern, flags @ ..] = terms else { return None };
        let flags = flags.first().map_or(Some(""), simple)?;
        let text = match text {
            Term::Literal(literal) if literal.language().is_some() => literal.value(),
            text => simple(text)?,
        };
        let regex = self.compiled(simple(pattern)?, flags)?;
        Some(Literal::from(regex.is_match(text)).into())
    }

    /// Returns the compiled pattern, or `None` if it or its flags are invalid.
    pub(super) fn compiled(&self, pattern: &str, flags: &str) -> Option<Regex> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = last.as_ref()
            && last.pattern == pattern
            && last.flags == flags
        {
            return last.regex.clone();
        }
        let regex = compile(pattern, flags);
        let (pattern, flags) = (pattern.to_owned(), flags.to_owned());
        *last = Some(CompiledPattern { pattern, flags, regex: regex.clone() });
        regex
    }
}

/// Returns the text of a plain string literal, or `None` for any other term.
pub(super) fn simple(term: &Term) -> Option<&str> {
    match term {
        Term::Literal(literal) if literal.datatype() == xsd::STRING => Some(literal.value()),
        _ => None,
    }
}

/// Returns a compiled pattern as the engine with its workarounds compiles it, or `None` if the pattern or its flags are
/// invalid, or only the engine knows what they mean together.
pub(in crate::engine) fn compiled_pattern(pattern: &str, flags: &str) -> Option<Regex> {
    if flags.contains('q') && flags.contains('x') { None } else { compile(pattern, flags) }
}

fn compile(pattern: &str, flags: &str) -> Option<Regex> {
    if !flags.chars().all(|flag| "smixq".contains(flag)) {
        return None;
    }
    let pattern = if flags.contains('q') {
        regex::escape(pattern)
    } else {
        translated(pattern, flags.contains('x'))
    };
    RegexBuilder::new(&pattern)
        .size_limit(SIZE_LIMIT)
        .dot_matches_new_line(flags.contains('s'))
        .multi_line(flags.contains('m'))
        .case_insensitive(flags.contains('i'))
        .build()
        .ok()
}

/// Returns a pattern in Rust's syntax. If `drops_space` is true, white space outside classes is ignored.
fn translated(pattern: &str, drops_space: bool) -> String {
    let mut characters = pattern.chars().peekable();
    let mut written = String::with_capacity(pattern.len());
    while let Some(character) = characters.next() {
        match character {
            '\\' => escape(&mut characters, &mut written),
            '[' => written.push_str(&class(&mut characters)),
            '\t' | '\n' | '\r' | ' ' if drops_space => {}
            character => written.push(character),
        }
    }
    written
}

/// Writes the escape whose backslash has been read.
fn escape(characters: &mut Peekable<Chars<'_>>, written: &mut String) {
    match characters.next() {
        Some('i') => written.push_str(&format!("[{NAME_START}]")),
        Some('I') => written.push_str(&format!("[^{NAME_START}]")),
        Some('c') => written.push_str(&format!("[{NAME_START}{NAME_MORE}]")),
        Some('C') => written.push_str(&format!("[^{NAME_START}{NAME_MORE}]")),
        other => {
            written.push('\\');
            written.extend(other);
        }
    }
}

/// Returns the character class whose bracket has been read.
fn class(characters: &mut Peekable<Chars<'_>>) -> String {
    let mut members = String::new();
    members.extend(characters.next_if_eq(&'^'));
    while let Some(character) = characters.next() {
        match character {
            ']' => return format!("[{members}]"),
            '\\' => escape(characters, &mut members),
            '-' if characters.next_if_eq(&'[').is_some() => {
                let taken = class(characters);
                characters.next_if_eq(&']');
                return format!("[[{members}]--{taken}]");
            }
            // In Rust, two of these in a row are an operator.
            '&' | '~' if characters.peek() == Some(&character) => {
                members.push('\\');
                members.push(character);
            }
            character => members.push(character),
        }
    }
    // An unclosed class is an error in Rust too.
    format!("[{members}")
}
