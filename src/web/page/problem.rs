//! The page of an error: what is wrong, where, and what to do.

use super::layout::{Page, name_of, search_box};
use super::message::messages;
use crate::diagnostic::{Error, ErrorKind};
use crate::web::address::Address;
use crate::web::links::Links;
use crate::web::site::Site;
use maud::{Markup, html};

/// Returns the page of an error.
pub(in crate::web) fn problem(error: &Error, site: &Site) -> Markup {
    let title = match error.kind {
        ErrorKind::Usage => "Not found",
        ErrorKind::Input => "That cannot be read",
        ErrorKind::Limit => "That took too long",
        ErrorKind::Store | ErrorKind::Interrupted => "That did not work",
    };
    // Whatever failed must not keep the error from being shown.
    let dossier = name_of(site).unwrap_or_else(|_| "Dossier".to_owned());
    let content = content(error, title, &site.links);
    Page { title, address: None, formats: &[], content }.write(&dossier, &site.links)
}

fn content(error: &Error, title: &str, links: &Links) -> Markup {
    html! {
        h1 { (title) }
        (messages(&error.problems))
        (search_box(links, "", "search-again"))
        p { a href=(links.to(&Address::Overview)) { "What is in this dossier" } }
    }
}
