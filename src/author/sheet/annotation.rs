//! [Web Annotations](https://www.w3.org/TR/annotation-model/) in JSON-LD: those that `export --evidence oa` writes, whose
//! bodies are the graphs of claims, and those of other programs, whose bodies are comments and tags.

use super::SheetContent;
use super::comment::{add_comment, add_tag, without_quotes};
use crate::author::draft::{Draft, DraftContent, DraftPlace, DraftStatement};
use crate::diagnostic::{Diagnostic, error};
use crate::dossier::SourceFile;
use crate::format::GraphFormat;
use crate::rdf::read::RdfFile;
use crate::vocabulary::{Prefixes, dos, oa, rdf, skos};
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term, Triple};
use serde_json::Value;
use std::collections::HashMap;
use std::num::NonZeroUsize;

/// Returns whether a JSON text looks like JSON-LD.
pub(super) fn is_json_ld(json: &Value) -> bool {
    let is_node = |json: &Value| {
        ["@context", "@graph", "@id", "@type"].into_iter().any(|key| json.get(key).is_some())
    };
    is_node(json) || json.as_array().and_then(|list| list.first()).is_some_and(is_node)
}

/// Reads annotations.
pub(super) fn read(file: &str, text: &str) -> SheetContent {
    let source = SourceFile { path: file.to_owned(), bytes: text.as_bytes().to_vec().into() };
    let parsed = RdfFile::of(source, GraphFormat::JsonLd);
    let mut quads = Vec::new();
    let mut content = SheetContent { are_annotations: true, ..SheetContent::default() };
    if let Err(problem) = parsed.read(0, &mut Prefixes::default(), |quad| quads.push(quad)) {
        content.problems.push(problem);
        return content;
    }
    let statements = Statements::of(quads);
    let mut without_quote = 0;
    for (number, annotation) in statements.annotations.iter().enumerate() {
        let line = NonZeroUsize::MIN.saturating_add(number);
        let place = DraftPlace { file: file.to_owned(), line, row: None };
        let mut problems = Vec::new();
        let draft = statements.draft(annotation, place, &mut problems);
        without_quote += usize::from(draft.is_none() && problems.is_empty());
        content.drafts.extend(draft);
        content.problems.extend(problems.into_iter().map(|problem| {
            let message = format!("`{file}`: annotation {line}: {}", problem.message);
            Diagnostic { message, ..problem }
        }));
    }
    content.problems.extend(without_quotes(file, without_quote));
    content
}

/// The statements of a file, by what they are about.
#[derive(Default)]
struct Statements {
    about: HashMap<NamedOrBlankNode, Vec<(NamedNode, Term)>>,
    graphs: HashMap<GraphName, Vec<Triple>>,
    /// The annotations, in the order of the file.
    annotations: Vec<NamedOrBlankNode>,
}

impl Statements {
    fn of(quads: Vec<Quad>) -> Self {
        let mut statements = Self::default();
        for quad in quads {
            if quad.graph_name != GraphName::DefaultGraph {
                let graph = statements.graphs.entry(quad.graph_name.clone()).or_default();
                graph.push(quad.into());
                continue;
            }
            if quad.predicate.as_ref() == rdf::TYPE
                && quad.object == Term::from(oa::ANNOTATION)
                && !statements.annotations.contains(&quad.subject)
            {
                statements.annotations.push(quad.subject.clone());
            }
            let about = statements.about.entry(quad.subject).or_default();
            about.push((quad.predicate, quad.object));
        }
        statements
    }

    fn values<'a>(
        &'a self,
        thing: &NamedOrBlankNode,
        property: NamedNodeRef<'static>,
    ) -> impl Iterator<Item = &'a Term> {
        let about = self.about.get(thing).into_iter().flatten();
        about.filter(move |(known, _)| known.as_ref() == property).map(|(_, value)| value)
    }

    fn text(&self, thing: &NamedOrBlankNode, property: NamedNodeRef<'static>) -> Option<String> {
        self.values(thing, property).find_map(|value| match value {
            Term::Literal(literal) => Some(literal.value().to_owned()),
            _ => None,
        })
    }

    /// Returns what an annotation proposes. Returns `None` if it quotes nothing, or with a problem if it quotes several
    /// passages.
    fn draft(
        &self,
        annotation: &NamedOrBlankNode,
        place: DraftPlace,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Draft> {
        let mut quotes = Vec::new();
        for target in self.values(annotation, oa::HAS_TARGET).filter_map(node) {
            let selectors = self.values(&target, oa::HAS_SELECTOR).filter_map(node);
            let quoting = selectors.filter(|selector| self.text(selector, oa::EXACT).is_some());
            quotes.extend(quoting.map(|selector| (target.clone(), selector)));
        }
        let [(target, selector)] = quotes.as_slice() else {
            if !quotes.is_empty() {
                problems.push(
                    error!("sheet-json", "it quotes {} passages", quotes.len())
                        .help("write an annotation for each"),
                );
            }
            return None;
        };
        let source = self.values(target, oa::HAS_SOURCE).find_map(iri);
        let mut draft = Draft {
            place: Some(place),
            document: source.map(ToString::to_string).unwrap_or_default(),
            quote: self.text(selector, oa::EXACT)?,
            prefix: self.text(selector, oa::PREFIX),
            suffix: self.text(selector, oa::SUFFIX),
            ..Draft::default()
        };
        for body in self.values(annotation, oa::HAS_BODY).filter_map(node) {
            self.add_body(&body, &mut draft, problems);
        }
        for body in self.values(annotation, oa::BODY_VALUE) {
            if let Term::Literal(comment) = body {
                add_comment(&mut draft, comment.value(), problems);
            }
        }
        Some(draft)
    }

    fn add_body(&self, body: &NamedOrBlankNode, draft: &mut Draft, problems: &mut Vec<Diagnostic>) {
        if let NamedOrBlankNode::NamedNode(claim) = body
            && let Some(graph) = self.graphs.get(&GraphName::from(claim.clone()))
        {
            self.add_claim(claim, graph, draft);
            return;
        }
        let Some(words) = self.text(body, rdf::VALUE) else { return };
        let is_tag =
            self.values(body, oa::HAS_PURPOSE).any(|value| *value == Term::from(oa::TAGGING));
        if is_tag {
            add_tag(draft, &words);
        } else {
            add_comment(draft, &words, problems);
        }
    }

    /// Adds a claim, whose graph is the body.
    fn add_claim(&self, claim: &NamedNode, graph: &[Triple], draft: &mut Draft) {
        draft.name = Some(claim.to_string());
        let mut head = String::new();
        for (property, value) in self.about.get(&claim.clone().into()).into_iter().flatten() {
            let property = match value {
                Term::Literal(note) if property.as_ref() == skos::EDITORIAL_NOTE => {
                    if draft.reading.is_none() {
                        draft.reading = Some(note.value().to_owned());
                        continue;
                    }
                    dos::READING
                }
                _ => property.as_ref(),
            };
            head.push_str(&format!("{claim} {property} {value} .\n"));
        }
        let place = draft.place.clone();
        let mut say = |content| draft.says.push(DraftStatement { place: place.clone(), content });
        if graph.iter().any(|triple| subject(triple).is_none() || value(triple).is_none()) {
            let turtle =
                graph.iter().fold(String::new(), |text, triple| text + &format!("{triple} .\n"));
            say(DraftContent::Turtle(turtle));
        } else {
            for triple in graph {
                if let (Some(subject), Some(value)) = (subject(triple), value(triple)) {
                    let is_type = triple.predicate.as_ref() == rdf::TYPE;
                    let property =
                        if is_type { "a".to_owned() } else { triple.predicate.to_string() };
                    say(DraftContent::Statement { subject, property, value });
                }
            }
        }
        if !head.is_empty() {
            say(DraftContent::HeadTurtle(head));
        }
    }
}

/// Returns the subject as a cell, unless it is a blank node.
fn subject(triple: &Triple) -> Option<String> {
    match &triple.subject {
        NamedOrBlankNode::NamedNode(subject) => Some(subject.to_string()),
        NamedOrBlankNode::BlankNode(_) => None,
    }
}

/// Returns the value as a cell, unless it is a blank node.
fn value(triple: &Triple) -> Option<String> {
    match &triple.object {
        Term::NamedNode(_) | Term::Literal(_) => Some(triple.object.to_string()),
        _ => None,
    }
}

fn node(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        _ => None,
    }
}

fn iri(term: &Term) -> Option<&NamedNode> {
    match term {
        Term::NamedNode(node) => Some(node),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> SheetContent {
        super::read("a.json", text)
    }

    fn said(draft: &Draft) -> Vec<String> {
        let words = |statement: &DraftStatement| match &statement.content {
            DraftContent::Statement { subject, property, value } => {
                format!("{subject} | {property} | {value}")
            }
            other => format!("{other:?}"),
        };
        draft.says.iter().map(words).collect()
    }

    #[test]
    fn annotations_of_other_programs_are_read() {
        let content = read(
            r#"{ "@context": "http://www.w3.org/ns/anno.jsonld", "id": "x:page", "type": "AnnotationPage", "items": [
              { "id": "x:1", "type": "Annotation", "body": [
                  { "type": "TextualBody", "value": "- Ada | a | person\nsaid so", "purpose": "commenting" },
                  { "type": "TextualBody", "value": "president of | The Tea Society", "purpose": "tagging" },
                  { "type": "TextualBody", "value": "person", "purpose": "tagging" } ],
                "target": { "source": "http://example.com/page", "selector": [
                  { "type": "TextPositionSelector", "start": 1, "end": 2 },
                  { "type": "TextQuoteSelector", "exact": "Ada", "prefix": "was ", "suffix": "." } ] } },
              { "id": "x:2", "type": "Annotation", "bodyValue": "A page.", "target": "http://example.com/page" } ] }"#,
        );
        let [draft] = content.drafts.as_slice() else { panic!("{content:?}") };
        assert_eq!(draft.document, "<http://example.com/page>");
        assert_eq!(
            (draft.quote.as_str(), draft.prefix.as_deref(), draft.suffix.as_deref()),
            ("Ada", Some("was "), Some("."))
        );
        assert_eq!(draft.reading.as_deref(), Some("said so"));
        let says = ["Ada | a | person", "Ada | president of | The Tea Society", "Ada | a | person"];
        assert_eq!(said(draft), says);
        let problems: Vec<_> =
            content.problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(problems, ["`a.json`: 1 annotation quotes nothing, and is left out"]);
    }

    #[test]
    fn claims_come_back() {
        let content = read(
            r#"{ "@context": { "oa": "http://www.w3.org/ns/oa#", "x": "http://example.com/" }, "@graph": [
              { "@id": "x:c#annotation", "@type": "oa:Annotation", "oa:hasBody": { "@id": "x:c",
                  "http://www.w3.org/2004/02/skos/core#editorialNote": "so", "x:by": "Ada",
                  "@graph": [ { "@id": "x:s", "@type": "x:Club", "x:founded": "1984" } ] },
                "oa:hasTarget": { "oa:hasSource": { "@id": "x:doc" }, "oa:hasSelector": { "oa:exact": "q" } } } ] }"#,
        );
        assert_eq!(content.problems, []);
        let [draft] = content.drafts.as_slice() else { panic!("{content:?}") };
        assert_eq!(draft.document, "<http://example.com/doc>");
        assert_eq!(draft.name.as_deref(), Some("<http://example.com/c>"));
        assert_eq!(draft.reading.as_deref(), Some("so"));
        let mut says = said(draft);
        says.sort();
        assert_eq!(
            says,
            [
                "<http://example.com/s> | <http://example.com/founded> | \"1984\"",
                "<http://example.com/s> | a | <http://example.com/Club>",
                r#"HeadTurtle("<http://example.com/c> <http://example.com/by> \"Ada\" .\n")"#,
            ]
        );
    }
}
