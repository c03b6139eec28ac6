//! RDF 1.2 and SPARQL 1.2: what is read, written, queried, cited and laid out.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use dossier::internals::{EngineQuery, RowGoal, Store, format_query, is_accepted, parse, prepare};
use dossier::{GraphFormat, InputFormat, Layout, Prefixes, RdfFile, SourceFile, write_quads};
use oxigraph::model::{BaseDirection, GraphName, Literal, NamedNode, Quad, Term, Triple};
use oxigraph::sparql::QueryResults;
use proptest::prelude::*;

fn iri(name: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("http://example.com/{name}"))
}

/// `ex:r rdf:reifies <<( ex:a ex:p ex:b )>>` and the like.
fn data() -> Vec<Quad> {
    let reifies = NamedNode::new_unchecked("http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies");
    let term = |s: &str, p: &str, o: Term| Term::from(Triple::new(iri(s), iri(p), o));
    let inner = term("a", "p", iri("b").into());
    let quad = |s: &str, p: NamedNode, o: Term| Quad::new(iri(s), p, o, GraphName::DefaultGraph);
    vec![
        quad("r", reifies.clone(), inner.clone()),
        quad("r", iri("source"), iri("doc").into()),
        quad("q", reifies.clone(), term("c", "p", iri("c").into())),
        quad("n", reifies, term("d", "says", inner)),
        quad("a", iri("p"), iri("b").into()),
    ]
}

/// Returns the rows of a query as sorted lines.
fn rows(store: &Store, text: &str) -> Vec<String> {
    let text = format!(
        "PREFIX : <http://example.com/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> {text}"
    );
    let query: EngineQuery = prepare(&parse("q", &text, &Prefixes::default()).unwrap());
    let QueryResults::Solutions(solutions) = store.evaluate(query, RowGoal::All).unwrap() else {
        panic!("{text}")
    };
    let mut rows: Vec<String> = solutions
        .map(|row| {
            let row = row.unwrap();
            let cells = row.iter().map(|(v, term)| format!("{}={term}", v.as_str()));
            cells.collect::<Vec<_>>().join(" ").replace("http://example.com/", "")
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn triple_terms_in_patterns_match_their_parts() {
    let store = Store::of(data()).unwrap();
    for (query, expected) in [
        ("SELECT ?r { ?r rdf:reifies <<( :a :p :b )>> }", vec!["r=<r>"]),
        ("SELECT ?r ?o { ?r rdf:reifies <<( ?s :p ?o )>> }", vec!["r=<q> o=<c>", "r=<r> o=<b>"]),
        ("SELECT ?r { ?r rdf:reifies <<( ?x :p ?x )>> }", vec!["r=<q>"]),
        ("SELECT ?d { << :a :p ?o >> :source ?d }", vec!["d=<doc>"]),
        ("SELECT ?r ?x { ?r rdf:reifies <<( :d ?p <<( ?x :p :b )>> )>> }", vec!["r=<n> x=<a>"]),
        ("SELECT ?s { ?s :p ?o FILTER EXISTS { ?r rdf:reifies <<( ?s :p ?o )>> } }", vec!["s=<a>"]),
        ("SELECT ?s { ?s :p ?o FILTER EXISTS { ?r rdf:reifies <<( ?s :says ?o )>> } }", vec![]),
        ("SELECT ?s { ?s :source ?o MINUS { ?s rdf:reifies <<( :a ?p ?x )>> } }", vec![]),
        (
            "SELECT (COUNT(*) AS ?n) { ?r rdf:reifies ?t FILTER(isTRIPLE(OBJECT(?t))) }",
            vec!["n=\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>"],
        ),
    ] {
        assert_eq!(rows(&store, query), expected, "{query}");
        assert_eq!(rows(&store.clone().without_planning(), query), expected, "unplanned: {query}");
    }
}

#[test]
fn queries_of_sparql_1_2_are_laid_out() {
    let text = "VERSION \"1.2\" SELECT*{<<?a ?b ?c~?r>> ?p \"x\"@en--ltr.?a ?b ?c~?r{|?x 1;?y 2|}.?z ?w <<(?a ?b 1)>>}";
    assert!(is_accepted(text));
    let laid_out = format_query("q", text).unwrap();
    for part in ["<< ?a ?b ?c ~ ?r >>", "{| ?x 1 ; ?y 2 |}", "<<( ?a ?b 1 )>>", "@en--ltr"] {
        assert!(laid_out.contains(part), "{laid_out}");
    }
    assert_eq!(format_query("q", &laid_out).unwrap(), laid_out);
}

#[test]
fn what_has_no_place_is_refused() {
    let (prefixes, ontology) = (Prefixes::default(), dossier::Ontology::default());
    let layout = Layout { prefixes: &prefixes, ontology: &ontology };
    for (format, message) in [
        (GraphFormat::RdfXml, "cannot write triple terms as rdfxml"),
        (GraphFormat::JsonLd, "cannot write triple terms as jsonld"),
    ] {
        let refused = write_quads(format, data(), &layout, &mut Vec::new()).unwrap_err();
        assert!(refused.to_string().contains(message), "{refused}");
    }
    let text = "<x:a> <x:b> <x:c> ~ <x:r> .";
    let source = SourceFile { path: "a.ttl".to_owned(), bytes: text.as_bytes().into() };
    let file = RdfFile::of(source, InputFormat::from(GraphFormat::Turtle));
    let refused = dossier::format_rdf(&file, &layout, false).unwrap_err();
    let message = "cannot format triple terms, reifiers and annotations";
    assert!(refused.to_string().contains(message), "{refused}");
}

fn object() -> impl Strategy<Value = Term> {
    let leaf = prop_oneof![
        "[a-c]".prop_map(|name| Term::from(iri(&name))),
        "[a-c\"\n]{0,3}".prop_map(|text| Literal::new_simple_literal(text).into()),
        ("[a-c]{0,3}", prop::bool::ANY).prop_map(|(text, is_ltr)| {
            let direction = if is_ltr { BaseDirection::Ltr } else { BaseDirection::Rtl };
            Literal::new_directional_language_tagged_literal_unchecked(text, "en", direction).into()
        }),
    ];
    leaf.prop_recursive(3, 8, 1, |inner| {
        ("[a-c]", "[p-q]", inner).prop_map(|(s, p, o)| Triple::new(iri(&s), iri(&p), o).into())
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        quads in prop::collection::vec(("[a-c]", "[p-q]", object()), 0..6)
    ) {
        let mut quads: Vec<Quad> = quads
            .into_iter()
            .map(|(s, p, o)| Quad::new(iri(&s), iri(&p), o, GraphName::DefaultGraph))
            .collect();
        quads.sort_by_key(Quad::to_string);
        quads.dedup();
        let mut prefixes = Prefixes::default();
        prefixes.add("ex", "http://example.com/");
        let ontology = dossier::Ontology::default();
        let layout = Layout { prefixes: &prefixes, ontology: &ontology };
        for format in [GraphFormat::Turtle, GraphFormat::TriG, GraphFormat::NTriples, GraphFormat::NQuads] {
            let mut out = Vec::new();
            write_quads(format, quads.clone(), &layout, &mut out).unwrap();
            let source = SourceFile { path: "data".to_owned(), bytes: out.into() };
            let file = RdfFile::of(source, InputFormat::from(format));
            let (mut again, _) = dossier::internals::read_file(&file).unwrap();
            again.sort_by_key(Quad::to_string);
            prop_assert_eq!(&again, &quads);
        }
    }
}

#[test]
fn joined_texts_keep_their_direction() {
    let store = Store::of(data()).unwrap();
    let joined = "SELECT ?x { BIND(CONCAT(\"a\"@en--ltr, \"b\"@en--ltr) AS ?x) }";
    assert_eq!(rows(&store, joined), ["x=\"ab\"@en--ltr"]);
    assert_eq!(rows(&store, &joined.replace("\"b\"@en--ltr", "\"b\"@en--rtl")), ["x=\"ab\""]);
}

#[test]
fn directions_of_rdf_xml_are_read() {
    let text = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://example.com/"
        xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0" its:dir="rtl" xml:lang="ar" rdf:version="1.2">
        <rdf:Description rdf:about="http://example.com/a" ex:p="b" /></rdf:RDF>"#;
    let source = SourceFile { path: "data".to_owned(), bytes: text.as_bytes().to_vec().into() };
    let file = RdfFile::of(source, InputFormat::from(GraphFormat::RdfXml));
    let (quads, _) = dossier::internals::read_file(&file).unwrap();
    let objects: Vec<String> = quads.iter().map(|quad| quad.object.to_string()).collect();
    assert_eq!(objects, ["\"b\"@ar--rtl"]);
}
