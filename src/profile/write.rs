//! Explanations as text for people and as JSON.

use super::{Explanation, Step};
use crate::printable::{printable, write_pretty};
use serde::Serializer;
use std::io::{self, Write};
use std::time::Duration;

pub(super) fn milliseconds<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(in_milliseconds(*time))
}

#[expect(clippy::ref_option, reason = "as serde asks it")]
pub(super) fn maybe_milliseconds<S: Serializer>(
    time: &Option<Duration>,
    to: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => to.serialize_some(&in_milliseconds(*time)),
        None => to.serialize_none(),
    }
}

/// Rounded to microseconds.
fn in_milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// Writes an explanation as JSON.
pub(crate) fn write_json(explanation: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    write_pretty(explanation, out)
}

/// Writes an explanation as text: one line per step, with its further inputs indented below it.
pub(crate) fn write_text(explanation: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Vec::new();
    add_lines(&explanation.steps, "", "", &mut lines);
    let has_expected = lines.iter().any(|line| !line.expected.is_empty());
    let width = |heading: &str, of: fn(&Line) -> &str| {
        lines.iter().map(|line| of(line).chars().count()).chain([heading.len()]).max().unwrap_or(0)
    };
    let rows = width("rows", |line| &line.rows);
    let expected = width("expected", |line| &line.expected);
    let time = width("ms", |line| &line.time);
    let [of_rows, of_expected, of_time, step] =
        ["rows", "expected", "ms", "step"].map(str::to_owned);
    let heading = Line { rows: of_rows, expected: of_expected, time: of_time, step };
    for line in [heading].iter().chain(&lines) {
        write!(out, "{:>rows$}  ", line.rows)?;
        if has_expected {
            write!(out, "{:>expected$}  ", line.expected)?;
        }
        writeln!(out, "{:>time$}  {}", line.time, printable(&line.step))?;
    }
    let results = if explanation.rows == 1 { "result" } else { "results" };
    let by = if explanation.is_on_numbers { " on numbers" } else { "" };
    write!(out, "{} {results} in {} ms{by}", explanation.rows, shown(explanation.time))?;
    match (explanation.planning, explanation.gathering) {
        (Some(planning), Some(gathering)) => writeln!(
            out,
            ", planned in {} ms, statistics of the data in {} ms",
            shown(planning),
            shown(gathering)
        ),
        _ => writeln!(out, ", not planned"),
    }
}

struct Line {
    rows: String,
    expected: String,
    time: String,
    step: String,
}

fn add_lines(steps: &[Step], first: &str, rest: &str, lines: &mut Vec<Line>) {
    for (i, step) in steps.iter().enumerate() {
        let indent = if i == 0 { first } else { rest };
        let separator = if step.detail.is_empty() { "" } else { " " };
        lines.push(Line {
            rows: step.rows.to_string(),
            expected: step.expected.map(|rows| rows.to_string()).unwrap_or_default(),
            time: shown(step.time),
            step: format!("{indent}{}{separator}{}", step.what, step.detail),
        });
        for (j, input) in step.inputs.iter().enumerate() {
            let is_last = j + 1 == step.inputs.len();
            let (branch, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            add_lines(input, &format!("{rest}{branch}"), &format!("{rest}{below}"), lines);
        }
    }
}

fn shown(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}
