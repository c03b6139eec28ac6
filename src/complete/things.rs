//! Completion of resources by name.

use super::arguments::begins;
use super::{Candidate, Completer, FEW_VALUES, MOST, distinct};
use crate::diagnostic::Result;
use crate::vocabulary::rdf;
use oxigraph::model::NamedNode;
use std::collections::BTreeMap;

impl Completer {
    /// Completes resources, of a class if one is given, by a name or the CURIE, and prefixes such as `country:` before
    /// a colon is typed. Names ignore case, unless some match it exactly.
    ///
    /// # Errors
    /// Fails if the store fails.
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
            // A name of several resources would be rejected, so their CURIEs are proposed.
            let is_by_name = begins(name, typed) && names.get(name.as_str()) == Some(&1);
            if is_by_name {
                candidates.push(Candidate::meaning(name, (*name != curie).then_some(curie)));
            } else if begins(name, typed) || typed.contains(':') {
                candidates.push(Candidate::meaning(curie, Some(name)));
            }
        }
        if !typed.is_empty() {
            let own: Vec<&str> = named
                .iter()
                .filter_map(|(_, thing)| Some(prefixes.split(thing.as_str())?.0))
                .collect();
            let fitting = prefixes.with_qualified().filter(|(prefix, _)| {
                prefix.starts_with(typed) && (class.is_none() || own.contains(prefix))
            });
            candidates.extend(fitting.map(|(prefix, namespace)| {
                Candidate::meaning(format!("{prefix}:"), Some(namespace))
            }));
        }
        // A shell that gets both `Cybercrime` and `cybercrime` for `Cyb` cannot continue with either.
        if candidates.iter().any(|candidate| candidate.text.starts_with(typed)) {
            candidates.retain(|candidate| candidate.text.starts_with(typed));
        }
        Ok(distinct(candidates.into_iter()))
    }

    /// Returns the resources, of a class if one is given, with a name or CURIE that begins like the typed text. Each
    /// comes with that name, or with its label. The order is that of the completions.
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
        let qualified = prefixes.split_qualified(typed);
        let namespace = qualified.map(|(_, namespace, local)| format!("{namespace}{local}"));
        let namespace = namespace.or_else(|| {
            let (prefix, local) = typed.split_once(':')?;
            Some(format!("{}{local}", prefixes.namespace(prefix)?))
        });
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
            // The index covers only a part of a large class, and one name of each resource.
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
