//! What was found as rows, which all formats of results can hold.

use super::hit::{Hit, HitPlace, HitTarget};
use crate::answer::Row;
use oxigraph::model::{Literal, Term};
use oxigraph::sparql::{QuerySolution, Variable};
use std::sync::Arc;

/// The length of the texts that people are shown, in characters.
const EXCERPT: usize = 120;

/// Returns hits as rows of the variables `kind`, `found`, `place` and `text`. People are shown a part of the text, programs
/// all of it.
pub(crate) fn rows_of(hits: Vec<Hit>, is_for_people: bool) -> (Arc<[Variable]>, Vec<Row>) {
    let variables: Arc<[Variable]> =
        ["kind", "found", "place", "text"].map(Variable::new_unchecked).into();
    let rows = hits.into_iter().map(|hit| row_of(hit, &variables, is_for_people)).collect();
    (variables, rows)
}

fn row_of(hit: Hit, variables: &Arc<[Variable]>, is_for_people: bool) -> Row {
    let words = |words: String| Term::from(Literal::new_simple_literal(words));
    let text = if is_for_people { hit.excerpt(EXCERPT).text } else { hit.text };
    let found = match hit.target {
        HitTarget::Query(name) => words(name),
        HitTarget::Resource(resource) => resource.into(),
    };
    let place = hit.place.map(|place| match place {
        HitPlace::Property(property) => property.into(),
        HitPlace::Passage(_, place) => words(place.short()),
    });
    let kind = words(hit.kind.name().to_owned());
    let values = vec![Some(kind), Some(found), place, Some(words(text))];
    let solution = QuerySolution::from((Arc::clone(variables), values));
    Row { solution, citation: hit.citation }
}
