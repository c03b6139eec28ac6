//! Citations: what a row of an answer rests on.

use super::absence::Absence;
use oxigraph::model::{NamedNode, Triple};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// What a row rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Citation {
    /// The alternative ways to obtain the row, the smallest first. No derivation includes all requirements of another
    /// one.
    pub derivations: Vec<Derivation>,
    /// Whether there may be more derivations.
    pub has_more: bool,
    /// How certain the citation is.
    pub status: Status,
}

/// One way to obtain a row, which needs all of its triples.
#[derive(Debug, Clone, PartialEq)]
pub struct Derivation {
    /// The triples, each once.
    pub triples: Vec<CitedTriple>,
    /// What must be absent.
    pub absences: Vec<Absence>,
}

/// A triple that a derivation needs, and the graphs that state it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CitedTriple {
    /// The triple. Rows that rest on the same step of a path share it.
    pub triple: Arc<Triple>,
    /// The named graphs that state it, any one of which is enough. Empty for background.
    pub graphs: Arc<[NamedNode]>,
    /// Whether the triple is stated only by graphs whose names are blank nodes, which cannot be cited.
    pub is_nameless: bool,
}

impl CitedTriple {
    /// Creates a triple of the named graph of a GRAPH.
    pub(super) fn of_graph(triple: Arc<Triple>, graph: NamedNode) -> Self {
        Self { triple, graphs: [graph].into(), is_nameless: false }
    }

    /// Returns whether it is outside all named graphs.
    fn is_background(&self) -> bool {
        self.graphs.is_empty() && !self.is_nameless
    }
}

/// How certain a citation is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Status {
    /// The query returns the row on the cited triples alone.
    Verified,
    /// It was not shown that the query does so.
    Unverified(Reason),
    /// The citation covers only a part of what the row rests on.
    Partial(Reason),
    /// Only background supports the row.
    Background,
    /// Nothing supports the row, or it cannot be traced.
    Uncited(Reason),
}

/// Why a citation is less than verified.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Verification was switched off.
    NotAsked,
    /// The query does not return the row on the cited triples alone.
    NotReproduced,
    /// A group has more members than are examined.
    LargeGroup {
        /// The number of examined members.
        rows: usize,
        /// The number of cited members: one for each value if only the values matter.
        cited: usize,
    },
    /// The path has more steps than are cited. The field is the number of cited steps.
    LongPath(usize),
    /// The path was not found within bounds.
    LostPath,
    /// The query uses a function that is not deterministic.
    Changing(&'static str),
    /// The query uses another endpoint.
    Service,
    /// A part of what it rests on is stated only by graphs whose names are blank nodes.
    NamelessGraph,
    /// It rests on a blank node behind an endpoint, which cannot be looked up.
    BlankNode,
    /// No way to obtain the row was found.
    NotTraced,
    /// The row follows from the query alone.
    NothingNeeded,
}

impl Citation {
    /// Creates a citation without derivations, with the reason.
    pub(super) const fn uncited(reason: Reason) -> Self {
        Self { derivations: Vec::new(), has_more: false, status: Status::Uncited(reason) }
    }
}

impl Status {
    /// Returns the name of the status.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unverified(_) => "unverified",
            Self::Partial(_) => "partial",
            Self::Background => "background",
            Self::Uncited(_) => "uncited",
        }
    }

    /// Returns why the citation is less than verified, or `None` if it is verified or background.
    pub const fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Verified | Self::Background => None,
            Self::Unverified(reason) | Self::Partial(reason) | Self::Uncited(reason) => {
                Some(reason)
            }
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAsked => f.write_str("not checked"),
            Self::NotReproduced => {
                f.write_str("the query does not return it from the cited claims alone")
            }
            Self::LargeGroup { rows, cited } => {
                let are = if *cited == 1 { "is" } else { "are" };
                write!(f, "it combines more than {rows} rows; {cited} of them {are} cited")
            }
            Self::LongPath(most) => {
                write!(f, "a path has more than {most} steps; the first {most} of them are cited")
            }
            Self::LostPath => f.write_str("a path leads to too many nodes to follow"),
            Self::Changing(function) => {
                write!(f, "the query uses {function}, which returns a different value each time")
            }
            Self::Service => f.write_str("the query uses another endpoint"),
            Self::BlankNode => {
                f.write_str("it rests on a blank node, which an endpoint cannot look up")
            }
            Self::NamelessGraph => {
                f.write_str("it rests on a graph whose name is a blank node, which cannot be cited")
            }
            Self::NotTraced => f.write_str("the data that it rests on was not found"),
            Self::NothingNeeded => f.write_str("it follows from the query alone"),
        }
    }
}

impl Derivation {
    /// Returns the claims that have to be there, in the shortest form: for each factor, any one of its graphs. Omits
    /// factors that follow from another one, and background.
    pub fn factors(&self) -> Vec<&[NamedNode]> {
        let mut factors: Vec<&[NamedNode]> = self
            .triples
            .iter()
            .map(|cited| cited.graphs.as_ref())
            .filter(|graphs| !graphs.is_empty())
            .collect();
        factors.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        factors.dedup();
        let mut least: Vec<&[NamedNode]> = Vec::with_capacity(factors.len());
        // Most claims state one triple, so only a factor with several graphs can be implied by another factor.
        for factor in factors {
            let is_implied = factor.len() > 1
                && least.iter().any(|other| other.iter().all(|graph| factor.contains(graph)));
            if !is_implied {
                least.push(factor);
            }
        }
        least
    }

    /// Returns all cited graphs, sorted.
    pub fn graphs(&self) -> BTreeSet<&NamedNode> {
        self.triples.iter().flat_map(|cited| cited.graphs.iter()).collect()
    }

    /// Creates a derivation of one triple.
    pub(super) fn of(cited: CitedTriple) -> Self {
        Self { triples: vec![cited], absences: Vec::new() }
    }

    /// Returns the part that cannot be cited, or `None` if there is none.
    pub(super) fn gap(&self) -> Option<Reason> {
        self.triples.iter().any(|cited| cited.is_nameless).then_some(Reason::NamelessGraph)
    }

    /// Returns whether only background supports it.
    pub fn is_background(&self) -> bool {
        self.triples.iter().all(CitedTriple::is_background)
    }

    /// Returns whether it needs everything that another derivation needs.
    fn needs_all_of(&self, other: &Self) -> bool {
        let mine = self.factors();
        let implies = |theirs: &&[NamedNode]| {
            mine.iter().any(|factor| factor.iter().all(|graph| theirs.contains(graph)))
        };
        other.factors().iter().all(implies)
            && other.absences.iter().all(|absence| self.absences.contains(absence))
    }
}

/// Removes derivations that include another one, and sorts the rest, the smallest first.
pub(super) fn absorb(mut derivations: Vec<Derivation>) -> Vec<Derivation> {
    if derivations.len() < 2 {
        return derivations;
    }
    derivations.sort_by_cached_key(|derivation| {
        let graphs: Vec<String> =
            derivation.graphs().into_iter().map(|graph| graph.as_str().to_owned()).collect();
        let size = derivation.factors().len();
        (size, derivation.absences.len(), derivation.triples.len(), graphs)
    });
    let is_absorbed = |i: usize| {
        let needs = |j: usize| derivations[i].needs_all_of(&derivations[j]);
        // Of two equal derivations the first one stays.
        (0..derivations.len())
            .any(|j| j != i && needs(j) && (j < i || !derivations[j].needs_all_of(&derivations[i])))
    };
    let absorbed: Vec<bool> = (0..derivations.len()).map(is_absorbed).collect();
    let mut absorbed = absorbed.into_iter();
    derivations.retain(|_| !absorbed.next().unwrap_or_default());
    derivations
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::Literal;

    /// Creates a derivation of triples, each given as the letters of its stating graphs.
    fn derivation(triples: &[&str]) -> Derivation {
        let iri = |name: &str| NamedNode::new_unchecked(format!("x:{name}"));
        let cited = triples.iter().enumerate().map(|(i, graphs)| CitedTriple {
            triple: Triple::new(iri("s"), iri("p"), Literal::from(i as u64)).into(),
            graphs: graphs.chars().map(|c| iri(&c.to_string())).collect(),
            is_nameless: false,
        });
        Derivation { triples: cited.collect(), absences: Vec::new() }
    }

    fn factors(triples: &[&str]) -> String {
        let derivation = derivation(triples);
        let factors: Vec<String> = derivation
            .factors()
            .iter()
            .map(|graphs| graphs.iter().map(|graph| &graph.as_str()[2..]).collect())
            .collect();
        factors.join("+")
    }

    #[test]
    fn factors_are_as_few_as_possible() {
        assert_eq!(factors(&["a", "b"]), "a+b");
        assert_eq!(factors(&["b", "a", "b"]), "a+b");
        assert_eq!(factors(&["ab", "a"]), "a");
        assert_eq!(factors(&["ab", "bc"]), "ab+bc");
        assert_eq!(factors(&["abc", "ab", "d"]), "d+ab");
        assert_eq!(factors(&["", "a"]), "a");
        assert_eq!(factors(&[""]), "");
    }

    #[test]
    fn what_needs_more_than_another_is_absorbed() {
        let kept = |derivations: &[&[&str]]| {
            let derivations = derivations.iter().map(|triples| derivation(triples)).collect();
            let kept = absorb(derivations);
            let names: Vec<String> = kept
                .iter()
                .map(|d| d.graphs().iter().map(|graph| &graph.as_str()[2..]).collect())
                .collect();
            names.join(" ")
        };
        assert_eq!(kept(&[&["a", "b"], &["a"]]), "a");
        assert_eq!(kept(&[&["b"], &["a"]]), "a b");
        assert_eq!(kept(&[&["a"], &["ab"]]), "ab");
        assert_eq!(kept(&[&["a", "b"], &["a", "c"]]), "ab ac");
        assert_eq!(kept(&[&["a"], &[""]]), "");
        assert_eq!(kept(&[&["a", "ab"], &["", "ab", ""]]), "ab");
    }
}
