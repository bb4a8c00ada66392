//! Resources that are read and replaced whole.

use std::collections::BTreeMap;

use super::{Client, types};
use crate::layer::{Layer, Options};
use crate::wire::Meaning;
use crate::{Error, Replaced, Reply, Resource};

/// Resources that are replaced whole.
///
/// `update` builds only on a response that proves to be the resource: it has one of its members at least
/// and, where the resource has an ETag, that as well. The ETag is always the one that was read, whatever
/// the change makes of `attributes`.
impl Client {
    /// The partner's organization profile, to read it or to change it safely.
    ///
    /// It has an ETag, in its `attributes`: a write of someone else in between is a conflict, and
    /// nothing of it is overwritten.
    ///
    /// ```no_run
    /// # async fn run(partner: letterhead::partner_center::Client) -> Result<(), letterhead::Error> {
    /// let profile = partner.organization_profile();
    /// let updated = profile
    ///     .update(|profile| {
    ///         let address = profile.default_address.get_or_insert_default();
    ///         address.phone_number = Some("4255550188".into());
    ///     })
    ///     .await?;
    /// println!("{:?}, written: {}", updated.company_name, updated.is_written());
    /// # Ok(()) }
    /// ```
    #[doc(alias = "phone")]
    #[doc(alias = "phone number")]
    #[doc(alias = "change phone")]
    #[doc(alias = "change phone number")]
    #[doc(alias = "change address")]
    #[doc(alias = "update organization")]
    #[doc(alias = "update organization profile")]
    #[doc(alias = "update profile")]
    pub fn organization_profile(&self) -> Resource<OrganizationProfile> {
        Resource::new(OrganizationProfile(self.clone()))
    }

    /// The partner's own billing profile, to read it or to change it safely.
    ///
    /// It has an ETag, in its `attributes`: a write of someone else in between is a conflict, and
    /// nothing of it is overwritten.
    #[doc(alias = "update billing profile")]
    pub fn billing_profile(&self) -> Resource<BillingProfile> {
        Resource::new(BillingProfile(self.clone()))
    }

    /// The partner's legal business profile, to read it or to change it with everything else that it
    /// holds.
    ///
    /// It has no ETag: what someone else writes between the read and the write is overwritten, and
    /// neither of the two learns of it. `update` keeps that time short: it reads again before it sends a
    /// write once more, whatever became of the first. The operation by itself,
    /// `update_legal_business_profile`, is sent again as it was, up to the longest wait of its
    /// [`RetryPolicy`](crate::RetryPolicy) later.
    #[doc(alias = "update legal business profile")]
    pub fn legal_business_profile(&self) -> Resource<LegalBusinessProfile> {
        Resource::new(LegalBusinessProfile(self.clone()))
    }

    /// The billing profile of a customer, to read it or to change it safely.
    ///
    /// It has an ETag, in its `attributes`: a write of someone else in between is a conflict, and
    /// nothing of it is overwritten. The ETag is sent as `If-Match` as well, which the vendor's page
    /// demands here and nowhere else.
    #[doc(alias = "update customer billing profile")]
    pub fn customer_billing_profile(
        &self,
        customer_tenant_id: impl Into<String>,
    ) -> Resource<CustomerBillingProfile> {
        Resource::new(CustomerBillingProfile(self.clone(), customer_tenant_id.into()))
    }

    /// The partner's support profile, to read it or to change it with everything else that it holds.
    ///
    /// It has no ETag: see [`legal_business_profile`](Self::legal_business_profile).
    #[doc(alias = "update support profile")]
    #[doc(alias = "change support phone")]
    pub fn support_profile(&self) -> Resource<SupportProfile> {
        Resource::new(SupportProfile(self.clone()))
    }
}

/// Makes a resource of the operations that read and replace it, of the parameter that they share, of where
/// its ETag travels, and of the members that prove a response to be it.
macro_rules! replaced {
    (
        $(#[$doc:meta])* $name:ident, $read:ident, $write:ident $(($key:ident))?,
        etag $version:ident, members [$($member:ident)*]
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name(Client $(, replaced!(@key $key))?);

        impl Replaced for $name {
            type Value = types::$name;

            const HAS_ETAG: bool = replaced!(@has_etag $version);

            fn layer(&self) -> &Layer {
                &self.0.0
            }

            async fn read(&self, options: Options) -> Result<Reply<Self::Value>, Error> {
                let call = self.0.$read()$(.$key(&self.1))?;
                call.options(options).send().await
            }

            async fn write(
                &self,
                value: Self::Value,
                options: Options,
            ) -> Result<Reply<Self::Value>, Error> {
                let call = self.0.$write()$(.$key(&self.1))?;
                replaced!(@if_match $version call value);
                call.body(value).options(options).send().await
            }

            fn resource(json: &[u8]) -> Option<Self::Value> {
                let value: Self::Value = serde_json::from_slice(json).ok()?;
                let is_it = $(value.$member.is_some())||*;
                is_it.then_some(value)
            }

            fn etag(value: &Self::Value) -> Option<&str> {
                value.attributes.as_ref()?.etag.as_deref()
            }

            fn set_etag(value: &mut Self::Value, etag: &str) {
                value.attributes.get_or_insert_default().etag = Some(etag.to_owned());
            }

            fn normalize(members: &mut BTreeMap<String, Meaning>) {
                // The ETag, and links that come with it.
                members.remove("attributes");
                members.remove("links");
            }
        }
    };
    (@key $key:ident) => { String };
    (@has_etag none) => { false };
    (@has_etag $where:ident) => { true };
    (@if_match in_body_and_header $call:ident $value:ident) => {
        let $call = match Self::etag(&$value) {
            Some(etag) => $call.if_match(quoted(etag)),
            None => $call,
        };
    };
    (@if_match $where:ident $call:ident $value:ident) => {};
}

/// An ETag as `If-Match` has it.
fn quoted(etag: &str) -> String {
    let tag = etag.strip_prefix("W/").unwrap_or(etag);
    if tag.len() > 1 && tag.starts_with('"') && tag.ends_with('"') {
        etag.to_owned()
    } else {
        format!("\"{etag}\"")
    }
}

replaced!(
    /// See [`Client::organization_profile`].
    OrganizationProfile, get_organization_profile, update_organization_profile,
    etag in_body,
    members [company_name culture default_address domain email id language tenant_id]
);
replaced!(
    /// See [`Client::support_profile`].
    SupportProfile, get_support_profile, update_support_profile,
    etag none,
    members [email telephone website]
);
replaced!(
    /// See [`Client::customer_billing_profile`].
    CustomerBillingProfile,
    get_customer_billing_profile, update_customer_billing_profile (customer_tenant_id),
    etag in_body_and_header,
    members [company_name culture default_address email first_name id language last_name]
);
replaced!(
    /// See [`Client::billing_profile`].
    BillingProfile, get_billing_profile, update_billing_profile,
    etag in_body,
    members [
        address billing_currency billing_day company_name primary_contact purchase_order_number tax_id
    ]
);
replaced!(
    /// See [`Client::legal_business_profile`].
    LegalBusinessProfile, get_legal_business_profile, update_legal_business_profile,
    etag none,
    members [
        address company_approver_address company_approver_email company_name primary_contact
        vetting_status vetting_sub_status
    ]
);
