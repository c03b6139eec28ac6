//! The order and the kind of joins: which parts of a group first, by a loop or by a hash table.
//!
//! Dynamic programming over the sets of parts (Moerkotte and Neumann, 2006), with the cardinalities of System R
//! (Selinger et al., 1979): a join keeps one of so many pairs as the variable has values on the side that has more.

/// What things cost, in about tenths of a microsecond.
mod cost {
    /// To look something up in the index.
    pub(super) const PROBE: f64 = 12.0;
    /// To make a row.
    pub(super) const ROW: f64 = 3.0;
    /// To take a row out of a sub-query and put it into a hash table, or look for its partners in it.
    pub(super) const HASH: f64 = 10.0;
}

/// The most parts for which every tree of joins is looked at.
const BUSHY: usize = 10;

/// The most parts for which every sequence of joins is looked at.
const LINEAR: usize = 12;

/// The most parts that are ordered at all.
pub(super) const MOST: usize = 64;

/// Where there are more than that, from how many parts to begin is tried, and how many may come next.
const STARTS: usize = 3;
const AHEAD: usize = 8;

/// How many rows one side of a product may have that is no join.
const FEW: f64 = 10.0;

/// A part of a group, as far as its join with others matters. Its variables are numbered, and sets of them are bits.
#[derive(Debug, Clone, Default)]
pub(super) struct JoinInput {
    /// How many solutions it has.
    pub rows: f64,
    /// Whether they were counted, so that there are no more of them.
    pub is_exact: bool,
    /// What it costs besides its rows to have all of them.
    pub cost: f64,
    /// The variables that other parts have too, and how many values each has.
    pub values: Vec<(u32, f64)>,
    /// The same variables as a set.
    pub variables: u64,
    /// The ways into it: given these variables, what it costs to find what it leads to.
    pub ways: Vec<(u64, f64)>,
    /// Whether it may be handed the rows of what it is joined with.
    pub is_loopable: bool,
    /// If it is a triple pattern whose subject is a variable with a number: that, and how many subjects its property has.
    pub star: Option<(u32, f64)>,
}

impl JoinInput {
    /// What it costs to have its solutions for one row that binds some variables.
    fn lookup(&self, bound: u64) -> f64 {
        let ways = self.ways.iter().filter(|&&(needed, _)| needed & !bound == 0);
        let cheapest = ways.map(|&(_, cost)| cost).fold(f64::INFINITY, f64::min);
        cost::PROBE + if cheapest.is_finite() { cheapest } else { self.cost }
    }
}

/// A condition that keeps this share of the rows, once some variables are bound.
#[derive(Debug, Clone, Copy)]
pub(super) struct Condition {
    pub variables: u64,
    pub share: f64,
}

/// What is to be ordered.
#[derive(Debug)]
pub(super) struct Joins<'a> {
    pub parts: &'a [JoinInput],
    pub conditions: &'a [Condition],
    /// The share of the subjects of one part that have what another part asks for, where both are about the same one.
    pub together: &'a [Vec<f64>],
    /// The variables that are bound before.
    pub bound: u64,
    /// Whether a hash table may be built.
    pub may_hash: bool,
}

/// A tree of joins.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum JoinTree {
    /// A part.
    Leaf(usize),
    /// A part that is looked up for each row.
    Loop(Box<JoinTree>, usize),
    /// Two sides that are joined by a hash table.
    Hash(Box<JoinTree>, Box<JoinTree>),
}

impl JoinTree {
    /// The parts in it, as bits.
    pub(super) fn parts(&self) -> u64 {
        match self {
            Self::Leaf(index) => 1 << index,
            Self::Loop(left, index) => left.parts() | 1 << index,
            Self::Hash(left, right) => left.parts() | right.parts(),
        }
    }
}

pub(super) const fn bit(index: u32) -> u64 {
    1_u64.wrapping_shl(index)
}

fn members(set: u64) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(set), |&left| Some(left & left.wrapping_sub(1)))
        .take_while(|&left| left != 0)
        .map(|left| left.trailing_zeros() as usize)
}

/// The best way found for a set of parts.
#[derive(Debug, Clone, Copy)]
struct Best {
    cost: f64,
    rows: f64,
    variables: u64,
    choice: Choice,
}

#[derive(Debug, Clone, Copy)]
enum Choice {
    None,
    Leaf(usize),
    Loop(usize),
    Hash(u64),
}

impl Joins<'_> {
    /// The cheapest tree that is found, with its cost and its rows. None: what cannot be looped over would have to be.
    pub(super) fn order(&self) -> Option<(JoinTree, f64, f64)> {
        let count = self.parts.len();
        if count <= LINEAR { self.best(count <= BUSHY) } else { self.greedy() }
    }

    /// How many rows the join of the parts of a tree has.
    pub(super) fn rows(&self, tree: &JoinTree) -> f64 {
        let (mut rows, mut done, mut bound) = (1.0, 0, self.bound);
        for index in members(tree.parts()) {
            rows = self.joined(rows, done, bound, index);
            done |= 1 << index;
            bound |= self.parts.get(index).map_or(0, |part| part.variables);
        }
        rows
    }

    /// The rows of a join with one part more.
    fn joined(&self, rows: f64, done: u64, bound: u64, index: usize) -> f64 {
        let Some(part) = self.parts.get(index) else { return rows };
        let mut rows = rows * part.rows;
        for &(variable, values) in &part.values {
            if bound & bit(variable) == 0 {
                continue;
            }
            if let Some(subjects) = self.subjects_for_one(part, index, variable, done) {
                rows /= subjects;
                continue;
            }
            let fewest = if self.bound & bit(variable) == 0 {
                let of = |i: usize| self.parts.get(i).map_or(&[][..], |part| &part.values);
                let same = members(done).flat_map(of).filter(|&&(other, _)| other == variable);
                same.map(|&(_, values)| values).fold(f64::INFINITY, f64::min)
            } else {
                1.0
            };
            rows /= values.max(if fewest.is_finite() { fewest } else { 1.0 }).max(1.0);
        }
        let after = bound | part.variables;
        for condition in self.conditions {
            let is_new = condition.variables & !after == 0
                && (condition.variables & !bound != 0 || done == 0);
            if is_new {
                rows *= condition.share;
            }
        }
        rows
    }

    /// How many subjects a part has for each one of those that are found already and have what it asks for.
    fn subjects_for_one(
        &self,
        part: &JoinInput,
        index: usize,
        variable: u32,
        done: u64,
    ) -> Option<f64> {
        let (_, subjects) = part.star.filter(|&(star, _)| star == variable)?;
        // The kind of subjects that there are fewest of tells most about those that are left.
        let about_it = members(done).filter_map(|other| {
            let (star, subjects) = self.parts.get(other)?.star?;
            (star == variable).then_some((subjects, other))
        });
        let (_, fewest) = about_it.min_by(|a, b| a.0.total_cmp(&b.0))?;
        let share = self.together.get(fewest)?.get(index).copied()?;
        Some(subjects.max(1.0) / share.max(1e-6))
    }

    /// Whether every part is joined with the others by variables.
    fn is_connected(&self) -> bool {
        let mut reached = self.parts.first().map_or(0, |part| part.variables) | self.bound;
        for _ in self.parts {
            for part in self.parts {
                if part.variables & reached != 0 {
                    reached |= part.variables;
                }
            }
        }
        self.parts.iter().all(|part| part.variables & reached != 0)
    }

    /// Dynamic programming over all sets of parts.
    fn best(&self, is_bushy: bool) -> Option<(JoinTree, f64, f64)> {
        let count = self.parts.len();
        let all = (1_usize << count) - 1;
        let is_connected = self.is_connected();
        let none =
            Best { cost: f64::INFINITY, rows: 1.0, variables: self.bound, choice: Choice::None };
        let mut table = vec![none; all + 1];
        for set in 1..=all {
            let last = (usize::BITS - 1 - set.leading_zeros()) as usize;
            let rest = table.get(set & !(1 << last)).copied()?;
            let part = self.parts.get(last)?;
            let mut best = Best {
                cost: f64::INFINITY,
                rows: self.joined(rest.rows, (set & !(1 << last)) as u64, rest.variables, last),
                variables: rest.variables | part.variables,
                choice: Choice::None,
            };
            let made = cost::ROW * best.rows;
            if set == 1 << last {
                best.cost =
                    if self.bound == 0 { part.cost } else { part.lookup(self.bound) } + made;
                best.choice = Choice::Leaf(last);
                if let Some(entry) = table.get_mut(set) {
                    *entry = best;
                }
                continue;
            }
            for index in members(set as u64) {
                let (Some(part), Some(rest)) =
                    (self.parts.get(index), table.get(set & !(1 << index)))
                else {
                    continue;
                };
                let is_join = part.variables & rest.variables != 0;
                let is_tiny = |part: &JoinInput| part.is_exact && part.rows <= FEW;
                let may_multiply = || {
                    let other = set & !(1 << index);
                    is_tiny(part)
                        || (other.is_power_of_two()
                            && self.parts.get(other.trailing_zeros() as usize).is_some_and(is_tiny))
                };
                if part.is_loopable && (is_join || !is_connected || may_multiply()) {
                    let cost = rest.cost + rest.rows.max(1.0) * part.lookup(rest.variables) + made;
                    if cost < best.cost {
                        (best.cost, best.choice) = (cost, Choice::Loop(index));
                    }
                }
            }
            if self.may_hash {
                self.hash(set, is_bushy, is_connected, &table, &mut best);
            }
            if let Some(entry) = table.get_mut(set) {
                *entry = best;
            }
        }
        let best = table.get(all)?;
        let tree = best.cost.is_finite().then(|| tree(&table, all))??;
        Some((tree, best.cost, best.rows))
    }

    /// The best two sides for a hash table.
    fn hash(
        &self,
        set: usize,
        is_bushy: bool,
        is_connected: bool,
        table: &[Best],
        best: &mut Best,
    ) {
        let made = cost::ROW * best.rows;
        let mut consider = |side: usize| {
            let (Some(left), Some(right)) = (table.get(side), table.get(set & !side)) else {
                return;
            };
            if left.variables & right.variables & !self.bound == 0 && is_connected {
                return;
            }
            let cost = left.cost + right.cost + cost::HASH * (left.rows + right.rows) + made;
            if cost < best.cost {
                (best.cost, best.choice) = (cost, Choice::Hash(side as u64));
            }
        };
        if is_bushy {
            // Each pair of sides once: the one with the lowest part first.
            let lowest = set & set.wrapping_neg();
            let others = set & !lowest;
            let mut rest = others;
            while rest != 0 {
                rest = (rest - 1) & others;
                consider(rest | lowest);
            }
        } else {
            for index in members(set as u64) {
                consider(1 << index);
            }
        }
    }

    /// One part after the other, each time the one that costs least together with the one that would follow it.
    fn greedy(&self) -> Option<(JoinTree, f64, f64)> {
        let mut starts: Vec<usize> = (0..self.parts.len()).collect();
        let first = |&i: &usize| self.parts.get(i).map_or(f64::INFINITY, |p| p.rows + p.cost);
        starts.sort_by(|a, b| first(a).total_cmp(&first(b)));
        let ways = starts.into_iter().take(STARTS).filter_map(|start| self.greedy_from(start));
        let best = ways.min_by(|a, b| a.0.cost.total_cmp(&b.0.cost));
        best.map(|(state, tree)| (tree, state.cost, state.rows))
    }

    fn greedy_from(&self, start: usize) -> Option<(SequenceState, JoinTree)> {
        let part = self.parts.get(start)?;
        let rows = self.joined(1.0, 0, self.bound, start);
        let cost = if self.bound == 0 { part.cost } else { part.lookup(self.bound) };
        let bound = self.bound | part.variables;
        let mut state =
            SequenceState { cost: cost + cost::ROW * rows, rows, done: 1 << start, bound };
        let mut tree = JoinTree::Leaf(start);
        let mut left: Vec<usize> = (0..self.parts.len()).filter(|&i| i != start).collect();
        while !left.is_empty() {
            let mut nexts: Vec<(bool, f64, usize)> = left
                .iter()
                .filter_map(|&index| {
                    let is_join = self.parts.get(index)?.variables & state.bound != 0;
                    Some((!is_join, self.follow(&state, index)?.0.cost, index))
                })
                .collect();
            nexts.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let is_join = nexts.first().is_some_and(|&(is_product, ..)| !is_product);
            nexts.retain(|&(is_product, ..)| is_product != is_join);
            let ahead = |&(_, cost, index): &(bool, f64, usize)| {
                let (next, _) = self.follow(&state, index)?;
                let others = left.iter().filter(|&&other| other != index);
                let after = others.filter_map(|&other| Some(self.follow(&next, other)?.0.cost));
                let best = after.fold(f64::INFINITY, f64::min);
                Some((if best.is_finite() { best } else { cost }, index))
            };
            let candidates = nexts.iter().take(AHEAD).filter_map(ahead);
            let (_, index) = candidates.min_by(|a, b| a.0.total_cmp(&b.0))?;
            let (next, is_loop) = self.follow(&state, index)?;
            state = next;
            tree = if is_loop {
                JoinTree::Loop(tree.into(), index)
            } else {
                JoinTree::Hash(tree.into(), JoinTree::Leaf(index).into())
            };
            left.retain(|&other| other != index);
        }
        Some((state, tree))
    }

    /// The state after one part more, and whether that is looped over.
    fn follow(&self, state: &SequenceState, index: usize) -> Option<(SequenceState, bool)> {
        let part = self.parts.get(index)?;
        let rows = self.joined(state.rows, state.done, state.bound, index);
        let made = cost::ROW * rows;
        let by_loop = if part.is_loopable {
            state.rows.max(1.0) * part.lookup(state.bound)
        } else {
            f64::INFINITY
        };
        let by_hash = if self.may_hash {
            part.cost + cost::ROW * part.rows + cost::HASH * (state.rows + part.rows)
        } else {
            f64::INFINITY
        };
        let cost = by_loop.min(by_hash);
        let next = SequenceState {
            cost: state.cost + cost + made,
            rows,
            done: state.done | 1 << index,
            bound: state.bound | part.variables,
        };
        cost.is_finite().then_some((next, by_loop <= by_hash))
    }
}

/// How far a sequence of joins has come.
#[derive(Debug, Clone, Copy)]
struct SequenceState {
    cost: f64,
    rows: f64,
    done: u64,
    bound: u64,
}

fn tree(table: &[Best], set: usize) -> Option<JoinTree> {
    Some(match table.get(set)?.choice {
        Choice::None => return None,
        Choice::Leaf(index) => JoinTree::Leaf(index),
        Choice::Loop(index) => JoinTree::Loop(tree(table, set & !(1 << index))?.into(), index),
        Choice::Hash(side) => {
            let side = usize::try_from(side).ok()?;
            JoinTree::Hash(tree(table, side)?.into(), tree(table, set & !side)?.into())
        }
    })
}
