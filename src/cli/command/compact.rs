use crate::cli::context::Context;
use crate::engine::Embedded;
use clap::Args;
use std::process::ExitCode;

/// Compact the files of a store on disk, so that it is read faster
///
/// This also rebuilds the statistics and the index. Both are out of date after another program has written to the
/// store.
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
