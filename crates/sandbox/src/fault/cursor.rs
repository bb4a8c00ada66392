//! Cursors that lead from a page to the same page.

use http::header::HeaderValue;
use http::request::Parts;
use http::{HeaderMap, Uri};
use serde_json::Value;

use super::json::{json_of, with_json};
use crate::response::Response;

const HEADER: &str = "ms-continuationtoken";
const PARAMETER: &str = "page_token";
/// What a cursor of the proxy's own begins with, before a number that makes it new and the service's
/// cursor for the same page. The page that it names leads on as the service has it, or to itself for ever.
const ONCE: &str = "once.";
const FOR_EVER: &str = "again.";

/// The cursor that a request for a page has, of Partner Center or Cloudflare.
pub(super) struct Cursor {
    sent: Option<String>,
    /// The service's own; none for the first page.
    own: Option<String>,
    is_for_ever: bool,
}

impl Cursor {
    pub(super) fn of(head: &Parts) -> Self {
        let header = head.headers.get(HEADER).and_then(|it| it.to_str().ok());
        let sent = header.or_else(|| parameter(&head.uri)).map(str::to_owned);
        let minted = |kind| {
            let (_, own) = sent.as_ref()?.strip_prefix(kind)?.split_once('.')?;
            Some(Some(own.to_owned()).filter(|own| !own.is_empty()))
        };
        let (once, for_ever) = (minted(ONCE), minted(FOR_EVER));
        Self {
            is_for_ever: for_ever.is_some(),
            own: once.or(for_ever).unwrap_or_else(|| sent.clone()),
            sent,
        }
    }

    /// The target of the request, which asks for the page as the service knows it; its headers too.
    pub(super) fn restore(&self, target: &str, headers: &mut HeaderMap) -> String {
        if self.sent == self.own {
            return target.to_owned();
        }
        let own = self.own.as_ref();
        if headers.remove(HEADER).is_some()
            && let Some(own) = own.and_then(|own| HeaderValue::try_from(own).ok())
        {
            headers.insert(HEADER, own);
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter_map(|pair| match pair.split_once('=') {
            Some((PARAMETER, _)) => Some(format!("{PARAMETER}={}", own?)),
            Some(("seekOperation", _)) if own.is_none() => None,
            _ => Some(pair.to_owned()),
        });
        let query = pairs.collect::<Vec<_>>().join("&");
        format!("{path}?{query}")
    }

    /// The page that the request got, if it was to lead to itself for ever.
    pub(super) fn kept_in(&self, page: Response) -> Response {
        match self.is_for_ever.then(|| self.without_end(&page)).flatten() {
            Some(page) => page,
            None => page,
        }
    }

    /// The page, leading to itself for ever; `None` where it has no next page.
    pub(super) fn without_end(&self, page: &Response) -> Option<Response> {
        leading_to(page, &self.minted(FOR_EVER))
    }

    /// The page, leading to itself once: under the very cursor that it was asked for with, if there is one
    /// and it `is_same`.
    pub(super) fn once_again(&self, page: &Response, is_same: bool) -> Option<Response> {
        match self.sent.as_ref().filter(|_| is_same) {
            Some(sent) => leading_to(page, sent),
            None => leading_to(page, &self.minted(ONCE)),
        }
    }

    fn minted(&self, kind: &str) -> String {
        let own = self.own.as_deref().unwrap_or_default();
        format!("{kind}{:016x}.{own}", fastrand::u64(..))
    }
}

fn parameter(uri: &Uri) -> Option<&str> {
    let pairs = uri.query()?.split('&');
    let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
    let (_, token) = pairs.find(|(name, _)| *name == PARAMETER)?;
    Some(token)
}

/// A page with another cursor for the next one, if it has one.
fn leading_to(page: &Response, cursor: &str) -> Option<Response> {
    let mut json = json_of(page)?;
    let mut is_page = false;
    for place in
        ["/continuationToken", "/links/next/headers/0/value", "/result_info/next_page_token"]
    {
        if let Some(token) = json.pointer_mut(place).filter(|token| token.is_string()) {
            *token = Value::from(cursor);
            is_page = true;
        }
    }
    is_page.then(|| with_json(page, &json))
}
