//! What holds for every vendor, every operation and every type: read from the table, the documents and the
//! catalog of what was generated.

mod arguments;
mod credentials;
mod json;
mod operations;

use letterhead::{BoxFuture, Error, Reply};
use letterhead_document::Document;
use letterhead_sandbox::Setup;
use serde_json::Value;

use arguments::Arguments;

/// What a call came to.
type Outcome = Result<Reply<Value>, Error>;

/// Makes the call of an operation.
type Call<C> = fn(&C, Arguments) -> BoxFuture<'static, Outcome>;

/// Decodes JSON as a type, and encodes it.
type RoundTrip = fn(&[u8]) -> Result<String, String>;

/// A vendor as the tests see it.
trait Tested {
    type Client: std::fmt::Debug + 'static;

    const VENDOR: letterhead_sandbox::Vendor;

    /// The calls by the names of their operations.
    const CALLS: &'static [(&'static str, Call<Self::Client>)];

    /// The types of responses, by the names of their operations.
    const RESPONSES: &'static [(&'static str, RoundTrip)];

    /// Types that are built with setters, by their names.
    const BUILT: &'static [(&'static str, RoundTrip)];

    /// A client with a credential of the kind at this place in the table, made from `values`.
    fn client(kind: usize, values: &[&str], url: String) -> Result<Self::Client, Error>;
}

macro_rules! outcome {
    ($call:ident) => {
        Box::pin(async move {
            let reply = $call.send().await?;
            Ok(reply.map(|value| serde_json::to_value(value).unwrap()))
        })
    };
}

macro_rules! round_trip {
    ($ty:ty) => {
        |json| {
            let value: $ty = serde_json::from_slice(json).map_err(|error| error.to_string())?;
            serde_json::to_string(&value).map_err(|error| error.to_string())
        }
    };
}

macro_rules! built {
    ($Object:ident { $($member:ident),* }) => {
        |json| {
            let value: types::$Object =
                serde_json::from_slice(json).map_err(|error| error.to_string())?;
            let built = types::$Object::builder()$(.$member(value.$member))*;
            let built = types::$Object::try_from(built).map_err(|error| error.to_string())?;
            serde_json::to_string(&built).map_err(|error| error.to_string())
        }
    };
}

macro_rules! vendors {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        $(
            #[allow(
                unused_mut,
                unused_variables,
                reason = "some operations have no arguments, and some clients"
            )]
            mod $module {
                use letterhead::$module::{Client, Credential, types};

                use super::{Call, RoundTrip, Setup};

                include!(concat!(env!("OUT_DIR"), "/", $id, ".catalog.rs"));
            }

            struct $Type;

            impl Tested for $Type {
                type Client = letterhead::$module::Client;

                const VENDOR: letterhead_sandbox::Vendor = letterhead_sandbox::Vendor::$Type;
                const CALLS: &'static [(&'static str, Call<Self::Client>)] = $module::CALLS;
                const RESPONSES: &'static [(&'static str, RoundTrip)] = $module::RESPONSES;
                const BUILT: &'static [(&'static str, RoundTrip)] = $module::BUILT;

                fn client(kind: usize, values: &[&str], url: String) -> Result<Self::Client, Error> {
                    $module::client(&Self::VENDOR.setup(), kind, values, url)
                }
            }
        )+

        /// Each test, for each vendor.
        mod every {
            $(
                mod $module {
                    #[tokio::test]
                    async fn operation_is_called_as_the_document_says() {
                        crate::every_vendor::operations::every_operation_is_called::<crate::every_vendor::$Type>().await;
                    }

                    #[tokio::test]
                    async fn kind_of_credential_is_sent_as_the_table_says() {
                        crate::every_vendor::credentials::every_kind_is_sent::<crate::every_vendor::$Type>().await;
                    }

                    #[tokio::test]
                    async fn secret_stays_hidden() {
                        crate::every_vendor::credentials::no_secret_is_shown::<crate::every_vendor::$Type>().await;
                    }

                    #[test]
                    fn response_survives() {
                        crate::every_vendor::json::every_response_survives::<crate::every_vendor::$Type>();
                    }

                    #[test]
                    fn object_is_built_with_setters() {
                        crate::every_vendor::json::every_object_is_built::<crate::every_vendor::$Type>();
                    }
                }
            )+
        }
    };
}
letterhead_spec::for_each_vendor!(vendors);

/// What a list has of the operation `name`.
fn of_operation<'a, T>(list: &'a [(&str, T)], name: &str) -> &'a T {
    let mut list = list.iter();
    let found = list.find(|(operation, _)| plain(operation) == plain(name));
    found.map_or_else(|| panic!("`{name}` is not generated"), |(_, it)| it)
}

/// The document of a vendor.
fn document<V: Tested>() -> Document {
    let row = V::VENDOR.row();
    Document::parse(row.file, row.document()).unwrap()
}

/// A name without its case and its separators: the document's spelling and Rust's are the same.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
