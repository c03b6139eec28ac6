//! Completion in queries.

use super::cursor::{CompletionKind, CursorContext};
use super::{Candidate, Completer, Completion, distinct, fitting};
use crate::diagnostic::Result;
use crate::sparql::{declared_prefixes, functions, keywords_after};
use crate::vocabulary::{Prefixes, owl, rdf, rdfs};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};

impl Completer {
    /// Returns the completions at the cursor of an incomplete query.
    ///
    /// # Arguments
    /// `cursor` is a byte offset in the text.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn sparql(&self, text: &str, cursor: usize) -> Result<Completion> {
        let reading = CursorContext::of(text, cursor);
        let mut prefixes = declared_prefixes(text);
        prefixes.add_all(self.session.prefixes());
        let typed = &text[reading.typed.clone()];
        let before = &text[..reading.typed.start];
        let query =
            Query { completer: self, reading: &reading, prefixes: &prefixes, before, typed };
        let candidates = if reading.place == CompletionKind::Nothing {
            Vec::new()
        } else if typed.starts_with(['?', '$']) {
            query.variables()
        } else {
            query.candidates()?
        };
        Ok(Completion { start: reading.typed.start, candidates })
    }
}

/// An incomplete query.
struct Query<'a> {
    completer: &'a Completer,
    reading: &'a CursorContext<'a>,
    prefixes: &'a Prefixes,
    /// The text before the word that is being typed.
    before: &'a str,
    typed: &'a str,
}

impl Query<'_> {
    fn candidates(&self) -> Result<Vec<Candidate>> {
        let mut found = Vec::new();
        match &self.reading.place {
            CompletionKind::Nothing => {}
            CompletionKind::Clause => {
                found.extend(self.keywords());
                found.extend(self.variables());
            }
            CompletionKind::Declaration => found.extend(self.declarations()),
            CompletionKind::Subject => {
                found.extend(self.variables());
                found.extend(self.keywords());
                found.extend(self.things()?);
            }
            CompletionKind::After => found.extend(self.keywords()),
            CompletionKind::Predicate(subject) => {
                if self.typed.is_empty() || self.typed == "a" {
                    found.push(Candidate::meaning("a", Some("is a")));
                }
                let own = self.properties(*subject)?;
                // There are many other properties, so they are proposed only after typing has begun.
                let rest = if own.is_empty() || !self.typed.is_empty() {
                    self.all_properties()?
                } else {
                    Vec::new()
                };
                // The short keyword is complete already.
                let all = own.into_iter().chain(rest);
                found.extend(self.fitting(
                    all.filter(|term| term.as_ref() != rdf::TYPE || !self.typed.is_empty()),
                ));
            }
            CompletionKind::Step(before) => {
                let mut own = Vec::new();
                for class in self.ranges(before)? {
                    own.extend(self.completer.properties_of(&class)?.iter().cloned());
                }
                found.extend(self.fitting(own.into_iter().chain(self.all_properties()?)));
            }
            CompletionKind::Object(predicate) => found.extend(self.objects(predicate)?),
            CompletionKind::Expression => {
                found.extend(self.variables());
                found.extend(self.keywords());
                found.extend(self.words(functions()));
                found.extend(self.things()?);
            }
            CompletionKind::Value => {
                found.extend(self.keywords());
                found.extend(self.things()?);
            }
        }
        if !matches!(
            self.reading.place,
            CompletionKind::Clause
                | CompletionKind::Declaration
                | CompletionKind::After
                | CompletionKind::Nothing
        ) {
            found.extend(self.prefixes());
        }
        Ok(distinct(found.into_iter()))
    }

    /// Returns the variables of the query, which are allowed nearly everywhere.
    fn variables(&self) -> Vec<Candidate> {
        let variables = self.reading.variables.iter();
        variables
            .filter(|variable| variable.starts_with(self.typed))
            .copied()
            .map(Candidate::plain)
            .collect()
    }

    /// Returns the keywords that the grammar allows here. If there is an error before, they are those that a query without
    /// it could have here.
    fn keywords(&self) -> Vec<Candidate> {
        let allowed = keywords_after(self.before).unwrap_or_else(|| {
            let places: &[&str] = match self.reading.place {
                CompletionKind::Clause => &["", "SELECT *", "SELECT * {}"],
                CompletionKind::Subject | CompletionKind::After => &["ASK {"],
                CompletionKind::Expression => &["ASK { FILTER ("],
                CompletionKind::Value => &["ASK { VALUES ?_ {"],
                _ => &[],
            };
            places.iter().filter_map(|place| keywords_after(place)).flatten().collect()
        });
        self.words(allowed)
    }

    fn words(&self, words: impl IntoIterator<Item = &'static str>) -> Vec<Candidate> {
        let typed = self.typed.to_uppercase();
        let fitting = words.into_iter().filter(|word| word.to_uppercase().starts_with(&typed));
        fitting.map(Candidate::plain).collect()
    }

    /// Returns the prefixes themselves, after which typing continues.
    fn prefixes(&self) -> Vec<Candidate> {
        if self.typed.contains('<') || self.typed.is_empty() {
            return Vec::new();
        }
        let fitting =
            self.prefixes.with_qualified().filter(|(prefix, _)| prefix.starts_with(self.typed));
        fitting
            .map(|(prefix, namespace)| Candidate::meaning(format!("{prefix}:"), Some(namespace)))
            .collect()
    }

    fn declarations(&self) -> Vec<Candidate> {
        let fitting =
            self.prefixes.iter().map(|(prefix, namespace)| format!("{prefix}: <{namespace}>"));
        fitting.filter(|text| text.starts_with(self.typed)).map(Candidate::plain).collect()
    }

    /// Returns resources by CURIE and by name, once something is typed. Before that there would be too many.
    fn things(&self) -> Result<Vec<Candidate>> {
        if self.typed.is_empty() {
            return Ok(Vec::new());
        }
        let named = self.completer.named(None, self.typed)?.into_iter();
        let candidates = named
            .filter_map(|(name, thing)| fitting(&thing, Some(name), self.typed, self.prefixes));
        Ok(distinct(candidates))
    }

    fn fitting(&self, terms: impl Iterator<Item = NamedNode>) -> Vec<Candidate> {
        let mut seen = std::collections::HashSet::new();
        terms
            .filter(|term| seen.insert(term.clone()))
            .filter_map(|term| {
                let name = self.completer.label(&term);
                fitting(&term, name, self.typed, self.prefixes)
            })
            .take(super::MOST)
            .collect()
    }

    /// Returns the IRI of a word of the query.
    fn iri(&self, word: &str) -> Option<NamedNode> {
        if word == "a" {
            return Some(rdf::TYPE.into_owned());
        }
        match word.strip_prefix('<').and_then(|word| word.strip_suffix('>')) {
            Some(iri) => NamedNode::new(iri).ok(),
            None => self.prefixes.expand(word),
        }
    }

    fn iris(&self, subject: &NamedNode, property: NamedNodeRef<'_>) -> Result<Vec<NamedNode>> {
        let objects = self.completer.session.store().objects(subject.as_ref().into(), property)?;
        Ok(objects
            .into_iter()
            .filter_map(|object| match object {
                Term::NamedNode(iri) => Some(iri),
                _ => None,
            })
            .collect())
    }

    /// Returns the classes that the ontology declares as ranges of a property.
    fn ranges(&self, property: &str) -> Result<Vec<NamedNode>> {
        match self.iri(property) {
            Some(property) => self.iris(&property, rdfs::RANGE),
            None => Ok(Vec::new()),
        }
    }

    /// Returns the classes of a subject, according to the query, the data, and the ranges of the properties that it is
    /// a value of.
    fn classes(&self, subject: &str) -> Result<Vec<NamedNode>> {
        let mut classes = Vec::new();
        for [of, property, value] in &self.reading.triples {
            if *of == subject && self.iri(property).is_some_and(|iri| iri.as_ref() == rdf::TYPE) {
                classes.extend(self.iri(value));
            }
        }
        if let Some(thing) = self.iri(subject) {
            classes.extend(self.iris(&thing, rdf::TYPE)?);
        }
        if classes.is_empty() {
            for [_, property, value] in &self.reading.triples {
                if *value == subject {
                    classes.extend(self.ranges(property)?);
                }
            }
        }
        Ok(classes)
    }

    /// Returns the properties that a subject has or may have.
    fn properties(&self, subject: Option<&str>) -> Result<Vec<NamedNode>> {
        let Some(subject) = subject else { return Ok(Vec::new()) };
        let mut properties = match self.iri(subject) {
            Some(thing) => self.completer.properties_at(&thing)?,
            None => Vec::new(),
        };
        for class in self.classes(subject)? {
            properties.extend(self.completer.properties_of(&class)?.iter().cloned());
        }
        Ok(properties)
    }

    fn all_properties(&self) -> Result<Vec<NamedNode>> {
        let index = self.completer.index();
        let used = index.iter().flat_map(|index| &index.properties).map(|(term, _)| term.clone());
        let kinds =
            [owl::OBJECT_PROPERTY, owl::DATATYPE_PROPERTY, owl::ANNOTATION_PROPERTY, rdf::PROPERTY];
        Ok(used.chain(self.declared(&kinds)?).collect())
    }

    fn all_classes(&self) -> Result<Vec<NamedNode>> {
        let index = self.completer.index();
        let used = index.iter().flat_map(|index| &index.classes).map(|(term, _)| term.clone());
        Ok(used.chain(self.declared(&[owl::CLASS, rdfs::CLASS])?).collect())
    }

    /// Returns the resources that the ontology declares to be of some classes.
    fn declared(&self, kinds: &[NamedNodeRef<'_>]) -> Result<Vec<NamedNode>> {
        let store = self.completer.session.store();
        let mut terms = Vec::new();
        for kind in kinds {
            let declared = store.triples(None, Some(rdf::TYPE), Some((*kind).into()), None);
            for triple in declared.take(super::FEW_VALUES) {
                if let NamedOrBlankNode::NamedNode(term) = triple?.subject {
                    terms.push(term);
                }
            }
        }
        Ok(terms)
    }

    /// Returns the values of a predicate, and instances of the classes in its range.
    fn objects(&self, predicate: &str) -> Result<Vec<Candidate>> {
        let Some(predicate) = self.iri(predicate) else {
            return Ok(self.variables().into_iter().chain(self.things()?).collect());
        };
        if predicate.as_ref() == rdf::TYPE {
            return Ok(self.fitting(self.all_classes()?.into_iter()));
        }
        let mut found = Vec::new();
        let mut things = Vec::new();
        for value in self.completer.values_of(&predicate)? {
            match value {
                Term::NamedNode(thing) => things.push(thing),
                Term::Literal(literal) if literal.value().starts_with(self.typed) => {
                    found.push(Candidate::plain(self.prefixes.show_term(&literal.into())));
                }
                _ => {}
            }
        }
        for class in self.iris(&predicate, rdfs::RANGE)? {
            things.extend(self.completer.some_of(&class, super::FEW_VALUES)?);
        }
        let mut candidates = self.fitting(things.into_iter());
        candidates.extend(found);
        candidates.extend(self.variables());
        candidates.extend(self.things()?);
        Ok(candidates)
    }
}
