//! What is exported reads back as the same data, in every format.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use dossier::internals::{Stream, write_canonical};
use dossier::{
    Data, Dossier, GraphFormat, Layout, Ontology, Prefixes, Selection, Session, WriteError,
    write_quads,
};
use oxigraph::io::RdfParser;
use oxigraph::model::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use oxigraph::model::{
    BlankNode, Dataset, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term,
};
use proptest::prelude::*;

fn prefixes() -> Prefixes {
    let mut prefixes = Prefixes::default();
    prefixes.add("ex", "http://example.com/");
    prefixes.add("odd", "http://example.com/odd");
    prefixes.add("urn", "http://example.com/urn#");
    prefixes.add("", "http://example.com/empty/");
    prefixes.add("xsd", "http://www.w3.org/2001/XMLSchema#");
    prefixes
}

fn write(format: GraphFormat, quads: Vec<Quad>) -> Vec<u8> {
    let mut text = Vec::new();
    let (prefixes, ontology) = (prefixes(), Ontology::default());
    let layout = Layout { prefixes: &prefixes, ontology: &ontology };
    write_quads(format, quads, &layout, &mut text).unwrap();
    text
}

fn canonical(quads: impl IntoIterator<Item = Quad>) -> Dataset {
    let mut dataset: Dataset = quads.into_iter().collect();
    dataset.canonicalize(CanonicalizationAlgorithm::Unstable);
    dataset
}

fn read(format: GraphFormat, text: &[u8]) -> Dataset {
    let quads = RdfParser::from_format(format.into()).for_slice(text);
    canonical(quads.map(|quad| {
        quad.unwrap_or_else(|e| panic!("{}: {e}\n{}", format.name(), String::from_utf8_lossy(text)))
    }))
}

fn iri() -> BoxedStrategy<NamedNode> {
    prop::sample::select(vec![
        "http://example.com/a",
        "http://example.com/a-b",
        "http://example.com/a/b?c=d&e#f",
        "http://example.com/oddity",
        "http://example.com/urn#x",
        "urn:x",
        "urn:x:y",
        "http://example.com/empty/x",
        "http://example.com/é",
        "x:y",
        "http://example.com/a.",
        "http://example.com/%20",
        "http://example.com/",
        "http://example.com/-a",
        "http://example.com/(a,b)'~!$&*+;=@:",
        "http://example.com/\u{b7}a\u{300}",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil",
    ])
    .prop_map(NamedNode::new_unchecked)
    .boxed()
}

/// Predicates that RDF/XML can write, which needs a name at their end.
fn predicate() -> BoxedStrategy<NamedNode> {
    prop::sample::select(vec![
        "http://example.com/p",
        "http://example.com/oddity",
        "http://example.com/urn#x",
        "urn:p",
        "x:p",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#first",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest",
    ])
    .prop_map(NamedNode::new_unchecked)
    .boxed()
}

fn blank() -> BoxedStrategy<BlankNode> {
    prop::sample::select(vec!["b1-1", "b1-2", "b1-3", "b1-4", "b2-1"])
        .prop_map(BlankNode::new_unchecked)
        .boxed()
}

fn literal() -> BoxedStrategy<Literal> {
    // What XML 1.0 cannot hold is left out, since one of the formats is RDF/XML.
    let text = "[ -~\\t\\n\\r\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{1fffd}]{0,12}";
    let datatype = prop::sample::select(vec![
        "http://www.w3.org/2001/XMLSchema#integer",
        "http://www.w3.org/2001/XMLSchema#boolean",
        "http://www.w3.org/2001/XMLSchema#decimal",
        "http://www.w3.org/2001/XMLSchema#double",
        "http://www.w3.org/2001/XMLSchema#gYear",
        "http://example.com/t",
        "urn:t",
    ]);
    let value = prop_oneof![
        text.prop_map(String::from),
        prop::sample::select(vec![
            "1",
            "-5",
            "01",
            "true",
            "1e3",
            ".5",
            "5.",
            "+1.0E-3",
            "9007199254740993",
            "2001"
        ])
        .prop_map(String::from),
    ];
    prop_oneof![
        text.prop_map(Literal::new_simple_literal),
        (text, prop::sample::select(vec!["en", "de-at"]))
            .prop_map(|(text, tag)| Literal::new_language_tagged_literal_unchecked(text, tag)),
        (value, datatype)
            .prop_map(|(v, d)| Literal::new_typed_literal(v, NamedNode::new_unchecked(d))),
    ]
    .boxed()
}

fn quads(graphs: bool) -> BoxedStrategy<Vec<Quad>> {
    let subject = prop_oneof![3 => iri().prop_map(NamedOrBlankNode::from), 1 => blank().prop_map(NamedOrBlankNode::from)];
    let object = prop_oneof![2 => iri().prop_map(Term::from), 1 => blank().prop_map(Term::from), 2 => literal().prop_map(Term::from)];
    let graph = if graphs {
        prop_oneof![1 => Just(GraphName::DefaultGraph), 2 => iri().prop_map(GraphName::from), 1 => blank().prop_map(GraphName::from)].boxed()
    } else {
        Just(GraphName::DefaultGraph).boxed()
    };
    let quad = (subject, predicate(), object, graph).prop_map(|(s, p, o, g)| Quad::new(s, p, o, g));
    prop::collection::vec(quad, 0..8).boxed()
}

proptest! {
    #![proptest_config(support::cases(128))]

    #[test]
    fn a_dataset_reads_back(quads in quads(true)) {
        for format in GraphFormat::ALL.into_iter().filter(|format| format.has_named_graphs()) {
            let text = write(format, quads.clone());
            prop_assert_eq!(read(format, &text), canonical(quads.clone()), "{}\n{}", format.name(), String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn a_graph_reads_back(quads in quads(false)) {
        for format in GraphFormat::ALL {
            let text = write(format, quads.clone());
            prop_assert_eq!(read(format, &text), canonical(quads.clone()), "{}\n{}", format.name(), String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn the_order_of_the_quads_does_not_matter(quads in quads(true).prop_shuffle()) {
        let mut sorted = quads.clone();
        sorted.sort_by_key(ToString::to_string);
        for format in GraphFormat::ALL.into_iter().filter(|format| format.has_named_graphs()) {
            prop_assert_eq!(write(format, quads.clone()), write(format, sorted.clone()));
        }
    }
}

/// The graphs that make Turtle's short forms hard: chains, trees, lists and cycles of blank nodes.
fn tangled() -> BoxedStrategy<Vec<Quad>> {
    let rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    let predicate = prop_oneof![
        2 => Just(format!("{rdf}first")),
        2 => Just(format!("{rdf}rest")),
        3 => Just("http://example.com/p".to_owned()),
    ];
    let node = |count: usize| (0..count).prop_map(|n| BlankNode::new_unchecked(format!("n{n}")));
    let object = prop_oneof![
        5 => node(9).prop_map(Term::from),
        1 => Just(Term::from(NamedNode::new_unchecked(format!("{rdf}nil")))),
        1 => literal().prop_map(Term::from),
    ];
    let subject = prop_oneof![
        6 => node(9).prop_map(NamedOrBlankNode::from),
        1 => iri().prop_map(NamedOrBlankNode::from),
    ];
    let graph = prop_oneof![
        8 => Just(GraphName::DefaultGraph),
        1 => Just(GraphName::from(NamedNode::new_unchecked("http://example.com/g"))),
        1 => node(9).prop_map(GraphName::from),
    ];
    let quad = (subject, predicate, object, graph)
        .prop_map(|(s, p, o, g)| Quad::new(s, NamedNode::new_unchecked(p), o, g));
    prop::collection::vec(quad, 0..14).boxed()
}

/// The same quads with other labels of blank nodes.
fn relabelled(quads: &[Quad]) -> Vec<Quad> {
    let other = |node: &BlankNode| {
        let label: String = node.as_str().chars().rev().collect();
        BlankNode::new_unchecked(format!("x{label}"))
    };
    let mut quads = quads.to_vec();
    for quad in &mut quads {
        if let NamedOrBlankNode::BlankNode(node) = &mut quad.subject {
            *node = other(node);
        }
        if let Term::BlankNode(node) = &mut quad.object {
            *node = other(node);
        }
        if let GraphName::BlankNode(node) = &mut quad.graph_name {
            *node = other(node);
        }
    }
    quads
}

fn text(format: GraphFormat, quads: &[Quad]) -> String {
    String::from_utf8(write(format, quads.to_vec())).unwrap()
}

proptest! {
    #![proptest_config(support::cases(512))]

    #[test]
    fn a_tangle_reads_back_and_has_one_text(
        (quads, shuffled) in tangled().prop_flat_map(|quads| {
            (Just(quads.clone()), Just(relabelled(&quads)).prop_shuffle())
        })
    ) {
        let written = text(GraphFormat::TriG, &quads);
        prop_assert_eq!(read(GraphFormat::TriG, written.as_bytes()), canonical(quads), "{}", written);
        prop_assert_eq!(&text(GraphFormat::TriG, &shuffled), &written);
    }

    #[test]
    fn labels_and_order_do_not_matter(
        (quads, shuffled) in quads(true).prop_flat_map(|quads| {
            (Just(quads.clone()), Just(relabelled(&quads)).prop_shuffle())
        })
    ) {
        prop_assert_eq!(text(GraphFormat::TriG, &shuffled), text(GraphFormat::TriG, &quads));
    }

    #[test]
    fn labels_and_order_do_not_matter_in_xml(
        (quads, shuffled) in quads(false).prop_flat_map(|quads| {
            (Just(quads.clone()), Just(relabelled(&quads)).prop_shuffle())
        })
    ) {
        prop_assert_eq!(text(GraphFormat::RdfXml, &shuffled), text(GraphFormat::RdfXml, &quads));
    }
}

/// The lines that Oxigraph's implementation of RDFC-1.0 gives.
fn reference_lines(quads: &[Quad]) -> String {
    let mut dataset: Dataset = quads.iter().cloned().collect();
    let hash_algorithm = CanonicalizationHashAlgorithm::Sha256;
    dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 { hash_algorithm });
    let mut lines: Vec<String> = dataset.iter().map(|quad| format!("{quad} .\n")).collect();
    lines.sort();
    lines.concat()
}

fn canonical_lines(quads: &[Quad]) -> String {
    let mut text = Vec::new();
    write_canonical(quads, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// Blank nodes that only their neighbours' neighbours tell apart: edges of one property, no names.
fn alike() -> BoxedStrategy<Vec<Quad>> {
    let node = || (0..7_usize).prop_map(|n| BlankNode::new_unchecked(format!("n{n}")));
    let edge = (node(), node()).prop_map(|(a, b)| {
        Quad::new(a, NamedNode::new_unchecked("x:p"), b, GraphName::DefaultGraph)
    });
    prop::collection::vec(edge, 0..9).boxed()
}

proptest! {
    #![proptest_config(support::cases(256))]

    #[test]
    fn canonical_lines_are_those_of_the_standard(quads in prop_oneof![tangled(), alike()]) {
        prop_assert_eq!(canonical_lines(&quads), reference_lines(&quads));
    }

    #[test]
    fn what_is_streamed_reads_back(quads in quads(true)) {
        for format in [GraphFormat::TriG, GraphFormat::NQuads] {
            let mut text = Vec::new();
            let prefixes = prefixes();
            let mut stream = Stream::new(format, &prefixes, &mut text).unwrap();
            for quad in quads.clone() {
                stream.write(quad).unwrap();
            }
            stream.finish().unwrap();
            prop_assert_eq!(read(format, &text), canonical(quads.clone()));
        }
    }

    #[test]
    fn alike_nodes_have_one_text(
        (quads, shuffled) in alike().prop_flat_map(|quads| {
            (Just(quads.clone()), Just(relabelled(&quads)).prop_shuffle())
        })
    ) {
        prop_assert_eq!(text(GraphFormat::Turtle, &shuffled), text(GraphFormat::Turtle, &quads));
    }
}

/// All blank nodes of a complete graph look the same: RDFC-1.0 takes 20! steps.
#[test]
fn a_poisoned_graph_takes_no_time() {
    let node = |n: usize| BlankNode::new_unchecked(format!("n{n}"));
    let mut quads = Vec::new();
    for a in 0..20 {
        for b in (0..20).filter(|b| *b != a) {
            let p = NamedNode::new_unchecked("x:p");
            quads.push(Quad::new(node(a), p, node(b), GraphName::DefaultGraph));
        }
    }
    let error = write_canonical(&quads, &mut Vec::new()).unwrap_err();
    assert_eq!(id(&error), Some("blank-nodes-alike"));
    let written = text(GraphFormat::Turtle, &quads);
    assert_eq!(written.matches("_:b").count(), 20 + 20 * 19);
    let mut others = relabelled(&quads);
    others.reverse();
    assert_eq!(text(GraphFormat::Turtle, &others), written);
}

/// Far more blank nodes that look alike than RDFC-1.0 has time for: chains longer than anybody looks, which hang at one
/// node and are told apart at their ends; a grid that is closed in itself; cubes.
#[test]
fn what_is_too_much_for_the_standard_has_one_text() {
    let p = || NamedNode::new_unchecked("x:p");
    let node = |label: String| BlankNode::new_unchecked(label);
    let edge = |a: String, b: String| Quad::new(node(a), p(), node(b), GraphName::DefaultGraph);
    let mut chains = Vec::new();
    for chain in 0..400 {
        let cell = |place: usize| format!("{chain}-{place}");
        chains.push(edge("hub".to_owned(), cell(0)));
        chains.extend((0..40).map(|place| edge(cell(place), cell(place + 1))));
        let end = Literal::from(chain);
        chains.push(Quad::new(node(cell(40)), p(), end, GraphName::DefaultGraph));
    }
    let mut grid = Vec::new();
    for (row, column) in (0..60).flat_map(|row| (0..60).map(move |column| (row, column))) {
        let at = |row: usize, column: usize| format!("{}-{}", row % 60, column % 60);
        grid.push(edge(at(row, column), at(row + 1, column)));
        grid.push(edge(at(row, column), at(row, column + 1)));
    }
    let mut cubes = Vec::new();
    for (cube, corner) in (0..500).flat_map(|cube| (0..8).map(move |corner| (cube, corner))) {
        for side in [1, 2, 4] {
            cubes.push(edge(format!("{cube}-{corner}"), format!("{cube}-{}", corner ^ side)));
        }
    }
    for quads in [chains, grid, cubes] {
        let error = write_canonical(&quads, &mut Vec::new()).unwrap_err();
        assert_eq!(id(&error), Some("blank-nodes-alike"));
        let written = text(GraphFormat::Turtle, &quads);
        let mut others = relabelled(&quads);
        others.sort_by_key(|quad| quad.to_string().bytes().rev().collect::<Vec<_>>());
        assert!(text(GraphFormat::Turtle, &others) == written, "the labels depend on the order");
    }
}

/// Neither a chain nor a list that is long, nor many nodes that look the same, is too much.
#[test]
fn long_chains_and_lists_are_written() {
    let rdf = |name| {
        NamedNode::new_unchecked(format!("http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}"))
    };
    let node = |kind: char, n: usize| BlankNode::new_unchecked(format!("{kind}{n}"));
    let default = GraphName::DefaultGraph;
    let mut quads = Vec::new();
    for n in 0..4_000 {
        let p = NamedNode::new_unchecked("x:p");
        quads.push(Quad::new(node('c', n), p, node('c', n + 1), default.clone()));
        quads.push(Quad::new(node('l', n), rdf("first"), Literal::from(1), default.clone()));
        let next = if n == 3_999 { rdf("nil").into() } else { Term::from(node('l', n + 1)) };
        quads.push(Quad::new(node('l', n), rdf("rest"), next, default.clone()));
    }
    let head = NamedNode::new_unchecked("x:list");
    quads.push(Quad::new(head.clone(), head, node('l', 0), default));
    let written = text(GraphFormat::Turtle, &quads);
    let parsed = RdfParser::from_format(GraphFormat::Turtle.into()).for_slice(&written);
    assert_eq!(parsed.map(Result::unwrap).count(), quads.len());
}

/// What XML 1.0 has no name or character for is refused, and nothing is written that no reader reads.
/// The id of what cannot be written.
fn id(error: &WriteError) -> Option<&str> {
    match error {
        WriteError::Failed(error) => error.problems[0].id.as_deref(),
        WriteError::Io(_) => None,
    }
}

#[test]
fn xml_is_well_formed_or_refused() {
    let quad = |subject: &str, predicate: &str, object: &str| {
        let line = format!("{subject} {predicate} {object} .");
        let mut quads = RdfParser::from_format(GraphFormat::NTriples.into()).for_slice(&line);
        vec![quads.next().unwrap().unwrap()]
    };
    let prefixes = Prefixes::default();
    let streamed = |quads: Vec<Quad>| {
        let mut text = Vec::new();
        let mut stream = Stream::new(GraphFormat::RdfXml, &prefixes, &mut text).unwrap();
        quads.into_iter().try_for_each(|quad| stream.write(quad))?;
        stream.finish()?;
        Ok::<_, WriteError>(text)
    };
    let laid_out = |quads: Vec<Quad>| {
        let (mut text, ontology) = (Vec::new(), Ontology::default());
        let layout = Layout { prefixes: &prefixes, ontology: &ontology };
        write_quads(GraphFormat::RdfXml, quads, &layout, &mut text)?;
        Ok::<_, WriteError>(text)
    };
    let rdf = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    let type_ = &format!("{rdf}type>");
    for (subject, predicate, object) in [
        ("<x:a>", "<x:p/>", "'a'"),
        ("<x:a>", "<x:5>", "'a'"),
        ("<x:a>", "<x:-.5>", "'a'"),
        ("<x:a>", &format!("{rdf}Description>"), "'a'"),
        ("<x:a>", &format!("{rdf}li>"), "'a'"),
        ("<x:a>", "<http://www.w3.org/2000/xmlns/p>", "'a'"),
        ("<x:a>", "<x:p>", r"'\u0000'"),
        ("<x:a>", "<x:p>", r"'a\u001Fb'"),
        ("<x:a>", "<x:p>", r"'\uFFFE'"),
    ] {
        let quads = quad(subject, predicate, &object.replace('\'', "\""));
        for error in [streamed(quads.clone()).unwrap_err(), laid_out(quads).unwrap_err()] {
            let expected = ["property-not-in-xml", "character-not-in-xml"];
            assert!(id(&error).is_some_and(|id| expected.contains(&id)), "{predicate} {object}");
        }
    }
    for (subject, predicate, object) in [
        ("<x:a>", "<x:5p>", "'a'"),
        ("<x:a>", "<x:p>", "<x:C/>"),
        ("_:1", "<x:p>", "_:_"),
        ("_:1", type_, "_:_1"),
        ("<x:a>", type_, "<x:C/>"),
        ("<x:a>", type_, "<x:5>"),
        ("<x:a>", type_, "'a'"),
        ("<x:a>", type_, &format!("{rdf}li>")),
        ("<x:a>", "<x:p>", r"'\r\n \t <&>\u007F\uFFFD'"),
    ] {
        let quads = quad(subject, predicate, &object.replace('\'', "\""));
        for text in [streamed(quads.clone()).unwrap(), laid_out(quads.clone()).unwrap()] {
            assert_eq!(read(GraphFormat::RdfXml, &text), canonical(quads.clone()));
            let text = String::from_utf8(text).unwrap();
            assert!(!text.contains("nodeID=\"1\"") && text.ends_with(">\n"), "{text}");
        }
    }
}

/// The layout, by an example of everything.
#[test]
fn the_layout_is_what_people_write() {
    let written = r#"@prefix ex:   <http://example.com/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd:  <http://www.w3.org/2001/XMLSchema#> .

<http://example.com/onto/logy> a <http://www.w3.org/2002/07/owl#Ontology> ;
    ex:lines """one
two""" .

ex:b a ex:First ;
    rdfs:label "Anna"@en, "Ännchen"@de ;
    ex:age -2, 1.5, 10 .

ex:a a ex:First ;
    rdfs:label "Berta" ;
    ex:known [ ex:since "2001"^^xsd:gYear ; ex:who ex:b ], [ ex:who _:c14n1 ] ;
    ex:list ( 1 ( true ex:b ) [] ) ;
    ex:none () .

ex:c a ex:Second .

ex:d a ex:Unlisted .

[] a ex:Unlisted ;
    ex:long
        "a text that is long enough, together with the other one, to need a line of its own",
        "a text that is long enough, together with the other one, to need a line of its own"@en .

ex:e ex:nested [
        ex:first "a text that is long enough, together with the other one, to need a line of its own" ;
        ex:second [] ;
        ex:third (
            "a text that is long enough, together with the other one, to need a line of its own"
            2
        )
    ] .

_:c14n1 ex:other [ ex:other _:c14n1 ] .
"#;
    let ontology = "@prefix ex: <http://example.com/> . ex:First a ex:C . ex:Second a ex:C .";
    let parse = |text: &str| -> Vec<Quad> {
        let parser = RdfParser::from_format(GraphFormat::Turtle.into());
        parser.for_slice(text.as_bytes()).map(Result::unwrap).collect()
    };
    let ontology = Ontology::listed_in(&parse(ontology));
    let mut prefixes = prefixes();
    prefixes.add("rdfs", "http://www.w3.org/2000/01/rdf-schema#");
    let layout = Layout { prefixes: &prefixes, ontology: &ontology };
    let mut quads = parse(written);
    for _ in 0..2 {
        let mut text = Vec::new();
        write_quads(GraphFormat::Turtle, quads.clone(), &layout, &mut text).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), written);
        quads.reverse();
    }
}

#[test]
fn every_part_of_the_dossier_reads_back() {
    let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    for part in Selection::ALL {
        let quads: Vec<Quad> = session.select(part).unwrap().map(Result::unwrap).collect();
        assert!(!quads.is_empty());
        assert_eq!(
            quads.iter().any(|q| q.graph_name != GraphName::DefaultGraph),
            part.has_named_graphs()
        );
        for format in GraphFormat::ALL {
            if format.has_named_graphs() || !part.has_named_graphs() {
                let mut text = Vec::new();
                write_quads(format, quads.clone(), &session.layout().unwrap(), &mut text).unwrap();
                assert_eq!(
                    read(format, &text),
                    canonical(quads.clone()),
                    "{} as {}",
                    part.name(),
                    format.name()
                );
            }
        }
    }
}

/// The parts are what they say: nothing of the evidence is a fact, and together they are all.
#[test]
fn the_parts_are_apart() {
    let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    let part = |part| canonical(session.select(part).unwrap().map(Result::unwrap));
    let facts = part(Selection::Facts);
    let is_evidence = |quad: &oxigraph::model::QuadRef<'_>| {
        ["quote", "document", "reason", "reading"]
            .iter()
            .any(|p| quad.predicate.as_str().ends_with(&format!("ontology#{p}")))
    };
    assert_eq!(facts.iter().filter(is_evidence).count(), 0);
    let claims = part(Selection::Claims);
    // Each of 28 claims and 2 omissions quotes one document once.
    assert_eq!(
        claims.iter().filter(|quad| quad.predicate.as_str().ends_with("#quote")).count(),
        30
    );
    let all = part(Selection::All);
    assert!(claims.iter().all(|quad| all.contains(quad)));
    let graphs: std::collections::BTreeSet<String> =
        all.iter().map(|quad| quad.graph_name.to_string()).collect();
    assert_eq!(graphs.len(), 28 + 2 + 1, "the claims, two ontologies, and the default graph");
}
