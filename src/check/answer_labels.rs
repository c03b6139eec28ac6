//! Labels in expected answers: people write `Ada` where the answer has `tea:Ada`.

use crate::catalogue::Expected;
use crate::diagnostic::{Result, did_you_mean};
use crate::session::{Names, Session};
use crate::vocabulary::{Prefixes, xsd};
use oxigraph::model::{Literal, NamedNode, Term};
use std::collections::{BTreeMap, BTreeSet};

/// What labels of an expected answer stand for.
#[derive(Debug, Default)]
pub(crate) struct AnswerLabels {
    /// The columns with labels that were replaced.
    columns: BTreeSet<usize>,
    /// The labels that several things have, with these.
    pub(super) ambiguous: BTreeMap<String, Vec<NamedNode>>,
    /// The first text that nothing is called by, in a column of things, and the label that is nearest to it.
    misspelt: Option<(String, String)>,
    names: Names,
}

impl AnswerLabels {
    /// Replaces labels of an expected answer by the things that have them, in the columns in which the answer has things.
    ///
    /// # Errors
    /// If the store fails.
    pub(crate) fn resolve(
        session: &Session,
        expected: &mut Expected,
        answer: &Expected,
    ) -> Result<Self> {
        let mut labels = Self::default();
        if expected.variables != answer.variables {
            return Ok(labels);
        }
        let is_thing = |row: &Vec<Option<Term>>, column: usize| {
            matches!(row.get(column), Some(Some(Term::NamedNode(_))))
        };
        let of_things: Vec<usize> = (0..answer.variables.len())
            .filter(|column| answer.rows.iter().any(|row| is_thing(row, *column)))
            .collect();
        let mut names = None;
        for row in &mut expected.rows {
            for column in &of_things {
                let Some(Some(term)) = row.get_mut(*column) else { continue };
                let Term::Literal(text) = &*term else { continue };
                let is_value =
                    || answer.rows.iter().any(|row| row.get(*column) == Some(&Some(term.clone())));
                if text.datatype() != xsd::STRING || is_value() {
                    continue;
                }
                if names.is_none() {
                    names = Some(session.names()?);
                }
                let found = names.as_ref().map(|names| names.find(text.value()));
                match found.unwrap_or_default().as_slice() {
                    [] => {
                        let text = text.value();
                        let near = || names.as_ref()?.nearest_where(text, |_| true);
                        if labels.misspelt.is_none() {
                            labels.misspelt = near().map(|near| (text.to_owned(), near.to_owned()));
                        }
                    }
                    [thing] => {
                        *term = (*thing).clone().into();
                        labels.columns.insert(*column);
                    }
                    several => {
                        let several = several.iter().map(|thing| (*thing).clone()).collect();
                        labels.ambiguous.insert(text.value().to_owned(), several);
                    }
                }
            }
        }
        labels.names = names.unwrap_or_default();
        Ok(labels)
    }

    /// Returns an answer with labels instead of things in the columns that had labels, wherever one means the thing.
    pub(crate) fn applied(&self, answer: &Expected) -> Expected {
        let mut labels: BTreeMap<&NamedNode, &str> = BTreeMap::new();
        if !self.columns.is_empty() {
            for (label, thing) in self.names.iter() {
                if self.names.find(label) == [thing] {
                    labels.entry(thing).or_insert(label);
                }
            }
        }
        let mut answer = answer.clone();
        for row in &mut answer.rows {
            for column in &self.columns {
                if let Some(Some(term)) = row.get_mut(*column)
                    && let Term::NamedNode(thing) = &*term
                    && let Some(label) = labels.get(thing)
                {
                    *term = Literal::new_simple_literal(*label).into();
                }
            }
        }
        answer
    }

    /// Returns what to write instead of a text that is not a label.
    pub(super) fn advice(&self) -> Option<String> {
        let (text, near) = self.misspelt.as_ref()?;
        Some(format!("nothing is called `{text}`: {}", did_you_mean(near)))
    }

    /// Returns the remarks on labels that several things have.
    pub(super) fn notes(&self, prefixes: &Prefixes) -> Vec<String> {
        let note = |(label, things): (&String, &Vec<NamedNode>)| {
            let things: Vec<String> =
                things.iter().map(|thing| format!("`{}`", prefixes.show(thing))).collect();
            format!("“{label}” could be {}: write one of these names", things.join(" or "))
        };
        self.ambiguous.iter().map(note).collect()
    }
}
