//! Empty answers as JSON with their `diagnosis`: a key that the W3C's format does not have, before `results`, since
//! readers of the format take keys that they do not know there and nowhere else.

use super::json_lines::Bindings;
use crate::diagnose::Diagnosis;
use oxigraph::sparql::{QuerySolution, Variable};
use std::io::{self, Write};

/// Writes solutions in the W3C's JSON, with the reason why they are none, or counts of nothing.
///
/// # Errors
/// If the writer fails.
pub fn write_diagnosed_solutions(
    variables: &[Variable],
    solutions: &[QuerySolution],
    diagnosis: &Diagnosis,
    out: &mut dyn Write,
) -> io::Result<()> {
    let names: Vec<&str> = variables.iter().map(Variable::as_str).collect();
    let bindings: Vec<Bindings<'_>> = solutions.iter().map(Bindings).collect();
    let (names, bindings) = (serde_json::to_string(&names)?, serde_json::to_string(&bindings)?);
    let diagnosis = serde_json::to_string(diagnosis)?;
    writeln!(
        out,
        "{{\"head\":{{\"vars\":{names}}},\"diagnosis\":{diagnosis},\"results\":{{\"bindings\":{bindings}}}}}"
    )
}

/// Writes a no in the W3C's JSON, with the reason.
///
/// # Errors
/// If the writer fails.
pub fn write_diagnosed_no(diagnosis: &Diagnosis, out: &mut dyn Write) -> io::Result<()> {
    let diagnosis = serde_json::to_string(diagnosis)?;
    writeln!(out, "{{\"head\":{{}},\"diagnosis\":{diagnosis},\"boolean\":false}}")
}
