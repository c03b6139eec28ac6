//! Why a query has no rows, and what in it is likely to be a mistake.
//!
//! [`diagnose`] looks for the smallest part of a query that has no match: it asks the store about parts of the pattern,
//! by themselves and together, and about what would have matched. It only asks queries, so that it works on whatever
//! answers them, and it stops when its time is over. Behind an endpoint each question is a request: between 5 and 15 of
//! them for the usual mistakes, and never more than the time suffices for. [`warnings()`] ask an endpoint for nothing.

mod causes;
mod conflicts;
mod filters;
mod hints;
mod json;
mod nearest;
mod outline;
mod probe;
mod products;
mod query_text;
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
pub(crate) use warnings::{ComparedWith, Incomparable, WithoutComponent, clashes};
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

/// How long a diagnosis may take, if nothing else is said.
pub const TIME: Duration = Duration::from_secs(1);

/// Why a query has no rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The parts that have no match. Each of them is enough; of a UNION each side has its own.
    pub causes: Vec<Cause>,
    /// Whether the time was enough. If not, there may be no cause, or its part may not be the smallest.
    pub is_complete: bool,
}

/// A part of a query that has no match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// In which way it has none.
    pub reason: Mismatch,
    /// The smallest part that has no match.
    pub part: QueryPart,
    /// The element of it that is the last straw: a FILTER, the last of some triples, or the part itself.
    pub element: QueryPart,
    /// A part that still has matches, and how many.
    pub matched: Option<(QueryPart, SolutionCount)>,
    /// What would have matched, and what is there instead.
    pub hints: Vec<Hint>,
}

/// Why a part of a query has no match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// Nothing matches it.
    NoMatch,
    /// Its elements match, and never together. With the variables that they share.
    NeverTogether(Vec<Variable>),
    /// A condition holds for none of the solutions before it.
    Filter,
    /// A MINUS takes all solutions away.
    Minus,
    /// A HAVING holds for no group.
    Having,
    /// LIMIT 0.
    NoLimit,
    /// OFFSET is behind the last solution.
    Offset,
    /// There are no triples at all.
    NoData,
    /// A graph that is named is not there, or there are no named graphs.
    NoGraph,
    /// VALUES has no row.
    NoValues,
}

impl Mismatch {
    /// The name, for programs.
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

/// What a name is in a query.
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
    /// The name, in words.
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
    /// A few letters.
    Spelling,
}

impl Difference {
    /// The name, in words.
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
    /// The flags of a REGEX or REPLACE are invalid: the condition is an error for every solution.
    RegexFlags {
        /// The flags.
        flags: String,
    },
    /// The pattern of a REGEX or REPLACE is invalid.
    RegexPattern {
        /// The pattern.
        pattern: String,
    },
    /// A function for text is applied to values that are not text, so that the condition is an error.
    NotText {
        /// The function.
        function: String,
        /// The variable.
        variable: Variable,
        /// One of its values.
        found: Term,
    },
    /// A name occurs nowhere.
    Unknown {
        /// The name.
        iri: NamedNode,
        /// What it is in the query.
        role: Role,
        /// Whether the ontology declares it, or anything else is said of it.
        is_described: bool,
        /// The nearest one that occurs, and how it differs.
        instead: Option<(NamedNode, Difference)>,
    },
    /// Nothing has a class or property itself, but its subclasses or sub-properties are used.
    Narrower {
        /// The class or property.
        iri: NamedNode,
        /// Which of the two it is.
        role: Role,
        /// Those below it that occur.
        narrower: Vec<NamedNode>,
    },
    /// A term would match in the place of another one that is nearly the same.
    Instead {
        /// The term in the query.
        written: Term,
        /// The one that would match.
        instead: Term,
        /// How it differs.
        difference: Difference,
    },
    /// What would match in the place of a term.
    Others {
        /// The term in the query.
        written: Term,
        /// Some of those that would.
        values: ValueSample,
    },
    /// A triple would match the other way round.
    Reversed {
        /// The triple, turned round.
        part: QueryPart,
        /// How many matches the whole part then has.
        count: SolutionCount,
    },
    /// What the values of a variable are before a condition: all between two.
    Between {
        /// The variable.
        variable: Variable,
        /// The least value.
        least: Term,
        /// The greatest value.
        greatest: Term,
    },
    /// What the values of a variable are before a condition.
    Among {
        /// The variable.
        variable: Variable,
        /// Some of them.
        values: ValueSample,
    },
    /// In which languages the values of a variable are.
    Languages {
        /// The variable.
        variable: Variable,
        /// The tags; an empty one is for values without.
        tags: Vec<String>,
    },
    /// A variable has values that a constant is never compared with.
    OtherType {
        /// The variable.
        variable: Variable,
        /// One of its values.
        found: Term,
        /// The constant in the query.
        written: Term,
    },
    /// A variable has values of one kind in one element and of another one in the other.
    OtherSide {
        /// The variable.
        variable: Variable,
        /// An example of the one.
        one: Term,
        /// An example of the other.
        other: Term,
    },
    /// The part would match outside of its GRAPH.
    WithoutGraph(SolutionCount),
}

/// Looks for the reason why a query has no rows, or a count of zero.
///
/// # Arguments
/// `prefixes` are those that the query need not declare; `time` is how long to look.
///
/// # Errors
/// If a part of the query cannot be evaluated.
pub fn diagnose(
    store: &Store,
    asked: &BoundQuery,
    prefixes: &Prefixes,
    time: Duration,
) -> Result<Diagnosis> {
    let words = QueryText::new(asked, prefixes);
    let probe = Probe::new(store, asked.query.dataset(), time);
    // What would have matched is looked for in the time that is left.
    let search = PatternSearch::new(&probe, &words);
    search.diagnosis(&asked.query)
}
