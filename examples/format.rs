//! Formats Turtle: the layout changes, while the comments and what is said stay.
//!
//! Run it with `cargo run --example format`.

#![expect(clippy::print_stdout, reason = "an example prints")]

use dossier::{Diagnostic, Layout, Ontology, Prefixes, RdfFile, SourceFile, format_rdf};
use std::error::Error;

const TURTLE: &str = r#"
@prefix ex: <http://example.com/> .
@prefix unused: <http://example.org/> .
# Who wrote the first program.
ex:Ada <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ex:Person; ex:name "Ada Lovelace"@en
  ; ex:born 1815;   # in London
  ex:knows [ a ex:Person; ex:name "Charles Babbage"@en ].
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let source = SourceFile { path: "ada.ttl".to_owned(), bytes: TURTLE.as_bytes().into() };
    let file = RdfFile::new(source).map_err(Diagnostic::input)?;
    // Without prefixes of a dossier, and without the order of its ontology.
    let (prefixes, ontology) = (Prefixes::default(), Ontology::default());
    let layout = Layout { prefixes: &prefixes, ontology: &ontology };
    print!("{}", format_rdf(&file, &layout, false)?);
    Ok(())
}
