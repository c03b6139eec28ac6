//! The page of an error: what is wrong, where, and what to do.

use super::layout::Page;
use super::message::messages;
use crate::diagnostic::{Error, ErrorKind};
use crate::web::address::Address;
use crate::web::links::Links;
use maud::{Markup, html};

/// Returns the page of an error.
pub(in crate::web) fn problem(error: &Error, links: &Links) -> Markup {
    let title = match error.kind {
        ErrorKind::Usage => "Not found",
        ErrorKind::Input => "That cannot be read",
        ErrorKind::Limit => "That took too long",
        ErrorKind::Store | ErrorKind::Interrupted => "That did not work",
    };
    let content = html! {
        h1 { (title) }
        (messages(&error.problems))
        p { a href=(links.to(&Address::Overview)) { "What is in this dossier" } }
    };
    // What the dossier is called would have to be looked up, which may be what failed.
    Page { title, address: None, formats: &[], content }.write("Dossier", links)
}
