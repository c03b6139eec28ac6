//! Reads tokens and terms for the parsers of both kinds of formats.

use super::term;
use super::token::{TurtleToken, TurtleTokenKind, tokens};
use crate::diagnostic::{Diagnostic, Excerpt, error};
use crate::rdf::write::{Comment, JOINED, RELATIVE};
use crate::vocabulary::{rdf, tagged, xsd};
use oxigraph::model::{BlankNode, Literal, NamedNode, Term};
use oxiri::Iri;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Reads a document token by token, with its comments.
pub(in crate::rdf) struct TokenReader<'a> {
    /// The name of the document in messages.
    name: &'a str,
    text: &'a str,
    tokens: Vec<TurtleToken>,
    /// The index of the next token.
    next: usize,
    /// The namespaces of the prefixes declared so far.
    namespaces: FxHashMap<String, String>,
    base: Bases,
    /// Whether to lower-case language tags, as in the data, instead of preserving their case.
    has_lower_tags: bool,
}

/// The treatment of relative IRIs.
enum Bases {
    /// They are preserved: at most one base is declared, before all of them.
    Kept,
    /// They are resolved, because there are several bases. Holds the base declared last.
    Resolved(Option<Iri<String>>),
}

/// The next item of a document.
pub(in crate::rdf) enum TextItem<'a> {
    /// A comment, and whether it follows something on its line.
    Comment(Comment, bool),
    /// Any other token.
    Token(TurtleTokenKind, &'a str, Range<usize>),
}

impl<'a> TokenReader<'a> {
    /// Creates a reader.
    ///
    /// # Errors
    /// If a token is invalid.
    pub(in crate::rdf) fn new(
        name: &'a str,
        text: &'a str,
        has_lower_tags: bool,
    ) -> Result<Self, Diagnostic> {
        let (tokens, invalid) = tokens(text);
        let mut reader = Self { name, has_lower_tags, ..Self::of(text, tokens) };
        if let Some(start) = invalid {
            return Err(reader.locate(problem_at(text, start), start..start + 1));
        }
        if !reader.has_one_base() {
            reader.base = Bases::Resolved(None);
        }
        Ok(reader)
    }

    /// Creates a reader that leaves out invalid tokens and resolves relative IRIs against a base, if there is one.
    pub(super) fn lenient(text: &'a str, base: Option<&str>) -> Self {
        let base = base.and_then(|base| Iri::parse(base.to_owned()).ok());
        Self { base: Bases::Resolved(base), ..Self::of(text, tokens(text).0) }
    }

    fn of(text: &'a str, tokens: Vec<TurtleToken>) -> Self {
        let namespaces = FxHashMap::default();
        let base = Bases::Kept;
        Self { name: "", text, tokens, next: 0, namespaces, base, has_lower_tags: true }
    }

    /// Returns whether there is no `@base`, or one that precedes all relative IRIs.
    fn has_one_base(&self) -> bool {
        let (mut bases, mut relatives, mut is_base) = (0, 0, false);
        for token in &self.tokens {
            let text = self.slice(&token.span);
            match token.kind {
                TurtleTokenKind::At if text == "@base" => is_base = true,
                TurtleTokenKind::Word if text.eq_ignore_ascii_case("base") => is_base = true,
                TurtleTokenKind::Iri if std::mem::take(&mut is_base) => {
                    bases += 1;
                    if bases > 1 || relatives > 0 {
                        return false;
                    }
                }
                TurtleTokenKind::Iri
                    if term::iri(text).is_some_and(|iri| term::is_relative(&iri)) =>
                {
                    relatives += 1;
                }
                TurtleTokenKind::Comment => {}
                // `@base` can also be a language tag.
                _ => is_base = false,
            }
        }
        true
    }

    /// Returns whether relative IRIs are resolved, so that no base is needed.
    pub(in crate::rdf) const fn resolves(&self) -> bool {
        matches!(self.base, Bases::Resolved(_))
    }

    fn slice(&self, span: &Range<usize>) -> &'a str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// Returns the next item, or `None` at the end of the document.
    pub(in crate::rdf) fn next(&mut self) -> Option<TextItem<'a>> {
        let token = self.tokens.get(self.next)?;
        let (kind, span) = (token.kind, token.span.clone());
        let text = self.slice(&span);
        let before = self.next.checked_sub(1).and_then(|before| self.tokens.get(before));
        let start = before.map_or(0, |token| token.span.end);
        self.next += 1;
        if kind != TurtleTokenKind::Comment {
            return Some(TextItem::Token(kind, text, span));
        }
        let end = self.tokens.get(self.next).map_or(self.text.len(), |token| token.span.start);
        let is_last = end == self.text.len();
        let is_trailing = before.is_some() && line_ends(self.slice(&(start..span.start))) == 0;
        let comment = Comment {
            text: text.trim_end().to_owned(),
            is_apart: !is_last && line_ends(self.slice(&(span.end..end))) > 1,
        };
        Some(TextItem::Comment(comment, is_trailing))
    }

    /// Returns the next token if it is one of these. Passes comments before it to the callback.
    pub(in crate::rdf) fn next_if(
        &mut self,
        kinds: &[TurtleTokenKind],
        mut on_comment: impl FnMut(Comment),
    ) -> Option<(TurtleTokenKind, &'a str)> {
        let mut tokens = self.tokens.get(self.next..)?.iter();
        let token = tokens.find(|token| token.kind != TurtleTokenKind::Comment)?;
        if !kinds.contains(&token.kind) {
            return None;
        }
        loop {
            match self.next()? {
                TextItem::Comment(comment, _) => on_comment(comment),
                TextItem::Token(kind, text, _) => return Some((kind, text)),
            }
        }
    }

    /// Returns where the token ends that was read last.
    pub(in crate::rdf) fn consumed(&self) -> usize {
        let last = self.next.checked_sub(1).and_then(|last| self.tokens.get(last));
        last.map_or(0, |token| token.span.end)
    }

    /// Returns a diagnostic for a span that cannot be parsed.
    pub(in crate::rdf) fn problem(&self, span: Range<usize>) -> Diagnostic {
        self.locate(not_understood(), span)
    }

    /// Adds a location to a diagnostic.
    pub(in crate::rdf) fn locate(&self, problem: Diagnostic, span: Range<usize>) -> Diagnostic {
        problem.at(Excerpt::new(self.name, self.text, span))
    }

    /// Returns the span at the end of the document.
    pub(in crate::rdf) fn end(&self) -> Range<usize> {
        self.text.len()..self.text.len()
    }

    /// Declares a prefix and returns its namespace in output form.
    pub(in crate::rdf) fn declare(&mut self, prefix: &str, iri: &str) -> Option<String> {
        let namespace = match self.iri(iri)?.into_string() {
            empty if empty == RELATIVE.to_string() => JOINED.to_string(),
            namespace => namespace,
        };
        self.namespaces.insert(prefix.to_owned(), namespace.clone());
        Some(namespace)
    }

    /// Declares a base and returns its IRI as written.
    pub(in crate::rdf) fn rebase(&mut self, token: &str) -> Option<String> {
        let iri = term::iri(token)?.into_owned();
        if let Bases::Resolved(base) = &self.base {
            let base = match base {
                Some(base) => base.resolve(&iri).ok()?,
                None => Iri::parse(iri.clone()).ok()?,
            };
            self.base = Bases::Resolved(Some(base));
        }
        Some(iri)
    }

    /// Takes a directive, except for the dot after it, if this token between two statements begins one. Returns whether
    /// it does, or `None` if the directive cannot be read.
    pub(super) fn directive(&mut self, kind: TurtleTokenKind, text: &str) -> Option<bool> {
        if !matches!(kind, TurtleTokenKind::At | TurtleTokenKind::Word) {
            return Some(false);
        }
        let word = text.trim_start_matches('@');
        if word.eq_ignore_ascii_case("prefix") {
            let (_, prefix) = self.next_if(&[TurtleTokenKind::Name], |_| ())?;
            let (_, namespace) = self.next_if(&[TurtleTokenKind::Iri], |_| ())?;
            self.declare(prefix.strip_suffix(':')?, namespace)?;
        } else if word.eq_ignore_ascii_case("base") {
            let (_, base) = self.next_if(&[TurtleTokenKind::Iri], |_| ())?;
            self.rebase(base)?;
        } else {
            return Some(false);
        }
        Some(true)
    }

    /// Returns the prefixes declared so far, with their namespaces.
    pub(super) fn into_namespaces(self) -> FxHashMap<String, String> {
        self.namespaces
    }

    /// Returns the IRI of a token in angle brackets.
    pub(in crate::rdf) fn iri(&self, token: &str) -> Option<NamedNode> {
        let iri = term::iri(token)?;
        let iri = match &self.base {
            _ if !term::is_relative(&iri) => iri.into_owned(),
            Bases::Resolved(Some(base)) => base.resolve(&iri).ok()?.into_inner(),
            _ => format!("{RELATIVE}{iri}"),
        };
        Some(NamedNode::new_unchecked(iri))
    }

    /// Returns the IRI of a prefixed name.
    pub(in crate::rdf) fn name(&self, token: &str) -> Option<NamedNode> {
        let (prefix, local) = token.split_once(':')?;
        let iri = format!("{}{}", self.namespaces.get(prefix)?, term::local(local));
        Some(NamedNode::new_unchecked(iri))
    }

    /// Parses a term, with the datatype or language of a literal. Passes comments inside it to the callback.
    pub(in crate::rdf) fn term(
        &mut self,
        kind: TurtleTokenKind,
        token: &str,
        mut on_comment: impl FnMut(Comment),
    ) -> Option<Term> {
        let number = |datatype| Literal::new_typed_literal(token, datatype).into();
        Some(match kind {
            TurtleTokenKind::Iri => self.iri(token)?.into(),
            TurtleTokenKind::Name => self.name(token)?.into(),
            TurtleTokenKind::Label => label(token)?.into(),
            TurtleTokenKind::Integer => number(xsd::INTEGER),
            TurtleTokenKind::Decimal => number(xsd::DECIMAL),
            TurtleTokenKind::Double => number(xsd::DOUBLE),
            TurtleTokenKind::Word if matches!(token, "true" | "false") => number(xsd::BOOLEAN),
            TurtleTokenKind::String => {
                let value = term::string(token)?;
                match self
                    .next_if(&[TurtleTokenKind::At, TurtleTokenKind::Datatype], &mut on_comment)
                {
                    Some((TurtleTokenKind::At, tag)) => {
                        let tag = tag.strip_prefix('@')?;
                        let tag = if self.has_lower_tags {
                            tag.to_ascii_lowercase()
                        } else {
                            tag.to_owned()
                        };
                        tagged(&value, &tag).into_owned().into()
                    }
                    Some(_) => match self
                        .next_if(&[TurtleTokenKind::Iri, TurtleTokenKind::Name], on_comment)?
                    {
                        (TurtleTokenKind::Iri, iri) => {
                            Literal::new_typed_literal(value, self.iri(iri)?).into()
                        }
                        (_, name) => Literal::new_typed_literal(value, self.name(name)?).into(),
                    },
                    None => Literal::new_simple_literal(value).into(),
                }
            }
            _ => return None,
        })
    }

    /// Parses a predicate.
    pub(in crate::rdf) fn predicate(
        &self,
        kind: TurtleTokenKind,
        token: &str,
    ) -> Option<NamedNode> {
        match kind {
            TurtleTokenKind::Word if token == "a" => Some(rdf::TYPE.into_owned()),
            TurtleTokenKind::Iri => self.iri(token),
            TurtleTokenKind::Name => self.name(token),
            _ => None,
        }
    }

    /// Returns the labels of blank nodes in the document, without their `_:`.
    pub(in crate::rdf) fn labels(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.tokens
            .iter()
            .filter(|token| token.kind == TurtleTokenKind::Label)
            .filter_map(|token| self.slice(&token.span).strip_prefix("_:"))
    }
}

/// Removes and returns the comments up to the last one that an empty line follows.
pub(in crate::rdf) fn before_gap(comments: &mut Vec<Comment>) -> Vec<Comment> {
    let apart = comments.iter().rposition(|comment| comment.is_apart).map_or(0, |last| last + 1);
    let rest = comments.split_off(apart);
    std::mem::replace(comments, rest)
}

/// Returns the blank node with a label.
fn label(token: &str) -> Option<BlankNode> {
    token.strip_prefix("_:").map(BlankNode::new_unchecked)
}

/// Counts the line ends in white space.
fn line_ends(space: &str) -> usize {
    space
        .bytes()
        .filter(|byte| *byte == b'\n')
        .count()
        .max(space.bytes().filter(|byte| *byte == b'\r').count())
}

/// Returns the diagnostic for something that is not a token of Turtle 1.1.
fn problem_at(text: &str, start: usize) -> Diagnostic {
    let rest = text.get(start..).unwrap_or_default();
    if !rest.starts_with("<<") && !rest.starts_with(['~', '|']) {
        return not_understood();
    }
    error!("rdf-12-not-formatted", "cannot format triple terms, reifiers and annotations")
        .help("write the file anew with `dossier convert`, which does not keep its comments")
}

fn not_understood() -> Diagnostic {
    Diagnostic::new("cannot format this").help("write it differently")
}
