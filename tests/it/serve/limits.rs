//! Limits: of time, memory, size and number. Nothing that a client sends stops the server.

use super::client::{Server, encoded, read};
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

/// Queries that the engine cannot stop, or only late.
fn bombs() -> Vec<String> {
    let joined = |count: usize, part: &dyn Fn(usize) -> String| {
        (0..count).map(part).collect::<Vec<_>>().join(" ")
    };
    let doubled = joined(40, &|i| format!("BIND(CONCAT(?v{i}, ?v{i}) AS ?v{})", i + 1));
    let product = joined(9, &|i| format!("?a{i} ?b{i} ?c{i} ."));
    let nested = (0..9)
        .fold("?v".to_owned(), |inner, _| format!("REPLACE({inner}, 'a', 'aaaaaaaaaaaaaaaaaaaa')"));
    vec![
        format!("SELECT (STRLEN(?v40) AS ?n) {{ BIND('abcdefgh' AS ?v0) {doubled} }}"),
        format!("SELECT (STRLEN({nested}) AS ?n) {{ BIND('aaaaaaaa' AS ?v) }}"),
        format!("SELECT (GROUP_CONCAT(?c0) AS ?n) {{ {product} }}"),
        format!("SELECT * {{ {product} }} ORDER BY ?c0 ?c1"),
        "SELECT (COUNT(*) AS ?n) { ?a (<x:a>|!<x:a>)*/(<x:a>|!<x:a>)*/(<x:a>|!<x:a>)* ?b . ?c ?d ?e . ?f ?g ?h }"
            .to_owned(),
    ]
}

#[test]
fn what_cannot_be_stopped_is_killed() {
    let server = Server::start(&["--timeout", "1s", "--limit-memory", "300MB"]);
    server.get("/sparql?query=ASK%7B%7D", &[]);
    for bomb in bombs() {
        let started = Instant::now();
        let reply = server.query(&bomb, "");
        let time = started.elapsed();
        assert_eq!(reply.status, 503, "{bomb}: {reply:?}");
        assert_eq!(reply.json()["id"], "limit-reached", "{bomb}");
        assert!(time < Duration::from_secs(8), "{bomb}: {time:?}");
    }
    #[cfg(target_os = "linux")]
    server.wait_until("one spare worker is left", |server| server.children().len() == 1);
    assert_eq!(server.query("ASK {}", "").status, 200);
}

/// A worker that is killed from outside is the error of its request alone.
#[cfg(target_os = "linux")]
#[test]
fn a_broken_worker_concerns_one_request() {
    let server = Server::start(&["--timeout", "60s"]);
    server.wait_until("a spare worker is there", |server| server.children().len() == 1);
    let worker = server.children()[0].to_string();
    let target = format!("/sparql?query={}", encoded(&bombs()[3]));
    let mut stream = server.connect();
    stream.write_all(&server.request("GET", &target, &[], b"")).unwrap();
    server.wait_until("the query runs", |server| server.children().len() == 2);
    assert!(
        std::process::Command::new("kill").args(["-KILL", &worker]).status().unwrap().success()
    );
    let reply = read(&mut stream, false);
    assert_eq!((reply.status, reply.json()["id"].as_str()), (500, Some("worker-failed")));
    assert_eq!(server.query("ASK {}", "").status, 200);
}

#[test]
fn whoever_comes_too_late_is_told_so() {
    let server = Server::start(&["--timeout", "1s"]);
    let target = format!("/sparql?query={}", encoded(&bombs()[3]));
    let streams: Vec<_> = (0..60)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(&server.request("GET", &target, &[], b"")).unwrap();
            stream
        })
        .collect();
    let is_busy = |mut stream| {
        let reply = read(&mut stream, false);
        assert_eq!(reply.status, 503, "{reply:?}");
        assert!(reply.header("retry-after").is_some());
        reply.json()["id"] == "server-busy"
    };
    let busy = streams.into_iter().map(is_busy).filter(|busy| *busy).count();
    assert!(busy > 0);
}

#[test]
fn pages_answer_while_bombs_run() {
    let server = Server::start(&["--timeout", "3s", "--limit-memory", "300MB"]);
    let bombs = bombs();
    // (At the endpoint and on the page, whose path can be written in several ways.)
    let paths = ["/sparql", "/query", "/%71uery"];
    let mut streams: Vec<_> = (0..10)
        .map(|i| {
            let mut stream = server.connect();
            let target = format!("{}?query={}", paths[i % 3], encoded(&bombs[i % bombs.len()]));
            stream.write_all(&server.request("GET", &target, &[], b"")).unwrap();
            stream
        })
        .collect();
    let started = Instant::now();
    for _ in 0..5 {
        assert_eq!(server.get("/", &[]).status, 200);
        assert_eq!(server.get("/ask/members.csv?cite=0", &[]).status, 200);
    }
    // (Without the bombs, this takes a fraction of a second.)
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    #[cfg(target_os = "linux")]
    assert!(server.usage().mebibytes < 200, "{:?}", server.usage());
    // Of those who wait, some are told to come again.
    for stream in &mut streams {
        let reply = read(stream, false);
        assert_eq!(reply.status, 503, "{reply:?}");
        assert!(reply.header("retry-after").is_some());
    }
    #[cfg(target_os = "linux")]
    server.wait_until("one spare worker is left", |server| server.children().len() == 1);
}

/// A query of a stranger is one, however its address is written.
#[cfg(target_os = "linux")]
#[test]
fn no_spelling_of_an_address_avoids_the_workers() {
    let server = Server::start(&["--timeout", "60s"]);
    let bomb = encoded(&bombs()[3]);
    for target in [
        format!("/query?query={bomb}"),
        format!("/%71uery?query={bomb}"),
        format!("/q%75er%79.html?query={bomb}"),
        format!("/query?cite=0&query={bomb}"),
        format!("/query.csv?query={bomb}"),
    ] {
        server.wait_until("one spare worker is there", |server| server.children().len() == 1);
        let mut stream = server.connect();
        stream.write_all(&server.request("GET", &target, &[("Accept", "*/*")], b"")).unwrap();
        server.wait_until("the query runs", |server| server.children().len() == 2);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_client_that_leaves_ends_the_work() {
    let server = Server::start(&["--timeout", "60s"]);
    server.wait_until("a spare worker is there", |server| server.children().len() == 1);
    let target = format!("/sparql?query={}", encoded(&bombs()[3]));
    let mut stream = server.connect();
    stream.write_all(&server.request("GET", &target, &[], b"")).unwrap();
    server.wait_until("the query runs", |server| server.children().len() == 2);
    drop(stream);
    server.wait_until("the worker is gone", |server| server.children().len() == 1);

    // Half-way.
    let target =
        format!("/sparql.csv?query={}", encoded("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"));
    let mut stream = server.connect();
    stream.write_all(&server.request("GET", &target, &[], b"")).unwrap();
    stream.read_exact(&mut vec![0; 100_000]).unwrap();
    drop(stream);
    server.wait_until("the worker is gone", |server| server.children().len() == 1);
    server.wait_until("it is logged", |server| server.messages().contains("(the client left)"));
}

#[test]
fn an_answer_that_is_not_whole_does_not_look_whole() {
    let server = Server::start(&["--timeout", "1s"]);
    let product = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i";
    for (suffix, query) in [
        ("csv", format!("SELECT * {{ {product} }}")),
        ("tsv", format!("SELECT * {{ {product} }}")),
        ("jsonl", format!("SELECT * {{ {product} }}")),
    ] {
        let reply = server.get(&format!("/sparql.{suffix}?query={}", encoded(&query)), &[]);
        assert_eq!(reply.status, 200, "{suffix}");
        assert!(!reply.is_whole, "{suffix}: {} bytes", reply.body.len());
    }
    server.wait_until("it is logged", |server| server.messages().contains("(cut off: "));
}

/// Whatever the format, an answer whose worker is killed after its first bytes does not look whole.
#[cfg(target_os = "linux")]
#[test]
fn an_answer_whose_worker_is_killed_does_not_look_whole() {
    let server = Server::start(&["--timeout", "none", "--limit-memory", "8GB"]);
    // More than the sockets and pipes hold.
    let long =
        "BIND(CONCAT(STR(?s), STR(?o)) AS ?a) BIND(REPLACE(?a, '.', 'xxxxxxxxxxxxxxxx') AS ?b)";
    let rows = format!("SELECT ?s ?o ?b {{ ?s ?p ?o . ?x a ?c {long} }} LIMIT 9999");
    let graph = format!(
        "CONSTRUCT {{ ?s <x:b> ?d }} {{ ?s ?p ?o . ?x a ?c {long} BIND(CONCAT(?b, STR(?x)) AS ?d) }} \
         LIMIT 9999"
    );
    for (suffix, query) in
        [("json", &rows), ("xml", &rows), ("csv", &rows), ("nt", &graph), ("jsonld", &graph)]
    {
        server.wait_until("one spare worker is there", |server| server.children().len() == 1);
        let worker = server.children()[0].to_string();
        let mut stream = server.connect();
        let target = format!("/sparql.{suffix}?query={}", encoded(query));
        stream.write_all(&server.request("GET", &target, &[], b"")).unwrap();
        let mut beginning = vec![0; 10_000];
        stream.read_exact(&mut beginning).unwrap();
        let kill = std::process::Command::new("kill").args(["-KILL", &worker]).status();
        assert!(kill.unwrap().success(), "{suffix}: the worker has ended");
        let _ = stream.read_to_end(&mut beginning);
        let reply = super::client::parsed(&beginning, true, false).unwrap();
        assert_eq!(reply.status, 200, "{suffix}");
        assert!(!reply.is_whole, "{suffix}: {} bytes", reply.body.len());
    }
    assert_eq!(server.query("ASK {}", "").status, 200);
}

/// Where the first bytes have not been sent yet, the deadline has a status.
#[test]
fn a_deadline_before_the_first_byte_is_a_status() {
    let server = Server::start(&["--timeout", "1s"]);
    let product = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c = ?nothing)";
    for (suffix, query) in [
        ("json", format!("SELECT * {{ {product} }}")),
        ("xml", format!("SELECT * {{ {product} }}")),
        ("csv", format!("SELECT * {{ {product} }}")),
        ("nt", format!("CONSTRUCT {{ ?a ?b ?f }} WHERE {{ {product} }}")),
    ] {
        let reply = server.get(&format!("/sparql.{suffix}?query={}", encoded(&query)), &[]);
        assert_eq!((reply.status, reply.is_whole), (503, true), "{suffix}");
        assert_eq!(reply.json()["id"], "limit-reached", "{suffix}");
    }
}

#[test]
fn too_many_rows_are_refused_before_the_first() {
    let server = Server::start(&[]);
    let query = "SELECT ?b ?e { ?a ?b ?c . ?d ?e ?f } LIMIT 10001";
    let reply = server.query(query, "");
    let problem = reply.json();
    assert_eq!((reply.status, problem["id"].as_str()), (400, Some("rows-exceeded")));
    assert_eq!(problem["help"], "add LIMIT to the query, or ask for CSV");
    assert_eq!(server.query(&query.replace("10001", "10000"), "").status, 200);
    let csv = server.query(query, "text/csv");
    assert_eq!((csv.status, csv.text().lines().count(), csv.is_whole), (200, 10_002, true));
    let server = Server::start(&["--limit-rows", "3"]);
    assert_eq!(server.query("SELECT * { ?a ?b ?c } LIMIT 4", "text/csv").status, 400);
    assert_eq!(server.query("SELECT * { ?a ?b ?c } LIMIT 3", "text/csv").status, 200);
    assert_eq!(server.query("CONSTRUCT WHERE { ?a ?b ?c }", "").status, 503);
}

#[test]
fn strange_queries_are_errors() {
    let server = Server::start(&[]);
    let post = |text: String| {
        server.send(
            "POST",
            "/sparql",
            &[("Content-Type", "application/sparql-query")],
            text.as_bytes(),
        )
    };
    for (what, text) in [
        ("brackets", "{".repeat(100_000)),
        ("exclamation marks", format!("ASK {{ FILTER({}true) }}", "!".repeat(900_000))),
        ("operators", format!("ASK {{ FILTER(1{}) }}", "+1".repeat(50_001))),
        ("a long IRI", format!("ASK {{ <x:{}> ?p ?o ", "a".repeat(900_000))),
    ] {
        let reply = post(text);
        assert!(
            (400..500).contains(&reply.status),
            "{what}: {} {}",
            reply.status,
            String::from_utf8_lossy(&reply.body)
        );
    }
    assert_eq!(post("ASK {}".to_owned()).status, 200);
}

#[test]
fn bodies_have_limits() {
    let server = Server::start(&[]);
    let query = ("Content-Type", "application/sparql-query");
    let long = vec![b' '; 1_000_001];
    let reply = server.send("POST", "/sparql", &[query], &long);
    assert!(matches!(reply.status, 413 | 0), "{reply:?}");
    let head =
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n";
    let declared = server.raw(format!("{head}Content-Length: 1000001\r\n\r\n").as_bytes());
    assert_eq!((declared.status, declared.json()["id"].as_str()), (413, Some("request-too-long")));
    let chunk = format!("80000\r\n{}\r\n", " ".repeat(0x80000));
    let chunks =
        server.raw(format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunk}{chunk}").as_bytes());
    assert_eq!(chunks.status, 413, "{chunks:?}");
    let packed =
        server.send("POST", "/sparql", &[query, ("Content-Encoding", "gzip")], b"\x1f\x8b");
    assert_eq!((packed.status, packed.json()["id"].as_str()), (415, Some("request-media-type")));
    // Fewer bytes than declared.
    let mut stream = server.connect();
    stream.write_all(format!("{head}Content-Length: 60\r\n\r\nASK {{}}").as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let short = read(&mut stream, false);
    assert!(short.status == 0 || short.json()["id"] == "request-body", "{short:?}");
    let headers = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(20_000));
    let too_long = server.raw(headers.as_bytes());
    assert!(matches!(too_long.status, 431 | 400 | 0), "{too_long:?}");
    assert_eq!(server.get("/", &[]).status, 200);
}

#[test]
fn slow_clients_and_many_connections_are_bounded() {
    let server = Server::start(&[]);
    let started = Instant::now();
    let mut slow = server.connect();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: local").unwrap();
    let idle: Vec<_> = (0..300).map(|_| server.connect()).collect();
    // All places are taken: whoever comes now waits until the silent ones are sent away.
    assert_eq!(server.get("/", &[]).status, 200);
    let mut end = Vec::new();
    let _ = slow.read_to_end(&mut end);
    let time = started.elapsed();
    assert!(Duration::from_secs(5) < time && time < Duration::from_secs(50), "{time:?}");
    drop(idle);
}

/// A body that comes byte by byte has as much time as any other.
#[test]
fn slow_bodies_have_an_end() {
    let server = Server::start(&[]);
    let head =
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n";
    let mut stream = server.connect();
    stream.write_all(format!("{head}Content-Length: 60\r\n\r\nASK").as_bytes()).unwrap();
    let started = Instant::now();
    let mut slow = stream.try_clone().unwrap();
    let writing = std::thread::spawn(move || {
        for _ in 0..20 {
            std::thread::sleep(Duration::from_secs(2));
            if slow.write_all(b" ").is_err() {
                break;
            }
        }
    });
    let reply = read(&mut stream, false);
    let time = started.elapsed();
    assert_eq!((reply.status, reply.json()["id"].as_str()), (408, Some("request-body")));
    assert!(Duration::from_secs(25) < time && time < Duration::from_secs(38), "{time:?}");
    drop(stream);
    writing.join().unwrap();
}

/// A client that asks and does not read.
#[cfg(target_os = "linux")]
#[test]
fn a_client_that_does_not_read_is_cut_off() {
    let server = Server::start(&["--timeout", "none"]);
    server.wait_until("a spare worker is there", |server| server.children().len() == 1);
    let query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }";
    let mut stream = server.connect();
    let target = format!("/sparql.csv?query={}", encoded(query));
    stream.write_all(&server.request("GET", &target, &[], b"")).unwrap();
    server.wait_until("the query runs", |server| server.children().len() == 2);
    let started = Instant::now();
    while server.children().len() > 1 {
        assert!(started.elapsed() < Duration::from_secs(50), "the worker still runs");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(started.elapsed() > Duration::from_secs(20), "{:?}", started.elapsed());
    drop(stream);
}

#[cfg(target_os = "linux")]
#[test]
fn many_requests_leave_nothing_behind() {
    let server = Server::start(&["--quiet"]);
    let id = server.id();
    let open = || std::fs::read_dir(format!("/proc/{id}/fd")).unwrap().count();
    let threads = || std::fs::read_dir(format!("/proc/{id}/task")).unwrap().count();
    let ask = |count: usize| {
        for _ in 0..count {
            assert_eq!(server.get("/ask/counts.csv?cite=0", &[]).status, 200);
        }
    };
    ask(20);
    let before = (open(), threads());
    ask(300 * usize::try_from(crate::support::factor()).unwrap());
    for _ in 0..10 {
        assert_eq!(server.query("ASK {}", "").status, 200);
    }
    server.wait_until("one spare worker is left", |server| server.children().len() == 1);
    let after = (open(), threads());
    assert!(after.0 <= before.0 + 4 && after.1 <= before.1 + 4, "{before:?} {after:?}");
}

#[cfg(unix)]
#[test]
fn it_ends_under_load() {
    let server = Server::start(&["--timeout", "60s"]);
    // Queries that never end, long answers that are read slowly or not at all, and pages.
    let bomb = format!("/sparql?query={}", encoded(&bombs()[4]));
    let long =
        format!("/sparql.csv?query={}", encoded("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"));
    let all = [&*bomb, &*long, &*bomb, &*long, "/ask/timeline.json", "/", "/data.nq"];
    let mut streams: Vec<_> = all
        .iter()
        .cycle()
        .take(21)
        .map(|target| {
            let mut stream = server.connect();
            stream.write_all(&server.request("GET", target, &[], b"")).unwrap();
            (*target, stream)
        })
        .collect();
    std::thread::sleep(Duration::from_millis(800));
    #[cfg(target_os = "linux")]
    let children = server.children();
    let started = Instant::now();
    assert_eq!(server.end("-TERM"), Some(0));
    assert!(started.elapsed() < Duration::from_secs(6));
    for (target, stream) in &mut streams {
        let reply = read(stream, false);
        let is_endless = reply.status == 200 && (*target == bomb || *target == long);
        assert!(!(is_endless && reply.is_whole), "{target}: {reply:?}");
        if reply.is_whole && *target == "/ask/timeline.json" && reply.status == 200 {
            assert!(reply.json()["results"].is_object());
        }
    }
    #[cfg(target_os = "linux")]
    {
        let is_running = |id: &u32| {
            let state = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            !state.is_empty() && !state.contains(") Z ")
        };
        let started = Instant::now();
        while children.iter().any(is_running) {
            assert!(started.elapsed() < Duration::from_secs(5), "a worker is left");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
