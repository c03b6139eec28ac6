//! A timeline from statements whose values are dates.

use super::date::Days;
use super::lanes::{LaneKey, LaneTerms};
use super::{Bar, Lane, Timeline};
use crate::diagnostic::Result;
use crate::diagnostic::error;
use crate::draw::build::{
    Classes, MOST_NODES, Notes, Relation, Statement, Subject, as_thing, nothing_to_draw, sentences,
};
use crate::session::Session;
use crate::vocabulary::{Labels, dos, rdfs, schema, schema_http};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::collections::{BTreeMap, BTreeSet};

/// What a date says about its thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// When it happened.
    Whole,
    /// When it began.
    Begin,
    /// When it ended.
    End,
}

/// A dated thing.
struct Dated<'a> {
    statement: &'a Statement,
    thing: usize,
    days: Days,
    role: Role,
}

impl Subject {
    /// Returns the timeline of what has a date in the subject.
    ///
    /// # Arguments
    /// `limit` is the most bars: the earliest ones. `key` says which bars share a lane.
    ///
    /// # Errors
    /// Fails if nothing has a date or too much has, nothing has the name of the key, or the store fails.
    pub fn timeline(
        &self,
        session: &Session,
        limit: Option<usize>,
        key: LaneKey<'_>,
    ) -> Result<Timeline> {
        let (things, dated) = self.dated(session)?;
        if dated.is_empty() {
            return Err(nothing_to_draw("nothing has a date")
                .help(
                    "a date is a value of type xsd:gYear, xsd:gYearMonth, xsd:date or xsd:dateTime",
                )
                .usage());
        }
        let evidence = dated.iter().map(|dated| &dated.statement.rests_on);
        let notes = Notes::new(session, evidence)?;
        let classes = Classes::new(session, &things)?;
        let lane_terms = LaneTerms::new(session, self, &things, &classes, key)?;
        let labels = labels(session, &things, &lane_terms, &dated)?;
        let name = |iri: &NamedNode| {
            labels.get(iri).map_or_else(|| session.prefixes().show(iri), str::to_owned)
        };
        let mut bars: Vec<(usize, Bar)> = bars(&dated, &things, &notes, &name);
        bars.sort_by(|(_, a), (_, b)| (a.begin, &a.label).cmp(&(b.begin, &b.label)));
        let all = bars.len();
        bars.truncate(limit.unwrap_or(usize::MAX));
        if bars.len() > MOST_NODES {
            let count = bars.len();
            let message =
                format!("{count} dates are too many for one timeline: the most are {MOST_NODES}");
            return Err(error!("drawing-too-large", "{message}")
                .help(format!("draw the earliest ones with `--limit {MOST_NODES}`, or ask a query with fewer rows"))
                .usage());
        }
        let mut lanes: Vec<Lane> = Vec::new();
        let shown = bars.len();
        for (thing, bar) in bars {
            let lane_name = lane_terms.name_of(thing, &name);
            match lanes.iter_mut().find(|lane| lane.name == lane_name) {
                Some(lane) => lane.bars.push(bar),
                None => lanes.push(Lane { name: lane_name, bars: vec![bar] }),
            }
        }
        let hidden =
            (shown < all).then(|| format!("Left out: the {} latest of {all} dates.", all - shown));
        let left_out = sentences(self.cut(), hidden);
        let notes = notes.into_notes(session);
        Ok(Timeline { title: self.title.clone(), lanes, notes, left_out })
    }

    /// Returns the things with dates, and their dates, each once.
    fn dated(&self, session: &Session) -> Result<(Vec<NamedOrBlankNode>, Vec<Dated<'_>>)> {
        let mut roles: BTreeMap<String, Role> = BTreeMap::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let (mut things, mut dated) = (Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        for statement in &self.statements {
            let Term::Literal(value) = &statement.value else { continue };
            let (Some(days), Some(thing)) = (Days::of(value), as_thing(&statement.subject)) else {
                continue;
            };
            let relation = format!("{:?}", statement.relation);
            let role = match roles.get(&relation) {
                Some(role) => *role,
                None => {
                    *roles.entry(relation.clone()).or_insert(role(session, &statement.relation)?)
                }
            };
            let key = thing.to_string();
            if !seen.insert((key.clone(), relation, days)) {
                continue;
            }
            let place = *places.entry(key).or_insert(things.len());
            if place == things.len() {
                things.push(thing);
            }
            dated.push(Dated { statement, thing: place, days, role });
        }
        Ok((things, dated))
    }
}

/// Returns the role of a date: from what its property is a part of, or from the name of its column.
fn role(session: &Session, relation: &Relation) -> Result<Role> {
    let property = match relation {
        Relation::Property(property) => property,
        Relation::Column(name) => {
            return Ok(match name.as_str() {
                "since" | "start" | "begin" | "from" => Role::Begin,
                "until" | "end" | "to" => Role::End,
                _ => Role::Whole,
            });
        }
    };
    let mut above = session.store().iris(property.as_ref().into(), rdfs::SUB_PROPERTY_OF)?;
    above.push(property.clone());
    let is_any = |known: [_; 2]| above.iter().any(|above| known.contains(&above.as_ref()));
    Ok(if is_any([schema::START_DATE, schema_http::START_DATE]) {
        Role::Begin
    } else if is_any([schema::END_DATE, schema_http::END_DATE]) {
        Role::End
    } else {
        Role::Whole
    })
}

/// Returns a bar for each date, and one for each beginning with its end.
fn bars(
    dated: &[Dated<'_>],
    things: &[NamedOrBlankNode],
    notes: &Notes,
    name: &impl Fn(&NamedNode) -> String,
) -> Vec<(usize, Bar)> {
    let ends =
        |thing: usize| dated.iter().filter(move |one| one.thing == thing && one.role == Role::End);
    let begins =
        |thing: usize| dated.iter().any(|one| one.thing == thing && one.role == Role::Begin);
    let mut bars = Vec::new();
    for one in dated {
        let mut basis = notes.basis(&one.statement.rests_on);
        let mut label = match &things[one.thing] {
            NamedOrBlankNode::NamedNode(iri) => name(iri),
            NamedOrBlankNode::BlankNode(_) => "[ ]".to_owned(),
        };
        let end = match one.role {
            // It is the end of another bar.
            Role::End if begins(one.thing) => continue,
            Role::End | Role::Whole => Some(one.days),
            Role::Begin => {
                let end = ends(one.thing).filter(|end| end.days.last >= one.days.first);
                let end = end.min_by_key(|end| end.days);
                if let Some(end) = end {
                    basis.merge(&notes.basis(&end.statement.rests_on));
                }
                end.map(|end| end.days)
            }
        };
        if let (Role::Whole | Role::End, Relation::Property(property)) =
            (one.role, &one.statement.relation)
            && property.as_ref() != dos::DATE
        {
            label.push_str(&format!(" ({})", name(property)));
        }
        bars.push((one.thing, Bar { label, begin: one.days, end, basis }));
    }
    bars
}

fn labels(
    session: &Session,
    things: &[NamedOrBlankNode],
    lanes: &LaneTerms,
    dated: &[Dated<'_>],
) -> Result<Labels> {
    let mut iris: BTreeSet<NamedNode> = lanes.iris().cloned().collect();
    for thing in things {
        if let NamedOrBlankNode::NamedNode(iri) = thing {
            iris.insert(iri.clone());
        }
    }
    for one in dated {
        if let Relation::Property(property) = &one.statement.relation {
            iris.insert(property.clone());
        }
    }
    session.labels(&iris)
}
