//! Replaces parameters by values, everywhere in the parsed algebra and never in the text. Therefore no value can change
//! the structure of a query.
//!
//! Neither `substitute_variable` nor a joined `VALUES` would do: the former requires the variable in the projection and
//! does not reach into sub-queries, the latter does not reach into a `FILTER` of another group.

use super::walk::for_each_operand;
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use spargebra::term::{
    Literal, NamedNode, NamedNodePattern, Term, TermPattern, TriplePattern, Variable,
};
use std::collections::HashMap;

/// The replacement of a parameter's variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    /// No value: the conditions that mention the variable are dropped.
    Absent,
    /// One term, which cannot be a blank node: in a query, that would be a variable.
    One(Term),
    /// Several terms, if the variable is in the list of an `IN`.
    Several(Vec<Term>),
}

/// The reason why a value cannot replace a variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BindError {
    /// It would be where SPARQL requires an IRI.
    #[error("`{0}` is used where only an IRI is allowed")]
    NotAnIri(Variable),
    /// It is optional, but occurs outside a FILTER.
    #[error("`{0}` is optional, so it is only allowed in a FILTER")]
    NotInFilter(Variable),
    /// It has several values, but occurs outside the list of an IN.
    #[error("`{0}` has several values, so it is only allowed in the list of an IN")]
    NotInList(Variable),
    /// A SELECT list, GROUP BY, VALUES or AS names it.
    #[error("`{0}` is a parameter, so {1} may not name it")]
    Named(Variable, &'static str),
}

type Result<T> = std::result::Result<T, BindError>;

/// Replaces variables by values.
///
/// Unbound variables stay. Bound ones are removed from projections. To reject those that are listed explicitly and not
/// by `*`, a caller has to inspect the text.
///
/// # Errors
/// If a value is not allowed at an occurrence of its variable.
pub(crate) fn bind(query: &Query, bindings: &HashMap<Variable, Binding>) -> Result<Query> {
    let binder = Binder { bindings };
    let mut query = query.clone();
    match &mut query {
        Query::Select { pattern, .. } | Query::Ask { pattern, .. } => binder.pattern(pattern)?,
        Query::Construct { template, pattern, .. } => {
            for triple in template {
                binder.triple(triple)?;
            }
            binder.pattern(pattern)?;
        }
        Query::Describe { pattern, .. } => {
            binder.describe(pattern)?;
            binder.pattern(pattern)?;
        }
    }
    Ok(query)
}

struct Binder<'a> {
    bindings: &'a HashMap<Variable, Binding>,
}

impl Binder<'_> {
    fn pattern(&self, pattern: &mut GraphPattern) -> Result<()> {
        match pattern {
            GraphPattern::Bgp { patterns } => patterns.iter_mut().try_for_each(|t| self.triple(t)),
            GraphPattern::Path { subject, object, .. } => {
                self.subject(subject)?;
                self.object(object)
            }
            GraphPattern::Join { left, right }
            | GraphPattern::Union { left, right }
            | GraphPattern::Minus { left, right }
            | GraphPattern::Lateral { left, right } => {
                self.pattern(left)?;
                self.pattern(right)
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                self.pattern(left)?;
                self.pattern(right)?;
                if let Some(condition) = expression.take() {
                    *expression = self.filter(condition)?;
                }
                Ok(())
            }
            GraphPattern::Filter { expr, inner } => {
                self.pattern(inner)?;
                *pattern = match self.filter(expr.clone())? {
                    Some(expr) => GraphPattern::Filter { expr, inner: std::mem::take(inner) },
                    None => std::mem::take(inner),
                };
                Ok(())
            }
            GraphPattern::Graph { name, inner } | GraphPattern::Service { name, inner, .. } => {
                self.name(name)?;
                self.pattern(inner)
            }
            GraphPattern::Extend { inner, variable, expression } => {
                self.not_named(variable, "AS")?;
                self.pattern(inner)?;
                self.expression(expression)
            }
            GraphPattern::Values { variables, .. } => {
                variables.iter().try_for_each(|variable| self.not_named(variable, "VALUES"))
            }
            GraphPattern::OrderBy { inner, expression } => {
                self.pattern(inner)?;
                expression.iter_mut().try_for_each(|order| match order {
                    OrderExpression::Asc(e) | OrderExpression::Desc(e) => self.expression(e),
                })
            }
            GraphPattern::Project { inner, variables } => {
                variables.retain(|variable| !self.bindings.contains_key(variable));
                self.pattern(inner)
            }
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.pattern(inner),
            GraphPattern::Group { inner, variables, aggregates } => {
                variables.iter().try_for_each(|variable| self.not_named(variable, "GROUP BY"))?;
                for (_, aggregate) in aggregates {
                    if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                        self.expression(expr)?;
                    }
                }
                self.pattern(inner)
            }
        }
    }

    /// Makes the target of `DESCRIBE ?_thing_iri` a constant, in the parser's representation of constants there.
    fn describe(&self, pattern: &mut GraphPattern) -> Result<()> {
        match pattern {
            GraphPattern::Slice { inner, .. } => self.describe(inner),
            GraphPattern::Project { inner, variables } => {
                let mut described = 0;
                for variable in variables {
                    if self.bindings.contains_key(variable) {
                        let iri = self.iri(variable)?;
                        described += 1;
                        *variable = Variable::new_unchecked(format!("described{described}_"));
                        **inner = GraphPattern::Extend {
                            inner: std::mem::take(inner),
                            variable: variable.clone(),
                            expression: iri.into(),
                        };
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Returns a condition without the conjuncts that mention an absent value, or `None` if no conjunct remains.
    fn filter(&self, condition: Expression) -> Result<Option<Expression>> {
        if let Expression::And(left, right) = condition {
            return Ok(match (self.filter(*left)?, self.filter(*right)?) {
                (Some(left), Some(right)) => Some(Expression::And(left.into(), right.into())),
                (left, right) => left.or(right),
            });
        }
        let mut conjunct = condition;
        match self.expression(&mut conjunct) {
            Ok(()) => Ok(Some(conjunct)),
            // Filters inside an EXISTS have dropped their own conjuncts, so the error concerns this one.
            Err(BindError::NotInFilter(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn expression(&self, expression: &mut Expression) -> Result<()> {
        match expression {
            Expression::Variable(variable) => {
                if let Some(term) = self.term(variable)? {
                    *expression = constant(term);
                }
                Ok(())
            }
            Expression::Bound(variable) => {
                if self.term(variable)?.is_some() {
                    *expression = Literal::from(true).into();
                }
                Ok(())
            }
            Expression::Exists(pattern) => self.pattern(pattern),
            _ => {
                if let Expression::In(_, list) = expression {
                    self.fill(list);
                }
                let mut bound = Ok(());
                for_each_operand(expression, &mut |operand| {
                    if bound.is_ok() {
                        bound = self.expression(operand);
                    }
                });
                bound
            }
        }
    }

    /// Replaces a variable in a list by several values.
    fn fill(&self, list: &mut Vec<Expression>) {
        let several = |element: Expression| match &element {
            Expression::Variable(variable) => match self.bindings.get(variable) {
                Some(Binding::Several(terms)) => terms.iter().cloned().map(constant).collect(),
                _ => vec![element],
            },
            _ => vec![element],
        };
        *list = std::mem::take(list).into_iter().flat_map(several).collect();
    }

    fn triple(&self, triple: &mut TriplePattern) -> Result<()> {
        self.subject(&mut triple.subject)?;
        self.name(&mut triple.predicate)?;
        self.object(&mut triple.object)
    }

    fn subject(&self, subject: &mut TermPattern) -> Result<()> {
        if let TermPattern::Variable(variable) = subject
            && self.bindings.contains_key(variable)
        {
            *subject = self.iri(variable)?.into();
        }
        Ok(())
    }

    fn object(&self, object: &mut TermPattern) -> Result<()> {
        if let TermPattern::Variable(variable) = object
            && let Some(term) = self.term(variable)?
        {
            *object = term.into();
        }
        Ok(())
    }

    fn name(&self, name: &mut NamedNodePattern) -> Result<()> {
        if let NamedNodePattern::Variable(variable) = name
            && self.bindings.contains_key(variable)
        {
            *name = self.iri(variable)?.into();
        }
        Ok(())
    }

    fn iri(&self, variable: &Variable) -> Result<NamedNode> {
        match self.term(variable)? {
            Some(Term::NamedNode(iri)) => Ok(iri),
            _ => Err(BindError::NotAnIri(variable.clone())),
        }
    }

    /// Returns the term for a variable, or `None` if it is not a parameter.
    fn term(&self, variable: &Variable) -> Result<Option<Term>> {
        match self.bindings.get(variable) {
            None => Ok(None),
            Some(Binding::One(term)) => Ok(Some(term.clone())),
            Some(Binding::Absent) => Err(BindError::NotInFilter(variable.clone())),
            Some(Binding::Several(_)) => Err(BindError::NotInList(variable.clone())),
        }
    }

    fn not_named(&self, variable: &Variable, clause: &'static str) -> Result<()> {
        if self.bindings.contains_key(variable) {
            return Err(BindError::Named(variable.clone(), clause));
        }
        Ok(())
    }
}

fn constant(term: Term) -> Expression {
    match term {
        Term::NamedNode(iri) => iri.into(),
        Term::Literal(literal) => literal.into(),
        // Values of parameters are never blank nodes; in an expression, the constant could only be this variable.
        term => Variable::new_unchecked(term.to_string()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use spargebra::SparqlParser;

    fn parse(text: &str) -> Query {
        let parser = SparqlParser::new().with_prefix("ex", "http://example.com/").unwrap();
        parser.parse_query(text).unwrap()
    }

    fn iri(local: &str) -> Term {
        NamedNode::new_unchecked(format!("http://example.com/{local}")).into()
    }

    fn bound(text: &str, binding: Binding) -> Result<String> {
        let variable = Variable::new_unchecked("_p");
        bind(&parse(text), &HashMap::from([(variable, binding)])).map(|query| text_of(&query))
    }

    /// Returns the query as text, which hides the parser's internal variables for aggregates.
    fn text_of(query: &Query) -> String {
        crate::sparql::to_sparql(query, &crate::vocabulary::Prefixes::default())
    }

    /// Asserts that binding the parameter gives the same query as writing the value into the text.
    fn same(with_parameter: &str, binding: Binding, with_value: &str) {
        assert_eq!(bound(with_parameter, binding).unwrap(), text_of(&parse(with_value)));
    }

    #[test]
    fn a_value_stands_everywhere() {
        let one = || Binding::One(iri("a"));
        same("SELECT * { ?_p ?p ?_p }", one(), "SELECT * { ex:a ?p ex:a }");
        same(
            "SELECT * { ?s ?_p ?o GRAPH ?_p { ?s ?_p* ?o } }".replace("?_p*", "ex:p*").as_str(),
            one(),
            "SELECT * { ?s ex:a ?o GRAPH ex:a { ?s ex:p* ?o } }",
        );
        same(
            "SELECT ?o { ?s ?p ?o FILTER(?s = ?_p) OPTIONAL { ?o ?q ?_p FILTER(?_p != ?s) } } ORDER BY (?_p = ?o)",
            one(),
            "SELECT ?o { ?s ?p ?o FILTER(?s = ex:a) OPTIONAL { ?o ?q ex:a FILTER(ex:a != ?s) } } ORDER BY (ex:a = ?o)",
        );
        same(
            "SELECT (COUNT(?_p) AS ?n) { { SELECT ?o { ?_p ?p ?o } } } GROUP BY ?o HAVING (MAX(?_p) > 1)",
            one(),
            "SELECT (COUNT(ex:a) AS ?n) { { SELECT ?o { ex:a ?p ?o } } } GROUP BY ?o HAVING (MAX(ex:a) > 1)",
        );
        same("ASK { FILTER(BOUND(?_p)) }", one(), "ASK { FILTER(true) }");
        same(
            "CONSTRUCT { ?_p ?p ?o } { ?_p ?p ?o }",
            one(),
            "CONSTRUCT { ex:a ?p ?o } { ex:a ?p ?o }",
        );
    }

    #[test]
    fn a_described_parameter_is_described() {
        let text = bound("DESCRIBE ?_p ?x { ?_p ?p ?x }", Binding::One(iri("a"))).unwrap();
        assert!(text.contains("<http://example.com/a>"), "{text}");
        assert!(!text.contains("?_p "), "{text}");
    }

    #[test]
    fn a_value_left_out_drops_its_conjuncts_only() {
        same(
            "ASK { ?s ?p ?o FILTER(?s = ?_p && ?o > 1) }",
            Binding::Absent,
            "ASK { ?s ?p ?o FILTER(?o > 1) }",
        );
        same(
            "ASK { ?s ?p ?o FILTER(?s = ?_p) FILTER(?o > 1) }",
            Binding::Absent,
            "ASK { ?s ?p ?o FILTER(?o > 1) }",
        );
        same("ASK { ?s ?p ?o FILTER(?s = ?_p || ?o > 1) }", Binding::Absent, "ASK { ?s ?p ?o }");
        same(
            "ASK { ?s ?p ?o OPTIONAL { ?o ?q ?x FILTER(?x = ?_p) } }",
            Binding::Absent,
            "ASK { ?s ?p ?o OPTIONAL { ?o ?q ?x } }",
        );
    }

    #[test]
    fn the_innermost_filter_loses_the_conjunct() {
        same(
            "ASK { ?s ?p ?o FILTER NOT EXISTS { ?o ?q ?x FILTER(?x < ?_p) } }",
            Binding::Absent,
            "ASK { ?s ?p ?o FILTER NOT EXISTS { ?o ?q ?x } }",
        );
        same(
            "ASK { ?s ?p ?o FILTER NOT EXISTS { ?o ?q ?_p } }",
            Binding::Absent,
            "ASK { ?s ?p ?o }",
        );
    }

    #[test]
    fn several_values_fill_a_list() {
        let several = || Binding::Several(vec![iri("a"), iri("b")]);
        same(
            "ASK { ?s ?p ?o FILTER(?s IN (?_p, ex:c)) }",
            several(),
            "ASK { ?s ?p ?o FILTER(?s IN (ex:a, ex:b, ex:c)) }",
        );
        same(
            "ASK { ?s ?p ?o FILTER(?s NOT IN (?_p)) }",
            several(),
            "ASK { ?s ?p ?o FILTER(?s NOT IN (ex:a, ex:b)) }",
        );
        assert!(matches!(bound("ASK { ?_p ?p ?o }", several()), Err(BindError::NotInList(_))));
        assert!(matches!(
            bound("ASK { FILTER(?x IN (STR(?_p))) }", several()),
            Err(BindError::NotInList(_))
        ));
    }

    #[test]
    fn what_cannot_be_bound_is_refused() {
        let text = || Binding::One(Literal::from("a").into());
        for query in [
            "ASK { ?_p ?p ?o }",
            "ASK { ?s ?_p ?o }",
            "ASK { GRAPH ?_p {} }",
            "DESCRIBE ?_p",
            "CONSTRUCT { ?_p ?p ?o } { ?s ?p ?o }",
            "ASK { ?_p ex:p* ?o }",
        ] {
            assert!(matches!(bound(query, text()), Err(BindError::NotAnIri(_))), "{query}");
        }
        for (query, clause) in [
            ("SELECT * { BIND(1 AS ?_p) }", "AS"),
            ("SELECT (1 AS ?_p) {}", "AS"),
            ("SELECT * { VALUES ?_p { 1 } }", "VALUES"),
            ("SELECT (COUNT(*) AS ?n) { ?s ?p ?_p } GROUP BY ?_p", "GROUP BY"),
        ] {
            assert_eq!(
                bound(query, text()),
                Err(BindError::Named(Variable::new_unchecked("_p"), clause)),
                "{query}"
            );
        }
        for query in [
            "ASK { ?s ?p ?_p }",
            "SELECT ?s { ?s ?p ?o } ORDER BY (?_p)",
            "ASK { BIND(?_p AS ?x) }",
        ] {
            assert!(
                matches!(bound(query, Binding::Absent), Err(BindError::NotInFilter(_))),
                "{query}"
            );
        }
    }

    /// Returns the algebra with every literal and IRI masked.
    fn shape(query: &Query) -> String {
        let mut shape = String::new();
        let mut quoted = false;
        let mut escaped = false;
        for c in format!("{query:?}").chars() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                _ if quoted => {}
                c => shape.push(c),
            }
        }
        shape
    }

    proptest! {
        #[test]
        fn no_value_changes_the_structure(value in "\\PC*|[\"'\\\\{}<>?.;()#| \\n\\ta-zA-Z:]*") {
            let query = parse("SELECT ?s { ?s ex:p ?_p . FILTER(STR(?s) != ?_p && ?s NOT IN (?_p, 1)) \
                               FILTER EXISTS { ?s ex:q ?_p } }");
            let variable = Variable::new_unchecked("_p");
            let bind_to = |value: &str| {
                let term = Literal::new_simple_literal(value).into();
                bind(&query, &HashMap::from([(variable.clone(), Binding::One(term))])).unwrap()
            };
            let hostile = bind_to(&value);
            prop_assert_eq!(shape(&hostile), shape(&bind_to("harmless")));
            // It is still the same query after serializing and parsing.
            prop_assert_eq!(SparqlParser::new().parse_query(&text_of(&hostile)).unwrap(), hostile);
        }
    }
}
