//! Headers of a response, as the document describes them.

use http::HeaderMap;
use http::header::SET_COOKIE;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::Error;
use crate::error::ErrorKind;

/// How the text of a header becomes JSON.
pub(crate) enum Shape {
    Text,
    /// A number or a flag.
    Scalar,
    /// Values with commas between them.
    List(&'static Shape),
    /// Members, and whether each is written with its name: `a=1,b=2` instead of `a,1,b,2`.
    Object(&'static [(&'static str, Shape)], bool),
    Json,
}

/// Defines a view of a reply's headers, with a method for each that the document describes. Each has its name on the
/// wire, in lower case, and its shape.
macro_rules! response_headers {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident { $(
            $(#[doc = $header_doc:literal])*
            #[header($wire:literal, $shape:expr)]
            $field:ident: $ty:ty,
        )* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy)]
        pub struct $name<'r>(&'r ::http::HeaderMap);

        impl<'r> $name<'r> {
            /// The headers of a reply.
            #[must_use]
            pub fn of<T>(reply: &'r $crate::Reply<T>) -> Self {
                Self(reply.headers())
            }

            $(
                $(#[doc = $header_doc])*
                ///
                /// # Errors
                /// A value that isn't what the document says. None where the response has no such header.
                pub fn $field(&self) -> ::std::result::Result<::std::option::Option<$ty>, $crate::Error> {
                    $crate::layer::response_header(self.0, $wire, &$shape)
                }
            )*
        }

        impl ::std::fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                // They may set cookies.
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use response_headers;

/// The value of the header `name`; none where there is none.
///
/// # Errors
/// A value that isn't what the document says. It isn't shown: it may be a secret.
pub(crate) fn response_header<T: DeserializeOwned>(
    headers: &HeaderMap,
    name: &'static str,
    shape: &Shape,
) -> Result<Option<T>, Error> {
    let fault = || {
        let reason = format!("the header `{name}` isn't what the document says");
        Error::new(ErrorKind::Decode, reason).without_effect()
    };
    let lines = headers.get_all(name).iter().map(|line| str::from_utf8(line.as_bytes()));
    let lines: Vec<&str> = lines.collect::<Result<_, _>>().map_err(|_| fault())?;
    if lines.is_empty() {
        return Ok(None);
    }
    // Of cookies alone, each line is one.
    let json = match shape {
        Shape::List(item) if name == SET_COOKIE.as_str() => {
            lines.iter().map(|line| item.json(line)).collect::<Option<Value>>()
        }
        shape => shape.json(&lines.join(", ")),
    };
    let value = json.and_then(|json| serde_json::from_value(json).ok());
    value.map(Some).ok_or_else(fault)
}

impl Shape {
    fn json(&self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(Value::String(text.to_owned())),
            Self::Scalar => {
                let value: Value = serde_json::from_str(text.trim()).ok()?;
                (value.is_number() || value.is_boolean()).then_some(value)
            }
            Self::List(item) => parts(text).map(|part| item.json(part)).collect(),
            Self::Object(members, is_exploded) => {
                let mut found = Map::new();
                let mut parts = parts(text);
                while let Some(part) = parts.next() {
                    let (name, value) =
                        if *is_exploded { part.split_once('=')? } else { (part, parts.next()?) };
                    let member = members.iter().find(|(of, _)| *of == name);
                    let shape = member.map_or(&Self::Text, |(_, shape)| shape);
                    found.insert(name.to_owned(), shape.json(value)?);
                }
                Some(Value::Object(found))
            }
            Self::Json => serde_json::from_str(text).ok(),
        }
    }
}

/// What stands between commas.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(name: &'static str, lines: &[u8], shape: &Shape) -> Result<Value, String> {
        let mut headers = HeaderMap::new();
        for line in lines.split(|byte| *byte == b'\n') {
            headers.append(name, http::HeaderValue::from_bytes(line).unwrap());
        }
        let found = response_header::<Value>(&headers, name, shape);
        found.map(Option::unwrap).map_err(|error| error.to_string())
    }

    #[test]
    fn a_header_is_what_the_document_says() {
        const NUMBERS: Shape = Shape::List(&Shape::Scalar);
        const TEXTS: Shape = Shape::List(&Shape::Text);
        const MEMBERS: &[(&str, Shape)] = &[("r", Shape::Scalar)];
        for (name, lines, shape, value) in [
            ("x", "7", &Shape::Scalar, json!(7)),
            ("x", " true", &Shape::Scalar, json!(true)),
            ("x", "007", &Shape::Text, json!("007")),
            ("x", "a\nb", &Shape::Text, json!("a, b")),
            ("x", "é", &Shape::Text, json!("é")),
            ("x", "1, 2\n3", &NUMBERS, json!([1, 2, 3])),
            ("x", "", &TEXTS, json!([])),
            ("x", "r,5,s,t", &Shape::Object(MEMBERS, false), json!({"r": 5, "s": "t"})),
            ("x", "r=5,s=t=u", &Shape::Object(MEMBERS, true), json!({"r": 5, "s": "t=u"})),
            ("x", "{\"a\": [1]}", &Shape::Json, json!({"a": [1]})),
            ("set-cookie", "a=1, 2\nb", &TEXTS, json!(["a=1, 2", "b"])),
        ] {
            assert_eq!(read(name, lines.as_bytes(), shape), Ok(value), "{lines}");
        }
        let none = response_header::<u8>(&HeaderMap::new(), "x", &Shape::Scalar);
        assert_eq!(none.unwrap(), None);
    }

    #[test]
    fn what_it_is_not_is_named_and_not_shown() {
        let fault = "the header `x` isn't what the document says";
        for (line, shape) in [
            (&b"hunter2"[..], &Shape::Scalar),
            (b"1, hunter2", &Shape::List(&Shape::Scalar)),
            (b"r", &Shape::Object(&[], false)),
            (b"r", &Shape::Object(&[], true)),
            (b"hunter2", &Shape::Json),
            (b"\xff", &Shape::Text),
        ] {
            let found = read("x", line, shape).unwrap_err();
            assert!(found.contains(fault) && !found.contains("hunter2"), "{found}");
        }
        let headers = HeaderMap::from_iter([(http::header::AGE, http::HeaderValue::from(7))]);
        assert!(response_header::<String>(&headers, "age", &Shape::Scalar).is_err());
    }
}
