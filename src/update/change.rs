//! What a change makes of a value that was read, and whether it changes anything.

use super::Replaced;
use crate::wire::Meaning;
use crate::{Error, Json};

/// What `change` makes of `read`, and what that means; none where it changes nothing.
pub(super) fn changed<R: Replaced, E: From<Error>>(
    read: &R::Value,
    change: impl FnOnce(&mut R::Value) -> Result<(), E>,
) -> Result<Option<(R::Value, Meaning)>, E> {
    let before = meaning::<R>(read)?;
    let mut value = read.clone();
    change(&mut value)?;
    // Whatever the change made of it, the write is about what was read.
    if let Some(etag) = R::etag(read) {
        R::set_etag(&mut value, etag);
    }
    let after = meaning::<R>(&value)?;
    Ok((after != before).then_some((value, after)))
}

/// What a value means, without what the vendor changes by itself.
pub(super) fn meaning<R: Replaced>(value: &R::Value) -> Result<Meaning, Error> {
    let mut meaning = Meaning::of(Json::new(value)?.as_str());
    if let Meaning::Object(members) = &mut meaning {
        R::normalize(members);
    }
    Ok(meaning)
}

/// A read failed that a write was to build on.
pub(super) fn unread(error: Error) -> Error {
    if error.is_decode() {
        error.with_hint("an update builds on what it has read, so nothing was written")
    } else {
        error
    }
}
