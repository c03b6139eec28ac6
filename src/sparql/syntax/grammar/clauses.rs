//! Parses the clauses around a pattern, from the prologue to VALUES.

use super::patterns::Verbs;
use super::{Halt, Parse, Reader};
use crate::diagnostic::Fault;
use crate::sparql::lexer::TokenKind;
use crate::sparql::syntax::expectation::{self, Expectation};
use crate::sparql::syntax::names::{Modifiers, SelectItem};
use crate::sparql::tree::NodeKind;
use std::collections::HashSet;
use std::ops::Range;

/// The keywords that begin an operation of SPARQL Update.
const UPDATES: [&str; 10] =
    ["ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"];

impl<'a> Reader<'a> {
    pub(super) fn query_unit(&mut self) -> Parse {
        self.prologue()?;
        let query = if let Some(query) = self.begin("SELECT", NodeKind::Select) {
            self.select(true)?;
            query
        } else if let Some(query) = self.begin("ASK", NodeKind::Ask) {
            self.dataset()?;
            self.pattern_and_modifiers(true)?;
            query
        } else if let Some(query) = self.begin("CONSTRUCT", NodeKind::Construct) {
            self.construct()?;
            query
        } else if let Some(query) = self.begin("DESCRIBE", NodeKind::Describe) {
            self.describe()?;
            query
        } else if UPDATES.iter().any(|update| self.word().eq_ignore_ascii_case(update)) {
            let fault = Fault::new(self.span(), "sparql-update", "SPARQL Update is not supported");
            return self.wrong(fault.help("to change a dossier, edit its files"));
        } else {
            return self.stop(expectation::QUERY);
        };
        self.finish(&query);
        if self.here.is_some() { self.stop(expectation::END) } else { Ok(()) }
    }

    pub(super) fn prologue(&mut self) -> Parse {
        loop {
            if let Some(declaration) = self.begin("BASE", NodeKind::Declaration) {
                self.base()?;
                self.finish(&declaration);
            } else if let Some(declaration) = self.begin("PREFIX", NodeKind::Declaration) {
                self.prefix()?;
                self.finish(&declaration);
            } else if !self.version()? {
                return Ok(());
            }
        }
    }

    /// Parses the IRI after `BASE`.
    pub(super) fn base(&mut self) -> Parse {
        if !self.iri_reference()? {
            return self.stop(expectation::NAMESPACE);
        }
        self.has_base = true;
        Ok(())
    }

    /// Parses the prefix and the namespace after `PREFIX`.
    pub(super) fn prefix(&mut self) -> Parse {
        match self.word().strip_suffix(':') {
            Some(prefix) if self.kind() == Some(TokenKind::Word) && !prefix.contains(':') => {
                self.names.declared.insert(prefix);
            }
            _ => return self.stop(expectation::PREFIX),
        }
        self.advance();
        if self.iri_reference()? { Ok(()) } else { self.stop(expectation::NAMESPACE) }
    }

    pub(super) fn dataset(&mut self) -> Parse {
        while let Some(dataset) = self.begin("FROM", NodeKind::Dataset) {
            self.keyword("NAMED");
            self.need_iri(expectation::GRAPH)?;
            self.finish(&dataset);
        }
        Ok(())
    }

    /// Parses a SELECT query or a sub-query.
    pub(super) fn select(&mut self, is_query: bool) -> Parse {
        self.aggregates.push(None);
        let (star, selected) = self.select_clause()?;
        if is_query {
            self.dataset()?;
        }
        self.names.enter();
        self.where_clause()?;
        let mut modifiers = self.modifiers()?;
        let aggregate = self.aggregates.pop().flatten();
        modifiers.grouped = modifiers.grouped.or(aggregate);
        self.names.select(star, &selected, &modifiers);
        Ok(())
    }

    pub(super) fn select_clause(&mut self) -> Parse<(Option<Range<usize>>, Vec<SelectItem<'a>>)> {
        if !self.keyword("DISTINCT") {
            self.keyword("REDUCED");
        }
        let star = self.span();
        if self.symbol("*") {
            return Ok((Some(star), Vec::new()));
        }
        let mut selected = Vec::new();
        loop {
            let item = self.start(NodeKind::Brackets);
            if self.opens("(") {
                let outer = std::mem::take(&mut self.free);
                self.expression()?;
                let free = std::mem::replace(&mut self.free, outer);
                self.need_keyword("AS")?;
                let name = self.need_variable(expectation::RESULT)?;
                self.close(")")?;
                self.finish(&item);
                selected.push(SelectItem { name, expression: Some(free) });
                continue;
            }
            self.tree.abandon(&item);
            if let Some(name) = self.variable() {
                selected.push(SelectItem { name, expression: None });
            } else if selected.is_empty() {
                self.expect(expectation::SELECTED);
                return self.stop(expectation::STAR);
            } else {
                self.expect(expectation::SELECTED);
                return Ok((None, selected));
            }
        }
    }

    pub(super) fn construct(&mut self) -> Parse {
        let template = self.start(NodeKind::Template);
        if self.opens("{") {
            self.template()?;
            self.finish(&template);
            self.names.end_of_template();
            self.dataset()?;
            return self.pattern_and_modifiers(true);
        }
        self.tree.abandon(&template);
        self.expect(expectation::TEMPLATE);
        self.dataset()?;
        let pattern = self.start(NodeKind::Where);
        self.need_keyword("WHERE")?;
        let group = self.start(NodeKind::Group);
        self.need_open("{", expectation::GROUP)?;
        self.names.enter();
        self.template()?;
        self.finish(&group);
        self.finish(&pattern);
        self.modifiers_without_groups()?;
        self.names.forget();
        Ok(())
    }

    /// Parses triples up to the bracket that closes the template.
    pub(super) fn template(&mut self) -> Parse {
        loop {
            self.expect(expectation::TRIPLE);
            if self.closes("}") {
                return Ok(());
            }
            if !self.triples_same_subject(Verbs::Names)? {
                return Err(Halt);
            }
            if !self.symbol(".") {
                return self.close("}");
            }
        }
    }

    pub(super) fn describe(&mut self) -> Parse {
        if !self.symbol("*") {
            let mut names = HashSet::new();
            let mut are_any = false;
            loop {
                if let Some((name, span)) = self.variable() {
                    if !names.insert(name) {
                        self.names.found(Fault::new(
                            span,
                            "variable-repeated",
                            format!("`?{name}` is described twice"),
                        ));
                    }
                } else if !self.iri()? {
                    break;
                }
                are_any = true;
            }
            self.expect(expectation::DESCRIBED);
            if !are_any {
                return Err(Halt);
            }
        }
        self.dataset()?;
        if self.is_keyword("WHERE") || self.word() == "{" {
            return self.pattern_and_modifiers(true);
        }
        self.pattern_and_modifiers(false)
    }

    pub(super) fn pattern_and_modifiers(&mut self, has_pattern: bool) -> Parse {
        self.names.enter();
        if has_pattern {
            self.where_clause()?;
        }
        self.modifiers_without_groups()?;
        self.names.forget();
        Ok(())
    }

    pub(super) fn where_clause(&mut self) -> Parse {
        let pattern = self.start(NodeKind::Where);
        if !self.keyword("WHERE") {
            self.expected.push(Expectation::Word("WHERE"));
        }
        self.group_graph_pattern()?;
        self.finish(&pattern);
        self.names.leave();
        Ok(())
    }

    /// Parses the clauses after a pattern in a query form that cannot group.
    pub(super) fn modifiers_without_groups(&mut self) -> Parse {
        if let Some(grouped) = self.modifiers()?.grouped {
            let fault =
                Fault::new(grouped, "group-without-select", "only a SELECT can have groups");
            self.names.found(fault.help("group in a sub-query: `{ SELECT … GROUP BY … }`"));
        }
        Ok(())
    }

    pub(super) fn modifiers(&mut self) -> Parse<Modifiers<'a>> {
        let mut modifiers = Modifiers::default();
        let group = self.span();
        if let Some(clause) = self.begin("GROUP", NodeKind::GroupBy) {
            self.need_keyword("BY")?;
            modifiers.grouped = Some(group);
            modifiers.keys = Some(self.group_conditions()?);
            self.finish(&clause);
        }
        if let Some(clause) = self.begin("HAVING", NodeKind::Having) {
            self.conditions(expectation::CONSTRAINT, Self::constraint)?;
            self.finish(&clause);
        }
        if let Some(clause) = self.begin("ORDER", NodeKind::OrderBy) {
            self.need_keyword("BY")?;
            self.conditions(expectation::KEY, Self::order_condition)?;
            self.finish(&clause);
        }
        if self.slice("LIMIT")? {
            self.slice("OFFSET")?;
        } else if self.slice("OFFSET")? {
            self.slice("LIMIT")?;
        }
        if let Some(clause) = self.begin("VALUES", NodeKind::Values) {
            modifiers.values = self.data_block()?;
            self.finish(&clause);
        }
        Ok(modifiers)
    }

    /// Parses LIMIT or OFFSET with its number.
    fn slice(&mut self, keyword: &'static str) -> Parse<bool> {
        let Some(clause) = self.begin(keyword, NodeKind::Slice) else { return Ok(false) };
        self.whole_number()?;
        self.finish(&clause);
        Ok(true)
    }

    /// Parses one or more conditions.
    pub(super) fn conditions(
        &mut self,
        thing: &'static str,
        one: fn(&mut Self) -> Parse<bool>,
    ) -> Parse {
        if !one(self)? {
            return self.stop(thing);
        }
        while one(self)? {}
        Ok(())
    }

    pub(super) fn group_conditions(&mut self) -> Parse<Vec<&'a str>> {
        let mut keys = Vec::new();
        let mut are_any = false;
        loop {
            let brackets = self.start(NodeKind::Brackets);
            if self.opens("(") {
                let start = self.span();
                let is_variable = self.kind() == Some(TokenKind::Variable);
                self.expression()?;
                let is_alone =
                    is_variable && self.previous.as_ref().is_some_and(|t| t.span == start);
                if self.keyword("AS") {
                    keys.push(self.need_variable(expectation::RESULT)?.0);
                } else if is_alone {
                    keys.push(&self.text[start.start + 1..start.end]);
                }
                self.close(")")?;
                self.finish(&brackets);
            } else {
                self.tree.abandon(&brackets);
                if let Some((name, _)) = self.variable() {
                    keys.push(name);
                } else if !self.call()? {
                    if are_any {
                        return Ok(keys);
                    }
                    return self.stop(expectation::KEY);
                }
            }
            are_any = true;
        }
    }

    pub(super) fn order_condition(&mut self) -> Parse<bool> {
        for direction in ["ASC", "DESC"] {
            if let Some(call) = self.begin(direction, NodeKind::Call) {
                let brackets = self.start(NodeKind::Brackets);
                self.need_open("(", "an expression in brackets")?;
                self.expression()?;
                self.close(")")?;
                self.finish(&brackets);
                self.finish(&call);
                return Ok(true);
            }
        }
        Ok(self.variable().is_some() || self.constraint()?)
    }

    pub(super) fn whole_number(&mut self) -> Parse {
        let is_whole =
            self.kind() == Some(TokenKind::Word) && self.word().bytes().all(|b| b.is_ascii_digit());
        if !is_whole {
            return self.stop(expectation::WHOLE_NUMBER);
        }
        if self.word().parse::<usize>().is_err() {
            let fault = Fault::new(self.span(), "number-too-large", "this number is too large");
            return self.wrong(fault);
        }
        self.advance();
        Ok(())
    }

    pub(super) fn data_block(&mut self) -> Parse<Vec<&'a str>> {
        if let Some(name) = self.variable() {
            self.names.bind(name.clone());
            self.need_open("{", expectation::OPEN_VALUES)?;
            loop {
                if self.closes("}") {
                    return Ok(vec![name.0]);
                }
                if !self.data_block_value()? {
                    return self.stop(expectation::VALUE);
                }
            }
        }
        let variables = self.start(NodeKind::Variables);
        self.need_open("(", expectation::VALUES)?;
        let mut names: Vec<&str> = Vec::new();
        while let Some(name) = self.variable() {
            if names.contains(&name.0) {
                let message = format!("`?{}` occurs twice in VALUES", name.0);
                self.names.found(Fault::new(name.1.clone(), "variable-repeated", message));
            }
            names.push(name.0);
            self.names.bind(name);
        }
        self.expect(expectation::VARIABLE);
        self.close(")")?;
        self.finish(&variables);
        self.need_open("{", expectation::OPEN_VALUES)?;
        loop {
            let row = self.span();
            let node = self.start(NodeKind::Row);
            if self.opens("(") {
                let mut count = 0;
                while self.data_block_value()? {
                    count += 1;
                }
                self.expect(expectation::VALUE);
                self.close(")")?;
                self.finish(&node);
                if count != names.len() {
                    let values = if count == 1 { "value" } else { "values" };
                    let message =
                        format!("this row has {count} {values} for {} variables", names.len());
                    let help = "write `UNDEF` where there is no value";
                    self.names.found(Fault::new(row, "row-length", message).help(help));
                }
            } else {
                self.tree.abandon(&node);
                self.expect(expectation::ROW);
                self.close("}")?;
                return Ok(names);
            }
        }
    }

    pub(super) fn data_block_value(&mut self) -> Parse<bool> {
        Ok(self.triple_value(false)?
            || self.iri()?
            || self.signed_literal()?
            || self.keyword("UNDEF"))
    }
}
