//! Writes node objects with the names of a context, by the
//! [compaction algorithm](https://www.w3.org/TR/json-ld11-api/#compaction-algorithms), or in expanded form.

use super::context::{Coercion, Container, JsonLdContext, TermDefinition};
use super::json::JsonValue;
use super::node_object::{NodeObject, NodeValue};
use crate::diagnostic::Diagnostic;
use crate::vocabulary::{rdf, xsd};
use oxigraph::model::LiteralRef;

/// The shape that a term must fit.
#[derive(Clone, Copy, PartialEq)]
enum ValueShape<'a> {
    Thing,
    Plain,
    Language(&'a str),
    Datatype(&'a str),
    /// The items of a list of several kinds.
    Mixed,
}

/// The values under one key.
struct Entry<'c> {
    key: String,
    term: Option<&'c TermDefinition>,
    values: Vec<JsonValue>,
}

/// Compacts a node object with a context.
///
/// # Errors
/// If the context cannot express a name.
pub(super) fn compact(
    node: &NodeObject<'_>,
    context: &JsonLdContext,
) -> Result<JsonValue, Diagnostic> {
    let mut members = Vec::new();
    if let Some(id) = node.id {
        members.push((context.keyword("@id").to_owned(), context.compact_id(id)?.into()));
    }
    if !node.types.is_empty() {
        let types = node.types.iter().map(|class| Ok(context.compact_name(class, true)?.into()));
        let key = context.keyword("@type");
        let is_set = context.term(key).is_some_and(|term| term.is_set);
        members.push((key.to_owned(), one_or_array(types.collect::<Result<_, _>>()?, is_set)));
    }
    for (property, values) in &node.properties {
        let mut entries: Vec<Entry<'_>> = Vec::new();
        for value in values {
            let term = select(context, property, value, values.len());
            let key = match term {
                Some((name, _)) => name.to_owned(),
                None => context.compact_name(property, false)?,
            };
            let term = term.map(|(_, term)| term);
            let place = match entries.iter().position(|entry| entry.key == key) {
                Some(place) => place,
                None => {
                    entries.push(Entry { key, term, values: Vec::new() });
                    entries.len() - 1
                }
            };
            let compacted = compact_value(value, term, context)?;
            entries[place].values.push(compacted);
        }
        if values.is_empty() {
            let term = context.terms_of(property).next();
            let key = match term {
                Some((name, _)) => name.to_owned(),
                None => context.compact_name(property, false)?,
            };
            members.push((key, JsonValue::Array(Vec::new())));
        }
        for entry in entries {
            members.push((entry.key, joined(entry.values, entry.term)));
        }
    }
    if let Some(graph) = &node.graph {
        let graph = graph.iter().map(|node| compact(node, context)).collect::<Result<_, _>>()?;
        members.push((context.keyword("@graph").to_owned(), JsonValue::Array(graph)));
    }
    Ok(JsonValue::Object(members))
}

fn one_or_array(mut values: Vec<JsonValue>, is_array: bool) -> JsonValue {
    match values.pop() {
        Some(value) if values.is_empty() && !is_array => value,
        Some(value) => {
            values.push(value);
            JsonValue::Array(values)
        }
        None => JsonValue::Array(values),
    }
}

/// Joins the values of one key into a language map, a list, a set or a single value.
fn joined(values: Vec<JsonValue>, term: Option<&TermDefinition>) -> JsonValue {
    let Some(term) = term else { return one_or_array(values, false) };
    match term.container {
        Container::None if term.is_set => one_or_array(
            values.into_iter().filter(|value| *value != JsonValue::Null).collect(),
            true,
        ),
        Container::None => one_or_array(values, false),
        Container::List => values.into_iter().next().unwrap_or(JsonValue::Null),
        Container::Language => {
            let mut languages: Vec<(String, Vec<JsonValue>)> = Vec::new();
            for (language, value) in values.into_iter().flat_map(|value| match value {
                JsonValue::Object(members) => members,
                _ => Vec::new(),
            }) {
                match languages.iter_mut().find(|(other, _)| *other == language) {
                    Some((_, values)) => values.push(value),
                    None => languages.push((language, vec![value])),
                }
            }
            languages.sort_by(|a, b| a.0.cmp(&b.0));
            let maps = languages
                .into_iter()
                .map(|(language, values)| (language, one_or_array(values, term.is_set)));
            JsonValue::Object(maps.collect())
        }
    }
}

/// Selects the term that fits a value best ([term selection](https://www.w3.org/TR/json-ld11-api/#term-selection)).
fn select<'c>(
    context: &'c JsonLdContext,
    property: &str,
    value: &NodeValue<'_>,
    values: usize,
) -> Option<(&'c str, &'c TermDefinition)> {
    let kind = kind(value);
    let is_list = matches!(value, NodeValue::List(_));
    let is_empty = matches!(value, NodeValue::List(items) if items.is_empty());
    context
        .terms_of(property)
        .filter_map(|(name, term)| {
            let rank = match term.container {
                Container::List if is_list && values == 1 => 0,
                Container::Language if matches!(kind, ValueShape::Language(_)) => 0,
                Container::None if is_list || !term.is_set => 2,
                Container::None => 1,
                Container::List | Container::Language => return None,
            };
            let fits = if is_empty || matches!(value, NodeValue::Null) {
                0
            } else if term.container == Container::Language {
                1
            } else {
                fit(context, term, kind, value)?
            };
            Some(((rank, fits), (name, term)))
        })
        .min_by_key(|(order, _)| *order)
        .map(|(_, found)| found)
}

fn kind<'a>(value: &NodeValue<'a>) -> ValueShape<'a> {
    match value {
        NodeValue::Node(_) => ValueShape::Thing,
        NodeValue::Null => ValueShape::Mixed,
        NodeValue::Literal(literal) => match literal.language() {
            Some(language) => ValueShape::Language(language),
            None if literal.datatype() == xsd::STRING => ValueShape::Plain,
            None => ValueShape::Datatype(literal.datatype().as_str()),
        },
        NodeValue::List(items) => {
            let mut kinds = items.iter().map(|item| match item {
                NodeValue::List(_) => ValueShape::Mixed,
                item => kind(item),
            });
            let first = kinds.next().unwrap_or(ValueShape::Mixed);
            if kinds.all(|kind| kind == first) { first } else { ValueShape::Mixed }
        }
    }
}

/// Returns how well a term fits: lower is better, `None` means that it does not fit.
fn fit(
    context: &JsonLdContext,
    term: &TermDefinition,
    kind: ValueShape<'_>,
    value: &NodeValue<'_>,
) -> Option<u8> {
    let has_language = term.language.is_some();
    let plain = match &term.coercion {
        None | Some(Coercion::None) => true,
        Some(_) => false,
    };
    match (kind, &term.coercion) {
        (ValueShape::Thing, Some(Coercion::Id)) => Some(1),
        (ValueShape::Thing, Some(Coercion::Vocab)) => Some(match value {
            NodeValue::Node(NodeObject { id: Some(id), .. })
                if context.terms_of(id).next().is_some() =>
            {
                0
            }
            _ => 2,
        }),
        (ValueShape::Datatype(datatype), Some(Coercion::Datatype(coerced))) => {
            (datatype == coerced).then_some(0)
        }
        (ValueShape::Language(language), None) => match effective_language(context, term) {
            Some(own) if own.eq_ignore_ascii_case(language) => Some(0),
            _ if has_language => None,
            _ => Some(1),
        },
        (ValueShape::Plain, None) if has_language => {
            term.language.as_ref().is_some_and(Option::is_none).then_some(0)
        }
        (
            ValueShape::Thing
            | ValueShape::Datatype(_)
            | ValueShape::Mixed
            | ValueShape::Plain
            | ValueShape::Language(_),
            _,
        ) => (plain && !has_language).then_some(3),
    }
}

fn effective_language<'c>(context: &'c JsonLdContext, term: &'c TermDefinition) -> Option<&'c str> {
    match &term.language {
        Some(language) => language.as_deref(),
        None => context.language(),
    }
}

fn compact_value(
    value: &NodeValue<'_>,
    term: Option<&TermDefinition>,
    context: &JsonLdContext,
) -> Result<JsonValue, Diagnostic> {
    match value {
        NodeValue::Null => Ok(JsonValue::Null),
        NodeValue::List(items) => {
            let items = items
                .iter()
                .map(|item| compact_value(item, term, context))
                .collect::<Result<_, _>>()?;
            if term.is_some_and(|term| term.container == Container::List) {
                return Ok(JsonValue::Array(items));
            }
            Ok(JsonValue::Object(vec![(
                context.keyword("@list").to_owned(),
                JsonValue::Array(items),
            )]))
        }
        NodeValue::Node(node) => match (node.id, term.and_then(|term| term.coercion.as_ref())) {
            (Some(id), Some(Coercion::Id)) if node.is_reference() => {
                Ok(context.compact_id(id)?.into())
            }
            (Some(id), Some(Coercion::Vocab)) if node.is_reference() => {
                Ok(context.compact_name(id, true)?.into())
            }
            _ => compact(node, context),
        },
        NodeValue::Literal(literal) => compact_literal(*literal, term, context),
    }
}

fn compact_literal(
    literal: LiteralRef<'_>,
    term: Option<&TermDefinition>,
    context: &JsonLdContext,
) -> Result<JsonValue, Diagnostic> {
    let coercion = term.and_then(|term| term.coercion.as_ref());
    let is_uncoerced = matches!(coercion, None | Some(Coercion::None));
    let language = match (term, coercion) {
        (_, Some(_)) => None,
        (Some(term), None) => effective_language(context, term),
        (None, None) => context.language(),
    };
    let text = JsonValue::from(literal.value());
    let keyed = |keyword: &str| context.keyword(keyword).to_owned();
    if let Some(tag) = literal.language() {
        if term.is_some_and(|term| term.container == Container::Language) {
            return Ok(JsonValue::Object(vec![(tag.to_owned(), text)]));
        }
        if language.is_some_and(|language| language == tag) {
            return Ok(text);
        }
        return Ok(JsonValue::Object(vec![
            (keyed("@value"), text),
            (keyed("@language"), tag.into()),
        ]));
    }
    let datatype = literal.datatype();
    if datatype == xsd::STRING {
        if is_uncoerced && language.is_none() {
            return Ok(text);
        }
        return Ok(JsonValue::Object(vec![(keyed("@value"), text)]));
    }
    let is_coerced = matches!(coercion, Some(Coercion::Datatype(own)) if own == datatype.as_str());
    if (is_coerced || is_uncoerced)
        && let Some(native) = native(literal)
    {
        return Ok(native);
    }
    if is_coerced {
        return Ok(text);
    }
    let datatype = context.compact_name(datatype.as_str(), true)?;
    Ok(JsonValue::Object(vec![(keyed("@value"), text), (keyed("@type"), datatype.into())]))
}

/// Returns the native JSON number or boolean for a literal, if every JSON reader preserves it and it converts back to
/// the same literal.
pub(super) fn native(literal: LiteralRef<'_>) -> Option<JsonValue> {
    let (value, datatype) = (literal.value(), literal.datatype());
    if datatype == xsd::BOOLEAN {
        return matches!(value, "true" | "false").then(|| JsonValue::Boolean(value == "true"));
    }
    if datatype != xsd::INTEGER {
        return None;
    }
    let number: i64 = value.parse().ok()?;
    let is_exact = number.unsigned_abs() < 1 << 53 && number.to_string() == value;
    is_exact.then(|| JsonValue::Number(number.into()))
}

/// Expands a node object ([expanded form](https://www.w3.org/TR/json-ld11/#expanded-document-form)).
pub(super) fn expand(node: &NodeObject<'_>) -> JsonValue {
    let mut members = Vec::new();
    if let Some(id) = node.id {
        members.push(("@id".to_owned(), id.into()));
    }
    if !node.types.is_empty() {
        let types = node.types.iter().map(|class| JsonValue::from(*class)).collect();
        members.push(("@type".to_owned(), JsonValue::Array(types)));
    }
    for (property, values) in &node.properties {
        let values = values.iter().filter_map(expand_value).collect();
        members.push(((*property).to_owned(), JsonValue::Array(values)));
    }
    if let Some(graph) = &node.graph {
        members.push(("@graph".to_owned(), JsonValue::Array(graph.iter().map(expand).collect())));
    }
    JsonValue::Object(members)
}

fn expand_value(value: &NodeValue<'_>) -> Option<JsonValue> {
    let object = match value {
        NodeValue::Null => return None,
        NodeValue::Node(node) => return Some(expand(node)),
        NodeValue::List(items) => {
            vec![(
                "@list".to_owned(),
                JsonValue::Array(items.iter().filter_map(expand_value).collect()),
            )]
        }
        NodeValue::Literal(literal) => match native(*literal) {
            Some(native) => vec![("@value".to_owned(), native)],
            None => {
                let mut members = vec![("@value".to_owned(), literal.value().into())];
                if let Some(language) = literal.language() {
                    members.push(("@language".to_owned(), language.into()));
                } else if literal.datatype() != xsd::STRING {
                    members.push(("@type".to_owned(), literal.datatype().as_str().into()));
                }
                members
            }
        },
    };
    Some(JsonValue::Object(object))
}

/// Returns whether a property is written as `@type` if its value is a node.
pub(super) fn is_type(property: &str) -> bool {
    property == rdf::TYPE.as_str()
}
