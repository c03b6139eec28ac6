//! Parses `@prefix` and `@base` with their comments.

use super::parser::{Last, Parser};
use crate::rdf::syntax::{TurtleTokenKind, before_gap};
use crate::rdf::write::{Around, BaseDeclaration, Comment, PrefixDeclaration};

impl<'a> Parser<'a> {
    /// Parses a `@prefix` after its keyword.
    pub(super) fn prefix(&mut self, has_dot: bool) -> Option<()> {
        let name = self.in_directive(TurtleTokenKind::Name)?;
        let iri = self.in_directive(TurtleTokenKind::Iri)?;
        let prefix = name.strip_suffix(':')?;
        let namespace = self.reader.declare(prefix, iri)?;
        let mut comments = self.end_directive(has_dot)?;
        // If a prefix has two namespaces, the last one counts. Names with the other one are written in full.
        let before = self.written.prefixes.iter().position(|known| known.prefix == prefix);
        if let Some(before) = before {
            let PrefixDeclaration { comments: mut all, .. } = self.written.prefixes.remove(before);
            all.extend(comments);
            comments = all;
            if let Some(base) = self.written.base.as_mut().filter(|base| before < base.place) {
                base.place -= 1;
            }
        }
        self.written.prefixes.push(PrefixDeclaration {
            prefix: prefix.to_owned(),
            namespace,
            comments,
        });
        self.last = Last::Prefix;
        Some(())
    }

    /// Parses a `@base` after its keyword.
    pub(super) fn base(&mut self, has_dot: bool) -> Option<()> {
        let iri = self.in_directive(TurtleTokenKind::Iri)?;
        let iri = self.reader.rebase(iri)?;
        if self.reader.resolves() {
            // The directive is dropped, and its comments move to what follows.
            let pending = &mut self.pending;
            if has_dot {
                self.reader
                    .next_if(&[TurtleTokenKind::Mark('.')], |comment| pending.push(comment))?;
            }
            self.last = Last::Nothing;
        } else {
            let comments = self.end_directive(has_dot)?;
            let place = self.written.prefixes.len();
            self.written.base = Some(BaseDeclaration { iri, place, comments });
            self.last = Last::Base;
        }
        Some(())
    }

    /// Takes the next token of a directive. Comments before it go above the directive.
    fn in_directive(&mut self, kind: TurtleTokenKind) -> Option<&'a str> {
        let pending = &mut self.pending;
        let above = |comment| pending.push(Comment { is_apart: false, ..comment });
        self.reader.next_if(&[kind], above).map(|(_, text)| text)
    }

    /// Ends a directive and returns its comments. Before the first directive, the comments up to an empty line become
    /// the head of the document. After statements, the comments up to an empty line stay where they are.
    fn end_directive(&mut self, has_dot: bool) -> Option<Around> {
        if has_dot {
            self.in_directive(TurtleTokenKind::Mark('.'))?;
        }
        let mut above = std::mem::take(&mut self.pending);
        if self.has_begun {
            self.pending = before_gap(&mut above);
        } else if self.written.prefixes.is_empty() && self.written.base.is_none() {
            self.written.head = before_gap(&mut above);
        }
        Some(Around { above, ..Around::default() })
    }
}
