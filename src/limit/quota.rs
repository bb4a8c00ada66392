//! What a vendor says about its quota.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use sfv::{BareItem, Item, List, ListEntry, Parser};

/// The header with what is left of a quota.
///
/// Source: <https://developers.cloudflare.com/fundamentals/api/reference/limits/>.
static RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// The header with the quotas.
static RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The longest that a client shuts itself off because of a header, whatever the header says.
const LONGEST_CLOSURE: Duration = Duration::from_secs(600);

/// What a response said about the vendor's quota.
///
/// No time is longer than the window that the vendor publishes for its quota, or than ten minutes where it
/// publishes none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaStatus {
    /// The vendor refused the request because there were too many, and wants no other for so long.
    ///
    /// What was under way at the same time and succeeds says nothing against it.
    pub throttled: Option<Duration>,
    /// For how long nothing is left of the quota; zero where something is left. The newest response has
    /// the last word.
    pub spent: Option<Duration>,
}

impl QuotaStatus {
    /// What a response says whose headers these are, and which asks for `throttled` where it is a refusal.
    /// The quota's window is `window` where the response doesn't say.
    pub(super) fn read(
        headers: &HeaderMap,
        throttled: Option<Duration>,
        window: Option<Duration>,
    ) -> Self {
        let longest = window.unwrap_or(LONGEST_CLOSURE).min(LONGEST_CLOSURE);
        let spent = headers.get(&RATELIMIT).and_then(|value| {
            let policy = headers.get(&RATELIMIT_POLICY).map(HeaderValue::as_bytes);
            spent_for(value.as_bytes(), policy.unwrap_or_default(), window)
        });
        Self {
            throttled: throttled.map(|wait| wait.min(longest)),
            spent: spent.map(|wait| wait.min(LONGEST_CLOSURE)),
        }
    }
}

/// How long a quota stays spent, from `"default";r=0;t=30`; zero where something is left of each, none
/// where the header doesn't say. No quota stays spent for longer than its window, which `policy` has as
/// in `"default";q=1200;w=300`.
fn spent_for(header: &[u8], policy: &[u8], window: Option<Duration>) -> Option<Duration> {
    let policies = items(policy);
    let window = |name: &BareItem| {
        let policy = policies.iter().find(|policy| policy.bare_item == *name);
        let published = policy.and_then(|policy| Some(seconds(number(policy, "w")?)));
        published.or(window).unwrap_or(LONGEST_CLOSURE)
    };
    let mut longest = None;
    for item in items(header) {
        let (Some(left), reset) = (number(&item, "r"), number(&item, "t")) else {
            continue;
        };
        let spent = match reset {
            _ if left > 0 => Duration::ZERO,
            Some(reset) if reset >= 0 => seconds(reset).min(window(&item.bare_item)),
            _ => continue,
        };
        longest = longest.max(Some(spent));
    }
    longest
}

/// The items of a structured field that is a list.
fn items(header: &[u8]) -> Vec<Item> {
    let list: List = Parser::new(header).parse().unwrap_or_default();
    let items = list.into_iter().filter_map(|entry| match entry {
        ListEntry::Item(item) => Some(item),
        ListEntry::InnerList(_) => None,
    });
    items.collect()
}

fn number(item: &Item, key: &str) -> Option<i64> {
    match item.params.get(key)? {
        BareItem::Integer(number) => Some(i64::from(*number)),
        _ => None,
    }
}

fn seconds(number: i64) -> Duration {
    Duration::from_secs(number.try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_quota_is_spent_when_nothing_remains() {
        for (header, expected) in [
            (r#""default";r=50;t=30"#, Some(0)),
            (r#""default";r=50"#, Some(0)),
            (r#""default";r=0;t=30"#, Some(30)),
            (r#""default";r=0;t=30, "burst";r=0;t=120;x="y""#, Some(120)),
            (r#""burst";r=1;t=9, "default";r=0;t=2"#, Some(2)),
            (r#""default";r=0"#, None),
            (r#""default";r=0;t=-5"#, None),
            ("default;r=0;t=7", Some(7)),
            ("r=0, t=3", None),
            ("", None),
        ] {
            let expected = expected.map(Duration::from_secs);
            assert_eq!(spent_for(header.as_bytes(), b"", None), expected, "{header}");
        }
    }

    #[test]
    fn a_quota_is_not_spent_for_longer_than_its_window() {
        let absurd = br#""default";r=0;t=999999999"#;
        for (policy, window, expected) in [
            (r#""default";q=1200;w=300"#, None, 300),
            (r#""burst";q=9;w=5, "default";q=1200;w=60"#, Some(300), 60),
            (r#""burst";q=9;w=5"#, Some(300), 300),
            ("", Some(300), 300),
            ("", None, 600),
        ] {
            let spent = spent_for(absurd, policy.as_bytes(), window.map(Duration::from_secs));
            assert_eq!(spent, Some(Duration::from_secs(expected)), "{policy}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_left(header in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = spent_for(&header, &header, None);
        }
    }
}
