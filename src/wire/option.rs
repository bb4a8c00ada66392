use super::Secret;

/// What a setter of an optional member takes: the value or an `Option` of it, text for a [`String`] or
/// a [`Secret`], and for an object its builder as well.
///
/// ```
/// # #[cfg(feature = "partner-center")] {
/// use letterhead::partner_center::types::{Address, LegalBusinessProfile};
///
/// let contact: Option<String> = None;
/// let profile = LegalBusinessProfile::builder()
///     .company_name("Fabrikam")
///     .address(Address::builder().city("Redmond").region(contact));
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

impl IntoOption<String> for &str {
    fn into_option(self) -> Result<Option<String>, String> {
        Ok(Some(self.to_owned()))
    }
}

impl IntoOption<Secret> for &str {
    fn into_option(self) -> Result<Option<Secret>, String> {
        Ok(Some(self.into()))
    }
}

impl IntoOption<Secret> for String {
    fn into_option(self) -> Result<Option<Secret>, String> {
        Ok(Some(self.into()))
    }
}

/// Has the setters of members take the builder of a generated type.
macro_rules! built {
    ($name:ident) => {
        impl $crate::IntoOption<$name> for builder::$name {
            fn into_option(
                self,
            ) -> ::std::result::Result<::std::option::Option<$name>, ::std::string::String> {
                let built = $name::try_from(self).map_err(|error| error.to_string());
                built.map(::std::option::Option::Some)
            }
        }

        impl ::std::convert::TryFrom<builder::$name> for $crate::Patch<$name> {
            type Error = error::ConversionError;

            fn try_from(
                builder: builder::$name,
            ) -> ::std::result::Result<Self, error::ConversionError> {
                $name::try_from(builder).map($crate::Patch::Set)
            }
        }
    };
}
pub(crate) use built;
