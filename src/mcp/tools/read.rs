//! The tool that reads a document, by paragraph, with the claims that quote it.

use crate::annotate::{AnnotatedDocument, TermNames};
use crate::answer::write::{Naming, Terms};
use crate::claim::{ClaimKind, stretches};
use crate::diagnostic::{Error, Result};
use crate::dossier::{PassagePart, TextBlock};
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::quotation::{NOTICE, in_quotes, quoted_line};
use crate::mcp::schema::Parameter;
use crate::mcp::text::{MOST_BYTES, abridged, line};
use crate::mcp::toolbox::Blueprint;
use crate::session::Session;
use crate::vocabulary::Labels;
use oxigraph::model::{NamedNode, Term};
use std::collections::BTreeSet;

/// Returns the tool.
///
/// # Errors
/// Fails if the store fails.
pub(in crate::mcp) fn tool(session: &Session) -> Result<Blueprint> {
    /// The most titles that are listed.
    const FEW: usize = 5;
    let mut parameters = vec![
        Parameter::text(
            "document",
            "its title, CURIE, IRI or file name; not needed if there is only one",
        ),
        Parameter::number("from", "the number of the first paragraph; 0 is the header"),
    ];
    if session.store().capabilities().can_scan {
        let titles = session.document_titles()?;
        if (1..=FEW).contains(&titles.len()) {
            let titles: Vec<String> =
                titles.iter().map(|title| abridged(&line(title), 80)).collect();
            parameters[0].description.push_str(&format!(". There are: {}", titles.join("; ")));
        }
    }
    Ok(Blueprint {
        name: "read",
        title: "Read a document",
        description:
            "Read a document by paragraphs, with the claims that quote it and what no claim covers."
                .to_owned(),
        parameters,
        action: Action::Read,
    })
}

/// Reads a document from a paragraph on.
///
/// # Errors
/// Fails if no document or several documents have the name, or it has no text.
pub(in crate::mcp) fn read(session: &Session, arguments: &Arguments) -> Result<ToolResult> {
    arguments.check(&["document", "from"])?;
    let name = arguments.text("document")?;
    let reading = open(session, name.as_deref())?;
    let from = arguments.number("from")?;
    Ok(ToolResult::of(reading_text(session, &reading, from, MOST_BYTES - 500)?))
}

/// Opens a document.
///
/// # Errors
/// Fails if no document or several documents have the name, or it has no text.
pub(super) fn open(session: &Session, name: Option<&str>) -> Result<AnnotatedDocument> {
    AnnotatedDocument::open(session, name).map_err(|error| listing(session, error))
}

/// Adds the titles of the documents to an error.
fn listing(session: &Session, mut error: Error) -> Error {
    const FEW: usize = 20;
    let titles = session.document_titles().unwrap_or_default();
    if let (Some(problem), 1..=FEW) = (error.problems.first_mut(), titles.len()) {
        problem.remarks.clear();
        problem.help = Some(format!("the documents are: {}", titles.join("; ")));
    }
    error
}

/// Writes a document from a paragraph on, up to a number of bytes.
///
/// # Errors
/// Fails if the store fails.
pub(in crate::mcp) fn reading_text(
    session: &Session,
    reading: &AnnotatedDocument,
    from: usize,
    most: usize,
) -> Result<String> {
    let labels = session.labels(&iris(reading))?;
    let page = Page { session, reading, labels: &labels };
    let curie = session.prefixes().show(&reading.document);
    let mut text =
        format!("# {} (`{}`)\n", line(reading.title.as_deref().unwrap_or(&curie)), line(&curie));
    if let Some(source) = &reading.derived_from {
        text.push_str(&format!("Derived from <{}>\n", line(source.as_str())));
    }
    text.push_str(&format!("{}\n{NOTICE}\n", reading.coverage()));
    let blocks = reading.blocks();
    let begins = |block: &TextBlock| block.paragraph.unwrap_or(0) as usize;
    let mut is_first = true;
    for block in blocks.iter().filter(|block| begins(block) >= from) {
        let part = page.block(block);
        if !is_first && text.len() + part.len() > most {
            let next = begins(block);
            text.push_str(&format!("\nThe document goes on: call again with `from: {next}`.\n"));
            return Ok(text);
        }
        text.push_str(&part);
        is_first = false;
    }
    if is_first {
        let last = blocks.last().map_or(0, begins);
        text.push_str(&format!("\nThe last paragraph is {last}.\n"));
    }
    Ok(text)
}

struct Page<'a> {
    session: &'a Session,
    reading: &'a AnnotatedDocument,
    labels: &'a Labels,
}

impl Page<'_> {
    /// Writes a block: its text as a quotation, and the claims that quote it below.
    fn block(&self, block: &TextBlock) -> String {
        let page = block.page.map(|page| format!("Page {page}, ")).unwrap_or_default();
        let mut text = match block.paragraph {
            Some(number) => format!("\n## {page}¶{number}\n"),
            None => format!("\n## {page}Header\n"),
        };
        for one in &block.lines {
            let begins = match one.begins {
                Some(PassagePart::HeaderLine(number)) => format!("(line {number}) "),
                Some(PassagePart::Item { item, .. }) => format!("(item {item}) "),
                Some(PassagePart::Row { row, .. }) => format!("(row {row}) "),
                Some(PassagePart::Sentence { .. }) | None => String::new(),
            };
            let words = self.marked(one.span.clone());
            text.push_str(&format!("{}\n", quoted_line(&format!("{begins}{words}"))));
        }
        let quotes = self.reading.ending_in(&block.span());
        if !quotes.is_empty() {
            text.push('\n');
        }
        let naming =
            Naming { terms: Terms::Label, prefixes: self.session.prefixes(), labels: self.labels };
        let names = TermNames::new(self.reading, &naming);
        for number in quotes {
            let quote = &self.reading.quotes[number];
            let claim = line(&self.session.prefixes().show(&quote.claim.name));
            text.push_str(&format!("[{}] `{claim}`", number + 1));
            let states = names.lines(&quote.states);
            if !states.is_empty() {
                text.push_str(&format!(": {}", line(&states.join(" / "))));
            }
            let kind = match quote.cover.by {
                ClaimKind::Omission => "left out",
                ClaimKind::Claim | ClaimKind::Other => "reading",
            };
            for note in &quote.claim.notes {
                text.push_str(&format!(" — {kind}: {}", in_quotes(note)));
            }
            text.push('\n');
        }
        text
    }

    /// Returns a part of the text, with marks where quotes end, and around what no quote covers.
    fn marked(&self, part: std::ops::Range<usize>) -> String {
        let whole = self.reading.text.text();
        let mut text = String::new();
        for stretch in stretches(&self.reading.text, part, &self.reading.covers()) {
            let words = &whole[stretch.span.clone()];
            if stretch.is_uncovered(whole) {
                text.push_str(&format!("⟨not covered: {words}⟩"));
            } else {
                text.push_str(words);
            }
            for number in stretch.ends {
                text.push_str(&format!("[{}]", number + 1));
            }
        }
        text
    }
}

/// Returns the IRIs of what the claims state.
fn iris(reading: &AnnotatedDocument) -> BTreeSet<NamedNode> {
    let mut iris = BTreeSet::new();
    for triple in reading.quotes.iter().flat_map(|quote| &quote.states) {
        iris.insert(triple.predicate.clone());
        for term in [triple.subject.clone().into(), triple.object.clone()] {
            if let Term::NamedNode(iri) = term {
                iris.insert(iri);
            }
        }
    }
    iris
}
