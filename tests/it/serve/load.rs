//! Load: many clients at once, of whom some leave in the middle of an answer. Afterwards the server is as before.

use super::client::{Reply, Server, encoded, parsed};
use crate::support::factor;
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::sync::Mutex;
use std::thread::sleep;
use std::time::{Duration, Instant};

const CLIENTS: u64 = 12;

/// How long the load lasts, for each time of the factor.
const TIME: Duration = Duration::from_secs(3);

/// Random numbers from a fixed seed (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// What is asked: saved queries, pages and pictures, short and long queries, what cannot be stopped, and mistakes.
fn targets() -> Vec<String> {
    let asked = |suffix: &str, query: &str| format!("/sparql{suffix}?query={}", encoded(query));
    let product = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }";
    let doubled: Vec<String> =
        (0..40).map(|i| format!("BIND(CONCAT(?v{i}, ?v{i}) AS ?v{}) ", i + 1)).collect();
    let doubled = doubled.concat();
    [
        "/",
        "/ask/members/year=2016.json",
        "/ask/members.csv?cite=0",
        "/ask/timeline.jsonl",
        "/ask/status",
        "/ask/membres",
        "/thing/sco:SCO.ttl",
        "/claim/claim:mandate",
        "/search?q=iran",
        "/void",
        "/data",
        "/complete?before=SELECT+*+%7B+Kazakh&after=",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([
        asked("", "ASK {}"),
        asked("", "SELECT * { ?s a dos:Claim }"),
        asked("", "SELECT * { ?s a "),
        asked(".csv", product),
        asked(".nt", "CONSTRUCT WHERE { ?s ?p ?o }"),
        asked("", &format!("SELECT (STRLEN(?v40) AS ?n) {{ BIND('abcdefgh' AS ?v0) {doubled} }}")),
        format!("/query?query={}", encoded("SELECT * { ?s a dos:State }")),
    ])
    .collect()
}

/// What the clients saw.
#[derive(Debug, Default)]
struct Seen {
    whole: usize,
    cut: usize,
    busy: usize,
    left: usize,
}

/// Sends one request, and reads the answer or leaves.
fn ask(server: &Server, target: &str, chance: &mut Chance, seen: &Mutex<Seen>) {
    let request = server.request("GET", target, &[], b"");
    let mut stream = server.connect();
    match chance.below(6) {
        // In the middle of the head.
        0 => {
            let part = usize::try_from(chance.below(request.len() as u64)).unwrap();
            let _ = stream.write_all(&request[..part]);
        }
        // At once, or a little later.
        1 => {
            let _ = stream.write_all(&request);
            sleep(Duration::from_millis(chance.below(300)));
        }
        // In the middle of the answer.
        2 => {
            let _ = stream.write_all(&request);
            let _ = stream.read(&mut vec![0; usize::try_from(1 + chance.below(5_000)).unwrap()]);
        }
        // When all is sent, and nothing more is read.
        3 => {
            let _ = stream.write_all(&request);
            let _ = stream.shutdown(Shutdown::Both);
        }
        _ => {
            stream.write_all(&request).unwrap();
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes);
            let reply = parsed(&bytes, true, false);
            let reply = reply.unwrap_or_else(|| panic!("{target}: {:?}", bytes.len()));
            check(target, &reply);
            let mut seen = seen.lock().unwrap();
            match (reply.status, reply.is_whole) {
                (503, _) => seen.busy += 1,
                (_, true) => seen.whole += 1,
                (_, false) => seen.cut += 1,
            }
            return;
        }
    }
    seen.lock().unwrap().left += 1;
}

/// An answer has a status that was to be expected; one that looks whole is whole.
fn check(target: &str, reply: &Reply) {
    assert!(matches!(reply.status, 200 | 400 | 404 | 503), "{target}: {}", reply.status);
    let is_json = reply.header("content-type").is_some_and(|kind| kind.contains("json"));
    if reply.is_whole && is_json && !target.contains(".jsonl") {
        reply.json();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn clients_that_come_and_go_leave_nothing_behind() {
    let server = Server::start(&["--timeout", "1s", "--limit-memory", "300MB", "--quiet"]);
    let targets = targets();
    let seen = Mutex::new(Seen::default());
    for target in &targets {
        server.get(target, &[]);
    }
    let is_calm = |server: &Server| server.children().len() == 1;
    server.wait_until("one spare worker is left", is_calm);
    let before = server.usage();
    let time = TIME * factor();
    let started = Instant::now();
    std::thread::scope(|scope| {
        for client in 1..=CLIENTS {
            let (server, targets, seen) = (&server, &targets, &seen);
            scope.spawn(move || {
                let mut chance = Chance(client.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                while started.elapsed() < time {
                    let target = chance.below(targets.len() as u64);
                    ask(server, &targets[usize::try_from(target).unwrap()], &mut chance, seen);
                }
            });
        }
    });
    let seen = seen.into_inner().unwrap();
    assert!(seen.whole > 0 && seen.left > 0, "{seen:?}");
    server.wait_until("one spare worker is left", is_calm);
    // (Threads end when they had nothing to do for some seconds.)
    server.wait_until("threads and files are as before", |server| {
        let after = server.usage();
        after.files <= before.files + 2 && after.threads <= before.threads + 2
    });
    let after = server.usage();
    // (Each thread keeps some memory; more than that would be a leak.)
    assert!(after.mebibytes < before.mebibytes + 100, "{before:?} {after:?} {seen:?}");
    assert_eq!(server.get("/", &[("Accept", "text/html")]).status, 200);
    assert_eq!(server.query("ASK {}", "").json()["boolean"], true);
    if std::env::var_os("DOSSIER_TEST_REPORT").is_some() {
        let report = format!("{time:?}: {seen:?}; {before:?}, afterwards {after:?}\n");
        std::io::stderr().write_all(report.as_bytes()).unwrap();
    }
}
