//! The tools that there are: one for each saved query, and those that every dossier has.

use super::arguments::Arguments;
use super::call::{Action, Call};
use super::schema::{Parameter, schema_of};
use super::structured;
use super::tools::{drafting, few, find, read, saved, schema, show, sparql};
use crate::catalogue::SavedQuery;
use crate::diagnostic::{Diagnostic, Result, error, nearest};
use crate::session::Session;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Up to how many saved queries each is a tool, unless something else is asked for: clients drop tools beyond 40.
const MOST_EACH: usize = 40;

/// How saved queries become tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ToolsForQueries {
    /// A tool for each.
    Each,
    /// One tool that lists them, and one that runs them.
    Few,
    /// The first up to 40 saved queries, and else the second.
    #[default]
    Auto,
}

/// What a model may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Drafting {
    /// Nothing.
    #[default]
    Nothing,
    /// Drafts.
    Drafts,
    /// Drafts, and claims by accepting them.
    Claims,
}

/// Which tools there are.
#[derive(Debug, Clone, Default)]
pub(crate) struct ToolOptions {
    /// How saved queries become tools.
    pub queries: ToolsForQueries,
    /// The saved queries that become tools, by patterns for their names, or by tags. If empty, all of them.
    pub only: Vec<glob::Pattern>,
    /// What the names of all tools begin with.
    pub prefix: String,
    /// Whether there is a tool for queries of the model's own.
    pub has_sparql: bool,
    /// What a model may write, if the dossier is a folder.
    pub drafting: Drafting,
    /// Whether results have a structured form, too.
    pub is_structured: bool,
}

/// A tool.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tool {
    /// Its name, with the prefix.
    pub name: String,
    /// What people call it, unless its description begins with that: a list of tools is read each time.
    pub title: Option<String>,
    /// What it does, for a model.
    pub description: String,
    /// The schema of its arguments.
    pub schema: Map<String, Value>,
    /// The schema of its structured result.
    pub output_schema: Option<Map<String, Value>>,
    /// Whether it changes nothing.
    pub is_read_only: bool,
    action: Action,
}

/// The tools of a dossier, in a fixed order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Toolbox {
    tools: Vec<Tool>,
    is_structured: bool,
}

/// A tool before it has its name and its schemas.
pub(super) struct Blueprint {
    pub name: &'static str,
    pub title: &'static str,
    pub description: String,
    pub parameters: Vec<Parameter>,
    pub action: Action,
}

impl Toolbox {
    /// Returns the tools of a dossier.
    ///
    /// # Errors
    /// Fails if the queries cannot be read or the store fails.
    pub(crate) fn new(session: &Session, options: &ToolOptions) -> Result<Self> {
        let (mut queries, _) = session.catalogue().readable()?;
        queries.retain(|query| is_wanted(query, &options.only));
        let is_each = match options.queries {
            ToolsForQueries::Each => true,
            ToolsForQueries::Few => false,
            ToolsForQueries::Auto => queries.len() <= MOST_EACH,
        };
        let mut fixed = vec![find::tool(), show::tool(), read::tool(session)?, schema::tool()];
        if options.has_sparql {
            fixed.push(sparql::tool());
        }
        if !is_each && !queries.is_empty() {
            fixed.extend(few::tools());
        }
        if options.drafting != Drafting::Nothing && session.dossier().root().is_some() {
            fixed.extend(drafting::tools(options.drafting == Drafting::Claims));
        }
        let mut toolbox = Self { is_structured: options.is_structured, tools: Vec::new() };
        let mut taken: HashSet<String> = fixed.iter().map(|tool| tool.name.to_owned()).collect();
        if is_each {
            for query in &queries {
                let name = free_name(&query.name, &mut taken);
                let parameters = saved::parameters(session, query)?;
                let tool = Tool {
                    description: saved::description(query),
                    schema: schema_of(&parameters),
                    ..Tool::of(&name, Action::Ask(query.name.clone()), options)
                };
                toolbox.tools.push(tool);
            }
        }
        for Blueprint { name, title, description, parameters, action } in fixed {
            toolbox.tools.push(Tool {
                title: Some(title.to_owned()),
                description,
                schema: schema_of(&parameters),
                ..Tool::of(name, action, options)
            });
        }
        Ok(toolbox)
    }

    /// Returns the tools.
    pub(crate) fn tools(&self) -> &[Tool] {
        &self.tools
    }

    /// Returns the call of a tool.
    ///
    /// # Errors
    /// Fails if there is no such tool, with the nearest name.
    pub(crate) fn call(
        &self,
        name: &str,
        arguments: Map<String, Value>,
    ) -> Result<Call, Diagnostic> {
        let Some(tool) = self.tools.iter().find(|tool| tool.name == name) else {
            let names = self.tools.iter().map(|tool| tool.name.as_str());
            return Err(error!("tool-unknown", "unknown tool `{name}`")
                .suggest(nearest(name, names), || "`tools/list` lists the tools"));
        };
        let arguments = Arguments::from(arguments);
        let is_structured = self.is_structured && tool.output_schema.is_some();
        Ok(Call { action: tool.action.clone(), arguments, is_structured, by: None })
    }
}

impl Tool {
    fn of(name: &str, action: Action, options: &ToolOptions) -> Self {
        let is_answer = matches!(action, Action::Ask(_) | Action::RunQuestion | Action::Sparql);
        let output_schema = (options.is_structured && is_answer).then(structured::schema);
        Self {
            name: format!("{}{name}", options.prefix),
            title: None,
            description: String::new(),
            schema: Map::new(),
            output_schema,
            is_read_only: !matches!(action, Action::Propose | Action::Accept),
            action,
        }
    }
}

/// Returns whether a saved query is one of those that become tools.
fn is_wanted(query: &SavedQuery, only: &[glob::Pattern]) -> bool {
    let tags = query.front_matter.tags.iter().map(String::as_str);
    let mut names = tags.chain([query.name.as_str()]);
    only.is_empty() || names.any(|name| only.iter().any(|pattern| pattern.matches(name)))
}

/// Returns a name for the tool of a saved query, in letters that all clients accept, and that no other tool has.
fn free_name(query: &str, taken: &mut HashSet<String>) -> String {
    /// The longest name that all clients accept, with room for a prefix.
    const LONGEST: usize = 50;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let plain = query.chars().map(|c| if is_plain(c) { c } else { '_' });
    let name: String = plain.take(LONGEST).collect();
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name));
    let free = free.unwrap_or(name);
    taken.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Dossier;
    use crate::session::Data;

    fn toolbox(options: &ToolOptions) -> Toolbox {
        let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
        Toolbox::new(&session, options).unwrap()
    }

    fn names(options: &ToolOptions) -> Vec<String> {
        toolbox(options).tools.into_iter().map(|tool| tool.name).collect()
    }

    #[test]
    fn options_choose_the_tools() {
        let glob = |text| glob::Pattern::new(text).unwrap();
        let only = |only| ToolOptions { only, ..ToolOptions::default() };
        let fixed = ["find", "show", "read", "schema"];
        assert_eq!(
            names(&only(vec![glob("committee-*")]))[..2],
            ["committee-mandate", "committee-origin"]
        );
        assert!(names(&only(vec![glob("members")])).len() > fixed.len() + 1, "by its tag");
        assert_eq!(names(&only(vec![glob("nothing")])), fixed);
        let few = ToolOptions {
            queries: ToolsForQueries::Few,
            has_sparql: true,
            prefix: "sco_".to_owned(),
            ..ToolOptions::default()
        };
        assert_eq!(
            names(&few),
            ["find", "show", "read", "schema", "sparql", "list_questions", "run_question"]
                .map(|name| format!("sco_{name}"))
        );
        // The built-in dossier is no folder.
        let drafting = ToolOptions { drafting: Drafting::Claims, ..ToolOptions::default() };
        assert_eq!(names(&drafting), names(&ToolOptions::default()));
    }

    #[test]
    fn names_are_plain_and_differ() {
        let mut taken = HashSet::from(["find".to_owned()]);
        let names = ["find", "a b", "a_b", "ä", "x", &"y".repeat(200)];
        let names = names.map(|name| free_name(name, &mut taken));
        assert_eq!(names[..5], ["find_2", "a_b", "a_b_2", "_", "x"]);
        assert_eq!(names[5].len(), 50);
    }

    #[test]
    fn wrong_names_are_corrected() {
        let problem = toolbox(&ToolOptions::default()).call("membrs", Map::new()).unwrap_err();
        assert_eq!(problem.help.as_deref(), Some("did you mean `members`?"));
    }

    #[test]
    fn schemas_are_flat() {
        for tool in toolbox(&ToolOptions { has_sparql: true, ..ToolOptions::default() }).tools() {
            assert_eq!(tool.schema["type"], "object", "{}", tool.name);
            for (name, property) in tool.schema["properties"].as_object().unwrap() {
                let kind = property["type"].as_str().unwrap();
                assert!(["string", "integer", "array"].contains(&kind), "{} {name}", tool.name);
                assert!(property.get("properties").is_none(), "{} {name}", tool.name);
            }
            assert!(
                tool.schema
                    .keys()
                    .all(|key| ["type", "properties", "required"].contains(&key.as_str()))
            );
        }
    }
}
