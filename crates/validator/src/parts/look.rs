//! A look at a text before its references are followed, since most texts have none to other files.

use memchr::memmem;

/// Whether a text may refer to other files; where that can't be told, it may.
pub(super) fn may_refer(text: &str) -> bool {
    let behind = |word: &'static str| {
        let found = memmem::find_iter(text.as_bytes(), word);
        found.map(move |at| text[at + word.len()..].trim_start_matches(['"', '\'']).trim_start())
    };
    // Without a quote it would be a comment.
    let stays = |rest: &str| {
        let value = rest.strip_prefix(':').map_or("", str::trim_start);
        value.starts_with("\"#") || value.starts_with("'#")
    };
    // A word of descriptions as well, and a key of JSON is written at its place.
    let maps = |rest: &str| rest.starts_with(':') || !text.trim_start().starts_with('{');
    behind("mapping").any(maps)
        || ["$ref", "operationRef"].iter().any(|word| !behind(word).all(stays))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_refers_to_another_file_is_never_missed() {
        for text in [
            "$ref: other.yaml",
            "{$ref: 'other.yaml#/A'}",
            "$ref: # the pet\n  other.yaml",
            "$ref:\n  # the pet\n  other.yaml",
            "$ref: '#/a'\n'$ref' : \"./b.json\"",
            "x: &key $ref\n*key : other.yaml",
            "operationRef:\tother.yaml",
            "mapping: {dog: dog.yaml}",
            "mapping:\n  '#dog': dog.yaml",
            "? mapping\n# kinds\n: {dog: dog.yaml}",
            "x: &key mapping\n*key : {dog: dog.yaml}",
            "{\"mapping\" :\n{\"dog\": \"dog.yaml\"}}",
            "{\"$ref\":\"other.json\"}",
        ] {
            assert!(may_refer(text), "{text}");
        }
        for text in [
            "$ref: '#/components/schemas/A'",
            "{\"$ref\" : \"#/a\", \"operationRef\":\n\"#/b\"}",
            "{\"description\": \"A mapping of names.\"}",
        ] {
            assert!(!may_refer(text), "{text}");
        }
    }
}
