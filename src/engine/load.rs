//! Loading the files of a dossier, or any RDF files, into a store. If one is broken, nothing is loaded.

use super::built_in::ParsedQuads;
use super::identities::Identities;
use super::planning::WORTH_PLANNING;
use super::quirks::LiteralForms;
use super::survey::{Survey, Surveyor};
use super::{Embedded, Store, failed};
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, error};
use crate::dossier::Dossier;
use crate::parallel::beside;
use crate::rdf::read::{
    BlankNodeNames, LanguageTags, RdfFile, RdfInput, RdfStream, ReadOptions, SkippedStatements,
};
use crate::vocabulary::{PrefixClash, Prefixes, owl, rdf};
use oxigraph::model::{GraphName, GraphNameRef, NamedNode, NamedOrBlankNode, Quad, QuadRef, Term};
use oxigraph::store::Transaction;
use std::collections::BTreeSet;
use std::thread;

/// The filled store, and what to report about the files.
pub struct LoadSummary {
    /// The store.
    pub store: Store,
    /// The prefixes that a dossier's ontology declares, or else those of the files.
    pub prefixes: Prefixes,
    /// The prefixes that another file binds to another namespace.
    pub clashes: Vec<PrefixClash>,
    /// The literals that the store canonicalizes.
    pub literal_forms: Option<LiteralForms>,
    /// The language tags, as written, that the store converts to lower case.
    pub lowercased_tags: BTreeSet<String>,
    /// The skipped broken statements, if skipping is enabled.
    pub skipped: SkippedStatements,
}

impl LoadSummary {
    /// Wraps a store into which nothing was loaded.
    pub fn of_store(store: Store, prefixes: Prefixes) -> Self {
        let (clashes, skipped, lowercased_tags) =
            (Vec::new(), SkippedStatements::default(), BTreeSet::new());
        Self { store, prefixes, clashes, literal_forms: None, lowercased_tags, skipped }
    }
}

/// Loads the data and the ontology of a dossier, with each ontology file as the named graph of its own IRI.
///
/// # Errors
/// Fails with the first error of each broken file. Nothing is loaded then.
pub(crate) fn load_dossier(dossier: &Dossier) -> Result<LoadSummary> {
    if let Some(quads) = ParsedQuads::of_built_in(dossier) {
        return load_parsed(quads);
    }
    let ontology_files = rdf_files(dossier.ontology()?)?;
    let data = data_by_part(dossier)?;
    let (mut prefixes, mut lowercased_tags) = (Prefixes::default(), BTreeSet::new());
    let mut identities = Identities::default();
    fill(|filling| {
        let mut problems = Vec::new();
        // The ontology is most of what a small dossier has to parse, so it is parsed in parallel with the data.
        let ontology = beside(
            || OntologyQuads::parse(&ontology_files),
            || {
                let blank_nodes = BlankNodeNames::InOrder;
                let mut files_before = ontology_files.len();
                for (part, files) in data {
                    let number = files.len();
                    let reading = ReadOptions { blank_nodes, files_before, ..<_>::default() };
                    let mut stream = RdfStream::read(files, reading);
                    problems
                        .extend(filling.take(&mut stream, |quads| identities.take(part, quads)));
                    files_before += number;
                    lowercased_tags.append(&mut stream.lowercased_tags);
                }
            },
        );
        lowercased_tags.extend(ontology.lowercased_tags);
        match prefixes_of(dossier, || Ok(&ontology.quads)) {
            Ok(declared) => prefixes = declared,
            Err(error) => problems.extend(error.problems),
        }
        filling.insert_all(ontology.quads);
        problems.splice(..0, ontology.problems);
        if problems.is_empty() {
            problems = identities.collisions(dossier).unwrap_or_else(|error| error.problems);
        }
        problems
    })
    .map(|(store, literal_forms)| LoadSummary {
        literal_forms,
        lowercased_tags,
        ..LoadSummary::of_store(store, prefixes)
    })
}

/// Loads the quads of a dossier on this thread.
fn load_parsed(quads: ParsedQuads) -> Result<LoadSummary> {
    let mut embedded = Embedded::new()?;
    let mut transaction = embedded.store.start_transaction().map_err(failed)?;
    for quad in quads.iter() {
        insert(&mut transaction, quad.as_ref());
    }
    transaction.commit().map_err(failed)?;
    let literal_forms = note_survey(&mut embedded, quads.survey());
    let prefixes = Prefixes::declared_in(&quads.ontology);
    Ok(LoadSummary {
        literal_forms,
        lowercased_tags: quads.lowercased_tags,
        ..LoadSummary::of_store(embedded.into(), prefixes)
    })
}

/// Loads RDF files.
///
/// # Errors
/// Fails with the first error of each broken file. Nothing is loaded then.
pub fn load_files(files: Vec<RdfInput>) -> Result<LoadSummary> {
    load(files, false)
}

/// Loads RDF files, skipping broken statements.
///
/// # Errors
/// Fails with the first error of each file that cannot be read even so. Nothing is loaded then.
pub(crate) fn load_files_leniently(files: Vec<RdfInput>) -> Result<LoadSummary> {
    load(files, true)
}

fn load(files: Vec<RdfInput>, is_lenient: bool) -> Result<LoadSummary> {
    let blank_nodes = BlankNodeNames::InOrder;
    let reading = ReadOptions { is_lenient, blank_nodes, ..ReadOptions::default() };
    let mut stream = RdfStream::read(files, reading);
    let (store, literal_forms) = fill(|filling| filling.take(&mut stream, |_| {}))?;
    let RdfStream { prefixes, clashes, skipped, lowercased_tags, .. } = stream;
    Ok(LoadSummary { store, prefixes, clashes, literal_forms, lowercased_tags, skipped })
}

/// Reads the quads and the prefixes of a dossier from its files, without a store: the data and the ontology, with each
/// ontology file in the graph of its own IRI.
///
/// # Errors
/// Fails with the first error of each broken file.
pub(crate) fn read_dossier(dossier: &Dossier) -> Result<(Vec<Quad>, Prefixes)> {
    let ontology_files = rdf_files(dossier.ontology()?)?;
    let OntologyQuads { mut quads, mut problems, .. } = OntologyQuads::parse(&ontology_files);
    let prefixes = Prefixes::declared_in(&quads);
    for (i, file) in rdf_files(dossier.data()?)?.iter().enumerate() {
        let number = ontology_files.len() + 1 + i;
        problems.extend(file.read(number, &mut Prefixes::default(), |quad| quads.push(quad)).err());
    }
    if problems.is_empty() {
        Ok((quads, prefixes))
    } else {
        Err(Error { kind: ErrorKind::Input, problems })
    }
}

/// Reads the quads of a dossier's ontology, in the order of its files, without loading the dossier.
///
/// # Errors
/// Fails if an ontology file is broken.
pub(crate) fn read_ontology(dossier: &Dossier) -> Result<Vec<Quad>> {
    if let Some(quads) = ParsedQuads::of_built_in(dossier) {
        return Ok(quads.ontology);
    }
    let ontology = OntologyQuads::parse(&rdf_files(dossier.ontology()?)?);
    if ontology.problems.is_empty() {
        Ok(ontology.quads)
    } else {
        Err(Error { kind: ErrorKind::Input, problems: ontology.problems })
    }
}

/// Returns the prefixes that the ontology of a dossier declares, the quads of which are given. Of several dossiers, each
/// declares its own.
///
/// # Errors
/// Fails if an ontology file is broken.
pub(crate) fn prefixes_of<Q: AsRef<[Quad]>>(
    dossier: &Dossier,
    ontology: impl FnOnce() -> Result<Q>,
) -> Result<Prefixes> {
    if dossier.parts().is_empty() {
        return Ok(Prefixes::declared_in(ontology()?.as_ref()));
    }
    let mut declared = Vec::new();
    for part in dossier.parts() {
        let quads = read_ontology(&part.dossier)?;
        declared.push((part.name.as_str(), Prefixes::declared_in(&quads)));
    }
    Ok(Prefixes::joined(&declared))
}

/// The data files of a dossier, with its name if it is one of several.
type PartData<'a> = (Option<&'a str>, Vec<RdfInput>);

/// Returns the data files of a dossier or, if it is several, those of each.
fn data_by_part(dossier: &Dossier) -> Result<Vec<PartData<'_>>> {
    let mut of_part: Vec<PartData<'_>> = Vec::new();
    for file in rdf_files(dossier.data()?)? {
        let name = dossier.part_of(&file.source.path).map(|part| part.name.as_str());
        match of_part.last_mut() {
            Some((last, files)) if *last == name => files.push(file.into()),
            _ => of_part.push((name, vec![file.into()])),
        }
    }
    Ok(of_part)
}

fn rdf_files(sources: Vec<crate::dossier::SourceFile>) -> Result<Vec<RdfFile>> {
    sources.into_iter().map(|source| RdfFile::new(source).map_err(Diagnostic::input)).collect()
}

/// The ontology of a dossier: the quads of its files, each in the graph that the file's `owl:Ontology` names, and the
/// first problem of each broken file.
#[derive(Default)]
struct OntologyQuads {
    quads: Vec<Quad>,
    problems: Vec<Diagnostic>,
    lowercased_tags: BTreeSet<String>,
}

impl OntologyQuads {
    fn parse(files: &[RdfFile]) -> Self {
        let mut ontology = Self::default();
        for (i, file) in files.iter().enumerate() {
            let start = ontology.quads.len();
            let quads = &mut ontology.quads;
            let (tags, prefixes) = (LanguageTags::default(), &mut Prefixes::default());
            let read = file.read_with(&tags, i + 1, prefixes, |quad| quads.push(quad));
            ontology.lowercased_tags.append(&mut tags.take_lowercased());
            match read {
                Err(problem) => ontology.problems.push(problem),
                Ok(()) => match declared_ontology(&ontology.quads[start..]) {
                    Some(name) => {
                        for quad in &mut ontology.quads[start..] {
                            quad.graph_name = GraphName::NamedNode(name.clone());
                        }
                    }
                    None => ontology.problems.push(
                        error!(
                            "ontology-undeclared",
                            "`{}` declares no ontology", file.source.path
                        )
                        .help("add `<IRI> a owl:Ontology .`: its IRI names the file's graph"),
                    ),
                },
            }
        }
        ontology
    }
}

fn declared_ontology(quads: &[Quad]) -> Option<NamedNode> {
    let ontology = Term::from(owl::ONTOLOGY);
    quads
        .iter()
        .find(|quad| quad.predicate.as_ref() == rdf::TYPE && quad.object == ontology)
        .and_then(|quad| match &quad.subject {
            NamedOrBlankNode::NamedNode(name) => Some(name.clone()),
            NamedOrBlankNode::BlankNode(_) => None,
        })
}

/// Fills a new store in one transaction, which is rolled back if there are problems.
fn fill(
    read: impl FnOnce(&mut StoreLoader<'_>) -> Vec<Diagnostic>,
) -> Result<(Store, Option<LiteralForms>)> {
    let mut embedded = Embedded::new()?;
    let survey = thread::scope(|scope| {
        let transaction = embedded.store.start_transaction().map_err(failed)?;
        let mut filling = StoreLoader { transaction, surveyor: Surveyor::start(scope) };
        let problems = read(&mut filling);
        if !problems.is_empty() {
            return Err(Error { kind: ErrorKind::Input, problems });
        }
        filling.transaction.commit().map_err(failed)?;
        Ok(filling.surveyor.finish())
    })?;
    let literal_forms = note_survey(&mut embedded, survey);
    Ok((embedded.into(), literal_forms))
}

/// Records the survey of a store's quads, and returns the literals that the store canonicalizes.
fn note_survey(embedded: &mut Embedded, survey: Survey) -> Option<LiteralForms> {
    match survey.triples {
        Some(triples) => embedded.planning.note_triples(triples),
        None if survey.quads < WORTH_PLANNING as u64 => embedded.planning.note_few(),
        None => {}
    }
    embedded.may_have_long_numbers = survey.has_long_number;
    survey.literal_forms
}

/// Inserts a quad. If it is in a named graph, its triple is also added to the default graph.
fn insert(transaction: &mut Transaction<'_>, quad: QuadRef<'_>) {
    transaction.insert(quad);
    if !quad.graph_name.is_default_graph() {
        let QuadRef { subject, predicate, object, .. } = quad;
        transaction.insert(QuadRef::new(subject, predicate, object, GraphNameRef::DefaultGraph));
    }
}

/// Fills a store in one transaction.
struct StoreLoader<'a> {
    transaction: Transaction<'a>,
    surveyor: Surveyor<'a>,
}

impl StoreLoader<'_> {
    /// Inserts the quads of files, each batch after `see` has seen it, and returns the problems of the files.
    fn take(&mut self, stream: &mut RdfStream, mut see: impl FnMut(&[Quad])) -> Vec<Diagnostic> {
        while let Some(quads) = stream.next_quads() {
            match quads {
                Ok(quads) => {
                    see(&quads);
                    self.insert_all(quads);
                }
                Err(error) => return error.problems,
            }
        }
        Vec::new()
    }

    fn insert_all(&mut self, quads: Vec<Quad>) {
        for quad in &quads {
            insert(&mut self.transaction, quad.as_ref());
        }
        self.surveyor.take(quads);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses a dossier as loading does.
    fn parsed(dossier: &Dossier) -> ParsedQuads {
        let ontology_files = rdf_files(dossier.ontology().unwrap()).unwrap();
        let ontology = OntologyQuads::parse(&ontology_files);
        assert_eq!(ontology.problems, []);
        let reading = ReadOptions {
            blank_nodes: BlankNodeNames::InOrder,
            files_before: ontology_files.len(),
            ..ReadOptions::default()
        };
        let data = rdf_files(dossier.data().unwrap()).unwrap();
        let mut stream = RdfStream::read(data.into_iter().map(RdfInput::from).collect(), reading);
        let data = stream.by_ref().collect::<Result<_>>().unwrap();
        let mut lowercased_tags = ontology.lowercased_tags;
        lowercased_tags.append(&mut stream.lowercased_tags);
        ParsedQuads { data, ontology: ontology.quads, lowercased_tags }
    }

    #[test]
    fn the_built_in_quads_are_those_of_the_files() {
        let quads = parsed(&Dossier::built_in());
        if std::env::var_os("DOSSIER_WRITE_BUILT_IN").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/engine/built_in.bin");
            std::fs::write(path, quads.encode()).unwrap();
            return;
        }
        assert!(
            ParsedQuads::of_built_in(&Dossier::built_in()).as_ref() == Some(&quads),
            "run `DOSSIER_WRITE_BUILT_IN=1 cargo test --lib the_built_in_quads`: `src/engine/built_in.bin` differs from the files of the built-in dossier"
        );
    }

    #[test]
    fn the_built_in_dossier_is_loaded_like_its_folder() {
        let folder = Dossier::open(env!("CARGO_MANIFEST_DIR").as_ref()).unwrap();
        let [built_in, folder] = [Dossier::built_in(), folder].map(|dossier| {
            let loaded = load_dossier(&dossier).unwrap();
            let store = loaded.store.backend.embedded().unwrap();
            let quads: Vec<_> = store.store.iter().map(|quad| quad.unwrap()).collect();
            (
                quads,
                store.may_have_long_numbers,
                loaded.prefixes,
                loaded.clashes,
                loaded.literal_forms,
                loaded.lowercased_tags,
            )
        });
        assert_eq!(built_in, folder);
    }
}
