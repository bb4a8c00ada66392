//! The items of a list over all its pages.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::{Listing, Pages, Position};
use crate::Error;

/// The items of a list over all its pages; see [`Pages`] for where it ends and what is an error.
///
/// ```no_run
/// # async fn run(partner: letterhead::partner_center::Client) -> Result<(), letterhead::Error> {
/// let mut customers = partner.list_customers().items().at_most(1000);
/// while let Some(customer) = customers.next().await {
///     println!("{:?}", customer?.id);
/// }
/// if let Some(position) = customers.position() {
///     // Now, or in another process: a position can be serialized.
///     let _rest = partner.list_customers().items_from(position);
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is fetched until an item is asked for"]
#[doc(alias = "pagination")]
#[doc(alias = "cursor")]
pub struct Items<L: Listing> {
    pages: Pages<L>,
    /// What is left of a page: each item with its place on it.
    rest: VecDeque<(usize, Result<L::Item, Error>)>,
    /// Where the first of the rest is.
    here: Position,
    /// How many items may still come.
    left: usize,
}

impl<L: Listing> Items<L> {
    pub(crate) fn new(listing: L, position: Position) -> Self {
        Self {
            pages: Pages::new(listing, position),
            rest: VecDeque::new(),
            here: Position::default(),
            left: usize::MAX,
        }
    }

    /// Ends the stream after so many items, with no page fetched that it doesn't need.
    /// [`position`](Self::position) then says where the rest is. One that can't be decoded counts as one.
    /// What would keep the list from ever ending is an error all the same.
    pub fn at_most(mut self, items: usize) -> Self {
        self.left = items;
        self
    }

    /// Takes a list that goes on after so many pages for one that never ends: as [`Pages::page_limit`].
    pub fn page_limit(mut self, pages: usize) -> Self {
        self.pages = self.pages.page_limit(pages);
        self
    }

    /// The next item; none after the last one.
    ///
    /// Nothing is lost when it is cancelled: the next call goes on with the page that is under way.
    ///
    /// # Errors
    /// As the operation, and a list that would never end: see [`Pages`]. The items of the pages before were
    /// handed out by then. An error with an [`item`](Error::item) is about that one alone, in its place, and
    /// the next call goes on after it.
    pub async fn next(&mut self) -> Option<Result<L::Item, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Where the next item is; none after the last one. After an error it is the page that couldn't be
    /// had, or the position that belongs to another list. Where the vendor refuses the position that the
    /// stream began with, it is the start of the list.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        if self.rest.is_empty() {
            return self.pages.position();
        }
        Some(self.here.clone())
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<L::Item, Error>>> {
        while self.left > 0 {
            if let Some((place, item)) = self.rest.pop_front() {
                self.left -= 1;
                match &item {
                    Ok(item) => self.here.pass(place, self.pages.id(item).map(str::to_owned)),
                    Err(_) => self.here.pass_undecoded(place),
                }
                return Poll::Ready(Some(item));
            }
            match ready!(self.pages.poll_fetched(context)) {
                Some(Ok(mut fetched)) => {
                    self.here = fetched.position;
                    let items = std::mem::take(L::items(&mut fetched.page));
                    let items = fetched.places.into_iter().zip(items.into_iter().map(Ok));
                    let undecoded = fetched.undecoded.into_iter();
                    let undecoded = undecoded.map(|(place, error)| (place, Err(error)));
                    let mut rest: Vec<_> = items.chain(undecoded).collect();
                    rest.sort_by_key(|(place, _)| *place);
                    self.rest = rest.into();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        // Else whoever takes so many at a time would take the same ones for ever.
        let fault = self.rest.is_empty().then(|| self.pages.fault()).flatten();
        Poll::Ready(fault.map(Err))
    }
}

impl<L: Listing + Unpin> Stream for Items<L>
where
    L::Page: Unpin,
    L::Item: Unpin,
{
    type Item = Result<L::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<L: Listing> fmt::Debug for Items<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("taken", &self.here.taken)
            .finish_non_exhaustive()
    }
}
