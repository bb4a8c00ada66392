//! The services as a process.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use letterhead_sandbox::{Faults, FaultyProxy, Sandbox, Vendor};

/// Run Partner Center, Cloudflare and Campaign Standard on loopback until Ctrl-C.
///
/// What is printed is a script for a shell that sets the environment for letterhead's clients. The
/// services keep what they are sent until they end. With `LETTERHEAD_SANDBOX_HAR=FOLDER` they leave an
/// archive of the traffic there.
#[derive(Parser)]
#[command(name = "letterhead-sandbox")]
struct Arguments {
    /// Where all services are; a free port unless given.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The share of requests that go wrong, from 0 to 1.
    #[arg(long, default_value_t = 0.0, value_parser = share)]
    faults: f64,
    /// What the faults are drawn from.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "it is a number from 0 to 1".to_owned())
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn run(arguments: &Arguments) -> io::Result<()> {
    let folder = tempfile::Builder::new().prefix("letterhead-sandbox-").tempdir()?;
    let busy = |error: io::Error| {
        let port = arguments.port;
        io::Error::new(error.kind(), format!("port {port} can't be had: {error}"))
    };
    let is_faulty = arguments.faults > 0.0;
    let port = if is_faulty { 0 } else { arguments.port };
    let sandbox = Sandbox::start_at(port).await.map_err(busy)?;
    // Nobody reads them, unless they go to an archive.
    sandbox.record_requests(std::env::var_os("LETTERHEAD_SANDBOX_HAR").is_some());
    let proxy = if is_faulty {
        let faults = Faults::random(arguments.seed, arguments.faults);
        Some(FaultyProxy::start_at(arguments.port, &sandbox, faults).await.map_err(busy)?)
    } else {
        None
    };
    let (url, variables) = match &proxy {
        Some(proxy) => (proxy.url(), proxy.environment(folder.path())?),
        None => (sandbox.url(), sandbox.environment(folder.path())?),
    };
    let mut lines = vec![format!("# All services: {url}")];
    if is_faulty {
        let (share, seed) = (arguments.faults, arguments.seed);
        lines.push(format!("# Faults: a share of {share}, seed {seed}"));
    }
    for vendor in Vendor::ALL {
        let ids = vendor.ids().iter().map(|(what, id)| format!("{what} is {id}"));
        let ids: Vec<_> = ids.collect();
        lines.push(format!("# {}: {}", vendor.row().name, ids.join(", ")));
    }
    lines.extend(variables.iter().map(|(name, value)| {
        // A folder's name may have what ends a string of the shell.
        format!("export {name}='{}'", value.replace('\'', r"'\''"))
    }));
    lines.push("# Ctrl-C ends them.".to_owned());
    // Before anybody knows that there is something to end.
    let stopped = stopped()?;
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    stopped.await;
    Ok(())
}

/// What comes when somebody ends the process.
#[cfg(unix)]
fn stopped() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stopped() -> io::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}
