//! Partner Center's.

use letterhead::partner_center::Client;
use letterhead::partner_center::types::{
    LicenseUpdate, NewCustomerUser, NewUserMember, PasswordReset,
};
use letterhead_sandbox::seed;
use serde_json::json;

use crate::operations::{Calls, typed};

const CUSTOMER: &str = seed::CUSTOMER_TENANT_ID;
const USER: &str = seed::USER_ID;
const PASSWORD: &str = "Copper-Kettle-41";

impl Calls {
    pub(crate) async fn partner_center(&mut self, client: &Client) {
        self.own_profiles(client).await;
        self.business_profiles(client).await;
        self.customers(client).await;
        self.users(client).await;
        self.licences(client).await;
        self.roles(client).await;
    }

    async fn own_profiles(&mut self, client: &Client) {
        let organization = client.get_organization_profile().send();
        if let Some(profile) = self.make(organization).await {
            let update = client.update_organization_profile().body(profile);
            self.make(update.send()).await;
        }
        if let Some(profile) = self.make(client.get_support_profile().send()).await {
            let update = client.update_support_profile().body(profile);
            self.make(update.send()).await;
        }
    }

    async fn business_profiles(&mut self, client: &Client) {
        let legal = client.get_legal_business_profile().send();
        if let Some(profile) = self.make(legal).await {
            let update = client.update_legal_business_profile().body(profile);
            self.make(update.send()).await;
        }
        if let Some(profile) = self.make(client.get_billing_profile().send()).await {
            let update = client.update_billing_profile().body(profile);
            self.make(update.send()).await;
        }
        self.make(client.get_mpn_profile().send()).await;
        let other = client.get_mpn_profile().mpn_id(seed::OTHER_MPN_ID);
        self.make(other.send()).await;
    }

    async fn customers(&mut self, client: &Client) {
        let list = || client.list_customers().size(2);
        if let Some(page) = self.make(list().send()).await
            && let Some(next) = list().after(&page)
        {
            self.make(next.send()).await;
        }
        let read = client.get_customer().customer_tenant_id(CUSTOMER);
        self.make(read.send()).await;
        let read = client.get_customer_company_profile();
        self.make(read.customer_tenant_id(CUSTOMER).send()).await;
        let read = client.get_customer_billing_profile();
        let read = read.customer_tenant_id(CUSTOMER).send();
        if let Some(profile) = self.make(read).await {
            let update = client.update_customer_billing_profile().body(profile);
            self.make(update.customer_tenant_id(CUSTOMER).send()).await;
        }
    }

    async fn users(&mut self, client: &Client) {
        let list = client.list_customer_users().customer_tenant_id(CUSTOMER);
        self.make(list.size(2).send()).await;
        let read = client.get_customer_user().customer_tenant_id(CUSTOMER);
        self.make(read.user_id(USER).send()).await;
        let update = client.update_customer_user().customer_tenant_id(CUSTOMER);
        let update = update.body_map(|user| user.usage_location("DE"));
        self.make(update.user_id(USER).send()).await;

        let password = json!({"passwordProfile": {"password": PASSWORD}});
        let new = json!({
            "usageLocation": "DE",
            "userPrincipalName": "gita@contoso.onmicrosoft.example",
            "displayName": "Gita Rao",
            "passwordProfile": {"password": PASSWORD, "forceChangePassword": true},
        });
        let create = client.create_customer_user().customer_tenant_id(CUSTOMER);
        let create = create.body(typed::<NewCustomerUser>(new)).send();
        let created = self.make(create).await;
        let Some(id) = created.and_then(|user| user.into_inner().id) else {
            return;
        };
        let reset = client.reset_customer_user_password();
        let reset = reset.customer_tenant_id(CUSTOMER).user_id(&id);
        self.make(reset.body(typed::<PasswordReset>(password)).send())
            .await;
        let delete = client.delete_customer_user().customer_tenant_id(CUSTOMER);
        self.make(delete.user_id(&id).send()).await;
        let read = client.get_customer_user().customer_tenant_id(CUSTOMER);
        self.make(read.user_id(id).send()).await;
    }

    async fn licences(&mut self, client: &Client) {
        let list = client.list_subscribed_skus().customer_tenant_id(CUSTOMER);
        self.make(list.send()).await;
        let one = json!({"licensesToAssign": [{"skuId": seed::SKU_ID}]});
        let update = client.update_customer_user_licenses();
        let update = update.customer_tenant_id(CUSTOMER).user_id(USER);
        self.make(update.body(typed::<LicenseUpdate>(one)).send())
            .await;
        let list = client.list_customer_user_licenses();
        let list = list.customer_tenant_id(CUSTOMER).user_id(USER);
        self.make(list.send()).await;
    }

    async fn roles(&mut self, client: &Client) {
        let list = client.list_directory_roles().customer_tenant_id(CUSTOMER);
        self.make(list.send()).await;
        let member = json!({
            "id": USER,
            "displayName": "Ada Lindqvist",
            "userPrincipalName": "ada@contoso.onmicrosoft.example",
            "attributes": {"objectType": "UserMember"},
        });
        let add = client.add_role_member().customer_tenant_id(CUSTOMER);
        let add = add.role_id(seed::ROLE_ID);
        self.make(add.body(typed::<NewUserMember>(member)).send())
            .await;
        let list = client.list_role_members().customer_tenant_id(CUSTOMER);
        self.make(list.role_id(seed::ROLE_ID).size(1).send()).await;
        let list = client.list_customer_user_roles();
        let list = list.customer_tenant_id(CUSTOMER).user_id(USER);
        self.make(list.send()).await;
        let remove = client.remove_role_member().customer_tenant_id(CUSTOMER);
        let remove = remove.role_id(seed::ROLE_ID).user_id(USER);
        self.make(remove.send()).await;
    }
}
