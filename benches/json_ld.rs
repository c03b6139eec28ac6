//! How long JSON-LD takes to write, beside parsing and serialising the same triples: `cargo bench --bench json_ld --
//! [TRIPLES]`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures, or why it has none"
)]

#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

use dossier::export::{JsonLdOptions, Layout, write_json_ld};
use dossier::vocabulary::{Ontology, Prefixes};
use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use oxigraph::model::{GraphName, Quad, Triple};
use std::io::Write as _;
use std::time::{Duration, Instant};

const ROUNDS: usize = 3;
const SEED: u64 = 1;

fn main() {
    let triples = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse::<usize>().ok())
        .unwrap_or(100_000);
    let generated = support::generate(triples, SEED);
    let mut prefixes = Prefixes::default();
    for (prefix, namespace) in [
        ("dos", "https://w3id.org/dossier/ontology#"),
        ("org", "http://www.w3.org/ns/org#"),
        ("ex", "https://example.com/dossier/"),
    ] {
        prefixes.add(prefix, namespace);
    }
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
        let quads: Vec<Quad> = parse(&input).collect();
        let ontology = Ontology::default();
        let layout = Layout { prefixes: &prefixes, ontology: &ontology };
        let mut out = file(folder.path(), "out.jsonld");
        write_json_ld(&quads, &layout, &JsonLdOptions::default(), &mut out).expect("the disk");
        out.flush().expect("the disk");
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
