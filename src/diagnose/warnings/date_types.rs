//! The date types that include a year.

use crate::vocabulary::DATES;
use oxigraph::model::{NamedNode, NamedNodeRef, Term};
use oxigraph::sparql::Variable;
use spargebra::algebra::{Expression, Function};

/// Returns the number of dates of each type, the coarsest first.
pub(super) fn by_type(values: &[Term]) -> Vec<(NamedNode, usize)> {
    let number = |datatype: NamedNodeRef<'_>| {
        let is_it = |value: &&Term| matches!(value, Term::Literal(l) if l.datatype() == datatype);
        values.iter().filter(is_it).count()
    };
    let numbers = DATES.into_iter().map(|datatype| (datatype.into_owned(), number(datatype)));
    numbers.filter(|(_, number)| *number > 0).collect()
}

/// Returns whether a datatype is one of dates with a year.
pub(super) fn is_date(datatype: NamedNodeRef<'_>) -> bool {
    DATES.contains(&datatype)
}

/// Returns the expression for the datatype of a variable.
pub(super) fn type_of(variable: &Variable) -> Expression {
    Expression::FunctionCall(Function::Datatype, vec![variable.clone().into()])
}

/// Returns the expression that checks whether a variable's datatype is one of several.
pub(super) fn is_one_of<'t>(
    variable: &Variable,
    types: impl Iterator<Item = NamedNodeRef<'t>>,
) -> Expression {
    let types = types.map(|datatype| datatype.into_owned().into()).collect();
    Expression::In(Box::new(type_of(variable)), types)
}
