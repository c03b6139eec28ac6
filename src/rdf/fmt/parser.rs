//! Parses Turtle and TriG with comments: the statements in source order, and what each comment belongs to.
//!
//! A comment at the end of a line belongs to what ends there, any other comment to what follows it. If nothing follows
//! it inside brackets, it is placed below the last statement.

use super::frame::{Frame, ListFrame, Properties, PropertiesKind};
use crate::diagnostic::{Diagnostic, error};
use crate::rdf::syntax::{TextItem, TokenReader, TurtleTokenKind, before_gap};
use crate::rdf::write::{
    AnonymousNode, AnonymousNodeKind, Around, Comment, GraphBlock, Notes, TurtleDocument,
};
use crate::vocabulary::rdf;
use oxigraph::model::{BlankNode, GraphName, NamedOrBlankNode, Quad, Term};
use std::collections::HashSet;
use std::ops::Range;

/// The maximum nesting depth of brackets, because the layout is recursive.
const DEEPEST: usize = 100;

/// Parses a valid document.
///
/// # Errors
/// If brackets are nested too deep, or if something cannot be parsed.
pub(super) fn parse(reader: TokenReader<'_>) -> Result<TurtleDocument, Diagnostic> {
    Parser {
        reader,
        written: TurtleDocument::default(),
        frames: Vec::new(),
        pending: Vec::new(),
        last: Last::Nothing,
        braces: None,
        nodes: 0,
        has_begun: false,
    }
    .parse()
}

/// The state of the parser.
pub(super) struct Parser<'a> {
    pub(super) reader: TokenReader<'a>,
    pub(super) written: TurtleDocument,
    /// The open frames, the innermost last. The first one is a subject.
    frames: Vec<Frame>,
    /// The comments that belong to what comes next.
    pub(super) pending: Vec<Comment>,
    /// The owner of a comment at the end of this line.
    pub(super) last: Last,
    /// The graph with open braces.
    braces: Option<GraphName>,
    /// The number of blank nodes without a label.
    nodes: usize,
    /// Whether there has been a statement.
    pub(super) has_begun: bool,
}

/// The kind of item that ended last.
#[derive(Debug, Clone, Copy)]
pub(super) enum Last {
    Nothing,
    /// The last statement of the innermost frame.
    InFrame,
    /// The last statement of the document.
    Statement,
    /// The last graph that was closed.
    Graph,
    Prefix,
    Base,
}

impl Parser<'_> {
    fn parse(mut self) -> Result<TurtleDocument, Diagnostic> {
        while let Some(next) = self.reader.next() {
            match next {
                TextItem::Comment(comment, is_trailing) => self.comment(comment, is_trailing),
                TextItem::Token(kind, text, span) => {
                    // The outermost frame is the subject.
                    if self.frames.len() > DEEPEST + 1 {
                        let problem =
                            error!("nesting-too-deep", "brackets are nested too deep here")
                                .help(format!("at most {DEEPEST} levels are supported"));
                        return Err(self.reader.locate(problem, span));
                    }
                    if self.token(kind, text).is_none() {
                        return Err(self.reader.problem(span));
                    }
                }
            }
        }
        if !self.frames.is_empty() || self.braces.is_some() {
            return Err(self.reader.problem(self.reader.end()));
        }
        self.written.end = self.pending;
        Ok(self.written)
    }

    fn comment(&mut self, comment: Comment, is_trailing: bool) {
        if !is_trailing || !self.pending.is_empty() {
            self.pending.push(comment);
            return;
        }
        let slot = match self.last {
            Last::Nothing => None,
            Last::InFrame => match self.frames.last_mut() {
                Some(Frame::Properties(properties)) => {
                    properties.statements.last_mut().map(|(_, notes)| &mut notes.after)
                }
                Some(Frame::List(list)) => {
                    list.cells.last_mut().map(|(.., notes)| &mut notes.after)
                }
                None => None,
            },
            Last::Statement => self.written.quads.len().checked_sub(1).and_then(|last| {
                let notes = self.written.notes.entry(last).or_default();
                // A comment at the end of the line must not overtake comments that are already below.
                notes.below.is_empty().then_some(&mut notes.after)
            }),
            Last::Graph => self.written.graphs.last_mut().map(|part| &mut part.comments.after),
            Last::Prefix => {
                self.written.prefixes.last_mut().map(|prefix| &mut prefix.comments.after)
            }
            Last::Base => self.written.base.as_mut().map(|base| &mut base.comments.after),
        };
        match slot {
            Some(slot) if slot.is_none() => *slot = Some(comment),
            _ => self.pending.push(comment),
        }
    }

    /// Takes the next token. Returns `None` if it cannot be parsed.
    fn token(&mut self, kind: TurtleTokenKind, text: &str) -> Option<()> {
        match self.frames.last_mut() {
            None => self.at_statement(kind, text),
            Some(Frame::List(list)) => {
                if kind == TurtleTokenKind::Mark(')') {
                    return self.close_list();
                }
                list.above.append(&mut self.pending);
                self.object(kind, text)
            }
            Some(Frame::Properties(properties)) if properties.expects_object => {
                properties.notes.object.append(&mut self.pending);
                self.object(kind, text)
            }
            Some(Frame::Properties(_)) => self.in_properties(kind, text),
        }
    }

    /// Takes a token between two statements.
    fn at_statement(&mut self, kind: TurtleTokenKind, text: &str) -> Option<()> {
        match kind {
            TurtleTokenKind::At if text == "@prefix" => self.prefix(true),
            TurtleTokenKind::At if text == "@base" => self.base(true),
            TurtleTokenKind::Word if text.eq_ignore_ascii_case("prefix") => self.prefix(false),
            TurtleTokenKind::Word if text.eq_ignore_ascii_case("base") => self.base(false),
            TurtleTokenKind::Word if text.eq_ignore_ascii_case("graph") => Some(()),
            TurtleTokenKind::Mark('.') => Some(()),
            TurtleTokenKind::Mark('}') => self.close_graph(),
            TurtleTokenKind::Mark('{') if self.braces.is_none() => {
                self.braces = Some(GraphName::DefaultGraph);
                self.last = Last::Nothing;
                Some(())
            }
            TurtleTokenKind::Mark('[') => {
                let node = self.node();
                let above = std::mem::take(&mut self.pending);
                self.subject(node.into(), PropertiesKind::Open, above);
                Some(())
            }
            TurtleTokenKind::Mark('(') => {
                let subject = Some(std::mem::take(&mut self.pending));
                self.open(Frame::List(ListFrame { cells: Vec::new(), above: Vec::new(), subject }))
            }
            TurtleTokenKind::Iri | TurtleTokenKind::Name | TurtleTokenKind::Label => {
                let subject = match self.reader.term(kind, text, |_| ())? {
                    Term::NamedNode(iri) => iri.into(),
                    Term::BlankNode(node) => node.into(),
                    _ => return None,
                };
                let above = std::mem::take(&mut self.pending);
                self.subject(subject, PropertiesKind::Block, above);
                Some(())
            }
            _ => None,
        }
    }

    fn subject(&mut self, subject: NamedOrBlankNode, kind: PropertiesKind, above: Vec<Comment>) {
        let notes = Notes { subject: above, ..Notes::default() };
        self.open(Frame::Properties(Properties::of(subject, kind, notes)));
    }

    /// Takes a token after a subject or an object.
    fn in_properties(&mut self, kind: TurtleTokenKind, text: &str) -> Option<()> {
        let Some(Frame::Properties(properties)) = self.frames.last_mut() else { return None };
        match kind {
            TurtleTokenKind::Mark(',') => properties.expects_object = true,
            TurtleTokenKind::Mark(';') => properties.predicate = None,
            TurtleTokenKind::Mark(']') if properties.kind == PropertiesKind::Open => {
                properties.kind = PropertiesKind::Alone;
                properties.predicate = None;
            }
            TurtleTokenKind::Mark(']') => return self.close_nested(),
            TurtleTokenKind::Mark('.') => return self.close_block(),
            TurtleTokenKind::Mark('}') => {
                self.close_block()?;
                return self.close_graph();
            }
            TurtleTokenKind::Mark('{') if self.braces.is_none() => return self.open_graph(),
            _ => {
                properties.predicate = Some(self.reader.predicate(kind, text)?);
                properties.notes.predicate.append(&mut self.pending);
                properties.expects_object = true;
                self.last = Last::Nothing;
            }
        }
        Some(())
    }

    /// Takes a token where an object or a list item is expected.
    fn object(&mut self, kind: TurtleTokenKind, text: &str) -> Option<()> {
        self.last = Last::Nothing;
        match kind {
            TurtleTokenKind::Mark('[') => {
                let (subject, kind) = (self.node().into(), PropertiesKind::Nested);
                self.open(Frame::Properties(Properties::of(subject, kind, Notes::default())))
            }
            TurtleTokenKind::Mark('(') => {
                let (cells, above) = (Vec::new(), Vec::new());
                self.open(Frame::List(ListFrame { cells, above, subject: None }))
            }
            _ => {
                let pending = &mut self.pending;
                let term = self.reader.term(kind, text, |comment| pending.push(comment))?;
                self.complete(term)
            }
        }
    }

    // Infallible, but its callers return an option.
    #[expect(clippy::unnecessary_wraps)]
    fn open(&mut self, frame: Frame) -> Option<()> {
        self.frames.push(frame);
        self.last = Last::Nothing;
        Some(())
    }

    /// Takes an object or a list item.
    fn complete(&mut self, term: Term) -> Option<()> {
        let graph = self.graph();
        let inside = std::mem::take(&mut self.pending);
        match self.frames.last_mut()? {
            Frame::Properties(properties) => {
                let mut notes = std::mem::take(&mut properties.notes);
                notes.object.extend(inside);
                let predicate = properties.predicate.clone()?;
                let quad = Quad::new(properties.subject.clone(), predicate, term, graph);
                properties.statements.push((quad, notes));
                properties.expects_object = false;
            }
            Frame::List(list) => {
                let mut object = std::mem::take(&mut list.above);
                object.extend(inside);
                self.nodes += 1;
                let cell = anonymous(self.nodes);
                list.cells.push((cell, term, Notes { object, ..Notes::default() }));
            }
        }
        self.last = Last::InFrame;
        Some(())
    }

    fn close_nested(&mut self) -> Option<()> {
        let Some(Frame::Properties(properties)) = self.frames.pop() else { return None };
        let NamedOrBlankNode::BlankNode(node) = properties.subject else { return None };
        if properties.kind != PropertiesKind::Nested {
            return None;
        }
        let statements = self.flush(properties.statements);
        let kind = AnonymousNodeKind::Nested;
        self.written.nodes.push(AnonymousNode { id: node.clone(), kind, statements });
        self.complete(node.into())
    }

    fn close_list(&mut self) -> Option<()> {
        let Some(Frame::List(list)) = self.frames.pop() else { return None };
        let graph = self.graph();
        let nodes: Vec<BlankNode> = list.cells.iter().map(|(cell, ..)| cell.clone()).collect();
        let mut rests = nodes.iter().skip(1);
        let mut kind = AnonymousNodeKind::List;
        let count = nodes.len();
        for (i, (cell, item, mut notes)) in list.cells.into_iter().enumerate() {
            if i + 1 == count {
                notes.below.append(&mut self.pending);
            }
            let rest =
                rests.next().map_or_else(|| rdf::NIL.into(), |rest| Term::from(rest.clone()));
            let first = Quad::new(cell.clone(), rdf::FIRST, item, graph.clone());
            let rest = Quad::new(cell.clone(), rdf::REST, rest, graph.clone());
            let statements = self.extend([(first, notes), (rest, Notes::default())]);
            self.written.nodes.push(AnonymousNode { id: cell, kind, statements });
            kind = AnonymousNodeKind::Cell;
        }
        let head = nodes.into_iter().next();
        let Some(above) = list.subject else {
            return self.complete(head.map_or_else(|| rdf::NIL.into(), Term::from));
        };
        let subject = head.map_or_else(|| rdf::NIL.into_owned().into(), NamedOrBlankNode::from);
        self.subject(subject, PropertiesKind::Block, above);
        Some(())
    }

    /// Takes complete statements. Pending comments go below the last of them.
    fn flush(&mut self, mut statements: Vec<(Quad, Notes)>) -> Range<usize> {
        let mut before = None;
        for (quad, notes) in &mut statements {
            // A predicate is not repeated if the previous statement has the same one.
            if before == Some(&quad.predicate) {
                notes.object.splice(..0, notes.predicate.drain(..));
            }
            before = Some(&quad.predicate);
        }
        if let Some((_, notes)) = statements.last_mut() {
            notes.below.append(&mut self.pending);
        }
        self.extend(statements)
    }

    fn extend(&mut self, statements: impl IntoIterator<Item = (Quad, Notes)>) -> Range<usize> {
        let start = self.written.quads.len();
        for (quad, notes) in statements {
            if !notes.is_empty() {
                self.written.notes.insert(self.written.quads.len(), notes);
            }
            self.written.quads.push(quad);
        }
        start..self.written.quads.len()
    }

    fn close_block(&mut self) -> Option<()> {
        let Some(Frame::Properties(mut properties)) = self.frames.pop() else { return None };
        if !matches!(properties.kind, PropertiesKind::Block | PropertiesKind::Alone) {
            return None;
        }
        if let Some((_, notes)) = properties.statements.first_mut()
            && !std::mem::replace(&mut self.has_begun, true)
        {
            self.written.introduction = before_gap(&mut notes.subject);
        }
        let statements = self.flush(properties.statements);
        if let (NamedOrBlankNode::BlankNode(node), PropertiesKind::Alone) =
            (properties.subject, properties.kind)
        {
            let (kind, statements) = (AnonymousNodeKind::Alone, statements.clone());
            self.written.nodes.push(AnonymousNode { id: node, kind, statements });
        }
        let graph = self.graph();
        let is_new = self.braces.is_none() || graph == GraphName::DefaultGraph;
        if is_new && self.written.graphs.last().is_none_or(|part| part.graph != graph) {
            let comments = Around::default();
            self.written.graphs.push(GraphBlock { graph, blocks: Vec::new(), comments });
        }
        self.written.graphs.last_mut()?.blocks.push(statements);
        self.last = Last::Statement;
        Some(())
    }

    /// Takes the last subject as the name of a graph.
    fn open_graph(&mut self) -> Option<()> {
        let Some(Frame::Properties(properties)) = self.frames.pop() else { return None };
        if !properties.statements.is_empty() {
            return None;
        }
        let graph = match properties.subject {
            _ if properties.kind == PropertiesKind::Alone => self.fresh_label().into(),
            name => GraphName::from(name),
        };
        let mut above = properties.notes.subject;
        if !std::mem::replace(&mut self.has_begun, true) {
            self.written.introduction = before_gap(&mut above);
        }
        self.braces = Some(graph.clone());
        let comments = Around { above, ..Around::default() };
        self.written.graphs.push(GraphBlock { graph, blocks: Vec::new(), comments });
        self.last = Last::Nothing;
        Some(())
    }

    fn close_graph(&mut self) -> Option<()> {
        // Braces without a name are removed, and their comments become ordinary ones.
        if self.braces.take()? == GraphName::DefaultGraph {
            self.last = Last::Nothing;
        } else {
            let part = self.written.graphs.last_mut()?;
            part.comments.inside.append(&mut self.pending);
            self.last = Last::Graph;
        }
        Some(())
    }

    fn graph(&self) -> GraphName {
        self.braces.clone().unwrap_or(GraphName::DefaultGraph)
    }

    /// Creates a blank node without a label.
    fn node(&mut self) -> BlankNode {
        self.nodes += 1;
        anonymous(self.nodes)
    }

    /// Creates a label that the document does not use.
    fn fresh_label(&mut self) -> BlankNode {
        let taken: HashSet<&str> = self.reader.labels().collect();
        loop {
            self.nodes += 1;
            let label = format!("g{}", self.nodes);
            if !taken.contains(label.as_str()) {
                return BlankNode::new_unchecked(label);
            }
        }
    }
}

/// Returns a blank node whose name is not a valid label.
fn anonymous(number: usize) -> BlankNode {
    BlankNode::new_unchecked(format!("[{number}"))
}
