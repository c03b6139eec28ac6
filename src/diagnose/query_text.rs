//! The words of a query for parts of its algebra: the user's own if they are found in the text, otherwise the
//! serializer's.

use super::outline::{ElementKind, QueryElement, elements};
use super::scope::variable_in;
use super::steps::{GroupStep, pattern, steps};
use crate::algebra::{
    Binding, counted_from_one, is_for_blank_node, names_as_written, pattern_of, variables,
    with_variables_for_blank_nodes,
};
use crate::catalogue::BoundQuery;
use crate::sparql::lexer::{Token, TokenKind, tokens};
use crate::sparql::{declared_prefixes, pattern_to_text};
use crate::vocabulary::Prefixes;
use oxigraph::model::NamedNode;
use spargebra::SparqlParser;
use spargebra::algebra::GraphPattern;
use spargebra::term::Variable;
use std::cell::OnceCell;
use std::ops::Range;

/// A part of a query: a pattern, its words, and where these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryPart {
    /// The pattern.
    pub pattern: GraphPattern,
    /// Its words, on one line.
    pub words: String,
    /// The positions of the words in the text of the query, sorted; empty if they are not the user's own.
    pub spans: Vec<Range<usize>>,
}

/// The text of a query, split into elements.
pub(super) struct QueryText<'a> {
    asked: &'a BoundQuery,
    prefixes: &'a Prefixes,
    /// The elements of the text, computed on first use.
    elements: OnceCell<Vec<TextElement>>,
}

/// An element of the text, and its algebra.
#[derive(Debug, PartialEq, Eq)]
struct TextElement {
    element: QueryElement,
    parts: Vec<GraphPattern>,
}

/// The most elements of a text that are examined. Each is parsed separately.
const MOST_ELEMENTS: usize = 400;

/// The most elements in the words of a part.
const MOST_SAID: usize = 30;

impl<'a> QueryText<'a> {
    /// Wraps the text of a query. `prefixes` are those that the query does not declare itself.
    pub(super) fn new(asked: &'a BoundQuery, prefixes: &'a Prefixes) -> Self {
        Self { asked, prefixes, elements: OnceCell::new() }
    }

    fn elements(&self) -> &[TextElement] {
        self.elements.get_or_init(|| {
            let parser = parser(self.asked, self.prefixes);
            let elements = elements(&self.asked.text).into_iter().take(MOST_ELEMENTS);
            let elements = elements.map(|element| {
                let parts = match element.kind {
                    ElementKind::Part => parsed(&parser, self.asked, &element.words),
                    ElementKind::Having | ElementKind::Slice => Vec::new(),
                };
                TextElement { element, parts }
            });
            elements.collect()
        })
    }

    /// Returns the known prefixes.
    pub(super) const fn prefixes(&self) -> &'a Prefixes {
        self.prefixes
    }

    /// Returns whether the query uses a variable.
    pub(super) fn uses(&self, variable: &Variable) -> bool {
        let text = &self.asked.text;
        variable_in(text, variable, std::slice::from_ref(&(0..text.len()))).is_some()
    }

    /// Returns the first position of a name in the text, or of the parameter that has it as its value.
    pub(super) fn name(&self, iri: &NamedNode) -> Option<Range<usize>> {
        let declared = declared_prefixes(&self.asked.text);
        let is_it = |token: &Token| {
            let word = self.asked.text.get(token.span.clone()).unwrap_or_default();
            match token.kind {
                TokenKind::Iri => word.trim_matches(['<', '>']) == iri.as_str(),
                TokenKind::Word => {
                    let expanded = declared.expand(word).or_else(|| self.prefixes.expand(word));
                    expanded.as_ref() == Some(iri)
                }
                TokenKind::Variable => word.get(1..).is_some_and(|name| {
                    let value = self.asked.values.get(&Variable::new_unchecked(name));
                    value == Some(&Binding::One(iri.clone().into()))
                }),
                _ => false,
            }
        };
        tokens(&self.asked.text).into_iter().find(is_it).map(|token| token.span)
    }

    /// Returns some steps as a part.
    pub(super) fn part<'s>(
        &self,
        steps: impl IntoIterator<Item = &'s GroupStep>,
        whole: GraphPattern,
    ) -> QueryPart {
        let mut words: Vec<String> = Vec::new();
        let mut spans: Vec<Range<usize>> = Vec::new();
        let steps: Vec<(&GroupStep, Option<&TextElement>)> =
            steps.into_iter().take(MOST_SAID + 1).map(|step| (step, self.find(step))).collect();
        for (i, (step, found)) in steps.iter().enumerate() {
            if i == MOST_SAID {
                words.push("…".to_owned());
            }
            if i >= MOST_SAID {
                break;
            }
            // If an element is several triples, such as a path, the part may contain only one of them.
            let is_whole = |element: &TextElement| {
                let same = steps.iter().filter(|(_, found)| *found == Some(element));
                same.count() >= element.parts.len()
            };
            let said = match found {
                Some(found) if is_whole(found) => one_line(&found.element.words),
                _ => self.serialized(step),
            };
            if !words.contains(&said) {
                words.push(said);
            }
            spans.extend(found.map(|found| found.element.span.clone()));
        }
        spans.sort_by_key(|span| (span.start, span.end));
        spans.dedup();
        QueryPart { pattern: whole, words: sentence(&words), spans }
    }

    /// Returns the part named by a keyword after the group: HAVING, LIMIT or OFFSET.
    pub(super) fn behind(
        &self,
        kind: ElementKind,
        keyword: &str,
        whole: GraphPattern,
    ) -> QueryPart {
        let is_it = |element: &QueryElement| {
            element.kind == kind
                && element
                    .words
                    .get(..keyword.len())
                    .is_some_and(|w| w.eq_ignore_ascii_case(keyword))
        };
        let mut found = self.elements().iter().map(|found| &found.element).filter(|e| is_it(e));
        match (found.next(), found.next()) {
            (Some(element), None) => QueryPart {
                pattern: whole,
                words: one_line(&element.words),
                spans: vec![element.span.clone()],
            },
            // If there are several, they cannot be told apart.
            _ => QueryPart { pattern: whole, words: keyword.to_owned(), spans: Vec::new() },
        }
    }

    /// Returns the smallest element that contains a step.
    fn find(&self, step: &GroupStep) -> Option<&TextElement> {
        let wanted = counted_from_one(&pattern([step]));
        let has_it = self.elements().iter().filter(|found| found.parts.contains(&wanted));
        has_it.min_by_key(|found| found.parts.len())
    }

    fn serialized(&self, step: &GroupStep) -> String {
        let pattern = pattern([step]);
        let mut text = pattern_to_text(&pattern, None, self.prefixes);
        let written = names_as_written(&pattern);
        let blank: Vec<String> = variables(&pattern)
            .into_iter()
            .filter(|variable| is_for_blank_node(variable))
            .map(|variable| written.get(variable).unwrap_or(variable).to_string())
            .collect();
        for token in tokens(&text).into_iter().rev() {
            if blank.iter().any(|name| text.get(token.span.clone()) == Some(name)) {
                text.replace_range(token.span, "[]");
            }
        }
        let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        let inner = inner.unwrap_or(&text).trim();
        inner.strip_suffix(" .").unwrap_or(inner).to_owned()
    }
}

/// Joins words to one text, with dots between triples.
fn sentence(words: &[String]) -> String {
    let mut sentence = String::new();
    for (i, word) in words.iter().enumerate() {
        let is_triple = |word: &str| {
            !word.ends_with(['}', ')'])
                && !word.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("FILTER"))
        };
        if i > 0 {
            let is_between =
                words.get(i - 1).is_some_and(|before| is_triple(before)) && is_triple(word);
            sentence.push_str(if is_between { " . " } else { " " });
        }
        sentence.push_str(word);
    }
    sentence
}

fn one_line(words: &str) -> String {
    words.split(['\n', '\r']).map(str::trim).collect::<Vec<_>>().join(" ")
}

fn parser(asked: &BoundQuery, prefixes: &Prefixes) -> SparqlParser {
    let declared = declared_prefixes(&asked.text);
    let mut parser = SparqlParser::new();
    // Declarations in the text override the known prefixes.
    for (prefix, namespace) in prefixes.iter().chain(declared.iter()) {
        if let Ok(with) = parser.clone().with_prefix(prefix, namespace) {
            parser = with;
        }
    }
    match asked.query.base_iri() {
        Some(base) => parser.clone().with_base_iri(base.as_str()).unwrap_or(parser),
        None => parser,
    }
}

/// Returns the steps of an element, with the values of the query's parameters.
fn parsed(parser: &SparqlParser, asked: &BoundQuery, words: &str) -> Vec<GraphPattern> {
    let Ok(query) = parser.clone().parse_query(&format!("ASK {{ {words} }}")) else {
        return Vec::new();
    };
    let Ok(query) = asked.bind_alike(&query) else { return Vec::new() };
    // The parser wraps the group of an ASK in a projection.
    let group = match pattern_of(&query) {
        GraphPattern::Project { inner, .. } => inner,
        pattern => pattern,
    };
    let opened = with_variables_for_blank_nodes(group);
    steps(&opened).iter().map(|step| counted_from_one(&pattern([step]))).collect()
}
