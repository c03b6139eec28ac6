//! Writes SELECT: collects the layers of the algebra that form one SELECT.

use super::Writer;
use spargebra::algebra::{
    AggregateExpression, Expression, GraphPattern, OrderExpression, QueryDataset,
};
use spargebra::term::Variable;
use std::collections::HashMap;

/// The layers that form one SELECT, from the outside in: slice, distinct, projection, order, and, if it groups,
/// expressions, VALUES, HAVING and the group. The remaining pattern is its WHERE clause.
pub(super) struct Select<'a> {
    slice: Option<(usize, Option<usize>)>,
    distinct: &'static str,
    /// The projection, or `None` if there is no such layer.
    pub(super) variables: Option<&'a [Variable]>,
    order: &'a [OrderExpression],
    expressions: Vec<(&'a Variable, &'a Expression)>,
    /// The VALUES after a group, which are joined to it.
    values: Option<&'a GraphPattern>,
    having: Option<&'a Expression>,
    group: Option<Group<'a>>,
    /// The expressions of computed group keys.
    key_expressions: HashMap<&'a Variable, &'a Expression>,
    /// The WHERE clause.
    pub(super) body: &'a GraphPattern,
}

/// The keys of a group, and its aggregates with the variables by which the algebra names them.
type Group<'a> = (&'a [Variable], &'a [(Variable, AggregateExpression)]);

impl<'a> Select<'a> {
    pub(super) fn of(pattern: &'a GraphPattern) -> Self {
        let mut select = Self {
            slice: None,
            distinct: "",
            variables: None,
            order: &[],
            expressions: Vec::new(),
            values: None,
            having: None,
            group: None,
            key_expressions: HashMap::new(),
            body: pattern,
        };
        if let GraphPattern::Slice { inner, start, length } = select.body {
            select.slice = Some((*start, *length));
            select.body = inner;
        }
        match select.body {
            GraphPattern::Distinct { inner } => {
                (select.distinct, select.body) = ("DISTINCT ", inner);
            }
            GraphPattern::Reduced { inner } => (select.distinct, select.body) = ("REDUCED ", inner),
            _ => {}
        }
        if let GraphPattern::Project { inner, variables } = select.body {
            select.variables = Some(variables);
            select.body = inner;
        }
        if let GraphPattern::OrderBy { inner, expression } = select.body {
            select.order = expression;
            select.body = inner;
        }
        select.take_group();
        select
    }

    /// Takes the group, if there is one below the expressions of the projection and HAVING.
    fn take_group(&mut self) {
        let mut expressions = Vec::new();
        let mut body = self.body;
        while let GraphPattern::Extend { inner, variable, expression } = body {
            // SELECT cannot contain an expression that is not projected; then the group becomes a sub-query.
            if !self.variables.is_some_and(|variables| variables.contains(variable)) {
                return;
            }
            expressions.push((variable, expression));
            body = inner;
        }
        let mut values = None;
        if let GraphPattern::Join { left, right } = body
            && matches!(**right, GraphPattern::Values { .. })
        {
            values = Some(&**right);
            body = left;
        }
        let mut having = None;
        if let GraphPattern::Filter { expr, inner } = body {
            having = Some(expr);
            body = inner;
        }
        if let GraphPattern::Group { inner, variables, aggregates } = body {
            self.expressions = expressions;
            self.values = values;
            self.having = having;
            self.group = Some((variables, aggregates));
            self.body = inner;
            // The expressions of the keys wrap the pattern in the order of the keys.
            for key in variables.iter().rev() {
                if let GraphPattern::Extend { inner, variable, expression } = self.body
                    && variable == key
                {
                    self.key_expressions.insert(variable, expression);
                    self.body = inner;
                }
            }
        }
    }

    /// Returns whether other query forms can write all of its layers after their WHERE clause.
    pub(super) fn is_plain(&self) -> bool {
        self.distinct.is_empty() && self.group.is_none() && self.variables.is_some()
    }

    pub(super) fn has_modifiers(&self) -> bool {
        self.slice.is_some() || !self.order.is_empty()
    }

    /// Returns the projection, or all variables in scope if there is no such layer.
    fn projection(&self) -> Vec<Variable> {
        match (self.variables, self.group) {
            (Some(variables), _) => variables.to_vec(),
            (None, Some((keys, aggregates))) => keys
                .iter()
                .chain(aggregates.iter().map(|(variable, _)| variable))
                .cloned()
                .collect(),
            (None, None) => in_scope(self.body),
        }
    }
}

/// Returns the variables in scope of a pattern, in order.
fn in_scope(pattern: &GraphPattern) -> Vec<Variable> {
    let mut variables = Vec::new();
    pattern.on_in_scope_variable(|variable| variables.push(variable.clone()));
    variables.sort();
    variables.dedup();
    variables
}

impl Writer<'_> {
    pub(super) fn select(&mut self, select: &Select<'_>, dataset: Option<&QueryDataset>) {
        let outer = std::mem::take(&mut self.aggregates);
        if let Some((_, aggregates)) = select.group {
            self.aggregates = aggregates.iter().cloned().collect();
        }
        self.push("SELECT ");
        self.push(select.distinct);
        let projection = select.projection();
        if projection.is_empty() {
            // An empty projection cannot be written if variables are in scope. Projecting a variable that is never
            // bound gives the same solutions.
            self.push(if in_scope(select.body).is_empty() { "*" } else { "?nothing_" });
        }
        for (i, variable) in projection.iter().enumerate() {
            if i > 0 {
                self.push(" ");
            }
            self.projected(variable, select);
        }
        let aggregates = std::mem::take(&mut self.aggregates);
        self.from(dataset);
        self.where_clause(select.body);
        self.aggregates = aggregates;
        self.modifiers(select);
        self.aggregates = outer;
    }

    fn projected(&mut self, variable: &Variable, select: &Select<'_>) {
        let expression = select.expressions.iter().find(|(known, _)| *known == variable);
        if let Some((_, expression)) = expression {
            self.push("(");
            self.expression(expression);
        } else if let Some(aggregate) = self.aggregates.get(variable).cloned() {
            self.push("(");
            self.aggregate(&aggregate);
        } else {
            return self.variable(variable);
        }
        self.push(" AS ");
        self.variable(variable);
        self.push(")");
    }

    /// Writes the part after the WHERE clause.
    pub(super) fn modifiers(&mut self, select: &Select<'_>) {
        if let Some((keys, _)) = select.group
            && !keys.is_empty()
        {
            self.line("GROUP BY");
            for key in keys {
                self.push(" ");
                if let Some(expression) = select.key_expressions.get(key) {
                    self.push("(");
                    self.expression(expression);
                    self.push(" AS ");
                    self.variable(key);
                    self.push(")");
                } else {
                    self.variable(key);
                }
            }
        }
        if let Some(having) = select.having {
            self.line("HAVING (");
            self.expression(having);
            self.push(")");
        }
        if !select.order.is_empty() {
            self.line("ORDER BY");
            for order in select.order {
                let (direction, expression) = match order {
                    OrderExpression::Asc(expression) => ("ASC", expression),
                    OrderExpression::Desc(expression) => ("DESC", expression),
                };
                self.push(&format!(" {direction}("));
                self.expression(expression);
                self.push(")");
            }
        }
        if let Some((start, length)) = select.slice {
            if let Some(length) = length {
                self.line(&format!("LIMIT {length}"));
            }
            if start > 0 || length.is_none() {
                self.line(&format!("OFFSET {start}"));
            }
        }
        if let Some(values) = select.values {
            self.contents(values);
        }
    }
}
