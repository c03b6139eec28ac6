//! Likely mistakes in a query, found before it runs.
//!
//! An endpoint is not queried for that, because each name and each comparison would take a request before the query
//! itself. There, only mistakes that are visible in the query are reported.

mod aggregates;
mod clashes;
mod components;
mod date_types;
mod dates;
mod literals;

pub(crate) use aggregates::{NotNumbers, Remedy};
pub(crate) use clashes::clashes;
pub(crate) use components::WithoutComponent;
pub(crate) use dates::{ComparedWith, Incomparable};

use super::Role;
use super::filters::{ComparisonKind, ConstantComparison};
use super::hints::predicates;
use super::outline::ElementKind;
use super::probe::{Probe, SolutionCount};
use super::products::{Product, products};
use super::query_text::{QueryPart, QueryText};
use super::scope::{Clause, OutOfScope, out_of_scope, variable_in};
use super::search::PatternSearch;
use super::slips::slips;
use super::steps::{GroupStep, pattern, steps};
use crate::algebra::{
    conjuncts, in_graph, in_scope, pattern_of, walk, with_variables_for_blank_nodes,
};
use crate::catalogue::BoundQuery;
use crate::diagnostic::Result;
use crate::engine::Store;
use crate::sparql::lexer::tokens;
use crate::sparql::tree_of;
use crate::vocabulary::{PrefixClash, Prefixes, rdf};
use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::Variable;
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern};
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

/// The time limit for finding warnings in the data. It usually takes milliseconds, whatever the amount of data: checks
/// that need a full scan are left to [`diagnose`](super::diagnose), which runs only for an empty answer.
const TIME: Duration = Duration::from_millis(500);

/// The most names and comparisons of a query that are checked.
const MOST: usize = 100;

/// The most triples of a predicate that are examined. If there are more, no warning covers all of them.
const MOST_TRIPLES: usize = 2_000;

/// The most solutions of each part of a product that are counted.
const MOST_COUNTED: usize = 2_000;

/// Something in a query that is likely to be a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The mistake.
    pub mistake: Mistake,
    /// Where it is in the text; empty if it was not located.
    pub spans: Vec<Range<usize>>,
}

/// A likely mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// A name does not occur in the data or in the ontology.
    Unknown {
        /// The name.
        iri: NamedNode,
        /// Its role in the query.
        role: Role,
        /// The nearest name that occurs.
        instead: Option<NamedNode>,
        /// For a class without a near one, those with the most instances.
        others: Vec<NamedNode>,
    },
    /// A name is used as a class, but is a thing or a property.
    NotAClass {
        /// The name.
        iri: NamedNode,
        /// Its classes.
        classes: Vec<NamedNode>,
    },
    /// A variable is used but never bound.
    NoValue {
        /// The variable.
        variable: Variable,
        /// The probably intended variable.
        meant: Option<Variable>,
    },
    /// A variable is used where it has no value, although it has one elsewhere.
    OutOfScope {
        /// The variable.
        variable: Variable,
        /// Where it is used.
        clause: Clause,
        /// For a HAVING, the expression that SELECT names so.
        expression: Option<String>,
    },
    /// A variable occurs once in the query, beside one with nearly the same name.
    UsedOnce {
        /// The variable.
        variable: Variable,
        /// The probably intended variable.
        meant: Variable,
    },
    /// Parts of a group share no variable, so each solution of one is combined with each of the others.
    Product {
        /// The parts, each with its number of solutions.
        parts: Vec<(QueryPart, SolutionCount)>,
    },
    /// A MINUS removes nothing, because it shares no variable with what stands before it.
    RemovesNothing,
    /// A condition is never true, because the variable's values have another type than the constant.
    OtherType {
        /// The variable.
        variable: Variable,
        /// The constant.
        written: Term,
        /// The predicate that gives the variable its values.
        predicate: NamedNode,
        /// The datatype or class of these, according to the ontology or the data.
        range: NamedNode,
    },
    /// Dates are dropped, because they are compared with a date of another type.
    Incomparable(Incomparable),
    /// Dates are dropped, because they lack the month, day or hour that a condition uses.
    WithoutComponent(WithoutComponent),
    /// A prefix that the query does not declare is bound to different namespaces in different files.
    TwoNamespaces(PrefixClash),
    /// An aggregate of numbers has values that are not numbers.
    NotNumbers(NotNumbers),
    /// A literal never equals one in the data that looks the same.
    NeverEqual {
        /// The literal.
        written: Term,
        /// The literal in the data.
        found: Term,
    },
}

/// Looks for likely mistakes in a query, within a short time.
///
/// # Arguments
/// `prefixes` are those that the query need not declare. `is_declared` says whether an ontology outside the store
/// declares a name.
///
/// # Errors
/// Fails if the store fails.
pub fn warnings(
    store: &Store,
    asked: &BoundQuery,
    prefixes: &Prefixes,
    is_declared: &dyn Fn(&NamedNode) -> Result<bool>,
) -> Result<Vec<Warning>> {
    let words = QueryText::new(asked, prefixes);
    // The query needs these statistics anyway, so the warnings can use them.
    store.gather_statistics_for(&asked.query)?;
    let probe = Probe::new(store, asked.query.dataset(), TIME).looking_at(MOST_TRIPLES);
    let everywhere =
        asked.query.dataset().map(|_| Probe::new(store, None, TIME).looking_at(MOST_TRIPLES));
    let whole = with_variables_for_blank_nodes(pattern_of(&asked.query));
    let mut finder = Finder {
        store,
        search: PatternSearch::new(&probe, &words),
        everywhere: PatternSearch::new(everywhere.as_ref().unwrap_or(&probe), &words),
        words: &words,
        found: Vec::new(),
    };
    finder.slips(asked);
    finder.scopes(asked);
    finder.removals(asked, &whole);
    if !store.capabilities().asks_by_request {
        finder.names(&whole, is_declared)?;
        finder.literals(&whole)?;
        finder.comparisons(&whole)?;
        finder.dates(asked, &whole)?;
        finder.aggregates(&asked.text, &whole)?;
        finder.products(&whole)?;
    }
    let mut found = finder.found;
    found.sort_by_key(|warning| warning.spans.first().map(|span| span.start));
    Ok(found)
}

struct Finder<'a> {
    store: &'a Store,
    search: PatternSearch<'a>,
    /// A search in all data, even if the query has FROM.
    everywhere: PatternSearch<'a>,
    words: &'a QueryText<'a>,
    found: Vec<Warning>,
}

impl Finder<'_> {
    fn add(&mut self, mistake: Mistake, spans: impl IntoIterator<Item = Range<usize>>) {
        if !self.found.iter().any(|warning| warning.mistake == mistake) {
            self.found.push(Warning { mistake, spans: spans.into_iter().collect() });
        }
    }

    fn slips(&mut self, asked: &BoundQuery) {
        for slip in slips(&asked.text, &asked.query) {
            let (variable, meant) = (slip.variable, slip.meant);
            let mistake = match (slip.is_unbound, meant) {
                (false, Some(meant)) => Mistake::UsedOnce { variable, meant },
                (_, meant) => Mistake::NoValue { variable, meant },
            };
            self.add(mistake, [slip.span]);
        }
    }

    /// Warns about variables that are used out of their scope.
    fn scopes(&mut self, asked: &BoundQuery) {
        for OutOfScope { variable, clause, step } in out_of_scope(&asked.query) {
            let is_told = self.found.iter().any(|warning| {
                matches!(&warning.mistake, Mistake::NoValue { variable: told, .. } if *told == variable)
            });
            if is_told || !is_written(&asked.text, &variable) {
                continue;
            }
            let whole = pattern([&step]);
            let part = match clause {
                Clause::Having => self.words.behind(ElementKind::Having, "HAVING", whole),
                Clause::Filter | Clause::Bind => self.words.part([&step], whole),
            };
            let expression = match clause {
                Clause::Having => {
                    tree_of(&asked.text).expression_named(variable.as_str()).map(str::to_owned)
                }
                Clause::Filter | Clause::Bind => None,
            };
            let span = variable_in(&asked.text, &variable, &part.spans);
            self.add(Mistake::OutOfScope { variable, clause, expression }, span);
        }
    }

    /// Warns about a MINUS that removes nothing.
    fn removals(&mut self, asked: &BoundQuery, whole: &GraphPattern) {
        let mut is_idle = false;
        walk(whole, &mut |pattern| {
            if let GraphPattern::Minus { left, right } = pattern {
                let (before, removed) = (in_scope(left), in_scope(right));
                is_idle |= removed.iter().all(|variable| !before.contains(variable));
            }
        });
        let words = tokens(&asked.text).into_iter().map(|token| token.span);
        let is_minus = |span: &Range<usize>| asked.text[span.clone()].eq_ignore_ascii_case("MINUS");
        let places: Vec<Range<usize>> = words.filter(is_minus).collect();
        if is_idle {
            // Which one it is, the algebra does not tell.
            let place = if let [only] = places.as_slice() { Some(only.clone()) } else { None };
            self.add(Mistake::RemovesNothing, place);
        }
    }

    /// Warns about names that occur nowhere. Where a name need not match, warns only if a similar name occurs.
    fn names(
        &mut self,
        whole: &GraphPattern,
        is_declared: &dyn Fn(&NamedNode) -> Result<bool>,
    ) -> Result<()> {
        for ((iri, role), need) in names(whole).into_iter().take(MOST) {
            if self.store.mentions(iri.as_ref())? {
                if role == Role::Class {
                    self.not_a_class(&iri)?;
                }
                continue;
            }
            if is_declared(&iri)? {
                continue;
            }
            let instead = self.everywhere.nearest_name(&iri, role)?.map(|(near, _)| near);
            if need == Need::Must || instead.is_some() {
                let others = match instead {
                    None if role == Role::Class => self.everywhere.frequent_classes()?,
                    _ => Vec::new(),
                };
                let span = self.words.name(&iri);
                self.add(Mistake::Unknown { iri, role, instead, others }, span);
            }
        }
        Ok(())
    }

    /// Warns about a thing that is used as a class.
    fn not_a_class(&mut self, iri: &NamedNode) -> Result<()> {
        if let Some(classes) = self.everywhere.classes_of_thing(iri)? {
            let span = self.words.name(iri);
            self.add(Mistake::NotAClass { iri: iri.clone(), classes }, span);
        }
        Ok(())
    }

    /// Warns about parts that share no variable, if two of them have several solutions.
    fn products(&mut self, whole: &GraphPattern) -> Result<()> {
        for Product { parts, graph } in products(whole) {
            let mut many = Vec::new();
            for part in &parts {
                let whole = in_graph(pattern(part), graph.as_ref());
                if let Some(count) = self.search.probe.count(&whole, MOST_COUNTED)?
                    && count.number > 1
                {
                    many.push((self.words.part(part, whole), count));
                }
            }
            if many.len() > 1 {
                let spans: Vec<_> = many.iter().flat_map(|(part, _)| part.spans.clone()).collect();
                self.add(Mistake::Product { parts: many }, spans);
            }
        }
        Ok(())
    }
}

/// Returns whether a variable is written in the text. Others were created by the parser. Names that begin with `_` are
/// ignored.
fn is_written(text: &str, variable: &Variable) -> bool {
    !variable.as_str().starts_with('_')
        && variable_in(text, variable, std::slice::from_ref(&(0..text.len()))).is_some()
}

/// Whether a term of a query has to match for the query to have results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    May,
    Must,
}

/// Names with their roles in a query.
type NameRoles = BTreeMap<(NamedNode, Role), Need>;

/// Returns the names in a pattern with their roles. Names in OPTIONAL, MINUS and conditions, in the branches of a
/// UNION, and in paths that can have zero length need not match.
fn names(whole: &GraphPattern) -> NameRoles {
    let mut names = NameRoles::new();
    let mut rest = vec![whole];
    while let Some(pattern) = rest.pop() {
        add_names(pattern, Need::Must, &mut names);
        match pattern {
            GraphPattern::Join { left, right } => rest.extend([&**left, &**right]),
            GraphPattern::Filter { inner: left, .. }
            | GraphPattern::LeftJoin { left, .. }
            | GraphPattern::Minus { left, .. }
            | GraphPattern::Lateral { left, .. }
            | GraphPattern::Extend { inner: left, .. }
            | GraphPattern::Project { inner: left, .. }
            | GraphPattern::Distinct { inner: left }
            | GraphPattern::Reduced { inner: left }
            | GraphPattern::OrderBy { inner: left, .. }
            | GraphPattern::Slice { inner: left, .. }
            | GraphPattern::Graph { inner: left, .. }
            | GraphPattern::Group { inner: left, .. } => rest.push(left),
            _ => {}
        }
    }
    walk(whole, &mut |pattern| add_names(pattern, Need::May, &mut names));
    names
}

/// Adds the names of one layer of a pattern.
fn add_names(pattern: &GraphPattern, need: Need, names: &mut NameRoles) {
    let mut add = |iri: &NamedNode, role, need: Need| {
        let known = names.entry((iri.clone(), role)).or_insert(need);
        *known = (*known).max(need);
    };
    match pattern {
        GraphPattern::Bgp { patterns } => {
            for triple in patterns {
                let mut role = Role::Thing;
                if let NamedNodePattern::NamedNode(predicate) = &triple.predicate {
                    if predicate.as_ref() == rdf::TYPE {
                        role = Role::Class;
                    }
                    add(predicate, Role::Predicate, need);
                }
                if let TermPattern::NamedNode(subject) = &triple.subject {
                    add(subject, Role::Thing, need);
                }
                if let TermPattern::NamedNode(object) = &triple.object {
                    add(object, role, need);
                }
            }
        }
        GraphPattern::Path { subject, path, object } => {
            let is_sure = matches!(path, PropertyPathExpression::OneOrMore(_));
            for predicate in predicates(path) {
                add(predicate, Role::Predicate, if is_sure { need } else { Need::May });
            }
            for end in [subject, object] {
                if let TermPattern::NamedNode(thing) = end {
                    add(thing, Role::Thing, Need::May);
                }
            }
        }
        GraphPattern::Graph { name: NamedNodePattern::NamedNode(name), .. } => {
            add(name, Role::Graph, need);
        }
        GraphPattern::Filter { expr, .. } => {
            for comparison in conjuncts(expr).into_iter().flat_map(ConstantComparison::of) {
                if let (Term::NamedNode(thing), ComparisonKind::Equal) =
                    (&comparison.constant, comparison.kind)
                {
                    add(thing, Role::Thing, Need::May);
                }
            }
        }
        _ => {}
    }
}

/// Returns the steps of each group of a pattern that is evaluated on the default graph.
fn groups(whole: &GraphPattern) -> Vec<Vec<GroupStep>> {
    let mut groups: Vec<Vec<GroupStep>> = Vec::new();
    let mut rest = vec![whole];
    while let Some(pattern) = rest.pop() {
        match pattern {
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Group { inner, .. } => rest.push(inner),
            GraphPattern::Union { left, right } => rest.extend([&**left, &**right]),
            GraphPattern::Graph { .. } | GraphPattern::Service { .. } => {}
            pattern => groups.push(steps(pattern)),
        }
    }
    groups
}
