//! Random small datasets in the names of the random queries: claims of one triple or a few, some of them stated by
//! several claims, some only in the background.

use proptest::prelude::*;

const SUBJECTS: [&str; 4] = ["<x:a>", "<x:b>", "<x:c>", "<x:d>"];
const PREDICATES: [&str; 3] = ["<x:p>", "<x:q>", "<x:r>"];
const OBJECTS: [&str; 7] = ["<x:a>", "<x:b>", "<x:c>", "1", "2", "\"t\"", "\"t\"@en"];
const CLAIMS: [&str; 10] = [
    "<x:g>", "<x:h>", "<x:c1>", "<x:c2>", "<x:c3>", "<x:c4>", "<x:c5>", "<x:c6>", "<x:c7>",
    "<x:c8>",
];

/// Where a triple is stated: in the default graph when it is background, and in claims.
fn places() -> BoxedStrategy<Vec<&'static str>> {
    let claim = prop_oneof![
        2 => prop::sample::select(&CLAIMS[..2]),
        3 => prop::sample::select(&CLAIMS[2..]),
    ];
    let claims = prop::collection::vec(claim, 1..=3);
    prop_oneof![
        8 => claims.clone(),
        1 => Just(Vec::new()),
        1 => claims.prop_map(|mut claims| { claims.push(""); claims }),
    ]
    .boxed()
}

/// A dataset of up to 14 triples in `TriG`. It shrinks to fewer triples, in fewer claims, of the first names.
pub fn dataset() -> BoxedStrategy<String> {
    dataset_of(14)
}

/// A dataset of so few triples that all subsets of its claims can be tried.
pub fn small_dataset() -> BoxedStrategy<String> {
    dataset_of(6)
}

fn dataset_of(most: usize) -> BoxedStrategy<String> {
    // The first names more often, here and in the queries, so that they meet.
    let subject = prop_oneof![
        4 => Just(SUBJECTS[0]), 3 => Just(SUBJECTS[1]), 2 => Just(SUBJECTS[2]), 1 => Just(SUBJECTS[3]),
    ];
    let predicate =
        prop_oneof![3 => Just(PREDICATES[0]), 2 => Just(PREDICATES[1]), 1 => Just(PREDICATES[2])];
    let object = prop_oneof![
        3 => Just(OBJECTS[0]), 2 => Just(OBJECTS[1]), 1 => Just(OBJECTS[2]),
        3 => prop::sample::select(&OBJECTS[3..]),
    ];
    let triple = (subject, predicate, object, places());
    // Mostly many, but every one can be left out when a failure is made small.
    prop::collection::vec(prop::option::weighted(0.8, triple), most)
        .prop_filter("no triple", |triples| triples.iter().any(Option::is_some))
        .prop_map(|triples| {
            let mut text = String::new();
            for (subject, predicate, object, places) in triples.into_iter().flatten() {
                let triple = format!("{subject} {predicate} {object}");
                if places.is_empty() || places.contains(&"") {
                    text.push_str(&format!("{triple} . "));
                }
                for claim in places.iter().filter(|place| !place.is_empty()) {
                    text.push_str(&format!("{claim} {{ {triple} }} "));
                }
            }
            text
        })
        .boxed()
}
