//! Why a query has no rows, and which parts of it are likely mistakes.
//!
//! [`diagnose`] looks for the smallest part of a query that has no match. It evaluates parts of the pattern, separately
//! and together, and looks for what would have matched. It uses only queries, so it works on any backend, and it stops
//! when its time is over. Behind an endpoint each query is a request: 5 to 15 of them for the usual mistakes, and never
//! more than fit into the time. [`warnings()`] send no requests to an endpoint.

mod causes;
mod classes;
mod conflicts;
mod filters;
mod hints;
mod json;
mod nearest;
mod outline;
mod probe;
mod products;
mod query_text;
mod same_thing;
mod scope;
mod search;
mod slips;
mod steps;
mod warnings;

pub(crate) use causes::{aggregates, counts};
pub(crate) use probe::SolutionCount;
pub(crate) use probe::ValueSample;
pub use query_text::QueryPart;
pub(crate) use scope::{Clause, out_of_scope};
pub(crate) use warnings::{
    ComparedWith, Incomparable, NotNumbers, Remedy, WithoutComponent, clashes,
};
pub use warnings::{Mistake, Warning, warnings};

use crate::catalogue::BoundQuery;
use crate::diagnostic::Result;
use crate::engine::Store;
use crate::vocabulary::Prefixes;
use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::Variable;
use probe::Probe;
use query_text::QueryText;
use search::PatternSearch;
use std::time::Duration;

/// The default time limit of a diagnosis.
pub const TIME: Duration = Duration::from_secs(1);

/// Why a query has no rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The parts that have no match. Each of them is enough to empty the results; each branch of a UNION has its own.
    pub causes: Vec<Cause>,
    /// Whether the time was sufficient. If not, there may be no cause, or its part may not be minimal.
    pub is_complete: bool,
}

/// A part of a query that has no match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Why the part has no match.
    pub reason: Mismatch,
    /// The smallest part that has no match.
    pub part: QueryPart,
    /// The decisive element of the part: a FILTER, the last of several triples, or the part itself.
    pub element: QueryPart,
    /// A part that still has matches, and their number.
    pub matched: Option<(QueryPart, SolutionCount)>,
    /// What would have matched, and what is there instead.
    pub hints: Vec<Hint>,
}

/// Why a part of a query has no match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// Nothing matches the part.
    NoMatch,
    /// Its elements match, but never together. The field lists the variables that they share.
    NeverTogether(Vec<Variable>),
    /// A condition is true for none of the solutions before it.
    Filter,
    /// A MINUS removes all solutions.
    Minus,
    /// A HAVING is true for no group.
    Having,
    /// LIMIT 0.
    NoLimit,
    /// The OFFSET is at or after the last solution.
    Offset,
    /// There are no triples at all.
    NoData,
    /// A named graph does not exist, or there are no named graphs.
    NoGraph,
    /// A VALUES has no rows.
    NoValues,
}

impl Mismatch {
    /// Returns the name for JSON output.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NoMatch => "no-match",
            Self::NeverTogether(_) => "never-together",
            Self::Filter => "filter",
            Self::Minus => "minus",
            Self::Having => "having",
            Self::NoLimit => "limit",
            Self::Offset => "offset",
            Self::NoData => "no-data",
            Self::NoGraph => "no-graph",
            Self::NoValues => "no-values",
        }
    }
}

/// The role of a name in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A predicate.
    Predicate,
    /// The object of `rdf:type`.
    Class,
    /// The name of a graph.
    Graph,
    /// Anything else.
    Thing,
}

impl Role {
    /// Returns the name as text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Predicate => "predicate",
            Self::Class => "class",
            Self::Graph => "graph",
            Self::Thing => "thing",
        }
    }
}

/// How a term differs from the one that would have matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Upper and lower case.
    Case,
    /// Another datatype.
    Datatype,
    /// Another language tag, or none.
    Language,
    /// Another namespace, or `http` for `https`.
    Namespace,
    /// Spelling.
    Spelling,
}

impl Difference {
    /// Returns the name as text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Datatype => "datatype",
            Self::Language => "language",
            Self::Namespace => "namespace",
            Self::Spelling => "spelling",
        }
    }
}

/// What would have matched, or what is there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// The flags of a REGEX or REPLACE are invalid, so the condition is an error for every solution.
    RegexFlags {
        /// The flags.
        flags: String,
    },
    /// The pattern of a REGEX or REPLACE is invalid.
    RegexPattern {
        /// The pattern.
        pattern: String,
    },
    /// A string function is applied to values that are not strings, so the condition is an error.
    NotText {
        /// The function.
        function: String,
        /// The variable.
        variable: Variable,
        /// One of its values.
        found: Term,
    },
    /// A name does not occur in the data.
    Unknown {
        /// The name.
        iri: NamedNode,
        /// Its role in the query.
        role: Role,
        /// Whether the ontology declares it, or there are other statements about it.
        is_described: bool,
        /// The nearest one that occurs, and how it differs.
        instead: Option<(NamedNode, Difference)>,
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
    /// A class or property itself is not used, but its subclasses or sub-properties are.
    Narrower {
        /// The class or property.
        iri: NamedNode,
        /// Which of the two it is.
        role: Role,
        /// Its subclasses or sub-properties that occur.
        narrower: Vec<NamedNode>,
    },
    /// A similar term would match in place of another one.
    Instead {
        /// The term in the query.
        written: Term,
        /// The one that would match.
        instead: Term,
        /// How it differs.
        difference: Difference,
    },
    /// What would match in place of a term.
    Others {
        /// The term in the query.
        written: Term,
        /// Some of the terms that would match.
        values: ValueSample,
    },
    /// A triple would match the other way round.
    Reversed {
        /// The reversed triple.
        part: QueryPart,
        /// The number of matches of the whole part with the reversed triple.
        count: SolutionCount,
    },
    /// A variable stands at two places of a triple, which would match with another one at the second.
    SameThing {
        /// The variable.
        variable: Variable,
        /// The other one.
        other: Variable,
        /// The triple with both.
        part: QueryPart,
        /// The number of matches of the whole part with that triple.
        count: SolutionCount,
    },
    /// The range of a variable's values before a condition.
    Between {
        /// The variable.
        variable: Variable,
        /// The least value.
        least: Term,
        /// The greatest value.
        greatest: Term,
    },
    /// The values of a variable before a condition.
    Among {
        /// The variable.
        variable: Variable,
        /// Some of them.
        values: ValueSample,
    },
    /// The languages of a variable's values.
    Languages {
        /// The variable.
        variable: Variable,
        /// The language tags; an empty one stands for values without a language.
        tags: Vec<String>,
    },
    /// A variable has values that are not comparable with a constant.
    OtherType {
        /// The variable.
        variable: Variable,
        /// One of its values.
        found: Term,
        /// The constant in the query.
        written: Term,
    },
    /// A variable has values of one kind in one element and of another kind in the other.
    OtherSide {
        /// The variable.
        variable: Variable,
        /// An example from the first element.
        one: Term,
        /// An example from the second element.
        other: Term,
    },
    /// The part would match outside its GRAPH.
    WithoutGraph(SolutionCount),
}

/// Looks for the reason why a query has no rows, or a count of zero.
///
/// # Arguments
/// `prefixes` are those that the query need not declare. `time` is the time limit.
///
/// # Errors
/// Fails if a part of the query cannot be evaluated.
pub fn diagnose(
    store: &Store,
    asked: &BoundQuery,
    prefixes: &Prefixes,
    time: Duration,
) -> Result<Diagnosis> {
    let words = QueryText::new(asked, prefixes);
    let probe = Probe::new(store, asked.query.dataset(), time);
    // The remaining time is used to find what would have matched.
    let search = PatternSearch::new(&probe, &words);
    search.diagnosis(&asked.query)
}
