//! Compresses the built-in JSON-LD contexts, and says when the program is to be built anew: when a file of the built-in
//! dossier or a context comes or goes.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    for folder in ["ontology", "data", "queries", "contexts"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    let target = Path::new(&env::var("OUT_DIR")?).join("contexts");
    fs::create_dir_all(&target)?;
    for file in fs::read_dir("contexts")? {
        let path = file?.path();
        let (Some(name), Some("jsonld")) =
            (path.file_name(), path.extension().and_then(|extension| extension.to_str()))
        else {
            continue;
        };
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&fs::read(&path)?)?;
        fs::write(target.join(name), encoder.finish()?)?;
    }
    Ok(())
}
