//! Pictures on pages: of the whole dossier, of time, and of what is around a thing.

use super::layout::{Page, formats, name_of as name_of_dossier};
use super::term::{address_of, shown};
use crate::diagnostic::Result;
use crate::draw::{Extent, LaneKey, Subject, draw_svg, draw_timeline, inline};
use crate::format::PictureFormat;
use crate::session::Entity;
use crate::web::address::{Address, Drawing};
use crate::web::media::Media;
use crate::web::site::Site;
use maud::{Markup, PreEscaped, html};
use oxigraph::model::NamedNode;

/// The formats of pictures.
pub(in crate::web) const FORMATS: [Media; 1] = [Media::Picture(PictureFormat::Svg)];

/// The most things of a picture on a page.
const MOST_THINGS: usize = 120;

/// The most things around another one.
const MOST_AROUND: usize = 25;

/// The most dates of a timeline.
const MOST_DATES: usize = 200;

/// Returns the page of a picture.
///
/// # Errors
/// Fails if there is nothing to draw, or the store fails.
pub(super) fn picture(site: &Site, drawing: Drawing) -> Result<Markup> {
    let address = Address::Picture(drawing);
    let (title, svg) = drawn(site, drawing)?;
    let heading = match drawing {
        Drawing::Overview => "Picture",
        Drawing::Timeline => "Timeline",
    };
    let content = html! {
        h1 { (heading) }
        p class="lead" { (shown(&title)) }
        (formats(&site.links, &address, &FORMATS))
        (framed("picture whole", &svg))
    };
    let page = Page { title: heading, address: Some(&address), formats: &FORMATS, content };
    Ok(page.write(&name_of_dossier(site)?, &site.links))
}

/// Returns the title and the SVG of a picture.
///
/// # Errors
/// Fails if there is nothing to draw, or the store fails.
pub(in crate::web) fn drawn(site: &Site, drawing: Drawing) -> Result<(String, String)> {
    let session = &site.session;
    let subject = Subject::overview(session)?;
    let link_of = |iri: &NamedNode| link_of(site, iri);
    Ok(match drawing {
        Drawing::Overview => {
            let extent = Extent { limit: Some(MOST_THINGS), ..Extent::default() };
            let picture = subject.picture(session, &extent)?;
            (picture.title.clone(), draw_svg(&picture, false, &link_of))
        }
        Drawing::Timeline => {
            let timeline = subject.timeline(session, Some(MOST_DATES), LaneKey::Class)?;
            (timeline.title().to_owned(), draw_timeline(&timeline, &link_of))
        }
    })
}

/// Writes what is around a thing, or nothing if that cannot be drawn.
pub(super) fn around(site: &Site, entity: Entity) -> Option<Markup> {
    let focus = Some(entity.iri.clone());
    let subject = Subject::around(&site.session, entity, 1).ok()?;
    let extent = Extent { focus, hops: 1, limit: Some(MOST_AROUND) };
    // The page has the footnotes.
    let picture = subject.picture(&site.session, &extent).ok()?.without_notes();
    if picture.edges.is_empty() {
        return None;
    }
    Some(framed("picture", &draw_svg(&picture, false, &|iri| link_of(site, iri))))
}

fn link_of(site: &Site, iri: &NamedNode) -> Option<String> {
    let address = address_of(&site.session, iri).ok()??;
    site.links.has(&address).then(|| site.links.to(&address))
}

/// Writes a picture into a page. Its text was escaped where it was drawn.
fn framed(class: &str, svg: &str) -> Markup {
    html! {
        div class={ "scroller " (class) } tabindex="0" role="region" aria-label="Picture" {
            (PreEscaped(inline(svg)))
        }
    }
}
