//! The base URL: where a credential may go.

use std::net::IpAddr;

use reqwest::Url;

use crate::Error;

/// Parses a base URL: `https`, or `http` on loopback; a path in it is kept as a prefix, and `below`
/// is added to it segment by segment.
///
/// # Errors
/// Anything else, with what to write instead.
pub(crate) fn parse(text: &str, below: &[String]) -> Result<Url, Error> {
    let text = text.trim();
    if !text.contains("://") {
        return Err(Error::configuration(format!(
            "the base URL `{text}` has no scheme; write `https://{}`",
            text.trim_start_matches('/')
        )));
    }
    let mut url = Url::parse(text).map_err(|error| {
        Error::configuration("the base URL can't be read; it looks like `https://api.example.com`")
            .with_source(error)
    })?;
    // From here on nothing of user, password or query is repeated: people put secrets there.
    let refuse = |reason: String| Err(Error::configuration(reason));
    let host = url.host_str().unwrap_or_default().to_owned();
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&host) => {}
        "http" => {
            return refuse(format!(
                "the base URL is plain http to `{host}`, which would show the credential to everyone \
                 on the way; write `https://{host}`"
            ));
        }
        scheme => {
            return refuse(format!(
                "the base URL has the scheme `{scheme}`; write `https://{host}`"
            ));
        }
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse(format!(
            "the base URL has a user or a password before `{host}`; give the client a credential \
             instead"
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse(format!(
            "the base URL has a query or a fragment after `{host}`; leave it out"
        ));
    }
    let path = url.path().trim_end_matches('/').to_owned();
    if path.contains("//") {
        return refuse(format!(
            "the base URL's path `{path}` has an empty segment; leave out the doubled slash"
        ));
    }
    url.set_path(&path);
    for segment in below {
        if matches!(segment.as_str(), "" | "." | "..") || segment.contains(['/', '\\']) {
            return refuse(format!(
                "`{segment}` can't be a part of the path; an instance is called by its tenant id"
            ));
        }
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(segment);
        }
    }
    Ok(url)
}

/// Whether both have the same scheme, host and port.
pub(crate) fn same_origin(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme()
        && a.host() == b.host()
        && a.port_or_known_default() == b.port_or_known_default()
}

/// An origin for people: scheme, host and port, and nothing that could be secret.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_base_urls() {
        for (text, path) in [
            ("https://api.example.com", "/"),
            ("https://api.example.com/", "/"),
            (" https://api.example.com/client/v4/ \n", "/client/v4"),
            ("http://127.0.0.1:8080", "/"),
            ("http://[::1]:8080/x", "/x"),
            ("http://localhost/", "/"),
        ] {
            assert_eq!(parse(text, &[]).unwrap().path(), path, "{text}");
        }
    }

    #[test]
    fn bad_base_urls_are_answered_with_the_way_out() {
        for (text, expected) in [
            (
                "api.example.com",
                "has no scheme; write `https://api.example.com`",
            ),
            (
                "localhost:8080",
                "has no scheme; write `https://localhost:8080`",
            ),
            (
                "//api.example.com",
                "has no scheme; write `https://api.example.com`",
            ),
            ("http://api.example.com", "plain http to `api.example.com`"),
            ("http://127.0.0.1.example.com", "plain http"),
            ("ftp://api.example.com", "has the scheme `ftp`"),
            ("https://u:hunter2@api.example.com", "a user or a password"),
            (
                "https://api.example.com?key=hunter2",
                "a query or a fragment",
            ),
            ("https://api.example.com//v1", "an empty segment"),
            ("https://", "can't be read"),
        ] {
            let error = parse(text, &[]).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
