//! Asks a saved query of the built-in dossier, with an argument, and prints the rows as a table.
//!
//! Run it with `cargo run --example ask`.

use dossier::{Data, Dossier, Session, Terms};
use std::error::Error;
use std::io;

fn main() -> Result<(), Box<dyn Error>> {
    let session = Session::open(Dossier::built_in(), &Data::Dossier)?;
    let members = session.catalogue().get("members")?;
    let query = session.bind(&members, &[("year".to_owned(), "2016".to_owned())])?;
    let answer = session.answer(&query, None, None)?;
    session.write(answer, None, Terms::Label, &mut io::stdout().lock())?;
    Ok(())
}
