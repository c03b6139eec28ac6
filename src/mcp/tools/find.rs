//! The tool that finds questions, things, documents and quotes by words.

use crate::diagnostic::Result;
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::quotation::in_quotes;
use crate::mcp::schema::Parameter;
use crate::mcp::text::{abridged, line};
use crate::mcp::toolbox::Blueprint;
use crate::session::Session;
use crate::vocabulary::folded;
use crate::web::{self, Kind};
use std::collections::HashMap;

/// The most hits of each kind.
const MOST_HITS: usize = 10;

/// The most words that are looked for on their own.
const MOST_WORDS: usize = 20;

/// The shortest word that is looked for on its own, in letters: shorter ones stand everywhere.
const SHORTEST_WORD: usize = 3;

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

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Hit {
    kind: Kind,
    title: String,
    name: String,
}

/// Returns, for each of some texts, what has all of its words. This is the only place that calls the search.
fn hits(session: &Session, texts: &[&str]) -> Result<Vec<Vec<Hit>>> {
    let hit = |(kind, title, name)| Hit { kind, title, name };
    let found = web::hits(session, texts)?;
    Ok(found.into_iter().map(|hits| hits.into_iter().map(hit).collect()).collect())
}

/// Finds what has all words or, if there is nothing, the rarest of them.
///
/// # Errors
/// Fails if the store fails.
pub(in crate::mcp) fn find(session: &Session, arguments: &Arguments) -> Result<ToolResult> {
    arguments.check(&["text"])?;
    let text = arguments.required("text", "India")?;
    let words = words_of(&text);
    let mut texts = vec![text.as_str()];
    texts.extend(words.iter().map(String::as_str));
    let mut found = hits(session, &texts)?;
    let of_words = found.split_off(1);
    let found = found.concat();
    if !found.is_empty() {
        return Ok(ToolResult::of(listed(&found)));
    }
    let mut answer = format!("Nothing has all words of {}.\n", in_quotes(&text));
    if session.store().capabilities().can_scan {
        let names = session.names()?;
        if let Some(near) = names.nearest_where(&text, |_| true) {
            answer.push_str(&format!("Did you mean {}?\n", in_quotes(near)));
        }
    } else {
        answer.push_str(
            "The data is behind an endpoint, so only saved questions were searched: call `show` with a whole name.\n",
        );
    }
    let some = with_rarest(of_words);
    if some.is_empty() {
        answer.push_str("Try other words, or call `schema` to see what the dossier is about.\n");
    } else {
        answer.push_str(&format!("\nThese have some of the words:\n\n{}", listed(&some)));
    }
    Ok(ToolResult::of(answer))
}

/// Returns the words of a text that are looked for on their own.
fn words_of(text: &str) -> Vec<String> {
    let folded = folded(text);
    let mut words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= SHORTEST_WORD)
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words.dedup();
    words.truncate(MOST_WORDS);
    words
}

/// Returns what has the rarest of some words, the best first. `found` is what each word has.
fn with_rarest(found: Vec<Vec<Hit>>) -> Vec<Hit> {
    let mut scores: HashMap<Hit, usize> = HashMap::new();
    let most = found.iter().map(Vec::len).max().unwrap_or_default();
    for hits in found.into_iter().filter(|hits| !hits.is_empty()) {
        // A word that stands everywhere, such as an article, says nothing.
        let weight = 100 * most / hits.len();
        for hit in hits {
            *scores.entry(hit).or_default() += weight;
        }
    }
    let best = scores.values().max().copied().unwrap_or_default();
    let mut hits: Vec<(Hit, usize)> =
        scores.into_iter().filter(|(_, score)| 3 * score >= best).collect();
    hits.sort_by(|(a, one), (b, other)| other.cmp(one).then_with(|| a.name.cmp(&b.name)));
    hits.into_iter().map(|(hit, _)| hit).collect()
}

/// Lists hits by kind, each kind with the tool that leads on.
fn listed(hits: &[Hit]) -> String {
    let mut text = String::new();
    for (kind, heading) in [
        (Kind::Question, "Questions (each is a tool, or the `name` of `run_question`)"),
        (Kind::Thing, "Things (call `show` with the name in backticks)"),
        (Kind::Document, "Documents (call `read`)"),
        (Kind::Quote, "Quotes of claims (call `show` with the name of the claim)"),
    ] {
        let these: Vec<&Hit> = hits.iter().filter(|hit| hit.kind == kind).collect();
        if these.is_empty() {
            continue;
        }
        text.push_str(&format!("{heading}:\n"));
        for hit in these.iter().take(MOST_HITS) {
            let title = abridged(&hit.title, 300);
            let title = if kind == Kind::Quote { in_quotes(&title) } else { line(&title) };
            text.push_str(&format!("- {title} (`{}`)\n", line(&hit.name)));
        }
        if these.len() > MOST_HITS {
            text.push_str(&format!(
                "- and {} more: add a word to narrow them down\n",
                these.len() - MOST_HITS
            ));
        }
        text.push('\n');
    }
    text
}
