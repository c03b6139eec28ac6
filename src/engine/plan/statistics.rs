//! What is known of the data as a whole: how many triples each property has, of how many things, and what is frequent.

use crate::engine::index::TripleIndex;
use crate::parallel::beside;
use crate::vocabulary::rdf;
use oxigraph::model::{NamedNode, NamedNodeRef, TermRef};
use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher as _};

/// Of how many properties and classes of one subject it is kept which come together.
const MOST_TOGETHER: usize = 40;

/// From how many triples on it is worth a thread to count them in two ways at once.
const MANY: usize = 100_000;

/// How often a value may stand with a property before the pair is kept by itself.
pub(crate) const FREQUENT: usize = 64;

/// The numbers of the default graph: in all, by property and by class. They are those of
/// [VoID](https://www.w3.org/TR/void/#statistics), and what planning needs besides.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// How many triples there are.
    pub triples: u64,
    /// How many different subjects they have.
    pub subjects: u64,
    /// How many different objects they have.
    pub objects: u64,
    /// The properties.
    #[serde(with = "by_name")]
    pub properties: BTreeMap<NamedNode, Property>,
    /// The classes, with how many instances each has.
    #[serde(with = "by_name")]
    pub classes: BTreeMap<NamedNode, u64>,
    /// The numbers of all properties as if they were one.
    pub(super) all: Property,
    /// How many subjects are of two kinds, the lesser kind first.
    #[serde(with = "by_pair")]
    together: FxHashMap<(SubjectKind, SubjectKind), u32>,
}

/// A kind of subjects: those that have a property, or those of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) enum SubjectKind {
    Having(u64),
    OfClass(u64),
}

impl SubjectKind {
    /// The subjects that have a property.
    pub(super) fn having(property: NamedNodeRef<'_>) -> Self {
        Self::Having(hash_of(property.into()))
    }

    /// The instances of a class.
    pub(super) fn of_class(class: NamedNodeRef<'_>) -> Self {
        Self::OfClass(hash_of(class.into()))
    }
}

/// The numbers of one property.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Property {
    /// How many triples it has.
    pub triples: u64,
    /// How many different subjects they have.
    pub subjects: u64,
    /// How many different objects they have.
    pub objects: u64,
    /// What stands in its triples often.
    pub(super) frequent: FrequentTerms,
    /// How many triples the subject of one of its triples is the subject of, on average.
    pub(super) out_degree: f64,
    /// How many triples the object of one of its triples is the object of, on average.
    pub(super) in_degree: f64,
}

/// How many triples the frequent subjects and objects have, by the hashes of these.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct FrequentTerms {
    pub subjects: FxHashMap<u64, u64>,
    pub objects: FxHashMap<u64, u64>,
    /// How many triples they have together.
    of_subjects: u64,
    of_objects: u64,
}

impl Property {
    /// How many of its triples a subject has that is not frequent, on average.
    pub(super) fn of_seldom_subject(&self) -> f64 {
        let terms = self.subjects.saturating_sub(self.frequent.subjects.len() as u64);
        ratio(self.triples.saturating_sub(self.frequent.of_subjects), terms)
    }

    /// How many of its triples an object has that is not frequent, on average.
    pub(super) fn of_seldom_object(&self) -> f64 {
        let terms = self.objects.saturating_sub(self.frequent.objects.len() as u64);
        ratio(self.triples.saturating_sub(self.frequent.of_objects), terms)
    }
}

/// Names as strings: the terms themselves have no form of their own in JSON.
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

/// A list of pairs and what each has: the names of JSON are strings alone.
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
    /// The numbers of a property; of one that does not occur they are nothing.
    pub(super) fn property(&self, property: &NamedNode) -> Option<&Property> {
        self.properties.get(property)
    }

    /// How many subjects are of both of two kinds.
    pub(super) fn together(&self, a: SubjectKind, b: SubjectKind) -> u32 {
        self.together.get(&(a.min(b), a.max(b))).copied().unwrap_or_default()
    }
}

/// The hash by which frequent terms are known.
pub(super) fn hash_of(term: TermRef<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    term.hash(&mut hasher);
    hasher.finish()
}

impl Statistics {
    /// The statistics of some triples.
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

    /// Counts all but what comes together.
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
    /// Adds a subject that has so many triples.
    fn add_subject(&mut self, triples: &TripleIndex, subject: u32, count: usize) {
        self.subjects += 1;
        let FrequentTerms { subjects, of_subjects, .. } = &mut self.frequent;
        note_frequent(triples, subject, count, (subjects, of_subjects));
    }

    /// Adds an object that has so many triples.
    fn add_object(&mut self, triples: &TripleIndex, object: u32, count: usize) {
        self.objects += 1;
        let FrequentTerms { objects, of_objects, .. } = &mut self.frequent;
        note_frequent(triples, object, count, (objects, of_objects));
    }

    /// Makes means of the sums of degrees.
    fn be_of_means(&mut self) {
        self.out_degree /= mean_of(self.triples);
        self.in_degree /= mean_of(self.triples);
    }
}

/// Adds a term that has so many triples to those that are frequent and to what these have together, if it is one.
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

/// Which properties and classes subjects have together.
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

/// What a sum is divided by to be a mean.
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
