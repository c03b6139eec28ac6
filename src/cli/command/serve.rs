use crate::cli::context::Context;
use crate::serve::{Server, serve};
use crate::web::{Links, Site};
use anyhow::Context as _;
use clap::Args;
use std::net::TcpListener;
use std::process::ExitCode;

/// Serve the dossier as web pages and as a SPARQL endpoint
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Port to listen on; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = 3840)]
    port: u16,
}

impl ServeArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let session = context.session()?.clone();
        let listener = TcpListener::bind(("127.0.0.1", self.port))
            .with_context(|| format!("cannot listen on port {}", self.port))?;
        let site = Site::new(session, Links::live(""));
        serve(Server { site, listener }, &context.limits.cancellation)?;
        Ok(ExitCode::SUCCESS)
    }
}
