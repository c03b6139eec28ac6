//! What a picture shows, as values: things, what connects them, and the claims that state it.

use oxigraph::model::NamedNode;

/// A graph to be drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// What it shows, in a few words.
    pub title: String,
    /// The things.
    pub nodes: Vec<Node>,
    /// What connects them. No two edges have the same ends and label.
    pub edges: Vec<Edge>,
    /// The names of the classes that nodes refer to, at most eight.
    pub classes: Vec<String>,
    /// The footnotes, numbered from 1 in this order.
    pub notes: Vec<Note>,
    /// What is not shown, as a sentence, or `None` if everything is.
    pub left_out: Option<String>,
}

impl Picture {
    /// Returns the same picture without footnotes, for a place that has its own.
    #[must_use]
    pub(crate) fn without_notes(mut self) -> Self {
        self.notes.clear();
        let lines = self.nodes.iter_mut().flat_map(|node| &mut node.lines);
        let bases = lines.map(|line| &mut line.basis);
        for basis in bases.chain(self.edges.iter_mut().map(|edge| &mut edge.basis)) {
            basis.notes.clear();
        }
        self
    }
}

/// The most classes that colours and shapes tell apart.
pub(crate) const MOST_CLASSES: usize = 8;

/// A thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its IRI, or `None` for a blank node.
    pub iri: Option<NamedNode>,
    /// Its name.
    pub label: String,
    /// The place of its class among the classes of the picture.
    pub class: Option<usize>,
    /// Its values that are not things, one line each.
    pub lines: Vec<Line>,
    /// Whether the picture is about it.
    pub is_focus: bool,
}

/// A value of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The property and the value.
    pub text: String,
    /// What it rests on.
    pub basis: Basis,
}

/// A connection of two things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The place of the node where it begins.
    pub from: usize,
    /// The place of the node where it ends.
    pub to: usize,
    /// What it is called.
    pub label: String,
    /// What it rests on.
    pub basis: Basis,
}

/// What a line or an edge rests on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Basis {
    /// The numbers of its footnotes, ascending.
    pub notes: Vec<usize>,
    /// How certain it is.
    pub standing: Standing,
}

/// How certain something is, the least certain first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Standing {
    /// No claim states it.
    #[default]
    Background,
    /// A claim states it that reads something into its quote.
    Uncertain,
    /// A claim states it as its quote does, or no claim states anything here.
    Stated,
}

/// A footnote: where something is stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The claim or the other graph.
    pub iri: NamedNode,
    /// Its short name.
    pub name: String,
    /// The title of the document and the place there.
    pub source: String,
    /// The quote, if there is one.
    pub quote: Option<String>,
    /// What was read into it.
    pub readings: Vec<String>,
    /// The link to the quoted words, or `None` if they are not on the web.
    pub link: Option<String>,
}

impl Note {
    /// Returns the footnote on one line.
    pub(crate) fn words(&self) -> String {
        let quote = self.quote.iter().map(|quote| format!(": “{quote}”"));
        let readings = self.readings.iter().map(|reading| format!(" (reading: {reading})"));
        std::iter::once(self.source.clone()).chain(quote).chain(readings).collect()
    }
}

impl Basis {
    /// Returns what a fact rests on that has this basis and another one.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.notes.extend(&other.notes);
        self.notes.sort_unstable();
        self.notes.dedup();
        self.standing = self.standing.max(other.standing);
    }

    /// Returns the numbers of the footnotes as people read them, such as `1, 4`; of many, the first ones.
    pub(crate) fn numbers(&self) -> String {
        /// The most numbers that are shown.
        const MOST: usize = 4;
        let mut numbers: Vec<String> =
            self.notes.iter().take(MOST).map(ToString::to_string).collect();
        if self.notes.len() > MOST {
            numbers.push("…".to_owned());
        }
        numbers.join(", ")
    }
}
