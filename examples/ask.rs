//! Asks a saved query of the built-in dossier, with an argument, and prints the rows as a table.
//!
//! Run it with `cargo run --example ask`.

use dossier::internals::{Head, Naming, Plain, Style, write_rows};
use dossier::{Data, Dossier, ResultFormat, Session, Terms};
use oxigraph::model::Term;
use std::error::Error;
use std::io;

fn main() -> Result<(), Box<dyn Error>> {
    let session = Session::open(Dossier::built_in(), &Data::Dossier)?;
    let members = session.catalogue().get("members")?;
    let query = session.bind(&members, &[("year".to_owned(), "2016".to_owned())])?;
    let rows = session.answer(&query, None, None)?.rows().ok_or("the query is not a SELECT")?;

    let variables = rows.variables().to_vec();
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    // The labels of all states at once: behind an endpoint, that is one request.
    let terms = rows.iter().flat_map(|row| row.solution.values().iter().flatten());
    let labels = session.labels(terms.filter_map(|term| match term {
        Term::NamedNode(iri) => Some(iri),
        _ => None,
    }))?;
    let naming = Naming { terms: Terms::Label, prefixes: session.prefixes(), labels: &labels };
    let style = Style { naming, width: None };
    let head = Head { variables: &variables, is_cited: false, diagnosis: None };
    let references = |graph: &_| session.reference(graph);
    let mut out = io::stdout().lock();
    let out = &mut Plain(&mut out);
    write_rows(ResultFormat::Table, head, rows.into_iter().map(Ok), style, &references, out)?;
    Ok(())
}
