//! The pages of a list: where they lead, and where they end.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::course::{Course, SEEN_BEFORE, endless};
use super::list::Here;
use super::position::Place;
use super::{Listing, Position};
use crate::error::ErrorKind;
use crate::{BoxFuture, CorrelationId, Error, Reply};

/// The pages of a list, each fetched when it is asked for.
///
/// The stream ends after
/// - the last page: no token, link or cursor leads on, or the declared number of pages or items is
///   reached, where pages have numbers. A page without items is not the last one where it leads on;
/// - as many pages as [`at_most`](Self::at_most) allows;
/// - an error: a page that can't be had or read, or lacks its list; a link to another origin; a page that
///   isn't the one asked for.
///
/// A list that would go on for ever ends in an error as well: a cursor comes a second time, or the items of a
/// page do and it leads on, 100 pages in a row hold nothing new, or there are more than 100,000 pages (see
/// [`page_limit`](Self::page_limit)). Pages are compared by the ids of their items; where these have none,
/// equal pages are only counted, and pages of one text over and over not even that.
///
/// Two things don't end it:
/// - **An item that can't be decoded** is an error with an [`item`](Error::item). It comes before its
///   page, which is then handed out without it.
/// - **Items of the page before** that come again, since the list has moved meanwhile, are left out, where
///   items have ids.
///
/// What was fetched before an error was handed out before it, and [`position`](Self::position) says
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
    course: Course,
    /// The ids on the last page.
    ids: HashSet<String>,
    fetching: Option<BoxFuture<'static, Result<Reply<L::Page>, Error>>>,
    held: Option<Fetched<L>>,
}

/// A page that came.
pub(super) struct Fetched<L: Listing> {
    pub(super) page: Reply<L::Page>,
    /// Where it is.
    pub(super) position: Position,
    /// Of each of its items the place among all that came.
    pub(super) places: Vec<usize>,
    /// The items that couldn't be decoded, each with such a place.
    pub(super) undecoded: VecDeque<(usize, Error)>,
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
            (Position { list, of, ..position }, State::Open)
        } else {
            let fault = elsewhere(&position, list, &of);
            (position, State::Fault(fault))
        };
        let course = Course::from(&next);
        Self {
            listing: listing.adjust(|options| options.mark = L::MARK),
            next,
            state,
            left: usize::MAX,
            course,
            ids: HashSet::new(),
            fetching: None,
            held: None,
        }
    }

    /// Ends the stream after so many pages. [`position`](Self::position) then says where the rest is.
    /// What would keep the list from ever ending is an error all the same.
    pub fn at_most(mut self, pages: usize) -> Self {
        self.left = pages;
        self
    }

    /// Takes a list that goes on after so many pages for one that never ends, which is an error, instead
    /// of after 100,000. [`position`](Self::position) then says where the rest is.
    pub fn page_limit(mut self, pages: usize) -> Self {
        self.course.limit = pages;
        self
    }

    /// The next page; none after the last one.
    ///
    /// Nothing is lost when it is cancelled: the next call goes on with the page that is under way.
    ///
    /// # Errors
    /// As the operation, an item that can't be decoded, and a list that would never end: see [`Pages`].
    pub async fn next(&mut self) -> Option<Result<Reply<L::Page>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Where the next page is; none after the last one. After an error it is the page that couldn't be
    /// had, the page of the item that couldn't be decoded, or the position that belongs to another list.
    /// Where the vendor refuses the position that the stream began with, it is the start of the list.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        if let Some(held) = &self.held {
            return Some(held.position.clone());
        }
        match self.state {
            State::End => None,
            State::Open | State::Fault(_) | State::Failed => Some(self.next.clone()),
        }
    }

    /// The first item that `is_it`, on the last page that was looked at.
    pub(crate) async fn find(
        mut self,
        is_it: impl Fn(&L::Item) -> bool,
    ) -> Result<Reply<Option<L::Item>>, Error> {
        let (mut looked_at, mut unread) = (None, None);
        while let Some(page) = self.next().await {
            let mut page = match page {
                Ok(page) => page,
                // It may be another one that is looked for.
                Err(error) if error.item().is_some() => {
                    unread.get_or_insert(error);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let items = std::mem::take(L::items(&mut page));
            let found = items.into_iter().find(&is_it);
            let is_found = found.is_some();
            let page = page.map(|_| found);
            if is_found {
                return Ok(page);
            }
            looked_at = Some(page);
        }
        let none = || Error::new(ErrorKind::Decode, "the list has no page");
        unread.map_or_else(|| looked_at.ok_or_else(none), Err)
    }

    /// What an item is known by.
    pub(super) fn id<'a>(&self, item: &'a L::Item) -> Option<&'a str> {
        self.listing.id(item)
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

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Reply<L::Page>, Error>>> {
        if self.held.is_none() {
            match ready!(self.poll_fetched(context)) {
                Some(Ok(fetched)) => self.held = Some(fetched),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        if let Some(held) = &mut self.held
            && let Some((_, error)) = held.undecoded.pop_front()
        {
            return Poll::Ready(Some(Err(error)));
        }
        Poll::Ready(self.held.take().map(|held| Ok(held.page)))
    }

    /// The next page, with what couldn't be decoded beside it.
    pub(super) fn poll_fetched(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Fetched<L>, Error>>> {
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
            Ok(page) => {
                self.left = self.left.saturating_sub(1);
                self.go_on_after(page)
            }
            Err(error) => {
                self.state = State::Failed;
                if self.next.cursor.is_none() || !is_refused(&error) {
                    return Poll::Ready(Some(Err(error)));
                }
                // A token of this very stream may have been refused in passing.
                let is_stored = self.course.fetched == 0;
                Err(error.with_hint(if is_stored {
                    self.next = self.next.start();
                    "the vendor refuses the position, whose token may have expired: read the list again \
                     from its start"
                } else {
                    "the vendor refuses this page of the list: try its position once more, or read the \
                     list again from its start"
                }))
            }
        }))
    }

    /// The call for the next page. All of them are one logical operation, and an id that the caller
    /// gave is that of the first request alone: with it, another page would look like a retry.
    fn call(&mut self) -> L {
        let call = self.listing.clone().adjust(|options| {
            let id = CorrelationId::for_call(options.correlation_id);
            options.correlation_id = Some(id);
            options.past_undecodable = true;
        });
        self.listing = call.clone().adjust(|options| options.request_id = None);
        call
    }

    fn go_on_after(&mut self, mut page: Reply<L::Page>) -> Result<Fetched<L>, Error> {
        let undecoded = page.take_undecoded();
        let count = L::items(&mut page).len() + undecoded.len();
        let here = Here { cursor: self.next.cursor.as_deref(), count };
        let cursor = self.listing.cursor_after(&page, here);
        let items = L::items(&mut page);
        let ids = places(&self.listing, items, &undecoded);
        let before = self.course.page(items, &ids, &undecoded);
        let leads_on = matches!(&cursor, Ok(Some(cursor)) if !cursor.is_empty());
        if before.is_err() && leads_on {
            self.state = State::Failed;
            return Err(page.failed(endless(SEEN_BEFORE)));
        }
        let here = self.next.clone();
        let rest = here.rest_of(&ids);
        let mut passed = Position { taken: 0, last: None, undecoded: 0, ..here.clone() };
        let mut faults: VecDeque<_> = undecoded.into();
        let mut beside = VecDeque::new();
        let mut places = Vec::with_capacity(items.len());
        let mut is_kept = Vec::with_capacity(items.len());
        for (place, id) in ids.iter().enumerate() {
            if let Place::Item(id) = *id {
                let is_kept_one = place >= rest && id.is_none_or(|id| !self.ids.contains(id));
                if is_kept_one {
                    places.push(place);
                }
                is_kept.push(is_kept_one);
                passed.pass(place, id.map(str::to_owned));
            } else if let Some((_, error)) = faults.pop_front() {
                if place >= rest {
                    beside.push_back((place, error.at(passed.clone())));
                }
                passed.pass_undecoded(place);
            }
        }
        let known = ids.iter().filter_map(|place| match place {
            Place::Item(id) => id.map(str::to_owned),
            Place::Undecoded => None,
        });
        self.ids = known.collect();
        let mut is_kept = is_kept.into_iter();
        items.retain(|_| is_kept.next().unwrap_or(true));

        self.state = match cursor {
            Ok(Some(cursor)) if !cursor.is_empty() => {
                let fault = self.course.endless(&cursor);
                self.next = here.page(cursor, before.ok().flatten());
                fault.map_or(State::Open, |fault| State::Fault(page.failed(fault)))
            }
            Err(reason) => {
                // This page is the last that can be named, and was handed out.
                self.next = passed;
                State::Fault(page.failed(endless(reason)))
            }
            _ => State::End,
        };
        Ok(Fetched { page, position: here, places, undecoded: beside })
    }
}

/// What is known of each item that came, in order: the id of one that could be decoded.
fn places<'a, L: Listing>(
    listing: &L,
    items: &'a [L::Item],
    undecoded: &[(usize, Error)],
) -> Vec<Place<'a>> {
    let mut undecoded = undecoded.iter().map(|(place, _)| *place).peekable();
    let mut items = items.iter();
    let places = (0..items.len() + undecoded.len()).map(|place| {
        if undecoded.next_if_eq(&place).is_some() {
            return Place::Undecoded;
        }
        let id = items.next().and_then(|item| listing.id(item));
        Place::Item(id.filter(|id| !id.is_empty()))
    });
    places.collect()
}

/// Whether the vendor has no such page, whatever it is asked again.
fn is_refused(error: &Error) -> bool {
    error.kind() == ErrorKind::Refused && (error.is_invalid_request() || error.is_not_found())
}

fn elsewhere(position: &Position, list: &str, of: &[String]) -> Error {
    let place = |list: &str, of: &[String]| format!("`{list}` of {of:?}").replace(" of []", "");
    let (there, here) = (place(&position.list, &position.of), place(list, of));
    let reason = format!("the position is one in {there}, and {here} can't go on from it");
    Error::new(ErrorKind::InvalidRequest, reason)
}

impl<L: Listing + Unpin> Stream for Pages<L>
where
    L::Page: Unpin,
{
    type Item = Result<Reply<L::Page>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<L: Listing> fmt::Debug for Pages<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("list", &self.next.list)
            .field("fetched", &self.course.fetched)
            .finish_non_exhaustive()
    }
}
