//! Cloudflare's clients, one for Node and one for Python.

use anyhow::Context;
use letterhead::Error;
use letterhead::cloudflare::Client;
use letterhead_sandbox::{Response, Sandbox, credentials, seed};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::judge::Comparisons;
use crate::program::json_of;
use crate::scene::Clients;

const ORGANIZATION: &str = seed::CLOUDFLARE_ORGANIZATION_ID;
const EMPTY_ORGANIZATION: &str = seed::CLOUDFLARE_BARE_ORGANIZATION_ID;
/// What Cloudflare's clients for both languages have in common.
pub(super) const ONE_PAGE: &str = "More than one page of the audit log. Both clients look for its cursor at \
     result_info.cursors.after only, and the published schema has it at result_info.cursor; our client \
     takes both (decision list-audit-logs-cursor).";

pub(super) async fn compared(mut script: Command) -> anyhow::Result<Comparisons> {
    let sandbox = Sandbox::start().await?;
    let client = Clients::of(&sandbox)?.cloudflare;
    let before = profile(&client).await?;
    let list = client.list_organizations().page_size(2).send().await?;
    // They retry what may be retried, as we do.
    sandbox.respond_next(Response::new(503).html("<p>busy</p>"));
    let theirs = json_of(
        script
            .env("BASE_URL", sandbox.cloudflare_url())
            .env("TOKEN", credentials::CLOUDFLARE_API_TOKEN)
            .env("ORGANIZATION", ORGANIZATION)
            .env("EMPTY_ORGANIZATION", EMPTY_ORGANIZATION),
    )
    .await?;

    let mut compared = Comparisons::default();
    compared.same("the profile", &theirs["profile"], &before);
    let changed = profile(&client).await?;
    compared.same("the changed profile", &theirs["changed"], &changed);
    let mut expected = before;
    expected["business_phone"] = "+1 425 555 0190".into();
    compared.same("what the change did", &changed, &expected);
    let list = serde_json::to_value(&list.result)?;
    compared.same("the organizations", &theirs["list"], &list);

    let log = client.list_organization_audit_logs();
    let log = log.organization_id(ORGANIZATION);
    let log = log.since("2026-10-01").before("2026-11-01").send().await?;
    let log = serde_json::to_value(&log.result)?;
    compared.same("the audit log", &theirs["log"], &log);

    let id = theirs["created"]["id"].as_str().context("nothing was created")?;
    let created = client.get_organization().organization_id(id).send().await?;
    let created = serde_json::to_value(&created.result)?;
    compared.same("the new organization", &theirs["created"], &created);
    compared.same("it, read again", &theirs["again"], &created);
    compared.same("its name", &created["name"], &json!("Fabrikam Lusitania"));
    let deleted = json!({ "id": EMPTY_ORGANIZATION });
    compared.same("the deleted organization", &theirs["deleted"], &deleted);
    let missing = client.get_organization().organization_id(EMPTY_ORGANIZATION);
    let refusal = missing.send().await.err().map(|error| refusal(&error));
    compared.same("its absence", &theirs["missing"], &json!(refusal));
    compared.same("its status", &theirs["missing"]["status"], &json!(404));
    Ok(compared)
}

async fn profile(client: &Client) -> anyhow::Result<Value> {
    let call = client.get_organization_profile().organization_id(ORGANIZATION);
    Ok(serde_json::to_value(&call.send().await?.result)?)
}

fn refusal(error: &Error) -> Value {
    let status = error.status().map(|status| status.as_u16());
    json!({ "status": status, "codes": error.codes() })
}
