//! What in a query is likely to be a mistake, before it is asked.

use super::filters::{Comparison, ComparisonKind, is_comparable};
use super::hints::{kind, predicates};
use super::near::nearest_term;
use super::probe::{Count, Probe, limited};
use super::products::{Product, products};
use super::search::{Search, ends, triple};
use super::steps::{Step, pattern, steps};
use super::unused::slips;
use super::words::{Part, Words};
use super::{Difference, Role};
use crate::error::Result;
use crate::query::{Asked, conjuncts, in_graph, pattern_of, walk, with_variables_for_blank_nodes};
use crate::store::Store;
use crate::vocabulary::{Prefixes, rdf, rdfs, xsd};
use oxigraph::model::{Literal, NamedNode, Term};
use oxigraph::sparql::Variable;
use spargebra::algebra::{Expression, GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::time::Duration;

/// How long the data is asked for warnings at most. It takes some milliseconds, however much there is: what would need a
/// look at all of the data is left to [`diagnose`](super::diagnose), which is asked only if the answer is empty.
const TIME: Duration = Duration::from_millis(500);

/// How many names and comparisons of a query are looked at.
const MOST: usize = 100;

/// How many triples of a predicate are looked at. If there are more, nothing is said of all of them.
const MOST_TRIPLES: usize = 2_000;

/// How many languages and datatypes of the values of a predicate are looked at.
const MOST_KINDS: usize = 20;

/// How many solutions of each part of a product are counted.
const MOST_COUNTED: usize = 2_000;

/// Something in a query that is likely to be a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it is.
    pub mistake: Mistake,
    /// Where it stands in the text: nowhere if it is not found there.
    pub spans: Vec<Range<usize>>,
}

/// A likely mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// A name occurs nowhere, neither in the data nor in the ontology.
    Unknown {
        /// The name.
        iri: NamedNode,
        /// What it is in the query.
        role: Role,
        /// The nearest one that occurs.
        instead: Option<NamedNode>,
    },
    /// A variable is looked at and has no value anywhere.
    NoValue {
        /// The variable.
        variable: Variable,
        /// The one that is probably meant.
        meant: Option<Variable>,
    },
    /// A variable stands in the query once, beside one with nearly the same name.
    UsedOnce {
        /// The variable.
        variable: Variable,
        /// The one that is probably meant.
        meant: Variable,
    },
    /// Parts of a group share no variable: each solution of one is paired with each of the other.
    Product {
        /// The parts, and how many solutions each has.
        parts: Vec<(Part, Count)>,
    },
    /// A condition can never hold, since the values of the variable are of another type than the constant.
    OtherType {
        /// The variable.
        variable: Variable,
        /// The constant.
        written: Term,
        /// The predicate that gives the variable its values.
        predicate: NamedNode,
        /// The datatype or class of these, by the ontology or the data.
        range: NamedNode,
    },
    /// A literal never equals one that is in the data, and that looks the same.
    NeverEqual {
        /// The literal.
        written: Term,
        /// The one that is in the data.
        found: Term,
    },
}

/// Looks for likely mistakes in a query, for a short time.
///
/// # Arguments
/// `prefixes` are those that the query need not declare; `is_declared` tells whether an ontology that is not in the store
/// knows a name.
///
/// # Errors
/// If the store fails.
pub fn warnings(
    store: &Store,
    asked: &Asked,
    prefixes: &Prefixes,
    is_declared: &dyn Fn(&NamedNode) -> Result<bool>,
) -> Result<Vec<Warning>> {
    let words = Words::new(asked, prefixes);
    // What the query will ask for anyway is there for the warnings.
    store.prepare_to_plan(&asked.query)?;
    let probe = Probe::new(store, asked.query.dataset(), TIME).looking_at(MOST_TRIPLES);
    let everywhere =
        asked.query.dataset().map(|_| Probe::new(store, None, TIME).looking_at(MOST_TRIPLES));
    let whole = with_variables_for_blank_nodes(pattern_of(&asked.query));
    let mut finder = Finder {
        store,
        search: Search::new(&probe, &words),
        everywhere: Search::new(everywhere.as_ref().unwrap_or(&probe), &words),
        words: &words,
        found: Vec::new(),
    };
    finder.slips(asked);
    finder.names(&whole, is_declared)?;
    finder.literals(&whole)?;
    finder.comparisons(&whole)?;
    finder.products(&whole)?;
    let mut found = finder.found;
    found.sort_by_key(|warning| warning.spans.first().map(|span| span.start));
    Ok(found)
}

struct Finder<'a> {
    store: &'a Store,
    search: Search<'a>,
    /// A search in all of the data, also of a query that has FROM.
    everywhere: Search<'a>,
    words: &'a Words<'a>,
    found: Vec<Warning>,
}

impl Finder<'_> {
    fn add(&mut self, mistake: Mistake, spans: impl IntoIterator<Item = Range<usize>>) {
        if !self.found.iter().any(|warning| warning.mistake == mistake) {
            self.found.push(Warning { mistake, spans: spans.into_iter().collect() });
        }
    }

    fn slips(&mut self, asked: &Asked) {
        for slip in slips(&asked.text, &asked.query) {
            let (variable, meant) = (slip.variable, slip.meant);
            let mistake = match (slip.is_unbound, meant) {
                (false, Some(meant)) => Mistake::UsedOnce { variable, meant },
                (_, meant) => Mistake::NoValue { variable, meant },
            };
            self.add(mistake, [slip.span]);
        }
    }

    /// Names that occur nowhere. Where a name need not match anything, only if it is nearly one that occurs.
    fn names(
        &mut self,
        whole: &GraphPattern,
        is_declared: &dyn Fn(&NamedNode) -> Result<bool>,
    ) -> Result<()> {
        for ((iri, role), need) in names(whole).into_iter().take(MOST) {
            if self.store.mentions(iri.as_ref())? || is_declared(&iri)? {
                continue;
            }
            let instead = self.everywhere.nearest_name(&iri, role)?.map(|(near, _)| near);
            if need == Need::Must || instead.is_some() {
                let span = self.words.name(&iri);
                self.add(Mistake::Unknown { iri, role, instead }, span);
            }
        }
        Ok(())
    }

    /// Literals in triples that look like one in the data and never equal it.
    fn literals(&mut self, whole: &GraphPattern) -> Result<()> {
        for group in groups(whole).into_iter().take(MOST) {
            for step in &group {
                let Some((triple, literal)) = with_literal(step) else { continue };
                if self.search.has(&pattern([step]))? == Some(false) {
                    self.never_equal(&triple, &literal, [step])?;
                }
            }
        }
        Ok(())
    }

    /// Warns if the values of a triple's object have one that looks like a literal and never equals it. Of many values
    /// some are looked at, for how such literals look there.
    fn never_equal<'s>(
        &mut self,
        triple: &TriplePattern,
        literal: &Literal,
        place: impl IntoIterator<Item = &'s Step>,
    ) -> Result<()> {
        let value = Variable::new_unchecked("any_value");
        let object = TermPattern::from(value.clone());
        let (s, _, _) = ends();
        let of = |object: TermPattern| {
            let triple = TriplePattern { subject: s.clone().into(), object, ..triple.clone() };
            GraphPattern::Bgp { patterns: vec![triple] }
        };
        let first = limited(of(object), vec![value.clone()], MOST_TRIPLES);
        let mut values = self.search.probe.values(&first, &value, MOST_TRIPLES)?.terms;
        let others: Vec<Literal> =
            kinds(&values).into_iter().map(|kind| with_kind(literal.value(), kind)).collect();
        for other in others {
            if self.search.has(&of(other.clone().into()))? == Some(true) {
                values.push(other.into());
            }
        }
        let written = Term::from(literal.clone());
        if let Some((found, Difference::Language | Difference::Datatype)) =
            nearest_term(&written, &values)
            && !values.contains(&written)
        {
            let part = self.words.part(place, GraphPattern::default());
            self.add(Mistake::NeverEqual { written, found }, part.spans);
        }
        Ok(())
    }

    /// Comparisons of a variable with a constant that its values never are comparable with.
    fn comparisons(&mut self, whole: &GraphPattern) -> Result<()> {
        for group in groups(whole).into_iter().take(MOST) {
            let given = predicates_of(&group);
            for step in &group {
                let Step::Filter(condition) = step else { continue };
                for comparison in Comparison::of(condition) {
                    if matches!(comparison.kind, ComparisonKind::Language | ComparisonKind::Letters)
                    {
                        continue;
                    }
                    // Values from two places may be of two types.
                    if let Some([triple]) = given.get(comparison.variable).map(Vec::as_slice) {
                        self.comparison(&comparison, triple, step)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn comparison(
        &mut self,
        comparison: &Comparison<'_>,
        triple: &TriplePattern,
        step: &Step,
    ) -> Result<()> {
        let NamedNodePattern::NamedNode(predicate) = &triple.predicate else { return Ok(()) };
        let written = comparison.constant.clone();
        if let Some(range) = self.range(predicate)?
            && never_compared(&range, &written)
        {
            let variable = comparison.variable.clone();
            let part = self.words.part([step], GraphPattern::default());
            let predicate = predicate.clone();
            self.add(Mistake::OtherType { variable, written, predicate, range }, part.spans);
            return Ok(());
        }
        let Term::Literal(literal) = &written else { return Ok(()) };
        let (s, _, o) = ends();
        let every = self::triple(s.clone(), predicate.clone(), o.clone());
        let first = limited(every, vec![o.clone()], MOST_TRIPLES + 1);
        let is_all =
            self.search.probe.count(&first, MOST_TRIPLES)?.is_some_and(|count| !count.has_more);
        if comparison.kind == ComparisonKind::Equal {
            // Of numbers, others are equal than those that are written alike.
            if !is_all && kind(&written) == "number" {
                return Ok(());
            }
            let expr = Expression::Equal(Box::new(o.into()), Box::new(literal.clone().into()));
            let equal = GraphPattern::Filter { expr, inner: first.into() };
            let same = self::triple(s, predicate.clone(), literal.clone());
            if self.search.has(&equal)? == Some(false) && self.search.has(&same)? == Some(false) {
                self.never_equal(triple, literal, [step])?;
            }
            return Ok(());
        }
        let values = self.search.probe.values(&first, &o, MOST_TRIPLES)?;
        if is_all
            && values.terms.iter().all(|value| !is_comparable(value, &written))
            && let Some(Term::Literal(found)) = values.terms.first()
        {
            let range = found.datatype().into_owned();
            let variable = comparison.variable.clone();
            let predicate = predicate.clone();
            let part = self.words.part([step], GraphPattern::default());
            self.add(Mistake::OtherType { variable, written, predicate, range }, part.spans);
        }
        Ok(())
    }

    /// The range of a property, if it has one.
    fn range(&mut self, predicate: &NamedNode) -> Result<Option<NamedNode>> {
        let (_, _, o) = ends();
        let ranges = triple(predicate.clone(), rdfs::RANGE.into_owned(), o.clone());
        let ranges = self.search.probe.values(&ranges, &o, 2)?.terms;
        Ok(match ranges.as_slice() {
            [Term::NamedNode(range)] => Some(range.clone()),
            _ => None,
        })
    }

    /// Parts that share no variable, if two of them have several solutions.
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

/// In which languages and of which datatypes some values are, by one example each.
fn kinds(values: &[Term]) -> Vec<&Literal> {
    let mut kinds: Vec<&Literal> = Vec::new();
    for value in values {
        if let Term::Literal(value) = value
            && !kinds.iter().any(|kind| {
                kind.datatype() == value.datatype() && kind.language() == value.language()
            })
            && kinds.len() < MOST_KINDS
        {
            kinds.push(value);
        }
    }
    kinds
}

/// A literal in the language or of the datatype of another one.
fn with_kind(value: &str, kind: &Literal) -> Literal {
    match kind.language() {
        Some(language) => Literal::new_language_tagged_literal_unchecked(value, language),
        None => Literal::new_typed_literal(value, kind.datatype()),
    }
}

/// Whether a term of a query has to match something for the query to have an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    May,
    Must,
}

/// Names, with what they are in a query.
type Names = BTreeMap<(NamedNode, Role), Need>;

/// The names in a pattern with what they are there. In OPTIONAL, MINUS and conditions, in the sides of a UNION, and in
/// paths that need no step, they need not match.
fn names(whole: &GraphPattern) -> Names {
    let mut names = Names::new();
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
fn add_names(pattern: &GraphPattern, need: Need, names: &mut Names) {
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
            for comparison in conjuncts(expr).into_iter().flat_map(Comparison::of) {
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

/// The steps of each group of a pattern that is asked of the default graph.
fn groups(whole: &GraphPattern) -> Vec<Vec<Step>> {
    let mut groups: Vec<Vec<Step>> = Vec::new();
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

/// A step that is a triple with a literal and a predicate.
fn with_literal(step: &Step) -> Option<(TriplePattern, Literal)> {
    let Step::Match(GraphPattern::Bgp { patterns }) = step else { return None };
    match patterns.as_slice() {
        [triple @ TriplePattern { object: TermPattern::Literal(literal), .. }]
            if matches!(triple.predicate, NamedNodePattern::NamedNode(_)) =>
        {
            Some((triple.clone(), literal.clone()))
        }
        _ => None,
    }
}

/// The triples of a group that give each variable its values, as their objects; none of those that get them otherwise.
fn predicates_of(group: &[Step]) -> HashMap<Variable, Vec<TriplePattern>> {
    let mut given: HashMap<Variable, Vec<TriplePattern>> = HashMap::new();
    for step in group {
        if let Step::Match(GraphPattern::Bgp { patterns }) = step {
            for triple in patterns {
                if let TermPattern::Variable(object) = &triple.object {
                    given.entry(object.clone()).or_default().push(triple.clone());
                }
            }
        }
    }
    for step in group {
        if !matches!(step, Step::Match(GraphPattern::Bgp { .. })) {
            for variable in step.gives() {
                given.remove(&variable);
            }
        }
    }
    given
}

/// Whether the values of a range are never compared with a constant.
fn never_compared(range: &NamedNode, constant: &Term) -> bool {
    let namespace = xsd::STRING.as_str().trim_end_matches("string");
    if range.as_str().starts_with(namespace) {
        let example = Literal::new_typed_literal("", range.clone());
        return !is_comparable(&example.into(), constant);
    }
    // A class has no literals, apart from that of all literals.
    let is_of_language = range.as_str().starts_with(rdf::TYPE.as_str().trim_end_matches("type"))
        || range.as_str().starts_with(rdfs::LABEL.as_str().trim_end_matches("label"));
    !is_of_language && matches!(constant, Term::Literal(_))
}
