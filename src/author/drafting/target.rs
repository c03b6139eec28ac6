//! The files to which claims are added, and what they will contain.

use super::lexicon::{Lexicon, own_namespaces};
use crate::author::addition;
use crate::author::append::append;
use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::{Edit, SourceFile, last_part};
use crate::rdf::read::{RdfFile, read_file};
use crate::session::Session;
use crate::vocabulary::{LABELS, dos, owl, rdf};
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// The file of claims of a dossier that has none.
const CLAIMS: &str = "data/claims.trig";
/// The file of labels of a dossier that has none.
const BACKGROUND: &str = "data/background.ttl";

/// The file of terms of a dossier that has none.
const TERMS: &str = "ontology/terms.ttl";

/// The files to which claims, background and terms are added.
pub(super) struct Targets {
    sources: Vec<SourceFile>,
    into: Option<String>,
    /// The file with the most claims of each document.
    by_document: HashMap<NamedNode, String>,
    background: String,
    terms: String,
}

/// A file with statements at its end that it does not have yet.
#[derive(Debug)]
pub(in crate::author) struct ChangedFile {
    before: Option<SourceFile>,
    pub(in crate::author) after: SourceFile,
    /// The text and the lines of what each draft adds.
    pub(in crate::author) parts: Vec<AddedPart>,
}

/// What a draft adds to a file.
#[derive(Debug)]
pub(in crate::author) struct AddedPart {
    /// The number of the draft.
    pub(super) draft: usize,
    /// Its text.
    pub(in crate::author) text: String,
    lines: Range<usize>,
}

impl Targets {
    /// Chooses the files: all claims go to `into`, if it is given.
    ///
    /// # Errors
    /// If `into` is not a TriG file of the data; if a file cannot be read.
    pub(super) fn of(session: &Session, into: Option<&str>) -> Result<Self> {
        let mut sources = session.dossier().data()?;
        let into = into.map(claims_file).transpose().map_err(Diagnostic::usage)?;
        let mut claims: HashMap<NamedNode, BTreeMap<&str, usize>> = HashMap::new();
        let mut labels: BTreeMap<&str, usize> = BTreeMap::new();
        for source in &sources {
            let file = RdfFile::new(source.clone()).map_err(Diagnostic::input)?;
            let path = source.path.as_str();
            for quad in read_file(&file)?.0 {
                let is_outside = quad.graph_name == GraphName::DefaultGraph;
                let property = quad.predicate.as_ref();
                if let (Term::NamedNode(document), true) = (quad.object, property == dos::DOCUMENT)
                    && source.extension() == "trig"
                {
                    *claims.entry(document).or_default().entry(path).or_default() += 1;
                } else if LABELS.contains(&property)
                    && is_outside
                    && source.extension() == "ttl"
                    && path != addition::BACKGROUND
                {
                    *labels.entry(path).or_default() += 1;
                }
            }
        }
        let by_document = claims
            .into_iter()
            .filter_map(|(document, files)| Some((document, most(&files)?.to_owned())));
        let background = most(&labels).unwrap_or(BACKGROUND).to_owned();
        let by_document = by_document.collect();
        let ontology = session.dossier().ontology()?;
        let terms = file_of_terms(session, &ontology)?;
        sources.extend(ontology);
        Ok(Self { sources, into, by_document, background, terms })
    }

    /// Returns the path of the file for the claims of a document.
    fn of_document(&self, document: &NamedNode) -> &str {
        let known = self.by_document.get(document);
        self.into.as_deref().or(known.map(String::as_str)).unwrap_or(CLAIMS)
    }

    /// Returns the changed files for what drafts add: claims, each with its document, background, and terms.
    ///
    /// # Errors
    /// If something cannot be added to its file.
    pub(super) fn add(
        &self,
        lexicon: &Lexicon<'_>,
        claims: Vec<(usize, &NamedNode, Vec<Quad>)>,
        background: Vec<(usize, Vec<Quad>)>,
        terms: Vec<(usize, Vec<Quad>)>,
    ) -> Result<Vec<ChangedFile>> {
        let mut by_file: BTreeMap<&str, Vec<(usize, Vec<Quad>)>> = BTreeMap::new();
        for (draft, document, quads) in claims {
            by_file.entry(self.of_document(document)).or_default().push((draft, quads));
        }
        for (draft, quads) in background {
            by_file.entry(&self.background).or_default().push((draft, quads));
        }
        if let Some((draft, quads)) = terms.first()
            && !self.sources.iter().any(|source| source.path == self.terms)
        {
            by_file.entry(&self.terms).or_default().push((*draft, ontology_of(quads)));
        }
        for (draft, quads) in terms {
            by_file.entry(&self.terms).or_default().push((draft, quads));
        }
        by_file.into_iter().map(|(path, blocks)| self.changed(lexicon, path, blocks)).collect()
    }

    fn changed(
        &self,
        lexicon: &Lexicon<'_>,
        path: &str,
        blocks: Vec<(usize, Vec<Quad>)>,
    ) -> Result<ChangedFile> {
        let before = self.sources.iter().find(|source| source.path == path).cloned();
        let text = before.as_ref().map_or(Ok(""), SourceFile::text).map_err(Diagnostic::input)?;
        let (drafts, blocks): (Vec<usize>, Vec<Vec<Quad>>) = blocks.into_iter().unzip();
        let ontology = lexicon.session().ontology()?;
        let appended = append(path, text, &blocks, lexicon.prefixes(), ontology)?;
        let starts: Vec<usize> =
            appended.text.match_indices('\n').map(|(end, _)| end + 1).collect();
        let line_of = |at: usize| starts.partition_point(|start| *start <= at) + 1;
        let parts = drafts.into_iter().zip(&appended.blocks).map(|(draft, block)| AddedPart {
            draft,
            text: appended.text[block.clone()].to_owned(),
            lines: line_of(block.start)..line_of(block.end) + 1,
        });
        let parts = parts.collect();
        let after = SourceFile { path: path.to_owned(), bytes: appended.text.into_bytes().into() };
        Ok(ChangedFile { before, after, parts })
    }
}

impl ChangedFile {
    /// Returns whether it has claims, and not background.
    pub(super) fn is_for_claims(&self) -> bool {
        self.after.extension() == "trig"
    }

    /// Returns the draft that adds a line.
    pub(super) fn draft_at(&self, line: usize) -> Option<usize> {
        self.parts.iter().find(|part| part.lines.contains(&line)).map(|part| part.draft)
    }

    /// Adds the change of the file to an edit.
    pub(in crate::author) fn add_to(&self, edit: &mut Edit) {
        match &self.before {
            Some(before) => {
                // A byte order mark stays.
                let mark = before.bytes.len() - before.text().map_or(before.bytes.len(), str::len);
                let mut after = before.bytes[..mark].to_vec();
                after.extend_from_slice(&self.after.bytes);
                edit.replace(before, after);
            }
            None => edit.create(self.after.path.clone(), self.after.bytes.to_vec()),
        }
    }
}

/// Returns the path of the file of the ontology that describes most terms of the dossier's own.
fn file_of_terms(session: &Session, ontology: &[SourceFile]) -> Result<String> {
    let own = own_namespaces(session.prefixes());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    // The core comes first, and belongs to every dossier.
    for source in ontology.iter().skip(1) {
        let file = RdfFile::new(source.clone()).map_err(Diagnostic::input)?;
        let quads = read_file(&file)?.0;
        let is_own = |quad: &&Quad| match &quad.subject {
            NamedOrBlankNode::NamedNode(subject) => {
                own.iter().any(|(_, namespace)| subject.as_str().starts_with(namespace))
            }
            NamedOrBlankNode::BlankNode(_) => false,
        };
        counts.insert(&source.path, quads.iter().filter(is_own).count());
    }
    Ok(most(&counts).unwrap_or(TERMS).to_owned())
}

/// Returns the statement that a new file with these terms is an ontology, named after their namespace.
fn ontology_of(terms: &[Quad]) -> Vec<Quad> {
    let term = terms.first().and_then(|quad| match &quad.subject {
        NamedOrBlankNode::NamedNode(term) => Some(term.as_str()),
        NamedOrBlankNode::BlankNode(_) => None,
    });
    let namespace = term.map(|term| &term[..term.len() - last_part(term).len()]);
    let ontology =
        namespace.map(|namespace| format!("{}/terms", namespace.trim_end_matches(['/', '#'])));
    let ontology = ontology.and_then(|ontology| NamedNode::new(ontology).ok());
    ontology
        .map(|ontology| Quad::new(ontology, rdf::TYPE, owl::ONTOLOGY, GraphName::DefaultGraph))
        .into_iter()
        .collect()
}

/// Returns the name with the highest number, the first one of several.
fn most<'a>(counts: &BTreeMap<&'a str, usize>) -> Option<&'a str> {
    counts.iter().rev().max_by_key(|(_, count)| **count).map(|(name, _)| *name)
}

/// Returns the path in the dossier of a file of claims as a user names it.
fn claims_file(name: &str) -> Result<String, Diagnostic> {
    let stem = name.strip_prefix("data/").unwrap_or(name).strip_suffix(".trig");
    let is_name = |stem: &str| {
        !stem.is_empty() && !stem.starts_with('.') && !stem.contains(['/', '\\', '\n'])
    };
    match stem.filter(|stem| is_name(stem)) {
        Some(stem) => Ok(format!("data/{stem}.trig")),
        None => Err(error!("file-not-for-claims", "claims cannot be added to `{name}`")
            .help("name a TriG file of the folder `data`, such as `data/claims.trig`")),
    }
}
