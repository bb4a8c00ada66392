//! Encrypts what is stored, and proves that it is ours and belongs where it was found.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, Generate as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::Error;
use crate::error::Kind;

/// The first byte of a sealed value: how the rest is to be read.
const FORMAT: u8 = 1;
const NONCE: usize = 24;
const KEY: usize = 32;

/// A key that tokens are encrypted with before they are stored: 32 random bytes, the same for all replicas.
///
/// It comes from where the service's other secrets come from, and is wiped from memory when it is dropped.
///
/// ```
/// let key = letterhead_redis::Key::new([7; 32]);
/// assert_eq!(format!("{key:?}"), "Key([redacted])");
/// ```
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; KEY]>);

impl Key {
    /// The key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; KEY]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key whose bytes are written in base64, as by `openssl rand -base64 32`.
    ///
    /// # Errors
    /// A text that isn't base64, or not of 32 bytes. It isn't shown.
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        let bytes = STANDARD.decode(text.trim()).map(Zeroizing::new).unwrap_or_default();
        <[u8; KEY]>::try_from(bytes.as_slice()).map(Self::new).map_err(|_| {
            Error::new(
                Kind::Configuration,
                "the key isn't base64 of 32 bytes; make one with `openssl rand -base64 32`",
            )
        })
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key([redacted])")
    }
}

/// Seals with the first key, and opens with any.
#[derive(Debug)]
pub(crate) struct Sealer {
    pub(crate) keys: Vec<Key>,
}

impl Sealer {
    /// Encrypts a value that is to be stored at `place`, and can be opened there only.
    ///
    /// # Panics
    /// Not in practice: the cipher fails for values of many gigabytes only.
    pub(crate) fn seal(&self, place: &str, value: &[u8]) -> Vec<u8> {
        let [key, ..] = &*self.keys else { return Vec::new() };
        // Long enough to be random: no replica has to know which ones the others have used.
        let nonce = XNonce::generate();
        let payload = Payload { msg: value, aad: &associated(place) };
        let sealed = cipher(key).encrypt(&nonce, payload).expect("the value is short");
        [&[FORMAT], nonce.as_slice(), &sealed].concat()
    }

    /// What was sealed at `place`; none where it was sealed elsewhere, by others, or in another format.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        open_with(&self.keys, place, sealed)
    }

    /// Whether it was sealed with the first key, and needn't be sealed anew.
    pub(crate) fn is_current(&self, place: &str, sealed: &[u8]) -> bool {
        open_with(self.keys.get(..1).unwrap_or_default(), place, sealed).is_some()
    }
}

fn open_with(keys: &[Key], place: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (&FORMAT, rest) = sealed.split_first()? else { return None };
    let (nonce, msg) = rest.split_first_chunk::<NONCE>()?;
    let aad = &associated(place);
    let payload = || Payload { msg, aad };
    let mut opened = keys.iter().map(|key| cipher(key).decrypt(&XNonce::from(*nonce), payload()));
    opened.find_map(Result::ok).map(Zeroizing::new)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(*key.0).into())
}

fn associated(place: &str) -> Vec<u8> {
    format!("letterhead-redis {FORMAT} {place}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(keys: &[u8]) -> Sealer {
        Sealer { keys: keys.iter().map(|byte| Key::new([*byte; KEY])).collect() }
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_only() {
        let sealed = sealer(&[1]).seal("here", b"hush");
        assert!(!sealed.windows(4).any(|window| window == b"hush"));
        assert_ne!(sealed, sealer(&[1]).seal("here", b"hush"));
        let open = |keys: &[u8], place: &str, sealed: &[u8]| {
            sealer(keys).open(place, sealed).map(|value| value.to_vec())
        };
        assert_eq!(open(&[1], "here", &sealed).unwrap(), b"hush");
        assert_eq!(open(&[2, 1], "here", &sealed).unwrap(), b"hush", "an older key");
        assert_eq!(open(&[2], "here", &sealed), None, "another key");
        assert_eq!(open(&[1], "there", &sealed), None, "another place");
    }

    #[test]
    fn what_was_changed_does_not_open() {
        let sealed = sealer(&[1]).seal("here", b"hush");
        for length in 0..sealed.len() {
            assert!(sealer(&[1]).open("here", &sealed[..length]).is_none(), "{length} bytes");
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer(&[1]).open("here", &changed).is_none(), "byte {at}");
        }
    }

    #[test]
    fn a_key_is_read_and_never_shown() {
        let key = Key::from_base64(&format!("{}\n", STANDARD.encode([7; KEY]))).unwrap();
        assert_eq!(*key.0, [7; KEY]);
        for text in ["", "hush", "aGV5", &STANDARD.encode([7; KEY + 1]), &"h".repeat(200)] {
            let error = Key::from_base64(text).unwrap_err().to_string();
            assert!(error.contains("openssl rand -base64 32"), "{error}");
            assert!(text.is_empty() || !error.contains(text), "{error}");
        }
    }
}
