//! Things by what they are called.

use super::arguments::begins;
use super::{Candidate, Completer, FEW_VALUES, MOST, distinct};
use crate::diagnostic::Result;
use crate::vocabulary::rdf;
use oxigraph::model::NamedNode;
use std::collections::BTreeMap;

impl Completer {
    /// The things, of a class if one is given, of which a name or the CURIE begins so; and the prefixes, as `country:`,
    /// before a colon is typed. Case does not count in names, unless something is written just so.
    ///
    /// # Errors
    /// If the store fails.
    pub fn things(&self, class: Option<&NamedNode>, typed: &str) -> Result<Vec<Candidate>> {
        let prefixes = self.session.prefixes();
        let named = self.named(class, typed)?;
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, _) in &named {
            *names.entry(name).or_default() += 1;
        }
        let mut candidates = Vec::new();
        for (name, thing) in &named {
            let curie = prefixes.show(thing);
            // One name of several things would be refused: their CURIEs tell them apart.
            let is_by_name = begins(name, typed) && names.get(name.as_str()) == Some(&1);
            if is_by_name {
                candidates.push(Candidate::meaning(name, (*name != curie).then_some(curie)));
            } else if begins(name, typed) || typed.contains(':') {
                candidates.push(Candidate::meaning(curie, Some(name)));
            }
        }
        if !typed.is_empty() && !typed.contains(':') {
            let own = named.iter().filter_map(|(_, thing)| prefixes.split(thing.as_str()));
            let known: Vec<&str> = match class {
                Some(_) => own.map(|(prefix, _)| prefix).collect(),
                None => prefixes.iter().map(|(prefix, _)| prefix).collect(),
            };
            let fitting = known.into_iter().filter(|prefix| prefix.starts_with(typed));
            candidates.extend(fitting.map(|prefix| {
                Candidate::meaning(format!("{prefix}:"), prefixes.namespace(prefix))
            }));
        }
        // What is given `Cybercrime` and `cybercrime` for `Cyb` cannot go on with either.
        if candidates.iter().any(|candidate| candidate.text.starts_with(typed)) {
            candidates.retain(|candidate| candidate.text.starts_with(typed));
        }
        Ok(distinct(candidates.into_iter()))
    }

    /// The things, of a class if one is given, of which a name or the CURIE begins so, with that name or their label; in
    /// the order of what is typed.
    pub(super) fn named(
        &self,
        class: Option<&NamedNode>,
        typed: &str,
    ) -> Result<Vec<(String, NamedNode)>> {
        let prefixes = self.session.prefixes();
        let mut named: Vec<(String, NamedNode)> = Vec::new();
        if let Some(class) = class {
            for thing in self.some_of(class, FEW_VALUES)? {
                let curie = prefixes.show(&thing);
                let name = self.label(&thing).unwrap_or_else(|| curie.clone());
                if begins(&name, typed) || begins(&curie, typed) {
                    named.push((name, thing));
                }
            }
        }
        let Some(index) = self.index() else { return Ok(named) };
        let namespace = typed
            .split_once(':')
            .and_then(|(prefix, local)| Some(format!("{}{local}", prefixes.namespace(prefix)?)));
        match (class, namespace) {
            (None, Some(beginning)) => {
                let things = index.in_namespace(&beginning).take(FEW_VALUES);
                let label = |thing: &NamedNode| self.label(thing).unwrap_or_default();
                named.extend(things.map(|thing| (label(thing), thing.clone())));
            }
            (None, None) => {
                let called = index.called(typed).take(MOST);
                named.extend(called.map(|(name, thing)| (name.to_owned(), thing.clone())));
            }
            // Of a large class only a part was looked at, and of each thing one name.
            (Some(class), None) if !typed.is_empty() => {
                let store = self.session.store();
                for (name, thing) in index.called(typed).take(MOST) {
                    let types = store.objects(thing.as_ref().into(), rdf::TYPE)?;
                    if types.contains(&class.clone().into()) {
                        named.push((name.to_owned(), thing.clone()));
                    }
                }
            }
            (Some(_), _) => {}
        }
        named.sort();
        named.dedup();
        if typed.contains(':') {
            named.sort_by(|(_, one), (_, other)| one.cmp(other));
        }
        Ok(named)
    }
}
