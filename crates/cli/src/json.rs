//! JSON as it came, in its order and with its digits, and how it is shown.

use std::fmt::Write as _;

use letterhead::Secret;
use letterhead_document::Schema;
use serde::de::{MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap as _, SerializeSeq as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// How deep a value is taken apart. What is deeper stays the text that it is.
const DEEPEST: usize = 64;

/// A JSON value whose secrets are known. As a body it is sent with them; [`Json::shown`] shows none.
#[derive(Debug)]
pub(crate) enum Json {
    Object(Vec<(String, Json)>),
    List(Vec<Json>),
    /// A text, a number, a boolean or null, as it is written.
    Plain(Box<RawValue>),
    /// JSON, of whatever kind it is.
    Secret(Secret),
}

impl Json {
    /// Reads a text.
    ///
    /// # Errors
    /// A text that isn't one JSON value, with its line and column.
    pub(crate) fn parse(text: &str) -> serde_json::Result<Self> {
        Self::of(serde_json::from_str(text)?, DEEPEST)
    }

    fn of(raw: Box<RawValue>, depth: usize) -> serde_json::Result<Self> {
        if depth == 0 {
            return Ok(Self::Plain(raw));
        }
        Ok(match raw.get().as_bytes().first() {
            Some(b'{') => {
                let Members(members) = serde_json::from_str(raw.get())?;
                let members = members.into_iter();
                let read = members.map(|(name, raw)| Ok((name, Self::of(raw, depth - 1)?)));
                Self::Object(read.collect::<serde_json::Result<_>>()?)
            }
            Some(b'[') => {
                let items: Vec<Box<RawValue>> = serde_json::from_str(raw.get())?;
                let read = items.into_iter().map(|raw| Self::of(raw, depth - 1));
                Self::List(read.collect::<serde_json::Result<_>>()?)
            }
            _ => Self::Plain(raw),
        })
    }

    /// The same value, with what its schema calls a password known as a secret.
    pub(crate) fn with_secrets(self, schema: Option<Schema<'_>>) -> Self {
        let Some(schema) = schema else { return self };
        let is_none = |value: &Self| matches!(value, Self::Plain(raw) if raw.get() == "null");
        let is_secret = schema.find(|part| part.text("format")) == Some("password");
        if is_secret && !is_none(&self) {
            // What isn't the text that it should be may have the password in it.
            return Self::Secret(serde_json::to_string(&self).unwrap_or_default().into());
        }
        match self {
            Self::Object(members) => {
                let members = members.into_iter().map(|(name, value)| {
                    let declared: Vec<_> = schema.property(&name).collect();
                    let value =
                        declared.iter().fold(value, |value, it| value.with_secrets(Some(*it)));
                    (name, value)
                });
                Self::Object(members.collect())
            }
            Self::List(items) => {
                let declared: Vec<_> = schema.items().collect();
                let items = items.into_iter().map(|item| {
                    declared.iter().fold(item, |item, it| item.with_secrets(Some(*it)))
                });
                Self::List(items.collect())
            }
            plain @ (Self::Plain(_) | Self::Secret(_)) => plain,
        }
    }

    /// The same with a mask in place of every text and number: any of them may be personal.
    pub(crate) fn masked(self) -> Self {
        match self {
            Self::Object(members) => {
                let masked = |(name, value): (String, Self)| (name, value.masked());
                Self::Object(members.into_iter().map(masked).collect())
            }
            Self::List(items) => Self::List(items.into_iter().map(Self::masked).collect()),
            Self::Plain(raw) if raw.get().starts_with(['t', 'f', 'n']) => Self::Plain(raw),
            _ => Self::Plain(serde_json::value::to_raw_value("***").expect("a text is JSON")),
        }
    }

    /// A member of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Its text for people and programs, on several lines or on one, without secrets. It means the same JSON, and
    /// no character in it moves a cursor or hides another one.
    pub(crate) fn shown(&self, is_pretty: bool) -> String {
        let shown = Shown(self);
        let text = if is_pretty {
            serde_json::to_string_pretty(&shown)
        } else {
            serde_json::to_string(&shown)
        };
        escaped(&text.unwrap_or_default())
    }

    /// A value in a cell of a table.
    pub(crate) fn cell(&self) -> String {
        match self {
            Self::Plain(raw) => match serde_json::from_str::<Option<String>>(raw.get()) {
                Ok(text) => escaped(&text.unwrap_or_default().replace('\n', " ")),
                Err(_) => raw.get().to_owned(),
            },
            _ => self.shown(false),
        }
    }
}

/// A text without characters that a terminal obeys, or that nobody sees: as JSON escapes them.
pub(crate) fn escaped(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return text.to_owned();
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && (c.is_control() || letterhead::is_invisible(c)) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // A text takes whatever is written to it.
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
            Self::List(items) => items.serialize(serializer),
            Self::Plain(raw) => raw.serialize(serializer),
            // Only this one knows what was a text, which the library takes care of where the vendor echoes it.
            Self::Secret(secret) => match serde_json::from_str::<String>(secret.expose()) {
                Ok(text) => Secret::from(text).serialize(serializer),
                Err(_) => serde_json::from_str::<&RawValue>(secret.expose())
                    .map_err(S::Error::custom)?
                    .serialize(serializer),
            },
        }
    }
}

struct Shown<'a>(&'a Json);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Json::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, &Shown(value))?;
                }
                map.end()
            }
            Json::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Shown(item))?;
                }
                list.end()
            }
            Json::Plain(raw) => raw.serialize(serializer),
            Json::Secret(_) => serializer.serialize_str("[redacted]"),
        }
    }
}

/// The members of an object, in their order.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_shown_as_it_came_and_moves_no_cursor() {
        let text = r#"{"z":1.0,"a":[123456789012345678901234567890,{"n":null}],"z":"é"}"#;
        assert_eq!(Json::parse(text).unwrap().shown(false), text);
        let hostile = "{\"name\":\"a\u{9b}31m\u{7f}\u{202e}b\u{e0041}\\u001b[0m\"}";
        let shown = Json::parse(hostile).unwrap().shown(true);
        assert_eq!(
            shown,
            "{\n  \"name\": \"a\\u009b31m\\u007f\\u202eb\\udb40\\udc41\\u001b[0m\"\n}"
        );
        let values = [hostile, &shown].map(serde_json::from_str::<serde_json::Value>);
        let [before, after] = values.map(Result::unwrap);
        assert_eq!(before, after);
        assert_eq!(Json::parse("\"\\u001b[31m\\n\"").unwrap().cell(), "\\u001b[31m ");
    }

    #[test]
    fn what_is_nested_without_end_is_no_danger() {
        let text = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let shown = Json::parse(&text).unwrap().shown(false);
        assert_eq!(shown, text);
        assert!(Json::parse("{\n \"a\": 1,\n}").unwrap_err().to_string().contains("line 3"));
    }
}
