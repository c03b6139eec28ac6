//! The rows of an answer as texts, of the reference and of the engine.

use super::reference::{Dataset, Row};
use oxigraph::model::{Term, Triple};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use spargebra::Query;

/// A value in short: IRIs without the `x:`, literals without their datatype, blank nodes without their name.
pub fn short(value: Option<&Term>) -> String {
    match value {
        None => "-".to_owned(),
        Some(Term::BlankNode(_)) => "_:".to_owned(),
        Some(Term::NamedNode(iri)) => iri.as_str().replace("x:", ""),
        Some(Term::Literal(literal)) => match literal.to_string().split_once("^^") {
            Some(_) => literal.value().to_owned(),
            None => literal.to_string(),
        },
        #[cfg(feature = "rdf-12")]
        Some(term) => term.to_string(),
    }
}

/// The rows of the reference, sorted, each as often as it is there.
pub fn right_rows(rows: &[Row], text: &dyn Fn(Option<&Term>) -> String) -> Vec<String> {
    let repeated = |row: &Row| {
        let values: Vec<String> = row.values.iter().map(|value| text(value.as_ref())).collect();
        std::iter::repeat_n(values.join(" "), row.multiplicity)
    };
    let mut rows: Vec<String> = rows.iter().flat_map(repeated).collect();
    rows.sort();
    rows
}

/// The rows of the engine on the stored form of a dataset, sorted.
pub fn engine_rows(
    engine: SparqlEvaluator,
    query: Query,
    dataset: &Dataset,
    text: &dyn Fn(Option<&Term>) -> String,
) -> Vec<String> {
    let store = Store::new().unwrap();
    store.extend(dataset.materialised()).unwrap();
    rows_of(engine.for_query(query).on_store(&store).execute().unwrap(), text)
}

/// The rows of a result, sorted.
pub fn rows_of(results: QueryResults<'_>, text: &dyn Fn(Option<&Term>) -> String) -> Vec<String> {
    let of_triple = |triple: &Triple| {
        let subject = Term::from(triple.subject.clone());
        let predicate = Term::from(triple.predicate.clone());
        [&subject, &predicate, &triple.object].map(|term| text(Some(term))).join(" ")
    };
    let mut rows: Vec<String> = match results {
        QueryResults::Boolean(value) => vec![String::new(); usize::from(value)],
        QueryResults::Solutions(solutions) => solutions
            .map(|row| {
                let row = row.unwrap();
                let values: Vec<String> =
                    row.values().iter().map(|value| text(value.as_ref())).collect();
                values.join(" ")
            })
            .collect(),
        QueryResults::Graph(triples) => triples.map(|triple| of_triple(&triple.unwrap())).collect(),
    };
    rows.sort();
    rows
}
