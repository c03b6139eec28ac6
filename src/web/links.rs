//! How pages refer to each other: by the paths of a server, or by files in a folder.

use super::address::Address;
use super::media::Media;

/// How a page refers to addresses.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    /// What stands before each path, without a slash at its end.
    base: String,
}

impl Links {
    /// Returns links to a server whose pages stand below a path, which is empty or begins with a slash.
    pub(crate) fn live(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned() }
    }

    /// Returns the link to an address.
    pub(crate) fn to(&self, address: &Address) -> String {
        format!("{}{}", self.base, address.path(None))
    }

    /// Returns the link to an address in a format.
    #[allow(dead_code, reason = "for pages with links to formats")]
    pub(crate) fn to_format(&self, address: &Address, media: Media) -> String {
        format!("{}{}", self.base, address.path(Some(media)))
    }
}
