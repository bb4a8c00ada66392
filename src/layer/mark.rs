//! Where a page of a list says how the list goes on.

use std::borrow::Cow;
use std::collections::BTreeMap;

use http::HeaderMap;
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
        for spot in self.spots {
            let found = match spot {
                Spot::Header(name) => match headers.get(*name) {
                    None => None,
                    Some(value) => Some(Cow::Borrowed(value.to_str().map_err(|_| UNREADABLE)?)),
                },
                Spot::Body(way) => member(json, way)?,
            };
            if let Some(text) = found.filter(|text| !text.is_empty()) {
                return Ok(Some(text.into()));
            }
        }
        Ok(None)
    }
}

fn member<'j>(json: &'j [u8], way: &[&str]) -> Result<Option<Cow<'j, str>>, &'static str> {
    let Ok(mut found) = serde_json::from_slice::<&RawValue>(json) else { return Ok(None) };
    for name in way {
        let members: BTreeMap<Cow<'_, str>, &RawValue> = match serde_json::from_str(found.get()) {
            Ok(members) => members,
            Err(_) if found.get() == "null" => return Ok(None),
            Err(_) => return Err(UNREADABLE),
        };
        match members.get(*name) {
            Some(member) => found = member,
            None => return Ok(None),
        }
    }
    match found.get().as_bytes().first() {
        Some(b'n') => Ok(None),
        Some(b'{' | b'[') => Err(UNREADABLE),
        Some(b'"') => serde_json::from_str(found.get()).map(Some).map_err(|_| UNREADABLE),
        _ => Ok(Some(Cow::Borrowed(found.get()))),
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
        for nothing in ["{}", r#"{"page": null}"#, r#"{"page": {}}"#, "[", "null"] {
            assert_eq!(read(nothing), Ok(None), "{nothing}");
        }
        for nothing in ["null", "\"\""] {
            assert_eq!(read(&format!(r#"{{"page": {{"ne\"xt": {nothing}}}}}"#)), Ok(None));
        }
        for odd in [r#"{"page": 1}"#, r#"{"page": {"ne\"xt": []}}"#] {
            assert_eq!(read(odd), Err(UNREADABLE), "{odd}");
        }
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
