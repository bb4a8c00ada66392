//! What a call would send: the request as the library makes it, with nobody to send it to.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use letterhead::bytes::Bytes;
use letterhead::http::{Request, Response};
use letterhead::{Attempt, BoxFuture, ClientBuilder, Error, Hook, HookResult, Json as Any};
use letterhead::{JsonRequest, RetryPolicy, campaign_standard, cloudflare, partner_center};
use letterhead_spec::Vendor;

use super::arguments::Call;
use super::send::{method, shown};
use crate::connect::Session;
use crate::output::Output;

/// In the place of what is secret.
const NOTHING: &str = "redacted";

/// Keeps the request, and responds in place of the vendor.
#[derive(Clone, Default)]
struct Keep(Arc<Mutex<Option<Request<Bytes>>>>);

impl Hook for Keep {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        Box::pin(async {
            let request = attempt.to_http_request()?;
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
            Ok(Some(Response::new(Bytes::from_static(b"{}"))))
        })
    }
}

/// A client with no credential that is any good.
macro_rules! start {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        fn start(session: &Session, call: &Call, keep: Keep) -> Result<JsonRequest, Error> {
            match call.operation.vendor.id {
                $($id => {
                    let builder = $module(session)?.hook(keep).retry(RetryPolicy::never());
                    let builder = match set(&call.operation.vendor.base_url_variable()) {
                        Some(url) => builder.base_url(url),
                        None => builder,
                    };
                    Ok(builder.build()?.request(method(call), call.path()))
                })+
                id => unreachable!("`{id}` is no row of the table"),
            }
        }
    };
}
letterhead_spec::for_each_vendor!(start);

fn partner_center(session: &Session) -> Result<ClientBuilder<partner_center::Client>, Error> {
    let credential = partner_center::Credential::bearer(NOTHING)?;
    Ok(partner_center::Client::builder().cloud(session.cloud()).credential(credential))
}

fn cloudflare(_: &Session) -> Result<ClientBuilder<cloudflare::Client>, Error> {
    Ok(cloudflare::Client::builder().credential(cloudflare::Credential::api_token(NOTHING)?))
}

fn campaign_standard(_: &Session) -> Result<ClientBuilder<campaign_standard::Client>, Error> {
    let organization = set("CAMPAIGN_STANDARD_ORGANIZATION");
    let organization = organization.unwrap_or_else(|| "organization".to_owned());
    let credential = campaign_standard::Credential::new(NOTHING, NOTHING)?;
    Ok(campaign_standard::Client::builder(&organization).credential(credential))
}

fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

pub(super) async fn run(session: &Session, call: Call, output: &mut Output) -> anyhow::Result<()> {
    let keep = Keep::default();
    let request = call.of(start(session, &call, keep.clone()).map_err(shown)?);
    let sent = request.send::<Any>().await;
    let kept = keep.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    let request = match (kept, sent) {
        (Some(request), _) => request,
        (None, Err(error)) => return Err(shown(error)),
        (None, Ok(_)) => anyhow::bail!("no request was made"),
    };
    writeln!(output, "{} {}", request.method(), request.uri())?;
    for (name, value) in request.headers() {
        let value = if is_secret(call.operation.vendor, name.as_str()) {
            "[redacted]".into()
        } else {
            String::from_utf8_lossy(value.as_bytes())
        };
        writeln!(output, "{name}: {}", crate::json::escaped(&value))?;
    }
    if let Some(body) = call.body() {
        writeln!(output, "\n{}", body.shown(true))?;
    }
    Ok(())
}

fn is_secret(vendor: &Vendor, name: &str) -> bool {
    vendor.credential_headers().any(|header| header.is_secret && header.name == name)
}
