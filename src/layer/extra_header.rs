//! A header that no document knows, which a caller or a hook adds.

use http::{HeaderName, HeaderValue};

use super::Vendor;
use crate::Secret;
use crate::bad_character::bad_character;
use crate::slot::Slot;

/// The header as it is sent. `slots` are those of the client's credential.
///
/// # Errors
/// A header that isn't the caller's to set, and a name or a value that can't be sent.
pub(super) fn parse(
    vendor: &Vendor,
    slots: &[Slot],
    name: &str,
    value: &str,
) -> Result<(HeaderName, HeaderValue), String> {
    let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
        // It isn't shown: it may be the value, in the wrong place.
        let is_sign = |c: char| c.is_ascii_graphic() && !"\"(),/:;<=>?@[\\]{}".contains(c);
        let fault = match bad_character(name, is_sign) {
            Some(what) => format!("has {what}"),
            None if name.is_empty() => "is empty".to_owned(),
            None => "is too long".to_owned(),
        };
        return Err(format!(
            "the name of an extra header {fault}; the name is the first argument, the value the second"
        ));
    };
    let is_credential = slots.iter().any(|slot| slot.header() == Some(name.as_str()));
    if is_credential || vendor.reserves(&name) {
        return Err(own(&name));
    }
    let mut value = HeaderValue::from_str(value).map_err(|_| unsendable(name.as_str()))?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// What of a header's value may be secret: all of it, and each word, as behind `Bearer`. Numbers and what
/// is too short would be found in everything.
pub(super) fn likely_secrets(value: &str) -> impl Iterator<Item = Secret> {
    let whole = value.trim();
    let words = whole.split_whitespace().filter(|word| word.len() >= 8);
    let all = std::iter::once(whole).chain(words.filter(move |word| *word != whole));
    let is_likely =
        |text: &&str| text.len() >= 8 || text.len() >= 4 && text.parse::<u64>().is_err();
    all.filter(is_likely).map(Secret::from)
}

/// Why a header isn't the caller's to set.
fn own(name: &HeaderName) -> String {
    format!("the header `{name}` is letterhead's own; it can't be set for a call")
}

pub(super) fn unsendable(header: &str) -> String {
    format!("the value for the header `{header}` has a character that a header can't carry")
}
