//! The JSON-LD in the scripts of a web page
//! ([JSON-LD 1.1, 7](https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents)).
//!
//! The scripts become one JSON array, in which each byte has the position that it has in the page: what is between the
//! scripts becomes spaces, brackets and commas. So errors are located in the page itself.

use super::error::json_problem;
use super::file::RdfFile;
use crate::diagnostic::{Diagnostic, Excerpt, error};
use dom_query::{Document, NodeRef};
use oxiri::Iri;
use std::ops::Range;

/// The JSON-LD of a web page.
pub(super) struct Page {
    /// The array of the scripts' data.
    pub json: String,
    /// The base of relative IRIs, which the page can declare.
    pub base: Option<String>,
    /// The scripts that are not JSON and are left out, or the reason why there is no data.
    pub problems: Vec<Diagnostic>,
}

impl Page {
    /// Finds the JSON-LD of a page.
    ///
    /// # Errors
    /// If the page is not UTF-8.
    pub(super) fn of(file: &RdfFile) -> Result<Self, Diagnostic> {
        let path = &file.source.path;
        let text = str::from_utf8(&file.source.bytes).map_err(|error| {
            let shown = String::from_utf8_lossy(&file.source.bytes);
            let start = error.valid_up_to();
            error!("not-utf-8", "this is not UTF-8")
                .at(Excerpt::new(path, &shown, start..start + 1))
                .help("save the page as UTF-8")
        })?;
        let document = Document::from(&*as_parsed(text));
        let base = document_base(&document).map(|base| resolved(&base, file.base.as_deref()));
        let mut page = Self {
            json: String::new(),
            base: base.or_else(|| file.base.clone()),
            problems: Vec::new(),
        };
        let mut data = Vec::new();
        let scripts: Vec<String> = scripts(&document).collect();
        for script in places(text, &scripts) {
            let Some(script) = script else {
                page.problems.push(
                    error!("script-open", "`{path}`: a script with JSON-LD has no end")
                        .help("close it with `</script>`"),
                );
                break;
            };
            match not_json(&text[script.clone()]) {
                Some((span, problem)) => {
                    let span = script.start + span.start..script.start + span.end;
                    page.problems.push(problem.at(Excerpt::new(path, text, span)));
                }
                None => data.push(script),
            }
        }
        if scripts.is_empty() {
            page.problems.push(without_data(path, &document));
        }
        page.json = array(text, &data);
        Ok(page)
    }
}

/// Returns a page of the same length without the characters that a parser of HTML replaces.
fn as_parsed(text: &str) -> String {
    text.replace("\r\n", " \n").replace('\r', "\n").replace('\0', " ")
}

/// Returns the address in the first `base` element.
fn document_base(document: &Document) -> Option<String> {
    document.select("base[href]").iter().next()?.attr("href").map(|href| href.trim().to_owned())
}

fn resolved(reference: &str, base: Option<&str>) -> String {
    let base = base.and_then(|base| Iri::parse(base).ok());
    match base.and_then(|base| base.resolve(reference).ok()) {
        Some(iri) => iri.into_inner(),
        None => reference.to_owned(),
    }
}

/// Returns the texts of the scripts with data, in document order.
fn scripts(document: &Document) -> impl Iterator<Item = String> {
    let elements = document.select("script[type]");
    let nodes: Vec<NodeRef<'_>> = elements.nodes().to_vec();
    // An empty script has no data, although it is not JSON.
    nodes
        .into_iter()
        .filter(|node| is_html(node) && node.attr("type").is_some_and(|name| is_data(&name)))
        .map(|node| node.text().to_string())
        .filter(|text| !text.trim().is_empty())
        .collect::<Vec<_>>()
        .into_iter()
}

/// Returns whether an element is one of HTML. A script in a picture is read by other rules.
fn is_html(node: &NodeRef<'_>) -> bool {
    node.qual_name_ref().is_some_and(|name| &*name.ns == "http://www.w3.org/1999/xhtml")
}

/// Returns whether a media type is that of JSON-LD, and its profile neither that of a context nor that of a frame.
fn is_data(media_type: &str) -> bool {
    let (essence, parameters) = media_type.split_once(';').unwrap_or((media_type, ""));
    let is_profile_of = |word: &str| {
        parameters.split(|c: char| c.is_whitespace() || "\"';=".contains(c)).any(|part| {
            part.strip_prefix("http://www.w3.org/ns/json-ld#").is_some_and(|name| name == word)
        })
    };
    essence.trim().eq_ignore_ascii_case("application/ld+json")
        && !is_profile_of("context")
        && !is_profile_of("frame")
}

/// Returns the places of scripts in the text of their page. The last one is `None` if it is not found, as nothing is
/// behind it.
fn places<'a>(
    text: &'a str,
    scripts: &'a [String],
) -> impl Iterator<Item = Option<Range<usize>>> + 'a {
    let parsed = as_parsed(text);
    let mut ends = memchr::memchr_iter(b'<', text.as_bytes())
        .filter(|at| {
            let tag = text.as_bytes().get(at + 1..at + 8);
            tag.is_some_and(|tag| tag.eq_ignore_ascii_case(b"/script"))
        })
        .collect::<Vec<_>>()
        .into_iter();
    scripts.iter().map(move |script| {
        ends.find(|end| {
            let before = parsed[..*end].strip_suffix(script.as_str());
            before.is_some_and(|before| before.ends_with('>'))
        })
        .map(|end| end - script.len()..end)
    })
}

/// Returns the place of an error in a script that is not JSON, and the error.
fn not_json(script: &str) -> Option<(Range<usize>, Diagnostic)> {
    const COMMENTS: [&str; 5] = ["<!--", "-->", "<![CDATA[", "//", "/*"];
    let (span, problem) = json_problem(script)?;
    match COMMENTS.iter().find(|comment| script[span.start..].starts_with(**comment)) {
        Some(comment) => {
            let problem = error!("json-syntax", "`{comment}` is not JSON")
                .help("remove the comment: scripts with JSON-LD contain JSON alone");
            Some((span.start..span.start + comment.len(), problem))
        }
        None => Some((span, problem)),
    }
}

/// Returns the diagnostic for a page that has no scripts with data.
fn without_data(path: &str, document: &Document) -> Diagnostic {
    let has = |selector: &str| document.select_single(selector).exists();
    let problem = error!("no-json-ld", "`{path}` contains no JSON-LD");
    match (has("[itemscope]"), has("[typeof], [property]:not(meta)")) {
        (false, false) => {
            problem.help("JSON-LD is in elements `<script type=\"application/ld+json\">`")
        }
        (has_microdata, _) => {
            let other = if has_microdata { "microdata" } else { "RDFa" };
            problem.help(format!("it has {other}, which is not read: convert it to JSON-LD or Turtle with another program"))
        }
    }
}

/// Returns a JSON array of parts of a text, each at its position. What is between them becomes spaces.
fn array(text: &str, parts: &[Range<usize>]) -> String {
    let mut array = String::with_capacity(text.len());
    let mut end = 0;
    for part in parts {
        blank(&text[end..part.start], if end == 0 { '[' } else { ',' }, &mut array);
        array.push_str(&text[part.clone()]);
        end = part.end;
    }
    if parts.is_empty() {
        return "[]".to_owned();
    }
    blank(&text[end..], ']', &mut array);
    array
}

/// Writes the line breaks of a text, spaces for its other bytes, and a character at its beginning.
fn blank(text: &str, first: char, out: &mut String) {
    out.push(first);
    out.extend(text.bytes().skip(1).map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
}
