//! Expected answers: tables of terms that people can write and read (`queries/expected/*.csv`).
//!
//! The first line names the variables; `since^^xsd:gYear` and `name@en` set the type or language of all values of a
//! column. In other columns, the text of a cell determines its type: `country:CN`, `<https://example.com/>` and
//! `https://example.com/` are IRIs; `5`, `2.5` and `true` have the types that they have in SPARQL; `"2001"^^xsd:gYear`
//! is a literal as in SPARQL; anything else is a string. An empty cell is an unbound variable.

mod write;

pub(crate) use write::UnwritableTerm;

use crate::diagnostic::{Diagnostic, Excerpt, Result};
use crate::dossier::SourceFile;
use crate::vocabulary::{Prefixes, nearest_xsd_datatype, xsd};
use oxigraph::model::{Literal, NamedNode, Term};

/// The correct results of a saved query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The names of the variables, in order.
    pub variables: Vec<String>,
    /// The rows, in order, each with an optional value per variable.
    pub rows: Vec<Vec<Option<Term>>>,
    /// The line of the file on which each row begins.
    pub lines: Vec<usize>,
}

/// The type of a column's values.
enum Column {
    Any,
    Typed(NamedNode),
    Language(String),
}

impl Expected {
    /// Parses an expected answer.
    ///
    /// # Errors
    /// If it is not CSV, if a row has too many or too few cells, or if a cell is not a valid term of its column.
    pub fn parse(source: &SourceFile, prefixes: &Prefixes) -> Result<Self, Diagnostic> {
        let text = source.text()?;
        let broken = |line: usize, message: String| {
            Diagnostic::error("answer-broken", message).at(Excerpt::at_line(
                &source.path,
                text,
                line,
                1,
            ))
        };
        if let Some(separator) = other_separator(text) {
            let name = if separator == '\t' { "tabs" } else { "semicolons" };
            let problem = broken(1, format!("the columns are separated by {name}, not by commas"));
            return Err(problem.help(format!(
                "replace the {name} with commas, or save the table again as CSV with the comma as its separator"
            )));
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut columns = Vec::new();
        let mut expected = Self { variables: Vec::new(), rows: Vec::new(), lines: Vec::new() };
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(1, csv::Position::line);
                let line = usize::try_from(line).unwrap_or(1);
                let problem = broken(line, csv_fault(&error));
                let row = text.lines().nth(line - 1).unwrap_or_default();
                if row.trim_end().ends_with(',') && !columns.is_empty() {
                    return problem.help("remove the commas at the end of the row, or name their columns in line 1");
                }
                problem.help("put each cell with a comma or a quotation mark in it between `\"`, and double the marks in it")
            })?;
            let start = record.position().map_or(0, csv::Position::byte);
            let line = line_from(text, usize::try_from(start).unwrap_or(usize::MAX));
            if columns.is_empty() {
                for header in &record {
                    let (name, column) = column(header, prefixes).ok_or_else(|| {
                        broken(line, format!("`{header}` is not a variable with a type"))
                            .help(header_help(header, prefixes))
                    })?;
                    expected.variables.push(name);
                    columns.push(column);
                }
                continue;
            }
            let cells = record.iter().zip(&columns).map(|(cell, column)| {
                if cell.is_empty() {
                    return Ok(None);
                }
                term(cell, column, prefixes)
                    .map(Some)
                    .ok_or_else(|| broken(line, format!("`{cell}` is not an RDF term")))
            });
            expected.lines.push(line);
            expected.rows.push(cells.collect::<Result<_, _>>()?);
        }
        if expected.variables.is_empty() {
            return Err(broken(1, "the file is empty".to_owned())
                .help("write the names of the columns on line 1, and a row on each further line"));
        }
        Ok(expected)
    }
}

/// Says how the name of a column is written with its type.
fn header_help(header: &str, prefixes: &Prefixes) -> String {
    let (name, datatype) = header.split_once("^^").unwrap_or((header, ""));
    let local = datatype.rsplit(':').next().unwrap_or_default();
    let is_declared = prefixes.namespace("xsd").is_some();
    match nearest_xsd_datatype(local).filter(|_| is_declared) {
        Some(known) => format!("write `{name}^^xsd:{known}`"),
        None => {
            format!("write a datatype with a prefix of the ontology, such as `{name}^^xsd:integer`")
        }
    }
}

/// Says what is wrong in a table.
fn csv_fault(error: &csv::Error) -> String {
    let cells = |count: &u64| match count {
        1 => "1 cell".to_owned(),
        count => format!("{count} cells"),
    };
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("this row has {}, but line 1 has {}", cells(len), cells(expected_len))
        }
        _ => format!("invalid CSV: {error}"),
    }
}

/// Returns what separates the columns of a table if not commas. Spreadsheets write semicolons where a comma is part of
/// numbers. The names of variables contain neither.
fn other_separator(text: &str) -> Option<char> {
    let header = text.lines().next().unwrap_or_default();
    [';', '\t'].into_iter().find(|separator| header.contains(*separator) && !header.contains(','))
}

/// Returns the number of the line on which a record begins. The reader stops in the middle of a line break of two
/// characters.
fn line_from(text: &str, start: usize) -> usize {
    let begun = text.get(start..).map_or(text.len(), |rest| {
        start + rest.len() - rest.trim_start_matches(['\r', '\n']).len()
    });
    1 + text[..begun].matches('\n').count()
}

fn column(header: &str, prefixes: &Prefixes) -> Option<(String, Column)> {
    if let Some((name, datatype)) = header.split_once("^^") {
        Some((name.to_owned(), Column::Typed(named_node(datatype, prefixes)?)))
    } else if let Some((name, language)) = header.split_once('@') {
        Some((name.to_owned(), Column::Language(language.to_owned())))
    } else {
        Some((header.to_owned(), Column::Any))
    }
}

fn term(cell: &str, column: &Column, prefixes: &Prefixes) -> Option<Term> {
    match column {
        Column::Typed(datatype) => Some(Literal::new_typed_literal(cell, datatype.clone()).into()),
        Column::Language(tag) => Some(Literal::new_language_tagged_literal(cell, tag).ok()?.into()),
        Column::Any => any_term(cell, prefixes),
    }
}

/// Parses an IRI in angle brackets, or a CURIE.
fn named_node(text: &str, prefixes: &Prefixes) -> Option<NamedNode> {
    match text.strip_prefix('<').and_then(|text| text.strip_suffix('>')) {
        Some(iri) => NamedNode::new(iri).ok(),
        None => prefixes.expand(text),
    }
}

/// Parses an IRI as it stands in CSV results of SPARQL, if it can only be one.
fn bare_iri(cell: &str) -> Option<NamedNode> {
    const BEGINNINGS: [&str; 3] = ["http://", "https://", "urn:"];
    let is_iri = BEGINNINGS.iter().any(|beginning| cell.starts_with(beginning));
    if is_iri { NamedNode::new(cell).ok() } else { None }
}

fn any_term(cell: &str, prefixes: &Prefixes) -> Option<Term> {
    if cell.starts_with('<') && cell.ends_with('>') {
        return named_node(cell, prefixes).map(Term::from);
    }
    if let Some(rest) = cell.strip_prefix('"') {
        let (value, kind) = rest.rsplit_once('"')?;
        let literal = match kind.strip_prefix("^^") {
            Some(datatype) => Literal::new_typed_literal(value, named_node(datatype, prefixes)?),
            None => match kind.strip_prefix('@') {
                Some(tag) => Literal::new_language_tagged_literal(value, tag).ok()?,
                None if kind.is_empty() => Literal::new_simple_literal(value),
                None => return None,
            },
        };
        return Some(literal.into());
    }
    if let Some(iri) = prefixes.expand(cell).or_else(|| bare_iri(cell)) {
        return Some(iri.into());
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let number = cell.strip_prefix('-').unwrap_or(cell);
    let datatype = if digits(number) {
        xsd::INTEGER
    } else if number.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part)) {
        xsd::DECIMAL
    } else if matches!(cell, "true" | "false") {
        xsd::BOOLEAN
    } else {
        xsd::STRING
    };
    Some(Literal::new_typed_literal(cell, datatype).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    fn parse(text: &str) -> Result<Expected, Diagnostic> {
        let mut prefixes = Prefixes::default();
        prefixes.add("ex", "http://example.com/");
        prefixes.add("xsd", "http://www.w3.org/2001/XMLSchema#");
        let bytes = Cow::Owned(text.as_bytes().to_owned());
        Expected::parse(&SourceFile { path: "q.csv".into(), bytes }, &prefixes)
    }

    #[test]
    fn cells_are_what_they_look_like() {
        let expected = parse(
            "a,b@en,c^^xsd:gYear\nex:x,ex:x,2001\n-1,,\n\"\"\"1\"\"\",x,\n<x:y>,,\n1.5,,\na: b,,\nhttp://a.b/,,\n",
        )
        .unwrap();
        assert_eq!(expected.variables, ["a", "b", "c"]);
        let shown: Vec<Vec<String>> = expected
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|term| term.as_ref().map(ToString::to_string).unwrap_or_default())
                    .collect()
            })
            .collect();
        assert_eq!(
            shown[0],
            [
                "<http://example.com/x>",
                "\"ex:x\"@en",
                "\"2001\"^^<http://www.w3.org/2001/XMLSchema#gYear>"
            ]
        );
        let first: Vec<_> = shown[1..].iter().map(|row| row[0].as_str()).collect();
        assert_eq!(
            first,
            [
                "\"-1\"^^<http://www.w3.org/2001/XMLSchema#integer>",
                "\"1\"",
                "<x:y>",
                "\"1.5\"^^<http://www.w3.org/2001/XMLSchema#decimal>",
                "\"a: b\"",
                "<http://a.b/>"
            ]
        );
    }

    #[test]
    fn rows_have_lines() {
        for line_break in ["\n", "\r\n"] {
            let text = ["a,b", "1,\"x\ny\"", "", "2,z", ""].join(line_break);
            assert_eq!(parse(&text).unwrap().lines, [2, 5], "{text:?}");
        }
    }

    #[test]
    fn broken_tables_are_pointed_at() {
        for (text, line) in
            [("a^^no:x\n", 1), ("a,b\n1\n", 2), ("a\n<no iri>\n", 2), ("a\n\"\"\"x\"\"y\"\n", 2)]
        {
            assert_eq!(parse(text).unwrap_err().excerpt.unwrap().line, line, "{text}");
        }
    }
}
