//! A client for the tests that sees every byte.

use std::io;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::destination::VENDORS;
use crate::setup::HeaderLine;
use crate::store::segments;
use crate::{Sandbox, Vendor};

/// What the tests of all operations have to know of a service. Each has it in its `successes.rs`.
pub(crate) struct Expected {
    /// What examples have and the service doesn't: operation, place and reason.
    pub(crate) left_out: &'static [(&'static str, &'static str, &'static str)],
    /// The writes that can't be made twice, with the status that the second one gets.
    pub(crate) once: &'static [(&'static str, u16)],
    /// The status of a request without a credential.
    pub(crate) unauthorized: u16,
    /// The status of a request whose body or parameters aren't what the document says.
    pub(crate) invalid: u16,
    /// The status of an operation with so many identifiers in its path, the last of which is unknown.
    pub(crate) unknown: fn(&str, usize) -> u16,
}

macro_rules! expected {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        /// One for each service.
        pub(crate) const EXPECTED: [Expected; Vendor::ALL.len()] = [$(crate::$module::EXPECTED),+];
    };
}
letterhead_spec::for_each_vendor!(expected);

/// The header lines that let a request to a target in; none where it is of no service.
pub(crate) fn credentials(target: &str) -> Vec<HeaderLine> {
    let path = segments(target.split('?').next().unwrap_or_default());
    let service = VENDORS.iter().find(|vendor| vendor.owns(&path));
    service.map_or_else(Vec::new, |vendor| vendor.credentials(target))
}

/// The request id with this number.
pub(crate) fn request_id(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// A response as read off the socket.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(key, _)| key == name)?;
        Some(value)
    }

    /// The body as JSON, without the byte order mark if there is one.
    pub(crate) fn json(&self) -> Value {
        let bare = self.body.strip_prefix(b"\xef\xbb\xbf");
        serde_json::from_slice(bare.unwrap_or(&self.body)).expect("a JSON body")
    }
}

/// Sends one request on its own connection, and reads until the other side closes it.
pub(crate) async fn send(
    origin: &str,
    method: &str,
    target: &str,
    headers: &[(&str, String)],
    body: Option<&str>,
) -> io::Result<Received> {
    let host = origin.trim_start_matches("http://");
    let mut lines = vec![
        format!("{method} {target} HTTP/1.1"),
        format!("host: {host}"),
        "connection: close".to_owned(),
    ];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    if let Some(body) = body {
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            lines.push("content-type: application/json".to_owned());
        }
        lines.push(format!("content-length: {}", body.len()));
    }
    let head = lines.join("\r\n");
    let request = format!("{head}\r\n\r\n{}", body.unwrap_or_default());
    let mut stream = TcpStream::connect(host).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    Ok(parse(&bytes))
}

impl Sandbox {
    /// [`send`] to the sandbox itself.
    pub(crate) async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, String)],
        body: Option<&str>,
    ) -> Received {
        send(&self.url(), method, target, headers, body).await.expect("a response")
    }

    /// Sends a request with the right credentials.
    pub(crate) async fn call(&self, method: &str, target: &str, body: Option<&Value>) -> Received {
        let body = body.map(Value::to_string);
        self.send(method, target, &credentials(target), body.as_deref()).await
    }

    /// Posts a form.
    pub(crate) async fn post_form(&self, target: &str, members: &[(&str, &str)]) -> Received {
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let pairs: Vec<_> =
            members.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let form = "application/x-www-form-urlencoded".to_owned();
        self.send("POST", target, &[("content-type", form)], Some(&pairs.join("&"))).await
    }
}

fn parse(bytes: &[u8]) -> Received {
    let end =
        bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("the end of the head");
    let head = std::str::from_utf8(&bytes[..end]).expect("a head in ASCII");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    Received {
        status: status.expect("a status").parse().expect("a number"),
        headers: lines
            .map(|line| line.split_once(": ").expect("name and value"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: bytes[end + 4..].to_vec(),
    }
}
