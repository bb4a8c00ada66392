//! One request to a token endpoint: a form out, a token back.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONNECTION};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::Url;
use serde_json::{Map, Value};
use tracing::{Instrument as _, Span, field};

use crate::body::{Broken, read, without_bom};
use crate::clock::TokioClock;
use crate::error::{ErrorBody, ErrorKind};
use crate::head::Head;
use crate::layer::{is_loopback, json_object, text_of};
use crate::metrics::Request;
use crate::own_headers::is_own;
use crate::redact::{Redactor, Spellings};
use crate::telemetry::Open;
use crate::wait::retry_after;
use crate::{AccessToken, Clock as _, Error, JsonObject, Secret, propagation};

/// The time limit of a request to a token endpoint.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The largest response of a token endpoint that is read, in bytes.
const LARGEST_BODY: usize = 256 * 1024;

/// The longest life that is taken for seconds: 30 days.
const LONGEST_SECONDS: f64 = 2_592_000.0;
/// The longest that is taken for milliseconds: beyond it are dates.
const LONGEST_MILLISECONDS: f64 = 1e9;

/// The way out where a response isn't an identity provider's.
const NOT_THE_PROVIDER: &str = "that isn't the identity provider's JSON; look at the authority and at \
                                proxies";

tokio::task_local! {
    /// How many requests the sign-in of this task has sent.
    static SENT: Arc<AtomicU32>;
}

/// A sign-in, or a part of one in a task of its own: its requests are counted together.
pub(super) fn counted<F: Future>(sign_in: F) -> impl Future<Output = F::Output> {
    SENT.scope(SENT.try_with(Arc::clone).unwrap_or_default(), sign_in)
}

/// A request for a token.
pub(crate) struct Grant<'a> {
    /// The identity provider's name for people.
    pub(crate) provider: &'static str,
    pub(crate) url: &'a Url,
    /// The path of it below the authority, the same for everybody.
    pub(crate) template: &'static str,
    pub(crate) form: &'a [(&'static str, &'a str)],
    /// The secrets in the form, and in the header.
    pub(crate) secrets: Vec<&'a Secret>,
    /// What `Authorization: Basic` has of the application, where the form doesn't have it.
    pub(crate) basic: Option<&'a Secret>,
    /// Reads an error response.
    pub(crate) explain: fn(&TokenError) -> ErrorBody,
}

/// What a token endpoint granted.
pub(crate) struct Granted {
    pub(crate) access: AccessToken,
    /// The replacement of the refresh token that was redeemed.
    pub(crate) refresh: Option<Secret>,
}

/// What a token endpoint said instead: RFC 6749's members and Entra's.
pub(crate) struct TokenError {
    pub(crate) status: StatusCode,
    /// `error`, then `error_codes`, then `suberror`.
    pub(crate) codes: Vec<String>,
    /// The first line of `error_description`.
    pub(crate) message: Option<String>,
}

impl Grant<'_> {
    /// Sends the request, in a span of its own. `read` reads a response of success, or says what it is instead:
    /// [`granted`], unless something else than a token is asked for.
    ///
    /// # Errors
    /// Those of a call, by their kinds.
    pub(crate) async fn request<T>(
        &self,
        http: &reqwest::Client,
        read: fn(Option<&JsonObject>) -> Result<T, &'static str>,
    ) -> Result<T, Error> {
        let method = Method::POST;
        let open = Open::request(
            self.span(),
            Request {
                vendor: self.provider,
                operation: "sign_in",
                method: &method,
                server: self.url,
                template: self.template,
                clock: &TokioClock,
                start: TokioClock.now(),
            },
        );
        let mut status = None;
        let sent = self.send(http, &mut status, read, &open);
        let outcome = sent.instrument(open.span.clone()).await;
        let error = outcome.as_ref().err();
        open.end_with(status, error.and_then(Error::trace_id), error);
        outcome
    }

    fn span(&self) -> Span {
        let resent = SENT.try_with(|sent| sent.fetch_add(1, Ordering::Relaxed)).unwrap_or(0);
        let port = self.url.port_or_known_default();
        tracing::info_span!(
            "letterhead.sign_in_attempt",
            otel.kind = "client",
            otel.name = format_args!("POST {}", self.template),
            otel.status_code = field::Empty,
            otel.status_description = field::Empty,
            http.request.method = "POST",
            http.request.resend_count = (resent > 0).then_some(i64::from(resent)),
            url.template = self.template,
            server.address = self.url.host_str(),
            server.port = port.map(i64::from),
            network.protocol.version = field::Empty,
            http.response.status_code = field::Empty,
            error.type = field::Empty,
            letterhead.vendor = self.provider,
            letterhead.trace_id = field::Empty,
        )
    }

    async fn send<T>(
        &self,
        http: &reqwest::Client,
        received: &mut Option<StatusCode>,
        read_success: fn(Option<&JsonObject>) -> Result<T, &'static str>,
        open: &Open<'_>,
    ) -> Result<T, Error> {
        let name = self.provider;
        let mut trace = HeaderMap::new();
        propagation::inject(&mut trace, is_own);
        if let Some(basic) = self.basic {
            let basic = HeaderValue::try_from(format!("Basic {}", basic.expose()));
            let mut basic = basic
                .map_err(|_| Error::configuration("the client id and the secret can't be sent"))?;
            basic.set_sensitive(true);
            trace.insert(AUTHORIZATION, basic);
        }
        let request = http
            .post(self.url.clone())
            .headers(trace)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            // Tokens are asked for so seldom that a connection isn't worth keeping, and one that is sick would
            // keep the client from its tokens for as long as it lives.
            .header(CONNECTION, HeaderValue::from_static("close"))
            .timeout(TIMEOUT)
            .form(self.form);
        let mut response = request.send().await.map_err(|error| {
            let kind = match () {
                () if error.is_connect() => ErrorKind::Connect,
                () if error.is_timeout() => ErrorKind::Timeout,
                () => ErrorKind::Transport,
            };
            Error::new(kind, format!("no access token: {name} can't be reached"))
                .with_source(error.without_url())
        })?;
        open.record_version(response.version());
        if response.url() != self.url {
            return Err(Error::configuration(format!(
                "the `reqwest::Client` that was given followed a redirect of {name}, and may have taken \
                 secrets along; build it with `redirect::Policy::none()`"
            )));
        }
        let status = response.status();
        *received = Some(status);
        let headers = std::mem::take(response.headers_mut());
        let (body, broken) = read(&mut response, LARGEST_BODY).await;
        let body = without_bom(&body);
        let success = serde_json::from_slice::<JsonObject>(body).ok();
        // Some gateways make a success of every status.
        let is_error = |json: &JsonObject| json.contains("error") && !json.contains("access_token");
        if status.is_success() && !success.as_ref().is_some_and(is_error) {
            // What can't be read may be a token: it isn't kept.
            if let Some(Broken::Cut(error)) = broken {
                let reason = format!("no access token: the response of {name} broke off");
                return Err(Error::new(ErrorKind::Transport, reason).with_source(error));
            }
            return read_success(success.as_ref()).map_err(|what| {
                let what = match broken {
                    Some(_) => format!("more than {LARGEST_BODY} bytes"),
                    None => what.to_owned(),
                };
                let reason = format!("no access token: {name} responded with {status} and {what}");
                Error::new(ErrorKind::Decode, reason).with_hint(NOT_THE_PROVIDER)
            });
        }
        let json = json_object(body);
        let token_error = TokenError::read(status, json.as_ref());
        let is_readable = json.is_some();
        // Tokens that came with an error are as good as those that were sent.
        let tokens = json.iter().flat_map(|json| {
            let tokens = ["access_token", "refresh_token", "id_token"];
            tokens.map(|name| json.get(name).and_then(Value::as_str))
        });
        let secrets = self.secrets.iter().map(|secret| secret.expose());
        let spellings = Spellings::of(secrets.chain(tokens.flatten()));
        let redactor = Redactor(vec![Arc::new(spellings)]);
        let trace_id = json
            .as_ref()
            .and_then(|json| text_of(json.get("correlation_id")?))
            .and_then(|id| HeaderValue::from_str(&redactor.text(id)).ok());
        let error_body = (self.explain)(&token_error);
        let mut head = Head { status, headers, trace_id };
        let wait = retry_after(&head.headers, None);
        redactor.headers(&mut head.headers);
        let error_body = redactor.error_body(error_body);
        let body = redactor.body(body, crate::error::KEPT_BODY);
        let error = Error::new(
            ErrorKind::Refused,
            format!("no access token: {name} responded with {status}"),
        )
        .with_response(head, error_body, body)
        .with_retry_after(wait);
        Err(if is_readable { error } else { error.with_hint(NOT_THE_PROVIDER) })
    }
}

impl TokenError {
    fn read(status: StatusCode, json: Option<&Map<String, Value>>) -> Self {
        let member = |name: &str| json.and_then(|json| json.get(name));
        let text = |name: &str| member(name).and_then(text_of);
        let numbers = member("error_codes").and_then(Value::as_array);
        let mut codes: Vec<String> = text("error").into_iter().collect();
        codes.extend(numbers.into_iter().flatten().filter_map(text_of));
        codes.extend(text("suberror").filter(|code| !code.is_empty()));
        let message = text("error_description");
        let first = message.map(|text| text.lines().next().unwrap_or_default().to_owned());
        Self { status, codes, message: first }
    }

    /// Whether one of the codes is among these.
    pub(crate) fn has(&self, codes: &[&str]) -> bool {
        self.codes.iter().any(|code| codes.contains(&code.as_str()))
    }
}

/// Reads the tokens of a response of success.
///
/// # Errors
/// What it is instead.
pub(crate) fn granted(json: Option<&JsonObject>) -> Result<Granted, &'static str> {
    let text = |name: &str| json?.get::<String>(name)?.ok();
    let token = |name: &str| text(name).filter(|token| !token.is_empty());
    let access = token("access_token").ok_or("something else")?;
    // Any other is shown in another way than in `Authorization: Bearer`. RFC 6749 demands the member, and
    // some leave it out.
    let kind = token("token_type");
    if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err("a token that isn't a bearer token");
    }
    let life = json.and_then(|json| life(json.get_raw("expires_in")?));
    Ok(Granted {
        access: AccessToken::new(access.into(), life),
        refresh: token("refresh_token").map(Secret::from),
    })
}

/// Reads how long a token lives: in seconds, as a number or as text.
///
/// Adobe has sent milliseconds, so what would be more than a month is taken for them; what is more than
/// eleven days even so is none of both. None where it says nothing: a token that ends as it comes is none.
fn life(json: &str) -> Option<Duration> {
    let seconds: f64 = json.trim_matches('"').trim().parse().ok()?;
    let seconds = match seconds {
        ..=LONGEST_SECONDS => seconds.max(0.0),
        ..=LONGEST_MILLISECONDS => seconds / 1000.0,
        _ => return None,
    };
    let life = Duration::try_from_secs_f64(seconds).ok()?;
    (!life.is_zero()).then_some(life)
}

/// Where an application asks for tokens: `path` below `authority`.
///
/// # Errors
/// A client id or a secret that is empty, an authority that can't be right.
pub(crate) fn token_endpoint(
    client_id: &str,
    client_secret: &Secret,
    authority: &str,
    path: &[&str],
) -> Result<Url, Error> {
    check_application(client_id, client_secret)?;
    let mut url = require_https("authority", authority)?;
    url.path_segments_mut()
        .map_err(|()| Error::configuration("the authority can't have a path"))?
        .pop_if_empty()
        .extend(path);
    Ok(url)
}

/// Refuses an application without an id or a secret.
///
/// # Errors
/// Which of them is empty.
pub(super) fn check_application(client_id: &str, client_secret: &Secret) -> Result<(), Error> {
    for (what, value) in [("client id", client_id), ("client secret", client_secret.expose())] {
        if value.trim().is_empty() {
            return Err(Error::configuration(format!("the {what} is empty")));
        }
    }
    Ok(())
}

/// Whether tokens may be asked for at `authority`.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check_authority(authority: &str) -> Result<(), Error> {
    require_https("authority", authority).map(drop)
}

/// Refuses an address that would show a secret to the network.
///
/// # Errors
/// The address can't be read, is plain http to another machine, or holds what isn't an address's.
pub(super) fn require_https(what: &str, url: &str) -> Result<Url, Error> {
    let parsed = Url::parse(url.trim()).map_err(|error| {
        let reason = format!("the {what} isn't a URL; it looks like `https://login.example.com`");
        Error::configuration(reason).with_source(error)
    })?;
    if parsed.scheme() != "https" && !(parsed.scheme() == "http" && is_loopback(&parsed)) {
        return Err(Error::configuration(format!(
            "the {what} has another scheme than `https`; secrets are sent over `https` only, except on \
             loopback"
        )));
    }
    // The message shows neither: people put secrets there.
    let has_user = !parsed.username().is_empty() || parsed.password().is_some();
    if has_user || parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(Error::configuration(format!(
            "the {what} has a user, a password, a query or a fragment; leave it out"
        )));
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(json: &Value) -> Result<(String, Option<u64>, bool), &'static str> {
        let json: JsonObject = serde_json::from_str(&json.to_string()).map_err(|_| "no object")?;
        let granted = granted(Some(&json))?;
        let life = granted.access.expires_in.map(|life| life.as_secs());
        let token = granted.access.token.expose().to_owned();
        Ok((token, life, granted.refresh.is_some()))
    }

    #[test]
    fn numbers_may_come_as_texts_and_may_be_absurd() {
        for (expires, life) in [
            (json!(3599), Some(3599)),
            (json!("3599"), Some(3599)),
            (json!(" 60 "), Some(60)),
            (json!(3599.9), Some(3599)),
            (json!("3599.0"), Some(3599)),
            (json!(2_592_000), Some(2_592_000)),
            (json!(86_399_000), Some(86_399)),
            (json!("86399000"), Some(86_399)),
            (json!(0), None),
            (json!(-1), None),
            (json!("-3600"), None),
            (json!(i64::MIN), None),
            (json!(u64::MAX), None),
            (json!(1e300), None),
            (json!("inf"), None),
            (json!("NaN"), None),
            (json!(1_767_225_600), None),
            (json!("soon"), None),
            (json!(""), None),
            (json!(true), None),
            (json!([3599]), None),
            (json!(null), None),
        ] {
            let response = json!({"access_token": "t", "expires_in": expires});
            assert_eq!(read(&response), Ok(("t".to_owned(), life, false)), "{response}");
        }
        assert!(read(&json!({"access_token": ""})).is_err());
        assert!(read(&json!({"error": "invalid_grant"})).is_err());
        assert!(read(&json!(["access_token"])).is_err());
    }

    #[test]
    fn only_bearer_tokens_are_taken() {
        for (kind, is_taken) in [
            (json!("Bearer"), true),
            (json!("bearer"), true),
            (json!(null), true),
            (json!("mac"), false),
            (json!(""), true),
            (json!(1), true),
        ] {
            let response = json!({"access_token": "t", "token_type": kind});
            assert_eq!(read(&response).is_ok(), is_taken, "{response}");
        }
    }

    /// JSON around the members that are read.
    fn response() -> impl Strategy<Value = Value> {
        let value = prop_oneof![
            any::<f64>().prop_map(|number| json!(number)),
            any::<i64>().prop_map(|number| json!(number)),
            ".{0,20}".prop_map(|text| json!(text)),
            Just(json!(null)),
            Just(json!(["bearer"])),
        ];
        let name = prop_oneof![
            Just("access_token"),
            Just("expires_in"),
            Just("token_type"),
            Just("refresh_token"),
            Just("error"),
            Just("error_codes"),
            Just("error_description"),
        ];
        proptest::collection::hash_map(name, value, 0..7).prop_map(|members| json!(members))
    }

    proptest! {
        #[test]
        fn any_response_is_read_or_left(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = granted(serde_json::from_slice(&body).ok().as_ref());
            let _ = TokenError::read(StatusCode::BAD_REQUEST, json_object(&body).as_ref());
        }

        #[test]
        fn any_members_are_read_or_left(response in response()) {
            let body = response.to_string();
            if let Ok(granted) = granted(serde_json::from_str(&body).ok().as_ref()) {
                prop_assert!(!granted.access.token.expose().is_empty());
                prop_assert!(granted.access.expires_in <= Some(Duration::from_secs(30 * 24 * 3600)));
            }
            let json = json_object(body.as_bytes());
            let _ = TokenError::read(StatusCode::BAD_REQUEST, json.as_ref());
        }
    }
}
