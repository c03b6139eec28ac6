//! The tool that finds questions, things, documents and quotes by words.

use crate::diagnostic::{Result, did_you_mean};
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::quotation::in_quotes;
use crate::mcp::schema::Parameter;
use crate::mcp::text::line;
use crate::mcp::toolbox::Blueprint;
use crate::search::{Hit, HitKind, HitPlace, HitTarget, SearchIndex, SearchOptions, SearchResults};
use crate::session::Session;
use crate::vocabulary::{ALL_NAMES, Labels};
use oxigraph::model::{NamedNode, NamedOrBlankNode};

/// The most hits of each kind that have all words.
const MOST_HITS: usize = 10;

/// The most hits of each kind that have some of the words.
const MOST_OTHERS: usize = 5;

/// The length of a text, in characters.
const EXCERPT: usize = 300;

/// Returns the tool.
pub(in crate::mcp) fn tool() -> Blueprint {
    Blueprint {
        name: "find",
        title: "Find by words",
        description: "Find saved questions, things, documents and quotes by words. Start here if no question fits.".to_owned(),
        parameters: vec![Parameter::text("text", "a name or a few words").required()],
        action: Action::Find,
    }
}

/// Finds what has all words or, if there is nothing, what has some of them.
///
/// # Errors
/// Fails if there are no words, or the store fails.
pub(in crate::mcp) fn find(
    session: &Session,
    index: &SearchIndex,
    arguments: &Arguments,
) -> Result<ToolResult> {
    arguments.check(&["text"])?;
    let text = arguments.required("text", "India")?;
    let options = SearchOptions { kinds: &[], most: MOST_HITS, cite: false, any: false };
    let found = index.find(session, &text, options)?;
    if !found.hits.is_empty() {
        return Ok(ToolResult::of(listed(session, &found)?));
    }
    let mut answer = format!("Nothing has all words of {}.\n", in_quotes(&text));
    for (word, near) in &found.missing {
        let near = near.as_ref().map(|near| format!(": {}", did_you_mean(near)));
        answer.push_str(&format!(
            "{} occurs nowhere{}\n",
            in_quotes(word),
            near.unwrap_or_default()
        ));
    }
    let some = SearchOptions { most: MOST_OTHERS, any: true, ..options };
    let some = index.find(session, &text, some)?;
    if some.hits.is_empty() {
        answer.push_str("Try other words, or call `schema` to see what the dossier is about.\n");
    } else {
        answer.push_str(&format!("\nThese have some of the words:\n\n{}", listed(session, &some)?));
    }
    Ok(ToolResult::of(answer))
}

/// Returns what is said above the hits of a kind: what they are, and the tool that leads on.
const fn heading(kind: HitKind) -> &'static str {
    match kind {
        HitKind::Query => "Questions (each is a tool, or the `name` of `run_question`)",
        HitKind::Document => "Documents (call `read`)",
        HitKind::Thing => "Things (call `show` with the name in backticks)",
        HitKind::Term => "Classes and properties (call `schema` or `show`)",
        HitKind::Claim => "Claims, by their quotes (call `show` with the name of the claim)",
        HitKind::Omission => "Omissions, by their quotes: left out of the claims on purpose",
        HitKind::Passage => {
            "Passages that these claims do not quote (call `read` with the document)"
        }
    }
}

/// Lists hits by kind, each kind with the tool that leads on.
fn listed(session: &Session, found: &SearchResults) -> Result<String> {
    let labels = session.labels(found.hits.iter().filter_map(|hit| match &hit.target {
        HitTarget::Resource(NamedOrBlankNode::NamedNode(iri)) => Some(iri),
        _ => None,
    }))?;
    let mut text = String::new();
    for kind in HitKind::ALL {
        let mut these = found.hits.iter().filter(|hit| hit.kind == kind).peekable();
        if these.peek().is_none() {
            continue;
        }
        text.push_str(&format!("{}:\n", heading(kind)));
        for hit in these {
            text.push_str(&format!("- {}\n", entry(session, hit, &labels)));
        }
        if let Some((_, more)) = found.omitted.iter().find(|(omitted, _)| *omitted == kind) {
            text.push_str(&format!("- and {more} more: add a word to narrow them down\n"));
        }
        text.push('\n');
    }
    Ok(text)
}

/// Returns a hit in a line: its words, and the name by which tools know it.
fn entry(session: &Session, hit: &Hit, labels: &Labels) -> String {
    let text = hit.excerpt(EXCERPT).text;
    let show = |iri: &NamedNode| line(&session.prefixes().show(iri));
    let (name, title) = match &hit.target {
        HitTarget::Query(name) => (line(name), line(&text)),
        HitTarget::Resource(NamedOrBlankNode::BlankNode(_)) => return in_quotes(&text),
        HitTarget::Resource(NamedOrBlankNode::NamedNode(iri)) => {
            (show(iri), labels.get(iri).map_or_else(|| show(iri), line))
        }
    };
    match (hit.kind, &hit.place) {
        (_, Some(HitPlace::Passage(_, place))) => {
            format!("{} (`{name}`, {})", in_quotes(&text), place.short())
        }
        (HitKind::Claim | HitKind::Omission, _) => format!("{} (`{name}`)", in_quotes(&text)),
        (_, Some(HitPlace::Property(property))) if !ALL_NAMES.contains(&property.as_ref()) => {
            format!("{title} (`{name}`), {}: {}", show(property), in_quotes(&text))
        }
        (_, Some(HitPlace::Property(_))) if text != title => {
            format!("{title} (`{name}`), also called {}", in_quotes(&text))
        }
        _ => format!("{title} (`{name}`)"),
    }
}
