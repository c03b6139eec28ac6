//! Declares a class, a property or a thing without a claim, or changes the declaration of a class or a property in its
//! place.

use super::append::append;
use super::draft::DraftContent;
use super::drafting::{NewTerm, TermChanges, new_term};
use super::removal::without;
use super::retraction::{changed_cases, moved};
use crate::check::check_claims;
use crate::diagnostic::{Diagnostic, Error, Result, Severity, error};
use crate::dossier::{Edit, SourceFile};
use crate::rdf::read::{RdfFile, read_file};
use crate::rdf::syntax::comments_of;
use crate::session::{Data, Session};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Quad, Term};
use std::collections::BTreeSet;

/// The declaration, as it was typed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TermDeclaration<'a> {
    /// The declaration.
    pub content: &'a DraftContent,
    /// A comment for the term.
    pub comment: Option<&'a str>,
    /// The class or property whose declaration it replaces.
    pub replaced: Option<&'a str>,
}

/// A declaration that is about to be written.
#[derive(Debug)]
pub(crate) struct DeclaredTerm {
    /// The declaration, or `None` if the dossier has it already.
    pub term: Option<NamedNode>,
    /// Its statements as they will stand in the file.
    pub text: String,
    /// The path of the file.
    pub file: String,
    /// What to know of it.
    pub notes: Vec<Diagnostic>,
    /// What a check will find that it does not find now.
    pub findings: Vec<Diagnostic>,
    /// The cases of saved queries whose answers change.
    pub cases: Vec<String>,
    /// The change to the dossier.
    pub edit: Edit,
}

/// Computes what becomes of a declaration.
///
/// # Errors
/// If the term is unknown or has another meaning, something that the declaration names is unknown, or the declaration
/// that is replaced does not stand in one file of its own.
pub(crate) fn declare_term(
    session: &Session,
    declaration: TermDeclaration<'_>,
) -> Result<DeclaredTerm> {
    let edit = Edit::of(session.dossier())?;
    let TermDeclaration { content, comment, replaced } = declaration;
    match replaced {
        Some(name) => {
            redeclared(session, &TermChanges::new(session, name, content, comment)?, edit)
        }
        None => {
            let mut new = new_term(session, content, comment)?;
            if let (None, [], Some(label)) = (&new.term, new.notes.as_slice(), content.declared()) {
                let note = format!("`{label}` is in the dossier already");
                new.notes.push(Diagnostic::of(Severity::Note, "term-declared", note));
            }
            Ok(declared(new, edit))
        }
    }
}

/// Returns a new declaration.
fn declared(new: NewTerm, mut edit: Edit) -> DeclaredTerm {
    let NewTerm { term, notes, files } = new;
    for file in &files {
        file.add_to(&mut edit);
    }
    let (mut text, mut path) = (String::new(), String::new());
    if let Some(file) = files.first() {
        // A new file begins with its ontology.
        text = file.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("\n\n");
        path.clone_from(&file.after.path);
    }
    let (findings, cases) = (Vec::new(), Vec::new());
    DeclaredTerm { term, text, file: path, notes, findings, cases, edit }
}

/// Returns a declaration with changes, in the place of the old one.
fn redeclared(session: &Session, changes: &TermChanges, mut edit: Edit) -> Result<DeclaredTerm> {
    let term = &changes.term;
    let (source, quads) = declaring_file(session, term)?;
    let wanted = changes.applied(&quads);
    if wanted.len() == quads.len() && wanted.iter().all(|quad| quads.contains(quad)) {
        let shown = session.prefixes().show(term);
        let note = format!("`{shown}` is declared like this already");
        let notes = vec![Diagnostic::of(Severity::Note, "term-declared", note)];
        let (text, file) = (String::new(), source.path);
        let (findings, cases) = (Vec::new(), Vec::new());
        return Ok(DeclaredTerm { term: None, text, file, notes, findings, cases, edit });
    }
    let shortened = without(&source, std::slice::from_ref(term), true)
        .map_err(|_| not_editable(session, term, &source.path))?
        .ok_or_else(|| not_editable(session, term, &source.path))?;
    let rest = shortened.after.text().map_err(Diagnostic::input)?;
    let (prefixes, ontology) = (session.prefixes(), session.ontology()?);
    let appended = append(&source.path, rest, &[wanted], prefixes, ontology)?;
    let block = appended.blocks.first().map_or("", |block| &appended.text[block.clone()]);
    let content = moved(&shortened.after, &appended.text, block);
    // What people wrote beside the statements stays above them.
    let remarks: String = shortened.removed.iter().flat_map(|text| comments(text)).collect();
    let text = format!("{remarks}{block}");
    let content = match String::from_utf8(content) {
        Ok(whole) => whole.replacen(block, &text, 1).into_bytes(),
        Err(error) => error.into_bytes(),
    };
    let after = SourceFile { path: source.path.clone(), bytes: content.into() };
    let dossier = session.dossier().with_files([after.clone()]);
    let would_be = Session::open(dossier, &Data::Dossier)?.with_limits(session.limits());
    let findings = new_findings(session, &would_be)?;
    let cases = changed_cases(session, &would_be)?;
    edit.replace(&source, after.bytes.to_vec());
    let (term, file, notes) = (Some(term.clone()), source.path, Vec::new());
    Ok(DeclaredTerm { term, text, file, notes, findings, cases, edit })
}

/// Returns the file that declares a term, with its statements about it.
fn declaring_file(session: &Session, term: &NamedNode) -> Result<(SourceFile, Vec<Quad>)> {
    let dossier = session.dossier();
    // The core comes first, and belongs to every dossier.
    let mut sources = dossier.ontology()?.into_iter();
    let core = sources.next();
    let mut found = Vec::new();
    for source in sources.chain(dossier.data()?) {
        let quads = about(&source, term)?;
        if !quads.is_empty() {
            found.push((source, quads));
        }
    }
    let shown = session.prefixes().show(term);
    let is_core = match core {
        Some(core) if found.is_empty() => !about(&core, term)?.is_empty(),
        _ => false,
    };
    match found.len() {
        1 => Ok(found.remove(0)),
        0 if !is_core => {
            Err(error!("term-not-editable", "no file of the dossier declares `{shown}`")
                .help("declare it in a file of `ontology/`, with an `rdfs:label`")
                .usage())
        }
        0 => Err(error!(
            "term-not-editable",
            "`{shown}` belongs to the core ontology, which every dossier has"
        )
        .help("declare a term of your own: `dossier declare 'LABEL | class'`")
        .usage()),
        _ => {
            let paths: Vec<String> =
                found.iter().map(|(source, _)| format!("`{}`", source.path)).collect();
            Err(error!("term-not-editable", "several files declare `{shown}`")
                .note(paths.join(", "))
                .help("put its statements into one of them, or change them by hand")
                .usage())
        }
    }
}

/// Returns the statements of a file about a term, and about the blank nodes in these.
fn about(source: &SourceFile, term: &NamedNode) -> Result<Vec<Quad>> {
    let file = RdfFile::new(source.clone()).map_err(Diagnostic::input)?;
    let all = read_file(&file)?.0;
    let mut wanted = BTreeSet::from([term.to_string()]);
    let mut nodes = vec![NamedOrBlankNode::from(term.clone())];
    let mut quads = Vec::new();
    while let Some(node) = nodes.pop() {
        for quad in all.iter().filter(|quad| quad.subject == node) {
            if let Term::BlankNode(inner) = &quad.object
                && wanted.insert(inner.to_string())
            {
                nodes.push(inner.clone().into());
            }
            quads.push(quad.clone());
        }
    }
    Ok(quads)
}

/// Returns the comments in a text, each as a line.
fn comments(text: &str) -> Vec<String> {
    comments_of(text).map(|comment| format!("{}\n", &text[comment])).collect()
}

/// Returns what a check finds in a dossier and not in the one before.
fn new_findings(before: &Session, after: &Session) -> Result<Vec<Diagnostic>> {
    let none = BTreeSet::new();
    let known: BTreeSet<String> =
        check_claims(before, &none)?.iter().map(|finding| finding.message.clone()).collect();
    let mut found = check_claims(after, &none)?;
    found.retain(|finding| !known.contains(&finding.message));
    found.sort_by_key(|finding| finding.severity);
    Ok(found)
}

fn not_editable(session: &Session, term: &NamedNode, path: &str) -> Error {
    let shown = session.prefixes().show(term);
    error!("term-not-editable", "cannot change `{shown}` in `{path}` alone")
        .help("change it by hand: other statements stand in the same sentence, or its IRI is written in an unusual way")
        .usage()
}
