//! The classes that saved queries name for the values of their parameters.

use super::files::Files;
use super::suggestions::Suggestions;
use crate::catalogue::SavedQuery;
use crate::diagnostic::{Diagnostic, Excerpt, error};
use crate::vocabulary::rdf;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::collections::BTreeSet;

/// Returns the finding for a parameter whose class is neither declared nor used.
pub(super) fn check(files: &Files<'_>, query: &SavedQuery) -> Option<Diagnostic> {
    let named = |class: &NamedNode| {
        files.ontology_quads().any(|quad| quad.subject == NamedOrBlankNode::from(class.clone()))
    };
    let unknown = query.parameters.iter().find_map(|parameter| {
        let class = parameter.class.as_ref()?;
        (!named(class) && !used(files).contains(class)).then_some((parameter, class))
    });
    let (parameter, class) = unknown?;
    let name = &parameter.declaration.name;
    let declared = files.ontology_quads().filter_map(|quad| match &quad.subject {
        NamedOrBlankNode::NamedNode(term) => Some(term),
        NamedOrBlankNode::BlankNode(_) => None,
    });
    let shown = files.prefixes.show(class);
    let names = declared.chain(used(files)).map(|term| files.prefixes.show(term));
    let near = Suggestions::new(names);
    let written = query.front_matter.params.get(name)?.class.as_deref().unwrap_or_default();
    let start = query.text.find(written).unwrap_or_default();
    Some(
        error!(
            "undeclared-term",
            "the class `{shown}` of the parameter `{name}` is neither declared nor used"
        )
        .at(Excerpt::new(&query.path, &query.text, start..start + written.len()))
        .suggest(near.near(&shown), || {
            format!("correct it, or declare the class in `ontology/`: `{shown} a owl:Class ; rdfs:label \"…\"@en .`")
        }),
    )
}

/// Returns the classes of the things in the data.
fn used<'f>(files: &'f Files<'_>) -> BTreeSet<&'f NamedNode> {
    let types = files.data_quads().filter(|quad| quad.predicate == rdf::TYPE);
    let classes = types.filter_map(|quad| match &quad.object {
        Term::NamedNode(class) => Some(class),
        _ => None,
    });
    classes.collect()
}
