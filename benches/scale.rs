//! What many clients cost: one for each tenant of a service.
//!
//! ```text
//! cargo bench --bench scale
//! ```
//!
//! A client has a credential of its own, with a token as long as Microsoft's, and all else that a client has. *Apart* are clients with an HTTP client
//! each, which is what a program has that makes them by hand: a hundred of them, counted up. Memory is what
//! the program's allocator has given, not what the system has.
//!
//! Figures are shown beside the goals and never fail the run.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is what this is for")]

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use letterhead::ClientBuilder;
use letterhead::partner_center::{Client, Credential};
use letterhead_sandbox::{Sandbox, credentials};
use peak_alloc::PeakAlloc;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

type Fault = Box<dyn Error + Send + Sync>;

/// How many clients the goals are about.
const GOAL: usize = 1000;

/// How many clients apart are made to know what one costs.
const APART: usize = 100;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map_err(Fault::from).and_then(|runtime| runtime.block_on(measure())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("scale: {fault}");
            ExitCode::FAILURE
        }
    }
}

async fn measure() -> Result<(), Fault> {
    let vendor = "https://api.partnercenter.microsoft.com";
    println!("{:>8}  {:>10} {:>10}  {:>10} {:>10}", "clients", "time", "goal", "memory", "goal");
    let (all, time, memory) = make(1, |tenant| client(vendor, tenant))?;
    row("first", time, memory, false);
    drop(all);
    let mut shared = Duration::ZERO;
    let mut shared_memory = 0;
    for count in [GOAL, 5 * GOAL, 10 * GOAL] {
        let (all, time, memory) = make(count, |tenant| client(vendor, tenant))?;
        row(&count.to_string(), time, memory, count == GOAL);
        if count == GOAL {
            (shared, shared_memory) = (time, memory);
        }
        drop(all);
    }
    let (all, time, memory) = make(APART, |tenant| {
        let http = letterhead::http_client_builder()?.build()?;
        Ok(client(vendor, tenant)?.http_client(http))
    })?;
    drop(all);
    let times = u32::try_from(GOAL / APART)?;
    let (time, memory) = (time * times, memory * GOAL / APART);
    row("apart", time, memory, false);
    println!();
    let ratio = time.as_secs_f64() / shared.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
    let of_memory = memory as f64 / shared_memory as f64;
    println!("{GOAL} apart / shared: {ratio:.0} times the time, {of_memory:.0} times the memory");
    calls().await
}

/// Calls of many clients, one after the other, against as many calls of one.
async fn calls() -> Result<(), Fault> {
    let sandbox = Sandbox::start().await?;
    sandbox.record_requests(false);
    let connections = Arc::new(AtomicUsize::new(0));
    let url = forward(sandbox.partner_center_url(), Arc::clone(&connections)).await?;
    let one = authorized(&url)?.build()?;
    let many: Vec<_> = (0..GOAL).map(|_| authorized(&url)?.build().map_err(Fault::from)).collect();
    let many = many.into_iter().collect::<Result<Vec<_>, Fault>>()?;
    let mut ratios = Vec::new();
    // The first round opens the connection and isn't counted.
    for round in 0..=9 {
        let start = Instant::now();
        for client in &many {
            client.get_support_profile().send().await?;
        }
        let of_many = start.elapsed();
        let start = Instant::now();
        for _ in &many {
            one.get_support_profile().send().await?;
        }
        if round > 0 {
            ratios.push(of_many.as_secs_f64() / start.elapsed().as_secs_f64());
        }
    }
    ratios.sort_by(f64::total_cmp);
    let connections = connections.load(Ordering::Relaxed);
    println!(
        "{GOAL} calls in sequence, each of another client / all of one: {:.2} times the time ({:.2} to {:.2})",
        ratios[ratios.len() / 2],
        ratios[0],
        ratios[ratios.len() - 1]
    );
    println!("connections to the server: {connections}, goal <= 2");
    Ok(())
}

type Builder = ClientBuilder<Client>;

fn client(url: &str, tenant: usize) -> Result<Builder, Fault> {
    let credential = Credential::bearer(&format!("{}{tenant:06}", "a".repeat(1200)))?;
    Ok(Client::builder().base_url(url).credential(credential))
}

fn authorized(url: &str) -> Result<Builder, Fault> {
    let credential = Credential::bearer(credentials::PARTNER_CENTER_TOKEN)?;
    Ok(Client::builder().base_url(url).credential(credential))
}

/// Makes clients; what that took, and what they hold.
fn make(
    count: usize,
    client: impl Fn(usize) -> Result<Builder, Fault>,
) -> Result<(Vec<Client>, Duration, usize), Fault> {
    let mut all = Vec::with_capacity(count);
    let before = ALLOCATED.current_usage();
    let start = Instant::now();
    for tenant in 0..count {
        all.push(client(tenant)?.build()?);
    }
    let time = start.elapsed();
    Ok((all, time, ALLOCATED.current_usage().saturating_sub(before)))
}

fn row(name: &str, time: Duration, memory: usize, has_goal: bool) {
    let (most_time, most_memory) = if has_goal { ("<= 20 ms", "<= 3 MiB") } else { ("", "") };
    let milliseconds = time.as_secs_f64() * 1000.0;
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let mebibytes = memory as f64 / f64::from(1 << 20);
    println!(
        "{name:>8}  {milliseconds:>7.1} ms {most_time:>10}  {mebibytes:>6.2} MiB {most_memory:>10}"
    );
}

/// Passes connections on to `url`, and counts them.
async fn forward(url: String, count: Arc<AtomicUsize>) -> Result<String, Fault> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = url.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            let server = server.clone();
            tokio::spawn(async move {
                let mut onward = TcpStream::connect(&server).await?;
                onward.set_nodelay(true)?;
                stream.set_nodelay(true)?;
                copy_bidirectional(&mut stream, &mut onward).await
            });
        }
    });
    Ok(format!("http://{address}"))
}
