//! Writes a parsed query as text that any SPARQL 1.1 tool can run, and that parses to the same query.
//!
//! Every operation has parentheses and every group has braces, because the printer of `spargebra` omits some of both:
//! `(?a + ?b) / 2` becomes `?a + ?b / 2`, and the group inside an OPTIONAL that scopes a FILTER disappears.

mod expression;
mod pattern;
mod select;
mod term;

use crate::algebra::{self, names_as_written};
use crate::vocabulary::Prefixes;
use select::Select;
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, QueryDataset};
use spargebra::term::{BlankNode, TriplePattern, Variable};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Writes a query as SPARQL and declares the prefixes that it uses.
pub fn to_sparql(query: &Query, prefixes: &Prefixes) -> String {
    written(query, prefixes, HashMap::new())
}

/// Writes a query as SPARQL with ASCII variable names, because some servers misread others. Returns the original
/// variables of the renamed ones.
pub(crate) fn to_ascii_sparql(query: &Query) -> (String, HashMap<Variable, Variable>) {
    let variables = algebra::variables(algebra::pattern_of(query));
    let mut foreign: Vec<&Variable> =
        variables.iter().copied().filter(|variable| !variable.as_str().is_ascii()).collect();
    foreign.sort();
    let free = (1..).map(|number| Variable::new_unchecked(format!("v{number}")));
    let free = free.filter(|name| !variables.contains(name));
    let names: HashMap<Variable, Variable> = foreign.into_iter().cloned().zip(free).collect();
    (written(query, &Prefixes::default(), names.clone()), names)
}

fn written(query: &Query, prefixes: &Prefixes, names: HashMap<Variable, Variable>) -> String {
    let mut writer = Writer::new(prefixes, algebra::pattern_of(query));
    writer.names = names;
    writer.query(query);
    let mut text = String::new();
    if let Some(base) = query.base_iri() {
        text.push_str(&format!("BASE <{base}>\n"));
    }
    for prefix in writer.used {
        let namespace = prefixes.namespace(prefix).unwrap_or_default();
        text.push_str(&format!("PREFIX {prefix}: <{namespace}>\n"));
    }
    text.push_str(&writer.text);
    text.push('\n');
    text
}

/// Writes a pattern on one line, in braces, after the FROM clauses of its dataset. The text is for people: it omits
/// prefix declarations and uses the original names of variables ([`names_as_written`]).
pub(crate) fn pattern_to_text(
    pattern: &GraphPattern,
    dataset: Option<&QueryDataset>,
    prefixes: &Prefixes,
) -> String {
    let mut writer = Writer::new(prefixes, pattern);
    writer.names = names_as_written(pattern);
    writer.from(dataset);
    writer.line("");
    writer.group(pattern);
    // Literals contain no line breaks, so every line break is part of the layout.
    writer.text.lines().map(str::trim_start).collect::<Vec<_>>().join(" ")
}

/// The text of a query in progress.
struct Writer<'a> {
    text: String,
    indent: usize,
    prefixes: &'a Prefixes,
    used: BTreeSet<&'a str>,
    /// The numbers of the blank nodes that are written with a label.
    blank_nodes: HashMap<BlankNode, usize>,
    /// The blank nodes that occur in several blocks of triples, although a label may occur in only one.
    shared_blank_nodes: HashSet<BlankNode>,
    /// The numbers of the blank nodes that become variables.
    blank_variables: HashMap<BlankNode, usize>,
    /// The prefix of the names of these variables, which no other variable has.
    blank_variable: String,
    /// The number of enclosing EXISTS.
    exists: usize,
    /// The aggregates of the current SELECT, by the variables that the algebra uses for them.
    aggregates: HashMap<Variable, AggregateExpression>,
    /// The new names of renamed variables.
    names: HashMap<Variable, Variable>,
}

impl<'a> Writer<'a> {
    fn new(prefixes: &'a Prefixes, pattern: &GraphPattern) -> Self {
        let variables = algebra::variables(pattern);
        let mut blank_variable = "blank".to_owned();
        while variables.iter().any(|variable| variable.as_str().starts_with(&blank_variable)) {
            blank_variable.push('_');
        }
        Self {
            text: String::new(),
            indent: 0,
            prefixes,
            used: BTreeSet::new(),
            blank_nodes: HashMap::new(),
            shared_blank_nodes: pattern::shared_blank_nodes(pattern),
            blank_variables: HashMap::new(),
            blank_variable,
            exists: 0,
            aggregates: HashMap::new(),
            names: HashMap::new(),
        }
    }

    fn query(&mut self, query: &Query) {
        match query {
            Query::Select { dataset, pattern, .. } => {
                self.select(&Select::of(pattern), dataset.as_ref());
            }
            Query::Construct { template, dataset, pattern, .. } => {
                self.push("CONSTRUCT {");
                self.indented(|writer| writer.triples(template));
                self.line("}");
                self.from(dataset.as_ref());
                self.rest(pattern, true);
            }
            Query::Ask { dataset, pattern, .. } => {
                self.push("ASK");
                self.from(dataset.as_ref());
                self.rest(pattern, true);
            }
            Query::Describe { dataset, pattern, .. } => {
                self.push("DESCRIBE");
                let (select, described) = DescribeTarget::of(pattern);
                for thing in &described {
                    self.push(" ");
                    match thing {
                        DescribeTarget::Variable(variable) => self.variable(variable),
                        DescribeTarget::Constant(constant) => self.expression(constant),
                    }
                }
                if described.is_empty() {
                    self.push(" *");
                }
                self.from(dataset.as_ref());
                let is_trivial = *select.body == GraphPattern::default() && !described.is_empty();
                if !is_trivial || select.has_modifiers() {
                    self.where_clause(select.body);
                    self.modifiers(&select);
                }
            }
        }
    }

    /// Writes the WHERE clause and the part after it, for a query form without a projection of its own.
    fn rest(&mut self, pattern: &GraphPattern, projects_all: bool) {
        let select = Select::of(pattern);
        if projects_all && select.is_plain() {
            self.where_clause(select.body);
            self.modifiers(&select);
        } else {
            self.where_clause(pattern);
        }
    }

    fn from(&mut self, dataset: Option<&QueryDataset>) {
        let Some(dataset) = dataset else { return };
        for graph in &dataset.default {
            self.line("FROM ");
            self.iri(graph);
        }
        for graph in dataset.named.iter().flatten() {
            self.line("FROM NAMED ");
            self.iri(graph);
        }
    }

    fn where_clause(&mut self, pattern: &GraphPattern) {
        self.line("WHERE ");
        self.group(pattern);
    }

    fn triples(&mut self, triples: &[TriplePattern]) {
        for triple in triples {
            self.line("");
            self.triple(triple);
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Begins a line.
    fn line(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        for _ in 0..self.indent {
            self.text.push_str("  ");
        }
        self.text.push_str(text);
    }

    fn indented(&mut self, write: impl FnOnce(&mut Self)) {
        self.indent += 1;
        write(self);
        self.indent -= 1;
    }
}

/// A target of DESCRIBE: the parser represents constants as variables bound to them.
enum DescribeTarget<'a> {
    Variable(&'a Variable),
    Constant(&'a Expression),
}

impl<'a> DescribeTarget<'a> {
    fn of(pattern: &'a GraphPattern) -> (Select<'a>, Vec<Self>) {
        let mut select = Select::of(pattern);
        let mut constants = HashMap::new();
        while let GraphPattern::Extend { inner, variable, expression } = select.body
            && matches!(expression, Expression::NamedNode(_))
            && select.variables.is_some_and(|variables| variables.contains(variable))
        {
            constants.insert(variable, expression);
            select.body = inner;
        }
        let described = select
            .variables
            .unwrap_or_default()
            .iter()
            .map(|variable| match constants.get(variable) {
                Some(constant) => Self::Constant(constant),
                None => Self::Variable(variable),
            })
            .collect();
        (select, described)
    }
}
