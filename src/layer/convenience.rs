//! The builder of a call that letterhead makes of operations.

/// Defines a call that is made of operations, in a module where the type of its field `client` is a vendor's. It
/// has the setters of an operation, and is sent by `send` or by awaiting it. What it does is its method `run`.
macro_rules! convenience {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident $(<$page:ident: $bound:ident>)? {
            $($field:ident: $ty:ty,)*
        }
        -> $received:ty
    ) => {
        $(#[doc = $doc])*
        ///
        /// It is sent by `send` or by awaiting it. A time limit that is set here is that of all its requests
        /// together.
        #[derive(Clone, Debug)]
        pub struct $name $(<$page: $bound>)? {
            $($field: $ty,)*
            options: $crate::layer::Options,
        }

        impl $(<$page: $bound>)? $name $(<$page>)? {
            $crate::layer::options!(timeout);
            $crate::layer::options!(retry);
            $crate::layer::options!(extra_header);
            $crate::layer::options!(keep_body);
            $crate::layer::options!(correlation_id);
            $crate::layer::options!(request_id);

            /// Sends it.
            ///
            /// # Errors
            /// As the method of the client that makes it says.
            pub async fn send(mut self) -> ::std::result::Result<$received, $crate::Error> {
                let clock = &*$crate::VendorClient::layer(&self.client).io().clock;
                self.options = self.options.together(clock);
                // Boxed, so that whoever awaits it isn't made large by its calls.
                ::std::boxed::Box::pin(self.run()).await
            }
        }

        impl $(<$page: $bound>)? ::std::future::IntoFuture for $name $(<$page>)? {
            type Output = ::std::result::Result<$received, $crate::Error>;
            type IntoFuture = $crate::BoxFuture<'static, Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }
    };
}
pub(crate) use convenience;
