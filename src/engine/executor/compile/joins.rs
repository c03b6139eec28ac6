//! Joins, OPTIONAL, MINUS and UNION.

use super::expressions::variables_of_expression;
use super::safety::is_safe;
use super::{Compiler, Variables, aligned, columns_of, with};
use crate::algebra::{certain, fresh, in_scope};
use crate::engine::executor::branch::{AT_ONCE, Branch, Handed, HandedUnion, Slot};
use crate::engine::executor::join::{AntiJoin, Join, JoinColumn, JoinKind};
use crate::engine::executor::key_set::{KeySet, READ_AT_ONCE};
use crate::engine::executor::matcher::{HandedMatcher, HashedMatcher, Matcher};
use crate::engine::executor::operator::{Operator, Pieces, Plan, PlanColumn};
use crate::engine::executor::rows::{Concatenation, Constant};
use spargebra::algebra::{Expression, GraphPattern};

/// The most shared variables of a join.
const MOST_SHARED: usize = 64;

impl Compiler<'_> {
    pub(super) fn join(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        let (left, right) = match left {
            // Rows that are few and known come first.
            _ if matches!(right, GraphPattern::Values { .. }) && input.is_none() => (right, left),
            _ => (left, right),
        };
        let shared = in_scope(right);
        let left = self.pattern(left, input, &with(needed, &shared))?;
        let is_sub_query = matches!(right, GraphPattern::Project { .. });
        if !is_sub_query && is_safe(right, &columns_of(&left)) {
            return self.pattern(right, Some(left), needed);
        }
        let shared = shared.into_iter().filter(|v| left.column(v).is_some()).collect();
        let right = self.pattern(right, None, &with(needed, &shared))?;
        joined(left, right, needed)
    }

    pub(super) fn left_join(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        condition: Option<&Expression>,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        let needed =
            condition.map_or_else(|| needed.clone(), |c| with(needed, &variables_of_expression(c)));
        let left = self.pattern(left, input, &with(&needed, &in_scope(right)))?;
        let wanted = in_scope(right).intersection(&needed).cloned().collect();
        let (matcher, found) = self.matcher(&left, right, &wanted, false)?;
        let (sources, mut columns) = join_columns(&left, &found, &needed);
        for column in &mut columns {
            column.is_certain = left.is_certain(&column.variable);
        }
        let condition = match condition {
            Some(condition) => {
                let joined = Plan::new(Constant(None), columns.clone());
                Some(self.condition(condition, &joined)?)
            }
            None => None,
        };
        let join = Join::new(left.operator, matcher, JoinKind::Left(condition), sources);
        Some(Plan::new(join, columns))
    }

    pub(super) fn minus(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        let shared: Variables = in_scope(left).intersection(&in_scope(right)).cloned().collect();
        let left = self.pattern(left, input, &with(needed, &shared))?;
        if shared.is_empty() {
            return Some(left);
        }
        let (right, _) = self.matcher_of(&left, right, &shared, &Variables::new(), true)?;
        let Plan { operator, columns, .. } = left;
        let left = Pieces::of_at_most(AT_ONCE, operator);
        Some(Plan::new(AntiJoin { left, right }, columns))
    }

    pub(super) fn union(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        input: Option<Plan>,
        needed: &Variables,
    ) -> Option<Plan> {
        let Some(input) = input else {
            let (left, right) =
                (self.pattern(left, None, needed)?, self.pattern(right, None, needed)?);
            let columns = united(&[&left, &right], needed);
            let inputs = [left, right].map(|plan| aligned(plan, &columns).operator);
            return Some(Plan::new(Concatenation(inputs.into()), columns));
        };
        let mut plans = Vec::new();
        for pattern in [left, right] {
            let slot = Slot::default();
            let handed = Plan::new(Handed(Slot::clone(&slot)), input.columns.clone());
            plans.push((slot, self.pattern(pattern, Some(handed), needed)?));
        }
        let all: Vec<&Plan> = plans.iter().map(|(_, plan)| plan).collect();
        let columns = united(&all, needed);
        let branches = plans.into_iter().map(|(slot, plan)| {
            let operator = aligned(plan, &columns).operator;
            Branch { slot, operator }
        });
        let branches = branches.collect();
        let union = HandedUnion { input: input.operator, branches, current: None };
        Some(Plan::new(union, columns))
    }

    /// Returns what finds the matches of rows in a pattern, and the columns of a match.
    fn matcher(
        &mut self,
        left: &Plan,
        right: &GraphPattern,
        wanted: &Variables,
        needs_common: bool,
    ) -> Option<(Matcher, Vec<PlanColumn>)> {
        let shared = in_scope(right).into_iter().filter(|v| left.column(v).is_some()).collect();
        self.matcher_of(left, right, &shared, wanted, needs_common)
    }

    fn matcher_of(
        &mut self,
        left: &Plan,
        right: &GraphPattern,
        shared: &Variables,
        wanted: &Variables,
        needs_common: bool,
    ) -> Option<(Matcher, Vec<PlanColumn>)> {
        let has_common = || certain(right).iter().any(|v| shared.contains(v) && left.is_certain(v));
        if is_safe(right, &columns_of(left)) && (!needs_common || has_common()) {
            return self.looked_up(left, right, shared, wanted);
        }
        let right = self.pattern(right, None, &with(wanted, shared))?;
        hashed(left, right, shared, wanted, needs_common)
    }

    /// Returns what finds the matches of rows by evaluating a pattern for their values, and the columns of a match.
    pub(super) fn looked_up(
        &mut self,
        left: &Plan,
        right: &GraphPattern,
        shared: &Variables,
        wanted: &Variables,
    ) -> Option<(Matcher, Vec<PlanColumn>)> {
        let (lookups, columns) = self.handed(left, right, shared, wanted)?;
        let matcher = match self.key_set(left, right, shared, wanted) {
            Some((whole, at, rows)) => {
                Matcher::KeySet(KeySet::new(whole, at, rows / READ_AT_ONCE), lookups)
            }
            None => Matcher::Handed(lookups),
        };
        Some((matcher, columns))
    }

    /// Returns a triple pattern by itself, the columns of the one variable that it shares with a plan, and how many rows
    /// it has; or `None` if its matches are not known by the value of one variable alone.
    fn key_set(
        &mut self,
        left: &Plan,
        right: &GraphPattern,
        shared: &Variables,
        wanted: &Variables,
    ) -> Option<(Box<dyn Operator>, [usize; 2], usize)> {
        let GraphPattern::Bgp { patterns } = right else { return None };
        let ([triple], Some(variable), 1) = (&patterns[..], shared.first(), shared.len()) else {
            return None;
        };
        let others = columns_of(left);
        let is_alone = in_scope(right).iter().all(|v| v == variable || !others.contains(v));
        if !wanted.is_empty() || !is_alone || !left.is_certain(variable) {
            return None;
        }
        let rows = self.count(triple);
        let plan = self.pattern(right, None, shared)?;
        let columns = [left.column(variable)?, plan.column(variable)?];
        Some((plan.operator, columns, rows))
    }

    fn handed(
        &mut self,
        left: &Plan,
        right: &GraphPattern,
        shared: &Variables,
        wanted: &Variables,
    ) -> Option<(HandedMatcher, Vec<PlanColumn>)> {
        let number = fresh("row", &mut self.taken);
        let handed = left.all_columns(shared)?;
        let mut columns = vec![PlanColumn { variable: number.clone(), is_certain: true }];
        columns.extend(handed.iter().filter_map(|&column| left.columns.get(column)).cloned());
        let slot = Slot::default();
        let input = Plan::new(Handed(Slot::clone(&slot)), columns);
        let mut needed = wanted.clone();
        needed.insert(number.clone());
        let plan = self.pattern(right, Some(input), &needed)?;
        let wanted: Vec<usize> = wanted.iter().filter_map(|v| plan.column(v)).collect();
        let columns =
            wanted.iter().filter_map(|&column| plan.columns.get(column)).cloned().collect();
        let number = plan.column(&number)?;
        let branch = Branch { slot, operator: plan.operator };
        Some((HandedMatcher { branch, handed, number, wanted }, columns))
    }
}

/// Joins the rows of two plans by a hash table of the second.
pub(super) fn joined(left: Plan, right: Plan, needed: &Variables) -> Option<Plan> {
    let shared = columns_of(&left).intersection(&columns_of(&right)).cloned().collect();
    let wanted = columns_of(&right).intersection(needed).cloned().collect();
    let (matcher, found) = hashed(&left, right, &shared, &wanted, false)?;
    let (sources, columns) = join_columns(&left, &found, needed);
    Some(Plan::new(Join::new(left.operator, matcher, JoinKind::Inner, sources), columns))
}

fn hashed(
    left: &Plan,
    right: Plan,
    shared: &Variables,
    wanted: &Variables,
    needs_common: bool,
) -> Option<(Matcher, Vec<PlanColumn>)> {
    let pairs: Vec<[usize; 2]> = shared
        .iter()
        .filter_map(|variable| Some([left.column(variable)?, right.column(variable)?]))
        .collect();
    if pairs.len() > MOST_SHARED {
        return None;
    }
    let wanted: Vec<usize> = wanted.iter().filter_map(|v| right.column(v)).collect();
    let columns = wanted.iter().filter_map(|&column| right.columns.get(column)).cloned().collect();
    Some((
        Matcher::Hashed(HashedMatcher::new(right.operator, pairs, needs_common, wanted)),
        columns,
    ))
}

/// Returns the needed columns of a join of rows with their matches.
fn join_columns(
    left: &Plan,
    found: &[PlanColumn],
    needed: &Variables,
) -> (Vec<JoinColumn>, Vec<PlanColumn>) {
    let mut sources = Vec::new();
    let mut columns = Vec::new();
    for (place, column) in left.columns.iter().enumerate() {
        if !needed.contains(&column.variable) {
            continue;
        }
        let other = found.iter().position(|found| found.variable == column.variable);
        sources.push(match other {
            Some(other) if !column.is_certain => JoinColumn::Either(place, other),
            _ => JoinColumn::Left(place),
        });
        let is_certain = column.is_certain
            || found.iter().any(|f| f.is_certain && f.variable == column.variable);
        columns.push(PlanColumn { variable: column.variable.clone(), is_certain });
    }
    for (place, column) in found.iter().enumerate() {
        if needed.contains(&column.variable) && left.column(&column.variable).is_none() {
            sources.push(JoinColumn::Match(place));
            columns.push(column.clone());
        }
    }
    (sources, columns)
}

/// Returns the needed columns of several plans together.
fn united(plans: &[&Plan], needed: &Variables) -> Vec<PlanColumn> {
    let all: Variables = plans.iter().flat_map(|plan| columns_of(plan)).collect();
    let columns = all.into_iter().filter(|variable| needed.contains(variable));
    columns
        .map(|variable| {
            let is_certain = plans.iter().all(|plan| plan.is_certain(&variable));
            PlanColumn { variable, is_certain }
        })
        .collect()
}
