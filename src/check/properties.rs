//! Properties whose kind and range contradict each other.

use super::files::Files;
use crate::diagnostic::Diagnostic;
use crate::vocabulary::{is_xsd_datatype, owl, rdf, rdfs, xsd_name};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Quad, Term};
use rustc_hash::FxHashSet;

/// Reports properties whose values are things although their range is a datatype, and the other way round.
pub(super) fn check(files: &Files<'_>, findings: &mut Vec<Diagnostic>) {
    let of_type = |class| -> FxHashSet<&NamedNode> {
        let quads = files.all().flat_map(|file| &file.quads);
        let is_class = |quad: &Quad| {
            quad.predicate.as_ref() == rdf::TYPE
                && matches!(&quad.object, Term::NamedNode(known) if known.as_ref() == class)
        };
        let subjects = quads.filter(|quad| is_class(quad)).filter_map(|quad| match &quad.subject {
            NamedOrBlankNode::NamedNode(subject) => Some(subject),
            NamedOrBlankNode::BlankNode(_) => None,
        });
        subjects.collect()
    };
    let (of_things, of_literals) = (of_type(owl::OBJECT_PROPERTY), of_type(owl::DATATYPE_PROPERTY));
    let classes = of_type(owl::CLASS);
    for file in files.all() {
        let wrong: Vec<(&Quad, &NamedNode, &NamedNode, bool)> = file
            .quads
            .iter()
            .filter_map(|quad| {
                let (NamedOrBlankNode::NamedNode(property), Term::NamedNode(range)) =
                    (&quad.subject, &quad.object)
                else {
                    return None;
                };
                let is_datatype = xsd_name(range.as_ref()).is_some_and(is_xsd_datatype);
                let is_wrong = match (of_things.contains(property), of_literals.contains(property))
                {
                    (true, false) => is_datatype,
                    (false, true) => classes.contains(range),
                    _ => false,
                };
                (quad.predicate.as_ref() == rdfs::RANGE && is_wrong).then_some((
                    quad,
                    property,
                    range,
                    is_datatype,
                ))
            })
            .collect();
        let places = file.statements(wrong.iter().map(|(quad, ..)| *quad));
        for (quad, property, range, is_datatype) in wrong {
            let (kind, what, right) = if is_datatype {
                ("owl:ObjectProperty", "datatype", "owl:DatatypeProperty")
            } else {
                ("owl:DatatypeProperty", "class", "owl:ObjectProperty")
            };
            let (property_name, range) = (files.show(property), files.show(range));
            let message =
                format!("{property_name} is an `{kind}`, but its range {range} is a {what}");
            findings.push(
                Diagnostic::warning("property-kind", message)
                    .at(places.get(quad).map(|place| place.object.clone()))
                    .about(property)
                    .help(format!("declare it as an `{right}`, or correct the range")),
            );
        }
    }
}
