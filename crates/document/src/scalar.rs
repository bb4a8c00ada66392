//! What a plain scalar is in YAML 1.2, and where other parsers see something else.

use serde_json::Number;

use crate::remark::{Remark, RemarkKind};
use crate::tree::Span;

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
    let value: f64 = text.parse().ok()?;
    Some(Number::from_f64(value).map_or(Scalar::NotFinite, Scalar::Number))
}

/// Doubt about a plain scalar that YAML 1.1, which many tools still speak, reads as another type.
pub(crate) fn doubt(text: &str, span: Span) -> Option<Remark> {
    let what = match text.to_ascii_lowercase().as_str() {
        "yes" | "no" | "on" | "off" => "a boolean",
        lower if is_octal(lower) => "an octal number",
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
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
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

/// `12:30:45`, `1:30`.
fn is_sexagesimal(text: &str) -> bool {
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    !rest.is_empty()
        && (1..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_digit())
        && rest
            .iter()
            .all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()) && *part < "60")
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
            ("1e999", "not finite"),
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
        for text in
            ["no", "On", "YES", "0123", "1_000", "2020-01-31", "2020-01-31T10:00:00Z", "12:30:45"]
        {
            assert!(doubt(text, Span::default()).is_some(), "{text}");
        }
        for text in
            ["nothing", "0", "10", "0.5", "1.0.0", "2020-1-31", "12:3", "a:b", "2020-01-31x", "é"]
        {
            assert!(doubt(text, Span::default()).is_none(), "{text}");
        }
    }
}
