//! [CSV](https://www.rfc-editor.org/rfc/rfc4180) with any delimiter. With a comma it is
//! [SPARQL's](https://www.w3.org/TR/sparql11-results-csv-tsv/).

use super::Style;
use crate::write_whole::SharedWriter;
use oxigraph::model::{Term, Variable};
use std::io::{self, Write as _};

/// Writes lines of cells.
pub(super) struct Delimited<'a> {
    delimiter: char,
    quotes_formulas: bool,
    line: String,
    out: SharedWriter<'a>,
}

impl<'a> Delimited<'a> {
    /// Writes the names of the variables, and returns the writer of the rows.
    pub(super) fn start(
        variables: &[Variable],
        style: Style<'_>,
        out: SharedWriter<'a>,
    ) -> io::Result<Self> {
        let Style { delimiter, quotes_formulas, .. } = style;
        let mut lines = Self { delimiter, quotes_formulas, line: String::new(), out };
        for (i, variable) in variables.iter().enumerate() {
            lines.cell(i, variable.as_str());
        }
        lines.end_line()?;
        Ok(lines)
    }

    /// Writes the values of a solution. Unbound values are empty cells.
    pub(super) fn row(&mut self, values: &[Option<Term>]) -> io::Result<()> {
        for (i, value) in values.iter().enumerate() {
            match value {
                None => self.cell(i, ""),
                Some(Term::NamedNode(iri)) => self.cell(i, iri.as_str()),
                Some(Term::Literal(literal)) => self.cell(i, literal.value()),
                Some(term) => self.cell(i, &term.to_string()),
            }
        }
        self.end_line()
    }

    fn cell(&mut self, column: usize, text: &str) {
        if column > 0 {
            self.line.push(self.delimiter);
        }
        let quoted;
        let text = if self.quotes_formulas && is_formula(text) {
            quoted = format!("'{text}");
            &quoted
        } else {
            text
        };
        if text.contains(['"', '\n', '\r', self.delimiter]) {
            self.line.push('"');
            self.line.push_str(&text.replace('"', "\"\""));
            self.line.push('"');
        } else {
            self.line.push_str(text);
        }
    }

    fn end_line(&mut self) -> io::Result<()> {
        self.line.push_str("\r\n");
        self.out.write_all(self.line.as_bytes())?;
        self.line.clear();
        Ok(())
    }
}

/// Returns whether a spreadsheet reads a cell as a formula, and not as a number such as `-5`.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::write::{Naming, Terms};
    use crate::vocabulary::{Labels, Prefixes};
    use oxigraph::model::{BlankNode, Literal, NamedNode};
    use proptest::prelude::*;
    use sparesults::{QueryResultsFormat, QueryResultsSerializer};

    fn lines(delimiter: char, variables: &[Variable], values: &[Option<Term>]) -> String {
        written(delimiter, false, variables, values)
    }

    fn written(
        delimiter: char,
        quotes_formulas: bool,
        variables: &[Variable],
        values: &[Option<Term>],
    ) -> String {
        let (mut out, prefixes, labels) = (Vec::new(), Prefixes::default(), Labels::default());
        let naming = Naming { terms: Terms::Iri, prefixes: &prefixes, labels: &labels };
        let style = Style { delimiter, quotes_formulas, ..Style::new(naming) };
        let mut lines = Delimited::start(variables, style, SharedWriter::new(&mut out)).unwrap();
        lines.row(values).unwrap();
        drop(lines);
        String::from_utf8(out).unwrap()
    }

    fn value() -> impl Strategy<Value = Option<Term>> {
        proptest::option::of(prop_oneof![
            Just(BlankNode::new_unchecked("b").into()),
            "[a-c;]{0,3}".prop_map(|name| NamedNode::new_unchecked(format!("x:{name}")).into()),
            "[a-c,;\"\n\r\t]{0,6}".prop_map(|text| Literal::from(text).into()),
        ])
    }

    proptest! {
        #[test]
        fn with_a_comma_it_is_the_csv_of_sparql(values in proptest::collection::vec(value(), 0..4)) {
            let name = |i| Variable::new_unchecked(format!("v{i}"));
            let variables: Vec<Variable> = (0..values.len()).map(name).collect();
            let mut serializer = QueryResultsSerializer::from_format(QueryResultsFormat::Csv)
                .serialize_solutions_to_writer(Vec::new(), variables.clone())
                .unwrap();
            let solution = variables.iter().zip(&values);
            let bound = solution.filter_map(|(variable, value)| Some((variable, value.as_ref()?)));
            serializer.serialize(bound).unwrap();
            let expected = String::from_utf8(serializer.finish().unwrap()).unwrap();
            prop_assert_eq!(lines(',', &variables, &values), expected);
        }
    }

    #[test]
    fn formulas_are_quoted_if_wanted() {
        let cells = ["=1+1", "+1", "+a", "-5", "-5+3", "@a", "\ta", "a=1", "'", ""];
        let variables: Vec<Variable> =
            (0..cells.len()).map(|i| Variable::new_unchecked(format!("v{i}"))).collect();
        let values = cells.map(|cell| Some(Literal::from(cell).into()));
        let line = |quotes| {
            let text = written(',', quotes, &variables, &values);
            text.lines().nth(1).unwrap().to_owned()
        };
        assert_eq!(line(false), "=1+1,+1,+a,-5,-5+3,@a,\ta,a=1,',");
        assert_eq!(line(true), "'=1+1,+1,'+a,-5,'-5+3,'@a,'\ta,a=1,',");
    }

    #[test]
    fn cells_with_the_delimiter_are_quoted() {
        let variables = [Variable::new_unchecked("a"), Variable::new_unchecked("b")];
        let iri: Term = NamedNode::new_unchecked("x:a,b").into();
        let values = [Some(iri), Some(Literal::from("1;2").into())];
        assert_eq!(lines(',', &variables, &values), "a,b\r\n\"x:a,b\",1;2\r\n");
        assert_eq!(lines(';', &variables, &values), "a;b\r\nx:a,b;\"1;2\"\r\n");
    }
}
