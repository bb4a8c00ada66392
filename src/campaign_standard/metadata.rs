//! What an instance reports about its resources.

use http::Method;

use super::Client;
use super::links::target;
use super::types::{ResourceListing, ResourceMetadata};
use crate::layer::{Operation, Options, Repeatable, convenience};
use crate::{Error, JsonObject, Reply};

static FILTERS: Operation = Operation {
    name: "filters",
    method: Method::GET,
    path: "/{filters}",
    repeatable: Repeatable::Always,
    clouds: &[],
    takes: None,
};

impl Client {
    /// The filters of a resource, each under its name, or none where the description has no link to them.
    ///
    /// Those that the instance has added are among them. `data` of a filter shows how it is used:
    /// `/profileAndServicesExt/profile/byText?text=$value`.
    ///
    /// # Errors
    /// As every operation; and a link that leads to another origin or another instance, which is not
    /// followed.
    #[must_use = "nothing is sent until it is awaited"]
    pub fn filters(&self, resource: &ResourceMetadata) -> ListFilters {
        let filters = resource.filters.as_ref();
        let href = filters.and_then(|filters| target(filters.href.as_deref()));
        ListFilters {
            client: self.clone(),
            href: href.map(str::to_owned),
            options: Options::default(),
        }
    }
}

convenience! {
    /// See [`Client::filters`].
    pub struct ListFilters {
        client: Client,
        href: Option<String>,
    }
    -> Option<Reply<JsonObject>>
}

impl ListFilters {
    async fn run(self) -> Result<Option<Reply<JsonObject>>, Error> {
        let Some(href) = self.href else {
            return Ok(None);
        };
        self.client.0.call(&FILTERS, self.client.to(&href, self.options)).send().await.map(Some)
    }
}

impl ResourceListing {
    /// The resources, by name. A member that doesn't describe one is in `extra` only.
    pub fn resources(&self) -> impl Iterator<Item = (&str, ResourceMetadata)> {
        self.extra.iter().filter_map(|(name, described)| {
            let resource: ResourceMetadata = serde_json::from_str(described).ok()?;
            Some((name, resource))
        })
    }
}
