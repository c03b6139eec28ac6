//! The order of subjects, predicates and objects that people expect. It depends only on the data and the ontology.

use super::dataset::{Dataset, Id};
use crate::vocabulary::{Ontology, is_numeric, owl, rdf, xsd, xsd_name};
use oxigraph::model::{LiteralRef, NamedNodeRef, TermRef};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// The rank of each predicate: `rdf:type`, then labels, then the ontology's properties in its order, then the others by
/// IRI.
pub(super) struct Predicates {
    ranks: FxHashMap<Id, usize>,
}

impl Predicates {
    /// Ranks the predicates of a dataset.
    pub(super) fn of(dataset: &Dataset<'_>, ontology: &Ontology) -> Self {
        let mut ranks = FxHashMap::default();
        for statement in &dataset.statements {
            ranks.entry(statement.predicate).or_insert(0);
        }
        let labels = dataset.labels();
        let mut predicates: Vec<_> = ranks
            .keys()
            .map(|id| {
                let iri = iri(dataset.term(*id));
                let class = if iri == rdf::TYPE.as_str() {
                    0
                } else {
                    labels.iter().position(|label| *label == Some(*id)).map_or(3, |i| 1 + i)
                };
                let rank = rank(ontology, iri);
                (class, rank.is_none(), rank, iri, *id)
            })
            .collect();
        predicates.sort_unstable();
        for (rank, (.., id)) in predicates.into_iter().enumerate() {
            ranks.insert(id, rank);
        }
        Self { ranks }
    }

    /// Returns the rank of a predicate of the dataset.
    pub(super) fn rank(&self, predicate: Id) -> usize {
        self.ranks.get(&predicate).copied().unwrap_or(usize::MAX)
    }
}

fn rank(ontology: &Ontology, iri: &str) -> Option<usize> {
    ontology.rank(NamedNodeRef::new_unchecked(iri))
}

fn iri(term: TermRef<'_>) -> &str {
    match term {
        TermRef::NamedNode(iri) => iri.as_str(),
        _ => "",
    }
}

/// The part of a subject's sort key that precedes its name. Ontologies come first, then things by type in the order of
/// the ontology, then the ontology's own terms in its order, then things by label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SubjectKey<'a> {
    class: Class<'a>,
    listed: usize,
    label: (bool, &'a str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class<'a> {
    Ontology,
    Listed(usize),
    Unlisted(&'a str),
    Untyped,
}

/// The sort keys of the subjects of a dataset that have a type or a label.
pub(super) struct Subjects<'a> {
    keys: FxHashMap<Id, SubjectFacts<'a>>,
}

#[derive(Clone, Copy)]
struct SubjectFacts<'a> {
    class: Class<'a>,
    /// The position in the ontology.
    listed: usize,
    /// The best label so far: preferred labels and English ones rank first.
    label: Option<(usize, u8, &'a str)>,
}

impl<'a> Subjects<'a> {
    /// Collects the types and labels of a dataset from all of its graphs.
    pub(super) fn of(dataset: &Dataset<'a>, ontology: &Ontology) -> Self {
        let mut keys: FxHashMap<Id, SubjectFacts<'a>> = FxHashMap::default();
        let mut classes: FxHashMap<Id, Class<'a>> = FxHashMap::default();
        let labels = dataset.labels();
        let kind = dataset.id_of(rdf::TYPE);
        for statement in &dataset.statements {
            let is_type = Some(statement.predicate) == kind;
            let label = labels.iter().position(|label| *label == Some(statement.predicate));
            if !is_type && label.is_none() {
                continue;
            }
            let known = keys.entry(statement.subject).or_insert_with(|| SubjectFacts {
                class: Class::Untyped,
                listed: rank(ontology, iri(dataset.term(statement.subject))).unwrap_or(usize::MAX),
                label: None,
            });
            match (dataset.term(statement.object), label) {
                (TermRef::NamedNode(class), _) if is_type => {
                    let class = *classes.entry(statement.object).or_insert_with(|| {
                        if class == owl::ONTOLOGY {
                            Class::Ontology
                        } else {
                            rank(ontology, class.as_str())
                                .map_or(Class::Unlisted(class.as_str()), Class::Listed)
                        }
                    });
                    known.class = known.class.min(class);
                }
                (TermRef::Literal(literal), Some(better)) => {
                    let label = (better, language_rank(literal), literal.value());
                    known.label = Some(known.label.map_or(label, |known| known.min(label)));
                }
                _ => {}
            }
        }
        Self { keys }
    }

    /// Returns the part of a subject's sort key that precedes its name.
    pub(super) fn key(&self, subject: Id) -> SubjectKey<'a> {
        match self.keys.get(&subject) {
            Some(known) => SubjectKey {
                class: known.class,
                listed: known.listed,
                label: known.label.map_or((true, ""), |(.., label)| (false, label)),
            },
            None => SubjectKey { class: Class::Untyped, listed: usize::MAX, label: (true, "") },
        }
    }
}

/// Ranks `en` first, then literals without a language, then other kinds of English, then other languages.
fn language_rank(literal: LiteralRef<'_>) -> u8 {
    match literal.language() {
        Some("en") => 0,
        None => 1,
        Some(language) if language.starts_with("en-") => 2,
        Some(_) => 3,
    }
}

/// Compares literals: numbers by value, texts by language (none, English, others), the rest by datatype and text.
pub(super) fn compare_literals(a: LiteralRef<'_>, b: LiteralRef<'_>) -> Ordering {
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
    .then_with(|| {
        let texts = |literal: LiteralRef<'_>| match literal.language() {
            Some("en") => 1,
            Some(_) => 2,
            None if literal.datatype() == xsd::STRING => 0,
            None => 3,
        };
        texts(a).cmp(&texts(b))
    })
    .then_with(|| a.language().cmp(&b.language()))
    .then_with(|| a.datatype().as_str().cmp(b.datatype().as_str()))
    .then_with(|| a.value().cmp(b.value()))
}

/// Returns the value of a numeric literal, with the precision of a double.
fn number(literal: LiteralRef<'_>) -> Option<f64> {
    let is_number = xsd_name(literal.datatype()).is_some_and(is_numeric);
    if is_number { literal.value().parse().ok() } else { None }
}
