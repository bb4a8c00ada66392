//! The vendors' own clients: what they read, compared with what ours reads.

mod adobe;
mod cloudflare;

use anyhow::Context;

use crate::judge::{Comparisons, Verdict};
use crate::program::{CAMPAIGN, CLOUDFLARE_NODE, CLOUDFLARE_PYTHON, Programs};

pub(crate) async fn judge(programs: &Programs) -> anyhow::Result<Vec<Verdict>> {
    let node = cloudflare::compared(programs.node("cloudflare.cjs")).await;
    let python = cloudflare::compared(programs.python("cloudflare_client.py")).await;
    let verdict = |judge, version, about, exclusions, compared: Comparisons| Verdict {
        judge,
        version,
        about: String::from(about),
        count: compared.count,
        findings: compared.findings,
        exclusions,
    };
    let about = "profile, organizations, audit log: read alike";
    // Its future holds several of the client's, and would make every caller's large.
    let adobe = Box::pin(adobe::compared(programs)).await;
    let adobe = adobe.context("Adobe's library")?;
    Ok(vec![
        verdict(
            "cloudflare (Node)",
            CLOUDFLARE_NODE,
            about,
            &[cloudflare::ONE_PAGE],
            node.context("Cloudflare's client for Node")?,
        ),
        verdict(
            "cloudflare (Python)",
            CLOUDFLARE_PYTHON,
            about,
            &[],
            python.context("Cloudflare's client for Python")?,
        ),
        verdict(
            "@adobe/aio-lib-campaign-standard",
            CAMPAIGN,
            "profiles, units, services, metadata: alike",
            &adobe::LEFT_OUT,
            adobe,
        ),
    ])
}
