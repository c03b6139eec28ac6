//! Terms that are declared without a claim: new ones, and the changes to known ones.

use super::declare::declare;
use super::finding::{self, DraftSyntax};
use super::lexicon::{Lexicon, TermRole};
use super::naming::Namespaces;
use super::takes::Takes;
use super::target::{ChangedFile, Targets};
use crate::author::draft::{Draft, DraftContent, DraftStatement};
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, Severity, error};
use crate::session::Session;
use crate::vocabulary::{dos, owl, rdf, rdfs};
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};

/// The word for things of any class.
const ANY_CLASS: &str = "thing";

/// A new term or thing that is about to be declared.
#[derive(Debug)]
pub(in crate::author) struct NewTerm {
    /// Its IRI, or `None` if the dossier has it already.
    pub(in crate::author) term: Option<NamedNode>,
    /// What to know of it.
    pub(in crate::author) notes: Vec<Diagnostic>,
    /// The files that change.
    pub(in crate::author) files: Vec<ChangedFile>,
}

/// Declares a class, a property or a thing, perhaps with a comment.
///
/// # Errors
/// If the dossier has it with another meaning, or something that the declaration names is unknown.
pub(in crate::author) fn new_term(
    session: &Session,
    content: &DraftContent,
    comment: Option<&str>,
) -> Result<NewTerm> {
    let targets = Targets::of(session, None)?;
    let mut lexicon = Lexicon::new(session)?;
    let namespaces = Namespaces::of(&lexicon)?;
    let said = DraftStatement { place: None, content: content.clone() };
    let draft = Draft { says: vec![said], ..Draft::default() };
    let declared = declare(&mut lexicon, &namespaces, &[&draft], DraftSyntax::Command)
        .pop()
        .unwrap_or_default();
    let found = declared.findings.into_iter().map(|finding| finding.diagnostic);
    let (problems, notes): (Vec<_>, Vec<_>) =
        found.partition(|finding| finding.severity == Severity::Error);
    if !problems.is_empty() {
        return Err(Error { kind: ErrorKind::Usage, problems });
    }
    let (mut background, mut terms) = (declared.background, declared.terms);
    let quads = if terms.is_empty() { &mut background } else { &mut terms };
    let term = quads.first().and_then(|quad| match &quad.subject {
        NamedOrBlankNode::NamedNode(term) => Some(term.clone()),
        NamedOrBlankNode::BlankNode(_) => None,
    });
    if let (Some(term), Some(comment)) = (&term, comment) {
        quads.push(quad(term, rdfs::COMMENT, lexicon.label(comment)));
    }
    let blocks = |quads: Vec<Quad>| -> Vec<(usize, Vec<Quad>)> {
        if quads.is_empty() { Vec::new() } else { vec![(0, quads)] }
    };
    let files = targets.add(&lexicon, Vec::new(), blocks(background), blocks(terms))?;
    Ok(NewTerm { term, notes, files })
}

/// What changes in the declaration of a term.
#[derive(Debug)]
pub(in crate::author) struct TermChanges {
    /// The term.
    pub(in crate::author) term: NamedNode,
    /// The language of labels and comments that are replaced.
    language: Option<String>,
    /// The properties whose values are replaced, or only some of them.
    replaced: Vec<(NamedNodeRef<'static>, Values)>,
    added: Vec<Quad>,
}

/// Which values of a property are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    All,
    /// Those in the language of the labels.
    InLanguage,
    /// The kinds of properties.
    Kinds,
    /// The property for dates.
    Dates,
}

impl TermChanges {
    /// Compares what the ontology says of a term with a declaration. What the declaration leaves open stays: the wider
    /// class, or the class of the things that have a property.
    ///
    /// # Errors
    /// If there is no such term, something that the declaration names is unknown, or the label is that of another term.
    pub(in crate::author) fn new(
        session: &Session,
        name: &str,
        content: &DraftContent,
        comment: Option<&str>,
    ) -> Result<Self> {
        let lexicon = Lexicon::new(session)?;
        Self::of(&lexicon, name, content, comment).map_err(Diagnostic::usage)
    }

    fn of(
        lexicon: &Lexicon<'_>,
        name: &str,
        content: &DraftContent,
        comment: Option<&str>,
    ) -> Result<Self, Diagnostic> {
        let syntax = DraftSyntax::Command;
        let class_of = |class: &Option<String>| match class.as_deref() {
            None => Ok(None),
            Some(ANY_CLASS) => Ok(Some(None)),
            Some(class) => {
                lexicon.find(class, TermRole::Class, syntax).map(|class| Some(Some(class)))
            }
        };
        let (role, label) = match content {
            DraftContent::NewClass { label, .. } => (TermRole::Class, label),
            DraftContent::NewProperty { label, .. } => (TermRole::Property(None), label),
            _ => {
                return Err(error!(
                    "declaration-invalid",
                    "`--replace` changes a class or a property"
                )
                .help("write `LABEL | class`, or `LABEL | property | WHAT IT TAKES`"));
            }
        };
        if lexicon.iri(label).is_some() {
            return Err(finding::name_for_label(label));
        }
        let term = lexicon.find(name, role, syntax).map_err(|problem| {
            let (other, is, write) = match role {
                TermRole::Class => (
                    TermRole::Property(None),
                    "a property, not a class",
                    "`LABEL | property | WHAT IT TAKES`",
                ),
                _ => (TermRole::Class, "a class, not a property", "`LABEL | class`"),
            };
            if lexicon.called(name, other).is_empty() {
                return problem;
            }
            error!("term-unknown", "`{name}` is {is}").help(format!("write {write}"))
        })?;
        if let Some(other) = lexicon.called(label, role).into_iter().find(|other| **other != term) {
            return Err(error!(
                "term-conflict",
                "`{label}` is the label of {} already",
                lexicon.show(other)
            )
            .help("choose another label"));
        }
        let language = lexicon.language.clone();
        let mut changes = Self { term, language, replaced: Vec::new(), added: Vec::new() };
        if !lexicon.labels_of(&changes.term).contains(label) {
            changes.set(rdfs::LABEL, Values::InLanguage, Some(lexicon.label(label).into()));
        }
        if let Some(comment) = comment {
            changes.set(rdfs::COMMENT, Values::InLanguage, Some(lexicon.label(comment).into()));
        }
        match content {
            DraftContent::NewClass { under, .. } => {
                if let Some(wider) = class_of(under)? {
                    if let Some(wider) = &wider
                        && lexicon.rules.is_subclass(wider, std::slice::from_ref(&changes.term))
                    {
                        let (class, wider) = (lexicon.show(&changes.term), lexicon.show(wider));
                        return Err(error!(
                            "term-conflict",
                            "{wider} cannot be wider than {class}: it is the same class, or below it"
                        )
                        .help("name another class, or `thing` for none"));
                    }
                    changes.set(rdfs::SUB_CLASS_OF, Values::All, wider.map(Term::from));
                }
            }
            DraftContent::NewProperty { takes, of, .. } => {
                let takes = lexicon.takes(takes, syntax)?;
                if takes != lexicon.known_takes(&changes.term) {
                    changes.take(&takes);
                }
                if let Some(class) = class_of(of)? {
                    changes.set(rdfs::DOMAIN, Values::All, class.map(Term::from));
                }
            }
            _ => {}
        }
        Ok(changes)
    }

    fn take(&mut self, takes: &Takes) {
        let kind = match takes {
            Takes::Things(_) => owl::OBJECT_PROPERTY,
            _ => owl::DATATYPE_PROPERTY,
        };
        self.set(rdf::TYPE, Values::Kinds, Some(kind.into()));
        let dates = (*takes == Takes::Dates).then(|| dos::DATE.into());
        self.set(rdfs::SUB_PROPERTY_OF, Values::Dates, dates);
        self.set(rdfs::RANGE, Values::All, takes.range());
    }

    fn set(&mut self, property: NamedNodeRef<'static>, values: Values, value: Option<Term>) {
        self.replaced.push((property, values));
        self.added.extend(value.map(|value| quad(&self.term, property, value)));
    }

    /// Returns the statements about the term as they will be.
    pub(in crate::author) fn applied(&self, quads: &[Quad]) -> Vec<Quad> {
        let is_kept = |quad: &&Quad| {
            quad.subject != NamedOrBlankNode::from(self.term.clone())
                || !self.replaced.iter().any(|(property, values)| {
                    quad.predicate.as_ref() == *property && self.is_replaced(&quad.object, *values)
                })
        };
        let mut kept: Vec<Quad> = quads.iter().filter(is_kept).cloned().collect();
        for quad in &self.added {
            if !kept.contains(quad) {
                kept.push(quad.clone());
            }
        }
        kept
    }

    fn is_replaced(&self, value: &Term, values: Values) -> bool {
        match (values, value) {
            (Values::All, _) => true,
            (Values::InLanguage, Term::Literal(literal)) => {
                literal.language() == self.language.as_deref()
            }
            (Values::Kinds, Term::NamedNode(kind)) => {
                [owl::OBJECT_PROPERTY, owl::DATATYPE_PROPERTY].contains(&kind.as_ref())
            }
            (Values::Dates, Term::NamedNode(wider)) => wider.as_ref() == dos::DATE,
            _ => false,
        }
    }
}

fn quad(term: &NamedNode, property: NamedNodeRef<'_>, value: impl Into<Term>) -> Quad {
    Quad::new(term.clone(), property, value, GraphName::DefaultGraph)
}
