//! Patterns: saved CONSTRUCT queries without conditions, whose templates become statements of claims.
//!
//! A parameter of a pattern is written like that of a query. It may be optional wherever it is: without a value, the
//! statements that mention it are left out. If its values are things and it is only an object, it accepts several
//! values, and each statement that mentions it is made for each of them.

use super::arguments::{Parameter, ResolveIri, bindings};
use super::front_matter::place;
use super::parameter::{ValueType, name_before_type};
use super::saved_query::SavedQuery;
use crate::algebra::Binding;
use crate::diagnostic::{Diagnostic, Excerpt, Remark, Result, error, nearest};
use crate::dossier::SourceFile;
use crate::sparql::tree::{Node, NodeKind};
use crate::sparql::{is_accepted, tree_of};
use crate::vocabulary::Prefixes;
use oxigraph::model::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};
use std::collections::HashMap;

/// A pattern for statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// Its text, its front matter and its parameters.
    pub query: SavedQuery,
    template: Vec<TriplePattern>,
}

/// The values of the parameters of a pattern.
pub(crate) type PatternValues = HashMap<Variable, Binding>;

impl Pattern {
    /// Parses a pattern. For an undeclared prefix, the error suggests those known elsewhere.
    ///
    /// # Errors
    /// If the file is not a pattern, with the location.
    pub(super) fn parse_among(
        source: &SourceFile,
        elsewhere: &dyn Fn() -> Prefixes,
    ) -> Result<Self, Diagnostic> {
        let mut query = SavedQuery::read(source, elsewhere)
            .map_err(|problem| without_conditions(source, problem))?;
        let template = template(&query)?.to_vec();
        let here = |word: &str| {
            Excerpt::new(&query.path, &query.text, place(&query.text, word, Some("mint")))
        };
        for triple in &template {
            if let Some(variable) = variables(triple).find(|variable| {
                let mut parameters = query.parameters.iter();
                !parameters.any(|parameter| parameter.declaration.variable == *variable)
            }) {
                let place = tree_of(&query.text).first_use(variable.as_str());
                let name = variable.as_str();
                let meant = match name_before_type(name, &query.prefixes) {
                    Some(_) => format!("?_{name}"),
                    None => format!("?_{name}_iri"),
                };
                return Err(error!("pattern-form", "`{variable}` never has a value")
                    .at(place.map(|place| Excerpt::new(&query.path, &query.text, place)))
                    .help(format!("make it a parameter: `{meant}`")));
            }
        }
        for (name, words) in &query.front_matter.mint {
            let known = query.parameters.iter().find(|known| known.declaration.name == *name);
            if known.is_none_or(|known| known.declaration.value_type != ValueType::Iri) {
                return Err(error!(
                    "pattern-form",
                    "`mint` only applies to parameters that are IRIs"
                )
                .at(here(name))
                .help("write it as `?_name_iri` in the pattern, without the type here"));
            }
            let names = || query.parameters.iter().map(|known| known.declaration.name.as_str());
            let unknown = placeholders(words).find(|name| names().all(|known| known != *name));
            if placeholders(words).next().is_none() {
                let message =
                    "`mint` has no parameter in braces, so that all new things get one name";
                return Err(error!("pattern-form", "{message}").at(here(name)).help(format!(
                    "write `{name}: \"{}\"`",
                    in_braces(words, name, &names().collect::<Vec<_>>())
                )));
            }
            if let Some(unknown) = unknown {
                return Err(error!("pattern-form", "`mint` has an unknown parameter `{unknown}`")
                    .at(here(unknown))
                    .suggest(
                        nearest(unknown, names()),
                        || "write the name of a parameter between the braces",
                    ));
            }
        }
        for parameter in &mut query.parameters {
            complete(parameter, &template, &query.front_matter.mint);
        }
        Ok(Self { query, template })
    }

    /// Returns the parameters that get a new IRI if they have no value, each with the words that it is made of, in which
    /// a parameter in braces stands for its value.
    pub(crate) fn minted(&self) -> impl Iterator<Item = (&Variable, &str)> {
        self.query.front_matter.mint.iter().filter_map(|(name, words)| {
            let mut parameters = self.query.parameters.iter();
            let parameter = parameters.find(|known| known.declaration.name == *name)?;
            Some((&parameter.declaration.variable, words.as_str()))
        })
    }

    /// Returns the parameter with a variable.
    pub(crate) fn parameter(&self, variable: &Variable) -> Option<&Parameter> {
        self.query.parameters.iter().find(|known| known.declaration.variable == *variable)
    }

    /// Returns the first property whose value a variable is.
    pub(crate) fn property_of(&self, variable: &Variable) -> Option<&NamedNode> {
        self.template.iter().find_map(|triple| match (&triple.predicate, &triple.object) {
            (NamedNodePattern::NamedNode(property), TermPattern::Variable(object))
                if object == variable =>
            {
                Some(property)
            }
            _ => None,
        })
    }

    /// Returns the values of the parameters for some arguments. A parameter without a type has the text as its value.
    ///
    /// # Errors
    /// All at once: parameters that are unknown, missing or given twice, and values that do not fit.
    pub(crate) fn bind(
        &self,
        arguments: &[(String, String)],
        resolve: &mut ResolveIri<'_>,
    ) -> Result<PatternValues> {
        bindings(&self.query.parameters, arguments, resolve).map_err(|mut error| {
            if let Some(last) = error.problems.last_mut() {
                last.remarks.push(Remark::Note(self.usage()));
            }
            error
        })
    }

    /// Returns the statements of the template. Its blank nodes are named after `scope`.
    pub(crate) fn statements(&self, values: &PatternValues, scope: &str) -> Vec<Triple> {
        let mut blank_nodes = HashMap::new();
        let mut terms = |pattern: &TermPattern| -> Vec<Term> {
            match pattern {
                TermPattern::NamedNode(iri) => vec![iri.clone().into()],
                TermPattern::Literal(literal) => vec![literal.clone().into()],
                TermPattern::BlankNode(node) => {
                    let number = blank_nodes.len() + 1;
                    let node = blank_nodes
                        .entry(node.clone())
                        .or_insert_with(|| BlankNode::new_unchecked(format!("{scope}-{number}")));
                    vec![node.clone().into()]
                }
                TermPattern::Variable(variable) => values_of(values, variable),
                #[cfg(feature = "rdf-12")]
                TermPattern::Triple(_) => Vec::new(),
            }
        };
        let mut statements = Vec::new();
        for TriplePattern { subject, predicate, object } in &self.template {
            let properties = match predicate {
                NamedNodePattern::NamedNode(iri) => vec![iri.clone().into()],
                NamedNodePattern::Variable(variable) => values_of(values, variable),
            };
            let (subjects, objects) = (terms(subject), terms(object));
            for subject in &subjects {
                let Some(subject) = as_subject(subject) else { continue };
                for property in &properties {
                    let Term::NamedNode(property) = property else { continue };
                    statements.extend(objects.iter().map(|object| {
                        Triple::new(subject.clone(), property.clone(), object.clone())
                    }));
                }
            }
        }
        statements
    }

    /// Returns the option that uses the pattern, with its parameters.
    pub(crate) fn option(&self) -> String {
        let parameters = self.query.parameters.iter().map(Parameter::usage);
        format!("--pattern {} {}", self.query.name, parameters.collect::<Vec<_>>().join(" "))
    }

    /// Returns its name and its parameters, without those whose values it makes itself.
    pub(crate) fn short_usage(&self) -> String {
        let is_minted = |parameter: &&Parameter| {
            self.query.front_matter.mint.contains_key(&parameter.declaration.name)
        };
        let parameters = self.query.parameters.iter().filter(|parameter| !is_minted(parameter));
        let parameters = parameters.map(|parameter| format!(" {}", parameter.usage()));
        self.query.name.clone() + &parameters.collect::<String>()
    }

    /// Returns instructions for using the pattern: the option, and a line for each parameter.
    pub(crate) fn usage(&self) -> String {
        let mut usage = format!("usage: dossier claim DOCUMENT 'WORDS' {}", self.option());
        for parameter in &self.query.parameters {
            let Parameter { declaration, .. } = parameter;
            usage.push_str(&format!("\n  {}: {}", declaration.name, parameter.explanation()));
        }
        usage
    }
}

/// Returns the template of a pattern.
///
/// # Errors
/// If the query is no CONSTRUCT, or has conditions.
fn template(query: &SavedQuery) -> Result<&[TriplePattern], Diagnostic> {
    let is_empty = |pattern: &GraphPattern| {
        let mut pattern = pattern;
        while let GraphPattern::Project { inner, .. } | GraphPattern::Reduced { inner } = pattern {
            pattern = inner;
        }
        *pattern == GraphPattern::default()
    };
    match &query.query {
        Query::Construct { template, pattern, .. } if is_empty(pattern) => Ok(template),
        _ => Err(error!("pattern-form", "a pattern is a CONSTRUCT without conditions")
            .at(Excerpt::new(&query.path, &query.text, first_keyword(&query.text)))
            .help("write it as `CONSTRUCT { … } WHERE {}`")),
    }
}

/// Adds to the error of a pattern without WHERE what to write.
fn without_conditions(source: &SourceFile, problem: Diagnostic) -> Diagnostic {
    let Ok(text) = source.text() else { return problem };
    let whole = format!("{}\nWHERE {{}}\n", text.trim_end());
    if problem.help.is_none() && is_accepted(&whole) {
        problem.help("write `WHERE {}` at the end")
    } else {
        problem
    }
}

/// Returns the place of the keyword with which a query begins after its prefixes.
fn first_keyword(text: &str) -> std::ops::Range<usize> {
    let tree = tree_of(text);
    let mut parts = tree.root().children().filter(|part| !part.is(NodeKind::Declaration));
    parts.next().and_then(|query| query.tokens().next()).map_or(0..0, Node::span)
}

/// Completes the metadata of a parameter: whether it must be given, and whether it accepts several values.
fn complete(
    parameter: &mut Parameter,
    template: &[TriplePattern],
    mint: &std::collections::BTreeMap<String, String>,
) {
    let Parameter { declaration, .. } = parameter;
    let is_only_object = template.iter().all(|triple| {
        let is_it = |variable: &Variable| *variable == declaration.variable;
        !matches!(&triple.subject, TermPattern::Variable(subject) if is_it(subject))
            && !matches!(&triple.predicate, NamedNodePattern::Variable(property) if is_it(property))
    });
    let names_minted =
        mint.values().any(|words| placeholders(words).any(|name| name == declaration.name));
    parameter.repeatable =
        declaration.value_type == ValueType::Iri && is_only_object && !names_minted;
    if let Some(words) = mint.get(&declaration.name) {
        declaration.optional = true;
        parameter.description.get_or_insert_with(|| format!("named after “{words}” by default"));
    }
}

/// Returns the names in braces.
fn placeholders(words: &str) -> impl Iterator<Item = &str> {
    words.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// Returns words in which the names of parameters, perhaps as variables, stand in braces. If there are none, the first
/// parameter of another name follows the words.
fn in_braces(words: &str, own: &str, names: &[&str]) -> String {
    let others = || names.iter().filter(|name| **name != own);
    let in_braces = |word: &str| {
        let bare = word.trim_start_matches(['?', '$', '_']);
        let bare = bare.strip_suffix("_iri").unwrap_or(bare);
        others().find(|name| **name == bare).map(|name| format!("{{{name}}}"))
    };
    let written: Vec<String> =
        words.split(' ').map(|word| in_braces(word).unwrap_or_else(|| word.to_owned())).collect();
    let written = written.join(" ");
    match others().next() {
        Some(first) if !written.contains('{') => format!("{written} {{{first}}}"),
        _ => written,
    }
}

fn variables(triple: &TriplePattern) -> impl Iterator<Item = Variable> {
    let variable = |term: &'_ TermPattern| -> Option<Variable> {
        match term {
            TermPattern::Variable(variable) => Some(variable.clone()),
            _ => None,
        }
    };
    let property = match &triple.predicate {
        NamedNodePattern::Variable(variable) => Some(variable.clone()),
        NamedNodePattern::NamedNode(_) => None,
    };
    [variable(&triple.subject), property, variable(&triple.object)].into_iter().flatten()
}

fn values_of(values: &PatternValues, variable: &Variable) -> Vec<Term> {
    match values.get(variable) {
        Some(Binding::One(term)) => vec![term.clone()],
        Some(Binding::Several(terms)) => terms.clone(),
        Some(Binding::Absent) | None => Vec::new(),
    }
}

fn as_subject(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(iri) => Some(iri.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    const PREFIX: &str = "PREFIX e: <http://example.com/>\n";

    fn parse(text: &str) -> Result<Pattern, Diagnostic> {
        let bytes = Cow::Owned(text.as_bytes().to_owned());
        let source = SourceFile { path: "queries/patterns/p.rq".into(), bytes };
        Pattern::parse_among(&source, &Prefixes::default)
    }

    fn statements(text: &str, arguments: &[(&str, &str)]) -> Vec<String> {
        let arguments: Vec<_> =
            arguments.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let pattern = parse(&format!("{PREFIX}{text}")).unwrap();
        let mut resolve = |_: &Parameter, value: &str| {
            NamedNode::new(format!("http://example.com/{value}")).map_err(|_| Diagnostic::new("no"))
        };
        let values = pattern.bind(&arguments, &mut resolve).unwrap();
        let statements = pattern.statements(&values, "s");
        statements
            .iter()
            .map(|triple| triple.to_string().replace("http://example.com/", ""))
            .collect()
    }

    #[test]
    fn each_value_gives_a_statement() {
        let text = "CONSTRUCT { ?_it_iri a e:Act ; e:actor ?_actor_iri ; e:date ?__date ; e:at [ e:x ?_actor_iri ] } WHERE {}";
        assert_eq!(
            statements(text, &[("it", "act"), ("actor", "a"), ("actor", "b")]),
            [
                "_:s-1 <x> <a>",
                "_:s-1 <x> <b>",
                "<act> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <Act>",
                "<act> <actor> <a>",
                "<act> <actor> <b>",
                "<act> <at> _:s-1",
            ]
        );
    }

    #[test]
    fn a_thing_may_get_a_new_name() {
        let text = "#+ mint: { it: \"act {actor}\" }\nPREFIX e: <http://example.com/>\n\
            CONSTRUCT { ?_it_iri e:actor ?_actor_iri ; e:other ?_other_iri } WHERE {}";
        let pattern = parse(text).unwrap();
        let facts: Vec<_> = pattern
            .query
            .parameters
            .iter()
            .map(|parameter| {
                (parameter.declaration.name.as_str(), parameter.is_required(), parameter.repeatable)
            })
            .collect();
        assert_eq!(facts, [("it", false, false), ("actor", true, false), ("other", true, true)]);
        let minted: Vec<_> = pattern.minted().collect();
        assert_eq!(minted, [(&Variable::new_unchecked("_it_iri"), "act {actor}")]);
        assert_eq!(pattern.option(), "--pattern p [it=IT] actor=ACTOR other=OTHER…");
    }

    #[test]
    fn what_is_no_pattern_is_pointed_at() {
        for (text, line, column) in [
            ("SELECT * { ?s e:p ?_a_iri }", 2, 1),
            ("CONSTRUCT { ?_a_iri e:p 1 } WHERE { ?_a_iri e:q 2 }", 2, 1),
            ("CONSTRUCT { ?_a_iri e:p ?b } WHERE {}", 2, 25),
            ("CONSTRUCT { ?_a e:p 1 } WHERE {}", 2, 13),
        ] {
            let problem = parse(&format!("{PREFIX}{text}")).unwrap_err();
            let excerpt = problem.excerpt.unwrap_or_else(|| panic!("{text}: {}", problem.message));
            assert_eq!((excerpt.line, excerpt.column), (line, column), "{text}");
        }
        for mint in ["a: \"{b}\"", "a: b", "b: c"] {
            let text =
                format!("#+ mint: {{ {mint} }}\n{PREFIX}CONSTRUCT {{ e:s e:p ?_a }} WHERE {{}}");
            assert_eq!(parse(&text).unwrap_err().id.as_deref(), Some("pattern-form"), "{mint}");
        }
    }
}
