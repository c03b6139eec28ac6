//! The triples of a CONSTRUCT, made from the rows of its pattern.

use super::block::{Block, UNBOUND};
use super::key_table::KeyTable;
use super::operator::{Context, Operator, Plan};
use crate::engine::index::TermKind;
use oxigraph::model::{BlankNode, NamedOrBlankNode, Term, Triple};
use oxigraph::sparql::QueryEvaluationError;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::VecDeque;

/// The most triples that are cached, so that none of them is returned twice.
const MOST_SEEN: usize = 1 << 22;

/// A term of a template.
#[derive(Debug, Clone, Copy)]
enum TemplateTerm {
    Known(u32),
    /// The value of a column.
    Column(usize),
    /// One of the blank nodes that are new in each row.
    New(usize),
}

/// The triples of a template for each row of a plan.
pub(super) struct Construct {
    operator: Box<dyn Operator>,
    context: Context,
    template: Vec<[TemplateTerm; 3]>,
    block: Block,
    row: usize,
    /// The new blank nodes of the current row.
    new: Vec<BlankNode>,
    seen: KeyTable,
    /// The triples of the current row that have not been returned.
    ready: VecDeque<Triple>,
}

impl Construct {
    /// Prepares a template for the rows of a plan.
    ///
    /// # Errors
    /// Fails if the query has too many terms.
    pub(super) fn new(
        plan: Plan,
        template: &[TriplePattern],
        context: Context,
    ) -> Result<Self, QueryEvaluationError> {
        let mut names = Vec::new();
        let mut triples = Vec::new();
        for TriplePattern { subject, predicate, object } in template {
            let predicate = match predicate {
                NamedNodePattern::NamedNode(name) => TermPattern::NamedNode(name.clone()),
                NamedNodePattern::Variable(variable) => TermPattern::Variable(variable.clone()),
            };
            let mut terms = Vec::new();
            for term in [subject, &predicate, object] {
                let number = |term| context.terms.number_as_written(term);
                terms.extend(match term {
                    TermPattern::NamedNode(node) => {
                        Some(TemplateTerm::Known(number(node.clone().into())?))
                    }
                    TermPattern::Literal(literal) => {
                        Some(TemplateTerm::Known(number(literal.clone().into())?))
                    }
                    TermPattern::BlankNode(node) => {
                        let known = names.iter().position(|name| name == node);
                        Some(TemplateTerm::New(known.unwrap_or_else(|| {
                            names.push(node.clone());
                            names.len() - 1
                        })))
                    }
                    TermPattern::Variable(variable) => {
                        plan.column(variable).map(TemplateTerm::Column)
                    }
                    // The engine evaluates queries with these.
                    #[cfg(feature = "rdf-12")]
                    TermPattern::Triple(_) => None,
                });
            }
            // A triple with a variable that is never bound is never made.
            triples.extend(<[TemplateTerm; 3]>::try_from(terms).ok());
        }
        Ok(Self {
            operator: plan.operator,
            context,
            template: triples,
            block: Block::default(),
            row: 0,
            new: vec![BlankNode::default(); names.len()],
            seen: KeyTable::new(3),
            ready: VecDeque::new(),
        })
    }

    /// Makes the triples of the current row that have not been returned yet.
    fn make(&mut self) -> Result<(), QueryEvaluationError> {
        self.new.fill_with(BlankNode::default);
        for terms in &self.template {
            let numbers = terms.map(|term| match term {
                TemplateTerm::Known(number) => Some(number),
                TemplateTerm::Column(column) => Some(self.block.get(column, self.row)),
                TemplateTerm::New(_) => None,
            });
            if !self.is_triple(numbers)? {
                continue;
            }
            if let [Some(subject), Some(predicate), Some(object)] = numbers {
                if self.seen.len() >= MOST_SEEN {
                    self.seen = KeyTable::new(3);
                }
                if !self.seen.add(&[subject, predicate, object]).1 {
                    continue;
                }
            }
            let [subject, predicate, object] = [0, 1, 2].map(|place| self.term(terms[place]));
            let subject = match subject? {
                Term::NamedNode(node) => NamedOrBlankNode::from(node),
                Term::BlankNode(node) => node.into(),
                _ => continue,
            };
            let Term::NamedNode(predicate) = predicate? else { continue };
            self.ready.push_back(Triple { subject, predicate, object: object? });
        }
        Ok(())
    }

    /// Returns whether terms, of which some are new blank nodes, form a triple.
    fn is_triple(&self, numbers: [Option<u32>; 3]) -> Result<bool, QueryEvaluationError> {
        let [subject, predicate, _] = numbers;
        if numbers.contains(&Some(UNBOUND)) {
            return Ok(false);
        }
        let kind = |number: Option<u32>| match number {
            Some(number) => self.context.terms.kind(number),
            None => Ok(TermKind::BlankNode),
        };
        Ok(matches!(kind(subject)?, TermKind::NamedNode | TermKind::BlankNode)
            && kind(predicate)? == TermKind::NamedNode)
    }

    fn term(&self, term: TemplateTerm) -> Result<Term, QueryEvaluationError> {
        match term {
            TemplateTerm::Known(number) => self.context.terms.term(number),
            TemplateTerm::Column(column) => {
                self.context.terms.term(self.block.get(column, self.row))
            }
            TemplateTerm::New(place) => Ok(self.new.get(place).cloned().unwrap_or_default().into()),
        }
    }

    /// Moves to the next row. Returns `None` at the end.
    fn next_row(&mut self) -> Result<Option<()>, QueryEvaluationError> {
        self.row += 1;
        while self.row >= self.block.rows {
            let Some(block) = self.operator.next(&self.context)? else { return Ok(None) };
            (self.block, self.row) = (block, 0);
        }
        Ok(Some(()))
    }
}

impl Iterator for Construct {
    type Item = Result<Triple, QueryEvaluationError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() {
            match self.next_row().transpose()?.and_then(|()| self.make()) {
                Ok(()) => {}
                Err(error) => return Some(Err(error)),
            }
        }
        self.ready.pop_front().map(Ok)
    }
}
