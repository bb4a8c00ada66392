//! A door before the services, which is shut from time to time.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How many connections may wait to be accepted.
const QUEUE: u32 = 1024;

/// Passes connections on while it is open. While it is shut, those that are open end and new ones are
/// refused, as they are when a service is restarted.
pub(crate) struct Door {
    address: SocketAddr,
    is_open: watch::Sender<bool>,
}

impl Door {
    /// Opens a door to `inside`.
    ///
    /// # Errors
    /// No port can be had.
    pub(crate) fn start(inside: SocketAddr) -> io::Result<Self> {
        // It never listens: while the door is shut it keeps the port from everybody else.
        let holder = socket((Ipv4Addr::LOCALHOST, 0).into())?;
        let address = holder.local_addr()?;
        let (is_open, changes) = watch::channel(true);
        let listener = socket(address)?.listen(QUEUE)?;
        tokio::spawn(attend(listener, inside, changes, holder));
        Ok(Self { address, is_open })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn set_open(&self, is_open: bool) {
        self.is_open.send_replace(is_open);
    }
}

fn socket(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Ends with the [`Door`].
async fn attend(
    mut listener: TcpListener,
    inside: SocketAddr,
    mut is_open: watch::Receiver<bool>,
    holder: TcpSocket,
) -> io::Result<()> {
    loop {
        tokio::select! {
            () = pass(&listener, inside) => {}
            _ = is_open.wait_for(|open| !open) => {}
        }
        drop(listener);
        if is_open.wait_for(|open| *open).await.is_err() {
            return Ok(());
        }
        listener = socket(holder.local_addr()?)?.listen(QUEUE)?;
    }
}

/// Passes connections on until it is dropped, which ends them.
async fn pass(listener: &TcpListener, inside: SocketAddr) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((outer, _)) = accepted else { continue };
                connections.spawn(connect(outer, inside));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connect(mut outer: TcpStream, inside: SocketAddr) {
    let Ok(mut inner) = TcpStream::connect(inside).await else {
        return;
    };
    // Without it a small message may wait for the acknowledgement of the one before.
    let _ = (outer.set_nodelay(true), inner.set_nodelay(true));
    let outcome = copy_bidirectional(&mut outer, &mut inner).await;
    if outcome.is_err() {
        // What was reset inside is reset outside.
        let _ = outer.set_zero_linger();
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_door_refuses_while_it_is_shut_and_opens_again() {
        let echo = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let door = Door::start(echo.local_addr().expect("an address")).expect("a door");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = echo.accept().await {
                tokio::spawn(async move {
                    let (mut read, mut write) = stream.split();
                    tokio::io::copy(&mut read, &mut write).await
                });
            }
        });
        let mut open = TcpStream::connect(door.address).await.expect("a connection");
        for is_open in [true, false, true] {
            door.set_open(is_open);
            let mut received = [0; 2];
            if is_open {
                let mut stream = connected(door.address).await;
                stream.write_all(b"hi").await.expect("it is sent");
                stream.read_exact(&mut received).await.expect("it comes back");
            } else {
                assert_eq!(open.read(&mut received).await.unwrap_or(0), 0);
                let refused = TcpStream::connect(door.address).await.unwrap_err();
                assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
            }
        }
    }

    async fn connected(address: SocketAddr) -> TcpStream {
        loop {
            match TcpStream::connect(address).await {
                Ok(stream) => return stream,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    }
}
