//! The server: what a browser on this machine asks, over HTTP.
//!
//! It listens on 127.0.0.1 only. Every request passes the [`guard`](super::guard); bodies, connections
//! and the time that a request may take to arrive are bounded. One thread serves all requests; what
//! takes time is done or awaited on others.

use super::change;
use super::guard::{Asked, Guard, Let, Refusal};
use super::page;
use super::session::{Explorer, State, Waited};
use crate::keys::Json;
use crate::scenario::questions::Answers;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderValue, LOCATION, ORIGIN};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};

/// Most bytes of a body: a thousand changes.
const MOST_BYTES: usize = 1 << 20;
/// Most connections at once; a browser keeps six.
const MOST_CONNECTIONS: usize = 64;
/// Most requests that wait or work at once.
const MOST_WAITING: usize = 32;
/// How long a request may take to arrive.
const ARRIVES_WITHIN: Duration = Duration::from_secs(10);
/// How long a page waits for news before it asks again.
const WAITS: Duration = Duration::from_secs(20);
/// How long a change waits for its first numbers.
const FIRST_WITHIN: Duration = Duration::from_secs(10);

type Page = Response<Full<Bytes>>;

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    explorer: Explorer,
    guard: Guard,
    ended: Notify,
}

/// Ends a server from another thread.
#[derive(Debug, Clone)]
pub struct Ender(Arc<Shared>);

impl Ender {
    /// Ends it now, and all work with it.
    pub fn end(&self) {
        self.0.explorer.close();
        self.0.ended.notify_one();
    }
}

impl Server {
    /// Listens on 127.0.0.1; on any free port where `port` is 0.
    ///
    /// # Errors
    /// The port is taken, or the system refuses.
    pub fn bind(explorer: Explorer, port: u16) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let port = listener.local_addr()?.port();
        let guard = Guard::new(port).map_err(io::Error::other)?;
        let shared = Arc::new(Shared { explorer, guard, ended: Notify::new() });
        Ok(Server { listener, shared })
    }

    /// The address of the page, with its token.
    pub fn address(&self) -> String {
        self.shared.guard.address()
    }

    /// The address to start a browser with: it leads to the page once.
    pub fn once(&self) -> Option<String> {
        self.shared.guard.once()
    }

    /// What ends it.
    pub fn ender(&self) -> Ender {
        Ender(Arc::clone(&self.shared))
    }

    /// Serves until it is ended.
    ///
    /// # Errors
    /// The system refuses.
    pub fn serve(self) -> io::Result<()> {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().max_blocking_threads(MOST_WAITING).build()?;
        let Server { listener, shared } = self;
        let served = runtime.block_on(async {
            listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(listener)?;
            tokio::spawn(accept(listener, Arc::clone(&shared)));
            shared.ended.notified().await;
            // The answer to whom it ended is on its way.
            tokio::time::sleep(Duration::from_millis(50)).await;
            Ok(())
        });
        // Whoever still waits is not waited for.
        runtime.shutdown_background();
        served
    }
}

async fn accept(listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Too many files are open, or the other side has gone; both pass.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, Arc::clone(&shared)));
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(ARRIVES_WITHIN);
            builder.max_buf_size(64 * 1024);
            // A connection that breaks off has nobody to be told.
            let _ = builder.serve_connection(TokioIo::new(stream), service).await;
            drop(place);
        });
    }
}

async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Page, Infallible> {
    let page = match asked(&request, &shared.guard) {
        Err(refusal) => plain(refusal.status(), refused(refusal)),
        Ok(Let::Through) => moved(&shared.guard.path()),
        Ok(Let::In(_)) => inside(request, shared).await,
    };
    Ok(guarded(page))
}

fn asked<'r>(request: &'r Request<Incoming>, guard: &Guard) -> Result<Let<'r>, Refusal> {
    let headers = request.headers();
    // A header that stands twice is no one's to interpret.
    let one = |name: &str| {
        let mut all = headers.get_all(name).iter();
        match (all.next(), all.next()) {
            (Some(value), None) => value.to_str().ok(),
            (None, _) => None,
            _ => Some("twice"),
        }
    };
    guard.lets(&Asked {
        method: request.method().as_str(),
        path: request.uri().path(),
        host: one(HOST.as_str()),
        origin: one(ORIGIN.as_str()),
        site: one("sec-fetch-site"),
        content: one(CONTENT_TYPE.as_str()),
    })
}

/// What is answered to who is let in.
async fn inside(request: Request<Incoming>, shared: Arc<Shared>) -> Page {
    let (head, body) = request.into_parts();
    let path = head.uri.path().splitn(3, '/').nth(2).unwrap_or_default().to_owned();
    let explorer = &shared.explorer;
    if head.method == "GET" {
        return match path.as_str() {
            "" => typed("text/html; charset=utf-8", page::html(explorer)),
            "app.js" => typed("text/javascript; charset=utf-8", page::script()),
            "style.css" => typed("text/css; charset=utf-8", page::style()),
            "answer" => waited(head.uri.query().unwrap_or_default().to_owned(), shared).await,
            _ => plain(404, "there is no such page"),
        };
    }
    let arrived = tokio::time::timeout(ARRIVES_WITHIN, Limited::new(body, MOST_BYTES).collect());
    let body = match arrived.await {
        Err(_) => return plain(408, "the request took too long to arrive"),
        Ok(Err(_)) => return plain(413, "the request is too large, or broke off"),
        Ok(Ok(body)) => body.to_bytes(),
    };
    let Ok(json) = serde_json::from_slice::<Json>(&body) else {
        return plain(400, "the request is no JSON");
    };
    if path == "stop" {
        explorer.close();
        shared.ended.notify_one();
        return typed("application/json", json!({ "ended": true }).to_string());
    }
    if path == "guide" {
        return guided(&json);
    }
    let Some(state) = State::read(&json, explorer.settings()) else {
        return plain(400, "the request is no state of a scenario");
    };
    let work = move || posted(&path, &json, &state, &shared.explorer);
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| plain(500, "the program failed"))
}

fn posted(path: &str, json: &Json, state: &State, explorer: &Explorer) -> Page {
    match path {
        "state" => changed(json, state, explorer),
        "scenario" => typed("application/toml; charset=utf-8", explorer.toml(state)),
        "report" | "tornado" => {
            let stop = explorer.demand();
            let job = match explorer.job(state) {
                Ok(job) => job,
                Err(wrong) => return with_status(422, json!({ "wrong": wrong })),
            };
            let settings = explorer.settings();
            let made = if path == "report" {
                let report = job.report(settings, &stop).map_err(|error| error.to_string());
                report.map(|html| html.map(|html| typed("text/html; charset=utf-8", html)))
            } else {
                let tornado = job.tornado(settings, &stop);
                tornado.map(|json| json.map(|json| typed("application/json", json.to_string())))
            };
            match made {
                Ok(Some(page)) => page,
                Ok(None) => plain(409, "another request took its place, or nothing varies"),
                Err(why) => with_status(422, json!({ "wrong": [{ "message": why }] })),
            }
        }
        _ => plain(404, "there is no such page"),
    }
}

/// What the answers to the questions change, or all that are none.
fn guided(json: &Json) -> Page {
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let answers = json["answers"].as_object().into_iter().flatten();
    let answers: Vec<(String, String)> =
        answers.map(|(id, answer)| (id.clone(), text(answer))).collect();
    match Answers(&answers).changes() {
        Ok(changes) => {
            let changes: Json = changes.iter().map(change::json).collect();
            typed("application/json", json!({ "changes": changes }).to_string())
        }
        Err(wrong) => {
            let wrong = wrong.iter().map(|one| json!({ "id": one.id, "message": one.message }));
            // No failure of the request: the page asks again.
            typed("application/json", json!({ "wrong": wrong.collect::<Json>() }).to_string())
        }
    }
}

/// A new state, with its first numbers.
fn changed(json: &Json, state: &State, explorer: &Explorer) -> Page {
    let Some(name) = json["session"].as_str().filter(|name| is_name(name)) else {
        return plain(400, "the request names no session");
    };
    let session = explorer.session(name);
    let mut reply = session.change(state, explorer.settings());
    if reply.is_played
        && let Waited::Pieces(pieces) = session.wait(state.number, 0, FIRST_WITHIN)
    {
        reply.json.insert("pieces".to_owned(), pieces);
    }
    typed("application/json", Json::Object(reply.json).to_string())
}

fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// News of a state, once there are any.
async fn waited(query: String, shared: Arc<Shared>) -> Page {
    let wait = move || {
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let number = |name: &str| value(name).and_then(|text| text.parse::<u64>().ok());
        let session = value("session").and_then(|name| shared.explorer.known_session(name));
        let (Some(session), Some(state), Some(after)) =
            (session, number("number"), number("after"))
        else {
            return gone();
        };
        match session.wait(state, after, WAITS) {
            Waited::Pieces(pieces) => typed("application/json", pieces.to_string()),
            Waited::Nothing => with_status(204, Json::Null),
            Waited::Gone => gone(),
        }
    };
    tokio::task::spawn_blocking(wait).await.unwrap_or_else(|_| plain(500, "the program failed"))
}

/// There is nothing to wait for: the state has changed since, or its session made room for others.
fn gone() -> Page {
    typed("application/json", json!({ "gone": true }).to_string())
}

fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Host => "this server answers to 127.0.0.1 and localhost only",
        Refusal::Foreign => "this server answers to its own page only",
        Refusal::Unknown => "there is no such page; the program prints its address when it starts",
        Refusal::Method => "this server takes GET and POST",
        Refusal::Content => "this server takes JSON",
    }
}

fn typed(kind: &'static str, body: String) -> Page {
    let mut page = Response::new(Full::new(Bytes::from(body)));
    page.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    page
}

fn with_status(status: u16, json: Json) -> Page {
    let body = if json.is_null() { String::new() } else { json.to_string() };
    let mut page = typed("application/json", body);
    *page.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    page
}

fn plain(status: u16, words: &'static str) -> Page {
    let mut page = typed("text/plain; charset=utf-8", format!("{words}\n"));
    *page.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    page
}

/// On to the page; its address stays out of the answer's words.
fn moved(to: &str) -> Page {
    let mut page = plain(303, "on to the page");
    if let Ok(to) = HeaderValue::from_str(to) {
        page.headers_mut().insert(LOCATION, to);
    }
    page
}

/// The page with what browsers are told of it: load from here only, tell nobody the address, keep
/// nothing, and let no other page frame or read it.
fn guarded(mut page: Page) -> Page {
    let headers: &mut HeaderMap = page.headers_mut();
    for (name, value) in [
        ("content-security-policy", page::POLICY),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    page
}
