//! The work of a worker, and what it is told first.

use super::site;
use crate::budget::{Limits, Stop};
use crate::cli::context::Context;
use crate::cli::data_options::DataOptions;
use crate::cli::reporter::Reporter;
use crate::cli::supervise::{LimitOptions, Outcome, supervise};
use crate::diagnostic::ErrorKind;
use crate::serve::{WorkerCommand, WorkerRequest, setup, work};
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use std::io::{self, Read as _};
use std::process::ExitCode;
use std::time::Duration;

/// What a worker is told. It comes through a pipe: the address of an endpoint may contain a password.
#[derive(Serialize, Deserialize)]
pub(in crate::cli::command) struct Setup {
    data: DataOptions,
    timeout: Option<Duration>,
    memory: Option<u64>,
    most_rows: Option<usize>,
    public: Option<String>,
}

impl Setup {
    /// Tells workers what this process was told.
    pub(in crate::cli::command) fn new(
        context: &Context,
        limits: LimitOptions,
        most_rows: Option<usize>,
        public: Option<&str>,
    ) -> anyhow::Result<Self> {
        let mut data = context.options.clone();
        // The one that was found, even if another one appears nearby.
        data.dossier =
            context.dossier()?.roots().into_iter().map(std::path::Path::to_owned).collect();
        Ok(Self {
            data,
            timeout: limits.time(),
            memory: limits.memory(),
            most_rows,
            public: public.map(str::to_owned),
        })
    }

    /// How a worker is started.
    pub(in crate::cli::command) fn command(&self) -> anyhow::Result<WorkerCommand> {
        let program = std::env::current_exe().context("cannot find the program itself")?;
        let arguments = ["serve", "--worker"].map(Into::into).to_vec();
        let setup = serde_json::to_vec(self).context("a path is not UTF-8")?;
        Ok(WorkerCommand { program, arguments, setup })
    }
}

/// Loads the data, and answers a request.
pub(super) fn run() -> anyhow::Result<ExitCode> {
    let (mut input, mut out) = (io::stdin(), io::stdout());
    let Some(setup) = setup(&mut input)? else { return Ok(ExitCode::SUCCESS) };
    let setup: Setup = serde_json::from_slice(&setup)?;
    let limits = LimitOptions::of(setup.timeout, setup.memory);
    let context = Context::new(setup.data, Limits::default(), Reporter::new(true));
    let site = site::load(&context, setup.public.as_deref())?.with_most_rows(setup.most_rows);
    let Some(request) = WorkerRequest::wait(&mut input, &mut out)? else {
        return Ok(ExitCode::SUCCESS);
    };
    let outcome = supervise(limits, &Reporter::new(true), move |limits, _| {
        let cancellation = limits.cancellation.clone();
        // If the server ends, nobody waits for the answer.
        let watching = std::thread::Builder::new().spawn(move || {
            let _ = io::stdin().read(&mut [0]);
            cancellation.stop(Stop::Interrupted);
        });
        drop(watching);
        work(&site.with_limits(&limits), &request, &mut io::stdout())
    })?;
    Ok(match outcome {
        // If the server did not take the answer, it does not want to know.
        Outcome::Done(_) => ExitCode::SUCCESS,
        Outcome::Left(_) | Outcome::Exhausted(_) => ExitCode::from(ErrorKind::Limit.exit_code()),
    })
}
