//! Lists that come in pages, as streams that end.

mod course;
#[allow(dead_code, reason = "for documents of other vendors")]
mod declared;
mod items;
mod json;
mod list;
mod pages;
mod position;
mod seen;
mod undecoded;

pub(crate) use declared::declared;
#[allow(unused_imports, reason = "for documents of other vendors")]
pub(crate) use declared::{Until, Way, number};
pub use items::Items;
pub use json::JsonPage;
pub(crate) use list::Here;
pub use list::Listing;
pub use pages::Pages;
pub use position::Position;
pub use undecoded::UndecodedItem;

/// Gives the builder of a list its streams: what its pages are and hold, what an item is known by, and how
/// one page leads to the next.
///
/// The response is an object with the items in a member (`Page { items: types::Item }`), or is the list
/// (`[types::Item]`). A page leads on with its `Link` header (RFC 8288), unless two closures say how one goes
/// to a cursor, and where a page has the next one: they see its headers and its body.
macro_rules! listing {
    ($list:ident, $page:ident { $items:ident: $item:ty }, $($rest:tt)+) => {
        listing!(@known builder::$list, types::$page, $item, mark None, |page| &mut page.$items, $($rest)+);
    };
    ($list:ident, [$item:ty], $($rest:tt)+) => {
        listing!(@known builder::$list, Vec<$item>, $item, mark None, |page| page, $($rest)+);
    };
    (@known $list:ty, $page:ty, $item:ty, mark $mark:expr, |$all:ident| $items:expr, |$known:pat_param| $id:expr $(,)?) => {
        $crate::paging::listing!(
            @known $list, $page, $item, mark $mark, |$all| $items,
            |$known| $id,
            |call, link| {
                let link = crate::VendorClient::layer(&call.clone().into_parts().0).with_origin(&link);
                call.adjust(|options| options.link = Some(link)).send()
            },
            |list, page| {
                let link = page.next_link()?;
                let (client, _) = list.clone().into_parts();
                let layer = crate::VendorClient::layer(&client);
                Ok(link.map(|url| layer.without_origin(url).unwrap_or_else(|| url.to_string())))
            }
        );
    };
    (@known $list:ty, $page:ty, $item:ty, mark $mark:expr, |$all:ident| $items:expr, |$known:pat_param| $id:expr, $(first |$begun:ident| $first:expr,)? |$call:ident, $cursor:ident| $at:expr, |$list_call:pat_param, $value:ident $(, $here:ident)?| $after:expr $(,)?) => {
        impl crate::Listing for $list {
            type Page = $page;
            type Item = $item;

            const MARK: Option<&'static crate::layer::Mark> = $mark;

            fn place(&self) -> (&'static str, Vec<String>) {
                self.place()
            }

            async fn fetch(
                self,
                cursor: Option<String>,
            ) -> Result<crate::Reply<Self::Page>, crate::Error> {
                match cursor {
                    None => {
                        let call = self;
                        $(
                            let $begun = call;
                            let call = $first;
                        )?
                        call.send().await
                    }
                    Some($cursor) => {
                        let $call = self;
                        $at.await
                    }
                }
            }

            fn adjust(self, change: impl FnOnce(&mut crate::layer::Options)) -> Self {
                let (_, mut options) = self.clone().into_parts();
                change(&mut options);
                self.options(options)
            }

            #[allow(unused_variables, reason = "most ways need no number of items")]
            fn cursor_after(
                &self,
                $value: &crate::Reply<Self::Page>,
                here: crate::paging::Here<'_>,
            ) -> Result<Option<String>, &'static str> {
                let $list_call = self;
                $(let $here = here;)?
                $after
            }

            fn items($all: &mut Self::Page) -> &mut Vec<$item> {
                $items
            }

            fn id<'a>(&self, $known: &'a $item) -> Option<&'a str> {
                $id
            }
        }

        impl $list {
            /// The pages of the list, as a stream that ends.
            pub fn pages(self) -> crate::Pages<Self> {
                self.pages_from(crate::Position::default())
            }

            /// The pages from a position on that [`crate::Pages::position`] or
            /// [`crate::Items::position`] gave for the same call, the first of them without the items
            /// that were taken; see [`crate::Position`] for what holds where the list has changed.
            pub fn pages_from(self, position: crate::Position) -> crate::Pages<Self> {
                crate::Pages::new(self, position)
            }

            /// The items of all pages, as a stream that ends.
            pub fn items(self) -> crate::Items<Self> {
                self.items_from(crate::Position::default())
            }

            /// The items from a position on that [`crate::Items::position`] or
            /// [`crate::Pages::position`] gave for the same call.
            pub fn items_from(self, position: crate::Position) -> crate::Items<Self> {
                crate::Items::new(self, position)
            }
        }
    };
}
pub(crate) use listing;

#[cfg(test)]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::unused_self,
    reason = "the macro gives a list more than a test asks for"
)]
mod tests;
