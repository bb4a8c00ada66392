//! schemathesis, fed our documents: requests that it makes up from them, and what the services answer.

use anyhow::{Context, bail};
use letterhead_sandbox::{Sandbox, credentials, seed};
use serde_json::Value;

use crate::documents::{CAMPAIGN_STANDARD, CLOUDFLARE, Described, PARTNER_CENTER};
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
    document: Described,
    headers: Vec<String>,
    /// Values for path parameters with which the services find something.
    known: String,
    /// Which checks are left out or milder, for everything or for some operations.
    checks: &'static str,
    /// The same for people, with the reasons.
    exclusions: &'static [&'static str],
}

/// Two runs for each document: the edges of everything with identifiers that it makes up, and what is
/// drawn at random with those of what is there.
pub(crate) async fn judge(programs: &Programs) -> anyhow::Result<Vec<Verdict>> {
    let mut verdicts = Vec::new();
    for case in cases() {
        for (about, known) in case.about.into_iter().zip([NOTHING, &case.known]) {
            let verdict = judge_one(programs, &case, about, known).await;
            verdicts
                .push(verdict.with_context(|| format!("schemathesis and {}", case.document.name))?);
        }
    }
    Ok(verdicts)
}

fn cases() -> [Case; 3] {
    [partner_center(), cloudflare(), campaign_standard()]
}

fn partner_center() -> Case {
    Case {
        about: ["Partner Center, unknown ids", "Partner Center, known ids"],
        document: PARTNER_CENTER,
        headers: vec![bearer(credentials::PARTNER_CENTER_TOKEN)],
        known: parameters(&[
            ("customer_tenant_id", seed::CUSTOMER_TENANT_ID),
            ("user_id", seed::USER_ID),
            ("role_id", seed::ROLE_ID),
        ]),
        checks: r#"
            [[operations]]
            include-operation-id = [
                "listCustomers", "listCustomerUsers", "listRoleMembers",
                "updateOrganizationProfile", "updateBillingProfile",
                "updateCustomerBillingProfile", "updateCustomerUserLicenses",
            ]
            checks.positive_data_acceptance.enabled = false
        "#,
        exclusions: &[
            "positive_data_acceptance for listCustomers, listCustomerUsers and \
             listRoleMembers. A made-up filter or continuation token is valid by its schema, and \
             the service has to refuse it.",
            "positive_data_acceptance for updateOrganizationProfile, \
             updateBillingProfile and updateCustomerBillingProfile. A made-up ETag is valid by its \
             schema, and the service has to refuse it.",
            "positive_data_acceptance for updateCustomerUserLicenses. A made-up product \
             is valid by its schema, and the customer hasn't got it.",
        ],
    }
}

fn cloudflare() -> Case {
    Case {
        about: ["Cloudflare, unknown ids", "Cloudflare, known ids"],
        document: CLOUDFLARE,
        headers: vec![bearer(credentials::CLOUDFLARE_API_TOKEN)],
        known: parameters(&[
            ("organization_id", seed::CLOUDFLARE_ORGANIZATION_ID),
            ("account_id", seed::CLOUDFLARE_ACCOUNT_ID),
            ("member_id", seed::CLOUDFLARE_MEMBER_ID),
        ]),
        checks: r#"
            [checks]
            ignored_auth.enabled = false

            [[operations]]
            include-operation-id = [
                "listOrganizations", "listOrganizationAccounts", "listOrganizationMembers",
                "listOrganizationAuditLogs", "listOrganizationAuditLogHistory",
                "getOrganizationBillableUsage", "createOrganization", "deleteOrganization",
                "createOrganizationMember", "batchCreateOrganizationMembers",
                "moveAccount", "moveAccounts",
            ]
            checks.positive_data_acceptance.enabled = false
        "#,
        exclusions: &[
            "ignored_auth for Cloudflare. It wants 401 or 403 where there is no credential, and \
             Cloudflare answers 400 with code 9106.",
            "positive_data_acceptance for listOrganizations, listOrganizationAccounts, \
             listOrganizationMembers, listOrganizationAuditLogs and \
             listOrganizationAuditLogHistory. A made-up page token or cursor is valid by its \
             schema, and the service has to refuse it.",
            "positive_data_acceptance for getOrganizationBillableUsage. The first and \
             the last day go together, which a schema can't say.",
            "positive_data_acceptance for createOrganization, moveAccount and \
             moveAccounts. A made-up parent or destination is valid by its schema, and there is no \
             such organization.",
            "positive_data_acceptance for deleteOrganization, createOrganizationMember \
             and batchCreateOrganizationMembers. An organization that isn't empty can't be deleted, \
             and who is a member can't become one.",
        ],
    }
}

fn campaign_standard() -> Case {
    Case {
        about: [
            "Campaign Standard, unknown ids",
            "Campaign Standard, known ids",
        ],
        document: CAMPAIGN_STANDARD,
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
        checks: r#"
            [checks]
            not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 500]
            positive_data_acceptance.expected-statuses = ["2xx", 404]

            [[operations]]
            include-operation-id-regex = '^list[A-Z]'
            checks.positive_data_acceptance.expected-statuses = ["2xx", 404, 500]

            [[operations]]
            include-operation-id = [
                "createProfile", "createService", "subscribeProfile", "addSubscriber",
                "unsubscribe",
            ]
            checks.positive_data_acceptance.expected-statuses = ["2xx", 404, 500]
        "#,
        exclusions: &[
            "not_a_server_error for a 500, and no other 5xx, of Campaign Standard. Adobe answers so where the \
             request is wrong, and the document says so.",
            "positive_data_acceptance for a 500 of Campaign Standard's lists. A \
             made-up line to begin with, or number of lines, is valid by its schema, and the service \
             has to refuse it.",
            "positive_data_acceptance for a 500 of createProfile, createService, \
             subscribeProfile, addSubscriber and unsubscribe. A made-up key is valid by its schema \
             and nobody's, and a name or a subscription is given once.",
        ],
    }
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
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
    let configuration = format!("{known}{}", case.checks);
    let configuration = programs.file("schemathesis.toml", &configuration)?;
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
        .arg(case.document.path())
        .args(["--url", &format!("{}{}", relay.url(), case.document.base)])
        .args(["--phases", phases])
        .args(["--max-examples", EXAMPLES, "--seed", SEED])
        .args(["--generation-database", "none"])
        // Both kinds of Cloudflare's credentials at once are a mistake, and it would make it.
        .args(["--generation-with-security-parameters", "false"])
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

#[cfg(test)]
mod tests {
    use letterhead_document::{Document, Node};

    use super::*;

    #[test]
    fn what_is_said_to_be_left_out_is_what_is_left_out() {
        for case in cases() {
            let text = std::fs::read_to_string(case.document.path()).unwrap();
            let document = Document::parse(case.document.name, &text).unwrap();
            let mut count = 0;
            for (_, _, operation) in document.operations() {
                let id = operation.get("operationId").and_then(Node::as_str).unwrap();
                let is_set = case.checks.contains(&format!("\"{id}\""));
                let mut words = case
                    .exclusions
                    .iter()
                    .flat_map(|said| said.split([' ', ',', '.']));
                assert_eq!(words.any(|word| word == id), is_set, "{id}");
                count += usize::from(is_set);
            }
            // Every text in quotes but the statuses is an operation of the document.
            let quoted = case.checks.split('"').skip(1).step_by(2);
            let names = quoted.filter(|text| !text.ends_with("xx"));
            assert_eq!(names.count(), count, "{}", case.document.name);
        }
    }
}
