//! The encoding that queries and forms have in common.

use percent_encoding::percent_decode_str;

/// Decodes the pairs of a query or a form, `+` for a space.
pub(crate) fn decode(text: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_apart() {
        let pairs = decode("a=b%26c+d&&e&f=g=h");
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(pairs, [("a", "b&c d"), ("e", ""), ("f", "g=h")]);
    }
}
