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
#[path = "../report/mod.rs"]
mod report;

use std::error::Error;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;
use std::{env, mem};

use bytes::Bytes;
use http::Response;
use letterhead::partner_center::{Client, Credential, types};
use letterhead::{Attempt, BoxFuture, Hook, HookResult};
use serde::Serialize;
use serde::de::DeserializeOwned;

use counter::{ALLOCATIONS, Counter, HELD, INSTRUCTIONS};
use report::{Report, Row};

type Fault = Box<dyn Error + Send + Sync>;

/// How many customers the page of the goals has.
const CUSTOMERS: usize = 500;

/// The sizes of the other pages.
const SIZES: [usize; 4] = [1, 10, 100, 5000];

/// The pages, each with what is unknown in every customer of it.
const PAGES: [(&str, &str); 2] =
    [("known", ""), ("unknown", r#""segment":{"name":"SMB","tier":2.50},"#)];

/// The two sides.
const SIDES: [&str; 2] = ["letterhead", "derive"];

fn main() -> ExitCode {
    report::exit(run())
}

fn run() -> Result<(), Fault> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let [work @ ("decode" | "encode" | "hold"), side, page, times] = words.as_slice() {
        let (_, unknown) = PAGES.iter().find(|(name, _)| name == page).ok_or("which page?")?;
        let json = Bytes::from(json(CUSTOMERS, unknown));
        let times = times.parse()?;
        return if *side == SIDES[0] {
            Letterhead::of(json)?.work(work, times)
        } else {
            Derive(json).work(work, times)
        };
    }
    let mut report = Report::of(&arguments)?;
    let rounds = if report.is_quick { 15 } else { 101 };
    measure(&mut report, rounds)?;
    if !report.is_quick {
        sizes(&mut report, rounds)?;
    }
    report.finish()
}

/// A page as Partner Center sends it.
fn json(customers: usize, unknown: &str) -> String {
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
    let count = customers;
    let customers: Vec<String> = (0..count).map(customer).collect();
    format!(
        concat!(
            r#"{{"totalCount":{count},"items":[{customers}],"#,
            r#""links":{{"self":{{"uri":"/customers?size=500","method":"GET","headers":[]}}}},"#,
            r#""attributes":{{"objectType":"Collection"}}}}"#,
        ),
        count = count,
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

fn measure(report: &mut Report, rounds: usize) -> Result<(), Fault> {
    let counts = Counter::is_there()?;
    println!(
        "A page of {CUSTOMERS} customers. Ratio: letterhead / derive, median of {rounds} paired rounds."
    );
    println!();
    for (name, unknown) in PAGES {
        let bytes = Bytes::from(json(CUSTOMERS, unknown));
        let (letterhead, derive) = (Letterhead::of(bytes.clone())?, Derive(bytes.clone()));
        let pages = (letterhead.decode()?, derive.decode()?);
        let written = encode(&pages.0)?;
        if parse::<serde_json::Value>(&written)? != parse::<serde_json::Value>(&bytes)? {
            return Err(format!("letterhead loses something of the page `{name}`").into());
        }
        report.table(name, SIDES);
        let decoded = times(rounds, || letterhead.decode(), || derive.decode())?;
        report.row(&Row::paired("decoded, time", " us", &decoded, ratio, "<= 1.05"));
        let encoded = times(rounds, || encode(&pages.0), || encode(&pages.1))?;
        report.row(&Row::paired("encoded, time", " us", &encoded, ratio, "<= 0.95"));
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
            let sides = [count(SIDES[0])?, count(SIDES[1])?];
            report.row(&Row::counted(what, sides, goal));
        }
    }
    Ok(())
}

/// Pages of other sizes, of which all is known.
fn sizes(report: &mut Report, rounds: usize) -> Result<(), Fault> {
    report.table("decoded, time", SIDES);
    for size in SIZES {
        let bytes = Bytes::from(json(size, ""));
        let (letterhead, derive) = (Letterhead::of(bytes.clone())?, Derive(bytes));
        let decoded = times(rounds, || letterhead.decode(), || derive.decode())?;
        report.row(&Row::paired(&format!("{size} a page"), " us", &decoded, ratio, ""));
    }
    Ok(())
}

fn ratio([ours, theirs]: [f64; 2]) -> f64 {
    ours / theirs
}

/// The times in microseconds of two pieces of work, which take turns.
fn times<A, B>(
    rounds: usize,
    ours: impl Fn() -> Result<A, Fault>,
    theirs: impl Fn() -> Result<B, Fault>,
) -> Result<Vec<[f64; 2]>, Fault> {
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
    Ok(times)
}

fn timed<T>(work: impl Fn() -> Result<T, Fault>) -> Result<f64, Fault> {
    let start = Instant::now();
    drop(black_box(work()?));
    Ok(start.elapsed().as_secs_f64() * 1e6)
}
