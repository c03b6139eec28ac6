//! The directives at the top of a document: those in use, and those with comments.

use super::comments::Comment;
use super::document::TurtleDocument;
use super::term::{JOINED, PrefixTable, RELATIVE};

/// A `@prefix` or `@base` directive with its comments.
pub(super) struct Directive<'a> {
    /// The prefix, or `None` for the base.
    pub prefix: Option<&'a str>,
    pub iri: &'a str,
    pub above: Vec<Comment>,
    pub after: Option<Comment>,
    is_used: bool,
    /// The position in the source, if its order is preserved.
    place: usize,
}

/// The part of a document before the first statement.
#[derive(Default)]
pub(super) struct Top<'a> {
    /// The comments at the beginning of the text.
    pub head: Vec<Comment>,
    pub directives: Vec<Directive<'a>>,
    /// The comments after the directives.
    pub rest: Vec<Comment>,
}

impl<'a> Top<'a> {
    /// Selects the directives to write. `is_used` states which prefixes are needed, `uses_base` whether the base is.
    ///
    /// An unused directive stays only if it has a comment: at the end of its line or directly above it. A comment that
    /// is followed by an empty line belongs to the next directive. The first comments concern the whole document.
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
        // Sort by name for the binary search below.
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
        // When sorted, the base comes first, because it has no name.
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
