//! What a word may go on with: names of queries, their parameters, the values of these, and things.

use super::Session;
use crate::error::Result;
use crate::query::{Parameter, SavedQuery, ValueType};
use oxigraph::model::NamedNode;

/// A word that can stand where one was begun.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Completion {
    /// The whole word: `state=China`.
    pub word: String,
    /// What it is, in words.
    pub note: Option<String>,
}

impl Completion {
    fn new(word: impl Into<String>) -> Self {
        Self { word: word.into(), note: None }
    }
}

/// The parameters of a query of which a word is the beginning, as `state=`, without those that are given already and can
/// be given but once.
pub fn complete_parameter(query: &SavedQuery, given: &[&str], word: &str) -> Vec<Completion> {
    let is_open = |parameter: &&Parameter| {
        let name = parameter.declaration.name.as_str();
        begins(name, word) && (parameter.repeatable || !given.contains(&name))
    };
    let completion = |parameter: &Parameter| Completion {
        word: format!("{}=", parameter.declaration.name),
        note: Some(parameter.explanation()),
    };
    query.parameters.iter().filter(is_open).map(completion).collect()
}

/// The values of a parameter of which a word such as `kind=sm` is the beginning, if the query tells them: its only
/// values, those of a boolean, its default and those of the examples. Nothing if they are things, for which a session is
/// needed ([`Session::complete_argument`]).
pub fn complete_value(query: &SavedQuery, word: &str) -> Option<Vec<Completion>> {
    let (name, value) = word.split_once('=')?;
    let parameter = query.parameters.iter().find(|known| known.declaration.name == name)?;
    let mut values = parameter.choices.clone();
    if values.is_empty() {
        match &parameter.declaration.value_type {
            ValueType::Iri => return None,
            ValueType::Typed(datatype) if datatype.as_ref() == crate::vocabulary::xsd::BOOLEAN => {
                values.extend(["true".to_owned(), "false".to_owned()]);
            }
            _ => return Some(complete_example(query, word)),
        }
    }
    values.retain(|known| begins(known, value));
    Some(values.iter().map(|value| Completion::new(format!("{name}={value}"))).collect())
}

/// The values of a parameter of which a word such as `kind=sm` is the beginning, among its default and those of the
/// examples.
pub fn complete_example(query: &SavedQuery, word: &str) -> Vec<Completion> {
    let Some((name, value)) = word.split_once('=') else { return Vec::new() };
    let parameters = query.parameters.iter().filter(|known| known.declaration.name == name);
    let mut values: Vec<String> = parameters.filter_map(|known| known.default.clone()).collect();
    let examples = query.front_matter.examples.iter().flat_map(|(_, given)| given);
    let of_this = examples.filter(|(given, _)| given.as_str() == name);
    values.extend(of_this.flat_map(|(_, values)| values.values()));
    values.sort();
    values.dedup();
    values.retain(|known| begins(known, value));
    values.iter().map(|value| Completion::new(format!("{name}={value}"))).collect()
}

impl Session {
    /// What an argument of a query can go on with: a parameter (`st` with `state=`), or a value of one (`state=Ch` with
    /// `state=China`; one of the examples where no thing is called so). Case does not count. `given` are the names of the
    /// parameters that have a value already.
    ///
    /// # Errors
    /// If the store fails.
    pub fn complete_argument(
        &self,
        query: &SavedQuery,
        given: &[&str],
        word: &str,
    ) -> Result<Vec<Completion>> {
        let Some((name, value)) = word.split_once('=') else {
            return Ok(complete_parameter(query, given, word));
        };
        if let Some(values) = complete_value(query, word) {
            return Ok(values);
        }
        let Some(parameter) = query.parameters.iter().find(|p| p.declaration.name == name) else {
            return Ok(Vec::new());
        };
        let mut things = self.complete_thing(parameter.class.as_ref(), value)?;
        for thing in &mut things {
            thing.word = format!("{name}={}", thing.word);
        }
        Ok(if things.is_empty() { complete_example(query, word) } else { things })
    }

    /// The things, of a class if one is given, of whose label or CURIE a word is the beginning, in order; and the
    /// prefixes, as `country:`, before a colon is typed. Case does not count in
    /// labels, unless something is written just so.
    ///
    /// # Errors
    /// If the store fails.
    pub fn complete_thing(&self, class: Option<&NamedNode>, word: &str) -> Result<Vec<Completion>> {
        let named = self.named(class)?;
        let mut completions = Vec::new();
        for (label, things) in &named {
            // One label of several things would be refused: their CURIEs tell them apart.
            if things.len() == 1 && begins(label, word) {
                completions.push(Completion::new(label.as_str()));
            }
        }
        let is_curie = word.contains(':');
        let mut prefix_of = |prefix: &str| {
            if !is_curie && !word.is_empty() && prefix.starts_with(word) {
                let note = self.prefixes.namespace(prefix).map(str::to_owned);
                completions.push(Completion { word: format!("{prefix}:"), note });
            }
        };
        if class.is_none() {
            self.prefixes.iter().for_each(|(prefix, _)| prefix_of(prefix));
        }
        let mut curies = Vec::new();
        for (label, things) in &named {
            for thing in things {
                let Some((prefix, local)) = self.prefixes.split(thing.as_str()) else { continue };
                let curie = format!("{prefix}:{local}");
                prefix_of(prefix);
                if is_curie && curie.starts_with(word) {
                    curies.push(Completion { word: curie, note: Some(label.clone()) });
                }
            }
        }
        completions.extend(curies);
        // A shell that is given `Cybercrime` and `cybercrime` for `Cyb` cannot go on with either.
        if completions.iter().any(|completion| completion.word.starts_with(word)) {
            completions.retain(|completion| completion.word.starts_with(word));
        }
        completions.sort();
        completions.dedup_by(|one, other| one.word == other.word);
        Ok(completions)
    }
}

/// Whether a name begins with a word, whatever the case.
fn begins(name: &str, word: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    word.chars().flat_map(char::to_lowercase).all(|letter| letters.next() == Some(letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Dossier;
    use crate::session::Data;

    fn words(completions: Vec<Completion>) -> Vec<String> {
        completions.into_iter().map(|completion| completion.word).collect()
    }

    #[test]
    fn arguments_are_completed_by_position() {
        let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
        let complete = |query: &str, given: &[&str], word: &str| {
            let query = session.catalogue().get(query).unwrap();
            words(session.complete_argument(&query, given, word).unwrap())
        };
        assert_eq!(complete("deeds", &[], "ST"), ["state="]);
        assert_eq!(complete("deeds", &["state"], "st"), [""; 0]);
        assert_eq!(complete("instruments", &["from"], ""), ["to="]);
        assert_eq!(complete("deeds", &[], "state=ir"), ["state=Iran"]);
        // Russia has two names, and no other state begins so.
        assert_eq!(complete("deeds", &[], "state=R"), ["state=Russia", "state=Russian Federation"]);
        assert_eq!(
            complete("deeds", &[], "state=country:I"),
            ["state=country:IN", "state=country:IR"]
        );
        assert_eq!(complete("deeds", &[], "state=cou"), ["state=country:"]);
        // A topic is no state.
        assert_eq!(complete("deeds", &[], "state=cyber"), [""; 0]);
        assert_eq!(complete("deeds", &[], "other="), [""; 0]);
    }

    #[test]
    fn values_that_the_query_tells_need_no_session() {
        let text = "#+ summary: What?\n#+ defaults: {a: two}\n#+ enumerate: {a: [one, two, Three]}\n\
                    #+ examples:\n#+   x: {c: left, d: \"2001\", e: \"ex:two\"}\n#+   y: {e: \"ex:one\"}\n\
                    ASK { ?s ?p ?_a, ?_b_boolean, ?_c, ?_e_iri, ?_d_integer }";
        let bytes = text.as_bytes().to_vec().into();
        let source = crate::dossier::Source { path: "queries/q.rq".into(), bytes };
        let query = SavedQuery::parse(&source).unwrap();
        let values = |word: &str| complete_value(&query, word).map(words);
        assert_eq!(values("a=t"), Some(vec!["a=two".to_owned(), "a=Three".to_owned()]));
        assert_eq!(values("b="), Some(vec!["b=true".to_owned(), "b=false".to_owned()]));
        assert_eq!(values("c="), Some(vec!["c=left".to_owned()]));
        assert_eq!(values("d=1"), Some(vec![]));
        assert_eq!(values("e="), None);
        assert_eq!(words(complete_example(&query, "e=")), ["e=ex:one", "e=ex:two"]);
        assert_eq!(words(complete_example(&query, "e=ex:T")), ["e=ex:two"]);
        assert_eq!(words(complete_example(&query, "f=")), [""; 0]);
        assert_eq!(values("f="), None);
        assert_eq!(values("a"), None);
    }
}
