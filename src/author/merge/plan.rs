//! The files of a merged dossier: their names, and the names in them.

use super::renames::Renames;
use crate::author::originals::originals;
use crate::author::removal::without;
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result};
use crate::dossier::{Part, SourceFile, last_part};
use crate::engine::{read_dossier, read_ontology};
use crate::rdf::read::{RdfFile, read_file};
use crate::sparql::declared_prefixes;
use crate::vocabulary::{Prefixes, dos, rdf};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, BTreeSet};

/// The core ontology, of which there is one.
const CORE: &str = "ontology/core.ttl";

/// The files of a merged dossier.
#[derive(Default)]
pub(super) struct Plan {
    /// The files, by path.
    pub files: BTreeMap<String, SourceFile>,
    /// Where the files of the dossiers stand that have another name now, in order.
    pub moved: Vec<(String, String)>,
    /// The prefixes that have another name now: the dossier, the old and the new name.
    pub prefixes: Vec<(String, String, String)>,
    /// The documents that have another IRI now.
    pub documents: Vec<(NamedNode, NamedNode)>,
    /// The number of claims and omissions that an earlier dossier has, too.
    pub shared: usize,
    /// The new name of each saved query, by the dossier and its old one.
    pub queries: BTreeMap<(String, String), String>,
    /// The new names in each dossier.
    pub renames: Vec<Renames>,
    /// The namespaces of all prefixes that the files so far declare.
    namespaces: BTreeMap<String, BTreeSet<String>>,
    /// The IRIs of all documents so far.
    all_documents: BTreeSet<String>,
    /// The names of all texts so far.
    texts: BTreeSet<String>,
    /// All claims and omissions so far.
    claims: BTreeSet<NamedNode>,
}

impl Plan {
    /// Plans the merged dossier. `same` has the IRIs in place of which others stand.
    ///
    /// # Errors
    /// If a file cannot be read, or new names cannot be written into it.
    pub(super) fn new(parts: &[Part], same: &BTreeMap<String, NamedNode>) -> Result<Self> {
        let mut plan = Self::default();
        let mut problems = Vec::new();
        for part in parts {
            plan.add(part, same, &mut problems)?;
        }
        if problems.is_empty() { Ok(plan) } else { Err(Error { kind: ErrorKind::Input, problems }) }
    }

    fn add(
        &mut self,
        part: &Part,
        same: &BTreeMap<String, NamedNode>,
        problems: &mut Vec<Diagnostic>,
    ) -> Result<()> {
        let dossier = &part.dossier;
        let ontology = dossier.ontology()?.into_iter().filter(|file| file.path != CORE);
        let mut files: Vec<SourceFile> = ontology.chain(dossier.data()?).collect();
        let core = dossier.other_file(CORE)?.filter(|_| !self.files.contains_key(CORE));
        files.extend([dossier.checks()?, dossier.patterns()?].concat());
        let queries = dossier.queries()?;
        let mut renames = Renames {
            iris: same.clone(),
            declared: Prefixes::declared_in(&read_ontology(dossier)?),
            ..Renames::default()
        };
        self.rename_prefixes(part, files.iter().chain(&queries), &mut renames);
        let texts = dossier.texts()?;
        let (quads, _) = read_dossier(dossier)?;
        let stems = self.rename_documents(part, &quads, &texts, &mut renames);
        let own: BTreeSet<NamedNode> = quads.iter().filter_map(claim).collect();
        // They are the same, or the dossiers could not be asked together.
        let shared: Vec<NamedNode> = own.intersection(&self.claims).cloned().collect();
        self.shared += shared.len();
        self.claims.extend(own);
        for file in core.into_iter().chain(files) {
            if let Some(file) = without_claims(file, &shared)? {
                self.add_renamed(part, file, &renames, problems);
            }
        }
        for query in &queries {
            if let Some(path) = self.add_renamed(part, query.clone(), &renames, problems) {
                let name = SourceFile { path, bytes: (&[][..]).into() }.stem().to_owned();
                self.queries.insert((part.name.clone(), query.stem().to_owned()), name);
            }
        }
        for answer in dossier.expected()? {
            let (query, case) = answer.stem().split_once('.').unwrap_or((answer.stem(), ""));
            let key = (part.name.clone(), query.to_owned());
            let query = self.queries.get(&key).map_or(query, String::as_str);
            let case = if case.is_empty() { String::new() } else { format!(".{case}") };
            let wanted = format!("queries/expected/{query}{case}.csv");
            // (Of two that belong to one query, both are its answers to two parts of the data.)
            if !self.files.contains_key(&wanted) {
                self.put(part, &answer.path.clone(), wanted, answer);
            }
        }
        for text in texts.into_iter().chain(originals(dossier)?) {
            let stem = stems.get(text.stem()).map_or(text.stem(), String::as_str);
            let (folder, _) = text.path.rsplit_once('/').unwrap_or(("", ""));
            let wanted = format!("{folder}/{stem}.{}", text.extension());
            if self.files.get(&wanted).is_none_or(|known| known.bytes != text.bytes) {
                self.put(part, &text.path.clone(), wanted, text);
            }
        }
        self.renames.push(renames);
        Ok(())
    }

    /// Finds new names for the prefixes that have another namespace in the files so far.
    fn rename_prefixes<'a>(
        &mut self,
        part: &Part,
        files: impl Iterator<Item = &'a SourceFile>,
        renames: &mut Renames,
    ) {
        let mut own: BTreeSet<(String, String)> = BTreeSet::new();
        let pairs = |prefixes: &Prefixes| -> Vec<(String, String)> {
            let pairs = prefixes.iter().filter(|(prefix, _)| !prefix.is_empty());
            pairs.map(|(prefix, namespace)| (prefix.to_owned(), namespace.to_owned())).collect()
        };
        for file in files {
            own.extend(pairs(&declared_prefixes(file.text().unwrap_or_default())));
        }
        own.extend(pairs(&renames.declared));
        for (prefix, namespace) in &own {
            let Some(known) = self.namespaces.get(prefix) else { continue };
            if known.contains(namespace) {
                continue;
            }
            let is_free = |name: &String| {
                self.namespaces.get(name).is_none_or(|known| known.contains(namespace))
                    && own.iter().all(|(prefix, known)| prefix != name || known == namespace)
            };
            let name = free(&format!("{}-{prefix}", part.name), is_free);
            self.prefixes.push((part.name.clone(), prefix.clone(), name.clone()));
            renames.prefixes.insert((prefix.clone(), namespace.clone()), name);
        }
        for pair in own {
            let (prefix, namespace) = pair.clone();
            let name = renames.prefixes.get(&pair).cloned().unwrap_or(prefix);
            self.namespaces.entry(name).or_default().insert(namespace);
        }
    }

    /// Finds new IRIs for the documents whose texts could belong to another document. Returns the new names of texts.
    fn rename_documents(
        &mut self,
        part: &Part,
        quads: &[Quad],
        texts: &[SourceFile],
        renames: &mut Renames,
    ) -> BTreeMap<String, String> {
        let own: BTreeSet<String> = quads.iter().filter_map(document).collect();
        let own_texts: BTreeSet<&str> = texts.iter().map(SourceFile::stem).collect();
        let mut stems = BTreeMap::new();
        for iri in &own {
            let stem = last_part(iri);
            let is_other =
                |known: &&String| known.as_str() != iri && last_part(known.as_str()) == stem;
            let has_text = self.texts.contains(stem) || own_texts.contains(stem);
            if !has_text || !self.all_documents.iter().any(|known| is_other(&known)) {
                continue;
            }
            let start = &iri[..iri.len() - stem.len()];
            let is_free = |name: &String| {
                let is_of = |known: &String| last_part(known) == name;
                !self.texts.contains(name) && !self.all_documents.iter().chain(&own).any(is_of)
            };
            let new = free(&format!("{}-{stem}", part.name), is_free);
            if let (Ok(old), Ok(iri)) =
                (NamedNode::new(iri), NamedNode::new(format!("{start}{new}")))
            {
                renames.iris.insert(old.as_str().to_owned(), iri.clone());
                self.documents.push((old, iri));
                stems.insert(stem.to_owned(), new);
            }
        }
        for iri in own {
            let iri = renames.iris.get(&iri).map_or(iri.clone(), |new| new.as_str().to_owned());
            self.all_documents.insert(iri);
        }
        for stem in own_texts {
            self.texts.insert(stems.get(stem).map_or(stem, String::as_str).to_owned());
        }
        stems
    }

    /// Adds a file with the new names in it. Returns its path, which is that of another one if both are the same.
    fn add_renamed(
        &mut self,
        part: &Part,
        file: SourceFile,
        renames: &Renames,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let renamed = match renames.file(&file, &part.path(&file.path)) {
            Ok(renamed) => renamed,
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        };
        if self.files.get(&file.path).is_some_and(|known| known.bytes == renamed.bytes) {
            return Some(file.path);
        }
        Some(self.put(part, &file.path, file.path.clone(), renamed))
    }

    /// Puts a file at a path, or at one beside it if that is taken. Returns its path.
    fn put(&mut self, part: &Part, old: &str, wanted: String, file: SourceFile) -> String {
        let (folder, name) = wanted.rsplit_once('/').unwrap_or(("", &wanted));
        let (stem, end) = name.split_once('.').unwrap_or((name, ""));
        let is_free = |stem: &String| !self.files.contains_key(&format!("{folder}/{stem}.{end}"));
        let path = if self.files.contains_key(&wanted) {
            format!("{folder}/{}.{end}", free(&format!("{}-{stem}", part.name), is_free))
        } else {
            wanted
        };
        if path != old {
            self.moved.push((part.path(old), path.clone()));
        }
        self.files.insert(path.clone(), SourceFile { path: path.clone(), ..file });
        path
    }
}

/// Returns a file without some claims, or `None` if nothing else is in it.
fn without_claims(file: SourceFile, claims: &[NamedNode]) -> Result<Option<SourceFile>> {
    if claims.is_empty() || !matches!(file.extension(), "ttl" | "trig") {
        return Ok(Some(file));
    }
    let Some(shortened) = without(&file, claims, false)? else { return Ok(Some(file)) };
    let after = RdfFile::new(shortened.after.clone()).map_err(Diagnostic::input)?;
    let is_empty = read_file(&after)?.0.is_empty();
    Ok((!is_empty).then_some(shortened.after))
}

/// Returns the claim or omission that a statement declares.
fn claim(quad: &Quad) -> Option<NamedNode> {
    let is_claim = quad.predicate == rdf::TYPE
        && quad.graph_name.is_default_graph()
        && [dos::CLAIM, dos::OMISSION].iter().any(|class| quad.object == Term::from(*class));
    match &quad.subject {
        NamedOrBlankNode::NamedNode(iri) if is_claim => Some(iri.clone()),
        _ => None,
    }
}

/// Returns the IRI of the document that a statement declares.
fn document(quad: &Quad) -> Option<String> {
    let is_document = quad.predicate == rdf::TYPE && quad.object == Term::from(dos::DOCUMENT_CLASS);
    match &quad.subject {
        NamedOrBlankNode::NamedNode(iri) if is_document => Some(iri.as_str().to_owned()),
        _ => None,
    }
}

/// Returns a name that is free: this one, or with a number.
fn free(name: &str, is_free: impl Fn(&String) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}
