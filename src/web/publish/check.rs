//! The check of the links of a site: each leads to a file, and to a part that it has.
//!
//! It reads what the pages are, not what they should be: the attributes in their text. There, quotation marks stand only
//! around values, since markup escapes all others.

use crate::diagnostic::{Diagnostic, Result};
use percent_encoding::percent_decode_str;
use std::collections::{BTreeMap, BTreeSet};

/// The links of pages, by what they lead to.
#[derive(Debug, Default)]
pub(super) struct LinkCheck {
    /// The parts of each file that links lead to, with a page that has such a link. A link without a fragment leads to
    /// the part without a name.
    targets: BTreeMap<String, BTreeMap<String, String>>,
}

impl LinkCheck {
    /// Takes note of the links of a page.
    pub(super) fn note(&mut self, path: &str, page: &str) {
        for link in values(page, &["href", "src", "action"]) {
            let is_outside =
                link.contains("://") || link.starts_with("data:") || link.starts_with("mailto:");
            if is_outside {
                continue;
            }
            let (file, part) = link.split_once('#').unwrap_or((&link, ""));
            let file = file.split('?').next().unwrap_or(file);
            let file = if file.is_empty() { path.to_owned() } else { resolved(path, file) };
            let part = percent_decode_str(part).decode_utf8_lossy().into_owned();
            self.targets.entry(file).or_default().entry(part).or_insert_with(|| path.to_owned());
        }
    }

    /// Adds the links of other pages.
    pub(super) fn extend(&mut self, other: Self) {
        for (file, parts) in other.targets {
            let known = self.targets.entry(file).or_default();
            for (part, page) in parts {
                known.entry(part).or_insert(page);
            }
        }
    }

    /// Checks that all links lead somewhere. `read` returns the text of a file of the site, or `None` if there is none.
    ///
    /// # Errors
    /// Fails with the first dead link.
    pub(super) fn check(&self, read: impl Fn(&str) -> Option<String>) -> Result<()> {
        for (file, parts) in &self.targets {
            let dead = |page: &str, link: &str| {
                Diagnostic::new(format!("the page `{page}` has a dead link to `{link}`")).store()
            };
            let first = parts.values().next().map_or("", String::as_str);
            let text = read(file).ok_or_else(|| dead(first, file))?;
            if parts.keys().all(String::is_empty) {
                continue;
            }
            let anchors: BTreeSet<String> = values(&text, &["id"]).collect();
            let missing =
                parts.iter().find(|(part, _)| !part.is_empty() && !anchors.contains(*part));
            if let Some((part, page)) = missing {
                return Err(dead(page, &format!("{file}#{part}")));
            }
        }
        Ok(())
    }
}

/// Returns the values of some attributes in a page, without the references of characters.
fn values<'p>(page: &'p str, names: &'static [&'static str]) -> impl Iterator<Item = String> + 'p {
    page.match_indices("=\"").filter_map(move |(at, _)| {
        let is_name = |name: &&str| {
            page[..at]
                .strip_suffix(*name)
                .is_some_and(|before| before.ends_with(char::is_whitespace))
        };
        names.iter().find(|name| is_name(name))?;
        let value = &page[at + 2..];
        let value = &value[..value.find('"')?];
        Some(unescaped(value))
    })
}

fn unescaped(value: &str) -> String {
    let mut value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    value = value.replace("&#39;", "'");
    value.replace("&amp;", "&")
}

/// Returns the path of a relative link from a page.
fn resolved(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pages: &[(&str, &str)]) -> Result<(), String> {
        let mut check = LinkCheck::default();
        for (path, page) in pages {
            check.note(path, page);
        }
        let read = |path: &str| {
            pages.iter().find(|(known, _)| *known == path).map(|(_, page)| (*page).to_owned())
        };
        check.check(read).map_err(|error| error.problems[0].message.clone())
    }

    #[test]
    fn dead_links_are_found() {
        let b = ("c/b.html", "<p id=\"x&amp;y\">href=&quot;no</p><a href=\"../a.html\">a</a>");
        let page = |link: &str| format!("<a class=\"x\" href=\"{link}\">b</a>");
        for link in ["c/b.html", "c/b.html#x%26y", "./c/../c/b.html?q=1", "https://x.example/", ""]
        {
            assert_eq!(check(&[("a.html", &page(link)), b]), Ok(()), "{link}");
        }
        for (link, dead) in
            [("c/d.html", "c/d.html"), ("c/b.html#z", "c/b.html#z"), ("#z", "a.html#z")]
        {
            let expected = format!("the page `a.html` has a dead link to `{dead}`");
            assert_eq!(check(&[("a.html", &page(link)), b]), Err(expected), "{link}");
        }
    }
}
