//! The classes of an ontology, and the types of things.

use super::rules::above;
use crate::vocabulary::{owl, rdf, rdfs};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use rustc_hash::{FxHashMap, FxHashSet};

/// The classes to which everything belongs.
const OF_EVERYTHING: [NamedNodeRef<'static>; 2] = [owl::THING, rdfs::RESOURCE];

/// The classes that an ontology declares.
#[derive(Debug, Default)]
pub(crate) struct Classes {
    declared: FxHashSet<NamedNode>,
    wider: FxHashMap<NamedNode, Vec<NamedNode>>,
    /// The members of unions, by the union.
    unions: FxHashMap<NamedOrBlankNode, Vec<NamedNode>>,
}

/// The types of things, except that each is an individual.
#[derive(Debug, Default)]
pub(crate) struct Types {
    types: FxHashMap<NamedOrBlankNode, Vec<NamedNode>>,
}

impl Classes {
    pub(super) fn of<'a>(quads: impl Iterator<Item = &'a Quad> + Clone) -> Self {
        let mut classes = Self { unions: unions(quads.clone()), ..Self::default() };
        for quad in quads {
            let NamedOrBlankNode::NamedNode(class) = &quad.subject else { continue };
            match (quad.predicate.as_ref(), &quad.object) {
                (rdf::TYPE, Term::NamedNode(kind))
                    if [owl::CLASS, rdfs::CLASS].contains(&kind.as_ref()) =>
                {
                    classes.declared.insert(class.clone());
                }
                (rdfs::SUB_CLASS_OF, Term::NamedNode(wider)) => {
                    classes.declared.insert(class.clone());
                    classes.add(class, wider);
                }
                (owl::EQUIVALENT_CLASS, Term::NamedNode(other)) => {
                    classes.add(class, other);
                    classes.add(other, class);
                }
                (owl::EQUIVALENT_CLASS, union @ Term::BlankNode(_)) => {
                    for member in classes.alternatives(union) {
                        classes.add(&member, class);
                    }
                }
                (owl::UNION_OF, _) => {
                    for member in classes.unions.get(&quad.subject).cloned().unwrap_or_default() {
                        classes.add(&member, class);
                    }
                }
                _ => {}
            }
        }
        classes
    }

    fn add(&mut self, class: &NamedNode, wider: &NamedNode) {
        self.wider.entry(class.clone()).or_default().push(wider.clone());
    }

    /// Returns the classes or datatypes that a range or a domain is: one, or the members of a union. Returns none if
    /// everything belongs to it, or if it is another expression.
    pub(super) fn alternatives(&self, class: &Term) -> Vec<NamedNode> {
        let alternatives = match class {
            Term::NamedNode(class) => vec![class.clone()],
            Term::BlankNode(union) => {
                self.unions.get(&union.clone().into()).cloned().unwrap_or_default()
            }
            _ => Vec::new(),
        };
        if alternatives.iter().any(|class| OF_EVERYTHING.contains(&class.as_ref())) {
            return Vec::new();
        }
        alternatives
    }

    /// Returns whether there are classes and each is declared.
    pub(super) fn are_declared(&self, classes: &[NamedNode]) -> bool {
        !classes.is_empty() && classes.iter().all(|class| self.declared.contains(class))
    }

    /// Returns whether a class is one of several classes or a subclass of one.
    pub(super) fn is_below(&self, class: &NamedNode, classes: &[NamedNode]) -> bool {
        classes.contains(class)
            || above(class, &self.wider).into_iter().any(|class| classes.contains(class))
    }
}

impl Types {
    /// Reads the types of all subjects.
    pub(crate) fn of<'a>(quads: impl Iterator<Item = &'a Quad>) -> Self {
        let mut types = Self::default();
        for quad in quads.filter(|quad| quad.predicate.as_ref() == rdf::TYPE) {
            types.add(quad);
        }
        types
    }

    /// Adds the type that a statement with `rdf:type` gives its subject.
    pub(crate) fn add(&mut self, quad: &Quad) {
        let Term::NamedNode(class) = &quad.object else { return };
        let of_subject = self.types.entry(quad.subject.clone()).or_default();
        if class.as_ref() != owl::NAMED_INDIVIDUAL && !of_subject.contains(class) {
            of_subject.push(class.clone());
        }
    }

    /// Returns the types of a thing.
    pub(crate) fn of_thing(&self, thing: &NamedOrBlankNode) -> &[NamedNode] {
        self.types.get(thing).map_or(&[], Vec::as_slice)
    }
}

/// Returns the members of all lists of classes of which there is a union.
fn unions<'a>(
    quads: impl Iterator<Item = &'a Quad> + Clone,
) -> FxHashMap<NamedOrBlankNode, Vec<NamedNode>> {
    let mut firsts: FxHashMap<&NamedOrBlankNode, &Term> = FxHashMap::default();
    let mut rests: FxHashMap<&NamedOrBlankNode, &Term> = FxHashMap::default();
    let mut heads: Vec<(&NamedOrBlankNode, &Term)> = Vec::new();
    for quad in quads {
        match quad.predicate.as_ref() {
            rdf::FIRST => _ = firsts.insert(&quad.subject, &quad.object),
            rdf::REST => _ = rests.insert(&quad.subject, &quad.object),
            owl::UNION_OF => heads.push((&quad.subject, &quad.object)),
            _ => {}
        }
    }
    let members = |head: &Term| {
        let mut members = Vec::new();
        let mut cell = head.clone();
        // A list may be a circle.
        while let Term::BlankNode(node) = cell
            && members.len() <= firsts.len()
        {
            let node = NamedOrBlankNode::from(node);
            match firsts.get(&node) {
                Some(Term::NamedNode(class)) => members.push(class.clone()),
                // The members of an expression are not known.
                _ => return Vec::new(),
            }
            cell = rests.get(&node).map_or_else(|| rdf::NIL.into(), |rest| (*rest).clone());
        }
        members
    };
    heads.into_iter().map(|(union, head)| (union.clone(), members(head))).collect()
}
