//! Aggregates of groups whose numbers may exceed the engine's types.

use super::number::Number;
use super::own;
use crate::engine::quirks::sort_key::sort_key;
use oxigraph::model::{NamedNode, Term};
use spareval::AggregateFunctionAccumulator;
use spargebra::algebra::AggregateFunction;

type Accumulator = Box<dyn AggregateFunctionAccumulator + Send + Sync>;

/// Creates the accumulator of a group.
type Start = fn() -> Accumulator;

/// The aggregates, by name.
pub(super) const FUNCTIONS: [(&str, Start); 4] = [
    ("sum of any numbers", || {
        Box::new(Total { sum: Some(Number::from(0)), count: 0, is_mean: false })
    }),
    ("mean of any numbers", || {
        Box::new(Total { sum: Some(Number::from(0)), count: 0, is_mean: true })
    }),
    ("least of any values", || Box::new(Extreme { is_greatest: false, found: None })),
    ("greatest of any values", || Box::new(Extreme { is_greatest: true, found: None })),
];

/// Returns the name of the custom aggregate that replaces one of the engine's.
pub(super) fn own_aggregate(function: &AggregateFunction) -> Option<NamedNode> {
    let [(sum, _), (mean, _), (least, _), (greatest, _)] = FUNCTIONS;
    Some(own(match function {
        AggregateFunction::Sum => sum,
        AggregateFunction::Avg => mean,
        AggregateFunction::Min => least,
        AggregateFunction::Max => greatest,
        _ => return None,
    }))
}

/// SUM and AVG, which have no value if the group has a member that is not a number.
struct Total {
    sum: Option<Number>,
    count: i64,
    is_mean: bool,
}

impl AggregateFunctionAccumulator for Total {
    fn accumulate(&mut self, element: Term) {
        self.count += 1;
        self.sum = self.sum.take().and_then(|sum| Some(sum.plus(Number::of(&element)?)));
    }

    fn finish(&mut self) -> Option<Term> {
        let sum = self.sum.take()?;
        if self.is_mean && self.count > 0 {
            return sum.divided_by(Number::from(self.count))?.into_term();
        }
        sum.into_term()
    }
}

/// MIN and MAX, in the order of ORDER BY.
struct Extreme {
    is_greatest: bool,
    found: Option<(String, Term)>,
}

impl AggregateFunctionAccumulator for Extreme {
    fn accumulate(&mut self, element: Term) {
        let key = sort_key(element.clone());
        let is_better = match &self.found {
            Some((found, _)) if self.is_greatest => key > *found,
            Some((found, _)) => key < *found,
            None => true,
        };
        if is_better {
            self.found = Some((key, element));
        }
    }

    fn finish(&mut self) -> Option<Term> {
        self.found.take().map(|(_, term)| term)
    }
}
