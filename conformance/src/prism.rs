//! Stoplight Prism between our clients and the services: every request and every answer is held against
//! our documents by a program that we didn't write.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use letterhead_sandbox::Sandbox;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::Child;

use crate::judge::Verdict;
use crate::operations::{Calls, Operations};
use crate::program::{PRISM, Programs};
use crate::relay::Relay;
use crate::scene::{CAMPAIGN_BASE, CLOUDFLARE_BASE, Clients};

/// How long it may take to listen.
const START: Duration = Duration::from_secs(60);

/// What one document needs: its name, and the path that it continues.
const DOCUMENTS: [(&str, &str, &str); 3] = [
    ("partner-center", "", "Partner Center, every operation"),
    ("cloudflare", CLOUDFLARE_BASE, "Cloudflare, every operation"),
    (
        "campaign-standard",
        CAMPAIGN_BASE,
        "Campaign Standard, every operation",
    ),
];

pub(crate) async fn judge(programs: &Programs) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::new();
    for (document, base, about) in DOCUMENTS {
        let verdict = judge_one(programs, document, base, about).await;
        verdicts.push(verdict.with_context(|| format!("Prism and {document}"))?);
    }
    Ok(verdicts)
}

async fn judge_one(
    programs: &Programs,
    document: &str,
    base: &'static str,
    about: &'static str,
) -> anyhow::Result<Verdict> {
    let sandbox = Sandbox::start().await?;
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../spec/{document}.yaml"));
    let text = std::fs::read_to_string(&spec).with_context(|| spec.display().to_string())?;
    let operations = Operations::of(document, &text, base)?;

    // Its paths are those of the document; what they continue is taken away before it and put back
    // behind it.
    let behind = Relay::start(sandbox.url(), "").await?;
    let prism = Prism::start(programs, spec, &format!("{}{base}", behind.url())).await?;
    let before = Relay::start(prism.url.clone(), base).await?;
    let url = before.url();
    let clients = Clients::at(&url, &format!("{url}{CLOUDFLARE_BASE}"), &url)?;
    let mut calls = Calls::default();
    match base {
        CLOUDFLARE_BASE => calls.cloudflare(&clients).await,
        CAMPAIGN_BASE => calls.campaign_standard(&clients.campaign).await,
        _ => Box::pin(calls.partner_center(&clients.partner)).await,
    }
    let missing = operations.missing(&sandbox.exchanges());
    let mut findings = calls.findings;
    findings.extend(missing.iter().map(|name| format!("{name} wasn't called")));
    Ok(Verdict {
        judge: "@stoplight/prism-cli",
        version: PRISM,
        about,
        count: calls.count,
        findings,
        exclusions: &[],
    })
}

/// A running Prism, which ends with this.
struct Prism {
    url: String,
    _process: Child,
}

impl Prism {
    async fn start(programs: &Programs, document: PathBuf, upstream: &str) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let mut process = programs
            .npm_program("prism")
            .args(["proxy", "--errors", "--port", &port.to_string()])
            .arg(document)
            .arg(upstream)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("it can't be started")?;
        let output = process.stdout.take().context("it has no output")?;
        let mut lines = BufReader::new(output).lines();
        let listens = async {
            while let Some(line) = lines.next_line().await? {
                if line.contains("is listening") {
                    return Ok(());
                }
            }
            bail!("it ended before it listened")
        };
        tokio::time::timeout(START, listens)
            .await
            .context("it doesn't listen")??;
        // It would stop where nobody reads what it says.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self {
            url: format!("http://127.0.0.1:{port}"),
            _process: process,
        })
    }
}
