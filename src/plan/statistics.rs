//! What is known of the data as a whole: how many triples each property has, of how many things, and what is frequent.

use crate::parallel::beside;
use crate::vocabulary::rdf;
use oxigraph::model::{NamedNode, NamedNodeRef, TermRef, TripleRef};
use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher as _};

/// Of how many properties and classes of one subject it is kept which come together.
const MOST_TOGETHER: usize = 40;

/// From how many triples on it is worth a thread to count them in two ways at once.
const MANY: usize = 100_000;

/// How often a value may stand with a property before the pair is kept by itself.
pub const FREQUENT: u32 = 64;

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
    together: FxHashMap<(Kind, Kind), u32>,
}

/// A kind of subjects: those that have a property, or those of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) enum Kind {
    Having(u64),
    OfClass(u64),
}

impl Kind {
    /// The subjects that have a property.
    pub fn having(property: NamedNodeRef<'_>) -> Self {
        Self::Having(hash_of(property.into()))
    }

    /// The instances of a class.
    pub fn of_class(class: NamedNodeRef<'_>) -> Self {
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
    pub(super) frequent: Frequent,
    /// How many triples the subject of one of its triples is the subject of, on average.
    pub(super) out_degree: f64,
    /// How many triples the object of one of its triples is the object of, on average.
    pub(super) in_degree: f64,
}

/// How many triples the frequent subjects and objects have, by the hashes of these.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Frequent {
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

    pub fn serialize<V: Serialize, S: Serializer>(
        map: &BTreeMap<NamedNode, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(map.iter().map(|(name, value)| (name.as_str(), value)))
    }

    pub fn deserialize<'de, V: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<NamedNode, V>, D::Error> {
        let map: BTreeMap<String, V> = BTreeMap::deserialize(deserializer)?;
        Ok(map.into_iter().map(|(name, value)| (NamedNode::new_unchecked(name), value)).collect())
    }
}

/// A list of pairs and what each has: the names of JSON are strings alone.
mod by_pair {
    use super::Kind;
    use rustc_hash::FxHashMap;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(
        map: &FxHashMap<(Kind, Kind), u32>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<FxHashMap<(Kind, Kind), u32>, D::Error> {
        let pairs: Vec<((Kind, Kind), u32)> = Vec::deserialize(deserializer)?;
        Ok(pairs.into_iter().collect())
    }
}

impl Statistics {
    /// The numbers of a property; of one that does not occur they are nothing.
    pub(super) fn property(&self, property: &NamedNode) -> Option<&Property> {
        self.properties.get(property)
    }

    /// How many subjects are of both of two kinds.
    pub(super) fn together(&self, a: Kind, b: Kind) -> u32 {
        self.together.get(&(a.min(b), a.max(b))).copied().unwrap_or_default()
    }
}

/// The hash by which frequent terms are known.
pub(super) fn hash_of(term: TermRef<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    term.hash(&mut hasher);
    hasher.finish()
}

/// Statistics in the making.
#[derive(Debug, Default)]
pub struct Gathering {
    terms: FxHashMap<u64, u32>,
    hashes: Vec<u64>,
    properties: FxHashMap<String, u32>,
    classes: FxHashMap<u32, NamedNode>,
    rdf_type: Option<u32>,
    triples: Vec<[u32; 3]>,
}

impl Gathering {
    /// Counts one more triple: each triple of the default graph once, or [as often as it comes](Self::deduplicated).
    pub fn add(&mut self, triple: TripleRef<'_>) {
        let subject = self.term(triple.subject.into());
        let object = self.term(triple.object);
        let property = self.property(triple.predicate);
        if Some(property) == self.rdf_type
            && let TermRef::NamedNode(class) = triple.object
        {
            self.classes.entry(object).or_insert_with(|| class.into_owned());
        }
        self.triples.push([property, subject, object]);
    }

    fn term(&mut self, term: TermRef<'_>) -> u32 {
        let hash = hash_of(term);
        let next = u32::try_from(self.hashes.len()).unwrap_or(u32::MAX);
        *self.terms.entry(hash).or_insert_with(|| {
            self.hashes.push(hash);
            next
        })
    }

    fn property(&mut self, property: NamedNodeRef<'_>) -> u32 {
        let next = u32::try_from(self.properties.len()).unwrap_or(u32::MAX);
        // (Most triples have a property that is known, and need no copy of it.)
        let index = match self.properties.get(property.as_str()) {
            Some(&index) => index,
            None => *self.properties.entry(property.as_str().to_owned()).or_insert(next),
        };
        if property == rdf::TYPE {
            self.rdf_type = Some(index);
        }
        index
    }

    /// The same, each triple once that came more than once.
    #[must_use]
    pub fn deduplicated(mut self) -> Self {
        self.triples.sort_unstable();
        self.triples.dedup();
        self
    }

    /// The statistics of what was counted.
    pub fn finish(mut self) -> Statistics {
        let triples = std::mem::take(&mut self.triples);
        let mut gathered = Statistics { triples: triples.len() as u64, ..Statistics::default() };
        let by_subject = self.degrees(&triples, |&[_, subject, _]| subject);
        gathered.subjects = by_subject.distinct;
        gathered.all.frequent.of_subjects = by_subject.hubs.values().sum();
        gathered.all.frequent.subjects = by_subject.hubs;
        gathered.all.out_degree = by_subject.mean;
        let by_object = self.degrees(&triples, |&[_, _, object]| object);
        gathered.objects = by_object.distinct;
        gathered.all.frequent.of_objects = by_object.hubs.values().sum();
        gathered.all.frequent.objects = by_object.hubs;
        gathered.all.in_degree = by_object.mean;

        let mut properties = Vec::new();
        let together = || self.together(&triples);
        let mut count = || {
            (properties, gathered.classes) = self.count(&triples, &by_subject.of, &by_object.of);
        };
        gathered.together = if triples.len() < MANY {
            count();
            together()
        } else {
            beside(together, count)
        };
        gathered.all.triples = gathered.triples;
        gathered.all.subjects = gathered.subjects;
        gathered.all.objects = gathered.objects;
        for (name, index) in self.properties {
            if let Some(property) = properties.get_mut(index as usize) {
                gathered
                    .properties
                    .insert(NamedNode::new_unchecked(name), std::mem::take(property));
            }
        }
        gathered
    }

    /// The numbers of each property, and how many instances each class has; in how many triples each term is the subject
    /// and the object is known.
    fn count(
        &self,
        triples: &[[u32; 3]],
        by_subject: &[u32],
        by_object: &[u32],
    ) -> (Vec<Property>, BTreeMap<NamedNode, u64>) {
        let mut properties = vec![Property::default(); self.properties.len()];
        let mut classes = BTreeMap::new();
        let mut pairs: Vec<[u32; 2]> =
            triples.iter().map(|&[p, subject, _]| [p, subject]).collect();
        for_each_run(&mut pairs, |[p, subject], count| {
            let Some(property) = properties.get_mut(p as usize) else { return };
            property.triples += u64::from(count);
            property.subjects += 1;
            let degree = by_subject.get(subject as usize).copied().unwrap_or_default();
            property.out_degree += f64::from(degree) * f64::from(count);
            if count > FREQUENT {
                let hash = self.hashes.get(subject as usize).copied().unwrap_or_default();
                property.frequent.subjects.insert(hash, count.into());
                property.frequent.of_subjects += u64::from(count);
            }
        });
        pairs.clear();
        pairs.extend(triples.iter().map(|&[p, _, object]| [p, object]));
        for_each_run(&mut pairs, |[p, object], count| {
            let Some(property) = properties.get_mut(p as usize) else { return };
            property.objects += 1;
            let degree = by_object.get(object as usize).copied().unwrap_or_default();
            property.in_degree += f64::from(degree) * f64::from(count);
            if count > FREQUENT {
                let hash = self.hashes.get(object as usize).copied().unwrap_or_default();
                property.frequent.objects.insert(hash, count.into());
                property.frequent.of_objects += u64::from(count);
            }
            if Some(p) == self.rdf_type
                && let Some(class) = self.classes.get(&object)
            {
                classes.insert(class.clone(), count.into());
            }
        });
        for property in &mut properties {
            property.out_degree /= mean_of(property.triples);
            property.in_degree /= mean_of(property.triples);
        }
        (properties, classes)
    }

    /// Which properties and classes subjects have together.
    fn together(&self, triples: &[[u32; 3]]) -> FxHashMap<(Kind, Kind), u32> {
        let mut properties: Vec<Kind> = vec![Kind::Having(0); self.properties.len()];
        for (name, &index) in &self.properties {
            if let Some(kind) = properties.get_mut(index as usize) {
                *kind = Kind::having(NamedNodeRef::new_unchecked(name));
            }
        }
        // A number for each kind: first the properties, then the objects, of which some are classes.
        let count = u32::try_from(properties.len()).unwrap_or(u32::MAX);
        let mut kinds: Vec<[u32; 2]> =
            triples.iter().map(|&[p, subject, _]| [subject, p]).collect();
        kinds.extend(
            triples
                .iter()
                .filter(|&&[p, ..]| Some(p) == self.rdf_type)
                .filter_map(|&[_, subject, object]| Some([subject, count.checked_add(object)?])),
        );
        kinds.sort_unstable();
        kinds.dedup();
        let kind = |&[_, number]: &[u32; 2]| match number.checked_sub(count) {
            None => properties.get(number as usize).copied(),
            Some(object) => self.hashes.get(object as usize).map(|&hash| Kind::OfClass(hash)),
        };
        let mut together = FxHashMap::default();
        for of_subject in kinds.chunk_by(|a, b| a[0] == b[0]) {
            let of_subject: Vec<Kind> =
                of_subject.iter().take(MOST_TOGETHER).filter_map(kind).collect();
            for (i, &a) in of_subject.iter().enumerate() {
                for &b in of_subject.iter().skip(i + 1) {
                    *together.entry((a.min(b), a.max(b))).or_default() += 1;
                }
            }
        }
        together
    }

    /// How often each term stands in some position.
    fn degrees(&self, triples: &[[u32; 3]], position: impl Fn(&[u32; 3]) -> u32) -> Degrees {
        let mut degrees = vec![0_u32; self.hashes.len()];
        for triple in triples {
            if let Some(degree) = degrees.get_mut(position(triple) as usize) {
                *degree += 1;
            }
        }
        let hubs = self.hashes.iter().zip(&degrees).filter(|&(_, &degree)| degree > FREQUENT);
        let squares: f64 = degrees.iter().map(|&d| f64::from(d) * f64::from(d)).sum();
        Degrees {
            distinct: degrees.iter().filter(|&&degree| degree > 0).count() as u64,
            hubs: hubs.map(|(&hash, &degree)| (hash, degree.into())).collect(),
            mean: squares / mean_of(triples.len() as u64),
            of: degrees,
        }
    }
}

/// How often terms stand in a position.
struct Degrees {
    /// By their numbers.
    of: Vec<u32>,
    distinct: u64,
    hubs: FxHashMap<u64, u64>,
    /// The degree of the term of a triple, on average.
    mean: f64,
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

/// Sorts, and calls back with each that there is and how many times.
fn for_each_run(pairs: &mut [[u32; 2]], mut visit: impl FnMut([u32; 2], u32)) {
    pairs.sort_unstable();
    for run in pairs.chunk_by(|a, b| a == b) {
        if let Some(&pair) = run.first() {
            visit(pair, u32::try_from(run.len()).unwrap_or(u32::MAX));
        }
    }
}
