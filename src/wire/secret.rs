use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is sent but never shown: a token, a key, a password.
///
/// ```
/// let secret = letterhead::Secret::from("hunter2");
/// assert_eq!(format!("{secret:?}"), "[redacted]");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The text itself. Every use of it is a place to look at.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

thread_local! {
    /// The secrets written by the body that this thread is encoding.
    static NOTED: RefCell<Option<Vec<Secret>>> = const { RefCell::new(None) };
}

/// Encodes `value` as JSON and says which secrets went into it, so that a response that echoes one
/// can be redacted.
pub(crate) fn serialize_noting_secrets<T: Serialize>(
    value: &T,
) -> serde_json::Result<(Vec<u8>, Vec<Secret>)> {
    NOTED.set(Some(Vec::new()));
    let bytes = serde_json::to_vec(value);
    let secrets = NOTED.take().unwrap_or_default();
    Ok((bytes?, secrets))
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        NOTED.with_borrow_mut(|noted| {
            if let Some(noted) = noted {
                noted.push(self.clone());
            }
        });
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": "string", "format": "password"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_that_were_written_are_known() {
        let body = serde_json::json!({"a": 1});
        let (_, none) = serialize_noting_secrets(&body).unwrap();
        assert!(none.is_empty());
        let (bytes, secrets) =
            serialize_noting_secrets(&[Secret::from("hunter2"), Secret::from("x")]).unwrap();
        assert_eq!(bytes, br#"["hunter2","x"]"#);
        assert_eq!(secrets, [Secret::from("hunter2"), Secret::from("x")]);
    }
}
