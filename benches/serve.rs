//! How many requests the server answers, over 8 connections: `cargo bench --bench serve -- [SECONDS] [--against PROGRAM]`.
//!
//! Each address stands beside one at which there is nothing: what HTTP, routing and a thread cost without an answer. With
//! `--against`, the same query is also asked of a server of the same data: PROGRAM is the command line of Oxigraph,
//! which `pip install oxigraph` installs.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a benchmark prints its figures, or why it has none"
)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 8;

const ADDRESSES: [(&str, &str); 6] = [
    ("nothing", "/nothing"),
    ("a saved query as JSON, cited", "/ask/members/year=2016.json"),
    ("a saved query as JSON", "/ask/members/year=2016.json?cite=0"),
    ("a saved query as CSV", "/ask/members/year=2016.csv?cite=0"),
    ("the first page", "/"),
    ("a query of a stranger", "/sparql?query=ASK%7B%7D"),
];

/// The query that both programs are asked.
const QUERY: &str = "SELECT ?state ?label { ?state a <https://w3id.org/dossier/ontology#State> ; \
    <http://www.w3.org/2000/01/rdf-schema#label> ?label }";

/// A server that ends with the value.
struct Server {
    child: Child,
    port: u16,
    /// Where its data is, if that ends with it.
    _data: Option<tempfile::TempDir>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn main() {
    let (mut seconds, mut other) = (3, None);
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--against" => other = Some(arguments.next().expect("a program after --against")),
            number => seconds = number.parse().expect("a number of seconds"),
        }
    }
    let server = start();
    std::thread::sleep(Duration::from_millis(500));
    let id = server.child.id();
    let workers: Vec<u32> = children(id);
    let of_workers: f64 = workers.iter().map(|id| resident(*id)).sum();
    println!(
        "idle: {:.0} MiB, and {of_workers:.0} MiB for the worker that is kept ready",
        resident(id)
    );
    println!("{:30}{:>12}{:>12}{:>12}{:>12}", "", "requests/s", "median", "p99", "of nothing");
    let mut of_nothing = None;
    for (name, target) in ADDRESSES {
        let per_second = show(name, server.port, target, seconds, of_nothing);
        of_nothing.get_or_insert(per_second);
    }
    println!("afterwards: {:.0} MiB", resident(id));
    if let Some(program) = other {
        compare(&server, &program, seconds);
    }
}

/// Asks the same query of this program, as its author's and as a stranger's, and of another one.
fn compare(server: &Server, program: &str, seconds: u64) {
    let query = percent_encoding::utf8_percent_encode(QUERY, percent_encoding::NON_ALPHANUMERIC);
    let other = start_other(program, &body(server.port, "/data.nt?default"));
    let answers = [
        body(server.port, &format!("/sparql?query={query}")),
        body(other.port, &format!("/query?query={query}")),
    ];
    let rows =
        answers.map(|answer| String::from_utf8_lossy(&answer).matches("\"label\":{").count());
    assert!(rows[0] > 0 && rows[0] == rows[1], "the answers differ: {rows:?} rows");
    println!("{:30}{:>12}{:>12}{:>12}{:>14}", "", "requests/s", "median", "p99", "of the other");
    let theirs = show(
        "the same query, the other",
        other.port,
        &format!("/query?query={query}"),
        seconds,
        None,
    );
    let ours = [
        ("the same query, of a stranger", format!("/sparql?query={query}")),
        ("a saved query of that size", "/ask/members/year=2016.json?cite=0".to_owned()),
    ];
    for (name, target) in ours {
        show(name, server.port, &target, seconds, Some(theirs));
    }
    println!("the other: {:.0} MiB", resident(other.child.id()));
}

/// Measures an address, prints the figures, and returns the requests per second.
fn show(name: &str, port: u16, target: &str, seconds: u64, of: Option<f64>) -> f64 {
    let mut times = measure(port, target, Duration::from_secs(seconds));
    times.sort_unstable();
    let per_second = times.len() as f64 / seconds as f64;
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
    println!(
        "{name:30}{per_second:>12.0}{:>9.2} ms{:>9.2} ms{:>12.2}",
        at(0.5),
        at(0.99),
        per_second / of.unwrap_or(per_second),
    );
    per_second
}

/// Starts Oxigraph's server with some triples.
fn start_other(program: &str, triples: &[u8]) -> Server {
    let data = tempfile::tempdir().expect("a folder");
    let (file, store) = (data.path().join("data.nt"), data.path().join("store"));
    fs::write(&file, triples).expect("the data");
    let load = Command::new(program)
        .args(["load".as_ref(), "--location".as_ref(), store.as_os_str()])
        .args(["--file".as_ref(), file.as_os_str()])
        .stderr(Stdio::null())
        .status();
    assert!(load.expect("the other program").success(), "it does not load the data");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port");
    let child = Command::new(program)
        .args(["serve-read-only".as_ref(), "--location".as_ref(), store.as_os_str()])
        .args(["--bind", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the other server");
    let server = Server { child, port: port.port(), _data: Some(data) };
    for _ in 0..100 {
        if TcpStream::connect(port).is_ok() {
            return server;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the other server does not listen");
}

/// Returns the body of a response.
fn body(port: u16, target: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream.write_all(request(target).as_bytes()).expect("a request");
    read(&mut BufReader::new(stream))
}

/// Returns a request, for JSON where it answers a query.
fn request(target: &str) -> String {
    let accept = if target.contains("query=") { "application/sparql-results+json" } else { "*/*" };
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n")
}

fn start() -> Server {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dossier"))
        .args(["serve", "--port", "0", "--quiet"])
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut line = String::new();
    let out = child.stdout.take().expect("its output");
    BufReader::new(out).read_line(&mut line).expect("its address");
    let port =
        line.trim_end().trim_end_matches('/').rsplit(':').next().and_then(|p| p.parse().ok());
    Server { child, port: port.expect("its port"), _data: None }
}

/// Sends requests over all connections, one after the other on each, and returns how long each took.
fn measure(port: u16, target: &str, time: Duration) -> Vec<Duration> {
    let request = request(target);
    let ask = || {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
        stream.set_nodelay(true).expect("a connection");
        let (mut reader, mut stream) = (BufReader::new(stream.try_clone().expect("it")), stream);
        let (started, mut times) = (Instant::now(), Vec::new());
        while started.elapsed() < time {
            let before = Instant::now();
            stream.write_all(request.as_bytes()).expect("a request");
            read(&mut reader);
            times.push(before.elapsed());
        }
        times
    };
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(ask)).collect();
        asking.into_iter().flat_map(|thread| thread.join().expect("times")).collect()
    })
}

/// Reads a response, and returns its body.
fn read(reader: &mut BufReader<TcpStream>) -> Vec<u8> {
    let (mut length, mut line) = (None, String::new());
    loop {
        line.clear();
        reader.read_line(&mut line).expect("a line");
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = Some(value.trim().parse().expect("a length"));
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = Vec::new();
    match length {
        Some(length) => read_piece(reader, length, &mut body),
        // In pieces, each with its length.
        None => loop {
            line.clear();
            reader.read_line(&mut line).expect("a length");
            let length = usize::from_str_radix(line.trim(), 16).expect("a length");
            read_piece(reader, length, &mut body);
            reader.read_exact(&mut [0; 2]).expect("its end");
            if length == 0 {
                break;
            }
        },
    }
    body
}

fn read_piece(reader: &mut BufReader<TcpStream>, length: usize, body: &mut Vec<u8>) {
    let start = body.len();
    body.resize(start + length, 0);
    reader.read_exact(&mut body[start..]).expect("a body");
}

fn resident(id: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kibibytes.unwrap_or(f64::NAN) / 1024.0
}

fn children(id: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let of_task = |task: fs::DirEntry| {
        let text = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        text.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>()
    };
    tasks.flat_map(of_task).collect()
}
