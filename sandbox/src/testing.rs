//! A client for the tests that sees every byte.

use std::io;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Sandbox;
use crate::credentials::{
    CAMPAIGN_ACCESS_TOKEN, CAMPAIGN_API_KEY, CLOUDFLARE_ACCOUNT_TOKEN, CLOUDFLARE_API_TOKEN,
    PARTNER_CENTER_TOKEN,
};

/// The header lines of a request that is let in everywhere.
pub(crate) fn credentials(target: &str) -> Vec<(&'static str, String)> {
    let bearer = |token| ("authorization", format!("Bearer {token}"));
    match target {
        _ if target.starts_with("/v1") => vec![bearer(PARTNER_CENTER_TOKEN)],
        _ if target.starts_with("/client/v4/accounts/") && target.ends_with("/verify") => {
            vec![bearer(CLOUDFLARE_ACCOUNT_TOKEN)]
        }
        _ if target.starts_with("/client") => vec![bearer(CLOUDFLARE_API_TOKEN)],
        _ => vec![
            bearer(CAMPAIGN_ACCESS_TOKEN),
            ("x-api-key", CAMPAIGN_API_KEY.to_owned()),
        ],
    }
}

/// The request id with this number.
pub(crate) fn request_id(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// A reply as read off the socket.
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
    lines.extend(
        headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}")),
    );
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
        send(&self.url(), method, target, headers, body)
            .await
            .expect("an answer")
    }

    /// Sends a request with the right credentials.
    pub(crate) async fn call(&self, method: &str, target: &str, body: Option<&Value>) -> Received {
        let body = body.map(Value::to_string);
        self.send(method, target, &credentials(target), body.as_deref())
            .await
    }

    /// Posts a form.
    pub(crate) async fn post_form(&self, target: &str, members: &[(&str, &str)]) -> Received {
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let pairs: Vec<_> = members
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        let form = "application/x-www-form-urlencoded".to_owned();
        self.send(
            "POST",
            target,
            &[("content-type", form)],
            Some(&pairs.join("&")),
        )
        .await
    }
}

fn parse(bytes: &[u8]) -> Received {
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("the end of the head");
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
