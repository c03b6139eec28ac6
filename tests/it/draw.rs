//! Pictures: well-formed whatever the data says, without overlaps, and always the same bytes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use crate::support::program::run;
use dossier::{
    Basis, Edge, Line, Node, Note, Picture, Standing, draw_dot, draw_mermaid, draw_svg, page_of,
};
use oxigraph::model::NamedNode;
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::fs;
use std::path::Path;

/// Texts that would be markup or code where somebody forgot to escape them.
const HOSTILE: [&str; 12] = [
    "</text><script>alert(1)</script>",
    "]]><!-- & &amp; &#x0; <![CDATA[",
    "\" onload=\"alert(1)",
    "' style='x",
    "a\u{0}b\u{8}c\u{1b}[31m\u{fffe}\u{202e}",
    "\"]; n0 -> n1 [label=\"x",
    "\\\" \\N \\G trailing \\",
    "%%{init: {\"theme\": \"dark\"}}%%",
    "x\"]\nclick n0 \"javascript:alert(1)\"",
    "end\n}\nsubgraph x { `**bold**`",
    "</style></svg><img src=x onerror=alert(1)>",
    "",
];

/// A picture in which everything is called by the given texts.
fn picture(texts: &[String]) -> Picture {
    let text = |place: usize| texts[place % texts.len()].clone();
    let basis = Basis { notes: vec![1], standing: Standing::Uncertain };
    let iri = |place| NamedNode::new_unchecked(format!("http://example.com/{place}"));
    let node = |place| Node {
        iri: Some(iri(place)),
        label: text(place),
        class: Some(place % 2),
        lines: vec![Line { text: text(place + 1), basis: basis.clone() }],
        is_focus: place == 0,
    };
    let edge = |to| Edge { from: 0, to, label: text(to + 2), basis: basis.clone() };
    let note = Note {
        iri: iri(9),
        name: text(3),
        source: text(4),
        quote: Some(text(5)),
        readings: vec![text(6)],
        link: Some(format!("javascript:{}", text(5))),
    };
    Picture {
        title: text(7),
        nodes: (0..4).map(node).collect(),
        edges: (1..4).map(edge).chain([Edge { from: 3, to: 0, ..edge(1) }]).collect(),
        classes: vec![text(8), text(9)],
        notes: vec![note],
        left_out: Some(text(10)),
    }
}

/// The names of the elements and attributes of a text of XML, which has to be well-formed.
fn elements(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => {
                let name = start.name();
                found.push(String::from_utf8(name.as_ref().to_vec()).unwrap());
                for attribute in start.attributes() {
                    let attribute = attribute.unwrap();
                    let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                    attribute.unescape_value().unwrap();
                    // Text of known width says how wide it is; hostile text need not.
                    if !["textLength", "lengthAdjust"].contains(&key.as_str()) {
                        found.push(format!("@{key}"));
                    }
                }
            }
            Event::Text(text) => {
                let text = text.unescape().unwrap();
                let is_allowed = |c: char| c == '\n' || !c.is_control() && c != '\u{fffe}';
                assert!(text.chars().all(is_allowed), "{text:?}");
            }
            Event::Eof => return found,
            Event::CData(_) | Event::Comment(_) | Event::PI(_) => panic!("{xml}"),
            _ => {}
        }
    }
}

/// The elements that a picture may have.
const ELEMENTS: [&str; 9] = ["svg", "title", "desc", "style", "g", "rect", "path", "text", "a"];

fn check(texts: &[String]) {
    let picture = picture(texts);
    let link = |iri: &NamedNode| Some(format!("javascript:alert('{}')", iri.as_str()));
    let svg = draw_svg(&picture, false, &link);
    let found = elements(&svg);
    let is_known = |name: &&String| name.starts_with('@') || ELEMENTS.contains(&name.as_str());
    assert!(found.iter().all(|name| is_known(&name)), "{svg}");
    assert!(!found.iter().any(|name| ["a", "@href", "@onload"].contains(&name.as_str())), "{svg}");
    assert_eq!(found.iter().filter(|name| *name == "style").count(), 1);
    let page = page_of(&picture.title, &svg);
    let page = dom_query::Document::from(page.as_str());
    for (selector, count) in [("svg", 1), ("script, img, foreignObject, iframe", 0)] {
        assert_eq!(page.select(selector).length(), count, "{selector}: {svg}");
    }
    let flowchart = draw_mermaid(&picture, &link);
    check_lines(&flowchart, 4 + picture.edges.len());
    assert!(!flowchart.contains("%%{") && !flowchart.contains("\nclick"), "{flowchart}");
    // (The line of the defaults begins like those of the nodes.)
    check_lines(&draw_dot(&picture, &link), 4 + picture.edges.len() + 1);
}

/// Checks that a text has as many lines of nodes and edges as there are, and that each of their quotes is closed.
fn check_lines(text: &str, count: usize) {
    let own: Vec<&str> = text.lines().filter(|line| line.starts_with("  n")).collect();
    assert_eq!(own.len(), count, "{text}");
    for line in own {
        let unescaped = line.replace("\\\\", "").replace("\\\"", "");
        assert_eq!(unescaped.matches('"').count() % 2, 0, "{line}");
    }
}

#[test]
fn hostile_text_stays_text() {
    let all: Vec<String> = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    check(&all);
    for text in all {
        check(&[text]);
    }
}

proptest! {
    #![proptest_config(support::cases(64))]
    #[test]
    fn any_text_stays_text(texts in prop::collection::vec(any::<String>(), 1..8)) {
        check(&texts);
    }
}

#[test]
fn links_to_the_web_are_kept() {
    let picture = picture(&["x".to_owned()]);
    let link = |iri: &NamedNode| Some(format!("{}?a=1&b=\"2", iri.as_str()));
    let svg = draw_svg(&picture, false, &link);
    assert_eq!(svg.matches("<a href=\"http://example.com/").count(), 4);
    assert!(svg.contains("?a=1&amp;b=&quot;2\""));
}

/// The pictures of the documentation, by the commands that make them.
const PICTURES: [(&str, &[&str]); 3] = [
    ("overview.svg", &["draw"]),
    ("timeline.svg", &["draw", "--timeline"]),
    ("sco.svg", &["draw", "sco:SCO"]),
];

/// `DOSSIER_WRITE_PICTURES=1` writes them.
#[test]
fn the_pictures_of_the_documentation_are_those_of_the_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    let here = tempfile::tempdir().unwrap();
    for (name, line) in PICTURES {
        let (code, drawn, messages) = run(here.path(), line);
        assert_eq!((code, messages.as_str()), (0, ""), "{line:?}");
        assert!(elements(&drawn).contains(&"path".to_owned()));
        if std::env::var_os("DOSSIER_WRITE_PICTURES").is_some() {
            fs::write(folder.join(name), &drawn).unwrap();
        }
        let known = fs::read_to_string(folder.join(name)).unwrap();
        assert!(known == drawn, "`dossier {}` differs from docs/pictures/{name}", line.join(" "));
    }
}

#[test]
fn a_file_is_written_in_the_format_of_its_name() {
    let here = tempfile::tempdir().unwrap();
    for (name, begin) in [
        ("a.svg", "<svg "),
        ("a.html", "<!doctype html>"),
        ("a.mmd", "---\ntitle"),
        ("a.dot", "digraph"),
        ("a.gv", "digraph"),
    ] {
        let (code, out, err) = run(here.path(), &["draw", "Iran", "-o", name]);
        assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""), "{name}");
        assert!(fs::read_to_string(here.path().join(name)).unwrap().starts_with(begin), "{name}");
    }
}

/// Dates that are far apart, of each precision, with and without an end.
#[test]
fn a_timeline_shows_years_months_days_and_gaps() {
    let here = tempfile::tempdir().unwrap();
    let data = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix s: <https://schema.org/> .\n\
        <x:war> s:startDate \"1618\"^^xsd:gYear ; s:endDate \"1648-10-24\"^^xsd:date .\n\
        <x:treaty> <x:signed> \"1648-10\"^^xsd:gYearMonth .\n\
        <x:union> s:startDate \"1993-11-01\"^^xsd:date .\n\
        <x:old> <x:happened> \"-0044-03-15\"^^xsd:date .\n";
    fs::write(here.path().join("a.ttl"), data).unwrap();
    let (code, svg, err) = run(here.path(), &["draw", "--timeline", "--data", "a.ttl"]);
    assert_eq!((code, err.as_str()), (0, ""));
    elements(&svg);
    let name = |local: &str| format!("&lt;x:{local}&gt;");
    for words in [
        format!("{}: 1618 to 1648", name("war")),
        format!("{} ({}): 1648", name("treaty"), name("signed")),
        format!("{}: since 1993", name("union")),
        format!("{} ({}): -44", name("old"), name("happened")),
    ] {
        assert!(svg.contains(&format!("<desc>{words}</desc>")), "{words}: {svg}");
    }
    // Two breaks, each of two strokes.
    assert_eq!(svg.matches("<path class=\"sign\"").count(), 4);
    let (_, first, _) =
        run(here.path(), &["draw", "--timeline", "--limit", "1", "--data", "a.ttl"]);
    assert!(first.contains("Left out: the 3 latest of 4 dates."));
}

/// Lanes by class, by a property, and by a column of an answer.
#[test]
fn a_timeline_has_lanes() {
    let here = tempfile::tempdir().unwrap();
    let data = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\
        <x:ann> rdfs:label \"Ann\" . <x:by> rdfs:label \"by\" . <x:Act> rdfs:label \"Act\" .\n\
        <x:one> a <x:Act> ; <x:by> <x:ann> ; <x:on> \"2001\"^^xsd:gYear .\n\
        <x:two> a <x:Act> ; <x:by> \"Bob\", <x:ann> ; <x:on> \"2002\"^^xsd:gYear .\n\
        <x:three> <x:on> \"2003\"^^xsd:gYear .\n";
    fs::write(here.path().join("a.ttl"), data).unwrap();
    let rows = "SELECT ?act ?on ?who { ?act <x:on> ?on ; <x:by> ?who }";
    for (words, expected) in [
        (&["draw", "--timeline"][..], &["Act", "other"][..]),
        (&["draw", "--timeline", "--lanes", "by"], &["Ann", "Bob, Ann", "other"]),
        (&["draw", rows, "--timeline", "--lanes", "who"], &["Ann", "Bob, Ann"]),
    ] {
        let (code, svg, err) = run(here.path(), &[words, &["--data", "a.ttl"]].concat());
        assert_eq!((code, err.as_str()), (0, ""), "{words:?}");
        let lanes: Vec<&str> = svg
            .lines()
            .filter(|line| line.starts_with("<text class=\"small\""))
            .filter_map(|line| line.split('>').nth(1)?.split('<').next())
            .collect();
        assert_eq!(lanes, expected, "{words:?}: {svg}");
    }
}

/// Boxes of things, as an SVG has them.
#[test]
fn boxes_do_not_overlap() {
    let here = tempfile::tempdir().unwrap();
    for line in [&["draw"][..], &["draw", "--layered"], &["draw", "China", "--hops", "2"]] {
        let (_, svg, _) = run(here.path(), line);
        let number = |element: &str, name: &str| -> f64 {
            let rest = element.split(&format!(" {name}=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        let frames: Vec<[f64; 4]> = svg
            .lines()
            .filter(|line| line.starts_with("<rect class=\"frame\""))
            .map(|line| ["x", "y", "width", "height"].map(|name| number(line, name)))
            .collect();
        assert!(frames.len() > 20, "{line:?}");
        for (place, [x, y, width, height]) in frames.iter().enumerate() {
            for [left, top, other_width, other_height] in &frames[..place] {
                let is_apart = left + other_width <= *x
                    || x + width <= *left
                    || top + other_height <= *y
                    || y + height <= *top;
                assert!(is_apart, "{line:?}: {x} {y} and {left} {top}");
            }
        }
    }
}

/// The links of a picture.
fn links(svg: &str) -> Vec<String> {
    let page = dom_query::Document::from(svg);
    let links = page.select("a[href]");
    links.iter().map(|link| link.attr("href").unwrap().to_string()).collect()
}

#[test]
fn footnotes_lead_to_their_words() {
    let here = tempfile::tempdir().unwrap();
    for line in [&["draw"][..], &["draw", "--timeline"], &["draw", "-F", "html"]] {
        let (code, drawn, _) = run(here.path(), line);
        assert_eq!(code, 0);
        let links = links(&drawn);
        assert!(links.len() > 10, "{line:?}: {links:?}");
        for link in links {
            assert!(link.starts_with("https://dig.watch/") && link.contains("#:~:text="), "{link}");
        }
    }
}

#[cfg(feature = "serve")]
#[test]
fn things_lead_to_the_pages_of_a_site() {
    let here = tempfile::tempdir().unwrap();
    assert_eq!(run(here.path(), &["publish", "site", "--quiet"]).0, 0);
    for line in [
        &["draw", "--links", "site"][..],
        &["draw", "--timeline", "--links", "site/"],
        &["draw", "sco:SCO", "--links", "./site", "-F", "html"],
    ] {
        let (code, drawn, err) = run(here.path(), line);
        assert_eq!(code, 0, "{err}");
        let links = links(&drawn);
        let own: Vec<&String> = links.iter().filter(|link| !link.starts_with("https:")).collect();
        assert!(own.len() > 5, "{line:?}: {links:?}");
        for link in own {
            assert!(here.path().join(link).join("index.html").is_file(), "{line:?}: {link}");
        }
    }
    let linked = |format: &str, url: &str| {
        let (code, drawn, err) =
            run(here.path(), &["draw", "sco:SCO", "-F", format, "--links", url]);
        assert_eq!(code, 0, "{err}");
        drawn
    };
    let dot = linked("dot", "https://example.org/sco/");
    assert!(dot.contains(", URL=\"https://example.org/sco/thing/country,CN~081/\"];\n"), "{dot}");
    let flowchart = linked("mermaid", "http://localhost:3840/thing?iri={iri}");
    let link = "http://localhost:3840/thing?iri=https%3A%2F%2Fw3id.org%2Fdossier%2Fcountry%2FCN";
    assert!(flowchart.contains(&format!(" href \"{link}\"\n")), "{flowchart}");
    let (code, _, err) = run(here.path(), &["draw", "--links", "javascript:alert(1)"]);
    assert!(code == 2 && err.contains("expected the address of a published dossier"), "{err}");
}
