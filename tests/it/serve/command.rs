//! `dossier serve` as a command: what it says, what it refuses, how it ends.

use super::client::Server;
use crate::support::program::run;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Workers, which answer queries of strangers, load the same dossiers under the same names.
#[test]
fn several_dossiers_are_served_together() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/several.in");
    let server = Server::start_in(&folder, &["harbour", "--dossier", "museum", "-q"]);
    let answer = server.get("/ask/harbour%2Flights.csv", &[]);
    // The folders behind the command come after those of the option.
    assert!(answer.text().contains("north-light,1871,museum:claim:lit\r\n"), "{}", answer.text());
    let query = "/sparql?query=SELECT+%3Fyear+%7B+GRAPH+museum%3Aclaim%3Asouth+%7B+%3Fs+coast%3Alit\
        +%3Fyear+%7D+%7D";
    let answer = server.get(query, &[("Accept", "text/csv")]);
    assert_eq!(answer.text(), "year\r\n1880\r\n");
}

#[test]
fn it_says_what_it_serves_and_logs_requests() {
    let server = Server::start(&[]);
    server.get("/ask/members.json?cite=0", &[]);
    server.get("/a%0d%0ab%1b?x=secret", &[]);
    server.wait_until("two lines are logged", |server| {
        server.messages().matches("GET ").count() == 2
    });
    let messages = server.messages();
    let queries = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/queries")).unwrap();
    let count =
        queries.flatten().filter(|f| f.path().extension().is_some_and(|e| e == "rq")).count();
    assert!(
        messages.contains(&format!(
            "note: serving the built-in dossier: {count} saved queries, 1 document, "
        )),
        "{messages}"
    );
    assert!(messages.contains("note: listening until Ctrl-C\n"), "{messages}");
    assert!(messages.contains("\nGET /ask/members.json 200 "), "{messages}");
    assert!(messages.contains("\nGET /a%0d%0ab%1b 404 "), "{messages}");
    assert!(!messages.contains("secret") && !messages.contains("left"), "{messages}");

    let server = Server::start(&["--log-queries"]);
    server.get("/ask/members?cite=0", &[]);
    server.wait_until("the query is logged", |server| {
        server.messages().contains("GET /ask/members?cite=0 200 ")
    });
    let server = Server::start(&["--quiet"]);
    server.get("/", &[]);
    assert_eq!(server.messages(), "");
}

#[test]
fn what_cannot_be_served_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&[]);
    let port = server.port.to_string();
    for (arguments, code, message, help) in [
        (&["--port", &port][..], 2, format!("error: port {port} is in use\n"), "--port 0"),
        (&["--bind", "203.0.113.1"], 2, "error: cannot listen on `203.0.113.1`: ".to_owned(), "--bind"),
        (&["--data", "-"], 2, "error: a server cannot read its data from standard input\n".to_owned(), "--data"),
        (&["--watch"], 2, "error: the built-in dossier never changes\n".to_owned(), "--dossier"),
        (&["--cors", "example.com"], 2, "error: invalid value 'example.com' for '--cors <ORIGIN>': expected a scheme and a host".to_owned(), ""),
        (&["--url", "https://example.com/a"], 2, "error: invalid value 'https://example.com/a' for '--url <URL>': expected a scheme and a host without a path".to_owned(), ""),
        (&["--host", "a b"], 2, "error: invalid value 'a b' for '--host <NAME>': expected the name of a host".to_owned(), ""),
        (&["--dossier", "nothing"], 2, "error: the folder `nothing` does not exist\n".to_owned(), ""),
    ] {
        let (status, out, err) = run(folder.path(), &[&["serve"], arguments].concat());
        assert_eq!((status, out.as_str()), (code, ""), "{arguments:?}: {err}");
        assert!(err.starts_with(&message) && err.contains(help), "{arguments:?}: {err}");
    }
}

#[test]
fn other_machines_need_an_option_and_a_warning() {
    let server = Server::start(&["--bind", "0.0.0.0", "--quiet"]);
    server.wait_until("a note is written", |server| server.messages().ends_with('\n'));
    assert_eq!(
        server.messages(),
        "note: other machines can connect: whoever reaches this port can read all of the data\n"
    );
    assert_eq!(server.get("/", &[("Host", "192.0.2.1")]).status, 200);
    let server = Server::start(&[]);
    assert!(!server.messages().contains("other machines"), "{}", server.messages());
    assert_eq!(server.get("/", &[("Host", "192.0.2.1")]).status, 403);
    // Only on the loopback addresses, where the system lists the sockets.
    #[cfg(target_os = "linux")]
    {
        let port = format!(":{:04X}", server.port);
        let sockets = fs::read_to_string("/proc/net/tcp").unwrap();
        let listening = sockets.lines().filter_map(|line| line.split_whitespace().nth(1));
        let own: Vec<&str> = listening.filter(|local| local.ends_with(&port)).collect();
        assert!(own.iter().all(|local| local.starts_with("0100007F:")), "{own:?}");
    }
}

/// The ids stand with the messages.
#[test]
fn the_messages_have_ids() {
    let folder = tempfile::tempdir().unwrap();
    for id in ["port-in-use", "listen-failed", "serve-in-shell"] {
        let (code, out, _) = run(folder.path(), &["help", id]);
        assert!(code == 0 && out.starts_with(&format!("error[{id}]")), "{out}");
    }
}

#[test]
fn the_shell_does_not_serve() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("lines"), "serve\n").unwrap();
    let mut command = crate::support::program::dossier(folder.path(), &["shell"]);
    let lines = fs::File::open(folder.path().join("lines")).unwrap();
    let output = command.stdin(lines).output().unwrap();
    let messages = String::from_utf8(output.stderr).unwrap();
    assert!(messages.contains("error: the shell cannot serve pages"), "{messages}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_well() {
    for signal in ["-INT", "-TERM"] {
        let server = Server::start(&[]);
        assert_eq!(server.get("/sparql?query=ASK%7B%7D", &[]).status, 200);
        let started = Instant::now();
        assert_eq!(server.end(signal), Some(0));
        assert!(started.elapsed() < Duration::from_secs(6));
    }
}

#[test]
fn a_changed_dossier_is_loaded_again() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["new", "tea"]).0, 0);
    let tea = folder.path().join("tea");
    let server = Server::start_in(&tea, &["--watch"]);
    let ask = "/sparql?query=ASK%7B%3Cx%3Aa%3E%20%3Cx%3Ab%3E%20%3Cx%3Ac%3E%7D";
    assert_eq!(server.get(ask, &[]).json()["boolean"], false);
    let tag = server.get("/", &[]).header("etag");
    fs::write(tea.join("data/new.ttl"), "<x:a> <x:b> <x:c> .\n").unwrap();
    server.wait_until("the new data is there", |server| {
        server.get(ask, &[]).json()["boolean"] == true && server.get("/", &[]).header("etag") != tag
    });
    // What is broken is reported, and the old state is served.
    fs::write(tea.join("data/new.ttl"), "<x:a> <x:b>").unwrap();
    server.wait_until("the error is reported", |server| server.messages().contains("error: "));
    assert_eq!(server.get("/", &[]).status, 200);
}
