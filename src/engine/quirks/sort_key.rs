//! Sort keys: strings whose order is the order of the values.

use super::long_decimal::LongDecimal;
use oxigraph::model::{Literal, Term};
use oxsdatatypes::{DateTime, Decimal, Double, Duration, TimezoneOffset};
use spareval::ExpressionTerm;

/// The seconds of an average month: 4,800 months are the 400 years after which the Gregorian calendar repeats.
const MONTH: i128 = 2_629_746;

/// The number of units per one in a fixed-point decimal.
const PARTS: i128 = 1_000_000_000_000_000_000;

/// Returns the sort key of a value. A key is less than another if its value sorts before the other value.
///
/// The order is total. It extends the order of [SPARQL](https://www.w3.org/TR/sparql11-query/#modOrderBy), in which
/// blank nodes come before IRIs and IRIs before literals, and `<` where that is defined. Numbers come first, then
/// booleans, points in time, recurring dates, durations, and literals that are compared as text. A missing time zone
/// counts as UTC, and years, months and days count as the moment at which they begin.
pub(in crate::engine) fn sort_key(value: Term) -> String {
    use ExpressionTerm as Value;
    match Value::from(value) {
        Value::BlankNode(node) => format!("0{}", node.as_str()),
        Value::NamedNode(node) => format!("1{}", node.as_str()),
        Value::IntegerLiteral(n) => number(Double::from(n), Some(n.into())),
        Value::DecimalLiteral(n) => number(Double::from(n), Some(n)),
        Value::FloatLiteral(n) => number(n.into(), None),
        Value::DoubleLiteral(n) => number(n, None),
        Value::BooleanLiteral(is_true) => format!("3{}", u8::from(bool::from(is_true))),
        Value::GYearLiteral(at) => started(at.year(), 1, at.timezone_offset(), '0'),
        Value::GYearMonthLiteral(at) => started(at.year(), at.month(), at.timezone_offset(), '1'),
        Value::DateLiteral(at) => moment(DateTime::try_from(at).ok(), '2'),
        Value::DateTimeLiteral(at) => moment(Some(at), '3'),
        Value::TimeLiteral(at) => format!("50{}", ordered(seconds(at.to_be_bytes()))),
        Value::GMonthLiteral(at) => format!("51{}", ordered(seconds(at.to_be_bytes()))),
        Value::GMonthDayLiteral(at) => format!("52{}", ordered(seconds(at.to_be_bytes()))),
        Value::GDayLiteral(at) => format!("53{}", ordered(seconds(at.to_be_bytes()))),
        Value::DurationLiteral(length) => duration(length),
        Value::YearMonthDurationLiteral(length) => duration(length.into()),
        Value::DayTimeDurationLiteral(length) => duration(length.into()),
        other => match Term::from(other) {
            Term::Literal(literal) => match long_number_parts(&literal) {
                Some((bits, parts, rest)) => in_parts(bits, parts) + &rest,
                None => text(&literal),
            },
            // A triple term sorts behind literals.
            other => format!("8{other}"),
        },
    }
}

/// Returns the key of a number: its double, followed by the exact decimal, because many decimals share a double.
fn number(double: Double, decimal: Option<Decimal>) -> String {
    match number_parts(double, decimal) {
        Some((bits, parts)) => in_parts(bits, parts),
        None => "20".to_owned(),
    }
}

fn in_parts(bits: u64, parts: i128) -> String {
    format!("21{bits:016x}{}", ordered(parts))
}

/// Returns the parts of the key of a number, or `None` for `NaN`.
pub(in crate::engine) fn number_parts(
    double: Double,
    decimal: Option<Decimal>,
) -> Option<(u64, i128)> {
    let double = f64::from(double);
    if double.is_nan() {
        return None;
    }
    let decimal = decimal.or_else(|| format!("{double}").parse().ok());
    let parts = decimal.map_or(0, |decimal| i128::from_be_bytes(decimal.to_be_bytes()));
    Some((ordered_bits(double), parts))
}

/// Returns the parts of the key of a number that exceeds the engine's types, or `None` for other literals. The last part
/// is a text.
pub(in crate::engine) fn long_number_parts(literal: &Literal) -> Option<(u64, i128, String)> {
    let decimal = LongDecimal::read(literal)?;
    let (parts, rest) = decimal.in_parts();
    // The double of the preceding decimal of the engine, so that both are in order.
    let double = match parts {
        i128::MIN | i128::MAX => decimal.nearest(),
        _ => Double::from(Decimal::from_be_bytes(parts.to_be_bytes())).into(),
    };
    Some((ordered_bits(double), parts, rest))
}

/// Returns the bits of a double so that they are in the order of the numbers.
fn ordered_bits(double: f64) -> u64 {
    // Positive and negative zero are equal.
    let bits = (double + 0.0).to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// Returns the key of the moment at which a month begins.
fn started(year: i64, month: u8, zone: Option<TimezoneOffset>, precision: char) -> String {
    let sign = if year < 0 { "-" } else { "" };
    let zone = zone.map_or(String::new(), |zone| zone.to_string());
    let start = format!("{sign}{:04}-{month:02}-01T00:00:00{zone}", year.unsigned_abs());
    moment(start.parse().ok(), precision)
}

/// Returns the key of a moment. Of two equal moments, the less precise one comes first.
fn moment(at: Option<DateTime>, precision: char) -> String {
    let seconds = at.map_or(i128::MIN, |at| seconds(at.to_be_bytes()));
    format!("4{}{precision}", ordered(seconds))
}

/// Returns the fixed-point seconds of a point in time, in UTC if it has a zone. The remaining bytes are the zone.
fn seconds(bytes: [u8; 18]) -> i128 {
    bytes.first_chunk().map_or(0, |seconds| i128::from_be_bytes(*seconds))
}

/// Returns the key of a duration, counting all months as equally long.
fn duration(length: Duration) -> String {
    let bytes = length.to_be_bytes();
    let months = bytes.first_chunk().map_or(0, |months| i64::from_be_bytes(*months));
    let seconds = bytes.last_chunk().map_or(0, |seconds| i128::from_be_bytes(*seconds));
    let of_months = i128::from(months).saturating_mul(MONTH).saturating_mul(PARTS);
    format!("6{}", ordered(of_months.saturating_add(seconds)))
}

/// Returns the key of a literal that is compared as text: its text, then its datatype and language.
fn text(literal: &Literal) -> String {
    // The terminator sorts before anything that could continue a part.
    let end = |part: &str| part.replace('\0', "\0\u{1}") + "\0\0";
    let language = literal.language().unwrap_or_default();
    format!("7{}{}{language}", end(literal.value()), end(literal.datatype().as_str()))
}

/// Encodes an integer so that strings sort like their numbers.
fn ordered(number: i128) -> String {
    format!("{:032x}", number.cast_unsigned() ^ 1 << 127)
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::{BlankNode, NamedNode};
    use oxigraph::sparql::{QueryResults, QuerySolution, SparqlEvaluator};
    use proptest::prelude::*;
    use spargebra::SparqlParser;

    fn typed(value: &str, datatype: &str) -> Term {
        let datatype = format!("http://www.w3.org/2001/XMLSchema#{datatype}");
        Literal::new_typed_literal(value, NamedNode::new_unchecked(datatype)).into()
    }

    fn plain(value: &str) -> Term {
        Literal::new_simple_literal(value).into()
    }

    fn tagged(value: &str, language: &str) -> Term {
        Literal::new_language_tagged_literal_unchecked(value, language).into()
    }

    #[test]
    fn keys_are_in_the_order_of_values() {
        let groups: [&[Term]; 66] = [
            &[BlankNode::new_unchecked("a").into()],
            &[BlankNode::new_unchecked("b").into()],
            &[NamedNode::new_unchecked("x:a").into()],
            &[NamedNode::new_unchecked("x:b").into()],
            &[typed("NaN", "double"), typed("NaN", "float")],
            &[typed("-INF", "double"), typed("-INF", "float")],
            &[typed("-1e30", "double")],
            &[typed("-1180591620717411303424.5", "decimal")],
            &[typed("-1180591620717411303424", "integer")],
            &[typed("-9007199254740993", "integer")],
            &[typed("-9007199254740992", "integer")],
            &[typed("-52.5162750000000000001", "decimal")],
            &[typed("-52.516275", "decimal")],
            &[typed("-2", "integer"), typed("-2.0", "decimal"), typed("-2e0", "double")],
            &[typed("-0.5", "decimal"), typed("-5e-1", "double")],
            &[typed("0", "integer"), typed("-0", "double"), typed("0", "float")],
            &[typed("0.1", "decimal"), typed("1e-1", "double")],
            &[typed("0.100000000000000001", "decimal")],
            &[typed("9", "integer"), typed("9.0", "decimal"), typed("9", "float")],
            &[typed("10", "byte"), typed("10", "integer")],
            &[typed("52.516275", "decimal")],
            &[typed("52.5162750000000000001", "decimal")],
            &[typed("9007199254740992", "integer")],
            &[typed("9007199254740993", "integer")],
            &[typed("1180591620717411303424", "integer")],
            &[typed("1180591620717411303424.5", "decimal")],
            &[typed("1e30", "double")],
            &[typed("INF", "double")],
            &[typed("false", "boolean"), typed("0", "boolean")],
            &[typed("true", "boolean")],
            &[typed("-0001", "gYear")],
            &[typed("1999", "gYear")],
            &[typed("1999-06-01", "date")],
            &[
                typed("1999-12-31T23:00:00-05:00", "dateTime"),
                typed("2000-01-01T04:00:00Z", "dateTime"),
            ],
            &[typed("2001+01:00", "gYear")],
            &[typed("2001", "gYear"), typed("2001Z", "gYear")],
            &[typed("2001-01", "gYearMonth")],
            &[typed("2001-01-01", "date")],
            &[typed("2001-01-01T00:00:00", "dateTime")],
            &[typed("2001-01-01T00:00:00.5", "dateTime")],
            &[typed("2001-02", "gYearMonth")],
            &[typed("10000", "gYear")],
            &[typed("08:00:00", "time"), typed("09:00:00+01:00", "time")],
            &[typed("08:30:00", "time")],
            &[typed("--02", "gMonth")],
            &[typed("--11", "gMonth")],
            &[typed("--02-03", "gMonthDay")],
            &[typed("--10-01", "gMonthDay")],
            &[typed("---02", "gDay")],
            &[typed("---11", "gDay")],
            &[typed("-P1Y", "duration"), typed("-P12M", "yearMonthDuration")],
            &[typed("PT1S", "dayTimeDuration"), typed("PT1S", "duration")],
            &[typed("P27D", "duration")],
            &[typed("P1M", "yearMonthDuration"), typed("P1M", "duration")],
            &[typed("P32D", "dayTimeDuration")],
            &[typed("P1Y", "duration"), typed("P12M", "duration")],
            &[typed("P367D", "duration")],
            &[plain("")],
            &[plain("10?")],
            &[tagged("9", "de")],
            &[tagged("9", "en")],
            &[plain("9")],
            &[typed("9", "unknown")],
            &[plain("a"), typed("a", "string")],
            &[plain("a\0b")],
            &[plain("b")],
        ];
        let keys: Vec<Vec<String>> =
            groups.iter().map(|group| group.iter().cloned().map(sort_key).collect()).collect();
        for (i, group) in keys.iter().enumerate() {
            assert!(group.iter().all(|key| *key == group[0]), "{:?}", groups[i]);
            let next = keys.get(i + 1).map(|next| &next[0]);
            assert!(
                next.is_none_or(|next| group[0] < *next),
                "{:?} {:?}",
                groups[i],
                groups.get(i + 1)
            );
        }
    }

    fn rows(results: QueryResults<'_>) -> Vec<QuerySolution> {
        match results {
            QueryResults::Solutions(solutions) => solutions.map(Result::unwrap).collect(),
            _ => Vec::new(),
        }
    }

    fn value() -> impl Strategy<Value = Term> {
        let datatypes = [
            "integer", "decimal", "double", "float", "boolean", "string", "dateTime", "date",
            "gYear", "duration",
        ];
        let values = "-?[0-9]{1,3}(\\.[0-9]{1,2})?|[a-c]{0,2}|[0-9]\\?|(NaN|INF|true)|20[01][0-9]-0[1-3]-0[1-3](T0[0-9]:00:00)?(Z|-05:00)?|-?P[1-9][0-9]?[MD]";
        (values, 0..datatypes.len() + 2).prop_map(move |(value, kind)| match datatypes.get(kind) {
            Some(datatype) => typed(&value, datatype),
            None if kind == datatypes.len() => tagged(&value, "en"),
            None => NamedNode::new_unchecked(format!("x:{value}")).into(),
        })
    }

    proptest! {
        /// Decimals within the engine's range and longer ones sort together, by their digits.
        #[test]
        fn keys_of_near_decimals_are_in_order(
            texts in prop::array::uniform2("-?[0-9]{0,2}\\.(52516275[09]{6,12}[0-9]{0,4}|[0-9]{16,22})"),
        ) {
            let [a, b] = texts.map(|text| typed(&text, "decimal"));
            let exact = |term: &Term| match term {
                Term::Literal(literal) => LongDecimal::read(literal),
                _ => None,
            };
            let order = exact(&a).unwrap().cmp(&exact(&b).unwrap());
            prop_assert_eq!(sort_key(a.clone()).cmp(&sort_key(b.clone())), order, "{} {}", a, b);
        }

        /// If the engine says that a value is less than or equal to another, so do the keys.
        #[test]
        fn keys_agree_with_the_engine(a in value(), b in value()) {
            let text = format!("SELECT ({a} < {b} AS ?less) ({a} = {b} AS ?equal) {{}}");
            let query = SparqlParser::new().parse_query(&text).unwrap();
            let store = oxigraph::store::Store::new().unwrap();
            let results = SparqlEvaluator::new().for_query(query).on_store(&store).execute().unwrap();
            let row = rows(results).pop().unwrap();
            let is_true = |name: &str| row.get(name) == Some(&Literal::from(true).into());
            let (less, equal) = (is_true("less"), is_true("equal"));
            let (a_key, b_key) = (sort_key(a.clone()), sort_key(b.clone()));
            prop_assert!(!less || a_key < b_key, "{a} < {b}");
            let is_float = |term: &Term| term.to_string().ends_with("float>");
            prop_assert!(!equal || is_float(&a) || is_float(&b) || a_key == b_key, "{a} = {b}");
        }
    }
}
