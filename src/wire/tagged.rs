//! Choices among objects that differ in one member's value.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// Implements `Deserialize` for an enum of objects: the member `$tag` chooses, and a value that chooses
/// none of them is kept as it came.
macro_rules! tagged {
    ($name:ident $tag:literal { $($variant:ident = $($wire:literal)|+,)* }) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                let json = <$crate::Json as ::serde::Deserialize>::deserialize(deserializer)?;
                let read = match $crate::wire::chosen(json.as_str(), $tag).as_deref() {
                    $(
                        ::std::option::Option::Some($($wire)|+) => {
                            ::serde_json::from_str(json.as_str()).map(Self::$variant)
                        }
                    )*
                    _ => return ::std::result::Result::Ok(Self::Unlisted(json)),
                };
                read.map_err(::serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use tagged;

/// The text of the member `tag` of an object.
#[allow(dead_code, reason = "for documents with a choice of objects")]
pub(crate) fn chosen(json: &str, tag: &str) -> Option<String> {
    let members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(json).ok()?;
    serde_json::from_str(members.get(tag)?.get()).ok()
}

#[cfg(test)]
mod tests {
    use crate::Json;

    #[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
    struct Pet {
        kind: String,
    }

    #[derive(Debug, PartialEq, serde::Serialize)]
    #[serde(untagged)]
    enum Animal {
        Cat(Pet),
        Dog(Box<Pet>),
        Unlisted(Json),
    }

    tagged! { Animal "kind" { Cat = "cat", Dog = "dog" | "puppy", } }

    #[test]
    fn the_member_chooses() {
        let text = r#"[{"kind":"puppy"},{"kind":"cat"},{"kind":"cow"},{"wings":2e400}]"#;
        let animals: Vec<Animal> = serde_json::from_str(text).unwrap();
        assert!(matches!(
            animals.as_slice(),
            [Animal::Dog(_), Animal::Cat(_), Animal::Unlisted(_), Animal::Unlisted(_)]
        ));
        assert_eq!(serde_json::to_string(&animals).unwrap(), text);
    }
}
