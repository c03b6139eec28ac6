//! The tool for queries of a model's own.

use crate::diagnostic::Result;
use crate::mcp::answer::{Wanted, answer};
use crate::mcp::arguments::Arguments;
use crate::mcp::call::{Action, ToolResult};
use crate::mcp::schema::Parameter;
use crate::mcp::toolbox::Blueprint;
use crate::session::Session;

/// Returns the tool.
pub(in crate::mcp) fn tool() -> Blueprint {
    Blueprint {
        name: "sparql",
        title: "Ask in SPARQL",
        description: "Answer a SPARQL 1.1 query (SELECT, ASK, CONSTRUCT or DESCRIBE), with footnotes that quote the documents. Prefer a saved question. Call `schema` before: it has the terms and the prefixes, which need no declaration.".to_owned(),
        parameters: vec![
            Parameter::text("query", "the query").required(),
            Parameter::number("after", "skip so many rows"),
        ],
        action: Action::Sparql,
    }
}

/// Answers a query.
///
/// # Errors
/// Fails if the query is invalid or cannot be evaluated.
pub(in crate::mcp) fn sparql(
    session: &Session,
    arguments: &Arguments,
    wanted: Wanted<'_>,
) -> Result<ToolResult> {
    arguments.check(&["query", "after"])?;
    let query = arguments.required("query", "SELECT * { ?s ?p ?o } LIMIT 5")?;
    let query = session.client_query(&query)?;
    let after = arguments.number("after")?;
    answer(session, &query, Wanted { after, ..wanted })
}
