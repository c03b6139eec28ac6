//! All pairs of nodes that a repeated path connects.

use super::Found;
use super::components::{Components, Lists};
use super::search::{Repeat, Step, nodes};
use crate::engine::executor::block::{MOST, UNBOUND};
use crate::engine::executor::operator::Context;
use oxigraph::sparql::QueryEvaluationError;

/// The pairs, and the place of the next one.
pub(super) struct Pairs {
    repeat: Repeat,
    /// The nodes at the ends of steps, by their number in the graph of the steps.
    nodes: Vec<u32>,
    components: Components,
    /// The other nodes, if a path connects each node with itself.
    others: Vec<u32>,
    /// The component and its member from which the next pairs lead.
    component: usize,
    member: usize,
    /// The nodes that this component reaches, and how many of them have been read for the member.
    reached: Vec<u32>,
    read: usize,
    others_read: usize,
    /// The components to visit, and the one from which each was visited last.
    visits: Vec<u32>,
    visited_from: Vec<u32>,
}

impl Pairs {
    /// Follows a step from all nodes.
    ///
    /// # Errors
    /// Fails if the evaluation is cancelled.
    pub(super) fn new(
        step: &mut Step,
        repeat: Repeat,
        context: &Context,
    ) -> Result<Self, QueryEvaluationError> {
        let index = &context.index;
        let mut all = step.sources(index);
        // The number of each node in the graph of the steps, plus one.
        let mut numbers = vec![0_u32; index.terms()];
        let mut graph = Lists::default();
        for (number, &node) in (1..).zip(&all) {
            if let Some(place) = numbers.get_mut(node as usize) {
                *place = number;
            }
        }
        let mut found = Vec::new();
        for i in 0..all.len() {
            context.check()?;
            let Some(&source) = all.get(i) else { break };
            found.clear();
            step.follow(source, context, &mut found)?;
            found.sort_unstable();
            found.dedup();
            for &node in &found {
                let Some(number) = numbers.get_mut(node as usize) else { continue };
                if *number == 0 {
                    all.push(node);
                    *number = u32::try_from(all.len()).unwrap_or_default();
                }
                graph.push(number.saturating_sub(1));
            }
            graph.close();
        }
        let others = if repeat.has_zero() {
            let is_other = |&node: &u32| numbers.get(node as usize) == Some(&0);
            nodes(index).filter(is_other).collect()
        } else {
            Vec::new()
        };
        drop(numbers);
        let components = match repeat {
            Repeat::ZeroOrOne => Components::of_single_nodes(graph, all.len()),
            _ => Components::of(&graph, all.len(), context)?,
        };
        let visited_from = vec![UNBOUND; components.members.len()];
        Ok(Self {
            repeat,
            nodes: all,
            components,
            others,
            component: 0,
            member: 0,
            reached: Vec::new(),
            read: 0,
            others_read: 0,
            visits: Vec::new(),
            visited_from,
        })
    }

    /// Returns to the first pair.
    pub(super) fn rewind(&mut self) {
        (self.component, self.member, self.read, self.others_read) = (0, 0, 0, 0);
        self.visited_from.fill(UNBOUND);
    }

    /// Returns the nodes that the path connects with themselves.
    pub(super) fn loops(&self, context: &Context) -> Vec<u32> {
        if self.repeat.has_zero() {
            return nodes(&context.index).collect();
        }
        let components = self.components.is_cyclic.iter().enumerate();
        let cyclic = components.filter(|&(_, is_cyclic)| *is_cyclic).map(|(number, _)| number);
        let members = cyclic.flat_map(|number| self.components.members.get(number));
        members.filter_map(|&member| self.nodes.get(member as usize)).copied().collect()
    }

    /// Reads pairs until a block is full. Returns whether all have been read.
    ///
    /// # Errors
    /// Fails if the evaluation is cancelled.
    pub(super) fn read(
        &mut self,
        row: usize,
        found: &mut Found,
        context: &Context,
    ) -> Result<bool, QueryEvaluationError> {
        while self.component < self.components.members.len() {
            context.check()?;
            if found.rows >= MOST && !found.is_counted() {
                return Ok(false);
            }
            if self.member == 0 && self.read == 0 {
                let count = self.reach(found.is_counted(), context)?;
                if found.is_counted() {
                    let members = self.components.members.get(self.component).len();
                    found.rows = found.rows.saturating_add(members.saturating_mul(count));
                    self.component += 1;
                    continue;
                }
            }
            let members = self.components.members.get(self.component);
            let Some(&member) = members.get(self.member) else {
                (self.component, self.member) = (self.component + 1, 0);
                continue;
            };
            let node = self.nodes.get(member as usize).copied().unwrap_or(UNBOUND);
            let rest = self.reached.get(self.read..).unwrap_or_default();
            let some = rest.get(..MOST).unwrap_or(rest);
            found.add(row, 0, node, some);
            self.read += some.len();
            if self.read >= self.reached.len() {
                (self.member, self.read) = (self.member + 1, 0);
            }
        }
        let rest = self.others.get(self.others_read..).unwrap_or_default();
        let some = if found.is_counted() { rest } else { rest.get(..MOST).unwrap_or(rest) };
        found.add_loops(row, some);
        self.others_read += some.len();
        Ok(self.others_read >= self.others.len())
    }

    /// Finds the nodes that the current component reaches, and returns their number. If only that is wanted, the nodes
    /// are not listed.
    fn reach(
        &mut self,
        is_counted: bool,
        context: &Context,
    ) -> Result<usize, QueryEvaluationError> {
        let start = u32::try_from(self.component).unwrap_or(UNBOUND);
        let (members, targets) = (&self.components.members, &self.components.targets);
        self.reached.clear();
        self.visits.clear();
        let has_itself = self.repeat.has_zero()
            || self.components.is_cyclic.get(self.component).copied().unwrap_or_default();
        if let Some(from) = self.visited_from.get_mut(self.component) {
            *from = start;
        }
        let mut count = 0;
        let (mut next, mut current) = (0, Some(start));
        while let Some(component) = current {
            context.check()?;
            if component != start || has_itself {
                let members = members.get(component as usize);
                count += members.len();
                if !is_counted {
                    let nodes = members.iter().filter_map(|&n| self.nodes.get(n as usize));
                    self.reached.extend(nodes);
                }
            }
            if component == start || self.repeat != Repeat::ZeroOrOne {
                for &target in targets.get(component as usize) {
                    if let Some(from) = self.visited_from.get_mut(target as usize)
                        && *from != start
                    {
                        *from = start;
                        self.visits.push(target);
                    }
                }
            }
            current = self.visits.get(next).copied();
            next += 1;
        }
        Ok(count)
    }
}
