//! How long files and a dossier take to load into memory, and how much memory they take, beside parsing alone and
//! Oxigraph's own loader: `cargo bench --bench load -- [QUADS]`; with `--features disk` onto disk too, where ours takes
//! the merging of its files as well, and Oxigraph's keeps graphs apart.
//!
//! Each load has a process of its own, so that its memory is its own.
//! It also writes generated dossiers: `cargo bench --bench load -- --write FOLDER [QUADS]`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures, or why it has none"
)]
#![allow(clippy::cast_precision_loss, reason = "figures are rounded")]

#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

use dossier::internals::{Again, ReadAhead};
#[cfg(feature = "disk")]
use dossier::internals::{Embedded, RdfStream};
use dossier::{Compression, Contexts, Data, Dossier, GraphFormat, Origin, RdfInput, Session};
use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use oxigraph::store::Store;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// How often each is measured: the median counts.
const ROUNDS: usize = 3;
const SEED: u64 = 1;

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let Some(["--one", work, path]) = arguments.get(..3).map(|a| [&*a[0], &*a[1], &*a[2]]) {
        return one(work, Path::new(path));
    }
    let folder = (arguments.first().map(String::as_str) == Some("--write") && arguments.len() > 1)
        .then(|| arguments.drain(..2).nth(1).unwrap_or_default());
    let quads = arguments.first().and_then(|quads| quads.parse().ok()).unwrap_or(1_000_000);
    if let Some(folder) = folder {
        let generated = support::generate(quads, SEED);
        generated.write(Path::new(&folder)).expect("the folder can be written");
        println!("{folder}: {} quads, {} documents", generated.quads, generated.documents.len());
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shop = folder.path().join("shop.nt");
    let triples = write_shop(&shop, quads);
    println!("{triples} triples of a shop, N-Triples");
    let parsing = measure("parse", &shop, triples, None);
    let parsing = Some(parsing);
    measure("oxigraph", &shop, triples, parsing);
    measure("load", &shop, triples, parsing);
    if cfg!(feature = "disk") {
        measure("oxigraph on disk", &shop, triples, parsing);
        measure("load on disk", &shop, triples, parsing);
    }
    for compression in Compression::ALL {
        measure("load", &compress(&shop, compression), triples, parsing);
    }

    let generated = support::generate(quads, SEED);
    let dossier = folder.path().join("dossier");
    generated.write(&dossier).expect("the folder can be written");
    let claims = dossier.join("data/claims.trig");
    println!("{} quads of claims before the merge, TriG", generated.quads);
    let parsing = Some(measure("parse", &claims, generated.quads, None));
    measure("oxigraph", &claims, generated.quads, parsing);
    measure("load", &claims, generated.quads, parsing);
    measure("load", &compress(&claims, Compression::Gzip), generated.quads, parsing);
    if cfg!(feature = "disk") {
        measure("oxigraph on disk", &claims, generated.quads, parsing);
        measure("load on disk", &claims, generated.quads, parsing);
    }
    measure("dossier", &dossier, generated.quads, parsing);
}

/// Writes a shop of about so many triples, and tells how many they are.
fn write_shop(path: &Path, triples: usize) -> usize {
    let shop = support::generate_shop(triples, SEED);
    let file = BufWriter::new(File::create(path).expect("a file"));
    let mut serializer = RdfSerializer::from_format(RdfFormat::NTriples).for_writer(file);
    for quad in &shop {
        serializer.serialize_triple(quad.as_ref()).expect("it is written");
    }
    serializer.finish().expect("it is written").flush().expect("it is written");
    shop.len()
}

/// Writes a file once more, compressed as the tools do it that users have.
fn compress(path: &Path, compression: Compression) -> std::path::PathBuf {
    let bytes = fs::read(path).expect("the file");
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let path = path.with_file_name(format!("{name}.{}", compression.extension()));
    let file = BufWriter::new(File::create(&path).expect("a file"));
    match compression {
        Compression::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::default());
            encoder.write_all(&bytes).and_then(|()| encoder.finish()?.flush())
        }
        Compression::Bzip2 => {
            let mut encoder = bzip2::write::BzEncoder::new(file, bzip2::Compression::best());
            encoder.write_all(&bytes).and_then(|()| encoder.finish()?.flush())
        }
        Compression::Xz => {
            let options = lzma_rust2::XzOptions::with_preset(1);
            let mut encoder = lzma_rust2::XzWriter::new(file, options).expect("an encoder");
            encoder.write_all(&bytes).and_then(|()| encoder.finish()?.flush())
        }
        Compression::Zstandard => zstd::stream::copy_encode(&bytes[..], file, 3),
        _ => unreachable!("compress with {}", compression.extension()),
    }
    .expect("it is written");
    path
}

/// Does some work in processes of its own, prints how it went, and gives back how long it took.
fn measure(work: &str, path: &Path, quads: usize, parsing: Option<f64>) -> f64 {
    let program = std::env::current_exe().expect("this program");
    let mut runs: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|_| {
            let output = Command::new(&program).args(["--one", work]).arg(path).output();
            let output = String::from_utf8(output.expect("it runs").stdout).expect("figures");
            let mut figures = output.split_whitespace().map(str::parse::<f64>);
            let mut next = || figures.next().expect("a figure").expect("a figure");
            (next(), next())
        })
        .collect();
    runs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (seconds, bytes) = runs[ROUNDS / 2];
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ratio = seconds / parsing.unwrap_or(seconds);
    print!("  {work:16} {name:16} {seconds:7.2} s  {:9.0}/s", quads as f64 / seconds);
    print!("  {ratio:5.2} x parsing");
    match work {
        // (What is kept on disk is not in memory.)
        "parse" | "oxigraph on disk" | "load on disk" => println!(),
        _ => println!("  {:5.0} bytes each", bytes / quads as f64),
    }
    seconds
}

/// Does some work, and prints how many seconds it took and how many bytes more the process has resident after it.
fn one(work: &str, path: &Path) {
    let before = resident();
    let start = Instant::now();
    let (took, _held): (Duration, Box<dyn std::any::Any>) = match work {
        "parse" => {
            let bytes = fs::read(path).expect("the file");
            let start = Instant::now();
            for quad in RdfParser::from_format(format(path).into()).for_slice(&bytes) {
                std::hint::black_box(quad.expect("a quad"));
            }
            (start.elapsed(), Box::new(()))
        }
        "oxigraph" => {
            let store = Store::new().expect("a store");
            let mut loader = store.bulk_loader().with_num_threads(1);
            let file = BufReader::new(File::open(path).expect("the file"));
            loader.load_from_reader(RdfFormat::from(format(path)), file).expect("it loads");
            loader.commit().expect("it loads");
            (start.elapsed(), Box::new(store))
        }
        #[cfg(feature = "disk")]
        "oxigraph on disk" => {
            let folder = tempfile::tempdir_in(beside(path)).expect("a folder");
            let store = Store::open(folder.path()).expect("a store");
            let mut loader = store.bulk_loader();
            let file = BufReader::new(File::open(path).expect("the file"));
            loader.load_from_reader(RdfFormat::from(format(path)), file).expect("it loads");
            loader.commit().expect("it loads");
            (start.elapsed(), Box::new((store, folder)))
        }
        #[cfg(feature = "disk")]
        "load on disk" => {
            let folder = tempfile::tempdir_in(beside(path)).expect("a folder");
            let store = Embedded::open_or_create(folder.path()).expect("a store");
            let quads = RdfStream::of(vec![input(path)]);
            store.fill(quads, &dossier::Cancellation::default()).expect("it loads");
            store.close().expect("its statistics are kept");
            (start.elapsed(), Box::new(folder))
        }
        "dossier" => {
            let dossier = Dossier::open(path).expect("a dossier");
            let session = Session::open(dossier, &Data::Dossier).expect("it loads");
            (start.elapsed(), Box::new(session))
        }
        _ => {
            let session = Session::of_files(Dossier::built_in(), vec![input(path)]);
            let session = session.expect("it loads");
            (start.elapsed(), Box::new(session))
        }
    };
    println!("{} {}", took.as_secs_f64(), resident() - before);
}

/// The folder of a file.
#[cfg(feature = "disk")]
fn beside(path: &Path) -> &Path {
    path.parent().expect("a file in a folder")
}

/// A file as the program opens it.
fn input(path: &Path) -> RdfInput {
    let file = File::open(path).expect("the file");
    let origin = Origin {
        name: path.display().to_string(),
        format: format(path).into(),
        base: None,
        contexts: Contexts::default(),
        again: Again::File(path.to_owned()),
    };
    let reader: Box<dyn std::io::Read + Send> = match Compression::of(path) {
        Some(compression) => {
            let decompressed = compression.decompressed(file).expect("a decoder");
            Box::new(ReadAhead::new(decompressed).expect("a thread"))
        }
        None => Box::new(file),
    };
    RdfInput { origin, reader }
}

fn format(path: &Path) -> GraphFormat {
    let is_trig = path.to_string_lossy().contains(".trig");
    if is_trig { GraphFormat::TriG } else { GraphFormat::NTriples }
}

/// How many bytes of the process are in memory (proc(5)). NaN: the system does not tell.
fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = resident.and_then(|r| r.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kibibytes.map_or(f64::NAN, |kibibytes| kibibytes * 1024.0)
}
