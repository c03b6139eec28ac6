//! A saved query: a `.rq` file with front matter that any SPARQL tool can run.

use super::annotate::annotate;
use super::arguments::{Parameter, ResolveIri, bindings};
use super::bound_query::BoundQuery;
use super::front_matter::FrontMatter;
use super::parameter::{Declaration, ValueType, declarations};
use super::shell_word::in_shell;
use crate::algebra::{BindError, Binding, bind};
use crate::diagnostic::{Diagnostic, Excerpt, Remark, Result, error};
use crate::dossier::SourceFile;
use crate::sparql::tree::SyntaxTree;
use crate::sparql::{self, ParsedQuery, tree_of};
use crate::vocabulary::Prefixes;
use oxigraph::model::NamedNode;
use spargebra::Query;
use spargebra::term::{Term, Variable};
use std::collections::HashMap;

/// A saved query that was parsed and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedQuery {
    /// Its name: that of the file, without `.rq`.
    pub name: String,
    /// Its front matter.
    pub front_matter: FrontMatter,
    /// Its parameters, in the order of their first occurrence.
    pub parameters: Vec<Parameter>,
    /// The prefixes that it declares.
    pub prefixes: Prefixes,
    /// The path of its file in messages.
    pub path: String,
    /// Its text.
    pub text: String,
    pub(crate) query: Query,
}

impl SavedQuery {
    /// Parses a saved query and checks that its parameters can be bound.
    ///
    /// # Errors
    /// If the file is not a saved query, with the location: an undeclared prefix, a parameter at an invalid position,
    /// front matter for a parameter that does not exist.
    pub fn parse(source: &SourceFile) -> Result<Self, Diagnostic> {
        Self::parse_among(source, &Prefixes::default)
    }

    /// Parses a saved query like [`parse`](Self::parse). For an undeclared prefix, the error suggests those known
    /// elsewhere.
    ///
    /// # Errors
    /// Like those of [`parse`](Self::parse).
    pub(crate) fn parse_among(
        source: &SourceFile,
        elsewhere: &dyn Fn() -> Prefixes,
    ) -> Result<Self, Diagnostic> {
        let saved = Self::read(source, elsewhere)?;
        for Parameter { declaration, default, .. } in &saved.parameters {
            if declaration.optional && default.is_none() {
                let absent = HashMap::from([(declaration.variable.clone(), Binding::Absent)]);
                bind(&saved.query, &absent).map_err(|error| {
                    misplaced(&saved.path, &saved.text, &declaration.variable, &error)
                })?;
            }
        }
        Ok(saved)
    }

    /// Reads a saved query or a pattern. Whether its parameters may be optional where they stand is not checked.
    pub(super) fn read(
        source: &SourceFile,
        elsewhere: &dyn Fn() -> Prefixes,
    ) -> Result<Self, Diagnostic> {
        let path = source.path.as_str();
        let text = source.text()?;
        let front_matter = FrontMatter::parse(path, text)?;
        let ParsedQuery { query, tree } =
            sparql::parse_among(path, text, &Prefixes::default(), elsewhere)?;
        let prefixes = tree.declared_prefixes();
        let mut parameters = parameters(path, &tree, &prefixes, &query)?;
        annotate(path, &tree, &front_matter, &prefixes, &mut parameters)?;
        Ok(Self {
            name: source.stem().to_owned(),
            front_matter,
            parameters,
            prefixes,
            path: path.to_owned(),
            text: text.to_owned(),
            query,
        })
    }

    /// Returns whether its result is a graph: for CONSTRUCT and DESCRIBE.
    pub const fn is_graph(&self) -> bool {
        matches!(self.query, Query::Construct { .. } | Query::Describe { .. })
    }

    /// Replaces the parameters of the query by arguments.
    ///
    /// # Errors
    /// If an argument is wrong or missing; the diagnostics show the query's usage.
    pub fn bind(
        &self,
        arguments: &[(String, String)],
        resolve: &mut ResolveIri<'_>,
    ) -> Result<BoundQuery> {
        let bindings = bindings(&self.parameters, arguments, resolve).map_err(|mut error| {
            if let Some(last) = error.problems.last_mut() {
                last.remarks = vec![Remark::Note(self.usage())];
            }
            error
        })?;
        BoundQuery::new(&self.path, &self.text, &self.query, bindings).map_err(Diagnostic::usage)
    }

    /// Returns the test cases of the query with their arguments: one without arguments, if none are required, and each
    /// of its examples that has some. Each case is named after the file of its expected answer.
    pub fn cases(&self) -> Vec<(String, Vec<(String, String)>)> {
        let mut cases = Vec::new();
        if !self.parameters.iter().any(Parameter::is_required) {
            cases.push((self.name.clone(), Vec::new()));
        }
        let is_first = !cases.is_empty();
        for (case, arguments) in &self.front_matter.examples {
            if arguments.is_empty() && is_first {
                continue;
            }
            let arguments = arguments.iter().flat_map(|(name, values)| {
                values.values().into_iter().map(move |value| (name.clone(), value))
            });
            cases.push((format!("{}.{case}", self.name), arguments.collect()));
        }
        cases
    }

    /// Returns instructions for running the query: the command, a line for each parameter, and an example.
    pub fn usage(&self) -> String {
        let mut usage = format!("usage: dossier run {}", self.name);
        for parameter in &self.parameters {
            usage.push(' ');
            usage.push_str(&parameter.usage());
        }
        for parameter in &self.parameters {
            usage.push_str("\n  ");
            usage.push_str(&parameter.declaration.name);
            usage.push_str(": ");
            usage.push_str(&parameter.explanation());
        }
        let examples = &self.front_matter.examples;
        let with_arguments = examples.iter().find(|(_, arguments)| !arguments.is_empty());
        if let Some((_, example)) = with_arguments.or(examples.first()) {
            usage.push_str("\n  for example: dossier run ");
            usage.push_str(&self.name);
            for (name, values) in example {
                for value in values.values() {
                    usage.push(' ');
                    usage.push_str(&in_shell(&format!("{name}={value}")));
                }
            }
        }
        usage
    }
}

/// Returns the parameters of a query after checking each by binding it to a value.
pub(super) fn parameters(
    path: &str,
    tree: &SyntaxTree<'_>,
    prefixes: &Prefixes,
    query: &Query,
) -> Result<Vec<Parameter>, Diagnostic> {
    let declarations = declarations(path, tree, prefixes)?;
    let mut parameters = Vec::with_capacity(declarations.len());
    for declaration in declarations {
        let repeatable = check(path, tree, &declaration, query)?;
        parameters.push(Parameter::new(declaration, repeatable));
    }
    Ok(parameters)
}

/// Returns whether a parameter accepts several values.
///
/// # Errors
/// If it does not accept one.
pub(super) fn check(
    path: &str,
    tree: &SyntaxTree<'_>,
    declaration: &Declaration,
    query: &Query,
) -> Result<bool, Diagnostic> {
    let variable = &declaration.variable;
    if let Some(place) = tree.selected(variable.as_str()) {
        return Err(error!(
            "parameter-misplaced",
            "`{variable}` is a parameter, so SELECT cannot name it"
        )
        .at(Excerpt::new(path, tree.text(), place))
        .help("remove it, or give it another name with BIND"));
    }
    let sample = sample(&declaration.value_type);
    let bound = |binding| bind(query, &HashMap::from([(variable.clone(), binding)]));
    bound(Binding::One(sample.clone()))
        .map_err(|error| misplaced(path, tree.text(), variable, &error))?;
    Ok(bound(Binding::Several(vec![sample.clone(), sample])).is_ok())
}

fn misplaced(path: &str, text: &str, variable: &Variable, error: &BindError) -> Diagnostic {
    let problem = Diagnostic::error("parameter-misplaced", error.to_string());
    let problem = match error {
        BindError::NotAnIri(variable) => {
            // `_state`, `__state` or `_state_integer`
            let written = variable.as_str();
            let name = written.trim_start_matches('_');
            let marks = &written[..written.len() - name.len()];
            let name = name.split('_').next().unwrap_or_default();
            problem.help(format!("if its values are things, call it `?{marks}{name}_iri`"))
        }
        _ => problem,
    };
    match tree_of(text).first_use(variable.as_str()) {
        Some(place) => problem.at(Excerpt::new(path, text, place)),
        None => problem,
    }
}

/// Returns a sample value of a type, to test a query with.
fn sample(value_type: &ValueType) -> Term {
    match value_type.term("") {
        Ok(Some(term)) => term,
        Ok(None) => NamedNode::new_unchecked("urn:example").into(),
        Err(_) => oxigraph::model::Literal::new_simple_literal("").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    fn parse(text: &str) -> Result<SavedQuery, Diagnostic> {
        let bytes = Cow::Owned(text.as_bytes().to_owned());
        SavedQuery::parse(&SourceFile { path: "queries/q.rq".into(), bytes })
    }

    fn bound(query: &str, arguments: &[(&str, &str)]) -> Result<Query> {
        let arguments: Vec<_> =
            arguments.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        parse(query)
            .unwrap()
            .bind(&arguments, &mut |_, value| {
                NamedNode::new(value).map_err(|_| Diagnostic::new("no IRI"))
            })
            .map(|bound| bound.query)
    }

    fn messages(result: Result<Query>) -> Vec<String> {
        result.unwrap_err().problems.into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn arguments_are_checked() {
        let query = "ASK { ?s ?_a_iri ?_b . FILTER(?s IN (?_c_iri)) FILTER(?s != ?__d_integer) }";
        assert!(bound(query, &[("a", "x:a"), ("b", "b"), ("c", "x:c"), ("c", "x:d")]).is_ok());
        assert_eq!(
            messages(bound(
                query,
                &[("a", "x:a"), ("a", "x:b"), ("e", "1"), ("d", "one"), ("c", "x:c")]
            )),
            [
                "unknown parameter `e`",
                "`a` is given 2 times",
                "`b` is missing",
                "invalid value `one` for `d`"
            ]
        );
        let usage = parse(query).unwrap().usage();
        assert!(usage.starts_with("usage: dossier run q a=A b=B c=C… [d=D]\n"), "{usage}");
    }

    #[test]
    fn defaults_and_choices_hold() {
        let query = "#+ defaults: {a: \"1\"}\n#+ enumerate: {a: [1, 2]}\nASK { ?s ?p ?_a_integer }";
        let with = |value: &str| {
            bound(&query.replace("?_a_integer", value).replace("#+", "# "), &[]).unwrap()
        };
        assert_eq!(bound(query, &[]).unwrap(), with("1"));
        assert_eq!(bound(query, &[("a", "2")]).unwrap(), with("2"));
        assert_eq!(messages(bound(query, &[("a", "3")])), ["invalid value `3` for `a`"]);
    }

    #[test]
    fn a_parameter_has_its_values_and_its_default_beside_its_label() {
        let query =
            "#+ params: {a: {label: n, values: [1, 2], default: 2}}\nASK { ?s ?p ?_a_integer }";
        let with = |value: &str| {
            bound(&query.replace("?_a_integer", value).replace("#+", "# "), &[]).unwrap()
        };
        assert_eq!(bound(query, &[]).unwrap(), with("2"));
        assert_eq!(messages(bound(query, &[("a", "3")])), ["invalid value `3` for `a`"]);
        assert_eq!(
            parse(query).unwrap().parameters[0].explanation(),
            "n; one of 1, 2; 2 by default"
        );
    }

    #[test]
    fn a_date_may_have_any_precision() {
        let query = "#+ params: {a: {type: date of any precision}}\nASK { ?s ?p ?_a }";
        assert!(bound(query, &[("a", "2001-06")]).is_ok());
        assert_eq!(messages(bound(query, &[("a", "June")])), ["invalid value `June` for `a`"]);
    }

    #[test]
    fn broken_files_are_pointed_at() {
        for (text, line, column) in [
            ("#+ params: {a: {type: date}}\nASK { ?s ?p ?_a }", 1, 23),
            ("#+ params: {a: {type: date of any precision}}\nASK { ?s ?p ?_a_integer }", 1, 23),
            ("#+ params: {a: {default: 1}}\n#+ defaults: {a: 1}\nASK { ?s ?p ?_a }", 1, 17),
            ("#+ params: {a: {values: [1]}}\n#+ enumerate: {a: [1]}\nASK { ?s ?p ?_a }", 1, 17),
            ("SELECT ?_a {\n ?s ?p ?_a }", 1, 8),
            ("ASK {\n ?_a ?p ?o }", 2, 2),
            ("ASK {\n ?s ?p ?__a }", 2, 8),
            ("ASK {\n ?s ?p ?_a_what }", 2, 8),
            ("ASK {\n ?s ex:p ?o }", 2, 5),
            ("#+ params: {b: {label: x}}\nASK { ?s ?p ?_a }", 1, 13),
            ("#+ defaults: {a: x}\nASK { ?s ?p ?_a_integer }", 1, 18),
            ("INSERT DATA { <x:a> <x:b> 1 }", 1, 1),
        ] {
            let problem = parse(text).unwrap_err();
            let excerpt = problem.excerpt.unwrap_or_else(|| panic!("{text}: {}", problem.message));
            assert_eq!(
                (excerpt.line, excerpt.column),
                (line, column),
                "{text}: {}",
                problem.message
            );
        }
    }
}
