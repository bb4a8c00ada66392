//! A server on loopback that keeps what it gets, and calls of it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};

use letterhead::bytes::Bytes;
use letterhead::{Error, Items, Json, Listing, serde_json};

/// A response without a body.
pub const NOTHING: &str = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";

/// A response with a body, and with headers that each end a line.
pub fn respond(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Status\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
}

/// A success with headers and a body.
pub fn with(headers: &str, body: &str) -> String {
    respond(200, headers, body)
}

/// A success with JSON.
pub fn json(body: &str) -> String {
    with("content-type: application/json\r\n", body)
}

/// JSON of items that are known by one letter each.
pub fn items(ids: &str) -> String {
    let items: Vec<String> = ids.chars().map(|id| format!("{{\"id\":\"{id}\"}}")).collect();
    format!("[{}]", items.join(","))
}

/// A page of such items in a member, with further members behind it.
pub fn page(headers: &str, member: &str, ids: &str, rest: &str) -> String {
    with(headers, &format!("{{\"{member}\":{}{rest}}}", items(ids)))
}

/// A request that a server got.
pub struct Request {
    /// The method and the target.
    pub line: String,
    /// Its headers, their names in lower case.
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    /// The first header of a name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers(name).first().copied()
    }

    /// All headers of a name.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let headers = self.headers.iter().filter(|(known, _)| known == name);
        headers.map(|(_, value)| value.as_str()).collect()
    }
}

/// All requests that a server got.
#[derive(Clone, Default)]
pub struct Got(Arc<Mutex<Vec<Request>>>);

impl Got {
    /// Their methods and targets.
    pub fn lines(&self) -> Vec<String> {
        self.all().iter().map(|request| request.line.clone()).collect()
    }

    /// What each of them has as the first header of a name.
    pub fn headers(&self, name: &str) -> Vec<Option<String>> {
        self.all().iter().map(|request| request.header(name).map(str::to_owned)).collect()
    }

    /// All of them.
    pub fn all(&self) -> MutexGuard<'_, Vec<Request>> {
        self.0.lock().unwrap()
    }
}

/// A client of a server that responds as `response` says to each request and its number, which begins with 1.
pub fn served<C, F: FnOnce(&str) -> Result<C, Error>>(
    client: F,
    response: impl Fn(&Request, usize) -> String + Send + 'static,
) -> (C, Got) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = client(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let got = Got::default();
    let kept = got.clone();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            // None where the client broke off.
            let Some(request) = read(&mut connection) else { continue };
            let number = kept.0.lock().unwrap().len() + 1;
            let response = response(&request, number);
            note(std::any::type_name::<F>(), &request);
            kept.0.lock().unwrap().push(request);
            connection.write_all(response.as_bytes()).unwrap();
        }
    });
    (client, got)
}

/// What `call` makes of a server that gives one response, and the one request that the server got.
pub fn once<C, T>(
    response: &str,
    client: impl FnOnce(&str) -> Result<C, Error>,
    call: impl AsyncFnOnce(C) -> T,
) -> (T, Request) {
    let response = response.to_owned();
    let (client, got) = served(client, move |_, _| response.clone());
    let outcome = run(call(client));
    let mut got = got.0.lock().unwrap();
    assert_eq!(got.len(), 1, "requests");
    (outcome, got.remove(0))
}

/// The error of a call that is refused before anything is sent.
pub fn refused<C, T>(
    client: impl FnOnce(&str) -> Result<C, Error>,
    call: impl AsyncFnOnce(C) -> Result<T, Error>,
) -> Error {
    let (client, got) = served(client, |_, _| NOTHING.to_owned());
    let error = run(call(client)).err().expect("an error");
    assert_eq!(got.lines().len(), 0, "requests");
    error
}

pub fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(future)
}

/// Holds that a value is written as it came, apart from the order of its members.
pub fn lossless<T: serde::Serialize>(value: &T, came: &str) {
    let written = serde_json::to_string(value).unwrap();
    let read = |text: &str| serde_json::from_str::<Json>(text).unwrap();
    assert!(read(&written) == read(came), "{written} is written, and {came} came");
    let sorted = |text: &str| {
        let mut characters: Vec<char> = text.chars().collect();
        characters.sort_unstable();
        characters
    };
    // Two numbers are equal however they are written, and are to be written as they came.
    assert_eq!(sorted(&written), sorted(came), "{written} is written, and {came} came");
}

/// The body of a form in parts, each of them behind its head.
pub fn parts(request: &Request, parts: &[(&str, &str)]) -> String {
    let media_type = request.header("content-type").unwrap();
    let boundary = media_type.split_once("boundary=").unwrap().1;
    let part = |(head, body): &(&str, &str)| {
        format!("--{boundary}\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n")
    };
    let parts: String = parts.iter().map(part).collect();
    format!("{parts}--{boundary}--\r\n")
}

/// A stream of two chunks, `onetwo`, that may not be asked for more after its end.
pub fn chunks() -> impl futures_core::Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static
{
    Chunks(0)
}

struct Chunks(u8);

impl futures_core::Stream for Chunks {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0 += 1;
        Poll::Ready(match self.0 {
            1 => Some(Ok(Bytes::from_static(b"one"))),
            2 => Some(Ok(Bytes::from_static(b"two"))),
            3 => None,
            _ => panic!("it is asked for more after its end"),
        })
    }
}

/// The ids of a list, and the error that it ended in.
pub fn drained<L: Listing>(
    mut items: Items<L>,
    id: fn(&L::Item) -> Option<&str>,
) -> (String, Option<Error>) {
    run(async {
        let mut ids = String::new();
        while let Some(item) = items.next().await {
            match item {
                Ok(item) => ids.push_str(id(&item).unwrap_or("?")),
                Err(error) => return (ids, Some(error)),
            }
        }
        (ids, None)
    })
}

/// Holds that a list that would go on for ever ends in an error, after at most so many requests.
pub fn ends<L: Listing>(items: Items<L>, id: fn(&L::Item) -> Option<&str>, got: &Got, most: usize) {
    let (_, error) = drained(items, id);
    let error = error.expect("an error");
    assert!(error.to_string().contains("go on"), "{error}");
    let count = got.lines().len();
    assert!(count <= most, "{count} requests");
}

/// Writes down what was sent to the server of a client, for `cargo xtask conformance`, in a file for each construct.
fn note(client: &str, request: &Request) {
    let Some(folder) = std::env::var_os("LETTERHEAD_CONSTRUCTS") else { return };
    // A function of its module, or a closure in its program.
    let mut parts = client.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let is_construct = |part: &&str| {
        part.strip_prefix('c').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let construct = parts.find(is_construct).unwrap();
    let Request { line, headers, body } = request;
    let (method, target) = line.split_once(' ').unwrap();
    let noted =
        serde_json::json!({"method": method, "target": target, "headers": headers, "body": body});
    let path = std::path::Path::new(&folder).join(construct).with_extension("jsonl");
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    // At once: another test of the construct may write as well.
    file.write_all(format!("{noted}\n").as_bytes()).unwrap();
}

fn read(connection: &mut TcpStream) -> Option<Request> {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        text.push(byte(connection)?);
    }
    let head = String::from_utf8(text).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    let line = lines.next().unwrap();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
        (name.to_lowercase(), value.to_owned())
    });
    let mut request = Request {
        line: line.trim_end_matches(" HTTP/1.1").to_owned(),
        headers: headers.collect(),
        body: String::new(),
    };
    let length = request.header("content-length").map(|length| length.parse().unwrap());
    let mut body = bytes(connection, length.unwrap_or(0))?;
    if request.header("transfer-encoding") == Some("chunked") {
        loop {
            let length = chunk_length(connection)?;
            body.extend(bytes(connection, length)?);
            // Each chunk ends a line.
            bytes(connection, 2)?;
            if length == 0 {
                break;
            }
        }
    }
    request.body = String::from_utf8(body).unwrap();
    Some(request)
}

fn chunk_length(connection: &mut TcpStream) -> Option<usize> {
    let mut line = String::new();
    while !line.ends_with("\r\n") {
        line.push(byte(connection)?.into());
    }
    usize::from_str_radix(line.trim_end(), 16).ok()
}

fn byte(connection: &mut TcpStream) -> Option<u8> {
    Some(bytes(connection, 1)?[0])
}

fn bytes(connection: &mut TcpStream, count: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; count];
    connection.read_exact(&mut bytes).ok()?;
    Some(bytes)
}
