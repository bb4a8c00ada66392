//! The address on this machine that a browser comes back to.

use std::convert::Infallible;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use letterhead::Secret;
use letterhead::bytes::Bytes;
use letterhead::http::{Request, Response, StatusCode};
use letterhead::partner_center::{Consent, EntraApp};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::output::Output;

/// How long a person has.
const PATIENCE: Duration = Duration::from_secs(600);

/// Shows where to sign in, and waits for the browser to come back.
pub(super) async fn sign_in(
    app: &EntraApp,
    port: u16,
    open: bool,
    output: &mut Output,
) -> anyhow::Result<Secret> {
    // Nobody but this machine gets there.
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.with_context(|| format!("port {port} can't be had"))?;
    let port = listener.local_addr()?.port();
    // Entra knows this name for every port, and no number in its place.
    let consent = Arc::new(app.consent(format!("http://localhost:{port}/"))?);
    writeln!(output, "Sign in at {}", consent.url())?;
    output.flush()?;
    if open && let Err(error) = open::that_detached(consent.url()) {
        output.note(&format!("The browser can't be opened ({error}); open the address by hand."));
    }
    let query = timeout(PATIENCE, came_back(&listener, &consent)).await;
    let minutes = PATIENCE.as_secs() / 60;
    let query = query
        .map_err(|_| anyhow!("nobody came back from signing in within {minutes} minutes"))??;
    Ok(consent.redeem(&query).await?)
}

/// The query that the browser comes back with. Browsers open connections that they don't use, and other pages may
/// send one here as well.
async fn came_back(listener: &TcpListener, consent: &Arc<Consent>) -> anyhow::Result<String> {
    let (came, mut queries) = mpsc::channel(1);
    loop {
        tokio::select! {
            Some(query) = queries.recv() => return Ok(query),
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                let (consent, came) = (Arc::clone(consent), came.clone());
                tokio::spawn(async move {
                    if let Some(query) = serve(stream, &consent).await {
                        // Who came second is late.
                        let _ = came.try_send(query);
                    }
                });
            }
        }
    }
}

/// Responds to one request. Its query, once the response is sent, if it is of this sign-in.
async fn serve(stream: TcpStream, consent: &Consent) -> Option<String> {
    let found = Mutex::new(None);
    let service = service_fn(|request: Request<Incoming>| {
        let query = request.uri().query().filter(|query| consent.is_of(query));
        let (status, text) = match query {
            Some(query) => {
                *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(query.to_owned());
                (StatusCode::OK, "letterhead goes on in the terminal. You may close this page.\n")
            }
            None => (StatusCode::NOT_FOUND, "letterhead waits for another sign-in.\n"),
        };
        let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
        *response.status_mut() = status;
        std::future::ready(Ok::<_, Infallible>(response))
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    // What became of the connection doesn't matter once the query is here.
    let _ = http.keep_alive(false).serve_connection(TokioIo::new(stream), service).await;
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}
