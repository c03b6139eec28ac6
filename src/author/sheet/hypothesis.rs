//! Annotations that [Hypothes.is](https://h.readthedocs.io/en/latest/api-reference/) exports or sends: a quote with a
//! comment and tags.

use super::SheetContent;
use super::comment::{add_comment, add_tag, without_quotes};
use crate::author::draft::{Draft, DraftPlace};
use crate::diagnostic::Diagnostic;
use serde::Deserialize;
use serde_json::Value;
use std::num::NonZeroUsize;

/// An annotation. It has much else, which says nothing of the words.
#[derive(Deserialize)]
struct Annotation {
    #[serde(default)]
    uri: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    target: Vec<Target>,
    /// The annotations that a reply answers.
    #[serde(default)]
    references: Vec<String>,
}

#[derive(Deserialize)]
struct Target {
    #[serde(default)]
    selector: Vec<Selector>,
}

#[derive(Deserialize)]
struct Selector {
    #[serde(rename = "type")]
    kind: String,
    exact: Option<String>,
    prefix: Option<String>,
    suffix: Option<String>,
}

/// Returns the annotations of a JSON text: the export of the browser's client has `annotations`, the answer of the
/// server `rows`. Returns `None` if it is neither.
pub(super) fn annotations(json: &Value) -> Option<&[Value]> {
    ["annotations", "rows"].into_iter().find_map(|key| json.get(key)?.as_array()).map(Vec::as_slice)
}

/// Reads annotations. Replies and notes on whole pages quote nothing, which a note reports.
pub(super) fn read(file: &str, annotations: &[Value]) -> SheetContent {
    let mut content = SheetContent { are_annotations: true, ..SheetContent::default() };
    let mut without_quote = 0;
    for (number, annotation) in annotations.iter().enumerate() {
        let line = NonZeroUsize::MIN.saturating_add(number);
        let annotation = match Annotation::deserialize(annotation) {
            Ok(annotation) => annotation,
            Err(error) => {
                let message = format!("`{file}`: entry {line}: {error}");
                content.problems.push(Diagnostic::error("sheet-json", message));
                continue;
            }
        };
        let selectors = annotation.target.into_iter().flat_map(|target| target.selector);
        let selector = selectors.into_iter().find(|selector| selector.kind == "TextQuoteSelector");
        let quote = selector.as_ref().and_then(|selector| selector.exact.clone());
        let Some(quote) =
            quote.filter(|quote| !quote.trim().is_empty() && annotation.references.is_empty())
        else {
            without_quote += 1;
            continue;
        };
        let address = annotation.uri.split('#').next().unwrap_or_default();
        let mut draft = Draft {
            place: Some(DraftPlace { file: file.to_owned(), line, row: None }),
            document: if address.is_empty() { String::new() } else { format!("<{address}>") },
            quote,
            prefix: selector.as_ref().and_then(|selector| selector.prefix.clone()),
            suffix: selector.and_then(|selector| selector.suffix),
            ..Draft::default()
        };
        let mut problems = Vec::new();
        add_comment(&mut draft, &annotation.text, &mut problems);
        annotation.tags.iter().for_each(|tag| add_tag(&mut draft, tag));
        content.problems.extend(problems.into_iter().map(|problem| {
            let message = format!("`{file}`: entry {line}: {}", problem.message);
            Diagnostic { message, ..problem }
        }));
        content.drafts.push(draft);
    }
    content.problems.extend(without_quotes(file, without_quote));
    content
}
