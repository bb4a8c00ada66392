//! A server of raw responses, each on a connection of its own, and clients for it.

use letterhead::{ClientBuilder, cloudflare, partner_center};
use serde_json::Value;

use crate::support::ManualClock;
use crate::support::server::{RawServer, Request, Step, typed};

pub(crate) struct Server {
    pub(crate) clock: ManualClock,
    raw: RawServer,
}

pub(crate) struct Response(Vec<Step>);

impl Response {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub(crate) fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self::with(status, &format!("content-type: {content_type}\r\n"), body)
    }

    /// `headers` are whole lines.
    pub(crate) fn with(status: u16, headers: &str, body: &str) -> Self {
        let mut steps = typed(status, &format!("{headers}connection: close\r\n"), body);
        steps.push(Step::Close);
        Self(steps)
    }

    /// The connection ends without a response.
    pub(crate) fn close() -> Self {
        Self(vec![Step::Close])
    }

    /// The connection stays, without a response.
    pub(crate) fn hang() -> Self {
        Self(vec![Step::Stall])
    }
}

impl Server {
    pub(crate) async fn start(
        mut respond: impl FnMut(&Request) -> Response + Send + 'static,
    ) -> Self {
        Self {
            clock: ManualClock::new(),
            raw: RawServer::start(move |request| respond(request).0).await,
        }
    }

    /// The requests since this was last asked.
    pub(crate) fn take_requests(&self) -> Vec<Request> {
        self.raw.take_requests()
    }

    pub(crate) fn take_methods(&self) -> Vec<String> {
        let requests = self.take_requests().into_iter();
        requests.map(|request| request.method().to_owned()).collect()
    }

    pub(crate) fn partner(&self) -> ClientBuilder<partner_center::Client> {
        partner_center::Client::builder()
            .base_url(&*self.raw.url)
            .credential(partner_center::Credential::bearer("token").unwrap())
            .clock(self.clock.clone())
    }

    pub(crate) fn cloudflare(&self) -> ClientBuilder<cloudflare::Client> {
        cloudflare::Client::builder()
            .base_url(format!("{}/client/v4", self.raw.url))
            .credential(cloudflare::Credential::api_token("token").unwrap())
            .clock(self.clock.clone())
    }
}
