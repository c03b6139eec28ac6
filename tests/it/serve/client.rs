//! A server that runs while a test does, and a client that sends bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A server, which ends with the value.
pub struct Server {
    child: Child,
    pub port: u16,
    messages: Arc<Mutex<String>>,
}

/// What a process uses: open files, threads, and memory.
#[cfg(target_os = "linux")]
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    pub files: usize,
    pub threads: usize,
    pub mebibytes: usize,
}

/// A response.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the body came to its end.
    pub is_whole: bool,
}

impl Server {
    /// Serves the built-in dossier.
    pub fn start(arguments: &[&str]) -> Self {
        let folder = std::env::temp_dir();
        Self::start_in(&folder, arguments)
    }

    /// Serves what stands in a folder.
    pub fn start_in(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dossier"))
            .current_dir(folder)
            .args(["serve", "--port", "0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let messages = Arc::new(Mutex::new(String::new()));
        let (mut errors, text) = (child.stderr.take().unwrap(), Arc::clone(&messages));
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = errors.read(&mut buffer) {
                text.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim_end().trim_end_matches('/').rsplit(':').next().unwrap().parse();
        let Ok(port) = port else {
            sleep(Duration::from_millis(100));
            panic!("the server did not start: {line}{}", messages.lock().unwrap());
        };
        Self { child, port, messages }
    }

    /// What the server wrote to standard error.
    pub fn messages(&self) -> String {
        self.messages.lock().unwrap().clone()
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until something is true.
    pub fn wait_until(&self, what: &str, is_true: impl Fn(&Self) -> bool) {
        let started = Instant::now();
        while !is_true(self) {
            let waited = started.elapsed();
            assert!(waited < Duration::from_secs(30), "{what}: {}", self.messages());
            sleep(Duration::from_millis(20));
        }
    }

    /// Sends a signal, and waits for the end. Returns the exit code.
    #[cfg(unix)]
    pub fn end(mut self, signal: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }

    /// The processes that the server has started, where the system lists them.
    #[cfg(target_os = "linux")]
    pub fn children(&self) -> Vec<u32> {
        let id = self.child.id();
        let text = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        let mut children: Vec<u32> =
            text.unwrap_or_default().split_whitespace().filter_map(|id| id.parse().ok()).collect();
        for task in std::fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten() {
            let text = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
            children.extend(text.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
        }
        children.sort_unstable();
        children.dedup();
        children
    }

    /// What the process of the server uses.
    #[cfg(target_os = "linux")]
    pub fn usage(&self) -> Usage {
        let folder = format!("/proc/{}", self.child.id());
        let count = |name: &str| std::fs::read_dir(format!("{folder}/{name}")).unwrap().count();
        let status = std::fs::read_to_string(format!("{folder}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let kibibytes: usize = line.trim().trim_end_matches(" kB").parse().unwrap();
        Usage { files: count("fd"), threads: count("task"), mebibytes: kibibytes / 1024 }
    }

    /// Opens a connection.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Sends bytes, and reads the response to them.
    pub fn raw(&self, bytes: &[u8]) -> Reply {
        let mut stream = self.connect();
        // (A server may refuse the beginning, and close before it has read all.)
        let _ = stream.write_all(bytes);
        read(&mut stream, bytes.starts_with(b"HEAD "))
    }

    /// Sends a request with a header `Host`, unless there is one among the headers.
    pub fn send(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        self.raw(&self.request(method, target, headers, body))
    }

    /// A request as bytes.
    pub fn request(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Vec<u8> {
        let mut head = format!("{method} {target} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            write!(head, "Host: localhost:{}\r\n", self.port).unwrap();
        }
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        if !body.is_empty() {
            write!(head, "Content-Length: {}\r\n", body.len()).unwrap();
        }
        [head.as_bytes(), b"Connection: close\r\n\r\n", body].concat()
    }

    pub fn get(&self, target: &str, headers: &[(&str, &str)]) -> Reply {
        self.send("GET", target, headers, b"")
    }

    /// Asks a query by GET.
    pub fn query(&self, query: &str, accept: &str) -> Reply {
        self.get(&format!("/sparql?query={}", encoded(query)), &[("Accept", accept)])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Reply {
    /// The value of a header, or of all that have the name.
    pub fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The headers by name, for comparisons.
    pub fn header_names(&self) -> BTreeMap<String, String> {
        self.headers.iter().cloned().collect()
    }
}

/// Reads a response.
pub fn read(stream: &mut TcpStream, is_head: bool) -> Reply {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 65536];
    let mut reply = None;
    loop {
        let count = stream.read(&mut buffer).unwrap_or(0);
        bytes.extend_from_slice(&buffer[..count]);
        let is_at_end = count == 0;
        if let Some(found) = parsed(&bytes, is_at_end, is_head) {
            reply = Some(found);
            break;
        }
        if is_at_end {
            break;
        }
    }
    let _ = stream.shutdown(Shutdown::Write);
    reply.unwrap_or_else(|| Reply { status: 0, headers: Vec::new(), body: bytes, is_whole: false })
}

/// Parses a response, or returns `None` while more of it may come.
pub fn parsed(bytes: &[u8], is_at_end: bool, is_head: bool) -> Option<Reply> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status: u16 = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    if status == 100 {
        return parsed(&bytes[end + 4..], is_at_end, is_head);
    }
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let find = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, v)| v.clone());
    let rest = &bytes[end + 4..];
    let reply =
        |body: Vec<u8>, is_whole| Some(Reply { status, headers: headers.clone(), body, is_whole });
    if is_head || status == 204 || status == 304 {
        return reply(Vec::new(), true);
    }
    if let Some(length) = find("content-length") {
        let length: usize = length.parse().unwrap();
        return match rest.get(..length) {
            Some(body) => reply(body.to_vec(), true),
            None if is_at_end => reply(rest.to_vec(), false),
            None => None,
        };
    }
    if find("transfer-encoding").is_some() {
        let (mut body, mut rest) = (Vec::new(), rest);
        loop {
            let size = rest.windows(2).position(|two| two == b"\r\n");
            let size = size.and_then(|at| {
                let size =
                    usize::from_str_radix(std::str::from_utf8(&rest[..at]).ok()?, 16).ok()?;
                Some((at + 2, size))
            });
            match size {
                Some((_, 0)) => return reply(body, true),
                Some((start, size)) if rest.len() >= start + size + 2 => {
                    body.extend_from_slice(&rest[start..start + size]);
                    rest = &rest[start + size + 2..];
                }
                _ if is_at_end => return reply(body, false),
                _ => return None,
            }
        }
    }
    if is_at_end { reply(rest.to_vec(), true) } else { None }
}

/// A dossier with saved queries and nothing else.
pub fn dossier(queries: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["data", "ontology", "queries"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    let ontology = "<x:o> a <http://www.w3.org/2002/07/owl#Ontology> .";
    std::fs::write(folder.path().join("ontology/o.ttl"), ontology).unwrap();
    for (name, query) in queries {
        std::fs::write(folder.path().join(format!("queries/{name}.rq")), query).unwrap();
    }
    folder
}

/// Encodes a value of a query string.
pub fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
