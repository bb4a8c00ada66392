//! One exchange with a token endpoint: a form out, a token back.

use std::sync::Arc;
use std::time::Duration;

use http::header::ACCEPT;
use http::{HeaderValue, StatusCode};
use reqwest::Url;
use serde_json::{Map, Value};

use crate::body::{Broken, read, without_bom};
use crate::error::{ErrorKind, Failure};
use crate::layer::{is_loopback, json_object, text_of};
use crate::redact::{Redactor, Spellings};
use crate::reply::Head;
use crate::wait::retry_after;
use crate::{AccessToken, Error, Secret};

/// The time limit of an exchange with a token endpoint.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The largest answer of a token endpoint that is read, in bytes.
const LARGEST_BODY: usize = 256 * 1024;

/// The way out where an answer isn't an identity provider's.
const NOT_THE_PROVIDER: &str = "that isn't the identity provider's JSON; look at the authority and at \
                                proxies";

/// A request for a token.
pub(crate) struct Grant<'a> {
    /// The identity provider's name for people.
    pub(crate) provider: &'static str,
    pub(crate) url: &'a Url,
    pub(crate) form: &'a [(&'static str, &'a str)],
    /// The secrets in the form.
    pub(crate) secrets: Vec<&'a Secret>,
    /// Reads a refusal.
    pub(crate) explain: fn(&Refused) -> Failure,
}

/// What a token endpoint granted.
pub(crate) struct Granted {
    pub(crate) access: AccessToken,
    /// The replacement of the refresh token that was redeemed.
    pub(crate) refresh: Option<Secret>,
}

/// What a token endpoint said instead: RFC 6749's members and Entra's.
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    /// `error`, then `error_codes`, then `suberror`.
    pub(crate) codes: Vec<String>,
    /// The first line of `error_description`.
    pub(crate) message: Option<String>,
}

impl Grant<'_> {
    /// # Errors
    /// As a call; the kinds are those of an exchange.
    pub(crate) async fn request(&self, http: &reqwest::Client) -> Result<Granted, Error> {
        let name = self.provider;
        let request = http
            .post(self.url.clone())
            .header(ACCEPT, HeaderValue::from_static("application/json"))
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
        if response.url() != self.url {
            return Err(Error::configuration(format!(
                "the `reqwest::Client` that was given followed a redirect of {name}, and may have taken \
                 secrets along; build it with `redirect::Policy::none()`"
            )));
        }
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let (body, broken) = read(&mut response, LARGEST_BODY).await;
        let json = json_object(without_bom(&body));
        if status.is_success() {
            // What can't be read may be a token: it isn't kept.
            if let Some(Broken::Cut(error)) = broken {
                let reason = format!("no access token: the answer of {name} broke off");
                return Err(Error::new(ErrorKind::Transport, reason).with_source(error));
            }
            return json.as_ref().and_then(granted).ok_or_else(|| {
                let what = match broken {
                    Some(_) => format!("with more than {LARGEST_BODY} bytes"),
                    None => "with something else".to_owned(),
                };
                let reason = format!("no access token: {name} answered {status} {what}");
                Error::new(ErrorKind::Decode, reason).with_hint(NOT_THE_PROVIDER)
            });
        }
        let refused = Refused::read(status, json.as_ref());
        let is_readable = json.is_some();
        // Tokens that came with a refusal are as good as those that were sent.
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
        let failure = (self.explain)(&refused);
        let mut head = Head {
            status,
            headers,
            trace_id,
        };
        let wait = retry_after(&head.headers, None);
        redactor.headers(&mut head.headers);
        let failure = redactor.failure(failure);
        let body = redactor.body(&body, crate::error::KEPT_BODY);
        let error = Error::new(
            ErrorKind::Refused,
            format!("no access token: {name} answered {status}"),
        )
        .with_answer(head, failure, body)
        .with_retry_after(wait);
        Err(if is_readable {
            error
        } else {
            error.with_hint(NOT_THE_PROVIDER)
        })
    }
}

impl Refused {
    fn read(status: StatusCode, json: Option<&Map<String, Value>>) -> Self {
        let member = |name: &str| json.and_then(|json| json.get(name));
        let text = |name: &str| member(name).and_then(text_of);
        let numbers = member("error_codes").and_then(Value::as_array);
        let mut codes: Vec<String> = text("error").into_iter().collect();
        codes.extend(numbers.into_iter().flatten().filter_map(text_of));
        codes.extend(text("suberror").filter(|code| !code.is_empty()));
        let message = text("error_description");
        let first = message.map(|text| text.lines().next().unwrap_or_default().to_owned());
        Self {
            status,
            codes,
            message: first,
        }
    }

    /// Whether one of the codes is among these.
    pub(crate) fn has(&self, codes: &[&str]) -> bool {
        self.codes.iter().any(|code| codes.contains(&code.as_str()))
    }
}

/// Reads an answer of success. Entra's older endpoint writes its numbers as texts.
fn granted(json: &Map<String, Value>) -> Option<Granted> {
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    let token = text("access_token").filter(|token| !token.is_empty())?;
    let seconds = match json.get("expires_in") {
        Some(Value::Number(seconds)) => seconds.as_u64(),
        Some(Value::String(seconds)) => seconds.trim().parse().ok(),
        _ => None,
    };
    let life = seconds.map(Duration::from_secs);
    Some(Granted {
        access: AccessToken::new(token.into(), life),
        refresh: text("refresh_token")
            .filter(|token| !token.is_empty())
            .map(Secret::from),
    })
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
    for (what, value) in [
        ("client id", client_id),
        ("client secret", client_secret.expose()),
    ] {
        if value.trim().is_empty() {
            return Err(Error::configuration(format!("the {what} is empty")));
        }
    }
    let mut url = require_https("authority", authority)?;
    url.path_segments_mut()
        .map_err(|()| Error::configuration("the authority can't have a path"))?
        .pop_if_empty()
        .extend(path);
    Ok(url)
}

/// Refuses an address that would show a secret to the network.
///
/// # Errors
/// The address can't be read, is plain http to another machine, or holds what isn't an address's.
fn require_https(what: &str, url: &str) -> Result<Url, Error> {
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
    // Neither is repeated: people put secrets there.
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

    fn read(json: &Value) -> Option<(String, Option<u64>, bool)> {
        let granted = granted(json.as_object()?)?;
        let life = granted.access.expires_in.map(|life| life.as_secs());
        let token = granted.access.token.expose().to_owned();
        Some((token, life, granted.refresh.is_some()))
    }

    #[test]
    fn numbers_may_come_as_texts_and_may_be_absurd() {
        for (expires, life) in [
            (json!(3599), Some(3599)),
            (json!("3599"), Some(3599)),
            (json!(" 60 "), Some(60)),
            (json!(u64::MAX), Some(u64::MAX)),
            (json!(-1), None),
            (json!("soon"), None),
            (json!(null), None),
        ] {
            let answer = json!({"access_token": "t", "expires_in": expires});
            assert_eq!(
                read(&answer),
                Some(("t".to_owned(), life, false)),
                "{answer}"
            );
        }
        assert_eq!(read(&json!({"access_token": ""})), None);
        assert_eq!(read(&json!({"error": "invalid_grant"})), None);
    }

    proptest! {
        #[test]
        fn any_answer_is_read_or_left(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let json = json_object(&body);
            let _ = json.as_ref().map(granted);
            let _ = Refused::read(StatusCode::BAD_REQUEST, json.as_ref());
        }
    }
}
