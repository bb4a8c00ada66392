//! The server that has the questions.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use super::Question;

/// A server on loopback.
pub(super) struct Server {
    pub(super) url: String,
    /// Where nobody listens.
    pub(super) nowhere: String,
    got: Arc<Mutex<BTreeMap<String, Vec<Request>>>>,
}

/// A request that it got.
#[derive(Clone)]
pub(super) struct Request {
    /// The method and the target.
    pub(super) line: String,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Server {
    /// Starts a server of the questions' responses.
    pub(super) fn start(questions: &[Question]) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        // A port that was free a moment ago.
        let nowhere = format!("http://{}", TcpListener::bind("127.0.0.1:0")?.local_addr()?);
        let got: Arc<Mutex<BTreeMap<String, Vec<Request>>>> = Arc::default();
        let (kept, questions) = (got.clone(), questions.to_vec());
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let mut connection = connection;
                let Some(request) = Request::read(&mut connection) else { continue };
                let response = response(&questions, &request);
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.entry(request.question().to_owned()).or_default().push(request);
                drop(kept);
                // Who doesn't read the response shows it in what it reads.
                let _ = connection.write_all(response.as_bytes());
            }
        });
        Ok(Self { url, nowhere, got })
    }

    /// What it got for each question.
    pub(super) fn got(&self) -> BTreeMap<String, Vec<Request>> {
        self.got.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The response of the step that has the request's method, be the rest right or wrong.
fn response(questions: &[Question], request: &Request) -> String {
    let question = questions.iter().find(|question| question.id == request.question());
    let method = request.line.split(' ').next().unwrap_or_default();
    let step = question.and_then(|question| {
        let mut steps = question.steps.iter();
        steps.find(|it| it.lines.iter().any(|line| line.split(' ').next() == Some(method)))
    });
    let Some(step) = step else {
        return "HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            .to_owned();
    };
    let json = ("content-type".to_owned(), "application/json".to_owned());
    let mut headers = BTreeMap::from([json]);
    headers.extend(step.response_headers.clone());
    if step.status != 204 {
        headers.insert("content-length".to_owned(), step.response.len().to_string());
    }
    let headers: Vec<String> =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let headers = headers.concat();
    format!(
        "HTTP/1.1 {} Status\r\nconnection: close\r\n{headers}\r\n{}",
        step.status, step.response
    )
}

impl Request {
    /// The question that its path belongs to.
    fn question(&self) -> &str {
        let target = self.line.split(' ').nth(1).unwrap_or_default();
        target.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default()
    }

    pub(super) fn header(&self, name: &str) -> Option<&String> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    fn read(connection: &mut TcpStream) -> Option<Self> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.extend(bytes(connection, 1)?);
        }
        let head = String::from_utf8(head).ok()?;
        let mut lines = head.trim_end().split("\r\n");
        let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
        let mut request = Self { line, headers: headers.collect(), body: String::new() };
        let length = request.header("content-length").and_then(|length| length.parse().ok());
        request.body = String::from_utf8(bytes(connection, length.unwrap_or(0))?).ok()?;
        Some(request)
    }
}

fn bytes(connection: &mut TcpStream, count: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; count];
    connection.read_exact(&mut bytes).ok()?;
    Some(bytes)
}
