//! Text of strangers on pages: wherever it stands, it stays text.

use super::{attributes, page};
use dom_query::Document;
use dossier::{Data, Dossier, Session};
use oxigraph::model::Literal;
use proptest::prelude::*;
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

/// Checks that a page has only elements and attributes of ours, and that its links lead to the web or to the site.
fn check(target: &str, page: &Document) {
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
        let is_ours = link.starts_with('/') && !link.starts_with("//") || link.starts_with('#');
        let is_web =
            ["http://", "https://", "mailto:"].iter().any(|scheme| link.starts_with(scheme));
        let is_icon = link.starts_with("data:image/svg+xml,");
        assert!(is_ours || is_web || is_icon, "{target}: {link}");
    }
    assert_eq!(page.select("[rel=icon]").length(), 1, "{target}");
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
         e:claim {{ e:thing e:p {0}, 2 . }}\n\
         e:omission a dos:Omission ; dos:document e:doc ; dos:quote \"nothing\" ; dos:reason {0} .\n",
        quoted(text),
        iri,
        quoted(words),
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
    fs::write(
        folder.join("queries/r.rq"),
        "SELECT ?s ?p ?o { ?s ?p ?o FILTER NOT EXISTS { ?s <x:nothing> ?o } }\n",
    )
    .unwrap();
    fs::write(folder.join("queries/broken.rq"), format!("SELECT {text}\n")).unwrap();
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
        let (text, iri) = (encoded(&text), encoded(iri));
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
