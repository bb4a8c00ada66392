//! Choices among types that differ only in their shape.

/// Implements `Deserialize` for an enum of types that are tried in turn. What a vendor sends that is none of them is
/// kept as it came, in the variant that comes last.
///
/// serde's own buffers the value on the way, which fails on what no Rust type holds and forgets how
/// numbers were written.
macro_rules! untagged {
    ($name:ident { $($variant:ident,)+ } $($unlisted:ident)?) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                let json = <$crate::Json as ::serde::Deserialize>::deserialize(deserializer)?;
                $(
                    if let ::std::result::Result::Ok(value) = ::serde_json::from_str(json.as_str()) {
                        return ::std::result::Result::Ok(Self::$variant(value));
                    }
                )+
                $crate::wire::untagged!(@rest $name json $($unlisted)?)
            }
        }
    };
    (@rest $name:ident $json:ident $unlisted:ident) => {
        ::std::result::Result::Ok(Self::$unlisted($json))
    };
    (@rest $name:ident $json:ident) => {
        ::std::result::Result::Err(::serde::de::Error::custom(concat!(
            "the value is none of the types of `",
            stringify!($name),
            "`"
        )))
    };
}
pub(crate) use untagged;

#[cfg(test)]
mod tests {
    use crate::{Json, JsonObject};

    #[derive(Debug, PartialEq, serde::Serialize)]
    #[serde(untagged)]
    enum OneOrAll {
        All(Vec<JsonObject>),
        One(JsonObject),
    }

    untagged! { OneOrAll { All, One, } }

    #[test]
    fn the_first_that_fits_is_chosen_and_nothing_is_lost() {
        let text = r#"[[{"a":1e400}],{"a":1.0}]"#;
        let both: Vec<OneOrAll> = serde_json::from_str(text).unwrap();
        assert!(matches!(both.as_slice(), [OneOrAll::All(_), OneOrAll::One(_)]));
        assert_eq!(serde_json::to_string(&both).unwrap(), text);
        let error = serde_json::from_str::<OneOrAll>("7").unwrap_err();
        assert!(error.to_string().contains("none of the types of `OneOrAll`"));
    }

    #[derive(Debug, PartialEq, serde::Serialize)]
    #[serde(untagged)]
    enum Limit {
        Number(i64),
        Unlisted(Json),
    }

    untagged! { Limit { Number, } Unlisted }

    #[test]
    fn what_fits_nothing_is_kept() {
        let limits: Vec<Limit> = serde_json::from_str(r#"[7,"none"]"#).unwrap();
        assert!(matches!(limits.as_slice(), [Limit::Number(7), Limit::Unlisted(_)]));
        assert_eq!(serde_json::to_string(&limits).unwrap(), r#"[7,"none"]"#);
    }
}
