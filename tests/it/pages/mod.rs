//! The pages, as a server shows them and as files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod built_in;
mod forms;
mod hostile;
mod published;
mod several;

use dom_query::Document;
use dossier::internals::page_at;
use dossier::{Data, Dossier, Session};

/// A session on the built-in dossier.
fn built_in() -> Session {
    Session::open(Dossier::built_in(), &Data::Dossier).unwrap()
}

/// The status and the page at a target such as `/search?q=tea`.
fn page(session: &Session, target: &str) -> (u16, Document) {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let (status, html) = page_at(session, path, query);
    (status, Document::from(html))
}

/// The text of the elements that a selector finds, with single spaces.
fn texts(page: &Document, selector: &str) -> Vec<String> {
    let text = |words: String| words.split_whitespace().collect::<Vec<_>>().join(" ");
    page.select(selector).iter().map(|element| text(element.text().to_string())).collect()
}

/// The values of an attribute of the elements that a selector finds.
fn attributes(page: &Document, selector: &str, name: &str) -> Vec<String> {
    let found = page.select(selector);
    found.iter().filter_map(|element| element.attr(name)).map(|value| value.to_string()).collect()
}

/// Checks what every page has: one heading, a language, landmarks, a label for each input, and no links to parts that it
/// lacks.
fn check_shape(target: &str, page: &Document) {
    assert_eq!(page.select("h1").length(), 1, "{target}");
    assert_eq!(attributes(page, "html", "lang"), ["en"], "{target}");
    for landmark in ["header", "main#content", "footer", "a.skip[href='#content']"] {
        assert_eq!(page.select(landmark).length(), 1, "{target}: {landmark}");
    }
    let mut ids = attributes(page, "[id]", "id");
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "{target}: an id stands twice");
    let labelled = attributes(page, "label[for]", "for");
    for input in &page.select("input, select, textarea") {
        let id = input.attr("id").unwrap_or_default().to_string();
        let is_labelled = labelled.contains(&id)
            || input.has_attr("aria-label")
            || !input.parent().filter("label").is_empty();
        assert!(is_labelled, "{target}: `{id}` has no label");
    }
    for link in attributes(page, "a[href]", "href") {
        if let Some(part) = link.strip_prefix('#') {
            let part = percent_encoding::percent_decode_str(part).decode_utf8_lossy();
            assert!(ids.contains(&part.to_string()), "{target}: {link} leads nowhere");
        }
    }
    for heading in &page.select("thead th") {
        assert!(heading.has_attr("scope"), "{target}");
    }
}
