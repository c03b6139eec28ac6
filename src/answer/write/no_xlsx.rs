//! The stub for workbooks in a program that was built without them.

use super::{Head, ResultWriter, RowWriter, Style, Verdict, WriteError};
use crate::diagnostic::{Error, Result, error};
use crate::write_whole::WriteWhole;

pub(super) struct Xlsx;

impl ResultWriter for Xlsx {
    fn rows<'a>(
        &self,
        _head: Head<'a>,
        _style: Style<'a>,
        _out: &'a mut dyn WriteWhole,
    ) -> Result<Box<dyn RowWriter + 'a>, WriteError> {
        Err(not_built().into())
    }

    fn boolean(
        &self,
        _verdict: Verdict<'_>,
        _style: Style<'_>,
        _out: &mut dyn WriteWhole,
    ) -> Result<(), WriteError> {
        Err(not_built().into())
    }

    fn check_built(&self) -> Result<()> {
        Err(not_built())
    }
}

fn not_built() -> Error {
    error!("xlsx-not-built", "this program was built without Excel workbooks")
        .help("use `--format csv`, or build it with `cargo install --path . --features xlsx`")
        .usage()
}
