//! The way of one attempt through the hooks.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::header::SET_COOKIE;
use http::{Extensions, HeaderMap, Response, StatusCode};
use reqwest::Url;

use super::Call;
use super::hook::{Attempt, Hook, Outcome};
use super::time_limit::{late, within};
use crate::error::ErrorKind;
use crate::redact::Redactor;
use crate::{Clock, Error, Secret};

/// One attempt, and how far it has come on its way through the hooks.
pub(super) struct Visit<'a> {
    hooks: &'a [Arc<dyn Hook>],
    attempt: Attempt,
    /// How many hooks have let it go on.
    passed: usize,
    /// What a hook has responded with.
    given: Option<Response<Bytes>>,
    /// Whether a hook has ended it.
    is_ended: bool,
    /// The response, where one came whole.
    came: OnceLock<Response<Bytes>>,
}

impl<'a> Visit<'a> {
    /// None where there are no hooks. Boxed, as its futures are: without hooks a call isn't made larger by it.
    pub(super) fn of(
        call: &'a Call,
        url: &Url,
        number: u32,
        headers: impl FnOnce() -> HeaderMap,
    ) -> Option<Box<Self>> {
        let hooks = &call.layer.0.hooks;
        let visit = || Self {
            hooks,
            attempt: Attempt {
                vendor: call.layer.0.vendor,
                slots: call.layer.0.credential.slots(),
                operation: call.operation.name,
                template: call.operation.path,
                request_id: call.request_id,
                correlation_id: call.correlation_id,
                number,
                method: call.operation.method.clone(),
                url: url.clone(),
                headers: headers(),
                body: call.body.clone().unwrap_or_default(),
                secrets: Vec::new(),
                extensions: Extensions::new(),
            },
            passed: 0,
            given: None,
            is_ended: false,
            came: OnceLock::new(),
        };
        (!hooks.is_empty()).then(|| Box::new(visit()))
    }

    /// Lets every hook see the request, for `limit` at most; what is left of it.
    pub(super) async fn begin(
        &mut self,
        clock: &dyn Clock,
        limit: Duration,
    ) -> Result<Duration, Error> {
        let start = clock.now();
        self.is_ended = true;
        let ended = within(clock, || limit, async {
            for hook in self.hooks {
                if let Some(response) = hook.on_request(&mut self.attempt).await? {
                    self.given = Some(response);
                    return Ok(true);
                }
                self.passed += 1;
            }
            Ok(false)
        });
        self.is_ended = ended.await.ok_or_else(cut_off)?.map_err(of_hook)?;
        if self.is_ended {
            return Ok(limit);
        }
        let left = limit.saturating_sub(clock.now().saturating_duration_since(start));
        if left.is_zero() { Err(late("in a hook")) } else { Ok(left) }
    }

    /// Whether a hook has ended the attempt, so that nothing is sent.
    pub(super) fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// What a hook has responded with.
    pub(super) fn given(&self) -> Option<&Response<Bytes>> {
        self.given.as_ref()
    }

    /// The headers, with those that hooks have added.
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.attempt.headers
    }

    /// What the values of added headers may have of secrets.
    pub(super) fn secrets(&self) -> &[Secret] {
        &self.attempt.secrets
    }

    /// A response came whole.
    pub(super) fn came(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &Bytes,
        redactor: &Redactor,
    ) {
        let mut headers = headers.clone();
        for (name, value) in &mut headers {
            if *name == SET_COOKIE || redactor.header(value).is_some() {
                value.set_sensitive(true);
            }
        }
        let mut response = Response::new(body.clone());
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        self.came.set(response).ok();
    }

    /// Lets the hooks see what became of the attempt, the last one first.
    pub(super) async fn end(self: Box<Self>, error: Option<Error>, duration: Duration) {
        let outcome = Outcome {
            response: self.came.into_inner(),
            error,
            duration,
            is_from_hook: self.is_ended,
        };
        for hook in self.hooks[..self.passed].iter().rev() {
            hook.on_response(&self.attempt, &outcome).await;
        }
    }
}

/// A hook may send something by itself, so nobody knows.
fn cut_off() -> Error {
    Error::new(ErrorKind::Timeout, "the time limit ran out in a hook, before the request was sent")
}

/// Nothing was sent, since a hook has refused it.
fn of_hook(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => *error,
        Err(error) => {
            let reason = "a hook refused the attempt, so it sent nothing";
            Error::new(ErrorKind::Hook, reason).with_source(error)
        }
    }
}
