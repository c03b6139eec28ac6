//! SPARQL in colours.

use crate::printable::printable;
use crate::sparql::{Highlight, highlighted};
use maud::{Markup, html};

/// The most pieces that have a colour, each of which makes a page longer.
const MOST_COLOURED: usize = 1_500;

/// Writes the text of a query, folded.
pub(super) fn folded_code(title: &str, text: &str) -> Markup {
    let mut left = MOST_COLOURED;
    let pieces = highlighted(text).into_iter().map(|(piece, class)| {
        let class = class.filter(|_| left > 0);
        left -= usize::from(class.is_some());
        (printable(piece), class.map(name))
    });
    html! {
        details class="source-text" {
            summary { (title) }
            pre tabindex="0" {
                code {
                    @for (piece, name) in pieces {
                        @if let Some(name) = name { span class=(name) { (piece) } } @else { (piece) }
                    }
                }
            }
        }
    }
}

/// Returns the class in the style sheet.
const fn name(class: Highlight) -> &'static str {
    match class {
        Highlight::Keyword => "k",
        Highlight::Variable => "v",
        Highlight::Name => "n",
        Highlight::Literal => "l",
        Highlight::Comment => "c",
    }
}
