//! Text of strangers on pages: wherever it stands, it stays text.

use super::{attributes, page};
use crate::support::program::run;
use dom_query::Document;
use dossier::{Data, Dossier, Session};
use oxigraph::model::Literal;
use proptest::prelude::*;
use quick_xml::events::Event;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What browsers have run.
const ATTACKS: [&str; 16] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=\"alert(1)",
    "</title><script>alert(1)</script>",
    "</textarea><svg onload=alert(1)>",
    "<!--><script>alert(1)//-->",
    "]]><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#x3c;b&#x3e;",
    "javascript:alert(1)",
    "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "`x` <base href=//evil.example> {{7*7}} ${7*7}",
    "\u{202e}<b>\u{0}\u{1b}[31m\u{2028}",
    "</noscript><iframe srcdoc=\"<script>alert(1)</script>\">",
];

/// IRIs that are valid, and do harm as links.
const IRIS: [&str; 6] = [
    "javascript:alert(1)",
    "jAvAscript:alert(document.domain)//",
    "data:text/html,hello",
    "vbscript:msgbox(1)",
    "http://x.example/'onclick='alert(1)'",
    "urn:x:&quot;onload=&quot;",
];

const ELEMENTS: &str = "html head meta title link script body a header nav form label input button main footer p h1 h2 h3 \
    section div span ul ol li dl dt dd table thead tbody tr th td blockquote strong code pre details summary select option \
    datalist fieldset legend textarea mark sup br noscript svg g rect path text desc tspan circle";

const ATTRIBUTES: &str = "lang charset name content rel type href src defer class id tabindex role aria-label \
    aria-labelledby aria-current aria-hidden aria-live aria-describedby for action value placeholder autocomplete scope \
    selected checked required pattern list rows spellcheck autocapitalize data-claims data-claim data-search data-complete xmlns width \
    height viewbox x y rx d lengthadjust textlength viewBox lengthAdjust textLength fill-opacity opacity";

/// Checks a page of a server.
fn check(target: &str, page: &Document) {
    check_page(target, page, &|link| link.starts_with('/') && !link.starts_with("//"));
}

/// Checks that a page has only elements and attributes of ours, and that its links lead to the web or to the site.
fn check_page(target: &str, page: &Document, is_of_site: &dyn Fn(&str) -> bool) {
    for element in &page.select("*") {
        for node in element.nodes() {
            let name = node.node_name().unwrap_or_default().to_string();
            assert!(ELEMENTS.split_whitespace().any(|known| known == name), "{target}: <{name}>");
            for attribute in node.attrs() {
                let name = attribute.name.local.to_string();
                assert!(
                    ATTRIBUTES.split_whitespace().any(|known| known == name),
                    "{target}: {name}="
                );
            }
        }
    }
    for script in &page.select("script") {
        assert!(
            script.text().is_empty() && script.attr("src").unwrap().contains("static/"),
            "{target}"
        );
    }
    for link in
        attributes(page, "[href]", "href").into_iter().chain(attributes(page, "[action]", "action"))
    {
        let is_ours = is_of_site(&link) || link.starts_with('#');
        let is_web =
            ["http://", "https://", "mailto:"].iter().any(|scheme| link.starts_with(scheme));
        let is_icon = link.starts_with("data:image/svg+xml,");
        assert!(is_ours || is_web || is_icon, "{target}: {link}");
    }
    for link in &page.select("a[href^='http']") {
        let rel = link.attr("rel").unwrap_or_default().to_string();
        assert_eq!(rel, "noopener noreferrer nofollow", "{target}");
    }
    assert_eq!(page.select("[rel=icon]").length(), 1, "{target}");
}

/// Checks a picture: it is well-formed, and has only elements, attributes and links of ours.
fn check_picture(path: &str, svg: &str, is_of_site: &dyn Fn(&str) -> bool) {
    const OF_PICTURES: &str = "svg title desc style g rect path text a";
    let mut reader = quick_xml::Reader::from_str(svg);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{path}: {error}")) {
            Event::Start(start) | Event::Empty(start) => {
                let name = String::from_utf8(start.name().as_ref().to_vec()).unwrap();
                assert!(OF_PICTURES.split(' ').any(|known| known == name), "{path}: <{name}>");
                for attribute in start.attributes() {
                    let attribute = attribute.unwrap();
                    let name = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                    let value = attribute.unescape_value().unwrap();
                    assert!(
                        ATTRIBUTES.split_whitespace().any(|known| known == name),
                        "{path}: {name}"
                    );
                    if name == "href" {
                        let is_web = value.starts_with("http://") || value.starts_with("https://");
                        assert!(is_web || is_of_site(&value), "{path}: {value}");
                    }
                }
            }
            Event::CData(_) | Event::Comment(_) | Event::PI(_) => panic!("{path}: {svg}"),
            Event::Eof => return,
            _ => {}
        }
    }
}

/// The files below a folder, by their paths.
fn files(folder: &Path, before: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=,$~.".contains(c);
        assert!(name.chars().all(is_plain) && name.len() < 200, "{before}{name}");
        let path = format!("{before}{name}");
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), &format!("{path}/"), found);
        } else {
            found.push((path, fs::read_to_string(entry.path()).unwrap()));
        }
    }
}

/// Checks all that a published folder contains.
fn check_published(site: &Path) {
    let mut found = Vec::new();
    files(site, "", &mut found);
    let paths: BTreeSet<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
    let folded: BTreeSet<String> = paths.iter().map(|path| path.to_lowercase()).collect();
    assert_eq!(folded.len(), paths.len(), "two names are one where case does not count");
    for (path, text) in &found {
        // Relative, and to a file of the site.
        let is_of_site = |link: &str| {
            let mut parts: Vec<&str> = path.split('/').collect();
            parts.pop();
            for part in link.split(['#', '?']).next().unwrap().split('/') {
                match part {
                    ".." if parts.pop().is_none() => return false,
                    ".." | "." => {}
                    part => parts.push(part),
                }
            }
            link.is_empty() || paths.contains(parts.join("/").as_str())
        };
        let kind = path.rsplit('.').next().unwrap();
        match kind {
            "html" => check_page(path, &Document::from(text.as_str()), &is_of_site),
            "svg" => check_picture(path, text, &is_of_site),
            "json" | "jsonld" => {
                let json: Result<serde_json::Value, _> = serde_json::from_str(text);
                assert!(json.is_ok(), "{path}: {text}");
            }
            "js" if path.starts_with("static/search.") => {
                let json = text.split_once("globalThis.dossierSearch = ").unwrap().1;
                let json = json.trim_end().strip_suffix(';').unwrap();
                assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{json}");
                let index: serde_json::Value = serde_json::from_str(json).unwrap();
                for entry in index["entries"].as_array().unwrap() {
                    assert!(paths.contains(entry[3].as_str().unwrap()), "{entry}");
                }
            }
            _ => {}
        }
    }
    for path in ["index.html", "ask/q/index.html", "draw/overview.svg", "thing/e,thing/index.html"]
    {
        assert!(paths.contains(path), "{path} is missing: {paths:?}");
    }
}

/// Writes a dossier with hostile text wherever there can be text.
fn write(folder: &Path, text: &str, iri: &str, words: &str) {
    let quoted = |text: &str| Literal::new_simple_literal(text).to_string();
    for name in ["ontology", "data/documents", "queries"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    let prefixes = "@prefix dos: <https://w3id.org/dossier/ontology#> .\n\
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\
        @prefix dcterms: <http://purl.org/dc/terms/> .\n\
        @prefix prov: <http://www.w3.org/ns/prov#> .\n\
        @prefix sh: <http://www.w3.org/ns/shacl#> .\n\
        @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n\
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\
        @prefix e: <http://e.example/> .\n";
    let ontology = format!(
        "{prefixes}<http://e.example/o> a <http://www.w3.org/2002/07/owl#Ontology> ;\n\
         sh:declare [ sh:prefix \"e\" ; sh:namespace \
         \"http://e.example/\"^^<http://www.w3.org/2001/XMLSchema#anyURI> ] .\n\
         e:Kind a rdfs:Class ; rdfs:label {0} .\ne:p rdfs:label {0} ; rdfs:comment {0} .\n",
        quoted(text)
    );
    fs::write(folder.join("ontology/o.ttl"), ontology).unwrap();
    let data = format!(
        "{prefixes}e:doc a dos:Document ; dcterms:title {0} ; prov:wasDerivedFrom <{1}> .\n\
         e:thing a e:Kind ; rdfs:label {0}, {0}@en-x-a ; e:p {0}^^<{1}>, <{1}>, [ e:p {0} ] .\n\
         <{1}> a e:Kind ; rdfs:label {0} .\n\
         e:claim a dos:Claim ; dos:document e:doc ; dos:quote {2} ; dos:reading {0} .\n\
         e:claim {{ e:thing e:p {0}, 2 ; e:date \"2001\"^^xsd:gYear . }}\n\
         e:thing e:p {0}^^rdf:HTML, {0}^^rdf:XMLLiteral, <javascript:x>, <http://e.example/../up> .\n\
         e:Thing a e:Kind ; rdfs:label {0} . e:con a e:Kind . e:Con a e:Kind . e:{3} a e:Kind .\n\
         <http://e.example/..> a e:Kind . <http://e.example/%00%2F..> a e:Kind .\n\
         e:omission a dos:Omission ; dos:document e:doc ; dos:quote \"nothing\" ; dos:reason {0} .\n",
        quoted(text),
        iri,
        quoted(words),
        "n".repeat(300),
    );
    fs::write(folder.join("data/c.trig"), data).unwrap();
    fs::write(
        folder.join("data/documents/doc.txt"),
        format!("Header\n\nBegin {words} end. {text}\n\n- {text}\n"),
    )
    .unwrap();
    let yaml = serde_json::to_string(text).unwrap();
    let query = format!(
        "#+ summary: {yaml}\n#+ description: {yaml}\n#+ tags: [{yaml}]\n\
         #+ params: {{what: {{label: {yaml}, description: {yaml}, class: \"http://e.example/Kind\"}}, text: {{default: {yaml}}}}}\n\
         SELECT * {{ ?_what_iri ?property ?välue BIND(?__text AS ?given) }}\n"
    );
    fs::write(folder.join("queries/q.rq"), query).unwrap();
    let query =
        hostile_query(text, "SELECT ?s ?p ?o { ?s ?p ?o FILTER NOT EXISTS { ?s <x:nothing> ?o }");
    fs::write(folder.join("queries/r.rq"), query).unwrap();
    fs::write(folder.join("queries/broken.rq"), format!("SELECT {text}\n")).unwrap();
}

/// A query with hostile text in a string and in a comment.
fn hostile_query(text: &str, begun: &str) -> String {
    let string = Literal::new_simple_literal(text);
    format!("{begun} FILTER(STR({string}) != 'x') }} # {text}\n")
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn attack() -> impl Strategy<Value = String> {
    let one = || prop::sample::select(&ATTACKS[..]);
    prop_oneof![
        one().prop_map(str::to_owned),
        (one(), one()).prop_map(|(a, b)| format!("{a}{b}")),
        "[<>\"'&;=/a-b! -]{1,12}",
    ]
}

proptest! {
    #![proptest_config(crate::support::cases(12))]

    #[test]
    fn no_text_becomes_markup(text in attack(), iri in prop::sample::select(&IRIS[..])) {
        let folder = tempfile::tempdir().unwrap();
        // A quote has no line breaks here, and stands once.
        let words: String = text.chars().filter(|c| !c.is_control() && *c != '\u{2028}').collect();
        let words = format!("words {words} of a claim");
        write(folder.path(), &text, iri, &words);
        let session = Session::open(Dossier::open(folder.path()).unwrap(), &Data::Dossier).unwrap();
        let query = hostile_query(&text, "select * { ?s ?p ?o");
        let (query, text, iri) = (encoded(&query), encoded(&text), encoded(iri));
        for target in [
            "/".to_owned(),
            "/ask/q".to_owned(),
            "/ask/q/what=e:thing".to_owned(),
            format!("/ask/q/what=e:thing/text={text}"),
            format!("/ask/q/what={text}"),
            format!("/ask/q/{text}={text}"),
            format!("/ask/{text}"),
            "/ask/r".to_owned(),
            "/ask/broken".to_owned(),
            "/thing/e:thing".to_owned(),
            format!("/thing/%3C{iri}%3E"),
            format!("/thing/{text}"),
            "/read/doc".to_owned(),
            format!("/read/{text}"),
            "/claim/e:claim".to_owned(),
            "/claim/e:omission".to_owned(),
            format!("/claim/{text}"),
            "/draw/overview".to_owned(),
            "/draw/timeline".to_owned(),
            format!("/search?q={text}"),
            "/search?q=words".to_owned(),
            format!("/query?query={text}"),
            format!("/query?layout=1&query={text}"),
            format!("/query?query={query}"),
            format!("/query?layout=1&query={query}"),
            format!("/query?query={}", encoded("SELECT * { ?s ?p ?o . ?x ?y 'no' }")),
            format!("/query?query={}", encoded("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")),
        ] {
            let (_, page) = page(&session, &target);
            check(&target, &page);
        }
        let (_, document) = page(&session, "/read/doc");
        let marked = document.select("mark.claim[data-claims]");
        prop_assert!(!marked.is_empty());
    }
}

proptest! {
    #![proptest_config(crate::support::cases(3))]

    #[test]
    fn no_text_becomes_markup_in_files(text in attack(), iri in prop::sample::select(&IRIS[..])) {
        let folder = tempfile::tempdir().unwrap();
        let dossier = folder.path().join("dossier");
        let words: String = text.chars().filter(|c| !c.is_control() && *c != '\u{2028}').collect();
        write(&dossier, &text, iri, &format!("words {words} of a claim"));
        // A site has no page for a query that is broken.
        fs::remove_file(dossier.join("queries/broken.rq")).unwrap();
        let (code, _, err) = run(folder.path(), &["publish", "site", "--dossier", "dossier"]);
        prop_assert_eq!(code, 0, "{}", err);
        check_published(&folder.path().join("site"));
        // Nothing is written elsewhere.
        let left: BTreeSet<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        prop_assert_eq!(left, ["dossier", "site"].map(Into::into).into());
    }
}
