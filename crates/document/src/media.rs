//! What a media type is to a client.

/// How a body is written and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// One JSON value.
    Json,
    /// A JSON value in each line.
    Lines,
    /// The pairs of a form, as in a query.
    Form,
    /// Parts, each with headers of its own.
    Multipart,
    /// Text as it is.
    Text,
    /// Whatever else: a stream of bytes.
    Bytes,
}

impl Media {
    /// What the media type `name` is, whatever its parameters are.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let name = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let (kind, sub) = name.split_once('/').unwrap_or((&name, ""));
        match (kind, sub) {
            (
                _,
                "x-ndjson" | "ndjson" | "jsonl" | "x-jsonl" | "jsonlines" | "x-jsonlines"
                | "json-seq",
            ) => Self::Lines,
            ("application" | "text", "json" | "x-json") => Self::Json,
            ("application", sub) if sub.ends_with("+json") => Self::Json,
            // What says nothing of its media type is JSON where JSON is what the API is made of.
            ("*" | "application", "*") => Self::Json,
            ("application", "x-www-form-urlencoded") => Self::Form,
            ("multipart", _) => Self::Multipart,
            ("text", _) => Self::Text,
            _ => Self::Bytes,
        }
    }

    /// Which JSON of several media types is asked for and decoded: the one with the least rank. `application/json`
    /// comes before others, and those before a range. None where it isn't JSON.
    #[must_use]
    pub fn json_rank(name: &str) -> Option<u8> {
        let essence = name.split(';').next().unwrap_or_default().trim();
        (Self::of(name) == Self::Json).then(|| match () {
            () if essence.eq_ignore_ascii_case("application/json") => 0,
            () if !name.contains('*') => 1,
            () => 2,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Media;

    #[test]
    fn a_media_type_is_known_by_its_name() {
        for (name, media) in [
            ("application/json; charset=utf-8", Media::Json),
            ("application/merge-patch+json", Media::Json),
            ("Application/X-NDJSON", Media::Lines),
            ("application/x-www-form-urlencoded", Media::Form),
            ("multipart/form-data", Media::Multipart),
            ("text/csv", Media::Text),
            ("application/xml", Media::Bytes),
            ("image/*", Media::Bytes),
            ("json", Media::Bytes),
        ] {
            assert_eq!(Media::of(name), media, "{name}");
        }
    }

    #[test]
    fn plain_json_comes_first() {
        let ranks = ["application/JSON; a=b", "application/hal+json", "*/*", "application/jsonl"];
        assert_eq!(ranks.map(Media::json_rank), [Some(0), Some(1), Some(2), None]);
    }
}
