//! Checks the rules about names that the grammar of SPARQL 1.1 does not express, for example that a BIND must not
//! assign a variable that already has a value. They are checked only to explain why the parser rejects a query.

use crate::diagnostic::{Fault, did_you_mean, nearest};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A name with its span.
pub(super) type SpannedName<'a> = (&'a str, Range<usize>);

/// An item of SELECT: a variable, or an expression with the variables that it uses outside aggregates.
pub(super) struct SelectItem<'a> {
    pub name: SpannedName<'a>,
    pub expression: Option<Vec<SpannedName<'a>>>,
}

/// The clauses of a SELECT after its pattern.
#[derive(Default)]
pub(super) struct Modifiers<'a> {
    /// The variables of GROUP BY, if there is one.
    pub keys: Option<Vec<&'a str>>,
    /// The span of GROUP BY or, without one, of the first aggregate.
    pub grouped: Option<Range<usize>>,
    /// The variables of VALUES.
    pub values: Vec<&'a str>,
}

/// Checks the rules about names: variables in scope and labels in use. Keeps the first violation.
#[derive(Default)]
pub(super) struct NameRules<'a> {
    scopes: Vec<HashMap<&'a str, Range<usize>>>,
    labels: HashSet<&'a str>,
    labels_of_others: HashSet<&'a str>,
    /// The prefixed names, in source order.
    pub prefixed: Vec<Range<usize>>,
    /// The spans at which SELECT expressions of groups use results of earlier ones, in source order.
    pub aliases: Vec<Range<usize>>,
    /// The prefixes that the query declares.
    pub declared: HashSet<&'a str>,
    /// The first violation.
    pub fault: Option<Fault>,
}

impl<'a> NameRules<'a> {
    /// Opens a scope.
    pub(super) fn enter(&mut self) {
        self.scopes.push(HashMap::new());
    }

    /// Closes a scope. Its bindings are visible in the enclosing one.
    pub(super) fn leave(&mut self) {
        let mut inner = self.scopes.pop().unwrap_or_default();
        if let Some(outer) = self.scopes.last_mut() {
            if outer.len() < inner.len() {
                std::mem::swap(outer, &mut inner);
            }
            for (name, span) in inner {
                outer.entry(name).or_insert(span);
            }
        }
    }

    /// Closes a scope and discards its bindings.
    pub(super) fn forget(&mut self) {
        self.scopes.pop();
    }

    /// Records a variable that the pattern binds.
    pub(super) fn bind(&mut self, (name, span): SpannedName<'a>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.entry(name).or_insert(span);
        }
    }

    /// Records a variable that BIND assigns.
    pub(super) fn assign(&mut self, name: SpannedName<'a>) {
        if self.scopes.last().is_some_and(|scope| scope.contains_key(name.0)) {
            let message = format!("`?{}` already has values, so BIND cannot assign one", name.0);
            self.found(
                Fault::new(name.1.clone(), "variable-assigned-twice", message)
                    .help("give the result another name; to compare, use FILTER"),
            );
        }
        self.bind(name);
    }

    /// Records a violation.
    pub(super) fn found(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    /// Records a blank node label.
    pub(super) fn label(&mut self, label: &'a str, span: Range<usize>) {
        if self.labels_of_others.contains(label) {
            self.found(
                Fault::new(
                    span,
                    "blank-node-reused",
                    format!("the label `{label}` occurs in two patterns"),
                )
                .help("a label is valid in one pattern only: use a variable"),
            );
        }
        self.labels.insert(label);
    }

    /// Records the beginning or end of a group, which ends the scope of labels.
    pub(super) fn end_of_labels(&mut self) {
        self.labels_of_others.extend(self.labels.drain());
    }

    /// Ends a template, which has its own labels.
    pub(super) fn end_of_template(&mut self) {
        self.labels.clear();
    }

    /// Ends a SELECT and its scope: only its projected variables remain visible. `star` is the span of its `*`.
    pub(super) fn select(
        &mut self,
        star: Option<Range<usize>>,
        selected: &[SelectItem<'a>],
        modifiers: &Modifiers<'a>,
    ) {
        let scope = self.scopes.pop().unwrap_or_default();
        let is_visible = |name: &str| match &modifiers.keys {
            _ if modifiers.values.contains(&name) => true,
            Some(keys) => keys.contains(&name),
            None => modifiers.grouped.is_none() && scope.contains_key(name),
        };
        let ungrouped = |(name, span): &SpannedName<'a>| {
            if scope.contains_key(name) {
                let message = format!("`?{name}` is neither grouped nor aggregated");
                let help = format!("add it to `GROUP BY`, or take one value: `SAMPLE(?{name})`");
                return Fault::new(span.clone(), "variable-ungrouped", message).help(help);
            }
            let is_of_another =
                |free: &Vec<SpannedName<'_>>| free.iter().all(|(_, place)| place != span);
            if selected.iter().any(|other| {
                other.name.0 == *name && other.expression.as_ref().is_some_and(is_of_another)
            }) {
                let message = format!("`?{name}` gets its value from a later expression");
                let help = format!("move `(… AS ?{name})` before this expression");
                return Fault::new(span.clone(), "alias-too-late", message).help(help);
            }
            let fault =
                Fault::new(span.clone(), "variable-unbound", format!("no pattern binds `?{name}`"));
            match nearest(name, scope.keys().copied()) {
                Some(near) if name.len() > 1 => fault.help(did_you_mean(format_args!("?{near}"))),
                _ => fault,
            }
        };
        let mut fault = match (&modifiers.grouped, star) {
            (Some(_), Some(star)) => Some(
                Fault::new(star, "star-of-groups", "groups cannot be selected with `*`")
                    .help("name the variables of `GROUP BY`, and aggregates such as `(COUNT(*) AS ?count)`"),
            ),
            _ => None,
        };
        let mut names = HashSet::new();
        for SelectItem { name, expression } in selected {
            let known = is_visible(name.0);
            let found = match expression {
                None if modifiers.grouped.is_some() && !known => Some(ungrouped(name)),
                Some(_) if known => Some(
                    Fault::new(
                        name.1.clone(),
                        "variable-assigned-twice",
                        format!("`?{}` already has values", name.0),
                    )
                    .help("give the result another name"),
                ),
                Some(free) if modifiers.grouped.is_some() => {
                    let (aliases, unknown): (Vec<_>, Vec<_>) = free
                        .iter()
                        .filter(|(name, _)| !is_visible(name))
                        .partition(|(name, _)| names.contains(name));
                    self.aliases.extend(aliases.into_iter().map(|(_, span)| span.clone()));
                    unknown.first().copied().map(ungrouped)
                }
                _ => None,
            };
            let found = found.or_else(|| {
                (!names.insert(name.0)).then(|| {
                    Fault::new(
                        name.1.clone(),
                        "variable-repeated",
                        format!("`?{}` is selected twice", name.0),
                    )
                    .help("remove one of them")
                })
            });
            fault = fault.or(found);
        }
        if let Some(fault) = fault {
            self.found(fault);
        }
        if selected.is_empty() {
            self.scopes.push(scope);
            self.leave();
        } else {
            for SelectItem { name, .. } in selected {
                self.bind(name.clone());
            }
        }
    }
}
