//! Lays out declarations, the forms of queries, and their clauses.

use super::page::Instruction;
use super::writer::Writer;
use crate::sparql::tree::{Node, NodeKind, SyntaxKind, SyntaxTree};

/// Lays out a query.
pub(super) fn lay_out(tree: &SyntaxTree<'_>) -> String {
    let mut writer = Writer::new(tree);
    let mut declarations = 0;
    for (i, part) in tree.root().children().enumerate() {
        if part.is(NodeKind::Declaration) {
            writer.comments_before(part, true, true);
            writer.push(Instruction::HardLine);
            writer.words(part);
            declarations += 1;
        } else {
            // An empty line that is there already may stand between comments.
            if declarations > 0 && i == declarations && !writer.is_next_apart() {
                writer.comment_at_line_end();
                writer.push(Instruction::EmptyLine);
            }
            writer.comments_before(part, true, true);
            writer.push(Instruction::HardLine);
            writer.query(part);
        }
    }
    writer.last_comments();
    writer.finish()
}

impl<'a, 't> Writer<'a, 't> {
    /// Writes tokens with spaces between them.
    fn words(&mut self, node: Node<'a, 't>) {
        for (i, token) in node.tokens().enumerate() {
            if i > 0 {
                self.space();
            }
            self.token(token);
        }
    }

    /// Lays out a query or a sub-query. Its clauses break with the span around it.
    pub(super) fn query(&mut self, query: Node<'a, 't>) {
        // If the list of what is selected breaks, the pattern begins on a line of its own.
        let is_list = query.is(NodeKind::Select) || query.is(NodeKind::Describe);
        self.push(Instruction::Open(false));
        let (mut is_line_full, mut is_head) = (false, true);
        for (i, part) in query.children().enumerate() {
            if i == 0 {
                self.token(part);
                self.push(Instruction::Indent);
                continue;
            }
            let is_clause = matches!(
                part.kind(),
                SyntaxKind::Node(
                    NodeKind::Dataset
                        | NodeKind::Where
                        | NodeKind::GroupBy
                        | NodeKind::Having
                        | NodeKind::OrderBy
                        | NodeKind::Slice
                        | NodeKind::Values
                )
            );
            if is_clause && is_head {
                self.push(Instruction::Dedent);
                if is_list && part.is(NodeKind::Where) {
                    self.line();
                }
                self.push(Instruction::Close);
                is_line_full = !part.is(NodeKind::Where);
                is_head = false;
            }
            match part.kind() {
                SyntaxKind::Node(NodeKind::Where) => {
                    // The pattern begins on the line of the query's form.
                    if is_line_full {
                        self.line();
                    } else {
                        self.space();
                    }
                    self.pattern_of_query(part);
                    is_line_full = true;
                }
                SyntaxKind::Node(NodeKind::Template) => {
                    self.push(Instruction::Dedent);
                    self.push(Instruction::Close);
                    self.space();
                    self.group(part);
                    is_head = false;
                }
                _ if is_clause => {
                    self.line();
                    self.comments_before(part, false, false);
                    self.clause(part);
                    is_line_full = true;
                }
                SyntaxKind::Token(_)
                    if part.is_keyword("DISTINCT") || part.is_keyword("REDUCED") =>
                {
                    self.space();
                    self.token(part);
                }
                // What is selected.
                _ => {
                    self.push(Instruction::Fill);
                    self.operand(part);
                }
            }
        }
        if is_head {
            self.push(Instruction::Dedent);
            self.push(Instruction::Close);
        }
    }

    fn pattern_of_query(&mut self, pattern: Node<'a, 't>) {
        for part in pattern.children() {
            if part.is(NodeKind::Group) {
                self.group(part);
            } else {
                self.token(part);
                self.space();
            }
        }
    }

    fn clause(&mut self, clause: Node<'a, 't>) {
        if clause.is(NodeKind::Values) {
            self.values(clause);
            return;
        }
        for (i, part) in clause.children().enumerate() {
            match i {
                0 => {}
                1 => self.space(),
                _ => self.push(Instruction::Fill),
            }
            self.operand(part);
            if i == 0 {
                self.push(Instruction::Indent);
            }
        }
        self.push(Instruction::Dedent);
    }
}
