//! A session: a dossier, the queried store, and what is known about both. Every front end holds one.

mod claims;
mod entity;
mod mapping;
mod names;
mod selection;
mod shelf;
mod spaced_names;
mod typed;
mod write;

pub use entity::Entity;
pub(crate) use entity::solutions_of;
pub use mapping::Mapping;
pub(crate) use names::Names;
pub use selection::{Counts, Selection};
pub(crate) use write::iris_in;

use crate::answer::{Answer, answer};
use crate::budget::Limits;
use crate::cache::Cache;
use crate::catalogue::{BoundQuery, Catalogue, SavedQuery};
use crate::cite::CitationOptions;
use crate::claim::{DocumentMetadata, PASSAGES, Reference, Texts};
use crate::diagnose::{Diagnosis, Warning, clashes, diagnose, warnings};
use crate::diagnostic::{Diagnostic, Result};
use crate::dossier::Dossier;
use crate::endpoint::Address;
use crate::engine::plan::Statistics;
use crate::engine::{
    LiteralForms, LoadSummary, Store, load_dossier, load_files, load_files_leniently, prefixes_of,
    read_ontology,
};
use crate::profile::{Explanation, explain};
use crate::rdf::read::{RdfInput, SkippedStatements};
use crate::rdf::write::Layout;
use crate::vocabulary::{Labels, NAMES, Ontology, PrefixClash, Prefixes, dos, owl, rdf};
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, Quad, Term};
use spargebra::Query;

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A dossier, the queried store, and what is known about both. Clones share all of it.
#[derive(Clone)]
pub struct Session {
    dossier: Arc<Dossier>,
    store: Store,
    prefixes: Arc<Prefixes>,
    clashes: Arc<[PrefixClash]>,
    literal_forms: Option<Arc<LiteralForms>>,
    lowercased_tags: Arc<BTreeSet<String>>,
    skipped: Arc<SkippedStatements>,
    ontology: Arc<OnceLock<Ontology>>,
    /// The texts, as if each were the only document.
    all_texts: Arc<OnceLock<Texts>>,
    texts: Arc<OnceLock<Texts>>,
    passages: Arc<OnceLock<()>>,
    sources: Cache<NamedNode, Arc<DocumentMetadata>>,
    references: Cache<NamedNode, Arc<Reference>>,
}

/// The data that is queried.
#[non_exhaustive]
pub enum Data {
    /// The dossier's own data.
    Dossier,
    /// A store on disk.
    Store(PathBuf),
    /// A SPARQL endpoint.
    Endpoint(Address),
}

impl Session {
    /// Loads the data.
    ///
    /// # Errors
    /// Fails with the first error of each broken file, or if a store cannot be opened.
    pub fn open(dossier: Dossier, data: &Data) -> Result<Self> {
        let loaded = match data {
            Data::Dossier => {
                load_dossier(&dossier).map_err(|error| spaced_names::explain(&dossier, error))?
            }
            Data::Store(folder) => {
                let store = Store::open(folder)?;
                let prefixes = with_those_of(&dossier, store.declared_prefixes()?)?;
                LoadSummary::of_store(store, prefixes)
            }
            // Reading the prefixes that an endpoint declares would take a request, which most queries do not need.
            Data::Endpoint(address) => LoadSummary::of_store(
                Store::at_endpoint(address.clone()),
                declared_prefixes(&dossier)?,
            ),
        };
        Ok(Self::with(dossier, loaded))
    }

    /// Loads RDF files in place of the dossier's own data.
    ///
    /// # Errors
    /// Fails with the first error of each file that is broken or cannot be read.
    pub fn of_files(dossier: Dossier, files: Vec<RdfInput>) -> Result<Self> {
        Self::of_data(dossier, load_files(files)?)
    }

    /// Loads RDF files in place of the dossier's own data, skipping broken statements.
    ///
    /// # Errors
    /// Fails with the first error of each file that cannot be read even so.
    pub fn of_files_leniently(dossier: Dossier, files: Vec<RdfInput>) -> Result<Self> {
        Self::of_data(dossier, load_files_leniently(files)?)
    }

    fn of_data(dossier: Dossier, mut loaded: LoadSummary) -> Result<Self> {
        loaded.prefixes = with_those_of(&dossier, loaded.prefixes)?;
        Ok(Self::with(dossier, loaded))
    }

    fn with(dossier: Dossier, loaded: LoadSummary) -> Self {
        let LoadSummary { store, prefixes, clashes, literal_forms, lowercased_tags, skipped } =
            loaded;
        Self {
            dossier: Arc::new(dossier),
            store,
            prefixes: Arc::new(prefixes),
            clashes: clashes.into(),
            literal_forms: literal_forms.map(Arc::new),
            lowercased_tags: Arc::new(lowercased_tags),
            skipped: Arc::new(skipped),
            ontology: Arc::default(),
            all_texts: Arc::default(),
            texts: Arc::default(),
            passages: Arc::default(),
            sources: Cache::new(claims::MOST_DOCUMENTS),
            references: Cache::new(claims::MOST_GRAPHS),
        }
    }

    /// Returns the same session under limits, which apply to everything that it does.
    #[must_use]
    pub fn with_limits(&self, limits: &Limits) -> Self {
        Self { store: self.store.with_limits(limits), ..self.clone() }
    }

    /// Returns the limits of the session.
    pub const fn limits(&self) -> &Limits {
        self.store.limits()
    }

    /// Returns the same session with a prefix added or replaced.
    #[must_use]
    pub fn with_prefix(&self, prefix: &str, namespace: &str) -> Self {
        let mut prefixes = Prefixes::clone(&self.prefixes);
        prefixes.set(prefix, namespace);
        Self { prefixes: Arc::new(prefixes), ..self.clone() }
    }

    /// Returns a session on the dossier's ontology alone if the data is behind an endpoint, and otherwise the same
    /// session. Used for what is not worth a request.
    #[must_use]
    pub(crate) fn without_requests(&self) -> Self {
        if !self.store.capabilities().asks_by_request {
            return self.clone();
        }
        let ontology = read_ontology(&self.dossier).and_then(Store::of);
        Self {
            // If the ontology cannot be read, the endpoint is kept, and queries on it fail as usual.
            store: ontology
                .map_or_else(|_| self.store.clone(), |store| store.with_limits(self.limits())),
            sources: Cache::new(claims::MOST_DOCUMENTS),
            references: Cache::new(claims::MOST_GRAPHS),
            ..self.clone()
        }
    }

    /// Returns a session on what no claim states: the ontology and the background.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn background(&self) -> Result<Self> {
        let ontologies = self.store.subjects(rdf::TYPE, owl::ONTOLOGY.into())?;
        let ontologies: HashSet<GraphName> = ontologies.into_iter().map(GraphName::from).collect();
        let mut quads = Vec::new();
        for quad in self.select(Selection::All)? {
            let quad = quad?;
            if quad.graph_name.is_default_graph() || ontologies.contains(&quad.graph_name) {
                quads.push(Quad { graph_name: GraphName::DefaultGraph, ..quad });
            }
        }
        Ok(Self {
            store: Store::of(quads)?.with_limits(self.limits()),
            sources: Cache::new(claims::MOST_DOCUMENTS),
            references: Cache::new(claims::MOST_GRAPHS),
            ..self.clone()
        })
    }

    /// Returns the dossier.
    pub fn dossier(&self) -> &Dossier {
        &self.dossier
    }

    pub(crate) const fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the prefixes of the dossier and of the data.
    pub fn prefixes(&self) -> &Prefixes {
        &self.prefixes
    }

    /// Returns the order of the dossier's classes and properties.
    ///
    /// # Errors
    /// Fails if an ontology file can no longer be read.
    pub fn ontology(&self) -> Result<&Ontology> {
        if let Some(ontology) = self.ontology.get() {
            return Ok(ontology);
        }
        let ontology = Ontology::listed_in(&read_ontology(&self.dossier)?);
        Ok(self.ontology.get_or_init(|| ontology))
    }

    /// Returns the layout for exports of the data.
    ///
    /// # Errors
    /// Fails if an ontology file can no longer be read.
    pub fn layout(&self) -> Result<Layout<'_>> {
        Ok(Layout { prefixes: &self.prefixes, ontology: self.ontology()? })
    }

    /// Returns the approximate number of quads, with those of named graphs counted twice.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn size(&self) -> Result<u64> {
        self.store.size()
    }

    /// Returns the literals that the store canonicalizes.
    pub(crate) fn literal_forms(&self) -> Option<&LiteralForms> {
        self.literal_forms.as_deref()
    }

    /// Returns the language tags, as written in the files, that the store converts to lower case.
    pub(crate) fn lowercased_tags(&self) -> &BTreeSet<String> {
        &self.lowercased_tags
    }

    /// Returns the broken statements that were skipped in the files.
    pub(crate) fn skipped(&self) -> &SkippedStatements {
        &self.skipped
    }

    /// Returns the saved queries.
    pub fn catalogue(&self) -> Catalogue<'_> {
        Catalogue::new(&self.dossier)
    }

    /// Binds arguments to the parameters of a saved query.
    ///
    /// # Errors
    /// Fails if an argument is invalid.
    pub fn bind(&self, query: &SavedQuery, arguments: &[(String, String)]) -> Result<BoundQuery> {
        query.bind(arguments, &mut |parameter, value| {
            let name = &parameter.declaration.name;
            self.argument(name, value, parameter.class.as_ref(), &query.prefixes)
        })
    }

    /// Evaluates a query, up to a limit of results, with citations if requested.
    ///
    /// # Errors
    /// Fails if the query cannot be evaluated.
    pub fn answer(
        &self,
        query: &BoundQuery,
        limit: Option<usize>,
        citing: Option<CitationOptions>,
    ) -> Result<Answer> {
        self.prepare_for(&query.query)?;
        answer(&self.store, &query.query, limit, citing)
    }

    /// Looks for likely mistakes in a query, before it runs.
    ///
    /// # Errors
    /// Fails if the store fails, or an ontology file can no longer be read.
    #[doc(hidden)]
    pub fn warnings(&self, query: &BoundQuery) -> Result<Vec<Warning>> {
        self.prepare_for(&query.query)?;
        let is_declared = |iri: &NamedNode| Ok(self.ontology()?.rank(iri.as_ref()).is_some());
        let mut found = clashes(query, &self.clashes);
        found.extend(warnings(&self.store, query, &self.prefixes, &is_declared)?);
        Ok(found)
    }

    /// Looks for the reason why a query has no results, within a time limit.
    ///
    /// # Errors
    /// Fails if a part of the query cannot be evaluated.
    pub fn diagnose(&self, query: &BoundQuery, time: Duration) -> Result<Diagnosis> {
        diagnose(&self.store, query, &self.prefixes, time)
    }

    /// Evaluates a query to its end, or up to a limit of results, and returns how it was evaluated.
    ///
    /// # Errors
    /// Fails if the query cannot be evaluated.
    pub fn explain(&self, query: &BoundQuery, limit: Option<usize>) -> Result<Explanation> {
        self.prepare_for(&query.query)?;
        explain(&self.store, &query.query, limit, &self.prefixes)
    }

    /// Returns the statistics of the data, with each triple counted once.
    ///
    /// # Errors
    /// Fails if the store fails.
    #[doc(hidden)]
    pub fn statistics(&self) -> Result<Arc<Statistics>> {
        self.store.statistics()
    }

    /// Returns whether queries take longer because a store on disk lacks its statistics or index.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn lacks_index(&self) -> Result<bool> {
        self.store.lacks_index()
    }

    /// Returns the same session with query planning disabled.
    #[must_use]
    pub fn without_planning(mut self) -> Self {
        self.store = self.store.without_planning();
        self
    }

    fn prepare_for(&self, query: &Query) -> Result<()> {
        if PASSAGES.is_reached_by(query) { self.load_passages() } else { Ok(()) }
    }

    /// Returns the sorted titles of the documents: `dcterms:title`, or else a label.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn document_titles(&self) -> Result<Vec<String>> {
        let mut titles = Vec::new();
        let documents = self.store.things(rdf::TYPE, dos::DOCUMENT_CLASS.into())?;
        self.store.look_up(&documents)?;
        for iri in &documents {
            titles.push(self.title(iri.as_ref())?.unwrap_or_else(|| self.prefixes.show(iri)));
        }
        titles.sort();
        Ok(titles)
    }

    /// Returns the session for looking up names after the time is over. It has no limits, unless its data is behind an
    /// endpoint, which may never respond.
    #[must_use]
    pub(crate) fn for_naming(&self) -> Self {
        let may_never_answer = self.store.capabilities().asks_by_request;
        if may_never_answer { self.clone() } else { self.with_limits(&Limits::default()) }
    }

    /// Returns the labels of resources: the preferred label, or else the label, or else a title or name. English takes
    /// precedence over no language, and that over other languages.
    ///
    /// For an endpoint, the result is empty once the session is stopped: results are then shown without labels.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn labels<'a>(&self, things: impl IntoIterator<Item = &'a NamedNode>) -> Result<Labels> {
        let things: Vec<&NamedNode> = things.into_iter().collect();
        match self.store.look_up(things.iter().copied()) {
            Err(error) if error.kind.is_stop() => return Ok(Labels::default()),
            looked_up => looked_up?,
        }
        let names = self.names_in_use()?;
        let label = |thing: &NamedNode| {
            let label = self.best_text(thing.as_ref(), &names).transpose()?;
            Some(label.map(|label| (thing.clone(), label)))
        };
        things.into_iter().filter_map(label).collect()
    }

    /// Returns the naming properties that the data uses. This one lookup saves one for each resource.
    fn names_in_use(&self) -> Result<Vec<NamedNodeRef<'static>>> {
        if self.store.capabilities().asks_by_request {
            return Ok(NAMES.to_vec());
        }
        let mut names = Vec::new();
        for name in NAMES {
            if self.store.triples(None, Some(name), None, None).next().transpose()?.is_some() {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn label(&self, thing: NamedNodeRef<'_>) -> Result<Option<String>> {
        self.best_text(thing, &NAMES)
    }

    /// Returns the text of the first property that has one. English takes precedence over no language, and that over
    /// other languages.
    fn best_text(
        &self,
        thing: NamedNodeRef<'_>,
        properties: &[NamedNodeRef<'_>],
    ) -> Result<Option<String>> {
        for property in properties {
            let labels = self.store.objects(thing.into(), *property)?.into_iter();
            let best = labels
                .filter_map(|label| match label {
                    Term::Literal(literal) => {
                        let rank = match literal.language() {
                            Some("en") => 0,
                            None => 1,
                            Some(language) if language.starts_with("en-") => 2,
                            Some(_) => 3,
                        };
                        Some((rank, literal.destruct().0))
                    }
                    _ => None,
                })
                .min();
            if let Some((_, label)) = best {
                return Ok(Some(label));
            }
        }
        Ok(None)
    }

    /// Returns whether the data contains passages, which are derived from the rest.
    fn has_passages(&self) -> bool {
        self.passages.get().is_some() || !self.store.capabilities().can_derive
    }

    fn argument(
        &self,
        name: &str,
        value: &str,
        class: Option<&NamedNode>,
        prefixes: &Prefixes,
    ) -> Result<NamedNode, Diagnostic> {
        self.resolve(value, class, prefixes)
            .map_err(|unresolved| unresolved.of_argument(name, value))
    }
}

/// Returns the prefixes that the ontology of a dossier declares.
///
/// # Errors
/// If the ontology cannot be read.
pub(crate) fn declared_prefixes(dossier: &Dossier) -> Result<Prefixes> {
    prefixes_of(dossier, || read_ontology(dossier))
}

/// Returns the prefixes of the queried data, plus those of the dossier that the data does not define.
fn with_those_of(dossier: &Dossier, mut prefixes: Prefixes) -> Result<Prefixes> {
    prefixes.add_all(&declared_prefixes(dossier)?);
    Ok(prefixes)
}
