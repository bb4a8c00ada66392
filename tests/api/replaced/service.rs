//! A service of two profiles, of which one has an ETag, that lets requests go wrong.

use std::collections::VecDeque;

use serde_json::{Value, json};
use tokio::sync::Notify;

use super::server::Response;
use crate::support::server::Request;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fate {
    Fine,
    /// The connection ends before or after it was acted on.
    Lost {
        is_made: bool,
    },
    BadGateway {
        is_made: bool,
    },
    Unavailable,
    Throttled,
    /// A 200 that is no resource.
    Nothing {
        is_made: bool,
    },
    /// A 200 with an error in it.
    ErrorObject {
        code: u32,
    },
    /// A resource without its ETag.
    NoEtag,
    Conflict,
    /// The client ends, and another one starts.
    Crash {
        is_made: bool,
    },
}

/// A request's fate, and whether someone else writes before the next one comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    pub(crate) fate: Fate,
    pub(crate) is_overtaken: bool,
}

/// The service: two profiles, and what is to become of the next requests.
#[derive(Default)]
pub(crate) struct Service {
    pub(crate) organization: Value,
    pub(crate) support: Value,
    pub(crate) turns: VecDeque<Turn>,
    /// What someone else has appended.
    pub(crate) appended: Vec<String>,
    /// How often someone else has set a member.
    pub(crate) set: usize,
    etag: u32,
}

const SUPPORT: &str = "/v1/profiles/support";
/// A member for each of the writers, and the last for someone else.
pub(crate) const MEMBERS: [&str; 3] = ["email", "telephone", "website"];

impl Service {
    pub(crate) fn new() -> Self {
        Self {
            organization: json!({"companyName": "", "email": "a@b.example", "tier": ["gold", null]}),
            support: json!({"email": "", "telephone": "", "website": "0", "tier": {"since": 1.0}}),
            ..Self::default()
        }
    }

    pub(crate) fn respond(&mut self, request: &Request, crash: &Notify) -> Response {
        let turn = self.turns.pop_front();
        let turn = turn.unwrap_or(Turn { fate: Fate::Fine, is_overtaken: false });
        let response = self.act(request, turn.fate, crash);
        let has_etag = request.target() != SUPPORT;
        let is_read = request.method() == "GET" && matches!(turn.fate, Fate::Fine | Fate::NoEtag);
        if turn.is_overtaken && has_etag {
            let words = self.organization["companyName"].as_str().unwrap();
            let word = format!("<other {}>", self.appended.len());
            self.organization["companyName"] = format!("{words}{word}").into();
            self.appended.push(word);
            self.etag += 1;
        } else if turn.is_overtaken && !is_read {
            // Nothing guards a resource without an ETag between a read and the write right after it.
            self.set += 1;
            self.support[MEMBERS[2]] = self.set.to_string().into();
        }
        response
    }

    fn act(&mut self, request: &Request, fate: Fate, crash: &Notify) -> Response {
        let is_put = request.method() == "PUT";
        let made = match fate {
            Fate::Fine | Fate::NoEtag => true,
            Fate::Lost { is_made }
            | Fate::BadGateway { is_made }
            | Fate::Nothing { is_made }
            | Fate::Crash { is_made } => is_made,
            _ => false,
        };
        if is_put && made && !self.write(request) {
            return match fate {
                Fate::Lost { .. } => Response::close(),
                _ => Response::json(400, &json!({"code": 2055, "description": "Stale."})),
            };
        }
        match fate {
            Fate::Fine => Response::json(200, &self.profile(request)),
            Fate::NoEtag => {
                let mut profile = self.profile(request);
                profile["attributes"] = json!({"objectType": "OrganizationProfile"});
                Response::json(200, &profile)
            }
            Fate::Lost { .. } => Response::close(),
            Fate::BadGateway { .. } => Response::text(502, "text/html", "<html>"),
            Fate::Nothing { .. } => Response::json(200, &json!({})),
            Fate::Unavailable => Response::with(503, "retry-after: 1\r\n", ""),
            Fate::Throttled => Response::with(429, "retry-after: 1\r\n", ""),
            Fate::ErrorObject { code: 503 } => {
                Response::json(200, &json!({"statusCode": 503, "message": "?"}))
            }
            Fate::ErrorObject { code } => {
                Response::json(200, &json!({"code": code, "description": "?"}))
            }
            Fate::Conflict if is_put => Response::json(409, &json!({"code": 409})),
            Fate::Conflict => Response::json(404, &json!({"code": 1000})),
            Fate::Crash { .. } => {
                crash.notify_one();
                Response::hang()
            }
        }
    }

    /// Whether a write was made.
    fn write(&mut self, request: &Request) -> bool {
        let sent = request.json();
        if request.target() == SUPPORT {
            self.support = sent;
        } else {
            let etag = &sent["attributes"]["etag"];
            // As at the vendor, a write without an ETag is one without a condition.
            if !etag.is_null() && *etag != *self.etag.to_string() {
                return false;
            }
            self.etag += 1;
            self.organization = sent;
        }
        true
    }

    fn profile(&self, request: &Request) -> Value {
        if request.target() == SUPPORT {
            return self.support.clone();
        }
        let mut profile = self.organization.clone();
        profile["attributes"] = json!({"etag": self.etag.to_string()});
        profile
    }
}
