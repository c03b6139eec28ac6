//! Saved queries, their parameters, and values for these.

use super::{Candidate, Completer, FEW_VALUES, MOST, distinct};
use crate::error::Result;
use crate::query::in_shell;
use crate::session::{Completion, complete_example, complete_parameter, complete_value};
use crate::vocabulary::rdf;
use oxigraph::model::NamedNode;
use std::collections::HashMap;

impl Completer {
    /// The saved queries whose names begin so, each with the question that it answers.
    ///
    /// # Errors
    /// If a saved query is broken.
    pub fn saved_queries(&self, typed: &str) -> Result<Vec<Candidate>> {
        let queries = self.session.catalogue().all()?.into_iter();
        Ok(queries
            .filter(|query| query.name.starts_with(typed))
            .map(|query| Candidate::meaning(query.name, Some(query.front_matter.summary)))
            .collect())
    }

    /// The arguments of a saved query that begin so: parameters as `name=`, or with a value as one types it in a shell.
    ///
    /// # Arguments
    /// `given` are the arguments that it has already.
    ///
    /// # Errors
    /// If there is no such query or the store fails.
    pub fn arguments(&self, query: &str, given: &[&str], typed: &str) -> Result<Vec<Candidate>> {
        let query = self.session.catalogue().get(query)?;
        let candidate = |Completion { word, note }: Completion| Candidate::meaning(word, note);
        let Some((name, value)) = typed.split_once('=') else {
            let given: Vec<&str> =
                given.iter().filter_map(|given| Some(given.split_once('=')?.0)).collect();
            let parameters = complete_parameter(&query, &given, typed);
            return Ok(parameters.into_iter().map(candidate).collect());
        };
        let quoted = |mut candidate: Candidate| {
            candidate.text = in_shell(&candidate.text);
            candidate
        };
        if let Some(values) = complete_value(&query, typed) {
            return Ok(distinct(values.into_iter().map(candidate).map(quoted)));
        }
        let parameter = query.parameters.iter().find(|known| known.declaration.name == name);
        let Some(parameter) = parameter else { return Ok(Vec::new()) };
        let things = self.things_for(parameter.class.as_ref(), value)?;
        if things.is_empty() {
            let examples = complete_example(&query, typed);
            return Ok(distinct(examples.into_iter().map(candidate).map(quoted)));
        }
        Ok(distinct(things.into_iter().map(|mut thing| {
            thing.text = format!("{name}={}", thing.text);
            quoted(thing)
        })))
    }

    /// Things by their names, of a class if one is given. Where several have one name, they go by their CURIEs.
    fn things_for(&self, class: Option<&NamedNode>, typed: &str) -> Result<Vec<Candidate>> {
        let prefixes = self.session.prefixes();
        let Some(class) = class else { return Ok(self.things(typed)) };
        let lower = typed.to_lowercase();
        let mut found: Vec<(String, NamedNode)> = Vec::new();
        for thing in self.some_of(class, FEW_VALUES)? {
            let label = self.label(&thing).unwrap_or_else(|| prefixes.show(&thing));
            let fits = |text: &str| text.to_lowercase().starts_with(&lower);
            if fits(&label) {
                found.push((label, thing));
            } else if let Some(curie) = prefixes.shorten(thing.as_str()).filter(|curie| fits(curie))
            {
                found.push((curie, thing));
            }
        }
        // Of a large class only a part was looked at: the rest is found by its names.
        if let Some(index) = self.index()
            && !typed.is_empty()
        {
            let store = self.session.store();
            for (name, thing) in index.called(typed).take(MOST) {
                let types = store.objects(thing.as_ref().into(), rdf::TYPE)?;
                if types.contains(&class.clone().into()) {
                    found.push((name.to_owned(), thing.clone()));
                }
            }
        }
        found.sort();
        found.dedup();
        let mut names: HashMap<&str, usize> = HashMap::new();
        for (name, _) in &found {
            *names.entry(name).or_default() += 1;
        }
        let text = |(name, thing): &(String, NamedNode)| {
            let curie = prefixes.show(thing);
            match names.get(name.as_str()) {
                Some(1) => Candidate::meaning(name, (*name != curie).then_some(curie)),
                _ => Candidate::meaning(curie, Some(name)),
            }
        };
        Ok(found.iter().map(text).collect())
    }
}
