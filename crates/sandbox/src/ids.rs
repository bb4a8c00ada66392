//! Identifiers that look random and are the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

static DRAWN: AtomicU64 = AtomicU64::new(1);

/// A number that was not drawn before in this process (the `SplitMix64` sequence).
pub(crate) fn number() -> u64 {
    let drawn = DRAWN.fetch_add(1, Ordering::Relaxed);
    let mut z = drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A GUID of the given version.
pub(crate) fn guid(version: u8) -> String {
    let (high, low) = (number(), number());
    format!(
        "{:08x}-{:04x}-{version:x}{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48) & 0x3fff,
        low & 0xffff_ffff_ffff,
    )
}

/// 32 hexadecimal digits.
pub(crate) fn hex() -> String {
    format!("{:016x}{:016x}", number(), number())
}

/// A key of Campaign Standard.
pub(crate) fn pkey() -> String {
    let [one, two, three] = [number(), number(), number()];
    format!("@{one:016x}-{two:016x}_{three:016x}")
}

/// An ETag of Partner Center: a signed number in text.
pub(crate) fn etag() -> String {
    number().cast_signed().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_has_its_form_and_is_not_repeated() {
        let guid = guid(7);
        let lengths: Vec<_> = guid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{guid}");
        assert_eq!(&guid[14..15], "7");
        assert_ne!(guid, super::guid(7));
    }
}
