//! How pages refer to each other: by the paths of a server, or by files in a folder.

use super::address::Address;
use super::media::Media;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::HashSet;
use std::sync::Arc;

/// How a page refers to addresses.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    site: Shape,
}

/// What the pages are of.
#[derive(Debug, Clone)]
enum Shape {
    /// A server.
    Live {
        /// What stands before each path, without a slash at its end.
        base: String,
    },
    /// A folder.
    Files {
        /// The files of the folder.
        files: Arc<FileMap>,
        /// How a page leads to the folder: `../` for each folder that it is in.
        up: String,
    },
}

/// The files of a folder of pages.
#[derive(Debug, Default)]
pub(crate) struct FileMap {
    /// Their paths.
    pub paths: HashSet<String>,
    /// Returns the path of what an address names, in a format.
    pub path_of: Option<fn(&Address, Media) -> String>,
    /// The script with the index that is searched.
    pub search_index: Option<String>,
    /// Where the folder is on the web, without a slash at its end, if that is known.
    pub url: Option<String>,
}

impl FileMap {
    fn path_of(&self, address: &Address, media: Media) -> String {
        self.path_of.map(|path_of| path_of(address, media)).unwrap_or_default()
    }
}

/// What is encoded in a fragment.
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'@');

impl Links {
    /// Returns links to a server whose pages stand below a path, which is empty or begins with a slash.
    pub(crate) fn live(base: &str) -> Self {
        Self { site: Shape::Live { base: base.trim_end_matches('/').to_owned() } }
    }

    /// Returns the links of a page that is a file of a folder.
    pub(crate) fn files(files: &Arc<FileMap>, page: &str) -> Self {
        let up = "../".repeat(page.matches('/').count());
        Self { site: Shape::Files { files: Arc::clone(files), up } }
    }

    /// Returns whether a server answers, so that forms lead somewhere.
    pub(crate) const fn are_live(&self) -> bool {
        matches!(self.site, Shape::Live { .. })
    }

    /// Returns whether there is a page at an address.
    pub(crate) fn has(&self, address: &Address) -> bool {
        self.has_format(address, Media::Html)
    }

    /// Returns whether there is something at an address in a format.
    pub(crate) fn has_format(&self, address: &Address, media: Media) -> bool {
        match &self.site {
            Shape::Live { .. } => true,
            Shape::Files { files, .. } => files.paths.contains(&files.path_of(address, media)),
        }
    }

    /// Returns the link to an address.
    pub(crate) fn to(&self, address: &Address) -> String {
        match &self.site {
            Shape::Live { base } => format!("{base}{}", address.path(None)),
            Shape::Files { .. } => self.to_format(address, Media::Html),
        }
    }

    /// Returns the link to a part of a page, by the name of its anchor.
    pub(crate) fn to_part(&self, address: &Address, anchor: &str) -> String {
        format!("{}{}", self.to(address), fragment(anchor))
    }

    /// Returns the link to an address in a format.
    pub(crate) fn to_format(&self, address: &Address, media: Media) -> String {
        match &self.site {
            Shape::Live { base } => format!("{base}{}", address.path(Some(media))),
            // The names of files need no encoding.
            Shape::Files { files, up } => format!("{up}{}", files.path_of(address, media)),
        }
    }

    /// Returns the link by which a page should be known, if there is one.
    pub(crate) fn canonical(&self, address: &Address) -> Option<String> {
        match &self.site {
            Shape::Live { .. } => Some(self.to(address)),
            Shape::Files { files, .. } => {
                let path = files.path_of(address, Media::Html);
                let path = path.strip_suffix("index.html").unwrap_or(&path);
                files.url.as_ref().map(|url| format!("{url}/{path}"))
            }
        }
    }

    /// Returns the link to the script with the index that is searched, if no server does that.
    pub(crate) fn search_index(&self) -> Option<String> {
        match &self.site {
            Shape::Live { .. } => None,
            Shape::Files { files, up } => {
                files.search_index.as_ref().map(|path| format!("{up}{path}"))
            }
        }
    }
}

/// Returns an anchor as the fragment of a link.
pub(crate) fn fragment(anchor: &str) -> String {
    format!("#{}", utf8_percent_encode(anchor, FRAGMENT))
}

/// Returns a link to elsewhere if a reader may follow it: to the web, or to write a letter. Others, such as
/// `javascript:`, run code.
pub(crate) fn outside(iri: &str) -> Option<&str> {
    let (scheme, rest) = iri.split_once(':')?;
    let is = |known: &str| scheme.eq_ignore_ascii_case(known);
    let is_web = (is("http") || is("https")) && rest.starts_with("//") && rest.len() > 2;
    let is_plain = !iri.contains(|c: char| c.is_whitespace() || c.is_control());
    (is_plain && (is_web || is("mailto"))).then_some(iri)
}

/// Returns the link to words of a web page, as a
/// [text fragment](https://wicg.github.io/scroll-to-text-fragment/), or `None` if the page is not on the web.
///
/// # Arguments
/// `before` and `after` are the text around the words, if several places have them.
pub(crate) fn to_words(
    page: &str,
    words: &str,
    before: Option<&str>,
    after: Option<&str>,
) -> Option<String> {
    /// The most words that are looked for as a whole; of more, the first and the last ones.
    const MOST: usize = 12;
    const ENDS: usize = 5;
    let page = outside(page).filter(|page| !page.starts_with("mailto"))?;
    let encoded =
        |words: &[&str]| utf8_percent_encode(&words.join(" "), NON_ALPHANUMERIC).to_string();
    let all: Vec<&str> = words.split_whitespace().collect();
    if all.is_empty() {
        return Some(page.to_owned());
    }
    let text = if all.len() <= MOST {
        encoded(&all)
    } else {
        format!("{},{}", encoded(&all[..ENDS]), encoded(&all[all.len() - ENDS..]))
    };
    let context = |text: &str, is_before: bool| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let near = words.len().min(ENDS);
        match is_before {
            _ if near == 0 => None,
            true => Some(format!("{}-,", encoded(&words[words.len() - near..]))),
            false => Some(format!(",-{}", encoded(&words[..near]))),
        }
    };
    let before = before.and_then(|text| context(text, true));
    let after = after.and_then(|text| context(text, false));
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let separator = if page.contains('#') { "" } else { "#" };
    Some(format!("{page}{separator}:~:text={before}{text}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_and_letters_are_linked() {
        for iri in ["https://a.example/x", "HTTP://a.example", "mailto:a@example.com"] {
            assert_eq!(outside(iri), Some(iri));
        }
        for iri in [
            "javascript:alert(1)",
            " javascript:alert(1)",
            "jAvascript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "http:x",
            "https://",
            "https://a.example/\tx",
            "//evil.example",
            "urn:isbn:1",
            "x",
        ] {
            assert_eq!(outside(iri), None, "{iri}");
        }
    }

    #[test]
    fn words_of_a_page_are_linked() {
        let link = |words: &str| to_words("https://a.example/p", words, None, None).unwrap();
        assert_eq!(
            link("India, Pakistan-x & y"),
            "https://a.example/p#:~:text=India%2C%20Pakistan%2Dx%20%26%20y"
        );
        assert_eq!(
            link("one two three four five six seven\neight nine ten eleven twelve thirteen"),
            "https://a.example/p#:~:text=one%20two%20three%20four%20five,nine%20ten%20eleven%20twelve%20thirteen"
        );
        assert_eq!(
            to_words("https://a.example/p#s", "é", Some("be fore"), Some("after")).unwrap(),
            "https://a.example/p#s:~:text=be%20fore-,%C3%A9,-after"
        );
        assert_eq!(to_words("urn:x", "a", None, None), None);
    }

    #[test]
    fn an_anchor_is_encoded() {
        assert_eq!(fragment("claim:joined-2017"), "#claim:joined-2017");
        assert_eq!(fragment("<http://a/\"%x>"), "#%3Chttp://a/%22%25x%3E");
    }
}
