//! Messages on standard error: notes, progress, and numbers with their nouns.

pub(super) use crate::wording::{counted, counted_are, listed};

use super::addressed::RepeatedOptions;
use super::diagnostics::rendered;
use super::progress::{Meter, Progress};
use crate::diagnostic::{Diagnostic, abridge};
use crate::dossier::Dossier;
use crate::engine::LiteralForms;
use crate::printable::printable;
use crate::rdf::read::SkippedStatements;
use crate::vocabulary::{AmbiguousPrefix, Prefixes};
use annotate_snippets::{Group, Level, Renderer};
use oxigraph::model::Literal;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Reports what happens during one piece of work. Clones report the same work.
#[derive(Debug, Clone)]
pub(super) struct Reporter {
    is_quiet: bool,
    is_abandoned: Arc<AtomicBool>,
    /// The options that the commands in messages repeat.
    pub options: Arc<RepeatedOptions>,
}

impl Reporter {
    /// Returns a reporter. If `is_quiet`, it suppresses notes, warnings and progress.
    pub(super) fn new(is_quiet: bool) -> Self {
        Self { is_quiet, is_abandoned: Arc::default(), options: Arc::default() }
    }

    /// Returns the same reporter, which adds options to the commands in its messages.
    #[must_use]
    pub(super) fn with_options(self, options: RepeatedOptions) -> Self {
        Self { options: Arc::new(options), ..self }
    }

    /// Returns whether notes, warnings and progress are suppressed.
    pub(super) const fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    /// Returns a reporter of the same work that suppresses nothing.
    pub(super) fn even_if_quiet(&self) -> Self {
        Self { is_quiet: false, ..self.clone() }
    }

    /// Abandons the work: it did not end in time, so nothing that it still reports or writes is shown.
    pub(super) fn abandon(&self) {
        self.is_abandoned.store(true, Ordering::Relaxed);
    }

    /// Returns whether the work was abandoned.
    pub(super) fn is_abandoned(&self) -> bool {
        self.is_abandoned.load(Ordering::Relaxed)
    }

    /// Prints a message that was rendered already.
    pub(super) fn say(&self, text: &str) {
        if !self.is_abandoned() {
            say(text);
        }
    }

    /// Reports a diagnostic, even if quiet.
    pub(super) fn report(&self, diagnostic: &Diagnostic) {
        let mut diagnostic = diagnostic.clone();
        self.options.add_to_diagnostic(&mut diagnostic);
        self.say(&rendered(&diagnostic));
    }

    /// Reports something that is worth knowing and not an error.
    pub(super) fn note(&self, note: &str) {
        if !self.is_quiet {
            let note = shown(&self.options.add_to(note));
            let group = Group::with_title(Level::NOTE.primary_title(note));
            self.say(&renderer().render(&[group]));
        }
    }

    /// Reports what the results themselves do not show: that there are more than `count`, or none.
    pub(super) fn results(&self, count: usize, noun: &str, has_more: bool) {
        if has_more {
            self.note(&format!("there are more than {}", counted(count, noun)));
        } else if count == 0 {
            self.note(&format!("no {noun}s"));
        }
    }

    /// Reports which statements of files were left out, even if quiet: the data is incomplete.
    pub(super) fn report_skipped(&self, skipped: &SkippedStatements) {
        let count = usize::try_from(skipped.count).unwrap_or(usize::MAX);
        if count == 0 {
            return;
        }
        let reporter = self.even_if_quiet();
        reporter.note(&format!("skipped {}:", counted(count, "invalid statement")));
        for problem in &skipped.first {
            reporter.note(&problem.message);
        }
        if let Some(more @ 1..) = count.checked_sub(skipped.first.len()) {
            reporter.note(&format!("and {more} more"));
        }
    }

    /// Reports which of several dossiers are not called as their folders are.
    pub(super) fn report_renamed(&self, dossier: &Dossier) {
        for part in dossier.parts().iter().filter(|part| part.is_renamed()) {
            let folder = part.dossier.root().unwrap_or(Path::new(""));
            self.note(&format!("the dossier in `{}` is called `{}`", folder.display(), part.name));
        }
    }

    /// Reports the prefixes that several dossiers declare with different namespaces.
    pub(super) fn report_ambiguous(&self, prefixes: &Prefixes) {
        let mut of_dossiers: BTreeMap<(Vec<String>, bool), Vec<String>> = BTreeMap::new();
        for AmbiguousPrefix { prefix, qualifiers, is_of_dossier } in prefixes.ambiguous() {
            of_dossiers.entry((qualifiers, is_of_dossier)).or_default().push(prefix);
        }
        for ((dossiers, is_of_dossier), prefixes) in of_dossiers {
            let (Some(first), Some(prefix)) = (dossiers.first(), prefixes.first()) else {
                continue;
            };
            let shown: Vec<String> = prefixes.iter().map(|prefix| format!("`{prefix}:`")).collect();
            let names: Vec<String> =
                dossiers.iter().map(|dossier| format!("`{dossier}:{prefix}:`")).collect();
            let noun = if shown.len() == 1 { "prefix" } else { "prefixes" };
            let alone = if is_of_dossier {
                format!("; `{prefix}:` alone means `{first}:{prefix}:`")
            } else {
                String::new()
            };
            self.note(&format!(
                "the dossiers use the {noun} {} for different namespaces: write {}{alone}",
                listed(&shown),
                names.join(" or "),
            ));
        }
    }

    /// Reports how many literals are stored in another form than they are written in.
    pub(super) fn report_literal_forms(&self, forms: Option<&LiteralForms>, prefixes: &Prefixes) {
        let Some(forms) = forms else { return };
        let show = |literal: &Literal| prefixes.show_term(&literal.clone().into());
        self.note(&format!(
            "{} stored in canonical form, for example {} as {}",
            counted_are(forms.count, "literal"),
            show(&forms.written),
            show(&forms.stored),
        ));
    }

    /// Reports how many language tags are stored without their capital letters.
    pub(super) fn report_lowercased_tags(&self, tags: &BTreeSet<String>) {
        let Some(first) = tags.first() else { return };
        self.note(&format!(
            "{} stored in lower case, for example `{first}` as `{}`",
            counted_are(tags.len(), "language tag"),
            first.to_ascii_lowercase(),
        ));
    }

    /// Reports that a store on disk lacks what its queries are planned with or answered from.
    pub(super) fn without_index(&self, store: &Path) {
        let store = store.display();
        self.note(&format!(
            "the statistics or the index of the store `{store}` are missing or out of date, so queries are slower; `dossier compact --store {store}` rebuilds both"
        ));
    }

    /// Returns the progress through some things, which is shown on a terminal.
    pub(super) fn progress(&self, what: &'static str) -> Progress {
        Progress::new(what, self.is_watched())
    }

    /// Returns the progress through so many things, which shows how long it will take.
    pub(super) fn progress_of(&self, total: u64, what: &'static str) -> Progress {
        Progress::of_total(total, what, self.is_watched())
    }

    /// Returns the progress through some files, which shows how long it will take.
    pub(super) fn progress_through(&self, meter: Meter, what: &'static str) -> Progress {
        Progress::through(meter, what, self.is_watched())
    }

    fn is_watched(&self) -> bool {
        !self.is_quiet && io::stderr().is_terminal() && is_colourful()
    }
}

/// Prints a message. If nobody can read it, that is not a reason to fail.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Makes a text of a message printable, and shortens what is too long in it.
pub(super) fn shown(text: &str) -> String {
    printable(&abridge(text)).into_owned()
}

/// Returns a renderer for standard error: in colour on a terminal, unless colours are not wanted.
pub(super) fn renderer() -> Renderer {
    if io::stderr().is_terminal() && is_colourful() {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
}

/// Returns whether colours are [wanted](https://no-color.org) on a terminal.
pub(super) fn is_colourful() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}
