//! The classes of things, few enough to be told apart by colours.

use crate::diagnostic::Result;
use crate::draw::picture::MOST_CLASSES;
use crate::session::Session;
use crate::vocabulary::{rdf, rdfs};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::collections::{BTreeMap, BTreeSet};

/// The class of each thing, and their order: the most frequent first.
pub(in crate::draw) struct Classes {
    of: Vec<Option<NamedNode>>,
    /// The classes with a colour of their own. All others share the last colour if there are more.
    pub(in crate::draw) shown: Vec<NamedNode>,
    /// Whether there are others.
    pub(in crate::draw) has_others: bool,
}

impl Classes {
    /// Looks up the classes of things. If there are too many, the rarest ones are replaced by their superclasses, as far as
    /// those have labels.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub(in crate::draw) fn new(session: &Session, things: &[NamedOrBlankNode]) -> Result<Self> {
        let mut of = Vec::new();
        for thing in things {
            of.push(class_of(session, thing)?);
        }
        let mut fixed = BTreeSet::new();
        loop {
            let counts = counts(&of);
            if counts.len() <= MOST_CLASSES {
                break;
            }
            let movable = counts.iter().filter(|(class, _)| !fixed.contains(*class));
            let Some((rarest, _)) = movable.min_by_key(|(class, count)| (**count, *class)) else {
                break;
            };
            let rarest = rarest.clone();
            match superclass(session, &rarest)? {
                Some(above) => {
                    // All siblings follow, or else a colour would stand for some of its class only.
                    for class in of.iter_mut().flatten() {
                        if *class == rarest || superclass(session, class)?.as_ref() == Some(&above)
                        {
                            *class = above.clone();
                        }
                    }
                }
                None => {
                    fixed.insert(rarest);
                }
            }
        }
        let mut shown: Vec<(NamedNode, usize)> = counts(&of).into_iter().collect();
        shown.sort_by(|(a, most), (b, more)| more.cmp(most).then_with(|| a.cmp(b)));
        let has_others = shown.len() > MOST_CLASSES;
        shown.truncate(if has_others { MOST_CLASSES - 1 } else { MOST_CLASSES });
        let shown = shown.into_iter().map(|(class, _)| class).collect();
        Ok(Self { of, shown, has_others })
    }

    /// Returns the place of a thing's class, or `None` if it has no class.
    pub(in crate::draw) fn place(&self, thing: usize) -> Option<usize> {
        let class = self.of[thing].as_ref()?;
        let place = self.shown.iter().position(|shown| shown == class);
        Some(place.unwrap_or(self.shown.len()))
    }

    /// Returns the class of a thing.
    pub(in crate::draw) fn of(&self, thing: usize) -> Option<&NamedNode> {
        self.of[thing].as_ref()
    }
}

fn counts(of: &[Option<NamedNode>]) -> BTreeMap<NamedNode, usize> {
    let mut counts = BTreeMap::new();
    for class in of.iter().flatten() {
        *counts.entry(class.clone()).or_insert(0) += 1;
    }
    counts
}

/// Returns the class of a thing; of several, the one that the ontology lists last, which is most often the narrowest.
fn class_of(session: &Session, thing: &NamedOrBlankNode) -> Result<Option<NamedNode>> {
    let can_ask = session.store().capabilities().can_ask_about_blank_nodes;
    if matches!(thing, NamedOrBlankNode::BlankNode(_)) && !can_ask {
        return Ok(None);
    }
    let ontology = session.ontology()?;
    let types = session.store().objects(thing.as_ref(), rdf::TYPE)?;
    let classes = types.into_iter().filter_map(|class| match class {
        Term::NamedNode(class) => Some(class),
        _ => None,
    });
    Ok(classes.max_by(|a, b| {
        ontology.rank(a.as_ref()).cmp(&ontology.rank(b.as_ref())).then_with(|| b.cmp(a))
    }))
}

/// Returns the first superclass with a label.
fn superclass(session: &Session, class: &NamedNode) -> Result<Option<NamedNode>> {
    let above = session.store().iris(class.as_ref().into(), rdfs::SUB_CLASS_OF)?;
    let labels = session.labels(&above)?;
    Ok(above.into_iter().filter(|above| above != class && labels.get(above).is_some()).min())
}
