//! Adobe's library for Campaign Standard.

use anyhow::Context;
use letterhead::Error;
use letterhead::campaign_standard::Client;
use letterhead::campaign_standard::types::NewService;
use letterhead_sandbox::{Sandbox, credentials, seed};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::judge::Comparisons;
use crate::program::{Programs, json_of};
use crate::scene::Clients;
use crate::tunnel::{HOST, Tunnel};

/// What this library can't do, or not in a way that the vendor would understand.
pub(super) const LEFT_OUT: [&str; 2] = [
    "Lists of subscriptions, and ending one: our client does it alone. This library escapes the \
     slashes of a path that it is given, and follows no link but to post. What it can ask is whose the \
     subscriptions are.",
    "Lists in descending order. This library escapes the space before `desc` twice, and what \
     the vendor makes of that isn't known.",
];

const PROFILE: &str = seed::CAMPAIGN_LOOSE_PROFILE_PKEY;
const UNIT: &str = seed::CAMPAIGN_OTHER_UNIT_PKEY;
const UNIT_TITLE: &str = "Northwind Brand (northwind-brand)";
const SERVICE: &str = seed::CAMPAIGN_SERVICE_PKEY;
const EMAIL: &str = seed::CAMPAIGN_PROFILE_EMAIL;
const AUDIENCE: &str = seed::CAMPAIGN_AUDIENCE_PKEY;
const DELIVERY: &str = seed::CAMPAIGN_DELIVERY_PKEY;

/// Our client, and where it finds the sandbox.
struct Ours {
    client: Client,
    origin: String,
}

/// The library goes to its one host through the proxy that its environment names, and trusts the
/// certificate that its environment names.
pub(super) async fn compared(programs: &Programs) -> anyhow::Result<Comparisons> {
    let sandbox = Sandbox::start().await?;
    let ours = Ours { client: Clients::of(&sandbox)?.campaign, origin: sandbox.url() };
    let inside = sandbox.url().trim_start_matches("http://").parse()?;
    let obsolete = ours.client.create_service().body(NewService::default());
    let obsolete = obsolete.send().await?.into_inner().p_key;
    let obsolete = obsolete.context("the new service has no key")?;
    let before = Box::pin(ours.before()).await?;
    let tunnel = Tunnel::start(inside).await.map_err(anyhow::Error::from_boxed)?;
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
            .env("UNIT", UNIT)
            .env("EMAIL", EMAIL)
            .env("AUDIENCE", AUDIENCE)
            .env("DELIVERY", DELIVERY)
            .env("OBSOLETE", &obsolete),
    )
    .await?;
    let theirs = ours.json(&theirs)?;

    let mut compared = Comparisons::default();
    for (what, value) in &before {
        compared.same(what, &theirs[what], value);
    }
    ours.profiles(&theirs, &mut compared).await?;
    ours.services(&theirs, &obsolete, &mut compared).await?;
    Ok(compared)
}

impl Ours {
    /// What our client reads before the library changes anything, under the names that the script has for
    /// it.
    async fn before(&self) -> anyhow::Result<Map<String, Value>> {
        let client = &self.client;
        let profiles = self.json(&client.list_profiles().send().await?.content)?;
        let services = self.json(&client.list_services().send().await?.content)?;
        let by_email = client.list_profiles_by_email().email(EMAIL);
        let by_audience = client.list_profiles_by_static_audience().audience(AUDIENCE);
        let received = client.list_profiles_that_received_delivery();
        let opened = client.list_profiles_that_opened_delivery();
        let clicked = client.list_profiles_that_clicked_delivery();
        let sorted = client.list_profiles().order("lastName").line_count(1);
        let units = client.list_organizational_units().line_count(2);
        let by_planning = client.list_services_by_planning().start_date("2026-03-01");
        let by_planning = by_planning.end_date("2026-03-31").send().await?;
        let by_target = client.list_services_by_target_resource();
        let by_target = by_target.target_resource("profile").send().await?;
        let by_text = client.list_services_by_text().text("Con");
        let pages = [
            ("byEmail", by_email.send().await?),
            ("byAudience", by_audience.send().await?),
            ("received", received.delivery(DELIVERY).send().await?),
            ("opened", opened.delivery(DELIVERY).send().await?),
            ("clicked", clicked.delivery(DELIVERY).send().await?),
            ("sorted", sorted.send().await?),
        ];
        let mut read = Map::new();
        for (name, page) in pages {
            read.insert(name.to_owned(), self.json(&page.content)?);
        }
        let mut described = Map::new();
        for name in ["profile", "service", "history"] {
            let resource = client.get_resource_metadata().resource(name).send().await?;
            described.insert(name.to_owned(), product(&self.json(&*resource)?));
        }
        let resources = client.list_resources().send().await?;
        for (name, value) in [
            ("productProfiles", product(&profiles)),
            ("profiles", profiles),
            ("productServices", product(&services)),
            ("services", services),
            ("units", self.json(&units.send().await?.content)?),
            ("byPlanning", self.json(&by_planning.content)?),
            ("byTarget", self.json(&by_target.content)?),
            ("byText", self.json(&by_text.send().await?.content)?),
            ("described", described.into()),
            ("resources", self.json(&*resources)?),
            ("profile", self.profile(PROFILE).await?),
        ] {
            read.insert(name.to_owned(), value);
        }
        Ok(read)
    }

    async fn profiles(&self, theirs: &Value, compared: &mut Comparisons) -> anyhow::Result<()> {
        let key = &theirs["response"]["PKey"];
        compared.same("the response to the change", key, &json!(PROFILE));
        let moved = self.profile(PROFILE).await?;
        compared.same("the moved profile", &theirs["moved"], &moved);
        compared.same("its unit", &moved["orgUnit"]["title"], &json!(UNIT_TITLE));
        let missing = self.profile("@nobody").await.err();
        let not_found = json!([404, 404]);
        let both = json!([said_status(&theirs["missing"]), status(missing)]);
        compared.same("the absence of another profile", &both, &not_found);

        let statuses = json!([201, 200]);
        compared.same("created and updated", &theirs["statuses"], &statuses);
        let created = self.profile(key_of(&theirs["created"])).await?;
        let shown = product(&created);
        compared.same("the new profile", &theirs["created"], &shown);
        compared.same("its unit", &created["orgUnit"]["title"], &json!(UNIT_TITLE));
        let placed = self.profile(key_of(&theirs["placed"])).await?;
        compared.same("the profile made in its unit", &theirs["placed"], &placed);
        let deleted = self.profile(key_of(&theirs["deleted"])).await.err();
        compared.same("the deleted profile", &json!(status(deleted)), &json!(404));

        let units = self.client.list_organizational_units().send().await?;
        let units = self.json(&units.content)?;
        compared.same("the renamed unit", &theirs["renamed"], &units);
        let label = json!("Harbour Brand");
        compared.same("its label", &units[2]["label"], &label);
        Ok(())
    }

    async fn services(
        &self,
        theirs: &Value,
        obsolete: &str,
        compared: &mut Comparisons,
    ) -> anyhow::Result<()> {
        let client = &self.client;
        let service = client.get_service().service_pkey(key_of(&theirs["service"]));
        let service = self.json(&*service.send().await?)?;
        let shown = product(&service);
        compared.same("the new service", &theirs["service"], &shown);
        let members = json!([service["label"], service["messageType"], service["desc"]]);
        let sent = json!(["Harbour News", "sms", "What is new"]);
        compared.same("what was sent of it", &members, &sent);

        let subscriptions = client.list_service_subscriptions().service_pkey(SERVICE);
        let subscriptions = self.json(&subscriptions.send().await?.content)?;
        let theirs_alone = json!([theirs["subscription"]]);
        compared.same("the subscription", &theirs_alone, &subscriptions);
        let subscribers = client.list_subscribers().service(SERVICE).send().await?;
        let subscribers = self.json(&subscribers.content)?;
        compared.same("the subscriber", &theirs["subscribers"], &subscribers);

        let deleted = client.get_service().service_pkey(obsolete).send().await;
        let deleted = deleted.err().map(Into::into);
        let not_found = json!([404, 404]);
        let both = json!([said_status(&theirs["gone"]), status(deleted)]);
        compared.same("the absence of the deleted service", &both, &not_found);
        Ok(())
    }

    async fn profile(&self, key: &str) -> anyhow::Result<Value> {
        let call = self.client.get_profile().profile_pkey(key);
        self.json(&*call.send().await?)
    }

    /// A value whose links begin with our origin, also those that the sandbox made for the library.
    fn json(&self, value: &impl Serialize) -> anyhow::Result<Value> {
        let text = serde_json::to_string(value)?;
        let text = text.replace(&format!("http://{HOST}"), &self.origin);
        Ok(serde_json::from_str(&text)?)
    }
}

fn key_of(record: &Value) -> &str {
    record["PKey"].as_str().unwrap_or_default()
}

/// What the product's family, `profileAndServices`, shows of what the extended one does, which is the only
/// one that our client reads.
fn product(extended: &Value) -> Value {
    match extended {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "orgUnit" | "geoUnit"))
            .map(|(name, value)| (name.clone(), product(value)))
            .collect(),
        Value::Array(items) => items.iter().map(product).collect(),
        Value::String(text) => text.replace("AndServicesExt", "AndServices").into(),
        other => other.clone(),
    }
}

fn status(error: Option<anyhow::Error>) -> Option<u16> {
    let status = error?.downcast::<Error>().ok()?.status()?;
    Some(status.as_u16())
}

/// The status in a message of the library, which has it behind the name of the error.
fn said_status(message: &Value) -> Option<u16> {
    let (_, said) = message.as_str()?.split_once("] ")?;
    said.get(..3)?.parse().ok()
}
