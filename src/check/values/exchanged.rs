//! Properties of which every statement is the wrong way round, so that the ontology is what is wrong.

use super::super::files::QuadFile;
use crate::diagnostic::{Diagnostic, error};
use crate::vocabulary::{Prefixes, rdfs};
use oxigraph::model::{NamedNode, NamedNodeRef, Quad, Term};

/// The fewest statements that say more than the ontology.
const FEWEST: usize = 2;

/// Returns the finding for a property of which some statements are the wrong way round, if these are all.
pub(super) fn finding(
    prefixes: &Prefixes,
    files: &[&QuadFile],
    property: &NamedNode,
    turned: usize,
) -> Option<Diagnostic> {
    let quads = files.iter().flat_map(|file| &file.quads);
    if turned < FEWEST || quads.clone().filter(|quad| quad.predicate == *property).count() > turned
    {
        return None;
    }
    let is = |quad: &Quad, kind: NamedNodeRef<'_>| {
        quad.subject == property.clone().into() && quad.predicate == kind
    };
    let only = |kind: NamedNodeRef<'_>| {
        let mut classes = quads.clone().filter(|quad| is(quad, kind)).map(|quad| &quad.object);
        classes.next().filter(|_| classes.next().is_none())
    };
    let (domain, range) = (only(rdfs::DOMAIN)?, only(rdfs::RANGE)?);
    let place = files.iter().find_map(|file| {
        let quad = file.quads.iter().find(|quad| is(quad, rdfs::DOMAIN))?;
        file.statements(std::iter::once(quad)).get(quad).map(|place| place.predicate.clone())
    });
    let show = |class: &Term| prefixes.show_term(class);
    Some(
        error!(
            "value-class",
            "the domain and the range of `{}` are the wrong way round",
            prefixes.show(property)
        )
        .at(place)
        .note(format!(
            "all of its {turned} statements go from `{}` to `{}`",
            show(range),
            show(domain)
        ))
        .help(format!("write `rdfs:domain {} ; rdfs:range {}`", show(range), show(domain))),
    )
}
