//! The front matter of a saved query: YAML behind `#+ ` at its top, after [grlc](https://grlc.io), so that the file
//! stays SPARQL for every other tool.

mod explain;

pub(super) use explain::place;

use crate::diagnostic::{Diagnostic, Result, Severity};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the front matter of a saved query says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    /// The question in words.
    #[serde(default)]
    pub summary: String,
    /// What else there is to say about the question and its answer.
    #[serde(default)]
    pub description: String,
    /// The values of parameters that are not given.
    #[serde(default, deserialize_with = "merged")]
    pub defaults: BTreeMap<String, Scalar>,
    /// The only values that parameters may have.
    #[serde(default, deserialize_with = "merged")]
    pub enumerate: BTreeMap<String, Vec<Scalar>>,
    /// What is to be known about parameters.
    #[serde(default)]
    pub params: BTreeMap<String, ParameterNotes>,
    /// Arguments with an expected answer each, by the name of the case: that of `members` and case `y2001` stands in
    /// `expected/members.y2001.csv`.
    #[serde(default, deserialize_with = "in_order")]
    pub examples: Vec<(String, BTreeMap<String, Scalars>)>,
    /// Of a check, whose rows are findings: how much one of them matters.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// What the query is about, in words.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// What the front matter says about one parameter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterNotes {
    /// What the value is called in the usage of the query.
    pub label: Option<String>,
    /// What the parameter is for.
    pub description: Option<String>,
    /// The class that the value is of, as an IRI or a prefixed name of the query.
    pub class: Option<String>,
}

/// A value in YAML: whatever stands there, as text.
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
    /// The values.
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

/// A mapping, or grlc's list of mappings.
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

/// A mapping in the order in which it is written.
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
    /// Reads the front matter of a saved query: what stands behind `#+` in the lines at its top. A query without any
    /// has an empty one.
    ///
    /// # Errors
    /// If it is no YAML, or says what front matter has no word for.
    pub fn parse(path: &str, text: &str) -> Result<Self, Diagnostic> {
        let lines = text.lines().take_while(|line| line.starts_with("#+"));
        let mut yaml = String::new();
        for line in lines {
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

/// How many columns `#+ ` takes.
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
