//! Formats N-Triples and N-Quads: one statement per line, in canonical form except for the labels of blank nodes.

use crate::diagnostic::Diagnostic;
use crate::rdf::syntax::{TextItem, TokenReader, TurtleTokenKind, before_gap};
use crate::rdf::write::{Comment, push_quad};
use oxigraph::model::{GraphName, NamedOrBlankNode, Quad, Term};

struct Line {
    above: Vec<Comment>,
    text: String,
    after: Option<Comment>,
}

/// Formats a valid document: in its order, or sorted by line without duplicates.
///
/// # Errors
/// If something cannot be parsed.
pub(super) fn lay_out(reader: TokenReader<'_>, is_sorted: bool) -> Result<String, Diagnostic> {
    let (mut lines, end) = lines(reader)?;
    let mut head = Vec::new();
    if is_sorted {
        if let Some(first) = lines.first_mut() {
            head = before_gap(&mut first.above);
        }
        lines.sort_by(|a, b| a.text.cmp(&b.text));
        lines.dedup_by(|again, line| {
            let is_same = again.text == line.text;
            if is_same {
                line.above.append(&mut again.above);
                let after = again.after.take();
                match line.after {
                    Some(_) => line.above.extend(after),
                    None => line.after = after,
                }
            }
            is_same
        });
    }
    let mut text = String::new();
    write_comments(&head, &mut text);
    for line in &lines {
        write_comments(&line.above, &mut text);
        text.push_str(&line.text);
        if let Some(after) = &line.after {
            text.push(' ');
            text.push_str(&after.text);
        }
        text.push('\n');
    }
    write_comments(&end, &mut text);
    Ok(text)
}

/// Returns the lines, and the comments after the last of them.
fn lines(mut reader: TokenReader<'_>) -> Result<(Vec<Line>, Vec<Comment>), Diagnostic> {
    let (mut lines, mut above, mut terms) = (Vec::<Line>::new(), Vec::new(), Vec::new());
    while let Some(next) = reader.next() {
        match next {
            TextItem::Comment(comment, is_trailing) => match lines.last_mut() {
                Some(line) if is_trailing && terms.is_empty() => line.after = Some(comment),
                _ => above.push(comment),
            },
            TextItem::Token(TurtleTokenKind::Mark('.'), _, span) => {
                let quad = quad(std::mem::take(&mut terms)).ok_or_else(|| reader.problem(span))?;
                let mut text = String::new();
                push_quad(&quad, &mut text);
                text.truncate(text.trim_end_matches('\n').len());
                lines.push(Line { above: std::mem::take(&mut above), text, after: None });
            }
            TextItem::Token(kind, token, span) => {
                let term = reader.term(kind, token, |comment| above.push(comment));
                terms.push(term.ok_or_else(|| reader.problem(span))?);
            }
        }
    }
    if terms.is_empty() { Ok((lines, above)) } else { Err(reader.problem(reader.end())) }
}

fn quad(terms: Vec<Term>) -> Option<Quad> {
    let node = |term| match term {
        Term::NamedNode(iri) => Some(NamedOrBlankNode::from(iri)),
        Term::BlankNode(node) => Some(node.into()),
        _ => None,
    };
    let mut terms = terms.into_iter();
    let subject = node(terms.next()?)?;
    let Term::NamedNode(predicate) = terms.next()? else { return None };
    let object = terms.next()?;
    let graph = match terms.next() {
        Some(graph) => node(graph)?.into(),
        None => GraphName::DefaultGraph,
    };
    terms.next().is_none().then(|| Quad::new(subject, predicate, object, graph))
}

/// Writes comments, each on its own line, preserving empty lines between them.
fn write_comments(comments: &[Comment], text: &mut String) {
    for comment in comments {
        text.push_str(&comment.text);
        text.push_str(if comment.is_apart { "\n\n" } else { "\n" });
    }
}
