//! Different things of one class with the same preferred label, which are perhaps one thing.

use super::files::Files;
use crate::diagnostic::Diagnostic;
use crate::vocabulary::{owl, rdf, rdfs, skos};
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use rustc_hash::{FxHashMap, FxHashSet};

/// The properties of a preferred label, the most preferred one first.
const PREFERRED: [NamedNodeRef<'static>; 2] = [skos::PREF_LABEL, rdfs::LABEL];

/// The classes, schemes and labels of things, by which they can be mistaken for each other.
#[derive(Default)]
struct Things<'a> {
    classes: FxHashMap<&'a NamedNode, Vec<&'a NamedNode>>,
    schemes: FxHashMap<&'a NamedNode, Vec<&'a NamedNode>>,
    /// The pairs that are declared to be one thing, or two.
    told: FxHashSet<(&'a NamedNode, &'a NamedNode)>,
    /// Each label as the statement that gives it.
    labels: FxHashMap<&'a NamedNode, Vec<(&'a Quad, &'a Literal)>>,
    /// The things in the order of their first labels.
    in_order: Vec<&'a NamedNode>,
}

impl<'a> Things<'a> {
    fn of(quads: impl Iterator<Item = &'a Quad>) -> Self {
        let mut things = Self::default();
        for quad in quads {
            let NamedOrBlankNode::NamedNode(thing) = &quad.subject else { continue };
            match (quad.predicate.as_ref(), &quad.object) {
                (rdf::TYPE, Term::NamedNode(class)) => {
                    things.classes.entry(thing).or_default().push(class);
                }
                (skos::IN_SCHEME, Term::NamedNode(scheme)) => {
                    things.schemes.entry(thing).or_default().push(scheme);
                }
                (owl::SAME_AS | owl::DIFFERENT_FROM, Term::NamedNode(other)) => {
                    things.told.extend([(thing, other), (other, thing)]);
                }
                (property, Term::Literal(label)) if PREFERRED.contains(&property) => {
                    let labels = things.labels.entry(thing).or_insert_with(|| {
                        things.in_order.push(thing);
                        Vec::new()
                    });
                    labels.push((quad, label));
                }
                _ => {}
            }
        }
        for labels in things.labels.values_mut() {
            let best = PREFERRED.into_iter().find(|property| {
                labels.iter().any(|(quad, _)| quad.predicate.as_ref() == *property)
            });
            labels.retain(|(quad, _)| Some(quad.predicate.as_ref()) == best);
        }
        things
    }

    /// Returns whether two things of one class and one label may be one thing: nothing tells them apart.
    fn may_be_one(&self, one: &NamedNode, other: &NamedNode) -> bool {
        let schemes = |thing| self.schemes.get(thing).map_or(&[][..], Vec::as_slice);
        let (of_one, of_other) = (schemes(one), schemes(other));
        let share_scheme = of_one.iter().any(|scheme| of_other.contains(scheme));
        one != other
            && !self.told.contains(&(one, other))
            && (share_scheme || of_one.is_empty() || of_other.is_empty())
    }
}

pub(super) fn check(files: &Files<'_>, findings: &mut Vec<Diagnostic>) {
    let things = Things::of(files.data_quads());
    let mut known: FxHashMap<(&NamedNode, &Literal), &NamedNode> = FxHashMap::default();
    let mut told: FxHashSet<(&NamedNode, &NamedNode)> = FxHashSet::default();
    for thing in &things.in_order {
        let labels = things.labels.get(thing).into_iter().flatten();
        let classes = things.classes.get(thing).map_or(&[][..], Vec::as_slice);
        for (quad, label) in labels {
            for class in classes {
                let first = *known.entry((*class, *label)).or_insert(*thing);
                if things.may_be_one(first, thing) && told.insert((first, *thing)) {
                    findings.push(finding(files, first, quad, class));
                }
            }
        }
    }
}

fn finding(files: &Files<'_>, first: &NamedNode, label: &Quad, class: &NamedNode) -> Diagnostic {
    let NamedOrBlankNode::NamedNode(thing) = &label.subject else {
        return Diagnostic::new(String::new());
    };
    let message = format!(
        "{} and {} are both a {} with the label `{}`",
        files.show(first),
        files.show(thing),
        files.show(class),
        files.prefixes.show_term(&label.object)
    );
    let place = files
        .data
        .iter()
        .find_map(|file| Some(file.statements(std::iter::once(label)).get(label)?.object.clone()));
    Diagnostic::warning("label-repeated", message).at(place).about(thing).help(format!(
        "if they are the same thing, use one IRI; otherwise change a label, or write `{} owl:differentFrom {} .`",
        files.prefixes.show(first),
        files.prefixes.show(thing)
    ))
}
