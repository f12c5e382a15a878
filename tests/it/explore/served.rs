//! The program with its page served, and requests to it byte by byte.

use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running `outlast explore`.
pub struct Served {
    process: Child,
    address: String,
    folder: TempDir,
}

/// What was answered.
pub struct Reply {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Served {
    /// Starts it with these options.
    pub fn start(options: &[&str]) -> Served {
        Served::with("", options)
    }

    /// Starts it on a scenario of this text; on the embedded one where that is empty.
    pub fn with(text: &str, options: &[&str]) -> Served {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
        command.arg("explore").arg("--no-open").args(options).current_dir(folder.path());
        if !text.is_empty() {
            std::fs::write(folder.path().join("office.toml"), text).unwrap();
            command.arg("office.toml");
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().to_owned();
        assert!(address.starts_with("http://127.0.0.1:"), "{address}");
        Served { process, address, folder }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `127.0.0.1:PORT`.
    pub fn host(&self) -> &str {
        self.address["http://".len()..].split('/').next().unwrap()
    }

    /// The path of something behind the token.
    pub fn path(&self, rest: &str) -> String {
        format!("{}{rest}", &self.address["http://".len() + self.host().len()..])
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.host()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        stream
    }

    /// Sends bytes and reads an answer.
    pub fn raw(&self, bytes: &[u8]) -> Reply {
        let mut stream = self.connect();
        // It may be refused before all of it has been taken.
        let _ = stream.write_all(bytes);
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap_or_else(|| panic!("{line:?}")).parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.push((name.to_lowercase(), value.to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.map_or(0, |(_, value)| value.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        Reply { status, headers, body: String::from_utf8(body).unwrap() }
    }

    pub fn get(&self, path: &str) -> Reply {
        let (path, host) = (self.path(path), self.host());
        self.raw(
            format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes(),
        )
    }

    pub fn post(&self, path: &str, json: &Value) -> Reply {
        self.post_text(path, &json.to_string())
    }

    pub fn post_text(&self, path: &str, body: &str) -> Reply {
        let (path, host, length) = (self.path(path), self.host(), body.len());
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        self.raw(format!("{head}{body}").as_bytes())
    }

    /// All pieces of a state once nothing more comes.
    pub fn settled(&self, changes: &Value) -> Map<String, Value> {
        let state = json!({ "session": "test", "number": 1, "changes": changes });
        let reply = self.post("state", &state);
        let reply: Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(reply["wrong"], json!([]));
        let mut pieces = reply["pieces"].as_object().cloned().unwrap_or_default();
        let until = Instant::now() + Duration::from_secs(180);
        while pieces.get("stage").is_none_or(|stage| stage != "whole") {
            assert!(Instant::now() < until, "{:?}", pieces.get("stage"));
            let after = pieces.get("version").and_then(Value::as_u64).unwrap_or_default();
            let news = self.get(&format!("answer?session=test&number=1&after={after}"));
            if news.status == 200 {
                let news: Map<String, Value> = serde_json::from_str(&news.body).unwrap();
                pieces.extend(news);
            }
        }
        pieces
    }

    /// As Ctrl-C does.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }

    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// The exit code once it has ended, soon.
    pub fn ended(&mut self) -> Option<i32> {
        let until = Instant::now() + Duration::from_secs(30);
        while Instant::now() < until {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
