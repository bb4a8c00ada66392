//! The base URL: where a credential may go.

use std::net::IpAddr;

use reqwest::Url;

use super::Vendor;
use crate::Error;

/// Parses a base URL: `https`, or `http` on loopback; a path in it is kept as a prefix, and `below`
/// is added to it segment by segment.
///
/// # Errors
/// Anything else, with what to write instead.
pub(super) fn parse(text: &str, vendor: &Vendor, below: &[String]) -> Result<Url, Error> {
    let text = text.trim();
    if !text.contains("://") {
        // Only the host is repeated: people put secrets into the rest.
        let host = text.rsplit('@').next().unwrap_or_default();
        let host = host.trim_start_matches('/').split(['/', '?', '#']).next();
        return Err(Error::configuration(format!(
            "the base URL has no scheme; write `https://{}`",
            host.unwrap_or_default()
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
        "http" if is_loopback(&url) => {}
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
    if !vendor.root.is_empty() && path.ends_with(vendor.root) {
        return refuse(format!(
            "the base URL ends in `{}`, which letterhead adds itself for {}; leave it out",
            vendor.root, vendor.name
        ));
    }
    url.set_path(&path);
    for segment in below {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if !segment.contains(|c: char| c.is_ascii_alphanumeric()) || !segment.chars().all(is_name) {
            return refuse(format!(
                "{segment:?} can't be a part of the path; an instance is called by its tenant id"
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

/// Whether a URL leads to this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
