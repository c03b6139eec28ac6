//! Says when the program is to be built anew: when a file of the built-in dossier comes or goes.

fn main() {
    for folder in ["ontology", "data", "queries"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
