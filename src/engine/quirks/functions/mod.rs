//! Custom functions for cases where the engine deviates from SPARQL 1.1 or `XPath`. They are inserted into the algebra
//! only for the embedded engine, so queries that are shown or sent to an endpoint stay portable.

mod aggregate;
mod arithmetic;
mod calculation;
mod cast;
mod comparison;
mod concat;
mod language;
mod membership;
mod number;
mod pattern;
mod replacement;

pub(in crate::engine) use language::rewrite as lower_case_language;
pub(in crate::engine) use pattern::compiled_pattern;

use super::long_decimal::LongDecimal;
use crate::algebra::{change, pattern_of, pattern_of_mut};
use crate::budget::Cancellation;
use membership::MemberSet;
use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::SparqlEvaluator;
use spargebra::Query;
use spargebra::algebra::{
    AggregateExpression, AggregateFunction, Expression, Function, GraphPattern, OrderExpression,
};
use spargebra::term::GroundTerm;

/// The most nodes of an expression that is evaluated twice if the engine has no value for it.
const MOST_REPEATED: usize = 256;

/// Makes a query call the custom functions, and registers them with its evaluator. They stop the work if they would make
/// a literal that is too long. The last parameter says whether the data may have numbers that exceed the engine's types.
pub(super) fn with_own_functions(
    query: &mut Query,
    mut evaluator: SparqlEvaluator,
    until: &Cancellation,
    may_have_long_numbers: bool,
) -> SparqlEvaluator {
    let needs = needs(query);
    let has_long_numbers =
        needs.for_long_numbers && (may_have_long_numbers || has_long_numbers(pattern_of(query)));
    if !has_long_numbers && !needs.always {
        return evaluator;
    }
    let mut made = QueryConstants { has_long_numbers, ..QueryConstants::default() };
    change(pattern_of_mut(query), &mut |pattern| {
        rewrite_pattern(pattern, &mut made);
        true
    });
    for (number, members) in made.members.into_iter().enumerate() {
        evaluator = evaluator
            .with_custom_function(membership::name(number), move |terms| members.contain(terms));
    }
    for (number, separator) in made.separators.into_iter().enumerate() {
        evaluator = evaluator.with_custom_aggregate_function(
            concat::name(number),
            concat::concatenation(separator, until),
        );
    }
    let mut add = |name: &str, function: fn(&[Term]) -> Option<Term>| {
        let evaluator_so_far = std::mem::take(&mut evaluator);
        evaluator = evaluator_so_far.with_custom_function(own(name), function);
    };
    add(arithmetic::IS_NUMERIC, arithmetic::is_number);
    add(arithmetic::SUM, arithmetic::sum);
    add(cast::COLLAPSED, cast::collapsed);
    add(cast::FLOATING, cast::floating);
    add(comparison::EQUAL, comparison::equal);
    add(comparison::OF_NAN, comparison::of_nan);
    for (name, function) in comparison::FUNCTIONS.into_iter().chain(calculation::FUNCTIONS) {
        add(name, function);
    }
    for (name, accumulator) in aggregate::FUNCTIONS {
        evaluator = evaluator.with_custom_aggregate_function(own(name), accumulator);
    }
    let matcher = pattern::PatternCache::default();
    let replacer = matcher.clone();
    let [replacing, joining] = [until.clone(), until.clone()];
    evaluator
        .with_custom_function(own(pattern::REGEX), move |terms| matcher.regex(terms))
        .with_custom_function(own(replacement::REPLACE), move |terms| {
            replacement::replace(&replacer, terms, &replacing)
        })
        .with_custom_function(own(concat::CONCAT), move |terms| concat::concat(terms, &joining))
}

/// The constants of a query that are parameters of its custom functions.
#[derive(Default)]
struct QueryConstants {
    /// The separators of its `GROUP_CONCAT`s.
    separators: Vec<String>,
    /// The members of its long `IN` lists.
    members: Vec<MemberSet>,
    /// Whether a value may be a number that exceeds the engine's types.
    has_long_numbers: bool,
}

/// Returns whether a pattern has a constant number that exceeds the engine's types.
pub(in crate::engine) fn has_long_numbers(pattern: &GraphPattern) -> bool {
    let mut has = false;
    crate::algebra::walk(pattern, &mut |pattern| {
        if let GraphPattern::Values { bindings, .. } = pattern {
            has = has
                || bindings.iter().flatten().flatten().any(|term| {
                    matches!(term, GroundTerm::Literal(literal) if LongDecimal::is_needed_for(literal))
                });
        }
        crate::algebra::walk_expressions(pattern, &mut |inner| {
            has = has
                || matches!(inner, Expression::Literal(literal) if LongDecimal::is_needed_for(literal));
        });
    });
    has
}

/// Returns the name of a custom function. It is not a valid IRI, so no query can use it.
fn own(name: &str) -> NamedNode {
    NamedNode::new_unchecked(name)
}

fn call(name: &str, arguments: Vec<Expression>) -> Expression {
    Expression::FunctionCall(Function::Custom(own(name)), arguments)
}

/// Which parts of a query can need the custom functions.
#[derive(Default)]
struct Needs {
    /// Whether they are needed regardless of the data.
    always: bool,
    /// Whether they are needed if there are numbers that exceed the engine's types.
    for_long_numbers: bool,
}

/// Returns what in a query can need the custom functions. Most queries do not need them.
fn needs(query: &Query) -> Needs {
    let mut needs = Needs::default();
    crate::algebra::walk(pattern_of(query), &mut |pattern| {
        if let GraphPattern::Group { aggregates, .. } = pattern {
            for (_, aggregate) in aggregates {
                if let AggregateExpression::FunctionCall { name, .. } = aggregate {
                    needs.always |= matches!(name, AggregateFunction::GroupConcat { .. });
                    needs.for_long_numbers |= aggregate::own_aggregate(name).is_some();
                }
            }
        }
        crate::algebra::walk_expressions(pattern, &mut |inner| match inner {
            Expression::FunctionCall(..)
            | Expression::In(..)
            | Expression::Add(..)
            | Expression::Greater(..)
            | Expression::GreaterOrEqual(..)
            | Expression::Less(..)
            | Expression::LessOrEqual(..) => {
                (needs.always, needs.for_long_numbers) = (true, true);
            }
            Expression::Equal(..)
            | Expression::Subtract(..)
            | Expression::Multiply(..)
            | Expression::Divide(..)
            | Expression::UnaryPlus(_)
            | Expression::UnaryMinus(_) => needs.for_long_numbers = true,
            _ => {}
        });
    });
    needs
}

fn rewrite_pattern(pattern: &mut GraphPattern, made: &mut QueryConstants) {
    match pattern {
        GraphPattern::Filter { expr, .. }
        | GraphPattern::LeftJoin { expression: Some(expr), .. } => rewrite_condition(expr, made),
        GraphPattern::Extend { expression, .. } => rewrite(expression, made),
        GraphPattern::OrderBy { expression, .. } => {
            for order in expression {
                let (OrderExpression::Asc(expression) | OrderExpression::Desc(expression)) = order;
                rewrite(expression, made);
            }
        }
        GraphPattern::Group { aggregates, .. } => {
            for (_, aggregate) in aggregates {
                let AggregateExpression::FunctionCall { name, expr, .. } = aggregate else {
                    continue;
                };
                rewrite(expr, made);
                if let AggregateFunction::GroupConcat { separator } = name {
                    made.separators.push(separator.clone().unwrap_or_else(|| " ".to_owned()));
                    *name = AggregateFunction::Custom(concat::name(made.separators.len() - 1));
                } else if made.has_long_numbers
                    && let Some(own) = aggregate::own_aggregate(name)
                {
                    *name = AggregateFunction::Custom(own);
                }
            }
        }
        _ => {}
    }
}

/// Rewrites a condition, in which an error has the same effect as `false`.
fn rewrite_condition(condition: &mut Expression, made: &mut QueryConstants) {
    match condition {
        Expression::And(a, b) | Expression::Or(a, b) => {
            rewrite_condition(a, made);
            rewrite_condition(b, made);
        }
        condition if !made.has_long_numbers && comparison::is_of_constant_number(condition) => {
            crate::algebra::for_each_operand(condition, &mut |operand| rewrite(operand, made));
        }
        condition => rewrite(condition, made),
    }
}

/// Rewrites an expression bottom-up. The pattern of an EXISTS is rewritten separately.
fn rewrite(expression: &mut Expression, made: &mut QueryConstants) {
    if made.has_long_numbers {
        membership::spell_out(expression);
    }
    crate::algebra::for_each_operand(expression, &mut |operand| rewrite(operand, made));
    membership::settle(expression);
    language::rewrite(expression);
    if let Expression::In(value, list) = expression
        && is_repeatable(value)
        && let Some(members) = MemberSet::of(list)
    {
        let lookup = call(membership::name(made.members.len()).as_str(), vec![(**value).clone()]);
        made.members.push(members);
        let engine = std::mem::replace(expression, lookup.clone());
        *expression = Expression::Coalesce(vec![lookup, engine]);
        return;
    }
    let decision = comparison::own_decision(expression);
    let mut stand_ins = Vec::new();
    match expression {
        Expression::Add(a, b) => stand_ins.extend(arithmetic::own_sum(a, b)),
        Expression::FunctionCall(function, arguments) => {
            match function {
                Function::IsNumeric => *function = Function::Custom(own(arithmetic::IS_NUMERIC)),
                Function::Replace => *function = Function::Custom(own(replacement::REPLACE)),
                Function::Concat => *function = Function::Custom(own(concat::CONCAT)),
                _ => {}
            }
            pattern::rewrite_call(function, arguments);
            cast::rewrite_call(function, arguments);
        }
        _ => stand_ins.extend(comparison::own_comparison(expression)),
    }
    if made.has_long_numbers {
        stand_ins.extend(comparison::own_equality(expression));
        stand_ins.extend(calculation::own_calculation(expression));
    }
    if !stand_ins.is_empty() && is_repeatable(expression) {
        let engine = std::mem::replace(expression, Expression::Coalesce(Vec::new()));
        stand_ins.insert(0, engine);
        *expression = Expression::Coalesce(decision.into_iter().chain(stand_ins).collect());
    }
}

/// Returns whether an expression may be evaluated twice: it is small and deterministic.
fn is_repeatable(expression: &Expression) -> bool {
    let (mut nodes, mut is_steady) = (0, true);
    crate::algebra::walk_expression(expression, &mut |inner| {
        nodes += 1;
        is_steady = is_steady
            && !matches!(
                inner,
                Expression::Exists(_)
                    | Expression::FunctionCall(
                        Function::Rand | Function::Uuid | Function::StrUuid | Function::BNode,
                        _
                    )
            );
    });
    is_steady && nodes <= MOST_REPEATED
}

#[cfg(test)]
mod tests;
