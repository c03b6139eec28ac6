use crate::cli::context::Context;
use crate::engine::Embedded;
use clap::Args;
use std::process::ExitCode;

/// Put the files of a store on disk in order, so that it is read as fast as can be
///
/// The statistics that queries are planned with and the index that answers them are made anew: they are not right any
/// more after another program has written to the store.
#[derive(Debug, Args)]
pub(crate) struct CompactArgs {}

impl CompactArgs {
    pub(crate) fn run(context: &Context) -> anyhow::Result<ExitCode> {
        let store = Embedded::open_to_write(context.options.store_to("compact")?)?;
        let compacted = store.compact();
        let closed = store.close();
        compacted.and(closed)?;
        Ok(ExitCode::SUCCESS)
    }
}
