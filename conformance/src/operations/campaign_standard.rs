//! Campaign Standard's.

use letterhead::campaign_standard::Client;
use letterhead::campaign_standard::types::{
    NewProfile, NewService, OrganizationalUnitReference, ProfileSubscription, ServiceSubscription,
};
use letterhead_sandbox::seed;
use serde_json::json;

use crate::operations::{Calls, typed};

const PROFILE: &str = seed::CAMPAIGN_PROFILE_PKEY;
const SERVICE: &str = seed::CAMPAIGN_SERVICE_PKEY;

impl Calls {
    pub(crate) async fn campaign_standard(&mut self, client: &Client) {
        self.units(client).await;
        self.profiles(client).await;
        self.services(client).await;
        self.subscriptions(client).await;
        let read = client.get_resource_metadata().resource("profile");
        self.make(read.send()).await;
    }

    async fn units(&mut self, client: &Client) {
        let list = client.list_organizational_units().line_count(2);
        self.make(list.order("name desc").send()).await;
        let unit = seed::CAMPAIGN_UNIT_PKEY;
        let read = client.get_organizational_unit().org_unit_pkey(unit);
        self.make(read.send()).await;
        let update = client.update_organizational_unit().org_unit_pkey(unit);
        self.make(update.body_map(|unit| unit.label("Contoso Group")).send())
            .await;
        self.make(client.list_geographical_units().line_count(5).send())
            .await;
        let unit = seed::CAMPAIGN_GEO_UNIT_PKEY;
        let read = client.get_geographical_unit().geo_unit_pkey(unit);
        self.make(read.send()).await;
        let update = client.update_geographical_unit().geo_unit_pkey(unit);
        self.make(update.body_map(|unit| unit.label("Azores")).send())
            .await;
    }

    async fn profiles(&mut self, client: &Client) {
        let list = client.list_profiles().line_count(1);
        self.make(list.order("email desc").send()).await;
        self.make(client.list_profile_emails().line_count(1).send())
            .await;
        let list = client.list_profiles_by_email();
        self.make(list.email(seed::CAMPAIGN_LOOSE_PROFILE_EMAIL).send())
            .await;
        let list = client.list_profiles_by_text().text("Nad");
        self.make(list.send()).await;
        let list = client.list_profiles_by_keys();
        self.make(list.email(seed::CAMPAIGN_PROFILE_EMAIL).send())
            .await;
        self.make(client.get_profile().profile_pkey(PROFILE).send())
            .await;
        let unit = seed::CAMPAIGN_OTHER_UNIT_PKEY;
        let reference = OrganizationalUnitReference::from(unit);
        let update = client.update_profile().profile_pkey(PROFILE);
        let update = update.body_map(|profile| profile.org_unit(reference));
        self.make(update.send()).await;

        let new = json!({"email": "ines.castell@contoso.example", "orgUnit": {"PKey": unit}});
        let create = client.create_profile().body(typed::<NewProfile>(new));
        let created = self.make(create.send()).await;
        if let Some(key) = created.and_then(|profile| profile.into_inner().p_key) {
            let delete = client.delete_profile().profile_pkey(key);
            self.make(delete.send()).await;
        }
    }

    async fn services(&mut self, client: &Client) {
        self.make(client.list_services().line_count(5).send()).await;
        let list = client.list_services_by_channel().channel("email");
        self.make(list.send()).await;
        let list = client.list_services_by_text().text("Con");
        self.make(list.send()).await;
        self.make(client.get_service().service_pkey(SERVICE).send())
            .await;
        let update = client.update_service().service_pkey(SERVICE);
        let update = update.body_map(|service| service.label("Contoso Weekly"));
        self.make(update.send()).await;

        let new = json!({"name": "harbour", "messageType": "sms"});
        let create = client.create_service().body(typed::<NewService>(new));
        let created = self.make(create.send()).await;
        if let Some(key) = created.and_then(|service| service.into_inner().p_key) {
            let delete = client.delete_service().service_pkey(key);
            self.make(delete.send()).await;
        }
    }

    async fn subscriptions(&mut self, client: &Client) {
        let to = json!({"service": {"PKey": SERVICE}});
        let subscribe = client.subscribe_profile().profile_pkey(PROFILE);
        let subscribe = subscribe.body(typed::<ProfileSubscription>(to));
        let subscription = self.make(subscribe.send()).await;
        let who = json!({"subscriber": {"PKey": seed::CAMPAIGN_LOOSE_PROFILE_PKEY}});
        let add = client.add_subscriber().service_pkey(SERVICE);
        let add = add.body(typed::<ServiceSubscription>(who));
        self.make(add.send()).await;
        let list = client.list_profile_subscriptions();
        self.make(list.profile_pkey(PROFILE).send()).await;
        let list = client.list_service_subscriptions().line_count(1);
        self.make(list.service_pkey(SERVICE).send()).await;
        if let Some(key) = subscription.and_then(|one| one.into_inner().p_key) {
            let end = client.unsubscribe().service_pkey(SERVICE);
            self.make(end.subscription_pkey(key).send()).await;
        }
    }
}
