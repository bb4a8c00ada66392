//! What the clients call: the sandbox or Prism.

use std::fs;
use std::process::Command;

use letterhead_sandbox::Sandbox;

use crate::Fault;
use crate::child::{Server, end_with_input};

/// It ends when this is dropped.
pub(crate) struct Service {
    server: Server,
    pub(crate) base_url: String,
}

impl Service {
    pub(crate) fn sandbox() -> Result<Self, Fault> {
        let server = Server::own()?;
        let base_url = server.line.clone();
        Ok(Self { server, base_url })
    }

    /// A server by others that prints a line once it listens.
    pub(crate) fn other(
        command: Command,
        base_url: String,
        is_ready: fn(&str) -> bool,
    ) -> Result<Self, Fault> {
        Ok(Self { server: Server::start(command, is_ready)?, base_url })
    }

    /// How many seconds of CPU it has used.
    pub(crate) fn cpu(&self) -> Result<f64, Fault> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.server.process.id()))?;
        // After the name, which may have blanks in it: the state is the third field, and the times are 14 and 15.
        let (_, fields) = stat.rsplit_once(") ").ok_or("no such process")?;
        let fields: Vec<&str> = fields.split(' ').collect();
        let [user, system] = [fields[11].parse::<f64>()?, fields[12].parse::<f64>()?];
        // In hundredths on every Linux.
        Ok((user + system) / 100.0)
    }
}

/// Is the sandbox, until the input ends.
pub(crate) fn serve() -> Result<(), Fault> {
    end_with_input();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let sandbox = Sandbox::start().await?;
        sandbox.record_requests(false);
        println!("{}", sandbox.cloudflare_url());
        std::future::pending().await
    })
}
