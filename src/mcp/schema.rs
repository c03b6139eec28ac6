//! Schemas of arguments: flat, since clients drop or refuse what is nested.

use serde_json::{Map, Value, json};

/// A parameter of a tool.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Parameter {
    pub name: String,
    /// `string`, `integer` or `array`, whose elements are strings.
    pub kind: &'static str,
    pub description: String,
    pub is_required: bool,
    /// The values that it can have.
    pub values: Vec<String>,
}

impl Parameter {
    /// Creates a parameter for a text.
    pub(super) fn text(name: &str, description: &str) -> Self {
        let (name, description) = (name.to_owned(), description.to_owned());
        Self { name, kind: "string", description, ..Self::default() }
    }

    /// Creates a parameter for a whole number.
    pub(super) fn number(name: &str, description: &str) -> Self {
        Self { kind: "integer", ..Self::text(name, description) }
    }

    /// Creates a parameter for several texts.
    pub(super) fn texts(name: &str, description: &str) -> Self {
        Self { kind: "array", ..Self::text(name, description) }
    }

    /// Returns the same parameter, which must have a value.
    pub(super) fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    fn schema(&self) -> Value {
        let mut schema = Map::new();
        schema.insert("type".to_owned(), self.kind.into());
        if self.kind == "array" {
            let mut items = Map::from_iter([("type".to_owned(), "string".into())]);
            if !self.values.is_empty() {
                items.insert("enum".to_owned(), self.values.clone().into());
            }
            schema.insert("items".to_owned(), items.into());
        } else if !self.values.is_empty() {
            schema.insert("enum".to_owned(), self.values.clone().into());
        }
        if !self.description.is_empty() {
            schema.insert("description".to_owned(), self.description.clone().into());
        }
        schema.into()
    }
}

/// Returns the schema of some parameters, in JSON Schema.
pub(super) fn schema_of(parameters: &[Parameter]) -> Map<String, Value> {
    let properties: Map<String, Value> =
        parameters.iter().map(|one| (one.name.clone(), one.schema())).collect();
    let required: Vec<&str> =
        parameters.iter().filter(|one| one.is_required).map(|one| one.name.as_str()).collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), "object".into());
    // (Clients refuse a schema without them.)
    schema.insert("properties".to_owned(), properties.into());
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}
