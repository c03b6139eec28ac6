//! Fixes for missing, superfluous or misplaced brackets and punctuation.

use super::{Fix, FixContext};
use crate::sparql::lexer::{TokenKind, token_from};
use crate::sparql::syntax::expectation;
use crate::sparql::syntax::functions::function;

/// Fixes missing braces and brackets.
pub(super) fn missing_bracket(place: &FixContext<'_>) -> Option<Fix> {
    let previous = place.previous.to_uppercase();
    if place.expects(expectation::CONSTRAINT) && !place.is_plain_word() {
        return Some(place.help(format!("write the condition in brackets: `{previous}(…)`")));
    }
    if place.is_after("ASC") || place.is_after("DESC") {
        let before = place.before().trim_end();
        let before = &before[..before.len().saturating_sub(previous.len())];
        let key = before.split_whitespace().next_back().filter(|key| is_variable(key));
        let key = key.unwrap_or("?x");
        return Some(
            place.help(format!("write the direction before the sort key: `{previous}({key})`")),
        );
    }
    if place.expects(expectation::ARGUMENTS) {
        let name = function(place.previous).map_or(place.previous, |(name, _)| name);
        return Some(place.help(format!("write `{name}(…)`")));
    }
    if place.expects_word("AS") {
        let help = "give the result a name: `(… AS ?name)`";
        let is_lone =
            place.refusal.previous.as_ref().is_some_and(|t| t.kind == TokenKind::Variable)
                && place.before().trim_end().ends_with(&format!("({}", place.previous));
        return if is_lone && place.word == ")" {
            Some(place.help(format!("write the variable without brackets: `{}`", place.previous)))
        } else if place.is_plain_word() {
            None
        } else if let Some(binding) = assignment(place.before()) {
            Some(place.help(format!("write `{binding}`")))
        } else {
            Some(place.help(help))
        };
    }
    if place.expects(expectation::ROW) && place.word != "}" && place.refusal.found.is_some() {
        return Some(
            place.help("if the variables are in brackets, write each row in brackets too: `(…)`"),
        );
    }
    if place.expects_word("BY") && place.refusal.found.is_some() {
        return Some(place.help(format!("write `{previous} BY`")));
    }
    if place.is_after("IN") && place.word != "(" {
        return Some(place.help("write the list in brackets: `IN (…)`"));
    }
    if place.expects(expectation::OPEN_VALUES) && place.word == "(" {
        return Some(place.help(format!("write `VALUES {} {{ … }}`", place.previous)));
    }
    if place.expects(expectation::STAR) && place.word == "{" {
        return Some(place.help("name the variables to select, or write `*` for all"));
    }
    let may_be_name = !place.is_plain_word() || place.word == "a";
    if place.expects(expectation::GROUP) && may_be_name && place.word != "," {
        let help = match previous.as_str() {
            "OPTIONAL" | "MINUS" | "UNION" | "EXISTS" | "LATERAL" => {
                format!("write `{previous} {{ … }}`")
            }
            _ => "write the pattern in braces: `WHERE { … }`".to_owned(),
        };
        return place.refusal.found.is_some().then(|| place.help(help));
    }
    None
}

/// Returns the binding that an assignment at the end of a text stands for, such as `BIND(?x = 1`.
fn assignment(before: &str) -> Option<String> {
    let at = before.rfind('(')?;
    let start = before[..at].trim_end();
    let keyword = start.get(start.len().checked_sub(4)?..)?;
    let (variable, value) = before[at + 1..].split_once('=')?;
    let (variable, value) = (variable.trim(), value.trim());
    (keyword.eq_ignore_ascii_case("BIND") && is_variable(variable) && !value.is_empty())
        .then(|| format!("BIND({value} AS {variable})"))
}

/// Returns whether a word is a variable.
fn is_variable(word: &str) -> bool {
    word.strip_prefix(['?', '$']).is_some_and(|name| {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
    })
}

/// Returns whether a word is a variable whose name is that of a parameter.
fn is_parameter(word: &str) -> bool {
    is_variable(word) && word.get(1..).is_some_and(|name| name.starts_with('_'))
}

/// Fixes superfluous or misplaced punctuation.
pub(super) fn punctuation(place: &FixContext<'_>) -> Option<Fix> {
    if matches!(place.word, "?" | "$") && !place.expects(expectation::OPERATOR) {
        return Some(place.say(
            "variable-without-name",
            "this variable has no name",
            "add a name, such as `?x`",
        ));
    }
    match place.word {
        "," if place.expects_any(&[expectation::SELECTED, expectation::KEY]) => {
            Some(place.help("remove the `,`: variables are separated by spaces"))
        }
        "," if place.expects(expectation::END) => {
            Some(place.help("remove the `,`: sort and group keys are separated by spaces"))
        }
        ";" if place.expects(expectation::END) => {
            Some(place.help("remove the `;` at the end of the query"))
        }
        "." if place.expects(expectation::END) => {
            Some(place.help("remove the `.` at the end of the query"))
        }
        ")" | "}" | "]"
            if !place.is_open(match place.word {
                ")" => '(',
                "}" => '{',
                _ => '[',
            }) =>
        {
            let help = meant_bracket(place).unwrap_or_else(|| "remove it".to_owned());
            Some(place.say("bracket-unbalanced", format!("unmatched `{}`", place.word), help))
        }
        "}" | "." | ";" | "]" if place.previous == "," && place.expects(expectation::OBJECT) => {
            Some(place.help("add another object after the `,`, or remove the `,`"))
        }
        "." if place.expects(expectation::AFTER_OBJECT_IN_BRACKETS) => {
            Some(place.help("close the `[` with `]` before the `.`; separate properties with `;`"))
        }
        "=" | "<" | ">" | "!" if place.expects(expectation::OPERATOR) => {
            Some(place.help("compare two values at a time, and join the comparisons with `&&`"))
        }
        word if word.starts_with(['"', '\'']) && place.expects(expectation::PROPERTY) => {
            Some(place.help("a property is an IRI, such as `rdfs:label`"))
        }
        "-" if place.expects_any(&[expectation::PROPERTY, expectation::AFTER_OBJECT])
            && place.previous.starts_with(['?', '$']) =>
        {
            Some(place.help("use letters, digits and `_` in variable names"))
        }
        "." | "}" if place.expects(expectation::PROPERTY) && place.closes("}") => None,
        "." | "}" if place.expects_any(&[expectation::PROPERTY, expectation::OBJECT]) => {
            Some(place.help("a triple is a subject, a property and an object"))
        }
        word if is_parameter(word) && place.expects(expectation::WHOLE_NUMBER) => Some(place.help(
            "parameters are not allowed here: remove it, and run the query with `--limit N`",
        )),
        word if is_parameter(word) && place.expects(expectation::VALUE) => {
            Some(place.help(format!(
                "parameters are not allowed in VALUES: write `FILTER(?x IN ({word}))`"
            )))
        }
        _ if place.expects(expectation::WHOLE_NUMBER) => {
            Some(place.help(format!("write it like `{} 10`", place.previous.to_uppercase())))
        }
        _ if place.expects(expectation::QUERY) && place.refusal.found.is_some() => {
            Some(place.help("a query is like `SELECT * WHERE { ?s ?p ?o } LIMIT 10`"))
        }
        _ if place.expects(expectation::VALUE) && place.kind() == Some(TokenKind::Variable) => {
            Some(place.help("VALUES cannot contain variables"))
        }
        _ => None,
    }
}

/// Returns the help for a bracket that stands for another one: without it, the innermost open bracket is never closed.
fn meant_bracket(place: &FixContext<'_>) -> Option<String> {
    let meant = ["}", "]", ")"].into_iter().find(|bracket| place.closes(bracket))?;
    let opening = *place.refusal.open.last()?;
    let open = place.text.get(opening..=opening)?;
    let mut depth =
        place.refusal.open.iter().filter(|at| place.text[**at..].starts_with(open)).count();
    let mut at = place.span.end;
    while let Some(token) = token_from(place.text, at) {
        at = token.span.end;
        match &place.text[token.span] {
            word if word == open => depth += 1,
            word if word == meant => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    let opening = expectation::place_of(place.text, opening);
    (depth > 0).then(|| format!("write `{meant}`: it closes the `{open}` at {opening}"))
}
