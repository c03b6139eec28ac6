//! Exports the facts of the built-in dossier as JSON-LD, in the shape that a frame asks for.
//!
//! Run it with `cargo run --example frame`.

use dossier::{
    Data, Diagnostic, Dossier, JsonLdFrame, JsonLdOptions, Selection, Session, write_json_ld,
};
use std::error::Error;
use std::io;

/// Memberships since 2017, each with the name of its member.
const FRAME: &str = r#"{
  "@context": {
    "dos": "https://w3id.org/dossier/ontology#",
    "org": "http://www.w3.org/ns/org#",
    "member": "org:member",
    "since": { "@id": "dos:since", "@type": "http://www.w3.org/2001/XMLSchema#gYear" },
    "name": { "@id": "http://www.w3.org/2000/01/rdf-schema#label", "@language": "en" }
  },
  "@explicit": true,
  "@requireAll": true,
  "since": "2017",
  "member": { "@explicit": true, "name": {} }
}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let session = Session::open(Dossier::built_in(), &Data::Dossier)?;
    let facts = session.select(Selection::Facts)?.collect::<Result<Vec<_>, _>>()?;
    let frame = JsonLdFrame::parse(FRAME).map_err(Diagnostic::input)?;
    let options = JsonLdOptions { frame: Some(frame), ..JsonLdOptions::default() };
    write_json_ld(&facts, &session.layout()?, &options, &mut io::stdout().lock())?;
    Ok(())
}
