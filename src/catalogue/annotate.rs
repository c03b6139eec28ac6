//! What the front matter of a saved query says of its parameters.

use super::arguments::Parameter;
use super::front_matter::{ANY_DATE, FrontMatter, ParameterNotes, Scalar, place};
use super::parameter::{Declaration, ValueType, name_before_type};
use crate::diagnostic::{Diagnostic, Excerpt, nearest};
use crate::sparql::tree::SyntaxTree;
use crate::vocabulary::{Prefixes, well_known};
use oxigraph::model::NamedNode;

/// Adds the metadata of the front matter to the parameters.
pub(super) fn annotate(
    path: &str,
    tree: &SyntaxTree<'_>,
    front: &FrontMatter,
    prefixes: &Prefixes,
    parameters: &mut [Parameter],
) -> Result<(), Diagnostic> {
    let file = FrontMatterFile { path, text: tree.text() };
    let examples = front.examples.iter().flat_map(|(_, arguments)| arguments.keys());
    let named = front.params.keys().chain(front.defaults.keys()).chain(front.enumerate.keys());
    for name in named.chain(examples) {
        if !parameters.iter().any(|parameter| parameter.declaration.name == *name) {
            let names = parameters.iter().map(|parameter| parameter.declaration.name.as_str());
            if nearest(name, names.clone()).is_none()
                && let Some(problem) = unmarked(path, tree, name, front, prefixes)
            {
                return Err(problem);
            }
            let message = format!("the query has no parameter `{name}`");
            let problem = file.problem(message, name, None);
            return Err(problem.suggest(nearest(name, names.clone()), || match parameters {
                [] => "a parameter is a variable such as `?_state_iri` or `?_year_xsd_gYear`"
                    .to_owned(),
                [_] => format!("its parameter is `{}`", names.collect::<String>()),
                _ => format!("its parameters are `{}`", names.collect::<Vec<_>>().join("`, `")),
            }));
        }
    }
    for parameter in parameters {
        let name = parameter.declaration.name.clone();
        let mut examples = front.examples.iter();
        parameter.example =
            examples.find_map(|(_, given)| given.get(&name)?.values().into_iter().next());
        parameter.default = front.defaults.get(&name).map(|Scalar(value)| value.clone());
        if let Some(choices) = front.enumerate.get(&name) {
            parameter.choices = choices.iter().map(|Scalar(value)| value.clone()).collect();
        }
        if let Some(notes) = front.params.get(&name) {
            file.annotate(parameter, notes, prefixes)?;
        }
        for value in parameter.default.iter().chain(&parameter.choices) {
            parameter.declaration.value_type.term(value).map_err(|like| {
                let message = format!("invalid value `{value}` for `{name}`");
                file.problem(message, value, Some(&name)).help(format!("expected {like}"))
            })?;
        }
    }
    Ok(())
}

/// Returns the error for a variable that is meant as a parameter of the front matter but does not begin with `_`.
fn unmarked(
    path: &str,
    tree: &SyntaxTree<'_>,
    name: &str,
    front: &FrontMatter,
    prefixes: &Prefixes,
) -> Option<Diagnostic> {
    let is_meant = |variable: &str| {
        variable == name || name_before_type(variable, prefixes).is_some_and(|known| known == name)
    };
    let (variable, place) = tree.variables().find(|(variable, _)| is_meant(variable))?;
    let takes_things = front.params.get(name).is_some_and(|notes| notes.class.is_some());
    let meant = if variable == name && takes_things {
        format!("_{variable}_iri")
    } else {
        format!("_{variable}")
    };
    // (A variable of the same name may be one that SELECT names.)
    let help = if tree.selected(variable).is_some() {
        format!("write `?{meant}` where the value of the parameter goes")
    } else {
        format!("write `?{meant}`: the name of a parameter begins with `_`")
    };
    let message =
        format!("`?{variable}` is not a parameter, but the front matter describes `{name}`");
    Some(
        Diagnostic::error("front-matter-parameter", message)
            .at(Excerpt::new(path, tree.text(), place))
            .help(help),
    )
}

/// The file with the front matter, for the places of what is wrong in it.
struct FrontMatterFile<'a> {
    path: &'a str,
    text: &'a str,
}

impl FrontMatterFile<'_> {
    /// Returns the diagnostic at a word of the front matter, after another one if possible.
    fn problem(&self, message: String, word: &str, behind: Option<&str>) -> Diagnostic {
        Diagnostic::error("front-matter-parameter", message).at(Excerpt::new(
            self.path,
            self.text,
            place(self.text, word, behind),
        ))
    }

    /// Adds what `params` says of a parameter.
    fn annotate(
        &self,
        parameter: &mut Parameter,
        notes: &ParameterNotes,
        prefixes: &Prefixes,
    ) -> Result<(), Diagnostic> {
        let name = parameter.declaration.name.clone();
        parameter.label.clone_from(&notes.label);
        parameter.description.clone_from(&notes.description);
        if let Some(class) = &notes.class {
            self.check_things(&parameter.declaration)?;
            parameter.class = Some(self.class(&name, class, prefixes)?);
        }
        if let Some(value_type) = &notes.value_type {
            self.check_type(&parameter.declaration, value_type)?;
            parameter.declaration.value_type = ValueType::AnyDate;
        }
        let twice = |field: &str, section: &str| {
            let message = format!("the `{field}` of `{name}` is also in `{section}`");
            self.problem(message, field, Some(&name)).help("remove one of them")
        };
        if let Some(Scalar(value)) = &notes.default
            && parameter.default.replace(value.clone()).is_some()
        {
            return Err(twice("default", "defaults"));
        }
        if !notes.values.is_empty() {
            if !parameter.choices.is_empty() {
                return Err(twice("values", "enumerate"));
            }
            parameter.choices = notes.values.iter().map(|Scalar(value)| value.clone()).collect();
        }
        Ok(())
    }

    fn class(&self, name: &str, class: &str, prefixes: &Prefixes) -> Result<NamedNode, Diagnostic> {
        let iri = prefixes.expand(class).or_else(|| whole_iri(class));
        if let (None, Some((prefix, _)), false) =
            (&iri, class.split_once(':'), class.contains("//"))
        {
            let message =
                format!("the prefix `{prefix}:` of the class of `{name}` is not declared");
            return Err(self
                .problem(message, class, Some(name))
                .help(format!("declare it in the query: `PREFIX {prefix}: <…>`")));
        }
        iri.ok_or_else(|| {
            let message = format!("the class of `{name}`, `{class}`, is not an IRI");
            let own: Vec<&str> = prefixes
                .iter()
                .filter(|(prefix, _)| well_known(prefix).is_none())
                .map(|(prefix, _)| prefix)
                .collect();
            let problem = self.problem(message, class, Some(name));
            match own.as_slice() {
                [prefix] if !class.contains(char::is_whitespace) => {
                    problem.help(format!("write it with its prefix: `{prefix}:{class}`"))
                }
                _ => {
                    problem.help("write an IRI, or a prefixed name whose prefix the query declares")
                }
            }
        })
    }

    /// Checks that the values of a parameter with a class are not texts.
    fn check_things(&self, declaration: &Declaration) -> Result<(), Diagnostic> {
        let Declaration { name, variable, value_type, optional } = declaration;
        if !matches!(value_type, ValueType::String | ValueType::LanguageString(_)) {
            return Ok(());
        }
        let message = format!("`{variable}` takes text, but its `class` says that it takes things");
        let things = if *optional { format!("?__{name}_iri") } else { format!("?_{name}_iri") };
        Err(self
            .problem(message, "class", Some(name))
            .help(format!("call it `{things}` in the query, or remove the `class`")))
    }

    /// Checks that a type is [`ANY_DATE`], and that the name of the variable tells no other.
    fn check_type(&self, declaration: &Declaration, value_type: &str) -> Result<(), Diagnostic> {
        let Declaration { name, variable, .. } = declaration;
        if value_type != ANY_DATE {
            let message = format!("invalid type `{value_type}` of `{name}`");
            return Err(self.problem(message, value_type, Some(name)).help(format!(
                "write `{ANY_DATE}`; the name of the variable tells other types, such as `?_{name}_integer`"
            )));
        }
        if declaration.value_type == ValueType::String {
            return Ok(());
        }
        let message = format!("`{variable}` has a type of its own");
        let untyped = if declaration.optional { format!("?__{name}") } else { format!("?_{name}") };
        Err(self
            .problem(message, value_type, Some(name))
            .help(format!("call it `{untyped}`, or remove the type here")))
    }
}

/// Parses a full IRI. Rejects `ex:State`, whose prefix is not declared.
fn whole_iri(text: &str) -> Option<NamedNode> {
    const SCHEMES: [&str; 5] = ["urn", "tag", "did", "info", "mailto"];
    let (scheme, _) = text.split_once(':')?;
    let is_whole =
        text.contains("://") || SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    NamedNode::new(text).ok().filter(|_| is_whole)
}
