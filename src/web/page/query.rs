//! The page for queries of the reader's own.

use super::code::folded_code;
use super::layout::{Page, formats, name_of};
use super::message::messages;
use super::question::formats_of;
use super::results::Results;
use crate::catalogue::BoundQuery;
use crate::diagnostic::{Diagnostic, ErrorKind, Result};
use crate::sparql::format_query;
use crate::web::address::Address;
use crate::web::site::Site;
use maud::{Markup, html};

/// What is proposed when nothing is typed yet.
const EXAMPLE: &str = "SELECT ?thing ?label WHERE {\n  ?thing rdfs:label ?label\n}\nLIMIT 20\n";

/// The least and the most lines of the text area.
const LEAST_ROWS: usize = 6;
const MOST_ROWS: usize = 24;

/// Returns the page with a query and its answer, and the status code.
///
/// # Errors
/// Fails if the query cannot be evaluated.
pub(super) fn query(site: &Site, text: &str) -> Result<(u16, Markup)> {
    let session = &site.session;
    if text.trim().is_empty() {
        return Ok((200, write(site, text, &[], None)?));
    }
    let asked = site
        .session
        .client_query(text)
        .and_then(|query| Ok((Results::read(session, &query)?, query)));
    match asked {
        Ok(asked) => Ok((200, write(site, text, &[], Some(&asked))?)),
        Err(error) if matches!(error.kind, ErrorKind::Usage | ErrorKind::Input) => {
            Ok((400, write(site, text, &error.problems, None)?))
        }
        Err(error) => Err(error),
    }
}

/// Returns the page with a query that is laid out and not run, and the status code.
///
/// # Errors
/// Fails if the store fails.
pub(super) fn laid_out(site: &Site, text: &str) -> Result<(u16, Markup)> {
    match format_query("query", text) {
        _ if text.trim().is_empty() => query(site, text),
        Ok(text) => Ok((200, write(site, &text, &[], None)?)),
        Err(problem) => Ok((400, write(site, text, &[problem], None)?)),
    }
}

fn write(
    site: &Site,
    text: &str,
    problems: &[Diagnostic],
    asked: Option<&(Results, BoundQuery)>,
) -> Result<Markup> {
    let links = &site.links;
    let action = links.to(&Address::Query(String::new()));
    let address = Address::Query(text.to_owned());
    let nothing = Address::Completion { before: String::new(), after: String::new() };
    let complete = links.to(&nothing);
    let complete = complete.split('?').next();
    let answer = asked.map(|(results, _)| results.write(site)).transpose()?;
    let offered = asked.map_or(&[][..], |(_, query)| formats_of(&query.query));
    let shown = if text.trim().is_empty() { EXAMPLE } else { text };
    let rows = shown.lines().count().clamp(LEAST_ROWS, MOST_ROWS);
    let mut prefixes = String::new();
    for (name, namespace) in site.session.prefixes().iter() {
        prefixes.push_str(&format!("PREFIX {name}: <{namespace}>\n"));
    }
    let content = html! {
        h1 { "Ask in SPARQL" }
        p class="lead" {
            "The answer cites its sources like those of the saved questions. "
            "The prefixes below are declared already."
        }
        form class="query" action=(action) {
            label for="query" { "Query" }
            // (A parser removes a line break that begins the text.)
            textarea id="query" name="query" rows=(rows) data-complete=[complete] spellcheck="false"
                autocapitalize="off" autocomplete="off" required {
                "\n" (shown)
            }
            div class="submit" {
                button { "Ask" }
                button name="layout" value="1" { "Lay out" }
            }
        }
        (folded_code("Prefixes", &prefixes))
        (messages(problems))
        (formats(links, &address, offered))
        @if let Some(answer) = answer {
            (answer)
            (folded_code("The query", text))
        }
    };
    let page = Page { title: "Ask in SPARQL", address: Some(&address), formats: offered, content };
    Ok(page.write(&name_of(site)?, links))
}
