//! The base URL: where a credential may go.

use std::net::IpAddr;

use reqwest::Url;

use super::Vendor;
use crate::Error;
use crate::bad_character::bad_character;

/// The longest name of an instance, which is a part of its host's name as well.
const LONGEST_NAME: usize = 63;

/// Parses a base URL: `https`, or `http` on loopback; a path in it is kept as a prefix, and `below`
/// is added to it segment by segment.
///
/// # Errors
/// Anything else, with what to write instead.
pub(super) fn parse(text: &str, vendor: &Vendor, below: &[String]) -> Result<Url, Error> {
    let text = text.trim();
    if !text.contains("://") {
        return Err(Error::configuration(
            "the base URL has no scheme; it looks like `https://api.example.com`",
        ));
    }
    let mut url = Url::parse(text).map_err(|error| {
        Error::configuration("the base URL can't be read; it looks like `https://api.example.com`")
            .with_source(error)
    })?;
    // Nothing of it is shown: people put secrets there, and a `/`, `?` or `#` in a password makes its
    // beginning the host.
    let refuse = |reason: &str| Err(Error::configuration(reason));
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return refuse(
                "the base URL is plain http to another machine, which would show the credential to \
                 everyone on the way; write `https`",
            );
        }
        _ => return refuse("the base URL has another scheme than `https`; write `https`"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse(
            "the base URL has a user or a password before its host; give the client a credential instead",
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("the base URL has a query or a fragment; leave it out");
    }
    let path = url.path().trim_end_matches('/').to_owned();
    if path.contains("//") {
        return refuse("the base URL's path has an empty segment; leave out the doubled slash");
    }
    if !vendor.root.is_empty() && path.ends_with(vendor.root) {
        let (root, name) = (vendor.root, vendor.name);
        return Err(Error::configuration(format!(
            "the base URL ends in `{root}`, which letterhead adds itself for {name}; leave it out"
        )));
    }
    url.set_path(&path);
    for segment in below {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let fault = match bad_character(segment, is_name) {
            Some(what) => Some(what),
            None if segment.len() > LONGEST_NAME => Some(format!("{} characters", segment.len())),
            None if segment.contains(|c: char| c.is_ascii_alphanumeric()) => None,
            None => Some("neither a letter nor a digit".to_owned()),
        };
        if let Some(fault) = fault {
            return Err(Error::configuration(format!(
                "the organization has {fault}; an instance is called by its tenant id, such as `acme`"
            )));
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
