//! Statistics of the data: how many triples and distinct terms each property has, and which terms are frequent.

use crate::engine::index::TripleIndex;
use crate::parallel::beside;
use crate::vocabulary::rdf;
use oxigraph::model::{NamedNode, NamedNodeRef, TermRef};
use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher as _};

/// The most properties and classes of one subject whose co-occurrence is counted.
const MOST_TOGETHER: usize = 40;

/// The number of triples from which counting on two threads pays off.
const MANY: usize = 100_000;

/// The number of occurrences from which a term is recorded individually for a property.
pub(crate) const FREQUENT: usize = 64;

/// Statistics of the default graph: in total, by property and by class. They are those of
/// [VoID](https://www.w3.org/TR/void/#statistics), plus those that only planning needs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// The number of triples.
    pub triples: u64,
    /// The number of distinct subjects.
    pub subjects: u64,
    /// The number of distinct objects.
    pub objects: u64,
    /// The properties.
    #[serde(with = "by_name")]
    pub properties: BTreeMap<NamedNode, Property>,
    /// The classes, each with its number of instances.
    #[serde(with = "by_name")]
    pub classes: BTreeMap<NamedNode, u64>,
    /// The statistics of all triples, as if they had one property.
    pub(super) all: Property,
    /// The number of subjects that are of two kinds, with the lesser kind first.
    #[serde(with = "by_pair")]
    together: FxHashMap<(SubjectKind, SubjectKind), u32>,
}

/// A kind of subject: those with a certain property, or the instances of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) enum SubjectKind {
    Having(u64),
    OfClass(u64),
}

impl SubjectKind {
    /// Returns the kind of the subjects with a property.
    pub(super) fn having(property: NamedNodeRef<'_>) -> Self {
        Self::Having(hash_of(property.into()))
    }

    /// Returns the kind of the instances of a class.
    pub(super) fn of_class(class: NamedNodeRef<'_>) -> Self {
        Self::OfClass(hash_of(class.into()))
    }
}

/// Statistics of one property.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Property {
    /// The number of its triples.
    pub triples: u64,
    /// The number of their distinct subjects.
    pub subjects: u64,
    /// The number of their distinct objects.
    pub objects: u64,
    /// The terms that occur often in its triples.
    pub(super) frequent: FrequentTerms,
    /// The average number of triples with the subject of one of its triples as their subject.
    pub(super) out_degree: f64,
    /// The average number of triples with the object of one of its triples as their object.
    pub(super) in_degree: f64,
}

/// The number of triples of each frequent subject and object, keyed by hash.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct FrequentTerms {
    pub subjects: FxHashMap<u64, u64>,
    pub objects: FxHashMap<u64, u64>,
    /// The total number of triples of the frequent subjects.
    of_subjects: u64,
    of_objects: u64,
}

impl Property {
    /// Returns the average number of this property's triples for a subject that is not frequent.
    pub(super) fn of_seldom_subject(&self) -> f64 {
        let terms = self.subjects.saturating_sub(self.frequent.subjects.len() as u64);
        ratio(self.triples.saturating_sub(self.frequent.of_subjects), terms)
    }

    /// Returns the average number of this property's triples for an object that is not frequent.
    pub(super) fn of_seldom_object(&self) -> f64 {
        let terms = self.objects.saturating_sub(self.frequent.objects.len() as u64);
        ratio(self.triples.saturating_sub(self.frequent.of_objects), terms)
    }
}

/// Serializes names as strings, because terms have no JSON form of their own.
mod by_name {
    use oxigraph::model::NamedNode;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<V: Serialize, S: Serializer>(
        map: &BTreeMap<NamedNode, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(map.iter().map(|(name, value)| (name.as_str(), value)))
    }

    pub(super) fn deserialize<'de, V: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<NamedNode, V>, D::Error> {
        let map: BTreeMap<String, V> = BTreeMap::deserialize(deserializer)?;
        Ok(map.into_iter().map(|(name, value)| (NamedNode::new_unchecked(name), value)).collect())
    }
}

/// Serializes a map keyed by pairs as a list, because JSON keys are strings.
mod by_pair {
    use super::SubjectKind;
    use rustc_hash::FxHashMap;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        map: &FxHashMap<(SubjectKind, SubjectKind), u32>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<FxHashMap<(SubjectKind, SubjectKind), u32>, D::Error> {
        let pairs: Vec<((SubjectKind, SubjectKind), u32)> = Vec::deserialize(deserializer)?;
        Ok(pairs.into_iter().collect())
    }
}

impl Statistics {
    /// Returns the statistics of a property, or `None` if it does not occur.
    pub(super) fn property(&self, property: &NamedNode) -> Option<&Property> {
        self.properties.get(property)
    }

    /// Returns the number of subjects that are of both kinds.
    pub(super) fn together(&self, a: SubjectKind, b: SubjectKind) -> u32 {
        self.together.get(&(a.min(b), a.max(b))).copied().unwrap_or_default()
    }
}

/// Returns the hash that identifies frequent terms.
pub(super) fn hash_of(term: TermRef<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    term.hash(&mut hasher);
    hasher.finish()
}

impl Statistics {
    /// Gathers the statistics of the triples of an index.
    pub fn of(triples: &TripleIndex) -> Self {
        let mut gathered = Self::default();
        let together = || together(triples);
        let mut count = || gathered.count(triples);
        gathered.together = if triples.len() < MANY {
            count();
            together()
        } else {
            beside(together, count)
        };
        gathered
    }

    /// Counts everything except co-occurrences.
    fn count(&mut self, triples: &TripleIndex) {
        self.triples = triples.len() as u64;
        self.all.triples = self.triples;
        for (subject, run) in triples.subjects() {
            self.all.add_subject(triples, subject, run.len());
            self.all.out_degree += square(run.len());
        }
        let mut properties: FxHashMap<u32, Property> = FxHashMap::default();
        for (number, run) in triples.properties() {
            let property = properties.entry(number).or_default();
            property.triples = run.len() as u64;
            for run in run.chunk_by(|a, b| a[0] == b[0]) {
                let Some(&[subject, _]) = run.first() else { continue };
                property.add_subject(triples, subject, run.len());
                property.out_degree += product(triples.out_degree(subject), run.len());
            }
        }
        let rdf_type = triples.number(rdf::TYPE.into());
        for (object, run) in triples.objects() {
            self.all.add_object(triples, object, run.len());
            self.all.in_degree += square(run.len());
            let in_degree = run.len();
            for run in run.chunk_by(|a, b| a[0] == b[0]) {
                let Some(&[number, _]) = run.first() else { continue };
                let property = properties.entry(number).or_default();
                property.add_object(triples, object, run.len());
                property.in_degree += product(in_degree, run.len());
                if Some(number) == rdf_type
                    && let Some(TermRef::NamedNode(class)) = triples.term(object)
                {
                    self.classes.insert(class.into_owned(), run.len() as u64);
                }
            }
        }
        (self.subjects, self.objects) = (self.all.subjects, self.all.objects);
        self.all.be_of_means();
        for (number, mut property) in properties {
            property.be_of_means();
            if let Some(TermRef::NamedNode(name)) = triples.term(number) {
                self.properties.insert(name.into_owned(), property);
            }
        }
    }
}

impl Property {
    /// Adds a subject with its number of triples.
    fn add_subject(&mut self, triples: &TripleIndex, subject: u32, count: usize) {
        self.subjects += 1;
        let FrequentTerms { subjects, of_subjects, .. } = &mut self.frequent;
        note_frequent(triples, subject, count, (subjects, of_subjects));
    }

    /// Adds an object with its number of triples.
    fn add_object(&mut self, triples: &TripleIndex, object: u32, count: usize) {
        self.objects += 1;
        let FrequentTerms { objects, of_objects, .. } = &mut self.frequent;
        note_frequent(triples, object, count, (objects, of_objects));
    }

    /// Turns the sums of degrees into averages.
    fn be_of_means(&mut self) {
        self.out_degree /= mean_of(self.triples);
        self.in_degree /= mean_of(self.triples);
    }
}

/// Records a term with its number of triples if it is frequent.
fn note_frequent(
    triples: &TripleIndex,
    term: u32,
    count: usize,
    (terms, of_terms): (&mut FxHashMap<u64, u64>, &mut u64),
) {
    if count > FREQUENT
        && let Some(term) = triples.term(term)
    {
        terms.insert(hash_of(term), count as u64);
        *of_terms += count as u64;
    }
}

/// Counts which properties and classes occur together at the same subject.
fn together(triples: &TripleIndex) -> FxHashMap<(SubjectKind, SubjectKind), u32> {
    let name = |number: u32| match triples.term(number) {
        Some(TermRef::NamedNode(name)) => Some(name),
        _ => None,
    };
    let having: FxHashMap<u32, SubjectKind> = triples
        .properties()
        .filter_map(|(number, _)| Some((number, SubjectKind::having(name(number)?))))
        .collect();
    let rdf_type = triples.number(rdf::TYPE.into());
    let mut of_class: FxHashMap<u32, SubjectKind> = FxHashMap::default();
    let mut together = FxHashMap::default();
    let mut kinds: Vec<SubjectKind> = Vec::new();
    for (_, run) in triples.subjects() {
        kinds.clear();
        for run in run.chunk_by(|a, b| a[0] == b[0]) {
            kinds.extend(run.first().and_then(|[property, _]| having.get(property)));
        }
        for &[property, object] in run {
            if Some(property) == rdf_type
                && let Some(term) = triples.term(object)
            {
                let kind = || SubjectKind::OfClass(hash_of(term));
                kinds.push(*of_class.entry(object).or_insert_with(kind));
            }
        }
        kinds.truncate(MOST_TOGETHER);
        for (i, &a) in kinds.iter().enumerate() {
            for &b in kinds.iter().skip(i + 1) {
                *together.entry((a.min(b), a.max(b))).or_default() += 1;
            }
        }
    }
    together
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn ratio(sum: u64, count: u64) -> f64 {
    sum as f64 / mean_of(count)
}

/// Returns the divisor that turns a sum into an average.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn mean_of(count: u64) -> f64 {
    count.max(1) as f64
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn product(a: usize, b: usize) -> f64 {
    a as f64 * b as f64
}

fn square(a: usize) -> f64 {
    product(a, a)
}
