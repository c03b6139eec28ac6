//! The datatypes of XML Schema ([XML Schema 1.1, part 2](https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes)).

use oxigraph::model::NamedNodeRef;

/// The namespace of the datatypes.
const NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema#";

/// The integers and what is derived from them.
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

/// The other datatypes, but for those that are no types of literals.
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

/// The name of a datatype in the namespace of XML Schema; none of another one.
pub(crate) fn xsd_name(datatype: NamedNodeRef<'_>) -> Option<&str> {
    datatype.as_str().strip_prefix(NAMESPACE)
}

/// Whether XML Schema has a datatype of this name.
pub(crate) fn is_xsd_datatype(name: &str) -> bool {
    is_integer(name) || OTHERS.contains(&name)
}

/// Whether a datatype of this name has numbers as values.
pub(crate) fn is_numeric(name: &str) -> bool {
    is_integer(name) || ["decimal", "double", "float"].contains(&name)
}

/// Whether a datatype of this name has whole numbers as values.
pub(super) fn is_integer(name: &str) -> bool {
    INTEGERS.contains(&name)
}
