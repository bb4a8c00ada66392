//! The members of a customer as serde's derive reads and writes them. What isn't here is dropped.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Defines structs of optional members.
macro_rules! members {
    ($($name:ident { $($(#[$rename:meta])? $member:ident: $ty:ty,)* })*) => {$(
        #[derive(Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[allow(clippy::struct_field_names, reason = "the service's names")]
        pub(crate) struct $name {$(
            $(#[$rename])?
            #[serde(skip_serializing_if = "Option::is_none")]
            $member: Option<$ty>,
        )*}
    )*};
}

members! {
    Page {
        total_count: i32,
        items: Vec<Customer>,
        continuation_token: String,
        links: Links,
        attributes: Attributes,
    }

    Customer {
        id: String,
        commerce_id: String,
        company_profile: CompanyProfile,
        billing_profile: BillingProfile,
        relationship_to_partner: Relationship,
        allow_delegated_access: bool,
        user_credentials: UserCredentials,
        custom_domains: Vec<String>,
        associated_partner_id: String,
        links: Links,
        attributes: Attributes,
    }

    CompanyProfile {
        tenant_id: String,
        domain: String,
        company_name: String,
        address: Address,
        email: String,
        organization_registration_number: String,
        links: Links,
        attributes: Attributes,
    }

    BillingProfile {
        id: String,
        first_name: String,
        last_name: String,
        email: String,
        culture: String,
        language: String,
        company_name: String,
        default_address: Address,
        links: Links,
        attributes: Attributes,
    }

    UserCredentials {
        user_name: String,
        password: String,
    }

    Address {
        id: String,
        country: String,
        region: String,
        city: String,
        state: String,
        district: String,
        #[serde(rename = "addressLine1")]
        address_line1: String,
        #[serde(rename = "addressLine2")]
        address_line2: String,
        #[serde(rename = "addressLine3")]
        address_line3: String,
        postal_code: String,
        first_name: String,
        middle_name: String,
        last_name: String,
        email_address: String,
        phone_number: String,
    }

    Links {
        #[serde(rename = "self")]
        this: Link,
        next: Link,
        previous: Link,
    }

    Link {
        uri: String,
        method: String,
        headers: Vec<LinkHeader>,
        body: Value,
    }

    LinkHeader {
        key: String,
        value: String,
    }

    Attributes {
        etag: String,
        object_type: String,
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Relationship {
    Reseller,
    Advisor,
    Syndication,
    MicrosoftSupport,
    None,
    Unknown,
}
