//! Whom the server lets in: a browser on this machine that knows the address, and no other site's page.
//!
//! Any page that somebody has open may send requests to 127.0.0.1. Three things keep it out. The
//! address holds a random token of 128 bits. The name in `Host` must be this machine's own, so a name
//! that is made to point here (DNS rebinding) is refused. What changes anything must come from the page
//! itself, by `Origin` and `Sec-Fetch-Site`, and as JSON, which no form can send.

use rand::TryRng;
use rand::rngs::SysRng;
use std::fmt::Write;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A part of an address that nobody can guess.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    // It must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

impl Token {
    /// A new one of 128 bits from the system.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn new() -> Result<Token, String> {
        let mut bytes = [0_u8; 16];
        SysRng.try_fill_bytes(&mut bytes).map_err(|error| error.to_string())?;
        Ok(Token(bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })))
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether a text is this token. How long it takes says nothing of where they differ.
    fn is(&self, text: &str) -> bool {
        let (own, other) = (self.0.as_bytes(), text.as_bytes());
        own.len() == other.len() && own.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
    }
}

/// What of a request decides whether it is let in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// The path, without the query.
    pub path: &'a str,
    /// The header `Host`.
    pub host: Option<&'a str>,
    /// The header `Origin`.
    pub origin: Option<&'a str>,
    /// The header `Sec-Fetch-Site`.
    pub site: Option<&'a str>,
    /// The header `Content-Type`.
    pub content: Option<&'a str>,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is meant for another host.
    Host,
    /// It comes from another site's page.
    Foreign,
    /// The address is none of ours.
    Unknown,
    /// Neither is it read nor does it change anything.
    Method,
    /// Its body is no JSON.
    Content,
}

impl Refusal {
    /// Its HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Refusal::Host => 421,
            Refusal::Foreign => 403,
            Refusal::Unknown => 404,
            Refusal::Method => 405,
            Refusal::Content => 415,
        }
    }
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Let<'a> {
    /// What stands behind the token.
    In(&'a str),
    /// The address that the browser was started with: on to the page, once.
    Through,
}

/// How long the address holds that the browser is started with.
const OPENS_FOR: Duration = Duration::from_secs(60);

/// Lets requests in.
#[derive(Debug)]
pub struct Guard {
    token: Token,
    /// A second token, which stands on the command line of the browser, where other users of the
    /// machine can read it. So it leads to the page only once.
    once: Mutex<Option<(Token, Instant)>>,
    port: u16,
}

impl Guard {
    /// A guard with new tokens.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn new(port: u16) -> Result<Guard, String> {
        let once = Mutex::new(Some((Token::new()?, Instant::now())));
        Ok(Guard { token: Token::new()?, once, port })
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token.text())
    }

    /// The path of the page.
    pub fn path(&self) -> String {
        format!("/{}/", self.token.text())
    }

    /// The address that the browser is started with.
    pub fn once(&self) -> Option<String> {
        let once = self.once.lock().ok()?;
        let (token, _) = once.as_ref()?;
        Some(format!("http://127.0.0.1:{}/{}", self.port, token.text()))
    }

    /// Whether a request is let in, and to what.
    ///
    /// # Errors
    /// It is refused.
    pub fn lets<'a>(&self, asked: &Asked<'a>) -> Result<Let<'a>, Refusal> {
        let names = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{}", self.port));
        let host = asked.host.filter(|host| names.iter().any(|name| name == host));
        let host = host.ok_or(Refusal::Host)?;
        let own = format!("http://{host}");
        let is_own = asked.origin.is_none_or(|origin| origin == own);
        // `none` is what somebody typed, or a program opened.
        let is_near = asked.site.is_none_or(|site| matches!(site, "same-origin" | "none"));
        if !is_own || !is_near {
            return Err(Refusal::Foreign);
        }
        let rest = asked.path.strip_prefix('/').ok_or(Refusal::Unknown)?;
        let (first, rest) = rest.split_once('/').unwrap_or((rest, ""));
        if rest.is_empty()
            && !asked.path.ends_with('/')
            && asked.method == "GET"
            && self.is_once(first)
        {
            return Ok(Let::Through);
        }
        if !self.token.is(first) || !asked.path[1 + first.len()..].starts_with('/') {
            return Err(Refusal::Unknown);
        }
        match asked.method {
            "GET" => Ok(Let::In(rest)),
            "POST" if asked.origin.is_none() => Err(Refusal::Foreign),
            "POST" if asked.content != Some("application/json") => Err(Refusal::Content),
            "POST" => Ok(Let::In(rest)),
            _ => Err(Refusal::Method),
        }
    }

    /// Whether a text is the second token, which then is none any more.
    fn is_once(&self, text: &str) -> bool {
        let Ok(mut once) = self.once.lock() else { return false };
        let is =
            once.as_ref().is_some_and(|(token, from)| token.is(text) && from.elapsed() < OPENS_FOR);
        if is {
            *once = None;
        }
        is
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard::new(4242).unwrap()
    }

    fn get(path: &str) -> Asked<'_> {
        Asked { method: "GET", path, host: Some("127.0.0.1:4242"), ..Asked::default() }
    }

    fn post(path: &str) -> Asked<'_> {
        let origin = Some("http://127.0.0.1:4242");
        Asked { method: "POST", origin, content: Some("application/json"), ..get(path) }
    }

    #[test]
    fn who_knows_the_address_is_let_in() {
        let guard = guard();
        let path = format!("{}state", guard.path());
        assert_eq!(guard.lets(&get(&guard.path())), Ok(Let::In("")));
        assert_eq!(guard.lets(&post(&path)), Ok(Let::In("state")));
        let (host, origin) = (Some("localhost:4242"), Some("http://localhost:4242"));
        assert_eq!(guard.lets(&Asked { host, origin, ..post(&path) }), Ok(Let::In("state")));
    }

    #[test]
    fn a_name_that_only_points_here_is_refused() {
        let guard = guard();
        let path = guard.path();
        for host in [
            "evil.example:4242",
            "evil.example",
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.1:4242.evil.example",
            "",
        ] {
            assert_eq!(
                guard.lets(&Asked { host: Some(host), ..get(&path) }),
                Err(Refusal::Host),
                "{host}"
            );
        }
        assert_eq!(guard.lets(&Asked { host: None, ..get(&path) }), Err(Refusal::Host));
    }

    #[test]
    fn another_sites_page_is_refused_even_if_it_knew_the_address() {
        let guard = guard();
        let path = format!("{}stop", guard.path());
        for origin in [
            "http://evil.example",
            "null",
            "http://127.0.0.1:4243",
            "https://127.0.0.1:4242",
            "http://localhost:4242",
        ] {
            let asked = Asked { origin: Some(origin), ..post(&path) };
            assert_eq!(guard.lets(&asked), Err(Refusal::Foreign), "{origin}");
        }
        for site in ["cross-site", "same-site"] {
            assert_eq!(
                guard.lets(&Asked { site: Some(site), ..post(&path) }),
                Err(Refusal::Foreign)
            );
            assert_eq!(
                guard.lets(&Asked { site: Some(site), ..get(&path) }),
                Err(Refusal::Foreign)
            );
        }
        // What changes anything says where it comes from.
        assert_eq!(guard.lets(&Asked { origin: None, ..post(&path) }), Err(Refusal::Foreign));
        let form = Asked { content: Some("application/x-www-form-urlencoded"), ..post(&path) };
        assert_eq!(guard.lets(&form), Err(Refusal::Content));
        assert_eq!(
            guard.lets(&Asked { content: Some("text/plain"), ..post(&path) }),
            Err(Refusal::Content)
        );
        assert_eq!(guard.lets(&Asked { method: "PUT", ..post(&path) }), Err(Refusal::Method));
    }

    #[test]
    fn a_wrong_token_is_an_address_that_is_not_there() {
        let guard = guard();
        let right = guard.token.text().to_owned();
        let last = if right.ends_with('0') { '1' } else { '0' };
        let near = format!("/{}{last}/", &right[..31]);
        let longer = format!("/{right}0/");
        let bare = format!("/{right}");
        for path in ["/", "/favicon.ico", "", near.as_str(), longer.as_str(), &bare, "//", &right] {
            assert_eq!(guard.lets(&get(path)), Err(Refusal::Unknown), "{path}");
        }
        assert_ne!(Token::new().unwrap(), Token::new().unwrap());
        assert_eq!(right.len(), 32);
    }

    #[test]
    fn the_address_on_the_command_line_of_the_browser_leads_in_once() {
        let guard = guard();
        let address = guard.once().unwrap();
        let path = address.strip_prefix("http://127.0.0.1:4242").unwrap();
        assert_eq!(guard.lets(&get(path)), Ok(Let::Through));
        assert_eq!(guard.lets(&get(path)), Err(Refusal::Unknown));
        assert_eq!(guard.once(), None);
        let within = format!("{}/state", path);
        assert_eq!(guard.lets(&post(&within)), Err(Refusal::Unknown));
    }
}
