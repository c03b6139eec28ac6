//! [SPARQL 1.1 Query Results JSON](https://www.w3.org/TR/sparql11-results-json/). A cited answer also has `citations`,
//! parallel to the bindings, and the `claims` that they refer to. An empty answer has its `diagnosis`.
//!
//! These keys are extensions of the W3C format. They come before `results`, the only place where readers of the format
//! accept unknown keys.

use super::terms::{BindingsJson, CitationJson, ClaimsJson, ReferenceJson};
use super::{CitedRow, Head, ResultWriter, RowWriter, Style, Verdict, WriteError};
use crate::claim::Reference;
use crate::diagnose::Diagnosis;
use crate::diagnostic::{Diagnostic, Result};
use crate::parallel::in_parts;
use crate::vocabulary::Prefixes;
use crate::write_whole::WriteWhole;
use oxigraph::sparql::Variable;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::io::{self, Write};
use std::sync::Arc;

pub(super) struct Json;

/// The closing brackets of what is open between rows.
const CLOSING: &str = "]}}\n";

/// Closes the array of citations, followed by no claims and no rows.
const CLOSING_WITHOUT_ROWS: &str = "],\"claims\":{},\"results\":{\"bindings\":[]}}\n";

/// The number of cited rows that are serialized at once.
const ROWS_AT_ONCE: usize = 1024;

/// The number of claims that are serialized at once.
const CLAIMS_AT_ONCE: usize = 8192;

/// The number of rows or claims from which another thread pays off.
const FEWEST: usize = 64;

impl ResultWriter for Json {
    fn rows<'a>(
        &self,
        head: Head<'a>,
        style: Style<'a>,
        out: &'a mut dyn WriteWhole,
    ) -> Result<Box<dyn RowWriter + 'a>, WriteError> {
        let names: Vec<&str> = head.variables.iter().map(Variable::as_str).collect();
        write!(out, "{{\"head\":{{\"vars\":{}}}", json(&names)?)?;
        if head.is_cited {
            write!(out, ",\"citations\":[")?;
            out.whole(Some(0), CLOSING_WITHOUT_ROWS)?;
            return Ok(Box::new(CitedResults {
                out,
                prefixes: style.naming.prefixes,
                diagnosis: head.diagnosis,
                unwritten: Vec::new(),
                bindings: Vec::new(),
                references: FxHashMap::default(),
            }));
        }
        write_diagnosis(head.diagnosis, out)?;
        write!(out, ",\"results\":{{\"bindings\":[")?;
        out.whole(Some(0), CLOSING)?;
        Ok(Box::new(Results { out, text: Vec::new(), count: 0 }))
    }

    fn boolean(
        &self,
        verdict: Verdict<'_>,
        style: Style<'_>,
        out: &mut dyn WriteWhole,
    ) -> Result<(), WriteError> {
        write!(out, "{{\"head\":{{}}")?;
        if let Some(cited) = verdict.citation {
            let citation = CitationJson::new(&cited.citation, style.naming.prefixes);
            let claims = ClaimsJson(cited.in_order());
            write!(out, ",\"citations\":[{}],\"claims\":{}", json(&citation)?, json(&claims)?)?;
        }
        write_diagnosis(verdict.diagnosis, out)?;
        Ok(writeln!(out, ",\"boolean\":{}}}", verdict.value)?)
    }
}

/// Rows, written as they come.
struct Results<'a> {
    out: &'a mut dyn WriteWhole,
    /// The reusable buffer for one row.
    text: Vec<u8>,
    count: usize,
}

impl RowWriter for Results<'_> {
    fn row(&mut self, row: CitedRow) -> Result<(), WriteError> {
        self.text.clear();
        if self.count > 0 {
            self.text.push(b',');
        }
        append(&BindingsJson(&row.solution), &mut self.text)?;
        self.out.write_all(&self.text)?;
        self.count += 1;
        Ok(self.out.whole(Some(self.count), CLOSING)?)
    }

    fn end(self: Box<Self>) -> Result<(), WriteError> {
        write!(self.out, "{CLOSING}")?;
        Ok(self.out.whole(Some(self.count), "")?)
    }
}

/// Rows with citations. The citations are written as they come. The rows follow these, so they are held as text.
struct CitedResults<'a> {
    out: &'a mut dyn WriteWhole,
    prefixes: &'a Prefixes,
    diagnosis: Option<&'a Diagnosis>,
    unwritten: Vec<CitedRow>,
    bindings: Vec<u8>,
    /// The cited graphs, by address: most come from one cache, so hashing names is unnecessary.
    references: FxHashMap<*const Reference, Arc<Reference>>,
}

impl CitedResults<'_> {
    fn flush(&mut self) -> Result<(), WriteError> {
        let rows = std::mem::take(&mut self.unwritten);
        if rows.is_empty() {
            return Ok(());
        }
        if !self.bindings.is_empty() {
            write!(self.out, ",")?;
            self.bindings.push(b',');
        }
        let prefixes = self.prefixes;
        let citation = |row: &CitedRow, text: &mut Vec<u8>| match &row.citation {
            Some(cited) => append(&CitationJson::new(&cited.citation, prefixes), text),
            None => append(&None::<()>, text),
        };
        write_list(&rows, citation, self.out)?;
        let row = |row: &CitedRow, text: &mut Vec<u8>| append(&BindingsJson(&row.solution), text);
        write_list(&rows, row, &mut self.bindings)?;
        for reference in rows.into_iter().filter_map(|row| row.citation).flat_map(|c| c.references)
        {
            self.references.entry(Arc::as_ptr(&reference)).or_insert(reference);
        }
        // The rows come after all citations, so an output that is cut off here has none.
        Ok(self.out.whole(Some(0), CLOSING_WITHOUT_ROWS)?)
    }
}

impl RowWriter for CitedResults<'_> {
    fn row(&mut self, row: CitedRow) -> Result<(), WriteError> {
        self.unwritten.push(row);
        if self.unwritten.len() < ROWS_AT_ONCE { Ok(()) } else { self.flush() }
    }

    fn end(mut self: Box<Self>) -> Result<(), WriteError> {
        self.flush()?;
        write!(self.out, "],\"claims\":{{")?;
        let mut references = sorted(std::mem::take(&mut self.references).into_values().collect());
        references.dedup_by(|one, other| one.name() == other.name());
        let member = |reference: &Arc<Reference>, text: &mut Vec<u8>| {
            append(reference.name().as_str(), text)?;
            text.push(b':');
            append(&ReferenceJson::new(reference), text)
        };
        for (i, some) in references.chunks(CLAIMS_AT_ONCE).enumerate() {
            if i > 0 {
                write!(self.out, ",")?;
            }
            write_list(some, member, self.out)?;
        }
        write!(self.out, "}}")?;
        write_diagnosis(self.diagnosis, self.out)?;
        write!(self.out, ",\"results\":{{\"bindings\":[")?;
        self.out.write_all(&self.bindings)?;
        write!(self.out, "{CLOSING}")?;
        Ok(self.out.whole(None, "")?)
    }
}

/// Sorts references by name. Most names begin alike, so the bytes after that are compared, as a number.
fn sorted(references: Vec<Arc<Reference>>) -> Vec<Arc<Reference>> {
    const LENGTH: usize = size_of::<u128>();
    fn bytes(reference: &Reference) -> &[u8] {
        reference.name().as_str().as_bytes()
    }
    let Some(first) = references.first().map(Arc::clone) else { return references };
    let is_shared = |length: usize, reference: &Arc<Reference>| {
        let pairs = bytes(&first).iter().zip(bytes(reference)).take(length);
        pairs.take_while(|(one, other)| one == other).count()
    };
    let shared = references.iter().fold(usize::MAX, is_shared);
    let key = |reference: &Arc<Reference>| {
        let mut key = [0; LENGTH];
        let rest = bytes(reference).get(shared..).unwrap_or_default();
        key.iter_mut().zip(rest).for_each(|(key, byte)| *key = *byte);
        u128::from_be_bytes(key)
    };
    let mut keyed: Vec<(u128, Arc<Reference>)> =
        references.into_iter().map(|reference| (key(&reference), reference)).collect();
    keyed.sort_unstable_by(|(a, one), (b, other)| {
        a.cmp(b).then_with(|| one.name().cmp(other.name()))
    });
    keyed.into_iter().map(|(_, reference)| reference).collect()
}

/// Writes the diagnosis as a member, if there is one.
fn write_diagnosis(diagnosis: Option<&Diagnosis>, out: &mut dyn WriteWhole) -> io::Result<()> {
    match diagnosis {
        Some(diagnosis) => write!(out, ",\"diagnosis\":{}", json(diagnosis)?),
        None => Ok(()),
    }
}

/// Writes elements separated by commas. `append` serializes an element.
fn write_list<T: Sync>(
    elements: &[T],
    append: impl Fn(&T, &mut Vec<u8>) -> Result<()> + Sync,
    out: &mut (impl Write + ?Sized),
) -> Result<(), WriteError> {
    let texts = in_parts(elements, FEWEST, |part| {
        let mut text = Vec::new();
        for (i, element) in part.iter().enumerate() {
            if i > 0 {
                text.push(b',');
            }
            append(element, &mut text)?;
        }
        Ok(vec![text])
    })?;
    for (i, text) in texts.iter().enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        out.write_all(text)?;
    }
    Ok(())
}

/// Appends a part of the answer as JSON. An error counts as an error of the answer.
fn append(value: &(impl Serialize + ?Sized), text: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(text, value)
        .map_err(|error| Diagnostic::new(format!("it cannot be written as JSON: {error}")).store())
}

fn json(value: &(impl Serialize + ?Sized)) -> io::Result<String> {
    Ok(serde_json::to_string(value)?)
}
