//! Framing: trees of the shape that a frame asks for, by the
//! [framing algorithm](https://www.w3.org/TR/json-ld11-framing/#framing-algorithm).
//!
//! Supported: matching by `@id`, `@type`, properties, values, wildcards and nothing; `@requireAll`, `@explicit`,
//! `@embed`, `@default`, `@omitDefault`, `@omitGraph`, and `@graph` for the graph that a node names. Other keywords are
//! refused by name.

use super::context::{Coercion, Context};
use super::expanded::{Node, Value};
use super::json::Json;
use super::node_map::{NodeMaps, TermId};
use crate::error::Problem;
use crate::vocabulary::xsd;
use oxigraph::model::{Literal, LiteralRef, NamedNode};
use std::collections::{HashMap, HashSet};

/// How deep frames are followed.
const DEEPEST: usize = 60;

/// A frame, with its context.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    context: Option<Context>,
    pattern: Pattern,
    omit_graph: bool,
    /// Whether the frame is of the default graph and the graphs that its nodes name, and not of all graphs as one.
    has_graph: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Embed {
    Always,
    Once,
    Never,
}

/// A set of names that a node may have.
#[derive(Debug, Clone, Default, PartialEq)]
enum Names {
    /// The frame does not say.
    #[default]
    Unsaid,
    /// Any, but at least one: `{}`.
    Any,
    /// None: `[]`.
    Nothing,
    /// One of these.
    OneOf(Vec<String>),
    /// Whatever it is, and if there is none, this.
    Default(Vec<String>),
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Pattern {
    ids: Names,
    types: Names,
    properties: Vec<(String, Vec<Expected>)>,
    embed: Option<Embed>,
    explicit: Option<bool>,
    require_all: Option<bool>,
    omit_default: Option<bool>,
    default: Option<Vec<DefaultValue>>,
    graph: Option<Box<Self>>,
}

/// What a value of a property has to be.
#[derive(Debug, Clone, PartialEq)]
enum Expected {
    Node(Pattern),
    Literal { values: Names, types: Names, languages: Names },
    List(Vec<Self>),
}

#[derive(Debug, Clone, PartialEq)]
enum DefaultValue {
    Null,
    Literal(Literal),
    Id(String),
}

impl Frame {
    /// Reads a frame.
    ///
    /// # Errors
    /// If the text is no JSON, or the frame is wrong or uses what is not supported.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let json: Json = serde_json::from_str(text)
            .map_err(|error| Problem::new(format!("this is no JSON: {error}")))?;
        let json = match &json {
            Json::Array(items) if items.len() == 1 => &items[0],
            json => json,
        };
        let Json::Object(members) = json else {
            return Err(Problem::new("a frame is an object"));
        };
        let context = json.get("@context").map(Context::of).transpose()?;
        let nothing = Context::default();
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
            // A frame that is nothing but a graph is the frame of the default graph's nodes.
            Some(graph) if !has_nodes => match graph.items() {
                [graph @ Json::Object(_)] => (graph.clone(), true),
                _ => return Err(Problem::new("a frame's `@graph` has one object")),
            },
            Some(_) => (Json::Object(members.clone()), true),
            None => (Json::Object(rest), false),
        };
        let pattern = Pattern::read(&own, names)?;
        let omit_graph = match json.get("@omitGraph") {
            None => true,
            Some(flag) => boolean(flag, "@omitGraph")?,
        };
        Ok(Self { context, pattern, omit_graph, has_graph })
    }

    /// The frame's context.
    pub(super) const fn context(&self) -> Option<&Context> {
        self.context.as_ref()
    }

    /// Whether a single node stands without `@graph`.
    pub(super) const fn omits_graph(&self) -> bool {
        self.omit_graph
    }

    /// Whether the graphs are framed as one.
    pub(super) const fn is_of_merged_graphs(&self) -> bool {
        !self.has_graph
    }
}

fn boolean(value: &Json, keyword: &str) -> Result<bool, Problem> {
    match value.items() {
        [Json::Boolean(flag)] => Ok(*flag),
        [object] => match object.get("@value") {
            Some(Json::Boolean(flag)) => Ok(*flag),
            _ => Err(Problem::new(format!("the frame's `{keyword}` is neither true nor false"))),
        },
        _ => Err(Problem::new(format!("the frame's `{keyword}` is neither true nor false"))),
    }
}

impl Names {
    /// Reads names; `name` gives what one of them stands for.
    fn read(
        json: &Json,
        keyword: &str,
        name: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Problem> {
        let mut names = Vec::new();
        for item in json.items() {
            match item {
                Json::String(text) => match name(text) {
                    Some(text) => names.push(text),
                    None => return Err(Problem::new(format!("the frame's `{text}` is no IRI"))),
                },
                Json::Object(members) if members.is_empty() => return Ok(Self::Any),
                Json::Object(_) if item.get("@default").is_some() => {
                    let default = item.get("@default").map_or(&[][..], Json::items);
                    let names = default.iter().filter_map(Json::as_str).filter_map(&name);
                    return Ok(Self::Default(names.collect()));
                }
                _ => return Err(Problem::new(format!("the frame has a wrong `{keyword}`"))),
            }
        }
        Ok(if names.is_empty() { Self::Nothing } else { Self::OneOf(names) })
    }

    fn have(&self, name: Option<&str>, same: impl Fn(&str, &str) -> bool) -> bool {
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
    fn read(json: &Json, context: &Context) -> Result<Self, Problem> {
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
                    pattern.ids = Names::read(value, "@id", |name| Some(context.expand_id(name)))?;
                }
                Some("@type") => {
                    pattern.types = Names::read(value, "@type", |name| context.expand_name(name))?;
                }
                Some("@graph") => {
                    let graph = value.items().first().unwrap_or(&Json::Null);
                    pattern.graph = Some(Box::new(Self::read(graph, context)?));
                }
                Some(keyword) if keyword.starts_with('@') => {
                    return Err(Problem::new(format!("`{keyword}` in a frame is not supported")));
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
                        expected.push(Expected::read(item, context, coercion, language)?);
                    }
                    if is_list && !expected.is_empty() {
                        expected = vec![Expected::List(expected)];
                    }
                    pattern.properties.push((property.to_owned(), expected));
                }
            }
        }
        // In the order of their names, as the algorithm goes through them.
        pattern.properties.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(pattern)
    }

    fn is_empty(&self) -> bool {
        self.ids == Names::Unsaid && self.types == Names::Unsaid && self.properties.is_empty()
    }
}

fn embed(value: &Json) -> Result<Embed, Problem> {
    let value = match value.items() {
        [object @ Json::Object(_)] => object.get("@value").cloned().unwrap_or(Json::Null),
        [one] => one.clone(),
        _ => Json::Null,
    };
    match value {
        Json::Boolean(true) => Ok(Embed::Once),
        Json::Boolean(false) => Ok(Embed::Never),
        Json::String(name) if name == "@once" => Ok(Embed::Once),
        Json::String(name) if name == "@always" => Ok(Embed::Always),
        Json::String(name) if name == "@never" => Ok(Embed::Never),
        Json::String(name) => Err(Problem::new(format!(
            "the frame's `@embed` is none of @once, @always, @never: `{name}`"
        ))),
        _ => Err(Problem::new("the frame's `@embed` is none of @once, @always, @never")),
    }
}

fn defaults(
    json: &Json,
    context: &Context,
    coercion: Option<&Coercion>,
) -> Result<Vec<DefaultValue>, Problem> {
    let typed = |value: String, datatype: &str| {
        DefaultValue::Literal(Literal::new_typed_literal(value, NamedNode::new_unchecked(datatype)))
    };
    let mut values = Vec::new();
    for item in json.items() {
        values.push(match item {
            Json::Null => DefaultValue::Null,
            Json::String(text) if text == "@null" => DefaultValue::Null,
            Json::String(text) => match coercion {
                Some(Coercion::Id) => DefaultValue::Id(context.expand_id(text)),
                Some(Coercion::Vocab) => {
                    DefaultValue::Id(context.expand_name(text).unwrap_or_else(|| text.clone()))
                }
                Some(Coercion::Datatype(datatype)) => typed(text.clone(), datatype),
                Some(Coercion::None) | None => {
                    DefaultValue::Literal(Literal::new_simple_literal(text.clone()))
                }
            },
            Json::Boolean(flag) => typed(flag.to_string(), xsd::BOOLEAN.as_str()),
            Json::Number(number) if number.is_i64() => {
                typed(number.to_string(), xsd::INTEGER.as_str())
            }
            Json::Object(_) => match (item.get("@id"), item.get("@value")) {
                (Some(Json::String(id)), _) => DefaultValue::Id(context.expand_id(id)),
                (_, Some(Json::String(value))) => {
                    match (item.get("@type"), item.get("@language")) {
                        (Some(Json::String(datatype)), _) => typed(
                            value.clone(),
                            &context.expand_name(datatype).unwrap_or_else(|| datatype.clone()),
                        ),
                        (_, Some(Json::String(language))) => {
                            DefaultValue::Literal(Literal::new_language_tagged_literal_unchecked(
                                value.clone(),
                                language.clone(),
                            ))
                        }
                        _ => DefaultValue::Literal(Literal::new_simple_literal(value.clone())),
                    }
                }
                _ => return Err(Problem::new("the frame has a wrong `@default`")),
            },
            _ => return Err(Problem::new("the frame has a wrong `@default`")),
        });
    }
    Ok(values)
}

impl Expected {
    fn read(
        json: &Json,
        context: &Context,
        coercion: Option<&Coercion>,
        language: Option<&str>,
    ) -> Result<Self, Problem> {
        let one = |text: &str| Names::OneOf(vec![text.to_owned()]);
        let literal = |values, types, languages| Self::Literal { values, types, languages };
        Ok(match json {
            Json::String(text) => match coercion {
                Some(Coercion::Id) => Self::Node(Pattern {
                    ids: Names::OneOf(vec![context.expand_id(text)]),
                    ..Pattern::default()
                }),
                Some(Coercion::Vocab) => Self::Node(Pattern {
                    ids: Names::OneOf(context.expand_name(text).into_iter().collect()),
                    ..Pattern::default()
                }),
                Some(Coercion::Datatype(datatype)) => {
                    literal(one(text), one(datatype), Names::Nothing)
                }
                Some(Coercion::None) | None => {
                    literal(one(text), Names::Nothing, language.map_or(Names::Nothing, one))
                }
            },
            Json::Boolean(flag) => {
                literal(one(&flag.to_string()), one(xsd::BOOLEAN.as_str()), Names::Nothing)
            }
            Json::Number(number) if number.is_i64() || number.is_u64() => {
                literal(one(&number.to_string()), one(xsd::INTEGER.as_str()), Names::Nothing)
            }
            Json::Object(members) => {
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
                    let names = |json: Option<&Json>, keyword: &str| match json {
                        None => Ok(Names::Nothing),
                        Some(Json::Boolean(flag)) => Ok(one(&flag.to_string())),
                        Some(Json::Number(number)) => Ok(one(&number.to_string())),
                        Some(json) => Names::read(json, keyword, |name| match keyword {
                            "@type" => context.expand_name(name),
                            _ => Some(name.to_owned()),
                        }),
                    };
                    return Ok(literal(
                        if value.is_some() { names(value, "@value")? } else { Names::Any },
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
            _ => return Err(Problem::new("the frame has a value that is none")),
        })
    }
}

/// What a frame says where it says nothing.
#[derive(Clone, Copy)]
struct Flags {
    embed: Embed,
    explicit: bool,
    omit_default: bool,
}

impl Flags {
    fn of(pattern: &Pattern) -> Self {
        Self {
            embed: pattern.embed.unwrap_or(Embed::Once),
            explicit: pattern.explicit.unwrap_or(false),
            omit_default: pattern.omit_default.unwrap_or(false),
        }
    }
}

/// Nodes framed one after the other.
pub(super) struct Framing<'m, 'q> {
    maps: &'m NodeMaps<'q>,
    /// What is embedded in the current node of the top level.
    embedded: HashSet<(Option<TermId>, TermId)>,
    stack: Vec<(Option<TermId>, TermId)>,
}

type Framed<T> = Result<T, Problem>;

impl<'m, 'q> Framing<'m, 'q> {
    /// Framing of some data.
    pub fn new(maps: &'m NodeMaps<'q>) -> Self {
        Self { maps, embedded: HashSet::new(), stack: Vec::new() }
    }

    /// The nodes that match a frame, in the order of their names, each with all that the frame embeds in it.
    ///
    /// # Errors
    /// If things are embedded deeper than readers of JSON follow.
    pub fn nodes(mut self, frame: &'m Frame) -> Framed<Vec<Node<'m>>> {
        let mut nodes = self.of_graph(None, &frame.pattern)?;
        prune(&mut nodes);
        Ok(nodes)
    }

    fn of_graph(&mut self, graph: Option<TermId>, pattern: &'m Pattern) -> Framed<Vec<Node<'m>>> {
        let maps = self.maps;
        let mut subjects: Vec<TermId> =
            self.maps.of_graph(graph).map(|thing| self.maps.things()[thing].subject).collect();
        for thing in self.maps.of_graph(graph) {
            for (property, values) in self.maps.properties(thing) {
                if !super::compact::is_type(property.as_str()) {
                    subjects.extend(values.filter(|value| self.maps.name(*value).is_some()));
                }
            }
        }
        subjects.sort_by_key(|subject| self.maps.name(*subject));
        subjects.dedup();
        // Lists are values, and not the chains of things that RDF makes of them.
        subjects.retain(|subject| {
            let is_cell = maps.find(graph, *subject).is_some_and(|thing| maps.is_cell(thing));
            !maps.is_nil(*subject) && !is_cell
        });
        let mut nodes = Vec::new();
        for subject in subjects {
            if self.matches(graph, subject, pattern) {
                if graph.is_none() {
                    self.embedded.clear();
                }
                nodes.extend(self.node(graph, subject, pattern, Flags::of(pattern), true)?);
            }
        }
        Ok(nodes)
    }

    /// A node of the top level, or one that is embedded.
    fn node(
        &mut self,
        graph: Option<TermId>,
        subject: TermId,
        pattern: &'m Pattern,
        flags: Flags,
        is_top: bool,
    ) -> Framed<Option<Node<'m>>> {
        let maps = self.maps;
        let Some(name) = maps.name(subject) else { return Ok(None) };
        let here = (graph, subject);
        let is_seen = flags.embed == Embed::Once && self.embedded.contains(&here);
        if !is_top && (flags.embed == Embed::Never || is_seen || self.stack.contains(&here)) {
            return Ok(Some(Node::reference(name)));
        }
        if self.stack.len() >= DEEPEST {
            return Err(Problem::new(format!(
                "what the frame embeds is nested deeper than {DEEPEST} things"
            ))
            .help("use `\"@embed\": \"@never\"` for the property that goes on and on"));
        }
        self.embedded.insert(here);
        self.stack.push(here);
        let mut node = Node::reference(name);
        if let Some(inner) = &pattern.graph
            && graph.is_none()
            && !maps.of_graph(Some(subject)).is_empty()
        {
            node.graph = Some(self.of_graph(Some(subject), inner)?);
        }
        if let Some(thing) = maps.find(graph, subject) {
            self.properties(graph, thing, pattern, flags, &mut node)?;
        }
        self.stack.pop();
        add_defaults(&mut node, pattern, flags);
        Ok(Some(node))
    }

    fn properties(
        &mut self,
        graph: Option<TermId>,
        thing: usize,
        pattern: &'m Pattern,
        flags: Flags,
        node: &mut Node<'m>,
    ) -> Framed<()> {
        let maps = self.maps;
        let mut properties: Vec<_> = maps.properties(thing).collect();
        properties.sort_by_key(|(property, _)| property.as_str());
        for (property, values) in properties {
            let property = property.as_str();
            if super::compact::is_type(property) {
                node.types = values.clone().filter_map(|class| maps.name(class)).collect();
                continue;
            }
            let expected = pattern.properties.iter().find(|(name, _)| name == property);
            if expected.is_none() && flags.explicit {
                continue;
            }
            let expected = expected.and_then(|(_, expected)| expected.first());
            let mut framed = Vec::new();
            for value in values {
                framed.extend(self.value(graph, value, expected, flags)?);
            }
            if !framed.is_empty() {
                node.properties.push((property, framed));
            }
        }
        Ok(())
    }

    fn value(
        &mut self,
        graph: Option<TermId>,
        value: TermId,
        expected: Option<&'m Expected>,
        flags: Flags,
    ) -> Framed<Option<Value<'m>>> {
        let maps = self.maps;
        if let Some(literal) = maps.literal(value) {
            let fits = match expected {
                None => true,
                Some(Expected::Node(pattern)) => pattern.is_empty(),
                Some(expected) => matches_literal(expected, literal),
            };
            return Ok(fits.then_some(Value::Literal(literal)));
        }
        if let Some(cells) = maps.list(graph, value) {
            let item = match expected {
                Some(Expected::List(items)) => items.first(),
                other => other,
            };
            if self.stack.len() >= DEEPEST {
                return Err(Problem::new("lists in lists are nested too deep"));
            }
            self.stack.push((graph, value));
            let mut items = Vec::new();
            for (_, id) in cells {
                items.extend(self.value(graph, *id, item, flags)?);
            }
            self.stack.pop();
            return Ok(Some(Value::List(items)));
        }
        match expected {
            None => self.implicit(graph, value, flags),
            Some(Expected::Node(pattern)) => {
                if pattern.is_empty() || self.matches(graph, value, pattern) {
                    let flags = Flags::of(pattern);
                    Ok(self.node(graph, value, pattern, flags, false)?.map(Value::Node))
                } else {
                    Ok(None)
                }
            }
            Some(Expected::Literal { .. } | Expected::List(_)) => Ok(None),
        }
    }

    /// A thing that the frame says nothing of.
    fn implicit(
        &mut self,
        graph: Option<TermId>,
        value: TermId,
        flags: Flags,
    ) -> Framed<Option<Value<'m>>> {
        static NOTHING: std::sync::LazyLock<Pattern> = std::sync::LazyLock::new(Pattern::default);
        Ok(self.node(graph, value, &NOTHING, flags, false)?.map(Value::Node))
    }

    /// Whether a node matches a frame ([frame matching](https://www.w3.org/TR/json-ld11-framing/#frame-matching)).
    fn matches(&self, graph: Option<TermId>, subject: TermId, pattern: &Pattern) -> bool {
        if pattern.is_empty() {
            return true;
        }
        let maps = self.maps;
        let all = pattern.require_all.unwrap_or(false);
        let mut found: Vec<bool> = Vec::new();
        if pattern.ids != Names::Unsaid {
            let matches = pattern.ids.have(maps.name(subject), |a, b| a == b);
            if !all || !matches {
                return matches;
            }
            found.push(true);
        }
        let thing = maps.find(graph, subject);
        let values: HashMap<&str, Vec<TermId>> = thing
            .map(|thing| {
                maps.properties(thing).map(|(p, values)| (p.as_str(), values.collect())).collect()
            })
            .unwrap_or_default();
        if pattern.types != Names::Unsaid {
            let types: Vec<&str> = values
                .get(crate::vocabulary::rdf::TYPE.as_str())
                .into_iter()
                .flatten()
                .filter_map(|class| maps.name(*class))
                .collect();
            let matches = if types.is_empty() {
                pattern.types.have(None, |_, _| false)
            } else {
                types.iter().any(|class| pattern.types.have(Some(class), |a, b| a == b))
            };
            if !all || !matches {
                return matches;
            }
            found.push(true);
        }
        for (property, expected) in &pattern.properties {
            let values = values.get(property.as_str()).map_or(&[][..], Vec::as_slice);
            let first = expected.first();
            let has_default =
                matches!(first, Some(Expected::Node(Pattern { default: Some(_), .. })));
            if values.is_empty() && has_default {
                continue;
            }
            let matches = match first {
                // Match none.
                None if !values.is_empty() => return false,
                None => true,
                Some(_) => values.iter().any(|value| {
                    expected.iter().any(|expected| self.matches_value(graph, *value, expected))
                }),
            };
            if all && !matches {
                return false;
            }
            found.push(matches);
        }
        found.contains(&true)
    }

    fn matches_value(&self, graph: Option<TermId>, value: TermId, expected: &Expected) -> bool {
        match expected {
            Expected::Node(Pattern { ids: Names::OneOf(ids), .. }) => {
                self.maps.name(value).is_some_and(|name| ids.iter().any(|id| id == name))
            }
            Expected::Node(_) => true,
            Expected::Literal { .. } => {
                self.maps.literal(value).is_some_and(|literal| matches_literal(expected, literal))
            }
            Expected::List(items) => self.maps.list(graph, value).is_some_and(|cells| {
                cells.iter().any(|(_, item)| {
                    items.iter().any(|expected| self.matches_value(None, *item, expected))
                })
            }),
        }
    }
}

/// [Value pattern matching](https://www.w3.org/TR/json-ld11-framing/#value-matching).
fn matches_literal(expected: &Expected, literal: LiteralRef<'_>) -> bool {
    let Expected::Literal { values, types, languages } = expected else { return false };
    let datatype = match literal.language() {
        Some(_) => None,
        None => Some(literal.datatype().as_str()).filter(|d| *d != xsd::STRING.as_str()),
    };
    values.have(Some(literal.value()), |a, b| a == b)
        && types.have(datatype, |a, b| a == b)
        && languages.have(literal.language(), str::eq_ignore_ascii_case)
}

/// Adds what the frame asks for and the node does not have.
fn add_defaults<'m>(node: &mut Node<'m>, pattern: &'m Pattern, flags: Flags) {
    if node.types.is_empty()
        && let Names::Default(types) = &pattern.types
    {
        node.types = types.iter().map(String::as_str).collect();
    }
    for (property, expected) in &pattern.properties {
        if node.properties.iter().any(|(name, _)| name == property) {
            continue;
        }
        let inner = match expected.first() {
            Some(Expected::Node(inner)) => Some(inner),
            _ => None,
        };
        if inner.and_then(|inner| inner.omit_default).unwrap_or(flags.omit_default) {
            continue;
        }
        let values = match inner.and_then(|inner| inner.default.as_ref()) {
            None => vec![Value::Null],
            Some(defaults) => defaults
                .iter()
                .map(|default| match default {
                    DefaultValue::Null => Value::Null,
                    DefaultValue::Literal(literal) => Value::Literal(literal.as_ref()),
                    DefaultValue::Id(id) => Value::Node(Node::reference(id)),
                })
                .collect(),
        };
        node.properties.push((property, values));
    }
}

/// Takes away the labels of blank nodes that stand once.
fn prune<'m>(nodes: &mut [Node<'m>]) {
    fn visit<'m>(nodes: &mut [Node<'m>], each: &mut impl FnMut(&mut Node<'m>)) {
        for node in nodes {
            visit_one(node, each);
        }
    }
    fn visit_one<'m>(node: &mut Node<'m>, each: &mut impl FnMut(&mut Node<'m>)) {
        each(node);
        for (_, values) in &mut node.properties {
            visit_values(values, each);
        }
        visit(node.graph.as_deref_mut().unwrap_or_default(), each);
    }
    fn visit_values<'m>(values: &mut [Value<'m>], each: &mut impl FnMut(&mut Node<'m>)) {
        for value in values {
            match value {
                Value::Node(node) => visit_one(node, each),
                Value::List(items) => visit_values(items, each),
                Value::Literal(_) | Value::Null => {}
            }
        }
    }
    let mut counts: HashMap<&'m str, usize> = HashMap::new();
    visit(nodes, &mut |node| {
        for name in node.id.iter().chain(&node.types).filter(|name| name.starts_with("_:")) {
            *counts.entry(name).or_default() += 1;
        }
    });
    visit(nodes, &mut |node| {
        if node.id.is_some_and(|id| counts.get(id) == Some(&1)) {
            node.id = None;
        }
    });
}
