//! A tool for each saved query.

use crate::catalogue::{Parameter as QueryParameter, SavedQuery, ValueType};
use crate::diagnostic::Result;
use crate::mcp::answer::{Wanted, answer};
use crate::mcp::arguments::Arguments;
use crate::mcp::call::ToolResult;
use crate::mcp::schema::Parameter;
use crate::session::Session;
use crate::vocabulary::xsd;

/// The most values that a schema lists.
const MOST_LISTED: usize = 20;

/// Returns what people call the tool.
pub(in crate::mcp) fn title(query: &SavedQuery) -> String {
    let summary = query.front_matter.summary.trim();
    if summary.is_empty() { query.name.clone() } else { summary.to_owned() }
}

/// Returns what the tool does, with an example if it needs arguments.
pub(in crate::mcp) fn description(query: &SavedQuery) -> String {
    let mut text = title(query);
    let more = query.front_matter.description.trim();
    if !more.is_empty() {
        text.push(' ');
        text.push_str(more);
    }
    if query.parameters.is_empty() {
        return text;
    }
    if let Some((_, example)) = query.front_matter.examples.iter().find(|(_, e)| !e.is_empty()) {
        let pairs = example.iter().flat_map(|(name, values)| {
            values.values().into_iter().map(move |value| format!("{name}: {value}"))
        });
        text.push_str(&format!(" Example: {}", pairs.collect::<Vec<_>>().join(", ")));
    }
    text
}

/// Returns the parameters of the tool.
///
/// # Errors
/// Fails if the store fails.
pub(in crate::mcp) fn parameters(session: &Session, query: &SavedQuery) -> Result<Vec<Parameter>> {
    let mut parameters = Vec::new();
    for parameter in &query.parameters {
        let name = &parameter.declaration.name;
        let values = values(session, parameter)?;
        let description = if values.is_empty() {
            parameter.explanation()
        } else {
            let words = [&parameter.label, &parameter.description].into_iter().flatten();
            words.map(String::as_str).collect::<Vec<_>>().join("; ")
        };
        let one = if parameter.repeatable {
            Parameter::texts(name, &description)
        } else if parameter.declaration.value_type == ValueType::Typed(xsd::INTEGER.into()) {
            Parameter::number(name, &description)
        } else {
            Parameter::text(name, &description)
        };
        let one = if parameter.is_required() { one.required() } else { one };
        parameters.push(Parameter { values, ..one });
    }
    // (Without words: a result that has more rows says what it is for.)
    parameters.push(Parameter::number(paging(query), ""));
    Ok(parameters)
}

/// Returns the values of a parameter, if they are few.
fn values(session: &Session, parameter: &QueryParameter) -> Result<Vec<String>> {
    if !parameter.choices.is_empty() {
        let is_few = parameter.choices.len() <= MOST_LISTED;
        return Ok(if is_few { parameter.choices.clone() } else { Vec::new() });
    }
    // (To list the things of a class behind an endpoint would take a request for each query.)
    let Some(class) = parameter.class.as_ref().filter(|_| session.store().capabilities().can_scan)
    else {
        return Ok(Vec::new());
    };
    let mut things = session.store().instances(class)?;
    things.sort();
    things.dedup();
    if things.len() > MOST_LISTED {
        return Ok(Vec::new());
    }
    let labels = session.labels(&things)?;
    let name =
        |thing| labels.get(thing).map_or_else(|| session.prefixes().show(thing), str::to_owned);
    let mut names: Vec<String> = things.iter().map(name).collect();
    names.sort();
    let count = names.len();
    names.dedup();
    // Two things of one name can only be told apart by their IRIs.
    Ok(if names.len() == count { names } else { Vec::new() })
}

/// Returns the name of the parameter that asks for further rows, which is not one of the query.
fn paging(query: &SavedQuery) -> &'static str {
    let has_it = query.parameters.iter().any(|parameter| parameter.declaration.name == "after");
    if has_it { "after_row" } else { "after" }
}

/// Answers a saved query.
///
/// # Errors
/// Fails if an argument is invalid, or the query cannot be evaluated.
pub(in crate::mcp) fn ask(
    session: &Session,
    name: &str,
    arguments: &Arguments,
    wanted: Wanted<'_>,
) -> Result<ToolResult> {
    let query = session.catalogue().get(name)?;
    let parameter = paging(&query);
    let known: Vec<&str> =
        query.parameters.iter().map(|parameter| parameter.declaration.name.as_str()).collect();
    arguments.check(&[&known[..], &[parameter]].concat())?;
    let after = arguments.number(parameter)?;
    let pairs = arguments.pairs(&[parameter])?;
    ask_with(session, &query, &pairs, Wanted { after, parameter, ..wanted })
}

/// Answers a saved query with arguments.
///
/// # Errors
/// Fails if an argument is invalid, or the query cannot be evaluated.
pub(super) fn ask_with(
    session: &Session,
    query: &SavedQuery,
    arguments: &[(String, String)],
    wanted: Wanted<'_>,
) -> Result<ToolResult> {
    let bound = session.bind(query, arguments).map_err(|mut error| {
        // The usage is one of the command line; the schema says the same.
        for problem in &mut error.problems {
            problem.remarks.clear();
        }
        error
    })?;
    answer(session, &bound, wanted)
}
