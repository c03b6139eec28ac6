//! What the terms of drafts can mean: the names of things, properties and classes, and what the ontology and the data
//! tell of each property.

use super::finding::{self, DraftSyntax};
use crate::check::{Types, ValueRules};
use crate::diagnostic::{Diagnostic, Result, nearest};
use crate::session::{Names, Session};
use crate::vocabulary::{ALL_NAMES, LABELS, Prefixes, dos, owl, rdf, rdfs, well_known, xsd};
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use rustc_hash::{FxHashMap, FxHashSet};

/// What a term stands for in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TermRole<'a> {
    /// A subject or a value, of one of these classes if there are any.
    Thing(&'a [Vec<NamedNode>]),
    /// The property of a statement, with its value as it was typed.
    Property(Option<&'a str>),
    Class,
}

/// The known terms.
pub(super) struct Lexicon<'a> {
    session: &'a Session,
    /// The statements of the default graph, and those of new terms.
    quads: Vec<Quad>,
    names: Names,
    labels: FxHashMap<NamedNode, Vec<String>>,
    /// The things with a label, and not only a title or another name.
    labelled: FxHashSet<NamedNode>,
    pub(super) rules: ValueRules,
    pub(super) types: Types,
    usage: FxHashMap<NamedNode, PropertyUsage>,
    properties: FxHashSet<NamedNode>,
    classes: FxHashSet<NamedNode>,
    /// The things that have a description.
    described: FxHashSet<NamedNode>,
    /// All IRIs that stand somewhere.
    mentioned: FxHashSet<NamedNode>,
    /// Whether there are statements that the rules do not know.
    has_new_rules: bool,
    /// The language of most labels, or `None` if most have none.
    pub(super) language: Option<String>,
}

/// The values that the data gives a property.
#[derive(Debug, Default)]
pub(super) struct PropertyUsage {
    things: usize,
    /// The datatypes and languages of literals, each with the number of them.
    literals: FxHashMap<LiteralType, usize>,
}

/// The type of a literal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum LiteralType {
    Language(String),
    Datatype(NamedNode),
}

impl LiteralType {
    fn of(literal: &Literal) -> Self {
        match literal.language() {
            Some(language) => Self::Language(language.to_owned()),
            None => Self::Datatype(literal.datatype().into_owned()),
        }
    }
}

impl PropertyUsage {
    /// Returns whether all values are things.
    pub(super) fn has_only_things(&self) -> bool {
        self.things > 0 && self.literals.is_empty()
    }

    /// Returns whether all values are literals.
    pub(super) fn has_only_literals(&self) -> bool {
        self.things == 0 && !self.literals.is_empty()
    }

    /// Returns the types of the literals, the most frequent one first.
    pub(super) fn literal_types(&self) -> Vec<&LiteralType> {
        let mut types: Vec<_> = self.literals.iter().collect();
        types.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
        types.into_iter().map(|(literal_type, _)| literal_type).collect()
    }
}

impl<'a> Lexicon<'a> {
    /// Reads the data and the ontology of a session.
    ///
    /// # Errors
    /// If the store fails, or an ontology file can no longer be read.
    pub(super) fn new(session: &'a Session) -> Result<Self> {
        // The triple of each quad of a named graph also stands in the default graph.
        let is_default = |quad: &Result<Quad>| !matches!(quad, Ok(quad) if quad.graph_name != GraphName::DefaultGraph);
        let quads = session.store().quads().filter(is_default).collect::<Result<Vec<_>>>()?;
        let mut lexicon = Self {
            session,
            quads: Vec::new(),
            names: session.names()?,
            labels: FxHashMap::default(),
            labelled: FxHashSet::default(),
            rules: ValueRules::of(quads.iter()),
            types: Types::of(quads.iter()),
            usage: FxHashMap::default(),
            properties: FxHashSet::default(),
            classes: FxHashSet::default(),
            described: FxHashSet::default(),
            mentioned: FxHashSet::default(),
            has_new_rules: false,
            language: None,
        };
        let mut languages: FxHashMap<Option<String>, usize> = FxHashMap::default();
        for quad in &quads {
            lexicon.read(quad);
            if let (Term::Literal(label), true) =
                (&quad.object, LABELS.contains(&quad.predicate.as_ref()))
            {
                *languages.entry(label.language().map(str::to_owned)).or_default() += 1;
            }
        }
        let most = languages.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        lexicon.language = most.map_or_else(|| Some("en".to_owned()), |(language, _)| language);
        lexicon.add_untyped_terms(&quads)?;
        lexicon.quads = quads;
        Ok(lexicon)
    }

    fn read(&mut self, quad: &Quad) {
        let usage = self.usage.entry(quad.predicate.clone()).or_default();
        match &quad.object {
            Term::Literal(literal) => {
                *usage.literals.entry(LiteralType::of(literal)).or_default() += 1;
            }
            Term::NamedNode(iri) => {
                usage.things += 1;
                self.mentioned.insert(iri.clone());
            }
            _ => usage.things += 1,
        }
        self.properties.insert(quad.predicate.clone());
        let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { return };
        self.mentioned.insert(subject.clone());
        self.described.insert(subject.clone());
        match (quad.predicate.as_ref(), &quad.object) {
            (rdf::TYPE, Term::NamedNode(class)) => {
                self.classes.insert(class.clone());
                if is_kind_of_property(class.as_ref()) {
                    self.properties.insert(subject.clone());
                } else if [owl::CLASS, rdfs::CLASS].contains(&class.as_ref()) {
                    self.classes.insert(subject.clone());
                }
            }
            (rdfs::SUB_PROPERTY_OF, Term::NamedNode(wider)) => {
                self.properties.extend([subject.clone(), wider.clone()]);
            }
            (rdfs::SUB_CLASS_OF, Term::NamedNode(wider)) => {
                self.classes.extend([subject.clone(), wider.clone()]);
            }
            (rdfs::DOMAIN | rdfs::RANGE, _) => {
                self.properties.insert(subject.clone());
            }
            (name, Term::Literal(label)) if ALL_NAMES.contains(&name) => {
                self.labels.entry(subject.clone()).or_default().push(label.value().to_owned());
                if LABELS.contains(&name) {
                    self.labelled.insert(subject.clone());
                }
            }
            _ => {}
        }
    }

    /// Adds the terms of other vocabularies to which the ontology only gives labels. By convention, the names of classes
    /// begin with a capital.
    fn add_untyped_terms(&mut self, quads: &[Quad]) -> Result<()> {
        let ontology = self.session.ontology()?;
        for quad in quads {
            let NamedOrBlankNode::NamedNode(term) = &quad.subject else { continue };
            if ontology.rank(term.as_ref()).is_none() || self.is_term(term) {
                continue;
            }
            let local = crate::dossier::last_part(term.as_str());
            if local.starts_with(char::is_uppercase) {
                self.classes.insert(term.clone());
            } else if local.starts_with(char::is_lowercase) {
                self.properties.insert(term.clone());
            }
        }
        Ok(())
    }

    pub(super) const fn session(&self) -> &'a Session {
        self.session
    }

    pub(super) fn prefixes(&self) -> &'a Prefixes {
        self.session.prefixes()
    }

    pub(super) fn show(&self, iri: &NamedNode) -> String {
        format!("`{}`", self.prefixes().show(iri))
    }

    /// Returns the names of a thing.
    pub(super) fn labels_of(&self, thing: &NamedNode) -> &[String] {
        self.labels.get(thing).map_or(&[], Vec::as_slice)
    }

    /// Returns a name of a thing for people: the shortest label, or else the last part of its IRI.
    pub(super) fn short_name(&self, thing: &NamedNode) -> String {
        let labels = self.labels_of(thing).iter();
        let shortest = labels.min_by_key(|label| (label.chars().count(), (*label).clone()));
        shortest.cloned().unwrap_or_else(|| crate::dossier::last_part(thing.as_str()).to_owned())
    }

    pub(super) fn is_term(&self, iri: &NamedNode) -> bool {
        self.properties.contains(iri) || self.classes.contains(iri)
    }

    /// Returns the things that have a description and are no terms, in no particular order.
    pub(super) fn described_things(&self) -> impl Iterator<Item = &NamedNode> {
        self.described.iter().filter(|thing| !self.is_term(thing))
    }

    /// Returns the classes and properties that have a description, in no particular order.
    pub(super) fn described_terms(&self) -> impl Iterator<Item = &NamedNode> {
        self.described.iter().filter(|term| self.is_term(term))
    }

    /// Returns whether a class or a property is used, and nothing is said of it.
    pub(super) fn is_undeclared(&self, term: &NamedNode) -> bool {
        self.is_term(term) && !self.described.contains(term)
    }

    /// Returns whether an IRI stands somewhere in the dossier, or is about to.
    pub(super) fn is_mentioned(&self, iri: &NamedNode) -> bool {
        self.mentioned.contains(iri)
    }

    pub(super) fn usage_of(&self, property: &NamedNode) -> Option<&PropertyUsage> {
        self.usage.get(property)
    }

    /// Adds an IRI that is about to be written.
    pub(super) fn mention(&mut self, iri: &NamedNode) {
        self.mentioned.insert(iri.clone());
    }

    /// Adds a new thing with its label and its class.
    pub(super) fn add_thing(&mut self, thing: &NamedNode, label: &str, class: &NamedNode) {
        self.mention(thing);
        self.names.add(label.to_owned(), false, thing.clone());
        self.labels.entry(thing.clone()).or_default().push(label.to_owned());
        let graph = GraphName::DefaultGraph;
        self.types.add(&Quad::new(thing.clone(), rdf::TYPE, class.clone(), graph));
    }

    /// Adds a new class or property with its label and its statements.
    pub(super) fn add_term(&mut self, term: &NamedNode, label: &str, quads: &[Quad]) {
        self.mention(term);
        self.names.add(label.to_owned(), false, term.clone());
        self.add_quads(quads);
    }

    /// Adds statements about new terms. The [rules](Self::update_rules) do not know them yet.
    pub(super) fn add_quads(&mut self, quads: &[Quad]) {
        for quad in quads {
            self.read(quad);
        }
        self.quads.extend_from_slice(quads);
        self.has_new_rules = true;
    }

    /// Brings the rules up to date with new terms.
    pub(super) fn update_rules(&mut self) {
        if std::mem::take(&mut self.has_new_rules) {
            self.rules = ValueRules::of(self.quads.iter());
        }
    }

    /// Returns a label in the language of the others.
    pub(super) fn label(&self, label: &str) -> Literal {
        plain(label, &text_in(self.language.as_deref()))
    }

    /// Returns the background of a new thing: its class and its label, in the language of the others.
    pub(super) fn background_of(
        &self,
        thing: &NamedNode,
        label: &str,
        class: NamedNode,
    ) -> Vec<Quad> {
        let label = self.label(label);
        let graph = GraphName::DefaultGraph;
        vec![
            Quad::new(thing.clone(), rdf::TYPE, class, graph.clone()),
            Quad::new(thing.clone(), rdfs::LABEL, label, graph),
        ]
    }

    /// Finds the term with a label, a CURIE or an IRI in angle brackets.
    ///
    /// # Errors
    /// If nothing or several things have the name, in which case the message names them.
    pub(super) fn find(
        &self,
        text: &str,
        role: TermRole<'_>,
        syntax: DraftSyntax,
    ) -> Result<NamedNode, Diagnostic> {
        if let Some(iri) = self.iri(text) {
            return iri;
        }
        match self.called(text, role).as_slice() {
            [only] => Ok((*only).clone()),
            [] => Err(self.unknown(text, role, syntax)),
            several => {
                let shown: Vec<String> = several.iter().map(|iri| self.show(iri)).collect();
                Err(finding::ambiguous(text, &shown))
            }
        }
    }

    /// Returns the term that a text names by its IRI or CURIE, or `None` if it is neither.
    pub(super) fn iri(&self, text: &str) -> Option<Result<NamedNode, Diagnostic>> {
        if let Some(iri) = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')) {
            return Some(NamedNode::new(iri).map_err(|_| finding::invalid_iri(text)));
        }
        if text.contains(char::is_whitespace) {
            return None;
        }
        let whole =
            (text.contains("://") || text.starts_with("urn:")).then(|| NamedNode::new(text).ok());
        whole.flatten().or_else(|| self.prefixes().expand(text)).map(Ok)
    }

    /// Returns whether a thing is a document without a label. Its title is often also the name of its subject.
    fn is_only_titled(&self, thing: &NamedNode) -> bool {
        let is_document = |class: &NamedNode| *class == dos::DOCUMENT_CLASS;
        !self.labelled.contains(thing)
            && self.types.of_thing(&thing.clone().into()).iter().any(is_document)
    }

    /// Returns the terms with a label that fit a role best.
    pub(super) fn called(&self, label: &str, role: TermRole<'_>) -> Vec<&NamedNode> {
        let is_thing = |iri: &NamedNode| !self.is_term(iri) && !self.is_only_titled(iri);
        let first_of = |searches: &[&dyn Fn(&NamedNode) -> bool]| {
            let mut found = searches.iter().map(|accepts| self.names.find_where(label, accepts));
            found.find(|found| !found.is_empty()).unwrap_or_default()
        };
        match role {
            TermRole::Property(_) => first_of(&[&|iri| self.properties.contains(iri)]),
            TermRole::Class => first_of(&[&|iri| self.classes.contains(iri)]),
            TermRole::Thing(classes) => first_of(&[
                &|iri| !classes.is_empty() && self.rules.is_of(iri, classes, &self.types),
                &is_thing,
                &|iri| !self.is_only_titled(iri),
            ]),
        }
    }

    /// Returns the prefixes for names of the dossier's own, with their namespaces.
    pub(super) fn own_prefixes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        own_namespaces(self.prefixes()).into_iter()
    }

    fn unknown(&self, text: &str, role: TermRole<'_>, syntax: DraftSyntax) -> Diagnostic {
        if let (TermRole::Thing(_), [document]) = (role, &*self.names.find(text)) {
            return finding::title_only(text, &self.show(document), syntax);
        }
        let near = match role {
            TermRole::Property(_) => {
                self.names.nearest_where(text, |iri| self.properties.contains(iri))
            }
            TermRole::Class => self.names.nearest_where(text, |iri| self.classes.contains(iri)),
            TermRole::Thing(_) => self
                .names
                .nearest_where(text, |iri| !self.is_term(iri) && !self.is_only_titled(iri)),
        };
        let prefix = text.split_once(':').filter(|(prefix, local)| {
            !prefix.is_empty()
                && !local.starts_with(char::is_whitespace)
                && !prefix.contains(char::is_whitespace)
                && self.prefixes().namespace(prefix).is_none()
        });
        match prefix {
            Some((prefix, _)) if near.is_none() => {
                let known = nearest(prefix, self.prefixes().iter().map(|(prefix, _)| prefix));
                finding::unknown_prefix(text, prefix, known)
            }
            _ => {
                let declaration = self.declaration(text, role, syntax);
                finding::unknown(text, role, near, declaration.as_deref())
            }
        }
    }
}

/// Returns the prefixes for names of a dossier's own, with their namespaces.
pub(super) fn own_namespaces(prefixes: &Prefixes) -> Vec<(&str, &str)> {
    let is_own = |(prefix, namespace): &(&str, &str)| {
        *prefix != "dos" && well_known(prefix) != Some(*namespace)
    };
    prefixes.iter().filter(is_own).collect()
}

/// Returns whether a class is one of the kinds of properties.
fn is_kind_of_property(class: NamedNodeRef<'_>) -> bool {
    let is_of_owl = class.as_str().starts_with("http://www.w3.org/2002/07/owl#");
    class == rdf::PROPERTY || is_of_owl && class.as_str().ends_with("Property")
}

/// Returns the type of a text in a language.
pub(super) fn text_in(language: Option<&str>) -> LiteralType {
    match language {
        Some(language) => LiteralType::Language(language.to_owned()),
        None => LiteralType::Datatype(xsd::STRING.into_owned()),
    }
}

/// Returns a text as a literal of a type.
pub(super) fn plain(text: &str, literal_type: &LiteralType) -> Literal {
    match literal_type {
        LiteralType::Language(language) => {
            Literal::new_language_tagged_literal(text, language.as_str())
                .unwrap_or_else(|_| Literal::new_simple_literal(text))
        }
        LiteralType::Datatype(datatype) => Literal::new_typed_literal(text, datatype.clone()),
    }
}
