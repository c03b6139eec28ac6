//! Tests RDF/XML features that the parser alone rejects or reads differently than the specification.

use crate::diagnostic::{Diagnostic, Result};
use crate::dossier::SourceFile;
use crate::rdf::read::file::RdfFile;
use crate::rdf::read::stream::RdfStream;
use crate::vocabulary::Prefixes;

const BASE: &str = "http://e.example/folder/file";

fn file(text: &str) -> RdfFile {
    let source = SourceFile { path: "file.rdf".to_owned(), bytes: text.as_bytes().to_vec().into() };
    RdfFile { base: Some(BASE.to_owned()), ..RdfFile::new(source).unwrap() }
}

/// Returns the triples of a file. Asserts that reading it whole and reading it as a stream give the same result.
fn triples_of(text: &str) -> Result<Vec<String>, Diagnostic> {
    let (mut whole, file) = (Vec::new(), file(text));
    let read = file.read(1, &mut Prefixes::default(), |quad| whole.push(quad.to_string()));
    let streamed = RdfStream::of(vec![file.into()]).collect::<Result<Vec<_>>>();
    match (read, streamed) {
        (Ok(()), Ok(streamed)) => {
            let streamed: Vec<_> = streamed.iter().map(ToString::to_string).collect();
            assert_eq!(whole, streamed, "{text}");
            Ok(whole)
        }
        (Err(problem), Err(error)) => {
            assert_eq!(problem, error.problems[0], "{text}");
            Err(problem)
        }
        (whole, streamed) => panic!("{text}: {whole:?}, {:?}", streamed.err()),
    }
}

fn wrapped(declarations: &str, nodes: &str) -> String {
    format!(
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:e=\"http://e.example/\" \
         {declarations}>{nodes}</rdf:RDF>"
    )
}

/// Returns the triples of a file with these declarations on its root and these nodes.
fn triples(declarations: &str, nodes: &str) -> Vec<String> {
    let text = wrapped(declarations, nodes);
    triples_of(&text).unwrap_or_else(|problem| panic!("{text}: {problem:?}"))
}

/// Returns the object of the only triple, for a property with these attributes.
fn object(attributes: &str, content: &str) -> String {
    let nodes = format!("<e:T rdf:about=\"a\"><e:p {attributes}>{content}</e:p></e:T>");
    let start = "<http://e.example/folder/a> <http://e.example/p> ";
    let triples = triples("", &nodes);
    let found: Vec<_> = triples.iter().filter_map(|triple| triple.strip_prefix(start)).collect();
    assert_eq!(found.len(), 1, "{triples:?}");
    found[0].to_owned()
}

fn xml(text: &str) -> String {
    format!("\"{text}\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral>")
}

/// Returns the message and the line of the diagnostic for a file.
fn problem(text: &str) -> (String, usize) {
    let problem = triples_of(text).unwrap_err();
    let line = problem.excerpt.as_ref().map_or(0, |excerpt| excerpt.line);
    (problem.message, line)
}

#[test]
fn a_base_may_be_relative_to_the_one_outside() {
    for (base, node) in [
        ("", "http://e.example/folder/n"),
        ("other/", "http://e.example/folder/other/n"),
        ("../x", "http://e.example/n"),
        ("http://o.example/", "http://o.example/n"),
        ("//o.example/x/#f", "http://o.example/x/n"),
    ] {
        let found = triples(&format!("xml:base=\"{base}\""), "<e:T rdf:about=\"n\"/>");
        let expected = format!(
            "<{node}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e.example/T>"
        );
        assert_eq!(found, [expected], "{base}");
    }
    // It applies only inside its element.
    let nodes = "<e:T xml:base=\"x/\" rdf:about=\"n\"/><e:T xml:base=\"y/\" rdf:about=\"n\"/><e:T rdf:about=\"n\"/>";
    let found: Vec<_> = triples("", nodes)
        .iter()
        .filter_map(|triple| Some(triple.split_once(' ')?.0.to_owned()))
        .collect();
    assert_eq!(
        found,
        [
            "<http://e.example/folder/x/n>",
            "<http://e.example/folder/y/n>",
            "<http://e.example/folder/n>"
        ]
    );
}

#[test]
fn a_language_of_nothing_is_none() {
    assert_eq!(object("xml:lang=\"de\"", "x"), "\"x\"@de");
    assert_eq!(object("xml:lang=\"\"", "x"), "\"x\"");
    let nodes = "<e:T rdf:about=\"a\" xml:lang=\"de\" e:q=\"y\"><e:p xml:lang=\"\"><e:U e:q=\"z\"/></e:p></e:T>";
    let found = triples("xml:lang=\"en\"", nodes);
    assert!(found.iter().any(|triple| triple.ends_with("\"y\"@de")), "{found:?}");
    assert!(found.iter().any(|triple| triple.ends_with("\"z\"")), "{found:?}");
}

#[test]
fn language_tags_are_those_of_the_grammar() {
    assert_eq!(object("xml:lang=\"zh-classical\"", "x"), "\"x\"@zh-classical");
    assert_eq!(object("xml:lang=\"x-1\"", "x"), "\"x\"@x-1");
    let text = wrapped("xml:lang=\"not a tag\"", "");
    assert_eq!(problem(&text), ("`not a tag` is not a language tag".to_owned(), 1));
}

#[test]
fn other_parse_types_are_literals() {
    assert_eq!(
        object("rdf:parseType=\"daml:collection\"", "<e:x/>"),
        xml("<e:x xmlns:e=\\\"http://e.example/\\\"></e:x>")
    );
    assert_eq!(object("rdf:parseType=\"\"", "x"), xml("x"));
}

#[test]
fn literals_of_xml_are_canonical() {
    for (content, expected) in [
        ("", ""),
        (" ", " "),
        ("a &lt; b &amp; c &#62; d", "a &lt; b &amp; c &gt; d"),
        ("<br />", "<br></br>"),
        ("<![CDATA[<b>]]>", "&lt;b&gt;"),
        ("<!-- c --><?p  d?>", "<!-- c --><?p d?>"),
        ("a\r\nb\rc&#13;", "a\\nb\\nc&#xD;"),
        // Namespaces are declared where they are used, once.
        (
            "<b xmlns=\"http://b.example/\"><c/></b>",
            "<b xmlns=\\\"http://b.example/\\\"><c></c></b>",
        ),
        ("<k:b xmlns:k=\"k:\" xmlns:u=\"u:\"/>", "<k:b xmlns:k=\\\"k:\\\"></k:b>"),
        ("<b xmlns=\"b:\"><c xmlns=\"\"/></b>", "<b xmlns=\\\"b:\\\"><c xmlns=\\\"\\\"></c></b>"),
        (
            "<e:b><e:c/></e:b><e:d/>",
            "<e:b xmlns:e=\\\"http://e.example/\\\"><e:c></e:c></e:b><e:d xmlns:e=\\\"http://e.example/\\\"></e:d>",
        ),
        // Attributes are sorted by namespace and name.
        (
            "<b xmlns:z=\"a:\" xmlns:y=\"b:\" y:a='1' z:b='2' z:a='3' b='\"' a='&lt;\n' xml:lang='De'/>",
            "<b xmlns:y=\\\"b:\\\" xmlns:z=\\\"a:\\\" a=\\\"&lt; \\\" b=\\\"&quot;\\\" z:a=\\\"3\\\" z:b=\\\"2\\\" y:a=\\\"1\\\" xml:lang=\\\"De\\\"></b>",
        ),
    ] {
        assert_eq!(object("rdf:parseType=\"Literal\"", content), xml(expected), "{content}");
    }
}

#[test]
fn text_is_one_whatever_it_consists_of() {
    assert_eq!(object("", "a<!-- b -->c<![CDATA[<d>]]>&amp;<?e f?>g"), "\"ac<d>&g\"");
    assert_eq!(object("", "a\r\nb\rc&#13;"), "\"a\\nb\\nc\\r\"");
    let found = triples("", "<e:T rdf:about=\"a\" e:p=\"a\r\nb\tc&#9;\"/>");
    assert!(found.iter().any(|triple| triple.ends_with("\"a b c\\t\"")), "{found:?}");
}

#[test]
fn a_type_alone_makes_the_value_a_node() {
    let nodes = "<rdf:Description rdf:about=\"a\"><e:p rdf:type=\"T\"/><e:p rdf:type=\"U\"/></rdf:Description>";
    let found = triples("", nodes);
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(
        found.iter().filter(|triple| triple.ends_with("> <http://e.example/folder/T>")).count(),
        1
    );
}

#[test]
fn old_attributes_are_those_of_rdf() {
    let found = triples("", "<e:T about=\"n\"><e:p resource=\"m\"/></e:T>");
    assert_eq!(found.len(), 2);
    assert_eq!(
        found[1],
        "<http://e.example/folder/n> <http://e.example/p> <http://e.example/folder/m>"
    );
    let text = "<RDF xmlns=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:e=\"http://e.example/\">\
                <Description ID=\"n\"><e:p parseType=\"Literal\"><b xmlns=\"\"/></e:p></Description></RDF>";
    let expected = format!("<{BASE}#n> <http://e.example/p> {}", xml("<b></b>"));
    assert_eq!(triples_of(text).unwrap(), [expected]);
    let (message, _) = problem(&wrapped("", "<e:T aboot=\"n\"/>"));
    assert_eq!(message, "the attribute `aboot` has no namespace");
}

#[test]
fn reserved_names_are_left_out() {
    let found =
        triples("", "<e:T rdf:about=\"n\" xml:space=\"default\" XMLfoo=\"1\" xmlfoo=\"2\"/>");
    assert_eq!(found.len(), 1);
}

#[test]
fn entities_stand_for_text() {
    let text = |value: &str| {
        let declared = "<!DOCTYPE rdf:RDF [<!-- <!ENTITY a 'no'> --><!ENTITY % p \"q\"><?p ]?>\
                        <!ENTITY a \"http://a.example/\">\n<!ENTITY a 'second'><!ENTITY b '&a;b'>\
                        <!ENTITY lt3 '&#38;#60;3'><!ENTITY far SYSTEM 'far.xml'><!ENTITY me '&me;'>]>";
        format!("{declared}{}", wrapped("", &format!("\n<e:T rdf:about=\"&b;\" e:p=\"{value}\"/>")))
    };
    let found = triples_of(&text("&b; &lt3;")).unwrap();
    assert_eq!(found[1], "<http://a.example/b> <http://e.example/p> \"http://a.example/b <3\"");
    for (value, message) in [
        ("&no;", "the entity `&no;` is not declared"),
        ("&far;", "the entity `&far;` is another document, which is not downloaded"),
        ("&me;", "the entity `&me;` contains itself, or is nested too deep"),
        ("R & B", "this `&` does not begin a reference"),
        ("&#0;", "`&#0;` is not the code of a character"),
    ] {
        assert_eq!(problem(&text(value)), (message.to_owned(), 3), "{value}");
    }
}

#[test]
fn what_entities_expand_to_is_limited() {
    let doubling = |first: &str| {
        let mut text = format!("<!DOCTYPE rdf:RDF [<!ENTITY e0 \"{first}\">");
        for i in 0..30 {
            text.push_str(&format!("<!ENTITY e{} \"{}\">", i + 1, format!("&e{i};").repeat(10)));
        }
        text + "]>" + &wrapped("", "<e:T rdf:about=\"a\"><e:p>&e30;</e:p></e:T>")
    };
    for first in ["ten bytes.", ""] {
        assert_eq!(
            problem(&doubling(first)).0,
            "the entities of this file expand to too much text"
        );
    }
}

#[test]
fn prefixes_are_those_of_the_file() {
    let text = "<!DOCTYPE rdf:RDF [<!ENTITY e 'http://e.example/'>]>".to_owned()
        + &wrapped("xmlns:f=\"&e;f#\"", "<f:T/>");
    let mut prefixes = Prefixes::default();
    file(&text).read(1, &mut prefixes, |_| ()).unwrap();
    assert_eq!(prefixes.namespace("f"), Some("http://e.example/f#"));
    let mut stream = RdfStream::of(vec![file(&text).into()]);
    assert!(stream.all(|quad| quad.is_ok()));
    assert_eq!(stream.prefixes, prefixes);
}

#[test]
fn a_problem_has_its_place() {
    let node =
        |property: &str| wrapped("", &format!("\n<e:T rdf:about=\"a\">\n{property}\n</e:T>"));
    for (text, message, line) in [
        (
            wrapped("", "\n<e:T rdf:ID=\"b\"/>\n<e:T rdf:ID=\"b\"/>"),
            "<http://e.example/folder/file#b> has already been used as rdf:ID value",
            3,
        ),
        (node("<e:p>x</e:p>\nword"), "expected an element, but found the text `word`", 4),
        (
            node("<e:p><e:T/><e:T/></e:p>"),
            "a property can have only one value, and this is the second",
            3,
        ),
        (
            node("<e:p rdf:resource=\"x\"><e:T/></e:p>"),
            "a property can have only one value, and this is the second",
            3,
        ),
        (
            node("<e:p>x<e:T/></e:p>"),
            "the value of a property is either text or an element, not both",
            3,
        ),
        (node("<f:p>x</f:p>"), "the prefix `f:` is not declared", 3),
        (node("<e:p rdf:parseType=\"Literal\"><f:p/></e:p>"), "the prefix `f:` is not declared", 3),
        (
            node(
                "<e:p rdf:datatype=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#langString\">x</e:p>",
            ),
            "a literal of this datatype must have a language tag",
            3,
        ),
        (
            node("<e:p rdf:parseType=\"Literal\" rdf:resource=\"x\"/>"),
            "`rdf:parseType` cannot be combined with another attribute for the value",
            3,
        ),
        (node("<e:p rdf:parseType=\"Triple\"/>"), "a triple inside a triple is not supported", 3),
        (wrapped("", "\n") + "\n<e:T/>", "this is a second root element", 3),
        ("\n<!-- -->\n".to_owned(), "the file ends before its first element", 3),
    ] {
        assert_eq!(problem(&text), (message.to_owned(), line), "{text}");
    }
}
