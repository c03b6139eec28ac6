//! Names for people: a label, a CURIE, or the IRI.

use crate::printable::printable;
use crate::vocabulary::{Labels, Prefixes, in_parts};
use oxigraph::model::{Literal, NamedNode, Term};
use oxigraph::sparql::{QuerySolution, Variable};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How IRIs are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Terms {
    /// By label, followed by the CURIE if another resource has the same label; by CURIE if there is no label.
    #[default]
    Label,
    /// By CURIE.
    Curie,
    /// In full.
    Iri,
}

/// How terms are written for people. A literal is shown as its text, whatever its datatype. If the same text occurs in
/// several languages, the language tag is added.
#[derive(Debug, Clone, Copy)]
pub struct Naming<'a> {
    /// How IRIs are shown.
    pub terms: Terms,
    /// The prefixes of CURIEs.
    pub prefixes: &'a Prefixes,
    /// The labels.
    pub labels: &'a Labels,
}

impl<'a> Naming<'a> {
    /// Returns the names of all IRIs of an answer, made unique.
    pub(crate) fn names<'t>(&self, terms: impl Iterator<Item = &'t Term>) -> IriNames<'a> {
        let mut owners: HashMap<&str, HashSet<&NamedNode>> = HashMap::new();
        let mut languages: HashMap<&str, &str> = HashMap::new();
        let mut multilingual = HashSet::new();
        for term in terms {
            match term {
                Term::NamedNode(iri) if self.terms == Terms::Label => {
                    if let Some(label) = self.labels.get(iri) {
                        owners.entry(label).or_default().insert(iri);
                    }
                }
                Term::Literal(literal) => {
                    if let Some(language) = literal.language()
                        && *languages.entry(literal.value()).or_insert(language) != language
                    {
                        multilingual.insert(literal.value().to_owned());
                    }
                }
                _ => {}
            }
        }
        let ambiguous = owners
            .into_iter()
            .filter(|(_, iris)| iris.len() > 1)
            .map(|(label, _)| label.to_owned());
        IriNames { naming: *self, ambiguous: ambiguous.collect(), multilingual }
    }

    /// Returns solutions whose IRIs are replaced by names, for formats that do not distinguish kinds of terms.
    pub fn named(&self, solutions: &[&QuerySolution]) -> Vec<QuerySolution> {
        let names =
            self.names(solutions.iter().flat_map(|solution| solution.values().iter().flatten()));
        let named = |term: &Term| match term {
            Term::NamedNode(_) => Literal::from(names.name(term)).into(),
            term => term.clone(),
        };
        let of = |solution: &&QuerySolution| -> QuerySolution {
            let values = solution.values().iter().map(|value| value.as_ref().map(named));
            let variables: Arc<[Variable]> = solution.variables().into();
            (variables, values.collect::<Vec<_>>()).into()
        };
        solutions.iter().map(of).collect()
    }
}

/// The names of the IRIs of one answer.
pub(crate) struct IriNames<'a> {
    naming: Naming<'a>,
    ambiguous: HashSet<String>,
    /// The texts that occur in several languages.
    multilingual: HashSet<String>,
}

impl IriNames<'_> {
    pub(crate) fn name(&self, term: &Term) -> String {
        match term {
            Term::NamedNode(iri) => self.iri(iri),
            Term::Literal(literal) => match literal.language() {
                Some(language) if self.multilingual.contains(literal.value()) => {
                    format!("{} (@{language})", printable(literal.value()))
                }
                _ => printable(literal.value()).into_owned(),
            },
            term => in_parts(term, |part| self.name(part)),
        }
    }

    fn iri(&self, iri: &NamedNode) -> String {
        let curie = || match self.naming.terms {
            Terms::Iri => iri.as_str().to_owned(),
            _ => self
                .naming
                .prefixes
                .shorten(iri.as_str())
                .unwrap_or_else(|| iri.as_str().to_owned()),
        };
        let curie = || printable(&curie()).into_owned();
        match (self.naming.terms, self.naming.labels.get(iri)) {
            (Terms::Label, Some(label)) if self.ambiguous.contains(label) => {
                format!("{} ({})", printable(label), curie())
            }
            (Terms::Label, Some(label)) => printable(label).into_owned(),
            _ => curie(),
        }
    }
}
