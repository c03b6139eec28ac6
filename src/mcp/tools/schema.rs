//! The tool that shows what can be asked: classes and properties with their numbers, and what things of a class have.

use crate::diagnostic::Result;
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::schema::Parameter;
use crate::mcp::text::{abridged, line};
use crate::mcp::toolbox::Blueprint;
use crate::mcp::tools::drafting::declared_terms;
use crate::session::{Data, Session};
use crate::vocabulary::{folded, is_of_ontology_language};
use oxigraph::model::{NamedNode, Term};
use std::cmp::Reverse;

/// The longest text, in bytes: a schema is read before anything else.
const MOST_BYTES: usize = 4_000;

/// The most properties of a class.
const MOST_PROPERTIES: usize = 40;

/// Returns the tool.
pub(in crate::mcp) fn tool() -> Blueprint {
    Blueprint {
        name: "schema",
        title: "Show the schema",
        description: "Show the classes, properties and prefixes of the data, with numbers; or the properties of one class, with examples.".to_owned(),
        parameters: vec![Parameter::text("class", "a class, by label or CURIE")],
        action: Action::Schema,
    }
}

/// Shows the schema of the data, or of a class.
///
/// # Errors
/// Fails if nothing has the name of the class, or the store fails.
pub(in crate::mcp) fn schema(session: &Session, arguments: &Arguments) -> Result<ToolResult> {
    arguments.check(&["class"])?;
    match arguments.text("class")? {
        Some(class) => of_class(session, &class),
        None if session.store().capabilities().asks_by_request => of_ontology(session),
        None => whole(session),
    }
}

/// Returns a term with its label, unless that says the same.
fn named(session: &Session, iri: &NamedNode) -> Result<String> {
    let curie = session.prefixes().show(iri);
    let labels = session.labels([iri])?;
    let bare = |text: &str| folded(text).replace(|c: char| !c.is_alphanumeric(), "");
    let local = curie.rsplit_once(':').map_or(curie.as_str(), |(_, local)| local);
    Ok(match labels.get(iri).filter(|label| bare(label) != bare(local)) {
        Some(label) => format!("`{}` ({})", line(&curie), line(label)),
        None => format!("`{}`", line(&curie)),
    })
}

/// Lists the terms that the ontology declares: to count what is behind an endpoint would take all of it.
fn of_ontology(session: &Session) -> Result<ToolResult> {
    let mut text =
        "The data is behind an endpoint, so nothing was counted. The ontology declares:\n\n"
            .to_owned();
    let own = Session::open(session.dossier().clone(), &Data::Dossier)?;
    let terms = declared_terms(&own.with_limits(session.limits()))?;
    let count = terms.len();
    for (i, term) in terms.into_iter().enumerate() {
        let term = abridged(&term, 120);
        if text.len() + term.len() > MOST_BYTES - 50 {
            text.push_str(&format!("- and {} more\n", count - i));
            break;
        }
        text.push_str(&format!("{term}\n"));
    }
    Ok(ToolResult::of(text))
}

fn whole(session: &Session) -> Result<ToolResult> {
    let statistics = session.statistics()?;
    // What an ontology is made of says nothing of what the data is about.
    let is_of_domain = |(name, _): &(&NamedNode, _)| !is_of_ontology_language(name.as_ref());
    let mut classes: Vec<_> = statistics.classes.iter().filter(is_of_domain).collect();
    classes.sort_by_key(|(name, count)| (Reverse(**count), (*name).clone()));
    let mut properties: Vec<_> =
        statistics.properties.iter().map(|(name, property)| (name, property.triples)).collect();
    properties.sort_by_key(|(name, count)| (Reverse(*count), (*name).clone()));
    let prefixes: Vec<String> =
        session.prefixes().iter().map(|(prefix, _)| format!("{}:", line(prefix))).collect();
    let prefixes = format!("\nPrefixes that need no declaration: {}\n", prefixes.join(" "));
    let prefixes = abridged(&prefixes, 1_000);
    let room = MOST_BYTES - prefixes.len() - 30;
    let mut text = format!("{} statements.\n", statistics.triples);
    let classes: Vec<_> = classes.into_iter().map(|(name, count)| (name, *count)).collect();
    section(
        session,
        "Classes (number of things; `class` for more)",
        &classes,
        room / 2,
        &mut text,
    )?;
    section(session, "Properties (number of statements)", &properties, room, &mut text)?;
    Ok(ToolResult::of(text + &prefixes))
}

/// Writes terms with their numbers, as many as there is room for up to a length of the text.
fn section(
    session: &Session,
    heading: &str,
    terms: &[(&NamedNode, u64)],
    most: usize,
    text: &mut String,
) -> Result<()> {
    text.push_str(&format!("\n{heading}:"));
    for (i, (name, count)) in terms.iter().enumerate() {
        let entry = format!("{} {} {count}", if i == 0 { "" } else { "," }, named(session, name)?);
        if text.len() + entry.len() > most {
            text.push_str(&format!(", and {} more", terms.len() - i));
            break;
        }
        text.push_str(&entry);
    }
    text.push('\n');
    Ok(())
}

fn of_class(session: &Session, name: &str) -> Result<ToolResult> {
    let class = session.entity(name)?.iri;
    let query = format!(
        "SELECT ?property (COUNT(*) AS ?count) (SAMPLE(?value) AS ?example) WHERE {{ ?thing a <{0}> ; ?property ?value }} \
         GROUP BY ?property ORDER BY DESC(?count) ?property LIMIT {MOST_PROPERTIES}",
        class.as_str()
    );
    let query = session.ad_hoc_query("schema", &query, &[])?;
    let mut lines = Vec::new();
    for row in session.answer(&query, None, None)?.rows().into_iter().flatten() {
        let row = row?.solution;
        let [Some(Term::NamedNode(property)), Some(Term::Literal(count)), example] = row.values()
        else {
            continue;
        };
        let example = match example {
            Some(Term::NamedNode(iri)) => named(session, iri)?,
            Some(Term::Literal(literal)) => abridged(&line(&literal.to_string()), 80),
            _ => "…".to_owned(),
        };
        lines.push(format!("- {} {}, such as {example}", named(session, property)?, count.value()));
    }
    if lines.is_empty() {
        return Ok(ToolResult::of(format!(
            "Nothing has the class {}. Call `schema` without `class` for the classes that have things.\n",
            named(session, &class)?
        )));
    }
    let mut text = format!(
        "Things of the class {} have these properties, so many times:\n\n",
        named(session, &class)?
    );
    for line in lines {
        if text.len() + line.len() > MOST_BYTES {
            text.push_str("- …\n");
            break;
        }
        text.push_str(&format!("{line}\n"));
    }
    Ok(ToolResult::of(text))
}
