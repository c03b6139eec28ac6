//! The triple terms of a dictionary, which are parsed, since others borrow them.

use oxigraph::model::TermRef;

/// The triple terms by their forms. Without the feature `rdf-12`, there are none.
#[derive(Debug, Default)]
pub(super) struct TripleTerms {
    #[cfg(feature = "rdf-12")]
    forms: rustc_hash::FxHashMap<oxigraph::model::Triple, u32>,
    #[cfg(feature = "rdf-12")]
    terms: rustc_hash::FxHashMap<u32, oxigraph::model::Term>,
}

#[cfg(not(feature = "rdf-12"))]
#[expect(clippy::unused_self, reason = "with the feature, they have state")]
impl TripleTerms {
    pub(super) const fn add(&mut self, _: &str, _: u32) -> Option<u32> {
        None
    }

    pub(super) const fn term(&self, _: u32) -> Option<TermRef<'_>> {
        None
    }
}

#[cfg(feature = "rdf-12")]
impl TripleTerms {
    /// Adds a triple in the syntax of N-Triples. Returns the form that it had.
    pub(super) fn add(&mut self, text: &str, form: u32) -> Option<u32> {
        let triple: oxigraph::model::Triple = text.parse().ok()?;
        self.terms.insert(form, triple.clone().into());
        self.forms.insert(triple, form)
    }

    /// Returns the form of a triple.
    pub(super) fn form_of(&self, triple: &oxigraph::model::Triple) -> Option<u32> {
        self.forms.get(triple).copied()
    }

    /// Returns the term with a form.
    pub(super) fn term(&self, form: u32) -> Option<TermRef<'_>> {
        self.terms.get(&form).map(oxigraph::model::Term::as_ref)
    }
}
