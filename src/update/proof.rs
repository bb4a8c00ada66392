//! What a response has to show before an update builds on it, or reports a write as made.

use http::StatusCode;

use super::Replaced;

const NO_MEMBER: &str = "it has none of the documented members";

/// It is the resource.
pub(super) fn of_resource<R: Replaced>(_: StatusCode, json: &[u8]) -> Result<(), &'static str> {
    R::resource(json).map(drop).ok_or(NO_MEMBER)
}

/// It is the resource, with the ETag that a write depends on.
pub(super) fn of_base<R: Replaced>(_: StatusCode, json: &[u8]) -> Result<(), &'static str> {
    let value = R::resource(json).ok_or(NO_MEMBER)?;
    let has_etag = R::etag(&value).is_some_and(|etag| !etag.trim().is_empty());
    if R::HAS_ETAG && !has_etag {
        return Err("it has no ETag, so that a write could overwrite what someone else wrote");
    }
    Ok(())
}

/// The write was made.
pub(super) fn of_write<R: Replaced>(status: StatusCode, json: &[u8]) -> Result<(), &'static str> {
    if R::is_written(status, json) {
        Ok(())
    } else {
        Err("nothing in it says that the write was made")
    }
}
