//! The form of a saved query: an input for each parameter, of its type, with the values that it can have.

use super::term::{name_of, shown};
use crate::catalogue::{Parameter, SavedQuery, ValueType};
use crate::diagnostic::Result;
use crate::session::Session;
use crate::vocabulary::{folded, xsd};
use crate::web::address::Address;
use crate::web::links::Links;
use maud::{Markup, html};

/// The most values that a list shows; of more, one is typed, with proposals.
const MOST_LISTED: usize = 100;

/// The most proposals.
const MOST_PROPOSED: usize = 1_000;

/// The input of a parameter.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// The name of the parameter.
    pub name: String,
    label: String,
    hint: Option<String>,
    is_required: bool,
    is_repeatable: bool,
    default: Option<String>,
    /// The values that are there.
    given: Vec<String>,
    input: Input,
}

/// How a value is chosen.
#[derive(Debug, PartialEq, Eq)]
enum Input {
    /// From a list.
    List(Vec<ListedValue>),
    /// By typing it, with proposals.
    Text { kind: &'static str, pattern: Option<&'static str>, proposals: Vec<ListedValue> },
}

/// A value, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListedValue {
    /// The value, as it stands in addresses.
    pub value: String,
    /// What it is called.
    pub label: String,
}

impl ListedValue {
    fn plain(value: &str) -> Self {
        Self { value: value.to_owned(), label: value.to_owned() }
    }

    /// Returns whether somebody who typed a text meant this value.
    fn is_meant_by(&self, typed: &str) -> bool {
        self.value == typed || folded(&self.label) == folded(typed)
    }
}

/// Returns the inputs of a query, filled with arguments.
///
/// # Errors
/// Fails if the store fails.
pub(super) fn fields(
    session: &Session,
    query: &SavedQuery,
    arguments: &[(String, String)],
) -> Result<Vec<Field>> {
    let field = |parameter: &Parameter| -> Result<Field> {
        let name = parameter.declaration.name.clone();
        let given: Vec<String> = arguments
            .iter()
            .filter(|(given, _)| *given == name)
            .map(|(_, value)| value.clone())
            .collect();
        let values = values(session, parameter)?;
        let input = match values {
            Some(values) if values.len() <= MOST_LISTED => Input::List(values),
            Some(mut values) => {
                values.truncate(MOST_PROPOSED);
                Input::Text { kind: "text", pattern: None, proposals: values }
            }
            None => typed(&parameter.declaration.value_type, &given),
        };
        Ok(Field {
            label: capitalized(&name),
            hint: hint(parameter),
            name,
            is_required: parameter.is_required(),
            is_repeatable: parameter.repeatable,
            default: parameter.default.clone(),
            given,
            input,
        })
    };
    query.parameters.iter().map(field).collect()
}

/// Returns what the values of a parameter are, unless its name says it, and what they are for.
fn hint(parameter: &Parameter) -> Option<String> {
    let name = &parameter.declaration.name;
    let says_nothing = |label: &&String| {
        let rest = label.strip_prefix("a ").or_else(|| label.strip_prefix("an "));
        rest.unwrap_or(label) == name
    };
    let label = parameter.label.as_ref().filter(|label| !says_nothing(label));
    let words: Vec<&str> =
        label.into_iter().chain(&parameter.description).map(String::as_str).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Returns the values that a parameter can have, if they can be listed.
///
/// # Errors
/// Fails if the store fails.
pub(super) fn values(session: &Session, parameter: &Parameter) -> Result<Option<Vec<ListedValue>>> {
    if !parameter.choices.is_empty() {
        return Ok(Some(parameter.choices.iter().map(|value| ListedValue::plain(value)).collect()));
    }
    if parameter.declaration.value_type == ValueType::Typed(xsd::BOOLEAN.into()) {
        return Ok(Some(["true", "false"].map(ListedValue::plain).to_vec()));
    }
    let Some(class) = &parameter.class else { return Ok(None) };
    let mut instances = session.store().instances(class)?;
    instances.sort();
    instances.dedup();
    let labels = session.labels(&instances)?;
    let mut values: Vec<ListedValue> = instances
        .iter()
        .map(|iri| {
            let value = name_of(session, iri);
            let label = labels.get(iri).unwrap_or(&value).to_owned();
            ListedValue { value, label }
        })
        .collect();
    values.sort_by_cached_key(|value| (folded(&value.label), value.value.clone()));
    Ok(Some(values))
}

/// Returns the input for a value that is typed. A browser does not show an invalid value in an input with a type.
fn typed(value_type: &ValueType, given: &[String]) -> Input {
    let is_valid = given.iter().all(|value| value_type.term(value).is_ok());
    let (kind, pattern) = match value_type {
        ValueType::Typed(datatype) if is_valid => match datatype.as_ref() {
            xsd::INTEGER => ("number", None),
            xsd::DATE => ("date", None),
            xsd::G_YEAR => ("text", Some("-?[0-9]{4,}")),
            xsd::G_YEAR_MONTH => ("text", Some("-?[0-9]{4,}-[0-9]{2}")),
            _ => ("text", None),
        },
        _ => ("text", None),
    };
    Input::Text { kind, pattern, proposals: Vec::new() }
}

/// Writes a form. It leads to the canonical address of the answer.
pub(super) fn form(query: &SavedQuery, fields: &[Field], links: &Links) -> Markup {
    let action = Address::Question { name: query.name.clone(), arguments: Vec::new() };
    html! {
        form class="parameters" action=(links.to(&action)) {
            @for field in fields { (field.write()) }
            div class="submit" { button { "Ask" } }
        }
    }
}

impl Field {
    fn write(&self) -> Markup {
        let id = format!("field-{}", self.name);
        let hint = self.hint_text();
        let hint_id = hint.as_ref().map(|_| format!("{id}-hint"));
        html! {
            @if self.is_repeatable {
                fieldset aria-describedby=[&hint_id] {
                    legend { (self.name_of_label()) }
                    (self.several(&id))
                    @if let Some(hint) = &hint { p class="hint" id=[&hint_id] { (hint) } }
                }
            } @else {
                div class="field" {
                    label for=(id) { (self.name_of_label()) }
                    @let given = self.given.first().map_or("", String::as_str);
                    (self.one(&id, given, self.is_required, hint_id.as_deref(), None))
                    @if let Some(hint) = &hint { p class="hint" id=[&hint_id] { (hint) } }
                }
            }
        }
    }

    fn name_of_label(&self) -> Markup {
        html! {
            (shown(&self.label))
            @if !self.is_required { " " span class="quiet" { "(optional)" } }
        }
    }

    fn hint_text(&self) -> Option<String> {
        let mut words: Vec<String> = self.hint.iter().map(|hint| shown(hint)).collect();
        words.extend(self.default.as_ref().map(|default| format!("{} by default", shown(default))));
        (!words.is_empty()).then(|| words.join("; "))
    }

    /// Writes the inputs of several values: boxes to check, or one input more than there are values.
    fn several(&self, id: &str) -> Markup {
        match &self.input {
            Input::List(values) => html! {
                @for (i, value) in self.with_given(values).iter().enumerate() {
                    label class="check" {
                        input type="checkbox" id={ (id) "-" (i) } name=(self.name) value=(value.value)
                            checked[self.given.iter().any(|given| value.is_meant_by(given))];
                        " " (shown(&value.label))
                    }
                }
            },
            Input::Text { .. } => html! {
                @for (i, given) in self.given.iter().map(String::as_str).chain([""]).enumerate() {
                    @let is_required = self.is_required && i == 0;
                    (self.one(&format!("{id}-{i}"), given, is_required, None, Some(i + 1)))
                }
            },
        }
    }

    fn one(
        &self,
        id: &str,
        given: &str,
        is_required: bool,
        hint: Option<&str>,
        number: Option<usize>,
    ) -> Markup {
        let label = number.map(|number| format!("{}, value {number}", self.name));
        match &self.input {
            Input::List(values) => html! {
                select id=(id) name=(self.name) required[is_required] aria-describedby=[hint] aria-label=[label] {
                    option value="" { @if is_required { "Choose…" } @else { "Any" } }
                    @for value in self.with_given(values) {
                        option value=(value.value) selected[value.is_meant_by(given)] { (shown(&value.label)) }
                    }
                }
            },
            Input::Text { kind, pattern, proposals } => html! {
                @let list = (!proposals.is_empty()).then(|| format!("{id}-values"));
                input id=(id) type=(kind) name=(self.name) value=(self.typed_value(given))
                    pattern=[pattern] required[is_required] list=[&list] autocomplete="off"
                    aria-describedby=[hint] aria-label=[label];
                @if let Some(list) = &list {
                    datalist id=(list) {
                        @for value in proposals { option value=(value.value) { (shown(&value.label)) } }
                    }
                }
            },
        }
    }

    /// Returns the value that was typed, as the input shows it: the proposal that it stands for.
    fn typed_value(&self, given: &str) -> String {
        match &self.input {
            Input::Text { proposals, .. } => proposals
                .iter()
                .find(|value| value.is_meant_by(given))
                .map_or_else(|| given.to_owned(), |value| value.value.clone()),
            Input::List(_) => given.to_owned(),
        }
    }

    /// Returns the values, and those that are given but not among them, so that no input is lost.
    fn with_given(&self, values: &[ListedValue]) -> Vec<ListedValue> {
        let is_listed = |given: &&String| values.iter().any(|value| value.is_meant_by(given));
        let others = self.given.iter().filter(|given| !is_listed(given));
        values.iter().cloned().chain(others.map(|given| ListedValue::plain(given))).collect()
    }
}
