//! What stands in for the internet before clients whose host is fixed.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rcgen::CertifiedKey;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// The one host that Adobe's library knows.
pub(crate) const HOST: &str = "mc.adobe.io";

/// What says to a program that its way goes through a proxy of the machine's, or doesn't. Adobe's library believes npm's
/// as well.
pub(crate) const PROXIES: [&str; 11] = [
    "ALL_PROXY",
    "all_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "npm_config_https_proxy",
    "npm_config_proxy",
    "npm_config_no_proxy",
];

/// What a record of TLS begins with that holds a handshake.
const HANDSHAKE: u8 = 22;

/// The host, and a proxy that takes every tunnel (`CONNECT`) to it: TLS ends here with a certificate of its own, and
/// what comes goes to one address on loopback.
pub(crate) struct Tunnel {
    address: SocketAddr,
    /// What the client has to trust.
    pub(crate) certificate: String,
    task: JoinHandle<()>,
}

impl Tunnel {
    pub(crate) async fn start(inside: SocketAddr) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed([HOST.to_owned()])
                .map_err(|error| format!("no certificate can be made: {error}"))?;
        let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
        let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)?;
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        Ok(Self {
            address: listener.local_addr()?,
            certificate: cert.pem(),
            task: tokio::spawn(attend(listener, acceptor, inside)),
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn attend(listener: TcpListener, acceptor: TlsAcceptor, inside: SocketAddr) {
    while let Ok((stream, _)) = listener.accept().await {
        // The client says what went wrong with a connection.
        tokio::spawn(connect(stream, acceptor.clone(), inside));
    }
}

async fn connect(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    inside: SocketAddr,
) -> std::io::Result<()> {
    let mut stream = BufStream::new(stream);
    // A client that knows of no proxy begins with TLS.
    if stream.fill_buf().await?.first() != Some(&HANDSHAKE) {
        let mut line = String::new();
        // The request ends with an empty line, and the client waits for the response.
        while stream.read_line(&mut line).await? > 2 {
            line.clear();
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
        stream.flush().await?;
    }
    let mut stream = acceptor.accept(stream).await?;
    let mut service = TcpStream::connect(inside).await?;
    copy_bidirectional(&mut stream, &mut service).await?;
    Ok(())
}
