//! Parameters: variables such as `?_state_iri`, whose names declare the values that replace them.
//!
//! The convention is that of [BASIL](https://github.com/basilapi/basil) and grlc: `?_name`, `?_name_type`, and
//! `?__name_type` for an optional parameter.

use crate::diagnostic::{Diagnostic, Excerpt, Result, error};
use crate::sparql::tree::SyntaxTree;
use crate::vocabulary::{DATES, Prefixes, is_xsd_datatype, xsd, xsd_name};
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Term};
use oxsdatatypes::{
    Boolean, Date, DateTime, DayTimeDuration, Decimal, Double, Duration, Float, GDay, GMonth,
    GMonthDay, GYear, GYearMonth, Integer, Time, YearMonthDuration,
};
use spargebra::term::Variable;
use std::str::FromStr;

/// A parameter as the text of a query declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The name for users.
    pub name: String,
    /// The variable that it replaces.
    pub variable: Variable,
    /// The type of its values.
    pub value_type: ValueType,
    /// Whether it is optional: two underscores.
    pub optional: bool,
}

/// The type of a parameter's values.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueType {
    /// An IRI, given as an IRI, a CURIE or a label.
    Iri,
    /// A string.
    String,
    /// A string with this language tag.
    LanguageString(String),
    /// A literal of a datatype.
    Typed(NamedNode),
    /// A date of any precision: a year, a month, a day or a time. The form of the value tells its datatype.
    AnyDate,
}

/// The types that need no prefix.
const SHORT_TYPES: [(&str, NamedNodeRef<'static>); 4] = [
    ("boolean", xsd::BOOLEAN),
    ("date", xsd::DATE),
    ("decimal", xsd::DECIMAL),
    ("integer", xsd::INTEGER),
];

/// What types are called elsewhere.
const OTHER_TYPES: [(&str, &str); 12] = [
    ("bool", "boolean"),
    ("class", "iri"),
    ("datetime", "xsd_dateTime"),
    ("double", "xsd_double"),
    ("float", "xsd_float"),
    ("int", "integer"),
    ("number", "decimal"),
    ("thing", "iri"),
    ("uri", "iri"),
    ("url", "iri"),
    ("whole", "integer"),
    ("year", "xsd_gYear"),
];

impl ValueType {
    /// Returns the type for the suffix of a variable's name, if it denotes one.
    fn from_suffix(suffix: &str, prefixes: &Prefixes) -> Option<Self> {
        if let Some((_, datatype)) = SHORT_TYPES.iter().find(|(name, _)| *name == suffix) {
            return Some(Self::Typed(datatype.into_owned()));
        }
        if let Some((prefix, datatype)) = suffix.split_once('_') {
            let datatype = prefixes.expand(&format!("{prefix}:{datatype}"))?;
            let is_known = xsd_name(datatype.as_ref()).is_none_or(is_xsd_datatype);
            return is_known.then_some(Self::Typed(datatype));
        }
        let is_language =
            (2..=3).contains(&suffix.len()) && suffix.bytes().all(|b| b.is_ascii_lowercase());
        match suffix {
            "iri" => Some(Self::Iri),
            "literal" => Some(Self::String),
            // (A language is never called so.)
            _ if OTHER_TYPES.iter().any(|(other, _)| *other == suffix) => None,
            _ if is_language => Some(Self::LanguageString(suffix.to_owned())),
            _ => None,
        }
    }

    /// Returns the term for a value, or `None` for an IRI, which cannot be determined from the text alone.
    ///
    /// # Errors
    /// If the value is not valid for the datatype. The message describes valid values.
    pub fn term(&self, value: &str) -> Result<Option<Term>, String> {
        let literal = match self {
            Self::Iri => return Ok(None),
            Self::String => Literal::new_simple_literal(value),
            Self::LanguageString(language) => {
                Literal::new_language_tagged_literal(value, language).map_err(|e| e.to_string())?
            }
            Self::Typed(datatype) => {
                check_lexical_form(value, datatype.as_ref())?;
                Literal::new_typed_literal(value, datatype.clone())
            }
            Self::AnyDate => {
                let fits =
                    |datatype: &NamedNodeRef<'_>| check_lexical_form(value, *datatype).is_ok();
                let datatype = DATES
                    .into_iter()
                    .find(fits)
                    .ok_or("a year, a month or a day, like `2001`, `2001-06` or `2001-06-15`")?;
                Literal::new_typed_literal(value, datatype)
            }
        };
        Ok(Some(literal.into()))
    }
}

/// Returns the variable of a parameter whose values have the type of a term: `_least_integer` for `_least` and `5`. Returns
/// `None` if no name tells the type without a prefix of the query other than `xsd:`.
pub(crate) fn typed_variable(variable: &str, sample: &Term) -> Option<String> {
    let written = variable.trim_start_matches('_');
    let marks = &variable[..variable.len() - written.len()];
    let name = written.split('_').next().filter(|name| !name.is_empty() && !marks.is_empty())?;
    let suffix = match sample {
        Term::NamedNode(_) => "iri".to_owned(),
        Term::Literal(literal) => match (literal.language(), literal.datatype()) {
            (Some(tag), _) => tag.to_owned(),
            (None, xsd::STRING) => "literal".to_owned(),
            (None, datatype) => match SHORT_TYPES.iter().find(|(_, known)| *known == datatype) {
                Some((short, _)) => (*short).to_owned(),
                None => format!("xsd_{}", xsd_name(datatype)?),
            },
        },
        _ => return None,
    };
    let is_known = ValueType::from_suffix(&suffix, &Prefixes::default()).is_some();
    (is_known || suffix.starts_with("xsd_")).then(|| format!("{marks}{name}_{suffix}"))
}

/// Returns the name of the parameter that a variable would be with an underscore in front, if the end of its name is a
/// type: `state` for `state_iri`.
pub(super) fn name_before_type<'v>(variable: &'v str, prefixes: &Prefixes) -> Option<&'v str> {
    let (name, suffix) = variable.split_once('_')?;
    ValueType::from_suffix(suffix, prefixes).map(|_| name)
}

/// Checks that a value is in the lexical space of an XML Schema datatype. Other datatypes accept any value.
fn check_lexical_form(value: &str, datatype: NamedNodeRef<'_>) -> Result<(), String> {
    fn is<T: FromStr>(value: &str) -> bool {
        value.parse::<T>().is_ok()
    }
    let Some(name) = xsd_name(datatype) else { return Ok(()) };
    let (fits, like) = match name {
        "boolean" => (is::<Boolean>(value), "`true` or `false`"),
        "integer" => (is::<Integer>(value), "a whole number, like `2001`"),
        "decimal" => (is::<Decimal>(value), "a number, like `2.5`"),
        "double" => (is::<Double>(value), "a number, like `2.5e3`"),
        "float" => (is::<Float>(value), "a number, like `2.5e3`"),
        "date" => (is::<Date>(value), "a day, like `2001-06-15`"),
        "dateTime" => (is::<DateTime>(value), "a day and a time, like `2001-06-15T12:00:00Z`"),
        "time" => (is::<Time>(value), "a time, like `12:00:00`"),
        "gYear" => (is::<GYear>(value), "a year, like `2001`"),
        "gYearMonth" => (is::<GYearMonth>(value), "a year and a month, like `2001-06`"),
        "gMonthDay" => (is::<GMonthDay>(value), "a month and a day, like `--06-15`"),
        "gMonth" => (is::<GMonth>(value), "a month, like `--06`"),
        "gDay" => (is::<GDay>(value), "a day of the month, like `---15`"),
        "duration" => (is::<Duration>(value), "a duration, like `P1Y2M`"),
        "yearMonthDuration" => (is::<YearMonthDuration>(value), "a duration, like `P1Y2M`"),
        "dayTimeDuration" => (is::<DayTimeDuration>(value), "a duration, like `P3DT12H`"),
        _ => return Ok(()),
    };
    if fits { Ok(()) } else { Err(like.to_owned()) }
}

/// Returns the parameters of a query, in the order of their first occurrence.
///
/// # Errors
/// If a variable that begins with `_` is not a valid parameter, or if two variables declare the same parameter.
pub(super) fn declarations(
    path: &str,
    tree: &SyntaxTree<'_>,
    prefixes: &Prefixes,
) -> Result<Vec<Declaration>, Diagnostic> {
    let mut declarations: Vec<Declaration> = Vec::new();
    for (_, span) in tree.variables().filter(|(name, _)| name.starts_with('_')) {
        let variable = &tree.text()[span.clone()];
        let here = || Excerpt::new(path, tree.text(), span.clone());
        let declaration = declaration(variable, prefixes).map_err(|problem| problem.at(here()))?;
        match declarations.iter().find(|known| known.name == declaration.name) {
            None => declarations.push(declaration),
            Some(known) if *known == declaration => {}
            Some(known) => {
                let message = format!("parameter `{}` has two variables", known.name);
                return Err(Diagnostic::error("parameter-inconsistent", message)
                    .at(here())
                    .help(format!("write it as `{}` everywhere", known.variable)));
            }
        }
    }
    Ok(declarations)
}

fn declaration(variable: &str, prefixes: &Prefixes) -> Result<Declaration, Diagnostic> {
    let name = &variable[2..];
    let (optional, name) = match name.strip_prefix('_') {
        Some(name) => (true, name),
        None => (false, name),
    };
    let (name, suffix) = match name.split_once('_') {
        Some((name, suffix)) => (name, Some(suffix)),
        None => (name, None),
    };
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric());
    if !is_name {
        return Err(error!("parameter-name", "`{variable}` is not a valid parameter name")
            .help("write `?_name` or `?_name_type`, with letters and digits in the name, such as `?_state_iri`"));
    }
    let value_type = match suffix {
        None => ValueType::String,
        Some(suffix) => ValueType::from_suffix(suffix, prefixes).ok_or_else(|| {
            let problem = error!("parameter-name", "unknown parameter type `{suffix}`");
            let stem = &variable[..variable.len() - suffix.len()];
            if let Some((_, known)) = OTHER_TYPES.iter().find(|(other, _)| *other == suffix) {
                return problem.help(format!("write `{stem}{known}`"));
            }
            if suffix == "text" || suffix == "string" {
                let untyped = stem.trim_end_matches('_');
                return problem.help(format!(
                    "write `{untyped}` for texts without a language tag, or `{stem}en` for English ones"
                ));
            }
            problem.help(
                "the types are iri, integer, decimal, boolean, date, a language tag such as en, \
                 and prefix_datatype, such as xsd_gYear, with a prefix of the query",
            )
        })?,
    };
    let variable = Variable::new_unchecked(&variable[1..]);
    Ok(Declaration { name: name.to_owned(), variable, value_type, optional })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparql::tree_of;

    fn declared(text: &str) -> Result<Vec<Declaration>, Diagnostic> {
        let mut prefixes = Prefixes::default();
        prefixes.add("xsd", "http://www.w3.org/2001/XMLSchema#");
        declarations("q.rq", &tree_of(text), &prefixes)
    }

    fn value_type(variable: &str) -> Option<ValueType> {
        declared(variable).ok().map(|declarations| declarations[0].value_type.clone())
    }

    #[test]
    fn the_name_tells_the_type() {
        assert_eq!(value_type("?_a"), Some(ValueType::String));
        assert_eq!(value_type("?_a_iri"), Some(ValueType::Iri));
        assert_eq!(value_type("$__a_en"), Some(ValueType::LanguageString("en".into())));
        assert_eq!(value_type("?_a_date"), Some(ValueType::Typed(xsd::DATE.into())));
        assert_eq!(value_type("?_a_xsd_gYear"), Some(ValueType::Typed(xsd::G_YEAR.into())));
        for variable in ["?_a_what", "?_a_foaf_x", "?_A", "?_", "?___a", "?_a_", "?_a_b_c_d"] {
            assert_eq!(value_type(variable), None, "{variable}");
        }
    }

    #[test]
    fn a_parameter_is_one_variable() {
        let declarations = declared("?_b_iri ?x ?__a ?_b_iri '?_c'").unwrap();
        let names: Vec<_> = declarations.iter().map(|d| (d.name.as_str(), d.optional)).collect();
        assert_eq!(names, [("b", false), ("a", true)]);
        assert!(declared("?_a ?__a").is_err());
    }

    #[test]
    fn values_are_checked() {
        let typed =
            |datatype: NamedNodeRef<'_>, value| ValueType::Typed(datatype.into()).term(value);
        assert!(typed(xsd::G_YEAR, "2001").is_ok());
        assert!(typed(xsd::G_YEAR, "2001-01").is_err());
        assert!(typed(xsd::INTEGER, "1.0").is_err());
        assert!(typed(xsd::BOOLEAN, "yes").is_err());
        assert!(typed(NamedNodeRef::new_unchecked("http://example.com/any"), "?").is_ok());
        let any =
            |value| ValueType::AnyDate.term(value).ok().flatten().map(|date| date.to_string());
        for (value, datatype) in [
            ("2001", "gYear"),
            ("2001-06", "gYearMonth"),
            ("2001-06-15", "date"),
            ("2001-06-15T12:00:00Z", "dateTime"),
        ] {
            let expected = format!("\"{value}\"^^<http://www.w3.org/2001/XMLSchema#{datatype}>");
            assert_eq!(any(value), Some(expected));
        }
        assert_eq!(any("June 2001"), None);
    }
}
