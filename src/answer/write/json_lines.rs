//! [JSON lines](https://jsonlines.org/): each solution on a line, in the form of bindings in SPARQL's JSON. A cited
//! solution includes its citation and the cited claims.

use super::terms::{BindingsJson, CitationJson, ClaimsJson};
use super::{
    CitedRow, Head, ResolvedCitation, ResultWriter, RowWriter, Style, Verdict, WriteError,
};
use crate::diagnostic::Result;
use crate::vocabulary::Prefixes;
use crate::write_whole::WriteWhole;
use serde::Serialize;
use std::io;

pub(super) struct JsonLines;

impl ResultWriter for JsonLines {
    fn rows<'a>(
        &self,
        _head: Head<'a>,
        style: Style<'a>,
        out: &'a mut dyn WriteWhole,
    ) -> Result<Box<dyn RowWriter + 'a>, WriteError> {
        out.whole(Some(0), "")?;
        Ok(Box::new(Lines { out, prefixes: style.naming.prefixes, count: 0 }))
    }

    fn boolean(
        &self,
        verdict: Verdict<'_>,
        style: Style<'_>,
        out: &mut dyn WriteWhole,
    ) -> Result<(), WriteError> {
        let prefixes = style.naming.prefixes;
        let cited = verdict.citation.as_ref().map(|cited| CitedLine::new(cited, prefixes));
        write_line(&Line { row: None, boolean: Some(verdict.value), cited }, out)
    }
}

struct Lines<'a> {
    out: &'a mut dyn WriteWhole,
    prefixes: &'a Prefixes,
    count: usize,
}

impl RowWriter for Lines<'_> {
    fn row(&mut self, CitedRow { solution, citation }: CitedRow) -> Result<(), WriteError> {
        let bindings = BindingsJson(&solution);
        match &citation {
            None => write_line(&bindings, self.out)?,
            Some(cited) => {
                let cited = Some(CitedLine::new(cited, self.prefixes));
                write_line(&Line { row: Some(bindings), boolean: None, cited }, self.out)?;
            }
        }
        self.count += 1;
        Ok(self.out.whole(Some(self.count), "")?)
    }

    fn end(self: Box<Self>) -> Result<(), WriteError> {
        Ok(())
    }
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<BindingsJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    boolean: Option<bool>,
    #[serde(flatten)]
    cited: Option<CitedLine<'a>>,
}

#[derive(Serialize)]
struct CitedLine<'a> {
    citation: CitationJson<'a>,
    claims: ClaimsJson,
}

impl<'a> CitedLine<'a> {
    fn new(cited: &'a ResolvedCitation, prefixes: &Prefixes) -> Self {
        let citation = CitationJson::new(&cited.citation, prefixes);
        Self { citation, claims: ClaimsJson(cited.in_order()) }
    }
}

fn write_line(value: &impl Serialize, out: &mut dyn WriteWhole) -> Result<(), WriteError> {
    let mut line = serde_json::to_vec(value).map_err(io::Error::from)?;
    line.push(b'\n');
    Ok(out.write_all(&line)?)
}
