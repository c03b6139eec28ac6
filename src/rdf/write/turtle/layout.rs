//! Lays out lines, indentation and brackets.

use super::TermContext;
use super::comments::Comment;
use super::directives::Top;
use super::document::TurtleDocument;
use super::flat::Flat;
use super::statement_order::{GraphStatements, StatementOrder};
use super::term::write_iri;
use crate::rdf::write::blank::TermForm;
use crate::rdf::write::dataset::{DEFAULT_GRAPH, Id};
use crate::vocabulary::rdf;
use crate::write_whole::WriteWhole;
use std::io;
use std::ops::Range;

/// The maximum width of a line that can be broken, in characters.
const WIDTH: usize = 100;

/// The indentation of each level, in spaces.
const INDENT: usize = 4;

/// The number of bytes to buffer before writing.
const KEPT: usize = 1 << 16;

/// Declares a prefix, whose name is padded to `width`.
pub(super) fn declare(prefix: &str, width: usize, namespace: &str, out: &mut String) {
    let padding = width.saturating_sub(prefix.chars().count());
    out.push_str(&format!("@prefix {prefix}:{:padding$} ", ""));
    write_iri(namespace, out);
    out.push_str(" .\n");
}

/// Lays out a document line by line.
pub(super) struct TurtlePage<'a, 's> {
    terms: TermContext<'a>,
    arranged: &'s StatementOrder<'a>,
    text: String,
    out: &'s mut dyn WriteWhole,
    /// The index in the text at which the current line begins.
    line: usize,
    indent: usize,
}

impl<'a, 's> TurtlePage<'a, 's> {
    pub(super) fn new(
        terms: TermContext<'a>,
        arranged: &'s StatementOrder<'a>,
        out: &'s mut dyn WriteWhole,
    ) -> Self {
        Self { terms, arranged, text: String::with_capacity(2 * KEPT), out, line: 0, indent: 0 }
    }

    /// Writes the document: the prefixes, the default graph, then each named graph after the statements about it. If
    /// the document keeps its source order, so do the prefixes.
    pub(super) fn write(
        mut self,
        written: Option<&TurtleDocument>,
        is_sorted: bool,
    ) -> io::Result<()> {
        let arranged = self.arranged;
        let mut is_first = true;
        let uses_base = written.is_some() && TurtleDocument::has_relative_iris(self.terms.dataset);
        let names = self.terms.names;
        let top = Top::of(names, &self.used_prefixes(), written, uses_base, is_sorted);
        self.top(&top, &mut is_first)?;
        for graph in &arranged.graphs {
            if graph.name == DEFAULT_GRAPH {
                for block in &graph.blocks {
                    self.gap(&mut is_first)?;
                    self.block(block.clone());
                }
            } else {
                self.gap(&mut is_first)?;
                self.named(graph)?;
            }
        }
        self.remarks(&arranged.comments.end, &mut is_first)?;
        self.out.write_all(self.text.as_bytes())?;
        self.out.whole(None, "")
    }

    /// Writes an empty line, except at the beginning.
    fn gap(&mut self, is_first: &mut bool) -> io::Result<()> {
        if !std::mem::take(is_first) {
            self.text.push('\n');
        }
        self.hand_on("")
    }

    /// Flushes the text between two blocks. `closing` completes it to a valid document.
    fn hand_on(&mut self, closing: &'static str) -> io::Result<()> {
        if self.text.len() > KEPT {
            self.out.write_all(self.text.as_bytes())?;
            self.out.whole(None, closing)?;
            self.text.clear();
        }
        Ok(())
    }

    /// Writes stand-alone comments.
    fn remarks(&mut self, comments: &[Comment], is_first: &mut bool) -> io::Result<()> {
        let Some((last, before)) = comments.split_last() else { return Ok(()) };
        self.gap(is_first)?;
        self.above(before);
        self.comment(last);
        Ok(())
    }

    /// Writes comments, each on its own line. Empty lines between them are preserved outside of blocks.
    fn above(&mut self, comments: &[Comment]) {
        for comment in comments {
            self.comment(comment);
            if comment.is_apart && self.indent == 0 {
                self.text.push('\n');
            }
        }
    }

    fn comment(&mut self, comment: &Comment) {
        self.new_line();
        self.text.push_str(&comment.text);
        self.text.push('\n');
    }

    /// Writes a comment at the end of this line and ends the line.
    fn after(&mut self, comment: Option<&Comment>) {
        let Some(comment) = comment else { return };
        let line_end = self.text.ends_with('\n');
        if line_end {
            self.text.pop();
        }
        self.text.push(' ');
        self.text.push_str(&comment.text);
        self.text.push('\n');
    }

    /// Writes the end of a statement, with its comments.
    fn end_of(&mut self, statement: usize, end: &str) {
        self.text.push_str(end);
        if let Some(notes) = self.arranged.comments.at(statement) {
            self.after(notes.after.as_ref());
            self.above(&notes.below);
        }
    }

    /// Writes the part before the first statement.
    fn top(&mut self, top: &Top<'_>, is_first: &mut bool) -> io::Result<()> {
        self.remarks(&top.head, is_first)?;
        if !top.directives.is_empty() {
            self.gap(is_first)?;
        }
        let prefixes = top.directives.iter().filter_map(|directive| directive.prefix);
        let width = prefixes.map(|prefix| prefix.chars().count()).max().unwrap_or(0);
        for directive in &top.directives {
            self.above(&directive.above);
            match directive.prefix {
                Some(prefix) => declare(prefix, width, directive.iri, &mut self.text),
                None => {
                    self.text.push_str("@base ");
                    write_iri(directive.iri, &mut self.text);
                    self.text.push_str(" .\n");
                }
            }
            self.after(directive.after.as_ref());
        }
        self.remarks(&top.rest, is_first)?;
        self.remarks(&self.arranged.comments.introduction, is_first)
    }

    /// Returns which of the prefixes are used.
    fn used_prefixes(&self) -> Vec<bool> {
        let terms = self.terms;
        let mut is_used = vec![false; terms.names.len()];
        let mut is_seen = vec![false; terms.dataset.len()];
        let kind = terms.dataset.id_of(rdf::TYPE);
        let nil = terms.dataset.id_of(rdf::NIL);
        let cells = [rdf::FIRST, rdf::REST].map(|iri| terms.dataset.id_of(iri));
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
            #[cfg(feature = "rdf-12")]
            if let oxigraph::model::TermRef::Triple(triple) = terms.dataset.term(id) {
                terms.names.each_in(triple, &mut |number| is_used[number] = true);
            }
        };
        for statement in &self.arranged.statements {
            // A list hides the properties of its cells, and `()` stands for the empty list.
            let is_hidden = cells.contains(&Some(statement.predicate))
                && matches!(terms.form(statement.subject), TermForm::List(_) | TermForm::Cell(_));
            if !is_hidden && Some(statement.predicate) != kind {
                need(statement.predicate);
            }
            if Some(statement.subject) != nil {
                need(statement.subject);
            }
            if Some(statement.object) != nil {
                need(statement.object);
            }
        }
        for graph in self.arranged.graphs.iter().filter(|graph| graph.name != DEFAULT_GRAPH) {
            need(graph.name);
        }
        is_used
    }

    fn named(&mut self, graph: &GraphStatements) -> io::Result<()> {
        if let Some(head) = &graph.head {
            self.block(head.clone());
            if !graph.comments.above.is_empty() {
                self.text.push('\n');
            }
        }
        self.above(&graph.comments.above);
        self.terms.graph(graph.name, &mut self.text);
        self.text.push_str(" {\n");
        self.indent = INDENT;
        for block in &graph.blocks {
            self.block(block.clone());
            self.hand_on("}\n")?;
        }
        self.above(&graph.comments.inside);
        self.indent = 0;
        self.text.push_str("}\n");
        self.after(graph.comments.after.as_ref());
        Ok(())
    }

    /// Writes the statements about one subject.
    fn block(&mut self, block: Range<usize>) {
        let arranged = self.arranged;
        let Some(first) = arranged.statements.get(block.start) else { return };
        let notes = arranged.comments.at(block.start);
        if let Some(notes) = notes {
            self.above(&notes.subject);
        }
        self.new_line();
        match self.terms.form(first.subject) {
            TermForm::Name => self.terms.write(first.subject, &mut self.text),
            TermForm::List(_) => self.term(first.subject),
            _ => self.text.push_str("[]"),
        }
        self.indent += INDENT;
        // After a comment, the first property begins a new line.
        let is_begun = notes.is_none_or(|notes| notes.predicate.is_empty());
        if is_begun {
            self.text.push(' ');
        }
        self.properties(block.clone(), is_begun);
        let last = block.end.saturating_sub(1);
        if arranged.comments.at(last).is_none_or(|notes| notes.below.is_empty()) {
            self.indent -= INDENT;
            self.end_of(last, " .\n");
        } else {
            self.end_of(last, "");
            self.indent -= INDENT;
            self.new_line();
            self.text.push_str(".\n");
        }
    }

    /// Begins a line.
    fn new_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.line = self.text.len();
        self.text.extend(std::iter::repeat_n(' ', self.indent));
    }

    /// Returns the room left on the line if something must follow.
    fn room(&self) -> usize {
        let used = self.text.get(self.line..).map_or(0, |line| line.chars().count());
        WIDTH.saturating_sub(used + 2)
    }

    /// Writes something on one line, if it fits.
    fn fits(&mut self, flat: impl FnOnce(&Flat<'a, '_>, &mut String) -> bool) -> bool {
        let mut text = String::new();
        // A character has up to four bytes.
        let flat_writer =
            Flat { arranged: self.arranged, terms: self.terms, texts: None, room: 4 * WIDTH };
        let fits = flat(&flat_writer, &mut text)
            && !text.contains('\n')
            && text.chars().count() <= self.room();
        if fits {
            self.text.push_str(&text);
        }
        fits
    }

    /// Writes properties, each on its own line. The first one continues this line if the subject is on it. The caller
    /// writes the end of the last one.
    fn properties(&mut self, statements: Range<usize>, mut is_begun: bool) {
        let arranged = self.arranged;
        let end = statements.end;
        for same in arranged.properties(statements) {
            if !std::mem::take(&mut is_begun) {
                if let Some(notes) = arranged.comments.at(same.start) {
                    self.above(&notes.predicate);
                }
                self.new_line();
            }
            arranged.write_predicate(&same, &mut self.text);
            self.objects(same.clone());
            if same.end < end {
                self.end_of(same.end.saturating_sub(1), " ;");
            }
        }
    }

    /// Writes the objects of one property: on this line if they fit, otherwise each on its own.
    fn objects(&mut self, same: Range<usize>) {
        let arranged = self.arranged;
        let last = same.end.saturating_sub(1);
        let is_interrupted = arranged.has_comments(same.clone())
            && same.clone().filter_map(|place| Some((place, arranged.comments.at(place)?))).any(
                |(place, notes)| {
                    !notes.object.is_empty()
                        || (place != last && (notes.after.is_some() || !notes.below.is_empty()))
                },
            );
        if !is_interrupted {
            if self.fits(|flat, text| flat.objects(same.clone(), text)) {
                return;
            }
            if let [only] = arranged.statements(same.clone()) {
                self.text.push(' ');
                self.term(only.object);
                return;
            }
        }
        self.indent += INDENT;
        for (place, statement) in same.clone().zip(arranged.statements(same)) {
            if let Some(notes) = arranged.comments.at(place) {
                self.above(&notes.object);
            }
            self.new_line();
            self.term(statement.object);
            if place != last {
                self.end_of(place, ",");
            }
        }
        self.indent -= INDENT;
    }

    /// Writes a term as an object. The recursion is bounded by the nesting depth.
    fn term(&mut self, id: Id) {
        let form = self.terms.form(id);
        if form == TermForm::Name {
            self.terms.write(id, &mut self.text);
            return;
        }
        if self.fits(|flat, text| flat.node(id, text)) {
            return;
        }
        let arranged = self.arranged;
        self.indent += INDENT;
        if let TermForm::List(_) = form {
            self.text.push('(');
            for (place, item) in arranged.items(id) {
                if let Some(notes) = arranged.comments.at(place) {
                    self.above(&notes.object);
                }
                self.new_line();
                self.term(item);
                self.end_of(place, "");
            }
        } else {
            self.text.push('[');
            let statements = arranged.about(id);
            let last = statements.end.saturating_sub(1);
            self.properties(statements, false);
            self.end_of(last, "");
        }
        self.indent -= INDENT;
        self.new_line();
        self.text.push(if let TermForm::List(_) = form { ')' } else { ']' });
    }
}
