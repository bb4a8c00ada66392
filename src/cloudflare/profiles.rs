//! Business profiles: to be changed whole, with values in their texts.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::Value;

use crate::cloudflare::text::{meaning, read, written};
use crate::cloudflare::{Client, success_of, types};
use crate::layer::{Layer, Options};
use crate::wire::Meaning;
use crate::{Creatable, Error, ErrorKind, Replaced, Reply, Resource};

const NO_PROFILE: &str = "this is the response where an organization or account has no profile; \
                          `update_or_create` makes its first one";

impl Client {
    /// An organization's profile, to read it or to change it with everything else that it holds.
    ///
    /// It has no ETag: what someone else writes between the read and the write is overwritten, and
    /// neither of the two learns of it. `update` keeps that time short: it reads again before it sends a
    /// write once more, whatever became of the first. The operation by itself,
    /// `modify_organization_profile`, is sent again as it was, up to the longest wait of its
    /// [`RetryPolicy`](crate::RetryPolicy) later.
    ///
    /// An organization may have no profile. Cloudflare responds with 404 then, which
    /// [`is_not_found`](Error::is_not_found); [`update_or_create`](Resource::update_or_create) makes the
    /// first one:
    ///
    /// ```no_run
    /// # async fn run(cloudflare: letterhead::cloudflare::Client, id: &str) -> Result<(), letterhead::Error> {
    /// let profile = cloudflare.organization_profile(id);
    /// profile.update_or_create(|profile| profile.business_name = Some("Fabrikam".into())).await?;
    /// # Ok(()) }
    /// ```
    #[doc(alias = "phone")]
    #[doc(alias = "change phone")]
    #[doc(alias = "change phone number")]
    #[doc(alias = "change address")]
    #[doc(alias = "update profile")]
    #[doc(alias = "update organization profile")]
    pub fn organization_profile(
        &self,
        organization_id: impl Into<String>,
    ) -> Resource<OrganizationProfile> {
        Resource::new(OrganizationProfile { client: self.clone(), id: organization_id.into() })
    }

    /// An account's profile, which is like an organization's: see [`Client::organization_profile`].
    #[doc(alias = "update account profile")]
    pub fn account_profile(&self, account_id: impl Into<String>) -> Resource<AccountProfile> {
        Resource::new(AccountProfile { client: self.clone(), id: account_id.into() })
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

            fn layer(&self) -> &Layer {
                &self.client.0
            }

            async fn read(&self, options: Options) -> Result<Reply<Self::Value>, Error> {
                let call = self.client.$read().$id(&self.id);
                match call.options(options).send().await {
                    Ok(reply) => Ok(reply.map(|envelope| envelope.result.unwrap_or_default())),
                    Err(error) if is_absent(&error) => Err(error.with_hint(NO_PROFILE)),
                    Err(error) => Err(error),
                }
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

            fn resource(json: &[u8]) -> Option<Self::Value> {
                let envelope: types::OrganizationProfileResponse =
                    serde_json::from_slice(json).ok()?;
                let profile = envelope.result.filter(|_| envelope.success == Some(true))?;
                let members = [
                    &profile.business_address,
                    &profile.business_email,
                    &profile.business_name,
                    &profile.business_phone,
                    &profile.external_metadata,
                ];
                let is_it = members.into_iter().any(Option::is_some);
                is_it.then_some(profile)
            }

            fn is_written(status: StatusCode, json: &[u8]) -> bool {
                status == StatusCode::NO_CONTENT || success_of(json) == Some(true)
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

        impl Creatable for $name {
            fn absent(error: &Error) -> Option<Self::Value> {
                is_absent(error).then(|| types::OrganizationProfile {
                    business_address: Some(String::new()),
                    business_email: Some(String::new()),
                    business_name: Some(String::new()),
                    business_phone: Some(String::new()),
                    external_metadata: Some(String::new()),
                    ..Default::default()
                })
            }
        }
    };
}

/// Whether there is no profile. Only Cloudflare itself can say so: a 404 of anyone in between, or one for a
/// path that leads nowhere, says nothing about profiles.
fn is_absent(error: &Error) -> bool {
    let leads_nowhere = error.has_code("7000") || error.has_code("7003");
    error.kind() == ErrorKind::Refused
        && error.status() == Some(StatusCode::NOT_FOUND)
        && !error.codes().is_empty()
        && !leads_nowhere
        && success_of(error.body().unwrap_or_default()) == Some(false)
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
