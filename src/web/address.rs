//! Addresses: what a path and its query string name, and the one path of each thing.
//!
//! ```text
//!   /                                    what is in the dossier
//!   /ask/members  /ask/members/year=2016 a saved query, with arguments
//!   /thing/sco:SCO                       a thing, by CURIE, IRI or label
//!   /read/doc:sco                        a document with its claims
//!   /claim/claim:joined-2017             a claim
//!   /draw/overview  /draw/timeline       pictures of the whole dossier
//!   /search?q=…                          search
//!   /query?query=…                       a query of the reader's own
//!   /query?layout=1&query=…              the same, laid out and not run
//!   /complete?before=…&after=…           what can be typed next in one
//! ```
//!
//! Each part is one segment, percent-encoded. A suffix such as `.csv` of the last segment names a format; a dot of a name
//! that would be read as the beginning of one is encoded.

use super::media::Media;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What an address names. Names are as they were typed: the site looks them up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Address {
    /// What is in the dossier.
    Overview,
    /// A saved query with arguments.
    Question {
        /// The name of the query.
        name: String,
        /// The arguments, in order.
        arguments: Vec<(String, String)>,
    },
    /// A thing, by CURIE, IRI or label.
    Thing(String),
    /// A document, by CURIE, IRI, title, label or file name.
    Document(String),
    /// A claim or another named graph, by CURIE or IRI.
    Claim(String),
    /// A picture of the whole dossier.
    Picture(Drawing),
    /// A search for words.
    Search(String),
    /// The page for queries of the reader's own, with the text of one.
    Query(String),
    /// The same page with a query that is laid out and not run.
    Layout(String),
    /// What can be typed next in a query, as JSON.
    Completion {
        /// The text before the cursor.
        before: String,
        /// The text after it.
        after: String,
    },
    /// A file that pages use, such as the style sheet, by its name.
    Asset(String),
}

/// The pictures of a whole dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Drawing {
    /// All that the claims state.
    Overview,
    /// All that has a date.
    Timeline,
}

impl Drawing {
    /// All pictures.
    pub(crate) const ALL: [Self; 2] = [Self::Overview, Self::Timeline];

    /// Returns its name in addresses.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Timeline => "timeline",
        }
    }
}

/// What a request's target leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// An address, in the format that its suffix names.
    Found(Address, Option<Media>),
    /// The address of a form's answers.
    Moved(Address),
    /// Nothing.
    Unknown,
}

/// What is encoded in a segment: all that has a meaning in paths, and `%`.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What is encoded in a value of a query string.
const VALUE: &AsciiSet = &SEGMENT.add(b'&').add(b'+').add(b'=').add(b'\'');

impl Address {
    /// Returns the path of the address, with its query string if it has one.
    pub(crate) fn path(&self, suffix: Option<Media>) -> String {
        let end = suffix.map(|media| format!(".{}", media.suffix())).unwrap_or_default();
        match self {
            Self::Overview => "/".to_owned(),
            Self::Question { name, arguments } => {
                let mut path = format!("/ask/{}", segment(name));
                for (name, value) in arguments {
                    path.push_str(&format!("/{}={}", segment(name), segment(value)));
                }
                path + &end
            }
            Self::Thing(name) => format!("/thing/{}{end}", segment(name)),
            Self::Document(name) => format!("/read/{}{end}", segment(name)),
            Self::Claim(name) => format!("/claim/{}{end}", segment(name)),
            Self::Picture(drawing) => format!("/draw/{}{end}", drawing.name()),
            Self::Search(words) => format!("/search{end}{}", with_field("q", words)),
            Self::Query(text) => format!("/query{end}{}", with_field("query", text)),
            Self::Layout(text) => {
                format!("/query{end}?layout=1&query={}", utf8_percent_encode(text, VALUE))
            }
            Self::Completion { before, after } => {
                let [before, after] = [before, after].map(|text| utf8_percent_encode(text, VALUE));
                format!("/complete{end}?before={before}&after={after}")
            }
            Self::Asset(name) => format!("/static/{}", segment(name)),
        }
    }

    /// Returns what a path and a query string name.
    pub(crate) fn route(path: &str, query: Option<&str>) -> Route {
        let Some(segments) = path.strip_prefix('/') else { return Route::Unknown };
        let (segments, suffix) = without_suffix(segments);
        let decoded: Option<Vec<String>> = segments.split('/').map(decode).collect();
        let Some(decoded) = decoded else { return Route::Unknown };
        let fields = query.map(fields).unwrap_or_default();
        let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        let words: Vec<&str> = decoded.iter().map(String::as_str).collect();
        let found = match words.as_slice() {
            [""] => Self::Overview,
            ["ask", name, arguments @ ..] if !name.is_empty() => {
                let argument = |text: &&str| {
                    let (name, value) = text.split_once('=')?;
                    Some((name.to_owned(), value.to_owned()))
                };
                let Some(mut arguments) =
                    arguments.iter().map(argument).collect::<Option<Vec<_>>>()
                else {
                    return Route::Unknown;
                };
                let name = (*name).to_owned();
                if !fields.is_empty() {
                    // A form sends an empty value for what was left empty.
                    arguments.extend(fields.into_iter().filter(|(_, value)| !value.is_empty()));
                    return Route::Moved(Self::Question { name, arguments });
                }
                Self::Question { name, arguments }
            }
            ["thing"] => match field("iri") {
                Some(iri) => return Route::Moved(Self::Thing(iri.clone())),
                None => return Route::Unknown,
            },
            ["thing", name] if !name.is_empty() => Self::Thing((*name).to_owned()),
            ["read", name] if !name.is_empty() => Self::Document((*name).to_owned()),
            ["claim", name] if !name.is_empty() => Self::Claim((*name).to_owned()),
            ["draw", name] => {
                let drawing = Drawing::ALL.into_iter().find(|drawing| drawing.name() == *name);
                let Some(drawing) = drawing else { return Route::Unknown };
                Self::Picture(drawing)
            }
            ["search"] => Self::Search(field("q").cloned().unwrap_or_default()),
            ["query"] => {
                let text = field("query").cloned().unwrap_or_default();
                if field("layout").is_some() { Self::Layout(text) } else { Self::Query(text) }
            }
            ["complete"] => Self::Completion {
                before: field("before").cloned().unwrap_or_default(),
                after: field("after").cloned().unwrap_or_default(),
            },
            ["static", _] => Self::Asset(
                // A style sheet's own ending is part of its name.
                decode(path.trim_start_matches("/static/")).unwrap_or_default(),
            ),
            _ => return Route::Unknown,
        };
        Route::Found(found, suffix)
    }
}

/// Returns a query string with one field, or nothing if that is empty.
fn with_field(name: &str, value: &str) -> String {
    match value {
        "" => String::new(),
        value => format!("?{name}={}", utf8_percent_encode(value, VALUE)),
    }
}

/// Encodes a name as a segment. Its last dot is encoded if a suffix would be read there.
fn segment(name: &str) -> String {
    let encoded = utf8_percent_encode(name, SEGMENT).to_string();
    match name {
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        _ => match encoded.rsplit_once('.') {
            Some((before, end)) if Media::of_suffix(end).is_some() => format!("{before}%2E{end}"),
            _ => encoded,
        },
    }
}

/// Splits the suffix of a format from the last segment, before it is decoded.
fn without_suffix(segments: &str) -> (&str, Option<Media>) {
    match segments.rsplit_once('.') {
        Some((before, end)) => match Media::of_suffix(end) {
            Some(media) => (before, Some(media)),
            None => (segments, None),
        },
        None => (segments, None),
    }
}

fn decode(segment: &str) -> Option<String> {
    percent_decode_str(segment).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// Returns the fields of a query string or of a form, decoded once. Fields that are not UTF-8 are left out.
///
/// Follows [application/x-www-form-urlencoded](https://url.spec.whatwg.org/#application/x-www-form-urlencoded).
pub(crate) fn fields(query: &str) -> Vec<(String, String)> {
    let field = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        Some((decode(&name.replace('+', " "))?, decode(&value.replace('+', " "))?))
    };
    query.split('&').filter(|part| !part.is_empty()).filter_map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn question(name: &str, arguments: &[(&str, &str)]) -> Address {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Address::Question {
            name: name.to_owned(),
            arguments: arguments.iter().map(owned).collect(),
        }
    }

    #[test]
    fn paths_name_what_a_site_has() {
        for (path, query, expected) in [
            ("/", None, Route::Found(Address::Overview, None)),
            ("/ask/members", None, Route::Found(question("members", &[]), None)),
            (
                "/ask/members/year=2016.csv",
                None,
                Route::Found(question("members", &[("year", "2016")]), Media::of_suffix("csv")),
            ),
            (
                "/ask/members",
                Some("year=2016&state="),
                Route::Moved(question("members", &[("year", "2016")])),
            ),
            ("/thing/sco:SCO", None, Route::Found(Address::Thing("sco:SCO".to_owned()), None)),
            (
                "/thing",
                Some("iri=http%3A%2F%2Fexample.com%2Fa%2Bb"),
                Route::Moved(Address::Thing("http://example.com/a+b".to_owned())),
            ),
            (
                "/search",
                Some("q=tea+time"),
                Route::Found(Address::Search("tea time".to_owned()), None),
            ),
            ("/thing/", None, Route::Unknown),
            ("/thing/a/b", None, Route::Unknown),
            ("/thing/%ff", None, Route::Unknown),
            ("//evil", None, Route::Unknown),
            ("", None, Route::Unknown),
        ] {
            assert_eq!(Address::route(path, query), expected, "{path} {query:?}");
        }
    }

    fn address() -> impl Strategy<Value = Address> {
        let name = || "([a-c:./%?#=&+ ]|\\PC|[.](csv|html|json|ttl)){1,12}";
        prop_oneof![
            Just(Address::Overview),
            (name(), prop::collection::vec(("[a-z]{1,3}", name()), 0..3))
                .prop_map(|(name, arguments)| Address::Question { name, arguments }),
            name().prop_map(Address::Thing),
            name().prop_map(Address::Document),
            name().prop_map(Address::Claim),
            prop::sample::select(&Drawing::ALL[..]).prop_map(Address::Picture),
            name().prop_map(Address::Search),
            name().prop_map(Address::Query),
            name().prop_map(Address::Layout),
            (name(), name()).prop_map(|(before, after)| Address::Completion { before, after }),
        ]
    }

    proptest! {
        #[test]
        fn a_path_leads_back(address in address(), suffix in prop::option::of(0..Media::SUFFIXED.len())) {
            let suffix = suffix.map(|i| Media::SUFFIXED[i]).filter(|_| address != Address::Overview);
            let target = address.path(suffix);
            let (path, query) = match target.split_once('?') {
                Some((path, query)) => (path, Some(query)),
                None => (target.as_str(), None),
            };
            prop_assert_eq!(Address::route(path, query), Route::Found(address, suffix));
        }

        #[test]
        fn no_path_panics(path in "(/|[.]|%|[a-z]|\\PC){0,20}", query in prop::option::of("\\PC{0,20}")) {
            Address::route(&path, query.as_deref());
        }
    }
}
