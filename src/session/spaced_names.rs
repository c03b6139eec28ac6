//! Errors in the files of a dossier where a label stands in the place of a name.

use super::Names;
use super::typed::words_at;
use crate::diagnostic::{Diagnostic, Error, did_you_mean, did_you_mean_shown};
use crate::dossier::{Dossier, last_part};
use crate::rdf::read::RdfFile;
use crate::vocabulary::{LABELS, Prefixes, dcterms};
use oxigraph::model::{NamedOrBlankNode, Term};

/// Adds to the errors of files which thing has the words as its label.
pub(super) fn explain(dossier: &Dossier, mut error: Error) -> Error {
    let is_of_words = |problem: &Diagnostic| {
        problem.id.as_deref().is_some_and(|id| ["name-spaced", "bare-word"].contains(&id))
    };
    if !error.problems.iter().any(is_of_words) {
        return error;
    }
    let (names, locals, prefixes) = labels(dossier);
    for problem in error.problems.iter_mut().filter(|problem| is_of_words(problem)) {
        let help = thing_at(problem, &names, &prefixes)
            .or_else(|| without_prefix(problem, &locals, &prefixes));
        if let Some(help) = help {
            problem.help = Some(help);
        }
    }
    error
}

/// Returns the question that suggests the things whose label stands at an error.
fn thing_at(problem: &Diagnostic, names: &Names, prefixes: &Prefixes) -> Option<String> {
    let place = problem.excerpt.as_deref()?;
    let rest = place.text.get(place.spans.first()?.start..)?;
    let is_prefixed = problem.id.as_deref() == Some("name-spaced");
    let rest = if is_prefixed { rest.split_once(':')?.1 } else { rest };
    let words = words_at(rest);
    // (A single word of a name with spaces is not the whole label.)
    let fewest = if is_prefixed { 2 } else { 1 };
    let (label, things) = (fewest..=words.len()).rev().find_map(|count| {
        let label = words.get(..count)?.join(" ");
        let things = names.find(&label);
        (!things.is_empty()).then_some((label, things))
    })?;
    let things: Vec<String> =
        things.into_iter().map(|thing| format!("`{}`", prefixes.show(thing))).collect();
    Some(format!("{} Its label is `{label}`", did_you_mean_shown(things.join(" or "))))
}

/// Returns the question that suggests the name which stands at an error without its prefix.
fn without_prefix(problem: &Diagnostic, locals: &Names, prefixes: &Prefixes) -> Option<String> {
    let place = problem.excerpt.as_deref()?;
    let word = place.text.get(place.spans.first()?.clone())?;
    match locals.find(word).as_slice() {
        [thing] => Some(did_you_mean(prefixes.show(thing))),
        _ => None,
    }
}

/// Reads the labels and the last parts of the names in all files, as far as they can be read.
fn labels(dossier: &Dossier) -> (Names, Names, Prefixes) {
    let (mut names, mut locals) = (Names::default(), Names::default());
    let mut prefixes = Prefixes::default();
    let sources = [dossier.ontology(), dossier.data()].into_iter().flatten().flatten();
    for (number, source) in sources.enumerate() {
        let Ok(file) = RdfFile::new(source) else { continue };
        // A broken file is read up to its error.
        let _ = file.read(number, &mut prefixes, |quad| {
            if let NamedOrBlankNode::NamedNode(thing) = &quad.subject {
                locals.add(last_part(thing.as_str()).to_owned(), false, thing.clone());
            }
            let is_title = quad.predicate == dcterms::TITLE;
            if let (NamedOrBlankNode::NamedNode(thing), Term::Literal(label)) =
                (quad.subject, quad.object)
                && (is_title || LABELS.contains(&quad.predicate.as_ref()))
            {
                names.add(label.value().to_owned(), is_title, thing);
            }
        });
    }
    (names, locals, prefixes)
}
