//! A dossier for language models: tools, resources and prompts, as values.
//!
//! ```text
//!   Toolbox ─ the tools that there are, from the catalogue and the options
//!      │
//!      └─ name, arguments ─▶ Call ─ perform(session, index, doubts) ─▶ ToolResult
//!                             │
//!                 tools/ (one file each) ─▶ answer, text (Markdown within its bounds)
//!
//!   resources, prompts, instructions: what can be read or inserted without a tool
//! ```
//!
//! Nothing here knows the protocol, HTTP or processes: `serve::mcp` binds it to them, and decides by [`Call::lane`] where
//! a call runs.

mod answer;
mod arguments;
mod call;
mod doubts;
mod instructions;
mod prompts;
mod quotation;
mod resources;
mod schema;
mod structured;
mod text;
mod toolbox;
mod tools;

pub(crate) use call::{Call, Lane, ToolResult};
pub(crate) use instructions::instructions;
pub(crate) use prompts::{PROMPTS, Prompt, PromptError, prompt_text};
pub(crate) use resources::{Resource, TEMPLATES, Template, completions, read_resource, resources};
pub(crate) use toolbox::{Drafting, Tool, ToolOptions, Toolbox, ToolsForQueries};
