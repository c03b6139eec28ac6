//! Estimates of the solutions and the cost of a part of a group, and of the selectivity of a condition.

use super::knowledge::{CountResult, Knowledge};
use super::order::{JoinInput, bit};
use super::statistics::{Property, Statistics, SubjectKind, hash_of};
use crate::algebra::{asks_exists, in_scope, variables};
use crate::vocabulary::rdf;
use oxigraph::model::TermRef;
use spargebra::algebra::{Expression, GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};
use std::collections::BTreeMap;

/// The most triples that are counted.
const CAP: usize = 64;

/// The assumed ratio of pairs that a repeated path connects to those that one step connects.
const CLOSURE: f64 = 8.0;

/// The most triples that are worth scanning only to count some of them.
const LONG: f64 = 1_000.0;

/// The estimate of a part of a group, before variables are numbered.
#[derive(Debug, Clone, Default)]
pub(super) struct Estimate {
    pub rows: f64,
    pub is_exact: bool,
    pub cost: f64,
    pub values: Vec<(Variable, f64)>,
    pub ways: Vec<(Vec<Variable>, f64)>,
    /// For a triple pattern with a variable as its subject: that variable, the kind of its subjects, and their number.
    pub star: Option<(Variable, SubjectKind, f64)>,
}

impl Estimate {
    /// Converts to a join input, with those variables that have numbers.
    pub(super) fn part(&self, numbers: &BTreeMap<Variable, u32>, is_loopable: bool) -> JoinInput {
        let number = |variable: &Variable| numbers.get(variable).copied();
        let values: Vec<(u32, f64)> = self
            .values
            .iter()
            .filter_map(|(variable, values)| Some((number(variable)?, *values)))
            .collect();
        JoinInput {
            rows: self.rows,
            is_exact: self.is_exact,
            cost: self.cost,
            variables: values.iter().fold(0, |set, &(variable, _)| set | bit(variable)),
            values,
            ways: self
                .ways
                .iter()
                .filter_map(|(needed, triples)| {
                    let bits = needed.iter().map(|variable| Some(bit(number(variable)?)));
                    Some((bits.sum::<Option<u64>>()?, *triples))
                })
                .collect(),
            is_loopable,
            star: self.star.as_ref().and_then(|(v, _, subjects)| Some((number(v)?, *subjects))),
        }
    }

    /// Returns the share of this triple pattern's subjects that also match another pattern.
    pub(super) fn share_with(&self, other: &Self, statistics: &Statistics) -> f64 {
        match (&self.star, &other.star) {
            (Some((a, kind, subjects)), Some((b, other, _))) if a == b => {
                let both = if kind == other {
                    *subjects
                } else {
                    statistics.together(*kind, *other).into()
                };
                // The count may be zero, but a plan should not rely on that.
                both.max(0.5) / subjects.max(1.0)
            }
            _ => 1.0,
        }
    }
}

impl Knowledge<'_> {
    /// Estimates a triple pattern in the default graph or in a named one.
    pub(super) fn triple(
        &self,
        triple: &TriplePattern,
        graph: Option<&NamedNodePattern>,
    ) -> Estimate {
        let nothing = Property::default();
        let all = &self.statistics.all;
        let property = match &triple.predicate {
            NamedNodePattern::NamedNode(name) => self.statistics.property(name).unwrap_or(&nothing),
            NamedNodePattern::Variable(_) => all,
        };
        let (subject, object) = (constant(&triple.subject), constant(&triple.object));
        let (triples, subjects, objects) =
            (number(property.triples), number(property.subjects), number(property.objects));
        // The access paths other than the property: the number of triples of the subject, and of the object.
        let degree = |term: TermRef<'_>, hubs: &rustc_hash::FxHashMap<u64, u64>, usual: f64| {
            hubs.get(&hash_of(term)).map_or(usual.min(number(CAP as u64)), |&degree| number(degree))
        };
        let out = match subject {
            Some(subject) => degree(subject, &all.frequent.subjects, all.out_degree),
            None => property.out_degree,
        };
        let into = match object {
            Some(object) => degree(object, &all.frequent.objects, all.in_degree),
            None => property.in_degree,
        };
        let mut shortest = triples;
        if subject.is_some() {
            shortest = shortest.min(out);
        }
        if object.is_some() {
            shortest = shortest.min(into);
        }
        let known = match (subject, object) {
            (None, None) => Some(triples),
            (None, Some(object)) if is_type(&triple.predicate) => match object {
                TermRef::NamedNode(class) => Some(
                    self.statistics.classes.get(&class.into_owned()).map_or(0.0, |&n| number(n)),
                ),
                _ => Some(0.0),
            },
            (None, Some(object)) => {
                property.frequent.objects.get(&hash_of(object)).map(|&count| number(count))
            }
            (Some(subject), None) => {
                property.frequent.subjects.get(&hash_of(subject)).map(|&count| number(count))
            }
            (Some(_), Some(_)) => None,
        };
        // The counts of frequent terms are known, so the average covers only the others.
        let usual = match (subject, object) {
            (None, None) => triples,
            (Some(_), None) => property.of_seldom_subject(),
            (None, Some(_)) => property.of_seldom_object(),
            (Some(_), Some(_)) => triples / subjects.max(1.0) / objects.max(1.0),
        };
        let in_graph = matches!(graph, Some(NamedNodePattern::NamedNode(_)));
        let has_constant = subject.is_some() || object.is_some() || in_graph;
        let (rows, is_exact) = match known {
            Some(rows) if !in_graph => (rows, true),
            known => {
                // A term that is not frequent is rare, so its triples are counted unless that needs a long scan.
                let is_short = shortest <= LONG || in_graph;
                match (has_constant && is_short).then(|| self.counted(triple, graph)) {
                    Some(CountResult::Exactly(count)) => (number(count as u64), true),
                    Some(CountResult::AtLeast(count)) => {
                        (known.unwrap_or(usual).max(number(count as u64)), false)
                    }
                    None => (known.unwrap_or_else(|| usual.min(number(CAP as u64))), false),
                }
            }
        };
        let mut estimate = Estimate {
            rows,
            is_exact,
            cost: self.index.cost(shortest, rows),
            ..Estimate::default()
        };
        if let (Some(subject), NamedNodePattern::NamedNode(name), None) =
            (variable_of(&triple.subject), &triple.predicate, graph)
        {
            estimate.star = Some(match object {
                Some(TermRef::NamedNode(class)) if is_type(&triple.predicate) => {
                    (subject.clone(), SubjectKind::of_class(class), rows)
                }
                _ => (subject.clone(), SubjectKind::having(name.as_ref()), subjects),
            });
        }
        let mut lead = |variable: Option<&Variable>, values: f64, triples: f64| {
            if let Some(variable) = variable {
                estimate.values.push((variable.clone(), values.min(rows).max(1.0)));
                let matching = rows / values.min(rows).max(1.0);
                let cost = self.index.cost(triples, matching);
                estimate.ways.push((vec![variable.clone()], cost));
            }
        };
        lead(variable_of(&triple.subject), subjects, out);
        lead(variable_of(&triple.object), objects, into);
        if let NamedNodePattern::Variable(variable) = &triple.predicate {
            let properties = number(self.statistics.properties.len() as u64);
            lead(Some(variable), properties, all.triples_each(properties));
        }
        if let Some(NamedNodePattern::Variable(variable)) = graph {
            lead(Some(variable), rows, triples);
        }
        estimate.ways.push((Vec::new(), self.index.cost(shortest, rows)));
        merge_values(&mut estimate.values);
        estimate
    }

    fn counted(&self, triple: &TriplePattern, graph: Option<&NamedNodePattern>) -> CountResult {
        let graph = match graph {
            Some(NamedNodePattern::NamedNode(name)) => Some(name),
            _ => None,
        };
        (self.count)(triple, graph, CAP)
    }

    /// Estimates a property path.
    pub(super) fn path(
        &self,
        subject: &TermPattern,
        path: &PropertyPathExpression,
        object: &TermPattern,
        graph: Option<&NamedNodePattern>,
    ) -> Estimate {
        let pairs = self.pairs(path);
        let from = pairs.rows / pairs.subjects.max(1.0);
        let to = pairs.rows / pairs.objects.max(1.0);
        let (has_subject, has_object) = (constant(subject).is_some(), constant(object).is_some());
        let rows = match (has_subject, has_object) {
            (true, true) => 1.0_f64.min(pairs.rows),
            (true, false) => from,
            (false, true) => to,
            (false, false) => pairs.rows,
        };
        let walk = pairs.effort;
        let cost = match (has_subject, has_object) {
            (true, _) => from * walk,
            (_, true) => to * walk,
            _ => pairs.rows * walk,
        };
        let mut estimate = Estimate { rows, cost, ..Estimate::default() };
        if let Some(variable) = variable_of(subject) {
            estimate.values.push((variable.clone(), pairs.subjects.min(rows).max(1.0)));
            estimate.ways.push((vec![variable.clone()], from * walk));
        }
        if let Some(variable) = variable_of(object) {
            estimate.values.push((variable.clone(), pairs.objects.min(rows).max(1.0)));
            estimate.ways.push((vec![variable.clone()], to * walk));
        }
        if let Some(NamedNodePattern::Variable(variable)) = graph {
            estimate.values.push((variable.clone(), rows.max(1.0)));
        }
        estimate.ways.push((Vec::new(), cost));
        merge_values(&mut estimate.values);
        estimate
    }

    /// Estimates how many pairs a path connects.
    fn pairs(&self, path: &PropertyPathExpression) -> PathPairs {
        let all = &self.statistics.all;
        match path {
            PropertyPathExpression::NamedNode(name) => self
                .statistics
                .property(name)
                .map_or_else(|| PathPairs::of(&Property::default()), PathPairs::of),
            PropertyPathExpression::NegatedPropertySet(_) => PathPairs::of(all),
            PropertyPathExpression::Reverse(inner) => {
                let pairs = self.pairs(inner);
                PathPairs { subjects: pairs.objects, objects: pairs.subjects, ..pairs }
            }
            PropertyPathExpression::Sequence(first, second) => {
                let (first, second) = (self.pairs(first), self.pairs(second));
                PathPairs {
                    rows: first.rows * second.rows / first.objects.max(second.subjects).max(1.0),
                    subjects: first.subjects,
                    objects: second.objects,
                    effort: first.effort + second.effort,
                }
            }
            PropertyPathExpression::Alternative(first, second) => {
                let (first, second) = (self.pairs(first), self.pairs(second));
                PathPairs {
                    rows: first.rows + second.rows,
                    subjects: first.subjects.max(second.subjects),
                    objects: first.objects.max(second.objects),
                    effort: first.effort + second.effort,
                }
            }
            PropertyPathExpression::ZeroOrMore(inner) => {
                let pairs = self.pairs(inner).repeated();
                let things = number(self.statistics.subjects + self.statistics.objects);
                PathPairs { rows: pairs.rows + things, subjects: things, objects: things, ..pairs }
            }
            PropertyPathExpression::OneOrMore(inner) => self.pairs(inner).repeated(),
            PropertyPathExpression::ZeroOrOne(inner) => {
                let pairs = self.pairs(inner);
                let things = number(self.statistics.subjects + self.statistics.objects);
                PathPairs { rows: pairs.rows + things, subjects: things, objects: things, ..pairs }
            }
        }
    }
}

impl Property {
    fn triples_each(&self, properties: f64) -> f64 {
        number(self.triples) / properties.max(1.0)
    }
}

impl Knowledge<'_> {
    /// Roughly estimates the rows and the cost of a pattern, without searching for the best plan.
    pub(super) fn rough(&self, pattern: &GraphPattern) -> (f64, f64) {
        let join = |parts: &mut dyn Iterator<Item = (f64, f64)>| {
            parts.fold((1.0, 0.0), |all: (f64, f64), part| (all.0.max(part.0), all.1 + part.1))
        };
        match pattern {
            GraphPattern::Bgp { patterns } => join(&mut patterns.iter().map(|triple| {
                let estimate = self.triple(triple, None);
                (estimate.rows, estimate.cost)
            })),
            GraphPattern::Path { subject, path, object } => {
                let estimate = self.path(subject, path, object, None);
                (estimate.rows, estimate.cost)
            }
            GraphPattern::Values { bindings, .. } => (number(bindings.len() as u64), 1.0),
            GraphPattern::Join { left, right } => {
                join(&mut [self.rough(left), self.rough(right)].into_iter())
            }
            GraphPattern::Union { left, right } => {
                let (left, right) = (self.rough(left), self.rough(right));
                (left.0 + right.0, left.1 + right.1)
            }
            GraphPattern::Filter { inner, .. } | GraphPattern::Graph { inner, .. } => {
                self.rough(inner)
            }
            _ => (1_000.0, 10_000.0),
        }
    }
}

/// Estimates of the pairs that a path connects.
struct PathPairs {
    rows: f64,
    subjects: f64,
    objects: f64,
    /// The cost of finding one pair.
    effort: f64,
}

impl PathPairs {
    fn of(property: &Property) -> Self {
        Self {
            rows: number(property.triples),
            subjects: number(property.subjects),
            objects: number(property.objects),
            effort: 3.0,
        }
    }

    fn repeated(self) -> Self {
        let most = self.subjects * self.objects;
        let rows = (self.rows * CLOSURE).min(most.max(self.rows));
        Self { rows, effort: 3.0 * self.effort, ..self }
    }
}

/// Estimates a VALUES pattern.
pub(super) fn values(pattern: &GraphPattern) -> Option<Estimate> {
    let GraphPattern::Values { variables, bindings } = pattern else { return None };
    let rows = number(bindings.len() as u64);
    Some(Estimate {
        rows,
        is_exact: true,
        cost: rows,
        values: variables.iter().map(|variable| (variable.clone(), rows.max(1.0))).collect(),
        ways: vec![(Vec::new(), rows)],
        star: None,
    })
}

/// Returns the estimate of any other pattern, with the given rows and cost.
pub(super) fn other(pattern: &GraphPattern, rows: f64, cost: f64) -> Estimate {
    let values = in_scope(pattern).into_iter().map(|variable| (variable, rows.max(1.0)));
    Estimate { rows, is_exact: false, cost, values: values.collect(), ..Estimate::default() }
}

/// Returns the share of solutions that a condition keeps. `values` returns the number of distinct values of a variable.
pub(super) fn share(condition: &Expression, values: &dyn Fn(&Variable) -> f64) -> f64 {
    let one_of = |a: &Expression, b: &Expression| match (a, b) {
        (Expression::Variable(a), Expression::Variable(b)) => values(a).max(values(b)),
        (Expression::Variable(variable), _) | (_, Expression::Variable(variable)) => {
            values(variable)
        }
        _ => 10.0,
    };
    match condition {
        Expression::Equal(a, b) | Expression::SameTerm(a, b) => 1.0 / one_of(a, b).max(1.0),
        Expression::In(needle, list) => {
            (number(list.len() as u64) / one_of(needle, needle).max(1.0)).min(1.0)
        }
        Expression::And(a, b) => share(a, values) * share(b, values),
        Expression::Or(a, b) => (share(a, values) + share(b, values)).min(1.0),
        Expression::Not(inner) => match inner.as_ref() {
            Expression::Equal(..) | Expression::SameTerm(..) | Expression::In(..) => 0.9,
            _ => 0.5,
        },
        Expression::Greater(..)
        | Expression::GreaterOrEqual(..)
        | Expression::Less(..)
        | Expression::LessOrEqual(..) => 0.3,
        Expression::FunctionCall(..) => 0.2,
        _ => 0.5,
    }
}

/// Returns the variables of a condition, or `None` if it depends on anything else.
pub(super) fn sees(condition: &Expression) -> Option<Vec<Variable>> {
    let alone = GraphPattern::Filter { expr: condition.clone(), inner: Box::default() };
    (!asks_exists(&alone)).then(|| variables(&alone).into_iter().cloned().collect())
}

/// Merges duplicate variables, keeping the smaller number of distinct values.
fn merge_values(values: &mut Vec<(Variable, f64)>) {
    values.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    values.dedup_by(|later, first| later.0 == first.0);
}

fn is_type(predicate: &NamedNodePattern) -> bool {
    matches!(predicate, NamedNodePattern::NamedNode(name) if name.as_ref() == rdf::TYPE)
}

pub(super) fn constant(term: &TermPattern) -> Option<TermRef<'_>> {
    match term {
        TermPattern::NamedNode(node) => Some(node.as_ref().into()),
        TermPattern::Literal(literal) => Some(literal.as_ref().into()),
        _ => None,
    }
}

pub(super) fn variable_of(term: &TermPattern) -> Option<&Variable> {
    match term {
        TermPattern::Variable(variable) => Some(variable),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn number(count: u64) -> f64 {
    count as f64
}
