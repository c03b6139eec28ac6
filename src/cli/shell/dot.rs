//! The commands of the shell itself, in one table: help, completion and "did you mean" come from it.

/// A command of the shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dot {
    /// What can be typed.
    Help,
    /// The last answer whole.
    Last,
    /// The last answer with what it rests on.
    Cite,
    /// The format of the answers that follow.
    Format,
    /// The prefixes.
    Prefix,
    /// How long each line takes.
    Timer,
    /// The end.
    Quit,
}

impl Dot {
    /// All of them: the name, the argument, and what it is for.
    pub(super) const ALL: [(Self, &'static str, &'static str, &'static str); 7] = [
        (Self::Last, ".last", "", "show the last answer whole, not fitted to the terminal"),
        (Self::Cite, ".cite", "", "show it with what each row rests on"),
        (
            Self::Format,
            ".format",
            "[FORMAT]",
            "the format of rows or graphs from now on; `.format default` as before",
        ),
        (Self::Prefix, ".prefix", "[NAME: <IRI>]", "show the prefixes, or declare one"),
        (Self::Timer, ".timer", "on|off", "tell how long each line takes"),
        (Self::Help, ".help", "", "show this"),
        (Self::Quit, ".quit", "", "leave, as Ctrl-D does"),
    ];

    /// The one with this name, with the dot.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, ..)| *known == name).map(|(dot, ..)| *dot)
    }

    /// The names of all of them.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().map(|(_, name, ..)| name)
    }
}
