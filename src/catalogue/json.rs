//! Saved queries as JSON, for programs that offer them.

use super::arguments::Parameter;
use super::front_matter::ANY_DATE;
use super::parameter::ValueType;
use super::saved_query::SavedQuery;
use crate::printable::write_pretty;
use oxigraph::model::NamedNode;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes the metadata that programs need to run saved queries: an array with one object per query.
///
/// # Errors
/// If the writer fails.
pub(crate) fn write_json(queries: &[SavedQuery], out: &mut dyn Write) -> io::Result<()> {
    write_pretty(&queries.iter().map(QueryJson::from).collect::<Vec<_>>(), out)
}

#[derive(Serialize)]
struct QueryJson<'a> {
    name: &'a str,
    summary: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    parameters: Vec<ParameterJson<'a>>,
    examples: Vec<ExampleJson<'a>>,
}

#[derive(Serialize)]
struct ParameterJson<'a> {
    name: &'a str,
    /// `iri`, `string`, the IRI of a datatype, or [`ANY_DATE`].
    r#type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'a str>,
    required: bool,
    repeatable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    values: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

#[derive(Serialize)]
struct ExampleJson<'a> {
    name: &'a str,
    arguments: BTreeMap<&'a str, Vec<String>>,
}

impl<'a> From<&'a SavedQuery> for QueryJson<'a> {
    fn from(query: &'a SavedQuery) -> Self {
        let front_matter = &query.front_matter;
        let examples = front_matter.examples.iter().map(|(name, arguments)| ExampleJson {
            name,
            arguments: arguments.iter().map(|(name, v)| (name.as_str(), v.values())).collect(),
        });
        Self {
            name: &query.name,
            summary: &front_matter.summary,
            description: &front_matter.description,
            parameters: query.parameters.iter().map(ParameterJson::from).collect(),
            examples: examples.collect(),
        }
    }
}

impl<'a> From<&'a Parameter> for ParameterJson<'a> {
    fn from(parameter: &'a Parameter) -> Self {
        let (r#type, language) = match &parameter.declaration.value_type {
            ValueType::Iri => ("iri", None),
            ValueType::String => ("string", None),
            ValueType::LanguageString(language) => ("string", Some(language.as_str())),
            ValueType::Typed(datatype) => (datatype.as_str(), None),
            ValueType::AnyDate => (ANY_DATE, None),
        };
        Self {
            name: &parameter.declaration.name,
            r#type,
            language,
            class: parameter.class.as_ref().map(NamedNode::as_str),
            required: parameter.is_required(),
            repeatable: parameter.repeatable,
            default: parameter.default.as_deref(),
            values: &parameter.choices,
            label: parameter.label.as_deref(),
            description: parameter.description.as_deref(),
        }
    }
}
