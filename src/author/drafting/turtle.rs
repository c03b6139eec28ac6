//! Turtle in drafts: single literals, and statements with the prefixes of the dossier.

use crate::diagnostic::{Diagnostic, Excerpt, error};
use crate::dossier::SourceFile;
use crate::format::GraphFormat;
use crate::rdf::named;
use crate::rdf::read::{LanguageTags, RdfFile};
use crate::vocabulary::{Prefixes, lexical_form, xsd};
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};

/// The IRI for which `<>` stands until the name of the claim is known.
const THIS: &str = "dossier-claim://this/";

/// The datatypes of literals that Turtle writes without quotes.
const BARE: [NamedNodeRef<'static>; 4] = [xsd::BOOLEAN, xsd::INTEGER, xsd::DECIMAL, xsd::DOUBLE];

/// Returns whether a text begins as a literal of Turtle does. An apostrophe alone can begin a name.
pub(super) fn is_quoted(text: &str) -> bool {
    text.starts_with('"') || text.strip_prefix('\'').is_some_and(|rest| rest.contains('\''))
}

/// Returns the literal that a text without quotes is in Turtle, if it is one.
pub(super) fn bare(text: &str) -> Option<Literal> {
    let literal_of = |datatype: NamedNodeRef<'_>| Literal::new_typed_literal(text, datatype);
    let is_figure = text.ends_with(|c: char| c.is_ascii_digit());
    BARE.into_iter()
        .filter(|datatype| if *datatype == xsd::BOOLEAN { !is_figure } else { is_figure })
        .map(literal_of)
        .find(|literal| lexical_form(literal).is_ok())
}

/// Reads a literal.
///
/// # Errors
/// If the text is not one literal.
pub(super) fn literal(text: &str, prefixes: &Prefixes) -> Result<Literal, Diagnostic> {
    let problem = || error!("literal-syntax", "`{text}` is not a literal of Turtle");
    // A line break or a full stop could end the statement.
    let statement = format!("<s:s> <p:p> {text} .");
    let quads = read(&statement, prefixes, 1).map_err(|error| {
        problem().help(error.help.unwrap_or_else(|| {
            "between quotes, write `\\\"` for a quotation mark: `\"green tea\"@en`".to_owned()
        }))
    })?;
    match quads.as_slice() {
        [Quad { object: Term::Literal(literal), .. }] => Ok(literal.clone()),
        _ => Err(problem().help("write one literal, such as `\"green tea\"@en`")),
    }
}

/// Reads statements, in which `<>` stands for the claim. The number tells their blank nodes from others.
///
/// # Errors
/// If the text is not Turtle, with the place in it.
pub(super) fn statements(
    text: &str,
    prefixes: &Prefixes,
    number: usize,
) -> Result<Vec<Quad>, Diagnostic> {
    let quads = read(text, prefixes, number)?;
    let is_relative =
        |iri: &NamedNode| iri.as_str().len() > THIS.len() && iri.as_str().starts_with(THIS);
    let relative = quads.iter().flat_map(named).find(|iri| is_relative(iri));
    match relative {
        Some(iri) => Err(error!(
            "draft-turtle",
            "`<{}>` is not an absolute IRI",
            &iri.as_str()[THIS.len()..]
        )
        .help("only `<>` is allowed, which stands for the claim")),
        None => Ok(quads),
    }
}

/// Replaces `<>` by the claim.
pub(super) fn with_claim(quad: &Quad, claim: &NamedNode) -> Quad {
    let mut quad = quad.clone();
    let is_this = |iri: &NamedNode| iri.as_str() == THIS;
    if matches!(&quad.subject, NamedOrBlankNode::NamedNode(iri) if is_this(iri)) {
        quad.subject = claim.clone().into();
    }
    if matches!(&quad.object, Term::NamedNode(iri) if is_this(iri)) {
        quad.object = claim.clone().into();
    }
    quad
}

fn read(text: &str, prefixes: &Prefixes, number: usize) -> Result<Vec<Quad>, Diagnostic> {
    const NAME: &str = "Turtle";
    let mut whole = prefixes.iter().fold(String::new(), |whole, (prefix, namespace)| {
        whole + "@prefix " + prefix + ": <" + namespace + "> . "
    });
    whole.push('\n');
    whole.push_str(text);
    whole.push('\n');
    let source = SourceFile { path: NAME.to_owned(), bytes: whole.into_bytes().into() };
    let file = RdfFile { base: Some(THIS.to_owned()), ..RdfFile::of(source, GraphFormat::Turtle) };
    let mut quads = Vec::new();
    let tags = LanguageTags::new(true);
    let read = file.read_with(&tags, number, &mut Prefixes::default(), |quad| quads.push(quad));
    // The line of the prefixes is not a line of the text.
    let without_prefixes = |excerpt: Box<Excerpt>| {
        (excerpt.line > 1).then(|| Box::new(Excerpt { line: excerpt.line - 1, ..*excerpt }))
    };
    read.map_err(|problem| Diagnostic {
        excerpt: problem.excerpt.clone().and_then(without_prefixes),
        ..problem
    })?;
    let is_default = |quad: &Quad| quad.graph_name == GraphName::DefaultGraph;
    debug_assert!(quads.iter().all(is_default), "Turtle has no named graphs");
    Ok(quads)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefixes() -> Prefixes {
        let mut prefixes = Prefixes::default();
        prefixes.add("e", "http://example.com/");
        prefixes
    }

    #[test]
    fn a_literal_is_one_term() {
        let read = |text: &str| literal(text, &prefixes()).ok().map(|literal| literal.to_string());
        for text in ["\"x\"", "\"x\"@en-GB", "\"1\"^^<http://example.com/t>", "\"a \\\" b | c\""] {
            assert_eq!(read(text), Some(text.to_owned()));
        }
        assert_eq!(read("\"1\"^^e:t").as_deref(), Some("\"1\"^^<http://example.com/t>"));
        assert_eq!(read("'''two\nlines'''").as_deref(), Some("\"two\\nlines\""));
        for text in [
            "\"x\" , \"y\"",
            "\"x\" . <s:a> <s:b> <s:c>",
            "\"x",
            "\"x\"^^f:t",
            "\"x\" y",
            "\"x\" #",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn statements_may_be_about_the_claim() {
        let claim = NamedNode::new("http://example.com/claim#1").unwrap();
        let quads = statements("<> e:p [ e:q <> ] .", &prefixes(), 1).unwrap();
        let quads: Vec<Quad> = quads.iter().map(|quad| with_claim(quad, &claim)).collect();
        assert_eq!(quads.iter().filter(|quad| quad.object == claim.clone().into()).count(), 1);
        assert_eq!(quads.iter().filter(|quad| quad.subject == claim.clone().into()).count(), 1);
        let problem = statements("e:a e:b\n  e:c , .", &prefixes(), 1).unwrap_err();
        assert_eq!(problem.excerpt.unwrap().line, 2);
        assert_eq!(
            statements("<x> e:b 1 .", &prefixes(), 1).unwrap_err().id.as_deref(),
            Some("draft-turtle")
        );
    }
}
