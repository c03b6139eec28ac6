//! Entities: resolving names, and all statements about a resource.

use super::Session;
use super::names::Names;
use crate::catalogue;
use crate::cite::{Citation, cite_triples};
use crate::diagnostic::{Diagnostic, Error, Result, did_you_mean, error, nearest};
use crate::vocabulary::{ALL_NAMES, LABELS, Prefixes, rdf};
use oxigraph::model::{BlankNode, NamedNode, NamedOrBlankNode, NamedOrBlankNodeRef, Term, Triple};
use oxigraph::sparql::{QuerySolution, Variable};
use std::collections::BTreeSet;
use std::sync::Arc;

/// All statements about a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// The resource.
    pub iri: NamedNode,
    /// The facts: first those with the resource as subject, then those with it as value, each sorted by property, with
    /// the type and the labels first.
    pub facts: Vec<Triple>,
    /// The triples of the blank nodes among the values, including nested ones.
    pub nested: Vec<Triple>,
}

/// The most facts of blank nodes that are shown for a resource.
const MOST_NESTED: usize = 200;

impl Entity {
    /// Returns the facts with the resource as subject, and those with it as value.
    pub fn by_side(&self) -> (&[Triple], &[Triple]) {
        let is_own =
            |fact: &Triple| fact.subject == NamedOrBlankNodeRef::from(&self.iri).into_owned();
        self.facts.split_at(self.facts.partition_point(is_own))
    }
}

/// Returns facts as solutions of some of the variables `subject`, `property` and `value`.
pub(crate) fn solutions_of(facts: &[Triple], variables: &[Variable]) -> Vec<QuerySolution> {
    let shared: Arc<[Variable]> = variables.into();
    let solution = |fact: &Triple| {
        let value = |variable: &Variable| match variable.as_str() {
            "subject" => Some(fact.subject.clone().into()),
            "property" => Some(fact.predicate.clone().into()),
            "value" => Some(fact.object.clone()),
            _ => None,
        };
        let values: Vec<Option<Term>> = variables.iter().map(value).collect();
        QuerySolution::from((Arc::clone(&shared), values))
    };
    facts.iter().map(solution).collect()
}

/// Why a name does not resolve to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ResolveError {
    /// Nothing has the name. The field is a similar name.
    Unknown(Option<String>),
    /// The name has an unknown prefix.
    UnknownPrefix(String),
    /// No instance of the class has the name. The field lists all instances.
    NotOneOf(Vec<String>),
    /// Several resources have the name.
    Ambiguous(Vec<String>),
    /// The resource is not of the class.
    NotOfClass(String),
    /// The resource has no class at all, as if the statement that gives it one were wrong.
    WithoutClass {
        /// The resource.
        thing: String,
        /// The label of the class that was expected.
        class: String,
        /// The statement that would give it this class.
        statement: String,
    },
    /// The class has no instances. The second field is a class with a similar name that has some.
    EmptyClass(String, Option<String>),
    /// The store failed.
    Failed(Error),
}

impl ResolveError {
    /// Returns the diagnostic for an invalid value of a parameter.
    pub(super) fn of_argument(self, name: &str, value: &str) -> Diagnostic {
        let invalid = || error!("argument-invalid", "invalid value `{value}` for `{name}`");
        match self {
            Self::Unknown(Some(near)) => {
                invalid().help(did_you_mean(catalogue::in_shell(&format!("{name}={near}"))))
            }
            Self::Unknown(None) => invalid().help(HOW_TO_NAME),
            Self::UnknownPrefix(prefix) => invalid().help(unknown_prefix(&prefix)),
            Self::NotOneOf(all) => invalid().help(catalogue::expected_one_of(&all)),
            Self::Ambiguous(candidates) => {
                error!("name-ambiguous", "`{value}` could be several values for `{name}`")
                    .help(say_which(&candidates))
            }
            Self::EmptyClass(class, near) => {
                invalid().help(empty_class(name, &class, near.as_deref()))
            }
            Self::NotOfClass(class) => {
                error!(
                    "argument-invalid",
                    "invalid value `{value}` for `{name}`: it is not a {class}"
                )
            }
            Self::WithoutClass { thing, class, statement } => {
                let message = format!(
                    "invalid value `{value}` for `{name}`: `{thing}` has no class, so it is not a {class}"
                );
                Diagnostic::error("argument-invalid", message).help(missing_class(&statement))
            }
            Self::Failed(error) => failed(error),
        }
    }

    /// Returns the diagnostic for an invalid name of a requested resource.
    fn of_thing(self, value: &str) -> Diagnostic {
        let unknown = || error!("name-unknown", "nothing is called `{value}`");
        match self {
            Self::Unknown(Some(near)) => unknown().help(did_you_mean(near)),
            Self::Unknown(None) | Self::EmptyClass(..) => unknown().help(HOW_TO_NAME),
            Self::UnknownPrefix(prefix) => unknown().help(unknown_prefix(&prefix)),
            Self::NotOneOf(all) => unknown().help(catalogue::expected_one_of(&all)),
            Self::Ambiguous(candidates) => {
                error!("name-ambiguous", "several entities are called `{value}`")
                    .help(say_which(&candidates))
            }
            Self::NotOfClass(class) => error!("name-unknown", "`{value}` is not a {class}"),
            Self::WithoutClass { thing, class, statement } => {
                error!("name-unknown", "`{thing}` has no class, so it is not a {class}")
                    .help(missing_class(&statement))
            }
            Self::Failed(error) => failed(error),
        }
    }
}

const HOW_TO_NAME: &str = "give an IRI, a CURIE such as `prefix:name`, or a label";

/// Explains that no value of a parameter can be right.
fn empty_class(name: &str, class: &str, near: Option<&str>) -> String {
    let what = format!("nothing has the class `{class}` of the parameter `{name}`");
    match near {
        Some(near) => format!("{what}: write `{near}` in the query"),
        None => format!("{what}: correct `class` in the query, or add things of this class"),
    }
}

fn say_which(candidates: &[String]) -> String {
    format!("say which one: `{}`", candidates.join("`, `"))
}

fn missing_class(statement: &str) -> String {
    format!(
        "if it is one, the data must say so: `{statement}`; `dossier check` shows what is wrong there"
    )
}

fn unknown_prefix(prefix: &str) -> String {
    format!("unknown prefix `{prefix}:`: use an IRI, a label, or a CURIE with a known prefix")
}

fn failed(error: Error) -> Diagnostic {
    error.problems.into_iter().next().unwrap_or_else(|| error!("store-failed", "the store failed"))
}

impl From<Error> for ResolveError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Session {
    /// The most possible values that are all listed.
    const FEW: usize = 12;

    /// Returns all statements about the resource with a name.
    ///
    /// # Errors
    /// Fails if no resource or several resources have the name.
    pub fn entity(&self, name: &str) -> Result<Entity> {
        let iri = self
            .resolve(name, None, &self.prefixes)
            .map_err(|unresolved| unresolved.of_thing(name).usage())?;
        let mut facts = self.facts_about(&iri)?;
        if facts.is_empty() {
            return Err(ResolveError::Unknown(self.near(name, None)?).of_thing(name).usage());
        }
        let thing = NamedOrBlankNode::from(iri.clone());
        facts.sort_by_cached_key(|fact| {
            let property = fact.predicate.as_ref();
            let mut first = [rdf::TYPE].into_iter().chain(ALL_NAMES);
            let rank = first.position(|first| first == property).unwrap_or(usize::MAX);
            (
                fact.subject != thing,
                rank,
                property.as_str().to_owned(),
                fact.subject.to_string(),
                fact.object.to_string(),
            )
        });
        let nested = self.nested(&facts)?;
        Ok(Entity { iri, facts, nested })
    }

    /// Returns the triples of the blank nodes among the values of facts, including nested ones, up to a limit. An
    /// endpoint cannot look up blank nodes.
    fn nested(&self, facts: &[Triple]) -> Result<Vec<Triple>> {
        let mut nested = Vec::new();
        if !self.store.capabilities().can_ask_about_blank_nodes {
            return Ok(nested);
        }
        let node = |value: &Term| match value {
            Term::BlankNode(node) => Some(node.clone()),
            _ => None,
        };
        let mut nodes: Vec<BlankNode> =
            facts.iter().filter_map(|fact| node(&fact.object)).collect();
        let mut next = 0;
        while let Some(subject) = nodes.get(next).cloned() {
            next += 1;
            let room = MOST_NESTED.saturating_sub(nested.len());
            let subject = NamedOrBlankNodeRef::from(&subject);
            let mut triples = self.store.some_triples(Some(subject), None, None, room)?;
            triples
                .sort_by_cached_key(|triple| (triple.predicate.clone(), triple.object.to_string()));
            for triple in triples {
                nodes.extend(node(&triple.object).filter(|node| !nodes.contains(node)));
                nested.push(triple);
            }
        }
        Ok(nested)
    }

    /// Cites facts, in their order.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn cite_facts(&self, facts: &[Triple]) -> Result<Vec<Citation>> {
        cite_triples(&self.store, facts)
    }

    /// Returns the facts that have a resource as subject or value.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn facts_about(&self, iri: &NamedNode) -> Result<Vec<Triple>> {
        let text = "SELECT ?subject ?property ?value { \
                    { ?_thing_iri ?property ?value BIND(?_thing_iri AS ?subject) } UNION \
                    { ?subject ?property ?_thing_iri BIND(?_thing_iri AS ?value) } }";
        let arguments = [("thing".to_owned(), iri.as_str().to_owned())];
        let query =
            catalogue::bind_ad_hoc("show", text, &Prefixes::default(), &arguments, &mut |_, _| {
                Ok(iri.clone())
            })?;
        let mut facts = Vec::new();
        for row in self.answer(&query, None, None)?.rows().into_iter().flatten() {
            let row = row?;
            let [Some(subject), Some(Term::NamedNode(property)), Some(value)] =
                row.solution.values()
            else {
                continue;
            };
            let subject = match subject.clone() {
                Term::NamedNode(iri) => NamedOrBlankNode::from(iri),
                Term::BlankNode(node) => node.into(),
                _ => continue,
            };
            facts.push(Triple::new(subject, property.clone(), value.clone()));
        }
        Ok(facts)
    }

    /// Resolves a name to a resource, of a class if one is given. The name can be an IRI, a CURIE or a label. Labels
    /// are compared exactly at first, then ignoring case, then also ignoring accents; a label takes precedence over a
    /// title.
    pub(super) fn resolve(
        &self,
        name: &str,
        class: Option<&NamedNode>,
        prefixes: &Prefixes,
    ) -> Result<NamedNode, ResolveError> {
        let iri = match name.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
            Some(iri) => NamedNode::new(iri).ok(),
            None if name.contains("://") || name.starts_with("urn:") => NamedNode::new(name).ok(),
            None if self.prefixes.split_qualified(name).is_some() => self.prefixes.expand(name),
            None => prefixes.expand(name).or_else(|| self.prefixes.expand(name)),
        };
        if let Some(iri) = iri {
            return self.check_class(iri, name, class);
        }
        let named = match class {
            // There may be too many labels behind an endpoint to read them all.
            None if !self.store.capabilities().can_scan => self.called(name)?,
            class => self.named(class)?,
        };
        match named.find(name).as_slice() {
            [] => Err(match self.without_class(name, class)? {
                Some(error) => error,
                None => self.unknown(name, class)?,
            }),
            [only] => Ok((*only).clone()),
            several => {
                let all = several.iter().map(|iri| self.prefixes.show(iri)).collect();
                Err(ResolveError::Ambiguous(all))
            }
        }
    }

    /// Returns the error for the name of something that has no class, where one of a class is expected.
    fn without_class(&self, name: &str, class: Option<&NamedNode>) -> Result<Option<ResolveError>> {
        let Some(class) = class.filter(|_| self.store.capabilities().can_scan) else {
            return Ok(None);
        };
        let named = self.names()?;
        let [thing] = named.find(name)[..] else { return Ok(None) };
        let types = self.store.objects(thing.into(), rdf::TYPE)?;
        if types.iter().any(|class| !class.is_literal()) {
            return Ok(None);
        }
        let thing = self.prefixes.show(thing);
        let (class, label) = (self.prefixes.show(class), self.label(class.as_ref())?);
        let statement = format!("{thing} a {class}");
        let class = label.unwrap_or(class);
        Ok(Some(ResolveError::WithoutClass { thing, class, statement }))
    }

    fn unknown(&self, name: &str, class: Option<&NamedNode>) -> Result<ResolveError> {
        let near = self.near(name, class)?;
        if let (None, Some(class)) = (&near, class) {
            if self.store.capabilities().can_scan && self.store.instances(class)?.is_empty() {
                return self.empty_class(class);
            }
            let mut labels: Vec<String> =
                self.labels(&self.store.instances(class)?)?.into_values().collect();
            labels.sort();
            if (1..=Self::FEW).contains(&labels.len()) {
                return Ok(ResolveError::NotOneOf(labels));
            }
        }
        if let (None, Some((prefix, _))) = (&near, name.split_once(':'))
            && !prefix.contains(char::is_whitespace)
            && self.prefixes.namespace(prefix).is_none()
        {
            return Ok(ResolveError::UnknownPrefix(prefix.to_owned()));
        }
        Ok(ResolveError::Unknown(near))
    }

    /// Returns the error for a name of a class that nothing has.
    fn empty_class(&self, class: &NamedNode) -> Result<ResolveError> {
        let shown = self.prefixes.show(class);
        let statistics = self.statistics()?;
        let classes: Vec<String> =
            statistics.classes.keys().map(|known| self.prefixes.show(known)).collect();
        let near = nearest(&shown, classes.iter().map(String::as_str)).map(str::to_owned);
        Ok(ResolveError::EmptyClass(shown, near))
    }

    fn check_class(
        &self,
        iri: NamedNode,
        name: &str,
        class: Option<&NamedNode>,
    ) -> Result<NamedNode, ResolveError> {
        let Some(class) = class else { return Ok(iri) };
        if self.store.instances(class)?.contains(&iri) {
            return Ok(iri);
        }
        if !self.store.mentions(iri.as_ref())? {
            return Err(self.unknown(name, Some(class))?);
        }
        let label = self.label(class.as_ref())?;
        Err(ResolveError::NotOfClass(label.unwrap_or_else(|| self.prefixes.show(class))))
    }

    /// Returns a similar name: a label or, for a CURIE, a CURIE.
    fn near(&self, name: &str, class: Option<&NamedNode>) -> Result<Option<String>> {
        if class.is_none() && !self.store.capabilities().can_scan {
            return Ok(None);
        }
        let named = self.named(class)?;
        if !name.contains(':') {
            // The last part of a name is what people see in files.
            let mut own = self
                .prefixes
                .iter()
                .filter_map(|(_, namespace)| NamedNode::new(format!("{namespace}{name}")).ok());
            let instances = class.map(|class| self.store.instances(class)).transpose()?;
            let is_known = |iri: &NamedNode| match &instances {
                Some(instances) => instances.contains(iri),
                None => self.store.mentions(iri.as_ref()).unwrap_or_default(),
            };
            if !self.store.capabilities().asks_by_request
                && let Some(iri) = own.find(is_known)
            {
                return Ok(Some(self.prefixes.show(&iri)));
            }
            return Ok(named.nearest_where(name, |_| true).map(str::to_owned));
        }
        let curies: BTreeSet<String> =
            named.iter().map(|(_, iri)| self.prefixes.show(iri)).collect();
        let names = curies.iter().map(String::as_str).chain(named.iter().map(|(name, _)| name));
        Ok(nearest(name, names).map(str::to_owned))
    }

    /// Returns the labels that equal a name, ignoring case, with their resources.
    pub(super) fn called(&self, name: &str) -> Result<Names> {
        let mut named = Names::default();
        for (thing, label) in self.store.request_names(name)? {
            named.add(label, false, thing);
        }
        Ok(named)
    }

    /// Returns the names of all resources.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(crate) fn names(&self) -> Result<Names> {
        self.named(None)
    }

    /// Returns the names of all resources, of a class if one is given.
    fn named(&self, class: Option<&NamedNode>) -> Result<Names> {
        let instances: Option<BTreeSet<NamedNode>> = match class {
            Some(class) => Some(self.store.instances(class)?.into_iter().collect()),
            None => None,
        };
        let mut named = Names::default();
        let mut add = |label: String, property, thing| {
            named.add(label, !LABELS.contains(&property), thing);
        };
        if let (Some(instances), true) = (&instances, self.store.capabilities().asks_by_request) {
            self.store.look_up(instances)?;
            for thing in instances {
                for property in ALL_NAMES {
                    for label in self.store.objects(thing.into(), property)? {
                        if let Term::Literal(label) = label {
                            add(label.destruct().0, property, thing.clone());
                        }
                    }
                }
            }
            return Ok(named);
        }
        for property in ALL_NAMES {
            for (thing, label) in self.store.pairs(property)? {
                if let (NamedOrBlankNode::NamedNode(thing), Term::Literal(label)) = (thing, label)
                    && instances.as_ref().is_none_or(|instances| instances.contains(&thing))
                {
                    add(label.destruct().0, property, thing);
                }
            }
        }
        Ok(named)
    }
}
