//! What all pages share: the head, the bar with its links, and the foot.

use crate::diagnostic::Result;
use crate::format::ResultFormat;
use crate::printable::printable;
use crate::web::address::{Address, Drawing};
use crate::web::answer::media_type_of;
use crate::web::assets::{SCRIPT, STYLE};
use crate::web::links::Links;
use crate::web::media::Media;
use crate::web::site::Site;
use maud::{DOCTYPE, Markup, html};

/// The icon: a quotation mark.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
     %3Crect width='16' height='16' rx='3' fill='%230a58a8'/%3E%3Cpath d='M4 9h3v3H4zm5 0h3v3H9zM4 9q0-4 3-5v1Q5.500 6 \
     5.500 9zm5 0q0-4 3-5v1q-1.500 1-1.500 4z' fill='%23fff'/%3E%3C/svg%3E";

/// A page: its title, what refers to it, and its content.
pub(super) struct Page<'a> {
    /// The title, which the head and the tab of the browser show.
    pub title: &'a str,
    /// The address, if the page is one that can be asked for again.
    pub address: Option<&'a Address>,
    /// The formats that the same content is available in.
    pub formats: &'a [Media],
    /// The content, which has the only `h1`.
    pub content: Markup,
}

impl Page<'_> {
    /// Writes the page.
    pub(super) fn write(&self, dossier: &str, links: &Links) -> Markup {
        let is_first = self.address == Some(&Address::Overview);
        let dossier = printable(dossier);
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title {
                        (printable(self.title))
                        @if !is_first && self.title != dossier { " – " (dossier) }
                    }
                    @if let Some(link) = self.address.and_then(|address| links.canonical(address)) {
                        link rel="canonical" href=(link);
                    }
                    @if let Some(address) = self.address {
                        @for media in self.formats {
                            @if links.has_format(address, *media) {
                                link rel="alternate" type=(media_type_of(address, *media))
                                    href=(links.to_format(address, *media));
                            }
                        }
                    }
                    link rel="icon" href=(ICON);
                    link rel="stylesheet" href=(links.to(&Address::Asset(STYLE.name.clone())));
                    // (Before the script, which reads it.)
                    @if let Some(index) = links.search_index() {
                        @if matches!(self.address, Some(Address::Search(_))) {
                            script src=(index) defer {}
                        }
                    }
                    script src=(links.to(&Address::Asset(SCRIPT.name.clone()))) defer {}
                }
                body {
                    a class="skip" href="#content" { "Skip to the content" }
                    header class="bar" {
                        a class="brand" href=(links.to(&Address::Overview))
                            aria-current=[is_first.then_some("page")] { (dossier) }
                        nav aria-label="Site" {
                            @for (name, address) in places(links) {
                                a href=(links.to(&address))
                                    aria-current=[(self.address == Some(&address)).then_some("page")] {
                                    (name)
                                }
                            }
                        }
                        @if !matches!(self.address, Some(Address::Search(_))) {
                            (search_box(links, "", "bar-search"))
                        }
                    }
                    main id="content" tabindex="-1" { (self.content) }
                    footer class="foot" {
                        p { "Every answer cites the words that it rests on. Made with dossier." }
                    }
                }
            }
        }
    }
}

/// The places that the bar leads to.
fn places(links: &Links) -> Vec<(&'static str, Address)> {
    let mut places = vec![
        ("Picture", Address::Picture(Drawing::Overview)),
        ("Timeline", Address::Picture(Drawing::Timeline)),
        ("SPARQL", Address::Query(String::new())),
    ];
    places.retain(|(_, address)| links.has(address));
    places
}

/// The form that searches.
pub(super) fn search_box(links: &Links, words: &str, id: &str) -> Markup {
    html! {
        form class="search" role="search" action=(links.to(&Address::Search(String::new()))) {
            label for=(id) class="unseen" { "Search questions, things, documents and quotes" }
            input id=(id) type="search" name="q" value=(words) placeholder="Search" autocomplete="off";
            button { "Search" }
        }
    }
}

/// The links to formats.
pub(super) fn formats(links: &Links, address: &Address, formats: &[Media]) -> Markup {
    let offered: Vec<Media> =
        formats.iter().copied().filter(|media| links.has_format(address, *media)).collect();
    html! {
        @if !offered.is_empty() {
            nav class="formats" aria-label="Formats" {
                span class="quiet" { "Also as " }
                @for (i, media) in offered.iter().enumerate() {
                    @if i > 0 { " · " }
                    a href=(links.to_format(address, *media)) type=(media_type_of(address, *media)) {
                        (media_name(*media))
                    }
                    @if let Some(safe) = for_spreadsheets(links, address, *media) {
                        " · "
                        a href=(safe) type="text/csv" { "CSV for spreadsheets" }
                    }
                }
            }
        }
    }
}

/// Returns the link to results that a spreadsheet does not take for formulas, if a server writes them.
fn for_spreadsheets(links: &Links, address: &Address, media: Media) -> Option<String> {
    let is_table = media == Media::Results(ResultFormat::Csv) && links.are_live();
    let link = links.to_format(address, media);
    let separator = if link.contains('?') { '&' } else { '?' };
    is_table.then(|| format!("{link}{separator}safe=1"))
}

/// Returns what people call a format.
fn media_name(media: Media) -> String {
    match media.suffix() {
        "md" => "Markdown".to_owned(),
        "ttl" => "Turtle".to_owned(),
        "trig" => "TriG".to_owned(),
        "jsonld" => "JSON-LD".to_owned(),
        "jsonl" => "JSON Lines".to_owned(),
        "nt" => "N-Triples".to_owned(),
        "nq" => "N-Quads".to_owned(),
        "rdf" => "RDF/XML".to_owned(),
        suffix => suffix.to_uppercase(),
    }
}

/// Returns what the dossier of a site is called: what its ontology says it is about, the title of its only document, or
/// the name of its folder.
///
/// # Errors
/// Fails if the store fails.
pub(super) fn name_of(site: &Site) -> Result<String> {
    let parts = site.session.dossier().parts();
    if !parts.is_empty() {
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        return Ok(names.join(" and "));
    }
    if let Some(about) = site.session.ontology()?.about() {
        return Ok(about.to_owned());
    }
    let titles = site.session.document_titles()?;
    Ok(match titles.as_slice() {
        [title] => title.clone(),
        _ => site
            .session
            .dossier()
            .root()
            .and_then(|root| root.file_name())
            .map_or_else(|| "Dossier".to_owned(), |name| name.to_string_lossy().into_owned()),
    })
}
