//! schemathesis, fed our documents: requests that it makes up from them, and what the services answer.

use std::path::Path;

use anyhow::{Context, bail};
use letterhead_sandbox::{Sandbox, credentials, seed};
use serde_json::Value;

use crate::documents::{CAMPAIGN_BASE, CLOUDFLARE_BASE};
use crate::judge::Verdict;
use crate::program::{Programs, SCHEMATHESIS, run};
use crate::relay::relay;

/// How many cases it makes up for each operation, beside those of its fixed list.
const EXAMPLES: &str = "25";
const SEED: &str = "1";
/// The resources that stay in the background when nothing is known of what is there.
const NOTHING: &str = "";

/// A document, where it is judged, and what it is judged by.
struct Case {
    about: [&'static str; 2],
    document: &'static str,
    base: &'static str,
    headers: Vec<String>,
    /// Values for path parameters with which the services find something.
    known: String,
    excluded: &'static str,
    exclusions: &'static [&'static str],
}

/// Two runs for each document: the edges of everything with identifiers that it makes up, and what is
/// drawn at random with those of what is there.
pub(crate) async fn judge(programs: &Programs) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::new();
    for case in cases() {
        for (about, known) in case.about.into_iter().zip([NOTHING, &case.known]) {
            let verdict = judge_one(programs, &case, about, known).await;
            verdicts.push(verdict.with_context(|| format!("schemathesis and {}", case.document))?);
        }
    }
    Ok(verdicts)
}

fn cases() -> [Case; 3] {
    let bearer = |token| format!("Authorization: Bearer {token}");
    [
        Case {
            about: ["Partner Center, unknown ids", "Partner Center, known ids"],
            document: "partner-center",
            base: "",
            headers: vec![bearer(credentials::PARTNER_CENTER_TOKEN)],
            known: parameters(&[
                ("customer_tenant_id", seed::CUSTOMER_TENANT_ID),
                ("user_id", seed::USER_ID),
                ("role_id", seed::ROLE_ID),
            ]),
            excluded: "positive_data_acceptance,negative_data_rejection",
            exclusions: &[
                "negative_data_rejection is left out. It finds that MS-RequestId may be any text: what \
                 the vendor does with one that is no GUID isn't known, and the sandbox takes it.",
                "positive_data_acceptance is left out. A made-up ETag, continuation token or customer \
                 id is valid by its schema, and the service has to refuse it; so does it with a body \
                 that lacks what its page demands in words.",
            ],
        },
        Case {
            about: ["Cloudflare, unknown ids", "Cloudflare, known ids"],
            document: "cloudflare",
            base: CLOUDFLARE_BASE,
            headers: vec![bearer(credentials::CLOUDFLARE_API_TOKEN)],
            known: parameters(&[
                ("organization_id", seed::CLOUDFLARE_ORGANIZATION_ID),
                ("account_id", seed::CLOUDFLARE_ACCOUNT_ID),
                ("member_id", seed::CLOUDFLARE_MEMBER_ID),
            ]),
            excluded: "ignored_auth,positive_data_acceptance",
            exclusions: &[
                "ignored_auth is left out. It wants 401 or 403 where there is no credential, and \
                 Cloudflare answers 400 with code 9106.",
                "positive_data_acceptance is left out. A made-up page token or destination is valid by \
                 its schema, and the service has to refuse it.",
            ],
        },
        Case {
            about: [
                "Campaign Standard, unknown ids",
                "Campaign Standard, known ids",
            ],
            document: "campaign-standard",
            base: CAMPAIGN_BASE,
            headers: vec![
                bearer(credentials::CAMPAIGN_ACCESS_TOKEN),
                format!("X-Api-Key: {}", credentials::CAMPAIGN_API_KEY),
            ],
            known: parameters(&[
                ("org_unit_pkey", seed::CAMPAIGN_UNIT_PKEY),
                ("geo_unit_pkey", seed::CAMPAIGN_GEO_UNIT_PKEY),
                ("profile_pkey", seed::CAMPAIGN_PROFILE_PKEY),
                ("service_pkey", seed::CAMPAIGN_SERVICE_PKEY),
                ("resource", "profile"),
            ]),
            excluded: "not_a_server_error",
            exclusions: &[
                "not_a_server_error is left out. Adobe answers 500 where the request is wrong, and the \
                 document says so; a 5xx that it doesn't declare is still found, by \
                 status_code_conformance.",
            ],
        },
    ]
}

fn parameters(known: &[(&str, &str)]) -> String {
    let lines = known
        .iter()
        .map(|(name, value)| format!("\"path.{name}\" = \"{value}\"\n"));
    format!("[parameters]\n{}", lines.collect::<String>())
}

async fn judge_one(
    programs: &Programs,
    case: &Case,
    about: &'static str,
    known: &str,
) -> anyhow::Result<Verdict> {
    let sandbox = Sandbox::start().await?;
    sandbox.keep_exchanges(false);
    let relay = relay(sandbox.url()).await?;
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let configuration = programs.file("schemathesis.toml", known)?;
    let report = programs.file("schemathesis.json", NOTHING)?;

    let phases = if known.is_empty() {
        "examples,coverage"
    } else {
        "fuzzing"
    };
    let mut command = programs.python_program("schemathesis");
    command.arg("--config-file").arg(configuration);
    command
        .arg("run")
        .arg(spec.join(format!("{}.yaml", case.document)))
        .args(["--url", &format!("{}{}", relay.url(), case.base)])
        .args(["--phases", phases])
        .args(["--max-examples", EXAMPLES, "--seed", SEED])
        .args(["--generation-database", "none"])
        // Both kinds of Cloudflare's credentials at once are a mistake, and it would make it.
        .args(["--generation-with-security-parameters", "false"])
        .args(["--exclude-checks", case.excluded])
        .args(["--continue-on-failure", "--warnings", "off", "--no-color"])
        .args(["--report", "json", "--report-json-path"])
        .arg(&report);
    for header in &case.headers {
        command.args(["--header", header]);
    }
    let output = run(&mut command).await?;
    let said = String::from_utf8_lossy(&output.stdout);
    let findings = match output.status.code() {
        Some(0) => Vec::new(),
        Some(1) => vec![findings(&said)],
        _ => bail!(
            "{}: {said}{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ),
    };
    Ok(Verdict {
        judge: "schemathesis",
        version: SCHEMATHESIS,
        about,
        count: generated(&std::fs::read(report)?)?,
        findings,
        exclusions: if known.is_empty() {
            case.exclusions
        } else {
            &[]
        },
    })
}

/// What it says between its list of phases and its summary.
fn findings(said: &str) -> String {
    let from = said.find("= FAILURES").or_else(|| said.find("= ERRORS"));
    let rest = &said[from.unwrap_or_default()..];
    let end = rest.find("= SUMMARY").unwrap_or(rest.len());
    rest[..end].to_owned()
}

fn generated(report: &[u8]) -> anyhow::Result<usize> {
    let report: Value = serde_json::from_slice(report).context("its report isn't JSON")?;
    let count = report.pointer("/test_cases/generated");
    let count = count.and_then(Value::as_u64);
    usize::try_from(count.context("its report has no count")?).context("it counts far")
}
