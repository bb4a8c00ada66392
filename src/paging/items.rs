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
pub struct Items<L: Listing> {
    pages: Pages<L>,
    rest: VecDeque<L::Item>,
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
    /// [`position`](Self::position) then tells where the rest is. What would keep the list from ever
    /// ending is an error all the same.
    pub fn at_most(mut self, items: usize) -> Self {
        self.left = items;
        self
    }

    /// The next item; none after the last one.
    ///
    /// Nothing is lost when it is cancelled: the next call goes on with the page that is under way.
    ///
    /// # Errors
    /// As the operation, and a vendor that names a page a second time. The items of the pages before
    /// were handed out by then.
    pub async fn next(&mut self) -> Option<Result<L::Item, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Where the next item is; none after the last one. After an error it is the page that couldn't be
    /// had, or the position that was refused.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        if self.rest.is_empty() {
            return self.pages.position();
        }
        Some(self.here.clone())
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<L::Item, Error>>> {
        while self.left > 0 {
            if let Some(item) = self.rest.pop_front() {
                self.here.taken += 1;
                self.left -= 1;
                return Poll::Ready(Some(Ok(item)));
            }
            let here = self.pages.position();
            match ready!(self.pages.poll(context)) {
                Some(Ok(mut page)) => {
                    self.here = here.unwrap_or_default();
                    self.rest = std::mem::take(L::items(&mut page)).into();
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
