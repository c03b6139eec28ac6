//! Things and properties that are used as classes.

use super::files::Files;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::vocabulary::{dos, is_of_ontology_language, owl, rdf, rdfs};
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Reports statements such as `tea:x a tea:Ada`, in which the class is a thing. Returns those things.
pub(super) fn check(files: &Files<'_>, findings: &mut Vec<Diagnostic>) -> HashSet<NamedNode> {
    let things = Things::of(files);
    let mut reported = HashSet::new();
    for file in files.all() {
        let wrong: Vec<(&Quad, &NamedNode, &BTreeSet<&NamedNode>)> = file
            .quads
            .iter()
            .filter_map(|quad| {
                let class = class_of(quad)?;
                Some((quad, class, things.classes_of(class)?))
            })
            .collect();
        let places = file.statements(wrong.iter().map(|(quad, _, _)| *quad));
        for (quad, thing, classes) in wrong {
            reported.insert(thing.clone());
            let place = places.get(quad).map(|place| place.object.clone());
            findings.push(finding(files, quad, thing, classes).at(place));
        }
    }
    reported
}

/// The described things, and the classes that are declared or used.
struct Things<'a> {
    types: BTreeMap<&'a NamedNode, BTreeSet<&'a NamedNode>>,
    classes: HashSet<&'a NamedNode>,
    /// What claims state something about, which is a thing even without a type.
    stated: HashSet<&'a NamedNode>,
}

/// The classes of a thing without a type.
static NONE: BTreeSet<&NamedNode> = BTreeSet::new();

impl<'a> Things<'a> {
    fn of(files: &'a Files<'_>) -> Self {
        let mut things =
            Self { types: BTreeMap::new(), classes: HashSet::new(), stated: HashSet::new() };
        for quad in files.all().flat_map(|file| &file.quads) {
            let subject = match &quad.subject {
                NamedOrBlankNode::NamedNode(subject) => Some(subject),
                NamedOrBlankNode::BlankNode(_) => None,
            };
            let Term::NamedNode(object) = &quad.object else { continue };
            match (quad.predicate.as_ref(), subject) {
                (rdf::TYPE, Some(subject)) => {
                    if [owl::CLASS, rdfs::CLASS].contains(&object.as_ref()) {
                        things.classes.insert(subject);
                    }
                    things.types.entry(subject).or_default().insert(object);
                }
                (rdfs::SUB_CLASS_OF | owl::EQUIVALENT_CLASS, subject) => {
                    things.classes.extend(subject.into_iter().chain([object]));
                }
                (rdfs::DOMAIN | rdfs::RANGE, _) => _ = things.classes.insert(object),
                (property, subject) => {
                    let is_link = !is_of_ontology_language(property) && property != dos::OPEN_LIST;
                    if quad.graph_name != GraphName::DefaultGraph && is_link {
                        things.stated.extend(subject.into_iter().chain([object]));
                    }
                }
            }
        }
        things
    }

    /// Returns the classes of a thing that is not a class itself, or `None` for everything else. A class is often
    /// written without a declaration, but then it has no class of its own.
    fn classes_of(&self, name: &NamedNode) -> Option<&BTreeSet<&'a NamedNode>> {
        if self.classes.contains(name) || is_of_ontology_language(name.as_ref()) {
            return None;
        }
        self.types.get(name).or_else(|| self.stated.contains(name).then_some(&NONE))
    }
}

/// Returns the class in a statement about the type of something.
fn class_of(quad: &Quad) -> Option<&NamedNode> {
    match &quad.object {
        Term::NamedNode(class) if quad.predicate.as_ref() == rdf::TYPE => Some(class),
        _ => None,
    }
}

fn finding(
    files: &Files<'_>,
    quad: &Quad,
    thing: &NamedNode,
    classes: &BTreeSet<&NamedNode>,
) -> Diagnostic {
    let shown = files.show(thing);
    let subject = files.prefixes.show_term(&quad.subject.clone().into());
    let property = classes.iter().find(|class| class.as_str().ends_with("Property"));
    let in_other_case = files.all().flat_map(|file| &file.quads).find_map(|quad| {
        let NamedOrBlankNode::NamedNode(class) = &quad.subject else { return None };
        let is_class = quad.predicate == rdf::TYPE
            && [owl::CLASS, rdfs::CLASS].map(Term::from).contains(&quad.object);
        (is_class && class.as_str().eq_ignore_ascii_case(thing.as_str())).then_some(class)
    });
    let (message, help) = match (property, classes.first()) {
        (Some(_), _) => (
            format!("{shown} is a property, not a class"),
            format!(
                "write a class after `a`, or give the property a value: `{subject} {} …`",
                files.prefixes.show(thing)
            ),
        ),
        (None, Some(class)) => {
            let class = files.prefixes.show(class);
            (
                format!("{shown} is a thing (a `{class}`), not a class"),
                format!(
                    "if `{subject}` is of the same class, write `{subject} a {class}`; if the two are related, write a property instead of `a`"
                ),
            )
        }
        (None, None) => (
            format!("{shown} is a thing, not a class"),
            "write a class after `a`; if the two are related, write a property instead of `a`"
                .to_owned(),
        ),
    };
    let help = in_other_case.map_or(help, |class| did_you_mean(files.prefixes.show(class)));
    let finding = Diagnostic::error("class-is-thing", message).help(help);
    match &quad.subject {
        NamedOrBlankNode::NamedNode(subject) => finding.about(subject),
        NamedOrBlankNode::BlankNode(_) => finding,
    }
}
