//! Enums that take tomorrow's values.

/// Defines an enum of texts with a variant for the texts that the document doesn't list.
macro_rules! open_enum {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident { $(
            $(#[doc = $variant_doc:literal])*
            #[wire($wire:literal)]
            $variant:ident,
        )* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[doc = $variant_doc])*
                #[doc = concat!("`", $wire, "` on the wire.")]
                $variant,
            )*
            /// A value that the document doesn't list, as it came.
            Unlisted(::std::string::String),
        }

        impl $name {
            /// The text on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unlisted(text) => text,
                }
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)*
                    _ => Self::Unlisted(text.to_owned()),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                match text.as_str() {
                    $($wire => Self::$variant,)*
                    _ => Self::Unlisted(text),
                }
            }
        }

        impl ::std::convert::From<&str> for $crate::Patch<$name> {
            fn from(text: &str) -> Self {
                Self::Set(text.into())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                ::std::string::String::deserialize(deserializer).map(Self::from)
            }
        }

        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                // The list as a value: as tokens of the macro its length would be limited.
                const VALUES: &[&str] = &[$($wire),*];
                ::schemars::json_schema!({"type": "string", "examples": VALUES})
            }
        }

        impl $crate::layer::Argument for $name {
            fn each(&self, use_text: &mut dyn FnMut(&str)) {
                use_text(self.as_str());
            }
        }
    };
}
pub(crate) use open_enum;

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro is for public types")]
mod tests {
    open_enum! {
        /// A state.
        pub enum State {
            #[wire("active")]
            Active,
            #[wire("in-active")]
            InActive,
        }
    }

    #[test]
    fn listed_and_unlisted_values_round_trip() {
        let text = r#"["active","in-active","suspended"]"#;
        let states: Vec<State> = serde_json::from_str(text).unwrap();
        assert_eq!(
            states,
            [State::Active, State::InActive, State::Unlisted("suspended".to_owned())]
        );
        assert_eq!(serde_json::to_string(&states).unwrap(), text);
    }
}
