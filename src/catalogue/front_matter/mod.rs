//! The front matter of a saved query: YAML after `#+ ` at the top of the file, as in [grlc](https://grlc.io), so that
//! the file stays SPARQL for other tools.

mod explain;

pub(super) use explain::place;

use crate::diagnostic::{Diagnostic, Result, Severity};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The front matter of a saved query.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    /// The question in words.
    #[serde(default)]
    pub summary: String,
    /// Further explanations of the question and its answer.
    #[serde(default)]
    pub description: String,
    /// The default values of parameters.
    #[serde(default, deserialize_with = "merged")]
    pub defaults: BTreeMap<String, Scalar>,
    /// The permitted values of parameters.
    #[serde(default, deserialize_with = "merged")]
    pub enumerate: BTreeMap<String, Vec<Scalar>>,
    /// The metadata of parameters.
    #[serde(default)]
    pub params: BTreeMap<String, ParameterNotes>,
    /// Arguments with an expected answer each, by case name: the answer for case `y2001` of `members` is in
    /// `expected/members.y2001.csv`.
    #[serde(default, deserialize_with = "in_order")]
    pub examples: Vec<(String, BTreeMap<String, Scalars>)>,
    /// For a pattern: the words of which the IRIs of new things are made, by parameter. A parameter in braces stands for
    /// its value.
    #[serde(default)]
    pub mint: BTreeMap<String, String>,
    /// For a check, whose rows are findings: their severity.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// The topics of the query.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// The metadata of one parameter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterNotes {
    /// The name of a value in the usage of the query.
    pub label: Option<String>,
    /// The purpose of the parameter.
    pub description: Option<String>,
    /// The class of the values, as an IRI or a prefixed name of the query.
    pub class: Option<String>,
    /// The type of the values, if the name of the variable cannot tell it: [`ANY_DATE`].
    #[serde(rename = "type")]
    pub value_type: Option<String>,
    /// The default value.
    pub default: Option<Scalar>,
    /// The permitted values.
    #[serde(default)]
    pub values: Vec<Scalar>,
}

/// The `type` of a parameter whose values are dates of any precision.
pub(super) const ANY_DATE: &str = "date of any precision";

/// A YAML value of any type, as text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "RawScalar")]
pub struct Scalar(pub String);

/// One value or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Scalars {
    /// One.
    One(Scalar),
    /// Several.
    Many(Vec<Scalar>),
}

impl Scalars {
    /// Returns the values.
    pub fn values(&self) -> Vec<String> {
        match self {
            Self::One(Scalar(value)) => vec![value.clone()],
            Self::Many(values) => values.iter().map(|Scalar(value)| value.clone()).collect(),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawScalar {
    Boolean(bool),
    Integer(i64),
    Text(String),
}

impl From<RawScalar> for Scalar {
    fn from(raw: RawScalar) -> Self {
        Self(match raw {
            RawScalar::Boolean(value) => value.to_string(),
            RawScalar::Integer(value) => value.to_string(),
            RawScalar::Text(value) => value,
        })
    }
}

/// Deserializes a mapping, or a list of mappings as in grlc.
fn merged<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Raw<T> {
        Mapping(BTreeMap<String, T>),
        List(Vec<BTreeMap<String, T>>),
    }
    Ok(match Raw::deserialize(deserializer)? {
        Raw::Mapping(mapping) => mapping,
        Raw::List(mappings) => mappings.into_iter().flatten().collect(),
    })
}

/// Deserializes a mapping in source order.
fn in_order<'de, D, T>(deserializer: D) -> Result<Vec<(String, T)>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Entries<T>(std::marker::PhantomData<T>);
    impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Entries<T> {
        type Value = Vec<(String, T)>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a mapping")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(
            self,
            mut map: A,
        ) -> Result<Self::Value, A::Error> {
            let mut entries = Vec::new();
            while let Some(entry) = map.next_entry()? {
                entries.push(entry);
            }
            Ok(entries)
        }
    }
    deserializer.deserialize_map(Entries(std::marker::PhantomData))
}

impl FrontMatter {
    /// Parses the front matter of a saved query: the text after `#+` in its first lines. Without any, the front matter
    /// is empty.
    ///
    /// # Errors
    /// If the text is not YAML, or contains something that front matter does not support.
    pub fn parse(path: &str, text: &str) -> Result<Self, Diagnostic> {
        let mut yaml = String::new();
        for line in split_front_matter(text).0.lines() {
            yaml.push_str(line[2..].strip_prefix(' ').unwrap_or(&line[2..]));
            yaml.push('\n');
        }
        if yaml.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_saphyr::from_str(&yaml).map_err(|error| {
            let (line, column) = error.location().map_or((1, 1), |at| {
                let number = |number| usize::try_from(number).unwrap_or(1);
                (number(at.line()), number(at.column()) + INDENT)
            });
            let message = error.without_snippet().to_string();
            explain::problem(path, text, &message, line, column)
        })
    }
}

/// Splits the text of a saved query into the lines of its front matter and the query.
pub(crate) fn split_front_matter(text: &str) -> (&str, &str) {
    let front = text.split_inclusive('\n').take_while(|line| line.starts_with("#+"));
    text.split_at(front.map(str::len).sum())
}

/// Returns the number of the first line of front matter that is ignored, since other lines stand before it.
pub(crate) fn ignored_line(text: &str) -> Option<usize> {
    let (front, query) = split_front_matter(text);
    let below = query.lines().position(|line| line.starts_with("#+"))?;
    Some(front.lines().count() + below + 1)
}

/// The width of `#+ ` in columns.
const INDENT: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_read() {
        let text = "#+ summary: Who?\n#+ defaults:\n#+   - year: 2001\n#+ enumerate:\n#+   - side: [a, true]\n\
                    #+ params:\n#+   year: {label: a year, class: dos:State}\n\
                    #+ examples:\n#+   early: {year: 2001, side: [a, b]}\n#+ tags: [x]\nSELECT * {}\n#+ no: more\n";
        let front = FrontMatter::parse("q.rq", text).unwrap();
        assert_eq!(front.summary, "Who?");
        assert_eq!(front.defaults["year"], Scalar("2001".into()));
        assert_eq!(front.enumerate["side"], [Scalar("a".into()), Scalar("true".into())]);
        assert_eq!(front.params["year"].label.as_deref(), Some("a year"));
        assert_eq!(front.examples[0].1["side"].values(), ["a", "b"]);
        assert_eq!(FrontMatter::parse("q.rq", "SELECT * {}").unwrap(), FrontMatter::default());
    }

    #[test]
    fn broken_front_matter_is_pointed_at() {
        let problem =
            FrontMatter::parse("q.rq", "#+ summary: a\n#+ sumary: b\nASK {}").unwrap_err();
        let excerpt = problem.excerpt.unwrap();
        assert_eq!((excerpt.line, excerpt.column), (2, 4), "{}", problem.message);
        assert!(FrontMatter::parse("q.rq", "#+ summary: [\nASK {}").is_err());
    }
}
