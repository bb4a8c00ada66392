use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::decode::{Order, View};
use super::*;

fn redactor(secrets: &[&str]) -> Redactor {
    Redactor(vec![Arc::new(Spellings::of(secrets.iter().copied()))])
}

fn redacted(text: &str, secret: &str) -> String {
    redactor(&[secret]).text(text.to_owned())
}

#[test]
fn a_secret_is_found_however_it_is_spelt() {
    for (text, secret) in [
        ("a hunter2 b", "hunter2"),
        (r"a it\u0027s\u002B5\u0026 b", "it's+5&"),
        (r"a a\/b-c b", "a/b-c"),
        (r#"a x\"y\\z b"#, r#"x"y\z"#),
        ("a it&#39;s &amp; &#x3C; b", "it's & <"),
        (r"a \ud83d\uDE00 b", "😀"),
        (r"a p\x b", r"p\x"),
        ("a caf\u{e9} b", "caf\u{e9}"),
        // As it is sent in forms and URLs.
        ("a Q8%7Exyz.%2B%2f b", "Q8~xyz.+/"),
        ("a Q8%7exyz b", "Q8~xyz"),
        ("a pass+word+1%2B1 b", "pass word 1+1"),
        // Escaped twice.
        (r"a Q8%5Cu007exyz b", "Q8~xyz"),
        (r#"a x\\\"y\\u007ez b"#, "x\"y~z"),
        ("a Q8%257Exyz b", "Q8~xyz"),
        (r"a x\ny\t\u007ez b", "x\ny\t~z"),
        (r"a x\\ny~z b", "x\ny~z"),
        ("a Q8&amp;#126;xyz b", "Q8~xyz"),
        // It looks escaped by itself.
        ("a p%41ss&amp; b", "p%41ss&amp;"),
        ("a p%2541ss&amp;amp; b", "p%41ss&amp;"),
        // Misread, garbled, split.
        ("a p?ssw\u{fffd}rd b", "p?ssw\u{fffd}rd"),
        ("a p\u{fffd}ssword b", "pässword"),
        ("a pÃ¤ssword b", "pässword"),
        ("a p%E4ssword b", "pässword"),
        ("a p&auml;ssword b", "pässword"),
        ("a hun\u{200b}ter\u{202e}2 b", "hunter2"),
        ("a pass\r\n word b", "pass word"),
        // The first is `hunter2`, the others have `id:` and `id1:` before it.
        ("a aHVudGVyMg== b", "hunter2"),
        ("a aHVudGVyMg%3d%3D b", "hunter2"),
    ] {
        let clean = redacted(text, secret);
        // Of base64 the padding may stay where it is escaped.
        assert!(clean.starts_with("a [redacted]"), "{text}: {clean}");
        assert!(clean.ends_with(" b") && clean.len() <= 20, "{text}: {clean}");
    }
    assert_eq!(redacted("hunter", "hunter2"), "hunter");
    assert_eq!(redacted("any", ""), "any");
    assert_eq!(redacted("one two", "e t"), "on[redacted]wo");
}

#[test]
fn base64_is_found_at_any_alignment_and_in_both_alphabets() {
    // `id:`, `id1:` and `id12:` before `hun>?ter2~~`.
    for text in [
        "aWQ6aHVuPj90ZXIyfn4=",
        "aWQxOmh1bj4_dGVyMn5-",
        "aWQxOmh1bj4/dGVyMn5+",
        r"aWQxOmh1bj4\/dGVyMn5+",
        "aWQxOmh1bj4%2FdGVyMn5%2b",
        "aWQxMjpodW4-P3RlcjJ-fg",
        "aWQxMjpodW4+P3Rlc\r\njJ+fg==",
    ] {
        let clean = redacted(&format!("Basic {text}!"), "hun>?ter2~~");
        let (id, rest) = clean.split_once("[redacted]").expect(text);
        assert!(id.starts_with("Basic aWQ") && id.len() <= 12, "{clean}");
        assert_eq!(rest, "!", "{text}");
    }
}

#[test]
fn secrets_that_overlap_are_both_covered() {
    let redactor = redactor(&["abcX", "cXdef", "X"]);
    assert_eq!(redactor.text("-abcXdef-X-".into()), "-[redacted]-[redacted]-");
}

#[test]
fn bodies_that_are_no_utf_8_and_cut_secrets_are_covered() {
    let redactor = redactor(&["hunter2", "caf\u{e9}"]);
    assert_eq!(&redactor.body(b"\xff hunter2", 100)[..], b"\xff [redacted]");
    assert_eq!(&redactor.body(b"caf\xe9 x", 100)[..], b"[redacted] x");
    assert_eq!(&redactor.body(b"ab hunter2", 5)[..], b"ab [r");
    assert_eq!(&redactor.body(b"abcdef", 3)[..], b"abc");
    // What the secrets before it leave room for isn't filled with the half of one.
    let body = "hunter2 ".repeat(300);
    let kept = redactor.body(body.as_bytes(), 2005);
    assert!(!kept.windows(3).any(|part| part == b"hun"));
}

#[test]
fn headers_are_covered() {
    let mut headers = HeaderMap::new();
    headers.insert("ms-cv", HeaderValue::from_static("x hunter2"));
    headers.insert("x-hunter2", HeaderValue::from_static("x"));
    redactor(&["hunter2"]).headers(&mut headers);
    assert_eq!(headers["ms-cv"], "x [redacted]");
    assert_eq!(headers.len(), 1);
}

#[test]
fn a_secret_longer_than_all_that_is_looked_for_takes_the_rest_along() {
    let secret = "0123456789abcdef".repeat(2000);
    assert_eq!(redacted(&format!("a {secret} b"), &secret), "a [redacted]");
}

#[test]
fn near_misses_are_read_no_more_than_a_few_times() {
    let secrets: Vec<_> = (0..10).map(|n| format!("{}{n}", "a%5C".repeat(300))).collect();
    let secrets: Vec<_> = secrets.iter().map(String::as_str).collect();
    let redactor = redactor(&secrets);
    for part in ["a", "a%5C", "%25", r"\u0061", r"\\\\\\\\", "&#97;", "&amp;amp", "YWFh", "&nope;"]
    {
        let text = part.repeat(64 * 1024 / part.len());
        for order in [Order::BackslashesLast, Order::InTurn] {
            let mut layers = 0;
            View::of(text.as_bytes()).peel(order, |layer| {
                assert!(layer.bytes.len() <= text.len(), "{part}");
                layers += 1;
            });
            assert!(layers <= 10, "{part}: {layers}");
        }
        let start = Instant::now();
        redactor.text(text);
        // Milliseconds when optimized; what isn't linear would take minutes.
        assert!(start.elapsed() < Duration::from_secs(10), "{part}");
    }
}

/// How a text is escaped once.
#[derive(Clone, Copy, Debug)]
enum Encoding {
    Json,
    Url,
    Form,
    Html,
}

/// `text` escaped where it has to be, and wherever else `is_more` says.
fn encoded(text: &str, encoding: Encoding, mut is_more: impl FnMut() -> bool) -> String {
    let mut all = String::new();
    for c in text.chars() {
        let mut buffer = [0; 4];
        let bytes = c.encode_utf8(&mut buffer).as_bytes();
        let (more, upper) = (is_more(), is_more());
        let next = match encoding {
            Encoding::Json if more || "\"\\".contains(c) || c.is_control() => {
                let units = c.encode_utf16(&mut [0; 2]).to_vec();
                let escapes = units.iter().map(|unit| {
                    if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") }
                });
                escapes.collect()
            }
            Encoding::Form if c == ' ' => "+".to_owned(),
            Encoding::Url | Encoding::Form if more || !c.is_ascii() || "%+&=#".contains(c) => {
                let escapes = bytes.iter().map(|byte| {
                    if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") }
                });
                escapes.collect()
            }
            Encoding::Html if more || "&<>\"".contains(c) => {
                if upper {
                    format!("&#x{:X};", u32::from(c))
                } else {
                    format!("&#{};", u32::from(c))
                }
            }
            _ => c.to_string(),
        };
        all.push_str(&next);
    }
    all
}

proptest! {
    #[test]
    fn a_secret_is_found_in_any_mixture_of_escapes(
        secret in r#"[a-zA-Z0-9~+%&"'\\/<> é😀=._-]{8,24}"#,
        encodings in proptest::collection::vec(
            proptest::sample::select(
                &[Encoding::Json, Encoding::Url, Encoding::Form, Encoding::Html][..],
            ),
            0..4,
        ),
        choices in proptest::collection::vec(any::<bool>(), 7..60),
    ) {
        let mut choices = choices.into_iter().cycle();
        let mut text = secret.clone();
        for encoding in encodings {
            text = encoded(&text, encoding, || choices.next().unwrap_or_default());
        }
        let clean = redacted(&format!("in:{text};out"), &secret);
        prop_assert_eq!(clean, "in:[redacted];out", "{}", text);
    }

    #[test]
    fn what_holds_no_secret_stays_as_it_is(text in r"[a-z%\\&#;u0-9 +]{0,200}") {
        prop_assert_eq!(redacted(&text, "HUNTER~2"), text);
    }

    #[test]
    fn no_text_is_too_strange(
        text in proptest::collection::vec(any::<u8>(), 0..300),
        secret in "[a-c%\\\\]{0,4}",
    ) {
        let kept = redactor(&[&secret]).body(&text, 100);
        prop_assert!(kept.len() <= 100);
    }
}
