//! Parses expressions: operands, operators, functions and aggregates.

use super::{Halt, IS_KNOWN, Parse, Reader};
use crate::diagnostic::Fault;
use crate::sparql::lexer::TokenKind;
use crate::sparql::syntax::expectation::{self, Expectation};
use crate::sparql::syntax::functions::{Takes, function, is_new};
use crate::sparql::tree::NodeKind;
use std::ops::Range;

/// The maximum nesting depth of negations and of functions with alternative arguments. The parser reads their contents
/// twice, so its time doubles with each level.
const DEEPEST: usize = 12;

impl Reader<'_> {
    /// Parses operands separated by operators. Between two `&&` or `||`, one comparison is allowed.
    pub(super) fn expression(&mut self) -> Parse {
        const COMPARISONS: [&str; 6] = ["=", "!=", "<=", ">=", "<", ">"];
        let expression = self.start(NodeKind::Expression);
        let (mut is_compared, mut is_list) = (false, false);
        loop {
            if !is_list {
                self.operand()?;
            }
            if self.symbol("&&") || self.symbol("||") {
                (is_compared, is_list) = (false, false);
            } else if !is_list && ["*", "/", "+", "-"].iter().any(|sign| self.symbol(sign)) {
            } else if !is_compared && COMPARISONS.iter().any(|sign| self.symbol(sign)) {
                is_compared = true;
            } else if !is_compared && self.is_in()? {
                (is_compared, is_list) = (true, true);
                let list = self.start(NodeKind::Brackets);
                self.need_open("(", "`(` with a list")?;
                self.list()?;
                self.finish(&list);
            } else {
                self.expect(expectation::OPERATOR);
                self.finish(&expression);
                return Ok(());
            }
        }
    }

    pub(super) fn is_in(&mut self) -> Parse<bool> {
        if self.keyword("NOT") {
            self.need_keyword("IN")?;
            return Ok(true);
        }
        Ok(self.keyword("IN"))
    }

    /// Parses comma-separated expressions up to the closing bracket. Returns their number.
    pub(super) fn list(&mut self) -> Parse<usize> {
        if self.closes(")") {
            return Ok(0);
        }
        let mut count = 0;
        loop {
            self.expression()?;
            count += 1;
            if !self.symbol(",") {
                self.expected.push(Expectation::Word(","));
                self.close(")")?;
                return Ok(count);
            }
        }
    }

    pub(super) fn operand(&mut self) -> Parse {
        let not = self.span();
        let unary = self.start(NodeKind::Unary);
        if self.symbol("!") {
            if self.word() == "!" && IS_KNOWN {
                self.costly(not, Self::operand)?;
                self.finish(&unary);
                return Ok(());
            }
            if self.word() == "!" {
                let fault =
                    Fault::new(not.start..self.span().end, "syntax-error", "`!!` is not allowed");
                return self.wrong(fault.help("two negations cancel out: remove both"));
            }
            self.costly(not, Self::needed_primary)?;
            self.finish(&unary);
            return Ok(());
        }
        let is_signed = self.symbol("+") || self.symbol("-");
        if !is_signed {
            self.tree.abandon(&unary);
        }
        self.needed_primary()?;
        if is_signed {
            self.finish(&unary);
        }
        Ok(())
    }

    fn needed_primary(&mut self) -> Parse {
        if self.primary()? { Ok(()) } else { self.stop(expectation::OPERAND) }
    }

    /// Parses a construct that the parser reads twice.
    pub(super) fn costly<T>(
        &mut self,
        span: Range<usize>,
        inner: impl FnOnce(&mut Self) -> Parse<T>,
    ) -> Parse<T> {
        self.costly += 1;
        if self.costly > DEEPEST {
            let message = format!("more than {DEEPEST} negations and functions are nested here");
            return self.wrong(
                Fault::new(span, "query-too-large", message)
                    .help("name parts of the expression with BIND"),
            );
        }
        let read = inner(self);
        self.costly -= 1;
        read
    }

    pub(super) fn primary(&mut self) -> Parse<bool> {
        if self.brackets()? {
            return Ok(true);
        }
        if let Some(name) = self.variable() {
            if self.muted == 0 {
                self.free.push(name);
            }
            return Ok(true);
        }
        if self.triple_value(true)? {
            return Ok(true);
        }
        let call = self.start(NodeKind::Call);
        if self.iri()? {
            let arguments = self.start(NodeKind::Brackets);
            if self.opens("(") {
                self.list()?;
                self.finish(&arguments);
                self.finish(&call);
            } else {
                self.tree.abandon(&arguments);
                self.tree.dissolve(&call);
            }
            return Ok(true);
        }
        self.tree.abandon(&call);
        Ok(self.signed_literal()? || self.built_in_call()?)
    }

    /// Parses an expression in brackets.
    fn brackets(&mut self) -> Parse<bool> {
        let brackets = self.start(NodeKind::Brackets);
        let is_open = self.opens("(");
        if is_open {
            self.expression()?;
            self.close(")")?;
        }
        Ok(self.finish_if(is_open, &brackets))
    }

    /// Parses a condition: an expression in parentheses or a call.
    pub(super) fn constraint(&mut self) -> Parse<bool> {
        Ok(self.brackets()? || self.call()?)
    }

    pub(super) fn call(&mut self) -> Parse<bool> {
        let call = self.start(NodeKind::Call);
        if self.iri()? {
            let arguments = self.start(NodeKind::Brackets);
            self.need_open("(", expectation::ARGUMENTS)?;
            self.list()?;
            self.finish(&arguments);
            self.finish(&call);
            return Ok(true);
        }
        self.tree.abandon(&call);
        self.built_in_call()
    }

    pub(super) fn built_in_call(&mut self) -> Parse<bool> {
        let exists = self.start(NodeKind::Exists);
        let is_negated = self.keyword("NOT");
        if is_negated || self.is_keyword("EXISTS") {
            self.need_keyword("EXISTS")?;
            self.muted += 1;
            self.group_graph_pattern()?;
            self.names.forget();
            self.muted -= 1;
            self.finish(&exists);
            return Ok(true);
        }
        self.tree.abandon(&exists);
        if self.kind() != Some(TokenKind::Word) {
            return Ok(false);
        }
        let Some((name, takes)) = function(self.word()) else { return Ok(false) };
        let span = self.span();
        let is_glued = self.is_followed_by("(");
        if is_new(name) {
            self.need_version(span.clone(), &format!("`{name}` is"))?;
        }
        let call = self.start(NodeKind::Call);
        self.advance();
        let arguments = self.start(NodeKind::Brackets);
        self.need_open("(", expectation::ARGUMENTS)?;
        if !is_glued && matches!(takes, Takes::List) {
            let message = format!("no space is allowed between `{name}` and its bracket");
            let help = format!("write `{name}(…)`");
            self.names.found(Fault::new(span.clone(), "syntax-error", message).help(help));
        }
        match takes {
            Takes::Arguments(least, most) if least < most => {
                self.costly(span, |reader| reader.arguments(name, least, most))?;
            }
            Takes::Arguments(least, most) => self.arguments(name, least, most)?,
            Takes::List => {
                self.muted += usize::from(name == "COALESCE");
                self.list()?;
                self.muted -= usize::from(name == "COALESCE");
            }
            Takes::Variable => {
                self.need_variable(expectation::VARIABLE)?;
                self.close(")")?;
            }
            Takes::Aggregated => self.aggregated(name, span)?,
        }
        self.finish(&arguments);
        self.finish(&call);
        Ok(true)
    }

    pub(super) fn arguments(&mut self, name: &str, least: usize, most: usize) -> Parse {
        for count in 0..=most {
            if count >= least && self.closes(")") {
                return Ok(());
            }
            if count == most {
                break;
            }
            if self.word() == ")" {
                let message = format!("{}, not {count}", takes(name, least, most));
                return self.wrong(Fault::new(self.span(), "argument-count", message));
            }
            if count > 0 && !self.symbol(",") {
                self.expected.push(Expectation::Word(","));
                return Err(Halt);
            }
            self.expression()?;
        }
        if self.word() == "," {
            return self.wrong(Fault::new(self.span(), "argument-count", takes(name, least, most)));
        }
        Err(Halt)
    }

    pub(super) fn aggregated(&mut self, name: &str, span: Range<usize>) -> Parse {
        match self.aggregates.last_mut() {
            Some(first) => {
                first.get_or_insert(span);
            }
            None => {
                let fault = Fault::new(
                    span,
                    "group-without-select",
                    format!("`{name}` needs a SELECT to aggregate for"),
                );
                self.names.found(fault.help("aggregate in a sub-query: `{ SELECT … }`"));
            }
        }
        self.keyword("DISTINCT");
        if name == "COUNT" && self.symbol("*") {
            return self.close(")");
        }
        self.muted += 1;
        self.expression()?;
        self.muted -= 1;
        if self.word() == "," {
            let fault = Fault::new(self.span(), "argument-count", takes(name, 1, 1));
            return self.wrong(match name {
                "GROUP_CONCAT" => fault.help("write `; SEPARATOR = \", \"`"),
                _ => fault,
            });
        }
        if name == "GROUP_CONCAT" && self.symbol(";") {
            self.need_keyword("SEPARATOR")?;
            if !self.symbol("=") {
                return self.stop("`=`");
            }
            if !self.string()? {
                return self.stop(expectation::STRING);
            }
        }
        self.close(")")
    }
}

/// Returns a sentence with the number of arguments of a function.
fn takes(name: &str, least: usize, most: usize) -> String {
    let arguments = if most == 1 { "argument" } else { "arguments" };
    match least {
        _ if least == most => format!("`{name}` takes {most} {arguments}"),
        _ => format!("`{name}` takes {least} to {most} {arguments}"),
    }
}
