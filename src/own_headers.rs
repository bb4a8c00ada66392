//! Headers that are letterhead's own, whoever wants to set them.

use http::HeaderName;
use http::header::{
    ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST,
    TRANSFER_ENCODING, USER_AGENT,
};

/// Whether a header is set by letterhead, carries a credential or frames the message, at any vendor.
pub(crate) fn is_own(name: &HeaderName) -> bool {
    let framing = [CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING];
    let set = [ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, USER_AGENT];
    framing.contains(name) || set.contains(name)
}
