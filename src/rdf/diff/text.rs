//! Writes a diff as lines of Turtle and `TriG` that begin with `-`, `+` or, for context, a space.

use super::graph_changes::{ChangedTriple, GraphChanges, Side};
use crate::vocabulary::{Prefixes, rdf};
use anstyle::{AnsiColor, Style};
use oxigraph::model::{GraphName, NamedOrBlankNode, Triple};
use std::io::{self, Write};

/// Writes the blocks of a diff, one triple per line. Named graphs have braces; the head of a claim precedes them.
///
/// # Errors
/// If the writer fails.
pub fn write_text(
    blocks: &[GraphChanges],
    prefixes: &Prefixes,
    in_colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut lines = Lines { prefixes, in_colour, out };
    for (number, block) in blocks.iter().enumerate() {
        if number > 0 {
            writeln!(lines.out)?;
        }
        lines.statements("", &block.head)?;
        let name = match &block.graph {
            GraphName::DefaultGraph => None,
            GraphName::NamedNode(name) => Some(prefixes.show(name)),
            GraphName::BlankNode(name) => Some(name.to_string()),
        };
        match name {
            None => lines.statements("", &block.body)?,
            Some(_) if block.body.is_empty() => {}
            Some(name) => {
                let side = if block.is_claim { block.side } else { Side::Both };
                lines.line(side, &format!("{name} {{"))?;
                lines.statements("    ", &block.body)?;
                lines.line(side, "}")?;
            }
        }
    }
    Ok(())
}

struct Lines<'a> {
    prefixes: &'a Prefixes,
    in_colour: bool,
    out: &'a mut dyn Write,
}

impl Lines<'_> {
    fn statements(&mut self, indent: &str, statements: &[ChangedTriple]) -> io::Result<()> {
        statements.iter().try_for_each(|ChangedTriple { side, triple }| {
            self.line(*side, &format!("{indent}{}", triple_text(triple, self.prefixes)))
        })
    }

    fn line(&mut self, side: Side, text: &str) -> io::Result<()> {
        let (mark, colour) = match side {
            Side::First => ('-', Some(AnsiColor::Red)),
            Side::Second => ('+', Some(AnsiColor::Green)),
            Side::Both => (' ', None),
        };
        match colour.filter(|_| self.in_colour) {
            Some(colour) => {
                let style = Style::new().fg_color(Some(colour.into()));
                writeln!(self.out, "{style}{mark} {text}{style:#}")
            }
            None => writeln!(self.out, "{mark} {text}"),
        }
    }
}

fn triple_text(triple: &Triple, prefixes: &Prefixes) -> String {
    let subject = match &triple.subject {
        NamedOrBlankNode::NamedNode(subject) => prefixes.show(subject),
        NamedOrBlankNode::BlankNode(subject) => subject.to_string(),
    };
    let predicate = if triple.predicate.as_ref() == rdf::TYPE {
        "a".to_owned()
    } else {
        prefixes.show(&triple.predicate)
    };
    format!("{subject} {predicate} {} .", prefixes.show_term(&triple.object))
}
