//! A client without a model: it sends scripted messages over pipes, and reads lines.

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use tempfile::TempDir;

/// The current revision of the protocol, in which each request stands for itself.
pub const NEW: &str = "2026-07-28";

/// The one before, which begins with a handshake.
pub const OLD: &str = "2025-11-25";

/// A client of the program, which ends with the value.
pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    last: u64,
    is_new: bool,
}

/// What each request of the current revision carries.
pub fn meta() -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": NEW,
        "io.modelcontextprotocol/clientInfo": { "name": "script", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    })
}

impl Client {
    /// Starts the program on the built-in dossier, with a handshake.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_in(&std::env::temp_dir(), arguments)
    }

    /// Starts the program in a folder, with a handshake.
    pub fn start_in(folder: &Path, arguments: &[&str]) -> Self {
        let mut client = Self::open(folder, arguments);
        let hello = json!({
            "protocolVersion": OLD,
            "capabilities": {},
            "clientInfo": { "name": "script", "version": "1" },
        });
        let reply = client.request("initialize", hello);
        assert_eq!(reply["result"]["protocolVersion"], OLD, "{reply}");
        client.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        client
    }

    /// Starts the program on the built-in dossier, for requests of the current revision.
    pub fn start_new(arguments: &[&str]) -> Self {
        Self::start_new_in(&std::env::temp_dir(), arguments)
    }

    /// Starts the program in a folder, for requests of the current revision.
    pub fn start_new_in(folder: &Path, arguments: &[&str]) -> Self {
        let mut client = Self::open(folder, arguments);
        client.is_new = true;
        let reply = client.request("server/discover", json!({}));
        assert!(
            reply["result"]["supportedVersions"].as_array().unwrap().contains(&NEW.into()),
            "{reply}"
        );
        client
    }

    /// Starts the program, and says nothing.
    pub fn open(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dossier"))
            .current_dir(folder)
            .arg("mcp")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output, last: 0, is_new: false }
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Value) {
        self.send_line(&message.to_string());
    }

    /// Sends a line.
    pub fn send_line(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        writeln!(input, "{line}").unwrap();
        input.flush().unwrap();
    }

    /// Sends a request, and returns its number.
    pub fn begin(&mut self, method: &str, mut parameters: Value) -> u64 {
        self.last += 1;
        if self.is_new {
            parameters["_meta"] = meta();
        }
        let id = self.last;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }));
        id
    }

    /// Reads a message. Each line of the output is one.
    pub fn read(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let message: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        assert_eq!(message["jsonrpc"], "2.0", "{message}");
        message
    }

    /// Sends a request, and returns the response. Notices that a list has changed may come before it.
    pub fn request(&mut self, method: &str, parameters: Value) -> Value {
        let id = self.begin(method, parameters);
        loop {
            let reply = self.read();
            let is_notice =
                reply["method"].as_str().is_some_and(|method| method.ends_with("/list_changed"));
            if !is_notice {
                assert_eq!(reply["id"], id, "{reply}");
                return reply;
            }
        }
    }

    /// Calls a tool, and returns its result.
    pub fn call(&mut self, name: &str, arguments: Value) -> Value {
        let reply = self.request("tools/call", json!({ "name": name, "arguments": arguments }));
        assert!(reply.get("error").is_none(), "{reply}");
        reply["result"].clone()
    }

    /// Calls a tool that works, and returns its text.
    pub fn text(&mut self, name: &str, arguments: Value) -> String {
        let result = self.call(name, arguments);
        assert_ne!(result["isError"], true, "{result}");
        text_of(&result)
    }

    /// Calls a tool that fails, and returns its text.
    pub fn failure(&mut self, name: &str, arguments: Value) -> String {
        let result = self.call(name, arguments);
        assert_eq!(result["isError"], true, "{result}");
        text_of(&result)
    }

    /// The names of the tools.
    pub fn tools(&mut self) -> Vec<String> {
        let list = self.request("tools/list", json!({}));
        let tools = list["result"]["tools"].as_array().unwrap().iter();
        tools.map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Closes the input, and returns what follows on the output and the exit code.
    pub fn end(mut self) -> (Vec<String>, Option<i32>) {
        self.input.take();
        let rest = (&mut self.output).lines().map(|line| line.unwrap()).collect();
        (rest, self.child.wait().unwrap().code())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text of a result.
pub fn text_of(result: &Value) -> String {
    let content = result["content"].as_array().unwrap();
    assert_eq!((content.len(), &content[0]["type"]), (1, &json!("text")), "{result}");
    let text = content[0]["text"].as_str().unwrap().to_owned();
    assert!(text.len() <= 20_000, "{} bytes", text.len());
    text
}

/// A copy of the repository's own dossier.
pub fn copy() -> TempDir {
    let folder = TempDir::new().unwrap();
    for part in ["ontology", "data", "data/documents", "queries", "queries/patterns"] {
        let (from, to) =
            (Path::new(env!("CARGO_MANIFEST_DIR")).join(part), folder.path().join(part));
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    folder
}

/// The files below a folder, with their contents.
pub fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}
