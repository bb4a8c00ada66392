//! A service over three vendors, as one is run for years: see `docs/service.md`.

mod clients;
mod company;
mod observe;
mod problem;
mod routes;
mod serve;
mod telemetry;
mod trace;
mod trace_tree;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use letterhead_sandbox::Sandbox;
use tokio::net::TcpListener;

use clients::Clients;
use serve::Server;
use telemetry::Telemetry;

/// Change a company's phone number at three vendors, over HTTP.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Start a sandbox in place of the three vendors, so that no account is needed
    #[arg(long)]
    sandbox: bool,
    /// Start the service on a sandbox, send it one request, print the request's trace, and end
    #[arg(long, conflicts_with = "sandbox")]
    trace: bool,
    /// How many seconds to go on after a signal to end, while the load balancer learns of it
    #[arg(long, env = "LAME_DUCK_SECONDS", default_value_t = 0)]
    lame_duck_seconds: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    // letterhead takes the process's provider where there is one. The exporter of spans needs one as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if arguments.trace {
        return trace::run().await;
    }
    let telemetry = Telemetry::start(None, "info")?;
    let outcome = serve(arguments, &telemetry).await;
    // Last, so that the spans of what was drained leave as well.
    telemetry.end().await;
    outcome
}

async fn serve(arguments: Arguments, telemetry: &Telemetry) -> anyhow::Result<()> {
    let (sandbox, clients) = if arguments.sandbox {
        let sandbox = Sandbox::start().await?;
        let clients = Clients::of_sandbox(&sandbox)?;
        (Some(sandbox), clients)
    } else {
        (None, Clients::from_env().context("the service can't be set up")?)
    };
    let listener = TcpListener::bind(arguments.listen).await;
    let listener = listener.with_context(|| format!("can't listen on {}", arguments.listen))?;
    let url = format!("http://{}", listener.local_addr()?);
    println!("listening on {url}");
    if let Some(sandbox) = &sandbox {
        println!(
            "\nThe vendors are a sandbox at {}. From another terminal:\n\n  \
             curl -i -X PUT {url}/company/phone -H 'content-type: application/json' \
             -d '{{\"phoneNumber\": \"4255550188\"}}'\n  \
             curl {url}/metrics\n",
            sandbox.url()
        );
    }
    let server = Server::start(listener, clients, telemetry.metrics.clone());
    serve::signal().await;
    server.stop(Duration::from_secs(arguments.lame_duck_seconds)).await
}
