//! What is wrong with a value of the caller's, without the value: arguments get swapped, and then it is a
//! secret.

/// Which character of `value` can't be there, and where; none where each of them `fits`.
pub(crate) fn bad_character(value: &str, fits: impl Fn(char) -> bool) -> Option<String> {
    let (at, c) = value.char_indices().find(|(_, c)| !fits(*c))?;
    let what = match c {
        '\n' | '\r' => "a line break",
        ' ' | '\t' => "a blank",
        _ if !c.is_ascii() => "a character outside ASCII",
        _ if c.is_control() => "a control character",
        _ => "a character that can't be there",
    };
    Some(format!("{what} at byte {at} of {}", value.len()))
}
