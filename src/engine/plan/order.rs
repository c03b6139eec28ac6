//! Join ordering: the order of the parts of a group, and whether each join is a loop or a hash join.
//!
//! Uses dynamic programming over sets of parts (Moerkotte and Neumann, 2006) with the cardinality estimates of System R
//! (Selinger et al., 1979): the selectivity of a join is one divided by the larger number of distinct values that the
//! variable has on either side.

/// Costs in units of about 0.1 µs.
mod cost {
    /// An index lookup.
    pub(super) const PROBE: f64 = 12.0;
    /// Creating a row.
    pub(super) const ROW: f64 = 3.0;
    /// Reading a row of a sub-query and inserting it into a hash table, or probing the table with it.
    pub(super) const HASH: f64 = 10.0;
}

/// The most parts for which all join trees are considered.
const BUSHY: usize = 10;

/// The most parts for which all left-deep sequences are considered.
const LINEAR: usize = 12;

/// The most parts that are ordered at all.
pub(super) const MOST: usize = 64;

/// Above that limit, the number of parts that the greedy search tries as the first one, and as the next one.
const STARTS: usize = 3;
const AHEAD: usize = 8;

/// The most rows that one side of a Cartesian product may have.
const FEW: f64 = 10.0;

/// A part of a group, reduced to what matters for its joins. Variables are numbered, and sets of variables are bit
/// sets.
#[derive(Debug, Clone, Default)]
pub(super) struct JoinInput {
    /// The estimated number of solutions.
    pub rows: f64,
    /// Whether the solutions were counted, so that there cannot be more.
    pub is_exact: bool,
    /// The cost of all solutions, apart from that of the rows.
    pub cost: f64,
    /// The variables shared with other parts, each with its number of distinct values.
    pub values: Vec<(u32, f64)>,
    /// The same variables as a bit set.
    pub variables: u64,
    /// The access paths: a set of bound variables, and the cost of finding the matches given these.
    pub ways: Vec<(u64, f64)>,
    /// Whether rows of the other side may be passed into the part.
    pub is_loopable: bool,
    /// For a triple pattern whose subject is a numbered variable: that variable, and the number of subjects of its
    /// property.
    pub star: Option<(u32, f64)>,
}

impl JoinInput {
    /// Returns the cost of the solutions for one row that binds some variables.
    fn lookup(&self, bound: u64) -> f64 {
        let ways = self.ways.iter().filter(|&&(needed, _)| needed & !bound == 0);
        let cheapest = ways.map(|&(_, cost)| cost).fold(f64::INFINITY, f64::min);
        cost::PROBE + if cheapest.is_finite() { cheapest } else { self.cost }
    }
}

/// A condition that keeps a share of the rows, applied once its variables are bound.
#[derive(Debug, Clone, Copy)]
pub(super) struct Condition {
    pub variables: u64,
    pub share: f64,
}

/// The input of join ordering.
#[derive(Debug)]
pub(super) struct Joins<'a> {
    pub parts: &'a [JoinInput],
    pub conditions: &'a [Condition],
    /// For each two parts about the same subject, the share of the subjects of the first that also match the second.
    pub together: &'a [Vec<f64>],
    /// The variables that are bound beforehand.
    pub bound: u64,
    /// Whether hash joins are allowed.
    pub may_hash: bool,
}

/// A join tree.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum JoinTree {
    /// A single part.
    Leaf(usize),
    /// A part that is looked up for each row.
    Loop(Box<JoinTree>, usize),
    /// Two sides joined by a hash table.
    Hash(Box<JoinTree>, Box<JoinTree>),
}

impl JoinTree {
    /// Returns the parts of the tree as a bit set.
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

/// The best plan found for a set of parts.
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
    /// Returns the cheapest join tree found, with its cost and its rows. Returns `None` if a part that cannot be looped
    /// over would have to be.
    pub(super) fn order(&self) -> Option<(JoinTree, f64, f64)> {
        let count = self.parts.len();
        if count <= LINEAR { self.best(count <= BUSHY) } else { self.greedy() }
    }

    /// Returns the estimated rows of a join tree.
    pub(super) fn rows(&self, tree: &JoinTree) -> f64 {
        let (mut rows, mut done, mut bound) = (1.0, 0, self.bound);
        for index in members(tree.parts()) {
            rows = self.joined(rows, done, bound, index);
            done |= 1 << index;
            bound |= self.parts.get(index).map_or(0, |part| part.variables);
        }
        rows
    }

    /// Returns the estimated rows after joining one more part.
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

    /// Returns the number of matching subjects in a part for each matching subject among the parts already joined.
    fn subjects_for_one(
        &self,
        part: &JoinInput,
        index: usize,
        variable: u32,
        done: u64,
    ) -> Option<f64> {
        let (_, subjects) = part.star.filter(|&(star, _)| star == variable)?;
        // The rarest kind of subject is the best predictor for the remaining ones.
        let about_it = members(done).filter_map(|other| {
            let (star, subjects) = self.parts.get(other)?.star?;
            (star == variable).then_some((subjects, other))
        });
        let (_, fewest) = about_it.min_by(|a, b| a.0.total_cmp(&b.0))?;
        let share = self.together.get(fewest)?.get(index).copied()?;
        Some(subjects.max(1.0) / share.max(1e-6))
    }

    /// Returns whether shared variables connect all parts.
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

    /// Runs dynamic programming over all sets of parts.
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

    /// Returns the best split of a set into two sides of a hash join.
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
            // Each pair of sides is considered once: the first side has the lowest part.
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

    /// Orders greedily: each step chooses the part that is cheapest together with its best successor.
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

    /// Returns the state after one more part, and whether that part is looped over.
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

/// The state of a sequence of joins.
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
