//! Which texts are lexical forms of which datatype
//! ([XML Schema 1.1, part 2](https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes)).
//!
//! As in [RDF](https://www.w3.org/TR/rdf11-concepts/#section-Datatypes), white space is not removed first.

use super::{dates, durations, is_integer, numbers, strings, xsd_name};
use oxigraph::model::Literal;

/// Why a text is not a lexical form of a datatype.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LexicalFault {
    /// It does not have the form.
    Form,
    /// The number is not among those of the type.
    Range {
        /// The least value.
        least: Option<&'static str>,
        /// The greatest value.
        most: Option<&'static str>,
    },
    /// There is no month with this number.
    Month(u8),
    /// The month has fewer days, or the day is zero.
    Day {
        /// The last day of the month.
        last: u8,
    },
    /// The hours, minutes or seconds are too many.
    Time,
    /// The time zone is more than 14 hours from UTC.
    TimeZone,
    /// A time zone is required.
    NoTimeZone,
}

/// Checks that a text is a lexical form of the XML Schema datatype with this name. All texts are forms of a datatype
/// that is not known.
///
/// # Errors
/// If it is not: why.
pub(crate) fn check_lexical_form(datatype: &str, form: &str) -> Result<(), LexicalFault> {
    let is_valid = match datatype {
        "boolean" => matches!(form, "true" | "false" | "1" | "0"),
        "decimal" => return numbers::decimal(form),
        "double" | "float" => return numbers::double(form),
        name if is_integer(name) => return numbers::integer(name, form),
        "date" | "dateTime" | "dateTimeStamp" | "gDay" | "gMonth" | "gMonthDay" | "gYear"
        | "gYearMonth" | "time" => return dates::check(datatype, form),
        "dayTimeDuration" | "duration" | "yearMonthDuration" => {
            return durations::check(datatype, form);
        }
        // The lexical forms of `xsd:anyURI` are all strings.
        "anyURI" | "string" => strings::is_string(form),
        "normalizedString" => strings::is_normalized(form),
        "token" => strings::is_token(form),
        "language" => strings::is_language(form),
        "Name" => strings::is_name(form),
        "NCName" => strings::is_name_without_colon(form),
        "NMTOKEN" => strings::is_name_token(form),
        "hexBinary" => strings::is_hexadecimal(form),
        "base64Binary" => strings::is_base64(form),
        _ => true,
    };
    if is_valid { Ok(()) } else { Err(LexicalFault::Form) }
}

/// Checks that the text of a literal is a lexical form of its datatype.
///
/// # Errors
/// If it is not: why.
pub(crate) fn lexical_form(literal: &Literal) -> Result<(), LexicalFault> {
    match xsd_name(literal.datatype()) {
        Some(name) => check_lexical_form(name, literal.value()),
        None => Ok(()),
    }
}

/// Returns what the lexical forms of the datatype with this name look like, and one of them. Returns `None` if all
/// texts are.
pub(crate) fn form_and_example(datatype: &str) -> Option<(&'static str, &'static str)> {
    Some(match datatype {
        "boolean" => ("`true` or `false`", "true"),
        "decimal" => ("digits, with a decimal point at most", "2.5"),
        "double" | "float" => ("a number, with an exponent if needed", "2.5e3"),
        "negativeInteger" | "nonPositiveInteger" => ("digits after a minus sign", "-42"),
        name if is_integer(name) => ("digits", "42"),
        "date" => ("year-month-day", "1984-06-15"),
        "dateTime" => ("year-month-dayThour:minute:second", "1984-06-15T14:30:00"),
        "dateTimeStamp" => ("a date, a time and a time zone", "1984-06-15T14:30:00Z"),
        "gDay" => ("three hyphens and two digits", "---15"),
        "gMonth" => ("two hyphens and two digits", "--06"),
        "gMonthDay" => ("--month-day", "--06-15"),
        "gYear" => ("a year of four digits", "1984"),
        "gYearMonth" => ("year-month", "1984-06"),
        "time" => ("hour:minute:second", "14:30:00"),
        "dayTimeDuration" => ("`P`, days, `T`, hours, minutes and seconds", "P1DT12H"),
        "duration" => ("`P`, years, months and days, `T`, hours, minutes and seconds", "P1Y6M"),
        "yearMonthDuration" => ("`P`, years and months", "P1Y6M"),
        "normalizedString" => ("a text without tabs and line breaks", "green tea"),
        "token" => ("words with single spaces between them", "green tea"),
        "language" => ("a language tag", "en-GB"),
        "Name" | "NCName" | "NMTOKEN" => ("a name of XML", "tea"),
        "hexBinary" => ("pairs of hexadecimal digits", "0FB7"),
        "base64Binary" => ("Base64", "VGVh"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxsdatatypes::{
        Boolean, Date, DateTime, DayTimeDuration, Double, Duration, GDay, GMonth, GMonthDay, GYear,
        GYearMonth, Time, YearMonthDuration,
    };
    use proptest::prelude::*;

    /// Each datatype with texts that are its lexical forms, and texts that are not, by the productions of XML Schema.
    const FORMS: &[(&str, &[&str], &[&str])] = &[
        ("boolean", &["true", "false", "1", "0"], &["TRUE", "yes", "", " true", "01"]),
        (
            "decimal",
            &["0", "-1.50", "+.5", "5.", "123456789012345678901234567890.123456789012345678901"],
            &["", ".", "-", "1e5", "1,5", "INF", "NaN", "1 000", "--1", "1.2.3"],
        ),
        (
            "double",
            &["1", "-1.5E+10", ".5e-3", "5.e1", "INF", "+INF", "-INF", "NaN", "1e400"],
            &["", "e5", "1e", "1e1.5", "inf", "nan", "+NaN", "Infinity", "1f", "0x1"],
        ),
        ("float", &["1", "INF", "-0"], &["-", "1e", "INFINITY"]),
        (
            "integer",
            &["0", "-0", "+7", "007", "99999999999999999999999999999999999999999"],
            &["", "+", "1.0", "1e3", "1,000", " 1", "1 ", "４", "--1", "+-1"],
        ),
        ("nonPositiveInteger", &["0", "-0", "+0", "-1"], &["1", "+1", "-"]),
        ("negativeInteger", &["-1", "-01"], &["0", "-0", "1"]),
        ("nonNegativeInteger", &["0", "-0", "+1", "1000000000000000000000"], &["-1", "-001", ""]),
        ("positiveInteger", &["1", "+1", "01"], &["0", "-0", "+0", "-1"]),
        (
            "long",
            &["9223372036854775807", "-9223372036854775808", "-0009223372036854775808"],
            &["9223372036854775808", "-9223372036854775809"],
        ),
        ("int", &["2147483647", "-2147483648", "+00"], &["2147483648", "-2147483649"]),
        ("short", &["32767", "-32768"], &["32768", "-32769"]),
        ("byte", &["127", "-128"], &["128", "-129", "1000"]),
        ("unsignedLong", &["18446744073709551615", "-0"], &["18446744073709551616", "-1"]),
        ("unsignedInt", &["4294967295", "0"], &["4294967296", "-1"]),
        ("unsignedShort", &["65535"], &["65536", "-1"]),
        ("unsignedByte", &["255", "+255"], &["256", "-1"]),
        (
            "gYear",
            &["1984", "0000", "-0044", "12345", "1984Z", "1984+14:00", "99999999999999999999"],
            &["84", "01984", "+1984", "", "-", "1984-", "1984+14:01", "1984-5", "19 84", "MCM"],
        ),
        (
            "gYearMonth",
            &["1984-06", "-0001-12", "12345-01", "1984-06Z"],
            &["1984", "1984-13", "1984-00", "1984-6", "1984/06", "1984-06-01"],
        ),
        ("gMonth", &["--06", "--12Z", "--01-05:00"], &["--13", "--00", "06", "--6", "--06--"]),
        (
            "gMonthDay",
            &["--02-29", "--12-31", "--06-30Z"],
            &["--02-30", "--06-31", "--13-01", "--01-00", "02-29", "--2-29"],
        ),
        ("gDay", &["---31", "---01", "---15Z"], &["---32", "---00", "--15", "15", "---1"]),
        (
            "date",
            &[
                "1984-06-15",
                "2000-02-29",
                "2024-02-29",
                "0000-02-29",
                "-0004-02-29",
                "12000-02-29",
                "1984-06-15Z",
                "1984-06-15+14:00",
                "1984-06-15-13:59",
            ],
            &[
                "1984-13-45",
                "1984-06-31",
                "1900-02-29",
                "2023-02-29",
                "1984-06-00",
                "1984-6-15",
                "84-06-15",
                "1984-06-15T",
                "15.06.1984",
                "1984-06-15+14:30",
                "1984-06-15+15:00",
                "1984-06-15+1:00",
                "1984-06-15+13:60",
                "1984-06-15z",
                "12100-02-29",
                "",
            ],
        ),
        (
            "time",
            &["00:00:00", "23:59:59.999", "24:00:00", "24:00:00.00", "12:00:00Z", "12:00:00-14:00"],
            &[
                "24:00:01",
                "24:00:00.01",
                "23:60:00",
                "23:59:60",
                "12:00",
                "1:00:00",
                "12:00:00.",
                "25:00:00",
            ],
        ),
        (
            "dateTime",
            &["1984-06-15T14:30:00", "1984-06-15T24:00:00", "-0001-01-01T00:00:00.5Z"],
            &[
                "1984-06-15",
                "1984-06-15 14:30:00",
                "1984-06-15t14:30:00",
                "1984-06-15T14:30",
                "1984-02-30T00:00:00",
                "1984-06-15T24:00:01",
                "1984-06-15T14:30:00+0100",
            ],
        ),
        (
            "dateTimeStamp",
            &["1984-06-15T14:30:00Z", "1984-06-15T14:30:00+01:00"],
            &["1984-06-15T14:30:00"],
        ),
        (
            "duration",
            &["P1Y", "-P1Y2M3DT4H5M6.7S", "PT0S", "P1M", "PT1M", "P0D", "P99999999999999999999Y"],
            &[
                "P", "PT", "P1YT", "1Y", "P1S", "P1M1Y", "P-1Y", "+P1Y", "P1.5Y", "PT1.5H",
                "PT.5S", "PT1.S", "P1H", "p1y", "P1Y1Y",
            ],
        ),
        (
            "yearMonthDuration",
            &["P1Y", "-P2M", "P1Y2M"],
            &["P1D", "P", "P1Y2M3D", "PT1M", "P1YT1M"],
        ),
        (
            "dayTimeDuration",
            &["P1D", "-PT1H2M3.5S", "P1DT1S"],
            &["P1Y", "P1M", "P", "PT", "P1DT", "P1H"],
        ),
        ("string", &["", " a\tb\n", "𝒳"], &["a\0b", "\u{ffff}"]),
        ("anyURI", &["", "https://example.com/a b", "é", "1:2", "%zz"], &["\0"]),
        ("normalizedString", &["", " a  b "], &["a\tb", "a\nb", "\r"]),
        ("token", &["", "a b"], &[" a", "a ", "a  b", "a\tb"]),
        (
            "language",
            &["en", "de-CH-1901", "x-klingon", "abcdefgh"],
            &["", "e n", "en-", "123", "abcdefghi", "en_GB"],
        ),
        ("Name", &["a", "_a", ":a", "a:b", "é-1.x"], &["", "1a", "-a", "a b", "."]),
        ("NCName", &["a", "_a", "é·"], &["", "a:b", ":a", "1a", "a b"]),
        ("NMTOKEN", &["1a", "-", "a:b", "."], &["", "a b", "a/b"]),
        ("hexBinary", &["", "0FB7", "0fb7"], &["0", "0FB", "xx", "0F B7"]),
        (
            "base64Binary",
            &["", "VGVh", "V G V h", "VGU=", "VG U =", "VA==", "VA= ="],
            &[
                "VGV", "VGVhV", "VGV=", "VB==", "V===", "====", " VGVh", "VGVh ", "VG  Vh",
                "VG\nVh", "VG-h", "=VGV",
            ],
        ),
    ];

    #[test]
    fn the_forms_of_each_datatype_are_known() {
        for (datatype, valid, invalid) in FORMS {
            for form in *valid {
                assert_eq!(check_lexical_form(datatype, form), Ok(()), "{datatype} {form:?}");
            }
            for form in *invalid {
                assert!(check_lexical_form(datatype, form).is_err(), "{datatype} {form:?}");
            }
            if let Some((_, example)) = form_and_example(datatype) {
                assert_eq!(check_lexical_form(datatype, example), Ok(()), "{datatype} {example}");
            }
        }
    }

    #[test]
    fn each_datatype_has_forms() {
        let abstract_types = ["anyAtomicType", "anySimpleType"];
        for name in super::super::INTEGERS.iter().chain(&super::super::OTHERS) {
            let is_listed = FORMS.iter().any(|(datatype, ..)| datatype == name);
            assert!(is_listed != abstract_types.contains(name), "{name}");
        }
    }

    #[test]
    fn the_fault_is_told() {
        for (datatype, form, fault) in [
            ("date", "1984-13-45", LexicalFault::Month(13)),
            ("date", "1900-02-29", LexicalFault::Day { last: 28 }),
            ("gDay", "---32", LexicalFault::Day { last: 31 }),
            ("time", "24:00:01", LexicalFault::Time),
            ("date", "1984-06-15+14:01", LexicalFault::TimeZone),
            ("dateTimeStamp", "1984-06-15T14:30:00", LexicalFault::NoTimeZone),
            ("byte", "128", LexicalFault::Range { least: Some("-128"), most: Some("127") }),
            ("gYear", "84", LexicalFault::Form),
        ] {
            assert_eq!(check_lexical_form(datatype, form), Err(fault), "{datatype} {form}");
        }
    }

    /// Returns whether `oxsdatatypes` reads a text as a value of the datatype.
    fn is_read(datatype: &str, form: &str) -> bool {
        match datatype {
            "boolean" => form.parse::<Boolean>().is_ok(),
            "date" => form.parse::<Date>().is_ok(),
            "dateTime" => form.parse::<DateTime>().is_ok(),
            "dayTimeDuration" => form.parse::<DayTimeDuration>().is_ok(),
            "double" => form.parse::<Double>().is_ok(),
            "duration" => form.parse::<Duration>().is_ok(),
            "gDay" => form.parse::<GDay>().is_ok(),
            "gMonth" => form.parse::<GMonth>().is_ok(),
            "gMonthDay" => form.parse::<GMonthDay>().is_ok(),
            "gYear" => form.parse::<GYear>().is_ok(),
            "gYearMonth" => form.parse::<GYearMonth>().is_ok(),
            "time" => form.parse::<Time>().is_ok(),
            _ => form.parse::<YearMonthDuration>().is_ok(),
        }
    }

    proptest! {
        /// On small values, the parsers of the query engine say the same.
        #[test]
        fn the_query_engine_agrees(
            datatype in prop::sample::select(vec![
                "boolean", "date", "dateTime", "dayTimeDuration", "double", "duration", "gDay", "gMonth", "gMonthDay",
                "gYear", "gYearMonth", "time", "yearMonthDuration",
            ]),
            form in "-?[0-2][0-9]{3}-[01][0-9]-[0-3][0-9](Z|[+-][01][0-9]:[0-6][0-9])?|[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9])?\
                |-?[0-2][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]|--[01][0-9]-[0-3][0-9]|---[0-3][0-9]|--[01][0-9]\
                |[0-9]{4}(-[01][0-9])?Z?|-?P([1-9]Y)?([1-9]M)?([1-9]D)?(T([1-9]H)?([1-9]M)?([1-9](\\.[1-9])?S)?)?\
                |[+-]?[0-9]?\\.?[0-9]?([eE][+-]?[0-9])?|[+-]?INF|NaN|true|false|[01]",
        ) {
            // The engine also reads `P1MT`, which XML Schema does not allow.
            prop_assume!(!form.ends_with('T'));
            prop_assert_eq!(check_lexical_form(datatype, &form).is_ok(), is_read(datatype, &form), "{} {:?}", datatype, form);
        }

        #[test]
        fn no_text_is_too_strange(datatype in prop::sample::select(FORMS), form in "\\PC*") {
            let _ = check_lexical_form(datatype.0, &form);
        }
    }
}
