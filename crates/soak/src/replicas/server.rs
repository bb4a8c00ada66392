//! A Redis of the run's own.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpSocket;
use tokio::process::{Child, Command};

/// A `redis-server` on loopback, which is killed when this is dropped.
pub(crate) struct Server {
    folder: TempDir,
    address: SocketAddr,
    /// It never listens: while the server is away it keeps the port from everybody else.
    _holder: TcpSocket,
    child: Option<Child>,
}

impl Server {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let holder = TcpSocket::new_v4()?;
        holder.set_reuseaddr(true)?;
        holder.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let address = holder.local_addr()?;
        let mut server =
            Self { folder: tempfile::tempdir()?, address, _holder: holder, child: None };
        server.run().await?;
        Ok(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}/", self.address)
    }

    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
        }
        Ok(())
    }

    /// Starts it on its port, with what it has kept.
    pub(crate) async fn run(&mut self) -> anyhow::Result<()> {
        let child = Command::new("redis-server")
            .args(["--port", &self.address.port().to_string(), "--bind", "127.0.0.1"])
            // As the book wants it where there are refresh tokens.
            .args(["--save", "", "--appendonly", "yes", "--dir"])
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = match child {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("there is no `redis-server`; install Debian's package of this name")
            }
            child => child.context("`redis-server` can't be started")?,
        };
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        loop {
            match lines.next_line().await? {
                Some(line) if line.contains("Ready to accept connections") => break,
                Some(_) => {}
                None => bail!("`redis-server` ended at its start: {}", child.wait().await?),
            }
        }
        // To the end, so that the server never waits for its log.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        self.child = Some(child);
        Ok(())
    }
}
