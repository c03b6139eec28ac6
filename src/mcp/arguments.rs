//! The arguments of a call, which a model wrote: read leniently, and refused with words that it can follow.

use crate::diagnostic::{Diagnostic, Result, error, nearest};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The arguments of a call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Arguments(Map<String, Value>);

impl From<Map<String, Value>> for Arguments {
    fn from(arguments: Map<String, Value>) -> Self {
        Self(arguments)
    }
}

impl Arguments {
    /// Checks that there are no others than these.
    ///
    /// # Errors
    /// Fails if there are, with the nearest name.
    pub(super) fn check(&self, known: &[&str]) -> Result<()> {
        let is_unknown = |name: &&String| !known.contains(&name.as_str());
        let Some(unknown) = self.0.keys().find(is_unknown) else { return Ok(()) };
        Err(error!("parameter-unknown", "unknown parameter `{unknown}`")
            .suggest(nearest(unknown, known.iter().copied()), || match known {
                [] => "call the tool without arguments".to_owned(),
                _ => format!("use one of {}", known.join(", ")),
            })
            .usage())
    }

    /// Returns the names and values of all arguments but some. A list gives several values; what is empty gives none.
    ///
    /// # Errors
    /// Fails if a value is an object.
    pub(super) fn pairs(&self, without: &[&str]) -> Result<Vec<(String, String)>> {
        let mut pairs = Vec::new();
        for name in self.0.keys().filter(|name| !without.contains(&name.as_str())) {
            pairs.extend(self.texts(name)?.into_iter().map(|value| (name.clone(), value)));
        }
        Ok(pairs)
    }

    /// Returns the texts of an argument: those of a list, or else one, or none.
    ///
    /// # Errors
    /// Fails if it is an object.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>> {
        let values = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(values)) => values.as_slice(),
            Some(value) => std::slice::from_ref(value),
        };
        let mut texts = Vec::new();
        for value in values {
            match value {
                Value::String(text) => texts.push(text.clone()),
                Value::Number(_) | Value::Bool(_) => texts.push(value.to_string()),
                Value::Null => {}
                Value::Array(_) | Value::Object(_) => {
                    return Err(invalid(name, "a text, or a list of texts").usage());
                }
            }
        }
        // (Models send an empty text for what they leave out.)
        texts.retain(|text| !text.trim().is_empty());
        Ok(texts)
    }

    /// Returns the text of an argument, if there is one.
    ///
    /// # Errors
    /// Fails if there are several, or it is an object.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>> {
        let mut texts = self.texts(name)?.into_iter();
        match (texts.next(), texts.next()) {
            (_, Some(_)) => Err(invalid(name, "one text").usage()),
            (text, None) => Ok(text),
        }
    }

    /// Returns the text of an argument.
    ///
    /// # Errors
    /// Fails if there is none.
    pub(super) fn required(&self, name: &str, example: &str) -> Result<String> {
        self.text(name)?.ok_or_else(|| {
            error!("tool-argument", "the parameter `{name}` is missing")
                .help(format!("for example: `{name}: \"{example}\"`"))
                .usage()
        })
    }

    /// Returns the number of an argument; without it, 0.
    ///
    /// # Errors
    /// Fails if it is not a whole number from 0.
    pub(super) fn number(&self, name: &str) -> Result<usize> {
        let Some(text) = self.text(name)? else { return Ok(0) };
        text.parse().map_err(|_| invalid(name, "a whole number, such as 50").usage())
    }
}

fn invalid(name: &str, expected: &str) -> Diagnostic {
    error!("tool-argument", "invalid value for `{name}`").help(format!("expected {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn arguments(value: Value) -> Arguments {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn values_are_read_leniently() {
        let given =
            arguments(json!({"a": 2016, "b": ["x", true, null], "c": "", "d": null, "e": {}}));
        assert_eq!(given.text("a").unwrap().as_deref(), Some("2016"));
        assert_eq!(given.number("a").unwrap(), 2016);
        assert_eq!(given.texts("b").unwrap(), ["x", "true"]);
        assert!(given.text("b").is_err());
        for empty in ["c", "d", "z"] {
            assert_eq!(given.text(empty).unwrap(), None);
        }
        assert!(given.texts("e").is_err());
        assert!(given.pairs(&[]).is_err());
        let pairs = given.pairs(&["b", "e"]).unwrap();
        assert_eq!(pairs, [("a".to_owned(), "2016".to_owned())]);
    }

    #[test]
    fn wrong_names_are_corrected() {
        let help = |known: &[&str]| {
            let error = arguments(json!({"yaer": 1})).check(known).unwrap_err();
            error.problems[0].help.clone().unwrap()
        };
        assert_eq!(help(&["year", "state"]), "did you mean `year`?");
        assert_eq!(help(&["organisation", "state"]), "use one of organisation, state");
        assert_eq!(help(&[]), "call the tool without arguments");
    }
}
