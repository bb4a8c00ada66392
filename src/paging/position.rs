//! A place in a list.

use serde::{Deserialize, Serialize};

/// A place in a list to go on from, in this process or in another one: serialize it, and give it to
/// `items_from` or `pages_from` of the same call, with the same filters and sizes.
///
/// The default is the start of any list. A position in another list is refused, be it of another
/// organization; what becomes of other filters is the vendor's to say.
///
/// # What it promises
/// A list may change between two reads. Where its items have ids, the position holds the id of the last
/// item that was taken: the list goes on after that item, wherever on its page it is by then, and the page
/// comes from its start where the item is gone. So an item may come a second time, and none is left out.
/// Items without an id are counted: one that was deleted before the position has one left out.
///
/// Vendors forget their tokens after a while. A position that the vendor refuses as a wrong request or as not
/// found (400, 404, 410; Campaign Standard's 500 for a wrong `_lineStart`) is given up: the error says so,
/// and the position of the stream that began with it is the start of the list from then on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The operation that lists, and whose list it is.
    pub(super) list: String,
    pub(super) of: Vec<String>,
    /// The page; none for the first one.
    pub(super) cursor: Option<String>,
    /// How many items of it were taken.
    pub(super) taken: usize,
    /// The id of the last one that was taken and had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last: Option<String>,
    /// How many that couldn't be decoded came after it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) undecoded: usize,
    /// What the ids of the page before come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<u64>,
}

/// What is known of an item that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// Its id, where it has one.
    Item(Option<&'a str>),
    Undecoded,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Position {
    /// The start of the same list.
    pub(super) fn start(&self) -> Self {
        Self { list: self.list.clone(), of: self.of.clone(), ..Self::default() }
    }

    /// The start of the page at `cursor` of the same list.
    pub(super) fn page(&self, cursor: String, before: Option<u64>) -> Self {
        Self { cursor: Some(cursor), before, ..self.start() }
    }

    /// Goes past the item at `index` of the page.
    pub(super) fn pass(&mut self, index: usize, id: Option<String>) {
        self.taken = index + 1;
        self.last = id;
        self.undecoded = 0;
    }

    /// Goes past the item at `index`, which couldn't be decoded.
    pub(super) fn pass_undecoded(&mut self, index: usize) {
        self.taken = index + 1;
        self.undecoded += 1;
    }

    /// The first item that wasn't taken, of a page with these: each with its id where it was decoded.
    pub(super) fn rest_of(&self, page: &[Place<'_>]) -> usize {
        let Some(last) = &self.last else {
            return self.taken.min(page.len());
        };
        let is_last = |index: &usize| page.get(*index) == Some(&Place::Item(Some(last)));
        let expected = self.taken.checked_sub(self.undecoded + 1);
        let found = expected.filter(is_last).or_else(|| (0..page.len()).find(is_last));
        found.map_or(0, |index| {
            let after = &page[index + 1..];
            let undecoded = after.iter().take(self.undecoded);
            index + 1 + undecoded.take_while(|place| **place == Place::Undecoded).count()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(taken: usize, last: Option<&str>, undecoded: usize) -> Position {
        Position { taken, last: last.map(str::to_owned), undecoded, ..Position::default() }
    }

    #[test]
    fn no_item_is_left_out_where_items_have_ids() {
        let page = |text: &'static str| -> Vec<Place<'static>> {
            let items = text.split_inclusive(|_: char| true);
            items
                .map(|item| match item {
                    "!" => Place::Undecoded,
                    "_" => Place::Item(None),
                    id => Place::Item(Some(id)),
                })
                .collect()
        };
        for (taken, last, undecoded, text, rest) in [
            (0, None, 0, "abc", 0),
            (2, Some("b"), 0, "abc", 2),
            // One before it is gone, or new.
            (2, Some("b"), 0, "bc", 1),
            (2, Some("b"), 0, "xabc", 3),
            // It is gone itself.
            (2, Some("b"), 0, "ac", 0),
            // It is there twice.
            (3, Some("a"), 0, "abac", 3),
            (3, Some("a"), 0, "aac", 1),
            // What can't be decoded comes once.
            (3, Some("a"), 2, "a!!c", 3),
            (3, Some("a"), 2, "a!c", 2),
            (3, Some("a"), 2, "ac", 1),
            (2, None, 2, "!!c", 2),
            // There is nothing but the number.
            (2, None, 0, "___", 2),
            (9, None, 0, "_", 1),
        ] {
            let found = position(taken, last, undecoded).rest_of(&page(text));
            assert_eq!(found, rest, "{taken} {last:?} {undecoded} {text}");
        }
    }

    #[test]
    fn a_position_of_an_older_version_is_read() {
        let json = r#"{"list": "list_customers", "of": [], "cursor": "t1", "taken": 2}"#;
        let position: Position = serde_json::from_str(json).unwrap();
        assert_eq!((position.taken, position.last), (2, None));
    }
}
