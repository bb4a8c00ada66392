//! Cloudflare's.

use letterhead::cloudflare::Client;
use letterhead::cloudflare::types::{
    BatchCreateMembers, CreateMember, MoveAccounts, OrganizationInput,
};
use letterhead_sandbox::seed;
use serde_json::json;

use crate::operations::{Calls, typed};
use crate::scene::Clients;

impl Calls {
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

    async fn organizations(&mut self, client: &Client) {
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

    async fn members(&mut self, client: &Client) {
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

    async fn accounts(&mut self, client: &Client) {
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

    async fn activity(&mut self, client: &Client) {
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
