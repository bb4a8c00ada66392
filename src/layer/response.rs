//! What came back: a value, or an error that shows no secret.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use reqwest::Url;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::{Proof, Vendor};
use crate::auth_headers::Headers;
use crate::body::{self, Broken, without_bom};
use crate::download::Fault;
use crate::error::{Category, DecodeError, ErrorBody, ErrorKind, KEPT_BODY, ends_early};
use crate::head::Head;
use crate::redact::{Redactor, Spellings};
use crate::reply::Meta;
use crate::wait::{clock_skew, retry_after};
use crate::{Clock, CorrelationId, Download, Error, Reply, RequestId, Secret};

/// The largest body of a success that is read, in bytes.
pub(super) const LARGEST_BODY: usize = 32 * 1024 * 1024;
/// The same for a failure: as JSON of any shape it takes many times its size in memory.
pub(super) const LARGEST_ERROR_BODY: usize = 1024 * 1024;

/// The most of a content type that is shown, in bytes; it is ASCII.
const SHOWN_TYPE: usize = 100;

/// What an error about a call says about it, and what it must not say.
pub(super) struct Context<'a> {
    pub(super) operation: &'static str,
    pub(super) url: &'a Url,
    pub(super) request_id: RequestId,
    pub(super) correlation_id: CorrelationId,
    pub(super) vendor: &'static Vendor,
    pub(super) clock: &'a dyn Clock,
    /// The secrets of the call, and those of the attempt.
    pub(super) secrets: [&'a [Secret]; 2],
    pub(super) credential: &'a Headers,
    pub(super) proof: Option<Proof>,
    /// Whether a reply keeps its body.
    pub(super) keep_body: bool,
}

impl Context<'_> {
    pub(super) fn fault(&self, error: Error) -> Error {
        error.in_call(self.operation, self.request_id, self.correlation_id)
    }

    /// The error for a response that is a failure, as far as it came.
    pub(super) fn error_response(&self, head: Head, body: &[u8], broken: Option<Broken>) -> Error {
        let status = head.status;
        let mut error_body = (self.vendor.error_body)(status, &head.headers, without_bom(body));
        // What a 400 means stands in its body: a conflict, for one.
        if status == StatusCode::BAD_REQUEST && is_cut(body, broken.as_ref()) {
            error_body.category = Category::Garbled;
        }
        let name = self.vendor.name;
        let reason = if status.is_redirection() {
            format!("{name} responded with {status}, and redirects aren't followed")
        } else if status.is_success() {
            format!("{name} responded with {status} and a failure in it")
        } else {
            format!("{name} responded with {status}")
        };
        let mut error = Error::new(ErrorKind::Refused, reason);
        if let Some(Broken::Cut(source)) = broken {
            error = error.with_source(source);
        }
        let now = self.clock.system_time();
        let wait = match error_body.category {
            Category::Throttled => {
                retry_after(&head.headers, Some(now)).or(self.vendor.throttled_for)
            }
            Category::Server | Category::UpstreamTimeout | Category::Timeout => {
                retry_after(&head.headers, Some(now))
            }
            // Whatever the vendor asks for, waiting doesn't help.
            _ => None,
        };
        let skew = (error_body.category == Category::Unauthorized)
            .then(|| clock_skew(&head.headers, now))
            .flatten();
        let encoding = self.encoding(&head);
        let error = self.with_response(error, head, error_body, body).with_retry_after(wait);
        match skew {
            Some(skew) => error.with_hint(format!(
                "this machine's clock is {} minutes off the vendor's",
                skew.as_secs() / 60
            )),
            None => match encoding {
                Some(encoding) => error.with_hint(format!("its body has the {encoding}")),
                None => error,
            },
        }
    }

    /// The content encoding of a body, which no request asks for, so that nothing decodes it.
    fn encoding(&self, head: &Head) -> Option<String> {
        let encoding = head.headers.get(CONTENT_ENCODING)?.to_str().ok()?;
        let encoding = self.redactor().text(encoding.to_owned());
        let encoding = encoding.get(..SHOWN_TYPE).unwrap_or(&encoding);
        (!encoding.eq_ignore_ascii_case("identity")).then(|| {
            format!("content encoding `{encoding}`, which was not asked for and isn't decoded")
        })
    }

    /// The error for a response of success that broke off.
    pub(super) fn broken(&self, head: Head, body: &[u8], broken: Broken) -> Error {
        let (name, status) = (self.vendor.name, head.status);
        let error = match broken {
            Broken::TooLarge => Error::new(
                ErrorKind::Decode,
                format!("{name} responded with {status} and more than {LARGEST_BODY} bytes"),
            ),
            Broken::Cut(error) => {
                let kind =
                    if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Transport };
                let reason = format!("{name} responded with {status}, and the body broke off");
                Error::new(kind, reason).with_source(error)
            }
        };
        self.with_response(error, head, ErrorBody::unread(status), body)
    }

    /// Adds what came back to an error, without the secrets that the vendor may have sent back.
    pub(super) fn with_response(
        &self,
        error: Error,
        mut head: Head,
        error_body: ErrorBody,
        body: &[u8],
    ) -> Error {
        let redactor = self.redactor();
        redactor.headers(&mut head.headers);
        head.trace_id = head.headers.get(&self.vendor.trace_id).cloned();
        let error_body = redactor.error_body(error_body);
        let body = redactor.body(body, KEPT_BODY);
        self.fault(error).with_response(head, error_body, body)
    }

    /// The vendor's own id of a call that succeeded, which goes into logs: without the secrets that the
    /// vendor may have sent back.
    pub(super) fn clean_id(&self, id: &HeaderValue) -> HeaderValue {
        // Spelling a secret takes its length at least, and few ids have that.
        let of_call = self.secrets.into_iter().flatten().map(|secret| secret.expose().len());
        let mut lengths = self.credential.secrets().map(<[u8]>::len).chain(of_call);
        let is_long = lengths.any(|length| length <= id.len());
        let clean = is_long.then(|| self.redactor().header(id)).flatten();
        clean.unwrap_or_else(|| id.clone())
    }

    pub(super) fn redactor(&self) -> Redactor {
        let mut all = vec![self.credential.spellings()];
        if self.secrets.into_iter().any(|secrets| !secrets.is_empty()) {
            let secrets = self.secrets.into_iter().flatten().map(Secret::expose);
            all.push(Arc::new(Spellings::of(secrets)));
        }
        Redactor(all)
    }
}

/// Whether a body broke off on its way.
fn is_cut(body: &[u8], broken: Option<&Broken>) -> bool {
    match broken {
        Some(Broken::Cut(_)) => true,
        Some(Broken::TooLarge) => false,
        None => ends_early(without_bom(body)),
    }
}

/// A response of success whose body isn't decoded yet.
pub(crate) struct Response<'a> {
    pub(super) head: Head,
    pub(super) body: Bytes,
    /// What is still to be read of it, for a download.
    #[allow(dead_code, reason = "for documents of other vendors")]
    pub(super) rest: Option<reqwest::Response>,
    pub(super) context: Context<'a>,
}

impl Response<'_> {
    #[allow(dead_code, reason = "for documents of other vendors")]
    pub(crate) fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The bytes, which the caller reads.
    #[allow(dead_code, reason = "for documents of other vendors")]
    pub(super) fn download(mut self) -> Reply<Download> {
        let content_type = self.head.headers.get(CONTENT_TYPE);
        let content_type = content_type.and_then(|it| it.to_str().ok()).map(str::to_owned);
        let (operation, vendor) = (self.context.operation, self.context.vendor.name);
        let ids = (self.context.request_id, self.context.correlation_id);
        let fault: Fault = Box::new(move |kind, reason| {
            Error::new(kind, format!("{vendor}'s response: {reason}"))
                .in_call(operation, ids.0, ids.1)
        });
        let download = match self.rest.take() {
            Some(rest) => {
                // Its body is the caller's to read.
                self.context.keep_body = false;
                Download::coming(rest, content_type, fault)
            }
            None => Download::whole(self.body.clone(), content_type, fault),
        };
        Reply::new(download, self.into_meta())
    }

    pub(crate) fn decode<T: DeserializeOwned>(self) -> Result<Reply<T>, Error> {
        // No body is what null is for a value that may be absent.
        let json = match without_bom(&self.body) {
            b"" => b"null",
            json => json,
        };
        match body::decode(json) {
            Some(value) => self.proved(value),
            None => self.decode_slowly(),
        }
    }

    /// For a response that promises no body: what comes all the same has to be JSON, or it came from
    /// somebody else.
    pub(crate) fn without_value(self) -> Result<Reply<()>, Error> {
        let json = without_bom(&self.body);
        if json.is_empty() {
            return self.proved(());
        }
        Ok(self.decode::<IgnoredAny>()?.map(|_| ()))
    }

    /// The reply, where the response shows what the call asks of it.
    fn proved<T>(self, value: T) -> Result<Reply<T>, Error> {
        let (vendor, status) = (self.context.vendor.name, self.head.status);
        let proof =
            self.context.proof.map_or(Ok(()), |proof| proof(status, without_bom(&self.body)));
        let Err(why) = proof else {
            return Ok(Reply::new(value, self.into_meta()));
        };
        let reason =
            format!("{vendor}'s response {status} doesn't prove to be the resource: {why}");
        let error = Error::new(ErrorKind::Decode, reason);
        let error_body = ErrorBody::unread(status);
        Err(self.context.with_response(error, self.head, error_body, &self.body))
    }

    pub(super) fn into_meta(self) -> Meta {
        Meta {
            head: self.head,
            operation: self.context.operation,
            request_id: self.context.request_id,
            correlation_id: self.context.correlation_id,
            body: self.context.keep_body.then_some(self.body),
            undecoded: Vec::new(),
            next_link: Ok(None),
            mark: Ok(None),
        }
    }

    /// Decodes once more, this time with numbers as text, or with the way to the fault.
    pub(super) fn decode_slowly<T: DeserializeOwned>(self) -> Result<Reply<T>, Error> {
        let json = without_bom(&self.body);
        let redactor = self.context.redactor();
        match DecodeError::or_numbers(json, |path| redactor.text(path)) {
            Ok(value) => self.proved(value),
            Err(fault) => Err(self.mismatch(fault)),
        }
    }

    /// The error for a body that isn't what the document promises.
    pub(super) fn mismatch(self, fault: DecodeError) -> Error {
        let json = without_bom(&self.body);
        let (vendor, status) = (self.context.vendor.name, self.head.status);
        let redactor = self.context.redactor();
        let reason = if json.is_empty() {
            format!("{vendor} responded with {status} without the body that the document promises")
        } else {
            let content_type = self
                .head
                .headers
                .get(CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .unwrap_or("unknown");
            let content_type = redactor.text(content_type.to_owned());
            let content_type = content_type.get(..SHOWN_TYPE).unwrap_or(&content_type);
            let encoding = self.context.encoding(&self.head);
            let encoding = encoding.map_or_else(String::new, |it| format!(", its {it}"));
            format!(
                "{vendor} responded with {status} and a body that isn't what the document promises: {fault} \
                 (its content type is `{content_type}`{encoding})"
            )
        };
        let error = Error::new(ErrorKind::Decode, reason).with_source(fault);
        let error_body = ErrorBody::unread(status);
        self.context.with_response(error, self.head, error_body, &self.body)
    }
}
