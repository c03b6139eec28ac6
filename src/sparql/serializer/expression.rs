//! Writes expressions, with parentheses around each operation.

use super::Writer;
use spargebra::algebra::{
    AggregateExpression, AggregateFunction, Expression, Function, GraphPattern,
};
use spargebra::term::Literal;

impl Writer<'_> {
    pub(super) fn expression(&mut self, expression: &Expression) {
        match expression {
            Expression::NamedNode(iri) => self.iri(iri),
            Expression::Literal(literal) => self.literal(literal),
            Expression::Variable(variable) => match self.aggregates.get(variable).cloned() {
                Some(aggregate) => self.aggregate(&aggregate),
                None => self.variable(variable),
            },
            Expression::Or(a, b) => self.binary(a, "||", b),
            Expression::And(a, b) => self.binary(a, "&&", b),
            Expression::Equal(a, b) => self.binary(a, "=", b),
            Expression::Greater(a, b) => self.binary(a, ">", b),
            Expression::GreaterOrEqual(a, b) => self.binary(a, ">=", b),
            Expression::Less(a, b) => self.binary(a, "<", b),
            Expression::LessOrEqual(a, b) => self.binary(a, "<=", b),
            Expression::Add(a, b) => self.binary(a, "+", b),
            Expression::Subtract(a, b) => self.binary(a, "-", b),
            Expression::Multiply(a, b) => self.binary(a, "*", b),
            Expression::Divide(a, b) => self.binary(a, "/", b),
            Expression::UnaryPlus(a) => self.unary("+", a),
            Expression::UnaryMinus(a) => self.unary("-", a),
            Expression::Not(a) => match &**a {
                // The algebra only has the negation of the positive forms; the language has operators for them.
                Expression::Equal(a, b) => self.binary(a, "!=", b),
                Expression::In(needle, list) => self.in_list(needle, "NOT IN", list),
                Expression::Exists(pattern) => self.exists("NOT EXISTS ", pattern),
                a => self.unary("!", a),
            },
            Expression::In(needle, list) => self.in_list(needle, "IN", list),
            Expression::Exists(pattern) => self.exists("EXISTS ", pattern),
            Expression::Bound(variable) => {
                self.push("BOUND(");
                self.variable(variable);
                self.push(")");
            }
            Expression::SameTerm(a, b) => {
                self.push("sameTerm(");
                self.expression(a);
                self.push(", ");
                self.expression(b);
                self.push(")");
            }
            Expression::If(a, b, c) => {
                self.push("IF(");
                self.expression(a);
                self.push(", ");
                self.expression(b);
                self.push(", ");
                self.expression(c);
                self.push(")");
            }
            Expression::Coalesce(list) => {
                self.push("COALESCE");
                self.list(list);
            }
            Expression::FunctionCall(function, arguments) => {
                match function {
                    Function::Custom(name) => self.iri(name),
                    // The library prints names correctly.
                    name => self.push(&name.to_string()),
                }
                self.list(arguments);
            }
        }
    }

    pub(super) fn aggregate(&mut self, aggregate: &AggregateExpression) {
        // Inside an aggregate, variables belong to the pattern of the group.
        let aggregates = std::mem::take(&mut self.aggregates);
        match aggregate {
            AggregateExpression::CountSolutions { distinct } => {
                self.push(if *distinct { "COUNT(DISTINCT *)" } else { "COUNT(*)" });
            }
            AggregateExpression::FunctionCall { name, expr, distinct } => {
                match name {
                    AggregateFunction::Custom(name) => self.iri(name),
                    AggregateFunction::GroupConcat { .. } => self.push("GROUP_CONCAT"),
                    name => self.push(&name.to_string()),
                }
                self.push(if *distinct { "(DISTINCT " } else { "(" });
                self.expression(expr);
                if let AggregateFunction::GroupConcat { separator: Some(separator) } = name {
                    self.push("; SEPARATOR = ");
                    self.literal(&Literal::new_simple_literal(separator));
                }
                self.push(")");
            }
        }
        self.aggregates = aggregates;
    }

    fn exists(&mut self, words: &str, pattern: &GraphPattern) {
        self.push(words);
        self.exists += 1;
        self.group(pattern);
        self.exists -= 1;
    }

    fn in_list(&mut self, needle: &Expression, operator: &str, list: &[Expression]) {
        self.push("(");
        self.expression(needle);
        self.push(&format!(" {operator} "));
        self.list(list);
        self.push(")");
    }

    fn binary(&mut self, a: &Expression, operator: &str, b: &Expression) {
        self.push("(");
        self.expression(a);
        self.push(&format!(" {operator} "));
        self.expression(b);
        self.push(")");
    }

    fn unary(&mut self, operator: &str, a: &Expression) {
        self.push(&format!("({operator} "));
        self.expression(a);
        self.push(")");
    }

    fn list(&mut self, list: &[Expression]) {
        self.push("(");
        for (i, element) in list.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.expression(element);
        }
        self.push(")");
    }
}
