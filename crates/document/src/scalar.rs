//! What a plain scalar is in YAML 1.2, and where other parsers see something else.

use serde_json::Number;

use crate::json;
use crate::remark::{Remark, RemarkKind};
use crate::tree::{Kind, Span};

pub(crate) enum Scalar {
    Null,
    Bool(bool),
    Number(Number),
    /// `.inf` and `.nan`.
    NotFinite,
    Text,
}

/// The core schema of YAML 1.2.
pub(crate) fn resolve(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        _ => number(text).unwrap_or(Scalar::Text),
    }
}

fn number(text: &str) -> Option<Scalar> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Scalar::NotFinite);
    }
    let radix = |digits: &str, radix| u64::from_str_radix(digits, radix).ok();
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16).map(|value| Scalar::Number(value.into()));
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8).map(|value| Scalar::Number(value.into()));
    }
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        || !unsigned.contains(|c: char| c.is_ascii_digit())
        || !unsigned
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
    {
        return None;
    }
    if unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        let text = text.strip_prefix('+').unwrap_or(text);
        let whole = text.parse::<i64>().map(Number::from);
        if let Ok(number) = whole.or_else(|_| text.parse::<u64>().map(Number::from)) {
            return Some(Scalar::Number(number));
        }
    }
    text.parse::<f64>().ok()?;
    Some(Scalar::Number(json::number(text)))
}

/// Whether a scalar is what its tag says.
pub(crate) fn is_tagged(scalar: &Scalar, tag: &str) -> bool {
    match scalar {
        Scalar::Null => tag == "null",
        Scalar::Bool(_) => tag == "bool",
        Scalar::Number(number) => tag == "float" || tag == "int" && !number.is_f64(),
        Scalar::NotFinite => tag == "float",
        Scalar::Text => false,
    }
}

/// Doubt about a plain key that is no text: parsers make different texts of it.
pub(crate) fn doubt_of_key(key: &Kind, written: &str, span: Span) -> Option<Remark> {
    let (what, text) = match key {
        // Status codes are written without quotes everywhere. To JavaScript `1.0` is `1`.
        Kind::Number(number) if number.to_string() == written && !written.ends_with(".0") => {
            return None;
        }
        Kind::Number(number) => ("the number", number.to_string()),
        Kind::Bool(value) => ("the boolean", value.to_string()),
        Kind::Null => ("nothing", "null".to_owned()),
        _ => return None,
    };
    let message = format!("the key `{written}` without quotes is {what} `{text}` to many parsers");
    let help = format!("quote it: `\"{written}\"`");
    Some(Remark::doubt(RemarkKind::AmbiguousScalar, span, message, help))
}

/// Doubt about a plain scalar that YAML 1.1, which many tools still speak, reads as another type.
pub(crate) fn doubt(text: &str, span: Span) -> Option<Remark> {
    let what = match text.to_ascii_lowercase().as_str() {
        "yes" | "no" | "on" | "off" => "a boolean",
        "=" => "no text, and the end of their work",
        lower if is_octal(lower) => "an octal number",
        lower if is_binary(lower) => "a binary number",
        lower if is_text(lower) => "text and no number",
        lower if is_grouped(lower) => "a number",
        lower if is_date(lower) => "a date",
        lower if is_sexagesimal(lower) => "a number of base 60",
        _ => return None,
    };
    let message = format!("`{text}` without quotes is {what} to parsers of YAML 1.1");
    let help = format!("quote it, `\"{text}\"`, or write the value that is meant");
    Some(Remark::doubt(RemarkKind::AmbiguousScalar, span, message, help))
}

/// `0123`.
fn is_octal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| matches!(b, b'0'..=b'7'))
}

/// `0b11`.
fn is_binary(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text).strip_prefix("0b");
    digits.is_some_and(|it| !it.is_empty() && it.bytes().all(|b| matches!(b, b'0' | b'1' | b'_')))
}

/// Numbers of YAML 1.2 only: `089`, `0o17`, and `1e3` without a point or without a sign.
fn is_text(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = matches!(resolve(text), Scalar::Number(_));
    let has_zero = unsigned.len() > 1 && unsigned.bytes().all(|b| b.is_ascii_digit());
    let has_zero = has_zero && unsigned.starts_with('0');
    let is_short = unsigned.split_once('e').is_some_and(|(digits, exponent)| {
        !(unsigned.starts_with("0x") || digits.contains('.') && exponent.starts_with(['-', '+']))
    });
    is_number && (has_zero || is_short || unsigned.starts_with("0o"))
}

/// `1_000`.
fn is_grouped(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.contains('_')
        && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'_' | b'.'))
}

/// `2020-01-31`, with or without a time.
fn is_date(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(10) else {
        return false;
    };
    let shape: Vec<bool> = date.bytes().map(|b| b.is_ascii_digit()).collect();
    let digits = [true, true, true, true, false, true, true, false, true, true];
    shape == digits
        && date.as_bytes()[4] == b'-'
        && date.as_bytes()[7] == b'-'
        && (rest.is_empty() || rest.starts_with(['t', ' ']))
}

/// `12:30:45`, `1:3`, `1:30.5`.
fn is_sexagesimal(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = text.split(':');
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_first = parts.next().is_some_and(is_digits);
    let rest: Vec<&str> = parts.collect();
    let is_below_60 = |part: &&str| {
        is_digits(part) && part.parse().is_ok_and(|number: u32| number < 60) && part.len() <= 2
    };
    let is_fraction = fraction.bytes().all(|b| b.is_ascii_digit());
    is_first && is_fraction && !rest.is_empty() && rest.iter().all(is_below_60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match resolve(text) {
            Scalar::Null => "null".to_owned(),
            Scalar::Bool(value) => value.to_string(),
            Scalar::Number(value) => value.to_string(),
            Scalar::NotFinite => "not finite".to_owned(),
            Scalar::Text => "text".to_owned(),
        }
    }

    #[test]
    fn plain_scalars_follow_yaml_1_2() {
        for (text, expected) in [
            ("", "null"),
            ("~", "null"),
            ("True", "true"),
            ("no", "text"),
            ("y", "text"),
            ("12", "12"),
            ("+12", "12"),
            ("-7", "-7"),
            ("0123", "123"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("1.50", "1.5"),
            (".5", "0.5"),
            ("1e3", "1000.0"),
            ("1_000", "text"),
            ("18446744073709551615", "18446744073709551615"),
            ("1.0.0", "text"),
            (".", "text"),
            ("2020-01-31", "text"),
            (".inf", "not finite"),
            ("1e999", "1.7976931348623157e+308"),
            ("-", "text"),
            ("@abc", "text"),
            ("e5", "text"),
            ("12:30", "text"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_yaml_1_1_reads_otherwise_is_in_doubt() {
        for text in [
            "no",
            "On",
            "YES",
            "0123",
            "089",
            "0b11",
            "0o17",
            "1_000",
            "1e3",
            "1.5e3",
            "1e-3",
            "=",
            "2020-01-31",
            "2020-01-31T10:00:00Z",
            "12:30:45",
            "1:3",
            "12:3",
            "1:30.5",
        ] {
            assert!(doubt(text, Span::default()).is_some(), "{text}");
        }
        for text in [
            "nothing",
            "0",
            "10",
            "0.5",
            "1.5e+3",
            "0x1F",
            "1.0.0",
            "2020-1-31",
            "12:99",
            "12:345",
            "a:b",
            ":3",
            "2020-01-31x",
            "0b12",
            "==",
            "é",
        ] {
            assert!(doubt(text, Span::default()).is_none(), "{text}");
        }
    }
}
