//! A server on this machine that answers queries and accepts data, at the addresses that Fuseki has.

use super::endpoint::results;
use super::for_engine;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::sparql::SparqlEvaluator;
use oxigraph::store::Store;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request.
#[derive(Debug, Clone)]
pub struct Received {
    pub path: String,
    pub head: String,
    pub body: Vec<u8>,
}

impl Received {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What happens to a request instead of what is usual.
pub enum Instead {
    /// Nothing: the server does what it is asked.
    Nothing,
    /// The server writes these bytes, and does nothing.
    Write(Vec<u8>),
    /// The server does what it is asked, and closes the connection without a word.
    DoAndCut,
    /// The server does what it is asked, and then runs an update of its own.
    DoAndThen(String),
    /// The server keeps the connection open, and does nothing.
    Hang,
}

type Interfere = dyn Fn(&Received) -> Instead + Send + Sync;

/// A server that is there as long as the test.
pub struct GraphStore {
    /// The address of its data set.
    pub url: String,
    pub store: Store,
    received: Arc<Mutex<Vec<Received>>>,
}

/// How a server differs from the usual one.
pub struct Kind {
    /// Whether the default graph is the union of the named graphs.
    pub is_union: bool,
    /// Whether it accepts quads at `/data`.
    pub has_data: bool,
}

pub const USUAL: Kind = Kind { is_union: false, has_data: true };

impl GraphStore {
    /// A server over an empty store.
    pub fn start(kind: Kind) -> Self {
        Self::interfering(kind, |_| Instead::Nothing)
    }

    /// A server that does something else with some requests.
    pub fn interfering(
        kind: Kind,
        interfere: impl Fn(&Received) -> Instead + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/ds", listener.local_addr().unwrap());
        let store = Store::new().unwrap();
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let (kind, interfere): (_, Arc<Interfere>) = (Arc::new(kind), Arc::new(interfere));
        let (behind, kept) = (store.clone(), Arc::clone(&received));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, store, kept) =
                    (stream.unwrap(), behind.clone(), Arc::clone(&kept));
                let (kind, interfere) = (Arc::clone(&kind), Arc::clone(&interfere));
                thread::Builder::new()
                    .stack_size(64 << 20)
                    .spawn(move || {
                        let Some(request) = read(&mut stream) else { return };
                        kept.lock().unwrap().push(request.clone());
                        let response = match interfere(&request) {
                            Instead::Nothing => respond(&kind, &store, &request),
                            Instead::Write(bytes) => bytes,
                            Instead::DoAndCut => {
                                respond(&kind, &store, &request);
                                Vec::new()
                            }
                            Instead::DoAndThen(update) => {
                                let response = respond(&kind, &store, &request);
                                let update = SparqlEvaluator::new().parse_update(&update).unwrap();
                                update.on_store(&store).execute().unwrap();
                                response
                            }
                            Instead::Hang => loop {
                                thread::park();
                            },
                        };
                        let _ = stream.write_all(&response);
                    })
                    .unwrap();
            }
        });
        Self { url, store, received }
    }

    /// The address that answers queries.
    pub fn endpoint(&self) -> String {
        format!("{}/query", self.url)
    }

    /// The requests that added or removed data since the last time that this was called.
    pub fn writes(&self) -> Vec<Received> {
        let received = std::mem::take(&mut *self.received.lock().unwrap());
        received.into_iter().filter(|request| !request.path.ends_with("/query")).collect()
    }
}

/// A response without data.
pub fn response(status: &str, media_type: &str, body: &str) -> Vec<u8> {
    super::endpoint::response(status, media_type, body)
}

fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 1 << 14];
    loop {
        let read = stream.read(&mut buffer).unwrap_or_default();
        if read == 0 {
            return None;
        }
        bytes.extend_from_slice(&buffer[..read]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut received = Received { path, head, body: Vec::new() };
        let length = received.header("content-length").and_then(|length| length.parse().ok());
        if bytes.len() - end - 4 >= length.unwrap_or(0_usize) {
            received.body = bytes.split_off(end + 4);
            return Some(received);
        }
    }
}

fn respond(kind: &Kind, store: &Store, request: &Received) -> Vec<u8> {
    let text = String::from_utf8(request.body.clone()).unwrap();
    let media_type = request.header("content-type").unwrap_or_default();
    match (request.path.as_str(), media_type) {
        ("/ds/query", "application/x-www-form-urlencoded") => {
            let query = text.strip_prefix("query=").unwrap_or_default().replace('+', " ");
            let query = percent_encoding::percent_decode_str(&query).decode_utf8_lossy();
            match spargebra::SparqlParser::new().parse_query(&query) {
                Ok(query) => {
                    let mut query = SparqlEvaluator::new().for_query(for_engine(&query));
                    if kind.is_union {
                        query.dataset_mut().set_default_graph_as_union();
                    }
                    results(query.on_store(store).execute().unwrap())
                }
                Err(error) => response("400 Bad Request", "text/plain", &error.to_string()),
            }
        }
        ("/ds/data", "application/n-quads") if kind.has_data => {
            // (A label stands for another node in each request.)
            let parser = RdfParser::from_format(RdfFormat::NQuads).rename_blank_nodes();
            match parser.for_slice(&text).collect::<Result<Vec<_>, _>>() {
                Ok(quads) => {
                    store.extend(quads).unwrap();
                    response("200 OK", "application/json", "{}")
                }
                Err(error) => response("400 Bad Request", "text/plain", &error.to_string()),
            }
        }
        ("/ds/update", "application/sparql-update") => {
            match SparqlEvaluator::new().parse_update(&text) {
                Ok(update) => {
                    update.on_store(store).execute().unwrap();
                    response("204 No Content", "text/plain", "")
                }
                Err(error) => response("400 Bad Request", "text/plain", &error.to_string()),
            }
        }
        ("/ds/query", _) => response("415 Unsupported", "text/plain", ""),
        _ => response("405 Not Allowed", "text/plain", "not here"),
    }
}
