//! Responses whose body depends on the status.

use super::response::Response;
use crate::{Error, Reply};

/// What an operation's responses are, by their status.
pub(crate) trait ByStatus: Sized + Send + 'static {
    fn decode(response: Response<'_>) -> Result<Reply<Self>, Error>;
}

/// Defines an enum of what an operation's responses are, and of what comes with a status that the document doesn't
/// list.
#[allow(unused_macros, reason = "for documents with such responses")]
macro_rules! by_status {
    ($(#[doc = $doc:literal])* pub enum $name:ident {
        $($variant:ident($($status:pat_param)|+ => $kind:ident $(, $ty:ty)?),)*
    }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("With the status `", stringify!($($status)|+), "`.")]
                $variant$(($ty))?,
            )*
            /// With a status that the document doesn't list: the body as it came.
            Unlisted(crate::Json),
        }

        impl $crate::layer::ByStatus for $name {
            fn decode(
                response: $crate::layer::Response<'_>,
            ) -> ::std::result::Result<$crate::Reply<Self>, $crate::Error> {
                match response.status().as_u16() {
                    $($($status)|+ => $crate::layer::by_status!(@decode response $variant $kind $($ty)?),)*
                    #[allow(unreachable_patterns)]
                    _ => response
                        .decode::<$crate::Json>()
                        .map(|reply| reply.map(Self::Unlisted)),
                }
            }
        }
    };
    (@decode $response:ident $variant:ident value $ty:ty) => {
        $response.decode::<$ty>().map(|reply| reply.map(Self::$variant))
    };
    (@decode $response:ident $variant:ident nothing) => {
        $response.without_value().map(|reply| reply.map(|()| Self::$variant))
    };
}
#[allow(unused_imports, reason = "for documents with such responses")]
pub(crate) use by_status;
