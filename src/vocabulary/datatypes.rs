//! The datatypes of XML Schema ([XML Schema 1.1, part 2](https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes)).

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

/// Returns whether the datatype with this name is numeric.
pub(crate) fn is_numeric(name: &str) -> bool {
    is_integer(name) || ["decimal", "double", "float"].contains(&name)
}

/// Returns whether the datatype with this name contains only integers.
pub(super) fn is_integer(name: &str) -> bool {
    INTEGERS.contains(&name)
}
