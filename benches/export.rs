//! How long it takes to write RDF in another format, file to file, beside the loop of Oxigraph's own parser and
//! serializer: `cargo bench --bench export -- [TRIPLES]`. Then the same of blank nodes that look alike, and what it takes
//! to compare them, beside the same data with names for them.
//!
//! The memory is the peak of a process that does one of them alone (Linux tells it; elsewhere there is none). If `riot`
//! of Apache Jena is there, it lays the same file out as Turtle in the same run, its start included.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures, or why it has none"
)]
#![allow(clippy::cast_precision_loss, reason = "figures are rounded")]

#[path = "support/memory.rs"]
mod memory;
#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

use dossier::internals::diff::DatasetDiff;
use dossier::internals::{Again, RdfStream, Stream};
use dossier::{Contexts, GraphFormat, Layout, Ontology, Origin, Prefixes, RdfInput, write_quads};
use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use oxigraph::model::Quad;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use support::Random;

const ROUNDS: usize = 3;

/// What is measured: the first two are what the others are compared with.
const FORMS: [(&str, Form); 5] = [
    ("Oxigraph, to N-Quads", Form::Oxigraph(GraphFormat::NQuads)),
    ("Oxigraph, to Turtle", Form::Oxigraph(GraphFormat::Turtle)),
    ("dossier, to N-Quads", Form::Streaming(GraphFormat::NQuads)),
    ("dossier, to Turtle, unsorted", Form::Streaming(GraphFormat::Turtle)),
    ("dossier, to Turtle, laid out", Form::LaidOut(GraphFormat::Turtle)),
];

#[derive(Clone, Copy)]
enum Form {
    Oxigraph(GraphFormat),
    Streaming(GraphFormat),
    LaidOut(GraphFormat),
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [only, from, to] = arguments.as_slice() {
        let form = only.parse().ok().and_then(|only: usize| FORMS.get(only)).expect("a form").1;
        println!("{}", memory::peak(|| convert(form, Path::new(from), Path::new(to))));
        return;
    }
    let triples = arguments.first().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (from, to) = (folder.path().join("from.nt"), folder.path().join("to"));
    generate(triples, &from);
    let size = from.metadata().expect("a file").len() as f64 / 1e6;
    println!("{triples} triples, {size:.0} MB of N-Triples, best of {ROUNDS}");
    let mut times = [Duration::MAX; FORMS.len()];
    for _ in 0..ROUNDS {
        for (time, (_, form)) in times.iter_mut().zip(FORMS) {
            let start = Instant::now();
            convert(form, &from, &to);
            *time = start.elapsed().min(*time);
        }
    }
    for (i, ((name, form), time)) in FORMS.iter().zip(times).enumerate() {
        let compared = match form {
            Form::Oxigraph(_) => String::new(),
            Form::Streaming(GraphFormat::NQuads) => {
                format!("{:.2} x Oxigraph", ratio(time, times[0]))
            }
            Form::Streaming(_) | Form::LaidOut(_) => {
                format!("{:.2} x Oxigraph", ratio(time, times[1]))
            }
        };
        let memory = memory_of(i, &from, &to);
        println!(
            "  {name:<30} {:8.0} ms   {memory:>5.0} MiB   {compared}",
            time.as_secs_f64() * 1e3
        );
    }
    let laid_out = times[FORMS.len() - 1];
    match (0..ROUNDS).map(|_| riot(&from, &to)).min().flatten() {
        Some(time) => println!(
            "  {:<30} {:8.0} ms   {:>9}   dossier's Turtle takes {:.2} x of it",
            "riot --formatted=turtle",
            time.as_secs_f64() * 1e3,
            "",
            ratio(laid_out, time)
        ),
        None => println!("  riot --formatted=turtle: skipped, for it is not there"),
    }
    for (name, shape) in ALIKE {
        let nodes = triples / 4;
        let [named, blank] = ["<https://example.com/", "_:"].map(|start| shape(nodes, start));
        let [written, written_named] = [&blank, &named].map(|text| best(|| lay_out(text, &to)));
        let [compared, compared_named] = [&blank, &named].map(|text| best(|| compare(text)));
        println!(
            "  {nodes} nodes, {name:<36} laid out {:6.0} ms, {:5.2} x named; compared {:6.0} ms, {:5.2} x named",
            written.as_secs_f64() * 1e3,
            ratio(written, written_named),
            compared.as_secs_f64() * 1e3,
            ratio(compared, compared_named)
        );
    }
}

/// Nodes that look alike, near by or as far as one looks: so many, in lines of N-Triples, called as they begin.
type Shape = fn(usize, &str) -> String;

const ALIKE: [(&str, Shape); 4] = [
    ("with one fact each that is the same", |nodes, start| lines(nodes, start, |_| None)),
    ("in chains of 10", |nodes, start| {
        lines(nodes, start, |node| (node % 10 < 9).then_some(node + 1))
    }),
    ("in chains of 40", |nodes, start| {
        lines(nodes, start, |node| (node % 40 < 39).then_some(node + 1))
    }),
    ("in cycles of 5", |nodes, start| {
        lines(nodes - nodes % 5, start, |node| Some(if node % 5 < 4 { node + 1 } else { node - 4 }))
    }),
];

/// Nodes of which each is linked with the next one, if there is one; the others have the same fact.
fn lines(nodes: usize, start: &str, next: impl Fn(usize) -> Option<usize>) -> String {
    let end = if start.starts_with('<') { ">" } else { "" };
    let mut text = String::new();
    for node in 0..nodes {
        text += &match next(node) {
            Some(next) => format!("{start}n{node}{end} <x:next> {start}n{next}{end} .\n"),
            None => format!("{start}n{node}{end} <x:is> \"last\" .\n"),
        };
    }
    text
}

fn best(mut measured: impl FnMut()) -> Duration {
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        measured();
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

fn quads(text: &str) -> Vec<Quad> {
    let parser = RdfParser::from_format(RdfFormat::NTriples).for_slice(text);
    parser.map(|quad| quad.expect("a quad")).collect()
}

fn lay_out(text: &str, to: &Path) {
    let layout = Layout { prefixes: &Prefixes::default(), ontology: &Ontology::default() };
    let mut out = BufWriter::new(File::create(to).expect("a file"));
    write_quads(GraphFormat::Turtle, quads(text), &layout, &mut out).expect("it is written");
    out.flush().expect("it is written");
}

/// Compares data with the same data in another order, and with other labels.
fn compare(text: &str) {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.reverse();
    let other = lines.join("\n").replace("_:n", "_:m") + "\n";
    assert!(DatasetDiff::between(&quads(text), &quads(&other)).is_empty(), "they are the same");
}

/// How long Apache Jena takes to lay the file out.
fn riot(from: &Path, to: &Path) -> Option<Duration> {
    let start = Instant::now();
    let out = File::create(to).expect("a file");
    let status = Command::new("riot").arg("--formatted=turtle").arg(from).stdout(out).status();
    status.is_ok_and(|status| status.success()).then(|| start.elapsed())
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

fn convert(form: Form, from: &Path, to: &Path) {
    let mut prefixes = Prefixes::default();
    prefixes.add("ex", "https://example.com/dossier/");
    prefixes.add("rdfs", "http://www.w3.org/2000/01/rdf-schema#");
    prefixes.add("xsd", "http://www.w3.org/2001/XMLSchema#");
    let mut out = BufWriter::new(File::create(to).expect("a file"));
    let file = File::open(from).expect("a file");
    let stream = |file| {
        let origin = Origin {
            name: "from.nt".to_owned(),
            format: GraphFormat::NTriples.into(),
            base: None,
            contexts: Contexts::default(),
            again: Again::Never,
        };
        RdfStream::of(vec![RdfInput { origin, reader: Box::new(file) }])
    };
    match form {
        Form::Oxigraph(format) => {
            let mut serializer = RdfSerializer::from_format(format.into());
            for (prefix, namespace) in prefixes.iter() {
                serializer = serializer.with_prefix(prefix, namespace).expect("a prefix");
            }
            let mut writer = serializer.for_writer(&mut out);
            for quad in RdfParser::from_format(RdfFormat::NTriples).for_reader(BufReader::new(file))
            {
                writer.serialize_quad(&quad.expect("a quad")).expect("it is written");
            }
            writer.finish().expect("it is written");
        }
        Form::Streaming(format) => {
            let mut writer = Stream::new(format, &prefixes, &mut out).expect("prefixes");
            for quad in stream(file) {
                writer.write(quad.expect("a quad")).expect("it is written");
            }
            writer.finish().expect("it is written");
        }
        Form::LaidOut(format) => {
            let quads = stream(file).map(|quad| quad.expect("a quad")).collect();
            let layout = Layout { prefixes: &prefixes, ontology: &Ontology::default() };
            write_quads(format, quads, &layout, &mut out).expect("it is written");
        }
    }
    out.flush().expect("it is written");
}

/// People, what they are called, whom they know: some with an address that has no name.
fn generate(triples: usize, path: &Path) {
    let mut random = Random::new(1);
    let mut out = BufWriter::new(File::create(path).expect("a file"));
    let ex = "https://example.com/dossier/";
    let people = triples / 9 + 1;
    let mut written = 0;
    for i in 0..people {
        let person = format!("<{ex}person{}>", random.below(1 << 40));
        let mut lines = vec![
            format!("{person} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{ex}Person>"),
            format!("{person} <http://www.w3.org/2000/01/rdf-schema#label> \"Person {i}\"@en"),
            format!(
                "{person} <{ex}age> \"{}\"^^<http://www.w3.org/2001/XMLSchema#integer>",
                18 + random.below(70)
            ),
            format!("{person} <{ex}city> <{ex}place{}>", random.below(1000)),
            format!("{person} <{ex}mail> \"person{i}@example.com\""),
            format!("{person} <{ex}knows> <{ex}person{}>", random.below(1 << 40)),
            format!("{person} <{ex}knows> <{ex}person{}>", random.below(1 << 40)),
        ];
        if i % 2 == 0 {
            lines.push(format!("{person} <{ex}address> _:a{i}"));
            lines.push(format!("_:a{i} <{ex}street> \"Street {}\"", random.below(500)));
            lines.push(format!("_:a{i} <{ex}number> \"{}\"", random.below(200)));
            lines.push(format!(
                "_:a{i} <{ex}since> \"{}\"^^<http://www.w3.org/2001/XMLSchema#gYear>",
                1950 + random.below(75)
            ));
        }
        for line in lines.iter().take(triples - written) {
            writeln!(out, "{line} .").expect("it is written");
            written += 1;
        }
    }
    out.flush().expect("it is written");
}

/// The peak of the memory of a process that does one thing.
fn memory_of(form: usize, from: &Path, to: &Path) -> f64 {
    let own = std::env::current_exe().expect("a program");
    let output =
        Command::new(own).arg(form.to_string()).args([from, to]).output().expect("it runs");
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or(f64::NAN)
}
