//! What can go wrong in a push, and what to do then.

use crate::budget::Stop;
use crate::diagnostic::{Diagnostic, Error, error};
use crate::endpoint::{Address, WriteFault, Writer};
use std::borrow::Cow;

/// What came of an address that may accept data.
pub(super) enum Tried {
    /// The write failed.
    Failed(WriteFault),
    /// The address accepted data that the endpoint does not show.
    Elsewhere,
}

/// How much of a push a server has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    pub quads: u64,
    pub of: u64,
}

impl Sent {
    fn words(self) -> String {
        format!("the server has {} of {} quads", self.quads, self.of)
    }
}

const ALLOW: &str = "have the server accept updates, or name its address with `--update URL` or `--graph-store URL`";

const CONTINUE: &str = "repeat the command with `--resume` to continue";

/// Returns the error for a server without an address that accepts data.
pub(super) fn nowhere(endpoint: &Address, failures: &[(Writer, Tried)], is_given: bool) -> Error {
    if let Some(error) = access_in(failures) {
        return error;
    }
    let problem = match failures {
        [(writer, Tried::Elsewhere)] if is_given => {
            let (url, endpoint) = (writer.address().url(), endpoint.url());
            error!("push-unsupported", "`{url}` accepts data, but `{endpoint}` does not show it")
                .help("name addresses of the same data set")
        }
        [(writer, Tried::Failed(fault))] if is_given => {
            let (url, what) = (writer.address().url(), words(fault));
            let problem = error!("push-unsupported", "`{url}` does not accept data: {what}");
            said_by(problem, fault).help("check the address, and that the server accepts updates")
        }
        failures => failures
            .iter()
            .fold(
                error!(
                    "push-unsupported",
                    "`{}` has no known address that accepts data",
                    endpoint.url()
                ),
                |problem, failure| problem.note(attempt(failure)),
            )
            .help(ALLOW),
    };
    problem.store()
}

/// Returns the error for a server that must remove data and runs no updates.
pub(super) fn no_updates(endpoint: &Address, failures: &[(Writer, Tried)]) -> Error {
    if let Some(error) = access_in(failures) {
        return error;
    }
    let problem =
        error!("push-unsupported", "`{}` has no known address for updates", endpoint.url());
    let problem = failures.iter().fold(problem, |problem, failure| problem.note(attempt(failure)));
    problem.help("name it with `--update URL`").store()
}

fn access_in(failures: &[(Writer, Tried)]) -> Option<Error> {
    failures.iter().find_map(|(writer, tried)| match tried {
        Tried::Failed(fault) => access(writer, fault).map(Diagnostic::store),
        Tried::Elsewhere => None,
    })
}

/// Returns the problem of a user who may not write, or `None` if the fault is another one.
fn access(writer: &Writer, fault: &WriteFault) -> Option<Diagnostic> {
    let WriteFault::Status { status: status @ (401 | 403), .. } = fault else { return None };
    let (address, url) = (writer.address(), writer.address().url());
    let problem = error!("push-access", "`{url}` does not let this user write (HTTP {status})");
    Some(said_by(problem, fault).help(if address.authorization().is_none() {
        "put a user and a password in the address: `https://USER:PASSWORD@…`"
    } else {
        "check the user, the password and the permissions"
    }))
}

/// Returns the error for a batch that did not arrive.
pub(super) fn batch_failed(writer: &Writer, fault: &WriteFault, sent: Sent, size: usize) -> Error {
    let url = writer.address().url();
    let problem = match fault {
        WriteFault::Stopped => return stopped(Stop::Interrupted.error(), sent),
        WriteFault::Cut(_) => {
            error!("push-failed", "the connection to `{url}` failed at a batch: {}", words(fault))
                .help(format!("check that the server is running; {CONTINUE}"))
        }
        WriteFault::Page => error!("push-refused", "`{url}` returned a web page for a batch")
            .help(format!("check the address, and for a proxy in between; {CONTINUE}")),
        WriteFault::Status { status: status @ (413 | 414), .. } => error!(
            "push-refused",
            "a batch of {size} quads is too large for `{url}` (HTTP {status})"
        )
        .help(format!("repeat the command with `--resume --batch {}`", (size / 4).max(1))),
        WriteFault::Status { status: status @ 400..=499, .. } if !matches!(status, 408 | 429) => {
            match access(writer, fault) {
                Some(problem) => problem,
                None => error!("push-refused", "`{url}` rejects a batch (HTTP {status})")
                    .help(format!("see what the server reports; {CONTINUE}")),
            }
        }
        WriteFault::Status { status, .. } => {
            error!("push-failed", "the server failed at a batch: `{url}` (HTTP {status})")
                .help(format!("check the log of the server; {CONTINUE}"))
        }
    };
    // (An access error has the server's words already.)
    let problem = if problem.remarks.is_empty() { said_by(problem, fault) } else { problem };
    problem.note(sent.words()).store()
}

/// Adds to the error of stopped work how much the server has.
pub(super) fn stopped(mut error: Error, sent: Sent) -> Error {
    if let Some(problem) = error.problems.first_mut() {
        *problem = problem.clone().note(sent.words()).help(CONTINUE);
    }
    error
}

/// Adds to the error of stopped work that graphs are yet to be replaced.
pub(super) fn stopped_while_replacing(mut error: Error) -> Error {
    if let Some(problem) = error.problems.first_mut() {
        *problem = problem
            .clone()
            .note("some graphs are removed from the server, and nothing is sent yet")
            .help("repeat the command with `--replace`");
    }
    error
}

/// Returns the error for graphs that a server has already.
pub(super) fn conflict(existing: usize, graphs: usize, is_resumed: bool) -> Error {
    let problem = error!(
        "push-conflict",
        "the server already has {existing} of the {graphs} named graphs of the dossier"
    );
    let problem = if is_resumed {
        problem.note("there is no unfinished push of this data: the dossier has changed since, or the push was completed")
    } else {
        problem
    };
    problem.help("`--replace` replaces them, and leaves all other graphs as they are").store()
}

/// Returns the error for an earlier push that did not end.
pub(super) fn unfinished(sent: Sent) -> Error {
    error!(
        "push-unfinished",
        "an earlier push of this dossier stopped after {} of {} quads", sent.quads, sent.of
    )
    .help("continue it with `--resume`, or start again with `--replace`")
    .store()
}

/// Returns the error for a server that has something else than it was sent.
pub(super) fn mismatch(endpoint: &Address, differences: Vec<String>) -> Error {
    let problem = error!("push-mismatch", "`{}` does not have what it was sent", endpoint.url());
    let problem = differences.into_iter().fold(problem, Diagnostic::note);
    problem
        .help("check whether somebody else writes to the server, or whether it changes literals; `--replace` sends all again")
        .store()
}

fn attempt((writer, tried): &(Writer, Tried)) -> String {
    let what = match tried {
        // (That there is no such address needs no more words.)
        Tried::Failed(WriteFault::Status { status, said: Some(said) })
            if !matches!(status, 404 | 405 | 415) =>
        {
            format!("HTTP {status}: {said}").into()
        }
        Tried::Failed(fault) => words(fault),
        Tried::Elsewhere => "accepts data that the endpoint does not show".into(),
    };
    format!("tried `{}`: {what}", writer.address().url())
}

/// Returns a fault in a few words.
fn words(fault: &WriteFault) -> Cow<'_, str> {
    match fault {
        WriteFault::Stopped => "stopped".into(),
        WriteFault::Cut(reason) => reason.into(),
        WriteFault::Page => "it returned a web page".into(),
        WriteFault::Status { status, .. } => format!("HTTP {status}").into(),
    }
}

fn said_by(problem: Diagnostic, fault: &WriteFault) -> Diagnostic {
    match fault {
        WriteFault::Status { said: Some(said), .. } => {
            problem.note(format!("the server says: {said}"))
        }
        _ => problem,
    }
}
