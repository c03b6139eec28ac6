//! Prefixes that mean different namespaces in different files, and namespaces with several prefixes.

use super::files::Files;
use crate::diagnostic::{Diagnostic, Excerpt, Remark, Result, Severity, error};
use crate::session::Session;
use crate::sparql::declarations;
use crate::vocabulary::{DOS, LABELS, Prefixes, dcterms, oa, sh};
use oxigraph::model::{NamedNode, Term};
use std::collections::BTreeMap;
use std::ops::Range;

/// Where a prefix is declared.
struct Declared<'a> {
    namespace: &'a str,
    /// The name and the text of the file.
    file: (&'a str, &'a str),
    /// The number of the file.
    number: usize,
    span: Range<usize>,
}

impl Declared<'_> {
    fn excerpt(&self) -> Excerpt {
        Excerpt::new(self.file.0, self.file.1, self.span.clone())
    }

    fn place(&self) -> String {
        let Excerpt { origin, line, .. } = self.excerpt();
        format!("{origin}:{line}")
    }
}

pub(super) fn check(
    session: &Session,
    files: &Files<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<Vec<Misspelt>> {
    declared_names(files, findings);
    let dossier = session.dossier();
    let sources = [dossier.queries()?, dossier.checks()?, dossier.patterns()?].concat();
    let queries =
        sources.iter().filter_map(|source| Some((source.path.as_str(), source.text().ok()?)));
    let texts = files.ontology.iter().chain(&files.data).map(|file| (file.path(), file.text()));
    Ok(report(files.prefixes, texts.chain(queries), findings))
}

/// Reports what the ontology declares as a prefix or a namespace and cannot be one.
fn declared_names(files: &Files<'_>, findings: &mut Vec<Diagnostic>) {
    for file in &files.ontology {
        let mut wrong = Vec::new();
        for quad in &file.quads {
            let Term::Literal(literal) = &quad.object else { continue };
            let value = literal.value();
            if quad.predicate == sh::PREFIX && !is_prefix(value) {
                let name: String = value.chars().filter(|c| is_prefix_character(*c)).collect();
                let help = match name.as_str() {
                    "" => "write a name without a colon, such as `sh:prefix \"tea\"`".to_owned(),
                    name => {
                        format!("write `sh:prefix \"{name}\"`: letters and digits, without a colon")
                    }
                };
                wrong.push((quad, format!("`{value}` is not the name of a prefix"), help));
            } else if quad.predicate == sh::NAMESPACE && NamedNode::new(value).is_err() {
                let help = "write a whole IRI, such as `https://example.com/tea/`".to_owned();
                wrong.push((quad, format!("`{value}` is not a namespace"), help));
            }
        }
        let places = file.statements(wrong.iter().map(|(quad, ..)| *quad));
        findings.extend(wrong.into_iter().map(|(quad, message, help)| {
            let place = places.get(quad).map(|place| place.object.clone());
            Diagnostic::error("prefix-misdeclared", message).at(place).help(help)
        }));
    }
}

/// Returns whether a text can be a prefix before a colon, perhaps the empty one.
fn is_prefix(text: &str) -> bool {
    text.is_empty()
        || text.chars().all(is_prefix_character)
            && text.starts_with(char::is_alphabetic)
            && !text.ends_with('.')
}

fn is_prefix_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// Two namespaces of one prefix that are nearly the same, so that one of them is a mistake.
pub(super) type Misspelt = [String; 2];

/// Returns whether two namespaces differ only in `http` and `https`, in their case or in their last character.
fn are_near(one: &str, other: &str) -> bool {
    let core = |namespace: &str| {
        let namespace = namespace.to_lowercase();
        let rest = namespace.strip_prefix("https:").or(namespace.strip_prefix("http:"));
        rest.unwrap_or(&namespace).trim_end_matches(['/', '#']).to_owned()
    };
    // Both forms of the vocabulary schema.org are in use.
    core(one) == core(other) && core(one) != "//schema.org"
}

/// Removes findings that may follow from misspelt namespaces, and says how many.
pub(super) fn remove_consequences(misspelt: &[Misspelt], findings: &mut Vec<Diagnostic>) {
    const CONSEQUENCES: [&str; 12] = [
        "unknown-document",
        "document-without-text",
        "text-without-document",
        "text-shared",
        "undeclared-term",
        "unknown-thing",
        "no-label",
        "head-without-graph",
        "graph-without-head",
        "fact-without-claim",
        "query-fails",
        "answer-differs",
    ];
    if misspelt.is_empty() {
        return;
    }
    let is_in =
        |iri: &str| misspelt.iter().flatten().any(|namespace| iri.starts_with(namespace.as_str()));
    // Without the core ontology, there are no claims.
    let is_core = misspelt.iter().flatten().any(|namespace| namespace == DOS);
    let has_labels = LABELS.iter().chain([&dcterms::TITLE]).any(|label| is_in(label.as_str()));
    let has_context = is_in(oa::PREFIX.as_str());
    // A message shows names of a namespace without a prefix as IRIs.
    let is_named = |finding: &Diagnostic| {
        let mut wrong = misspelt.iter().map(|[wrong, _]| format!("<{wrong}"));
        wrong.any(|wrong| finding.message.contains(&wrong))
    };
    leave_out("namespace-misspelt", findings, |finding| {
        let id = finding.id.as_deref().unwrap_or_default();
        let follows = id == "no-label" && has_labels
            || id == "quote-ambiguous" && has_context
            || ["fact-without-claim", "value-datatype"].contains(&id) && is_named(finding);
        follows
            || finding.id.as_deref().is_some_and(|id| CONSEQUENCES.contains(&id))
                && (is_core || finding.about.as_deref().is_none_or(|thing| is_in(thing.as_str())))
    });
}

/// Removes findings that may follow from the first one with an id, and adds to that how many.
pub(super) fn leave_out(
    cause: &str,
    findings: &mut Vec<Diagnostic>,
    follows: impl Fn(&Diagnostic) -> bool,
) {
    let before = findings.len();
    findings.retain(|finding| !follows(finding));
    let note = match before - findings.len() {
        0 => return,
        1 => "1 other finding is left out: it may follow from this one".to_owned(),
        count => format!("{count} other findings are left out: they may follow from this one"),
    };
    let is_cause = |finding: &&mut Diagnostic| finding.id.as_deref() == Some(cause);
    if let Some(first) = findings.iter_mut().find(is_cause) {
        first.remarks.push(Remark::Note(note));
    }
}

/// Reports the prefixes of some files, the names and texts of which are given. Returns those that are misspelt.
fn report<'a>(
    known: &Prefixes,
    texts: impl Iterator<Item = (&'a str, &'a str)>,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Misspelt> {
    let mut misspelt = Vec::new();
    let mut of_prefix: BTreeMap<&str, Vec<Declared<'_>>> = BTreeMap::new();
    for (number, file) in texts.enumerate() {
        for (prefix, namespace, span) in of_all_files(file.1) {
            let declared = of_prefix.entry(prefix).or_default();
            if declared.iter().all(|known| known.namespace != namespace) {
                declared.push(Declared { namespace, file, number, span });
            }
        }
    }
    let mut of_namespace: BTreeMap<&str, Vec<(&str, &Declared<'_>)>> = BTreeMap::new();
    for (prefix, declared) in &of_prefix {
        // What the ontology declares for everything is right, and otherwise what it writes itself.
        let is_right =
            |declared: &&Declared<'_>| known.namespace(prefix) == Some(declared.namespace);
        let Some(first) = declared.iter().find(is_right).or(declared.first()) else { continue };
        for other in declared.iter().filter(|other| other.namespace != first.namespace) {
            if are_near(other.namespace, first.namespace) {
                misspelt.push([other.namespace.to_owned(), first.namespace.to_owned()]);
                findings.push(of_misspelt(prefix, other, first));
                continue;
            }
            let message = format!(
                "the prefix `{prefix}:` means `{}` here and `{}` elsewhere",
                other.namespace, first.namespace
            );
            findings.push(
                Diagnostic::warning("prefix-inconsistent", message)
                    .at(other.excerpt())
                    .note(format!("the other declaration is at {}", first.place()))
                    .help("correct the namespace, or give this one another prefix"),
            );
        }
        for declared in declared {
            of_namespace.entry(declared.namespace).or_default().push((prefix, declared));
        }
    }
    for (namespace, mut prefixes) in of_namespace {
        prefixes.sort_by_key(|(_, declared)| declared.number);
        let [(first, declared), others @ ..] = prefixes.as_slice() else { continue };
        for (other, place) in others {
            let message = format!("`{namespace}` has the prefixes `{first}:` and `{other}:`");
            findings.push(
                Diagnostic::of(Severity::Note, "namespace-prefixes", message)
                    .at(place.excerpt())
                    .note(format!("`{first}:` is declared at {}", declared.place()))
                    .help("use one prefix everywhere, so that a search for a name finds all of it"),
            );
        }
    }
    misspelt
}

fn of_misspelt(prefix: &str, wrong: &Declared<'_>, right: &Declared<'_>) -> Diagnostic {
    error!(
        "namespace-misspelt",
        "the prefix `{prefix}:` means `{}` here and `{}` elsewhere",
        wrong.namespace,
        right.namespace
    )
    .at(wrong.excerpt())
    .note(format!("the other declaration is at {}", right.place()))
    .help(format!("write `<{}>`", right.namespace))
}

/// Returns the prefixes that a text declares, without the empty one, which belongs to its file alone, and those of
/// relative namespaces.
fn of_all_files(text: &str) -> impl Iterator<Item = (&str, &str, Range<usize>)> {
    let is_whole = |namespace| NamedNode::new(namespace).is_ok();
    declarations(text).into_iter().filter(move |(name, iri, _)| !name.is_empty() && is_whole(*iri))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_are_near_in_their_scheme_their_case_and_their_end() {
        let near = ["http://e.org/tea", "https://e.org/tea/", "https://e.org/Tea#"];
        assert!(near.iter().all(|one| near.iter().all(|other| are_near(one, other))));
        assert!(!are_near("https://e.org/tea/", "https://e.org/tee/"));
        assert!(!are_near("http://schema.org/", "https://schema.org/"));
    }

    #[test]
    fn declarations_are_found_in_both_languages() {
        let found = |text| -> Vec<String> {
            of_all_files(text)
                .map(|(prefix, namespace, span)| format!("{prefix} {namespace} {}", &text[span]))
                .collect()
        };
        assert_eq!(
            found(
                "@prefix a: <http://a/> . PREFIX b:<http://b/>\nprefix : <http://c/> prefix d: <#>"
            ),
            ["a http://a/ a: <http://a/>", "b http://b/ b:<http://b/>"]
        );
        assert_eq!(found("# @prefix a: <http://a/>\n\"@prefix b: <http://b/>\""), [""; 0]);
    }
}
