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
        /// Where clients find it, such as `https://example.org`, if that is known.
        public: Option<String>,
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
#[derive(Debug, Clone, Default)]
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
    /// Returns links to the paths of a server. `public` is where clients find it, such as `https://example.org`, if that
    /// is known.
    pub(crate) fn live(public: Option<&str>) -> Self {
        Self { site: Shape::Live { public: public.map(str::to_owned) } }
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
            Shape::Live { .. } => address.path(None),
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
            Shape::Live { .. } => address.path(Some(media)),
            // The names of files need no encoding.
            Shape::Files { files, up } => format!("{up}{}", files.path_of(address, media)),
        }
    }

    /// Returns the link by which a page should be known, if there is one.
    pub(crate) fn canonical(&self, address: &Address) -> Option<String> {
        match &self.site {
            Shape::Live { public } => {
                Some(format!("{}{}", public.as_deref().unwrap_or_default(), self.to(address)))
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_encoded() {
        assert_eq!(fragment("claim:joined-2017"), "#claim:joined-2017");
        assert_eq!(fragment("<http://a/\"%x>"), "#%3Chttp://a/%22%25x%3E");
    }
}
