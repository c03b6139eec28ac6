//! Parses frames ([JSON-LD 1.1 Framing](https://www.w3.org/TR/json-ld11-framing/)).
//!
//! Supported: matching by `@id`, `@type`, properties, values, wildcards and absence; `@requireAll`, `@explicit`,
//! `@embed`, `@default`, `@omitDefault`, `@omitGraph`, and `@graph` for the graph that a node names. Other keywords are
//! rejected by name.

use super::context::{Coercion, JsonLdContext};
use super::json::JsonValue;
use crate::diagnostic::{Diagnostic, error};
use crate::vocabulary::xsd;
use oxigraph::model::{Literal, NamedNode};

/// A frame, with its context.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonLdFrame {
    context: Option<JsonLdContext>,
    pub(super) pattern: Pattern,
    omit_graph: bool,
    /// Whether the frame applies to the default graph and those that its nodes name, not to the merge of all.
    has_graph: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Embed {
    Always,
    Once,
    Never,
}

/// The names that a node may have.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum NameSet {
    /// Not specified by the frame.
    #[default]
    Unsaid,
    /// Any, at least one: `{}`.
    Any,
    /// None: `[]`.
    Nothing,
    /// One of these.
    OneOf(Vec<String>),
    /// Any. If there is none, these are written.
    Default(Vec<String>),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Pattern {
    pub ids: NameSet,
    pub types: NameSet,
    pub properties: Vec<(String, Vec<ValuePattern>)>,
    pub embed: Option<Embed>,
    pub explicit: Option<bool>,
    pub require_all: Option<bool>,
    pub omit_default: Option<bool>,
    pub default: Option<Vec<DefaultValue>>,
    pub graph: Option<Box<Self>>,
}

/// A pattern for a value of a property.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ValuePattern {
    Node(Pattern),
    Literal { values: NameSet, types: NameSet, languages: NameSet },
    List(Vec<Self>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum DefaultValue {
    Null,
    Literal(Literal),
    Id(String),
}

impl JsonLdFrame {
    /// Parses a frame.
    ///
    /// # Errors
    /// If the text is not JSON, or if the frame is invalid or uses an unsupported feature.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let json: JsonValue = serde_json::from_str(text)
            .map_err(|error| error!("json-syntax", "invalid JSON: {error}"))?;
        let json = match &json {
            JsonValue::Array(items) if items.len() == 1 => &items[0],
            json => json,
        };
        let JsonValue::Object(members) = json else {
            return Err(invalid("a frame must be an object"));
        };
        let context = json.get("@context").map(JsonLdContext::of).transpose()?;
        let nothing = JsonLdContext::default();
        let names = context.as_ref().unwrap_or(&nothing);
        let graph = members
            .iter()
            .find(|(key, _)| names.expand_name(key).as_deref() == Some("@graph"))
            .map(|(_, graph)| graph);
        let rest = members
            .iter()
            .filter(|(key, _)| {
                !["@context", "@omitGraph"].contains(&key.as_str())
                    && names.expand_name(key).as_deref() != Some("@graph")
            })
            .cloned()
            .collect::<Vec<_>>();
        let has_nodes = rest.iter().any(|(key, _)| !key.starts_with('@'));
        let (own, has_graph) = match graph {
            // A frame that contains only `@graph` frames the nodes of the default graph.
            Some(graph) if !has_nodes => match graph.items() {
                [graph @ JsonValue::Object(_)] => (graph.clone(), true),
                _ => return Err(invalid("a frame's `@graph` has one object")),
            },
            Some(_) => (JsonValue::Object(members.clone()), true),
            None => (JsonValue::Object(rest), false),
        };
        let pattern = Pattern::read(&own, names)?;
        let omit_graph = match json.get("@omitGraph") {
            None => true,
            Some(flag) => boolean(flag, "@omitGraph")?,
        };
        Ok(Self { context, pattern, omit_graph, has_graph })
    }

    /// Returns the context of the frame.
    pub(super) const fn context(&self) -> Option<&JsonLdContext> {
        self.context.as_ref()
    }

    /// Returns whether a single node is written without `@graph`.
    pub(super) const fn omits_graph(&self) -> bool {
        self.omit_graph
    }

    /// Returns whether the frame applies to the merge of all graphs.
    pub(super) const fn is_of_merged_graphs(&self) -> bool {
        !self.has_graph
    }
}

fn boolean(value: &JsonValue, keyword: &str) -> Result<bool, Diagnostic> {
    match value.items() {
        [JsonValue::Boolean(flag)] => Ok(*flag),
        [object] => match object.get("@value") {
            Some(JsonValue::Boolean(flag)) => Ok(*flag),
            _ => Err(invalid(format!("the frame's `{keyword}` is neither true nor false"))),
        },
        _ => Err(invalid(format!("the frame's `{keyword}` is neither true nor false"))),
    }
}

impl NameSet {
    /// Reads names; `name` expands each of them.
    fn read(
        json: &JsonValue,
        keyword: &str,
        name: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Diagnostic> {
        let mut names = Vec::new();
        for item in json.items() {
            match item {
                JsonValue::String(text) => match name(text) {
                    Some(text) => names.push(text),
                    None => return Err(invalid(format!("the frame's `{text}` is not an IRI"))),
                },
                JsonValue::Object(members) if members.is_empty() => return Ok(Self::Any),
                JsonValue::Object(_) if item.get("@default").is_some() => {
                    let default = item.get("@default").map_or(&[][..], JsonValue::items);
                    let names = default.iter().filter_map(JsonValue::as_str).filter_map(&name);
                    return Ok(Self::Default(names.collect()));
                }
                _ => return Err(invalid(format!("the frame has an invalid `{keyword}`"))),
            }
        }
        Ok(if names.is_empty() { Self::Nothing } else { Self::OneOf(names) })
    }

    /// Checks that the names are IRIs: the labels of blank nodes are not stable and cannot be matched
    /// ([2.3.2.1](https://www.w3.org/TR/json-ld11-framing/#frame-objects)).
    fn check_iris(&self, keyword: &str) -> Result<(), Diagnostic> {
        let Self::OneOf(names) = self else { return Ok(()) };
        let is_iri =
            |name: &str| name == "@json" || (name.contains(':') && !name.starts_with("_:"));
        match names.iter().find(|name| !is_iri(name)) {
            Some(name) if name.starts_with("_:") => Err(invalid(format!(
                "the frame's `{keyword}` cannot be a blank node, such as `{name}`"
            ))
            .help("match the node by its type or its properties")),
            Some(name) => Err(invalid(format!("the frame's `{keyword}` is not an IRI: `{name}`"))
                .help("write the whole IRI")),
            None => Ok(()),
        }
    }

    pub(super) fn have(&self, name: Option<&str>, same: impl Fn(&str, &str) -> bool) -> bool {
        match self {
            Self::Unsaid | Self::Default(_) => true,
            Self::Any => name.is_some(),
            Self::Nothing => name.is_none(),
            Self::OneOf(names) => {
                name.is_some_and(|name| names.iter().any(|other| same(other, name)))
            }
        }
    }
}

impl Pattern {
    fn read(json: &JsonValue, context: &JsonLdContext) -> Result<Self, Diagnostic> {
        let mut pattern = Self::default();
        for (key, value) in json.members() {
            let key = match key.as_str() {
                "@embed" => {
                    pattern.embed = Some(embed(value)?);
                    continue;
                }
                "@explicit" => {
                    pattern.explicit = Some(boolean(value, key)?);
                    continue;
                }
                "@requireAll" => {
                    pattern.require_all = Some(boolean(value, key)?);
                    continue;
                }
                "@omitDefault" => {
                    pattern.omit_default = Some(boolean(value, key)?);
                    continue;
                }
                "@default" => {
                    pattern.default = Some(defaults(value, context, None)?);
                    continue;
                }
                key => context.expand_name(key),
            };
            match key.as_deref() {
                None => {}
                Some("@id") => {
                    pattern.ids =
                        NameSet::read(value, "@id", |name| Some(context.expand_id(name)))?;
                    pattern.ids.check_iris("@id")?;
                }
                Some("@type") => {
                    pattern.types =
                        NameSet::read(value, "@type", |name| context.expand_name(name))?;
                    pattern.types.check_iris("@type")?;
                }
                Some("@graph") => {
                    let graph = value.items().first().unwrap_or(&JsonValue::Null);
                    pattern.graph = Some(Box::new(Self::read(graph, context)?));
                }
                Some(keyword) if keyword.starts_with('@') => {
                    return Err(invalid(format!("`{keyword}` in a frame is not supported")));
                }
                Some(property) => {
                    let name = json.members().iter().find(|(_, other)| std::ptr::eq(other, value));
                    let term = name.and_then(|(name, _)| context.term(name));
                    let coercion = term.and_then(|term| term.coercion.as_ref());
                    let language = match term.and_then(|term| term.language.as_ref()) {
                        Some(language) => language.as_deref(),
                        None => context.language(),
                    };
                    let is_list =
                        term.is_some_and(|term| term.container == super::context::Container::List);
                    let mut expected = Vec::new();
                    for item in value.items() {
                        expected.push(ValuePattern::read(item, context, coercion, language)?);
                    }
                    if is_list && !expected.is_empty() {
                        expected = vec![ValuePattern::List(expected)];
                    }
                    pattern.properties.push((property.to_owned(), expected));
                }
            }
        }
        // The algorithm processes properties in the order of their names.
        pattern.properties.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(pattern)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ids == NameSet::Unsaid && self.types == NameSet::Unsaid && self.properties.is_empty()
    }
}

fn embed(value: &JsonValue) -> Result<Embed, Diagnostic> {
    let value = match value.items() {
        [object @ JsonValue::Object(_)] => object.get("@value").cloned().unwrap_or(JsonValue::Null),
        [one] => one.clone(),
        _ => JsonValue::Null,
    };
    match value {
        JsonValue::Boolean(true) => Ok(Embed::Once),
        JsonValue::Boolean(false) => Ok(Embed::Never),
        JsonValue::String(name) if name == "@once" => Ok(Embed::Once),
        JsonValue::String(name) if name == "@always" => Ok(Embed::Always),
        JsonValue::String(name) if name == "@never" => Ok(Embed::Never),
        JsonValue::String(name) => {
            Err(invalid(format!("the frame's `@embed` is not @once, @always or @never: `{name}`")))
        }
        _ => Err(invalid("the frame's `@embed` is not @once, @always or @never")),
    }
}

fn defaults(
    json: &JsonValue,
    context: &JsonLdContext,
    coercion: Option<&Coercion>,
) -> Result<Vec<DefaultValue>, Diagnostic> {
    let typed = |value: String, datatype: &str| {
        DefaultValue::Literal(Literal::new_typed_literal(value, NamedNode::new_unchecked(datatype)))
    };
    let mut values = Vec::new();
    for item in json.items() {
        values.push(match item {
            JsonValue::Null => DefaultValue::Null,
            JsonValue::String(text) if text == "@null" => DefaultValue::Null,
            JsonValue::String(text) => match coercion {
                Some(Coercion::Id) => DefaultValue::Id(context.expand_id(text)),
                Some(Coercion::Vocab) => {
                    DefaultValue::Id(context.expand_name(text).unwrap_or_else(|| text.clone()))
                }
                Some(Coercion::Datatype(datatype)) => typed(text.clone(), datatype),
                Some(Coercion::None) | None => {
                    DefaultValue::Literal(Literal::new_simple_literal(text.clone()))
                }
            },
            JsonValue::Boolean(flag) => typed(flag.to_string(), xsd::BOOLEAN.as_str()),
            JsonValue::Number(number) if number.is_i64() => {
                typed(number.to_string(), xsd::INTEGER.as_str())
            }
            JsonValue::Object(_) => match (item.get("@id"), item.get("@value")) {
                (Some(JsonValue::String(id)), _) => DefaultValue::Id(context.expand_id(id)),
                (_, Some(JsonValue::String(value))) => {
                    match (item.get("@type"), item.get("@language")) {
                        (Some(JsonValue::String(datatype)), _) => typed(
                            value.clone(),
                            &context.expand_name(datatype).unwrap_or_else(|| datatype.clone()),
                        ),
                        (_, Some(JsonValue::String(language))) => {
                            DefaultValue::Literal(Literal::new_language_tagged_literal_unchecked(
                                value.clone(),
                                language.clone(),
                            ))
                        }
                        _ => DefaultValue::Literal(Literal::new_simple_literal(value.clone())),
                    }
                }
                _ => return Err(invalid("the frame has an invalid `@default`")),
            },
            _ => return Err(invalid("the frame has an invalid `@default`")),
        });
    }
    Ok(values)
}

impl ValuePattern {
    fn read(
        json: &JsonValue,
        context: &JsonLdContext,
        coercion: Option<&Coercion>,
        language: Option<&str>,
    ) -> Result<Self, Diagnostic> {
        let one = |text: &str| NameSet::OneOf(vec![text.to_owned()]);
        let literal = |values, types, languages| Self::Literal { values, types, languages };
        Ok(match json {
            JsonValue::String(text) => match coercion {
                Some(Coercion::Id) => Self::Node(Pattern {
                    ids: NameSet::OneOf(vec![context.expand_id(text)]),
                    ..Pattern::default()
                }),
                Some(Coercion::Vocab) => Self::Node(Pattern {
                    ids: NameSet::OneOf(context.expand_name(text).into_iter().collect()),
                    ..Pattern::default()
                }),
                Some(Coercion::Datatype(datatype)) => {
                    literal(one(text), one(datatype), NameSet::Nothing)
                }
                Some(Coercion::None) | None => {
                    literal(one(text), NameSet::Nothing, language.map_or(NameSet::Nothing, one))
                }
            },
            JsonValue::Boolean(flag) => {
                literal(one(&flag.to_string()), one(xsd::BOOLEAN.as_str()), NameSet::Nothing)
            }
            JsonValue::Number(number) if number.is_i64() || number.is_u64() => {
                literal(one(&number.to_string()), one(xsd::INTEGER.as_str()), NameSet::Nothing)
            }
            JsonValue::Object(members) => {
                let key = |keyword: &str| {
                    members
                        .iter()
                        .find(|(key, _)| context.expand_name(key).as_deref() == Some(keyword))
                        .map(|(_, value)| value)
                };
                if let Some(list) = key("@list") {
                    let items = list.items().iter();
                    let items = items.map(|item| Self::read(item, context, coercion, language));
                    return Ok(Self::List(items.collect::<Result<_, _>>()?));
                }
                let (value, language) = (key("@value"), key("@language"));
                if value.is_some() || language.is_some() {
                    let names = |json: Option<&JsonValue>, keyword: &str| match json {
                        None => Ok(NameSet::Nothing),
                        Some(JsonValue::Boolean(flag)) => Ok(one(&flag.to_string())),
                        Some(JsonValue::Number(number)) => Ok(one(&number.to_string())),
                        Some(json) => NameSet::read(json, keyword, |name| match keyword {
                            "@type" => context.expand_name(name),
                            _ => Some(name.to_owned()),
                        }),
                    };
                    return Ok(literal(
                        if value.is_some() { names(value, "@value")? } else { NameSet::Any },
                        names(key("@type"), "@type")?,
                        names(language, "@language")?,
                    ));
                }
                let mut pattern = Pattern::read(json, context)?;
                if let Some(default) = json.get("@default") {
                    pattern.default = Some(defaults(default, context, coercion)?);
                }
                Self::Node(pattern)
            }
            _ => return Err(invalid("the frame has an invalid value")),
        })
    }
}

fn invalid(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("json-ld-frame", message)
}
