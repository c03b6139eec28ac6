//! The engine's operations, in words.

use crate::vocabulary::Prefixes;
use oxigraph::model::NamedNode;

/// An operation, by the source of its rows.
#[derive(Debug, PartialEq)]
pub(super) enum Operation {
    /// A loop that looks up its right side for each row of its left. If `what` is `None`, it is described as its right
    /// side.
    Loop { what: Option<&'static str>, detail: String },
    /// An operation that creates rows, or combines those of its inputs.
    Own { what: &'static str, detail: String },
    /// An operation that changes the rows of its input.
    Rows { what: &'static str, detail: String },
}

/// Returns the operation with an engine's name.
pub(super) fn operation(name: &str, prefixes: &Prefixes) -> Operation {
    let (kind, inside) = match name.split_once('(') {
        Some((kind, inside)) => (kind, inside.strip_suffix(')').unwrap_or(inside)),
        None => (name, ""),
    };
    let shown = |text: &str| shortened(text, prefixes);
    let rows = |what, detail| Operation::Rows { what, detail };
    let alone = |what, detail| Operation::Own { what, detail };
    match kind {
        "QuadPattern" => alone("match", shown(inside)),
        "Path" => alone("path", shown(inside)),
        "StaticBindings" => alone("values", shown(inside)),
        "Graph" => alone("graphs", shown(inside)),
        "Service" => alone("service", shown(inside)),
        "Lateral" => Operation::Loop { what: None, detail: String::new() },
        "ForLoopLeftJoin" => {
            let condition = after(inside, "expression = ");
            Operation::Loop {
                what: Some("optional nested loop"),
                detail: unless_true(&shown(condition)),
            }
        }
        "Join" => {
            let keys = after(inside, "keys = ");
            let what = if keys.is_empty() { "cross product" } else { "hash join" };
            Operation::Own { what, detail: keys.to_owned() }
        }
        "LeftJoin" => {
            let keys = after(inside, "keys = ");
            let (keys, condition) = keys.split_once(", expression = ").unwrap_or((keys, "true"));
            let condition = unless_true(&shown(condition));
            let separator = if condition.is_empty() { "" } else { " where " };
            Operation::Own {
                what: "optional hash join",
                detail: format!("{keys}{separator}{condition}"),
            }
        }
        "AntiJoin" => Operation::Own { what: "minus", detail: after(inside, "keys = ").to_owned() },
        "Union" => Operation::Own { what: "union", detail: String::new() },
        "Filter" => rows("filter", shown(inside)),
        "Extend" => rows("bind", shown(inside)),
        "Project" => rows("project", inside.replace(", ", " ")),
        "Distinct" => rows("distinct", String::new()),
        "Reduced" => rows("reduced", String::new()),
        "Sort" => rows("sort", shown(inside)),
        "Slice" => rows("slice", inside.replace(" = ", " ")),
        "Aggregate" => rows("group", shown(inside)),
        _ => rows("step", String::new()),
    }
}

fn after<'a>(text: &'a str, word: &str) -> &'a str {
    text.split_once(word).map_or("", |(_, rest)| rest)
}

fn unless_true(condition: &str) -> String {
    let is_true = condition.starts_with("\"true\"") || condition == "true";
    if is_true { String::new() } else { condition.to_owned() }
}

/// Returns a text with IRIs shortened outside strings, and terminal control characters escaped.
fn shortened(text: &str, prefixes: &Prefixes) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '"' => string_length(rest),
            '<' => rest.find(['>', ' ']).map_or(c.len_utf8(), |end| end + 1),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        match token.strip_prefix('<').and_then(|iri| iri.strip_suffix('>')) {
            Some(iri) => shown.push_str(&prefixes.show(&NamedNode::new_unchecked(iri))),
            None if token == "\n" => shown.push(' '),
            None => shown.push_str(token),
        }
        rest = after;
    }
    shown
}

/// Returns the length of the string at the beginning of a text, including its quotation marks.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            '"' if !is_escaped => return i + 1,
            c => is_escaped = c == '\\' && !is_escaped,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iris_are_shortened_and_strings_are_not() {
        let mut prefixes = Prefixes::default();
        prefixes.add("ex", "https://example.com/");
        let shown = shortened(
            r#"?x <https://example.com/p> "<https://example.com/p> \" é"^^<https://example.com/t>"#,
            &prefixes,
        );
        assert_eq!(shown, r#"?x ex:p "<https://example.com/p> \" é"^^ex:t"#);
        assert_eq!(shortened("(?a < 3) <", &prefixes), "(?a < 3) <");
    }
}
