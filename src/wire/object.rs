//! Objects that lose no member between decoding and encoding.
//!
//! serde's derive drops what an `Option` or a `Vec` can't distinguish: a null or an empty list from a
//! member that isn't there. Here such a member stays in `extra`, beside the members that the document
//! doesn't know, until the field has a value of its own.

use std::collections::BTreeMap;

use serde::de::{Deserialize, MapAccess};

use super::{Json, JsonObject, Patch};

/// Implements `Serialize` and `Deserialize` for a struct with named fields and an `extra` map.
macro_rules! object {
    ($name:ident {
        required { $($required:ident = $required_name:literal,)* }
        optional { $($optional:ident = $optional_name:literal,)* }
    }) => {
        impl ::std::convert::From<$crate::Reply<$name>> for $name {
            /// The value without what came with it, so that a reply can be written back.
            fn from(reply: $crate::Reply<$name>) -> Self {
                reply.into_inner()
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<__S: ::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                #[allow(unused_imports)]
                use $crate::wire::Member as _;
                use ::serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $(map.serialize_entry($required_name, &self.$required)?;)*
                $(if !self.$optional.is_absent() {
                    map.serialize_entry($optional_name, &self.$optional)?;
                } else if let Some(kept) = self.extra.json($optional_name) {
                    map.serialize_entry($optional_name, kept)?;
                })*
                for (name, value) in self.extra.members() {
                    if ![$($required_name,)* $($optional_name,)*].contains(&&**name) {
                        map.serialize_entry(name, value)?;
                    }
                }
                map.end()
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                struct __Members;

                impl<'de> ::serde::de::Visitor<'de> for __Members {
                    type Value = $name;

                    fn expecting(
                        &self,
                        f: &mut ::std::fmt::Formatter<'_>,
                    ) -> ::std::fmt::Result {
                        f.write_str(concat!("an object, `", stringify!($name), "`"))
                    }

                    fn visit_map<__A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: __A,
                    ) -> ::std::result::Result<$name, __A::Error> {
                        $(let mut $required = None;)*
                        $(let mut $optional = ::std::default::Default::default();)*
                        let mut extra = $crate::JsonObject::default();
                        while let Some($crate::wire::Key(key)) = map.next_key()? {
                            match &*key {
                                $($required_name => $required = Some(map.next_value()?),)*
                                $($optional_name => {
                                    let kept =
                                        $crate::wire::Member::read(&mut $optional, &mut map)?;
                                    if let Some(kept) = kept {
                                        extra.push($optional_name, kept);
                                    }
                                })*
                                _ => {
                                    extra.push(key.into_owned(), map.next_value()?);
                                }
                            }
                        }
                        extra.sort();
                        Ok($name {
                            $($required: $required.ok_or_else(|| {
                                ::serde::de::Error::missing_field($required_name)
                            })?,)*
                            $($optional,)*
                            extra,
                        })
                    }
                }

                deserializer.deserialize_map(__Members)
            }
        }
    };
}
pub(crate) use object;

/// A field that may be absent.
pub(crate) trait Member<'de> {
    /// Whether encoding leaves the member out.
    fn is_absent(&self) -> bool;

    /// Reads the value in place, and returns the JSON that the field can't hold.
    fn read<A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<Option<Json>, A::Error>;
}

impl<'de, T: Deserialize<'de>> Member<'de> for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn read<A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<Option<Json>, A::Error> {
        *self = map.next_value()?;
        Ok(self.is_none().then_some(Json::NULL))
    }
}

impl<'de, T: Deserialize<'de>> Member<'de> for Patch<T> {
    fn is_absent(&self) -> bool {
        self.is_keep()
    }

    fn read<A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<Option<Json>, A::Error> {
        *self = map.next_value()?;
        Ok(None)
    }
}

/// Lists and maps: null and empty are both absent, and both kept.
macro_rules! collection {
    ($($collection:ty, [$($parameter:ident)?], $empty:expr;)*) => {$(
        impl<'de, $($parameter: Deserialize<'de>)?> Member<'de> for $collection {
            fn is_absent(&self) -> bool {
                self.is_empty()
            }

            fn read<A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<Option<Json>, A::Error> {
                let value: Option<Self> = map.next_value()?;
                let was_null = value.is_none();
                *self = value.unwrap_or_default();
                Ok(self.is_empty().then(|| if was_null { Json::NULL } else { $empty }))
            }
        }
    )*};
}

collection! {
    Vec<T>, [T], Json::EMPTY_LIST;
    BTreeMap<String, T>, [T], Json::EMPTY_OBJECT;
    JsonObject, [], Json::EMPTY_OBJECT;
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[derive(Debug, Default)]
    struct Card {
        id: String,
        name: Option<String>,
        lines: Vec<String>,
        note: Patch<String>,
        extra: JsonObject,
    }
    object! { Card {
        required { id = "id", }
        optional { name = "Name", lines = "lines", note = "note", }
    } }

    fn round_trip(value: &Value) -> Value {
        let card: Card = serde_json::from_value(value.clone()).unwrap();
        serde_json::to_value(card).unwrap()
    }

    #[test]
    fn every_member_survives() {
        for value in [
            json!({"id": "1"}),
            json!({"id": "1", "Name": "n", "lines": ["a"], "note": "x"}),
            json!({"id": "1", "Name": null, "lines": [], "note": null}),
            json!({"id": "1", "lines": null, "name": 3, "more": {"deep": [null]}}),
        ] {
            assert_eq!(round_trip(&value), value);
        }
    }

    #[test]
    fn a_value_set_later_wins_over_the_null_that_came() {
        let mut card: Card =
            serde_json::from_value(json!({"id": "1", "Name": null, "lines": []})).unwrap();
        card.name = Some("n".to_owned());
        card.lines.push("a".to_owned());
        assert_eq!(
            serde_json::to_value(card).unwrap(),
            json!({"id": "1", "Name": "n", "lines": ["a"]})
        );
    }

    #[test]
    fn what_is_required_is_missed_by_name() {
        let error = serde_json::from_value::<Card>(json!({})).unwrap_err();
        assert_eq!(error.to_string(), "missing field `id`");
        let error = serde_json::from_value::<Card>(json!(null)).unwrap_err();
        assert!(error.to_string().contains("expected an object, `Card`"));
    }
}
