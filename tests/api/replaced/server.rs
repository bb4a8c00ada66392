//! A server of raw responses.

use std::sync::{Arc, Mutex};

use letterhead::{ClientBuilder, cloudflare, partner_center};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{ManualClock, serve};

/// A server whose responses a closure makes up; every request has a connection of its own.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) clock: ManualClock,
    requests: Arc<Mutex<Vec<Request>>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    head: String,
    pub(crate) body: Vec<u8>,
}

pub(crate) enum Response {
    Send(String),
    /// The connection ends without a response.
    Close,
    /// The connection stays, without a response.
    Hang,
}

impl Response {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub(crate) fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self::with(status, &format!("content-type: {content_type}\r\n"), body)
    }

    /// `headers` are whole lines.
    pub(crate) fn with(status: u16, headers: &str, body: &str) -> Self {
        let length = match status {
            204 => String::new(),
            _ => format!("content-length: {}\r\n", body.len()),
        };
        Self::Send(format!(
            "HTTP/1.1 {status} It\r\n{headers}{length}connection: close\r\n\r\n{body}"
        ))
    }
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    async fn read(stream: &mut TcpStream) -> std::io::Result<Self> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(at) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut bytes).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        };
        let mut request = Self {
            method: String::new(),
            target: String::new(),
            head: String::from_utf8_lossy(&bytes[..end]).into_owned(),
            body: bytes.split_off(end),
        };
        let line = request.head.lines().next().unwrap_or_default().to_owned();
        let mut words = line.split(' ').map(str::to_owned);
        request.method = words.next().unwrap_or_default();
        request.target = words.next().unwrap_or_default();
        let length = request.header("content-length");
        let length = length.map_or(0, |length| length.parse().unwrap());
        while request.body.len() < length {
            if stream.read_buf(&mut request.body).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(request)
    }
}

impl Server {
    pub(crate) async fn start(respond: impl FnMut(&Request) -> Response + Send + 'static) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let respond = Arc::new(Mutex::new(respond));
        let seen = Arc::clone(&requests);
        let url = serve(move |mut stream| {
            let (respond, seen) = (Arc::clone(&respond), Arc::clone(&seen));
            async move {
                let request = Request::read(&mut stream).await?;
                let response = respond.lock().unwrap()(&request);
                seen.lock().unwrap().push(request);
                match response {
                    Response::Send(bytes) => stream.write_all(bytes.as_bytes()).await,
                    Response::Close => Ok(()),
                    Response::Hang => std::future::pending().await,
                }
            }
        });
        Self {
            url: url.await,
            clock: ManualClock::new(),
            requests,
        }
    }

    /// The requests since this was last asked.
    pub(crate) fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    pub(crate) fn take_methods(&self) -> Vec<String> {
        let requests = self.take_requests().into_iter();
        requests.map(|request| request.method).collect()
    }

    pub(crate) fn partner(&self) -> ClientBuilder<partner_center::Client> {
        partner_center::Client::builder()
            .base_url(&*self.url)
            .credential(partner_center::Credential::bearer("token").unwrap())
            .clock(self.clock.clone())
    }

    pub(crate) fn cloudflare(&self) -> ClientBuilder<cloudflare::Client> {
        cloudflare::Client::builder()
            .base_url(format!("{}/client/v4", self.url))
            .credential(cloudflare::Credential::api_token("token").unwrap())
            .clock(self.clock.clone())
    }
}
