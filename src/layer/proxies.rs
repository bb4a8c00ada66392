//! The environment's proxies, and what none of them may see.

use std::ffi::OsString;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::{Proxy, Url};

use super::is_loopback;

/// Addresses that no rule for a single host is about.
const ANYWHERE: [&str; 2] = ["http://letterhead.invalid/", "https://letterhead.invalid/"];

/// Where the environment names its proxies; `REQUEST_METHOD` says that `HTTP_PROXY` may be a header of a request.
const NAMES: [&str; 9] = [
    "ALL_PROXY",
    "all_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "REQUEST_METHOD",
];

/// What the environment says of proxies at one time.
#[derive(PartialEq, Eq)]
pub(super) struct Variables([Option<OsString>; NAMES.len()]);

impl Variables {
    pub(super) fn read() -> Self {
        Self(NAMES.map(std::env::var_os))
    }
}

/// The proxies of the environment, or of the system, for everything but plain http on this machine: a
/// proxy would see the secrets in it. None where there are none, so that no request looks for one.
pub(super) fn of_environment() -> Option<Proxy> {
    let system = Matcher::from_system();
    let any = |url: &str| system.intercept(&url.parse().ok()?);
    ANYWHERE.into_iter().find_map(any)?;
    Some(Proxy::custom(move |url| {
        if url.scheme() == "http" && is_loopback(url) {
            return None;
        }
        address(&system.intercept(&url.as_str().parse().ok()?)?)
    }))
}

/// Where the proxy is, with the user and the password that it wants.
fn address(proxy: &Intercept) -> Option<Url> {
    let mut url = Url::parse(&proxy.uri().to_string()).ok()?;
    let basic = || {
        let encoded = proxy.basic_auth()?.as_bytes().strip_prefix(b"Basic ")?;
        String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()
    };
    let raw = || {
        let (user, password) = proxy.raw_auth()?;
        Some(format!("{user}:{password}"))
    };
    // A proxy that can't be asked as it wants refuses; going past it would be worse.
    if let Some(user) = basic().or_else(raw)
        && let Some((user, password)) = user.split_once(':')
    {
        // Both are decoded already, and are decoded once more on their way.
        let _ = url.set_username(&user.replace('%', "%25"));
        let _ = url.set_password(Some(&password.replace('%', "%25")));
    }
    Some(url)
}
