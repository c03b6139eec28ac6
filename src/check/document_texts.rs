//! The texts of documents: whether each document has one, and each text belongs to one document.

use super::evidence::at_head;
use super::files::{Files, TextSource};
use crate::diagnostic::{Diagnostic, nearest};
use crate::dossier::last_part;
use oxigraph::model::NamedNode;
use std::collections::HashSet;

/// Reports documents without a text, and texts of no document or of several. `unknown` are the names that are reported as
/// unknown.
pub(super) fn check(
    files: &Files<'_>,
    unknown: &HashSet<NamedNode>,
    findings: &mut Vec<Diagnostic>,
) {
    // A text that is named as that of a document is not reported again.
    let mut renamed: Option<&str> = None;
    for document in &files.documents {
        let stem = last_part(document.as_str());
        // Of those that would share a text, the names are the mistake.
        let is_shared = files.texts.shared().contains(stem);
        if !is_shared && !files.text_sources.iter().any(|source| source.stem == stem) {
            let message = format!("the document {} has no text", files.show(document));
            let names = files.text_sources.iter().map(|source| source.stem.as_str());
            let finding = at_head("document-without-text", files, document, message);
            findings.push(finding.help(match nearest(stem, names) {
                Some(near) => {
                    let path = path_of(files, near);
                    renamed = Some(path);
                    format!("rename `{path}`: the file is named after the last part of the IRI")
                }
                None => match orphan(files) {
                    Some(TextSource { stem: other, path, .. }) => {
                        renamed = Some(path.as_str());
                        format!(
                            "if `{path}` is its text, rename it to `{}`",
                            path.replace(&format!("/{other}."), &format!("/{stem}."))
                        )
                    }
                    None => format!("save it as `data/documents/{stem}.txt` or `{stem}.md`"),
                },
            }));
        }
    }
    for stem in files.texts.shared() {
        let of_it =
            || files.documents.iter().filter(|iri| last_part(iri.as_str()) == stem.as_str());
        let all: Vec<String> = of_it().map(|document| files.show(document)).collect();
        if let Some(last) = of_it().next_back() {
            let message =
                format!("{} share the text `{}`", all.join(" and "), path_of(files, stem));
            findings.push(
                at_head("text-shared", files, last, message)
                    .note("the text is used for none of them")
                    .help("give each document an IRI whose last part is unique, and name its text after it"),
            );
        }
    }
    let mut last = "";
    for TextSource { stem, path, problem } in &files.text_sources {
        findings.extend(problem.clone());
        let is_new = std::mem::replace(&mut last, stem) != stem;
        // That a quoted resource is not a document is reported instead.
        let is_known = files
            .documents
            .iter()
            .chain(&files.quoted)
            .chain(files.mistyped(unknown))
            .any(|document| last_part(document.as_str()) == stem);
        if is_new && !is_known && renamed != Some(path.as_str()) {
            let message = format!("the text `{path}` belongs to no document");
            let name = slug(stem);
            let renaming = match path.replace(&format!("/{stem}."), &format!("/{name}.")) {
                path if name != *stem => format!("rename it to `{path}`, and "),
                _ => String::new(),
            };
            findings
                .push(Diagnostic::error("text-without-document", message).help(format!(
                    "{renaming}declare a `dos:Document` whose IRI ends in `{name}`"
                )));
        }
    }
}

/// Returns the name of a text without the characters that the last part of an IRI cannot have.
fn slug(stem: &str) -> String {
    let is_of_name = |c: &char| c.is_alphanumeric() || "-_.~".contains(*c);
    let words = stem.split(|c: char| !is_of_name(&c)).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    if name.is_empty() { "text".to_owned() } else { name }
}

/// Returns the path of the only text that belongs to no document, if there is one.
fn orphan<'a>(files: &'a Files<'_>) -> Option<&'a TextSource> {
    let mut orphans = files.text_sources.iter().filter(|source| {
        let mut documents = files.documents.iter().chain(&files.quoted);
        !documents.any(|document| last_part(document.as_str()) == source.stem)
    });
    let first = orphans.next()?;
    orphans.next().is_none().then_some(first)
}

/// Returns the path of the text with a name.
fn path_of<'a>(files: &'a Files<'_>, stem: &'a str) -> &'a str {
    let source = files.text_sources.iter().find(|source| source.stem == stem);
    source.map_or(stem, |source| &source.path)
}
