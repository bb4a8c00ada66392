use std::future::Future;

use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};

/// Gives each connection to `respond`; the address, without a slash at the end.
pub(crate) async fn serve<F>(response: impl Fn(TcpStream) -> F + Send + 'static) -> String
where
    F: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(response(stream));
        }
    });
    url
}

/// Reads a request up to its body.
pub(crate) async fn head(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut request).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}
