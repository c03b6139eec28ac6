//! Checks the arguments for the parameters of a query.

use super::parameter::{Declaration, ValueType};
use super::shell_word::in_shell;
use crate::algebra::Binding;
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, did_you_mean, error, nearest};
use oxigraph::model::NamedNode;
use spargebra::term::{Term, Variable};
use std::collections::HashMap;

/// A parameter with its metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, variable and type.
    pub declaration: Declaration,
    /// Whether it accepts several values.
    pub repeatable: bool,
    /// The default value.
    pub default: Option<String>,
    /// The permitted values. If empty, any value is permitted.
    pub choices: Vec<String>,
    /// The name of a value in the usage.
    pub label: Option<String>,
    /// The purpose of the parameter.
    pub description: Option<String>,
    /// The class of its values.
    pub class: Option<NamedNode>,
    /// The value of an example.
    pub(crate) example: Option<String>,
}

impl Parameter {
    /// Creates a parameter from its declaration alone.
    pub fn new(declaration: Declaration, repeatable: bool) -> Self {
        Self {
            declaration,
            repeatable,
            default: None,
            choices: Vec::new(),
            label: None,
            description: None,
            class: None,
            example: None,
        }
    }

    /// Returns whether a value must be given.
    pub fn is_required(&self) -> bool {
        !self.declaration.optional && self.default.is_none()
    }

    /// Returns the parameter as in a usage line: `state=STATE`, or `[year=YEAR]` if it is optional.
    pub fn usage(&self) -> String {
        let name = &self.declaration.name;
        let several = if self.repeatable { "…" } else { "" };
        let usage = format!("{name}={}{several}", name.to_uppercase());
        if self.is_required() { usage } else { format!("[{usage}]") }
    }

    /// Describes the values of the parameter.
    pub fn explanation(&self) -> String {
        let label = self.label.clone().unwrap_or_else(|| match &self.declaration.value_type {
            ValueType::Iri => "an IRI, a CURIE or a label".into(),
            ValueType::String => "a text".into(),
            ValueType::LanguageString(language) => format!("text in the language `{language}`"),
            ValueType::Typed(_) | ValueType::AnyDate => {
                self.declaration.value_type.term("\u{0}").err().unwrap_or_else(|| "a value".into())
            }
        });
        let mut words = vec![label];
        words.extend(self.description.clone());
        if !self.choices.is_empty() {
            words.push(format!("one of {}", self.choices.join(", ")));
        }
        if let Some(default) = &self.default {
            words.push(format!("{default} by default"));
        }
        if self.repeatable {
            words.push("can be repeated".into());
        }
        words.join("; ")
    }
}

/// Finds the IRI for a value such as a label.
pub(super) type ResolveIri<'a> = dyn FnMut(&Parameter, &str) -> Result<NamedNode, Diagnostic> + 'a;

/// Returns the value of each parameter from the given arguments.
///
/// # Errors
/// All of these at once: parameters that are unknown, missing or given twice, and values that do not fit.
pub(super) fn bindings(
    parameters: &[Parameter],
    arguments: &[(String, String)],
    resolve: &mut ResolveIri<'_>,
) -> Result<HashMap<Variable, Binding>> {
    let mut problems = Vec::new();
    let names = || parameters.iter().map(|parameter| parameter.declaration.name.as_str());
    let mut meant = Vec::new();
    for (i, (name, _)) in arguments.iter().enumerate() {
        let known = names().any(|known| known == name);
        if !known && !arguments[..i].iter().any(|(earlier, _)| earlier == name) {
            problems.push(unknown(name, names()));
            meant.extend(nearest(name, names()));
        }
    }
    let mut bindings = HashMap::new();
    let is_given = |name: &str| arguments.iter().any(|(given, _)| given == name);
    for parameter in parameters {
        let name = parameter.declaration.name.as_str();
        match binding(parameter, arguments, resolve) {
            Ok(binding) => {
                bindings.insert(parameter.declaration.variable.clone(), binding);
            }
            // The parameter is given under a misspelt name.
            Err(_) if meant.contains(&name) && !is_given(name) => {}
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(bindings) } else { Err(Error { kind: ErrorKind::Usage, problems }) }
}

fn binding(
    parameter: &Parameter,
    arguments: &[(String, String)],
    resolve: &mut ResolveIri<'_>,
) -> Result<Binding, Diagnostic> {
    let name = &parameter.declaration.name;
    let mut values: Vec<&str> = arguments
        .iter()
        .filter(|(given, _)| given == name)
        .map(|(_, value)| value.as_str())
        .collect();
    if values.is_empty() {
        values.extend(parameter.default.as_deref());
    }
    if values.len() > 1 && !parameter.repeatable {
        return Err(error!("argument-repeated", "`{name}` is given {} times", values.len())
            .help("give it one value"));
    }
    let mut terms = Vec::with_capacity(values.len());
    for value in values {
        terms.push(term(parameter, value, resolve)?);
    }
    match terms.len() {
        0 if parameter.declaration.optional => Ok(Binding::Absent),
        0 => {
            Err(error!("argument-missing", "`{name}` is missing")
                .help(what_it_is(parameter, resolve)))
        }
        1 => Ok(Binding::One(terms.remove(0))),
        _ => Ok(Binding::Several(terms)),
    }
}

/// Lists the values of which one is expected.
pub(crate) fn expected_one_of(values: &[String]) -> String {
    match values {
        [only] => format!("expected `{only}`"),
        values => format!("expected one of {}", values.join(", ")),
    }
}

/// Describes a valid value for an error message: one of the choices, or the explanation of the parameter.
fn what_it_is(parameter: &Parameter, resolve: &mut ResolveIri<'_>) -> String {
    let wrong = parameter.class.as_ref().and_then(|_| resolve(parameter, "").err());
    let values = wrong.and_then(|problem| problem.help);
    values
        .filter(|help| help.starts_with("expected "))
        .unwrap_or_else(|| format!("expected {}", parameter.explanation()))
}

fn term(
    parameter: &Parameter,
    value: &str,
    resolve: &mut ResolveIri<'_>,
) -> Result<Term, Diagnostic> {
    let name = &parameter.declaration.name;
    let value_of = |value: &str| {
        let like = |like| alike(like, parameter.example.as_deref());
        parameter.declaration.value_type.term(value).map_err(like)
    };
    if !parameter.choices.is_empty() && !parameter.choices.iter().any(|choice| choice == value) {
        let choices = parameter.choices.iter().map(String::as_str);
        return Err(match nearest(value, choices.clone()) {
            Some(choice) => {
                not_a_value(name, value).help(did_you_mean(format_args!("{name}={choice}")))
            }
            None => not_a_value(name, value).help(expected_one_of(&parameter.choices)),
        });
    }
    match value_of(value) {
        Ok(Some(term)) => Ok(term),
        Ok(None) if value.is_empty() => {
            Err(error!("argument-empty", "`{name}` is given without a value")
                .help(what_it_is(parameter, resolve)))
        }
        Ok(None) if is_broken_iri(value) => Err(not_a_value(name, value).help(
            "an IRI begins with a scheme such as `http:` and has no spaces, quotes or brackets",
        )),
        Ok(None) => resolve(parameter, value).map(Term::from),
        Err(like) if value.is_empty() => {
            Err(error!("argument-empty", "`{name}` is given without a value")
                .help(format!("expected {like}")))
        }
        Err(like) if parameter.repeatable && is_list(value, &parameter.declaration.value_type) => {
            let each = value.split(',').map(|value| in_shell(&format!("{name}={}", value.trim())));
            Err(not_a_value(name, value).help(format!(
                "expected {like}: pass several values one by one, `{}`",
                each.collect::<Vec<_>>().join(" ")
            )))
        }
        Err(like)
            if is_list(value, &parameter.declaration.value_type)
                && parameter.declaration.value_type.term(&value.replace(',', ".")).is_err() =>
        {
            let first = value.split(',').next().unwrap_or_default().trim();
            let meant = in_shell(&format!("{name}={first}"));
            Err(not_a_value(name, value)
                .help(format!("expected {like}: pass one value, such as `{meant}`")))
        }
        Err(like) => {
            let problem = not_a_value(name, value);
            Err(match suggestion(value, &parameter.declaration.value_type) {
                Some(meant) => {
                    let meant = did_you_mean(format_args!("{name}={meant}"));
                    problem.help(format!("expected {like}: {meant}"))
                }
                None => problem.help(format!("expected {like}")),
            })
        }
    }
}

/// Describes valid values by the one of an example, if there is one.
fn alike(like: String, example: Option<&str>) -> String {
    match (like.split_once(", like "), example) {
        (Some((what, _)), Some(example)) => format!("{what}, like `{example}`"),
        _ => like,
    }
}

/// Returns whether a value can only be meant as an IRI, but is not a valid one.
fn is_broken_iri(value: &str) -> bool {
    let iri = value.strip_prefix('<').map(|iri| iri.strip_suffix('>').unwrap_or(iri));
    (iri.is_some() || value.contains("://")) && NamedNode::new(iri.unwrap_or(value)).is_err()
}

/// Returns whether a value is a comma-separated list of values of a type. Thousands separators do not count: `1,000`.
fn is_list(value: &str, value_type: &ValueType) -> bool {
    let values: Vec<&str> = value.split(',').map(str::trim).collect();
    let (first, rest) = values.split_first().unwrap_or((&"", &[]));
    let is_thousands = first.len() <= 3 && rest.iter().all(|part| part.len() == 3);
    !rest.is_empty() && !is_thousands && values.iter().all(|value| value_type.term(value).is_ok())
}

/// Suggests a valid form for a value in another notation: with a decimal comma, as a date with dots, or as a yes.
fn suggestion(value: &str, value_type: &ValueType) -> Option<String> {
    let value = value.trim();
    let parts: Vec<&str> = value.split(['.', '/', '-']).collect();
    let date = match parts[..] {
        [year, month, day] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        [day, month, year] if value.contains('.') => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => String::new(),
    };
    let boolean = match value.to_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => "true",
        "no" | "n" | "off" | "false" => "false",
        _ => "",
    };
    let candidates = [
        value.to_owned(),
        value.replace(',', "."),
        value.replace([',', ' ', '_', '\''], ""),
        value.trim_matches(['"', '“', '”', '\'']).to_owned(),
        date,
        boolean.to_owned(),
    ];
    candidates.into_iter().find(|candidate| value_type.term(candidate).is_ok())
}

fn not_a_value(name: &str, value: &str) -> Diagnostic {
    error!("argument-invalid", "invalid value `{value}` for `{name}`")
}

/// Returns the diagnostic for an unknown parameter.
pub(super) fn unknown<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Diagnostic {
    let names: Vec<_> = names.collect();
    let problem = error!("parameter-unknown", "unknown parameter `{name}`");
    problem.suggest(nearest(name, names.iter().copied()), || match names.as_slice() {
        [] => "this query takes no parameters".to_owned(),
        [name] => format!("its parameter is `{name}`"),
        names => format!("its parameters are `{}`", names.join("`, `")),
    })
}
