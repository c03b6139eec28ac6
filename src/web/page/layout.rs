//! What all pages share: the head, the bar with its links, and the foot.

use crate::web::address::Address;
use crate::web::links::Links;
use maud::{DOCTYPE, Markup, html};

/// Returns a page with a title and its content.
pub(super) fn page(title: &str, links: &Links, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
            }
            body {
                header { a href=(links.to(&Address::Overview)) { "dossier" } }
                main { (content) }
            }
        }
    }
}
