//! The page of a saved query: the question, a form for its parameters, the answer.

use super::code::folded_code;
use super::form::{fields, form};
use super::layout::{Page, formats, name_of as name_of_dossier};
use super::message::{message, with_code};
use super::results::Results;
use super::term::{name_of, shown};
use super::variants::{argument_words, choices};
use crate::algebra::Binding;
use crate::catalogue::{BoundQuery, Parameter, SavedQuery, split_front_matter};
use crate::diagnostic::{Diagnostic, ErrorKind, Result};
use crate::format::{GraphFormat, ResultFormat};
use crate::session::Session;
use crate::sparql::to_sparql;
use crate::web::address::Address;
use crate::web::media::Media;
use crate::web::site::Site;
use maud::{Markup, html};
use oxigraph::model::Term;
use spargebra::Query;

/// The formats of rows and of yes or no.
pub(in crate::web) const ROW_FORMATS: [Media; 5] = [
    Media::Results(ResultFormat::Csv),
    Media::Results(ResultFormat::Json),
    Media::Results(ResultFormat::Tsv),
    Media::Results(ResultFormat::Xml),
    Media::Results(ResultFormat::Markdown),
];

/// The formats of graphs.
pub(in crate::web) const GRAPH_FORMATS: [Media; 4] = [
    Media::Graph(GraphFormat::Turtle),
    Media::Graph(GraphFormat::TriG),
    Media::Graph(GraphFormat::JsonLd),
    Media::Graph(GraphFormat::NTriples),
];

/// Returns the formats of the answer to a query.
pub(in crate::web) const fn formats_of(query: &Query) -> &'static [Media] {
    match query {
        Query::Construct { .. } | Query::Describe { .. } => &GRAPH_FORMATS,
        Query::Select { .. } | Query::Ask { .. } => &ROW_FORMATS,
    }
}

/// The arguments of a query, in order.
pub(in crate::web) type Arguments = Vec<(String, String)>;

/// What became of the arguments.
enum Outcome {
    /// None are given, although some are needed.
    Open,
    /// Some are wrong.
    Refused(Vec<Diagnostic>),
    /// The query was asked.
    Answered { arguments: Arguments, asked: Box<(BoundQuery, Results)> },
}

/// Returns the page of a saved query with arguments, and the status code.
///
/// # Errors
/// Fails if there is no such query, or it cannot be evaluated.
pub(super) fn question(
    site: &Site,
    name: &str,
    arguments: &[(String, String)],
) -> Result<(u16, Markup)> {
    let session = &site.session;
    let saved = site.saved_query(name)?;
    let needs_arguments = saved.parameters.iter().any(Parameter::is_required);
    let outcome = if arguments.is_empty() && needs_arguments {
        Outcome::Open
    } else {
        match session.bind(&saved, arguments) {
            Ok(query) => Outcome::Answered {
                arguments: canonical(session, &saved, arguments, &query),
                asked: Box::new((query.clone(), Results::read(session, &query)?)),
            },
            Err(error) if error.kind == ErrorKind::Usage => Outcome::Refused(error.problems),
            Err(error) => return Err(error),
        }
    };
    let shown = match &outcome {
        Outcome::Answered { arguments, .. } => arguments.as_slice(),
        Outcome::Open | Outcome::Refused(_) => arguments,
    };
    let controls = if saved.parameters.is_empty() {
        Markup::default()
    } else if site.links.are_live() {
        form(&saved, &fields(session, &saved, shown)?, &site.links)
    } else {
        choices(site, &saved, shown)?
    };
    let status = if matches!(outcome, Outcome::Refused(_)) { 400 } else { 200 };
    Ok((status, write(site, &saved, arguments, &controls, &outcome)?))
}

/// Returns arguments in the order of the parameters, with things by the names that they have in addresses.
pub(super) fn canonical(
    session: &Session,
    saved: &SavedQuery,
    given: &[(String, String)],
    bound: &BoundQuery,
) -> Arguments {
    let value = |term: &Term| match term {
        Term::NamedNode(iri) => name_of(session, iri),
        Term::Literal(literal) => literal.value().to_owned(),
        term => term.to_string(),
    };
    let mut arguments = Vec::new();
    for parameter in &saved.parameters {
        let name = &parameter.declaration.name;
        if !given.iter().any(|(given, _)| given == name) {
            continue;
        }
        let values = match bound.values.get(&parameter.declaration.variable) {
            Some(Binding::One(term)) => vec![value(term)],
            Some(Binding::Several(terms)) => terms.iter().map(value).collect(),
            Some(Binding::Absent) | None => Vec::new(),
        };
        arguments.extend(values.into_iter().map(|value| (name.clone(), value)));
    }
    arguments
}

fn write(
    site: &Site,
    saved: &SavedQuery,
    given: &[(String, String)],
    controls: &Markup,
    outcome: &Outcome,
) -> Result<Markup> {
    let links = &site.links;
    let title = title_of(saved);
    let arguments = match outcome {
        Outcome::Answered { arguments, .. } => arguments.clone(),
        Outcome::Open | Outcome::Refused(_) => Vec::new(),
    };
    let (answer, offered) = match outcome {
        Outcome::Answered { asked, .. } => {
            let (query, results) = asked.as_ref();
            (results.write(site)?, formats_of(&query.query))
        }
        Outcome::Open | Outcome::Refused(_) => (Markup::default(), &[][..]),
    };
    let words = argument_words(&site.session, saved, &arguments)?;
    let full_title = if words.is_empty() { title.clone() } else { format!("{title} {words}") };
    let address = Address::Question { name: saved.name.clone(), arguments };
    let content = html! {
        h1 { (title) }
        @if !saved.front_matter.description.is_empty() {
            p class="lead" { (with_code(&saved.front_matter.description)) }
        }
        @if let Outcome::Refused(problems) = outcome {
            @for problem in problems {
                (message(&without_usage(problem)))
                (suggestion(site, saved, given, problem))
            }
        }
        (controls)
        (formats(links, &address, offered))
        (answer)
        (folded_code("The query", split_front_matter(&saved.text).1))
        @if let Outcome::Answered { asked, .. } = outcome {
            @let edited = Address::Query(editable(site, saved, &asked.0));
            @if links.has(&edited) { p { a href=(links.to(&edited)) { "Edit this query" } } }
        }
    };
    let page = Page { title: &full_title, address: Some(&address), formats: offered, content };
    Ok(page.write(&name_of_dossier(site)?, links))
}

/// Returns the question in words, or else the name of the query.
pub(in crate::web) fn title_of(saved: &SavedQuery) -> String {
    match saved.front_matter.summary.trim() {
        "" => shown(&saved.name),
        summary => shown(summary),
    }
}

/// Removes how the query is called on a command line.
fn without_usage(problem: &Diagnostic) -> Diagnostic {
    Diagnostic { remarks: Vec::new(), ..problem.clone() }
}

/// Writes the links to what was probably meant. All other arguments stay.
fn suggestion(
    site: &Site,
    saved: &SavedQuery,
    given: &[(String, String)],
    problem: &Diagnostic,
) -> Markup {
    let help = problem.help.as_deref().unwrap_or_default();
    let parts: Vec<&str> = help.split('`').collect();
    let meant = parts.iter().skip(1).step_by(2).filter_map(|part| {
        let word = shlex::split(part)?.into_iter().next()?;
        let (name, value) = word.split_once('=')?;
        let is_parameter = |known: &&Parameter| known.declaration.name == name;
        saved.parameters.iter().find(is_parameter)?;
        let is_same = |(given, _): &&(String, String)| given == name;
        let mut arguments = match given.iter().filter(is_same).count() {
            0 | 1 => given.to_vec(),
            // Of several values, it is not known which one was wrong.
            _ => return None,
        };
        arguments.retain(|(given, _)| given != name);
        arguments.push((name.to_owned(), value.to_owned()));
        Some((value.to_owned(), Address::Question { name: saved.name.clone(), arguments }))
    });
    let meant: Vec<(String, Address)> = meant.collect();
    html! {
        @if help.starts_with("did you mean") {
            @for (value, address) in &meant {
                p class="meant" { "Ask with " a href=(site.links.to(address)) { (shown(value)) } }
            }
        }
    }
}

/// Returns the text of a query that can be edited and asked: with the values of its parameters.
fn editable(site: &Site, saved: &SavedQuery, bound: &BoundQuery) -> String {
    if saved.parameters.is_empty() {
        split_front_matter(&saved.text).1.to_owned()
    } else {
        to_sparql(&bound.query, site.session.prefixes())
    }
}
