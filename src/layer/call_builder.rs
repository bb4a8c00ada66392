//! The builder of an operation: its arguments, what a call may differ in, and how it is sent.

use std::fmt;

/// What a call says whose document demands a body that was never set.
pub(crate) const NO_BODY: &str = "body is required and was not set";

/// Defines the builder of an operation in a module that has the vendor's `Client` above it and `types` in
/// scope.
///
/// `sends` has the operation's name, its method, its path and when it is retried; `clouds` those that offer
/// it, none where all do; `takes` the credentials, where they aren't the client's as it is; `accepts` the media types of its JSON, where it isn't the vendor's; `receives` what [`received!`] takes. Each argument has its place in the request,
/// its form and its name on the wire:
///
/// | form | argument | setter |
/// |---|---|---|
/// | `required`, `optional` | `T` | `TryInto<T>` |
/// | `list`, `optional_list` | `T`, a list | [`IntoList<T>`](crate::IntoList) |
/// | `built` | the body's builder | `TryInto` of what it builds, whose name comes in place of the wire's |
///
/// `options` lists the setters of [`options!`] where an argument has the name of one, which goes before
/// it; without it the builder has all of them.
macro_rules! operation {
    (
        $(#[doc = $doc:literal])*
        #[sends $sends:tt]
        $($rest:tt)*
    ) => {
        $crate::layer::operation! {
            $(#[doc = $doc])*
            #[options(timeout, retry, extra_header, keep_body)]
            #[sends $sends]
            $($rest)*
        }
    };
    (
        $(#[doc = $doc:literal])*
        #[options($($option:ident),*)]
        #[sends($operation:literal, $method:ident, $path:literal, $repeatable:ident)]
        #[clouds($($cloud:literal),*)]
        $(#[takes($($takes:tt)*)])?
        $(#[accepts($accept:literal)])?
        #[receives($($received:tt)*)]
        pub struct $name:ident { $(
            $(#[doc = $argument_doc:literal])*
            #[argument($place:ident, $form:ident, $wire:tt)]
            $field:ident: $ty:ty,
        )* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            client: super::Client,
            $($field: ::std::result::Result<
                $crate::layer::argument!(@type $form $ty),
                ::std::string::String,
            >,)*
            options: $crate::layer::Options,
        }

        impl $name {
            pub(crate) const OPERATION: &'static $crate::layer::Operation =
                &$crate::layer::Operation {
                    name: $operation,
                    method: ::http::Method::$method,
                    path: $path,
                    repeatable: $crate::layer::Repeatable::$repeatable,
                    clouds: &[$($cloud),*],
                    takes: $crate::layer::takes!($([$($takes)*])?),
                };

            /// Starts a call of `client`.
            pub fn new(client: &super::Client) -> Self {
                Self {
                    client: client.clone(),
                    $($field: $crate::layer::argument!(@initial $form $place $field),)*
                    options: ::std::default::Default::default(),
                }
            }

            $($crate::layer::argument! {
                @setter $form [$(#[doc = $argument_doc])*] $field $ty, $wire
            })*

            #[doc = concat!("Sends `", stringify!($method), " ", $path, "`.")]
            ///
            /// # Errors
            /// An argument that is missing or can't be sent, a failure on the way, a vendor's error,
            /// a response that can't be decoded: see [`Error`](crate::Error).
            pub async fn send(
                self,
            ) -> ::std::result::Result<
                $crate::Reply<$crate::layer::received!(@type $($received)*)>,
                $crate::Error,
            > {
                let Self { client, $($field,)* options } = self;
                let call = $crate::layer::VendorClient::layer(&client).call(Self::OPERATION, options);
                $(let call = call.accept($accept);)?
                $(let call = $crate::layer::argument!(@add call $place $form $field $wire);)*
                $crate::layer::received!(@send call $($received)*)
            }

            pub(crate) fn into_parts(self) -> (super::Client, $crate::layer::Options) {
                (self.client, self.options)
            }

            pub(crate) fn options(mut self, options: $crate::layer::Options) -> Self {
                self.options = options;
                self
            }

            /// The operation, and what its path is made of.
            pub(crate) fn place(&self) -> (&'static str, ::std::vec::Vec<::std::string::String>) {
                #[allow(unused_mut)]
                let mut segments = ::std::vec::Vec::new();
                $($crate::layer::argument!(@segment segments $place self $field);)*
                ($operation, segments)
            }

            $($crate::layer::options!($option);)*

            $crate::layer::options!(correlation_id);
            $crate::layer::options!(request_id);
        }
    };
}
pub(crate) use operation;

/// The credentials that an operation takes, each in brackets.
macro_rules! takes {
    () => {
        None
    };
    ([$([$($slot:ident($name:literal)),*])*]) => {
        Some(&[$(&[$($crate::slot::Slot::$slot($name)),*] as &'static [$crate::slot::Slot]),*])
    };
}
pub(crate) use takes;

/// What a single call may differ in, unless an argument has the name of the setter.
macro_rules! options {
    (timeout) => {
        /// Limits this call, with its retries and its waits, to `limit` instead of the client's time
        /// limit.
        #[must_use]
        pub fn timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.options.timeout = Some(limit);
            self
        }
    };
    (retry) => {
        /// Retries this call as `policy` has it instead of the client's policy.
        #[must_use]
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.options.retry = Some(policy);
            self
        }
    };
    (extra_header) => {
        /// Adds a header that the document doesn't know. The client's own and those of credentials are
        /// refused.
        #[must_use]
        pub fn extra_header(
            mut self,
            name: impl Into<::std::string::String>,
            value: impl Into<::std::string::String>,
        ) -> Self {
            self.options.headers.push((name.into(), value.into()));
            self
        }
    };
    (keep_body) => {
        /// Keeps the body of the response as it came beside its value: see
        /// [`Reply::body`](crate::Reply::body).
        #[must_use]
        pub fn keep_body(mut self) -> Self {
            self.options.keep_body = true;
            self
        }
    };
    (correlation_id) => {
        /// Makes this call part of the logical operation `id`.
        ///
        /// Without it the call takes the id of the task's scope, or makes one.
        #[must_use]
        pub fn correlation_id(mut self, id: $crate::CorrelationId) -> Self {
            self.options.correlation_id = Some(id);
            self
        }
    };
    (request_id) => {
        /// Retries the call that had this id and got no response.
        ///
        /// Without it the call makes an id of its own.
        #[must_use]
        pub fn request_id(mut self, id: $crate::RequestId) -> Self {
            self.options.request_id = Some(id);
            self
        }
    };
}
pub(crate) use options;

/// The parts of [`operation!`] in which arguments differ.
macro_rules! argument {
    (@type optional $ty:ty) => { ::std::option::Option<$ty> };
    (@type optional_list $ty:ty) => { ::std::option::Option<$ty> };
    (@type $form:ident $ty:ty) => { $ty };

    (@initial optional $place:ident $field:ident) => { Ok(None) };
    (@initial optional_list $place:ident $field:ident) => { Ok(None) };
    // A forgotten body would be sent as `{}`, which a PUT takes for a blank resource.
    (@initial $form:ident body $field:ident) => { Err($crate::layer::NO_BODY.into()) };
    (@initial $form:ident content $field:ident) => { Err($crate::layer::NO_BODY.into()) };
    (@initial $form:ident $place:ident $field:ident) => {
        Err($crate::wire::missing(stringify!($field)))
    };

    (@setter list $($rest:tt)*) => { $crate::layer::argument!(@list list $($rest)*); };
    (@setter optional_list $($rest:tt)*) => {
        $crate::layer::argument!(@list optional_list $($rest)*);
    };
    (@list $form:ident [$($docs:tt)*] $field:ident $ty:ty, $wire:tt) => {
        $($docs)*
        #[must_use]
        pub fn $field<V>(mut self, value: V) -> Self
        where
            V: $crate::IntoList<$ty>,
        {
            let value = $crate::wire::listed(value.into_list(), stringify!($field));
            self.$field = $crate::layer::argument!(@kept $form value);
            self
        }
    };
    (@setter built [$($docs:tt)*] $field:ident $ty:ty, ($built:ident $($rest:tt)*)) => {
        $crate::layer::argument!(@setter built [$($docs)*] $field $ty, $built);
    };
    (@setter built [$($docs:tt)*] $field:ident $ty:ty, $built:ident) => {
        $($docs)*
        #[must_use]
        pub fn $field<V>(mut self, value: V) -> Self
        where
            V: ::std::convert::TryInto<types::$built>,
            <V as ::std::convert::TryInto<types::$built>>::Error: ::std::fmt::Display,
        {
            self.$field = $crate::layer::built(value.try_into(), stringify!($built))
                .map(::std::convert::From::from);
            self
        }

        /// Changes the body's builder, which starts with what was set so far.
        #[must_use]
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: ::std::ops::FnOnce($ty) -> $ty,
        {
            self.$field = match self.$field {
                Err(fault) if fault == $crate::layer::NO_BODY => {
                    Ok(f(::std::default::Default::default()))
                }
                body => body.map(f),
            };
            self
        }
    };
    (@setter $form:ident [$($docs:tt)*] $field:ident $ty:ty, $wire:tt) => {
        $($docs)*
        #[must_use]
        pub fn $field<V>(mut self, value: V) -> Self
        where
            V: ::std::convert::TryInto<$ty>,
        {
            let value = $crate::layer::given(value.try_into(), stringify!($ty), stringify!($field));
            self.$field = $crate::layer::argument!(@kept $form value);
            self
        }
    };

    (@kept optional $value:ident) => { $value.map(Some) };
    (@kept optional_list $value:ident) => { $value.map(Some) };
    (@kept $form:ident $value:ident) => { $value };

    (@add $call:ident path $form:ident $field:ident $wire:tt) => { $call.segment($field) };
    (@add $call:ident query $form:ident $field:ident $wire:tt) => { $call.query($wire, $field) };
    (@add $call:ident header $form:ident $field:ident $wire:tt) => { $call.header($wire, $field) };
    (@add $call:ident styled_segment $form:ident $field:ident $style:tt) => {
        $call.styled_segment($crate::layer::argument!(@style $style), $field)
    };
    (@add $call:ident styled_query $form:ident $field:ident $style:tt) => {
        $call.styled_query($crate::layer::argument!(@style $style), $field)
    };
    (@add $call:ident styled_header $form:ident $field:ident $style:tt) => {
        $call.styled_header($crate::layer::argument!(@style $style), $field)
    };
    (@add $call:ident cookie $form:ident $field:ident $style:tt) => {
        $call.cookie($crate::layer::argument!(@style $style), $field)
    };
    (@style ($name:literal $form:ident $explode:literal $reserved:literal)) => {
        $crate::layer::Style {
            name: $name,
            form: $crate::layer::Form::$form,
            explode: $explode,
            reserved: $reserved,
        }
    };
    (@add $call:ident content built $field:ident ($built:ident $need:literal $media:literal $how:expr)) => {
        $call.content($need, $field.and_then(|body| {
            let body = types::$built::try_from(body).map_err(|fault| fault.to_string())?;
            $crate::layer::Content::written(&body, $media, $how)
        }))
    };
    (@add $call:ident content $form:ident $field:ident (upload $need:literal $media:literal)) => {
        $call.content($need, $field.and_then(|body| $crate::layer::Content::upload(&body, $media)))
    };
    (@add $call:ident content $form:ident $field:ident (chosen $need:literal)) => {
        $call.content($need, $field.and_then(|body| $crate::layer::Encode::content(&body)))
    };
    (@add $call:ident content $form:ident $field:ident (written $need:literal $media:literal $how:expr)) => {
        $call.content($need, $field.and_then(|body| {
            $crate::layer::Content::written(&body, $media, $how)
        }))
    };
    (@add $call:ident body built $field:ident $built:ident) => {
        $call.json($field.and_then(|body| {
            types::$built::try_from(body).map_err(|fault| fault.to_string())
        }))
    };
    (@add $call:ident body $form:ident $field:ident $wire:tt) => { $call.json($field) };

    (@segment $segments:ident path $self:ident $field:ident) => {
        $segments.extend($self.$field.as_ref().ok().map(::std::string::ToString::to_string))
    };
    (@segment $segments:ident styled_segment $self:ident $field:ident) => {
        $segments.extend($self.$field.as_ref().ok().and_then(|it| ::serde_json::to_string(it).ok()))
    };
    (@segment $segments:ident $place:ident $self:ident $field:ident) => {};
}
pub(crate) use argument;

/// What an operation's response holds: `nothing`, a `value` of a type, what depends on the status (`by_status`), a
/// `download`, JSON in each line (`lines`), or a list. A list is a member of a
/// type's value (`list_in`, with its name on the wire), the value itself (`list`), or what a newtype holds
/// (`list_of`).
macro_rules! received {
    (@type nothing) => {
        ()
    };
    (@type download, $accept:literal) => {
        $crate::Download
    };
    (@type lines, $ty:ty, $accept:literal) => {
        $crate::Lines<$ty>
    };
    (@type $form:ident, $ty:ty $(, $wire:literal, $member:ident)?) => {
        $ty
    };
    (@send $call:ident nothing) => {
        $call.send_for_nothing().await
    };
    (@send $call:ident download, $accept:literal) => {
        $call.accept($accept).send_for_download().await
    };
    (@send $call:ident lines, $ty:ty, $accept:literal) => {
        $call.accept($accept).send_for_lines::<$ty>().await
    };
    (@send $call:ident by_status, $ty:ty) => {
        $call.send_by_status::<$ty>().await
    };
    (@send $call:ident value, $ty:ty) => {
        $call.send().await
    };
    (@send $call:ident list_in, $ty:ty, $wire:literal, $member:ident) => {
        $call.send_list(Some($wire), |page: &mut $ty| &mut page.$member).await
    };
    (@send $call:ident list, $ty:ty) => {
        $call.send_list(None, |page: &mut $ty| page).await
    };
    (@send $call:ident list_of, $ty:ty) => {
        $call.send_list(None, |page: &mut $ty| &mut page.0).await
    };
}
pub(crate) use received;

/// What became of the value for an argument of the type `ty`, which may come with its path.
pub(crate) fn given<T, E>(value: Result<T, E>, ty: &str, argument: &str) -> Result<T, String> {
    value.map_err(|_| {
        let ty = ty.rsplit("::").next().unwrap_or(ty).trim();
        format!("conversion to `{ty}` for {argument} failed")
    })
}

/// What became of the value for the body.
pub(crate) fn built<T, E: fmt::Display>(value: Result<T, E>, ty: &str) -> Result<T, String> {
    value.map_err(|fault| format!("conversion to `{ty}` for body failed: {fault}"))
}
