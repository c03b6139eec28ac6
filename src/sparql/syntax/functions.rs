//! The functions of SPARQL 1.1 with their arguments, and the equivalents of functions of other languages.

use super::grammar::IS_KNOWN;

/// The arguments of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// A number of arguments: the minimum and the maximum.
    Arguments(usize, usize),
    /// Any number of arguments.
    List,
    /// A variable.
    Variable,
    /// The operand of an aggregate.
    Aggregated,
}

/// [`BuiltInCall`](https://www.w3.org/TR/sparql11-query/#rBuiltInCall) without EXISTS, and `ADJUST` of
/// [SEP 2](https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0002/sep-0002.md).
const FUNCTIONS: &[(&str, Takes)] = &[
    ("ABS", Takes::Arguments(1, 1)),
    ("ADJUST", Takes::Arguments(2, 2)),
    ("AVG", Takes::Aggregated),
    ("BNODE", Takes::Arguments(0, 1)),
    ("BOUND", Takes::Variable),
    ("CEIL", Takes::Arguments(1, 1)),
    ("COALESCE", Takes::List),
    ("CONCAT", Takes::List),
    ("CONTAINS", Takes::Arguments(2, 2)),
    ("COUNT", Takes::Aggregated),
    ("DATATYPE", Takes::Arguments(1, 1)),
    ("DAY", Takes::Arguments(1, 1)),
    ("ENCODE_FOR_URI", Takes::Arguments(1, 1)),
    ("FLOOR", Takes::Arguments(1, 1)),
    ("GROUP_CONCAT", Takes::Aggregated),
    ("HOURS", Takes::Arguments(1, 1)),
    ("IF", Takes::Arguments(3, 3)),
    ("IRI", Takes::Arguments(1, 1)),
    ("isBLANK", Takes::Arguments(1, 1)),
    ("isIRI", Takes::Arguments(1, 1)),
    ("isLITERAL", Takes::Arguments(1, 1)),
    ("isNUMERIC", Takes::Arguments(1, 1)),
    ("isURI", Takes::Arguments(1, 1)),
    ("LANG", Takes::Arguments(1, 1)),
    ("LANGMATCHES", Takes::Arguments(2, 2)),
    ("LCASE", Takes::Arguments(1, 1)),
    ("MAX", Takes::Aggregated),
    ("MD5", Takes::Arguments(1, 1)),
    ("MIN", Takes::Aggregated),
    ("MINUTES", Takes::Arguments(1, 1)),
    ("MONTH", Takes::Arguments(1, 1)),
    ("NOW", Takes::Arguments(0, 0)),
    ("RAND", Takes::Arguments(0, 0)),
    ("REGEX", Takes::Arguments(2, 3)),
    ("REPLACE", Takes::Arguments(3, 4)),
    ("ROUND", Takes::Arguments(1, 1)),
    ("sameTerm", Takes::Arguments(2, 2)),
    ("SAMPLE", Takes::Aggregated),
    ("SECONDS", Takes::Arguments(1, 1)),
    ("SHA1", Takes::Arguments(1, 1)),
    ("SHA256", Takes::Arguments(1, 1)),
    ("SHA384", Takes::Arguments(1, 1)),
    ("SHA512", Takes::Arguments(1, 1)),
    ("STR", Takes::Arguments(1, 1)),
    ("STRAFTER", Takes::Arguments(2, 2)),
    ("STRBEFORE", Takes::Arguments(2, 2)),
    ("STRDT", Takes::Arguments(2, 2)),
    ("STRENDS", Takes::Arguments(2, 2)),
    ("STRLANG", Takes::Arguments(2, 2)),
    ("STRLEN", Takes::Arguments(1, 1)),
    ("STRSTARTS", Takes::Arguments(2, 2)),
    ("STRUUID", Takes::Arguments(0, 0)),
    ("SUBSTR", Takes::Arguments(2, 3)),
    ("SUM", Takes::Aggregated),
    ("TIMEZONE", Takes::Arguments(1, 1)),
    ("TZ", Takes::Arguments(1, 1)),
    ("UCASE", Takes::Arguments(1, 1)),
    ("URI", Takes::Arguments(1, 1)),
    ("UUID", Takes::Arguments(0, 0)),
    ("YEAR", Takes::Arguments(1, 1)),
];

/// The functions of [SPARQL 1.2](https://www.w3.org/TR/sparql12-query/#rBuiltInCall), for builds with `rdf-12`.
const NEW: &[(&str, Takes)] = &[
    ("hasLANG", Takes::Arguments(1, 1)),
    ("hasLANGDIR", Takes::Arguments(1, 1)),
    ("isTRIPLE", Takes::Arguments(1, 1)),
    ("LANGDIR", Takes::Arguments(1, 1)),
    ("OBJECT", Takes::Arguments(1, 1)),
    ("PREDICATE", Takes::Arguments(1, 1)),
    ("STRLANGDIR", Takes::Arguments(3, 3)),
    ("SUBJECT", Takes::Arguments(1, 1)),
    ("TRIPLE", Takes::Arguments(3, 3)),
];

/// Functions of SQL and programming languages, with their equivalents in SPARQL.
const FOREIGN: &[(&str, &str)] = &[
    ("ARRAY_AGG", "GROUP_CONCAT"),
    ("AVERAGE", "AVG"),
    ("CEILING", "CEIL"),
    ("CHAR_LENGTH", "STRLEN"),
    ("ENDSWITH", "STRENDS"),
    ("FIRST", "SAMPLE"),
    ("IFNULL", "COALESCE"),
    ("ISNULL", "!BOUND"),
    ("LEN", "STRLEN"),
    ("LENGTH", "STRLEN"),
    ("LOWER", "LCASE"),
    ("MATCHES", "REGEX"),
    ("MEAN", "AVG"),
    ("NVL", "COALESCE"),
    ("STARTSWITH", "STRSTARTS"),
    ("STRING", "STR"),
    ("STRING_AGG", "GROUP_CONCAT"),
    ("SUBSTRING", "SUBSTR"),
    ("TOLOWER", "LCASE"),
    ("TOUPPER", "UCASE"),
    ("UPPER", "UCASE"),
];

/// Finds a function by its name, in any case. Returns its name in SPARQL and its arguments.
pub(super) fn function(name: &str) -> Option<(&'static str, Takes)> {
    let mut functions = FUNCTIONS.iter().chain(NEW);
    functions.find(|(known, _)| known.eq_ignore_ascii_case(name)).copied()
}

/// Returns whether a function, by its name in SPARQL, is one of SPARQL 1.2 only.
pub(super) fn is_new(name: &str) -> bool {
    NEW.iter().any(|(known, _)| *known == name)
}

/// Returns the names of all functions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let new = if IS_KNOWN { NEW } else { &[] };
    FUNCTIONS.iter().chain(new).map(|(name, _)| *name)
}

/// Returns the SPARQL equivalent of a function of another language.
pub(super) fn foreign(name: &str) -> Option<&'static str> {
    FOREIGN.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, ours)| *ours)
}
