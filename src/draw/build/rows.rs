//! Statements from rows: what stands side by side is connected.
//!
//! A column of properties names the connection between the columns beside it; otherwise the later column does. A value
//! that is not a thing belongs to the thing of the row that has it in a cited triple, or else to the first thing.

use super::statements::{Evidence, Relation, Statement};
use crate::answer::Row;
use crate::cite::Citation;
use crate::diagnostic::Result;
use crate::session::Session;
use oxigraph::model::{NamedNode, Term, Triple};
use std::collections::BTreeMap;

/// Returns the statements that rows amount to, and the things in them, with or without statements.
///
/// # Errors
/// Fails if the store fails.
pub(super) fn of_rows(session: &Session, rows: &[Row]) -> Result<(Vec<Statement>, Vec<Term>)> {
    let names_relations = columns_of_properties(session, rows)?;
    let (mut statements, mut things) = (Vec::new(), Vec::new());
    for row in rows {
        let mut cells: Vec<Cell<'_>> = Vec::new();
        let mut relation = None;
        let columns = row.solution.variables().iter().zip(row.solution.values());
        for (place, (variable, value)) in columns.enumerate() {
            match value {
                Some(Term::NamedNode(property)) if names_relations[place] => {
                    relation = Some(property);
                }
                Some(value) => {
                    let name = variable.as_str().replace('_', " ");
                    cells.push(Cell { name, value, relation: relation.take() });
                }
                None => relation = None,
            }
        }
        things.extend(cells.iter().filter(|cell| cell.is_thing()).map(|cell| cell.value.clone()));
        connect(row, &cells, &mut statements);
    }
    Ok((statements, things))
}

/// Adds the statements that a row amounts to.
fn connect(row: &Row, cells: &[Cell<'_>], statements: &mut Vec<Statement>) {
    let Some(first) = cells.iter().find(|cell| cell.is_thing()) else { return };
    let mut before: Option<&Cell<'_>> = None;
    for (place, cell) in cells.iter().enumerate() {
        if !cell.is_thing() {
            let owner = cells.iter().find(|owner| has_value(row, owner, cell)).unwrap_or(first);
            // Before the first thing, the relation stands behind the value.
            let relation = match before {
                None => cells.get(place + 1).and_then(|next| next.relation),
                Some(_) => cell.relation,
            };
            statements.push(statement(row, owner.value, relation, cell));
            continue;
        }
        if let Some(before) = before {
            statements.push(statement(row, before.value, cell.relation, cell));
        }
        before = Some(cell);
    }
}

/// Returns whether a cited triple of the row has a thing as subject and a value as object.
fn has_value(row: &Row, owner: &Cell<'_>, cell: &Cell<'_>) -> bool {
    let ways = row.citation.iter().flat_map(|citation| &citation.derivations);
    let mut triples = ways.flat_map(|way| &way.triples);
    owner.is_thing()
        && triples.any(|cited| {
            cited.triple.object == *cell.value
                && Term::from(cited.triple.subject.clone()) == *owner.value
        })
}

/// A bound value of a row.
struct Cell<'a> {
    /// The name of its column.
    name: String,
    value: &'a Term,
    /// The property in the column before it.
    relation: Option<&'a NamedNode>,
}

impl Cell<'_> {
    const fn is_thing(&self) -> bool {
        !matches!(self.value, Term::Literal(_))
    }
}

fn statement(
    row: &Row,
    subject: &Term,
    relation: Option<&NamedNode>,
    cell: &Cell<'_>,
) -> Statement {
    let rests_on = row.citation.as_ref().map(|citation| evidence(citation, subject, cell.value));
    let relation = match relation {
        Some(property) => Relation::Property(property.clone()),
        None => Relation::Column(cell.name.clone()),
    };
    Statement {
        subject: subject.clone(),
        relation,
        value: cell.value.clone(),
        rests_on: rests_on.unwrap_or_default(),
    }
}

/// Returns what the connection of two values rests on: the triple that has both or, if there is none, all that the row
/// rests on.
fn evidence(citation: &Citation, one: &Term, other: &Term) -> Evidence {
    let connects = |triple: &Triple| {
        let subject = Term::from(triple.subject.clone());
        (subject == *one && triple.object == *other) || (subject == *other && triple.object == *one)
    };
    Evidence::of_triple(citation, connects).unwrap_or_else(|| Evidence::of(citation))
}

/// Returns for each column whether all of its values are properties of the data.
fn columns_of_properties(session: &Session, rows: &[Row]) -> Result<Vec<bool>> {
    let mut is_used: BTreeMap<&NamedNode, bool> = BTreeMap::new();
    let count = rows.first().map_or(0, |row| row.solution.variables().len());
    let mut columns = vec![None; count];
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row.solution.values()) {
            let is_property = match value {
                None => continue,
                Some(Term::NamedNode(iri)) if *column != Some(false) => match is_used.get(iri) {
                    Some(is_used) => *is_used,
                    None => {
                        let mut with =
                            session.store().triples(None, Some(iri.as_ref()), None, None);
                        *is_used.entry(iri).or_insert(with.next().transpose()?.is_some())
                    }
                },
                Some(_) => false,
            };
            *column = Some(column.unwrap_or(true) && is_property);
        }
    }
    Ok(columns.into_iter().map(|column| column == Some(true)).collect())
}
