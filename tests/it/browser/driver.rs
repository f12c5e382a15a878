//! A browser of our own: Chromium through chromedriver, spoken to as the WebDriver standard says,
//! in plain HTTP over loopback.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A browser with one window. It ends with this value.
pub struct Browser {
    process: Child,
    port: u16,
    session: String,
    _profile: TempDir,
}

const ARGUMENTS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

impl Browser {
    /// Starts a browser; none, with a note, where there is no chromedriver. With
    /// OUTLAST_BROWSER=required that is a failure.
    pub fn start() -> Option<Browser> {
        let spawned = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut process = match spawned {
            Ok(process) => process,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let required = std::env::var("OUTLAST_BROWSER").is_ok_and(|it| it == "required");
                assert!(!required, "chromedriver is not on the path, and OUTLAST_BROWSER=required");
                eprintln!("skipped: chromedriver is not on the path");
                return None;
            }
            Err(error) => panic!("chromedriver does not start: {error}"),
        };
        let said = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = said
            .filter_map(|line| {
                line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
            })
            .next()
            .expect("chromedriver names its port");
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Browser { process, port, session: String::new(), _profile: profile };
        browser.open_session();
        // Away from the page for new tabs, and its log forgotten.
        browser.call("POST", "/url", &json!({ "url": "about:blank" }));
        browser.log("performance");
        Some(browser)
    }

    fn open_session(&mut self) {
        let profile = format!("--user-data-dir={}", self._profile.path().display());
        let arguments: Vec<&str> = ARGUMENTS.into_iter().chain([profile.as_str()]).collect();
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        let session = self.ask("POST", "/session", &wanted);
        self.session = session["sessionId"].as_str().unwrap().to_owned();
    }

    /// Sets the size of the page, and whether the reader prefers dark.
    pub fn look(&self, width: u32, dark: bool) {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &features);
    }

    /// Opens a file.
    pub fn open(&self, file: &Path) {
        self.call("POST", "/url", &json!({ "url": format!("file://{}", file.display()) }));
    }

    /// Opens an address.
    pub fn visit(&self, address: &str) {
        self.call("POST", "/url", &json!({ "url": address }));
    }

    /// What a piece of script returns.
    pub fn run(&self, script: &str) -> Value {
        self.call("POST", "/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// A command of the developer tools.
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.call("POST", "/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Presses at a point of the window, moves by so much and lets go.
    pub fn drag(&self, (x, y): (f64, f64), by: f64) {
        let to = |x: f64| json!({ "type": "pointerMove", "duration": 50, "x": x.round(), "y": y.round() });
        let actions = json!([
            to(x),
            { "type": "pointerDown", "button": 0 },
            to(x + by / 2.0),
            to(x + by),
            { "type": "pointerUp", "button": 0 },
        ]);
        let pointer = json!({ "type": "pointer", "id": "mouse", "actions": actions });
        self.call("POST", "/actions", &json!({ "actions": [pointer] }));
    }

    /// Moves the pointer to a point of the window.
    pub fn point_at(&self, (x, y): (f64, f64)) {
        let moved =
            json!([{ "type": "pointerMove", "duration": 0, "x": x.round(), "y": y.round() }]);
        let pointer = json!({ "type": "pointer", "id": "mouse", "actions": moved });
        self.call("POST", "/actions", &json!({ "actions": [pointer] }));
    }

    /// Presses a key, by its code in the standard (section 17.4.2 of WebDriver).
    pub fn press(&self, key: char) {
        let actions =
            json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        let keys = json!({ "type": "key", "id": "keys", "actions": actions });
        self.call("POST", "/actions", &json!({ "actions": [keys] }));
    }

    /// The messages of a log since it was last asked for.
    pub fn log(&self, kind: &str) -> Vec<String> {
        let entries = self.call("POST", "/se/log", &json!({ "type": kind }));
        let entries = entries.as_array().expect("a log");
        entries
            .iter()
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Saves a picture of the whole page.
    pub fn photograph(&self, file: &Path) {
        self.take(file, true);
    }

    /// Saves a picture of what the window shows.
    pub fn photograph_window(&self, file: &Path) {
        self.take(file, false);
    }

    fn take(&self, file: &Path, whole: bool) {
        let wanted = json!({ "format": "png", "captureBeyondViewport": whole });
        let shot = self.devtools("Page.captureScreenshot", &wanted);
        std::fs::write(file, decoded(shot["data"].as_str().unwrap())).unwrap();
    }

    /// Prints the page and gives the PDF.
    pub fn print(&self) -> Vec<u8> {
        let paper = json!({ "preferCSSPageSize": true, "printBackground": true });
        decoded(self.devtools("Page.printToPDF", &paper)["data"].as_str().unwrap())
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        self.ask(method, &format!("/session/{}{path}", self.session), body)
    }

    /// One request, one connection.
    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let body = body.to_string();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        )
        .unwrap();
        let mut answer = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            let more = answer.read_line(&mut line).unwrap() > 0;
            if !more || line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
        }
        let mut text = vec![0; length];
        answer.read_exact(&mut text).unwrap();
        let mut answer: Value = serde_json::from_slice(&text).unwrap();
        let value = answer["value"].take();
        assert!(value.get("error").is_none(), "{method} {path} {body}: {value}");
        value
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends the browser; without a session there is none.
        if !self.session.is_empty() && !std::thread::panicking() {
            self.call("DELETE", "", &json!({}));
        } else if !self.session.is_empty() {
            let _ = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| {
                write!(
                    stream,
                    "DELETE /session/{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    self.session
                )?;
                stream.read(&mut [0; 64])
            });
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The bytes of a base64 text (RFC 4648).
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.bytes() {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => break,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}
