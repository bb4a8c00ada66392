//! The vendors' own clients: what they read, held against what ours reads.

use anyhow::Context;
use letterhead::Error;
use letterhead::campaign_standard::types::NewService;
use letterhead::cloudflare::Client as Cloudflare;
use letterhead_sandbox::{Reply, Sandbox, credentials, seed};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::judge::{Comparisons, Verdict};
use crate::program::{CAMPAIGN, CLOUDFLARE_NODE, CLOUDFLARE_PYTHON, Programs, json_of};
use crate::scene::Clients;
use crate::tunnel::Tunnel;

const ORGANIZATION: &str = seed::CLOUDFLARE_ORGANIZATION_ID;
const EMPTY_ORGANIZATION: &str = seed::CLOUDFLARE_BARE_ORGANIZATION_ID;
/// What Cloudflare's clients for both languages have in common.
const ONE_PAGE: &str = "the audit log is read in one page. These clients look for its cursor at \
     result_info.cursors.after only, and the published schema has it at result_info.cursor; our client \
     takes both (decision list-audit-logs-cursor).";
/// Where Adobe's library and Adobe's pages part, and what it has no call for.
const SLASH: &str = "the lists of all services and of all profiles are left out. This library ends their \
     paths with a slash, and Adobe's pages don't; whether the vendor takes both isn't known, and the \
     sandbox takes what the pages have.";
const UNDECLARED: &str = "createCustomResource, updateCustomResource and updateOrgUnit are left out. They \
     don't declare their JSON as such; whether the vendor takes it isn't known, and the sandbox refuses \
     it.";
const NO_WAY: &str = "subscriptions are made by it, and read by our client only. It has no call that reads \
     or ends them, and escapes the slashes of a path that it is given.";
const PROFILE: &str = seed::CAMPAIGN_LOOSE_PROFILE_PKEY;
/// The one host that Adobe's library knows.
const CAMPAIGN_HOST: &str = "mc.adobe.io";

pub(crate) async fn judge(programs: &Programs) -> anyhow::Result<Vec<Verdict>> {
    let node = cloudflare(programs.node("cloudflare.cjs")).await;
    let python = cloudflare(programs.python("cloudflare_client.py")).await;
    let verdict = |judge, version, about, exclusions, compared: Comparisons| Verdict {
        judge,
        version,
        about,
        count: compared.count,
        findings: compared.findings,
        exclusions,
    };
    let about = "profile, organizations, audit log: read alike";
    let adobe = adobe(programs).await.context("Adobe's library")?;
    Ok(vec![
        verdict(
            "cloudflare (Node)",
            CLOUDFLARE_NODE,
            about,
            &[ONE_PAGE],
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
            "units, profiles, services: read alike",
            &[SLASH, UNDECLARED, NO_WAY],
            adobe,
        ),
    ])
}

async fn cloudflare(mut script: Command) -> anyhow::Result<Comparisons> {
    let sandbox = Sandbox::start().await?;
    let client = Clients::of(&sandbox)?.cloudflare;
    let before = profile(&client).await?;
    let list = client.list_organizations().page_size(2).send().await?;
    // They repeat what may be repeated, as we do.
    sandbox.reply_next(Reply::new(503).html("<p>busy</p>"));
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

    let id = theirs["created"]["id"]
        .as_str()
        .context("nothing was created")?;
    let created = client.get_organization().organization_id(id).send().await?;
    let created = serde_json::to_value(&created.result)?;
    compared.same("the new organization", &theirs["created"], &created);
    compared.same("it, read again", &theirs["again"], &created);
    compared.same("its name", &created["name"], &json!("Fabrikam Lusitania"));
    let deleted = json!({ "id": EMPTY_ORGANIZATION });
    compared.same("the deleted organization", &theirs["deleted"], &deleted);
    let missing = client
        .get_organization()
        .organization_id(EMPTY_ORGANIZATION);
    let refusal = missing.send().await.err().map(|error| refusal(&error));
    compared.same("its absence", &Some(theirs["missing"].clone()), &refusal);
    Ok(compared)
}

async fn profile(client: &Cloudflare) -> anyhow::Result<Value> {
    let call = client
        .get_organization_profile()
        .organization_id(ORGANIZATION);
    Ok(serde_json::to_value(&call.send().await?.result)?)
}

fn refusal(error: &Error) -> Value {
    let status = error.status().map(|status| status.as_u16());
    json!({ "status": status, "codes": error.codes() })
}

/// Adobe's library goes to its one host through the proxy that its environment names, and trusts the
/// certificate that its environment names.
async fn adobe(programs: &Programs) -> anyhow::Result<Comparisons> {
    let sandbox = Sandbox::start().await?;
    let client = Clients::of(&sandbox)?.campaign;
    let profile = || async {
        let call = client.get_profile().profile_pkey(PROFILE);
        anyhow::Ok(serde_json::to_value(&*call.send().await?)?)
    };
    let before = profile().await?;
    let units = client
        .list_organizational_units()
        .line_count(2)
        .send()
        .await?;
    let inside = sandbox.url().trim_start_matches("http://").parse()?;
    let found = client.list_services_by_text().text("Con").send().await?;
    let service = client.create_service().body(NewService::default());
    let service = service.send().await?.into_inner().p_key;
    let service = service.context("the new service has no key")?;
    let tunnel = Tunnel::start(CAMPAIGN_HOST, inside).await?;
    let certificate = programs.file("certificate.pem", &tunnel.certificate)?;
    let theirs = json_of(
        programs
            .node("adobe.cjs")
            .env("HTTPS_PROXY", tunnel.url())
            .env("NODE_EXTRA_CA_CERTS", certificate)
            .env("ORGANIZATION", seed::CAMPAIGN_ORGANIZATION)
            .env("API_KEY", credentials::CAMPAIGN_API_KEY)
            .env("ACCESS_TOKEN", credentials::CAMPAIGN_ACCESS_TOKEN)
            .env("PROFILE", PROFILE)
            .env("UNIT", seed::CAMPAIGN_OTHER_UNIT_PKEY)
            .env("SERVICE", &service),
    )
    .await?;

    let mut compared = Comparisons::default();
    let units = serde_json::to_value(&units.content)?;
    compared.same("the units", &theirs["units"]["content"], &units);
    compared.same("the profile", &theirs["profile"], &before);
    let key = &theirs["answer"]["PKey"];
    compared.same("the answer to the change", key, &json!(PROFILE));
    let moved = profile().await?;
    compared.same("the moved profile", &theirs["moved"], &moved);
    let unit = json!(seed::CAMPAIGN_OTHER_UNIT_PKEY);
    compared.same("its unit", &moved["orgUnit"]["PKey"], &unit);
    let missing = client.get_profile().profile_pkey("@nobody").send().await;
    let ours = missing.err().and_then(|error| error.status());
    let ours = ours.map(|status| format!("{}", status.as_u16()));
    let status = said_status(&theirs["missing"]);
    compared.same("the absence of another profile", &status, &ours);
    let found = serde_json::to_value(&found.content)?;
    compared.same("the services", &theirs["services"]["content"], &found);
    let subscriptions = client.list_service_subscriptions();
    let subscriptions = subscriptions.service_pkey(seed::CAMPAIGN_SERVICE_PKEY);
    let subscriptions = serde_json::to_value(&subscriptions.send().await?.content)?;
    let theirs_alone = json!([theirs["subscription"]]);
    compared.same("the subscription", &theirs_alone, &subscriptions);
    let deleted = client.get_service().service_pkey(&service).send().await;
    let ours = deleted.err().and_then(|error| error.status());
    let ours = ours.map(|status| format!("{}", status.as_u16()));
    let status = said_status(&theirs["gone"]);
    compared.same("the absence of the deleted service", &status, &ours);
    Ok(compared)
}

/// The status in a message of Adobe's library, which has it behind the name of the error.
fn said_status(message: &Value) -> Option<String> {
    let (_, said) = message.as_str()?.split_once("] ")?;
    said.get(..3).map(str::to_owned)
}
