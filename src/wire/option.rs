use std::borrow::Cow;

use super::Secret;

/// What a setter of an optional member takes: the value or an `Option` of it, for a [`String`] or a
/// [`Secret`] any text or an `Option` of that, and for an object its builder as well.
///
/// ```
/// # #[cfg(feature = "partner-center")] {
/// use letterhead::partner_center::types::{Address, LegalBusinessProfile};
///
/// let (city, region) = (String::from("Redmond"), None::<String>);
/// let profile = LegalBusinessProfile::builder()
///     .company_name("Fabrikam")
///     .address(Address::builder().city(&city).region(region.as_deref()));
/// let profile = LegalBusinessProfile::try_from(profile)?;
/// assert_eq!(profile.address.and_then(|address| address.city).as_deref(), Some("Redmond"));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value of a member of type `{T}`",
    note = "a setter takes the value, an `Option` of it, or a builder of it"
)]
pub trait IntoOption<T> {
    /// The value, if there is one.
    ///
    /// # Errors
    /// A builder lacks a member that its type requires, or was given a value that isn't one.
    fn into_option(self) -> Result<Option<T>, String>;
}

impl<T> IntoOption<T> for T {
    fn into_option(self) -> Result<Option<T>, String> {
        Ok(Some(self))
    }
}

impl<T> IntoOption<T> for Option<T> {
    fn into_option(self) -> Result<Self, String> {
        Ok(self)
    }
}

/// Has the setters of members take text that isn't of the member's type.
macro_rules! text {
    ($($member:ty: $($text:ty),+;)+) => {$($(
        impl IntoOption<$member> for $text {
            fn into_option(self) -> Result<Option<$member>, String> {
                Ok(Some(String::from(self).into()))
            }
        }

        impl IntoOption<$member> for Option<$text> {
            fn into_option(self) -> Result<Option<$member>, String> {
                Ok(self.map(|text| String::from(text).into()))
            }
        }
    )+)+};
}

text! {
    String: &str, &String, Cow<'_, str>;
    Secret: &str, &String, Cow<'_, str>, String;
}
