//! Names as parts of a JSON pointer.
//!
//! Source: <https://www.rfc-editor.org/rfc/rfc6901#section-3>.

use std::borrow::Cow;

/// A name as it is written between two slashes.
#[must_use]
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that stands between two slashes.
#[must_use]
pub fn unescaped(part: &str) -> Cow<'_, str> {
    // Hardly any name has a tilde.
    if part.contains('~') {
        return Cow::Owned(part.replace("~1", "/").replace("~0", "~"));
    }
    Cow::Borrowed(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_was_written() {
        for (name, part) in [("a/~1", "a~1~01"), ("~01", "~001"), ("", ""), ("é b", "é b")] {
            assert_eq!((escaped(name).as_str(), &*unescaped(part)), (part, name));
        }
    }
}
