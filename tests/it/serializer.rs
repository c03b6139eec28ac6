//! The text that the serialiser writes reads back as the same query, with the same answers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use crate::support::random_query;
use dossier::Prefixes;
use dossier::internals::to_sparql;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{BlankNode, Term, Triple};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use proptest::prelude::*;
use spargebra::{Query, SparqlParser};
use std::collections::HashMap;

fn store() -> Store {
    let store = Store::new().unwrap();
    let quads = RdfParser::from_format(RdfFormat::TriG).for_slice(random_query::DATA);
    store.extend(quads.map(Result::unwrap)).unwrap();
    store
}

fn prefixes() -> Prefixes {
    let mut prefixes = Prefixes::default();
    prefixes.add("x", "x:");
    prefixes.add("xsd", "http://www.w3.org/2001/XMLSchema#");
    prefixes
}

fn parse(text: &str) -> Option<Query> {
    SparqlParser::new().parse_query(text).ok()
}

/// The algebra, where the names that the parser or the serialiser made up are numbered: those of blank nodes, and
/// long hexadecimal ones of variables.
fn shape(query: &Query) -> String {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut number = |name: &str| {
        let next = numbers.len();
        format!("made up {}", numbers.entry(name.to_owned()).or_insert(next))
    };
    let mut shape = String::new();
    for (i, part) in format!("{query:?}").split("BlankNode(").enumerate() {
        let mut rest = part;
        if i > 0 && part.starts_with(['A', 'N']) {
            let (name, behind) = part.split_once(" }))").unwrap();
            // Inside EXISTS a blank node is written as a variable.
            shape.push_str(&format!("Variable(Variable {{ name: \"{}\" }})", number(name)));
            rest = behind;
        }
        for (j, part) in rest.split('"').enumerate() {
            if j > 0 {
                shape.push('"');
            }
            let is_made_up = (part.len() > 20 && part.bytes().all(|b| b.is_ascii_hexdigit()))
                || part.starts_with("blank");
            shape.push_str(&if is_made_up { number(part) } else { part.to_owned() });
        }
    }
    // The `*` of a sub-query inside EXISTS takes in the variables that stand for blank nodes, which changes nothing.
    let lists =
        shape.split("variables: [").enumerate().map(|(i, part)| match part.split_once(']') {
            Some((list, rest)) if i > 0 => {
                let list: Vec<&str> =
                    list.split(", ").filter(|variable| !variable.contains("made up")).collect();
                format!("variables: [{}]{rest}", list.join(", "))
            }
            _ => part.to_owned(),
        });
    lists.collect()
}

/// The answer as a sorted list of rows, blank nodes without their names.
fn answer(store: &Store, query: Query) -> Vec<String> {
    let nameless = |term: &Term| match term {
        Term::BlankNode(_) => "_:".to_owned(),
        term => term.to_string(),
    };
    let nameless_triple = |triple: &Triple| {
        let subject = nameless(&triple.subject.clone().into());
        format!("{subject} {} {}", triple.predicate, nameless(&triple.object))
    };
    let mut rows: Vec<String> =
        match SparqlEvaluator::new().for_query(query).on_store(store).execute() {
            Ok(QueryResults::Boolean(value)) => vec![value.to_string()],
            Ok(QueryResults::Solutions(solutions)) => solutions
                .map(|row| {
                    let row = row.unwrap();
                    let values = row.values().iter();
                    values
                        .map(|value| value.as_ref().map(nameless).unwrap_or_default())
                        .collect::<Vec<_>>()
                        .join(" ")
                })
                .collect(),
            Ok(QueryResults::Graph(triples)) => {
                triples.map(|triple| nameless_triple(&triple.unwrap())).collect()
            }
            Err(error) => vec![error.to_string()],
        };
    rows.sort();
    rows
}

fn check(store: &Store, text: &str) -> Result<(), TestCaseError> {
    let Some(query) = parse(text) else { return Err(TestCaseError::reject("no SPARQL")) };
    let written = to_sparql(&query, &prefixes());
    let Some(read) = parse(&written) else {
        return Err(TestCaseError::fail(format!(
            "{text}\nis written as\n{written}\nwhich is no SPARQL"
        )));
    };
    prop_assert_eq!(shape(&read), shape(&query), "{}\nis written as\n{}", text, written);
    prop_assert_eq!(to_sparql(&read, &prefixes()), written.clone());
    // A LIMIT without a total order may pick other rows: that is the engine's choice, not the text's.
    if !support::leaves_a_choice(text) {
        prop_assert_eq!(
            answer(store, read),
            answer(store, query),
            "{}\nis written as\n{}",
            text,
            written
        );
    }
    Ok(())
}

/// What other printers lose.
#[test]
fn hard_cases() {
    let store = store();
    for text in [
        "SELECT ((MIN(?y) + MAX(?y)) / 2 AS ?m) { ?x <x:q> ?y }",
        "SELECT * { ?x <x:p> ?y OPTIONAL { { ?y <x:q> ?z FILTER(?x = <x:a>) } } }",
        "SELECT * { ?x <x:p> ?y OPTIONAL { ?y <x:q> ?z FILTER(?x = <x:a>) } }",
        "SELECT * { ?x <x:p> ?y OPTIONAL { { ?y <x:q> ?z FILTER(?x = <x:a>) } FILTER(?z > 1) } }",
        "SELECT * { { ?x <x:p> ?y FILTER(?x = <x:a>) } ?y <x:p> ?z }",
        "SELECT * { { SELECT ?x { ?x <x:p> ?y } ORDER BY ?y LIMIT 1 } ?x <x:q> ?z }",
        "SELECT * { ?x <x:p> ?y MINUS { ?x <x:q> ?z MINUS { ?z ?w 1 } } }",
        "SELECT * { { ?x ?p 1 } UNION { { ?x ?p 2 } UNION { ?x ?p \"t\" } } }",
        "SELECT * { { { ?x ?p 1 } UNION { ?x ?p 2 } } UNION { ?x ?p \"t\" } }",
        "SELECT * { ?x <x:q> ?y FILTER(- ?y < -1 && !(?y = 2) && (!BOUND(?z))) }",
        "SELECT (COUNT(*) AS ?n) (SUM(?y) AS ?s) { ?x <x:q> ?y } GROUP BY ?x HAVING (SUM(?y) > 1) ORDER BY DESC(SUM(?y))",
        "SELECT ?n { { SELECT (COUNT(?x) AS ?n) { ?x <x:p> ?y } GROUP BY ?y } FILTER(?n > 1) }",
        "SELECT (GROUP_CONCAT(?y; SEPARATOR='\"\\n') AS ?g) { ?x <x:q> ?y }",
        "SELECT * { ?x (<x:p>/<x:p>)*|^<x:r>|!(<x:p>|^<x:q>) ?y . [] <x:p>+ [ <x:q> ?z ] }",
        "SELECT * { VALUES (?x ?y) { (<x:a> UNDEF) (UNDEF -1) } ?x ?p ?y }",
        "SELECT * { ?x ?p ?y } VALUES ?x { <x:a> }",
        "SELECT (COUNT(*) AS ?n) { ?x ?p ?y } GROUP BY ?x VALUES ?x { <x:a> }",
        "SELECT * { GRAPH ?g { ?x <x:p> ?y FILTER EXISTS { ?y <x:q> ?z } } }",
        "SELECT * FROM <x:g> FROM NAMED <x:h> { ?x ?p ?y OPTIONAL { GRAPH ?g { ?x ?p ?z } } }",
        "SELECT * {}",
        "ASK { ?x ?p ?y FILTER(!EXISTS { ?x <x:p> [ <x:q> [] ] } && NOT EXISTS { _:a <x:q> ?y }) }",
        "ASK { FILTER(\"\\u0000\\\"\\\\\" = 'x') }",
        "BASE <http://example.com/> SELECT (IRI(\"a\") AS ?i) { }",
        "SELECT * { ?x ?p ?y LATERAL { SELECT * { ?x <x:q> ?z } LIMIT 1 } }",
        "CONSTRUCT WHERE { ?x <x:p> ?y }",
        "CONSTRUCT { _:a <x:p> ?x . _:a <x:q> [] } WHERE { ?x <x:p> _:a }",
        "DESCRIBE ?x <x:a> { ?x <x:q> 2 } ORDER BY ?x LIMIT 1",
        "DESCRIBE *",
        "DESCRIBE <x:a>",
    ] {
        if let Err(error) = check(&store, text) {
            panic!("{error}");
        }
    }
}

#[test]
fn the_text_is_for_people_too() {
    let text = "PREFIX x: <x:> SELECT ?x (COUNT(?y) AS ?n) { ?x a x:C ; x:p ?y FILTER(?y > 1 && ?y < 9) } GROUP BY ?x ORDER BY ?n LIMIT 3";
    let expected = "\
PREFIX x: <x:>
SELECT ?x (COUNT(?y) AS ?n)
WHERE {
  ?x a x:C .
  ?x x:p ?y .
  FILTER (((?y > 1) && (?y < 9)))
}
GROUP BY ?x
ORDER BY ASC(?n)
LIMIT 3
";
    assert_eq!(to_sparql(&parse(text).unwrap(), &prefixes()), expected);
}

proptest! {
    #![proptest_config(support::cases(256))]

    #[test]
    fn a_query_is_read_back_as_it_was(text in random_query::query()) {
        check(&store(), &text)?;
    }
}

/// A blank node is only a name: keeps the import honest that the shape of a query does not depend on it.
#[test]
fn made_up_names_do_not_count() {
    let a = parse("ASK { ?x <x:p> [] }").unwrap();
    let b = parse(&format!("ASK {{ ?x <x:p> {} }}", BlankNode::default())).unwrap();
    assert_eq!(shape(&a), shape(&b));
    assert_ne!(shape(&a), shape(&parse("ASK { ?x <x:p> ?y }").unwrap()));
}
