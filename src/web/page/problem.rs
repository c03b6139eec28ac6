//! The page of an error: what is wrong, where, and what to do.

use super::layout::page;
use crate::diagnostic::Error;
use crate::web::links::Links;
use maud::{Markup, html};

/// Returns the page of an error.
pub(in crate::web) fn problem(error: &Error, links: &Links) -> Markup {
    page(
        "Error",
        links,
        &html! {
            h1 { "That did not work" }
            @for problem in &error.problems { p { (problem.message) } }
        },
    )
}
