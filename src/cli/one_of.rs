//! Arguments that are one of some names: what errors, help and completion know of them.

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command};
use std::ffi::OsStr;

/// Reads an argument that is one of some names.
///
/// Completion offers these names, and nothing that reading refuses.
#[derive(Debug)]
pub struct OneOf<T: 'static> {
    read: fn(&str) -> Result<T, String>,
    names: fn() -> Vec<&'static str>,
}

// Derived ones would want `T` to be `Clone`.
impl<T> Clone for OneOf<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for OneOf<T> {}

impl<T> OneOf<T> {
    /// Reads with a function that accepts these names, and maybe others.
    pub const fn new(
        read: fn(&str) -> Result<T, String>,
        names: fn() -> Vec<&'static str>,
    ) -> Self {
        Self { read, names }
    }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for OneOf<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<T, clap::Error> {
        self.read.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.names)().into_iter().map(PossibleValue::new)))
    }
}
