//! How the generated types are read and written: nothing a vendor sends is fatal or lost.

mod json;
mod json_object;
mod key;
mod lenient;
mod list;
mod meaning;
mod object;
mod objects;
mod open_enum;
mod option;
mod patch;
mod schema;
mod secret;
#[allow(unused_macros, reason = "for documents with a choice of objects")]
mod tagged;
mod untagged;

pub use json::Json;
pub use json_object::JsonObject;
pub(crate) use key::Key;
pub(crate) use lenient::{Lenient, Numbers};
pub use list::IntoList;
pub(crate) use meaning::Meaning;
pub(crate) use object::{Member, object, object_member};
#[cfg_attr(
    not(feature = "all-vendors"),
    allow(unreachable_pub, reason = "without a vendor there is no type to convert")
)]
pub use objects::ConversionError;
pub(crate) use objects::{converted, listed, missing, objects, objects_member};
pub(crate) use open_enum::open_enum;
pub use option::IntoOption;
pub use patch::Patch;
pub(crate) use schema::Properties;
pub use secret::Secret;
pub(crate) use secret::serialize_noting_secrets;
#[allow(unused_imports, reason = "for documents with a choice of objects")]
pub(crate) use tagged::{chosen, tagged};
pub(crate) use untagged::untagged;
