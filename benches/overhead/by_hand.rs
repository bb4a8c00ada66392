//! The two calls as a careful person writes them with reqwest and serde, without letterhead.
//!
//! It is the way of reqwest's own documentation: the URL is put together as text, and headers are
//! given by name and value with each request. With the URL and the header values prepared once it would
//! take some 9 % fewer instructions.

use std::mem;
use std::time::Duration;

use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::Fault;

#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base_url: String,
    token: String,
}

/// A profile and the headers that it came with.
pub(crate) struct Response {
    pub(crate) profile: Profile,
    pub(crate) headers: HeaderMap,
}

impl Client {
    /// The connections are set up as letterhead sets up its own.
    pub(crate) fn new(base_url: &str, token: &str) -> Result<Self, Fault> {
        // Only one client can be the first; letterhead takes the process's provider, too.
        #[cfg(feature = "rustls")]
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(180))
            .connect_timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .tcp_nodelay(true)
            .build()?;
        Ok(Self { http, base_url: base_url.to_owned(), token: token.to_owned() })
    }

    pub(crate) async fn organization_profile(&self) -> Result<Response, Fault> {
        let url = format!("{}/v1/profiles/organization", self.base_url);
        self.send(self.http.get(url)).await
    }

    pub(crate) async fn update_organization_profile(
        &self,
        profile: &Profile,
    ) -> Result<Response, Fault> {
        let url = format!("{}/v1/profiles/organization", self.base_url);
        let request = self
            .http
            .put(url)
            .header(CONTENT_TYPE, "application/json")
            .body(serde_json::to_vec(profile)?);
        self.send(request).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Response, Fault> {
        let mut response = request
            .bearer_auth(&self.token)
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, "profile-tool/0.1")
            .header("MS-RequestId", Uuid::new_v4().to_string())
            .header("MS-CorrelationId", Uuid::new_v4().to_string())
            .send()
            .await?;
        let status = response.status();
        let headers = mem::take(response.headers_mut());
        let body = response.bytes().await?;
        if !status.is_success() {
            return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
        }
        let json = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body);
        let profile = serde_json::from_slice(json)?;
        Ok(Response { profile, headers })
    }
}

/// Defines a struct of optional members that keeps the members it doesn't know.
macro_rules! members {
    ($name:ident { $($(#[$rename:meta])? $member:ident: $ty:ty,)* }) => {
        #[derive(Default, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[allow(clippy::struct_field_names, reason = "the service's names")]
        pub(crate) struct $name {
            $(
                $(#[$rename])?
                #[serde(skip_serializing_if = "Option::is_none")]
                pub(crate) $member: Option<$ty>,
            )*
            #[serde(flatten)]
            extra: Map<String, Value>,
        }
    };
}

members! { Profile {
    id: String,
    company_name: String,
    default_address: Address,
    tenant_id: String,
    domain: String,
    email: String,
    language: String,
    culture: String,
    profile_type: String,
    links: Links,
    attributes: Attributes,
} }

members! { Address {
    id: String,
    country: String,
    region: String,
    city: String,
    district: String,
    state: String,
    #[serde(rename = "addressLine1")]
    address_line1: String,
    #[serde(rename = "addressLine2")]
    address_line2: String,
    #[serde(rename = "addressLine3")]
    address_line3: String,
    postal_code: String,
    first_name: String,
    middle_name: String,
    last_name: String,
    phone_number: String,
    email_address: String,
} }

members! { Links {
    #[serde(rename = "self")]
    this: Link,
    next: Link,
    previous: Link,
} }

members! { Link {
    uri: String,
    method: String,
    headers: Vec<LinkHeader>,
    body: Value,
} }

members! { LinkHeader {
    key: String,
    value: String,
} }

members! { Attributes {
    etag: String,
    object_type: String,
} }
