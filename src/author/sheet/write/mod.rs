//! Writes claims and omissions as a sheet in Markdown, from which the same ones can be drafted.

use crate::author::draft::DraftContent;
use crate::author::drafting::Spelling;
use crate::author::sheet::cells::as_plain_cell;
use crate::author::sheet::item::{HeadKey, Item, item_of};
use crate::author::sheet::stated::{Evidence, Omitted, StatedClaim};
use crate::diagnostic::{Diagnostic, Result};
use crate::format::GraphFormat;
use crate::rdf::write::{Layout, RELATIVE, write_quads};
use crate::session::Session;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term, Triple};

/// A sheet, and the claims and omissions that it cannot express.
#[derive(Debug, Default)]
pub(crate) struct WrittenSheet {
    /// The text.
    pub text: String,
    /// Those that are left out, each with the reason.
    pub left_out: Vec<(NamedNode, Omitted)>,
}

/// Writes the claims and omissions of a document, or of all documents.
///
/// # Errors
/// If the store fails, or a text cannot be read.
pub(crate) fn write_sheet(session: &Session, document: Option<&NamedNode>) -> Result<WrittenSheet> {
    let background = session.background()?;
    let layout = session.layout()?;
    let writer = SheetWriter { session, layout, spelling: Spelling::of(&[session, &background])? };
    let stated = StatedClaim::all(session)?;
    let mut sheet = WrittenSheet::default();
    let mut claims = Vec::new();
    for claim in stated {
        if document.is_some_and(|document| !claim.documents().any(|known| known == document)) {
            continue;
        }
        match claim.evidence(session) {
            Ok(evidence) => claims.push((evidence, claim)),
            Err(reason) => sheet.left_out.push((claim.name, reason)),
        }
    }
    claims.sort_by(|(a, one), (b, other)| {
        (&a.document, a.start, &one.name).cmp(&(&b.document, b.start, &other.name))
    });
    let mut before = None;
    for (evidence, claim) in &claims {
        if before != Some(&evidence.document) {
            let title = writer.title(&evidence.document)?;
            let gap = if before.is_some() { "\n" } else { "" };
            sheet.text.push_str(&format!("{gap}# {title}\n"));
            before = Some(&evidence.document);
        }
        sheet.text.push('\n');
        writer.claim(evidence, claim, &mut sheet.text)?;
    }
    Ok(sheet)
}

/// Writes one claim or omission.
///
/// # Errors
/// If the store fails, or a text cannot be read. The inner result says why a sheet cannot express the claim.
pub(crate) fn write_claim(session: &Session, name: &NamedNode) -> Result<Result<String, Omitted>> {
    let background = session.background()?;
    let layout = session.layout()?;
    let writer = SheetWriter { session, layout, spelling: Spelling::of(&[session, &background])? };
    let mut text = String::new();
    for claim in StatedClaim::all(session)?.iter().filter(|claim| claim.name == *name) {
        match claim.evidence(session) {
            Ok(evidence) => {
                text.push_str(&format!("# {}\n\n", writer.title(&evidence.document)?));
                writer.claim(&evidence, claim, &mut text)?;
            }
            Err(reason) => return Ok(Err(reason)),
        }
    }
    Ok(Ok(text))
}

struct SheetWriter<'a> {
    session: &'a Session,
    layout: Layout<'a>,
    spelling: Spelling<'a>,
}

impl SheetWriter<'_> {
    /// Returns the words that select a document: its title if that is enough.
    fn title(&self, document: &NamedNode) -> Result<String> {
        let title = self.session.source(document)?.title.clone();
        let is_it = |title: &String| {
            let stands =
                title.trim() == title && !title.ends_with('#') && !title.contains(char::is_control);
            stands && self.session.find_document(Some(title)).is_ok_and(|found| found == *document)
        };
        let shown = self.session.prefixes().shorten(document.as_str());
        Ok(title.filter(is_it).or(shown).unwrap_or_else(|| document.to_string()))
    }

    fn claim(&self, evidence: &Evidence, claim: &StatedClaim, out: &mut String) -> Result<()> {
        for line in evidence.quote.split('\n') {
            out.push_str(format!("> {line}").trim_end());
            out.push('\n');
        }
        let name = self.session.prefixes().shorten(claim.name.as_str());
        let name = name.unwrap_or_else(|| claim.name.to_string());
        for (key, words) in [
            (HeadKey::Name, Some(&name)),
            (HeadKey::Before, evidence.prefix.as_ref()),
            (HeadKey::After, evidence.suffix.as_ref()),
            (HeadKey::Omission, evidence.reason.as_ref()),
            (HeadKey::Reading, evidence.reading.as_ref()),
        ] {
            if let Some(words) = words {
                out.push_str(&format!("- {}: {}\n", key.word(), as_plain_cell(words, None)));
            }
        }
        let mut others = Vec::new();
        for triple in self.in_order(&claim.graph) {
            match self.item(triple) {
                Some(item) => out.push_str(&format!("- {item}\n")),
                None => others.push(triple.clone().in_graph(GraphName::DefaultGraph)),
            }
        }
        self.block("turtle", others, out)?;
        let this = NamedNode::new_unchecked(RELATIVE.to_string());
        let head = evidence.others.iter().map(|triple| {
            let is_claim = |term: &NamedNode| *term == claim.name;
            let mut triple = triple.clone();
            if matches!(&triple.subject, NamedOrBlankNode::NamedNode(subject) if is_claim(subject))
            {
                triple.subject = this.clone().into();
            }
            if matches!(&triple.object, Term::NamedNode(object) if is_claim(object)) {
                triple.object = this.clone().into();
            }
            triple.in_graph(GraphName::DefaultGraph)
        });
        self.block("turtle head", head.collect(), out)
    }

    /// Returns a statement as an item, unless only Turtle can say it.
    fn item(&self, triple: &Triple) -> Option<String> {
        let NamedOrBlankNode::NamedNode(subject) = &triple.subject else { return None };
        let subject = self.spelling.thing(subject);
        let property = self.spelling.property(&triple.predicate);
        let value = self.spelling.value(&triple.predicate, &triple.object)?;
        let content = DraftContent::Statement { subject, property, value };
        let item = item_of(&content);
        let meant = Item::Content(content);
        (Item::parse(&item) == Ok(meant)).then_some(item)
    }

    /// Returns statements in the order of reading: things that others mention come after these, types come first, and
    /// properties in the order of the ontology.
    fn in_order<'t>(&self, graph: &'t [Triple]) -> Vec<&'t Triple> {
        let is_mentioned = |thing: &NamedOrBlankNode| {
            let thing = Term::from(thing.clone());
            graph
                .iter()
                .any(|triple| triple.object == thing && Term::from(triple.subject.clone()) != thing)
        };
        let mut sorted: Vec<&Triple> = graph.iter().collect();
        sorted.sort_by_cached_key(|triple| {
            let is_type = triple.predicate.as_ref() == crate::vocabulary::rdf::TYPE;
            let rank = self.layout.ontology.rank(triple.predicate.as_ref()).unwrap_or(usize::MAX);
            (
                is_mentioned(&triple.subject),
                triple.subject.to_string(),
                !is_type,
                rank,
                triple.predicate.to_string(),
                triple.object.to_string(),
            )
        });
        sorted
    }

    /// Writes statements as a block of Turtle, without the prefixes, which each sheet has.
    fn block(&self, info: &str, quads: Vec<Quad>, out: &mut String) -> Result<()> {
        if quads.is_empty() {
            return Ok(());
        }
        let mut written = Vec::new();
        write_quads(GraphFormat::Turtle, quads, &self.layout, &mut written)
            .map_err(|error| Diagnostic::new(error.to_string()).input())?;
        let written = String::from_utf8_lossy(&written);
        // The writer declares each prefix on a line of its own, before everything else.
        let is_head = |line: &&str| line.starts_with("@prefix ") || line.is_empty();
        let body: Vec<&str> = written.trim_end().split('\n').skip_while(is_head).collect();
        let longest = body
            .iter()
            .map(|line| line.trim_start().bytes().take_while(|byte| *byte == b'~').count());
        let fence = "~".repeat(longest.max().unwrap_or_default().max(2) + 1);
        out.push_str(&format!("{fence}{info}\n{}\n{fence}\n", body.join("\n")));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
