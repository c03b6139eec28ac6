//! The command for language models, in a program that was built without it.

use crate::diagnostic::error;
use clap::Args;
use std::process::ExitCode;

/// Give a language model the dossier as tools, over standard input and output (MCP)
///
/// This program was built without it: build it with `--features mcp`.
#[derive(Debug, Args)]
pub(crate) struct McpArgs {
    /// The options of the command, which are not looked at
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    options: Vec<String>,
}

impl McpArgs {
    #[expect(clippy::unused_self, reason = "it is called as the command is that was built in")]
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        Err(error!("mcp-not-built", "this program was built without tools for language models")
            .help("build it with `cargo install --path . --features mcp`")
            .usage()
            .into())
    }
}
