//! The files of a dossier, with their quads and the positions of these.

use super::copies;
use crate::claim::Texts;
use crate::diagnostic::{Diagnostic, Error, Excerpt, Result, error};
use crate::dossier::{SourceFile, twice};
use crate::rdf::read::RdfFile;
use crate::rdf::syntax::Outline;
use crate::session::Session;
use crate::vocabulary::{Prefixes, dos, owl, rdf};
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// The files of a dossier.
pub(super) struct Files<'a> {
    pub(super) prefixes: &'a Prefixes,
    pub(super) ontology: Vec<QuadFile>,
    pub(super) data: Vec<QuadFile>,
    /// The texts that are UTF-8.
    pub(super) texts: Texts,
    /// The file names of all texts, each with a diagnostic if it is not UTF-8.
    pub(super) text_sources: Vec<TextSource>,
    /// The subjects that are typed as claims outside any graph, each with the number of times.
    pub(super) claims: BTreeMap<NamedNode, usize>,
    pub(super) documents: BTreeSet<NamedNode>,
    /// The subjects that are typed as omissions outside any graph, each with the number of times.
    pub(super) omissions: BTreeMap<NamedNode, usize>,
    pub(super) ontologies: HashSet<NamedNode>,
    /// The names of the graphs of the data, except ontologies.
    pub(super) graphs: BTreeSet<NamedNode>,
    /// The findings for files that are copies of others, which are not among the data.
    pub(super) copies: Vec<Diagnostic>,
    /// The resources that claims and omissions quote.
    pub(super) quoted: BTreeSet<NamedNode>,
    /// The statements about subjects outside any graph.
    said: HashMap<NamedNode, Vec<(NamedNode, Term)>>,
}

/// An RDF file that was read.
pub(super) struct QuadFile {
    path: String,
    base: Option<String>,
    text: String,
    /// The start positions of its lines, since counting lines for each of many findings would take long.
    lines: Vec<usize>,
    outline: Outline,
    pub(super) quads: Vec<Quad>,
}

/// The file with the text of a document.
pub(super) struct TextSource {
    /// Its name without the extension.
    pub(super) stem: String,
    pub(super) path: String,
    /// Why it cannot be used.
    pub(super) problem: Option<Diagnostic>,
}

impl<'a> Files<'a> {
    pub(super) fn read(session: &'a Session) -> Result<Self> {
        let dossier = session.dossier();
        // The numbers keep the blank nodes of the files apart.
        let quads = |first: usize, sources: Vec<SourceFile>| -> Result<Vec<QuadFile>> {
            (first..).zip(sources).map(|(number, source)| QuadFile::read(number, source)).collect()
        };
        let ontology = quads(1, dossier.ontology()?)?;
        let mut data = quads(1 + ontology.len(), dossier.data()?)?;
        let copies = copies::set_aside(&mut data);
        let mut files = Self { data, copies, ..Self::of_ontology(session.prefixes(), ontology) };
        let mut texts = Vec::new();
        let sources = dossier.texts()?;
        for (number, source) in sources.iter().enumerate() {
            let with_last = twice(&sources[number.saturating_sub(1)..=number]);
            let with_next = twice(&sources[number..sources.len().min(number + 2)]);
            let problem = match source.document() {
                // Neither of two texts is used.
                _ if with_last.is_some() || with_next.is_some() => with_last,
                Ok(text) => {
                    let is_empty = text.text().trim().is_empty();
                    texts.push((source.stem().to_owned(), text));
                    is_empty.then(|| {
                        error!("text-empty", "`{}` is empty", source.path)
                            .help("save the text of the document in it")
                    })
                }
                Err(problem) => Some(problem.with_id("text-unreadable")),
            };
            let stem = source.stem().to_owned();
            files.text_sources.push(TextSource { stem, path: source.path.clone(), problem });
        }
        files = files.with_types();
        files.texts = Texts::new(texts).of_documents(files.documents.iter().map(NamedNode::as_str));
        for quad in files.data.iter().flat_map(|file| &file.quads) {
            match (&quad.subject, &quad.graph_name) {
                (NamedOrBlankNode::NamedNode(subject), GraphName::DefaultGraph) => {
                    if let (dos::DOCUMENT, Term::NamedNode(document)) =
                        (quad.predicate.as_ref(), &quad.object)
                    {
                        files.quoted.insert(document.clone());
                    }
                    let said = files.said.entry(subject.clone()).or_default();
                    said.push((quad.predicate.clone(), quad.object.clone()));
                }
                (_, GraphName::NamedNode(name)) if !files.ontologies.contains(name) => {
                    files.graphs.insert(name.clone());
                }
                _ => {}
            }
        }
        Ok(files)
    }

    /// Collects the claims, documents, omissions and ontologies.
    fn with_types(mut self) -> Self {
        self.claims.clear();
        self.omissions.clear();
        for quad in self.data.iter().chain(&self.ontology).flat_map(|file| &file.quads) {
            if quad.predicate.as_ref() != rdf::TYPE || quad.graph_name != GraphName::DefaultGraph {
                continue;
            }
            let (NamedOrBlankNode::NamedNode(thing), Term::NamedNode(class)) =
                (&quad.subject, &quad.object)
            else {
                continue;
            };
            match class.as_ref() {
                class if class == dos::CLAIM => {
                    *self.claims.entry(thing.clone()).or_default() += 1;
                }
                class if class == dos::DOCUMENT_CLASS => {
                    self.documents.insert(thing.clone());
                }
                class if class == dos::OMISSION => {
                    *self.omissions.entry(thing.clone()).or_default() += 1;
                }
                class if class == owl::ONTOLOGY => {
                    self.ontologies.insert(thing.clone());
                }
                _ => {}
            }
        }
        self
    }

    /// Returns all files: the data first.
    pub(super) fn all(&self) -> impl Iterator<Item = &QuadFile> + Clone {
        self.data.iter().chain(&self.ontology)
    }

    /// Creates the files of vocabularies and other data without claims.
    pub(super) fn of_ontology(prefixes: &'a Prefixes, ontology: Vec<QuadFile>) -> Self {
        Self {
            prefixes,
            ontology,
            data: Vec::new(),
            texts: Texts::default(),
            text_sources: Vec::new(),
            claims: BTreeMap::new(),
            documents: BTreeSet::new(),
            omissions: BTreeMap::new(),
            ontologies: HashSet::new(),
            graphs: BTreeSet::new(),
            copies: Vec::new(),
            quoted: BTreeSet::new(),
            said: HashMap::new(),
        }
        .with_types()
    }

    pub(super) fn data_quads(&self) -> impl Iterator<Item = &Quad> {
        self.data.iter().flat_map(|file| &file.quads)
    }

    pub(super) fn ontology_quads(&self) -> impl Iterator<Item = &Quad> {
        self.ontology.iter().flat_map(|file| &file.quads)
    }

    /// Returns whether a graph of the data has no IRI.
    pub(super) fn has_nameless_graph(&self) -> bool {
        self.data_quads().any(|quad| matches!(quad.graph_name, GraphName::BlankNode(_)))
    }

    /// Returns whether statements about a subject are evidence: of a claim, a document or an omission. A graph without
    /// the head of a claim is assumed to be a claim.
    pub(super) fn is_evidence(&self, thing: &NamedOrBlankNode) -> bool {
        match thing {
            NamedOrBlankNode::NamedNode(thing) => {
                self.claims.contains_key(thing)
                    || self.graphs.contains(thing)
                    || self.documents.contains(thing)
                    || self.omissions.contains_key(thing)
                    || self.quoted.contains(thing)
            }
            NamedOrBlankNode::BlankNode(_) => false,
        }
    }

    /// Returns the distinct literal values of a property of a subject, outside any graph.
    pub(super) fn strings(
        &self,
        thing: &NamedNode,
        property: NamedNodeRef<'_>,
    ) -> BTreeSet<String> {
        let literal = |term: &Term| match term {
            Term::Literal(literal) => Some(literal.value().to_owned()),
            _ => None,
        };
        self.values(thing, property).filter_map(literal).collect()
    }

    /// Returns the statements about a subject outside any graph.
    pub(super) fn properties_of(&self, thing: &NamedNode) -> Vec<(NamedNode, Term)> {
        self.said.get(thing).cloned().unwrap_or_default()
    }

    /// Returns the distinct IRI values of a property of a subject, outside any graph.
    pub(super) fn iris(
        &self,
        thing: &NamedNode,
        property: NamedNodeRef<'_>,
    ) -> BTreeSet<NamedNode> {
        let iri = |term: &Term| match term {
            Term::NamedNode(iri) => Some(iri.clone()),
            _ => None,
        };
        self.values(thing, property).filter_map(iri).collect()
    }

    /// Returns the problems of an error, except unreadable texts, which are already reported.
    pub(super) fn unreported(&self, error: Error) -> impl Iterator<Item = Diagnostic> {
        let told = |problem: &Diagnostic| {
            let known = self.text_sources.iter().filter_map(|source| source.problem.as_ref());
            known.into_iter().any(|known| known.message == problem.message)
        };
        error.problems.into_iter().filter(move |problem| !told(problem))
    }

    /// Returns the subjects that are said to be a text, or of an unknown class.
    pub(super) fn mistyped<'f>(
        &'f self,
        unknown: &'f HashSet<NamedNode>,
    ) -> impl Iterator<Item = &'f NamedNode> {
        self.said.keys().filter(|thing| self.is_mistyped(thing, unknown))
    }

    /// Returns whether a subject is said to be a text, or of an unknown class. Both are reported, and so are unknown names.
    pub(super) fn is_mistyped(&self, thing: &NamedNode, unknown: &HashSet<NamedNode>) -> bool {
        self.said.get(thing).into_iter().flatten().any(|(property, value)| {
            property.as_ref() == rdf::TYPE
                && match value {
                    Term::Literal(_) => true,
                    Term::NamedNode(class) => unknown.contains(class),
                    _ => false,
                }
        })
    }

    /// Returns whether there are statements about a subject outside any graph.
    pub(super) fn is_described(&self, thing: &NamedNode) -> bool {
        self.said.contains_key(thing)
    }

    fn values(&self, thing: &NamedNode, property: NamedNodeRef<'_>) -> impl Iterator<Item = &Term> {
        let said = self.said.get(thing).into_iter().flatten();
        said.filter(move |(known, _)| known.as_ref() == property).map(|(_, value)| value)
    }

    pub(super) fn show(&self, iri: &NamedNode) -> String {
        format!("`{}`", self.prefixes.show(iri))
    }

    /// Returns the first position that a search in the outlines of the data files finds.
    pub(super) fn place(&self, find: impl Fn(&Outline) -> Option<Range<usize>>) -> Option<Excerpt> {
        self.all().find_map(|file| file.place(&find))
    }

    /// Returns where a subject is described, preferring a description inside a claim.
    pub(super) fn subject(&self, iri: &NamedNode) -> Option<Excerpt> {
        self.place(|outline| outline.subject_in_graph(iri.as_str()))
            .or_else(|| self.place(|outline| outline.subjects(iri.as_str()).next()))
            .or_else(|| self.mention(iri))
    }

    /// Returns the position of a property in the statements about a subject outside any graph.
    pub(super) fn outside(&self, thing: &NamedNode, property: &NamedNode) -> Option<Excerpt> {
        self.place(|outline| outline.outside(thing.as_str(), property.as_str()))
    }

    /// Returns the first position of an IRI.
    pub(super) fn mention(&self, iri: &NamedNode) -> Option<Excerpt> {
        self.place(|outline| outline.mention(iri.as_str()))
    }

    /// Returns in how many places graphs with this name are written.
    pub(super) fn times_written(&self, name: &NamedNode) -> usize {
        self.data.iter().map(|file| file.outline.graphs(name.as_str()).len()).sum()
    }

    /// Returns the start positions of the graphs with this name, in all files.
    pub(super) fn graph_places(&self, name: &NamedNode) -> Vec<Excerpt> {
        self.data
            .iter()
            .flat_map(|file| {
                file.outline.graphs(name.as_str()).iter().map(|place| file.excerpt(place.clone()))
            })
            .collect()
    }

    /// Returns where a graph without a name begins directly after the head of a claim.
    pub(super) fn nameless_graph_after(&self, claim: &NamedNode) -> Option<Excerpt> {
        self.data.iter().find_map(|file| {
            let block = file.outline.block_after(claim.as_str())?;
            let is_graph = file.text.get(block.start..)?.starts_with('{');
            is_graph.then(|| file.excerpt(block.start..block.start + 1))
        })
    }

    /// Returns the positions of an IRI as a subject, in all files.
    pub(super) fn subject_places(&self, name: &NamedNode) -> Vec<Excerpt> {
        self.data
            .iter()
            .flat_map(|file| file.outline.subjects(name.as_str()).map(|place| file.excerpt(place)))
            .collect()
    }
}

impl QuadFile {
    fn read(number: usize, source: SourceFile) -> Result<Self> {
        let file = RdfFile::new(source).map_err(Diagnostic::input)?;
        let read = Self::without_outline(number, &file, &mut Prefixes::default());
        let mut read = read.map_err(Diagnostic::input)?;
        read.outline = Outline::new(&read.text);
        Ok(read)
    }

    /// Reads a file, of which no terms will be looked up.
    ///
    /// # Errors
    /// The first error of the file.
    pub(super) fn without_outline(
        number: usize,
        file: &RdfFile,
        prefixes: &mut Prefixes,
    ) -> Result<Self, Diagnostic> {
        let mut quads = Vec::new();
        file.read(number, prefixes, |quad| quads.push(quad))?;
        let text = file.source.text()?.to_owned();
        let lines =
            [0].into_iter().chain(text.match_indices('\n').map(|(end, _)| end + 1)).collect();
        let (path, base) = (file.source.path.clone(), file.base.clone());
        Ok(Self { path, base, text, lines, outline: Outline::default(), quads })
    }

    /// Returns the position that a search in the outline of the file finds.
    pub(super) fn place(&self, find: impl Fn(&Outline) -> Option<Range<usize>>) -> Option<Excerpt> {
        find(&self.outline).map(|place| self.excerpt(place))
    }

    /// Returns the IRI against which relative ones are resolved, unless the file declares one.
    pub(super) fn base(&self) -> Option<&str> {
        self.base.as_deref()
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn excerpt(&self, place: Range<usize>) -> Excerpt {
        let number = self.lines.partition_point(|&start| start <= place.start);
        let start = number.checked_sub(1).map_or(0, |line| self.lines[line]);
        let end = self.lines.get(number).map_or(self.text.len(), |next| next - 1);
        let place = place.start - start..place.end - start;
        Excerpt { line: number, ..Excerpt::new(&self.path, &self.text[start..end], place) }
    }
}
