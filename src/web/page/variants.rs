//! The arguments that a saved query can be asked with, as far as they can be listed.

use super::form::values;
use super::question::{Arguments, canonical};
use super::term::{named, shown};
use crate::catalogue::{Parameter, SavedQuery, ValueType};
use crate::diagnostic::Result;
use crate::session::Session;
use crate::vocabulary::Labels;
use crate::web::address::Address;
use crate::web::site::Site;
use maud::{Markup, html};
use oxigraph::model::NamedNode;
use std::collections::HashSet;

/// The most combinations of listed values of one saved query.
pub(crate) const MOST_COMBINATIONS: usize = 200;

/// Writes what stands in place of a form where no server answers: on the first page of a query links to its answers, on
/// the others the arguments.
///
/// # Errors
/// Fails if the store fails.
pub(super) fn choices(
    site: &Site,
    saved: &SavedQuery,
    arguments: &[(String, String)],
) -> Result<Markup> {
    let address = |arguments: &[(String, String)]| Address::Question {
        name: saved.name.clone(),
        arguments: arguments.to_vec(),
    };
    if !arguments.is_empty() {
        let words = argument_words(&site.session, saved, arguments)?;
        let all = site.links.to(&address(&[]));
        return Ok(
            html! { p class="chosen" { strong { (words) } " · " a href=(all) { "other answers" } } },
        );
    }
    let (variants, _) = variants(&site.session, saved)?;
    let pages: Vec<&Arguments> =
        variants.iter().filter(|one| !one.is_empty() && site.links.has(&address(one))).collect();
    let labels = labels(&site.session, saved, pages.iter().copied())?;
    Ok(html! {
        nav class="choices" aria-label="Answers" {
            ul {
                @for arguments in pages {
                    li { a href=(site.links.to(&address(arguments))) { (words(&site.session, saved, arguments, &labels)) } }
                }
            }
        }
    })
}

/// Returns arguments in words, such as `China`, or `from: 2010, to: 2015`.
///
/// # Errors
/// Fails if the store fails.
pub(super) fn argument_words(
    session: &Session,
    saved: &SavedQuery,
    arguments: &[(String, String)],
) -> Result<String> {
    let arguments = arguments.to_vec();
    let labels = labels(session, saved, [&arguments])?;
    Ok(words(session, saved, &arguments, &labels))
}

/// Returns the thing that an argument names, if its parameter is one for things.
fn thing(session: &Session, saved: &SavedQuery, name: &str, value: &str) -> Option<NamedNode> {
    let is_it = |parameter: &&Parameter| parameter.declaration.name == name;
    let parameter = saved.parameters.iter().find(is_it)?;
    let is_iri = parameter.declaration.value_type == ValueType::Iri;
    if is_iri { named(session, value) } else { None }
}

fn labels<'v>(
    session: &Session,
    saved: &SavedQuery,
    variants: impl IntoIterator<Item = &'v Arguments>,
) -> Result<Labels> {
    let values = variants.into_iter().flatten();
    let things = values.filter_map(|(name, value)| thing(session, saved, name, value));
    let things: Vec<NamedNode> = things.collect();
    session.labels(&things)
}

fn words(session: &Session, saved: &SavedQuery, arguments: &Arguments, labels: &Labels) -> String {
    let word = |(name, value): &(String, String)| {
        let thing = thing(session, saved, name, value);
        let label = thing.as_ref().and_then(|thing| labels.get(thing)).unwrap_or(value);
        if saved.parameters.len() == 1 { label.to_owned() } else { format!("{name}: {label}") }
    };
    shown(&arguments.iter().map(word).collect::<Vec<_>>().join(", "))
}

/// Returns the arguments that a query can be asked with: none, if none are needed; those of its examples; each combination
/// of listed values, up to [`MOST_COMBINATIONS`]. Also returns how many combinations are left out.
///
/// # Errors
/// Fails if the store fails.
pub(in crate::web) fn variants(
    session: &Session,
    saved: &SavedQuery,
) -> Result<(Vec<Arguments>, usize)> {
    let mut all: Vec<Arguments> = Vec::new();
    for (_, arguments) in saved.cases() {
        if let Ok(bound) = session.bind(saved, &arguments) {
            all.push(canonical(session, saved, &arguments, &bound));
        }
    }
    let mut combinations: Vec<Arguments> = vec![Vec::new()];
    let (mut total, mut has_list) = (1_usize, false);
    for parameter in &saved.parameters {
        let Some(values) = values(session, parameter)? else {
            if parameter.is_required() {
                (combinations, total) = (Vec::new(), 0);
            }
            continue;
        };
        has_list = true;
        total = total.saturating_mul(values.len());
        let name = &parameter.declaration.name;
        let with = |before: &Arguments, value: &str| {
            let mut arguments = before.clone();
            arguments.push((name.clone(), value.to_owned()));
            arguments
        };
        combinations = combinations
            .iter()
            .flat_map(|before| values.iter().map(move |value| with(before, &value.value)))
            .take(MOST_COMBINATIONS)
            .collect();
    }
    if has_list {
        let left_out = total.saturating_sub(combinations.len());
        all.extend(combinations);
        dedup(&mut all);
        return Ok((all, left_out));
    }
    dedup(&mut all);
    Ok((all, 0))
}

/// Removes what stands in a list before, and keeps its order.
fn dedup(all: &mut Vec<Arguments>) {
    let mut seen = HashSet::new();
    all.retain(|arguments| seen.insert(arguments.clone()));
}
