//! The main job in one screen: a company's phone number, address and unit at three vendors.
//!
//! `cargo run --example tour` needs no account: it starts the three services in this process and
//! talks real HTTP to them. Every value that it prints came in a response.

#![allow(clippy::print_stdout, reason = "printing is what a tour does")]
#![allow(clippy::large_futures, reason = "each step is taken once")]

use letterhead::campaign_standard::types::OrganizationalUnitReference;
use letterhead::{CorrelationId, Reply, campaign_standard, cloudflare, partner_center};
use letterhead_sandbox::{Sandbox, credentials, seed};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result {
    let tour = Tour { sandbox: Sandbox::start().await? };
    println!(
        "The services run at {}; each line below is one request:\nmethod, status, request id, path.",
        tour.sandbox.url()
    );

    let partner = partner_center::Client::builder()
        .base_url(tour.sandbox.partner_center_url())
        .credential(partner_center::Credential::bearer(credentials::PARTNER_CENTER_TOKEN)?)
        .build()?;
    let stale =
        tour.step("Partner Center: the company's phone number", phone(&tour, &partner)).await?;
    tour.step("Partner Center: the support desk's phone number", support(&tour, &partner)).await?;
    tour.step("Partner Center: where a customer's user is", user(&tour, &partner)).await?;

    let address = stale.default_address.clone().unwrap_or_default();
    tour.step("Cloudflare: the same address", same_address(&tour, &address)).await?;
    tour.step("Campaign Standard: a profile's unit", unit(&tour)).await?;

    // Someone who read the profile before all this writes it now.
    let late = async {
        let error = partner.update_organization_profile().body(stale).send().await.err();
        let error = error.ok_or("the sandbox took a stale ETag")?;
        tour.show(error.request_id());
        let text = error.to_string();
        let (what, ids) = text.rsplit_once(" (").unwrap_or((&text, ""));
        println!("       {what}\n       ({ids}");
        println!("       is_conflict: {}, kind: {:?}", error.is_conflict(), error.kind());
        Ok(())
    };
    tour.step("An update that comes too late is refused, and its error says so", late).await
}

async fn phone(
    tour: &Tour,
    partner: &partner_center::Client,
) -> Result<partner_center::types::OrganizationProfile> {
    let reply = tour.see(partner.get_organization_profile().send().await?);
    let stale = reply.clone();
    let mut profile = reply;
    profile.default_address.get_or_insert_default().phone_number = Some("4255550188".into());
    tour.see(partner.update_organization_profile().body(profile).send().await?);
    let again = tour.see(partner.get_organization_profile().send().await?);
    changed("defaultAddress.phoneNumber", phone_of(&stale), phone_of(&again));
    Ok(stale)
}

fn phone_of(profile: &partner_center::types::OrganizationProfile) -> Option<&str> {
    profile.default_address.as_ref()?.phone_number.as_deref()
}

async fn support(tour: &Tour, partner: &partner_center::Client) -> Result {
    let before = tour.see(partner.get_support_profile().send().await?);
    let mut profile = before.clone();
    profile.telephone = Some("4255550199".into());
    let after = tour.see(partner.update_support_profile().body(profile).send().await?);
    changed("telephone", before.telephone.as_deref(), after.telephone.as_deref());
    Ok(())
}

async fn user(tour: &Tour, partner: &partner_center::Client) -> Result {
    let customers = tour.see(partner.list_customers().size(1).send().await?);
    let customer = customers.items[0].id.as_deref().ok_or("a customer has an id")?;
    let users = partner.list_customer_users().customer_tenant_id(customer).size(1);
    let before = tour.see(users.send().await?).items.remove(0);
    let after = partner
        .update_customer_user()
        .customer_tenant_id(customer)
        .user_id(before.id.as_deref().ok_or("a user has an id")?)
        .body_map(|user| user.usage_location("NL"))
        .send()
        .await?;
    let after = tour.see(after);
    changed("usageLocation", before.usage_location.as_deref(), after.usage_location.as_deref());
    Ok(())
}

async fn same_address(tour: &Tour, address: &partner_center::types::Address) -> Result {
    let cloudflare = cloudflare::Client::builder()
        .base_url(tour.sandbox.cloudflare_url())
        .credential(cloudflare::Credential::api_key(
            credentials::CLOUDFLARE_EMAIL,
            credentials::CLOUDFLARE_API_KEY,
        )?)
        .build()?;
    let id = seed::CLOUDFLARE_ORGANIZATION_ID;
    let read = || cloudflare.get_organization_profile().organization_id(id).send();
    let before = tour.see(read().await?).result.unwrap_or_default();
    let mut profile = before.clone();
    // A text for Cloudflare; its dashboard keeps JSON in it.
    let address = serde_json::json!({
        "line1": address.address_line1, "city": address.city, "stateOrProvince": address.state,
        "zipcode": address.postal_code, "country": address.country,
    });
    profile.business_address = Some(address.to_string());
    let write = cloudflare.modify_organization_profile().organization_id(id).body(profile);
    tour.see(write.send().await?);
    let after = tour.see(read().await?).result.unwrap_or_default();
    let zip = |profile: &cloudflare::types::OrganizationProfile| {
        let address = profile.business_address.as_deref().unwrap_or_default();
        let address: serde_json::Value = serde_json::from_str(address).unwrap_or_default();
        address["zipcode"].as_str().map(str::to_owned)
    };
    changed("business_address, zipcode", zip(&before).as_deref(), zip(&after).as_deref());
    Ok(())
}

async fn unit(tour: &Tour) -> Result {
    let campaign = campaign_standard::Client::builder(seed::CAMPAIGN_ORGANIZATION)
        .base_url(tour.sandbox.campaign_standard_url())
        .credential(campaign_standard::Credential::new(
            credentials::CAMPAIGN_ACCESS_TOKEN,
            credentials::CAMPAIGN_API_KEY,
        )?)
        .build()?;
    let units = tour.see(campaign.list_organizational_units().send().await?);
    let found = campaign.list_profiles_by_email().email(seed::CAMPAIGN_PROFILE_EMAIL);
    let before = tour.see(found.send().await?).content.remove(0);
    let old = before.org_unit.as_ref().and_then(|unit| unit.title.clone());
    let new =
        units.content.iter().rfind(|unit| unit.title != old).ok_or("there is another unit")?;
    let new = new.p_key.clone().ok_or("a unit has a key")?;
    let key = before.p_key.as_deref().ok_or("a profile has a key")?;
    let update = campaign.update_profile().profile_pkey(key);
    tour.see(
        update
            .body_map(|profile| profile.org_unit(OrganizationalUnitReference::from(new)))
            .send()
            .await?,
    );
    let after = tour.see(campaign.get_profile().profile_pkey(key).send().await?);
    changed(
        "orgUnit.title",
        old.as_deref(),
        after.org_unit.as_ref().and_then(|unit| unit.title.as_deref()),
    );
    Ok(())
}

struct Tour {
    sandbox: Sandbox,
}

impl Tour {
    /// Runs one part of the story as one logical operation.
    async fn step<T>(&self, title: &str, part: impl Future<Output = Result<T>>) -> Result<T> {
        let id = CorrelationId::new();
        println!("\n{title}\n       correlation id {id}");
        id.scope(part).await
    }

    /// Shows the requests behind a reply.
    fn see<T>(&self, reply: Reply<T>) -> T {
        assert_eq!(CorrelationId::current(), Some(reply.correlation_id()));
        self.show(Some(reply.request_id()));
        reply.into_inner()
    }

    fn show(&self, request_id: Option<impl ToString>) {
        let id = request_id.map(|id| id.to_string()).unwrap_or_default();
        for request in self.sandbox.take_requests() {
            let (method, status) = (request.method.as_str(), request.response.status().as_u16());
            println!("{method:>6} {status} {id} {}", short(&request.target));
        }
    }
}

fn changed(field: &str, before: Option<&str>, after: Option<&str>) {
    let [before, after] = [before, after].map(|value| value.unwrap_or("nothing"));
    println!("       {field}: {before} -> {after}");
}

/// A target with its long ids cut, to fit the screen.
fn short(target: &str) -> String {
    let parts = target.split('/').map(|part| match part.char_indices().nth(22) {
        Some(_) if !part.contains('?') => format!("{}…", &part[..8]),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}
