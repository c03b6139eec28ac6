//! Links to the words of a claim on the web page that its document is derived from.

use super::Claim;
use crate::vocabulary::outside;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

impl Claim {
    /// Returns the link to the quoted words on the page that the first document is derived from, or `None` if that page
    /// is unknown or not on the web.
    pub(crate) fn source_link(&self) -> Option<String> {
        let page = self.source.as_deref()?.derived_from.as_ref()?;
        let quote = self.quotes.first();
        let words = quote.map_or("", |quote| quote.text.as_str());
        let before = quote.and_then(|quote| quote.prefix.as_deref());
        let after = quote.and_then(|quote| quote.suffix.as_deref());
        to_words(page.as_str(), words, before, after)
    }
}

/// Returns the link to words of a web page, as a
/// [text fragment](https://wicg.github.io/scroll-to-text-fragment/), or `None` if the page is not on the web.
///
/// # Arguments
/// `before` and `after` are the text around the words, if several places have them.
fn to_words(page: &str, words: &str, before: Option<&str>, after: Option<&str>) -> Option<String> {
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
}
