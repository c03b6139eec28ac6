//! The directives at the top of a text: those that are of use, or that have something to say to readers.

use super::comments::Comment;
use super::document::TurtleDocument;
use super::term::{JOINED, PrefixTable, RELATIVE};

/// A `@prefix`, or the `@base`, and the comments at it.
pub(super) struct Directive<'a> {
    /// The prefix: that of the base is none.
    pub prefix: Option<&'a str>,
    pub iri: &'a str,
    pub above: Vec<Comment>,
    pub after: Option<Comment>,
    is_used: bool,
    /// Where it stands in the text, if that is kept.
    place: usize,
}

/// What stands before the first statement.
#[derive(Default)]
pub(super) struct Top<'a> {
    /// The comments at the beginning of the text.
    pub head: Vec<Comment>,
    pub directives: Vec<Directive<'a>>,
    /// The comments after the directives.
    pub rest: Vec<Comment>,
}

impl<'a> Top<'a> {
    /// Decides which directives stay. `is_used` tells which of the prefixes the terms need, `uses_base` whether they need
    /// the base.
    ///
    /// What is not used stays only if there is a comment at it: at the end of its line or directly above it. Comments
    /// that an empty line parts from a directive go to the next one. The first comments of a text are about all of it.
    pub(super) fn of(
        names: &PrefixTable<'a>,
        is_used: &[bool],
        written: Option<&'a TurtleDocument>,
        uses_base: bool,
        is_sorted: bool,
    ) -> Self {
        let top = Self::with(names, is_used, written, uses_base, is_sorted);
        let is_relative = |iri: &str| iri.starts_with([RELATIVE, JOINED]);
        let needs_base = |known: &Directive<'_>| known.prefix.is_some() && is_relative(known.iri);
        if !uses_base && top.directives.iter().any(needs_base) {
            return Self::with(names, is_used, written, true, is_sorted);
        }
        top
    }

    fn with(
        names: &PrefixTable<'a>,
        is_used: &[bool],
        written: Option<&'a TurtleDocument>,
        uses_base: bool,
        is_sorted: bool,
    ) -> Self {
        let mut directives: Vec<Directive<'a>> = (0..names.len())
            .filter_map(|number| Some((names.get(number)?, is_used.get(number) == Some(&true))))
            .map(|((prefix, iri), is_used)| Directive {
                prefix: Some(prefix),
                iri,
                above: Vec::new(),
                after: None,
                is_used,
                place: usize::MAX,
            })
            .collect();
        // By their names, as the prefixes of a text that are left to look for are in their order.
        directives.sort_unstable_by_key(|directive| (directive.prefix, directive.iri));
        let mut top = Self::default();
        if let Some(written) = written {
            for (place, prefix) in written.prefixes.iter().enumerate() {
                let name = prefix.prefix.as_str();
                let found = directives.binary_search_by_key(&Some(name), |known| known.prefix);
                if let Some(directive) = found.ok().and_then(|found| directives.get_mut(found)) {
                    directive.above.clone_from(&prefix.comments.above);
                    directive.after.clone_from(&prefix.comments.after);
                    directive.place = 2 * place + 1;
                }
            }
            directives.extend(written.base.as_ref().map(|base| Directive {
                prefix: None,
                iri: &base.iri,
                above: base.comments.above.clone(),
                after: base.comments.after.clone(),
                is_used: uses_base,
                place: 2 * base.place,
            }));
            top.head.clone_from(&written.head);
        }
        // The base has no name and comes first if they are sorted.
        directives.sort_by_key(|directive| {
            (if is_sorted { 0 } else { directive.place }, directive.prefix, directive.iri)
        });
        for mut directive in directives {
            if top.head.is_empty() && top.directives.is_empty() {
                top.head = std::mem::take(&mut directive.above);
            }
            let is_remarked = directive.above.last().is_some_and(|comment| !comment.is_apart);
            top.rest.append(&mut directive.above);
            if directive.is_used || directive.after.is_some() || is_remarked {
                directive.above = std::mem::take(&mut top.rest);
                top.directives.push(directive);
            }
        }
        top
    }
}
