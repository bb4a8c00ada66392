//! The objects of a document: for each a struct that loses no member, its builder and its JSON Schema.

use std::borrow::Cow;
use std::fmt;

use crate::{Error, ErrorKind};

/// Defines the objects of a document in its module `types`, and their builders in `types::builder`.
///
/// Each member has its name on the wire, whether it is `required` or `optional`, and the form in which it
/// is kept and set:
///
/// | form | field | setter |
/// |---|---|---|
/// | `value` | `T` | `TryInto<T>` |
/// | `option` | `Option<T>` | [`IntoOption<T>`](crate::IntoOption) |
/// | `list` | `T`, a list | [`IntoList<T>`](crate::IntoList) |
/// | `option_list` | `Option<T>` of a list | [`IntoList<Option<T>>`](crate::IntoList) |
///
/// A type of the document is named `types::Name`, so that it is the same one in both modules.
macro_rules! objects {
    ($(
        $(#[doc = $doc:literal])*
        $(#[derive($default:ident)])?
        pub struct $name:ident { $(
            $(#[doc = $member_doc:literal])*
            #[member($wire:literal, $need:ident, $form:ident)]
            pub $field:ident: $ty:ty,
        )* }
    )*) => {
        use super::types;

        $(
            $(#[doc = $doc])*
            #[derive(Clone, Debug, PartialEq $(, $default)?)]
            #[non_exhaustive]
            pub struct $name {
                $(
                    $(#[doc = $member_doc])*
                    pub $field: $crate::wire::objects_member!(@type $form $ty),
                )*
                /// Members that the document doesn't name, and nulls and empty lists of those it does:
                /// kept, so that writing the value back loses nothing.
                pub extra: $crate::JsonObject,
            }

            impl $name {
                /// Starts a value without any member.
                pub fn builder() -> builder::$name {
                    ::std::default::Default::default()
                }
            }

            impl ::std::convert::From<$crate::Reply<$name>> for $name {
                /// The value without what came with it, so that a reply can be written back.
                fn from(reply: $crate::Reply<$name>) -> Self {
                    reply.into_inner()
                }
            }

            $crate::wire::object! { $name { $($need $field = $wire,)* } }

            impl ::schemars::JsonSchema for $name {
                fn schema_name() -> ::std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(
                    generator: &mut ::schemars::SchemaGenerator,
                ) -> ::schemars::Schema {
                    #[allow(unused_mut)]
                    let mut properties = $crate::wire::Properties::new(generator);
                    $(properties.add::<$crate::wire::objects_member!(@type $form $ty)>(
                        $wire,
                        &[$($member_doc),*],
                        $crate::wire::objects_member!(@is_required $need),
                    );)*
                    properties.finish(&[$($doc),*])
                }
            }

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
        )*

        /// Builders of the objects.
        pub mod builder {
            use super::types;

            $(
                #[doc = concat!("Builds a [`", stringify!($name), "`](super::", stringify!($name), ").")]
                #[derive(Clone, Debug)]
                pub struct $name {
                    $($field: ::std::result::Result<
                        $crate::wire::objects_member!(@type $form $ty),
                        ::std::string::String,
                    >,)*
                    extra: ::std::result::Result<$crate::JsonObject, ::std::string::String>,
                }

                impl ::std::default::Default for $name {
                    fn default() -> Self {
                        Self {
                            $($field: $crate::wire::objects_member!(@initial $need $field),)*
                            extra: Ok(::std::default::Default::default()),
                        }
                    }
                }

                impl $name {
                    $($crate::wire::objects_member! {
                        @setter $form [$(#[doc = $member_doc])*] $field $ty
                    })*
                    $crate::wire::objects_member! {
                        @setter value
                        [#[doc = " Members that the document doesn't name."]]
                        extra $crate::JsonObject
                    }
                }

                impl ::std::convert::TryFrom<$name> for types::$name {
                    type Error = types::error::ConversionError;

                    fn try_from(
                        builder: $name,
                    ) -> ::std::result::Result<Self, types::error::ConversionError> {
                        Ok(Self {
                            $($field: builder.$field?,)*
                            extra: builder.extra?,
                        })
                    }
                }

                impl ::std::convert::From<types::$name> for $name {
                    fn from(value: types::$name) -> Self {
                        Self {
                            $($field: Ok(value.$field),)*
                            extra: Ok(value.extra),
                        }
                    }
                }
            )*
        }

        /// Error types.
        pub mod error {
            pub use $crate::wire::ConversionError;
        }
    };
}
pub(crate) use objects;

/// The parts of [`objects!`] in which members differ.
macro_rules! objects_member {
    (@type value $ty:ty) => { $ty };
    (@type list $ty:ty) => { $ty };
    (@type $form:ident $ty:ty) => { ::std::option::Option<$ty> };
    (@is_required required) => { true };
    (@is_required optional) => { false };
    (@initial required $field:ident) => { Err($crate::wire::missing(stringify!($field))) };
    (@initial optional $field:ident) => { Ok(::std::default::Default::default()) };
    (@setter value [$($docs:tt)*] $field:ident $ty:ty) => {
        $($docs)*
        pub fn $field<T>(mut self, value: T) -> Self
        where
            T: ::std::convert::TryInto<$ty>,
            T::Error: ::std::fmt::Display,
        {
            self.$field = $crate::wire::converted(value.try_into(), stringify!($field));
            self
        }
    };
    (@setter option [$($docs:tt)*] $field:ident $ty:ty) => {
        $($docs)*
        pub fn $field<T>(mut self, value: T) -> Self
        where
            T: $crate::IntoOption<$ty>,
        {
            self.$field = $crate::wire::converted(value.into_option(), stringify!($field));
            self
        }
    };
    (@setter list [$($docs:tt)*] $field:ident $ty:ty) => {
        $($docs)*
        pub fn $field<T>(mut self, value: T) -> Self
        where
            T: $crate::IntoList<$ty>,
        {
            self.$field = $crate::wire::listed(value.into_list(), stringify!($field));
            self
        }
    };
    (@setter option_list [$($docs:tt)*] $field:ident $ty:ty) => {
        $crate::wire::objects_member! {
            @setter list [$($docs)*] $field ::std::option::Option<$ty>
        }
    };
}
pub(crate) use objects_member;

/// What became of the value for a member, whose name may be a raw identifier.
pub(crate) fn converted<T, E: fmt::Display>(
    value: Result<T, E>,
    member: &str,
) -> Result<T, String> {
    value.map_err(|fault| {
        let member = plain(member);
        format!("error converting supplied value for {member}: {fault}")
    })
}

/// What became of a list, whose fault begins with the place of an item.
pub(crate) fn listed<T>(list: Result<T, String>, member: &str) -> Result<T, String> {
    list.map_err(|fault| format!("{}{fault}", plain(member)))
}

/// What a builder says that lacks a member.
pub(crate) fn missing(member: &str) -> String {
    format!("{} is required and was not set", plain(member))
}

fn plain(identifier: &str) -> &str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

/// Why a value could not be made of a text or of a builder.
pub struct ConversionError(Cow<'static, str>);

impl std::error::Error for ConversionError {}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&'static str> for ConversionError {
    fn from(fault: &'static str) -> Self {
        Self(fault.into())
    }
}

impl From<String> for ConversionError {
    fn from(fault: String) -> Self {
        Self(fault.into())
    }
}

/// A builder that lacks something ends as a call does that was given it.
impl From<ConversionError> for Error {
    fn from(fault: ConversionError) -> Self {
        Self::new(ErrorKind::InvalidRequest, fault.to_string())
    }
}
