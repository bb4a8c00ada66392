//! Units by name.

use super::Client;
use super::types::{OrganizationalUnit, OrganizationalUnitReference, UpdatedResource};
use crate::error::ErrorKind;
use crate::layer::{Options, convenience};
use crate::{Error, Reply};

impl Client {
    /// The organizational unit with this internal name (`brand4`, not the label `Brand 4`), looked for on
    /// all pages. Its key is for use now and not for keeping.
    ///
    /// # Errors
    /// As [`Client::list_organizational_units`] over all its pages.
    #[must_use = "nothing is sent until it is awaited"]
    pub fn find_organizational_unit(&self, name: impl Into<String>) -> FindOrganizationalUnit {
        FindOrganizationalUnit {
            client: self.clone(),
            name: name.into(),
            options: Options::default(),
        }
    }

    /// Assigns a profile to the organizational unit with this internal name. All calls that this takes
    /// have one correlation id.
    ///
    /// # Errors
    /// As [`Client::find_organizational_unit`] and [`Client::update_profile`]; and a name that no unit
    /// has, which is [not found](Error::is_not_found), with nothing changed.
    #[must_use = "nothing is sent until it is awaited"]
    pub fn assign_profile(
        &self,
        profile_pkey: impl Into<String>,
        unit_name: impl Into<String>,
    ) -> AssignProfile {
        AssignProfile {
            client: self.clone(),
            profile_pkey: profile_pkey.into(),
            unit_name: unit_name.into(),
            options: Options::default(),
        }
    }
}

convenience! {
    /// See [`Client::find_organizational_unit`]. The reply is the last page that was looked at.
    pub struct FindOrganizationalUnit {
        client: Client,
        name: String,
    }
    -> Reply<Option<OrganizationalUnit>>
}

convenience! {
    /// See [`Client::assign_profile`]. The reply and the request id are those of the write.
    pub struct AssignProfile {
        client: Client,
        profile_pkey: String,
        unit_name: String,
    }
    -> Reply<Option<UpdatedResource>>
}

impl FindOrganizationalUnit {
    async fn run(self) -> Result<Reply<Option<OrganizationalUnit>>, Error> {
        let list = self.client.list_organizational_units().options(self.options);
        list.pages().find(|unit| unit.name.as_deref() == Some(&*self.name)).await
    }
}

impl AssignProfile {
    async fn run(self) -> Result<Reply<Option<UpdatedResource>>, Error> {
        let Self { client, profile_pkey, unit_name, options } = self;
        let look_up = FindOrganizationalUnit {
            client: client.clone(),
            name: unit_name.clone(),
            options: Options { request_id: None, ..options.clone() },
        };
        let looked_at = look_up.run().await?;
        let Some(key) = looked_at.as_ref().and_then(|unit| unit.p_key.clone()) else {
            let (kind, reason) = if looked_at.is_some() {
                let reason = format!("the organizational unit {unit_name:?} came without a key");
                (ErrorKind::InvalidRequest, reason)
            } else {
                let reason = format!("no organizational unit has the name {unit_name:?}");
                (ErrorKind::NotFound, reason)
            };
            let (request_id, correlation_id) = (looked_at.request_id(), looked_at.correlation_id());
            let error = Error::new(kind, reason);
            return Err(error.in_call("assign_profile", request_id, correlation_id));
        };
        let update = client.update_profile().options(options).profile_pkey(profile_pkey);
        let unit = OrganizationalUnitReference::from(key);
        update.body_map(|profile| profile.org_unit(unit)).send().await
    }
}
