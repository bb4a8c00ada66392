//! Requests and responses as HTTP writes them, in a block of code.

use letterhead_document::Span;

use crate::located::Located;
use crate::target::method;

/// A request or a response, as far as a page shows it.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) start: Start,
    pub(crate) span: Span,
    /// Names, values and where they stand.
    pub(crate) headers: Vec<(String, String, Span)>,
    pub(crate) body: Option<Located>,
    /// Whether the body was put together from several pieces.
    pub(crate) pieces: bool,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Start {
    Request {
        method: &'static str,
        address: String,
    },
    /// The status is missing where the line doesn't say it.
    Response(Option<u16>),
}

/// Whether a text starts with a message.
pub(crate) fn starts(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next().is_some_and(|line| start_line(line).is_some())
}

/// Reads all messages of a block; none where it isn't HTTP.
pub(crate) fn read(code: &Located) -> Vec<Message> {
    let text = code.text.as_str();
    let mut messages: Vec<Message> = Vec::new();
    let mut state = State::Outside;
    let mut at = 0;
    while at < text.len() {
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        let line = text[at..end].trim();
        let indent = text[at..end].len() - text[at..end].trim_start().len();
        let start = if line.is_empty() { at } else { at + indent };
        let span = code.span(start, start + line.len());
        if let Some(first) = start_line(line) {
            close(&mut messages, code, state, at);
            messages.push(Message {
                start: first,
                span,
                headers: Vec::new(),
                body: None,
                pieces: false,
            });
            state = State::Headers;
        } else if let (State::Headers | State::Gap(_), Some(message)) = (state, messages.last_mut())
        {
            state = head_line(message, state, line, code, (start, at, end));
        }
        at = end;
    }
    close(&mut messages, code, state, text.len());
    messages
}

/// Reads a line between the first one and the body.
fn head_line(
    message: &mut Message,
    state: State,
    line: &str,
    code: &Located,
    (start, at, end): (usize, usize, usize),
) -> State {
    let gap = if let State::Gap(gap) = state { Some(gap) } else { None };
    if line.starts_with(['{', '[', '<']) && !continues(line) {
        return State::Body(gap.unwrap_or(at));
    }
    if line.is_empty() {
        return State::Gap(gap.unwrap_or(end));
    }
    // Some pages have empty lines between the headers, or before them.
    let found = header(line).filter(|(name, _)| {
        gap.is_none() || message.headers.is_empty() || name.contains('-') || is_common(name)
    });
    if let Some((name, value)) = found {
        let span = code.span(start, start + name.len());
        message.headers.push((name.to_owned(), value.to_owned(), span));
        return State::Headers;
    }
    if let Some(gap) = gap {
        return State::Body(gap);
    }
    if let Start::Request { address, .. } = &mut message.start
        && message.headers.is_empty()
        && continues(line)
    {
        // The address was wrapped.
        address.push_str(line);
    }
    State::Headers
}

#[derive(Clone, Copy)]
enum State {
    Outside,
    Headers,
    /// Behind an empty line: headers or the body may follow. Since which byte.
    Gap(usize),
    /// Since which byte.
    Body(usize),
}

/// Headers of one word.
fn is_common(name: &str) -> bool {
    let common =
        ["accept", "authorization", "connection", "date", "expect", "host", "location", "server"];
    common.contains(&name.to_ascii_lowercase().as_str())
}

fn close(messages: &mut [Message], code: &Located, state: State, end: usize) {
    let start = match state {
        State::Body(start) | State::Gap(start) => start,
        State::Outside | State::Headers => return,
    };
    if let Some(message) = messages.last_mut() {
        let body = &code.text[start.min(end)..end];
        let from = start + body.len() - body.trim_start().len();
        let to = start + body.trim_end().len();
        if to > from {
            message.body = Some(code.part(from, to));
        }
    }
}

/// `PUT https://... HTTP/1.1` or `HTTP/1.1 200 OK`.
fn start_line(line: &str) -> Option<Start> {
    // A sign before it is a slip of the keyboard.
    let line = line.trim_start_matches(['`', '>', '*', '\u{200b}', '\u{feff}']);
    let (word, rest) = line.split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    // Some forget the version.
    let is_bare =
        word.eq_ignore_ascii_case("http") && rest.starts_with(|c: char| c.is_ascii_digit());
    if is_version(word) || is_bare {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let is_status = rest.is_empty() && !is_bare || digits.len() == 3;
        return is_status.then(|| Start::Response(digits.parse().ok()));
    }
    let method = method(word.trim_matches('*'))?;
    let lower = rest.get(..4).unwrap_or_default().to_ascii_lowercase();
    let is_address =
        rest.starts_with(['/', '{', '[', '<']) && rest.contains('/') || lower == "http";
    is_address.then(|| Start::Request { method, address: rest.to_owned() })
}

/// `Name: value`.
pub(crate) fn header(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_end();
    let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(is_token)
        && !value.starts_with("//");
    is_name.then_some((name, value.trim()))
}

/// `HTTP/1.1`, or what begins with it.
fn is_version(text: &str) -> bool {
    text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("http/"))
}

/// Whether a line goes on with the address of the line before.
fn continues(line: &str) -> bool {
    line.starts_with(['/', '?', '&', '='])
        || is_version(line)
        || line.starts_with('{') && line.contains("}/")
        || line.starts_with('<') && line.contains(">/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let mut code = Located::default();
        code.push(text, 0);
        let shown = read(&code).into_iter().map(|message| {
            let names: Vec<_> = message.headers.iter().map(|(name, ..)| name.as_str()).collect();
            let body = message.body.map(|body| body.text.replace('\n', "|"));
            let start = match message.start {
                Start::Request { method, address } => format!("{method} {address}"),
                Start::Response(status) => format!("{}", status.unwrap_or_default()),
            };
            format!("{start} [{}] {}", names.join(","), body.unwrap_or_default())
        });
        shown.collect()
    }

    #[test]
    fn messages_are_read_in_their_historical_forms() {
        assert_eq!(
            shown("PUT https://a.example/v1/x HTTP/1.1\nAccept: a\nX-Y: b:c\n\n{\n \"a\": 1\n}\n"),
            ["PUT https://a.example/v1/x HTTP/1.1 [Accept,X-Y] {| \"a\": 1|}"]
        );
        assert_eq!(
            shown("patch {baseURL}/v1/x\nAccept: a\n{ \"a\": 1 }"),
            ["PATCH {baseURL}/v1/x [Accept] { \"a\": 1 }"]
        );
        assert_eq!(
            shown("GET https://a.example/v1/customers/<id>\n/users/{user} HTTP/1.1\nHost: a\n"),
            ["GET https://a.example/v1/customers/<id>/users/{user} HTTP/1.1 [Host] "]
        );
        assert_eq!(
            shown("GET /v1/x HTTP/1.1\n\nHost: a\n\nHTTP/1.1 200 OK\nDate: x\n\n{}\n"),
            ["GET /v1/x HTTP/1.1 [Host] ", "200 [Date] {}"]
        );
        assert_eq!(shown("HTTP/1.1 204 No Content\nDate: x"), ["204 [Date] "]);
        assert_eq!(shown("HTTP 200 OK\nDate: x\n\n{}"), ["200 [Date] {}"]);
        assert!(shown("HTTP 2.0 is new\n").is_empty() && shown("HTTP is old").is_empty());
        assert_eq!(
            shown("`HTTP/1.1 200 OK\nDate: x\n\n\nMS-CV: y\n\nHost: z\n\n{\"a\": 1}\n"),
            ["200 [Date,MS-CV,Host] {\"a\": 1}"]
        );
        assert_eq!(shown("HTTP/1.1 200 OK\nDate: x\n\na: b\n"), ["200 [Date] a: b"]);
        assert!(shown("// Get the profile\nvar x = partner.Get();\n").is_empty());
        assert!(shown("get the profile: of\nput it back").is_empty());
    }
}
