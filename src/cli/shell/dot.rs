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
    /// The last query, or another one, laid out.
    Query,
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
    pub(super) const ALL: [(Self, &'static str, &'static str, &'static str); 8] = [
        (Self::Last, ".last", "", "show the last results at full width"),
        (Self::Cite, ".cite", "", "show the last results with citations"),
        (Self::Query, ".query", "[QUERY]", "show the last query, or another one, formatted"),
        (
            Self::Format,
            ".format",
            "[FORMAT]",
            "set the format of rows or graphs; `.format default` resets it",
        ),
        (Self::Prefix, ".prefix", "[NAME: <IRI>]", "show the prefixes, or declare one"),
        (Self::Timer, ".timer", "on|off", "report the time of each line"),
        (Self::Help, ".help", "", "show this help"),
        (Self::Quit, ".quit", "", "quit, like Ctrl-D"),
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
