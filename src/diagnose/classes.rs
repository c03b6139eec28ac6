//! Names that are used as classes but are not: which things they are, and which classes there are.

use super::nearest::occurrences;
use super::probe::iris;
use super::search::{PatternSearch, ends, triple};
use super::{Hint, Role};
use crate::algebra::in_graph;
use crate::diagnostic::Result;
use crate::vocabulary::{dos, is_of_ontology_language, owl, rdf, rdfs};
use oxigraph::model::NamedNode;
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, Variable};
use std::cmp::Reverse;

/// The most classes that are named in place of another one.
const FEW: usize = 4;

/// The most classes whose instances are counted to find the largest ones.
const MOST_COUNTED: usize = 50;

/// The most instances of a class that are counted.
const MOST_INSTANCES: usize = 1_000;

impl PatternSearch<'_> {
    /// Returns the classes of a thing or a property that is nowhere declared or used as a class. Returns `None` for
    /// every other name.
    pub(super) fn classes_of_thing(&self, iri: &NamedNode) -> Result<Option<Vec<NamedNode>>> {
        let (s, _, o) = ends();
        let types = triple(iri.clone(), rdf::TYPE.into_owned(), o.clone());
        let classes = iris(self.probe.values(&types, &o, FEW)?.terms);
        let is_class = |class: &NamedNode| [owl::CLASS, rdfs::CLASS].contains(&class.as_ref());
        if classes.is_empty() && self.has(&occurrences(iri, Role::Predicate))? == Some(true) {
            return Ok(Some(vec![rdf::PROPERTY.into_owned()]));
        }
        if classes.iter().any(is_class) {
            return Ok(None);
        }
        if classes.is_empty() && self.has(&linked(iri))? != Some(true) {
            return Ok(None);
        }
        let below = triple(iri.clone(), rdfs::SUB_CLASS_OF.into_owned(), o);
        let mut signs = vec![below, occurrences(iri, Role::Class)];
        for link in [rdfs::SUB_CLASS_OF, rdfs::DOMAIN, rdfs::RANGE] {
            signs.push(triple(s.clone(), link.into_owned(), iri.clone()));
        }
        for sign in signs {
            if self.has(&sign)? != Some(false) {
                return Ok(None);
            }
        }
        Ok(Some(classes))
    }

    /// Returns the hint for a thing that is used as a class.
    pub(super) fn thing_as_class(&self, iri: &NamedNode) -> Result<Option<Hint>> {
        let classes = self.classes_of_thing(iri)?;
        Ok(classes.map(|classes| Hint::NotAClass { iri: iri.clone(), classes }))
    }

    /// Returns the classes with the most instances, apart from those of evidence and of the languages for ontologies.
    pub(super) fn frequent_classes(&self) -> Result<Vec<NamedNode>> {
        let of_evidence = [dos::CLAIM, dos::OMISSION, dos::PASSAGE_CLASS];
        let mut classes = self.used_classes()?;
        classes.retain(|class| {
            !is_of_ontology_language(class.as_ref()) && !of_evidence.contains(&class.as_ref())
        });
        // Behind an endpoint, each count is a request.
        if !self.probe.asks_by_request() && classes.len() <= MOST_COUNTED {
            let mut counted = Vec::new();
            for class in classes {
                let instances = occurrences(&class, Role::Class);
                let count = self.probe.count(&instances, MOST_INSTANCES)?;
                counted.push((count.map_or(0, |count| count.number), class));
            }
            // The sort is stable, so that classes of one size stay in the order of their names.
            counted.sort_by_key(|(count, _)| Reverse(*count));
            classes = counted.into_iter().map(|(_, class)| class).collect();
        }
        classes.truncate(FEW);
        Ok(classes)
    }
}

/// Returns the pattern of claims in which a name is the value of a property.
fn linked(iri: &NamedNode) -> GraphPattern {
    let (s, p, _) = ends();
    let graph = NamedNodePattern::from(Variable::new_unchecked("any_g"));
    in_graph(triple(s, p, iri.clone()), Some(&graph))
}
