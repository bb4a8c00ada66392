//! Choices among objects that a member tells apart.

/// Implements `Deserialize` for an enum of objects: the member `$tag` chooses, and a value that chooses
/// none of them is kept as it came.
macro_rules! tagged {
    ($name:ident $tag:literal { $($variant:ident = $($wire:literal)|+,)* }) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                type Members = ::serde_json::Map<::std::string::String, ::serde_json::Value>;
                let members = <Members as ::serde::Deserialize>::deserialize(deserializer)?;
                let chosen = members.get($tag).and_then(::serde_json::Value::as_str);
                let read = match chosen {
                    $(
                        ::std::option::Option::Some($($wire)|+) => {
                            ::serde_json::from_value(::serde_json::Value::Object(members))
                                .map(Self::$variant)
                        }
                    )*
                    _ => return ::std::result::Result::Ok(Self::Unlisted(members)),
                };
                read.map_err(::serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use tagged;

#[cfg(test)]
mod tests {
    #[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
    struct Pet {
        kind: String,
    }

    #[derive(Debug, PartialEq, serde::Serialize)]
    #[serde(untagged)]
    enum Animal {
        Cat(Pet),
        Dog(Box<Pet>),
        Unlisted(serde_json::Map<String, serde_json::Value>),
    }

    tagged! { Animal "kind" { Cat = "cat", Dog = "dog" | "puppy", } }

    #[test]
    fn the_member_chooses() {
        let text = r#"[{"kind":"puppy"},{"kind":"cat"},{"kind":"cow"},{"wings":2}]"#;
        let animals: Vec<Animal> = serde_json::from_str(text).unwrap();
        assert!(matches!(
            animals.as_slice(),
            [
                Animal::Dog(_),
                Animal::Cat(_),
                Animal::Unlisted(_),
                Animal::Unlisted(_)
            ]
        ));
        assert_eq!(serde_json::to_string(&animals).unwrap(), text);
    }
}
