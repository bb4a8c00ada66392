//! The routes: what the service is for.

use std::sync::Arc;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::{Extension, Json};
use letterhead::CorrelationId;
use serde::{Deserialize, Serialize};
use tracing::{Instrument as _, Span};

use crate::clients::{CALL, Clients};
use crate::problem::Problem;
use crate::routes::Service;

/// What `PUT /company/phone` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct NewPhone {
    phone_number: String,
}

/// What it returns: the company's phone number as each vendor has it now.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Phone {
    partner_center: Option<String>,
    cloudflare: Option<String>,
    /// Where something was written: not where the number was already there.
    written: Vec<&'static str>,
    /// The units at Campaign Standard, whose letters carry the number.
    units: Vec<String>,
    correlation_id: CorrelationId,
}

/// `PUT /company/phone`: one job over three vendors.
///
/// Whoever sent the request may go away. The job goes on all the same, in a task of its own, so that it
/// doesn't leave one vendor with the new number and another with the old one. A repeated request writes only
/// what is missing.
pub(crate) async fn set_phone(
    State(service): State<Arc<Service>>,
    Extension(id): Extension<CorrelationId>,
    body: Result<Json<NewPhone>, JsonRejection>,
) -> Result<Json<Phone>, Problem> {
    let Json(NewPhone { phone_number }) = body?;
    let clients = service.clients.clone();
    let job = async move { change_phone(&clients, &phone_number, id).await };
    // A task has neither the scope nor the span of its handler, unless it is given them.
    let job = service.jobs.spawn(id.scope(job).instrument(Span::current()));
    Ok(Json(job.await.map_err(|error| Problem::internal(&error))??))
}

async fn change_phone(
    clients: &Clients,
    number: &str,
    correlation_id: CorrelationId,
) -> Result<Phone, Problem> {
    // What writes nothing comes first: if it fails, nothing has changed.
    let units = clients.campaign.list_organizational_units().send().await?;
    let profile = clients.partner.organization_profile().timeout(CALL);
    let partner = profile.update(|profile| {
        let address = profile.default_address.get_or_insert_default();
        address.phone_number = Some(number.to_owned());
    });
    let profile = clients.cloudflare.organization_profile(&*clients.organization).timeout(CALL);
    let cloudflare = profile.update_or_create(|profile| {
        profile.business_phone = Some(number.to_owned());
    });
    // Both to their ends: the first error wouldn't say what became of the other.
    let (partner, cloudflare) = match tokio::join!(partner, cloudflare) {
        (Ok(partner), Ok(cloudflare)) => (partner, cloudflare),
        (Err(error), Ok(_)) => return Err(Problem::from(error).completed("Cloudflare")),
        (Ok(_), Err(error)) => return Err(Problem::from(error).completed("Partner Center")),
        (Err(error), Err(other)) => {
            tracing::warn!(%other, "the other vendor failed as well");
            return Err(error.into());
        }
    };
    let written = [
        partner.is_written().then_some("Partner Center"),
        cloudflare.is_written().then_some("Cloudflare"),
    ];
    let address = partner.default_address.as_ref();
    Ok(Phone {
        partner_center: address.and_then(|address| address.phone_number.clone()),
        cloudflare: cloudflare.business_phone.clone(),
        written: written.into_iter().flatten().collect(),
        units: units.content.iter().filter_map(|unit| unit.label.clone()).collect(),
        correlation_id,
    })
}

/// The most customers that are looked at, which are one page: more could take longer than the drain waits.
const MOST: u8 = 100;

/// `GET /customers?limit=10`: their names, from Partner Center, of the first 100 at most. Whoever goes away stops it.
pub(crate) async fn customers(
    State(service): State<Arc<Service>>,
    query: Result<Query<Limit>, QueryRejection>,
) -> Result<Json<Vec<String>>, Problem> {
    let Query(Limit { limit }) = query?;
    let mut customers = service.clients.partner.list_customers().size(MOST).items();
    let mut names = Vec::new();
    for _ in 0..MOST {
        if names.len() >= limit {
            break;
        }
        let Some(customer) = customers.next().await else { break };
        names.extend(customer?.company_profile.and_then(|profile| profile.company_name));
    }
    Ok(Json(names))
}

#[derive(Deserialize)]
pub(crate) struct Limit {
    #[serde(default = "ten")]
    limit: usize,
}

fn ten() -> usize {
    10
}

/// `GET /organizations/{id}`: a profile at Cloudflare, as it is there.
pub(crate) async fn organization(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
) -> Result<Json<serde_json::Value>, Problem> {
    let profile = service.clients.cloudflare.organization_profile(id).timeout(CALL).get().await?;
    Ok(Json(serde_json::to_value(&*profile).map_err(|error| Problem::internal(&error))?))
}
