//! Lines, indents and brackets.

use super::sorted::{Graph, Sorted, Texts};
use super::term::{is_short, write_iri};
use super::{Place, Terms};
use crate::export::dataset::{DEFAULT_GRAPH, Id, Statement};
use crate::vocabulary::{rdf, xsd};
use oxigraph::model::TermRef;
use std::io::{self, Write};
use std::ops::Range;

/// How wide a line may be, where it can be broken.
const WIDTH: usize = 100;

/// How far each level stands in.
const INDENT: usize = 4;

/// How much text is kept before it is handed on.
const KEPT: usize = 1 << 16;

/// What a node says, in one line.
pub(super) struct Flat<'a, 's> {
    pub sorted: &'s Sorted<'a>,
    pub terms: Terms<'a>,
    /// The lines of the nodes inside, if they are written already.
    pub texts: Option<&'s Texts>,
    /// How long the text may get.
    pub room: usize,
}

impl Flat<'_, '_> {
    /// Writes a term where it is mentioned. False if it does not fit: then a part of it stands there.
    pub fn term(&self, id: Id, out: &mut String) -> bool {
        if let Some(text) = self.texts.and_then(|texts| texts.get(&id)) {
            out.push_str(text);
            return true;
        }
        match self.terms.place(id) {
            Place::Name => self.terms.write(id, out),
            _ => return self.node(id, out),
        }
        out.len() <= self.room
    }

    /// Writes a nested node. It recurses as deep as nodes nest, which is bounded.
    pub fn node(&self, id: Id, out: &mut String) -> bool {
        if let Place::List(_) = self.terms.place(id) {
            out.push('(');
            for item in self.sorted.items(id) {
                out.push(' ');
                if !self.term(item, out) {
                    return false;
                }
            }
            out.push_str(" )");
            return out.len() <= self.room;
        }
        let statements = self.sorted.about(id);
        if statements.is_empty() {
            out.push_str("[]");
            return out.len() <= self.room;
        }
        out.push_str("[ ");
        let fits = self.properties(statements, out);
        out.push_str(" ]");
        fits && out.len() <= self.room
    }

    fn properties(&self, statements: &[Statement], out: &mut String) -> bool {
        for (i, same) in statements.chunk_by(|a, b| a.predicate == b.predicate).enumerate() {
            if i > 0 {
                out.push_str(" ; ");
            }
            if let [first, ..] = same {
                self.terms.predicate(first.predicate, out);
            }
            if !self.objects(same, out) {
                return false;
            }
        }
        true
    }

    /// Writes objects, each with the space before it.
    fn objects(&self, statements: &[Statement], out: &mut String) -> bool {
        for (i, statement) in statements.iter().enumerate() {
            out.push_str(if i > 0 { ", " } else { " " });
            if !self.term(statement.object, out) {
                return false;
            }
        }
        true
    }
}

impl Terms<'_> {
    /// Writes a term by its name or its label.
    fn write(&self, id: Id, out: &mut String) {
        match self.dataset.term(id) {
            TermRef::NamedNode(iri) if iri == rdf::NIL => out.push_str("()"),
            TermRef::NamedNode(iri) => self.names.iri(iri.as_str(), out),
            TermRef::Literal(literal) => self.names.literal(literal, out),
            TermRef::BlankNode(_) => out.push_str(&self.labels.label(id)),
        }
    }

    fn predicate(&self, id: Id, out: &mut String) {
        match self.dataset.term(id) {
            TermRef::NamedNode(iri) if iri == rdf::TYPE => out.push('a'),
            TermRef::NamedNode(iri) => self.names.iri(iri.as_str(), out),
            _ => {}
        }
    }

    fn graph(&self, id: Id, out: &mut String) {
        match self.dataset.term(id) {
            TermRef::NamedNode(iri) => self.names.iri(iri.as_str(), out),
            _ => self.write(id, out),
        }
    }

    /// The IRI for which a term needs a prefix.
    fn short_iri(&self, id: Id) -> Option<&str> {
        match self.dataset.term(id) {
            TermRef::NamedNode(iri) => Some(iri.as_str()),
            TermRef::Literal(literal)
                if literal.language().is_none()
                    && literal.datatype() != xsd::STRING
                    && !is_short(literal) =>
            {
                Some(literal.datatype().as_str())
            }
            _ => None,
        }
    }
}

/// Declares a prefix, the name of which takes so much room.
pub(super) fn declare(prefix: &str, width: usize, namespace: &str, out: &mut String) {
    let padding = width.saturating_sub(prefix.chars().count());
    out.push_str(&format!("@prefix {prefix}:{:padding$} ", ""));
    write_iri(namespace, out);
    out.push_str(" .\n");
}

/// A text that is being written.
pub(super) struct Page<'a, 's> {
    terms: Terms<'a>,
    sorted: &'s Sorted<'a>,
    text: String,
    out: &'s mut dyn Write,
    /// Where the line began that is written now, in the text.
    line: usize,
    indent: usize,
}

impl<'a, 's> Page<'a, 's> {
    pub fn new(terms: Terms<'a>, sorted: &'s Sorted<'a>, out: &'s mut dyn Write) -> Self {
        Self { terms, sorted, text: String::with_capacity(2 * KEPT), out, line: 0, indent: 0 }
    }

    /// Writes everything: the prefixes, the default graph, and each named graph after what is said about it.
    pub fn write(mut self) -> io::Result<()> {
        let mut is_first = !self.prefixes();
        for graph in &self.sorted.graphs {
            if graph.name == DEFAULT_GRAPH {
                for block in &graph.blocks {
                    self.gap(&mut is_first)?;
                    self.block(block);
                }
            } else {
                self.gap(&mut is_first)?;
                self.named(graph)?;
            }
        }
        self.out.write_all(self.text.as_bytes())
    }

    /// An empty line, but not at the beginning.
    fn gap(&mut self, is_first: &mut bool) -> io::Result<()> {
        if !std::mem::take(is_first) {
            self.text.push('\n');
        }
        self.hand_on()
    }

    fn hand_on(&mut self) -> io::Result<()> {
        if self.text.len() > KEPT {
            self.out.write_all(self.text.as_bytes())?;
            self.text.clear();
        }
        Ok(())
    }

    /// Declares the prefixes that are used: whether there are any.
    fn prefixes(&mut self) -> bool {
        let terms = self.terms;
        let mut is_used = vec![false; terms.names.len()];
        let mut is_seen = vec![false; terms.dataset.len()];
        let (kind, nil) = (terms.dataset.id_of(rdf::TYPE), terms.dataset.id_of(rdf::NIL));
        let mut need = |id: Id| {
            let Some(seen) = is_seen.get_mut(id as usize) else { return };
            if std::mem::replace(seen, true) {
                return;
            }
            if let Some((number, _)) = terms.short_iri(id).and_then(|iri| terms.names.split(iri))
                && let Some(used) = is_used.get_mut(number)
            {
                *used = true;
            }
        };
        for statement in &self.sorted.statements {
            need(statement.graph);
            let is_in_list =
                matches!(terms.place(statement.subject), Place::List(_) | Place::Cell(_));
            // A list hides its cells' properties, and `()` is the name of the empty one.
            if !is_in_list && Some(statement.predicate) != kind {
                need(statement.predicate);
            }
            if Some(statement.subject) != nil {
                need(statement.subject);
            }
            if Some(statement.object) != nil {
                need(statement.object);
            }
        }
        let mut used: Vec<_> = (0..terms.names.len())
            .filter(|number| is_used.get(*number) == Some(&true))
            .filter_map(|number| terms.names.get(number))
            .collect();
        used.sort_unstable();
        let width = used.iter().map(|(prefix, _)| prefix.chars().count()).max().unwrap_or(0);
        for (prefix, namespace) in &used {
            declare(prefix, width, namespace, &mut self.text);
        }
        !used.is_empty()
    }

    fn named(&mut self, graph: &Graph) -> io::Result<()> {
        if let Some(head) = &graph.head {
            self.block(head);
        }
        self.terms.graph(graph.name, &mut self.text);
        self.text.push_str(" {\n");
        self.indent = INDENT;
        for block in &graph.blocks {
            self.block(block);
            self.hand_on()?;
        }
        self.indent = 0;
        self.text.push_str("}\n");
        Ok(())
    }

    /// Writes what is said about one subject.
    fn block(&mut self, block: &Range<usize>) {
        let sorted = self.sorted;
        let statements = sorted.statements.get(block.clone()).unwrap_or(&[]);
        let Some(first) = statements.first() else { return };
        self.new_line();
        match self.terms.place(first.subject) {
            Place::Name => self.terms.write(first.subject, &mut self.text),
            _ => self.text.push_str("[]"),
        }
        self.text.push(' ');
        self.indent += INDENT;
        self.properties(statements, true);
        self.indent -= INDENT;
        self.text.push_str(" .\n");
    }

    /// Begins a line.
    fn new_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.line = self.text.len();
        self.text.extend(std::iter::repeat_n(' ', self.indent));
    }

    /// How much fits in what is left of the line, if something must follow.
    fn room(&self) -> usize {
        let used = self.text.get(self.line..).map_or(0, |line| line.chars().count());
        WIDTH.saturating_sub(used + 2)
    }

    /// Writes something in one line, if it fits.
    fn fits(&mut self, flat: impl FnOnce(&Flat<'a, '_>, &mut String) -> bool) -> bool {
        let mut text = String::new();
        // A letter can have four bytes.
        let flat_writer =
            Flat { sorted: self.sorted, terms: self.terms, texts: None, room: 4 * WIDTH };
        let fits = flat(&flat_writer, &mut text)
            && !text.contains('\n')
            && text.chars().count() <= self.room();
        if fits {
            self.text.push_str(&text);
        }
        fits
    }

    /// Writes properties, each in a line of its own: the first one in this line, if the subject stands there.
    fn properties(&mut self, statements: &[Statement], mut is_begun: bool) {
        let mut rest = statements.chunk_by(|a, b| a.predicate == b.predicate).peekable();
        while let Some(same) = rest.next() {
            if !std::mem::take(&mut is_begun) {
                self.new_line();
            }
            if let [first, ..] = same {
                self.terms.predicate(first.predicate, &mut self.text);
            }
            self.objects(same);
            if rest.peek().is_some() {
                self.text.push_str(" ;");
            }
        }
    }

    /// Writes the objects of one property: in this line if they fit, else each in its own.
    fn objects(&mut self, statements: &[Statement]) {
        if self.fits(|flat, text| flat.objects(statements, text)) {
            return;
        }
        if let [only] = statements {
            self.text.push(' ');
            self.term(only.object);
            return;
        }
        self.indent += INDENT;
        for (i, statement) in statements.iter().enumerate() {
            if i > 0 {
                self.text.push(',');
            }
            self.new_line();
            self.term(statement.object);
        }
        self.indent -= INDENT;
    }

    /// Writes a term where it is mentioned. It recurses as deep as nodes nest, which is bounded.
    fn term(&mut self, id: Id) {
        let place = self.terms.place(id);
        if place == Place::Name {
            self.terms.write(id, &mut self.text);
            return;
        }
        if self.fits(|flat, text| flat.node(id, text)) {
            return;
        }
        let sorted = self.sorted;
        self.indent += INDENT;
        if let Place::List(_) = place {
            self.text.push('(');
            for item in sorted.items(id) {
                self.new_line();
                self.term(item);
            }
        } else {
            self.text.push('[');
            self.properties(sorted.about(id), false);
        }
        self.indent -= INDENT;
        self.new_line();
        self.text.push(if let Place::List(_) = place { ')' } else { ']' });
    }
}
