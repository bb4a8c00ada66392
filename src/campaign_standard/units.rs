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
        let looked_at = self.look_for_unit(name).await?;
        Ok(looked_at.and_then(Reply::into_inner))
    }

    /// The last page that was looked at, with the unit if it was there.
    async fn look_for_unit(
        &self,
        name: &str,
    ) -> Result<Option<Reply<Option<OrganizationalUnit>>>, Error> {
        let mut pages = self.list_organizational_units().pages();
        let (mut looked_at, mut unread) = (None, None);
        while let Some(page) = pages.next().await {
            let is_it = |unit: &OrganizationalUnit| unit.name.as_deref() == Some(name);
            let found = match page {
                Ok(page) => page.map(|page| page.content.into_iter().find(is_it)),
                // It may be another one that is looked for.
                Err(error) if error.item().is_some() => {
                    unread.get_or_insert(error);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let is_found = found.is_some();
            looked_at = Some(found);
            if is_found {
                return Ok(looked_at);
            }
        }
        unread.map_or(Ok(looked_at), Err)
    }

    /// Assigns a profile to the organizational unit with this internal name. All calls that this takes
    /// have one correlation id.
    ///
    /// # Errors
    /// As [`Client::find_organizational_unit`] and [`Client::update_profile`]; and a name that no unit
    /// has, which is [not found](Error::is_not_found), with nothing changed.
    pub async fn assign_profile(
        &self,
        profile_pkey: impl Into<String>,
        unit_name: &str,
    ) -> Result<Reply<Option<UpdatedResource>>, Error> {
        let assign = async {
            let looked_at = self.look_for_unit(unit_name).await?;
            let unit = looked_at.as_ref().and_then(|reply| reply.as_ref());
            let Some(key) = unit.and_then(|unit| unit.p_key.clone()) else {
                let (kind, reason) = match unit {
                    Some(_) => (
                        ErrorKind::InvalidRequest,
                        format!("the organizational unit {unit_name:?} came without a key"),
                    ),
                    None => (
                        ErrorKind::NotFound,
                        format!("no organizational unit has the name {unit_name:?}"),
                    ),
                };
                let error = Error::new(kind, reason);
                return Err(match looked_at {
                    Some(reply) => {
                        error.in_call("assign_profile", reply.request_id(), reply.correlation_id())
                    }
                    None => error,
                });
            };
            self.update_profile()
                .profile_pkey(profile_pkey.into())
                .body_map(|profile| profile.org_unit(OrganizationalUnitReference::from(key)))
                .send()
                .await
        };
        // Boxed, so that whoever awaits it isn't made large by its calls.
        CorrelationId::for_call(None).scope(Box::pin(assign)).await
    }
}
