//! Whether a list gets anywhere, or would go on for ever.

use serde::Serialize;

use super::Position;
use super::position::Place;
use super::seen::{Seen, print};
use crate::Error;
use crate::error::ErrorKind;

/// How many pages in a row may hold nothing new.
const BARREN: usize = 100;

/// How many pages a list may have, unless the caller says otherwise.
const LIMIT: usize = 100_000;

/// What a page says that came before and leads on.
pub(super) const SEEN_BEFORE: &str = "the vendor sends a page of items a second time, under another token, and \
                                   would have the list go on for ever";

/// What is known of a list's pages so far.
pub(super) struct Course {
    pub(super) fetched: usize,
    pub(super) limit: usize,
    cursors: Seen,
    contents: Seen,
    /// What the last page's items came to, where they have no ids.
    last: Option<u64>,
    /// How many pages in a row held nothing new.
    barren: usize,
}

impl From<&Position> for Course {
    fn from(start: &Position) -> Self {
        let (mut cursors, mut contents) = (Seen::default(), Seen::default());
        if let Some(cursor) = &start.cursor {
            cursors.is_new(print(cursor));
        }
        if let Some(before) = start.before {
            contents.is_new(before);
        }
        Self { fetched: 0, limit: LIMIT, cursors, contents, last: None, barren: 0 }
    }
}

impl Course {
    /// Takes note of a page. What its ids come to, where all items have one; an error where those are the
    /// ids of a page before.
    pub(super) fn page<I: Serialize>(
        &mut self,
        items: &[I],
        places: &[Place<'_>],
        undecoded: &[(usize, Error)],
    ) -> Result<Option<u64>, ()> {
        self.fetched += 1;
        let ids: Option<Vec<&str>> = places
            .iter()
            .map(|place| match place {
                Place::Item(id) => *id,
                Place::Undecoded => None,
            })
            .collect();
        let ids = ids.filter(|ids| !ids.is_empty()).map(|mut ids| {
            // The same ones in another order are nothing new.
            ids.sort_unstable();
            print(&ids)
        });
        // Without ids nothing but what they hold can be compared.
        let content = match ids {
            Some(_) => None,
            None => content(items, undecoded),
        };
        let is_barren = places.is_empty() || content.is_some() && content == self.last;
        self.barren = if is_barren { self.barren + 1 } else { 0 };
        self.last = content;
        match ids {
            Some(ids) if !self.contents.is_new(ids) => Err(()),
            ids => Ok(ids),
        }
    }

    /// Why the list must not go on at `cursor`.
    pub(super) fn endless(&mut self, cursor: &str) -> Option<Error> {
        if !self.cursors.is_new(print(cursor)) {
            let reason =
                "the vendor names a page a second time, and would have the list go on for ever";
            return Some(endless(reason));
        }
        if self.barren >= BARREN {
            return Some(endless(format!(
                "{BARREN} pages in a row held nothing new, and the vendor would have the list go on"
            )));
        }
        (self.fetched >= self.limit).then(|| {
            let reason = format!("the list goes on after {} pages and may never end", self.fetched);
            endless(reason).with_hint("allow more with `page_limit`, or go on from its position")
        })
    }
}

/// What the items of a page come to; none where they are one over and over, as a long column of equal
/// texts has it.
fn content<I: Serialize>(items: &[I], undecoded: &[(usize, Error)]) -> Option<u64> {
    let jsons = items.iter().filter_map(|item| serde_json::to_vec(item).ok());
    let mut prints: Vec<_> = jsons.map(|json| print(&json)).collect();
    let jsons = undecoded.iter().filter_map(|(_, error)| error.item());
    prints.extend(jsons.map(|item| print(item.json())));
    let is_one = prints.windows(2).all(|two| two[0] == two[1]);
    (!is_one).then(|| print(&prints))
}

pub(super) fn endless(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::Decode, reason).without_effect()
}
