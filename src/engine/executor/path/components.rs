//! The strongly connected components of a graph (Tarjan, 1972). All nodes of one reach the same nodes.

use crate::engine::executor::operator::Context;
use oxigraph::sparql::QueryEvaluationError;

/// Lists of numbers, in one array.
#[derive(Default)]
pub(super) struct Lists {
    ends: Vec<usize>,
    items: Vec<u32>,
}

impl Lists {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the list with a number, or an empty one.
    pub(super) fn get(&self, number: usize) -> &[u32] {
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(number).copied());
        range.and_then(|(start, end)| self.items.get(start..end)).unwrap_or_default()
    }

    /// Adds an item to the list that is being made.
    pub(super) fn push(&mut self, item: u32) {
        self.items.push(item);
    }

    /// Ends the list that is being made.
    pub(super) fn close(&mut self) {
        self.ends.push(self.items.len());
    }
}

/// The components of a graph. Each comes after those to which its nodes lead.
#[derive(Default)]
pub(super) struct Components {
    /// The nodes of each component.
    pub members: Lists,
    /// The other components to which each one leads directly.
    pub targets: Lists,
    /// Whether the nodes of each component lead to themselves.
    pub is_cyclic: Vec<bool>,
}

/// Stands for a node that has not been visited, or has no component yet.
const NONE: u32 = u32::MAX;

impl Components {
    /// Finds the components of a graph whose nodes have the numbers up to `nodes`.
    ///
    /// # Errors
    /// Fails if the evaluation is cancelled.
    pub(super) fn of(
        graph: &Lists,
        nodes: usize,
        context: &Context,
    ) -> Result<Self, QueryEvaluationError> {
        let mut visit = Visit {
            order: vec![NONE; nodes],
            lowest: vec![NONE; nodes],
            component: vec![NONE; nodes],
            ..Visit::default()
        };
        for root in 0..u32::try_from(nodes).unwrap_or(NONE) {
            if at(&visit.order, root) == NONE {
                visit.all_from(root, graph, context)?;
            }
        }
        let Visit { members, component, .. } = visit;
        let mut components = Self { members, ..Self::default() };
        let mut targets = Vec::new();
        for number in 0..components.members.len() {
            context.check()?;
            targets.clear();
            for &node in components.members.get(number) {
                targets.extend(graph.get(node as usize).iter().map(|&node| at(&component, node)));
            }
            targets.sort_unstable();
            targets.dedup();
            let is_itself = |&target: &u32| target as usize == number;
            components.is_cyclic.push(targets.iter().any(is_itself));
            for &target in targets.iter().filter(|target| !is_itself(target)) {
                components.targets.push(target);
            }
            components.targets.close();
        }
        Ok(components)
    }

    /// Makes a component of each node.
    pub(super) fn of_single_nodes(graph: Lists, nodes: usize) -> Self {
        let mut members = Lists::default();
        for node in 0..u32::try_from(nodes).unwrap_or(NONE) {
            members.push(node);
            members.close();
        }
        Self { members, targets: graph, is_cyclic: Vec::new() }
    }
}

/// A visit to all nodes, depth first.
#[derive(Default)]
struct Visit {
    /// The number of nodes that were visited before each one.
    order: Vec<u32>,
    /// The earliest node to which each one is known to lead, among those without a component.
    lowest: Vec<u32>,
    component: Vec<u32>,
    members: Lists,
    visited: u32,
    /// The visited nodes without a component.
    open: Vec<u32>,
    /// The nodes on the way to the current one, each with the number of its edges that have been followed.
    way: Vec<(u32, usize)>,
}

impl Visit {
    fn all_from(
        &mut self,
        root: u32,
        graph: &Lists,
        context: &Context,
    ) -> Result<(), QueryEvaluationError> {
        self.enter(root);
        while let Some((node, followed)) = self.way.last_mut() {
            let node = *node;
            if let Some(&next) = graph.get(node as usize).get(*followed) {
                *followed += 1;
                if at(&self.order, next) == NONE {
                    context.check()?;
                    self.enter(next);
                } else if at(&self.component, next) == NONE {
                    let order = at(&self.order, next);
                    self.lower(node, order);
                }
                continue;
            }
            self.way.pop();
            let lowest = at(&self.lowest, node);
            if let Some(&(before, _)) = self.way.last() {
                self.lower(before, lowest);
            }
            if lowest == at(&self.order, node) {
                self.close(node);
            }
        }
        Ok(())
    }

    fn enter(&mut self, node: u32) {
        set(&mut self.order, node, self.visited);
        set(&mut self.lowest, node, self.visited);
        self.visited += 1;
        self.open.push(node);
        self.way.push((node, 0));
    }

    fn lower(&mut self, node: u32, order: u32) {
        let lowest = at(&self.lowest, node).min(order);
        set(&mut self.lowest, node, lowest);
    }

    /// Makes a component of a node and all open ones that were visited after it.
    fn close(&mut self, node: u32) {
        let number = u32::try_from(self.members.len()).unwrap_or(NONE);
        while let Some(member) = self.open.pop() {
            set(&mut self.component, member, number);
            self.members.push(member);
            if member == node {
                break;
            }
        }
        self.members.close();
    }
}

fn at(numbers: &[u32], place: u32) -> u32 {
    numbers.get(place as usize).copied().unwrap_or(NONE)
}

fn set(numbers: &mut [u32], place: u32, number: u32) {
    if let Some(place) = numbers.get_mut(place as usize) {
        *place = number;
    }
}
