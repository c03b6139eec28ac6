//! Builds trees in the shape of a frame, by the
//! [framing algorithm](https://www.w3.org/TR/json-ld11-framing/#framing-algorithm).

use super::frame::{DefaultValue, Embed, JsonLdFrame, NameSet, Pattern, ValuePattern};
use super::node_map::{NodeMaps, TermId};
use super::node_object::{NodeObject, NodeValue};
use crate::diagnostic::{Diagnostic, error};
use crate::vocabulary::xsd;
use oxigraph::model::LiteralRef;
use std::collections::{HashMap, HashSet};

/// The maximum depth of embedding.
const DEEPEST: usize = 60;

/// The flags that apply if the frame does not set them.
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

/// Frames nodes one after the other.
pub(super) struct Framing<'m, 'q> {
    maps: &'m NodeMaps<'q>,
    /// The nodes embedded in the current top-level node.
    embedded: HashSet<(Option<TermId>, TermId)>,
    stack: Vec<(Option<TermId>, TermId)>,
}

type FramingResult<T> = Result<T, Diagnostic>;

impl<'m, 'q> Framing<'m, 'q> {
    /// Prepares the framing of some data.
    pub(super) fn new(maps: &'m NodeMaps<'q>) -> Self {
        Self { maps, embedded: HashSet::new(), stack: Vec::new() }
    }

    /// Returns the nodes that match a frame, sorted by name, with everything that the frame embeds in them.
    ///
    /// # Errors
    /// If nodes are embedded deeper than JSON readers can follow.
    pub(super) fn nodes(mut self, frame: &'m JsonLdFrame) -> FramingResult<Vec<NodeObject<'m>>> {
        let mut nodes = self.of_graph(None, &frame.pattern)?;
        prune(&mut nodes);
        Ok(nodes)
    }

    fn of_graph(
        &mut self,
        graph: Option<TermId>,
        pattern: &'m Pattern,
    ) -> FramingResult<Vec<NodeObject<'m>>> {
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
        // Lists are values: the cells that represent them in RDF are not framed.
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

    /// Builds a top-level node or an embedded node.
    fn node(
        &mut self,
        graph: Option<TermId>,
        subject: TermId,
        pattern: &'m Pattern,
        flags: Flags,
        is_top: bool,
    ) -> FramingResult<Option<NodeObject<'m>>> {
        let maps = self.maps;
        let Some(name) = maps.name(subject) else { return Ok(None) };
        let here = (graph, subject);
        let is_seen = flags.embed == Embed::Once && self.embedded.contains(&here);
        if !is_top && (flags.embed == Embed::Never || is_seen || self.stack.contains(&here)) {
            return Ok(Some(NodeObject::reference(name)));
        }
        if self.stack.len() >= DEEPEST {
            return Err(error!(
                "json-ld-too-deep",
                "the frame embeds nodes more than {DEEPEST} levels deep"
            )
            .help("use `\"@embed\": \"@never\"` for the property that repeats"));
        }
        self.embedded.insert(here);
        self.stack.push(here);
        let mut node = NodeObject::reference(name);
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
        node: &mut NodeObject<'m>,
    ) -> FramingResult<()> {
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
        expected: Option<&'m ValuePattern>,
        flags: Flags,
    ) -> FramingResult<Option<NodeValue<'m>>> {
        let maps = self.maps;
        if let Some(literal) = maps.literal(value) {
            let fits = match expected {
                // A frame for lists does not restrict values outside of lists.
                None | Some(ValuePattern::List(_)) => true,
                Some(ValuePattern::Node(pattern)) => pattern.is_empty(),
                Some(expected) => matches_literal(expected, literal),
            };
            return Ok(fits.then_some(NodeValue::Literal(literal)));
        }
        if let Some(cells) = maps.list(graph, value) {
            let item = match expected {
                Some(ValuePattern::List(items)) => items.first(),
                _ => None,
            };
            // Literals are kept whatever the frame says; nodes are framed by its node patterns.
            let item = item.filter(|item| !matches!(item, ValuePattern::Literal { .. }));
            if self.stack.len() >= DEEPEST {
                return Err(error!("json-ld-too-deep", "lists in lists are nested too deep"));
            }
            self.stack.push((graph, value));
            let mut items = Vec::new();
            for (_, id) in cells {
                match maps.literal(*id) {
                    Some(literal) => items.push(NodeValue::Literal(literal)),
                    None => items.extend(self.value(graph, *id, item, flags)?),
                }
            }
            self.stack.pop();
            return Ok(Some(NodeValue::List(items)));
        }
        match expected {
            None | Some(ValuePattern::List(_)) => self.implicit(graph, value, flags),
            Some(ValuePattern::Node(pattern)) => {
                if pattern.is_empty() || self.matches(graph, value, pattern) {
                    let flags = Flags::of(pattern);
                    Ok(self.node(graph, value, pattern, flags, false)?.map(NodeValue::Node))
                } else {
                    Ok(None)
                }
            }
            Some(ValuePattern::Literal { .. }) => Ok(None),
        }
    }

    /// Builds a node for which the frame has no pattern.
    fn implicit(
        &mut self,
        graph: Option<TermId>,
        value: TermId,
        flags: Flags,
    ) -> FramingResult<Option<NodeValue<'m>>> {
        static NOTHING: std::sync::LazyLock<Pattern> = std::sync::LazyLock::new(Pattern::default);
        Ok(self.node(graph, value, &NOTHING, flags, false)?.map(NodeValue::Node))
    }

    /// Runs [frame matching](https://www.w3.org/TR/json-ld11-framing/#frame-matching).
    fn matches(&self, graph: Option<TermId>, subject: TermId, pattern: &Pattern) -> bool {
        if pattern.is_empty() {
            return true;
        }
        let maps = self.maps;
        let all = pattern.require_all.unwrap_or(false);
        let mut found: Vec<bool> = Vec::new();
        if pattern.ids != NameSet::Unsaid {
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
        if pattern.types != NameSet::Unsaid {
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
                matches!(first, Some(ValuePattern::Node(Pattern { default: Some(_), .. })));
            if values.is_empty() && has_default {
                continue;
            }
            let matches = match first {
                // The pattern `[]` requires that there are no values.
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

    fn matches_value(&self, graph: Option<TermId>, value: TermId, expected: &ValuePattern) -> bool {
        match expected {
            ValuePattern::Node(Pattern { ids: NameSet::OneOf(ids), .. }) => {
                self.maps.name(value).is_some_and(|name| ids.iter().any(|id| id == name))
            }
            ValuePattern::Node(_) => true,
            ValuePattern::Literal { .. } => {
                self.maps.literal(value).is_some_and(|literal| matches_literal(expected, literal))
            }
            ValuePattern::List(items) => self.maps.list(graph, value).is_some_and(|cells| {
                cells.iter().any(|(_, item)| {
                    items.iter().any(|expected| self.matches_value(None, *item, expected))
                })
            }),
        }
    }
}

/// Runs [value pattern matching](https://www.w3.org/TR/json-ld11-framing/#value-matching).
fn matches_literal(expected: &ValuePattern, literal: LiteralRef<'_>) -> bool {
    let ValuePattern::Literal { values, types, languages } = expected else { return false };
    let datatype = match literal.language() {
        Some(_) => None,
        None => Some(literal.datatype().as_str()).filter(|d| *d != xsd::STRING.as_str()),
    };
    values.have(Some(literal.value()), |a, b| a == b)
        && types.have(datatype, |a, b| a == b)
        && languages.have(literal.language(), str::eq_ignore_ascii_case)
}

/// Adds the defaults for properties of the frame that the node does not have.
fn add_defaults<'m>(node: &mut NodeObject<'m>, pattern: &'m Pattern, flags: Flags) {
    if node.types.is_empty()
        && let NameSet::Default(types) = &pattern.types
    {
        node.types = types.iter().map(String::as_str).collect();
    }
    for (property, expected) in &pattern.properties {
        if node.properties.iter().any(|(name, _)| name == property) {
            continue;
        }
        let inner = match expected.first() {
            Some(ValuePattern::Node(inner)) => Some(inner),
            _ => None,
        };
        if inner.and_then(|inner| inner.omit_default).unwrap_or(flags.omit_default) {
            continue;
        }
        let values = match inner.and_then(|inner| inner.default.as_ref()) {
            None => vec![NodeValue::Null],
            Some(defaults) => defaults
                .iter()
                .map(|default| match default {
                    DefaultValue::Null => NodeValue::Null,
                    DefaultValue::Literal(literal) => NodeValue::Literal(literal.as_ref()),
                    DefaultValue::Id(id) => NodeValue::Node(NodeObject::reference(id)),
                })
                .collect(),
        };
        node.properties.push((property, values));
    }
}

/// Removes the labels of blank nodes that occur once.
fn prune<'m>(nodes: &mut [NodeObject<'m>]) {
    fn visit<'m>(nodes: &mut [NodeObject<'m>], each: &mut impl FnMut(&mut NodeObject<'m>)) {
        for node in nodes {
            visit_one(node, each);
        }
    }
    fn visit_one<'m>(node: &mut NodeObject<'m>, each: &mut impl FnMut(&mut NodeObject<'m>)) {
        each(node);
        for (_, values) in &mut node.properties {
            visit_values(values, each);
        }
        visit(node.graph.as_deref_mut().unwrap_or_default(), each);
    }
    fn visit_values<'m>(values: &mut [NodeValue<'m>], each: &mut impl FnMut(&mut NodeObject<'m>)) {
        for value in values {
            match value {
                NodeValue::Node(node) => visit_one(node, each),
                NodeValue::List(items) => visit_values(items, each),
                NodeValue::Literal(_) | NodeValue::Null => {}
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
