use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a PATCH does to a member: leaves it alone, clears it or sets it.
///
/// ```
/// use letterhead::Patch;
///
/// let set: Patch<String> = "DE".into();
/// assert_eq!(set, Patch::Set("DE".to_owned()));
/// assert_eq!(serde_json::to_string(&set)?, r#""DE""#);
/// assert_eq!(serde_json::to_string(&Patch::<String>::Clear)?, "null");
/// assert!(Patch::<String>::default().is_keep()); // and isn't written at all
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// An `Option` doesn't become a `Patch` by itself, since its `None` may mean either: say
/// [`set_or_keep`](Self::set_or_keep) or [`set_or_clear`](Self::set_or_clear).
///
/// ```
/// # #[cfg(feature = "partner-center")] {
/// # use letterhead::Patch;
/// use letterhead::partner_center::types::CustomerUserPatch;
///
/// let (country, phone) = (Some("NL".to_owned()), None);
/// let user = CustomerUserPatch::builder()
///     .usage_location(Patch::set_or_keep(country))
///     .phone_number(Patch::set_or_clear(phone));
/// # CustomerUserPatch::try_from(user).unwrap();
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// The member isn't sent: the vendor keeps what it has.
    #[default]
    Keep,
    /// The member is sent as null.
    Clear,
    /// The member is sent with this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the member isn't sent.
    #[must_use]
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// Sets the member where there is a value, and leaves it alone where there is none.
    #[must_use]
    pub fn set_or_keep(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }

    /// Sets the member where there is a value, and clears it where there is none.
    #[must_use]
    pub fn set_or_clear(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }

    /// The value that is set, if one is.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl From<&str> for Patch<String> {
    fn from(value: &str) -> Self {
        Self::Set(value.to_owned())
    }
}

impl From<&String> for Patch<String> {
    fn from(value: &String) -> Self {
        Self::Set(value.clone())
    }
}

impl From<Cow<'_, str>> for Patch<String> {
    fn from(value: Cow<'_, str>) -> Self {
        Self::Set(value.into_owned())
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::set_or_clear)
    }
}

impl<T: JsonSchema> JsonSchema for Patch<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }
}
