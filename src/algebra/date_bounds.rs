//! The functions `dos:earliest` and `dos:latest`, which make dates of different precision comparable: the first and the
//! last day that a year, a month, a day or a time can mean.
//!
//! SPARQL compares dates of one type only. A call is replaced by an expression of SPARQL 1.1, so that every engine
//! evaluates it; a call with a constant by its value.

use super::walk::{change, for_each_expression, for_each_operand, pattern_of_mut};
use crate::diagnostic::nearest;
use crate::vocabulary::{dos, xsd, xsd_name};
use oxigraph::model::NamedNodeRef;
use spargebra::Query;
use spargebra::algebra::{Expression, Function};
use spargebra::term::Literal;

/// A call that cannot be replaced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DateBoundError {
    /// It has not one argument.
    #[error("`{function}` takes 1 argument, not {count}")]
    Arguments {
        /// The name of the function.
        function: &'static str,
        /// The number of arguments.
        count: usize,
    },
    /// It is compared with a date that is not a day, which is always an error.
    #[error("`{function}(…)` is a day, which cannot be compared with `{date}`")]
    ComparedWithDate {
        /// The name of the function.
        function: &'static str,
        /// The date, as in SPARQL.
        date: String,
    },
}

/// The first or the last day that a date can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Earliest,
    Latest,
}

/// The datatypes of dates that are not days.
const OTHER_DATES: [&str; 3] = ["gYear", "gYearMonth", "dateTime"];

/// A year, and what follows it: a time zone.
const YEAR: &str = "^(-?[0-9]+)(Z|[+-][0-9:]+)?$";
/// A month, and its time zone.
const MONTH: &str = "^(-?[0-9]+-[0-9]{2})(Z|[+-][0-9:]+)?$";
/// The time of a day.
const TIME: &str = "T[0-9:.]+";
/// A month of 30 days.
const MONTH_OF_30: &str = "^-?[0-9]+-(04|06|09|11)";
/// A February.
const FEBRUARY: &str = "^-?[0-9]+-02";
/// A February of a leap year: its number is a multiple of 4, and of 400 if it is one of 100.
const FEBRUARY_OF_29: &str =
    "^-?[0-9]*(0[48]|[2468][048]|[13579][26]|([02468][048]|[13579][26])00)-02";

/// Replaces the calls of `dos:earliest` and `dos:latest` in a query.
///
/// # Errors
/// If a call has not one argument, or is compared with a constant of another precision.
pub(crate) fn expand_date_bounds(query: &mut Query) -> Result<(), DateBoundError> {
    let mut result = Ok(());
    change(pattern_of_mut(query), &mut |pattern| {
        for_each_expression(pattern, &mut |expression| {
            if let Err(problem) = expand(expression) {
                result = Err(problem);
            }
        });
        result.is_ok()
    });
    result
}

/// Returns the function whose name is like that of an unknown one.
pub(crate) fn nearest_date_bound(function: NamedNodeRef<'_>) -> Option<&'static str> {
    let (namespace, name) = function.as_str().rsplit_once('#')?;
    [Bound::Earliest, Bound::Latest].map(Bound::name).into_iter().find(|known| {
        let local = known.trim_start_matches("dos:");
        dos::EARLIEST.as_str().rsplit_once('#').is_some_and(|(own, _)| own == namespace)
            && nearest(name, [local]).is_some()
    })
}

/// Replaces the calls in an expression, inner ones first. The patterns of EXISTS are not in it.
fn expand(expression: &mut Expression) -> Result<(), DateBoundError> {
    let mut result = check_comparison(expression);
    for_each_operand(expression, &mut |operand| {
        if result.is_ok() {
            result = expand(operand);
        }
    });
    result?;
    let Expression::FunctionCall(Function::Custom(name), arguments) = expression else {
        return Ok(());
    };
    let Some(bound) = Bound::named(name.as_ref()) else { return Ok(()) };
    let [argument] = arguments.as_mut_slice() else {
        return Err(DateBoundError::Arguments { function: bound.name(), count: arguments.len() });
    };
    let argument = std::mem::replace(argument, Expression::Coalesce(Vec::new()));
    let constant = match &argument {
        Expression::Literal(date) => bound.of_constant(date),
        _ => None,
    };
    *expression = constant.map_or_else(|| bound.of(&argument), Expression::Literal);
    Ok(())
}

/// Refuses the comparison of a call with a constant of another precision.
fn check_comparison(expression: &Expression) -> Result<(), DateBoundError> {
    let (Expression::Equal(a, b)
    | Expression::Less(a, b)
    | Expression::LessOrEqual(a, b)
    | Expression::Greater(a, b)
    | Expression::GreaterOrEqual(a, b)) = expression
    else {
        return Ok(());
    };
    for (call, constant) in [(a, b), (b, a)] {
        if let Expression::FunctionCall(Function::Custom(name), _) = &**call
            && let Some(bound) = Bound::named(name.as_ref())
            && let Expression::Literal(date) = &**constant
            && let Some(datatype) = xsd_name(date.datatype())
            && OTHER_DATES.contains(&datatype)
        {
            return Err(DateBoundError::ComparedWithDate {
                function: bound.name(),
                date: format!("\"{}\"^^xsd:{datatype}", date.value()),
            });
        }
    }
    Ok(())
}

impl Bound {
    fn named(function: NamedNodeRef<'_>) -> Option<Self> {
        [Self::Earliest, Self::Latest].into_iter().find(|bound| bound.iri() == function)
    }

    const fn iri(self) -> NamedNodeRef<'static> {
        match self {
            Self::Earliest => dos::EARLIEST,
            Self::Latest => dos::LATEST,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Earliest => "dos:earliest",
            Self::Latest => "dos:latest",
        }
    }

    /// Returns the day as an expression. It is an error if the value is not a date with a year.
    fn of(self, date: &Expression) -> Expression {
        let has_type = |datatype: NamedNodeRef<'_>| {
            Expression::Equal(
                call(Function::Datatype, [date.clone()]).into(),
                Expression::NamedNode(datatype.into_owned()).into(),
            )
        };
        let replaced = |pattern: &str, replacement: Expression| {
            let text = call(Function::Replace, [lexical(date), text(pattern), replacement]);
            call(Function::StrDt, [text, Expression::NamedNode(xsd::DATE.into_owned())])
        };
        let of_year = match self {
            Self::Earliest => "$1-01-01$2",
            Self::Latest => "$1-12-31$2",
        };
        let of_month = match self {
            Self::Earliest => text("$1-01$2"),
            Self::Latest => end_of_month(date),
        };
        let no_date = Expression::Divide(integer(1).into(), integer(0).into());
        [
            (xsd::DATE_TIME, replaced(TIME, text(""))),
            (xsd::DATE, date.clone()),
            (xsd::G_YEAR_MONTH, replaced(MONTH, of_month)),
            (xsd::G_YEAR, replaced(YEAR, text(of_year))),
        ]
        .into_iter()
        .fold(no_date, |rest, (datatype, day)| choice(has_type(datatype), day, rest))
    }
}

impl Bound {
    /// Returns the day for a constant, or `None` if it is not a date with a year.
    fn of_constant(self, date: &Literal) -> Option<Literal> {
        let value = date.value();
        let datatype = date.datatype();
        let day = if datatype == xsd::DATE {
            value.to_owned()
        } else if datatype == xsd::DATE_TIME {
            let (day, time) = value.split_once('T')?;
            let zone = time.find(['Z', '+', '-']).map_or("", |start| &time[start..]);
            format!("{day}{zone}")
        } else if datatype == xsd::G_YEAR {
            let (year, zone) = without_zone(value, 1)?;
            match self {
                Self::Earliest => format!("{year}-01-01{zone}"),
                Self::Latest => format!("{year}-12-31{zone}"),
            }
        } else if datatype == xsd::G_YEAR_MONTH {
            let (month, zone) = without_zone(value, 2)?;
            match self {
                Self::Earliest => format!("{month}-01{zone}"),
                Self::Latest => format!("{month}-{}{zone}", days_in(month)?),
            }
        } else {
            return None;
        };
        Some(Literal::new_typed_literal(day, xsd::DATE))
    }
}

/// Splits a date of so many numbers, separated by `-`, from its time zone.
fn without_zone(date: &str, numbers: usize) -> Option<(&str, &str)> {
    let unsigned = date.strip_prefix('-').unwrap_or(date);
    let mut ends = unsigned.char_indices().filter(|(_, c)| !c.is_ascii_digit()).map(|(at, _)| at);
    let end = ends.nth(numbers - 1).unwrap_or(unsigned.len()) + date.len() - unsigned.len();
    let (number, zone) = date.split_at(end);
    number.ends_with(|c: char| c.is_ascii_digit()).then_some((number, zone))
}

/// Returns the number of days in a month such as `2001-06`.
fn days_in(month: &str) -> Option<u32> {
    let (year, month) = month.rsplit_once('-')?;
    let year: i64 = year.parse().ok()?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    Some(match month {
        "04" | "06" | "09" | "11" => 30,
        "02" if is_leap => 29,
        "02" => 28,
        _ => 31,
    })
}

/// Returns the replacement for the parts of [`MONTH`].
fn end_of_month(month: &Expression) -> Expression {
    let is = |pattern: &str| call(Function::Regex, [lexical(month), text(pattern)]);
    [(FEBRUARY, text("$1-28$2")), (FEBRUARY_OF_29, text("$1-29$2")), (MONTH_OF_30, text("$1-30$2"))]
        .into_iter()
        .fold(text("$1-31$2"), |rest, (pattern, day)| choice(is(pattern), day, rest))
}

fn call<const N: usize>(function: Function, arguments: [Expression; N]) -> Expression {
    Expression::FunctionCall(function, arguments.into())
}

fn choice(condition: Expression, then: Expression, otherwise: Expression) -> Expression {
    Expression::If(condition.into(), then.into(), otherwise.into())
}

fn lexical(date: &Expression) -> Expression {
    call(Function::Str, [date.clone()])
}

fn text(value: &str) -> Expression {
    Expression::Literal(Literal::new_simple_literal(value))
}

fn integer(value: i64) -> Expression {
    Expression::Literal(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::sparql::{QueryResults, SparqlEvaluator};
    use oxigraph::store::Store;

    /// Evaluates a query of one value with the engine alone.
    fn evaluated(call: &str) -> Option<String> {
        let text = format!(
            "PREFIX dos: <https://w3id.org/dossier/ontology#> \
             PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ({call} AS ?day) {{}}"
        );
        let mut query = spargebra::SparqlParser::new().parse_query(&text).unwrap();
        expand_date_bounds(&mut query).unwrap();
        let query = SparqlEvaluator::new().for_query(query);
        let Ok(QueryResults::Solutions(mut rows)) =
            query.on_store(&Store::new().unwrap()).execute()
        else {
            panic!("{call}");
        };
        rows.next()?.unwrap().get("day").map(ToString::to_string)
    }

    #[test]
    fn dates_have_a_first_and_a_last_day() {
        for (date, earliest, latest) in [
            ("'2016'^^xsd:gYear", "2016-01-01", "2016-12-31"),
            ("'2016Z'^^xsd:gYear", "2016-01-01Z", "2016-12-31Z"),
            ("'2016-05:00'^^xsd:gYear", "2016-01-01-05:00", "2016-12-31-05:00"),
            ("'-0044'^^xsd:gYear", "-0044-01-01", "-0044-12-31"),
            ("'2016-04'^^xsd:gYearMonth", "2016-04-01", "2016-04-30"),
            ("'2016-12'^^xsd:gYearMonth", "2016-12-01", "2016-12-31"),
            ("'2016-02'^^xsd:gYearMonth", "2016-02-01", "2016-02-29"),
            ("'2015-02'^^xsd:gYearMonth", "2015-02-01", "2015-02-28"),
            ("'1900-02'^^xsd:gYearMonth", "1900-02-01", "1900-02-28"),
            ("'2000-02+02:00'^^xsd:gYearMonth", "2000-02-01+02:00", "2000-02-29+02:00"),
            ("'2016-05-02'^^xsd:date", "2016-05-02", "2016-05-02"),
            ("'2016-05-02T10:30:00.5Z'^^xsd:dateTime", "2016-05-02Z", "2016-05-02Z"),
            ("'2016-05-02T10:30:00-01:00'^^xsd:dateTime", "2016-05-02-01:00", "2016-05-02-01:00"),
        ] {
            for (function, day) in [("earliest", earliest), ("latest", latest)] {
                let expected = format!("\"{day}\"^^<http://www.w3.org/2001/XMLSchema#date>");
                let of_constant = evaluated(&format!("dos:{function}({date})"));
                assert_eq!(of_constant.as_ref(), Some(&expected), "{function} {date}");
                let of_value = evaluated(&format!("dos:{function}(IF(true, {date}, 0))"));
                assert_eq!(of_value.as_ref(), Some(&expected), "{function} of a value, {date}");
            }
        }
    }

    #[test]
    fn other_values_have_none() {
        for value in ["'2016'", "2016", "<x:y>", "'--05'^^xsd:gMonth", "'10:00:00'^^xsd:time"] {
            assert_eq!(evaluated(&format!("dos:earliest({value})")), None, "{value}");
            assert_eq!(evaluated(&format!("dos:latest(IF(true, {value}, 0))")), None, "{value}");
        }
    }

    #[test]
    fn leap_years_are_those_of_the_calendar() {
        for year in (-8..8).chain(1890..2110) {
            let month = format!("{}{:04}-02", if year < 0 { "-" } else { "" }, i64::abs(year));
            let constant = Literal::new_typed_literal(&*month, xsd::G_YEAR_MONTH);
            let expected = Bound::Latest.of_constant(&constant).map(|day| day.to_string());
            let value = format!("dos:latest(IF(true, '{month}'^^xsd:gYearMonth, 0))");
            assert_eq!(evaluated(&value), expected, "{month}");
        }
    }

    #[test]
    fn a_call_has_one_argument() {
        let text = "SELECT * { FILTER(<https://w3id.org/dossier/ontology#latest>(1, 2)) }";
        let mut query = spargebra::SparqlParser::new().parse_query(text).unwrap();
        let problem = DateBoundError::Arguments { function: "dos:latest", count: 2 };
        assert_eq!(expand_date_bounds(&mut query), Err(problem));
    }

    #[test]
    fn a_day_is_compared_with_days() {
        let refuses = |condition: &str| {
            let text = format!(
                "PREFIX dos: <https://w3id.org/dossier/ontology#> \
                 PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT * {{ ?s ?p ?d FILTER({condition}) }}"
            );
            let mut query = spargebra::SparqlParser::new().parse_query(&text).unwrap();
            expand_date_bounds(&mut query).err().map(|error| error.to_string())
        };
        assert_eq!(
            refuses("'2001-06'^^xsd:gYearMonth <= dos:latest(?d)").as_deref(),
            Some(
                "`dos:latest(…)` is a day, which cannot be compared with `\"2001-06\"^^xsd:gYearMonth`"
            )
        );
        assert_eq!(refuses("dos:latest(?d) > '2001-06-01'^^xsd:date"), None);
        assert_eq!(refuses("dos:latest(?d) > dos:earliest('2001-06'^^xsd:gYearMonth)"), None);
    }
}
