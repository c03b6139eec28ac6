//! Lays out patterns: braces, triples, and tables of values.

use super::page::Instruction;
use super::writer::{Writer, is_line_end, is_on_several_lines};
use crate::sparql::tree::{Node, NodeKind, SyntaxKind};

impl<'a, 't> Writer<'a, 't> {
    /// Lays out braces, which break with the span around them.
    pub(super) fn group(&mut self, group: Node<'a, 't>) {
        let (mut is_first, mut is_after_triples) = (true, false);
        for part in group.children() {
            if part.is_sign("{") {
                self.token(part);
                self.push(Instruction::Indent);
            } else if part.is_sign("}") {
                if is_after_triples {
                    self.push(Instruction::Space);
                    self.push(Instruction::IfBroken("."));
                }
                if !is_first {
                    self.line();
                }
                self.comments_before(part, true, false);
                self.push(Instruction::Dedent);
                if !is_first {
                    self.line();
                }
                self.token(part);
            } else if !part.is_sign(".") {
                if is_after_triples {
                    self.space();
                    self.sign(".");
                }
                self.line();
                self.comments_before(part, !is_first, true);
                is_after_triples = part.is(NodeKind::Triples);
                self.part(part);
                is_first = false;
            }
        }
    }

    /// Lays out braces that break, or not, by themselves.
    pub(super) fn braces(&mut self, group: Node<'a, 't>) {
        self.push(Instruction::Open(is_on_several_lines(group)));
        self.group(group);
        self.push(Instruction::Close);
    }

    /// Lays out a part of a group.
    fn part(&mut self, part: Node<'a, 't>) {
        match part.kind() {
            SyntaxKind::Node(NodeKind::Triples) => self.triples(part),
            SyntaxKind::Node(NodeKind::Select) => self.query(part),
            SyntaxKind::Node(NodeKind::Values) => self.values(part),
            SyntaxKind::Node(NodeKind::Alternatives) => self.alternatives(part),
            _ => self.keyword_and_rest(part),
        }
    }

    /// Lays out `OPTIONAL { … }`, `GRAPH ?g { … }`, `FILTER (…)`, `BIND (…)` and the like.
    pub(super) fn keyword_and_rest(&mut self, pattern: Node<'a, 't>) {
        for (i, part) in pattern.children().enumerate() {
            if i > 0 {
                self.space();
            }
            self.operand(part);
        }
    }

    /// Lays out the sides of UNION, which break together.
    fn alternatives(&mut self, alternatives: Node<'a, 't>) {
        let groups = || alternatives.children().filter(|part| part.is(NodeKind::Group));
        self.push(Instruction::Open(groups().any(is_on_several_lines)));
        for (i, part) in alternatives.children().enumerate() {
            if i > 0 {
                self.space();
            }
            if part.is(NodeKind::Group) {
                self.group(part);
            } else {
                self.token(part);
            }
        }
        self.push(Instruction::Close);
    }

    fn triples(&mut self, triples: Node<'a, 't>) {
        let after_first = triples.elements().skip_while(|part| !part.is(NodeKind::Property));
        let is_broken = after_first.skip(1).any(is_line_end);
        self.push(Instruction::Open(is_broken));
        self.properties(triples);
        self.push(Instruction::Close);
    }

    /// Lays out a subject with its properties.
    fn properties(&mut self, triples: Node<'a, 't>) {
        let mut is_after_property = false;
        for (i, part) in triples.children().enumerate() {
            if i == 0 {
                self.operand(part);
                self.push(Instruction::Indent);
            } else if part.is(NodeKind::Property) {
                if is_after_property {
                    self.space();
                    self.sign(";");
                    self.line();
                } else {
                    self.space();
                }
                self.property(part);
                is_after_property = true;
            }
        }
        self.push(Instruction::Dedent);
    }

    fn property(&mut self, property: Node<'a, 't>) {
        let mut objects = 0;
        for part in property.children() {
            if part.is(NodeKind::Verb) {
                self.glued(part);
                self.push(Instruction::Indent);
            } else if part.is(NodeKind::Object) {
                if objects > 0 {
                    self.sign(",");
                    self.push(Instruction::Fill);
                } else {
                    self.space();
                }
                objects += 1;
                self.keyword_and_rest(part);
            }
        }
        self.push(Instruction::Dedent);
    }

    /// Lays out `{| … |}`.
    pub(super) fn annotation(&mut self, annotation: Node<'a, 't>) {
        for (i, part) in annotation.children().enumerate() {
            if part.is_sign(";") {
                self.space();
                self.sign(";");
            } else {
                if i > 0 {
                    self.space();
                }
                if part.is(NodeKind::Property) { self.property(part) } else { self.token(part) }
            }
        }
    }

    /// Lays out `[ … ]`.
    pub(super) fn blank_node(&mut self, node: Node<'a, 't>) {
        self.push(Instruction::Hang);
        self.push(Instruction::Open(is_on_several_lines(node)));
        let is_empty = node.children().all(|part| !part.is(NodeKind::Property));
        let mut is_after_property = false;
        for part in node.children() {
            if part.is_sign("[") {
                self.token(part);
                self.push(Instruction::Indent);
            } else if part.is_sign("]") {
                self.comments_before(part, false, false);
                self.push(Instruction::Dedent);
                if !is_empty {
                    self.line();
                }
                self.token(part);
            } else if part.is(NodeKind::Property) {
                if is_after_property {
                    self.space();
                    self.sign(";");
                }
                self.line();
                self.property(part);
                is_after_property = true;
            }
        }
        self.push(Instruction::Close);
        self.push(Instruction::Dedent);
    }

    /// Lays out `VALUES` with its variables and rows. Rows on lines of their own stay so.
    pub(super) fn values(&mut self, values: Node<'a, 't>) {
        let mut inside = values.elements().skip_while(|part| !part.is_sign("{"));
        let is_broken = inside.any(is_line_end);
        self.push(Instruction::Open(is_broken));
        let (mut is_inside, mut is_first, mut is_apart) = (false, true, false);
        for part in values.elements() {
            if part.is_trivia() {
                is_apart |= is_line_end(part);
            } else if part.is_sign("{") {
                self.space();
                self.token(part);
                self.push(Instruction::Indent);
                is_inside = true;
            } else if part.is_sign("}") {
                self.comments_before(part, false, false);
                self.push(Instruction::Dedent);
                if !is_first {
                    self.line();
                }
                self.token(part);
            } else if is_inside {
                self.push(if is_first || is_apart { Instruction::Line } else { Instruction::Fill });
                self.operand(part);
                is_first = false;
            } else if part.is_keyword("VALUES") {
                self.token(part);
            } else {
                self.space();
                self.operand(part);
            }
            if !part.is_trivia() {
                is_apart = false;
            }
        }
        self.push(Instruction::Close);
    }
}
