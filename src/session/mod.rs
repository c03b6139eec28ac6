//! A session: a dossier, the store that is asked, and what is known about both. It is what every front end holds.

mod claims;
mod entity;
mod mapping;
mod selection;
mod write;

pub use entity::Entity;
pub(crate) use entity::solutions_of;
pub use mapping::Mapping;
pub use selection::{Counts, Selection};
pub(crate) use write::iris_in;

use crate::answer::{Answer, answer};
use crate::budget::Limits;
use crate::cache::Cache;
use crate::catalogue::{self, BoundQuery, Catalogue, SavedQuery};
use crate::cite::CitationOptions;
use crate::claim::{DocumentMetadata, PASSAGES, Reference, Texts};
use crate::diagnose::{Diagnosis, Warning, clashes, diagnose, warnings};
use crate::diagnostic::{Diagnostic, Result};
use crate::dossier::Dossier;
use crate::endpoint::Address;
use crate::engine::plan::Statistics;
use crate::engine::{
    LiteralForms, LoadSummary, Store, load_dossier, load_files, load_files_leniently, read_ontology,
};
use crate::profile::{Explanation, explain};
use crate::rdf::read::{RdfInput, SkippedStatements};
use crate::rdf::write::Layout;
use crate::vocabulary::{Labels, NAMES, Ontology, PrefixClash, Prefixes, dos, rdf};
use oxigraph::model::{NamedNode, NamedNodeRef, Term};
use spargebra::Query;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A dossier, the store that is asked, and what is known about both. Clones share all of it.
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
    /// The texts, as if each were of one document.
    all_texts: Arc<OnceLock<Texts>>,
    texts: Arc<OnceLock<Texts>>,
    passages: Arc<OnceLock<()>>,
    sources: Cache<NamedNode, Arc<DocumentMetadata>>,
    references: Cache<NamedNode, Arc<Reference>>,
}

/// The data that is asked.
#[non_exhaustive]
pub enum Data {
    /// The dossier's own.
    Dossier,
    /// That of a store on disk.
    Store(PathBuf),
    /// That behind a SPARQL endpoint.
    Endpoint(Address),
}

impl Session {
    /// Loads the data.
    ///
    /// # Errors
    /// If a file is broken: the first error of each. If a store cannot be opened.
    pub fn open(dossier: Dossier, data: &Data) -> Result<Self> {
        let loaded = match data {
            Data::Dossier => load_dossier(&dossier)?,
            Data::Store(folder) => {
                let store = Store::open(folder)?;
                let prefixes = with_those_of(&dossier, store.declared_prefixes()?)?;
                LoadSummary::of_store(store, prefixes)
            }
            // Its own prefixes, if it declares any, would take a request that most questions have no use for.
            Data::Endpoint(address) => LoadSummary::of_store(
                Store::at_endpoint(address.clone()),
                Prefixes::declared_in(&read_ontology(&dossier)?),
            ),
        };
        Ok(Self::with(dossier, loaded))
    }

    /// Loads files of RDF in the place of the dossier's own data.
    ///
    /// # Errors
    /// If files are broken or cannot be read: the first error of each.
    pub fn of_files(dossier: Dossier, files: Vec<RdfInput>) -> Result<Self> {
        Self::of_data(dossier, load_files(files)?)
    }

    /// Loads files of RDF in the place of the dossier's own data, without their broken statements.
    ///
    /// # Errors
    /// If files cannot be read, or not without these: the first error of each.
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

    /// The same session under limits, which hold for all that is asked of it.
    #[must_use]
    pub fn with_limits(&self, limits: &Limits) -> Self {
        Self { store: self.store.with_limits(limits), ..self.clone() }
    }

    /// The limits of the session.
    pub const fn limits(&self) -> &Limits {
        self.store.limits()
    }

    /// The same session with one more prefix, in the place of another one of this name.
    #[must_use]
    pub fn with_prefix(&self, prefix: &str, namespace: &str) -> Self {
        let mut prefixes = Prefixes::default();
        for (known, namespace) in self.prefixes.iter().filter(|(known, _)| *known != prefix) {
            prefixes.add(known, namespace);
        }
        prefixes.add(prefix, namespace);
        Self { prefixes: Arc::new(prefixes), ..self.clone() }
    }

    /// A session on the dossier's ontology alone if the data is behind an endpoint, else the same session: for what is
    /// not worth a request.
    #[must_use]
    pub(crate) fn without_requests(&self) -> Self {
        if !self.store.capabilities().asks_by_request {
            return self.clone();
        }
        let ontology = read_ontology(&self.dossier).and_then(Store::of);
        Self {
            // Without an ontology that can be read the endpoint stays, and what is asked of it fails as it does elsewhere.
            store: ontology
                .map_or_else(|_| self.store.clone(), |store| store.with_limits(self.limits())),
            sources: Cache::new(claims::MOST_DOCUMENTS),
            references: Cache::new(claims::MOST_GRAPHS),
            ..self.clone()
        }
    }

    /// The dossier.
    pub fn dossier(&self) -> &Dossier {
        &self.dossier
    }

    pub(crate) const fn store(&self) -> &Store {
        &self.store
    }

    /// The prefixes: the dossier's, and those of the data.
    pub fn prefixes(&self) -> &Prefixes {
        &self.prefixes
    }

    /// The order of the dossier's classes and properties.
    ///
    /// # Errors
    /// If a file of the ontology can no longer be read.
    pub fn ontology(&self) -> Result<&Ontology> {
        if let Some(ontology) = self.ontology.get() {
            return Ok(ontology);
        }
        let ontology = Ontology::listed_in(&read_ontology(&self.dossier)?);
        Ok(self.ontology.get_or_init(|| ontology))
    }

    /// How exports of the data are laid out.
    ///
    /// # Errors
    /// If a file of the ontology can no longer be read.
    pub fn layout(&self) -> Result<Layout<'_>> {
        Ok(Layout { prefixes: &self.prefixes, ontology: self.ontology()? })
    }

    /// About how many quads there are, those of named graphs counted twice.
    ///
    /// # Errors
    /// If the store fails.
    pub fn size(&self) -> Result<u64> {
        self.store.size()
    }

    /// The literals that the store keeps in another form than the files.
    pub(crate) fn literal_forms(&self) -> Option<&LiteralForms> {
        self.literal_forms.as_deref()
    }

    /// The language tags that the store keeps without their capital letters, as the files have them.
    pub(crate) fn lowercased_tags(&self) -> &BTreeSet<String> {
        &self.lowercased_tags
    }

    /// The broken statements that were left out of the files.
    pub(crate) fn skipped(&self) -> &SkippedStatements {
        &self.skipped
    }

    /// The saved queries.
    pub fn catalogue(&self) -> Catalogue<'_> {
        Catalogue::new(&self.dossier)
    }

    /// A saved query with arguments in the place of its parameters.
    ///
    /// # Errors
    /// If an argument does not fit.
    pub fn bind(&self, query: &SavedQuery, arguments: &[(String, String)]) -> Result<BoundQuery> {
        query.bind(arguments, &mut |parameter, value| {
            let name = &parameter.declaration.name;
            self.argument(name, value, parameter.class.as_ref(), &query.prefixes)
        })
    }

    /// A query as it is typed, the prefixes known, with arguments for those of its parameters that are named.
    ///
    /// # Errors
    /// If the text is no query, or an argument does not fit.
    pub fn ad_hoc_query(
        &self,
        origin: &str,
        text: &str,
        arguments: &[(String, String)],
    ) -> Result<BoundQuery> {
        catalogue::bind_ad_hoc(origin, text, &self.prefixes, arguments, &mut |parameter, value| {
            self.argument(&parameter.declaration.name, value, None, &self.prefixes)
        })
    }

    /// Asks the store, up to a limit of results, and cites what it answers if that is wanted.
    ///
    /// # Errors
    /// If the query cannot be evaluated.
    pub fn answer(
        &self,
        query: &BoundQuery,
        limit: Option<usize>,
        citing: Option<CitationOptions>,
    ) -> Result<Answer> {
        self.prepare_for(&query.query)?;
        answer(&self.store, &query.query, limit, citing)
    }

    /// Looks for what in a query is likely to be a mistake, before it is asked.
    ///
    /// # Errors
    /// If the store fails, or a file of the ontology can no longer be read.
    #[doc(hidden)]
    pub fn warnings(&self, query: &BoundQuery) -> Result<Vec<Warning>> {
        self.prepare_for(&query.query)?;
        let is_declared = |iri: &NamedNode| Ok(self.ontology()?.rank(iri.as_ref()).is_some());
        let mut found = clashes(query, &self.clashes);
        found.extend(warnings(&self.store, query, &self.prefixes, &is_declared)?);
        Ok(found)
    }

    /// Looks for the reason why a query has no answer, for some time.
    ///
    /// # Errors
    /// If a part of the query cannot be evaluated.
    pub fn diagnose(&self, query: &BoundQuery, time: Duration) -> Result<Diagnosis> {
        diagnose(&self.store, query, &self.prefixes, time)
    }

    /// Asks the store to the end or to a limit of results, and tells how it went.
    ///
    /// # Errors
    /// If the query cannot be evaluated.
    pub fn explain(&self, query: &BoundQuery, limit: Option<usize>) -> Result<Explanation> {
        self.prepare_for(&query.query)?;
        explain(&self.store, &query.query, limit, &self.prefixes)
    }

    /// The statistics of the data, each triple counted once.
    ///
    /// # Errors
    /// If the store fails.
    #[doc(hidden)]
    pub fn statistics(&self) -> Result<Arc<Statistics>> {
        self.store.statistics()
    }

    /// Whether queries take longer for want of statistics or an index, which a store on disk has to have beforehand.
    ///
    /// # Errors
    /// If the store fails.
    pub(crate) fn lacks_index(&self) -> Result<bool> {
        self.store.lacks_index()
    }

    /// The same session, in which queries are evaluated as they are, without a plan.
    #[must_use]
    pub fn without_planning(mut self) -> Self {
        self.store = self.store.without_planning();
        self
    }

    fn prepare_for(&self, query: &Query) -> Result<()> {
        if PASSAGES.is_reached_by(query) { self.load_passages() } else { Ok(()) }
    }

    /// The titles of the documents, in order: `dcterms:title`, else what the document is called.
    ///
    /// # Errors
    /// If the store fails.
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

    /// The session that names what was found, although the time is over: without limits, unless its data is behind an
    /// endpoint, which may never answer.
    #[must_use]
    pub(crate) fn for_naming(&self) -> Self {
        let may_never_answer = self.store.capabilities().asks_by_request;
        if may_never_answer { self.clone() } else { self.with_limits(&Limits::default()) }
    }

    /// The labels of things: of each its preferred label, else its label, else its title or name; English before no language before others.
    ///
    /// From an endpoint there are none any more once the session is stopped: what was found is told without them.
    ///
    /// # Errors
    /// If the store fails.
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

    /// The properties that name things, without those that nothing has: one look-up here saves one for each thing.
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

    /// What the first of some properties that has a text says: English before no language before others.
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

    /// Whether there are passages among the data that follow from the rest of it.
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

/// The prefixes of the data that is asked, and those of the dossier for which the data has no others.
fn with_those_of(dossier: &Dossier, mut prefixes: Prefixes) -> Result<Prefixes> {
    for (prefix, namespace) in Prefixes::declared_in(&read_ontology(dossier)?).iter() {
        prefixes.add(prefix, namespace);
    }
    Ok(prefixes)
}
