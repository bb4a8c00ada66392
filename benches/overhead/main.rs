//! What letterhead costs: its calls against the same calls written by hand with reqwest and serde.
//!
//! ```text
//! cargo bench --bench overhead              a minute
//! cargo bench --bench overhead -- --quick   some seconds
//! ```
//!
//! A pair of calls is the main job: read Partner Center's organization profile, change the phone
//! number, write the profile back. On both sides each call makes two UUIDs and sends them with a
//! bearer, `Accept` and `User-Agent`; waits at most 180 seconds and 10 for a connection, and follows
//! no redirect; checks the status, cuts the byte order mark off and decodes the body into types that
//! keep unknown members; and gives back the value and the headers, from which the ids are read. The
//! server refuses a call that leaves a header or a member out.
//!
//! What only letterhead does is its overhead, and counted: the spans (no subscriber is installed, as
//! in a program that doesn't trace; what one costs is shown below), the check of the response's origin, the correlation id of the
//! task, the nulls and empty lists that it keeps, the secrets that it would redact in an error.
//!
//! Figures are shown beside the goals and never fail the run. A ratio of throughputs is taken from
//! two rounds that follow each other, so that what else the machine does strikes both sides.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is what this is for")]

mod by_hand;
#[path = "../child/mod.rs"]
mod child;
#[path = "../counter/mod.rs"]
mod counter;
#[path = "../report/mod.rs"]
mod report;
mod server;

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use http::HeaderMap;
use letterhead::Reply;
use letterhead::partner_center::{self, Credential, types};
use serde::Serialize;
use serde_json::Value;

use counter::{ALLOCATIONS, Counter, INSTRUCTIONS};
use report::{Report, Row};
use server::NEW_PHONE;

type Fault = Box<dyn Error + Send + Sync>;

const TOKEN: &str =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2FwaSJ9.c2lnbmF0dXJl";

fn main() -> ExitCode {
    report::exit(run())
}

fn run() -> Result<(), Fault> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    // One thread for each process: the client's and the server's work never share one.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => runtime.block_on(server::serve()),
        ["call", side, base_url, pairs] => {
            let pairs = pairs.parse()?;
            match *side {
                TRACED => {
                    tracing::subscriber::set_global_default(tracing_subscriber::registry())?;
                    runtime.block_on(call(&Letterhead::to(base_url)?, pairs))
                }
                Letterhead::NAME => runtime.block_on(call(&Letterhead::to(base_url)?, pairs)),
                _ => runtime.block_on(call(&ByHand::to(base_url)?, pairs)),
            }
        }
        _ => {
            let mut report = Report::of(&arguments)?;
            let plan = if report.is_quick { &QUICK } else { &FULL };
            runtime.block_on(measure(&mut report, plan))?;
            report.finish()
        }
    }
}

/// How much is measured.
struct Plan {
    /// Rounds of each side.
    rounds: usize,
    /// How many tasks make calls at once, and how many pairs each of them makes in a round.
    in_flight: &'static [(usize, usize)],
    /// Pairs of the two runs whose difference in instructions is taken.
    counted_pairs: [u32; 2],
}

const FULL: Plan = Plan {
    rounds: 31,
    in_flight: &[(1, 800), (8, 200), (64, 60), (512, 8)],
    counted_pairs: [100, 600],
};

const QUICK: Plan = Plan { rounds: 7, in_flight: &[(1, 200), (64, 15)], counted_pairs: [40, 140] };

async fn measure(report: &mut Report, plan: &Plan) -> Result<(), Fault> {
    let server = child::Server::own()?;
    let letterhead = Letterhead::to(&server.line)?;
    let by_hand = ByHand::to(&server.line)?;
    verify(&letterhead).await?;
    verify(&by_hand).await?;

    println!(
        "GET and PUT of an organization profile, HTTP/1.1 on loopback, server in another process."
    );
    println!(
        "Client: a current-thread runtime. Ratio: letterhead / by hand, median of {} paired rounds.",
        plan.rounds
    );
    println!();
    report.table("", ["letterhead", "by hand"]);
    for &(in_flight, pairs) in plan.in_flight {
        let mut rounds = Vec::with_capacity(plan.rounds);
        // The first round opens the connections and isn't counted.
        for round in 0..=plan.rounds {
            let (ours, theirs);
            if round % 2 == 0 {
                ours = throughput(&letterhead, in_flight, pairs).await?;
                theirs = throughput(&by_hand, in_flight, pairs).await?;
            } else {
                theirs = throughput(&by_hand, in_flight, pairs).await?;
                ours = throughput(&letterhead, in_flight, pairs).await?;
            }
            if round > 0 {
                rounds.push([ours, theirs]);
            }
        }
        let what = format!("throughput, {in_flight} in flight");
        let goal = match in_flight {
            1 => ">= 1.00",
            64 => ">= 1.03",
            _ => "",
        };
        report.row(&Row::paired(&what, "/s", &rounds, |[ours, theirs]| ours / theirs, goal));
    }

    if !Counter::is_there()? {
        println!("No instructions: `valgrind`, which counts them, isn't installed.");
        return Ok(());
    }
    let mut traced = Vec::new();
    for (counter, goal) in [(INSTRUCTIONS, "<= 0.92"), (ALLOCATIONS, "")] {
        // A pair is two calls.
        let count = |side| {
            let pair = counter.each(&["call", side, &server.line], plan.counted_pairs);
            pair.map(|figure| figure / 2.0)
        };
        let sides = [count(Letterhead::NAME)?, count(ByHand::NAME)?];
        report.row(&Row::counted(&format!("{} per call", counter.what), sides, goal));
        traced.push((counter.what, [count(TRACED)?, sides[0]]));
    }
    report.table("", ["traced", "untraced"]);
    for (what, sides) in traced {
        report.row(&Row::counted(&format!("{what}, letterhead"), sides, ""));
    }
    Ok(())
}

/// How many calls a second one round makes.
async fn throughput<S: Side>(side: &S, in_flight: usize, pairs: usize) -> Result<f64, Fault> {
    let start = Instant::now();
    if in_flight == 1 {
        call(side, pairs).await?;
    } else {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..in_flight {
            let side = side.clone();
            tasks.spawn(async move { call(&side, pairs).await });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let calls = (2 * pairs * in_flight) as f64;
    Ok(calls / start.elapsed().as_secs_f64())
}

/// One of the two that are compared.
trait Side: Clone + Send + Sync + Sized + 'static {
    const NAME: &str;
    type Profile: Serialize + Send;
    type Received: Send;

    fn to(base_url: &str) -> Result<Self, Fault>;

    fn get(&self) -> impl Future<Output = Result<Self::Received, Fault>> + Send;

    fn put(
        &self,
        profile: Self::Profile,
    ) -> impl Future<Output = Result<Self::Received, Fault>> + Send;

    fn headers(response: &Self::Received) -> &HeaderMap;

    fn into_profile(response: Self::Received) -> Self::Profile;

    fn set_phone(profile: &mut Self::Profile, phone: String);
}

/// Reads, changes and writes the profile, `pairs` times.
async fn call<S: Side>(side: &S, pairs: usize) -> Result<(), Fault> {
    for _ in 0..pairs {
        let response = side.get().await?;
        black_box(ids(S::headers(&response)));
        let mut profile = S::into_profile(response);
        S::set_phone(&mut profile, NEW_PHONE.to_owned());
        let response = side.put(profile).await?;
        black_box(ids(S::headers(&response)));
        black_box(S::into_profile(response));
    }
    Ok(())
}

/// The request id, the correlation id and the service's own id.
fn ids(headers: &HeaderMap) -> [Option<&str>; 3] {
    [server::REQUEST_ID, server::CORRELATION_ID, server::TRACE_ID]
        .map(|name| headers.get(name).and_then(|value| value.to_str().ok()))
}

/// Makes sure, once, that `side` decodes and encodes everything.
async fn verify<S: Side>(side: &S) -> Result<(), Fault> {
    let check = |what: &str, profile: &S::Profile, expected: &str| {
        let expected: Value = serde_json::from_str(expected)?;
        let found = serde_json::to_value(profile)?;
        if found == expected {
            Ok(())
        } else {
            Err(Fault::from(format!("{}: {what} is {found} and not {expected}", S::NAME)))
        }
    };
    let response = side.get().await?;
    match ids(S::headers(&response)) {
        [Some(request_id), Some(correlation_id), Some(server::TRACE)]
            if request_id.len() == 36 && correlation_id.len() == 36 => {}
        ids => return Err(format!("{}: the ids are {ids:?}", S::NAME).into()),
    }
    let mut profile = S::into_profile(response);
    check("what was read", &profile, &server::profile())?;
    S::set_phone(&mut profile, NEW_PHONE.to_owned());
    check("what is sent", &profile, &server::changed())?;
    let stored = S::into_profile(side.put(profile).await?);
    check("what came back", &stored, &server::stored())
}

/// letterhead with a subscriber that keeps every span while it lasts.
const TRACED: &str = "traced";

type Letterhead = partner_center::Client;

impl Side for Letterhead {
    const NAME: &str = "letterhead";
    type Profile = types::OrganizationProfile;
    type Received = Reply<Self::Profile>;

    fn to(base_url: &str) -> Result<Self, Fault> {
        let credential = Credential::bearer(TOKEN)?;
        let builder = Self::builder().base_url(base_url).credential(credential);
        Ok(builder.build()?)
    }

    async fn get(&self) -> Result<Self::Received, Fault> {
        Ok(self.get_organization_profile().send().await?)
    }

    async fn put(&self, profile: Self::Profile) -> Result<Self::Received, Fault> {
        Ok(self.update_organization_profile().body(profile).send().await?)
    }

    fn headers(response: &Self::Received) -> &HeaderMap {
        response.headers()
    }

    fn into_profile(response: Self::Received) -> Self::Profile {
        response.into_inner()
    }

    fn set_phone(profile: &mut Self::Profile, phone: String) {
        profile.default_address.get_or_insert_default().phone_number = Some(phone);
    }
}

type ByHand = by_hand::Client;

impl Side for ByHand {
    const NAME: &str = "by-hand";
    type Profile = by_hand::Profile;
    type Received = by_hand::Response;

    fn to(base_url: &str) -> Result<Self, Fault> {
        Self::new(base_url, TOKEN)
    }

    async fn get(&self) -> Result<Self::Received, Fault> {
        self.organization_profile().await
    }

    async fn put(&self, profile: Self::Profile) -> Result<Self::Received, Fault> {
        self.update_organization_profile(&profile).await
    }

    fn headers(response: &Self::Received) -> &HeaderMap {
        &response.headers
    }

    fn into_profile(response: Self::Received) -> Self::Profile {
        response.profile
    }

    fn set_phone(profile: &mut Self::Profile, phone: String) {
        profile.default_address.get_or_insert_default().phone_number = Some(phone);
    }
}
