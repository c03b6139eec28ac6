//! Lays out terms and expressions.

use super::page::Instruction;
use super::writer::Writer;
use crate::sparql::tree::{Node, NodeKind, SyntaxKind};

impl<'a, 't> Writer<'a, 't> {
    /// Lays out a token, a term, or a part of an expression or a clause.
    pub(super) fn operand(&mut self, operand: Node<'a, 't>) {
        let SyntaxKind::Node(kind) = operand.kind() else {
            self.token(operand);
            return;
        };
        match kind {
            NodeKind::Expression => self.expression(operand),
            NodeKind::Unary | NodeKind::Literal => self.signed(operand),
            NodeKind::Call => operand.children().for_each(|part| self.operand(part)),
            NodeKind::Brackets => self.brackets(operand),
            NodeKind::Exists | NodeKind::TripleTerm | NodeKind::Reifier => {
                self.keyword_and_rest(operand);
            }
            NodeKind::Group => self.braces(operand),
            NodeKind::BlankNode => self.blank_node(operand),
            NodeKind::Annotation => self.annotation(operand),
            NodeKind::Collection | NodeKind::Row | NodeKind::Variables => self.items(operand),
            _ => self.glued(operand),
        }
    }

    /// Lays out operands with operators between them. Lines break at the operators that bind weakest.
    fn expression(&mut self, expression: Node<'a, 't>) {
        let weakest = ["||", "&&"]
            .into_iter()
            .find(|sign| expression.children().any(|part| part.is_sign(sign)));
        self.push(Instruction::Open(false));
        let mut is_glued = true;
        let mut parts = expression.children().peekable();
        while let Some(part) = parts.next() {
            if weakest.is_some_and(|sign| part.is_sign(sign)) {
                self.line();
            } else if !is_glued {
                self.space();
            }
            self.operand(part);
            // `?x -1` adds a negative number, which is not what `?x - 1` does.
            is_glued = (part.is_sign("-") || part.is_sign("+"))
                && parts.peek().is_some_and(|next| is_number(*next) && touches(part, *next));
        }
        self.push(Instruction::Close);
    }

    /// Lays out what a sign may stand before.
    fn signed(&mut self, node: Node<'a, 't>) {
        let mut before: Option<Node<'a, 't>> = None;
        for part in node.children() {
            // A sign apart from a number is not a part of the number.
            if before.is_some_and(|sign| is_number(part) && !touches(sign, part)) {
                self.space();
            }
            self.operand(part);
            before = Some(part);
        }
    }

    /// Lays out round brackets with expressions, a name for the result, or what aggregates have besides.
    fn brackets(&mut self, brackets: Node<'a, 't>) {
        self.push(Instruction::Hang);
        self.push(Instruction::Open(false));
        let mut before: Option<Node<'a, 't>> = None;
        let mut parts = brackets.children().peekable();
        while let Some(part) = parts.next() {
            if before.is_none() {
                self.token(part);
                self.push(Instruction::Indent);
                self.push(Instruction::SoftLine);
            } else if part.is_sign(",") || part.is_sign(";") {
                self.sign(if part.is_sign(",") { "," } else { ";" });
                self.line();
            } else if parts.peek().is_none() {
                self.comments_before(part, false, false);
                self.push(Instruction::Dedent);
                self.push(Instruction::SoftLine);
                self.token(part);
            } else {
                let is_first = before.is_some_and(|before| before.is_sign("("));
                if !is_first && before.is_some_and(|before| !before.is_sign(",")) {
                    self.space();
                }
                self.operand(part);
            }
            before = Some(part);
        }
        self.push(Instruction::Close);
        self.push(Instruction::Dedent);
    }

    /// Lays out round brackets with items that no comma separates.
    fn items(&mut self, node: Node<'a, 't>) {
        self.push(Instruction::Hang);
        self.push(Instruction::Open(false));
        let count = node.children().count();
        for (i, part) in node.children().enumerate() {
            if i == 0 {
                self.token(part);
                self.push(Instruction::Indent);
                if count > 2 {
                    self.push(Instruction::SoftLine);
                }
            } else if i + 1 == count {
                self.comments_before(part, false, false);
                self.push(Instruction::Dedent);
                if count > 2 {
                    self.push(Instruction::SoftLine);
                }
                self.token(part);
            } else {
                if i > 1 {
                    self.push(Instruction::Fill);
                }
                self.operand(part);
            }
        }
        self.push(Instruction::Close);
        self.push(Instruction::Dedent);
    }
}

fn is_number(node: Node<'_, '_>) -> bool {
    node.text().starts_with(|c: char| c.is_ascii_digit() || c == '.')
}

/// Returns whether nothing stands between two tokens.
fn touches(first: Node<'_, '_>, second: Node<'_, '_>) -> bool {
    first.span().end == second.span().start
}
