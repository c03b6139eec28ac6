//! Opens the triple terms of patterns: `?r rdf:reifies <<( ?s ?p 1 )>>` becomes `?r rdf:reifies ?term` with conditions
//! and results of `SUBJECT(?term)` and the like. So what plans, evaluates and cites queries knows triple terms as values
//! only, and a row cites the triple that has the term as its object. Without the feature `rdf-12`, no pattern has any.

use super::walk::{change, pattern_of_mut};
use super::{fresh, variables, with_variables_for_blank_nodes};
use oxigraph::model::Variable;
use spargebra::Query;
use spargebra::algebra::{Expression, Function, GraphPattern};
use spargebra::term::{GroundTerm, GroundTriple, NamedNodePattern, TermPattern, TriplePattern};
use std::collections::HashSet;

/// Opens all triple terms in the pattern of a query. The results stay the same.
pub(crate) fn open_triple_terms(query: &mut Query) {
    let pattern = pattern_of_mut(query);
    if !has_triple_terms(pattern) {
        return;
    }
    *pattern = with_variables_for_blank_nodes(pattern);
    let mut taken: HashSet<Variable> = variables(pattern).into_iter().cloned().collect();
    change(pattern, &mut |pattern| match pattern {
        GraphPattern::Bgp { patterns } if patterns.iter().any(has_triple_term) => {
            *pattern = opened(std::mem::take(patterns), &mut taken);
            false
        }
        GraphPattern::Path { subject, path, object } if is_open(subject) || is_open(object) => {
            let mut opening = Opening::of(&mut taken);
            let (subject, object) = (opening.end(subject.clone()), opening.end(object.clone()));
            opening.seen.extend([&subject, &object].into_iter().filter_map(variable).cloned());
            *pattern = opening.around(GraphPattern::Path { subject, path: path.clone(), object });
            false
        }
        GraphPattern::Service { .. } => false,
        _ => true,
    });
}

/// Returns whether a pattern has triple terms in it.
pub(crate) fn has_triple_terms(pattern: &GraphPattern) -> bool {
    let mut found = false;
    super::walk(pattern, &mut |pattern| {
        found |= match pattern {
            GraphPattern::Bgp { patterns } => patterns.iter().any(has_triple_term),
            GraphPattern::Path { subject, object, .. } => is_open(subject) || is_open(object),
            _ => false,
        };
    });
    found
}

/// Returns whether a part of a triple pattern is a triple term.
pub(crate) fn has_triple_term(triple: &TriplePattern) -> bool {
    is_open(&triple.subject) || is_open(&triple.object)
}

const fn is_open(term: &TermPattern) -> bool {
    matches!(term, TermPattern::Triple(_))
}

const fn variable(term: &TermPattern) -> Option<&Variable> {
    match term {
        TermPattern::Variable(variable) => Some(variable),
        _ => None,
    }
}

/// Joins the triples without triple terms with each of the others.
fn opened(triples: Vec<TriplePattern>, taken: &mut HashSet<Variable>) -> GraphPattern {
    let (others, plain): (Vec<_>, Vec<_>) = triples.into_iter().partition(has_triple_term);
    let mut whole = (!plain.is_empty()).then_some(GraphPattern::Bgp { patterns: plain });
    for triple in others {
        let mut opening = Opening::of(taken);
        let triple = TriplePattern {
            subject: opening.end(triple.subject),
            predicate: triple.predicate,
            object: opening.end(triple.object),
        };
        opening.seen.extend(super::variables_of_triple(&triple).into_iter().cloned());
        let part = opening.around(GraphPattern::Bgp { patterns: vec![triple] });
        whole = Some(match whole {
            Some(left) => GraphPattern::Join { left: left.into(), right: part.into() },
            None => part,
        });
    }
    whole.unwrap_or_default()
}

/// The triple terms of one pattern.
struct Opening<'a> {
    taken: &'a mut HashSet<Variable>,
    /// The variables that are bound so far.
    seen: HashSet<Variable>,
    /// Terms without variables.
    known: Vec<(Variable, GroundTerm)>,
    /// Terms with variables, which are opened after the pattern is matched.
    open: Vec<(Variable, TriplePattern)>,
}

impl<'a> Opening<'a> {
    fn of(taken: &'a mut HashSet<Variable>) -> Self {
        Self { taken, seen: HashSet::new(), known: Vec::new(), open: Vec::new() }
    }

    /// Returns what stands for an end of the pattern.
    fn end(&mut self, term: TermPattern) -> TermPattern {
        let TermPattern::Triple(triple) = term else { return term };
        let name = fresh("term", self.taken);
        match ground(&triple) {
            Some(term) => self.known.push((name.clone(), term)),
            None => self.open.push((name.clone(), *triple)),
        }
        name.into()
    }

    /// Adds the values and the conditions to the pattern.
    fn around(mut self, mut pattern: GraphPattern) -> GraphPattern {
        for (name, term) in std::mem::take(&mut self.known) {
            let (variables, bindings) = (vec![name], vec![vec![Some(term)]]);
            let values = GraphPattern::Values { variables, bindings };
            pattern = GraphPattern::Join { left: values.into(), right: pattern.into() };
        }
        for (name, triple) in std::mem::take(&mut self.open) {
            pattern = self.matched(pattern, &name, triple);
        }
        pattern
    }

    /// Adds that a variable is a triple term with these parts.
    fn matched(
        &mut self,
        pattern: GraphPattern,
        name: &Variable,
        triple: TriplePattern,
    ) -> GraphPattern {
        let call = |function| Expression::FunctionCall(function, vec![name.clone().into()]);
        let mut pattern = filtered(pattern, call(Function::IsTriple));
        let predicate = match triple.predicate {
            NamedNodePattern::NamedNode(iri) => TermPattern::NamedNode(iri),
            NamedNodePattern::Variable(variable) => TermPattern::Variable(variable),
        };
        for (function, part) in [
            (Function::Subject, triple.subject),
            (Function::Predicate, predicate),
            (Function::Object, triple.object),
        ] {
            let value = call(function);
            let same = |other| Expression::SameTerm(Box::new(value.clone()), Box::new(other));
            pattern = match part {
                TermPattern::NamedNode(iri) => filtered(pattern, same(iri.into())),
                TermPattern::Literal(literal) => filtered(pattern, same(literal.into())),
                TermPattern::Variable(variable) if self.seen.contains(&variable) => {
                    filtered(pattern, same(variable.into()))
                }
                TermPattern::Variable(variable) => {
                    // In an EXISTS, the pattern around it may bind the variable.
                    let is_unbound = Expression::Not(Expression::Bound(variable.clone()).into());
                    let fits = same(variable.clone().into());
                    let pattern = filtered(pattern, Expression::Or(is_unbound.into(), fits.into()));
                    self.seen.insert(variable.clone());
                    extended(pattern, variable, value)
                }
                TermPattern::Triple(inner) => {
                    let inner_name = fresh("term", self.taken);
                    let pattern = extended(pattern, inner_name.clone(), value);
                    self.matched(pattern, &inner_name, *inner)
                }
                // They are variables by now.
                TermPattern::BlankNode(_) => pattern,
            };
        }
        pattern
    }
}

fn filtered(inner: GraphPattern, expr: Expression) -> GraphPattern {
    match inner {
        GraphPattern::Filter { expr: first, inner } => {
            GraphPattern::Filter { expr: Expression::And(first.into(), expr.into()), inner }
        }
        inner => GraphPattern::Filter { expr, inner: inner.into() },
    }
}

fn extended(inner: GraphPattern, variable: Variable, expression: Expression) -> GraphPattern {
    GraphPattern::Extend { inner: inner.into(), variable, expression }
}

/// Returns a triple term without variables.
fn ground(triple: &TriplePattern) -> Option<GroundTerm> {
    let (TermPattern::NamedNode(subject), NamedNodePattern::NamedNode(predicate)) =
        (&triple.subject, &triple.predicate)
    else {
        return None;
    };
    let object = match &triple.object {
        TermPattern::NamedNode(iri) => iri.clone().into(),
        TermPattern::Literal(literal) => literal.clone().into(),
        TermPattern::Triple(inner) => ground(inner)?,
        _ => return None,
    };
    Some(GroundTriple { subject: subject.clone(), predicate: predicate.clone(), object }.into())
}
