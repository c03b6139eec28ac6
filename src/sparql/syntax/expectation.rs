//! Describes the alternatives that the grammar expects at an error.

use crate::diagnostic::Excerpt;

/// An alternative that the grammar expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expectation {
    /// A construct with this description.
    Thing(&'static str),
    /// This keyword or punctuation.
    Word(&'static str),
    /// This bracket, which closes the one at this byte offset.
    Close(&'static str, usize),
}

pub(super) const QUERY: &str = "`SELECT`, `ASK`, `CONSTRUCT` or `DESCRIBE`";
pub(super) const END: &str = "the end of the query";
pub(super) const PREFIX: &str = "a prefix with its colon, such as `ex:`";
pub(super) const NAMESPACE: &str = "an IRI in angle brackets, such as `<http://example.com/>`";
pub(super) const SELECTED: &str = "a variable, or an expression with its name in brackets";
pub(super) const STAR: &str = "`*`";
pub(super) const DESCRIBED: &str = "a variable or an IRI to describe, or `*`";
pub(super) const GRAPH: &str = "the IRI of a graph";
pub(super) const GRAPH_NAME: &str = "a variable or the IRI of a graph";
pub(super) const SERVICE: &str = "the IRI of an endpoint";
pub(super) const GROUP: &str = "`{` to open a pattern";
pub(super) const TEMPLATE: &str = "`{` to open the template";
pub(super) const PATTERN: &str = "a triple or a pattern such as `OPTIONAL { … }`";
pub(super) const TRIPLE: &str = "a triple";
pub(super) const PROPERTY: &str = "a property: an IRI, `a` or a variable";
pub(super) const PATH: &str = "a property or a path of properties";
pub(super) const OBJECT: &str = "a variable, an IRI or a literal as the object";
pub(super) const AFTER_OBJECT: &str = "a `.`, `;` or `,` after the object";
pub(super) const AFTER_OBJECT_IN_BRACKETS: &str = "a `;` or `,` after the object";
pub(super) const ITEM: &str = "a variable, an IRI or a literal in the list";
pub(super) const NUMBER: &str = "a number";
pub(super) const DATATYPE: &str = "the IRI of a datatype";
pub(super) const CONSTRAINT: &str = "a condition in brackets or a function";
pub(super) const OPERAND: &str = "a variable, a value or a function";
pub(super) const OPERATOR: &str = "an operator such as `=` or `&&`";
pub(super) const ARGUMENTS: &str = "`(` with the arguments";
pub(super) const RESULT: &str = "a variable for the result";
pub(super) const VARIABLE: &str = "a variable";
pub(super) const STRING: &str = "a string";
pub(super) const KEY: &str = "a variable, a function or an expression in brackets";
pub(super) const WHOLE_NUMBER: &str = "a whole number";
pub(super) const STATEMENT: &str = "the subject of the next triple: an IRI or a blank node";
pub(super) const DOT: &str = "a `.` to end the declaration";
pub(super) const VALUES: &str = "a variable, or variables in brackets";
pub(super) const OPEN_VALUES: &str = "`{` to open the values";
pub(super) const ROW: &str = "a row of values in brackets";
pub(super) const VALUE: &str = "an IRI, a literal or `UNDEF`";

/// Returns a position as `line:column`.
pub(super) fn place_of(text: &str, at: usize) -> String {
    let Excerpt { line, column, .. } = Excerpt::new("", text, at..at);
    format!("{line}:{column}")
}

/// Lists the alternatives in words: `a, b or c`.
pub(super) fn in_words(text: &str, expected: &[Expectation]) -> String {
    let mut words: Vec<String> = Vec::with_capacity(expected.len());
    for expected in expected {
        let word = match expected {
            Expectation::Thing(thing) => (*thing).to_owned(),
            Expectation::Word(word) => format!("`{word}`"),
            Expectation::Close(bracket, opening) => {
                let open = text.get(*opening..opening + 1).unwrap_or_default();
                format!("`{bracket}` to close the `{open}` at {}", place_of(text, *opening))
            }
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let Some(last) = words.pop() else { return "something else".to_owned() };
    if words.is_empty() { last } else { format!("{}, or {last}", words.join(", ")) }
}

/// Translates an expectation of the query grammar to a data file, which has no variables and no patterns.
pub(super) fn of_data(expected: Expectation) -> Expectation {
    let Expectation::Thing(thing) = expected else { return expected };
    Expectation::Thing(match thing {
        PROPERTY => "a property: an IRI or `a`",
        OBJECT => "an IRI, a literal or a blank node as the object",
        ITEM => "an IRI, a literal or a blank node in the list",
        GRAPH => "the name of a graph",
        TEMPLATE => "`{` with the triples of the graph",
        TRIPLE => STATEMENT,
        thing => thing,
    })
}
