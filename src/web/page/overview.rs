//! The first page: what is in the dossier.

use super::layout::page;
use crate::diagnostic::Result;
use crate::web::address::Address;
use crate::web::site::Site;
use maud::{Markup, html};

/// Returns the first page.
///
/// # Errors
/// Fails if the saved queries cannot be read.
pub(super) fn overview(site: &Site) -> Result<Markup> {
    let (names, links) = (site.session.dossier().query_names()?, &site.links);
    let question = |name: &String| Address::Question { name: name.clone(), arguments: Vec::new() };
    Ok(page(
        "dossier",
        links,
        &html! {
            h1 { "Questions" }
            ul {
                @for name in &names { li { a href=(links.to(&question(name))) { (name) } } }
            }
        },
    ))
}
