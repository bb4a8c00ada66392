//! `cargo xtask conformance`: has clients and judges that others wrote work with the sandbox and with our
//! documents, and prints what they say.
//!
//! They come from npm and `PyPI`, in exact versions, and talk to loopback only. None of them is changed.
//! The library's tests run once more, so that their requests and responses are judged as well.
//! Exits 0 when all agree, 1 when one objects, 2 when one could not be installed or run.

mod clients;
mod constructs;
mod documents;
mod judge;
mod loopback;
mod prism;
mod program;
mod redocly;
mod relay;
mod scene;
mod schemathesis;
mod test_run;
mod tunnel;

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::ensure;
use clap::Parser;
use judge::Table;
use program::Programs;

/// Who has to have said something.
const JUDGES: [&str; 9] = [
    "@redocly/cli drift",
    "@redocly/cli lint",
    "letterhead's own tests",
    "@stoplight/prism-cli",
    "openapi-core",
    "schemathesis",
    "cloudflare (Node)",
    "cloudflare (Python)",
    "@adobe/aio-lib-campaign-standard",
];

/// Have clients and judges that others wrote work with the sandbox and with the documents, and print what they
/// say. Installs them from npm and `PyPI` into `target/conformance`. Exits 0 when all agree, 1 when one objects, 2
/// when one could not be installed or run.
#[derive(Parser)]
#[command(name = "cargo xtask conformance", bin_name = "cargo xtask conformance")]
struct Arguments {}

fn main() -> ExitCode {
    let Arguments {} = Arguments::parse();
    letterhead_command::run(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(conformance())
    })
}

async fn conformance() -> anyhow::Result<bool> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/conformance");
    let programs = Programs::install(folder.clone()).await?;
    let mut verdicts = redocly::lint::judge(&programs).await?;
    let entries = test_run::run(&programs.new_folder("entries")?).await?;
    verdicts.extend(test_run::coverage(&entries)?);
    verdicts.extend(redocly::drift::judge(&programs, &entries).await?);
    verdicts.extend(prism::judge(&programs, entries).await?);
    verdicts.extend(constructs::judge(&programs).await?);
    verdicts.extend(schemathesis::judge(&programs).await?);
    verdicts.extend(clients::judge(&programs).await?);
    let table = Table(verdicts);
    let silent = table.without(&JUDGES);
    ensure!(silent.is_empty(), "no word from {silent:?}");
    write!(io::stdout().lock(), "{table}")?;
    Ok(table.holds())
}
