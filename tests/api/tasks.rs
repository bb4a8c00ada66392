//! Calls and lists in tasks: they outlive the variable of their client, and cancelling loses nothing.

use crate::support::World;
use futures_util::{FutureExt, Stream, TryStreamExt};
use letterhead::Error;
use letterhead::partner_center::{Client, types};
use letterhead_sandbox::seed;

/// Borrows nothing from the client.
fn customers(
    partner: &Client,
) -> impl Stream<Item = Result<types::Customer, Error>> + Send + 'static {
    partner.list_customers().size(2).items()
}

#[tokio::test]
async fn what_is_spawned_outlives_the_variable_of_its_client() {
    let world = World::start().await;
    let (partner, cloudflare, campaign) = (world.partner, world.cloudflare, world.campaign);
    let id = seed::CUSTOMER_TENANT_ID;
    let email = || Some("office@fabrikam.example".to_owned());
    let call = tokio::spawn(partner.get_customer().customer_tenant_id(id).send());
    let items = tokio::spawn(customers(&partner).try_collect::<Vec<_>>());
    let units = campaign.list_organizational_units().line_count(2);
    let pages = tokio::spawn(units.pages().try_collect::<Vec<_>>());
    let billing = tokio::spawn(partner.customer_billing_profile(id).get());
    let profile = cloudflare.organization_profile(seed::CLOUDFLARE_ORGANIZATION_ID);
    let profile = tokio::spawn(profile.get());
    let update = partner.organization_profile();
    let update = tokio::spawn(update.update(move |profile| profile.email = email()));
    drop((partner, cloudflare, campaign));

    assert_eq!(call.await.unwrap().unwrap().id.as_deref(), Some(id));
    let items = items.await.unwrap().unwrap();
    assert_eq!(items.len(), seed::CUSTOMER_TENANT_IDS.len());
    assert!(pages.await.unwrap().unwrap().len() > 1);
    assert!(billing.await.unwrap().unwrap().email.is_some());
    assert!(profile.await.unwrap().unwrap().business_email.is_some());
    assert_eq!(update.await.unwrap().unwrap().email, email());
}

#[tokio::test]
async fn a_list_loses_nothing_when_its_next_is_cancelled() {
    let world = World::start().await;
    let whole: Vec<_> = customers(&world.partner).try_collect().await.unwrap();
    let fetched = world.sandbox.take_requests().len();
    let list = || world.partner.list_customers().size(2);

    let (mut items, mut taken, mut cancelled) = (list().items(), Vec::new(), 0);
    loop {
        match items.next().now_or_never() {
            Some(Some(item)) => taken.push(item.unwrap()),
            Some(None) => break,
            None => {
                cancelled += 1;
                tokio::task::yield_now().await;
            }
        }
    }
    assert_eq!(taken, whole);
    assert!(cancelled >= fetched, "each page was waited for");
    assert_eq!(world.sandbox.take_requests().len(), fetched);

    let (mut pages, mut taken) = (list().pages(), Vec::new());
    loop {
        tokio::select! {
            biased;
            page = pages.next() => match page {
                Some(page) => taken.extend(page.unwrap().into_inner().items),
                None => break,
            },
            () = std::future::ready(()) => tokio::task::yield_now().await,
        }
    }
    assert_eq!(taken, whole);
    assert_eq!(world.sandbox.take_requests().len(), fetched);
}
