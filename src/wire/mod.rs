//! How the generated types are read and written: nothing a vendor sends is fatal or lost.

mod object;
mod open_enum;
mod patch;
mod secret;

pub(crate) use object::{Key, Member, object};
pub(crate) use open_enum::open_enum;
pub use patch::Patch;
pub use secret::Secret;
pub(crate) use secret::serialize_noting_secrets;
