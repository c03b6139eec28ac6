//! The engine's report about an evaluation: a tree, and the sequence of steps that it describes.

use super::Step;
use super::words::{Operation, operation};
use crate::algebra::walk;
use crate::engine::SORT_KEY;
use crate::vocabulary::Prefixes;
use serde::Deserialize;
use spargebra::algebra::GraphPattern;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// The engine's report.
#[derive(Deserialize)]
pub(super) struct Account {
    plan: Node,
}

#[derive(Deserialize)]
struct Node {
    name: String,
    #[serde(rename = "number of results", default)]
    rows: u64,
    #[serde(rename = "duration in seconds", default)]
    seconds: f64,
    children: Vec<Node>,
}

/// The estimated rows of joined patterns, by the engine's names of the patterns.
pub(super) type Expectations = HashMap<BTreeSet<String>, f64>;

/// Returns the estimates of a plan.
pub(super) fn expectations(expected: Vec<(Vec<GraphPattern>, f64)>) -> Expectations {
    let leaves = |patterns: Vec<GraphPattern>| {
        let mut leaves = BTreeSet::new();
        for pattern in &patterns {
            let (pattern, graph) = match pattern {
                GraphPattern::Graph { name, inner } => (inner.as_ref(), format!(" {name}")),
                pattern => (pattern, String::new()),
            };
            walk(pattern, &mut |pattern| match pattern {
                GraphPattern::Bgp { patterns } => leaves.extend(
                    patterns
                        .iter()
                        .map(|t| format!("{} {} {}{graph}", t.subject, t.predicate, t.object)),
                ),
                GraphPattern::Path { subject, path, object } => {
                    leaves.insert(format!("{subject} {path} {object}{graph}"));
                }
                GraphPattern::Values { variables, .. } => {
                    let names: Vec<String> = variables.iter().map(ToString::to_string).collect();
                    leaves.insert(names.join(", "));
                }
                _ => {}
            });
        }
        leaves
    };
    expected.into_iter().map(|(patterns, rows)| (leaves(patterns), rows)).collect()
}

impl Account {
    /// Returns the steps of the evaluation.
    pub(super) fn steps(self, expected: &Expectations, prefixes: &Prefixes) -> Vec<Step> {
        let mut steps = Vec::new();
        self.plan.sorted_by_values().add_to(&mut steps, &Telling { expected, prefixes });
        steps
    }
}

/// Returns the value and the variable of a node that computes a sort key.
fn sort_key(name: &str) -> Option<(&str, &str)> {
    let call = name.strip_prefix("Extend(<")?.strip_prefix(SORT_KEY)?.strip_prefix(">(")?;
    call.strip_suffix(')')?.rsplit_once(") -> ")
}

/// The context for describing steps.
struct Telling<'a> {
    expected: &'a Expectations,
    prefixes: &'a Prefixes,
}

impl Node {
    /// Returns the tree with sort keys replaced by the values of the query.
    fn sorted_by_values(mut self) -> Self {
        while let Some(child) = self.children.first_mut()
            && let Some((value, key)) = sort_key(&child.name)
        {
            self.name = self.name.replace(&format!("({key})"), &format!("({value})"));
            // Computing the keys is part of the sort.
            let inner = std::mem::take(&mut child.children);
            self.children.splice(..1, inner);
        }
        self.children = self.children.into_iter().map(Self::sorted_by_values).collect();
        self
    }

    /// Adds the steps of this node: first those of its input, then its own.
    fn add_to(&self, steps: &mut Vec<Step>, telling: &Telling<'_>) {
        let operation = operation(&self.name, telling.prefixes);
        let alone = |node: &Self| {
            let mut steps = Vec::new();
            node.add_to(&mut steps, telling);
            steps
        };
        let (first, rest) = match self.children.split_first() {
            Some((first, rest)) => (Some(first), rest),
            None => (None, [].as_slice()),
        };
        match operation {
            Operation::Loop { what, detail } => {
                if let Some(first) = first {
                    first.add_to(steps, telling);
                }
                // A loop over one pattern is described as that pattern.
                for right in rest {
                    let mut inner = alone(right);
                    let last = if inner.len() == 1 { inner.pop() } else { None };
                    let step = match last {
                        Some(last) if what.is_none() => {
                            let what = match last.what {
                                "match" => "match per row",
                                "path" => "path per row",
                                other => other,
                            };
                            Step { what, rows: self.rows, expected: self.expected(telling), ..last }
                        }
                        last => Step {
                            what: what.unwrap_or("nested loop"),
                            detail: detail.clone(),
                            rows: self.rows,
                            expected: self.expected(telling),
                            time: self.own_time(),
                            inputs: vec![last.map_or(inner, |last| vec![last])],
                        },
                    };
                    steps.push(step);
                }
            }
            Operation::Own { what, detail } => {
                let inputs = self.children.iter().map(alone).collect();
                steps.push(self.step(what, detail, inputs, telling));
            }
            Operation::Rows { what, detail } => {
                if let Some(first) = first {
                    first.add_to(steps, telling);
                }
                let inputs = rest.iter().map(alone).collect();
                let expected = None;
                steps.push(Step { expected, ..self.step(what, detail, inputs, telling) });
            }
        }
    }

    fn step(
        &self,
        what: &'static str,
        detail: String,
        inputs: Vec<Vec<Step>>,
        telling: &Telling<'_>,
    ) -> Step {
        let expected = self.expected(telling);
        Step { what, detail, rows: self.rows, expected, time: self.own_time(), inputs }
    }

    fn own_time(&self) -> Duration {
        let children: f64 = self.children.iter().map(|child| child.seconds).sum();
        Duration::try_from_secs_f64((self.seconds - children).max(0.0)).unwrap_or_default()
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded")]
    fn expected(&self, telling: &Telling<'_>) -> Option<u64> {
        if telling.expected.is_empty() {
            return None;
        }
        let mut leaves = BTreeSet::new();
        self.add_leaves(&mut leaves);
        telling.expected.get(&leaves).map(|rows| rows.round() as u64)
    }

    /// Adds the engine's names of the patterns whose join this node computes.
    fn add_leaves(&self, leaves: &mut BTreeSet<String>) {
        match self.name.split_once('(') {
            Some(("QuadPattern" | "Path", rest)) => {
                leaves.insert(rest.strip_suffix(')').unwrap_or(rest).to_owned());
            }
            Some(("StaticBindings", rest)) => {
                let names = rest.trim_start_matches('(');
                leaves.insert(names.split(')').next().unwrap_or_default().to_owned());
            }
            Some(("Filter" | "Extend", _)) => {
                for child in self.children.iter().take(1) {
                    child.add_leaves(leaves);
                }
            }
            _ => {
                for child in &self.children {
                    child.add_leaves(leaves);
                }
            }
        }
    }
}
