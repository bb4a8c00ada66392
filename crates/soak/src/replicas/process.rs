//! A replica, as the run sees it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde::Serialize;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::timeout;

use super::message::{Message, Order, Setup};
use crate::kind::Kind;
use crate::stage::Event;

/// How long a replica may take to end.
const END: Duration = Duration::from_secs(10);

/// A replica's process, which is killed when this is dropped.
pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    /// The updates that were started and haven't ended.
    pub(super) under_way: BTreeSet<u32>,
    /// From where on each kind of update is made.
    pub(super) next: [u32; Kind::ALL.len()],
    pub(super) is_finished: bool,
}

/// What is heard of a replica: a message, or its end.
pub(super) type Heard = (usize, anyhow::Result<Option<Message>>);

impl Process {
    /// Starts a replica, of which `heard` hears.
    pub(super) async fn start(
        program: &Path,
        setup: &Setup,
        heard: UnboundedSender<Heard>,
    ) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .arg("--replica")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("a replica can't be started")?;
        let input = child.stdin.take().context("a replica has no input")?;
        let output = child.stdout.take().context("a replica has no output")?;
        let index = setup.part.index as usize;
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            loop {
                let message = match lines.next_line().await {
                    Ok(Some(line)) => serde_json::from_str(&line).map(Some).map_err(Into::into),
                    Ok(None) => Ok(None),
                    Err(error) => Err(error.into()),
                };
                let is_end = !matches!(message, Ok(Some(_)));
                if heard.send((index, message)).is_err() || is_end {
                    break;
                }
            }
        });
        let (under_way, next) = (BTreeSet::new(), setup.next);
        let mut process = Self { child, input, under_way, next, is_finished: false };
        process.send(setup).await?;
        Ok(process)
    }

    pub(super) async fn order(&mut self, order: &Order) -> anyhow::Result<()> {
        self.send(order).await
    }

    async fn send(&mut self, line: &impl Serialize) -> anyhow::Result<()> {
        let line = serde_json::to_string(line)? + "\n";
        self.input.write_all(line.as_bytes()).await.context("a replica has ended")
    }

    /// Takes note of an update that starts or ends.
    pub(super) fn note(&mut self, event: Event) {
        match event {
            Event::Started(number) => {
                self.under_way.insert(number);
                self.next[Kind::of_update(number) as usize] = number + 1;
            }
            Event::Ended(number, _) => {
                self.under_way.remove(&number);
            }
        }
    }

    pub(super) async fn kill(&mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Lets it end.
    pub(super) async fn end(mut self) -> anyhow::Result<()> {
        drop(self.input);
        let status = timeout(END, self.child.wait()).await.context("a replica doesn't end")??;
        ensure!(status.success(), "a replica ended with {status}");
        Ok(())
    }
}
