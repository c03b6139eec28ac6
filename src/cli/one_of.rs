//! Arguments that are one of some names: what errors, help and completion know of them.

use crate::diagnostic::nearest;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command, ValueEnum};
use std::borrow::Borrow;
use std::ffi::OsStr;

/// Reads an argument that is one of some names.
///
/// If clap reads a [`ValueEnum`] itself, its errors do not ask whether the nearest name is meant, as the program's do. The
/// types of the library, which does not know clap, cannot be one. Formats are also named by the extensions of their files.
/// Completion offers the names, and nothing that reading refuses.
pub(super) struct OneOf<T: 'static> {
    values: fn() -> Vec<(PossibleValue, T)>,
    otherwise: fn(&str) -> Option<T>,
}

// Derived ones would want `T` to be `Clone`.
impl<T> Clone for OneOf<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for OneOf<T> {}

impl<T> OneOf<T> {
    /// Reads one of these values by its name.
    pub(super) const fn new(values: fn() -> Vec<(PossibleValue, T)>) -> Self {
        Self { values, otherwise: |_| None }
    }

    /// The same, which also takes what is no name, such as an extension.
    #[must_use]
    pub(super) const fn or(self, otherwise: fn(&str) -> Option<T>) -> Self {
        Self { otherwise, ..self }
    }
}

impl<T: ValueEnum> OneOf<T> {
    /// Reads a variant of an enum by its name or one of its aliases, which for a format are the extensions of its files.
    pub(super) const fn of_enum() -> Self {
        Self::new(|| {
            let value = |value: &T| Some((value.to_possible_value()?, value.clone()));
            T::value_variants().iter().filter_map(value).collect()
        })
        .or(variant)
    }
}

/// Returns the variant of an enum with this name or alias.
pub(super) fn variant<T: ValueEnum>(name: &str) -> Option<T> {
    T::from_str(name, false).ok()
}

/// Values with their names, for [`OneOf::new`].
pub(super) fn by_name<T: Copy>(
    values: impl IntoIterator<Item = T>,
    name: impl Fn(T) -> &'static str,
) -> Vec<(PossibleValue, T)> {
    values.into_iter().map(|value| (PossibleValue::new(name(value)), value)).collect()
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for OneOf<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<T, clap::Error> {
        let Self { values, otherwise } = *self;
        let read = move |text: &str| match otherwise(text) {
            Some(value) => Ok(value),
            None => named(text, values(), |(name, _)| name.get_name().to_owned())
                .map(|(_, value)| value),
        };
        read.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.values)().into_iter().map(|(name, _)| name)))
    }
}

/// What has a name, for clap: an error names the nearest one, and all that there are.
pub(super) fn named<T, Name: Borrow<str>>(
    name: &str,
    all: impl IntoIterator<Item = T>,
    name_of: impl Fn(&T) -> Name,
) -> Result<T, String> {
    let mut names = Vec::new();
    for thing in all {
        let known = name_of(&thing);
        if known.borrow() == name {
            return Ok(thing);
        }
        names.push(known);
    }
    Err(match nearest(name, names.iter().map(Borrow::borrow)) {
        Some(nearest) => format!("did you mean `{nearest}`? Expected one of {}", names.join(", ")),
        None => format!("expected one of {}", names.join(", ")),
    })
}
