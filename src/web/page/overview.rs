//! The first page: what is in the dossier.

use super::layout::{Page, name_of as name_of_dossier};
use super::question::title_of;
use super::term::{PageTerms, TermLabels, name_of, shown};
use crate::annotate::AnnotatedDocument;
use crate::catalogue::{Parameter, SavedQuery};
use crate::diagnostic::{Diagnostic, Result};
use crate::session::{Counts, Session};
use crate::vocabulary::{dos, owl, rdf, rdfs, sh};
use crate::web::address::{Address, Drawing};
use crate::web::site::Site;
use crate::wording::counted;
use maud::{Markup, html};
use oxigraph::model::{NamedNode, Term};
use std::collections::BTreeMap;

/// The most documents whose coverage is computed.
const MOST_COVERED: usize = 30;

/// The most classes, and the most things of each, that the page shows.
const MOST_CLASSES: usize = 30;
const MOST_THINGS: usize = 12;

/// What is in a dossier.
struct Contents {
    counts: Counts,
    /// The questions of each topic; those without one come last.
    topics: BTreeMap<(bool, String), Vec<SavedQuery>>,
    broken: Vec<Diagnostic>,
    documents: Vec<DocumentEntry>,
    classes: Vec<ClassEntry>,
}

struct DocumentEntry {
    iri: NamedNode,
    title: String,
    coverage: Option<String>,
}

struct ClassEntry {
    class: NamedNode,
    count: usize,
    things: Vec<NamedNode>,
}

impl Contents {
    fn read(session: &Session) -> Result<Self> {
        let (queries, broken) = session.catalogue().readable()?;
        let mut topics: BTreeMap<(bool, String), Vec<SavedQuery>> = BTreeMap::new();
        for query in queries {
            let tag = query.front_matter.tags.first().cloned();
            topics.entry((tag.is_none(), tag.unwrap_or_default())).or_default().push(query);
        }
        Ok(Self {
            counts: session.counts()?,
            topics,
            broken,
            documents: documents(session)?,
            classes: classes(session)?,
        })
    }
}

fn documents(session: &Session) -> Result<Vec<DocumentEntry>> {
    let all = session.store().things(rdf::TYPE, dos::DOCUMENT_CLASS.into())?;
    session.store().look_up(&all)?;
    let is_few = all.len() <= MOST_COVERED;
    let mut documents = Vec::new();
    for iri in all {
        let title = session.title(iri.as_ref())?.unwrap_or_else(|| session.prefixes().show(&iri));
        let read = || AnnotatedDocument::open(session, Some(iri.as_str())).ok();
        let coverage = is_few.then(read).flatten().map(|reading| reading.coverage());
        documents.push(DocumentEntry { iri, title, coverage });
    }
    documents.sort_by(|one, other| one.title.cmp(&other.title).then(one.iri.cmp(&other.iri)));
    Ok(documents)
}

fn classes(session: &Session) -> Result<Vec<ClassEntry>> {
    let store = session.store();
    if !store.capabilities().can_scan {
        return Ok(Vec::new());
    }
    let statistics = session.statistics()?;
    // The dossier's own classes have sections of their own, and what ontologies are made of is not what they are about.
    let own = [dos::CLAIM, dos::DOCUMENT_CLASS, dos::OMISSION, dos::PASSAGE_CLASS];
    let namespaces = [owl::CLASS, rdfs::CLASS, sh::DECLARE, rdf::TYPE];
    let namespaces = namespaces.map(|iri| iri.as_str().rsplit_once('#').map_or("", |(ns, _)| ns));
    let is_shown = |class: &NamedNode| {
        !own.iter().any(|own| *own == *class)
            && !namespaces.iter().any(|namespace| class.as_str().starts_with(namespace))
    };
    let mut counted: Vec<(NamedNode, usize)> = statistics
        .classes
        .iter()
        .filter(|(class, _)| is_shown(class))
        .filter_map(|(class, count)| Some((class.clone(), usize::try_from(*count).ok()?)))
        .collect();
    counted.sort_by(|(a, most), (b, more)| more.cmp(most).then_with(|| a.cmp(b)));
    let mut classes = Vec::new();
    for (class, count) in counted.into_iter().take(MOST_CLASSES) {
        let mut things = store.things(rdf::TYPE, class.as_ref().into())?;
        things.sort();
        things.truncate(MOST_THINGS);
        classes.push(ClassEntry { class, count, things });
    }
    Ok(classes)
}

/// Returns the first page.
///
/// # Errors
/// Fails if the saved queries cannot be read, or the store fails.
pub(super) fn overview(site: &Site) -> Result<Markup> {
    let session = &site.session;
    let contents = Contents::read(session)?;
    let iris = contents.classes.iter().flat_map(|entry| entry.things.iter().chain([&entry.class]));
    let iris: Vec<Term> = iris.cloned().map(Term::from).collect();
    let labels = TermLabels::of(session, &iris)?;
    let terms = PageTerms::new(site, &labels, [])?;
    let title = name_of_dossier(site)?;
    let content = html! {
        h1 { (shown(&title)) }
        p class="lead" { (in_numbers(&contents)) }
        section aria-labelledby="questions" {
            h2 id="questions" { "Questions" }
            @if contents.topics.is_empty() { p { "There are no saved questions yet." } }
            div class="topics" {
                @for ((is_other, tag), queries) in &contents.topics {
                    section class="topic" {
                        @if !is_other { h3 { (heading(tag)) } }
                        @else if contents.topics.len() > 1 { h3 { "Other questions" } }
                        ul { @for query in queries { li { (question(site, query)) } } }
                    }
                }
            }
            @if !contents.broken.is_empty() {
                p class="quiet" {
                    (counted(contents.broken.len(), "saved query"))
                    " cannot be read: `dossier check` says why"
                }
            }
        }
        @if !contents.documents.is_empty() {
            section aria-labelledby="documents" {
                h2 id="documents" { "Documents" }
                ul class="documents" { @for document in &contents.documents { li { (document_entry(site, document)) } } }
            }
        }
        @if !contents.classes.is_empty() {
            section aria-labelledby="things" {
                h2 id="things" { "Things" }
                dl class="facts" { @for entry in &contents.classes { (class_entry(entry, &terms)) } }
            }
        }
        (pictures(site))
    };
    let page = Page { title: &title, address: Some(&Address::Overview), formats: &[], content };
    Ok(page.write(&title, &site.links))
}

fn in_numbers(contents: &Contents) -> String {
    let counts = &contents.counts;
    let questions: usize = contents.topics.values().map(Vec::len).sum();
    format!(
        "{}, {} that state {}, {}, {}",
        counted(counts.documents, "document"),
        counted(counts.claims, "claim"),
        counted(counts.claimed_triples, "triple"),
        counted(counts.omissions, "omission"),
        counted(questions, "saved question"),
    )
}

/// Returns a tag as a heading: `information-security` becomes `Information security`.
fn heading(tag: &str) -> String {
    let words = shown(&tag.replace(['-', '_'], " "));
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn question(site: &Site, query: &SavedQuery) -> Markup {
    let address = Address::Question { name: query.name.clone(), arguments: Vec::new() };
    let parameters: Vec<String> = query
        .parameters
        .iter()
        .map(|parameter: &Parameter| {
            let label = parameter.label.as_deref().unwrap_or(&parameter.declaration.name);
            if parameter.is_required() {
                shown(label)
            } else {
                format!("{}, optional", shown(label))
            }
        })
        .collect();
    html! {
        a href=(site.links.to(&address)) { (title_of(query)) }
        @if !parameters.is_empty() { " " span class="quiet" { (parameters.join("; ")) } }
    }
}

fn document_entry(site: &Site, document: &DocumentEntry) -> Markup {
    let address = Address::Document(name_of(&site.session, &document.iri));
    html! {
        @if site.links.has(&address) && document.coverage.is_some() {
            a href=(site.links.to(&address)) { (shown(&document.title)) }
        } @else {
            (shown(&document.title))
        }
        @if let Some(coverage) = &document.coverage { p class="quiet" { (coverage) } }
    }
}

fn class_entry(entry: &ClassEntry, terms: &PageTerms<'_>) -> Markup {
    let more = entry.count.saturating_sub(entry.things.len());
    html! {
        div {
            dt { (terms.term(&entry.class.clone().into())) " " span class="quiet" { (entry.count) } }
            dd class="names" {
                @for (i, thing) in entry.things.iter().enumerate() {
                    @if i > 0 { ", " }
                    (terms.term(&thing.clone().into()))
                }
                @if more > 0 {
                    span class="quiet" {
                        @if entry.things.is_empty() { (more) " without a name" }
                        @else { " and " (more) " more" }
                    }
                }
            }
        }
    }
}

fn pictures(site: &Site) -> Markup {
    let links = &site.links;
    let all = [
        (Address::Picture(Drawing::Overview), "All that the claims state, as a picture"),
        (Address::Picture(Drawing::Timeline), "What happened when, on a line of time"),
    ];
    html! {
        @if all.iter().any(|(address, _)| links.has(address)) {
            section aria-labelledby="pictures" {
                h2 id="pictures" { "Pictures" }
                ul {
                    @for (address, words) in all.iter().filter(|(address, _)| links.has(address)) {
                        li { a href=(links.to(address)) { (words) } }
                    }
                }
            }
        }
    }
}
