//! The datatypes of XML Schema ([XML Schema 1.1, part 2](https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes)).

mod dates;
mod durations;
mod lexical;
mod numbers;
mod scan;
mod strings;

pub(crate) use dates::MONTHS;
pub(crate) use lexical::{LexicalFault, check_lexical_form, form_and_example, lexical_form};

use crate::diagnostic::nearest;
use oxigraph::model::NamedNodeRef;

/// The namespace of the datatypes.
const NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema#";

/// The integers and their derived types.
const INTEGERS: [&str; 13] = [
    "integer",
    "int",
    "long",
    "short",
    "byte",
    "nonNegativeInteger",
    "positiveInteger",
    "nonPositiveInteger",
    "negativeInteger",
    "unsignedLong",
    "unsignedInt",
    "unsignedShort",
    "unsignedByte",
];

/// The other datatypes, except those that are not types of literals.
const OTHERS: [&str; 28] = [
    "anyAtomicType",
    "anySimpleType",
    "anyURI",
    "base64Binary",
    "boolean",
    "date",
    "dateTime",
    "dateTimeStamp",
    "dayTimeDuration",
    "decimal",
    "double",
    "duration",
    "float",
    "gDay",
    "gMonth",
    "gMonthDay",
    "gYear",
    "gYearMonth",
    "hexBinary",
    "language",
    "Name",
    "NCName",
    "NMTOKEN",
    "normalizedString",
    "string",
    "time",
    "token",
    "yearMonthDuration",
];

/// Returns the local name of an XML Schema datatype, or `None` for a datatype of another namespace.
pub(crate) fn xsd_name(datatype: NamedNodeRef<'_>) -> Option<&str> {
    datatype.as_str().strip_prefix(NAMESPACE)
}

/// Returns whether XML Schema has a datatype with this name.
pub(crate) fn is_xsd_datatype(name: &str) -> bool {
    is_integer(name) || OTHERS.contains(&name)
}

/// Returns the name of the datatype of XML Schema that is nearest to a name that it does not have.
pub(crate) fn nearest_xsd_datatype(name: &str) -> Option<&'static str> {
    nearest(name, INTEGERS.into_iter().chain(OTHERS))
}

/// Returns whether the datatype with this name is numeric.
pub(crate) fn is_numeric(name: &str) -> bool {
    is_integer(name) || ["decimal", "double", "float"].contains(&name)
}

/// Returns whether each value of one datatype is a value of the other: it is the same one, or derived from it.
pub(crate) fn is_derived(name: &str, base: &str) -> bool {
    std::iter::successors(Some(name), |name| base_of(name)).any(|name| name == base)
}

/// Returns the datatype from which a datatype is derived.
fn base_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "anySimpleType" => return None,
        "anyAtomicType" => "anySimpleType",
        "integer" => "decimal",
        "long" | "nonNegativeInteger" | "nonPositiveInteger" => "integer",
        "int" => "long",
        "short" => "int",
        "byte" => "short",
        "positiveInteger" | "unsignedLong" => "nonNegativeInteger",
        "unsignedInt" => "unsignedLong",
        "unsignedShort" => "unsignedInt",
        "unsignedByte" => "unsignedShort",
        "negativeInteger" => "nonPositiveInteger",
        "dateTimeStamp" => "dateTime",
        "dayTimeDuration" | "yearMonthDuration" => "duration",
        "normalizedString" => "string",
        "token" => "normalizedString",
        "language" | "Name" | "NMTOKEN" => "token",
        "NCName" => "Name",
        _ => "anyAtomicType",
    })
}

/// Returns whether the datatype with this name contains only integers.
pub(super) fn is_integer(name: &str) -> bool {
    INTEGERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_types_are_known() {
        for (name, base) in [
            ("integer", "decimal"),
            ("byte", "integer"),
            ("unsignedByte", "nonNegativeInteger"),
            ("dateTimeStamp", "dateTime"),
            ("NCName", "string"),
            ("date", "date"),
            ("date", "anyAtomicType"),
        ] {
            assert!(is_derived(name, base), "{name} {base}");
        }
        for (name, base) in [
            ("decimal", "integer"),
            ("int", "unsignedInt"),
            ("double", "decimal"),
            ("date", "dateTime"),
        ] {
            assert!(!is_derived(name, base), "{name} {base}");
        }
    }
}
