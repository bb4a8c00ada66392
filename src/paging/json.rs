//! Lists of paths that no document has: their items are plain JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::list::Here;
use super::{Items, Listing, Pages, Position};
use crate::error::ErrorKind;
use crate::layer::Options;
use crate::{Error, Json, JsonObject, JsonRequest, Reply};

/// One page of a list that a [`JsonRequest`] asks for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JsonPage {
    /// The items, each as it came.
    pub items: Vec<Json>,
    /// The other members of the page.
    pub rest: JsonObject,
}

impl Listing for JsonRequest {
    type Page = JsonPage;
    type Item = Json;

    fn place(&self) -> (&'static str, Vec<String>) {
        JsonRequest::place(self)
    }

    async fn fetch(self, cursor: Option<String>) -> Result<Reply<JsonPage>, Error> {
        let lists = self.layer().vendor().lists;
        let call = match cursor {
            None => (lists.first)(self),
            Some(cursor) => (lists.at)(self, &cursor),
        };
        let mut page = call.send::<JsonObject>().await?;
        if let Some(Ok(items)) = page.get::<Vec<Json>>(lists.items) {
            page.remove(lists.items);
            return Ok(page.map(|rest| JsonPage { items, rest }));
        }
        let reason = format!("the response has no list `{}`", lists.items);
        Err(page.failed(Error::new(ErrorKind::Decode, reason).without_effect()))
    }

    fn adjust(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(self.options_mut());
        self
    }

    fn cursor_after(
        &self,
        page: &Reply<JsonPage>,
        _: Here<'_>,
    ) -> Result<Option<String>, &'static str> {
        (self.layer().vendor().lists.after)(self, &page.rest)
    }

    fn items(page: &mut JsonPage) -> &mut Vec<Json> {
        &mut page.items
    }

    fn id<'a>(&self, item: &'a Json) -> Option<&'a str> {
        let members: BTreeMap<Cow<'a, str>, &'a RawValue> =
            serde_json::from_str(item.as_str()).ok()?;
        let id = members.get(self.layer().vendor().lists.id)?.get();
        (!matches!(id, "null" | "\"\"")).then_some(id)
    }
}

impl JsonRequest {
    /// The pages of a list, as a stream that ends. The vendor's own ways from page to page are followed: a
    /// token, a cursor, a number, a link.
    ///
    /// ```no_run
    /// # async fn run(cloudflare: letterhead::cloudflare::Client) -> Result<(), letterhead::Error> {
    /// use letterhead::http::Method;
    ///
    /// let mut zones = cloudflare.request(Method::GET, "/zones").query("per_page", 50).items();
    /// while let Some(zone) = zones.next().await {
    ///     println!("{}", zone?.as_str());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn pages(self) -> Pages<Self> {
        self.pages_from(Position::default())
    }

    /// The pages from a position on that [`Pages::position`] or [`Items::position`] gave for the same call.
    pub fn pages_from(self, position: Position) -> Pages<Self> {
        Pages::new(self, position)
    }

    /// The items of all pages, as a stream that ends: see [`pages`](Self::pages).
    pub fn items(self) -> Items<Self> {
        self.items_from(Position::default())
    }

    /// The items from a position on that [`Items::position`] or [`Pages::position`] gave for the same call.
    pub fn items_from(self, position: Position) -> Items<Self> {
        Items::new(self, position)
    }
}
