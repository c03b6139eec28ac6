//! The reference: SPARQL 1.1 as its specification says it, on tiny data, with the provenance of each row.
//!
//! <https://www.w3.org/TR/sparql11-query/>, section 18. Nested loops, nothing clever: what it says is meant to be seen
//! to be right. Rows are annotated while they are made: a row is kept as long as *some* subset of the claims has it,
//! so that the provenance of a row is true on a subset of the claims exactly when the query has the row there, also
//! below OPTIONAL, MINUS and NOT EXISTS. Rows that the whole dataset does not have are told apart only at the end.
//! It is not exact for what aggregates and LIMIT do, and the answer says so.
//!
//! The specification leaves open what EXISTS does beyond triple patterns. Here the current solution is substituted by
//! joining it to every leaf of the pattern (triple patterns, paths, VALUES, the name of GRAPH) in those variables that
//! the leaf mentions, and expressions see it too. So MINUS inside EXISTS sees a substituted variable as bound, but only
//! on the sides that mention it. What a sub-SELECT does not project is another variable, and nothing is substituted.

mod aggregate;
mod dataset;
mod expression;
mod number;
mod path;
mod provenance;

pub use dataset::Dataset;
pub use expression::exists as patterns_of_exists;
pub use provenance::{Derivations, Provenance};

use expression::{Context, Error};
use oxigraph::model::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple, Variable};
use spargebra::Query;
use spargebra::algebra::{
    AggregateExpression, Expression, GraphPattern, OrderExpression, QueryDataset,
};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// What is too much for a reference.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refused {
    /// It is not done here.
    Unsupported(&'static str),
    /// It takes more steps than a test should wait for.
    TooLarge,
}

/// What a reader of an answer has to know.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Remark {
    /// The specification allows other rows as well: LIMIT, SAMPLE, the order in `GROUP_CONCAT`, MIN of incomparable values.
    Choice,
    /// Rows were grouped: the provenance is that of every member, and is not exact on subsets of the claims.
    Grouped,
    /// A string with a language tag was taken as a boolean.
    LanguageStringAsBoolean,
    /// `<` or one of its kin was asked of two different booleans.
    OrderOfBooleans,
    /// A path of length zero starts from a constant that is no node of the graph.
    ZeroLengthOutsideGraph,
    /// A MINUS kept a solution only because the two sides have no variable in common.
    DisjointMinus,
    /// A pattern in an EXISTS assigns a variable that the current solution has: the specification does not define it.
    AssignedInExists,
}

/// A row of an answer.
#[derive(Clone, Debug)]
pub struct Row {
    /// The values in the order of the answer's variables; for CONSTRUCT subject, predicate and object; none for ASK.
    pub values: Vec<Option<Term>>,
    /// How often the answer has the row. A graph has each triple once.
    pub multiplicity: usize,
    /// Any of its derivations.
    pub how: Provenance,
}

/// An answer, in no order.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The projected variables of SELECT.
    pub variables: Vec<Variable>,
    /// The rows, each once. ASK has one row when it is true.
    pub rows: Vec<Row>,
    /// Rows that the whole dataset does not have, but perhaps some of its claims without the others.
    pub absent: Vec<Row>,
    /// What there is to know.
    pub remarks: BTreeSet<Remark>,
}

impl Answer {
    /// The row with these values.
    pub fn row(&self, values: &[Option<Term>]) -> Option<&Row> {
        self.rows.iter().find(|row| row.values == values)
    }

    /// Whether the provenance tells exactly on which subsets of the claims the query has a row.
    pub fn is_exact(&self) -> bool {
        !self.remarks.contains(&Remark::Grouped) && !self.remarks.contains(&Remark::Choice)
    }
}

/// The answer of a query, other than DESCRIBE.
pub fn evaluate(query: &Query, dataset: &Dataset) -> Result<Answer, Refused> {
    let (from, pattern) = match query {
        Query::Select { dataset, pattern, .. }
        | Query::Construct { dataset, pattern, .. }
        | Query::Ask { dataset, pattern, .. } => (dataset, pattern),
        Query::Describe { .. } => return Err(Refused::Unsupported("DESCRIBE")),
    };
    let evaluator = Evaluator::new(dataset, from.as_ref());
    let solutions = evaluator.pattern(pattern, &evaluator.default, &Solution::new())?;
    let mut variables = Vec::new();
    let mut rows = Vec::new();
    match query {
        Query::Construct { template, .. } => {
            for (occurrence, (solution, how)) in solutions.into_iter().enumerate() {
                for triple in template {
                    if let Some(values) = instantiate(triple, &solution, occurrence) {
                        rows.push((values, how.clone()));
                    }
                }
            }
        }
        Query::Ask { .. } => rows.extend(solutions.into_iter().map(|(_, how)| (Vec::new(), how))),
        _ => {
            variables = projected(pattern);
            for (solution, how) in solutions {
                let value = |variable: &Variable| solution.get(variable.as_str()).cloned();
                rows.push((variables.iter().map(value).collect(), how));
            }
        }
    }
    let is_set = !matches!(query, Query::Select { .. });
    let (rows, absent) =
        merged(rows, is_set).into_iter().partition(|row: &Row| row.multiplicity > 0);
    Ok(Answer { variables, rows, absent, remarks: evaluator.remarks.into_inner() })
}

/// A pattern and every pattern inside it, also those in EXISTS, the outer ones first.
pub fn patterns(pattern: &GraphPattern) -> Vec<&GraphPattern> {
    let mut inner: Vec<&GraphPattern> = match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Values { .. } => {
            Vec::new()
        }
        GraphPattern::Join { left, right }
        | GraphPattern::LeftJoin { left, right, .. }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right } => vec![left, right],
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Graph { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. }
        | GraphPattern::Group { inner, .. }
        | GraphPattern::Service { inner, .. } => vec![inner],
    };
    for expression in expressions(pattern) {
        inner.extend(patterns_of_exists(expression));
    }
    std::iter::once(pattern).chain(inner.into_iter().flat_map(patterns)).collect()
}

/// The expressions of one operator.
pub fn expressions(pattern: &GraphPattern) -> Vec<&Expression> {
    match pattern {
        GraphPattern::Filter { expr, .. } => vec![expr],
        GraphPattern::LeftJoin { expression, .. } => expression.iter().collect(),
        GraphPattern::Extend { expression, .. } => vec![expression],
        GraphPattern::OrderBy { expression, .. } => {
            let conditions = expression.iter();
            conditions.map(|(OrderExpression::Asc(e) | OrderExpression::Desc(e))| e).collect()
        }
        GraphPattern::Group { aggregates, .. } => {
            let aggregates = aggregates.iter();
            aggregates
                .filter_map(|(_, aggregate)| match aggregate {
                    AggregateExpression::FunctionCall { expr, .. } => Some(expr),
                    AggregateExpression::CountSolutions { .. } => None,
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A solution mapping: terms by the names of variables. The names of blank nodes, which are like variables but never
/// projected, begin with `_:`.
type Solution = BTreeMap<String, Term>;

/// A multiset of solutions, each with its provenance. Equal ones stand in it as often as they are in the multiset.
type Solutions = Vec<(Solution, Provenance)>;

/// A graph that patterns are matched against.
struct Graph {
    triples: Vec<(Triple, Provenance)>,
}

struct Evaluator {
    default: Graph,
    named: Vec<(NamedNode, usize, Graph)>,
    remarks: RefCell<BTreeSet<Remark>>,
    steps: Cell<usize>,
}

/// How many inner loops there may be: a second or so of a debug build.
const MOST_STEPS: usize = 400_000;

impl Evaluator {
    fn new(dataset: &Dataset, from: Option<&QueryDataset>) -> Self {
        let select = |how: &dyn Fn(usize) -> Provenance| Graph {
            triples: dataset
                .triples()
                .iter()
                .enumerate()
                .map(|(index, triple)| (triple.clone(), how(index)))
                .filter(|(_, how)| *how != Provenance::Zero)
                .collect(),
        };
        let stated = |claim: usize, index: usize| {
            if dataset.claims_of(index).contains(&claim) {
                Provenance::InGraph(index, claim)
            } else {
                Provenance::Zero
            }
        };
        let default = match from {
            None => select(&Provenance::Triple),
            Some(from) => select(&|index| {
                let claims = from.default.iter().filter_map(|name| dataset.claim(name));
                Provenance::plus(claims.map(|claim| stated(claim, index)))
            }),
        };
        let is_named = |name: &NamedNode| {
            from.is_none_or(|from| from.named.as_ref().is_some_and(|named| named.contains(name)))
        };
        let names = dataset.claims().iter().enumerate().filter(|(_, name)| is_named(name));
        let named = names
            .map(|(claim, name)| (name.clone(), claim, select(&|index| stated(claim, index))))
            .collect();
        Self { default, named, remarks: RefCell::default(), steps: Cell::default() }
    }

    fn tick(&self) -> Result<(), Refused> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST_STEPS { Err(Refused::TooLarge) } else { Ok(()) }
    }

    fn remark(&self, remark: Remark) {
        self.remarks.borrow_mut().insert(remark);
    }

    /// `eval(D(G), pattern)`; `outer` is the solution that is substituted when it stands in an EXISTS.
    #[expect(clippy::too_many_lines, reason = "one arm for each operator")]
    fn pattern(
        &self,
        pattern: &GraphPattern,
        graph: &Graph,
        outer: &Solution,
    ) -> Result<Solutions, Refused> {
        match pattern {
            GraphPattern::Bgp { patterns } => self.basic(patterns, graph, outer),
            GraphPattern::Path { subject, path, object } => {
                let (x, y) = (end(subject, outer), end(object, outer));
                let steps = self.path(graph, x.term.as_ref(), path, y.term.as_ref())?;
                let solutions = steps.into_iter().filter_map(|(subject, object, how)| {
                    let mut solution = Solution::new();
                    (x.bind(&mut solution, &subject) && y.bind(&mut solution, &object))
                        .then_some((solution, how))
                });
                Ok(solutions.collect())
            }
            GraphPattern::Join { left, right } => {
                self.join(&self.pattern(left, graph, outer)?, &self.pattern(right, graph, outer)?)
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                let right = self.pattern(right, graph, outer)?;
                let mut solutions = Solutions::new();
                for (left, left_how) in self.pattern(left, graph, outer)? {
                    let mut matches = Vec::new();
                    for (right, right_how) in &right {
                        self.tick()?;
                        let Some(merged) = merge(&left, right) else { continue };
                        let condition = match expression {
                            None => Provenance::One,
                            Some(expression) => self.truth(expression, &merged, graph, outer)?,
                        };
                        let matched = Provenance::times([right_how.clone(), condition]);
                        matches.push(matched.clone());
                        solutions.push((merged, Provenance::times([left_how.clone(), matched])));
                    }
                    let unmatched = Provenance::plus(matches).absent();
                    solutions.push((left, Provenance::times([left_how, unmatched])));
                }
                Ok(possible(solutions))
            }
            GraphPattern::Filter { expr, inner } => {
                let mut solutions = Solutions::new();
                for (solution, how) in self.pattern(inner, graph, outer)? {
                    let condition = self.truth(expr, &solution, graph, outer)?;
                    solutions.push((solution, Provenance::times([how, condition])));
                }
                Ok(possible(solutions))
            }
            GraphPattern::Union { left, right } => {
                let mut solutions = self.pattern(left, graph, outer)?;
                solutions.extend(self.pattern(right, graph, outer)?);
                Ok(solutions)
            }
            GraphPattern::Graph { name, inner } => self.graph(name, inner, outer),
            GraphPattern::Extend { inner, variable, expression } => {
                let mut solutions = Solutions::new();
                for (solution, how) in self.pattern(inner, graph, outer)? {
                    for (value, condition) in
                        self.values(expression, &solution, graph, outer, &|value| value.ok())?
                    {
                        let mut extended = solution.clone();
                        if let Some(value) = value {
                            extended.insert(variable.as_str().to_owned(), value);
                        }
                        solutions.push((extended, Provenance::times([how.clone(), condition])));
                    }
                }
                Ok(self.assigned(variable, possible(solutions), outer))
            }
            GraphPattern::Minus { left, right } => {
                let right = self.pattern(right, graph, outer)?;
                let mut solutions = Solutions::new();
                for (left, how) in self.pattern(left, graph, outer)? {
                    let mut removed_by = Vec::new();
                    for (right, right_how) in &right {
                        self.tick()?;
                        let is_disjoint = !left.keys().any(|name| right.contains_key(name));
                        match merge(&left, right) {
                            None => {}
                            Some(_) if !is_disjoint => removed_by.push(right_how.clone()),
                            Some(_) => self.remark(Remark::DisjointMinus),
                        }
                    }
                    let kept = Provenance::plus(removed_by).absent();
                    solutions.push((left, Provenance::times([how, kept])));
                }
                Ok(possible(solutions))
            }
            GraphPattern::Values { variables, bindings } => {
                let row = |values: &Vec<Option<GroundTerm>>| {
                    let cells = variables.iter().zip(values);
                    cells
                        .filter_map(|(variable, value)| {
                            Some((variable.as_str().to_owned(), ground(value.as_ref()?)))
                        })
                        .collect::<Solution>()
                };
                let mentioned = restricted(outer, variables);
                let solutions =
                    bindings.iter().filter_map(|values| merge(&row(values), &mentioned));
                Ok(solutions.map(|solution| (solution, Provenance::One)).collect())
            }
            GraphPattern::OrderBy { inner, .. } => self.pattern(inner, graph, outer),
            GraphPattern::Project { inner, variables } => {
                let solutions = self.pattern(inner, graph, &restricted(outer, variables))?;
                let project = |(solution, how)| (restricted(&solution, variables), how);
                Ok(solutions.into_iter().map(project).collect())
            }
            GraphPattern::Distinct { inner } | GraphPattern::Reduced { inner } => {
                distinct(self.pattern(inner, graph, outer)?, |_| self.tick())
            }
            GraphPattern::Slice { inner, start, length } => {
                let mut solutions = self.pattern(inner, graph, outer)?;
                solutions.retain(|(_, how)| how.holds_in_full());
                self.remark(Remark::Choice);
                let length = length.unwrap_or(usize::MAX);
                Ok(solutions.into_iter().skip(*start).take(length).collect())
            }
            GraphPattern::Group { inner, variables, aggregates } => {
                let solutions = self.pattern(inner, graph, outer)?;
                self.group(solutions, variables, aggregates, graph, outer)
            }
            GraphPattern::Lateral { .. } => Err(Refused::Unsupported("LATERAL")),
            GraphPattern::Service { .. } => Err(Refused::Unsupported("SERVICE")),
        }
    }

    /// Basic graph patterns: each triple pattern in turn, with every triple.
    fn basic(
        &self,
        patterns: &[TriplePattern],
        graph: &Graph,
        outer: &Solution,
    ) -> Result<Solutions, Refused> {
        let mut solutions = vec![(Solution::new(), Provenance::One)];
        for pattern in patterns {
            let subject = end(&pattern.subject, outer);
            let predicate = match &pattern.predicate {
                NamedNodePattern::NamedNode(iri) => End::constant(iri.clone()),
                NamedNodePattern::Variable(variable) => End::variable(variable, outer),
            };
            let object = end(&pattern.object, outer);
            let mut extended = Solutions::new();
            for (solution, how) in &solutions {
                for (triple, stated) in &graph.triples {
                    self.tick()?;
                    let mut solution = solution.clone();
                    if subject.bind(&mut solution, &triple.subject.clone().into())
                        && predicate.bind(&mut solution, &triple.predicate.clone().into())
                        && object.bind(&mut solution, &triple.object)
                    {
                        extended.push((solution, Provenance::times([how.clone(), stated.clone()])));
                    }
                }
            }
            solutions = extended;
        }
        Ok(solutions)
    }

    fn join(&self, left: &Solutions, right: &Solutions) -> Result<Solutions, Refused> {
        let mut solutions = Solutions::new();
        for (a, a_how) in left {
            for (b, b_how) in right {
                self.tick()?;
                if let Some(merged) = merge(a, b) {
                    solutions.push((merged, Provenance::times([a_how.clone(), b_how.clone()])));
                }
            }
        }
        Ok(solutions)
    }

    /// `GRAPH`: for a variable, each of the named graphs, joined with the name.
    fn graph(
        &self,
        name: &NamedNodePattern,
        inner: &GraphPattern,
        outer: &Solution,
    ) -> Result<Solutions, Refused> {
        let end = match name {
            NamedNodePattern::NamedNode(iri) => End::constant(iri.clone()),
            NamedNodePattern::Variable(variable) => End::variable(variable, outer),
        };
        let mut solutions = Solutions::new();
        for (iri, claim, graph) in &self.named {
            let mut name = Solution::new();
            if end.bind(&mut name, &iri.clone().into()) {
                let inner = self.pattern(inner, graph, outer)?;
                solutions.extend(self.join(&inner, &vec![(name, Provenance::Graph(*claim))])?);
            }
        }
        Ok(solutions)
    }

    /// `Group` and the aggregates of each group, whose members are those that the whole dataset has.
    fn group(
        &self,
        solutions: Solutions,
        variables: &[Variable],
        aggregates: &[(Variable, AggregateExpression)],
        graph: &Graph,
        outer: &Solution,
    ) -> Result<Solutions, Refused> {
        self.remark(Remark::Grouped);
        let mut groups: Vec<(Solution, Solutions)> = Vec::new();
        for (solution, how) in solutions.into_iter().filter(|(_, how)| how.holds_in_full()) {
            self.tick()?;
            let key = restricted(&solution, variables);
            match groups.iter_mut().find(|(other, _)| *other == key) {
                Some((_, members)) => members.push((solution, how)),
                None => groups.push((key, vec![(solution, how)])),
            }
        }
        if groups.is_empty() && variables.is_empty() {
            groups.push((Solution::new(), Solutions::new()));
        }
        let mut solutions = Solutions::new();
        for (mut solution, members) in groups {
            for (variable, aggregate) in aggregates {
                let value = match aggregate {
                    AggregateExpression::CountSolutions { distinct: false } => {
                        Some(aggregate::integer(members.len()))
                    }
                    AggregateExpression::CountSolutions { distinct: true } => {
                        let mut named: Vec<Solution> = Vec::new();
                        for (member, _) in &members {
                            let mut member = member.clone();
                            member.retain(|name, _| !name.starts_with("_:"));
                            if !named.contains(&member) {
                                named.push(member);
                            }
                        }
                        Some(aggregate::integer(named.len()))
                    }
                    AggregateExpression::FunctionCall { name, expr, distinct } => {
                        let mut values: Vec<Option<Term>> = Vec::new();
                        for (member, _) in &members {
                            let outcomes =
                                self.values(expr, member, graph, outer, &|value| value.ok())?;
                            let value = outcomes.into_iter().find(|(_, how)| how.holds_in_full());
                            let value = value.and_then(|(value, _)| value);
                            if !distinct || !values.contains(&value) {
                                values.push(value);
                            }
                        }
                        self.set_function(name, &values)
                    }
                };
                if let Some(value) = value {
                    solution.insert(variable.as_str().to_owned(), value);
                }
            }
            solutions.push((solution, Provenance::times(members.into_iter().map(|(_, how)| how))));
        }
        for (variable, _) in aggregates {
            solutions = self.assigned(variable, solutions, outer);
        }
        Ok(solutions)
    }

    /// What an EXISTS assigns to a variable of the current solution has to be the same.
    fn assigned(&self, variable: &Variable, solutions: Solutions, outer: &Solution) -> Solutions {
        let Some(outer) = outer.get(variable.as_str()) else { return solutions };
        self.remark(Remark::AssignedInExists);
        let is_same = |solution: &Solution| {
            solution.get(variable.as_str()).is_none_or(|value| value == outer)
        };
        solutions.into_iter().filter(|(solution, _)| is_same(solution)).collect()
    }

    /// On which claims the effective boolean value of an expression is true.
    fn truth(
        &self,
        expression: &Expression,
        solution: &Solution,
        graph: &Graph,
        outer: &Solution,
    ) -> Result<Provenance, Refused> {
        // A literal `true` or nothing, so that the same outcome is one outcome.
        let not = Expression::Not(Box::new(Expression::Not(Box::new(expression.clone()))));
        let is_true = |value: Result<Term, Error>| matches!(value, Ok(Term::Literal(literal)) if literal.value() == "true");
        let outcomes = self.values(&not, solution, graph, outer, &is_true)?;
        Ok(Provenance::plus(
            outcomes.into_iter().filter(|(is_true, _)| *is_true).map(|(_, how)| how),
        ))
    }

    /// The outcomes of an expression, each with the claims on which it comes out so: there are several when what an
    /// EXISTS says depends on the claims.
    fn values<T: Clone + PartialEq>(
        &self,
        expression: &Expression,
        solution: &Solution,
        graph: &Graph,
        outer: &Solution,
        finish: &dyn Fn(Result<Term, Error>) -> T,
    ) -> Result<Vec<(T, Provenance)>, Refused> {
        let mut known = outer.clone();
        known.extend(solution.clone());
        let mut questions = Vec::new();
        for pattern in patterns_of_exists(expression) {
            let found = self.pattern(pattern, graph, &known)?;
            questions.push((pattern, Provenance::plus(found.into_iter().map(|(_, how)| how))));
        }
        let variable = |variable: &Variable| known.get(variable.as_str()).cloned();
        let evaluate = |answers: &Answers| {
            self.tick()?;
            let exists = |pattern: &GraphPattern| {
                answers.iter().any(|(asked, answer)| std::ptr::eq(*asked, pattern) && *answer)
            };
            let context = Context {
                variable: &variable,
                exists: &exists,
                remark: &|remark| self.remark(remark),
            };
            match context.value(expression) {
                Err(Error::Refused(refused)) => Err(refused),
                value => Ok(finish(value)),
            }
        };
        outcomes(&questions, &mut Vec::new(), &evaluate)
    }
}

/// For each EXISTS whether it is true.
type Answers<'a> = [(&'a GraphPattern, bool)];

/// The outcomes for each way in which the questions can be answered. A question that makes no difference is left out.
fn outcomes<'a, T: Clone + PartialEq>(
    questions: &[(&'a GraphPattern, Provenance)],
    answers: &mut Vec<(&'a GraphPattern, bool)>,
    evaluate: &dyn Fn(&Answers<'a>) -> Result<T, Refused>,
) -> Result<Vec<(T, Provenance)>, Refused> {
    let Some(((pattern, how), rest)) = questions.split_first() else {
        return Ok(vec![(evaluate(answers)?, Provenance::One)]);
    };
    let mut branch = |answer| {
        answers.push((*pattern, answer));
        let outcomes = outcomes(rest, answers, evaluate);
        answers.pop();
        outcomes
    };
    let (yes, no) = (branch(true)?, branch(false)?);
    if yes == no {
        return Ok(yes);
    }
    let under = |outcomes: Vec<(T, Provenance)>, condition: Provenance| {
        outcomes
            .into_iter()
            .map(move |(value, how)| (value, Provenance::times([condition.clone(), how])))
    };
    let both = under(yes, how.clone()).chain(under(no, how.clone().absent()));
    Ok(both.filter(|(_, how)| *how != Provenance::Zero).collect())
}

/// A place of a pattern, and what is known of it.
struct End {
    /// The variable or the blank node.
    name: Option<String>,
    /// The constant, or what is substituted for the variable.
    term: Option<Term>,
}

impl End {
    fn constant(term: impl Into<Term>) -> Self {
        Self { name: None, term: Some(term.into()) }
    }

    fn variable(variable: &Variable, outer: &Solution) -> Self {
        let name = variable.as_str();
        Self { name: Some(name.to_owned()), term: outer.get(name).cloned() }
    }

    /// Whether a term can stand here; if so, the solution says it.
    fn bind(&self, solution: &mut Solution, term: &Term) -> bool {
        if self.term.as_ref().is_some_and(|known| known != term) {
            return false;
        }
        let Some(name) = &self.name else { return true };
        solution.entry(name.clone()).or_insert_with(|| term.clone()) == term
    }
}

fn end(pattern: &TermPattern, outer: &Solution) -> End {
    match pattern {
        TermPattern::NamedNode(iri) => End::constant(iri.clone()),
        TermPattern::Literal(literal) => End::constant(literal.clone()),
        TermPattern::BlankNode(node) => End { name: Some(node.to_string()), term: None },
        TermPattern::Variable(variable) => End::variable(variable, outer),
        #[cfg(feature = "rdf-12")]
        TermPattern::Triple(_) => unreachable!("the reference knows SPARQL 1.1"),
    }
}

fn ground(term: &GroundTerm) -> Term {
    match term {
        GroundTerm::NamedNode(iri) => iri.clone().into(),
        GroundTerm::Literal(literal) => literal.clone().into(),
        #[cfg(feature = "rdf-12")]
        GroundTerm::Triple(_) => unreachable!("the reference knows SPARQL 1.1"),
    }
}

/// `merge(μ1, μ2)`, if they are compatible.
fn merge(a: &Solution, b: &Solution) -> Option<Solution> {
    let is_compatible = a.iter().all(|(name, term)| b.get(name).is_none_or(|other| other == term));
    is_compatible.then(|| a.iter().chain(b).map(|(n, t)| (n.clone(), t.clone())).collect())
}

fn restricted(solution: &Solution, variables: &[Variable]) -> Solution {
    let is_kept = |name: &str| variables.iter().any(|variable| variable.as_str() == name);
    let kept = solution.iter().filter(|(name, _)| is_kept(name));
    kept.map(|(name, term)| (name.clone(), term.clone())).collect()
}

/// Without the solutions that no subset of the claims has.
fn possible(mut solutions: Solutions) -> Solutions {
    solutions.retain(|(_, how)| *how != Provenance::Zero);
    solutions
}

/// Each solution once, with any of its derivations.
fn distinct(
    solutions: Solutions,
    tick: impl Fn(&Solution) -> Result<(), Refused>,
) -> Result<Solutions, Refused> {
    let mut kept: Vec<(Solution, Vec<Provenance>)> = Vec::new();
    for (solution, how) in solutions {
        tick(&solution)?;
        match kept.iter_mut().find(|(other, _)| *other == solution) {
            Some((_, all)) => all.push(how),
            None => kept.push((solution, vec![how])),
        }
    }
    Ok(kept.into_iter().map(|(solution, all)| (solution, Provenance::plus(all))).collect())
}

/// Each row once, with how often the whole dataset has it.
fn merged(rows: Vec<(Vec<Option<Term>>, Provenance)>, is_set: bool) -> Vec<Row> {
    let mut kept: Vec<(Vec<Option<Term>>, Vec<Provenance>)> = Vec::new();
    for (values, how) in rows {
        match kept.iter_mut().find(|(other, _)| *other == values) {
            Some((_, all)) => all.push(how),
            None => kept.push((values, vec![how])),
        }
    }
    let row = |(values, all): (_, Vec<Provenance>)| {
        let count = all.iter().filter(|how| how.holds_in_full()).count();
        let multiplicity = if is_set { count.min(1) } else { count };
        Row { values, multiplicity, how: Provenance::plus(all) }
    };
    kept.into_iter().map(row).collect()
}

/// The variables of a SELECT, in their order.
fn projected(pattern: &GraphPattern) -> Vec<Variable> {
    match pattern {
        GraphPattern::Project { variables, .. } => variables.clone(),
        GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => projected(inner),
        _ => Vec::new(),
    }
}

/// A triple of a CONSTRUCT template; none if a variable has no value or one that cannot stand there. Blank nodes are new
/// ones for each solution.
fn instantiate(
    triple: &TriplePattern,
    solution: &Solution,
    occurrence: usize,
) -> Option<Vec<Option<Term>>> {
    let value = |term: &TermPattern| match term {
        TermPattern::BlankNode(node) => {
            Some(BlankNode::new_unchecked(format!("{}x{occurrence}", node.as_str())).into())
        }
        term => {
            let end = end(term, solution);
            end.term
        }
    };
    let subject = NamedOrBlankNode::try_from(value(&triple.subject)?).ok()?;
    let predicate = match &triple.predicate {
        NamedNodePattern::NamedNode(iri) => iri.clone().into(),
        NamedNodePattern::Variable(variable) => solution.get(variable.as_str())?.clone(),
    };
    let predicate = NamedNode::try_from(predicate).ok()?;
    let object = value(&triple.object)?;
    Some(vec![Some(subject.into()), Some(predicate.into()), Some(object)])
}
