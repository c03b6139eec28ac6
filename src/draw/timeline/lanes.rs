//! The lanes of a timeline: by class, or by what a property or a column says, such as who acted.

use crate::diagnostic::{Result, error};
use crate::draw::build::{Classes, Relation, Subject};
use crate::session::Session;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::collections::BTreeMap;

/// What puts the bars of a timeline into lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LaneKey<'a> {
    /// The class of the dated thing.
    #[default]
    Class,
    /// The values that a property, by CURIE, IRI or label, or a column of the answer has for the dated thing.
    Named(&'a str),
}

/// The lane of each dated thing, as terms.
pub(super) struct LaneTerms(Vec<Vec<Term>>);

impl LaneTerms {
    /// Looks up the lanes of things, which have numbers in their order.
    ///
    /// # Errors
    /// Fails if nothing has the name of the key, or the store fails.
    pub(super) fn new(
        session: &Session,
        subject: &Subject,
        things: &[NamedOrBlankNode],
        classes: &Classes,
        key: LaneKey<'_>,
    ) -> Result<Self> {
        let name = match key {
            LaneKey::Class => {
                let class = |number| classes.of(number).cloned().map(Term::from);
                return Ok(Self(
                    (0..things.len()).map(|n| class(n).into_iter().collect()).collect(),
                ));
            }
            LaneKey::Named(name) => name,
        };
        let column = Relation::Column(name.to_owned());
        let is_column = subject.statements.iter().any(|one| one.relation == column);
        let relation =
            if is_column { column } else { Relation::Property(session.entity(name)?.iri) };
        let mut stated: BTreeMap<String, Vec<Term>> = BTreeMap::new();
        for one in subject.statements.iter().filter(|one| one.relation == relation) {
            stated.entry(one.subject.to_string()).or_default().push(one.value.clone());
        }
        let mut lanes = Vec::with_capacity(things.len());
        for thing in things {
            let mut values = stated.remove(&thing.to_string()).unwrap_or_default();
            if let Relation::Property(property) = &relation {
                values.extend(session.store().objects(thing.as_ref(), property.as_ref())?);
            }
            values.sort_by_key(ToString::to_string);
            values.dedup();
            lanes.push(values);
        }
        if lanes.iter().all(Vec::is_empty) {
            return Err(error!("lanes-empty", "nothing that has a date has a value for `{name}`")
                .help("name a property or a column of the answer, or remove `--lanes`")
                .usage());
        }
        Ok(Self(lanes))
    }

    /// Returns the IRIs whose labels name lanes.
    pub(super) fn iris(&self) -> impl Iterator<Item = &NamedNode> {
        self.0.iter().flatten().filter_map(|term| match term {
            Term::NamedNode(iri) => Some(iri),
            _ => None,
        })
    }

    /// Returns the name of the lane of a thing. Several values make one lane of their own.
    pub(super) fn name_of(&self, thing: usize, name: &impl Fn(&NamedNode) -> String) -> String {
        let names: Vec<String> = self.0[thing]
            .iter()
            .filter_map(|term| match term {
                Term::NamedNode(iri) => Some(name(iri)),
                Term::Literal(literal) => Some(literal.value().to_owned()),
                _ => None,
            })
            .collect();
        if names.is_empty() { "other".to_owned() } else { names.join(", ") }
    }
}
