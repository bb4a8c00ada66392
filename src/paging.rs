//! Lists that come in pages, as streams that end.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::{Deserialize, Serialize};

use crate::error::ErrorKind;
use crate::{BoxFuture, Error, Reply};

/// A list that comes in pages. letterhead's own calls are.
pub trait Listing: Clone + Send + Sync {
    /// What one answer holds.
    type Page: Send;
    /// What a page is made of.
    type Item: Send;

    /// The operation, as its method is called.
    #[doc(hidden)]
    const NAME: &'static str;

    /// Sends the call for the page at `cursor`, or for the first one.
    #[doc(hidden)]
    fn fetch(
        self,
        cursor: Option<String>,
    ) -> impl Future<Output = Result<Reply<Self::Page>, Error>> + Send;

    /// Where the page after `page` is: a token, a link, a number. None after the last one.
    #[doc(hidden)]
    fn cursor_after(page: &Self::Page) -> Option<String>;

    #[doc(hidden)]
    fn items(page: &mut Self::Page) -> &mut Vec<Self::Item>;
}

/// A place in a list to go on from, in this process or in another one. Vendors forget their tokens after
/// a while.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The page; none for the first one.
    cursor: Option<String>,
    /// How many items of it were taken.
    #[serde(default)]
    taken: usize,
}

/// The pages of a list, each fetched when it is asked for.
///
/// The stream ends after the last page (which is where the declared total is reached, if pages have
/// numbers), after an empty one and after an error. A vendor that names a page a second time would have it go on for ever: that is an
/// error. [`Pages::position`] tells where to go on after one.
#[must_use = "nothing is fetched until a page is asked for"]
pub struct Pages<'a, L: Listing> {
    listing: L,
    next: Next,
    seen: HashSet<String>,
    fetched: u64,
    fetching: Option<BoxFuture<'a, Result<Reply<L::Page>, Error>>>,
}

enum Next {
    Page(Option<String>),
    /// The vendor has named a page that was fetched before.
    Repeated(String),
    /// A page couldn't be had.
    Failed(Option<String>),
    End,
}

impl<'a, L: Listing + 'a> Pages<'a, L> {
    pub(crate) fn new(listing: L, cursor: Option<String>) -> Self {
        Self {
            listing,
            seen: cursor.iter().cloned().collect(),
            next: Next::Page(cursor),
            fetched: 0,
            fetching: None,
        }
    }

    /// The next page; none after the last one.
    ///
    /// # Errors
    /// As the operation, and a vendor that names a page a second time.
    pub async fn next(&mut self) -> Option<Result<Reply<L::Page>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Where the next page is; none after the last one. After an error it is the page that couldn't be
    /// had.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        match &self.next {
            Next::Page(cursor) | Next::Failed(cursor) => Some(Position {
                cursor: cursor.clone(),
                taken: 0,
            }),
            Next::Repeated(_) | Next::End => None,
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Reply<L::Page>, Error>>> {
        if self.fetching.is_none() {
            match std::mem::replace(&mut self.next, Next::End) {
                Next::Page(cursor) => {
                    self.next = Next::Page(cursor.clone());
                    let listing = self.listing.clone();
                    self.fetching = Some(Box::pin(listing.fetch(cursor)));
                }
                Next::Repeated(cursor) => return Poll::Ready(Some(Err(repeated::<L>(&cursor)))),
                Next::Failed(cursor) => {
                    self.next = Next::Failed(cursor);
                    return Poll::Ready(None);
                }
                Next::End => return Poll::Ready(None),
            }
        }
        let Some(fetching) = &mut self.fetching else {
            return Poll::Ready(None);
        };
        let fetched = ready!(fetching.as_mut().poll(context));
        self.fetching = None;
        Poll::Ready(Some(match fetched {
            Ok(mut page) => {
                self.next = self.after(&mut page);
                Ok(page)
            }
            Err(error) => {
                if let Next::Page(cursor) = &mut self.next {
                    self.next = Next::Failed(cursor.take());
                }
                Err(error)
            }
        }))
    }

    fn after(&mut self, page: &mut Reply<L::Page>) -> Next {
        let count = L::items(page).len() as u64;
        self.fetched += count;
        match L::cursor_after(page) {
            Some(_) if count == 0 => Next::End,
            Some(cursor) if !self.seen.insert(cursor.clone()) => Next::Repeated(cursor),
            Some(cursor) => Next::Page(Some(cursor)),
            None => Next::End,
        }
    }
}

fn repeated<L: Listing>(cursor: &str) -> Error {
    let shown: String = cursor.chars().take(40).collect();
    let reason = format!(
        "{}: the vendor names a page a second time, beginning with {shown:?}, and would have the list go \
         on for ever",
        L::NAME
    );
    Error::new(ErrorKind::Decode, reason)
}

impl<'a, L: Listing + Unpin + 'a> Stream for Pages<'a, L> {
    type Item = Result<Reply<L::Page>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<L: Listing> fmt::Debug for Pages<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &L::NAME)
            .field("fetched", &self.fetched)
            .finish_non_exhaustive()
    }
}

/// The items of a list over all its pages; see [`Pages`] for where it ends.
#[must_use = "nothing is fetched until an item is asked for"]
pub struct Items<'a, L: Listing> {
    pages: Pages<'a, L>,
    /// Where the page that items are taken from is.
    cursor: Option<String>,
    taken: usize,
    /// How many items of the next page were taken before.
    skipped: usize,
    rest: VecDeque<L::Item>,
}

impl<'a, L: Listing + 'a> Items<'a, L> {
    pub(crate) fn new(listing: L, position: Position) -> Self {
        Self {
            pages: Pages::new(listing, position.cursor.clone()),
            cursor: position.cursor,
            taken: 0,
            skipped: position.taken,
            rest: VecDeque::new(),
        }
    }

    /// The next item; none after the last one.
    ///
    /// # Errors
    /// As the operation, and a vendor that names a page a second time. The items of the pages before
    /// were handed out by then.
    pub async fn next(&mut self) -> Option<Result<L::Item, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Where the next item is; none after the last one.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        if self.rest.is_empty() {
            return self.pages.position();
        }
        Some(Position {
            cursor: self.cursor.clone(),
            taken: self.taken,
        })
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<L::Item, Error>>> {
        loop {
            if let Some(item) = self.rest.pop_front() {
                self.taken += 1;
                return Poll::Ready(Some(Ok(item)));
            }
            let cursor = self.pages.position().and_then(|position| position.cursor);
            match ready!(self.pages.poll(context)) {
                Some(Ok(mut page)) => {
                    self.cursor = cursor;
                    self.rest = std::mem::take(L::items(&mut page)).into();
                    self.taken = std::mem::take(&mut self.skipped).min(self.rest.len());
                    self.rest.drain(..self.taken);
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<'a, L: Listing + Unpin + 'a> Stream for Items<'a, L>
where
    L::Item: Unpin,
{
    type Item = Result<L::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<L: Listing> fmt::Debug for Items<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("taken", &self.taken)
            .finish_non_exhaustive()
    }
}

/// Gives the builder of a list its streams.
macro_rules! listing {
    ($list:ident, $page:ident { $items:ident: $item:ty }, |$call:ident, $cursor:ident| $at:expr, |$value:ident| $after:expr) => {
        impl crate::Listing for builder::$list<'_> {
            type Page = types::$page;
            type Item = $item;

            const NAME: &'static str = stringify!($list);

            async fn fetch(
                self,
                cursor: Option<String>,
            ) -> Result<crate::Reply<types::$page>, crate::Error> {
                match cursor {
                    None => self.send().await,
                    Some($cursor) => {
                        let $call = self;
                        $at.await
                    }
                }
            }

            fn cursor_after($value: &types::$page) -> Option<String> {
                $after
            }

            fn items(page: &mut types::$page) -> &mut Vec<$item> {
                &mut page.$items
            }
        }

        impl<'a> builder::$list<'a> {
            /// The pages of the list, as a stream that ends.
            pub fn pages(self) -> crate::Pages<'a, Self> {
                crate::Pages::new(self, None)
            }

            /// The items of all pages, as a stream that ends.
            pub fn items(self) -> crate::Items<'a, Self> {
                self.items_from(crate::Position::default())
            }

            /// The items from a position on that [`crate::Items::position`] told for the same call.
            pub fn items_from(self, position: crate::Position) -> crate::Items<'a, Self> {
                crate::Items::new(self, position)
            }
        }
    };
}
pub(crate) use listing;
