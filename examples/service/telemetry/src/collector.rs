use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

/// Receives spans until the process ends, in a thread of its own: exporters block the one that they run in.
#[derive(Debug)]
pub struct Collector {
    /// What an exporter is given as its endpoint.
    pub endpoint: String,
    received: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
}

impl Collector {
    /// Listens on a port of its own.
    ///
    /// # Errors
    /// Loopback has no free port.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let endpoint = format!("http://{}/v1/traces", listener.local_addr()?);
        let received = Arc::default();
        let kept = Arc::clone(&received);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                thread::spawn(move || receive(&stream, &kept));
            }
        });
        Ok(Self { endpoint, received })
    }

    /// Each span that came so far, with the resource that it came from.
    ///
    /// # Panics
    /// If a thread panicked while it received.
    #[must_use]
    pub fn spans(&self) -> Vec<(Resource, Span)> {
        let received = self.received.lock().expect("nobody panics with the lock");
        let of_resources = received.iter().flat_map(|request| &request.resource_spans);
        let spans = of_resources.flat_map(|of_resource| {
            let resource = of_resource.resource.clone().unwrap_or_default();
            let spans = of_resource.scope_spans.iter().flat_map(|scope| scope.spans.clone());
            spans.map(move |span| (resource.clone(), span))
        });
        spans.collect()
    }
}

/// Receives the requests of a connection.
fn receive(stream: &TcpStream, kept: &Mutex<Vec<ExportTraceServiceRequest>>) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    loop {
        let (mut length, mut line) = (0, String::new());
        while line != "\r\n" {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let request = ExportTraceServiceRequest::decode(&*body).map_err(io::Error::other)?;
        kept.lock().expect("nobody panics with the lock").push(request);
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
        writer.write_all(head.as_bytes())?;
    }
}
