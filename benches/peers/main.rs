//! What letterhead costs beside Cloudflare's own clients for Node and Python and Adobe's for Node, and its sandbox
//! beside Prism.
//!
//! ```text
//! cargo xtask bench peers           some minutes
//! cargo xtask bench peers --quick   a minute
//! ```
//!
//! A pair of calls reads a profile and writes its phone number, by each client as its documentation shows it, with its
//! own defaults, to one sandbox in a process of its own. Adobe's client goes to one host over TLS, so it and
//! letterhead beside it do, and find the sandbox there. Before anything is measured, both clients have to read the same
//! profile.
//!
//! Figures are of whole processes, by GNU time: what a process takes that makes no pair is its start, and not in
//! the figure of a call. The peers come from npm and `PyPI`, in exact versions, into `target/peers`.
//!
//! Figures are shown beside the goals and never fail the run. A ratio is taken from runs that follow each other, so
//! that what else the machine does strikes both sides.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is what this is for")]

#[path = "../child/mod.rs"]
mod child;
#[path = "../report/mod.rs"]
mod report;
mod service;
mod tools;
#[path = "../../crates/conformance/src/tunnel.rs"]
mod tunnel;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use report::{Report, Row};
use service::Service;
use tools::{Process, Tools};

type Fault = Box<dyn Error + Send + Sync>;

/// How many pairs a run of letterhead has for each pair of another client: GNU time counts in hundredths of a
/// second.
const MORE: usize = 25;

/// With how many calls in flight.
const IN_FLIGHT: [usize; 2] = [64, 1];

/// The goals of CPU and memory, for each number in flight.
type Goals = [[&'static str; 2]; 2];

fn main() -> ExitCode {
    report::exit(run())
}

fn run() -> Result<(), Fault> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments == ["serve"] {
        return service::serve();
    }
    let mut report = Report::of(&arguments)?;
    let (rounds, pairs) = if report.is_quick { (1, 100) } else { (9, 400) };
    let tools = Tools::install()?;
    let cloudflare = Service::cloudflare()?;
    let campaign = Service::campaign(&tools.folder)?;
    let node = [[">= 50", ">= 20"], [">= 20", ">= 20"]];
    let python = [[">= 70", ">= 8"], [">= 25", ">= 8"]];
    for (service, peer, goals) in [
        (&cloudflare, tools.cloudflare_for_node(), node),
        (&cloudflare, tools.cloudflare_for_python(), python),
        (&campaign, tools.adobe_for_node(), Goals::default()),
    ] {
        clients(&mut report, service, &peer, goals, [rounds, pairs])?;
    }
    servers(&mut report, &cloudflare, &tools, [rounds, pairs])?;
    report.finish()
}

/// What letterhead and a peer take for a call.
fn clients(
    report: &mut Report,
    service: &Service,
    peer: &Process,
    goals: Goals,
    [rounds, pairs]: [usize; 2],
) -> Result<(), Fault> {
    let ours = Process::letterhead()?;
    if peer.run(service, 1, 1)?.profile != ours.run(service, 1, 1)?.profile {
        return Err(format!("{} reads another profile than letterhead", peer.name).into());
    }
    report.table(&format!("beside {}", peer.name), ["letterhead", "peer"]);
    let mut starts = Vec::new();
    for (in_flight, [more_cpu, more_memory]) in IN_FLIGHT.into_iter().zip(goals) {
        let (mut cpu, mut memory) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            let start = [ours.run(service, 0, 1)?, peer.run(service, 0, 1)?];
            let pairs = [pairs * MORE, pairs];
            let whole =
                [ours.run(service, pairs[0], in_flight)?, peer.run(service, pairs[1], in_flight)?];
            cpu.push([0, 1].map(|side| each(whole[side].cpu - start[side].cpu, 2 * pairs[side])));
            memory.push([0, 1].map(|side| whole[side].memory / 1024.0));
            starts.push([0, 1].map(|side| start[side].took));
        }
        let what = format!("CPU of a call, {in_flight} in flight");
        report.row(&Row::paired(&what, " us", &cpu, times, more_cpu));
        let what = format!("memory, {in_flight} in flight");
        report.row(&Row::paired(&what, " MiB", &memory, times, more_memory));
    }
    report.row(&Row::paired("start, one call, end", " ms", &starts, times, ""));
    Ok(())
}

/// What each server takes for a request of letterhead's.
fn servers(
    report: &mut Report,
    sandbox: &Service,
    tools: &Tools,
    [rounds, pairs]: [usize; 2],
) -> Result<(), Fault> {
    let client = Process::letterhead()?;
    let services = [(sandbox, pairs * MORE), (&tools.prism()?, pairs)];
    let cpu = |(service, pairs): &(&Service, usize)| -> Result<f64, Fault> {
        let before = service.cpu()?;
        client.run(service, *pairs, 1)?;
        Ok(each(service.cpu()? - before, 2 * pairs + 1))
    };
    let mut rounds: Vec<[f64; 2]> = (0..=rounds)
        .map(|_| Ok([cpu(&services[0])?, cpu(&services[1])?]))
        .collect::<Result<_, Fault>>()?;
    // The first one warms up.
    rounds.remove(0);
    report.table("the sandbox beside Prism 5.16.0", ["sandbox", "Prism"]);
    report.row(&Row::paired("CPU of a request", " us", &rounds, times, ">= 25"));
    Ok(())
}

/// Of so many seconds for so many calls, the microseconds of each.
#[expect(clippy::cast_precision_loss, reason = "some thousands")]
fn each(seconds: f64, calls: usize) -> f64 {
    seconds * 1e6 / calls as f64
}

/// How many times of ours theirs is.
fn times([ours, theirs]: [f64; 2]) -> f64 {
    theirs / ours
}
