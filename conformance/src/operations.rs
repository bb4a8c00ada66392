//! Every operation of the documents, called by our clients.

use std::collections::BTreeSet;
use std::future::Future;

use letterhead::campaign_standard::types::OrganizationalUnitReference;
use letterhead::cloudflare::types::{
    BatchCreateMembers, CreateMember, MoveAccounts, OrganizationInput,
};
use letterhead::{Error, Reply, campaign_standard, cloudflare, partner_center};
use letterhead_document::Document;
use letterhead_sandbox::{Exchange, seed};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::scene::Clients;

/// The operations of one document.
pub(crate) struct Operations {
    /// Method, path and name; the paths with fewer variables first.
    all: Vec<(String, Vec<String>, String)>,
}

impl Operations {
    /// Reads them; their paths continue `base`.
    pub(crate) fn of(name: &str, text: &str, base: &str) -> anyhow::Result<Self> {
        let document = Document::parse(name, text).map_err(|fault| anyhow::anyhow!("{fault}"))?;
        let document = document.to_json();
        let mut all = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if let Some(id) = operation["operationId"].as_str() {
                    let path = segments(&format!("{base}{path}"));
                    all.push((method.to_uppercase(), path, id.to_owned()));
                }
            }
        }
        let variables = |path: &[String]| path.iter().filter(|one| one.starts_with('{')).count();
        all.sort_by_key(|(_, path, _)| variables(path));
        Ok(Self { all })
    }

    /// Those that none of the exchanges is of.
    pub(crate) fn missing(&self, exchanges: &[Exchange]) -> Vec<String> {
        let called: BTreeSet<_> = exchanges.iter().filter_map(|one| self.find(one)).collect();
        let names = self.all.iter().map(|(_, _, name)| name);
        names
            .filter(|name| !called.contains(name))
            .cloned()
            .collect()
    }

    fn find(&self, exchange: &Exchange) -> Option<&String> {
        let given = segments(exchange.path());
        let found = self.all.iter().find(|(method, path, _)| {
            let mut pairs = path.iter().zip(&given);
            exchange.method == method.as_str()
                && path.len() == given.len()
                && pairs.all(|(known, given)| known.starts_with('{') || known == given)
        });
        found.map(|(_, _, name)| name)
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}

/// Calls, and what failed among them.
#[derive(Default)]
pub(crate) struct Calls {
    pub(crate) count: usize,
    pub(crate) findings: Vec<String>,
}

impl Calls {
    async fn make<T>(
        &mut self,
        call: impl Future<Output = Result<Reply<T>, Error>>,
    ) -> Option<Reply<T>> {
        self.count += 1;
        let error = match call.await {
            Ok(reply) => return Some(reply),
            Err(error) => error,
        };
        let body = String::from_utf8_lossy(error.body().unwrap_or_default());
        self.findings.push(format!("{error}\n{body}"));
        None
    }

    pub(crate) async fn partner_center(&mut self, client: &partner_center::Client) {
        let organization = client.get_organization_profile().send();
        if let Some(profile) = self.make(organization).await {
            let update = client.update_organization_profile().body(profile);
            self.make(update.send()).await;
        }
        if let Some(profile) = self.make(client.get_support_profile().send()).await {
            let update = client.update_support_profile().body(profile);
            self.make(update.send()).await;
        }
        let list = || client.list_customers().size(2);
        if let Some(page) = self.make(list().send()).await
            && let Some(next) = list().after(&page)
        {
            self.make(next.send()).await;
        }
        let customer = seed::CUSTOMER_TENANT_ID;
        let list = client.list_customer_users().customer_tenant_id(customer);
        self.make(list.size(2).send()).await;
        let user = client.get_customer_user().customer_tenant_id(customer);
        self.make(user.user_id(seed::USER_ID).send()).await;
        let update = client.update_customer_user().customer_tenant_id(customer);
        let update = update.body_map(|user| user.usage_location("DE"));
        self.make(update.user_id(seed::USER_ID).send()).await;
    }

    pub(crate) async fn campaign_standard(&mut self, client: &campaign_standard::Client) {
        let list = client.list_organizational_units().line_count(2);
        self.make(list.order("name desc").send()).await;
        let unit = client.get_organizational_unit();
        self.make(unit.org_unit_pkey(seed::CAMPAIGN_UNIT_PKEY).send())
            .await;
        let list = client.list_profiles_by_email();
        self.make(list.email(seed::CAMPAIGN_LOOSE_PROFILE_EMAIL).send())
            .await;
        let profile = seed::CAMPAIGN_PROFILE_PKEY;
        self.make(client.get_profile().profile_pkey(profile).send())
            .await;
        let unit = OrganizationalUnitReference::from(seed::CAMPAIGN_OTHER_UNIT_PKEY);
        let update = client.update_profile().profile_pkey(profile);
        self.make(update.body_map(|profile| profile.org_unit(unit)).send())
            .await;
    }

    pub(crate) async fn cloudflare(&mut self, clients: &Clients) {
        let client = &clients.cloudflare;
        self.organizations(client).await;
        self.members(client).await;
        self.accounts(client).await;
        self.activity(client).await;
        let [account, ..] = seed::CLOUDFLARE_ACCOUNT_IDS;
        let verify = clients.account.verify_account_token();
        self.make(verify.account_id(account).send()).await;
        self.make(client.verify_user_token().send()).await;
    }

    async fn organizations(&mut self, client: &cloudflare::Client) {
        let organization = seed::CLOUDFLARE_ORGANIZATION_ID;
        let list = client.list_organizations().page_size(2);
        self.make(list.name_starts_with("Fabri").send()).await;
        let read = client.get_organization().organization_id(organization);
        self.make(read.send()).await;
        let new = json!({"name": "Fabrikam Iberia", "parent": {"id": organization}});
        let create = client
            .create_organization()
            .body(typed::<OrganizationInput>(new));
        self.make(create.send()).await;
        let modify = client.modify_organization().organization_id(organization);
        let modify = modify.body_map(|organization| organization.name("Fabrikam Worldwide"));
        self.make(modify.send()).await;
        let delete = client.delete_organization();
        self.make(
            delete
                .organization_id(seed::CLOUDFLARE_BARE_ORGANIZATION_ID)
                .send(),
        )
        .await;
        let read = client.get_organization_profile();
        let read = read.organization_id(organization).send();
        if let Some(profile) = self
            .make(read)
            .await
            .and_then(|read| read.into_inner().result)
        {
            let modify = client.modify_organization_profile().body(profile);
            self.make(modify.organization_id(organization).send()).await;
        }
    }

    async fn members(&mut self, client: &cloudflare::Client) {
        let organization = seed::CLOUDFLARE_ORGANIZATION_ID;
        let list = client.list_organization_members();
        self.make(list.organization_id(organization).page_size(1).send())
            .await;
        let read = client
            .get_organization_member()
            .organization_id(organization);
        self.make(read.member_id(seed::CLOUDFLARE_MEMBER_ID).send())
            .await;
        let grace = json!({"member": {"user": {"email": "grace@fabrikam.example"}}});
        let create = client
            .create_organization_member()
            .organization_id(organization);
        let create = create.body(typed::<CreateMember>(grace));
        self.make(create.send()).await;
        let alan = json!({"members": [{"user": {"email": "alan@fabrikam.example"}}]});
        let create = client.batch_create_organization_members();
        let create = create.organization_id(organization);
        let create = create.body(typed::<BatchCreateMembers>(alan));
        self.make(create.send()).await;
        let delete = client
            .delete_organization_member()
            .organization_id(organization);
        self.make(delete.member_id(seed::CLOUDFLARE_MEMBER_ID).send())
            .await;
    }

    async fn accounts(&mut self, client: &cloudflare::Client) {
        let [account, other, _] = seed::CLOUDFLARE_ACCOUNT_IDS;
        let list = client.list_organization_accounts();
        self.make(
            list.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID)
                .send(),
        )
        .await;
        let read = client.get_account_profile().account_id(account).send();
        if let Some(profile) = self
            .make(read)
            .await
            .and_then(|read| read.into_inner().result)
        {
            let modify = client.modify_account_profile().body(profile);
            self.make(modify.account_id(account).send()).await;
        }
        let list = client.list_account_organizations().account_id(account);
        self.make(list.send()).await;
        let destination = seed::CLOUDFLARE_SUB_ORGANIZATION_ID;
        let one = client.move_account().account_id(account);
        let one = one.body_map(|body| body.destination_organization_id(destination));
        self.make(one.send()).await;
        let moves = json!({"account_ids": [other], "destination_organization_id": destination});
        let both = client.move_accounts().body(typed::<MoveAccounts>(moves));
        self.make(both.send()).await;
    }

    async fn activity(&mut self, client: &cloudflare::Client) {
        let organization = seed::CLOUDFLARE_ORGANIZATION_ID;
        let list = client.list_organization_audit_logs();
        let list = list.organization_id(organization).limit(2);
        let list = list.since("2026-10-01").before("2026-11-01").send();
        let id = self
            .make(list)
            .await
            .and_then(|page| page.result.first()?.id.clone());
        let list = client.list_organization_audit_log_history();
        let list = list
            .organization_id(organization)
            .id(id.unwrap_or_default());
        let list = list.action_time("2026-10-04T16:20:11Z");
        self.make(list.since("2026-10-01").before("2026-11-01").send())
            .await;
        let usage = client.get_organization_billable_usage();
        let usage = usage.from("2026-10-02").to("2026-10-31");
        self.make(usage.organization_id(organization).send()).await;
        let list = client.list_organization_shares().per_page(1);
        self.make(list.organization_id(organization).send()).await;
    }
}

/// A body, written as JSON; one that doesn't fit is a mistake in this file.
fn typed<T: DeserializeOwned>(body: Value) -> T {
    serde_json::from_value(body).expect("a body of its operation")
}
