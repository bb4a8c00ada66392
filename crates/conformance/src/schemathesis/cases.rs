//! The settings of schemathesis for each document.

use std::pin::Pin;

use anyhow::Context;
use letterhead::campaign_standard::types::{
    NewProfile, NewService, ResourceReference, ServiceSubscription,
};
use letterhead_document::Operation;
use letterhead_sandbox::{Sandbox, Vendor, credentials, seed};

use crate::documents::Described;
use crate::scene::Clients;

/// Settings to come.
type Own<'a> = Pin<Box<dyn Future<Output = anyhow::Result<String>> + 'a>>;

/// A document, and what it is judged by.
pub(super) struct Case {
    pub(super) document: Described,
    pub(super) headers: Vec<String>,
    /// Values for parameters of paths and for members of bodies with which the services find something.
    /// Without any they are those of the requests that succeed.
    known: Vec<(&'static str, &'static str)>,
    /// Settings for the operations that need something of their own to succeed: what they delete is gone
    /// for the others.
    pub(super) own: for<'a> fn(&'a Sandbox) -> Own<'a>,
    /// Which checks are left out or milder, for everything or for some operations.
    pub(super) checks: &'static str,
    /// Operations whose status is another one than 404 where a path leads to nothing.
    pub(super) elsewhere: &'static [&'static str],
    /// What is left out by these two, for people, with the reasons.
    pub(super) exclusions: &'static [&'static str],
}

impl Case {
    /// The values with which something is found.
    pub(super) fn known(
        &self,
        sandbox: &Sandbox,
        operations: &[Operation<'_>],
    ) -> anyhow::Result<Known> {
        let written = self.known.iter();
        let mut known: Vec<_> =
            written.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if known.is_empty() {
            let is_of = |vendor: &Vendor| vendor.row().id == self.document.0.id;
            let vendor = Vendor::ALL.into_iter().find(is_of).context("no service")?;
            let requests = vendor.successful_requests(sandbox);
            for operation in operations {
                let request = requests.iter().find(|(id, ..)| operation.id() == Some(*id));
                let (_, target, _) = request.context("an operation without a request")?;
                let path = target.split('?').next().unwrap_or_default();
                let template = operation.path.text.split('/').rev();
                for (part, segment) in template.zip(path.split('/').rev()) {
                    let name = part.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
                    known.extend(name.map(|name| (format!("path.{name}"), segment.to_owned())));
                }
            }
            known.sort();
            known.dedup_by(|a, b| a.0 == b.0);
        }
        Ok(Known(known))
    }
}

/// Values by the names of parameters and members.
pub(super) struct Known(Vec<(String, String)>);

impl Known {
    /// Settings with which something is found.
    pub(super) fn all(&self) -> String {
        let lines = self.0.iter();
        let lines = lines.map(|(name, value)| format!("\"{name}\" = \"{value}\"\n"));
        format!("[parameters]\n{}", lines.collect::<String>())
    }

    /// Settings with which what stands last in a path is looked for and isn't there.
    pub(super) fn but_last(&self, operations: &[Operation<'_>]) -> String {
        let settings = operations.iter().filter_map(|operation| {
            let last = format!("path.{}", operation.path_parameters().last()?);
            let (name, value) = self.0.iter().find(|(name, _)| *name == last)?;
            Some(parameter(&operation.name(), name, &nobodys(value)))
        });
        settings.collect()
    }
}

fn own_of_partner_center(_: &Sandbox) -> Own<'_> {
    let [.., member, deleted] = seed::USER_IDS;
    let own = parameter("deleteCustomerUser", "path.user_id", deleted)
        + &parameter("removeRoleMember", "path.user_id", member);
    Box::pin(async { Ok(own) })
}

fn own_of_cloudflare(_: &Sandbox) -> Own<'_> {
    let bare = seed::CLOUDFLARE_BARE_ORGANIZATION_ID;
    let token = format!("Bearer {}", credentials::CLOUDFLARE_ACCOUNT_TOKEN);
    let own = parameter("deleteOrganization", "path.organization_id", bare)
        + &setting("verifyAccountToken", "headers", "Authorization", &token);
    Box::pin(async { Ok(own) })
}

async fn own_of_campaign_standard(sandbox: &Sandbox) -> anyhow::Result<String> {
    let client = Clients::of(sandbox)?.campaign;
    let service = seed::CAMPAIGN_SERVICE_PKEY;
    let mut profiles = Vec::new();
    for _ in 0..2 {
        let made = client.create_profile().body(NewProfile::default());
        profiles.push(made.send().await?.into_inner().p_key.context("no key")?);
    }
    let [deleted, subscriber] = &profiles[..] else { anyhow::bail!("two profiles were made") };
    let obsolete = client.create_service().body(NewService::default());
    let obsolete = obsolete.send().await?.into_inner().p_key.context("no key")?;
    let body =
        ServiceSubscription::builder().subscriber(ResourceReference::from(subscriber.as_str()));
    let subscribe = client.add_subscriber().service_pkey(service);
    let subscription = subscribe.body(ServiceSubscription::try_from(body)?).send().await?;
    let subscription = subscription.into_inner().p_key.context("no key")?;
    Ok([
        parameter("deleteProfile", "path.profile_pkey", deleted),
        parameter("deleteService", "path.service_pkey", &obsolete),
        parameter("unsubscribe", "path.subscription_pkey", &subscription),
    ]
    .concat())
}

/// An identifier of the same form as one that is known.
fn nobodys(known: &str) -> String {
    let mut unknown = known.to_owned();
    let other = if unknown.pop() == Some('0') { '1' } else { '0' };
    unknown.push(other);
    unknown
}

fn parameter(operation: &str, name: &str, value: &str) -> String {
    setting(operation, "parameters", name, value)
}

fn setting(operation: &str, table: &str, name: &str, value: &str) -> String {
    format!(
        "[[operations]]\ninclude-operation-id = \"{operation}\"\n{table} = {{ \"{name}\" = \"{value}\" }}\n"
    )
}

/// One for each vendor: the case that is written here, or one that its requests show.
pub(super) fn cases() -> Vec<Case> {
    let cases = Vendor::ALL.into_iter().map(|vendor| match vendor {
        Vendor::PartnerCenter => partner_center(),
        Vendor::Cloudflare => cloudflare(),
        Vendor::CampaignStandard => campaign_standard(),
        vendor => plain(vendor),
    });
    cases.collect()
}

/// A service that does in everything what is expected.
fn plain(vendor: Vendor) -> Case {
    let lines = vendor.credentials("/").into_iter();
    Case {
        document: Described(vendor.row()),
        headers: lines.map(|(name, value)| format!("{name}: {value}")).collect(),
        known: Vec::new(),
        own: |_| Box::pin(async { Ok(String::new()) }),
        elsewhere: &[],
        checks: "",
        exclusions: &[],
    }
}

fn partner_center() -> Case {
    Case {
        document: Described(&letterhead_spec::PARTNER_CENTER),
        headers: vec![bearer(credentials::PARTNER_CENTER_TOKEN)],
        known: vec![
            ("path.customer_tenant_id", seed::CUSTOMER_TENANT_ID),
            ("path.user_id", seed::USER_ID),
            ("path.role_id", seed::ROLE_ID),
        ],
        own: own_of_partner_center,
        elsewhere: &[],
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
        document: Described(&letterhead_spec::CLOUDFLARE),
        headers: vec![bearer(credentials::CLOUDFLARE_API_TOKEN)],
        known: vec![
            ("path.organization_id", seed::CLOUDFLARE_ORGANIZATION_ID),
            ("path.account_id", seed::CLOUDFLARE_ACCOUNT_ID),
            ("path.member_id", seed::CLOUDFLARE_MEMBER_ID),
            ("path.id", seed::CLOUDFLARE_AUDIT_LOG_ID),
        ],
        own: own_of_cloudflare,
        elsewhere: &["verifyAccountToken"],
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
             Cloudflare responds with 400 with code 9106.",
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
            "A 404 of verifyAccountToken. Cloudflare responds with 403 for an account that isn't the token's.",
        ],
    }
}

fn campaign_standard() -> Case {
    Case {
        document: Described(&letterhead_spec::CAMPAIGN_STANDARD),
        headers: vec![
            bearer(credentials::CAMPAIGN_ACCESS_TOKEN),
            format!("X-Api-Key: {}", credentials::CAMPAIGN_API_KEY),
        ],
        known: vec![
            ("path.org_unit_pkey", seed::CAMPAIGN_UNIT_PKEY),
            ("path.geo_unit_pkey", seed::CAMPAIGN_GEO_UNIT_PKEY),
            ("path.profile_pkey", seed::CAMPAIGN_PROFILE_PKEY),
            ("path.service_pkey", seed::CAMPAIGN_SERVICE_PKEY),
            ("path.resource", "profile"),
            ("body.service.PKey", seed::CAMPAIGN_SERVICE_PKEY),
            ("body.subscriber.PKey", seed::CAMPAIGN_LOOSE_PROFILE_PKEY),
        ],
        own: |sandbox| Box::pin(own_of_campaign_standard(sandbox)),
        elsewhere: &[],
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
            "not_a_server_error for a 500, and no other 5xx, of Campaign Standard. Adobe responds so where the \
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_be_left_out_is_what_is_left_out() {
        for case in cases() {
            let vendor = case.document.0;
            let document = case.document.document().unwrap();
            let mut count = 0;
            for operation in document.operations() {
                let id = operation.id().unwrap();
                let is_set = case.checks.contains(&format!("\"{id}\""));
                let is_left_out = is_set || case.elsewhere.contains(&id);
                let mut words = case.exclusions.iter().flat_map(|said| said.split([' ', ',', '.']));
                assert_eq!(words.any(|word| word == id), is_left_out, "{id}");
                count += usize::from(is_set);
            }
            // Every text in quotes but the statuses is an operation of the document.
            let quoted = case.checks.split('"').skip(1).step_by(2);
            let names = quoted.filter(|text| !text.ends_with("xx"));
            assert_eq!(names.count(), count, "{}", vendor.name);
        }
    }
}
