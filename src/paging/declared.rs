//! Lists whose document declares how they go on.

use super::list::Here;
use crate::Error;

/// Gives the builder of a list its streams, as [`listing!`](super::listing) does, with what `x-paging` says: where a
/// page says how the list goes on, and the way there. It is `link`, a cursor that is a `text` or a `number` for the
/// setter behind it, or `counted`.
macro_rules! declared {
    ($list:ident, $page:ty, $item:ty, |$all:ident| $items:expr, |$known:pat_param| $id:expr, $mark:expr, link) => {
        $crate::paging::listing!(@known $list, $page, $item, mark $mark, |$all| $items, |$known| $id);
    };
    ($list:ident, $page:ty, $item:ty, |$all:ident| $items:expr, |$known:pat_param| $id:expr, $mark:expr, text $set:ident) => {
        $crate::paging::listing!(
            @known $list, $page, $item, mark $mark, |$all| $items, |$known| $id,
            |call, cursor| call.$set(cursor).send(),
            |_, page| Ok(page.mark()?.map(str::to_owned))
        );
    };
    ($list:ident, $page:ty, $item:ty, |$all:ident| $items:expr, |$known:pat_param| $id:expr, $mark:expr, number $set:ident) => {
        $crate::paging::listing!(
            @known $list, $page, $item, mark $mark, |$all| $items, |$known| $id,
            |call, cursor| async move { call.$set($crate::paging::number(&cursor)?).send().await },
            |_, page| Ok(page.mark()?.map(str::to_owned))
        );
    };
    (
        $list:ident, $page:ty, $item:ty, |$all:ident| $items:expr, |$known:pat_param| $id:expr, $mark:expr,
        counted $set:ident, $need:ident, $way:expr
    ) => {
        $crate::paging::listing!(
            @known $list, $page, $item, mark $mark, |$all| $items, |$known| $id,
            |call, cursor| async move { call.$set($crate::paging::number(&cursor)?).send().await },
            |list, page, here| {
                let begun = $crate::paging::declared!(@begun $need list.$set.clone());
                $way.after(page.mark()?, begun.and_then(|number| number.try_into().ok()), here)
            }
        );
    };
    (@begun optional $given:expr) => {
        $given.ok().flatten()
    };
    (@begun required $given:expr) => {
        $given.ok()
    };
}
pub(crate) use declared;

/// The number that a cursor is.
///
/// # Errors
/// The position of a list without numbers.
pub(crate) fn number(cursor: &str) -> Result<i64, Error> {
    cursor.parse().map_err(|_| Error::configuration("the position is one of another list"))
}

/// A way from page to page by numbers.
pub(crate) enum Way {
    /// By numbers, from this one on.
    Number { first: i64, until: Until },
    /// By how many items there are before.
    Offset { until: Until },
}

/// What the mark of a page with a number says. Without a mark, the list ends with a page without items.
pub(crate) enum Until {
    /// Nothing.
    Empty,
    /// How many pages there are, or how many items.
    Total,
    /// Whether there are more.
    More,
}

impl Way {
    /// The number of the page after one that came with `mark`; `begun` is what the caller began with.
    ///
    /// # Errors
    /// A total that is no number, or a flag that is none.
    pub(crate) fn after(
        &self,
        mark: Option<&str>,
        begun: Option<i64>,
        here: Here<'_>,
    ) -> Result<Option<String>, &'static str> {
        let (first, step, until) = match self {
            Self::Number { first, until } => (*first, 1, until),
            Self::Offset { until } => (0, i64::try_from(here.count).unwrap_or(i64::MAX), until),
        };
        let at = here.cursor.and_then(|cursor| cursor.parse().ok()).or(begun).unwrap_or(first);
        let next: i64 = at.saturating_add(step);
        // A page without items ends what would be asked for in vain, whatever it says of totals.
        let leads_on = here.count > 0
            && match (until, mark) {
                (Until::Empty, _) | (_, None) | (Until::More, Some("true")) => true,
                (Until::Total, Some(total)) => {
                    let total: i64 = total
                        .parse()
                        .map_err(|_| "the page says how many there are, and that is no number")?;
                    next.saturating_sub(first) < total
                }
                (Until::More, Some("false")) => false,
                (Until::More, Some(_)) => {
                    return Err("the page says whether there are more, and that is no flag");
                }
            };
        Ok(leads_on.then(|| next.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_until_the_end() {
        let after = |way: &Way, mark, begun, cursor, count| {
            way.after(mark, begun, Here { cursor, count }).map(Option::unwrap_or_default)
        };
        let pages = Way::Number { first: 1, until: Until::Total };
        assert_eq!(after(&pages, Some("3"), None, None, 5).unwrap(), "2");
        assert_eq!(after(&pages, Some("3"), Some(2), None, 5).unwrap(), "3");
        assert_eq!(after(&pages, Some("3"), Some(2), Some("3"), 5).unwrap(), "");
        assert_eq!(after(&pages, Some("9"), None, None, 0).unwrap(), "");
        assert_eq!(after(&pages, None, None, Some("7"), 1).unwrap(), "8");
        assert!(after(&pages, Some("many"), None, None, 5).is_err());
        let from_zero = Way::Number { first: 0, until: Until::Total };
        assert_eq!(after(&from_zero, Some("2"), None, None, 5).unwrap(), "1");
        assert_eq!(after(&from_zero, Some("2"), None, Some("1"), 5).unwrap(), "");
        let offset = Way::Offset { until: Until::Total };
        assert_eq!(after(&offset, Some("12"), None, None, 5).unwrap(), "5");
        assert_eq!(after(&offset, Some("12"), Some(5), None, 5).unwrap(), "10");
        assert_eq!(after(&offset, Some("12"), None, Some("10"), 2).unwrap(), "");
        let more = Way::Offset { until: Until::More };
        assert_eq!(after(&more, Some("true"), None, Some("5"), 5).unwrap(), "10");
        assert_eq!(after(&more, Some("false"), None, Some("5"), 5).unwrap(), "");
        assert!(after(&more, Some("1"), None, Some("5"), 5).is_err());
        let last = "9223372036854775807";
        assert_eq!(
            after(&Way::Offset { until: Until::Empty }, None, None, Some(last), 1).unwrap(),
            last
        );
    }
}
