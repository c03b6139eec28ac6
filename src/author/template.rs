//! The files of a new dossier: one of each thing, small enough to be read in a minute and replaced.

use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::Edit;
use crate::vocabulary::well_known;
use include_dir::{Dir, include_dir};
use oxigraph::model::NamedNode;
use std::path::Path;
use unicode_normalization::UnicodeNormalization as _;

static TEMPLATE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/author/template");
static EMPTY: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/author/template_empty");

/// What a new dossier is about, and how its names begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    /// The subject, on one line.
    about: String,
    /// The prefix of the dossier's own names.
    prefix: String,
    /// The namespace of the prefix, which ends in `/` or `#`.
    namespace: String,
}

impl Subject {
    /// Creates a subject for a dossier in a folder of this name. Without a prefix, the name of the folder gives one, with
    /// a namespace below `https://example.com/`.
    ///
    /// # Errors
    /// If `about` is empty; if the prefix or its namespace is invalid, or the prefix has a conventional namespace.
    pub(crate) fn new(
        folder: &str,
        about: Option<&str>,
        prefix: Option<(&str, &str)>,
    ) -> Result<Self, Diagnostic> {
        let about = about.unwrap_or(folder).split_whitespace().collect::<Vec<_>>().join(" ");
        let about: String = about.chars().filter(|character| !character.is_control()).collect();
        if about.is_empty() {
            return Err(error!("subject-empty", "the dossier has no subject")
                .help("name it: `--about 'The Tea Society'`"));
        }
        let (prefix, namespace) = match prefix {
            Some((prefix, namespace)) => (prefix.to_owned(), namespace.to_owned()),
            None => {
                let prefix = prefix_of(folder);
                let namespace = format!("https://example.com/{prefix}/");
                (prefix, namespace)
            }
        };
        check_prefix(&prefix)?;
        check_namespace(&prefix, &namespace)?;
        Ok(Self { about, prefix, namespace })
    }
}

/// Adds the files of a new dossier that is begun in a year: one of each thing, or none of them if it is empty.
pub(crate) fn write_template(subject: &Subject, year: u16, is_empty: bool, edit: &mut Edit) {
    let year = year.to_string();
    for file in files(if is_empty { &EMPTY } else { &TEMPLATE }) {
        let path = file.path();
        let about = match path.extension().and_then(|extension| extension.to_str()) {
            Some("ttl" | "trig") => in_literal(&subject.about),
            _ => subject.about.clone(),
        };
        let text = file
            .contents_utf8()
            .unwrap_or_default()
            .replace("{{prefix}}", &subject.prefix)
            .replace("{{namespace}}", &subject.namespace)
            .replace("{{ontology}}", subject.namespace.trim_end_matches(['/', '#']))
            .replace("{{year}}", &year)
            // Last, since it may contain anything.
            .replace("{{about}}", &about);
        edit.create(named_for(path, &subject.prefix), text);
    }
}

/// Returns the path of a file in the dossier: the ontology is named for the prefix.
fn named_for(path: &Path, prefix: &str) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    if path == "ontology/terms.ttl" { format!("ontology/{prefix}.ttl") } else { path }
}

fn files<'a>(folder: &'a Dir<'static>) -> Vec<&'a include_dir::File<'static>> {
    let inside = folder.dirs().flat_map(files);
    folder.files().chain(inside).collect()
}

/// Returns a text as it stands between the quotes of a Turtle literal.
fn in_literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Returns a prefix for a folder: the letters and digits of its name, in lower case and without accents.
fn prefix_of(folder: &str) -> String {
    let plain = folder.nfd().filter(char::is_ascii_alphanumeric);
    let prefix: String = plain.map(|character| character.to_ascii_lowercase()).collect();
    let prefix = prefix.trim_start_matches(|character: char| character.is_ascii_digit());
    if prefix.is_empty() || well_known(prefix).is_some() || prefix == "dos" {
        format!("my{prefix}")
    } else {
        prefix.to_owned()
    }
}

fn check_prefix(prefix: &str) -> Result<(), Diagnostic> {
    let begins = prefix.starts_with(|character: char| character.is_ascii_alphabetic());
    let goes_on = prefix.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if begins && goes_on {
        Ok(())
    } else {
        Err(error!("prefix-invalid", "invalid prefix `{prefix}`")
            .help("a prefix begins with a letter, and has letters, digits, `-` and `_`"))
    }
}

fn check_namespace(prefix: &str, namespace: &str) -> Result<(), Diagnostic> {
    if let Some(known) = well_known(prefix).or((prefix == "dos").then_some("the core ontology"))
        && known != namespace
    {
        return Err(error!(
            "prefix-invalid",
            "the prefix `{prefix}` stands for {known} everywhere"
        )
        .help("choose another one"));
    }
    let error = || error!("namespace-invalid", "invalid namespace `{namespace}`");
    if NamedNode::new(namespace).is_err() {
        return Err(error().help(format!(
            "it must be an absolute IRI: `--prefix {prefix}=https://example.com/{prefix}/`"
        )));
    }
    if namespace.ends_with(['/', '#']) {
        Ok(())
    } else {
        Err(error().help(format!(
            "names are written right behind it, so end it in `/` or `#`: `--prefix {prefix}={namespace}/`"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_names_its_prefix() {
        assert_eq!(prefix_of("Tea Society"), "teasociety");
        assert_eq!(prefix_of("Cafés 2024"), "cafes2024");
        assert_eq!(prefix_of("2024"), "my");
        assert_eq!(prefix_of("org"), "myorg");
        assert_eq!(prefix_of("茶"), "my");
    }

    #[test]
    fn prefixes_and_namespaces_are_checked() {
        let new = |prefix, namespace| Subject::new("tea", None, Some((prefix, namespace))).is_ok();
        assert!(new("tea", "https://example.com/tea/"));
        assert!(new("tea", "urn:tea#"));
        for (prefix, namespace) in [
            ("te a", "https://example.com/tea/"),
            ("", "https://example.com/tea/"),
            ("org", "https://example.com/tea/"),
            ("tea", "https://example.com/tea"),
            ("tea", "tea/"),
            ("tea", "https://example.com/<tea>/"),
        ] {
            assert!(!new(prefix, namespace), "{prefix} {namespace}");
        }
        assert!(Subject::new("tea", Some(" \n"), None).is_err());
    }
}
