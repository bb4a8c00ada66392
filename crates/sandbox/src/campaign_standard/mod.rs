//! Campaign Standard: organizational units, and the profiles that belong to them.

pub(crate) mod credentials;
mod errors;
mod family;
mod lists;
mod metadata;
mod profiles;
mod records;
pub(crate) mod seed;
mod services;
mod subscriptions;
pub(crate) mod successes;
#[cfg(test)]
mod tests;
mod units;
mod writes;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};

use credentials::CAMPAIGN_API_KEY;
use errors::gateway;
use lists::COUNT;
use metadata::FILTERS;
use seed::CAMPAIGN_ORGANIZATION;

use crate::ids;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::response::Response;
use crate::service::{Handler, Service};
use crate::setup::{HeaderLine, Setup, Variable};
use crate::sign_in::{Access, Tokens};
use crate::store::Store;
use crate::vendor::Vendor;

#[cfg(test)]
pub(crate) use successes::EXPECTED;

/// The lists that are there with and without a slash behind them.
const SLASHED: [&str; 2] = ["profile", "service"];

pub(crate) struct CampaignStandard;

impl Service for CampaignStandard {
    fn vendor(&self) -> Vendor {
        Vendor::CampaignStandard
    }

    fn setup(&self) -> Setup {
        Setup {
            client: &[CAMPAIGN_ORGANIZATION],
            credentials: &[(0, &[credentials::CAMPAIGN_ACCESS_TOKEN, CAMPAIGN_API_KEY])],
        }
    }

    fn variables(&self, origin: &str) -> Vec<Variable> {
        vec![
            Variable::text("CAMPAIGN_STANDARD_ORGANIZATION", CAMPAIGN_ORGANIZATION),
            Variable::text("IMS_OAUTH_S2S_AUTHORITY", origin),
            Variable::text("IMS_OAUTH_S2S_CLIENT_ID", credentials::CAMPAIGN_CLIENT_ID),
            Variable::text("IMS_OAUTH_S2S_CLIENT_SECRET", credentials::CAMPAIGN_CLIENT_SECRET),
        ]
    }

    fn ids(&self) -> &'static [(&'static str, &'static str)] {
        &[("a profile", seed::CAMPAIGN_PROFILE_PKEY)]
    }

    fn credentials(&self, _: &str) -> Vec<HeaderLine> {
        credentials::header_lines()
    }

    fn handlers(&self) -> &'static [(&'static str, Handler)] {
        &[
            ("listOrganizationalUnits", units::list_all),
            ("getOrganizationalUnit", records::get),
            ("updateOrganizationalUnit", units::update),
            ("listGeographicalUnits", units::list_all),
            ("getGeographicalUnit", records::get),
            ("updateGeographicalUnit", units::update),
            ("getResourceMetadata", metadata::describe),
            ("listResources", metadata::list_all),
            ("listProfiles", profiles::list_all),
            ("createProfile", profiles::create),
            ("listProfileEmails", profiles::list_emails),
            ("listProfilesByEmail", profiles::list_by_email),
            ("listProfilesByText", profiles::list_by_text),
            ("listProfilesByKeys", profiles::list_by_email),
            ("listProfilesByStaticAudience", profiles::list_by_audience),
            ("listProfilesThatReceivedDelivery", profiles::list_received),
            ("listProfilesThatOpenedDelivery", profiles::list_opened),
            ("listProfilesThatClickedDelivery", profiles::list_clicked),
            ("listSubscribers", profiles::list_subscribers),
            ("getProfile", records::get),
            ("updateProfile", profiles::update),
            ("deleteProfile", profiles::delete),
            ("listProfileSubscriptions", subscriptions::list_of_profile),
            ("subscribeProfile", subscriptions::subscribe_profile),
            ("listServices", services::list_all),
            ("createService", services::create),
            ("listServicesByChannel", services::list_by_channel),
            ("listServicesByPlanning", services::list_by_planning),
            ("listServicesByTargetResource", services::list_by_target),
            ("listServicesByText", services::list_by_text),
            ("getService", records::get),
            ("updateService", services::update),
            ("deleteService", services::delete),
            ("listServiceSubscriptions", subscriptions::list_of_service),
            ("addSubscriber", subscriptions::add_subscriber),
            ("unsubscribe", subscriptions::end),
        ]
    }

    fn owns(&self, path: &[String]) -> bool {
        path.get(1).is_some_and(|second| second == "campaign")
    }

    fn resolve(&self, request: &mut Request) {
        declare_json(request);
        let path = &mut request.path;
        let followed = match path.get(3..).unwrap_or_default() {
            _ if request.method != Method::GET => 0,
            [kind, _, last, end] if kind == "resourceType" && last == FILTERS && end.is_empty() => {
                2
            }
            [kind, ..] if kind == "resourceType" => 0,
            // A list has a number of entries; a record, whose key begins with `@`, has none.
            [.., counted, end] if end == COUNT && !counted.starts_with('@') => 1,
            _ => 0,
        };
        path.truncate(path.len() - followed);
        request.is_followed = followed > 0;
        match path.get(3..).unwrap_or_default() {
            // Adobe's own library ends these lists with a slash, to read and to create. Its tests against
            // the service expect 200 and 201; the 404 of an early version must have had another reason.
            [list, end] if end.is_empty() && SLASHED.contains(&list.as_str()) => path.truncate(4),
            [list, key, ..] if family::UNITS.contains(&list.as_str()) => {
                path[4] = units::listed(key).to_owned();
            }
            _ => {}
        }
        family::resolve(request);
    }

    fn seed(&self, store: &mut Store, origin: &str) {
        seed::seed(store, origin);
    }

    fn authorize(&self, request: &Request, _: &str, tokens: &Tokens) -> Result<(), Response> {
        let refused = |code, text| Err(gateway(code, text));
        let access = request.bearer().and_then(|token| tokens.access(token));
        match (request.header("authorization"), access) {
            (_, Some(Access::CampaignStandard)) => {}
            (None, _) => return refused("401010", "OAuth token is missing"),
            (Some(_), _) => return refused("401013", "OAuth token is not valid"),
        }
        match request.header("x-api-key") {
            Some(CAMPAIGN_API_KEY) => {}
            None => return refused("403000", "Api Key is required"),
            Some(_) => return refused("403003", "Api Key is invalid"),
        }
        match request.path.first().map(String::as_str) {
            Some(CAMPAIGN_ORGANIZATION) => Ok(()),
            _ => refused("403023", "Profile is not valid"),
        }
    }

    fn refuse(&self, request: &Request, refusal: &Refusal) -> Response {
        errors::refusal(request, refusal)
    }

    fn finish(&self, request: &Request, response: Response) -> Response {
        let response =
            if family::is_product(request) { family::narrowed(response) } else { response };
        response.header("x-request-id", &ids::guid(4))
    }
}

/// Adobe's own library sends JSON as `text/plain`. Its tests against the service have profiles created and
/// updated this way.
fn declare_json(request: &mut Request) {
    let declared = request.header("content-type");
    if declared.is_some_and(|declared| declared.starts_with("text/plain")) {
        let json = HeaderValue::from_static("application/json");
        request.headers.insert(CONTENT_TYPE, json);
    }
}
