//! What each operator did, for explanations.

use super::block::Block;
use super::operator::{Context, Operator};
use crate::algebra::in_scope;
use oxigraph::sparql::QueryEvaluationError;
use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use spargebra::algebra::{AggregateExpression, GraphPattern, OrderExpression};
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// The rows and the time of an operator, in the form of the engine's reports.
pub(super) struct Trace {
    name: String,
    children: Vec<Rc<Self>>,
    rows: Cell<usize>,
    /// The time with that of its inputs.
    time: Cell<Duration>,
    /// The input of the operator, if that is not among its children.
    input: Option<Rc<Self>>,
}

impl Trace {
    pub(super) fn new(name: String, children: Vec<Rc<Self>>) -> Self {
        Self { name, children, rows: Cell::default(), time: Cell::default(), input: None }
    }

    /// Returns the trace of what is looked up for each row of an input, and that of both together.
    pub(super) fn per_row(name: String, children: Vec<Rc<Self>>, input: Rc<Self>) -> [Rc<Self>; 2] {
        let looked_up = Self { input: Some(Rc::clone(&input)), ..Self::new(name, children) };
        let looked_up = Rc::new(looked_up);
        let both = Self::new("Lateral".to_owned(), vec![input, Rc::clone(&looked_up)]);
        [looked_up, both.into()]
    }
}

impl Serialize for Trace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let of_input = self.input.as_ref().map_or(Duration::ZERO, |input| input.time.get());
        let time = self.time.get().saturating_sub(of_input);
        let children: Vec<&Self> = self.children.iter().map(Rc::as_ref).collect();
        let mut node = serializer.serialize_struct("node", 4)?;
        node.serialize_field("name", &self.name)?;
        node.serialize_field("number of results", &self.rows.get())?;
        node.serialize_field("duration in seconds", &time.as_secs_f64())?;
        node.serialize_field("children", &children)?;
        node.end()
    }
}

/// An operator that notes its rows and its time.
pub(super) struct Traced {
    pub operator: Box<dyn Operator>,
    pub traces: Vec<Rc<Trace>>,
}

impl Operator for Traced {
    fn next(&mut self, context: &Context) -> Result<Option<Block>, QueryEvaluationError> {
        let start = Instant::now();
        let next = self.operator.next(context);
        for trace in &self.traces {
            trace.time.set(trace.time.get() + start.elapsed());
            if let Ok(Some(block)) = &next {
                trace.rows.set(trace.rows.get() + block.rows);
            }
        }
        next
    }
}

/// Returns the name of a pattern's operator, in the form of the engine's reports, or `None` if it has no operator of its
/// own.
pub(super) fn name(pattern: &GraphPattern) -> Option<String> {
    Some(match pattern {
        GraphPattern::Bgp { patterns } => match patterns.as_slice() {
            [triple] => {
                format!("QuadPattern({} {} {})", triple.subject, triple.predicate, triple.object)
            }
            _ => return None,
        },
        GraphPattern::Path { subject, path, object } => format!("Path({subject} {path} {object})"),
        GraphPattern::Values { variables, .. } => {
            format!("StaticBindings(({}), ())", list(variables))
        }
        GraphPattern::Union { .. } => "Union".to_owned(),
        GraphPattern::LeftJoin { expression, .. } => match expression {
            Some(expression) => format!("ForLoopLeftJoin(expression = {expression})"),
            None => "ForLoopLeftJoin(expression = true)".to_owned(),
        },
        GraphPattern::Minus { left, right } => {
            let (left, right) = (in_scope(left), in_scope(right));
            let keys = list(left.intersection(&right));
            format!("AntiJoin(HashBuildRightProbeLeft, keys = {keys})")
        }
        GraphPattern::Filter { expr, .. } => format!("Filter({expr})"),
        GraphPattern::Extend { variable, expression, .. } => {
            format!("Extend({expression} -> {variable})")
        }
        GraphPattern::Project { variables, .. } => format!("Project({})", list(variables)),
        GraphPattern::Distinct { .. } | GraphPattern::Reduced { .. } => "Distinct(Hash)".to_owned(),
        GraphPattern::OrderBy { expression, .. } => {
            let order = expression.iter().map(|order| match order {
                OrderExpression::Asc(expression) => format!("ASC({expression})"),
                OrderExpression::Desc(expression) => format!("DESC({expression})"),
            });
            format!("Sort({})", list(order))
        }
        GraphPattern::Slice { start, length: Some(length), .. } => {
            format!("Slice(start = {start}, length = {length})")
        }
        GraphPattern::Slice { start, length: None, .. } => format!("Slice(start = {start})"),
        GraphPattern::Group { variables, aggregates, .. } => {
            let keys = variables.iter().map(ToString::to_string);
            let aggregates = aggregates.iter().map(|(variable, aggregate)| match aggregate {
                AggregateExpression::CountSolutions { distinct: false } => {
                    format!("COUNT(*) -> {variable}")
                }
                AggregateExpression::CountSolutions { distinct: true } => {
                    format!("COUNT(DISTINCT *) -> {variable}")
                }
                aggregate => format!("{aggregate} -> {variable}"),
            });
            format!("Aggregate({})", list(keys.chain(aggregates)))
        }
        _ => return None,
    })
}

fn list(items: impl IntoIterator<Item = impl ToString>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
