//! Writes graph patterns: the contents of braces.

use super::Writer;
use super::select::Select;
use crate::algebra::walk;
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{BlankNode, GroundTerm, TermPattern, TriplePattern, Variable};
use std::collections::{HashMap, HashSet};

/// Returns whether a pattern can begin a group that continues after it. A FILTER applies to its whole group, and a
/// SELECT takes up a group, so both need their own braces.
fn can_be_continued(pattern: &GraphPattern) -> bool {
    !matches!(pattern, GraphPattern::Filter { .. }) && !is_select(pattern)
}

fn is_select(pattern: &GraphPattern) -> bool {
    matches!(
        pattern,
        GraphPattern::Slice { .. }
            | GraphPattern::Distinct { .. }
            | GraphPattern::Reduced { .. }
            | GraphPattern::Project { .. }
            | GraphPattern::OrderBy { .. }
            | GraphPattern::Group { .. }
    )
}

/// Returns whether the parser makes this pattern from one block of triples: alternating basic patterns and paths.
fn is_triples(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => true,
        GraphPattern::Join { left, right } => match (&**left, &**right) {
            (left, GraphPattern::Path { .. }) => is_triples(left),
            (GraphPattern::Path { .. }, GraphPattern::Bgp { .. }) => true,
            (GraphPattern::Join { right: path, .. }, GraphPattern::Bgp { .. }) => {
                is_triples(left) && matches!(**path, GraphPattern::Path { .. })
            }
            _ => false,
        },
        _ => false,
    }
}

/// Returns the blank nodes that occur in more than one block of triples.
pub(super) fn shared_blank_nodes(pattern: &GraphPattern) -> HashSet<BlankNode> {
    let all = counts_of_blank_nodes(pattern);
    if all.is_empty() {
        return HashSet::new();
    }
    let mut whole = HashSet::new();
    walk(pattern, &mut |block| {
        if is_triples(block) {
            let inside = counts_of_blank_nodes(block);
            whole.extend(inside.into_iter().filter(|(node, count)| all[node] == *count));
        }
    });
    all.into_iter().filter(|counted| !whole.contains(counted)).map(|(node, _)| node).collect()
}

/// Counts the occurrences of each blank node in a pattern.
fn counts_of_blank_nodes(pattern: &GraphPattern) -> HashMap<BlankNode, usize> {
    let mut counts = HashMap::new();
    let mut count = |term: &TermPattern| {
        if let TermPattern::BlankNode(node) = term {
            *counts.entry(node.clone()).or_default() += 1;
        }
    };
    walk(pattern, &mut |pattern| match pattern {
        GraphPattern::Bgp { patterns } => patterns.iter().for_each(|triple| {
            count(&triple.subject);
            count(&triple.object);
        }),
        GraphPattern::Path { subject, object, .. } => {
            count(subject);
            count(object);
        }
        _ => {}
    });
    counts
}

/// Returns whether the text of a pattern ends in a block of triples, which would merge with following triples.
fn ends_in_triples(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Join { right, .. } => is_triples(right),
        pattern => is_triples(pattern) && *pattern != GraphPattern::default(),
    }
}

/// Returns whether a pattern in a join has its own braces or needs none.
fn is_joined_without_braces(pattern: &GraphPattern) -> bool {
    matches!(
        pattern,
        GraphPattern::Union { .. }
            | GraphPattern::Graph { .. }
            | GraphPattern::Service { .. }
            | GraphPattern::Values { .. }
    )
}

impl Writer<'_> {
    /// Writes a pattern in braces.
    pub(super) fn group(&mut self, pattern: &GraphPattern) {
        self.push("{");
        self.indented(|writer| writer.contents(pattern));
        self.line("}");
    }

    pub(super) fn contents(&mut self, pattern: &GraphPattern) {
        match pattern {
            _ if is_select(pattern) => {
                self.line("");
                self.select(&Select::of(pattern), None);
            }
            GraphPattern::Bgp { patterns } => self.triples(patterns),
            GraphPattern::Path { subject, path, object } => {
                self.path_pattern(subject, path, object);
            }
            GraphPattern::Join { left, right } => {
                self.beginning(left);
                let continues = is_triples(pattern) || !ends_in_triples(left);
                if is_triples(right) && continues || is_joined_without_braces(right) {
                    self.contents(right);
                } else {
                    self.line("");
                    self.group(right);
                }
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                self.beginning(left);
                self.line("OPTIONAL {");
                self.indented(|writer| {
                    let needs_braces = match expression {
                        Some(_) => !can_be_continued(right),
                        None => matches!(**right, GraphPattern::Filter { .. }),
                    };
                    if needs_braces {
                        writer.line("");
                        writer.group(right);
                    } else {
                        writer.contents(right);
                    }
                    if let Some(expression) = expression {
                        writer.line("FILTER (");
                        writer.expression(expression);
                        writer.push(")");
                    }
                });
                self.line("}");
            }
            GraphPattern::Lateral { left, right } => {
                self.beginning(left);
                self.line("LATERAL ");
                self.group(right);
            }
            GraphPattern::Minus { left, right } => {
                self.beginning(left);
                self.line("MINUS ");
                self.group(right);
            }
            GraphPattern::Filter { expr, inner } => {
                self.beginning(inner);
                self.line("FILTER (");
                self.expression(expr);
                self.push(")");
            }
            GraphPattern::Extend { inner, variable, expression } => {
                self.beginning(inner);
                self.line("BIND (");
                self.expression(expression);
                self.push(" AS ");
                self.variable(variable);
                self.push(")");
            }
            GraphPattern::Union { left, right } => {
                if matches!(**left, GraphPattern::Union { .. }) {
                    self.contents(left);
                } else {
                    self.line("");
                    self.group(left);
                }
                self.push(" UNION ");
                self.group(right);
            }
            GraphPattern::Graph { name, inner } => {
                self.line("GRAPH ");
                self.name(name);
                self.push(" ");
                self.group(inner);
            }
            GraphPattern::Service { name, inner, silent } => {
                self.line(if *silent { "SERVICE SILENT " } else { "SERVICE " });
                self.name(name);
                self.push(" ");
                self.group(inner);
            }
            GraphPattern::Values { variables, bindings } => self.values(variables, bindings),
            // The layers of a SELECT, which the first arm handles.
            GraphPattern::Slice { .. }
            | GraphPattern::Distinct { .. }
            | GraphPattern::Reduced { .. }
            | GraphPattern::Project { .. }
            | GraphPattern::OrderBy { .. }
            | GraphPattern::Group { .. } => {}
        }
    }

    /// Writes a pattern that begins a group.
    fn beginning(&mut self, pattern: &GraphPattern) {
        if can_be_continued(pattern) {
            self.contents(pattern);
        } else {
            self.line("");
            self.group(pattern);
        }
    }

    pub(super) fn triple(&mut self, triple: &TriplePattern) {
        self.term_pattern(&triple.subject);
        self.push(" ");
        self.verb(&triple.predicate);
        self.push(" ");
        self.term_pattern(&triple.object);
        self.push(" .");
    }

    fn path_pattern(
        &mut self,
        subject: &TermPattern,
        path: &PropertyPathExpression,
        object: &TermPattern,
    ) {
        self.line("");
        self.term_pattern(subject);
        self.push(" ");
        self.path(path);
        self.push(" ");
        self.term_pattern(object);
        self.push(" .");
    }

    fn path(&mut self, path: &PropertyPathExpression) {
        match path {
            PropertyPathExpression::NamedNode(predicate) => self.predicate(predicate),
            PropertyPathExpression::Reverse(inner) => {
                self.push("^");
                self.path_in_parentheses(inner);
            }
            PropertyPathExpression::Sequence(a, b) => self.paths(&[a, b], " / "),
            PropertyPathExpression::Alternative(a, b) => self.paths(&[a, b], " | "),
            PropertyPathExpression::ZeroOrMore(inner) => self.repeated(inner, "*"),
            PropertyPathExpression::OneOrMore(inner) => self.repeated(inner, "+"),
            PropertyPathExpression::ZeroOrOne(inner) => self.repeated(inner, "?"),
            PropertyPathExpression::NegatedPropertySet(predicates) => {
                self.push("!(");
                for (i, predicate) in predicates.iter().enumerate() {
                    if i > 0 {
                        self.push(" | ");
                    }
                    self.predicate(predicate);
                }
                self.push(")");
            }
        }
    }

    fn paths(&mut self, paths: &[&PropertyPathExpression], separator: &str) {
        self.push("(");
        for (i, path) in paths.iter().enumerate() {
            if i > 0 {
                self.push(separator);
            }
            self.path(path);
        }
        self.push(")");
    }

    fn repeated(&mut self, path: &PropertyPathExpression, how_often: &str) {
        self.path_in_parentheses(path);
        self.push(how_often);
    }

    fn path_in_parentheses(&mut self, path: &PropertyPathExpression) {
        self.push("(");
        self.path(path);
        self.push(")");
    }

    fn values(&mut self, variables: &[Variable], bindings: &[Vec<Option<GroundTerm>>]) {
        self.line("VALUES (");
        for (i, variable) in variables.iter().enumerate() {
            if i > 0 {
                self.push(" ");
            }
            self.variable(variable);
        }
        self.push(") {");
        self.indented(|writer| {
            for row in bindings {
                writer.line("(");
                for (i, value) in row.iter().enumerate() {
                    if i > 0 {
                        writer.push(" ");
                    }
                    writer.ground_term(value.as_ref());
                }
                writer.push(")");
            }
        });
        self.line("}");
    }
}
