//! The difference of two datasets: right whatever the blank nodes, and small where little changed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::format_collect, reason = "speed is no matter")]

use crate::support;
use dossier::internals::diff::{
    DatasetDiff, Side, blocks, counts, file_changes, write_file_changes, write_json, write_patch,
};
use dossier::{Dossier, Prefixes};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use oxigraph::model::{
    BlankNode, Dataset, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term,
};
use proptest::prelude::*;
use std::collections::HashMap;

/// Texts and queries are no triples: that they differ is reported by their files.
#[test]
fn texts_and_queries_that_differ_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let dossier = |name: &str, files: &[(&str, &str)]| {
        let root = folder.path().join(name);
        for part in ["ontology", "data/documents", "queries/expected"] {
            std::fs::create_dir_all(root.join(part)).unwrap();
        }
        for (path, text) in files {
            std::fs::write(root.join(path), text).unwrap();
        }
        Dossier::open(&root).unwrap()
    };
    let one = dossier("one", &[("data/documents/a.txt", "A."), ("queries/q.rq", "ASK {}")]);
    let other = dossier(
        "other",
        &[("data/documents/a.txt", "B."), ("queries/expected/q.csv", "x"), ("queries/.q.rq", "")],
    );
    assert_eq!(file_changes(&one, &one).unwrap(), []);
    let changes = file_changes(&one, &other).unwrap();
    let mut text = Vec::new();
    write_file_changes(&changes, &mut text).unwrap();
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "file data/documents/a.txt: changed\nfile queries/expected/q.csv: only in the second\nfile queries/q.rq: only in the first\n"
    );
    let mut json = Vec::new();
    write_json(&[], counts(&DatasetDiff::default(), &[]), false, &changes, &mut json).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!((&json["same"], &json["files"][0]["change"]), (&false.into(), &"changed".into()));
}

fn parse(trig: &str) -> Vec<Quad> {
    let text = format!(
        "PREFIX dos: <https://w3id.org/dossier/ontology#> PREFIX : <http://example.com/> {trig}"
    );
    RdfParser::from_format(RdfFormat::TriG)
        .for_slice(text.as_bytes())
        .collect::<Result<_, _>>()
        .unwrap()
}

/// The canonical form by RDFC-1.0, which the program itself does not use for differences.
fn canonical(quads: &[Quad]) -> Dataset {
    let mut dataset: Dataset = quads.iter().cloned().collect();
    dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 {
        hash_algorithm: CanonicalizationHashAlgorithm::Sha256,
    });
    dataset
}

/// The same dataset with other labels, the other way round.
fn relabelled(quads: &[Quad]) -> Vec<Quad> {
    let mut names: HashMap<BlankNode, BlankNode> = HashMap::new();
    let count = quads.len() * 3;
    let mut name = |node: &BlankNode| {
        let next = count - names.len();
        names
            .entry(node.clone())
            .or_insert_with(|| BlankNode::new_unchecked(format!("z{next}")))
            .clone()
    };
    let mut quads: Vec<Quad> = quads
        .iter()
        .map(|quad| {
            let mut quad = quad.clone();
            if let NamedOrBlankNode::BlankNode(node) = &mut quad.subject {
                *node = name(node);
            }
            if let Term::BlankNode(node) = &mut quad.object {
                *node = name(node);
            }
            if let GraphName::BlankNode(node) = &mut quad.graph_name {
                *node = name(node);
            }
            quad
        })
        .collect();
    quads.reverse();
    quads
}

fn quads() -> BoxedStrategy<Vec<Quad>> {
    let blank = || {
        prop::sample::select(vec!["a", "b", "c", "d", "e", "f"]).prop_map(BlankNode::new_unchecked)
    };
    let iri = || prop::sample::select(vec!["x:a", "x:b"]).prop_map(NamedNode::new_unchecked);
    let subject = prop_oneof![3 => blank().prop_map(NamedOrBlankNode::from), 1 => iri().prop_map(NamedOrBlankNode::from)];
    let object = prop_oneof![
        3 => blank().prop_map(Term::from),
        1 => iri().prop_map(Term::from),
        1 => prop::sample::select(vec!["1", "2"]).prop_map(|text| Literal::new_simple_literal(text).into()),
    ];
    let graph = prop_oneof![
        4 => Just(GraphName::DefaultGraph),
        1 => iri().prop_map(GraphName::from),
        1 => blank().prop_map(GraphName::from),
    ];
    let predicate =
        prop::sample::select(vec!["x:p", "x:p", "x:q"]).prop_map(NamedNode::new_unchecked);
    let quad = (subject, predicate, object, graph).prop_map(|(s, p, o, g)| Quad::new(s, p, o, g));
    prop::collection::vec(quad, 0..14).boxed()
}

proptest! {
    #![proptest_config(support::cases(256))]

    #[test]
    fn what_a_difference_says_makes_the_other_dataset((one, other) in (quads(), quads())) {
        let diff = DatasetDiff::between(&one, &other);
        prop_assert_eq!(canonical(&diff.apply(&one)), canonical(&other));
        prop_assert!(!diff.is_smallest_unknown);
        prop_assert_eq!(diff.is_empty(), canonical(&one) == canonical(&other));
    }

    #[test]
    fn other_labels_and_another_order_are_no_difference(one in quads()) {
        prop_assert_eq!(DatasetDiff::between(&one, &relabelled(&one)), DatasetDiff::default());
    }

    #[test]
    fn the_way_back_is_as_long((one, other) in (quads(), quads())) {
        let (there, back) = (DatasetDiff::between(&one, &other), DatasetDiff::between(&other, &one));
        prop_assert_eq!(
            (there.removed.len(), there.added.len()),
            (back.added.len(), back.removed.len())
        );
    }

    /// Nothing that both state of no blank node is in a difference, and no difference is larger than both datasets.
    #[test]
    fn what_has_no_blank_nodes_is_compared_as_it_is((one, other) in (quads(), quads())) {
        let ground = |quads: &[Quad]| -> std::collections::BTreeSet<String> {
            quads.iter().map(ToString::to_string).filter(|quad| !quad.contains("_:")).collect()
        };
        let diff = DatasetDiff::between(&one, &other);
        let (one, other) = (ground(&one), ground(&other));
        prop_assert_eq!(ground(&diff.removed), one.difference(&other).cloned().collect());
        prop_assert_eq!(ground(&diff.added), other.difference(&one).cloned().collect());
    }
}

fn sizes(one: &str, other: &str) -> (usize, usize) {
    // What `[]` is called is another name each time it is parsed.
    let (one, other) = (parse(one), parse(other));
    let diff = DatasetDiff::between(&one, &relabelled(&other));
    assert!(canonical(&diff.apply(&one)) == canonical(&other));
    (diff.removed.len(), diff.added.len())
}

#[test]
fn one_changed_fact_is_two_lines() {
    let people = |last: &str| {
        format!(
            ":x :knows [ :name 'A' ; :home [ :street 's' ; :city [ :name 'c' ] ] ] ,
                [ :name 'B' ; :home [ :street 's' ; :city [ :name 'c' ; :country 'y' ] ] ] ,
                [ :name 'B' ; :home [ :street 's' ; :city [ :name '{last}' ; :country 'y' ] ] ] ."
        )
    };
    assert_eq!(sizes(&people("c"), &people("d")), (1, 1));
    assert_eq!(sizes(&people("d"), &people("e")), (1, 1));
    // The node whose only fact changed is found by what leads to it.
    assert_eq!(sizes(":x :p [ :q [ :r 1 ] ] .", ":x :p [ :q [ :r 2 ] ] ."), (1, 1));
    // A whole node more is its own triples.
    assert_eq!(sizes(":x :p [ :q 1 ] .", ":x :p [ :q 1 ] , [ :q 2 ; :r 3 ] ."), (0, 3));
    assert_eq!(sizes(":x :p [ :q 1 ] , [ :q 1 ] .", ":x :p [ :q 1 ] ."), (2, 0));
}

#[test]
fn a_change_in_a_ring_or_a_long_list_stays_small() {
    let ring = |label: &str| {
        let steps: String = (0..7).map(|i| format!("_:n{i} :next _:n{} . ", (i + 1) % 7)).collect();
        format!("{steps} _:n3 :label '{label}' .")
    };
    assert_eq!(sizes(&ring("a"), &ring("b")), (1, 1));
    let list = |last: &str| {
        let items = ["'same'"; 400].join(" ");
        format!(":x :list ( {items} '{last}' {items} ) .")
    };
    let diff = DatasetDiff::between(&parse(&list("a")), &parse(&list("b")));
    assert_eq!((diff.removed.len(), diff.added.len()), (1, 1));
}

/// Three-regular graphs of six nodes that colours cannot tell apart, and one without any symmetry (Frucht's).
#[test]
fn graphs_that_look_alike_are_told_apart() {
    let edges = |pairs: &[(u8, u8)]| -> String {
        pairs.iter().map(|(a, b)| format!("_:n{a} :e _:n{b} . _:n{b} :e _:n{a} . ")).collect()
    };
    let prism = edges(&[(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (0, 3), (1, 4), (2, 5)]);
    let bipartite =
        edges(&[(0, 3), (0, 4), (0, 5), (1, 3), (1, 4), (1, 5), (2, 3), (2, 4), (2, 5)]);
    let (removed, added) = sizes(&prism, &bipartite);
    assert!(removed > 0 && removed == added);
    assert_eq!(sizes(&prism, &prism), (0, 0));
    assert_eq!(sizes(&bipartite, &bipartite), (0, 0));
    let frucht = edges(&[
        (0, 1),
        (1, 2),
        (2, 3),
        (3, 4),
        (4, 5),
        (5, 6),
        (6, 0),
        (0, 7),
        (1, 7),
        (2, 8),
        (3, 9),
        (4, 9),
        (5, 10),
        (6, 10),
        (7, 11),
        (8, 11),
        (8, 9),
        (10, 11),
    ]);
    assert_eq!(sizes(&frucht, &frucht), (0, 0));
}

/// Two strongly regular graphs that a search cannot tell apart within its bound: the difference is right, and says that
/// it may not be the smallest. Either of them with itself has none.
#[test]
fn what_is_given_up_is_told() {
    let grid = |neighbours: &[(usize, usize)]| -> Vec<Quad> {
        let mut text = String::new();
        for (x, y) in (0..16).map(|i| (i / 4, i % 4)) {
            for (dx, dy) in neighbours {
                text.push_str(&format!("_:n{x}{y} :e _:n{}{} . ", (x + dx) % 4, (y + dy) % 4));
            }
        }
        parse(&text)
    };
    let rook = grid(&[(0, 1), (0, 2), (0, 3), (1, 0), (2, 0), (3, 0)]);
    let shrikhande = grid(&[(0, 1), (0, 3), (1, 0), (3, 0), (1, 1), (3, 3)]);
    for one in [&rook, &shrikhande] {
        assert_eq!(DatasetDiff::between(one, &relabelled(one)), DatasetDiff::default());
    }
    let diff = DatasetDiff::between(&rook, &relabelled(&shrikhande));
    // RDFC-1.0 would not come to an end here. The program's own answer is right for each of them.
    assert_eq!(DatasetDiff::between(&diff.apply(&rook), &shrikhande), DatasetDiff::default());
    assert!(!diff.is_empty() && diff.removed.len() < rook.len() / 2);
    assert!(diff.is_smallest_unknown);
}

/// A clique, on which RDFC-1.0 takes factorial time, and many nodes that are all alike.
#[test]
fn nothing_takes_exponential_or_quadratic_time() {
    let clique: String = (0..24)
        .flat_map(|a| (0..24).filter(move |b| *b != a).map(move |b| format!("_:n{a} :e _:n{b} . ")))
        .collect();
    let clique = parse(&clique);
    assert_eq!(DatasetDiff::between(&clique, &relabelled(&clique)), DatasetDiff::default());
    let star: String = (0..5_000).map(|i| format!("_:hub :p _:n{i} . _:n{i} a :Leaf . ")).collect();
    let star = parse(&star);
    assert_eq!(DatasetDiff::between(&star, &relabelled(&star)), DatasetDiff::default());
    let less = &star[2..];
    let diff = DatasetDiff::between(&star, less);
    assert_eq!((diff.removed.len(), diff.added.len()), (2, 0));
    let apart =
        parse(&(0..5_000).map(|i| format!("[] a :Leaf ; :n {} . ", i % 7)).collect::<String>());
    assert_eq!(DatasetDiff::between(&apart, &relabelled(&apart)), DatasetDiff::default());
    let long: String = (0..20_000).map(|i| format!("_:n{i} :next _:n{} . ", i + 1)).collect();
    let long = parse(&long);
    assert_eq!(DatasetDiff::between(&long, &relabelled(&long)), DatasetDiff::default());
}

const HEAD: &str = ":c a dos:Claim ; dos:document :d ; dos:quote 'old words' . ";

#[test]
fn a_claim_is_one_group() {
    let one = parse(&format!("{HEAD} :c {{ :x :p 1 , 2 }} :x :label 'x' ."));
    let changed = parse(&format!("{HEAD} :c {{ :x :p 1 , 3 }} :x :label 'x' ."));
    let diff = DatasetDiff::between(&one, &changed);
    let [block] = &blocks(&diff, &one)[..] else { panic!("one block") };
    assert!(block.is_claim && block.side == Side::Both);
    // The quote and the document say which claim it is, although they did not change.
    assert_eq!(block.head.len(), 2);
    assert_eq!(block.body.iter().map(|s| s.side).collect::<Vec<_>>(), [Side::First, Side::Second]);
    let none = parse(":x :label 'x' .");
    let diff = DatasetDiff::between(&one, &none);
    let blocks = blocks(&diff, &one);
    assert_eq!((blocks[0].side, blocks[0].head.len(), blocks[0].body.len()), (Side::First, 3, 2));
    let counts = counts(&diff, &blocks);
    assert_eq!((counts.removed, counts.added, counts.claims_removed), (5, 0, 1));
}

/// RDF Patch, read by its own rules: D and A rows between TX and TC, terms as in N-Quads, blank nodes as `<_:label>`.
#[test]
fn a_patch_does_what_the_difference_says() {
    let one = parse(":x :p [ :q 'a\\nb' ] . :g { :x :p 1 }");
    let other = parse(":x :p [ :q 'a\\nc' ] , [ :q 2 ] . :g { :x :p 2 }");
    let mut prefixes = [Prefixes::default(), Prefixes::default()];
    prefixes[0].add("old", "http://example.com/old#");
    prefixes[1].add("new", "http://example.com/new#");
    let mut patch = Vec::new();
    let diff = DatasetDiff::between(&one, &other);
    write_patch(&diff, [&prefixes[0], &prefixes[1]], &mut patch).unwrap();
    let patch = String::from_utf8(patch).unwrap();
    let mut rows: Vec<&str> = patch.lines().collect();
    assert_eq!((rows.remove(0), rows.pop()), ("TX .", Some("TC .")));
    assert_eq!(rows.remove(0), "PD \"old\" .");
    assert_eq!(rows.remove(0), "PA \"new\" <http://example.com/new#> .");
    let mut dataset: Dataset = one.iter().cloned().collect();
    for row in rows {
        let (code, quad) = row.split_once(' ').unwrap();
        let mut quad = quad.to_owned();
        while let Some(start) = quad.find("<_:") {
            let end = start + quad[start..].find('>').unwrap();
            quad.replace_range(end..=end, "");
            quad.replace_range(start..=start, "");
        }
        let parser = RdfParser::from_format(RdfFormat::NQuads);
        let quad = parser.for_slice(quad.as_bytes()).next().unwrap().unwrap();
        match code {
            "D" => assert!(dataset.remove(&quad)),
            "A" => assert!(dataset.insert(&quad)),
            code => panic!("{code}"),
        }
    }
    let patched: Vec<Quad> = dataset.iter().map(oxigraph::model::QuadRef::into_owned).collect();
    assert_eq!(canonical(&patched), canonical(&other));
}

#[test]
fn json_has_its_documented_shape() {
    let one = parse(&format!("{HEAD} :c {{ :x :p 'a'@en }}"));
    let other =
        parse(":c a dos:Claim ; dos:document :d ; dos:quote 'new words' . :c { :x :p 'a'@en }");
    let diff = DatasetDiff::between(&one, &other);
    let blocks = blocks(&diff, &one);
    let mut json = Vec::new();
    write_json(&blocks, counts(&diff, &blocks), diff.is_smallest_unknown, &[], &mut json).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["same"], false);
    assert_eq!(json["counts"]["claims"]["changed"], 1);
    let claim = &json["changes"][0];
    assert_eq!((&claim["kind"], &claim["change"]), (&"claim".into(), &"changed".into()));
    assert_eq!(claim["graph"]["value"], "http://example.com/c");
    assert_eq!(claim["quotes"]["first"][0]["value"], "old words");
    assert_eq!(claim["quotes"]["second"][0]["value"], "new words");
    assert_eq!(claim["head"]["removed"][0][2]["value"], "old words");
    assert_eq!(claim["removed"], serde_json::json!([]));
    assert_eq!(claim.get("smallestUnknown"), None);
}
