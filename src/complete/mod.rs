//! Completion: what can be typed next in a query, as an argument of a saved query, or as the name of a resource.
//!
//! Candidates come from the dossier and the data: the properties that instances of the subject's class have, and the
//! values of a property. Each completion reads at most some thousands of triples. The [`CompletionIndex`], which needs
//! a full scan, is built once by [`Completer::fill`], while the user types.

mod arguments;
mod cursor;
mod index;
mod sparql;
mod things;

pub(crate) use arguments::{argument_candidates, example_argument, saved_patterns, saved_queries};
pub(crate) use index::CompletionIndex;

use crate::diagnostic::Result;
use crate::dossier::Dossier;
use crate::session::Session;
use crate::vocabulary::{Prefixes, rdf, rdfs};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// The most candidates of one completion.
pub(crate) const MOST: usize = 200;

/// The most instances of a class, and the most triples of a resource, that are read to find properties.
const FEW_THINGS: usize = 100;
const FEW_TRIPLES: usize = 40;

/// The most triples that are read to find the values of a property.
const FEW_VALUES: usize = 2_000;

/// How long the first completion waits for the index, which suffices for a small dossier.
const PATIENCE: Duration = Duration::from_millis(20);

/// A proposed text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The text to insert.
    pub text: String,
    /// Its meaning in words, if the text does not show it.
    pub meaning: Option<String>,
}

impl Candidate {
    /// Creates a candidate whose text is self-explanatory.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), meaning: None }
    }

    /// Creates a candidate with its meaning.
    pub fn meaning(text: impl Into<String>, meaning: Option<impl Into<String>>) -> Self {
        Self { text: text.into(), meaning: meaning.map(Into::into) }
    }
}

/// The completions at a position in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completion {
    /// The byte offset at which the typed word begins. The candidates replace this word.
    pub start: usize,
    /// The candidates, the most likely first.
    pub candidates: Vec<Candidate>,
}

/// Completes input in a session. Clones share their caches.
#[derive(Clone)]
pub struct Completer {
    session: Session,
    index: Arc<OnceLock<CompletionIndex>>,
    properties: Arc<Mutex<HashMap<NamedNode, Arc<Vec<NamedNode>>>>>,
}

impl Completer {
    /// Creates a completer for a session, without reading any data. Data behind an endpoint is not proposed, because
    /// completing would take requests.
    pub fn new(session: &Session) -> Self {
        let session = session.without_requests();
        Self { session, index: Arc::default(), properties: Arc::default() }
    }

    /// Returns the same completer for a session with other prefixes or limits on the same data.
    #[must_use]
    pub fn with(&self, session: &Session) -> Self {
        Self { session: session.without_requests(), ..self.clone() }
    }

    /// Returns the dossier of the session.
    pub fn dossier(&self) -> &Dossier {
        self.session.dossier()
    }

    /// Builds the index from all data, which can take long. Until then, completions are less complete.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn fill(&self) -> Result<()> {
        if self.index.get().is_none() {
            let _ = self.index.set(CompletionIndex::of(self.session.store())?);
        }
        Ok(())
    }

    /// Returns the index, or `None` if it is not ready within a moment.
    fn index(&self) -> Option<&CompletionIndex> {
        let start = Instant::now();
        while self.index.get().is_none() && start.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(1));
        }
        self.index.get()
    }

    fn label(&self, thing: &NamedNode) -> Option<String> {
        let labels = self.session.labels([thing]).ok()?;
        labels.get(thing).map(str::to_owned)
    }

    /// Returns some instances of a class or of its subclasses.
    fn some_of(&self, class: &NamedNode, most: usize) -> Result<Vec<NamedNode>> {
        let store = self.session.store();
        let mut classes = vec![class.clone()];
        let mut things = Vec::new();
        let mut next = 0;
        while let Some(class) = classes.get(next).cloned() {
            next += 1;
            let left = most.saturating_sub(things.len());
            for triple in
                store.triples(None, Some(rdf::TYPE), Some(class.as_ref().into()), None).take(left)
            {
                if let NamedOrBlankNode::NamedNode(thing) = triple?.subject {
                    things.push(thing);
                }
            }
            let subclasses =
                store.triples(None, Some(rdfs::SUB_CLASS_OF), Some(class.as_ref().into()), None);
            for triple in subclasses.take(FEW_THINGS) {
                if let NamedOrBlankNode::NamedNode(subclass) = triple?.subject
                    && !classes.contains(&subclass)
                    && classes.len() < FEW_THINGS
                {
                    classes.push(subclass);
                }
            }
        }
        Ok(things)
    }

    /// Returns the properties that instances of a class have, most used first, followed by those that the ontology
    /// gives it.
    fn properties_of(&self, class: &NamedNode) -> Result<Arc<Vec<NamedNode>>> {
        let known = || self.properties.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(properties) = known().get(class) {
            return Ok(Arc::clone(properties));
        }
        let store = self.session.store();
        let mut counts: HashMap<NamedNode, usize> = HashMap::new();
        for thing in self.some_of(class, FEW_THINGS)? {
            for property in self.properties_at(&thing)? {
                *counts.entry(property).or_default() += 1;
            }
        }
        let mut ranked: Vec<_> = counts.into_iter().collect();
        ranked.sort_unstable_by(|(a, most), (b, more)| more.cmp(most).then_with(|| a.cmp(b)));
        let mut properties: Vec<NamedNode> = ranked.into_iter().map(|(term, _)| term).collect();
        for property in store.subjects(rdfs::DOMAIN, class.as_ref().into())? {
            if let NamedOrBlankNode::NamedNode(property) = property
                && !properties.contains(&property)
            {
                properties.push(property);
            }
        }
        let properties = Arc::new(properties);
        known().insert(class.clone(), Arc::clone(&properties));
        Ok(properties)
    }

    /// Returns the properties of a resource.
    fn properties_at(&self, thing: &NamedNode) -> Result<Vec<NamedNode>> {
        let mut properties = Vec::new();
        let triples = self.session.store().triples(Some(thing.as_ref().into()), None, None, None);
        for triple in triples.take(FEW_TRIPLES) {
            let property = triple?.predicate;
            if !properties.contains(&property) {
                properties.push(property);
            }
        }
        Ok(properties)
    }

    /// Returns the values of a property, most used first.
    fn values_of(&self, property: &NamedNode) -> Result<Vec<Term>> {
        let mut counts: HashMap<Term, usize> = HashMap::new();
        let triples = self.session.store().triples(None, Some(property.as_ref()), None, None);
        for triple in triples.take(FEW_VALUES) {
            *counts.entry(triple?.object).or_default() += 1;
        }
        let mut ranked: Vec<_> = counts.into_iter().collect();
        ranked.sort_unstable_by(|(a, most), (b, more)| {
            more.cmp(most).then_with(|| a.to_string().cmp(&b.to_string()))
        });
        Ok(ranked.into_iter().map(|(value, _)| value).collect())
    }
}

/// Returns a term as it is written in a query, with its name, if its CURIE, its local name or its name begins with the
/// typed text.
fn fitting(
    term: &NamedNode,
    name: Option<String>,
    typed: &str,
    prefixes: &Prefixes,
) -> Option<Candidate> {
    let mut text = prefixes.show(term);
    // If several prefixes have the same namespace, the typed one is used.
    if let (Some((prefix, _)), Some((own, local))) =
        (typed.split_once(':'), prefixes.split(term.as_str()))
        && prefixes.namespace(prefix) == prefixes.namespace(own)
    {
        text = format!("{prefix}:{local}");
    }
    let begins = |whole: &str| {
        whole.get(..typed.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(typed))
            || whole.to_lowercase().starts_with(&typed.to_lowercase())
    };
    let local = text.split_once(':').map_or("", |(_, local)| local);
    let fits = begins(&text)
        || (!typed.contains([':', '<']) && (begins(local) || name.as_deref().is_some_and(begins)));
    let name = name.filter(|name| !name.eq_ignore_ascii_case(local));
    fits.then(|| Candidate::meaning(text, name))
}

/// Returns the first distinct candidates.
fn distinct(candidates: impl Iterator<Item = Candidate>) -> Vec<Candidate> {
    let mut seen = std::collections::HashSet::new();
    candidates.filter(|candidate| seen.insert(candidate.text.clone())).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Data;

    fn completer() -> Completer {
        let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
        let completer = Completer::new(&session);
        completer.fill().unwrap();
        completer
    }

    fn texts(candidates: &[Candidate]) -> Vec<&str> {
        candidates.iter().map(|candidate| candidate.text.as_str()).collect()
    }

    /// Returns the completions at the `‸` of a query.
    fn at(completer: &Completer, marked: &str) -> Vec<String> {
        let cursor = marked.find('‸').unwrap();
        let completion = completer.sparql(&marked.replace('‸', ""), cursor).unwrap();
        texts(&completion.candidates).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn properties_of_the_subjects_class_come_first() {
        let completer = completer();
        let of_state = at(&completer, "SELECT * { ?s a dos:State ; ‸");
        assert_eq!(of_state[0], "a");
        // States have codes and links, but no acronym, which only the organisation has.
        assert!(of_state.contains(&"skos:notation".to_owned()), "{of_state:?}");
        assert!(!of_state.contains(&"dos:acronym".to_owned()), "{of_state:?}");
        // Typed text is searched for everywhere, with the properties of the class first.
        let typed = at(&completer, "SELECT * { ?s a dos:State ; dos:‸");
        assert!(typed.contains(&"dos:acronym".to_owned()), "{typed:?}");
        let of_organisation = at(&completer, "SELECT * { sco:SCO dos:‸ }");
        let place = |name: &str| of_organisation.iter().position(|text| text == name);
        assert!(place("dos:acronym") < place("dos:quote"), "{of_organisation:?}");
    }

    #[test]
    fn a_property_is_found_by_its_name_without_its_prefix() {
        let completer = completer();
        for typed in ["acro", "ACRO", "dos:acro"] {
            let found = at(&completer, &format!("SELECT * {{ ?s {typed}‸"));
            assert!(found.contains(&"dos:acronym".to_owned()), "{typed}: {found:?}");
        }
    }

    #[test]
    fn classes_follow_a() {
        let found = at(&completer(), "SELECT * { ?s a ‸");
        assert!(found.contains(&"dos:State".to_owned()), "{found:?}");
        assert!(!found.contains(&"dos:acronym".to_owned()), "{found:?}");
        assert_eq!(at(&completer(), "SELECT * { ?s a dos:Sta‸"), ["dos:State"]);
    }

    #[test]
    fn things_are_found_by_their_names() {
        let completer = completer();
        assert_eq!(at(&completer, "SELECT * { Kazakh‸"), ["country:KZ"]);
        assert_eq!(at(&completer, "SELECT * { sco:SCO ?p kazakh‸"), ["country:KZ"]);
        assert_eq!(
            at(&completer, "SELECT * { ?s ?p ?o FILTER(?o = country:K‸"),
            ["country:KG", "country:KZ"]
        );
        assert_eq!(texts(&completer.things(None, "kazakh").unwrap()), ["Kazakhstan"]);
        assert!(texts(&completer.things(None, "country:K").unwrap()).contains(&"country:KZ"));
        // Before anything is typed, there would be too many.
        assert!(!at(&completer, "SELECT * { ‸").contains(&"country:KZ".to_owned()));
    }

    #[test]
    fn a_property_tells_its_values() {
        let completer = completer();
        // All statements with the founder property have states as values.
        let founders = at(&completer, "SELECT * { sco:SCO dos:founder ‸ }");
        for state in ["CN", "KZ", "KG", "RU", "TJ", "UZ"] {
            assert!(founders.contains(&format!("country:{state}")), "{founders:?}");
        }
        assert!(
            at(&completer, "SELECT * { ?s dos:since 20‸ }")
                .contains(&"\"2017\"^^xsd:gYear".to_owned())
        );
    }

    #[test]
    fn words_variables_and_prefixes_have_their_places() {
        let completer = completer();
        assert_eq!(at(&completer, "SEL‸"), ["SELECT"]);
        assert_eq!(at(&completer, "sel‸"), ["SELECT"]);
        assert!(at(&completer, "SELECT * { ?s ?p ?o . opt‸").contains(&"OPTIONAL".to_owned()));
        assert_eq!(at(&completer, "SELECT ?st‸ { ?state a dos:State ; dos:x ?other }"), ["?state"]);
        assert_eq!(at(&completer, "SELECT * { ?state ?p ?other FILTER(BOUND(?ot‸"), ["?other"]);
        assert!(
            at(&completer, "PREFIX do‸")
                .iter()
                .any(|text| { text == "dos: <https://w3id.org/dossier/ontology#>" })
        );
        assert!(at(&completer, "SELECT * { sc‸").contains(&"sco:".to_owned()));
        assert_eq!(at(&completer, "SELECT * { ?s ?p \"SEL‸"), [] as [&str; 0]);
        assert_eq!(at(&completer, "SELECT * { ?s ?p 1 # SEL‸"), [] as [&str; 0]);
    }

    #[test]
    fn keywords_are_those_that_can_follow() {
        let completer = completer();
        for (text, keywords) in [
            ("SELECT DI‸ * {}", &["DISTINCT"] as &[&str]),
            ("SELECT DISTINCT DI‸", &[]),
            ("SELECT * {} OR‸", &["ORDER BY"]),
            ("SELECT * {} ORDER BY ?s LI‸", &["LIMIT"]),
            ("SELECT * {} LIMIT 1 ORDER‸", &[]),
            ("SELECT * FROM NA‸", &["NAMED"]),
            ("SELECT * { { } UN‸", &["UNION"]),
            ("SELECT * { ?s ?p ?o UN‸", &[]),
            ("SELECT * { ?s ?p ?o FILTER NOT‸", &["NOT EXISTS"]),
            ("SELECT * { FILTER (1 NOT‸", &["NOT IN"]),
            ("SELECT * { VALUES ?x { UN‸", &["UNDEF"]),
            ("SELECT (COUNT(DIS‸", &["DISTINCT"]),
            // After an error.
            ("SELECT * { ?s . ?s ?p ?o . OPT‸", &["OPTIONAL"]),
            ("SELECT * { ?s . } ORD‸", &["ORDER BY"]),
        ] {
            let is_keyword =
                |text: &String| text.chars().all(|c| c == ' ' || c.is_ascii_uppercase());
            let found: Vec<String> = at(&completer, text).into_iter().filter(is_keyword).collect();
            assert_eq!(found, keywords, "{text}");
        }
    }

    #[test]
    fn prefixes_of_the_query_count() {
        let found = at(
            &completer(),
            "PREFIX my: <https://w3id.org/dossier/ontology#> SELECT * { ?s my:acro‸",
        );
        assert!(found.contains(&"my:acronym".to_owned()), "{found:?}");
    }

    #[test]
    fn saved_queries_are_found_by_their_names() {
        let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
        assert_eq!(
            texts(&saved_queries(&session.catalogue(), "mem").unwrap()),
            ["members", "members-not-named-as-sponsors"]
        );
    }
}
