//! Claims, omissions and documents: whether each has one quote, which occurs once in one text.

use super::CheckCounts;
use super::absent_quote::{AbsentQuotes, BROKEN_LINES};
use super::files::Files;
use super::quote_context;
use super::suggestions::Suggestions;
use super::twice::Graphs;
use crate::claim::{Claim, Misplaced};
use crate::diagnostic::{Diagnostic, did_you_mean, nearest};
use crate::dossier::{NotOneQuote, last_part};
use crate::vocabulary::dos;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Reports what is wrong with them. `unknown` are the names that are reported as unknown.
pub(super) fn check(
    files: &Files<'_>,
    unknown: &HashSet<NamedNode>,
    checked: &mut CheckCounts,
    findings: &mut Vec<Diagnostic>,
) {
    *checked = CheckCounts {
        documents: files.documents.len(),
        claims: files.claims.len(),
        omissions: files.omissions.len(),
        ..*checked
    };
    let first = findings.len();
    let mut absent = HashMap::new();
    let misnamed = misnamed_graphs(files);
    let graphs = Graphs::of(files);
    // The claims whose graphs have the names of others before them.
    let mut unnamed: HashMap<&NamedNode, &NamedNode> = HashMap::new();
    // The graphs whose heads have the names of others before them.
    let mut renamed: HashSet<&NamedNode> = HashSet::new();
    for (claim, &heads) in &files.claims {
        if heads > 1 {
            findings.push(graphs.heads(claim, "claim", heads));
            renamed.extend(graphs.after_second_head(claim));
        }
        let lacks_graph = !files.graphs.contains(claim);
        let second = if lacks_graph { graphs.misnamed_after(claim) } else { None };
        unnamed.extend(second.map(|graph| (graph, claim)));
        // The graph that has nearly its name, or that of another claim, is reported instead.
        let is_reported = second.is_some() || misnamed.values().any(|meant| *meant == claim);
        if lacks_graph && heads < 2 && !is_reported {
            let message = format!("the claim {} states nothing", files.show(claim));
            findings.push(
                at_head("head-without-graph", files, claim, message)
                    .help(missing_graph(files, claim)),
            );
        }
        quotation(files, (claim, "claim"), unknown, &mut absent, findings);
    }
    for (omission, &heads) in &files.omissions {
        if heads > 1 {
            findings.push(graphs.heads(omission, "omission", heads));
        }
        quotation(files, (omission, "omission"), unknown, &mut absent, findings);
        let count = files.strings(omission, dos::REASON).len();
        let is_reported = match count {
            0 => is_misspelt(files, omission, unknown, "reason"),
            _ => heads > 1,
        };
        if count != 1 && !is_reported {
            findings.push(not_one(files, omission, "omission", count, "reason", "dos:reason"));
        }
    }
    let quotations = findings.split_off(first);
    findings.extend(broken_lines_once(quotations));
    unknown_documents(files, unknown, findings);
    let is_reported =
        |graph: &&NamedNode| renamed.contains(*graph) || files.is_mistyped(graph, unknown);
    for graph in files.graphs.iter().filter(|graph| !is_reported(graph)) {
        let claim = unnamed.get(graph).copied();
        check_graph(files, (misnamed.get(graph).copied(), claim), graph, &graphs, findings);
    }
    if files.has_nameless_graph() {
        let message = "a graph has no IRI, so no claim can name it";
        findings.push(
            Diagnostic::error("graph-without-head", message).help("give it the IRI of its claim"),
        );
    }
}

/// Says what to do about a claim without statements: its graph may be there without its name, or empty.
fn missing_graph(files: &Files<'_>, claim: &NamedNode) -> String {
    let shown = files.prefixes.show(claim);
    let omission = "make it a `dos:Omission` with a `dos:reason`";
    if let Some(nameless) = files.nameless_graph_after(claim) {
        return format!("write its name before its graph in line {}: `{shown} {{`", nameless.line);
    }
    match files.graph_places(claim).first() {
        Some(empty) => format!(
            "its graph in line {} is empty: write a statement in it, or remove it and {omission}",
            empty.line
        ),
        None => format!("write its graph: `{shown} {{ … }}`, or {omission}"),
    }
}

/// Returns the graphs whose names are nearly those of claims, with the claims. Claims without a graph come first.
fn misnamed_graphs<'f>(files: &'f Files<'_>) -> HashMap<&'f NamedNode, &'f NamedNode> {
    let is_stray =
        |graph: &&NamedNode| !files.claims.contains_key(*graph) && !files.is_described(graph);
    let mut stray = files.graphs.iter().filter(is_stray).peekable();
    if stray.peek().is_none() {
        return HashMap::new();
    }
    let shown: HashMap<String, &NamedNode> =
        files.claims.keys().map(|claim| (files.prefixes.show(claim), claim)).collect();
    let suggestions = |has_graph: bool| {
        let claims = shown.iter().filter(|(_, claim)| files.graphs.contains(**claim) == has_graph);
        Suggestions::new(claims.map(|(name, _)| name.clone()))
    };
    let (empty, others) = (suggestions(false), suggestions(true));
    let near = |graph: &'f NamedNode| {
        // A name that ends with a colon, for example, is shown as a whole IRI.
        let bare = graph.as_str().trim_end_matches(|c: char| !c.is_alphanumeric());
        let bare =
            NamedNode::new(bare).ok().filter(|_| files.prefixes.show(graph).starts_with('<'));
        let name = files.prefixes.show(bare.as_ref().unwrap_or(graph));
        if shown.contains_key(&name) {
            return Some((graph, *shown.get(&name)?));
        }
        let near = empty.near(&name).or_else(|| others.near(&name))?;
        Some((graph, *shown.get(near)?))
    };
    stray.filter_map(near).collect()
}

/// Checks that a graph has the head of a claim, and is written in one place. `near` is the claim that has nearly its name,
/// and `unnamed` the claim whose graph the second one is.
fn check_graph(
    files: &Files<'_>,
    (near, unnamed): (Option<&NamedNode>, Option<&NamedNode>),
    name: &NamedNode,
    graphs: &Graphs<'_>,
    findings: &mut Vec<Diagnostic>,
) {
    let is_claim = files.claims.contains_key(name);
    // Counting lines takes time, and nearly all graphs are right.
    if is_claim && files.times_written(name) < 2 {
        return;
    }
    let places = files.graph_places(name);
    if !is_claim {
        let message = format!("the graph {} is not a claim", files.show(name));
        let finding = Diagnostic::error("graph-without-head", message);
        findings.push(finding.at(places.first().cloned()).about(name).help(match near {
            _ if files.omissions.contains_key(name) => {
                "an omission states nothing: remove its graph, or make it a `dos:Claim`".to_owned()
            }
            _ if has_head_inside(files, name) => format!(
                "its head stands inside the graph: write it before `{} {{`",
                files.prefixes.show(name)
            ),
            _ if files.is_described(name) => {
                format!("declare it in its head: `{} a dos:Claim`", files.prefixes.show(name))
            }
            Some(near) => {
                let question = did_you_mean(files.prefixes.show(near));
                format!("{question} A claim is a head and a graph with the same IRI")
            }
            None => format!(
                "write its head before it: `{} a dos:Claim ; dos:document … ; dos:quote \"…\" .`",
                files.prefixes.show(name)
            ),
        }));
    }
    // A head that is written twice is reported with its graph.
    let has_two_heads = files.claims.get(name).is_some_and(|heads| *heads > 1);
    if let ([first, second, ..], false) = (places.as_slice(), has_two_heads) {
        findings.push(graphs.graph(name, [first, second], places.len(), unnamed));
    }
}

/// Returns whether the head of a claim is written inside its graph.
pub(super) fn has_head_inside(files: &Files<'_>, name: &NamedNode) -> bool {
    files.data_quads().any(|quad| {
        quad.subject == NamedOrBlankNode::from(name.clone())
            && quad.graph_name == GraphName::from(name.clone())
            && [dos::QUOTE, dos::DOCUMENT].contains(&quad.predicate.as_ref())
    })
}

/// Checks that a claim or an omission has one quote and one document, and that the quote occurs once in the document.
fn quotation<'a>(
    files: &'a Files<'_>,
    (thing, kind): (&NamedNode, &str),
    unknown: &HashSet<NamedNode>,
    absent: &mut HashMap<NamedNode, AbsentQuotes<'a>>,
    findings: &mut Vec<Diagnostic>,
) {
    let quotes = files.strings(thing, dos::QUOTE);
    let documents = files.iris(thing, dos::DOCUMENT);
    // A claim that is written twice has two quotes and perhaps two documents.
    let heads = files.claims.get(thing).or(files.omissions.get(thing));
    let most = if heads.is_some_and(|heads| *heads > 1) { usize::MAX } else { 1 };
    // (A thing is the wrong kind of value, which is reported as such.)
    let is_misspelt = |name| {
        is_misspelt(files, thing, unknown, name)
            || name == "quote" && !files.iris(thing, dos::QUOTE).is_empty()
    };
    if quotes.is_empty() && !is_misspelt("quote") || quotes.len() > most {
        findings.push(not_one(files, thing, kind, quotes.len(), "quote", "dos:quote"));
    }
    // (A literal is the wrong kind of value, which is reported as such.)
    let has_document = !documents.is_empty() || !files.strings(thing, dos::DOCUMENT).is_empty();
    if documents.len() > most || !has_document && !is_misspelt("document") {
        findings.push(not_one(files, thing, kind, documents.len(), "document", "dos:document"));
    }
    let (Some(quote), Some(document)) = (only(&quotes), only(&documents)) else { return };
    if !files.documents.contains(document) {
        return;
    }
    let claim = Claim::read(thing.clone(), files.properties_of(thing), &files.texts);
    let (Err(Misplaced::Text(why)), Ok(text)) = (claim.place(), files.texts.of(document.as_str()))
    else {
        return;
    };
    // That the text is empty is reported once.
    if text.text().trim().is_empty() {
        return;
    }
    let (id, message, help) = match why {
        NotOneQuote::Ambiguous(count) => (
            "quote-ambiguous",
            format!("occurs {count} times in {}", files.show(document)),
            "select one with `oa:prefix` or `oa:suffix`: the words right before or after it"
                .to_owned(),
        ),
        NotOneQuote::Absent => {
            match claim.quotes.first().and_then(|it| quote_context::help(text, it)) {
                Some((property, help)) => (
                    "quote-absent",
                    format!("does not occur at its `{property}` in {}", files.show(document)),
                    help,
                ),
                None => (
                    "quote-absent",
                    format!("does not occur in {}", files.show(document)),
                    elsewhere(files, document, quote).unwrap_or_else(|| {
                        absent
                            .entry(document.clone())
                            .or_insert_with(|| AbsentQuotes::of(text))
                            .help(quote)
                    }),
                ),
            }
        }
    };
    let message = format!("the quote of {} {message}", files.show(thing));
    let place = files.outside(thing, &dos::QUOTE.into_owned()).or_else(|| files.subject(thing));
    let finding = Diagnostic::error(id, message).at(place).about(thing);
    findings.push(finding.note(format!("“{quote}”")).help(help));
}

/// Returns whether the head of a claim or an omission has an unknown property that is probably meant to be the one of
/// this name. It is reported as unknown.
fn is_misspelt(
    files: &Files<'_>,
    thing: &NamedNode,
    unknown: &HashSet<NamedNode>,
    name: &str,
) -> bool {
    const NAMES: [&str; 4] = ["quote", "document", "reason", "reading"];
    files.properties_of(thing).iter().any(|(property, value)| {
        unknown.contains(property)
            && match nearest(last_part(property.as_str()), NAMES) {
                Some(near) => near == name,
                None => value.is_literal() == (name != "document"),
            }
    })
}

/// Keeps the first finding about paragraphs that are broken into lines, which many quotes have in common.
fn broken_lines_once(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let is_broken = |finding: &Diagnostic| finding.help.as_deref() == Some(BROKEN_LINES);
    let more = findings.iter().filter(|finding| is_broken(finding)).count().saturating_sub(1);
    let mut is_first = true;
    let mut kept = Vec::with_capacity(findings.len());
    for finding in findings {
        if !is_broken(&finding) {
            kept.push(finding);
        } else if std::mem::take(&mut is_first) {
            kept.push(match more {
                0 => finding,
                1 => finding.note("1 other quote is broken in the same way"),
                more => finding.note(format!("{more} other quotes are broken in the same way")),
            });
        }
    }
    kept
}

/// Returns the help for a quote that stands in another document than the one that its claim names. Single words stand
/// in many documents.
fn elsewhere(files: &Files<'_>, named: &NamedNode, quote: &str) -> Option<String> {
    const FEWEST_WORDS: usize = 3;
    if quote.split_whitespace().count() < FEWEST_WORDS {
        return None;
    }
    let others = files.documents.iter().filter(|document| *document != named);
    let found: Vec<String> = others
        .filter(|document| {
            let text = files.texts.of(document.as_str());
            text.is_ok_and(|text| text.text().contains(quote))
        })
        .map(|document| files.prefixes.show(document))
        .collect();
    match found.as_slice() {
        [] => None,
        [only] => Some(format!("the words occur in `{only}`: write `dos:document {only}`")),
        several => Some(format!(
            "the words occur in other documents: write `dos:document` and one of `{}`",
            several.join("`, `")
        )),
    }
}

/// Reports quoted resources that are not documents: one finding for each, however many claims quote it.
fn unknown_documents(
    files: &Files<'_>,
    names: &HashSet<NamedNode>,
    findings: &mut Vec<Diagnostic>,
) {
    let mut unknown: BTreeMap<NamedNode, Vec<&NamedNode>> = BTreeMap::new();
    for thing in files.claims.keys().chain(files.omissions.keys()) {
        for document in files.iris(thing, dos::DOCUMENT) {
            if !files.documents.contains(&document) && !files.is_mistyped(&document, names) {
                unknown.entry(document).or_default().push(thing);
            }
        }
    }
    let all = Suggestions::new(files.documents.iter().map(|iri| files.prefixes.show(iri)));
    for (document, things) in unknown {
        let [first, more @ ..] = things.as_slice() else { continue };
        let shown = files.prefixes.show(&document);
        let has_text = || {
            let stem = last_part(document.as_str());
            files.text_sources.iter().any(|source| source.stem == stem)
        };
        let is_described = files.is_described(&document);
        let help = match all.near(&shown) {
            _ if is_described || has_text() => {
                format!("declare it in a file of `data/`: `{shown} a dos:Document`")
            }
            Some(near) => did_you_mean(near),
            None => "declare a `dos:Document`, and save its text in `data/documents/`".to_owned(),
        };
        let message = format!(
            "{} quotes {}, which is not a document",
            files.show(first),
            files.show(&document)
        );
        let finding = at_head("unknown-document", files, first, message).help(help);
        findings.push(match more.len() {
            0 => finding,
            1 => finding.note("so does 1 other claim or omission"),
            more => finding.note(format!("so do {more} other claims and omissions")),
        });
    }
}

/// Returns the finding for a property that must have exactly one value.
fn not_one(
    files: &Files<'_>,
    thing: &NamedNode,
    kind: &str,
    count: usize,
    what: &str,
    property: &str,
) -> Diagnostic {
    let shown = files.show(thing);
    // The ids are written out, so that they can be found in the code.
    let (none, several) = match what {
        "quote" => ("no-quote", "several-quotes"),
        "document" => ("no-document", "several-documents"),
        _ => ("no-reason", "several-reasons"),
    };
    let (id, message, help) = match (count, kind) {
        (0, _) => {
            (none, format!("the {kind} {shown} has no {what}"), format!("add it with `{property}`"))
        }
        (_, "claim") => (
            several,
            format!("the claim {shown} has {count} {what}s"),
            format!("write a claim with its own graph for each {what}"),
        ),
        _ => (
            several,
            format!("the {kind} {shown} has {count} {what}s"),
            format!("keep one `{property}`"),
        ),
    };
    at_head(id, files, thing, message).help(help)
}

/// Returns an error about a subject, located where it is described.
pub(super) fn at_head(
    id: &'static str,
    files: &Files<'_>,
    thing: &NamedNode,
    message: String,
) -> Diagnostic {
    Diagnostic::error(id, message).at(files.subject(thing)).about(thing)
}

fn only<T: Ord>(set: &BTreeSet<T>) -> Option<&T> {
    set.first().filter(|_| set.len() == 1)
}
