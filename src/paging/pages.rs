//! The pages of a list: where they lead, and where they end.

use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::{Listing, Position};
use crate::error::ErrorKind;
use crate::{BoxFuture, CorrelationId, Error, Reply};

/// The pages of a list, each fetched when it is asked for.
///
/// The stream ends after
/// - the last page: no token, link or cursor leads on, or the declared number of pages or items is
///   reached, where pages have numbers;
/// - an empty page, whatever it says of a next one;
/// - as many pages as [`at_most`](Self::at_most) allows;
/// - an error: a page that can't be had or read, a link to another origin, a page that isn't the one
///   asked for, or one that the vendor names a second time, which would have the list go on for ever.
///
/// What was fetched before an error was handed out before it, and [`position`](Self::position) tells
/// where to go on. All calls have one correlation id; the time limit and the retry policy of the call are
/// each page's.
///
/// ```no_run
/// # async fn run(partner: letterhead::partner_center::Client) -> Result<(), letterhead::Error> {
/// let mut pages = partner.list_customers().size(500).pages();
/// while let Some(page) = pages.next().await {
///     let page = page?;
///     println!("{} customers, request {}", page.items.len(), page.request_id());
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is fetched until a page is asked for"]
pub struct Pages<L: Listing> {
    listing: L,
    /// Where the next page is, and how many items of it were taken before.
    next: Position,
    state: State,
    /// How many pages may still come.
    left: usize,
    seen: HashSet<String>,
    fetched: u64,
    fetching: Option<BoxFuture<'static, Result<Reply<L::Page>, Error>>>,
}

enum State {
    Open,
    /// There can't be another page, which is still to be said.
    Fault(Error),
    /// Another page couldn't be had, which was said.
    Failed,
    End,
}

impl<L: Listing> Pages<L> {
    pub(crate) fn new(listing: L, position: Position) -> Self {
        let (list, of) = listing.place();
        let is_here = (&*position.list, &position.of) == (list, &of);
        let (next, state) = if is_here || position == Position::default() {
            let list = list.to_owned();
            (
                Position {
                    list,
                    of,
                    ..position
                },
                State::Open,
            )
        } else {
            let fault = elsewhere(&position, list, &of);
            (position, State::Fault(fault))
        };
        Self {
            listing,
            seen: next.cursor.iter().cloned().collect(),
            next,
            state,
            left: usize::MAX,
            fetched: 0,
            fetching: None,
        }
    }

    /// Ends the stream after so many pages. [`position`](Self::position) then tells where the rest is.
    /// What would keep the list from ever ending is an error all the same.
    pub fn at_most(mut self, pages: usize) -> Self {
        self.left = pages;
        self
    }

    /// The next page; none after the last one.
    ///
    /// Nothing is lost when it is cancelled: the next call goes on with the page that is under way.
    ///
    /// # Errors
    /// As the operation, and a vendor that names a page a second time.
    pub async fn next(&mut self) -> Option<Result<Reply<L::Page>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Where the next page is; none after the last one. After an error it is the page that couldn't be
    /// had, or the position that was refused.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        match self.state {
            State::End => None,
            State::Open | State::Fault(_) | State::Failed => Some(self.next.clone()),
        }
    }

    /// Why there can't be another page, if this is known and wasn't said.
    pub(super) fn fault(&mut self) -> Option<Error> {
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Fault(error) => Some(error),
            state => {
                self.state = state;
                None
            }
        }
    }

    pub(super) fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Reply<L::Page>, Error>>> {
        if let Some(error) = self.fault() {
            return Poll::Ready(Some(Err(error)));
        }
        if self.fetching.is_none() && matches!(self.state, State::Open) && self.left > 0 {
            let cursor = self.next.cursor.clone();
            self.fetching = Some(Box::pin(self.call().fetch(cursor)));
        }
        let Some(fetching) = &mut self.fetching else {
            return Poll::Ready(None);
        };
        let fetched = ready!(fetching.as_mut().poll(context));
        self.fetching = None;
        Poll::Ready(Some(match fetched {
            Ok(mut page) => {
                self.left = self.left.saturating_sub(1);
                self.go_on_after(&mut page);
                Ok(page)
            }
            Err(error) => {
                self.state = State::Failed;
                Err(error)
            }
        }))
    }

    /// The call for the next page. All of them are one logical operation, and an id that the caller
    /// gave is that of the first request alone: with it, another page would be a repetition.
    fn call(&mut self) -> L {
        let call = self.listing.clone().adjust(|options| {
            let id = CorrelationId::for_call(options.correlation_id);
            options.correlation_id = Some(id);
        });
        self.listing = call.clone().adjust(|options| options.request_id = None);
        call
    }

    fn go_on_after(&mut self, page: &mut Reply<L::Page>) {
        let cursor = self.listing.cursor_after(page);
        let items = L::items(page);
        let count = items.len();
        self.fetched += count as u64;
        items.drain(..std::mem::take(&mut self.next.taken).min(count));
        self.state = match cursor {
            Ok(Some(cursor)) if count > 0 && !cursor.is_empty() => {
                let is_new = self.seen.insert(cursor.clone());
                let fault = (!is_new).then(|| State::Fault(page.failed(repeated(&cursor))));
                self.next.cursor = Some(cursor);
                fault.unwrap_or(State::Open)
            }
            Err(reason) if count > 0 => {
                // This page is the last that can be named, and was handed out.
                self.next.taken = count;
                State::Fault(page.failed(unreadable(reason)))
            }
            _ => State::End,
        };
    }
}

fn unreadable(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::Decode, reason).without_effect()
}

fn repeated(cursor: &str) -> Error {
    let shown: String = cursor.chars().take(40).collect();
    let reason = format!(
        "the vendor names a page a second time, beginning with {shown:?}, and would have the list go on \
         for ever"
    );
    unreadable(reason)
}

fn elsewhere(position: &Position, list: &str, of: &[String]) -> Error {
    let place = |list: &str, of: &[String]| format!("`{list}` of {of:?}").replace(" of []", "");
    let (there, here) = (place(&position.list, &position.of), place(list, of));
    let reason = format!("the position is one in {there}, and {here} can't go on from it");
    Error::new(ErrorKind::InvalidRequest, reason)
}

impl<L: Listing + Unpin> Stream for Pages<L> {
    type Item = Result<Reply<L::Page>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<L: Listing> fmt::Debug for Pages<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("list", &self.next.list)
            .field("fetched", &self.fetched)
            .finish_non_exhaustive()
    }
}
