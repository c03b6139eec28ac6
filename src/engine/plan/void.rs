//! Statistics as a [VoID](https://www.w3.org/TR/void/) description of the dataset, its property partitions and its
//! class partitions.

use super::statistics::Statistics;
use crate::vocabulary::{rdf, void, xsd};
use oxigraph::model::{BlankNode, Literal, NamedNodeRef, Term, Triple};

impl Statistics {
    /// Returns the description, with a blank node as the dataset.
    pub(crate) fn to_void(&self) -> Vec<Triple> {
        let dataset = BlankNode::new_unchecked("dataset");
        let mut triples = Vec::new();
        let mut state = |subject: &BlankNode, property: NamedNodeRef<'_>, object: Term| {
            triples.push(Triple::new(subject.clone(), property, object));
        };
        state(&dataset, rdf::TYPE, void::DATASET.into());
        state(&dataset, void::TRIPLES, number(self.triples));
        state(&dataset, void::DISTINCT_SUBJECTS, number(self.subjects));
        state(&dataset, void::DISTINCT_OBJECTS, number(self.objects));
        state(&dataset, void::PROPERTIES, number(self.properties.len() as u64));
        state(&dataset, void::CLASSES, number(self.classes.len() as u64));
        for (i, (name, property)) in self.properties.iter().enumerate() {
            let partition = BlankNode::new_unchecked(format!("property{}", i + 1));
            state(&dataset, void::PROPERTY_PARTITION, partition.clone().into());
            state(&partition, void::PROPERTY, name.clone().into());
            state(&partition, void::TRIPLES, number(property.triples));
            state(&partition, void::DISTINCT_SUBJECTS, number(property.subjects));
            state(&partition, void::DISTINCT_OBJECTS, number(property.objects));
        }
        for (i, (name, &instances)) in self.classes.iter().enumerate() {
            let partition = BlankNode::new_unchecked(format!("class{}", i + 1));
            state(&dataset, void::CLASS_PARTITION, partition.clone().into());
            state(&partition, void::CLASS, name.clone().into());
            state(&partition, void::ENTITIES, number(instances));
        }
        triples
    }
}

fn number(count: u64) -> Term {
    Literal::new_typed_literal(count.to_string(), xsd::INTEGER).into()
}
