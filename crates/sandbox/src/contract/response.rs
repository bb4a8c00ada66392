//! What a response may be.

use std::sync::OnceLock;

use http::header::{CONTENT_TYPE, SERVER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName};
use jsonschema::Validator;

use super::members::{Brought, undeclared};
use super::value::{Spelled, flaw, is_json, validator};
use crate::refusal::Flaw;
use crate::response::Response;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Headers that are HTTP's own, so that no document has to declare them.
const UNDECLARED: [HeaderName; 2] = [CONTENT_TYPE, SERVER];

/// What the document declares for one status.
pub(super) struct Declared {
    declared: letterhead_document::Response<'static>,
    /// Made when it is needed first: there are many responses, and few of them are ever sent.
    made: OnceLock<Made>,
}

struct Made {
    headers: Vec<Header>,
    /// Of the JSON, if there is a body at all.
    body: Option<Validator>,
}

struct Header {
    name: &'static str,
    values: Spelled,
}

impl Header {
    /// The sandbox sends whatever the document has, required or not.
    fn objection(&self, sent: &HeaderMap) -> Option<String> {
        let mut texts = sent.get_all(self.name).iter().map(|it| it.to_str().ok());
        if !sent.contains_key(self.name) {
            return Some(format!("{} is missing", self.name));
        }
        let is_valid = texts.all(|text| text.is_some_and(|text| self.values.has(text)));
        (!is_valid).then(|| format!("{} is not what the header takes", self.name))
    }
}

impl Declared {
    pub(super) fn new(declared: letterhead_document::Response<'static>) -> Self {
        Self { declared, made: OnceLock::new() }
    }

    pub(super) fn objection(&self, reply: &Response, brought: &Brought) -> Option<String> {
        let made = self.made.get_or_init(|| Made {
            headers: self
                .declared
                .headers()
                .filter_map(|(name, schema)| {
                    let values = Spelled::new(schema?);
                    Some(Header { name, values })
                })
                .collect(),
            body: self.declared.schema().map(validator),
        });
        made.objection_to_headers(&reply.headers)
            .or_else(|| self.objection_to_body(made, reply, brought))
    }

    fn objection_to_body(
        &self,
        made: &Made,
        reply: &Response,
        brought: &Brought,
    ) -> Option<String> {
        let body = reply.sent();
        let (Some(validator), Some(schema)) = (&made.body, self.declared.schema()) else {
            return (!body.is_empty()).then(|| "no body is declared".to_owned());
        };
        if body.is_empty() && is_explained(&reply.headers) {
            return None;
        }
        let declared = reply.headers.get(CONTENT_TYPE);
        if !is_json(declared.and_then(|it| it.to_str().ok())) {
            return Some("it isn't declared as JSON".to_owned());
        }
        // A byte order mark is how Partner Center begins.
        let json = match serde_json::from_slice(body.strip_prefix(BOM).unwrap_or(&body)) {
            Ok(json) => json,
            Err(error) => return Some(error.to_string()),
        };
        if let Some(error) = validator.iter_errors(&json).next() {
            let Flaw { pointer, reason } = flaw(&error);
            return Some(format!("{pointer}: {reason}"));
        }
        let pointer = undeclared(&[schema], &json, brought)?;
        Some(format!("{pointer} is not declared"))
    }
}

/// Whether a gateway has said in a header what is wrong, and so needs no body to say it.
fn is_explained(headers: &HeaderMap) -> bool {
    let challenge = headers.get(WWW_AUTHENTICATE);
    challenge.is_some_and(|it| it.to_str().is_ok_and(|it| it.contains("error=")))
}

impl Made {
    fn objection_to_headers(&self, sent: &HeaderMap) -> Option<String> {
        let is_declared = |name: &HeaderName| {
            let mut declared = self.headers.iter();
            UNDECLARED.contains(name)
                || declared.any(|it| it.name.eq_ignore_ascii_case(name.as_str()))
        };
        if let Some(extra) = sent.keys().find(|name| !is_declared(name)) {
            return Some(format!("{extra} is not declared"));
        }
        let mut headers = self.headers.iter();
        headers.find_map(|header| header.objection(sent))
    }
}
