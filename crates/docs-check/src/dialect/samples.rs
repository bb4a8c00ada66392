//! Blocks of code: requests, responses, and JSON on its own.

use letterhead_document::Span;

use super::Reading;
use super::section::Role;
use crate::fact::{Kind, Shown, Side};
use crate::http::{self, Message, Start};
use crate::json::{self, Parsed, Repair, Sample};
use crate::languages::topic;
use crate::located::Located;
use crate::{curl, target};

/// Languages that no request is written in. `http`, `rest`, `bash` and the like are not among them.
const FOREIGN: [&str; 24] = [
    "c#",
    "csharp",
    "cs",
    "c",
    "cpp",
    "java",
    "javascript",
    "js",
    "ts",
    "typescript",
    "powershell",
    "ps",
    "python",
    "py",
    "php",
    "ruby",
    "go",
    "golang",
    "sql",
    "xml",
    "html",
    "yaml",
    "kusto",
    "css",
];

impl Reading<'_> {
    pub(super) fn code(&mut self, language: &str, text: &Located) {
        let stray = stray(&text.text);
        let whole = &text.part(stray, text.text.len());
        let is_foreign = FOREIGN.contains(&language);
        let is_json = starts_json(&whole.text);
        // The label of a block is wrong at times; what it holds is not.
        if is_foreign && !is_data(&whole.text) && !http::starts(&whole.text) {
            return;
        }
        let commands = if is_foreign { Vec::new() } else { curl::read(text) };
        if !commands.is_empty() {
            for message in commands {
                self.message(message, Shown::Curl);
            }
            return;
        }
        // A request whose address isn't shown: what follows is about an operation that nobody knows.
        if !is_foreign && curl::starts(&whole.text) {
            self.open();
            return;
        }
        let messages = http::read(whole);
        if !messages.is_empty() {
            let before =
                messages.iter().any(|message| matches!(message.start, Start::Request { .. }));
            for message in messages {
                self.misplaced(&message, before);
                self.message(message, Shown::Request);
            }
            return;
        }
        // Under its own label a sample may stand above the address.
        let is_labelled = matches!(self.role(), Role::Example(Some(_)) | Role::Body(_));
        if (self.group > 0 || is_labelled)
            && !self.is_event()
            && (is_json || json::is_fragment(&whole.text))
        {
            if self.is_elsewhere {
                self.open();
            }
            let parsed = json::read(whole);
            let side = self.side_of_json(&parsed);
            let dropped = (stray > 0).then(|| (Repair::StrayCharacter, text.span(0, stray)));
            self.body(parsed, whole, (side, None), dropped);
        }
    }

    /// Whether the section shows what the vendor sends by itself, which is no operation's.
    fn is_event(&self) -> bool {
        let Some(section) = self.sections.last().filter(|_| !self.has_request_here) else {
            return false;
        };
        let is_open = section.is_part || section.role == Role::Example(None);
        is_open && section.names.iter().any(|name| topic(name).event)
    }

    fn message(&mut self, message: Message, shown: Shown) {
        let (side, status) = match message.start {
            Start::Request { method, address } => {
                self.open();
                // What follows an address that says nothing is about no operation that is known.
                match target::target(&address, &self.known.servers) {
                    Some(target) => self.operation(method, target, message.span, shown),
                    None => self.method = method,
                }
                self.is_complete = shown == Shown::Curl;
                self.has_request_here = true;
                (Side::Request, None)
            }
            Start::Response(status) => {
                self.has_response = true;
                self.has_response_here = true;
                self.preamble = false;
                if let Some(status) = status {
                    self.add(message.span, Kind::Status { status });
                }
                (Side::Response, status)
            }
        };
        for (name, _, span) in message.headers {
            self.add(span, Kind::Header { side, name });
        }
        if let Some(body) = message.body.filter(|body| starts_json(&body.text)) {
            let pieces = message.pieces.then(|| (Repair::DataPieces, body.span(0, 1)));
            self.body(json::read(&body), &body, (side, status), pieces);
        }
    }

    /// Says where a section about responses shows a request, or one about requests nothing but a response.
    fn misplaced(&mut self, message: &Message, has_request: bool) {
        let side = match message.start {
            Start::Request { .. } => Side::Request,
            Start::Response(_) => Side::Response,
        };
        let Role::Example(Some(wanted)) = self.role() else {
            return;
        };
        let is_alone = match side {
            // Behind the response it is the next request.
            Side::Request => self.group > 0 && !self.has_request_here && !self.has_response_here,
            Side::Response => self.group > 0 && !has_request && !self.has_request_here,
        };
        if side != wanted && is_alone {
            self.add(message.span, Kind::Misplaced { side });
        }
    }

    fn body(
        &mut self,
        parsed: Parsed,
        text: &Located,
        (side, status): (Side, Option<u16>),
        first: Option<(Repair, Span)>,
    ) {
        match side {
            Side::Request => {
                self.has_body = true;
                self.has_body_here = true;
            }
            Side::Response => {
                self.has_response = true;
                self.has_response_here = true;
            }
        }
        let error =
            side == Side::Response && status.map_or_else(|| self.is_error(&parsed), |it| it >= 400);
        let is_broken = parsed.broken.is_some();
        if let Some(json) = parsed.node.filter(|json| !is_broken || json.has_members()) {
            let first = first.map(|(repair, _)| match repair {
                Repair::DataPieces => (repair, json.span),
                _ => (repair, text.span(0, 1)),
            });
            self.add(json.span, Kind::Sample { side, status, error, json });
            for (repair, span) in first.into_iter().chain(parsed.repairs) {
                self.add(span, Kind::Repair { repair, side });
            }
        }
        if let Some((span, reason)) = parsed.broken {
            self.add(span, Kind::Unreadable { side: Some(side), reason });
        }
    }

    /// Whether a body without a status tells an error: by its members, or by fewer of them where the page says so.
    fn is_error(&self, parsed: &Parsed) -> bool {
        let names =
            self.sections.last().map(|section| section.names.as_slice()).unwrap_or_default();
        let is_said = || topic(&self.said).error || names.iter().any(|name| topic(name).error);
        tells_error(parsed) || may_tell_error(parsed) && is_said()
    }

    /// Which way JSON travels that stands alone: by a label that nothing has used up, by the sentence before it, and
    /// back once the request is complete.
    fn side_of_json(&self, parsed: &Parsed) -> Side {
        let sends = matches!(self.method, "POST" | "PUT" | "PATCH");
        let said = topic(&self.said);
        let label = self.role().side();
        let is_used = self.has_request_here || self.has_body_here;
        if let Some(side) = label.filter(|_| !is_used) {
            return side;
        }
        if said.response || said.returns || said.error {
            return Side::Response;
        }
        if said.body || said.request && sends {
            return Side::Request;
        }
        // One label may stand above several bodies.
        let goes_on = !self.has_request_here && !self.has_response_here;
        if let Some(side) = label.filter(|_| goes_on) {
            return side;
        }
        let is_done = self.has_response || self.has_body || self.is_complete;
        if label == Some(Side::Response) || is_done || !sends || self.is_error(parsed) {
            Side::Response
        } else {
            Side::Request
        }
    }
}

/// Whether a body has the code and the text of an error.
fn tells_error(parsed: &Parsed) -> bool {
    const TEXTS: [&str; 5] =
        ["message", "errormessage", "error_description", "errors", "error_message"];
    has_any(parsed, &["code", "errorcode", "error_code", "error"]) && has_any(parsed, &TEXTS)
}

/// Whether a body has what errors have, and other things have as well.
fn may_tell_error(parsed: &Parsed) -> bool {
    const NAMES: [&str; 12] = [
        "code",
        "errorcode",
        "error_code",
        "error",
        "errors",
        "message",
        "errormessage",
        "error_message",
        "error_description",
        "exception",
        "fault",
        "detail",
    ];
    has_any(parsed, &NAMES)
}

/// Whether a small body has a member of one of these names.
fn has_any(parsed: &Parsed, names: &[&str]) -> bool {
    let Some(Sample::Object { members, .. }) = parsed.node.as_ref().map(|node| &node.value) else {
        return false;
    };
    let is_one = |name: &str| names.contains(&name.to_ascii_lowercase().as_str());
    members.len() <= 8 && members.iter().any(|(name, ..)| is_one(name))
}

/// Up to where a sample has a character before it that doesn't belong to it.
fn stray(text: &str) -> usize {
    let start = text.len() - text.trim_start().len();
    let line = text[start..].lines().next().unwrap_or_default().trim_end();
    let signs =
        ['`', '´', '>', '*', '.', ',', ':', ';', '^', '~', '=', '\\', '|', '\u{200b}', '\u{feff}'];
    let rest = line.trim_start_matches(signs);
    let cut = line.len() - rest.len();
    if cut == 0 {
        // A letter before the brace of a line of its own, or on the line before.
        let mut letters = line.chars();
        let first = letters.next().map_or(0, char::len_utf8);
        let is_brace = |text: &str| matches!(text, "{" | "[");
        let behind = text[start + line.len()..].trim_start();
        let before_brace = line.len() == first && behind.starts_with(['{', '[']) && !is_brace(line);
        let is_stray = is_brace(letters.as_str()) && !line.starts_with(['{', '[', '"', '$']);
        return if is_stray || before_brace { start + first } else { 0 };
    }
    let is_sample = rest.starts_with(['{', '[']) || http::starts(rest);
    if is_sample && cut <= 3 { start + cut } else { 0 }
}

fn starts_json(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with(['{', '[']) && text.len() > 1
}

/// Whether it is JSON and no code in another language: `[Attribute]`, `{ get; }`.
fn is_data(text: &str) -> bool {
    let text = text.trim_start();
    let inside = text.strip_prefix(['{', '[']).map(str::trim_start);
    inside.is_some_and(|inside| inside.starts_with(['"', '{', '}', '[', ']', '/']))
}
