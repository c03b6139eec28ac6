//! Completion of saved queries, their parameters, and the values of these.

use super::{Candidate, Completer, distinct};
use crate::catalogue::{Catalogue, Parameter, SavedQuery, ValueType};
use crate::diagnostic::Result;
use crate::vocabulary::{folded, xsd};

/// Returns the saved queries whose names begin with the typed text, each with the question that it answers if it can be
/// read.
///
/// # Errors
/// Fails if the folder cannot be read.
pub(crate) fn saved_queries(catalogue: &Catalogue<'_>, typed: &str) -> Result<Vec<Candidate>> {
    let with_summary = |name: String| {
        let summary = catalogue.get(&name).ok().map(|query| query.front_matter.summary);
        Candidate::meaning(name, summary)
    };
    Ok(catalogue.names_from(typed)?.into_iter().map(with_summary).collect())
}

/// Returns the patterns whose names begin with the typed text, each with what it states.
///
/// # Errors
/// Fails if the folder cannot be read.
pub(crate) fn saved_patterns(catalogue: &Catalogue<'_>, typed: &str) -> Result<Vec<Candidate>> {
    let patterns = catalogue.readable_patterns()?.0.into_iter().map(|pattern| pattern.query);
    let fitting = patterns.filter(|query| query.name.starts_with(typed));
    Ok(fitting
        .map(|query| Candidate::meaning(query.name, Some(query.front_matter.summary)))
        .collect())
}

/// Completes an argument from the query alone. Proposes a parameter (`st` becomes `state=`), or a value (`kind=sm`
/// becomes `kind=small`) from its allowed values, those of a boolean, its default and the examples. Returns nothing for
/// values that are resources, which a [`Completer`] completes.
///
/// # Arguments
/// `given` are the arguments that are already there. A parameter that allows only one value is not proposed again.
pub(crate) fn argument_candidates(
    query: &SavedQuery,
    given: &[&str],
    typed: &str,
) -> Option<Vec<Candidate>> {
    let Some((name, value)) = typed.split_once('=') else {
        let is_given = |name: &str| {
            given.iter().any(|given| given.split_once('=').is_some_and(|(given, _)| given == name))
        };
        let is_open = |parameter: &&Parameter| {
            let name = parameter.declaration.name.as_str();
            begins(name, typed) && (parameter.repeatable || !is_given(name))
        };
        let candidate = |parameter: &Parameter| {
            let text = format!("{}=", parameter.declaration.name);
            Candidate::meaning(text, Some(parameter.explanation()))
        };
        return Some(query.parameters.iter().filter(is_open).map(candidate).collect());
    };
    let Some(parameter) = query.parameters.iter().find(|known| known.declaration.name == name)
    else {
        return Some(Vec::new());
    };
    let mut values = parameter.choices.clone();
    if values.is_empty() {
        match &parameter.declaration.value_type {
            ValueType::Iri => return None,
            ValueType::Typed(datatype) if datatype.as_ref() == xsd::BOOLEAN => {
                values.extend(["true".to_owned(), "false".to_owned()]);
            }
            _ => return Some(example_argument(query, typed)),
        }
    }
    values.retain(|known| begins(known, value));
    Some(values.iter().map(|value| Candidate::plain(format!("{name}={value}"))).collect())
}

/// Returns the default and example values of a parameter that complete a word such as `kind=sm`.
pub(crate) fn example_argument(query: &SavedQuery, typed: &str) -> Vec<Candidate> {
    let Some((name, value)) = typed.split_once('=') else { return Vec::new() };
    let parameters = query.parameters.iter().filter(|known| known.declaration.name == name);
    let mut values: Vec<String> = parameters.filter_map(|known| known.default.clone()).collect();
    let examples = query.front_matter.examples.iter().flat_map(|(_, given)| given);
    let of_this = examples.filter(|(given, _)| given.as_str() == name);
    values.extend(of_this.flat_map(|(_, values)| values.values()));
    values.sort();
    values.dedup();
    values.retain(|known| begins(known, value));
    values.iter().map(|value| Candidate::plain(format!("{name}={value}"))).collect()
}

impl Completer {
    /// Completes an argument of a saved query: [from the query](argument_candidates), and with resources (`state=Ch`
    /// becomes `state=China`), or with examples if no resource has such a name. A name with spaces is not quoted.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn arguments(
        &self,
        query: &SavedQuery,
        given: &[&str],
        typed: &str,
    ) -> Result<Vec<Candidate>> {
        if let Some(told) = argument_candidates(query, given, typed) {
            return Ok(distinct(told.into_iter()));
        }
        let (name, value) = typed.split_once('=').unwrap_or_default();
        let parameter = query.parameters.iter().find(|known| known.declaration.name == name);
        let class = parameter.and_then(|parameter| parameter.class.as_ref());
        let mut things = self.things(class, value)?;
        for thing in &mut things {
            thing.text = format!("{name}={}", thing.text);
        }
        Ok(if things.is_empty() { example_argument(query, typed) } else { things })
    }
}

/// Returns whether a name begins with a word, ignoring case and accents.
pub(super) fn begins(name: &str, word: &str) -> bool {
    folded(name).starts_with(&folded(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Dossier;
    use crate::session::{Data, Session};

    fn texts(candidates: Vec<Candidate>) -> Vec<String> {
        candidates.into_iter().map(|candidate| candidate.text).collect()
    }

    #[test]
    fn arguments_are_completed_by_position() {
        let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
        let completer = Completer::new(&session);
        completer.fill().unwrap();
        let complete = |query: &str, given: &[&str], word: &str| {
            let query = session.catalogue().get(query).unwrap();
            texts(completer.arguments(&query, given, word).unwrap())
        };
        assert_eq!(complete("deeds", &[], "ST"), ["state="]);
        assert_eq!(complete("deeds", &["state=China"], "st"), [""; 0]);
        assert_eq!(complete("instruments", &[], ""), ["from=", "to="]);
        assert_eq!(complete("instruments", &["from=2001"], ""), ["to="]);
        assert_eq!(complete("deeds", &[], "state=ir"), ["state=Iran"]);
        // Russia has two names, and no other state begins with this letter.
        assert_eq!(complete("deeds", &[], "state=R"), ["state=Russia", "state=Russian Federation"]);
        assert_eq!(
            complete("deeds", &[], "state=country:I"),
            ["state=country:IN", "state=country:IR"]
        );
        assert_eq!(complete("deeds", &[], "state=cou"), ["state=country:"]);
        // A topic is not a state.
        assert_eq!(complete("deeds", &[], "state=cyber"), [""; 0]);
        assert_eq!(complete("deeds", &[], "other="), [""; 0]);
    }

    #[test]
    fn values_that_the_query_tells_need_no_session() {
        let text = "#+ summary: What?\n#+ defaults: {a: two}\n#+ enumerate: {a: [one, two, Three]}\n\
                    #+ examples:\n#+   x: {c: left, d: \"2001\", e: \"ex:two\"}\n#+   y: {e: \"ex:one\"}\n\
                    ASK { ?s ?p ?_a, ?_b_boolean, ?_c, ?_e_iri, ?_d_integer }";
        let bytes = text.as_bytes().to_vec().into();
        let source = crate::dossier::SourceFile { path: "queries/q.rq".into(), bytes };
        let query = SavedQuery::parse(&source).unwrap();
        let values = |word: &str| argument_candidates(&query, &[], word).map(texts);
        assert_eq!(values("a=t"), Some(vec!["a=two".to_owned(), "a=Three".to_owned()]));
        assert_eq!(values("b="), Some(vec!["b=true".to_owned(), "b=false".to_owned()]));
        assert_eq!(values("c="), Some(vec!["c=left".to_owned()]));
        assert_eq!(values("d=1"), Some(vec![]));
        assert_eq!(values("e="), None);
        assert_eq!(values("f="), Some(vec![]));
        assert_eq!(values("a"), Some(vec!["a=".to_owned()]));
        assert_eq!(texts(example_argument(&query, "e=")), ["e=ex:one", "e=ex:two"]);
        assert_eq!(texts(example_argument(&query, "e=ex:T")), ["e=ex:two"]);
        assert_eq!(texts(example_argument(&query, "f=")), [""; 0]);
    }
}
