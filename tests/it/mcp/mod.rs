//! Language models as clients: the real program, over pipes and over HTTP, with scripted messages of both generations of
//! the protocol.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "messages are written where they are sent")]

mod bounds;
mod calls;
mod client;
mod drafting;
mod http;
mod lists;
mod several;

#[test]
fn the_command_line_is_as_written() {
    trycmd::TestCases::new().case("tests/it/mcp/commands.md");
}
