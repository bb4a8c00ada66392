//! Clients for a raw server, the calls that rows make, and what rows want of them.

use std::time::Duration;

use letterhead::{
    ClientBuilder, Error, ErrorKind, Reply, campaign_standard, cloudflare, partner_center,
};
use serde::Serialize;

use super::table::Table;
use crate::support::server::{RawServer, Request, Response};
use crate::support::{ManualClock, said};

/// The timeout of clients whose clock is wound by hand: none that a wait would reach.
pub(crate) const ENDLESS: Duration = Duration::from_secs(1_000_000);
/// The timeout of an attempt that has to come to something.
const ATTEMPT: Duration = Duration::from_secs(8);

pub(crate) const TOKEN: &str = "bearer-token-of-partner-center";
pub(crate) const KEY: &str = "global-key-of-cloudflare";

pub(crate) fn partner(url: &str, clock: &ManualClock) -> ClientBuilder<partner_center::Client> {
    let credential = partner_center::Credential::bearer(TOKEN).unwrap();
    partner_center::Client::builder()
        .base_url(url)
        .credential(credential)
        .clock(clock.clone())
        .timeout(ENDLESS)
        .attempt_timeout(ATTEMPT)
}

pub(crate) fn cloudflare(url: &str, clock: &ManualClock) -> ClientBuilder<cloudflare::Client> {
    let credential = cloudflare::Credential::api_key("ada@fabrikam.example", KEY).unwrap();
    cloudflare::Client::builder()
        .base_url(url)
        .credential(credential)
        .clock(clock.clone())
        .timeout(ENDLESS)
        .attempt_timeout(ATTEMPT)
}

pub(crate) fn campaign(url: &str, clock: &ManualClock) -> ClientBuilder<campaign_standard::Client> {
    let credential = campaign_standard::Credential::new("ims-token", "api-key-of-adobe").unwrap();
    campaign_standard::Client::builder("fabrikam")
        .base_url(url)
        .credential(credential)
        .clock(clock.clone())
        .timeout(ENDLESS)
        .attempt_timeout(ATTEMPT)
}

/// Which operation a row calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    PartnerRead,
    PartnerPut,
    /// May be retried under the same request id.
    PartnerPost,
    PartnerDelete,
    CloudRead,
    CloudPut,
    /// Never to be retried.
    CloudPost,
    CloudDelete,
    CampaignRead,
    CampaignPatch,
    /// Never to be retried.
    CampaignPost,
}

impl Call {
    /// Makes the call with a client of its own; what came as JSON.
    pub(crate) async fn make(self, url: &str, clock: &ManualClock) -> Result<String, Error> {
        match self {
            Self::PartnerRead | Self::PartnerPut | Self::PartnerPost | Self::PartnerDelete => {
                self.partner(&partner(url, clock).build().unwrap()).await
            }
            Self::CloudRead | Self::CloudPut | Self::CloudPost | Self::CloudDelete => {
                self.cloudflare(&cloudflare(url, clock).build().unwrap()).await
            }
            Self::CampaignRead | Self::CampaignPatch | Self::CampaignPost => {
                self.campaign(&campaign(url, clock).build().unwrap()).await
            }
        }
    }

    pub(crate) async fn partner(self, client: &partner_center::Client) -> Result<String, Error> {
        match self {
            Self::PartnerPut => {
                let call = client.update_support_profile();
                text(call.body_map(|it| it.email("a@b.example")).send().await)
            }
            Self::PartnerPost => {
                let call = client.create_customer_user().customer_tenant_id("t");
                let password = partner_center::types::PasswordProfile::builder();
                let password = password.password("Winter-2031!");
                let call = call.body_map(|user| {
                    user.password_profile(password)
                        .display_name("Ada")
                        .user_principal_name("ada@fabrikam.example")
                        .usage_location("NL")
                });
                text(call.send().await)
            }
            Self::PartnerDelete => {
                let call = client.delete_customer_user().customer_tenant_id("t");
                text(call.user_id("u").send().await)
            }
            _ => text(client.get_support_profile().send().await),
        }
    }

    pub(crate) async fn cloudflare(self, client: &cloudflare::Client) -> Result<String, Error> {
        match self {
            Self::CloudPut => {
                let call = client.modify_organization_profile().organization_id("o");
                let profile = crate::support::whole_profile();
                text(call.body(profile).send().await)
            }
            Self::CloudPost => {
                let call = client.create_organization();
                text(call.body_map(|new| new.name("Fabrikam")).send().await)
            }
            Self::CloudDelete => {
                let call = client.delete_organization().organization_id("o");
                text(call.send().await)
            }
            _ => {
                let call = client.get_organization_profile().organization_id("o");
                text(call.send().await)
            }
        }
    }

    pub(crate) async fn campaign(
        self,
        client: &campaign_standard::Client,
    ) -> Result<String, Error> {
        match self {
            Self::CampaignPatch => {
                let call = client.update_profile().profile_pkey("@k");
                text(call.body_map(|it| it.first_name("Ada")).send().await)
            }
            Self::CampaignPost => {
                let call = client.create_profile();
                text(call.body_map(|it| it.email("a@b.example")).send().await)
            }
            _ => text(client.get_profile().profile_pkey("@k").send().await),
        }
    }
}

fn text<T: Serialize>(outcome: Result<Reply<T>, Error>) -> Result<String, Error> {
    outcome.map(|reply| serde_json::to_string(&*reply).unwrap())
}

/// What a row wants of a call.
#[derive(Clone, Debug)]
pub(crate) enum Want {
    Success,
    /// A success whose JSON has this text.
    Holds(&'static str),
    Failure,
    Kind(ErrorKind),
    /// So many requests came to the server.
    Sent(usize),
    AtMost(usize),
    /// If it failed: it may have taken effect, or can't have.
    Effect(bool),
    /// If it failed: it may have been sent, or can't have.
    Departed(bool),
    /// It failed, and this predicate holds.
    Is(&'static str),
    IsNot(&'static str),
    /// It failed, and its text has this.
    Says(&'static str),
    /// Every request has the same id.
    SameId,
}

/// What a call came to.
pub(crate) struct Outcome {
    pub(crate) result: Result<String, Error>,
    pub(crate) requests: Vec<Request>,
}

/// A call to a server that gives `responses`.
pub(crate) struct Row {
    pub(crate) promise: &'static str,
    pub(crate) name: String,
    pub(crate) call: Call,
    pub(crate) responses: Vec<Response>,
    pub(crate) wants: Vec<Want>,
}

impl Row {
    pub(crate) fn new(
        promise: &'static str,
        name: impl Into<String>,
        call: Call,
        responses: Vec<Response>,
        wants: &[Want],
    ) -> Self {
        Self {
            promise,
            name: format!("{call:?}: {}", name.into()),
            call,
            responses,
            wants: wants.to_vec(),
        }
    }
}

/// Runs rows of one family.
pub(crate) async fn run(family: &'static str, rows: Vec<Row>) {
    let mut table = Table::new(family);
    for row in rows {
        let (call, responses, wants) = (row.call, row.responses, row.wants);
        let check = async move {
            let server = RawServer::each(responses).await;
            let result = call.make(&server.url, &ManualClock::new()).await;
            let requests = server.requests();
            Outcome { result, requests }.assert(&wants);
        };
        table.row(row.promise, row.name, check).await;
    }
    table.end();
}

impl Outcome {
    pub(crate) fn assert(&self, wants: &[Want]) {
        for want in wants {
            assert!(
                self.is(want),
                "wanted {want:?}, and of {} requests came {}",
                self.requests.len(),
                self.shown()
            );
        }
    }

    fn shown(&self) -> String {
        match &self.result {
            Ok(json) => format!("the success {json:.300}"),
            Err(error) => format!(
                "{error} ({:?}, sent: {}, effect: {})",
                error.kind(),
                error.may_have_been_sent(),
                error.may_have_taken_effect()
            ),
        }
    }

    fn is(&self, want: &Want) -> bool {
        let error = self.result.as_ref().err();
        let ids = || self.requests.iter().map(|it| it.header("ms-requestid"));
        match want {
            Want::Success => error.is_none(),
            Want::Holds(text) => self.result.as_ref().is_ok_and(|json| json.contains(text)),
            Want::Failure => error.is_some(),
            Want::Kind(kind) => error.is_some_and(|error| error.kind() == *kind),
            Want::Sent(count) => {
                let reported = error.map_or(*count, |error| error.attempts() as usize);
                self.requests.len() == *count && (reported == *count || *count == 0)
            }
            Want::AtMost(count) => self.requests.len() <= *count,
            Want::Effect(is) => error.is_none_or(|error| error.may_have_taken_effect() == *is),
            Want::Departed(is) => error.is_none_or(|error| error.may_have_been_sent() == *is),
            Want::Is(name) => error.is_some_and(|error| predicate(error, name)),
            Want::IsNot(name) => error.is_some_and(|error| !predicate(error, name)),
            Want::Says(text) => error.is_some_and(|error| said(error).contains(text)),
            Want::SameId => ids().all(|id| id.is_some() && id == ids().next().flatten()),
        }
    }
}

pub(crate) fn predicate(error: &Error, name: &str) -> bool {
    match name {
        "invalid_request" => error.is_invalid_request(),
        "unauthorized" => error.is_unauthorized(),
        "consent" => error.needs_consent(),
        "forbidden" => error.is_forbidden(),
        "not_found" => error.is_not_found(),
        "conflict" => error.is_conflict(),
        "throttled" => error.is_throttled(),
        "server_error" => error.is_server_error(),
        "timeout" => error.is_timeout(),
        "decode" => error.is_decode(),
        other => panic!("no predicate is called {other}"),
    }
}
