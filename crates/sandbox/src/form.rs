//! The encoding that queries and forms have in common.

use percent_encoding::percent_decode_str;

use crate::request::Request;

/// Decodes the pairs of a query or a form, `+` for a space.
pub(crate) fn decode(text: &str) -> Vec<(String, String)> {
    let decode =
        |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// The members of a form.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The form that is the body of a request; `None` if it is something else.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let content_type = request.header("content-type").unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let is_form = essence.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let text = std::str::from_utf8(&request.body).ok()?;
        (is_form && !request.oversized).then(|| Self(decode(text)))
    }

    /// A member that is there and isn't empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        (!value.is_empty()).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_apart() {
        let pairs = decode("a=b%26c+d&&e&f=g=h");
        let pairs: Vec<_> =
            pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "b&c d"), ("e", ""), ("f", "g=h")]);
    }
}
