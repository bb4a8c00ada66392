//! What the program costs: `cargo bench --profile program -p letterhead-cli`.
//!
//! A plan over 2,000 organizations beside the same requests by hand at the same concurrency, its memory, the time to
//! its help and to its first request, and the size of the program.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use letterhead_sandbox::Sandbox;
use serde_json::json;
use tokio::runtime::Runtime;

const PROGRAM: &str = env!("CARGO_BIN_EXE_letterhead");
const ORGANIZATIONS: usize = 2000;
/// How many targets the program reads at once.
const AT_ONCE: usize = 16;
const ROUNDS: usize = 10;

fn main() {
    // `cargo test --benches` asks for none.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start()).expect("a sandbox");
    let variables = sandbox.environment(folder.path()).expect("an environment");
    let program = |arguments: &[&str]| {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.env_clear().envs(variables.iter().map(|(name, value)| (name, value)));
        command
    };

    let help = least(|| assert!(program(&["--help"]).status().expect("a process").success()));
    println!("time to the help: {} ms, wanted: at most 15", millis(help));
    fs::write(
        folder.path().join("one.yaml"),
        "company: {phone: '1'}\ncloudflare: {organizations: [{id: a}]}\n",
    )
    .expect("a file");
    let first = (0..ROUNDS).map(|_| {
        drop(sandbox.take_requests());
        let start = Instant::now();
        let mut plan = program(&["plan", "one.yaml"]).spawn().expect("a process");
        while sandbox.requests().is_empty() {
            std::hint::spin_loop();
        }
        let first = start.elapsed();
        plan.wait().expect("a process");
        first
    });
    println!(
        "time to the first request: {} ms, wanted: at most 40",
        millis(first.min().unwrap_or_default())
    );

    sandbox.record_requests(false);
    let mut file = "company: {phone: '1'}\ncloudflare:\n  organizations:\n".to_owned();
    let paths: Vec<_> = (0..ORGANIZATIONS)
        .map(|number| {
            let id = format!("{number:032x}");
            let _ = writeln!(file, "    - id: '{id}'");
            let path = format!("/client/v4/organizations/{id}");
            sandbox.put_resource(&path, json!({"id": id, "name": id}));
            let profile = json!({
                "business_name": id, "business_email": "office@fabrikam.example", "business_phone": "+31 15 555 0142",
                "business_address": r#"{"line1":"14 Calibration Way","city":"Redmond","country":"US"}"#,
                "external_metadata": r#"{"department":"metrology"}"#,
            });
            sandbox.put_resource(&format!("{path}/profile"), profile);
            format!("{}{path}/profile", sandbox.url())
        })
        .collect();
    fs::write(folder.path().join("company.yaml"), file).expect("a file");
    let mut memory = 0.0_f64;
    // In turns, so that whatever else the machine does slows both.
    let rounds = (0..ROUNDS).map(|_| {
        let raw = took(|| runtime.block_on(by_hand(&paths, &variables)));
        let plan = took(|| {
            let mut plan = program(&["plan"]).spawn().expect("a process");
            while plan.try_wait().expect("a process").is_none() {
                memory = memory.max(peak(plan.id()));
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        (raw, plan)
    });
    let (raw, plan): (Vec<_>, Vec<_>) = rounds.unzip();
    let [raw, plan] = [raw, plan].map(|took| took.into_iter().min().unwrap_or_default());
    println!("{ORGANIZATIONS} requests by hand: {} ms", millis(raw));
    println!(
        "a plan over {ORGANIZATIONS} organizations: {} ms, {:.2} times as long, wanted: at most 2.5",
        millis(plan),
        plan.as_secs_f64() / raw.as_secs_f64()
    );
    println!("its memory: {:.1} MiB, wanted: at most 64", memory / 1024.0);
    println!("the program, stripped: {:.1} MB, wanted: at most 12", stripped(folder.path()) / 1e6);
}

/// The same requests with reqwest alone.
async fn by_hand(paths: &[String], variables: &[(String, String)]) {
    let client = letterhead::http_client_builder().expect("TLS").build().expect("a client");
    let variable =
        |name| variables.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value);
    let (email, key) = (variable("CLOUDFLARE_EMAIL"), variable("CLOUDFLARE_API_KEY"));
    let reads = paths.iter().map(|path| {
        let request = client.get(path).header("X-Auth-Email", email).header("X-Auth-Key", key);
        async {
            let response = request.send().await.expect("a response");
            let body = response.bytes().await.expect("a body");
            serde_json::from_slice::<serde_json::Value>(&body).expect("JSON")
        }
    });
    let read: Vec<_> = stream::iter(reads).buffer_unordered(AT_ONCE).collect().await;
    assert!(read.iter().all(|envelope| envelope["success"] == true));
}

fn least(mut run: impl FnMut()) -> Duration {
    (0..ROUNDS).map(|_| took(&mut run)).min().unwrap_or_default()
}

fn took(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn millis(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1e3)
}

/// The most memory that a process has had so far, in KiB; none where the system doesn't say.
fn peak(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

/// The size of the program without symbols, in bytes.
fn stripped(folder: &Path) -> f64 {
    let copy = folder.join("stripped");
    let status = Command::new("strip").arg("-o").arg(&copy).arg(PROGRAM).status();
    assert!(status.is_ok_and(|status| status.success()), "`strip` is in the package binutils");
    let size = fs::metadata(copy).expect("a file").len();
    #[expect(clippy::cast_precision_loss, reason = "it is shown with one digit")]
    let size = size as f64;
    size
}
