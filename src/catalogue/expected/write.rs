//! Writes an expected answer, so that parsing it gives the same terms.

use super::{Column, Expected, any_term, column, term};
use crate::vocabulary::{Prefixes, xsd};
use oxigraph::model::{Literal, Term};

/// A blank node, which is another one in the next answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnwritableTerm {
    /// The number of the row, from 1.
    pub row: usize,
    /// The variable.
    pub variable: String,
}

impl Expected {
    /// Writes the answer as CSV. A column whose literals have one datatype or language names it in its first line.
    ///
    /// # Errors
    /// If a term cannot be written.
    pub(crate) fn to_csv(&self, prefixes: &Prefixes) -> Result<String, UnwritableTerm> {
        let headers: Vec<String> =
            (0..self.variables.len()).map(|number| self.header(number, prefixes)).collect();
        let columns: Vec<Column> =
            headers.iter().map(|header| column_of(header, prefixes)).collect();
        let mut lines = csv::Writer::from_writer(Vec::new());
        // Writing to memory does not fail, and all rows have as many cells.
        let _ = lines.write_record(&headers);
        for (row, values) in (1..).zip(&self.rows) {
            let mut cells = Vec::with_capacity(values.len());
            for ((value, column), variable) in values.iter().zip(&columns).zip(&self.variables) {
                let written = match value {
                    None => Some(String::new()),
                    Some(term) => cell(term, column, prefixes),
                };
                let unwritable = || UnwritableTerm { row, variable: variable.clone() };
                cells.push(written.ok_or_else(unwritable)?);
            }
            let _ = lines.write_record(&cells);
        }
        let bytes = lines.into_inner().unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Returns the first line of the answer, whose cells name the columns.
    pub(crate) fn first_line(&self, prefixes: &Prefixes) -> String {
        let headers = (0..self.variables.len()).map(|number| self.header(number, prefixes));
        headers.collect::<Vec<_>>().join(",")
    }

    /// Returns the first cell of a column: the variable, with the datatype or language of its values if that is needed.
    fn header(&self, number: usize, prefixes: &Prefixes) -> String {
        let name = &self.variables[number];
        let values: Vec<&Term> = self.rows.iter().filter_map(|row| row[number].as_ref()).collect();
        let is_plain = |value: &&Term| match value {
            Term::Literal(literal) => any_term(literal.value(), prefixes).as_ref() == Some(*value),
            _ => true,
        };
        let Some(Term::Literal(first)) = values.first() else { return name.clone() };
        if values.iter().all(is_plain) {
            return name.clone();
        }
        let suffix = match first.language() {
            Some(tag) => format!("@{tag}"),
            None if first.datatype() == xsd::STRING => return name.clone(),
            None => datatype_suffix(first, prefixes),
        };
        let header = format!("{name}{suffix}");
        let column = column_of(&header, prefixes);
        let fits = |value: &&Term| match value {
            // An empty cell is an unbound variable.
            Term::Literal(literal) if !literal.value().is_empty() => {
                term(literal.value(), &column, prefixes).as_ref() == Some(*value)
            }
            _ => false,
        };
        if values.iter().all(fits) { header } else { name.clone() }
    }
}

/// Returns the column that a header describes.
fn column_of(header: &str, prefixes: &Prefixes) -> Column {
    column(header, prefixes).map_or(Column::Any, |(_, column)| column)
}

/// Returns the text of a term in a column, or `None` if it cannot be written.
fn cell(value: &Term, column: &Column, prefixes: &Prefixes) -> Option<String> {
    let forms = match value {
        Term::NamedNode(iri) => vec![prefixes.show(iri), format!("<{}>", iri.as_str())],
        Term::Literal(literal) => vec![literal.value().to_owned(), quoted(literal, prefixes)],
        _ => return None,
    };
    forms
        .into_iter()
        .find(|form| !form.is_empty() && term(form, column, prefixes).as_ref() == Some(value))
}

/// Returns a literal as in SPARQL, but for its quotes, which are not escaped.
fn quoted(literal: &Literal, prefixes: &Prefixes) -> String {
    let value = literal.value();
    if let Some(tag) = literal.language() {
        return format!("\"{value}\"@{tag}");
    }
    if literal.datatype() == xsd::STRING {
        return format!("\"{value}\"");
    }
    format!("\"{value}\"{}", datatype_suffix(literal, prefixes))
}

/// Returns the datatype of a literal as it stands behind the value: a CURIE, or else an IRI in angle brackets.
fn datatype_suffix(literal: &Literal, prefixes: &Prefixes) -> String {
    let datatype = literal.datatype().into_owned();
    let curie = prefixes.show(&datatype);
    match prefixes.expand(&curie) {
        Some(iri) if iri == datatype => format!("^^{curie}"),
        _ => format!("^^<{}>", datatype.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::SourceFile;
    use oxigraph::model::{BlankNode, NamedNode};
    use proptest::prelude::*;

    fn prefixes() -> Prefixes {
        let mut prefixes = Prefixes::default();
        prefixes.add("ex", "http://example.com/");
        prefixes.add("xsd", "http://www.w3.org/2001/XMLSchema#");
        prefixes
    }

    fn table(variables: &[&str], rows: Vec<Vec<Option<Term>>>) -> Expected {
        let variables = variables.iter().map(|&name| name.to_owned()).collect();
        Expected { variables, lines: Vec::new(), rows }
    }

    fn year(year: &str) -> Term {
        Literal::new_typed_literal(year, xsd::G_YEAR).into()
    }

    fn text(text: &str) -> Term {
        Literal::new_simple_literal(text).into()
    }

    #[test]
    fn columns_name_the_type_of_their_values() {
        let iri = |iri| Term::from(NamedNode::new_unchecked(iri));
        let rows = vec![
            vec![iri("http://example.com/a"), year("2001"), text("a, b"), text("5")],
            vec![iri("urn:a:b"), year("2002"), text(""), Literal::from(5).into()],
            vec![iri("http://other.example/"), year("2002"), text("ex:a"), text("say \"no\"")],
        ];
        let mut rows: Vec<Vec<_>> =
            rows.into_iter().map(|row| row.into_iter().map(Some).collect()).collect();
        rows[2][1] = None;
        let answer = table(&["who", "since", "what", "rest"], rows);
        assert_eq!(
            answer.to_csv(&prefixes()).unwrap(),
            "who,since^^xsd:gYear,what,rest\n\
             ex:a,2001,\"a, b\",\"\"\"5\"\"\"\n\
             <urn:a:b>,2002,\"\"\"\"\"\",5\n\
             <http://other.example/>,,\"\"\"ex:a\"\"\",\"say \"\"no\"\"\"\n"
        );
    }

    #[test]
    fn blank_nodes_are_refused() {
        let answer =
            table(&["a"], vec![vec![Some(text("x"))], vec![Some(BlankNode::default().into())]]);
        let unwritable = UnwritableTerm { row: 2, variable: "a".to_owned() };
        assert_eq!(answer.to_csv(&prefixes()), Err(unwritable));
    }

    fn any_value() -> impl Strategy<Value = Option<Term>> {
        let words = prop::sample::select(vec![
            "",
            " ",
            "a",
            "5",
            "-2.5",
            "true",
            "ex:a",
            "<x:y>",
            "\"",
            "\"a\"@en",
            "a,b\n",
            "\r",
            "http://a.b/",
            "a@b^^c",
        ]);
        (words, 0..7).prop_map(|(word, kind)| match kind {
            0 => None,
            1 => NamedNode::new(word).ok().map(Term::from),
            2 => Some(NamedNode::new_unchecked("http://example.com/a").into()),
            3 => Some(Literal::new_simple_literal(word).into()),
            4 => Some(Literal::new_language_tagged_literal_unchecked(word, "en").into()),
            5 => Some(Literal::new_typed_literal(word, xsd::G_YEAR).into()),
            _ => {
                Some(Literal::new_typed_literal(word, NamedNode::new_unchecked("urn:type")).into())
            }
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            rows in prop::collection::vec(prop::collection::vec(any_value(), 2), 0..5),
        ) {
            let answer = table(&["a", "b"], rows);
            let bytes = answer.to_csv(&prefixes()).unwrap().into_bytes().into();
            let read = Expected::parse(&SourceFile { path: "q.csv".into(), bytes }, &prefixes()).unwrap();
            prop_assert_eq!(read.rows, answer.rows);
        }
    }
}
