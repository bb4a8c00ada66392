//! Resources that are read and replaced whole.

use std::collections::BTreeMap;

use super::{Client, types};
use crate::layer::{Io, Options};
use crate::wire::Meaning;
use crate::{Error, Replaced, Reply, Resource};

/// Resources that are replaced whole.
impl Client {
    /// The partner's organization profile, to read it or to change it safely.
    ///
    /// It has an ETag, in its `attributes`: a write of someone else in between is a conflict, and
    /// nothing of it is overwritten.
    pub fn organization_profile(&self) -> Resource<OrganizationProfile> {
        Resource::new(OrganizationProfile(self.clone()))
    }

    /// The partner's own billing profile, to read it or to change it safely.
    ///
    /// It has an ETag, in its `attributes`: a write of someone else in between is a conflict, and
    /// nothing of it is overwritten.
    pub fn billing_profile(&self) -> Resource<BillingProfile> {
        Resource::new(BillingProfile(self.clone()))
    }

    /// The partner's legal business profile, to read it or to change it with everything else that it
    /// holds.
    ///
    /// It has no ETag: what someone else writes between the read and the write is overwritten, and
    /// nobody is told.
    pub fn legal_business_profile(&self) -> Resource<LegalBusinessProfile> {
        Resource::new(LegalBusinessProfile(self.clone()))
    }

    /// The billing profile of a customer, to read it or to change it safely.
    ///
    /// It has an ETag, in its `attributes`: a write of someone else in between is a conflict, and
    /// nothing of it is overwritten.
    pub fn customer_billing_profile(
        &self,
        customer_tenant_id: impl Into<String>,
    ) -> Resource<CustomerBillingProfile> {
        Resource::new(CustomerBillingProfile(
            self.clone(),
            customer_tenant_id.into(),
        ))
    }

    /// The partner's support profile, to read it or to change it with everything else that it holds.
    ///
    /// It has no ETag: what someone else writes between the read and the write is overwritten, and
    /// nobody is told.
    pub fn support_profile(&self) -> Resource<SupportProfile> {
        Resource::new(SupportProfile(self.clone()))
    }
}

/// Makes a resource of the operations that read and replace it, and of the parameter that they share.
macro_rules! replaced {
    ($(#[$doc:meta])* $name:ident, $read:ident, $write:ident $(, $key:ident)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name(Client $(, replaced!(@key $key))?);

        impl Replaced for $name {
            type Value = types::$name;

            fn io(&self) -> &Io {
                self.0.0.io()
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
                call.body(value).options(options).send().await
            }

            fn normalize(members: &mut BTreeMap<String, Meaning>) {
                // The ETag, and links that come with it.
                members.remove("attributes");
                members.remove("links");
            }
        }
    };
    (@key $key:ident) => { String };
}

replaced!(
    /// See [`Client::organization_profile`].
    OrganizationProfile,
    get_organization_profile,
    update_organization_profile
);
replaced!(
    /// See [`Client::support_profile`].
    SupportProfile,
    get_support_profile,
    update_support_profile
);
replaced!(
    /// See [`Client::customer_billing_profile`].
    CustomerBillingProfile,
    get_customer_billing_profile,
    update_customer_billing_profile,
    customer_tenant_id
);
replaced!(
    /// See [`Client::billing_profile`].
    BillingProfile,
    get_billing_profile,
    update_billing_profile
);
replaced!(
    /// See [`Client::legal_business_profile`].
    LegalBusinessProfile,
    get_legal_business_profile,
    update_legal_business_profile
);
