//! Content negotiation: which of the formats on offer `Accept` prefers.
//!
//! Follows [RFC 9110, 12.5.1](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1): the most specific range that
//! matches a format decides its weight.

use super::media::Media;

/// A range of media types with its weight.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Range {
    kind: String,
    subkind: String,
    /// From 0 to 1,000.
    weight: u16,
}

/// Returns the preferred format of those on offer, or `None` if `Accept` refuses them all. Of equally wanted formats,
/// the one that is named more precisely is preferred, then the one that is offered first.
pub(crate) fn preferred(accept: Option<&str>, offers: &[Media]) -> Option<Media> {
    let names = |media: &Media| media.names();
    preferred_of(accept, offers, names).copied()
}

/// Returns the preferred offer, like [`preferred`]. `names` are the media types of an offer.
pub(crate) fn preferred_of<'a, T>(
    accept: Option<&str>,
    offers: &'a [T],
    names: impl Fn(&T) -> &'static [&'static str],
) -> Option<&'a T> {
    let ranges: Vec<Range> = accept.map(ranges).unwrap_or_default();
    if ranges.is_empty() {
        return offers.first();
    }
    let mut best: Option<(u16, u8, &T)> = None;
    for offer in offers {
        // A wildcard means the standard name alone: `text/*` is not a wish for `text/xml`.
        let Some((first, others)) = names(offer).split_first() else { continue };
        let exact =
            |name: &&str| rating(&ranges, name).filter(|(_, precision)| *precision == EXACT);
        let rating = others.iter().filter_map(exact).chain(rating(&ranges, first)).max();
        let Some((weight @ 1.., precision)) = rating else { continue };
        if best.is_none_or(|(most, precise, _)| (weight, precision) > (most, precise)) {
            best = Some((weight, precision, offer));
        }
    }
    best.map(|(_, _, offer)| offer)
}

/// The precision of a range that names a media type in full.
const EXACT: u8 = 2;

/// Returns the weight of a media type, and how precisely its range names it.
fn rating(ranges: &[Range], name: &str) -> Option<(u16, u8)> {
    let (kind, subkind) = name.split_once('/')?;
    let precision = |range: &Range| match (range.kind.as_str(), range.subkind.as_str()) {
        (a, b) if a == kind && b == subkind => Some(EXACT),
        (a, "*") if a == kind => Some(1),
        ("*", "*") => Some(0),
        _ => None,
    };
    let matching = ranges.iter().filter_map(|range| Some((precision(range)?, range.weight)));
    // Of two ranges that say the same, the greater weight counts.
    matching.max().map(|(precision, weight)| (weight, precision))
}

/// Parses `Accept`. Ranges that are malformed are left out; parameters other than `q` are ignored, because no format
/// here has variants.
fn ranges(accept: &str) -> Vec<Range> {
    accept.split(',').filter_map(range).collect()
}

fn range(text: &str) -> Option<Range> {
    let mut parts = text.split(';').map(str::trim);
    let (kind, subkind) = parts.next()?.split_once('/')?;
    let is_token = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|b| b.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]{}".contains(&b))
    };
    if !is_token(kind) || !is_token(subkind) || (kind == "*" && subkind != "*") {
        return None;
    }
    let given = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| weight(value.trim()))
    });
    Some(Range {
        kind: kind.to_ascii_lowercase(),
        subkind: subkind.to_ascii_lowercase(),
        weight: given.unwrap_or(Some(1000))?,
    })
}

/// Parses a weight such as `0.8` into thousandths.
fn weight(text: &str) -> Option<u16> {
    let (whole, digits) = text.split_once('.').unwrap_or((text, ""));
    if digits.len() > 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    match (whole, format!("{digits:0<3}").parse::<u16>().ok()?) {
        ("0", thousandths) => Some(thousandths),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

/// Returns whether `Accept-Encoding` allows gzip.
pub(crate) fn accepts_gzip(accept_encoding: &str) -> bool {
    let weight_of = |wanted: &str| {
        accept_encoding.split(',').find_map(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            if !parts.next()?.eq_ignore_ascii_case(wanted) {
                return None;
            }
            let value = parts.find_map(|part| part.strip_prefix("q="));
            Some(value.map_or(Some(1000), weight).unwrap_or(0))
        })
    };
    weight_of("gzip").or_else(|| weight_of("*")).is_some_and(|weight| weight > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{GraphFormat, ResultFormat};
    use proptest::prelude::*;

    const JSON: Media = Media::Results(ResultFormat::Json);
    const CSV: Media = Media::Results(ResultFormat::Csv);
    const XML: Media = Media::Results(ResultFormat::Xml);
    const TURTLE: Media = Media::Graph(GraphFormat::Turtle);
    const ROWS: [Media; 4] = [JSON, XML, CSV, Media::Html];

    #[test]
    fn the_client_decides() {
        for (accept, expected) in [
            (None, Some(JSON)),
            (Some(""), Some(JSON)),
            (Some("*/*"), Some(JSON)),
            (
                Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
                Some(Media::Html),
            ),
            (Some("text/csv, */*"), Some(CSV)),
            (Some("text/csv;q=0.5, */*;q=0.1"), Some(CSV)),
            (Some("text/*"), Some(CSV)),
            (Some("text/*, text/csv;q=0"), Some(Media::Html)),
            (Some("TEXT/CSV ; charset=utf-8 ; Q=1.000"), Some(CSV)),
            (Some("application/json"), Some(JSON)),
            (Some("application/sparql-results+json;q=0, */*"), Some(XML)),
            (Some("application/xml;q=0.9,text/csv;q=0.8"), Some(XML)),
            (Some("text/turtle"), None),
            (Some("*/*;q=0"), None),
            (Some("text/csv;q=2"), Some(JSON)),
            (Some("nonsense"), Some(JSON)),
        ] {
            assert_eq!(preferred(accept, &ROWS), expected, "{accept:?}");
        }
        // A client that wants RDF most is not given a graph where there are rows.
        let accept = "text/turtle, application/sparql-results+xml;q=0.1";
        assert_eq!(preferred(Some(accept), &ROWS), Some(XML));
        assert_eq!(preferred(Some(accept), &[TURTLE]), Some(TURTLE));
    }

    #[test]
    fn encodings_have_weights() {
        for (text, expected) in [
            ("gzip", true),
            ("gzip, deflate, br", true),
            ("*", true),
            ("GZIP;q=0.1", true),
            ("gzip;q=0", false),
            ("gzip;q=0, *", false),
            ("identity", false),
            ("", false),
        ] {
            assert_eq!(accepts_gzip(text), expected, "{text}");
        }
    }

    fn any_media() -> impl Strategy<Value = Media> {
        prop::sample::select(&Media::SUFFIXED[..])
    }

    proptest! {
        #[test]
        fn nothing_panics(accept in "([a-z]{1,3}|[*]|/|;q=|[0-9.]|,| |\\PC){0,20}") {
            preferred(Some(&accept), &Media::SUFFIXED);
            accepts_gzip(&accept);
        }

        #[test]
        fn what_is_chosen_is_wanted_most(weights in prop::collection::vec((any_media(), 0..=1000u16), 1..6)) {
            let one = |(media, weight): &(Media, u16)| {
                format!("{};q={}.{:03}", media.names()[0], weight / 1000, weight % 1000)
            };
            let accept = weights.iter().map(one).collect::<Vec<_>>().join(",");
            let weight_of = |media: Media| {
                let given = |(other, weight): &(Media, u16)| {
                    media.names().contains(&other.names()[0]).then_some(*weight)
                };
                weights.iter().filter_map(given).max().unwrap_or(0)
            };
            let most = Media::SUFFIXED.into_iter().map(weight_of).max().unwrap_or(0);
            match preferred(Some(&accept), &Media::SUFFIXED) {
                Some(media) => prop_assert_eq!(weight_of(media), most),
                None => prop_assert_eq!(most, 0),
            }
        }
    }
}
