//! A session: a dossier, the store that is asked, and what is known about both. It is what every front end holds.

mod claims;
mod entity;
mod evidence;
mod selection;

pub use claims::Mapped;
pub use entity::{Entity, Fact};
pub use selection::{Counts, Selection};

use crate::answer::{Answer, CitedAnswer, answer, cited_answer};
use crate::cite;
use crate::dossier::{Document, Dossier};
use crate::error::{Problem, Result};
use crate::explain::{Explanation, explain};
use crate::export::Layout;
use crate::plan::Statistics;
use crate::query::{self, Catalogue, SavedQuery};
use crate::store::{
    Loaded, PASSAGES, RdfFile, Respelled, Store, load_dossier, load_files, read_ontology,
};
use crate::vocabulary::{Labels, Ontology, Prefixes, dos, rdf, rdfs, skos};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use spargebra::Query;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

/// A dossier, the store that is asked, and what is known about both.
pub struct Session {
    dossier: Dossier,
    store: Store,
    prefixes: Prefixes,
    respelled: Option<Respelled>,
    ontology: OnceLock<Ontology>,
    documents: OnceLock<Vec<(String, Document)>>,
    passages: OnceLock<()>,
    about: Mutex<HashMap<NamedNode, Arc<evidence::About>>>,
}

/// The data that is asked.
pub enum Data {
    /// The dossier's own.
    Dossier,
    /// That of some files.
    Files(Vec<RdfFile>),
}

impl Session {
    /// Loads the data.
    ///
    /// # Errors
    /// If a file is broken: the first error of each.
    pub fn open(dossier: Dossier, data: &Data) -> Result<Self> {
        let Loaded { store, prefixes, respelled } = match data {
            Data::Dossier => load_dossier(&dossier)?,
            Data::Files(files) => {
                let mut loaded = load_files(files)?;
                let mut prefixes = Prefixes::declared_in(&read_ontology(&dossier)?);
                for (prefix, namespace) in loaded.prefixes.iter() {
                    prefixes.add(prefix, namespace);
                }
                loaded.prefixes = prefixes;
                loaded
            }
        };
        Ok(Self {
            dossier,
            store,
            prefixes,
            respelled,
            ontology: OnceLock::new(),
            documents: OnceLock::new(),
            passages: OnceLock::new(),
            about: Mutex::default(),
        })
    }

    /// The dossier.
    pub const fn dossier(&self) -> &Dossier {
        &self.dossier
    }

    pub(crate) const fn store(&self) -> &Store {
        &self.store
    }

    /// The prefixes: the dossier's, and those of the data.
    pub const fn prefixes(&self) -> &Prefixes {
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
    pub const fn respelled(&self) -> Option<&Respelled> {
        self.respelled.as_ref()
    }

    /// The saved queries.
    pub const fn catalogue(&self) -> Catalogue<'_> {
        Catalogue::new(&self.dossier)
    }

    /// A saved query with arguments in the place of its parameters.
    ///
    /// # Errors
    /// If an argument does not fit.
    pub fn bind(&self, query: &SavedQuery, arguments: &[(String, String)]) -> Result<Query> {
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
    ) -> Result<Query> {
        query::parse_ad_hoc(origin, text, &self.prefixes, arguments, &mut |parameter, value| {
            self.argument(&parameter.declaration.name, value, None, &self.prefixes)
        })
    }

    /// Asks the store, up to a limit of results.
    ///
    /// # Errors
    /// If the query cannot be evaluated.
    pub fn answer(&self, query: &Query, limit: Option<usize>) -> Result<Answer> {
        self.prepare_for(query)?;
        answer(&self.store, query, limit)
    }

    /// Asks the store, up to a limit of results, and cites what it answers.
    ///
    /// # Errors
    /// If the query cannot be evaluated.
    pub fn cited_answer(
        &self,
        query: &Query,
        limit: Option<usize>,
        options: cite::Options,
    ) -> Result<CitedAnswer> {
        self.prepare_for(query)?;
        cited_answer(&self.store, query, limit, options)
    }

    /// Asks the store to the end or to a limit of results, and tells how it went.
    ///
    /// # Errors
    /// If the query cannot be evaluated.
    pub fn explain(&self, query: &Query, limit: Option<usize>) -> Result<Explanation> {
        self.prepare_for(query)?;
        explain(&self.store, query, limit, &self.prefixes)
    }

    /// The statistics of the data, each triple counted once.
    ///
    /// # Errors
    /// If the store fails.
    pub fn statistics(&self) -> Result<Arc<Statistics>> {
        self.store.statistics()
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
        for document in self.store.subjects(rdf::TYPE, dos::DOCUMENT_CLASS.into())? {
            if let NamedOrBlankNode::NamedNode(iri) = &document {
                titles.push(self.title(iri.as_ref())?.unwrap_or_else(|| self.prefixes.show(iri)));
            }
        }
        titles.sort();
        Ok(titles)
    }

    /// The labels of things: of each its preferred label, else its label; English before no language before others.
    pub fn labels<'a>(&self, things: impl IntoIterator<Item = &'a NamedNode>) -> Result<Labels> {
        let mut labels = Vec::new();
        for thing in things {
            if let Some(label) = self.label(thing.as_ref())? {
                labels.push((thing.clone(), label));
            }
        }
        Ok(labels.into_iter().collect())
    }

    fn label(&self, thing: NamedNodeRef<'_>) -> Result<Option<String>> {
        self.best_text(thing, &[skos::PREF_LABEL, rdfs::LABEL])
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

    /// The passages of the documents are computed when something first asks for them: most queries never do, and for
    /// those the store is the same with or without them.
    fn load_passages(&self) -> Result<()> {
        if self.passages.get().is_none() {
            self.store.add_passages(self.documents()?)?;
            let _ = self.passages.set(());
        }
        Ok(())
    }

    fn argument(
        &self,
        name: &str,
        value: &str,
        class: Option<&NamedNode>,
        prefixes: &Prefixes,
    ) -> Result<NamedNode, Problem> {
        self.resolve(value, class, prefixes)
            .map_err(|unresolved| unresolved.of_argument(name, value))
    }
}
