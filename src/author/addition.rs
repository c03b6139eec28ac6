//! Adds a document to a dossier: its text, the file it comes from, and what is known of it.

use super::append::append;
use super::originals::original_path;
use super::page::PageText;
use super::slug::slug;
use super::source::Source;
use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::{Document, Edit, SourceFile, last_part};
use crate::session::Session;
use crate::vocabulary::{dcterms, dos, prov, rdf, well_known, xsd};
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term};
use sha2::{Digest as _, Sha256};
use unicode_segmentation::UnicodeSegmentation as _;

/// The background file to which documents are added.
pub(super) const BACKGROUND: &str = "data/documents.ttl";

/// A file that becomes a document, and what the user says of it.
#[derive(Debug, Clone)]
pub(crate) struct NewDocument<'a> {
    /// The file.
    pub source: &'a Source,
    /// The name or CURIE of the document; else it comes from the file's name.
    pub name: Option<&'a str>,
    /// Its title; else the page or the first line tells it.
    pub title: Option<&'a str>,
    /// The address that it comes from.
    pub address: Option<&'a str>,
    /// The day, as `2026-11-30`.
    pub today: &'a str,
}

/// A document that is about to be added.
#[derive(Debug)]
pub(crate) struct Addition {
    /// Its IRI.
    pub document: NamedNode,
    /// Its title.
    pub title: Option<String>,
    /// Its text.
    pub text: Document,
    /// The number of words in its text.
    pub words: usize,
    /// The parts of a web page that are not in it.
    pub left_out: Vec<String>,
    /// The number of words in them.
    pub words_left_out: usize,
    /// The changes to the dossier.
    pub edit: Edit,
}

/// Computes the changes that add a file to a dossier.
///
/// # Errors
/// If the file has no text, or is already a document; if the name is invalid or taken; if the dossier cannot be changed.
pub(crate) fn add(session: &Session, new: &NewDocument<'_>) -> Result<Addition> {
    let mut edit = Edit::of(session.dossier())?;
    let Source { file, original, .. } = new.source;
    let digest = digest(original);
    refuse_twice(session, file, &digest)?;
    let page = new.source.text().map_err(Diagnostic::input)?;
    let document = name(session, new)?;
    let stem = last_part(document.as_str()).to_owned();
    let (words, words_left_out) = page.words();
    let title = new
        .title
        .map(str::to_owned)
        .or_else(|| page.title.clone())
        .or_else(|| first_line(&page.text))
        .or_else(|| title_of_file(file));
    if page.text.as_bytes() != original {
        let path = original_path(&stem, file);
        edit.create(path, original.as_slice());
    }
    let path = format!("data/documents/{stem}{}", new.source.text_extension());
    edit.create(path.clone(), page.text.as_str());
    let facts = facts(&document, new, &page, title.as_deref(), &digest)?;
    describe(session, &facts, &mut edit)?;
    let file = SourceFile { path, bytes: page.text.into_bytes().into() };
    let text = file.document().map_err(Diagnostic::input)?;
    Ok(Addition { document, title, text, words, left_out: page.left_out, words_left_out, edit })
}

/// Refuses a file that is a document of the dossier already.
fn refuse_twice(session: &Session, file: &str, digest: &str) -> Result<()> {
    let digest = Literal::new_simple_literal(digest);
    let same = session.store().things(dos::SHA256, digest.as_ref().into())?;
    match same.first() {
        None => Ok(()),
        Some(document) => Err(error!(
            "document-twice",
            "`{file}` is already in the dossier, as `{}`",
            session.prefixes().show(document)
        )
        .help(format!(
            "if this is a new version of its text: `dossier update {} FILE`",
            last_part(document.as_str())
        ))
        .usage()),
    }
}

/// Returns the IRI of the new document.
fn name(session: &Session, new: &NewDocument<'_>) -> Result<NamedNode> {
    let prefixes = session.prefixes();
    let iri = match new.name {
        Some(name) if name.contains(':') => {
            let iri = name.strip_prefix('<').and_then(|name| name.strip_suffix('>'));
            let is_curie = name.split_once(':').is_some_and(|(_, local)| is_valid(local));
            let known = if is_curie { prefixes.expand(name) } else { None };
            known.or_else(|| NamedNode::new(iri?).ok()).ok_or_else(|| invalid_name(name).usage())?
        }
        given => {
            let name = given.map_or_else(|| stem(&new.source.file), str::to_owned);
            if !is_valid(&name) {
                return Err(invalid_name(&name).usage());
            }
            let namespace = namespace(session)?;
            NamedNode::new(format!("{namespace}{name}")).map_err(|_| invalid_name(&name).usage())?
        }
    };
    let name = last_part(iri.as_str());
    if !is_valid(name) {
        return Err(invalid_name(name).usage());
    }
    let documents = session.store().things(rdf::TYPE, dos::DOCUMENT_CLASS.into())?;
    let is_taken = documents.iter().any(|known| last_part(known.as_str()) == name);
    if is_taken || session.texts()?.named(name).is_some() {
        return Err(error!("document-exists", "there is a document `{name}` already")
            .help("give this one another name, with `--as NAME`")
            .usage());
    }
    Ok(iri)
}

/// Returns whether a name can be that of a file and the last part of an IRI.
fn is_valid(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(char::is_alphanumeric)
        && characters.all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn invalid_name(name: &str) -> Diagnostic {
    error!("name-invalid", "`{name}` cannot be the name of a document")
        .help("use letters, digits, `-` and `_`, such as `--as history`")
}

/// Returns the namespace of the dossier's documents, or that of its own names.
fn namespace(session: &Session) -> Result<String> {
    let documents = session.store().things(rdf::TYPE, dos::DOCUMENT_CLASS.into())?;
    if let Some(document) = documents.first() {
        let iri = document.as_str();
        return Ok(iri[..iri.len() - last_part(iri).len()].to_owned());
    }
    let is_own = |prefix: &str| prefix != "dos" && well_known(prefix).is_none();
    let own = session.prefixes().iter().find(|(prefix, _)| is_own(prefix));
    own.map(|(_, namespace)| namespace.to_owned()).ok_or_else(|| {
        error!("prefix-missing", "the dossier declares no prefix for names of its own")
            .help("declare one with `sh:declare` in a file of `ontology/`")
            .input()
    })
}

/// Returns a name for a document from that of its file.
fn stem(file: &str) -> String {
    slug(file.rsplit_once('.').map_or(file, |(stem, _)| stem))
}

fn first_line(text: &str) -> Option<String> {
    const LONGEST: usize = 20;
    let line = text.lines().find(|line| !line.trim().is_empty())?;
    let line = line.trim().trim_start_matches('#').trim();
    (line.unicode_words().count() <= LONGEST && !line.ends_with('.')).then(|| line.to_owned())
}

/// Returns a title from the name of a file, for a text that has none. Standard input has no name.
fn title_of_file(file: &str) -> Option<String> {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let words = stem.split(['-', '_', ' ']).filter(|word| !word.is_empty());
    let title = words.collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then_some(title)
}

/// Returns what is known of the document.
fn facts(
    document: &NamedNode,
    new: &NewDocument<'_>,
    page: &PageText,
    title: Option<&str>,
    digest: &str,
) -> Result<Vec<Quad>> {
    let mut quads = Vec::new();
    let mut say = |property: NamedNodeRef<'_>, value: Term| {
        quads.push(Quad::new(document.clone(), property, value, GraphName::DefaultGraph));
    };
    say(rdf::TYPE, dos::DOCUMENT_CLASS.into());
    if let Some(title) = title {
        let tagged = page
            .language
            .as_deref()
            .and_then(|tag| Literal::new_language_tagged_literal(title, tag.trim()).ok());
        say(dcterms::TITLE, tagged.unwrap_or_else(|| Literal::new_simple_literal(title)).into());
    }
    if let Some(author) = &page.author {
        say(dcterms::CREATOR, Literal::new_simple_literal(author).into());
    }
    if let Some(address) = new.address {
        let source = NamedNode::new(address).map_err(|_| {
            error!("source-invalid", "`{address}` is not an address")
                .help("give the whole address, such as `--source https://example.com/history`")
                .usage()
        })?;
        say(prov::WAS_DERIVED_FROM, source.into());
    }
    say(dos::ADDED, Literal::new_typed_literal(new.today, xsd::DATE).into());
    say(dos::SHA256, Literal::new_simple_literal(digest).into());
    Ok(quads)
}

/// Adds the facts to the background.
fn describe(session: &Session, facts: &[Quad], edit: &mut Edit) -> Result<()> {
    let data = session.dossier().data()?;
    let file = data.iter().find(|file| file.path == BACKGROUND);
    let text = file.map_or(Ok(""), |file| file.text()).map_err(Diagnostic::input)?;
    let (facts, ontology) = ([facts.to_vec()], session.ontology()?);
    let text = append(BACKGROUND, text, &facts, session.prefixes(), ontology)?.text;
    match file {
        Some(file) => edit.replace(file, text),
        None => edit.create(BACKGROUND, text),
    }
    Ok(())
}

/// Returns the digest of a file that is recorded for its document.
pub(super) fn digest(original: &[u8]) -> String {
    hex(&Sha256::digest(original))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_files() {
        assert_eq!(stem("A History of Tea.html"), "a-history-of-tea");
        assert_eq!(stem("Café (2).pdf"), "cafe-2");
        assert_eq!(stem("notes"), "notes");
        assert_eq!(first_line("\n# Tea\n\nIt is old."), Some("Tea".to_owned()));
        assert_eq!(first_line("It is old.\n"), None);
    }
}
