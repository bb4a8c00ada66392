//! Business profiles: to be changed whole, with values in their texts.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cloudflare::text::{meaning, read, written};
use crate::cloudflare::{Client, types};
use crate::layer::{Io, Options};
use crate::wire::Meaning;
use crate::{Error, Replaced, Reply, Resource};

impl Client {
    /// An organization's profile, to read it or to change it with everything else that it holds.
    ///
    /// It has no ETag: what someone else writes between the read and the write is overwritten, and
    /// nobody is told. An organization without a profile is answered with 404.
    pub fn organization_profile(
        &self,
        organization_id: impl Into<String>,
    ) -> Resource<OrganizationProfile> {
        Resource::new(OrganizationProfile {
            client: self.clone(),
            id: organization_id.into(),
        })
    }

    /// An account's profile, which is like an organization's: see [`Client::organization_profile`].
    pub fn account_profile(&self, account_id: impl Into<String>) -> Resource<AccountProfile> {
        Resource::new(AccountProfile {
            client: self.clone(),
            id: account_id.into(),
        })
    }
}

/// Makes a resource of the operations that read and replace a profile.
macro_rules! profile {
    ($(#[$doc:meta])* $name:ident, $read:ident, $write:ident, $id:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            client: Client,
            id: String,
        }

        impl Replaced for $name {
            type Value = types::OrganizationProfile;

            fn io(&self) -> &Io {
                self.client.0.io()
            }

            async fn read(&self, options: Options) -> Result<Reply<Self::Value>, Error> {
                let call = self.client.$read().$id(&self.id);
                let reply = call.options(options).send().await?;
                Ok(reply.map(|envelope| envelope.result.unwrap_or_default()))
            }

            async fn write(
                &self,
                value: Self::Value,
                options: Options,
            ) -> Result<Reply<Self::Value>, Error> {
                let call = self.client.$write().$id(&self.id);
                let reply = call.body(value.clone()).options(options).send().await?;
                Ok(reply.map(|()| value))
            }

            fn normalize(members: &mut BTreeMap<String, Meaning>) {
                for name in ["business_address", "external_metadata"] {
                    if let Some(member) = members.get_mut(name)
                        && let Meaning::Text(text) = member
                    {
                        *member = meaning(text);
                    }
                }
            }
        }
    };
}

profile!(
    /// See [`Client::organization_profile`].
    OrganizationProfile,
    get_organization_profile,
    modify_organization_profile,
    organization_id
);
profile!(
    /// See [`Client::account_profile`].
    AccountProfile,
    get_account_profile,
    modify_account_profile,
    account_id
);

/// What two of the texts hold. By habit it is JSON, an object in most cases; where it is neither an
/// object nor a list, the value is the text itself, and null where there is none. So it is where a value
/// would hold less than the text: of a member that comes twice, or of a number with more digits than a
/// 64-bit integer or float has.
impl types::OrganizationProfile {
    /// The address as a value.
    #[must_use]
    pub fn business_address_value(&self) -> Value {
        read(self.business_address.as_deref().unwrap_or_default())
    }

    /// Writes the address as JSON, a text as it is, and null as an empty text.
    pub fn set_business_address(&mut self, value: impl Into<Value>) {
        self.business_address = Some(written(value.into()));
    }

    /// The metadata as a value.
    #[must_use]
    pub fn external_metadata_value(&self) -> Value {
        read(self.external_metadata.as_deref().unwrap_or_default())
    }

    /// Writes the metadata as JSON, a text as it is, and null as an empty text.
    pub fn set_external_metadata(&mut self, value: impl Into<Value>) {
        self.external_metadata = Some(written(value.into()));
    }

    /// Whether both mean the same: Cloudflare may write the JSON in the texts anew, with other blanks, in
    /// another order, or 1 for 1.0.
    #[must_use]
    pub fn means_the_same_as(&self, other: &Self) -> bool {
        let bare = |profile: &Self| Self {
            business_address: None,
            external_metadata: None,
            ..profile.clone()
        };
        let said = |text: &Option<String>| meaning(text.as_deref().unwrap_or_default());
        said(&self.business_address) == said(&other.business_address)
            && said(&self.external_metadata) == said(&other.external_metadata)
            && bare(self) == bare(other)
    }
}
