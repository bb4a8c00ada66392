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
    ($name:ident { $($need:ident $field:ident = $wire:literal,)* }) => {
        impl ::serde::Serialize for $name {
            fn serialize<__S: ::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                use ::serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                // Most have nothing there, and none of their absent members is looked for.
                let extra = (!self.extra.is_empty()).then_some(&self.extra);
                $($crate::wire::object_member!(@write $need map extra self $field $wire);)*
                if let Some(extra) = extra {
                    for (name, value) in extra.members() {
                        if ![$($wire,)*].contains(&name) {
                            map.serialize_entry(name, value)?;
                        }
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
                        $(let mut $field = ::std::default::Default::default();)*
                        let mut extra = $crate::JsonObject::default();
                        while let Some($crate::wire::Key(key)) = map.next_key()? {
                            match &*key {
                                $($wire => $crate::wire::object_member!(
                                    @read $need map extra $field $wire
                                ),)*
                                unknown => extra.read(unknown, &mut map)?,
                            }
                        }
                        extra.sort();
                        Ok($name {
                            $($field: $crate::wire::object_member!(@end $need $field $wire),)*
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

/// How one member is written, read and missed: one that is required has to come, any other may be absent.
macro_rules! object_member {
    (@write required $map:ident $extra:ident $self:ident $field:ident $wire:literal) => {
        $map.serialize_entry($wire, &$self.$field)?
    };
    (@write optional $map:ident $extra:ident $self:ident $field:ident $wire:literal) => {
        if !$crate::wire::Member::is_absent(&$self.$field) {
            $map.serialize_entry($wire, &$self.$field)?;
        } else if let Some(kept) = $extra.and_then(|extra| extra.json($wire)) {
            $map.serialize_entry($wire, kept)?;
        }
    };
    (@read required $map:ident $extra:ident $field:ident $wire:literal) => {
        $field = Some($map.next_value()?)
    };
    (@read optional $map:ident $extra:ident $field:ident $wire:literal) => {
        if let Some(kept) = $crate::wire::Member::read(&mut $field, &mut $map)? {
            $extra.push($wire, kept);
        }
    };
    (@end required $field:ident $wire:literal) => {
        $field.ok_or_else(|| ::serde::de::Error::missing_field($wire))?
    };
    (@end optional $field:ident $wire:literal) => {
        $field
    };
}
pub(crate) use object_member;

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
        required id = "id",
        optional name = "Name",
        optional lines = "lines",
        optional note = "note",
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
