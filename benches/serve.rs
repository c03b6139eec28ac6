//! How many requests the server answers, over 8 connections: `cargo bench --bench serve -- [SECONDS]`.
//!
//! Each address stands beside one at which there is nothing: what HTTP, routing and a thread cost without an answer.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a benchmark prints its figures, or why it has none"
)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
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

/// A server that ends with the value.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let seconds = arguments.next().and_then(|seconds| seconds.parse().ok()).unwrap_or(3);
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
    let mut of_nothing = f64::NAN;
    for (name, target) in ADDRESSES {
        let mut times = measure(server.port, target, Duration::from_secs(seconds));
        times.sort_unstable();
        let per_second = times.len() as f64 / seconds as f64;
        if of_nothing.is_nan() {
            of_nothing = per_second;
        }
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
        println!(
            "{name:30}{per_second:>12.0}{:>9.2} ms{:>9.2} ms{:>12.2}",
            at(0.5),
            at(0.99),
            per_second / of_nothing,
        );
    }
    println!("afterwards: {:.0} MiB", resident(id));
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
    Server { child, port: port.expect("its port") }
}

/// Sends requests over all connections, one after the other on each, and returns how long each took.
fn measure(port: u16, target: &str, time: Duration) -> Vec<Duration> {
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let ask = || {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
        stream.set_nodelay(true).expect("a connection");
        let (mut reader, mut stream) = (BufReader::new(stream.try_clone().expect("it")), stream);
        let (started, mut times) = (Instant::now(), Vec::new());
        while started.elapsed() < time {
            let before = Instant::now();
            stream.write_all(request.as_bytes()).expect("a request");
            skip(&mut reader);
            times.push(before.elapsed());
        }
        times
    };
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(ask)).collect();
        asking.into_iter().flat_map(|thread| thread.join().expect("times")).collect()
    })
}

/// Reads a response with its length.
fn skip(reader: &mut BufReader<TcpStream>) {
    let (mut length, mut line) = (0, String::new());
    loop {
        line.clear();
        reader.read_line(&mut line).expect("a line");
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim_end().parse().expect("a length");
        }
        if line == "\r\n" {
            break;
        }
    }
    reader.read_exact(&mut vec![0; length]).expect("a body");
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
