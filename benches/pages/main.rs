//! What a page of a list costs in memory and time: letterhead's types against serde's derive.
//!
//! ```text
//! cargo bench --bench pages              some seconds
//! cargo bench --bench pages -- --quick   a second or two
//! ```
//!
//! The page has 500 customers of Partner Center. The derive's types have the same members and drop those
//! that they don't know; letterhead's keep them exactly as they came. One page has nothing to keep, and
//! the other one has a member in each customer that no document knows. letterhead decodes as it always does, in a call,
//! whose response a hook gives.
//!
//! Figures are shown beside the goals and never fail the run. A ratio of times is taken from two rounds
//! that follow each other, so that what else the machine does strikes both sides.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is what this is for")]

#[path = "../counter/mod.rs"]
mod counter;
mod derived;

use std::error::Error;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, mem};

use bytes::Bytes;
use http::Response;
use letterhead::partner_center::{Client, Credential, types};
use letterhead::{Attempt, BoxFuture, Hook, HookResult};
use serde::Serialize;
use serde::de::DeserializeOwned;

use counter::{ALLOCATIONS, Counter, HELD, INSTRUCTIONS};

type Fault = Box<dyn Error + Send + Sync>;

const CUSTOMERS: usize = 500;

/// The pages, each with what is unknown in every customer of it.
const PAGES: [(&str, &str); 2] =
    [("known", ""), ("unknown", r#""segment":{"name":"SMB","tier":2.50},"#)];

/// The two sides.
const SIDES: [&str; 2] = ["letterhead", "derive"];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("pages: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Fault> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [work @ ("decode" | "encode" | "hold"), side, page, times] => {
            let (_, unknown) = PAGES.iter().find(|(name, _)| name == page).ok_or("which page?")?;
            let json = Bytes::from(json(unknown));
            let times = times.parse()?;
            if *side == SIDES[0] {
                Letterhead::of(json)?.work(work, times)
            } else {
                Derive(json).work(work, times)
            }
        }
        // Cargo adds `--bench`.
        options => match options.iter().find(|option| !["--bench", "--quick"].contains(option)) {
            Some(option) => Err(format!("`{option}`? The one option is `--quick`").into()),
            None => measure(if options.contains(&"--quick") { 15 } else { 101 }),
        },
    }
}

/// The page as Partner Center sends it.
fn json(unknown: &str) -> String {
    let customer = |index: usize| {
        format!(
            concat!(
                r#"{{"id":"{id}","commerceId":"{id}","companyProfile":{{"tenantId":"{id}","#,
                r#""domain":"fabrikam{index}.example","companyName":"Fabrikam Instruments {index}","#,
                r#""attributes":{{"objectType":"CustomerCompanyProfile"}}}},"#,
                r#""relationshipToPartner":"reseller","allowDelegatedAccess":true,{unknown}"#,
                r#""links":{{"self":{{"uri":"/customers/{id}","method":"GET","headers":[]}}}},"#,
                r#""attributes":{{"objectType":"Customer"}}}}"#,
            ),
            id = format_args!("5b0e7c52-91f4-4c7e-a1f3-0d6c2a9b{index:04x}"),
            index = index,
            unknown = unknown,
        )
    };
    let customers: Vec<String> = (0..CUSTOMERS).map(customer).collect();
    format!(
        concat!(
            r#"{{"totalCount":{count},"items":[{customers}],"#,
            r#""links":{{"self":{{"uri":"/customers?size=500","method":"GET","headers":[]}}}},"#,
            r#""attributes":{{"objectType":"Collection"}}}}"#,
        ),
        count = CUSTOMERS,
        customers = customers.join(","),
    )
}

/// One of the two that are compared.
trait Side {
    type Page: Serialize;

    fn decode(&self) -> Result<Self::Page, Fault>;

    fn work(&self, work: &str, times: usize) -> Result<(), Fault> {
        match work {
            "decode" => {
                (0..times).try_for_each(|_| self.decode().map(|page| drop(black_box(page))))
            }
            // Kept for good, so that what a page holds can be counted.
            "hold" => (0..times).try_for_each(|_| self.decode().map(mem::forget)),
            _ => {
                let page = self.decode()?;
                (0..times).try_for_each(|_| encode(&page).map(|json| drop(black_box(json))))
            }
        }
    }
}

fn encode(page: &impl Serialize) -> Result<Vec<u8>, Fault> {
    Ok(serde_json::to_vec(black_box(page))?)
}

struct Letterhead {
    client: Client,
    runtime: tokio::runtime::Runtime,
}

/// Gives the page in the vendor's place.
struct Given(Bytes);

impl Hook for Given {
    fn on_request<'a>(&'a self, _: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(async { Ok(Some(Response::new(self.0.clone()))) })
    }
}

impl Letterhead {
    fn of(json: Bytes) -> Result<Self, Fault> {
        let credential = Credential::bearer("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9")?;
        let client = Client::builder().credential(credential).hook(Given(json)).build()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { client, runtime })
    }
}

impl Side for Letterhead {
    type Page = types::CustomerPage;

    fn decode(&self) -> Result<Self::Page, Fault> {
        let page = self.runtime.block_on(self.client.list_customers().send())?;
        Ok(page.into_inner())
    }
}

struct Derive(Bytes);

impl Side for Derive {
    type Page = derived::Page;

    fn decode(&self) -> Result<Self::Page, Fault> {
        parse(&self.0)
    }
}

fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, Fault> {
    Ok(serde_json::from_slice(json)?)
}

fn measure(rounds: usize) -> Result<(), Fault> {
    let counts = Counter::is_there()?;
    println!(
        "A page of {CUSTOMERS} customers. Ratio: letterhead / derive, median of {rounds} paired rounds."
    );
    for (name, unknown) in PAGES {
        let bytes = Bytes::from(json(unknown));
        let (letterhead, derive) = (Letterhead::of(bytes.clone())?, Derive(bytes.clone()));
        let pages = (letterhead.decode()?, derive.decode()?);
        let written = encode(&pages.0)?;
        if parse::<serde_json::Value>(&written)? != parse::<serde_json::Value>(&bytes)? {
            return Err(format!("letterhead loses something of the page `{name}`").into());
        }
        println!();
        println!(
            "{:<26}{:>13}{:>13}{:>8}{:>8}{:>8}{:>9}",
            name, SIDES[0], SIDES[1], "ratio", "min", "max", "goal"
        );
        time("decoded, time", rounds, "<= 1.05", || letterhead.decode(), || derive.decode())?;
        time("encoded, time", rounds, "<= 0.95", || encode(&pages.0), || encode(&pages.1))?;
        if !counts {
            println!("No instructions: `valgrind`, which counts them, isn't installed.");
            continue;
        }
        for (what, counter, work, goal) in [
            ("decoded, instructions", INSTRUCTIONS, "decode", "<= 1.05"),
            ("decoded, allocations", ALLOCATIONS, "decode", ""),
            ("encoded, instructions", INSTRUCTIONS, "encode", "<= 0.95"),
            ("held, bytes", HELD, "hold", "<= 1.10"),
        ] {
            let count = |side| counter.each(&[work, side, name], [2, 6]);
            let [ours, theirs] = [count(SIDES[0])?, count(SIDES[1])?];
            let ratio = ours / theirs;
            println!("{what:<26}{ours:>13.0}{theirs:>13.0}{ratio:>8.3}{:>8}{:>8}{goal:>9}", "", "");
        }
    }
    Ok(())
}

/// Shows the times of two pieces of work, which take turns.
fn time<A, B>(
    what: &str,
    rounds: usize,
    goal: &str,
    ours: impl Fn() -> Result<A, Fault>,
    theirs: impl Fn() -> Result<B, Fault>,
) -> Result<(), Fault> {
    let mut times = Vec::with_capacity(rounds);
    for round in 0..=rounds {
        let first = (round % 2 == 0).then(|| timed(&ours)).transpose()?;
        let second = timed(&theirs)?;
        let first = first.map_or_else(|| timed(&ours), Ok)?;
        // The first round warms up and isn't counted.
        if round > 0 {
            times.push([first, second]);
        }
    }
    let median =
        |side: usize| sorted(times.iter().map(|round| round[side].as_secs_f64() * 1e6))[rounds / 2];
    let ratios = sorted(times.iter().map(|[ours, theirs]| ours.div_duration_f64(*theirs)));
    let [ours, theirs] = [median(0), median(1)].map(|micros| format!("{micros:.0} us"));
    println!(
        "{what:<26}{ours:>13}{theirs:>13}{:>8.3}{:>8.3}{:>8.3}{goal:>9}",
        ratios[rounds / 2],
        ratios[0],
        ratios[rounds - 1]
    );
    Ok(())
}

fn timed<T>(work: impl Fn() -> Result<T, Fault>) -> Result<Duration, Fault> {
    let start = Instant::now();
    drop(black_box(work()?));
    Ok(start.elapsed())
}

fn sorted(figures: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures
}
