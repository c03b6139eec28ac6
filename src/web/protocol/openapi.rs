//! The saved queries as an [OpenAPI](https://spec.openapis.org/oas/v3.1.0) document, made from the catalogue.

use super::super::answer::RESULTS;
use super::{GRAPHS, SPARQL};
use crate::catalogue::{Parameter, SavedQuery, ValueType};
use crate::diagnostic::Result;
use crate::vocabulary::xsd;
use crate::web::incoming::Incoming;
use crate::web::media::Media;
use crate::web::refusal::Refusal;
use crate::web::response::{Body, Response};
use crate::web::site::Site;
use serde_json::{Map, Value, json};

/// Describes the saved queries.
///
/// # Errors
/// Fails if the folder of the queries cannot be read.
pub(super) fn answer(site: &Site, incoming: &Incoming) -> Result<Response, Refusal> {
    let (queries, _) = site.session.catalogue().readable()?;
    let mut paths = Map::new();
    for query in &queries {
        paths.insert(format!("/ask/{}", query.name), json!({ "get": operation(query) }));
    }
    paths.insert(SPARQL.to_owned(), json!({ "get": sparql() }));
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "dossier",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Saved queries with citations, and a SPARQL endpoint.",
        },
        "servers": [{ "url": incoming.origin }],
        "paths": paths,
        "components": { "schemas": { "Problem": problem() } },
    });
    let text = format!("{document:#}\n");
    let response = Response::new(200, "application/json", Body::Whole(text.into_bytes()));
    Ok(response.with("cache-control", "no-cache"))
}

fn operation(query: &SavedQuery) -> Value {
    let front = &query.front_matter;
    let mut parameters: Vec<Value> = query.parameters.iter().map(parameter).collect();
    parameters.push(json!({
        "name": "cite",
        "in": "query",
        "description": "0 leaves out the citations",
        "schema": { "type": "integer", "enum": [0, 1], "default": 1 },
    }));
    json!({
        "operationId": query.name,
        "summary": front.summary,
        "description": front.description,
        "tags": front.tags,
        "parameters": parameters,
        "responses": responses(if query.is_graph() { &GRAPHS } else { &RESULTS }),
    })
}

fn parameter(parameter: &Parameter) -> Value {
    let mut schema = schema(&parameter.declaration.value_type);
    if !parameter.choices.is_empty() {
        schema["enum"] = json!(parameter.choices);
    }
    if let Some(default) = &parameter.default {
        schema["default"] = json!(default);
    }
    if parameter.repeatable {
        schema = json!({ "type": "array", "items": schema });
    }
    json!({
        "name": parameter.declaration.name,
        "in": "query",
        "required": parameter.is_required(),
        "description": parameter.explanation(),
        "schema": schema,
    })
}

/// Returns the schema of a parameter's values. Values are text in addresses, so most are strings.
fn schema(value_type: &ValueType) -> Value {
    match value_type {
        ValueType::Typed(datatype) if datatype.as_ref() == xsd::INTEGER => {
            json!({ "type": "integer" })
        }
        ValueType::Typed(datatype) if datatype.as_ref() == xsd::BOOLEAN => {
            json!({ "type": "boolean" })
        }
        ValueType::Typed(datatype) if datatype.as_ref() == xsd::DATE => {
            json!({ "type": "string", "format": "date" })
        }
        _ => json!({ "type": "string" }),
    }
}

fn sparql() -> Value {
    let all: Vec<Media> = RESULTS.iter().chain(&GRAPHS).copied().collect();
    json!({
        "operationId": "sparql",
        "summary": "Answers a SPARQL query",
        "parameters": [
            {
                "name": "query",
                "in": "query",
                "required": true,
                "description": "a query in SPARQL 1.1",
                "schema": { "type": "string" },
            },
            {
                "name": "cite",
                "in": "query",
                "description": "1 adds citations",
                "schema": { "type": "integer", "enum": [0, 1], "default": 0 },
            },
        ],
        "responses": responses(&all),
    })
}

fn responses(formats: &[Media]) -> Value {
    let content: Map<String, Value> = formats
        .iter()
        .filter_map(|media| Some(((*media.names().first()?).to_owned(), json!({}))))
        .collect();
    let problem = json!({
        "description": "what is wrong, and what to do",
        "content": {
            "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } },
        },
    });
    json!({ "200": { "description": "the answer", "content": content }, "default": problem })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "properties": {
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "what is wrong" },
            "id": { "type": "string", "description": "`dossier help ID` explains it" },
            "line": { "type": "integer" },
            "column": { "type": "integer" },
            "help": { "type": "string", "description": "what to do" },
        },
        "required": ["title", "status", "detail"],
    })
}
