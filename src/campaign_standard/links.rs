//! What a response leads to: the next page, and the number of entries.

use std::marker::PhantomData;

use http::Method;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Client, builder, types};
use crate::error::ErrorKind;
use crate::layer::{JsonLists, Operation, Options, Repeatable, convenience};
use crate::paging::listing;
use crate::{Error, Reply};

static COUNT: Operation = Operation {
    name: "count",
    method: Method::GET,
    path: "/{count}",
    repeatable: Repeatable::Always,
    clouds: &[],
    takes: None,
};

static NEXT_PAGE: Operation = Operation {
    name: "next_page",
    method: Method::GET,
    path: "/{next}",
    repeatable: Repeatable::Always,
    clouds: &[],
    takes: None,
};

/// A page of a list, with a link to the next one.
pub trait Page: DeserializeOwned + Send + 'static {
    /// What it is made of.
    type Item: DeserializeOwned + Send + 'static;

    #[doc(hidden)]
    fn items(&mut self) -> &mut Vec<Self::Item>;

    /// The link to the next page; none on the last one.
    fn next_href(&self) -> Option<&str>;

    /// The link to the number of entries on all pages, where there is one.
    fn count_href(&self) -> Option<&str>;
}

/// How many entries a list has on all its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Count {
    /// The number of entries.
    pub count: u64,
}

impl Client {
    /// The page after `page`, or none after the last one.
    ///
    /// # Errors
    /// As every operation; and a link that leads to another origin or another instance, which is not
    /// followed, or back to the page that it came with.
    #[must_use = "nothing is sent until it is awaited"]
    pub fn next_page<P: Page>(&self, page: &Reply<P>) -> NextPage<P> {
        NextPage {
            client: self.clone(),
            href: page.next_href().map(str::to_owned),
            page: PhantomData,
            options: Options::default(),
        }
    }

    /// How many entries the list of `page` has on all its pages, or none where the page has no link to
    /// their number.
    ///
    /// # Errors
    /// As every operation; and a link that leads to another origin or another instance, which is not
    /// followed.
    #[must_use = "nothing is sent until it is awaited"]
    pub fn count<P: Page>(&self, page: &Reply<P>) -> CountEntries {
        CountEntries {
            client: self.clone(),
            href: page.count_href().map(str::to_owned),
            options: Options::default(),
        }
    }

    /// The same options for a call that goes to a link.
    pub(super) fn to(&self, href: &str, options: Options) -> Options {
        Options { link: Some(self.checked_link(href)), ..options }
    }

    /// A link as it is from whatever address the instance is reached at, so that a position in a list
    /// outlives a change of it. One to another origin stays as it is, and one that isn't followed.
    fn without_origin(&self, href: &str) -> String {
        let url = self.checked_link(href).ok();
        let rest = url.and_then(|url| self.0.without_origin(&url));
        rest.unwrap_or_else(|| href.to_owned())
    }

    /// Links are absolute, may lack `/campaign` and may hold doubled slashes, but begin with the
    /// instance. One that is relative to the address of its own page isn't guessed at.
    fn checked_link(&self, href: &str) -> Result<Box<Url>, String> {
        let base = self.0.base();
        let url = self.0.with_origin(href)?;
        let instance = base.path().trim_end_matches("campaign");
        // The origin is the layer's to check; a link to another host needs no second reason.
        if url.origin() != base.origin() {
            return Ok(url);
        }
        let is_path = href.trim_start().starts_with(['/', '\\']);
        if !is_path && Url::parse(href).as_ref() != Ok(&*url) {
            return Err("the link is relative to the address of its page: not followed".to_owned());
        }
        if !url.path().starts_with(instance) || climbs(url.path()) {
            return Err("the link leads to another instance's data".to_owned());
        }
        Ok(url)
    }
}

convenience! {
    /// See [`Client::next_page`].
    pub struct NextPage<P: Page> {
        client: Client,
        href: Option<String>,
        page: PhantomData<fn() -> P>,
    }
    -> Option<Reply<P>>
}

convenience! {
    /// See [`Client::count`].
    pub struct CountEntries {
        client: Client,
        href: Option<String>,
    }
    -> Option<Reply<Count>>
}

impl<P: Page> NextPage<P> {
    async fn run(self) -> Result<Option<Reply<P>>, Error> {
        let Some(href) = self.href else {
            return Ok(None);
        };
        let call = self.client.0.call(&NEXT_PAGE, self.client.to(&href, self.options));
        let next = call.send_list(Some("content"), P::items).await?;
        if next.next_href() == Some(&href) {
            let reason = "the link to the next page leads back to the page that it came with";
            return Err(next.failed(Error::new(ErrorKind::Decode, reason)));
        }
        Ok(Some(next))
    }
}

impl CountEntries {
    async fn run(self) -> Result<Option<Reply<Count>>, Error> {
        let Some(href) = self.href else {
            return Ok(None);
        };
        let call = self.client.0.call(&COUNT, self.client.to(&href, self.options));
        call.send().await.map(Some)
    }
}

/// Lists of paths that the document doesn't have.
pub(super) const JSON: JsonLists = JsonLists {
    items: letterhead_spec::CAMPAIGN_STANDARD.items,
    id: "PKey",
    // Without it a large table ends after its first page, as if there were no more.
    first: |call| {
        let is_set = call.has_query("_forcePagination");
        if is_set { call } else { call.query("_forcePagination", true) }
    },
    after: |call, page| {
        let link = page.get::<types::PageLink>("next").and_then(Result::ok);
        let href = link.as_ref().and_then(|link| target(link.href.as_deref()));
        Ok(href.map(|href| Client(call.layer().clone()).without_origin(href)))
    },
    at: |mut call, href| {
        let link = Client(call.layer().clone()).checked_link(href);
        call.options_mut().link = Some(link);
        call
    },
};

/// How often a path may be percent-encoded.
const LAYERS: u32 = 8;

/// Whether a server that decodes a path, once or more often, or takes parameters out of its segments,
/// would find one in it that leads upwards. Other slashes may be a key's own.
fn climbs(path: &str) -> bool {
    let mut path = path.to_owned();
    for _ in 0..LAYERS {
        let mut segments = path.split(['/', '\\']);
        let is_up = |segment: &str| {
            let name = segment.split(';').next().unwrap_or_default();
            matches!(name.trim(), "." | "..")
        };
        if segments.any(is_up) {
            return true;
        }
        let decoded = percent_decode_str(&path).decode_utf8_lossy().into_owned();
        if decoded == path {
            return false;
        }
        path = decoded;
    }
    true
}

/// Where a link leads: an empty text is no value, as in every other member.
pub(super) fn target(href: Option<&str>) -> Option<&str> {
    href.filter(|href| !href.is_empty())
}

/// Gives the lists with a kind of page their streams, which ask for links and follow them.
macro_rules! linked {
    ($page:ident of $item:ty, |$known:pat_param| $id:expr, $($list:ident),+) => {
        impl Page for types::$page {
            type Item = $item;

            fn items(&mut self) -> &mut Vec<$item> {
                &mut self.content
            }

            fn next_href(&self) -> Option<&str> {
                target(self.next.as_ref()?.href.as_deref())
            }

            fn count_href(&self) -> Option<&str> {
                target(self.count.as_ref()?.href.as_deref())
            }
        }

        $(listing!(
            $list,
            $page { content: $item },
            |$known| $id,
            // Without it a large table ends after its first page, as if there were no more.
            first |call| call.force_pagination(true),
            |call, href| {
                let link = call.clone().into_parts().0.checked_link(&href);
                call.adjust(|options| options.link = Some(link)).send()
            },
            |list, page| {
                let (client, _) = list.clone().into_parts();
                Ok(page.next_href().map(|href| client.without_origin(href)))
            }
        );)+
    };
}

linked!(OrganizationalUnitPage of types::OrganizationalUnit, |item| item.p_key.as_deref(),
    ListOrganizationalUnits);
linked!(GeographicalUnitPage of types::GeographicalUnit, |item| item.p_key.as_deref(),
    ListGeographicalUnits);
linked!(ProfilePage of types::Profile, |item| item.p_key.as_deref(),
    ListProfiles, ListProfilesByEmail, ListProfilesByKeys, ListProfilesByStaticAudience, ListProfilesByText,
    ListProfilesThatClickedDelivery, ListProfilesThatOpenedDelivery, ListProfilesThatReceivedDelivery,
    ListSubscribers);
linked!(ServicePage of types::Service, |item| item.p_key.as_deref(),
    ListServices, ListServicesByChannel, ListServicesByPlanning, ListServicesByTargetResource,
    ListServicesByText);
linked!(SubscriptionPage of types::Subscription, |item| item.p_key.as_deref(),
    ListProfileSubscriptions, ListServiceSubscriptions);
linked!(ProfileValuePage of String, |_| None, ListProfileEmails);
