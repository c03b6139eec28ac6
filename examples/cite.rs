//! Asks a query that is written here and prints, for each row, the claims that it rests on and the words they quote.
//!
//! Run it with `cargo run --example cite`.

#![expect(clippy::print_stdout, reason = "an example prints")]

use dossier::{CitationOptions, Data, Derivation, Dossier, Reference, Row, Session};
use std::error::Error;

const QUERY: &str = r#"
SELECT ?name ?since {
  ?membership org:organization sco:SCO ; org:member/rdfs:label ?name ; dos:since ?since .
  FILTER (LANG(?name) = "en" && ?since > "2001"^^xsd:gYear)
} ORDER BY ?name"#;

fn main() -> Result<(), Box<dyn Error>> {
    let session = Session::open(Dossier::built_in(), &Data::Dossier)?;
    // The prefixes of the dossier need not be declared.
    let query = session.ad_hoc_query("the query", QUERY, &[])?;
    let answer = session.answer(&query, None, Some(CitationOptions::default()))?;
    let prefixes = session.prefixes();
    for row in answer.rows().ok_or("the query is not a SELECT")? {
        let Row { solution, citation } = row?;
        let citation = citation.ok_or("the row is not cited")?;
        let [name, since] = [0, 1].map(|column| prefixes.show_term(&solution[column]));
        println!("{name} since {since}: {}", citation.status.name());
        for graph in citation.derivations.iter().flat_map(Derivation::graphs) {
            let reference = session.reference(graph)?;
            let Reference::Claim(claim) = reference.as_ref() else { continue };
            for quote in &claim.quotes {
                println!("  {} quotes “{}”", prefixes.show(&claim.name), quote.text);
            }
        }
    }
    Ok(())
}
