//! Claims, omissions and graphs that are written twice under one name, as after copying one and changing its quote.

use super::files::Files;
use crate::diagnostic::{Diagnostic, Excerpt};
use oxigraph::model::NamedNode;
use std::cell::OnceCell;
use std::collections::HashMap;

/// Where graphs begin, to find the one that belongs to a head.
pub(super) struct Graphs<'a> {
    files: &'a Files<'a>,
    /// The graphs of each file, in order.
    lines: OnceCell<HashMap<String, Vec<GraphLine<'a>>>>,
}

/// The first line of a graph, how many graphs of its name stand before it, and its name.
type GraphLine<'a> = (usize, usize, &'a NamedNode);

impl<'a> Graphs<'a> {
    pub(super) fn of(files: &'a Files<'a>) -> Self {
        Self { files, lines: OnceCell::new() }
    }

    /// Returns the first graph after a head in its file, with its line, and whether a graph of its name stands before it.
    fn after(&self, head: &Excerpt) -> Option<(usize, bool, &'a NamedNode)> {
        let lines = self.lines.get_or_init(|| {
            let mut lines: HashMap<String, Vec<GraphLine<'_>>> = HashMap::new();
            for graph in &self.files.graphs {
                for (number, place) in self.files.graph_places(graph).into_iter().enumerate() {
                    lines.entry(place.origin).or_default().push((place.line, number, graph));
                }
            }
            for lines in lines.values_mut() {
                lines.sort_unstable();
            }
            lines
        });
        let lines = lines.get(&head.origin)?;
        let (line, number, graph) = lines.get(lines.partition_point(|(at, ..)| *at < head.line))?;
        Some((*line, *number > 0, graph))
    }

    /// Returns the graph that stands after the head of a claim and has the name of another graph before it.
    pub(super) fn misnamed_after(&self, claim: &NamedNode) -> Option<&'a NamedNode> {
        let head = self.files.subject_places(claim).into_iter().next()?;
        let (_, is_second, graph) = self.after(&head)?;
        (is_second && graph != claim).then_some(graph)
    }

    /// Returns the graph that stands after the second head of a claim and is not a claim itself.
    pub(super) fn after_second_head(&self, claim: &NamedNode) -> Option<&'a NamedNode> {
        let second = self.files.subject_places(claim).into_iter().nth(1)?;
        let (_, _, graph) = self.after(&second)?;
        (!self.files.claims.contains_key(graph)).then_some(graph)
    }

    /// Returns the finding for a claim or an omission whose head is written several times.
    pub(super) fn heads(&self, thing: &NamedNode, kind: &str, heads: usize) -> Diagnostic {
        let places = self.files.subject_places(thing);
        let times = if heads == 2 { "twice".to_owned() } else { format!("{heads} times") };
        let message = format!("the {kind} {} is written {times}", self.files.show(thing));
        let finding = Diagnostic::error("head-twice", message).about(thing);
        let [first, second, ..] = places.as_slice() else {
            return finding.help("remove one of them, or give it another name");
        };
        let finding = finding
            .at(second.clone())
            .note(format!("the first one is at {}:{}", first.origin, first.line));
        let head = second.line;
        finding.help(match self.after(second).filter(|_| kind == "claim") {
            Some((line, true, graph)) if graph == thing => format!(
                "if it is a copy, remove it; otherwise give it another name in line {head} and in line {line}"
            ),
            Some((_, _, graph)) if !self.files.claims.contains_key(graph) => format!(
                "write `{} a dos:Claim` in line {head}: the graph after it has this name",
                self.files.prefixes.show(graph)
            ),
            _ if kind == "claim" => format!(
                "if it is a copy, remove it; otherwise give it another name in line {head}, and write a graph of this name after it"
            ),
            _ => format!("if it is a copy, remove it; otherwise give it another name in line {head}"),
        })
    }

    /// Returns the finding for a graph that is written in several places. `head` is the claim without a graph
    /// whose head stands before the second one.
    pub(super) fn graph(
        &self,
        name: &NamedNode,
        [first, second]: [&Excerpt; 2],
        places: usize,
        head: Option<&NamedNode>,
    ) -> Diagnostic {
        let message = format!("the graph {} is written in {places} places", self.files.show(name));
        Diagnostic::error("graph-twice", message)
            .at(second.clone())
            .about(name)
            .note(format!("the first one is at {}:{}", first.origin, first.line))
            .help(match head {
                Some(head) => format!(
                    "write `{} {{`: the head before it has this name",
                    self.files.prefixes.show(head)
                ),
                None => {
                    "join the two graphs, or give this one a name and a head of its own".to_owned()
                }
            })
    }
}
