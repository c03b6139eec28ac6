//! Literals that the store canonicalizes.
//!
//! Oxigraph stores numbers, booleans, dates and durations as values: `"01"^^xsd:integer` comes back as `1`, and
//! `"5"^^xsd:int` as an `xsd:integer`. That is right for queries, and is reported once when it happens.

use oxigraph::model::{Literal, LiteralRef, Term, TermRef};
use oxsdatatypes::{
    Boolean, Date, DateTime, DayTimeDuration, Decimal, Double, Duration, Float, GDay, GMonth,
    GMonthDay, GYear, GYearMonth, Integer, Time, YearMonthDuration,
};
use std::str::FromStr;

/// The literals that the store canonicalizes: their number, and the first one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiteralForms {
    /// The number of their occurrences in the files.
    pub count: usize,
    /// The first one, as written.
    pub written: Literal,
    /// The first one, as stored.
    pub stored: Literal,
}

impl LiteralForms {
    /// Records a literal if the store canonicalizes it, and returns the stored form.
    pub(in crate::engine) fn note(
        noted: &mut Option<Self>,
        written: LiteralRef<'_>,
    ) -> Option<Literal> {
        let stored = stored_form(written)?;
        match noted {
            Some(noted) => noted.count += 1,
            None => {
                let (written, stored) = (written.into_owned(), stored.clone());
                *noted = Some(Self { count: 1, written, stored });
            }
        }
        Some(stored)
    }
}

/// Returns the stored form of a literal, or `None` if it is the same as the written form.
pub(crate) fn stored_form(literal: LiteralRef<'_>) -> Option<Literal> {
    let datatype = literal.datatype().as_str();
    let datatype = datatype.strip_prefix("http://www.w3.org/2001/XMLSchema#")?;
    let value = literal.value();
    let stored = match datatype {
        "boolean" => reparsed::<Boolean>(value),
        "float" => reparsed::<Float>(value),
        "double" => reparsed::<Double>(value),
        "decimal" => reparsed::<Decimal>(value),
        "integer" | "byte" | "short" | "int" | "long" | "unsignedByte" | "unsignedShort"
        | "unsignedInt" | "unsignedLong" | "positiveInteger" | "negativeInteger"
        | "nonPositiveInteger" | "nonNegativeInteger" => reparsed::<Integer>(value),
        "dateTime" | "dateTimeStamp" => reparsed::<DateTime>(value),
        "time" => reparsed::<Time>(value),
        "date" => reparsed::<Date>(value),
        "gYearMonth" => reparsed::<GYearMonth>(value),
        "gYear" => reparsed::<GYear>(value),
        "gMonthDay" => reparsed::<GMonthDay>(value),
        "gDay" => reparsed::<GDay>(value),
        "gMonth" => reparsed::<GMonth>(value),
        "duration" => reparsed::<Duration>(value),
        "yearMonthDuration" => reparsed::<YearMonthDuration>(value),
        "dayTimeDuration" => reparsed::<DayTimeDuration>(value),
        _ => None,
    };
    stored.filter(|stored| stored.as_ref() != literal)
}

/// Returns a term in its stored form.
pub(crate) fn stored_term(term: TermRef<'_>) -> Term {
    match term {
        TermRef::Literal(literal) => {
            stored_form(literal).map_or_else(|| term.into_owned(), Term::from)
        }
        _ => term.into_owned(),
    }
}

fn reparsed<T: FromStr + Into<Literal>>(value: &str) -> Option<Literal> {
    value.parse::<T>().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::{NamedNode, NamedNodeRef, QuadRef};
    use oxigraph::store::Store;

    /// The store itself is the oracle: the test compares what is inserted with what is read back.
    #[test]
    fn the_stored_form_is_what_the_store_gives_back() {
        let values = [
            "1",
            "01",
            "+1",
            "-0",
            "1.0",
            "1.50",
            "1e0",
            "1E0",
            "INF",
            "NaN",
            "true",
            "0",
            "yes",
            "",
            "99999999999999999999",
            "2001",
            "-0001",
            "2001Z",
            "2001-01",
            "2001-01-01",
            "2001-01-01+00:00",
            "2001-01-01T00:00:00",
            "2001-01-01T00:00:00.000Z",
            "2001-01-01T24:00:00",
            "12:00:00.0",
            "--01-02",
            "---03",
            "--04",
            "P1Y",
            "P12M",
            "PT60S",
            "P1Y2M3DT4H5M6.70S",
            "P0D",
            " 1",
        ];
        let datatypes = [
            "boolean",
            "float",
            "double",
            "decimal",
            "integer",
            "byte",
            "short",
            "int",
            "long",
            "unsignedByte",
            "unsignedShort",
            "unsignedInt",
            "unsignedLong",
            "positiveInteger",
            "negativeInteger",
            "nonPositiveInteger",
            "nonNegativeInteger",
            "dateTime",
            "dateTimeStamp",
            "time",
            "date",
            "gYearMonth",
            "gYear",
            "gMonthDay",
            "gDay",
            "gMonth",
            "duration",
            "yearMonthDuration",
            "dayTimeDuration",
            "string",
            "anyURI",
            "hexBinary",
        ];
        let ex = NamedNodeRef::new_unchecked("http://example.com/");
        let mut changed = 0;
        for value in values {
            for datatype in datatypes {
                let datatype = format!("http://www.w3.org/2001/XMLSchema#{datatype}");
                let written = Literal::new_typed_literal(value, NamedNode::new_unchecked(datatype));
                let store = Store::new().unwrap();
                let graph = oxigraph::model::GraphNameRef::DefaultGraph;
                store.insert(QuadRef::new(ex, ex, &written, graph)).unwrap();
                let Term::Literal(kept) = store.iter().next().unwrap().unwrap().object else {
                    panic!("a literal goes in, a literal comes out");
                };
                let expected = (kept != written).then_some(kept);
                assert_eq!(stored_form(written.as_ref()), expected, "{written}");
                changed += usize::from(expected.is_some());
            }
        }
        assert!(changed > 100, "the table covers too little: {changed}");
    }
}
