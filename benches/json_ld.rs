//! How long JSON-LD takes to write, beside parsing and serialising the same triples, and how much memory, beside the
//! store that holds them: `cargo bench --bench json_ld -- [TRIPLES]`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures, or why it has none"
)]

#[path = "support/memory.rs"]
mod memory;
#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

use dossier::{JsonLdOptions, Layout, Ontology, Prefixes, write_json_ld};
use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use oxigraph::model::{GraphName, Quad, Triple};
use oxigraph::store::Store;
use std::io::Write as _;
use std::time::{Duration, Instant};

const ROUNDS: usize = 3;
const SEED: u64 = 1;

const STORE: &str = "store";
const TREE: &str = "tree";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [what, input] = arguments.as_slice() {
        measured(what, std::path::Path::new(input));
        return;
    }
    let triples = arguments.first().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let generated = support::generate(triples, SEED);
    let mut text = Vec::new();
    let mut count = 0;
    let mut serializer = RdfSerializer::from_format(RdfFormat::NTriples).for_writer(&mut text);
    for source in [&generated.background, &generated.claims] {
        for quad in RdfParser::from_format(RdfFormat::TriG).for_slice(source) {
            serializer.serialize_triple(&Triple::from(quad.expect("RDF"))).expect("memory");
            count += 1;
        }
    }
    serializer.finish().expect("memory");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let input = folder.path().join("in.nt");
    std::fs::write(&input, text).expect("the folder can be written");

    let (mut loop_times, mut tree_times) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let mut out = file(folder.path(), "out.nq");
        let mut serializer = RdfSerializer::from_format(RdfFormat::NQuads).for_writer(&mut out);
        for quad in parse(&input) {
            serializer.serialize_quad(&quad).expect("the disk");
        }
        serializer.finish().expect("the disk").flush().expect("the disk");
        loop_times.push(start.elapsed());

        let start = Instant::now();
        write_tree(&input, folder.path());
        tree_times.push(start.elapsed());
    }
    let (passed, tree) = (median(loop_times), median(tree_times));
    println!("{count} triples, file to file");
    println!("  parsed and serialised as they come   {:8.0} ms", milliseconds(passed));
    println!(
        "  JSON-LD, a tree                      {:8.0} ms   {:.2} x",
        milliseconds(tree),
        tree.as_secs_f64() / passed.as_secs_f64()
    );
    let (store, tree) = (peak_of(STORE, &input), peak_of(TREE, &input));
    println!(
        "  memory: the store {store:.0} MiB, JSON-LD {tree:.0} MiB, which is {:.2} x",
        tree / store
    );
}

/// Reads a file and writes it as JSON-LD.
fn write_tree(input: &std::path::Path, folder: &std::path::Path) {
    let quads: Vec<Quad> = parse(input).collect();
    let ontology = Ontology::default();
    let prefixes = prefixes();
    let layout = Layout { prefixes: &prefixes, ontology: &ontology };
    let mut out = file(folder, "out.jsonld");
    write_json_ld(&quads, &layout, &JsonLdOptions::default(), &mut out).expect("the disk");
    out.flush().expect("the disk");
}

fn prefixes() -> Prefixes {
    let mut prefixes = Prefixes::default();
    for (prefix, namespace) in [
        ("dos", "https://w3id.org/dossier/ontology#"),
        ("org", "http://www.w3.org/ns/org#"),
        ("ex", "https://example.com/dossier/"),
    ] {
        prefixes.add(prefix, namespace);
    }
    prefixes
}

/// The peak of the memory of a process that does one thing, in MiB.
fn peak_of(what: &str, input: &std::path::Path) -> f64 {
    let own = std::env::current_exe().expect("a program");
    let output = std::process::Command::new(own).arg(what).arg(input).output().expect("it runs");
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or(f64::NAN)
}

/// What a process does that is started for its memory.
fn measured(what: &str, input: &std::path::Path) {
    let peak = memory::peak(|| {
        if what == STORE {
            let store = Store::new().expect("a store");
            store.extend(parse(input)).expect("memory");
        } else {
            write_tree(input, input.parent().expect("a folder"));
        }
    });
    println!("{peak}");
}

fn parse(path: &std::path::Path) -> impl Iterator<Item = Quad> + use<> {
    let file = std::io::BufReader::new(std::fs::File::open(path).expect("the file"));
    RdfParser::from_format(RdfFormat::NTriples)
        .for_reader(file)
        .map(|quad| Triple::from(quad.expect("RDF")).in_graph(GraphName::DefaultGraph))
}

fn file(folder: &std::path::Path, name: &str) -> std::io::BufWriter<std::fs::File> {
    std::io::BufWriter::new(std::fs::File::create(folder.join(name)).expect("the file"))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
