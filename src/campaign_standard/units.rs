//! Units by name.

use super::Client;
use super::types::{OrganizationalUnit, OrganizationalUnitReference, UpdatedResource};
use crate::error::ErrorKind;
use crate::{CorrelationId, Error, Reply};

impl Client {
    /// The organizational unit with this internal name (`brand4`, not the label `Brand 4`), looked for on
    /// all pages. Its key is for use now and not for keeping.
    ///
    /// # Errors
    /// As [`Client::list_organizational_units`] over all its pages.
    pub async fn find_organizational_unit(
        &self,
        name: &str,
    ) -> Result<Option<OrganizationalUnit>, Error> {
        let mut units = self.list_organizational_units().items();
        while let Some(unit) = units.next().await {
            let unit = unit?;
            if unit.name.as_deref() == Some(name) {
                return Ok(Some(unit));
            }
        }
        Ok(None)
    }

    /// Assigns a profile to the organizational unit with this internal name. All calls that this takes
    /// have one correlation id.
    ///
    /// # Errors
    /// As [`Client::find_organizational_unit`] and [`Client::update_profile`]; and a name that no unit
    /// has, with nothing changed.
    pub async fn assign_profile(
        &self,
        profile_pkey: impl Into<String>,
        unit_name: &str,
    ) -> Result<Reply<Option<UpdatedResource>>, Error> {
        let assign = async {
            let unit = self.find_organizational_unit(unit_name).await?;
            let Some(key) = unit.and_then(|unit| unit.p_key) else {
                let reason = format!("no organizational unit has the name {unit_name:?}");
                return Err(Error::new(ErrorKind::InvalidRequest, reason));
            };
            self.update_profile()
                .profile_pkey(profile_pkey.into())
                .body_map(|profile| profile.org_unit(OrganizationalUnitReference::from(key)))
                .send()
                .await
        };
        CorrelationId::for_call(None).scope(assign).await
    }
}
