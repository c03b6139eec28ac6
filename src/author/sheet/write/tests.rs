//! Claims that are written as a sheet and drafted again are the same claims.

use super::*;
use crate::author::drafting::{SignedDraft, verify};
use crate::author::sheet::read_sheet;
use crate::claim::Selector;
use crate::diagnostic::Severity;
use crate::dossier::{Dossier, SourceFile};
use crate::rdf::diff::DatasetDiff;
use crate::session::{Data, Selection};
use crate::vocabulary::{Prefixes, dcterms, dos, oa, prov, rdf};
use oxigraph::model::{BlankNode, Literal, NamedNodeRef};
use proptest::prelude::*;
use std::collections::HashSet;

/// Labels that look like something else, or mean two things.
const LABELS: &str = r#"
    <http://ex.org/bar> <http://www.w3.org/2000/01/rdf-schema#label> "a | b" .
    <http://ex.org/quote> <http://www.w3.org/2000/01/rdf-schema#label> "\"quoted\"", "'single'" .
    <http://ex.org/key> <http://www.w3.org/2000/01/rdf-schema#label> "reading: x", "omit: it" .
    <http://ex.org/iri> <http://www.w3.org/2000/01/rdf-schema#label> "<http://ex.org/bar>" .
    <http://ex.org/curie> <http://www.w3.org/2000/01/rdf-schema#label> "country:CN" .
    <http://ex.org/one> <http://www.w3.org/2000/01/rdf-schema#label> "Twin" .
    <http://ex.org/two> <http://www.w3.org/2000/01/rdf-schema#label> "twin", "1984" .
    <http://ex.org/space> <http://www.w3.org/2000/01/rdf-schema#label> " spaced ", "line\nbreak" .
"#;

/// Returns the built-in dossier with these claims in place of its own.
fn session(claims: &str) -> Session {
    let file = |path: &str, text: &str| SourceFile {
        path: path.to_owned(),
        bytes: text.as_bytes().to_vec().into(),
    };
    let files = [file("data/sco.trig", claims), file("data/labels.ttl", LABELS)];
    Session::open(Dossier::built_in().with_files(files), &Data::Dossier).unwrap()
}

/// Returns the claims and omissions of a session, without its documents.
fn claims(session: &Session) -> Vec<Quad> {
    let quads: Vec<Quad> = session.select(Selection::Claims).unwrap().map(Result::unwrap).collect();
    let is_document = |quad: &&Quad| {
        quad.predicate.as_ref() == rdf::TYPE && quad.object == dos::DOCUMENT_CLASS.into()
    };
    let documents: HashSet<_> =
        quads.iter().filter(is_document).map(|quad| quad.subject.clone()).collect();
    let is_kept =
        |quad: &Quad| !quad.graph_name.is_default_graph() || !documents.contains(&quad.subject);
    quads.into_iter().filter(is_kept).collect()
}

/// Writes claims as a sheet, drafts them in a dossier without claims, and returns the errors and what differs.
fn drafted_again(full: &Session) -> (WrittenSheet, Vec<String>, DatasetDiff) {
    let sheet = write_sheet(full, None).unwrap();
    let content = read_sheet("a.md", sheet.text.as_bytes(), None);
    assert_eq!(content.problems, [], "{}", sheet.text);
    let signed: Vec<_> = content
        .drafts
        .iter()
        .map(|draft| SignedDraft { draft, creator: None, contributor: None })
        .collect();
    let (mut errors, mut quads) = (Vec::new(), Vec::new());
    for draft in &verify(&session(""), &signed, None).unwrap().drafts {
        let found = draft.findings.iter().map(|finding| &finding.diagnostic);
        let found = found.filter(|found| found.severity == Severity::Error);
        errors.extend(found.map(ToString::to_string));
        quads.extend(draft.claim.iter().flat_map(|claim| claim.quads.clone()));
    }
    // Statements about blank nodes of heads are no claims to a selection.
    let stated = StatedClaim::all(full).unwrap();
    let mut before = claims(full);
    before.extend(stated.iter().flat_map(StatedClaim::nested));
    (sheet, errors, DatasetDiff::between(&before, &quads))
}

#[test]
fn the_built_in_claims_come_back() {
    let full = session(include_str!("../../../../data/sco.trig"));
    let (sheet, errors, diff) = drafted_again(&full);
    assert_eq!((sheet.left_out, errors), (vec![], vec![]));
    assert!(diff.is_empty(), "{diff:?}");
    let claim = "> Acronym: SCO\n- as: claim:acronym\n- Shanghai Cooperation Organisation | acronym | SCO\n\n";
    assert!(sheet.text.starts_with("# Shanghai Cooperation Organisation\n\n> Shanghai"));
    assert!(sheet.text.contains(claim), "{}", sheet.text);
}

#[test]
fn what_a_sheet_cannot_say_is_left_out() {
    let full = session(
        r#"@prefix dos: <https://w3id.org/dossier/ontology#> .
        @prefix doc: <https://w3id.org/dossier/sco/document/> .
        @prefix ex: <http://ex.org/> .
        ex:absent a dos:Claim ; dos:document doc:sco ; dos:quote "no such words" .
        ex:absent { ex:a ex:b ex:c . }
        ex:cut a dos:Claim ; dos:document doc:sco ; dos:quote "hanghai Cooperation Organisation (SC" .
        ex:cut { ex:a ex:b ex:c . }
        ex:empty a dos:Claim ; dos:document doc:sco ; dos:quote "Acronym: SCO" .
        ex:several a dos:Claim ; dos:document doc:sco ; dos:quote "Acronym: SCO", "Established: 2001" .
        ex:several { ex:a ex:b ex:c . }
        ex:unexplained a dos:Omission ; dos:document doc:sco ; dos:quote "Update:" ."#,
    );
    let sheet = write_sheet(&full, None).unwrap();
    assert_eq!(sheet.text, "");
    let left_out: Vec<_> =
        sheet.left_out.iter().map(|(name, why)| (&name.as_str()[14..], *why)).collect();
    assert_eq!(
        left_out,
        [
            ("absent", Omitted::Misplaced),
            ("cut", Omitted::NotTyped),
            ("empty", Omitted::Empty),
            ("several", Omitted::NotOneQuote),
            ("unexplained", Omitted::NotOneQuote),
        ]
    );
}

fn text() -> impl Strategy<Value = String> {
    let pieces = vec![
        "a",
        "b c",
        "|",
        "\"",
        "\n",
        "\\",
        " ",
        "=",
        ",",
        "<",
        ">",
        "- ",
        "# ",
        "```",
        "é",
        "'",
        "\t",
        "1984",
        "reading: ",
        "…",
        "\u{a0}",
        "@en",
    ];
    prop::collection::vec(prop::sample::select(pieces), 1..5).prop_map(|pieces| pieces.concat())
}

fn thing() -> impl Strategy<Value = NamedNode> {
    prop::sample::select(vec![
        "https://w3id.org/dossier/country/CN",
        "https://w3id.org/dossier/sco/SCO",
        "https://w3id.org/dossier/sco/new-thing",
        "http://ex.org/bar",
        "http://ex.org/quote",
        "http://ex.org/key",
        "http://ex.org/iri",
        "http://ex.org/curie",
        "http://ex.org/one",
        "http://ex.org/two",
        "http://ex.org/space",
        "http://ex.org/a(b)'c",
        "urn:x:|y",
    ])
    .prop_filter_map("an IRI", |iri| NamedNode::new(iri).ok())
}

fn property() -> impl Strategy<Value = NamedNode> {
    prop::sample::select(vec![
        rdf::TYPE.as_str(),
        "https://w3id.org/dossier/ontology#established",
        "https://w3id.org/dossier/ontology#founder",
        "https://w3id.org/dossier/ontology#date",
        "https://schema.org/name",
        "http://ex.org/p",
        "http://ex.org/key",
    ])
    .prop_map(NamedNode::new_unchecked)
}

fn value() -> impl Strategy<Value = Term> {
    let typed = |datatype: &'static str| {
        move |text: String| {
            Term::from(Literal::new_typed_literal(text, NamedNode::new_unchecked(datatype)))
        }
    };
    prop_oneof![
        thing().prop_map(Term::from),
        text().prop_map(|text| Literal::new_simple_literal(text).into()),
        text().prop_map(|text| Literal::new_language_tagged_literal_unchecked(text, "en").into()),
        text()
            .prop_map(|text| Literal::new_language_tagged_literal_unchecked(text, "de-at").into()),
        text().prop_map(typed("http://ex.org/type")),
        "[1-9][0-9]{3}".prop_map(typed("http://www.w3.org/2001/XMLSchema#gYear")),
        "[1-9][0-9]{0,3}".prop_map(typed("http://www.w3.org/2001/XMLSchema#integer")),
        (0_usize..2).prop_map(|node| BlankNode::new_unchecked(format!("n{node}")).into()),
    ]
}

/// A claim before it has a name: where its quote begins and ends among the words of the document, its statements, its
/// readings, and what else its head says.
type Drawn = ((usize, usize), Vec<(Option<NamedNode>, NamedNode, Term)>, Vec<String>, Option<Term>);

fn drawn() -> impl Strategy<Value = Drawn> {
    let statement = (prop::option::weighted(0.9, thing()), property(), value());
    let words = (0_usize..150, 1_usize..12);
    let statements = prop::collection::vec(statement, 1..6);
    (words, statements, prop::collection::vec(text(), 0..3), prop::option::of(value()))
}

/// Returns the quads of a claim.
fn quads_of(number: usize, drawn: &Drawn, document: &NamedNode, text: &str) -> Vec<Quad> {
    let ((start, length), statements, readings, other) = drawn;
    let name = NamedNode::new_unchecked(format!("https://w3id.org/dossier/sco/claim/c{number}"));
    let words: Vec<(usize, &str)> = text
        .split_whitespace()
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
        .collect();
    let start = start % words.len();
    let (end, last) = words[(start + length - 1).min(words.len() - 1)];
    let span = words[start].0..end + last.len();
    let selector = Selector::shortest(text, &span).unwrap_or_default();
    let node = |node: &BlankNode| BlankNode::new_unchecked(format!("{}x{number}", node.as_str()));
    let renamed = |term: &Term| match term {
        Term::BlankNode(blank) => node(blank).into(),
        other => other.clone(),
    };
    let mut quads = Vec::new();
    let mut say = |property: NamedNodeRef<'_>, value: Term| {
        quads.push(Quad::new(name.clone(), property, value, GraphName::DefaultGraph));
    };
    say(rdf::TYPE, dos::CLAIM.into());
    say(dos::DOCUMENT, document.clone().into());
    say(dos::QUOTE, Literal::new_simple_literal(&text[span]).into());
    for (property, words) in [(oa::PREFIX, selector.prefix), (oa::SUFFIX, selector.suffix)] {
        if !words.is_empty() {
            say(property, Literal::new_simple_literal(words).into());
        }
    }
    for reading in readings {
        say(dos::READING, Literal::new_simple_literal(reading).into());
    }
    match other {
        Some(Term::BlankNode(_)) => {
            let inner = BlankNode::new_unchecked(format!("h{number}"));
            say(prov::WAS_DERIVED_FROM, inner.clone().into());
            quads.push(Quad::new(inner, dcterms::TITLE, name.clone(), GraphName::DefaultGraph));
        }
        Some(other) => say(dcterms::CREATOR, other.clone()),
        None => {}
    }
    for (subject, property, value) in statements {
        let subject: NamedOrBlankNode = match subject {
            Some(subject) => subject.clone().into(),
            None => node(&BlankNode::new_unchecked("n0")).into(),
        };
        quads.push(Quad::new(subject, property.clone(), renamed(value), name.clone()));
    }
    quads
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn claims_come_back(drawn in prop::collection::vec(drawn(), 1..4)) {
        let empty = session("");
        let document = empty.find_document(None).unwrap();
        let text = empty.text_of(&document).unwrap().text().to_owned();
        let quads: Vec<Quad> = (0..).zip(&drawn).flat_map(|(number, drawn)| quads_of(number, drawn, &document, &text)).collect();
        let mut trig = Vec::new();
        let prefixes = Prefixes::default();
        let layout = Layout { prefixes: &prefixes, ontology: empty.ontology().unwrap() };
        write_quads(GraphFormat::TriG, quads, &layout, &mut trig).unwrap();
        let full = session(&String::from_utf8(trig).unwrap());
        let (sheet, errors, diff) = drafted_again(&full);
        prop_assert!(sheet.left_out.is_empty(), "{:?}\n{}", sheet.left_out, sheet.text);
        prop_assert!(diff.is_empty(), "{}\n{:?}\n{:?}", sheet.text, errors, diff);
    }
}

/// What a property takes in a declaration, and a value of that.
fn taken() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("date", "1984-06"),
        ("year", "1984"),
        ("number", "2.5"),
        ("number", "12"),
        ("whole number", "12"),
        ("text", "twelve"),
        ("yes or no", "true"),
        ("web address", "https://example.com/12"),
        ("xsd:gYear", "1984"),
        ("thing", "New thing 0"),
        ("new class 0", "New thing 0"),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Claims that use what their sheet declares come back from a sheet that declares nothing, since the ontology has it.
    #[test]
    fn declared_terms_come_back(taken in prop::collection::vec(taken(), 1..5), has_domain in any::<bool>()) {
        let mut text = String::from("# sco\n- new: new class 0 | class\n- new: New thing 0 | new class 0\n");
        for (number, (takes, _)) in taken.iter().enumerate() {
            let of = if has_domain { " | new class 0" } else { "" };
            text.push_str(&format!("- new: new property {number} | property | {takes}{of}\n"));
        }
        for (number, (_, value)) in taken.iter().enumerate() {
            text.push_str(&format!("> Acronym: SCO\n- as: c{number}\n- New thing 0 | new property {number} | {value}\n"));
        }
        let mut content = read_sheet("a.md", text.as_bytes(), None);
        prop_assert_eq!(&content.problems, &[]);
        content.drafts[0].says.splice(0..0, content.declarations);
        let signed: Vec<_> = content.drafts.iter().map(|draft| SignedDraft { draft, creator: None, contributor: None }).collect();
        let empty = session("");
        let verified = verify(&empty, &signed, None).unwrap();
        let errors = verified.check().err().map(|error| error.problems);
        prop_assert!(errors.is_none(), "{text}{errors:?}");
        let files: Vec<SourceFile> = verified.files().cloned().collect();
        let full = Session::open(empty.dossier().with_files(files.clone()), &Data::Dossier).unwrap();
        let sheet = write_sheet(&full, None).unwrap();
        prop_assert_eq!(&sheet.left_out, &[]);
        // The dossier with the ontology, but without the claims.
        let terms = files.into_iter().filter(|file| file.extension() == "ttl");
        let without = Session::open(empty.dossier().with_files(terms), &Data::Dossier).unwrap();
        let content = read_sheet("b.md", sheet.text.as_bytes(), None);
        let signed: Vec<_> = content.drafts.iter().map(|draft| SignedDraft { draft, creator: None, contributor: None }).collect();
        let again = verify(&without, &signed, None).unwrap();
        let quads: Vec<Quad> = again.drafts.iter().flat_map(|draft| draft.claim.iter().flat_map(|claim| claim.quads.clone())).collect();
        let diff = DatasetDiff::between(&claims(&full), &quads);
        prop_assert!(diff.is_empty(), "{}\n{:?}", sheet.text, diff);
    }
}
