//! JSON compared by what it means, to the last digit.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::key::Key;

/// How deep a value is looked into: each level is read once more.
const DEPTH: usize = 64;

/// What a JSON text means, whatever the blanks, the order of members and the spelling of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    Text(String),
    List(Vec<Self>),
    Object(BTreeMap<String, Self>),
    /// Null, true, false and numbers in one form; and as it is, what can't be looked into: a lone
    /// surrogate, an object with a member twice, what lies too deep, what isn't JSON.
    Other(String),
}

impl Meaning {
    /// Reads a JSON text.
    pub(crate) fn of(json: &str) -> Self {
        Self::at(json, DEPTH)
    }

    fn at(json: &str, depth: usize) -> Self {
        let json = json.trim_ascii();
        let below = |json: &RawValue| Self::at(json.get(), depth - 1);
        let read = match json.bytes().next() {
            Some(b'"') => serde_json::from_str(json).map(Self::Text).ok(),
            Some(b'[') if depth > 0 => serde_json::from_str::<Vec<&RawValue>>(json)
                .map(|items| Self::List(items.into_iter().map(below).collect()))
                .ok(),
            Some(b'{') if depth > 0 => {
                serde_json::from_str::<Members>(json).ok().and_then(|members| {
                    let count = members.0.len();
                    let members = members.0.into_iter();
                    let members: BTreeMap<_, _> =
                        members.map(|(name, value)| (name.into_owned(), below(value))).collect();
                    (members.len() == count).then_some(Self::Object(members))
                })
            }
            _ => number(json).map(Self::Other),
        };
        read.unwrap_or_else(|| Self::Other(json.to_owned()))
    }
}

/// The members of an object in their order, one that comes twice included.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((Key(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(All)
    }
}

/// A number as its digits and the power of ten that they are multiplied by: `1.50` and `15e-1` are one.
fn number(json: &str) -> Option<String> {
    let (sign, unsigned) = match json.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", json),
    };
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some("0".to_owned());
    }
    let zeros = i64::try_from(digits.len() - significant.len()).ok()?;
    let behind = i64::try_from(fraction.len()).ok()?;
    let exponent: i64 = exponent.parse().ok()?;
    let exponent = exponent.checked_add(zeros)?.checked_sub(behind)?;
    Some(format!("{sign}{significant}e{exponent}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_meaning_is_equal() {
        for (one, other) in [
            ("1", "1.0"),
            ("100", "1e2"),
            ("-1.50", "-15E-1"),
            ("0", "-0.0"),
            ("0e5", "0"),
            (r#""a""#, r#""\u0061""#),
            ("[ 1 , {\"a\":1,\"b\":2} ]", "[1.0,{\"b\":2,\"a\":1}]"),
            ("1e400", "10e399"),
            ("123456789012345678901234567890", "12345678901234567890123456789e1"),
        ] {
            assert_eq!(Meaning::of(one), Meaning::of(other), "{one} {other}");
        }
    }

    #[test]
    fn another_meaning_is_not() {
        for (one, other) in [
            ("1", "\"1\""),
            ("null", "\"null\""),
            ("1", "-1"),
            ("true", "false"),
            ("1", "10"),
            ("123456789012345678901234567890", "123456789012345678901234567891"),
            ("1e400", "1e401"),
            (r#"{"a":1}"#, r#"{"a":1,"a":1}"#),
            (r#"{"a":1,"a":2}"#, r#"{"a":2,"a":1}"#),
            ("[]", "{}"),
            (r#""\ud800""#, r#""\ud801""#),
            ("1e99999999999999999999", "1e99999999999999999998"),
        ] {
            assert_ne!(Meaning::of(one), Meaning::of(other), "{one} {other}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(Meaning::of(&deep), Meaning::of(&deep));
        assert_ne!(Meaning::of(&deep), Meaning::of(&deep.replace('1', "2")));
    }
}
