//! Blocks of code: requests, responses, and JSON on its own.

use super::Reading;
use crate::fact::{Kind, Shown, Side};
use crate::http::{self, Message, Start};
use crate::json::{self, Repair};
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
        if FOREIGN.contains(&language) {
            return;
        }
        let commands = curl::read(text);
        if !commands.is_empty() {
            for message in commands {
                self.message(message, Shown::Curl);
            }
            return;
        }
        let messages = http::read(text);
        if !messages.is_empty() {
            for message in messages {
                self.message(message, Shown::Request);
            }
            return;
        }
        if self.group > 0 && looks_like_json(&text.text) {
            let side = self.side_of_json();
            self.body(text, side, None, false);
        }
    }

    fn message(&mut self, message: Message, shown: Shown) {
        let (side, status) = match message.start {
            Start::Request { method, address } => {
                let Some(target) = target::target(&address, self.servers) else {
                    return;
                };
                self.open();
                self.operation(method, target, message.span, shown);
                (Side::Request, None)
            }
            Start::Response(status) => {
                self.has_response = true;
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
        if let Some(body) = message.body.filter(|body| looks_like_json(&body.text)) {
            self.body(&body, side, status, message.pieces);
        }
    }

    fn body(&mut self, text: &Located, side: Side, status: Option<u16>, pieces: bool) {
        match side {
            Side::Request => self.has_body = true,
            Side::Response => self.has_response = true,
        }
        match json::read(text) {
            Ok((json, mut repairs)) => {
                let span = json.span;
                if pieces {
                    repairs.insert(0, (Repair::DataPieces, span));
                }
                self.add(span, Kind::Sample { side, status, error: false, json });
                for (repair, span) in repairs {
                    self.add(span, Kind::Repair { repair, side });
                }
            }
            Err((span, reason)) => self.add(span, Kind::Unreadable { side: Some(side), reason }),
        }
    }

    /// Which way JSON travels that stands alone: back, once the request is complete.
    fn side_of_json(&self) -> Side {
        let says = |word: &str| self.section.contains(word);
        let sends = matches!(self.method, "POST" | "PUT" | "PATCH");
        if self.has_response || !sends || says("response") || says("returns") {
            Side::Response
        } else if says("request") || says("body") || !self.has_body {
            Side::Request
        } else {
            Side::Response
        }
    }
}

fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with(['{', '[']) && text.len() > 1
}
