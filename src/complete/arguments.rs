//! Saved queries, their parameters, and values for these.

use super::{Candidate, Completer, FEW_VALUES, MOST, distinct};
use crate::error::Result;
use crate::query::{Parameter, Scalars, ValueType, in_shell};
use crate::vocabulary::{rdf, xsd};
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
        let Some((name, value)) = typed.split_once('=') else {
            let is_given = |parameter: &Parameter| {
                let name = &parameter.declaration.name;
                !parameter.repeatable
                    && given
                        .iter()
                        .any(|given| given.split_once('=').is_some_and(|(of, _)| of == name))
            };
            let open = query.parameters.iter().filter(|parameter| !is_given(parameter));
            return Ok(open
                .filter(|parameter| parameter.declaration.name.starts_with(typed))
                .map(|parameter| {
                    let text = format!("{}=", parameter.declaration.name);
                    Candidate::meaning(text, Some(parameter.explanation()))
                })
                .collect());
        };
        let parameter =
            query.parameters.iter().find(|parameter| parameter.declaration.name == name);
        let Some(parameter) = parameter else { return Ok(Vec::new()) };
        let examples =
            query.front_matter.examples.iter().filter_map(|(_, example)| example.get(name));
        let examples = examples.flat_map(Scalars::values);
        let values = self.values_for(parameter, examples.collect(), value)?;
        Ok(distinct(values.into_iter().map(|Candidate { text, meaning }| Candidate {
            text: in_shell(&format!("{name}={text}")),
            meaning,
        })))
    }

    fn values_for(
        &self,
        parameter: &Parameter,
        examples: Vec<String>,
        typed: &str,
    ) -> Result<Vec<Candidate>> {
        let boolean = ValueType::Typed(xsd::BOOLEAN.into_owned());
        let known: Vec<String> = if !parameter.choices.is_empty() {
            parameter.choices.clone()
        } else if parameter.declaration.value_type == boolean {
            vec!["true".to_owned(), "false".to_owned()]
        } else if parameter.declaration.value_type == ValueType::Iri {
            let things = self.things_for(parameter.class.as_ref(), typed)?;
            if !things.is_empty() {
                return Ok(things);
            }
            examples
        } else {
            parameter.default.iter().cloned().chain(examples).collect()
        };
        let fitting = known.into_iter().filter(|value| value.starts_with(typed));
        Ok(fitting.map(Candidate::plain).collect())
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
