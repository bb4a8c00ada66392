//! Where a page of a list says how the list goes on.

use std::borrow::Cow;
use std::fmt;

use http::HeaderMap;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

/// What says that there is more, but not in a form that leads there.
const UNREADABLE: &str = "the page says how the list goes on, in a form that can't be read";

/// Places in a response, as the document names them: the first that says something counts.
#[derive(Debug)]
pub struct Mark {
    pub(crate) spots: &'static [Spot],
    /// Whether it has the URL of the next page.
    pub(crate) is_link: bool,
}

/// One of the places.
#[allow(dead_code, reason = "for documents of other vendors")]
#[derive(Debug)]
pub(crate) enum Spot {
    /// The names on the way to a member of the body.
    Body(&'static [&'static str]),
    /// In lower case.
    Header(&'static str),
}

impl Mark {
    /// What stands there: a text, a number or a flag; none where nothing does.
    pub(super) fn read(
        &self,
        json: &[u8],
        headers: &HeaderMap,
    ) -> Result<Option<Box<str>>, &'static str> {
        let mut found = found(json, self.spots);
        for (at, spot) in self.spots.iter().enumerate() {
            let found = match spot {
                Spot::Header(name) => match headers.get(*name) {
                    None => None,
                    Some(value) => Some(Cow::Borrowed(value.to_str().map_err(|_| UNREADABLE)?)),
                },
                Spot::Body(_) => std::mem::take(&mut found[at]).into_text()?,
            };
            if let Some(text) = found.filter(|text| !text.is_empty()) {
                return Ok(Some(text.into()));
            }
        }
        Ok(None)
    }
}

/// What stands at a place in the body.
#[derive(Clone, Default)]
enum Found<'j> {
    #[default]
    Nothing,
    Text(Cow<'j, str>),
    Unreadable,
}

impl<'j> Found<'j> {
    fn of(value: &'j RawValue) -> Self {
        match value.get().as_bytes().first() {
            Some(b'n') => Self::Nothing,
            Some(b'{' | b'[') => Self::Unreadable,
            Some(b'"') => serde_json::from_str(value.get()).map_or(Self::Unreadable, Self::Text),
            _ => Self::Text(Cow::Borrowed(value.get())),
        }
    }

    fn into_text(self) -> Result<Option<Cow<'j, str>>, &'static str> {
        match self {
            Self::Nothing => Ok(None),
            Self::Text(text) => Ok(Some(text)),
            Self::Unreadable => Err(UNREADABLE),
        }
    }
}

/// What stands at each spot of the body, in one pass over it.
fn found<'j>(json: &'j [u8], spots: &[Spot]) -> Vec<Found<'j>> {
    let ways = spots.iter().enumerate().filter_map(|(at, spot)| match spot {
        Spot::Body(way) => Some((at, *way)),
        Spot::Header(_) => None,
    });
    let ways: Vec<Way> = ways.collect();
    let mut found = vec![Found::Nothing; spots.len()];
    if !ways.is_empty() {
        let mut json = serde_json::Deserializer::from_slice(json);
        let descent = Descent { ways: ways.clone(), found: &mut found };
        // What was read up to there may not be the last of its name.
        if descent.deserialize(&mut json).is_err() {
            Descent { ways, found: &mut found }.set(&Found::Unreadable);
        }
    }
    found
}

/// The rest of the way to a spot, and which spot that is.
type Way = (usize, &'static [&'static str]);

/// Goes down along all ways at once, and past everything else.
struct Descent<'f, 'j> {
    ways: Vec<Way>,
    found: &'f mut [Found<'j>],
}

impl<'j> Descent<'_, 'j> {
    fn set(&mut self, value: &Found<'j>) {
        for (at, _) in &self.ways {
            self.found[*at] = value.clone();
        }
    }
}

impl<'j> DeserializeSeed<'j> for Descent<'_, 'j> {
    type Value = ();

    fn deserialize<D: Deserializer<'j>>(mut self, json: D) -> Result<(), D::Error> {
        if self.ways.iter().all(|(_, rest)| !rest.is_empty()) {
            return json.deserialize_any(self);
        }
        let value = <&RawValue>::deserialize(json)?;
        for (at, _) in self.ways.extract_if(.., |(_, rest)| rest.is_empty()) {
            self.found[at] = Found::of(value);
        }
        if !self.ways.is_empty() {
            // Another way goes on behind the end of this one.
            let mut json = serde_json::Deserializer::from_str(value.get());
            return self.deserialize(&mut json).map_err(serde::de::Error::custom);
        }
        Ok(())
    }
}

impl<'j> Visitor<'j> for Descent<'_, 'j> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'j>>(mut self, mut members: A) -> Result<(), A::Error> {
        self.set(&Found::Nothing);
        while let Some(first) = members.next_key_seed(FirstOf(&self.ways))? {
            let Some(first) = first else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            let name = self.ways[first].1[0];
            let ways = self.ways.iter().filter(|(_, rest)| rest[0] == name);
            let ways = ways.map(|(at, rest)| (*at, &rest[1..])).collect();
            members.next_value_seed(Descent { ways, found: self.found })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'j>>(mut self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        self.set(&Found::Unreadable);
        Ok(())
    }

    fn visit_unit<E>(mut self) -> Result<(), E> {
        self.set(&Found::Nothing);
        Ok(())
    }

    fn visit_bool<E>(mut self, _: bool) -> Result<(), E> {
        self.set(&Found::Unreadable);
        Ok(())
    }

    fn visit_i64<E>(mut self, _: i64) -> Result<(), E> {
        self.set(&Found::Unreadable);
        Ok(())
    }

    fn visit_u64<E>(mut self, _: u64) -> Result<(), E> {
        self.set(&Found::Unreadable);
        Ok(())
    }

    fn visit_f64<E>(mut self, _: f64) -> Result<(), E> {
        self.set(&Found::Unreadable);
        Ok(())
    }

    fn visit_str<E>(mut self, _: &str) -> Result<(), E> {
        self.set(&Found::Unreadable);
        Ok(())
    }
}

/// Which way begins with a key: the first of them, if there is one.
struct FirstOf<'w>(&'w [Way]);

impl<'j> DeserializeSeed<'j> for FirstOf<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'j>>(self, key: D) -> Result<Option<usize>, D::Error> {
        key.deserialize_str(self)
    }
}

impl Visitor<'_> for FirstOf<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().position(|(_, rest)| rest[0] == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_a_text_a_number_or_a_flag() {
        let read = |json: &str| {
            let mark = Mark { spots: &[Spot::Body(&["page", "ne\"xt"])], is_link: false };
            mark.read(json.as_bytes(), &HeaderMap::new()).map(|it| it.map(String::from))
        };
        let found = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(read(r#"{"page": {"ne\"xt": "a\nb"}}"#), found("a\nb"));
        assert_eq!(
            read(r#"{"page": {"ne\"xt": 12345678901234567890}}"#),
            found("12345678901234567890")
        );
        assert_eq!(read(r#"{"page": {"ne\"xt": false}}"#), found("false"));
        for nothing in ["{}", r#"{"page": null}"#, r#"{"page": {}}"#, "null"] {
            assert_eq!(read(nothing), Ok(None), "{nothing}");
        }
        for nothing in ["null", "\"\""] {
            assert_eq!(read(&format!(r#"{{"page": {{"ne\"xt": {nothing}}}}}"#)), Ok(None));
        }
        let beside = r#"{"page": {"\ud800": 1, "ne\"xt": "n"}}"#;
        for odd in [r#"{"page": 1}"#, r#"{"page": {"ne\"xt": []}}"#, beside, "["] {
            assert_eq!(read(odd), Err(UNREADABLE), "{odd}");
        }
    }

    #[test]
    fn several_spots_are_found_in_one_pass() {
        let mark = Mark {
            spots: &[
                Spot::Body(&["a", "b"]),
                Spot::Body(&["a"]),
                Spot::Body(&["a", "c", "d"]),
                Spot::Body(&["last"]),
            ],
            is_link: false,
        };
        let read = |json: &str| {
            mark.read(json.as_bytes(), &HeaderMap::new()).map(|it| it.map(String::from))
        };
        let found = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(read(r#"{"last": "x", "a": {"b": "1", "c": {"d": 2}}}"#), found("1"));
        // What is there is no text, and is asked for before the others.
        assert_eq!(read(r#"{"a": {"c": {"d": 2}}}"#), Err(UNREADABLE));
        assert_eq!(read(r#"{"a": null, "items": [{"last": "n"}], "last": "x"}"#), found("x"));
        // The last of two of a name counts, whatever the first one was.
        assert_eq!(read(r#"{"a": {"b": "1"}, "a": null, "last": "x"}"#), found("x"));
        assert_eq!(read(r#"{"a": 7, "a": {"b": "2"}}"#), found("2"));
        assert_eq!(read(r#"{"a": {"b": "2"}, "a": 7}"#), Err(UNREADABLE));
    }

    #[test]
    fn a_header_is_a_mark_as_well() {
        let mark = Mark { spots: &[Spot::Header("x-next"), Spot::Body(&["next"])], is_link: false };
        let mut headers = HeaderMap::new();
        assert_eq!(mark.read(b"{}", &headers), Ok(None));
        assert_eq!(mark.read(br#"{"next": "n"}"#, &headers).unwrap().as_deref(), Some("n"));
        headers.insert("x-next", "token".parse().unwrap());
        assert_eq!(mark.read(b"{}", &headers).unwrap().as_deref(), Some("token"));
        headers.insert("x-next", http::HeaderValue::from_bytes(b"\xff").unwrap());
        assert_eq!(mark.read(b"{}", &headers), Err(UNREADABLE));
    }
}
