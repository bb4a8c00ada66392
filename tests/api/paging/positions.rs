//! Lists that are gone on with: elsewhere, later, after a failure.

use futures_util::{StreamExt, TryStreamExt};
use letterhead::campaign_standard::types::Profile;
use letterhead::{Position, RetryPolicy};
use letterhead_sandbox::{Response, seed};

use super::{page, value};
use crate::support::World;

/// A position through a file, say, and into another process.
fn saved(position: &Position) -> Position {
    serde_json::from_str(&serde_json::to_string(position).unwrap()).unwrap()
}

#[tokio::test]
async fn a_list_in_pieces_is_the_list() {
    let world = World::without_retries().await;
    for (size, piece, fails) in
        [(1, 1, true), (2, 1, true), (2, 3, false), (2, 2, true), (9, 2, true)]
    {
        each_way!(world, size, |list| {
            let whole: Vec<_> = list().items().try_collect().await.unwrap();
            assert!(whole.len() > 1);
            let (mut taken, mut position) = (Vec::new(), Position::default());
            loop {
                if fails {
                    world.sandbox.respond_next(Response::new(503));
                    let mut failed = list().items_from(position.clone());
                    assert!(failed.next().await.unwrap().unwrap_err().is_server_error());
                    assert!(failed.next().await.is_none());
                    position = saved(&failed.position().unwrap());
                }
                let mut items = list().items_from(position).at_most(piece);
                while let Some(item) = items.next().await {
                    taken.push(item.unwrap());
                }
                match items.position() {
                    Some(next) => position = saved(&next),
                    None => break,
                }
            }
            assert_eq!(taken, whole);

            // Some items, then the rest of their page and the pages after it.
            let mut items = list().items().at_most(piece);
            let mut taken: Vec<_> =
                items.by_ref().map(|item| value(&item.unwrap())).collect().await;
            if let Some(position) = items.position() {
                let mut pages = list().pages_from(saved(&position));
                while let Some(page) = pages.next().await {
                    let page = value(&*page.unwrap());
                    let lists = ["items", "content", "result"];
                    let items = lists.iter().find_map(|name| page[name].as_array());
                    taken.extend(items.into_iter().flatten().cloned());
                }
            }
            assert_eq!(taken, whole.iter().map(value).collect::<Vec<_>>());
        });
    }
}

#[tokio::test]
async fn a_position_in_another_list_is_refused() {
    let world = World::start().await;
    let mut profiles = world.campaign.list_profiles().line_count(1).items();
    profiles.next().await.unwrap().unwrap();
    let position = profiles.position().unwrap();
    let _ = world.sandbox.take_requests();
    let mut units = world.campaign.list_organizational_units().items_from(position);
    let error = units.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("`list_profiles`"), "{error}");
    assert!(!error.may_have_been_sent());
    assert!(units.next().await.is_none());
    assert_eq!(world.sandbox.requests().len(), 0);
}

#[tokio::test]
async fn after_a_failure_a_list_goes_on_where_it_was() {
    let world = World::start().await;
    let list = || world.partner.list_customers().retry(RetryPolicy::never());
    world.sandbox.respond_next(page(&["a", "b"], Some("t1")));
    world.sandbox.respond_next(Response::new(503));
    let mut customers = list().items();
    for expected in ["a", "b"] {
        let customer = customers.next().await.unwrap().unwrap();
        assert_eq!(customer.id.as_deref(), Some(expected));
    }
    assert!(customers.next().await.unwrap().unwrap_err().is_server_error());
    assert!(customers.next().await.is_none());

    // Through a file, say, and into another process.
    let saved = serde_json::to_string(&customers.position().unwrap()).unwrap();
    let position: Position = serde_json::from_str(&saved).unwrap();
    let _ = world.sandbox.take_requests();
    world.sandbox.respond_next(page(&["c"], None));
    let rest: Vec<_> = list().items_from(position).try_collect().await.unwrap();
    assert_eq!(rest[0].id.as_deref(), Some("c"));
    let sent = world.sandbox.requests();
    assert_eq!(sent[0].header("ms-continuationtoken"), Some("t1"));
}

#[tokio::test]
async fn a_position_in_the_list_of_another_organization_is_refused() {
    let world = World::start().await;
    let accounts = world.cloudflare.list_organization_accounts();
    let mut accounts = accounts.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID).items();
    accounts.next().await.unwrap().unwrap();
    let other = world.cloudflare.list_organization_accounts();
    let other = other.organization_id("other");
    let mut other = other.items_from(accounts.position().unwrap());
    let error = other.next().await.unwrap().unwrap_err();
    let expected = "`list_organization_accounts` of [\"other\"] can't go on from it";
    assert!(error.to_string().contains(expected), "{error}");
    assert!(!error.may_have_been_sent());
}

#[tokio::test]
async fn a_position_that_was_refused_is_not_lost() {
    let world = World::start().await;
    let mut profiles = world.campaign.list_profiles().line_count(1).items();
    profiles.next().await.unwrap().unwrap();
    let position = profiles.position();
    let units = world.campaign.list_organizational_units();
    let mut units = units.items_from(position.clone().unwrap());
    assert!(units.next().await.unwrap().is_err());
    assert_eq!(units.position(), position, "none would say that the list is done");
}

#[tokio::test]
async fn a_list_that_never_ends_is_not_taken_for_done_by_pieces() {
    let world = World::start().await;
    let mut position = Some(Position::default());
    for (ids, said) in [(["a", "b"], false), (["c", "d"], true)] {
        world.sandbox.respond_next(page(&ids, Some("t1")));
        let list = world.partner.list_customers();
        let mut items = list.items_from(position.unwrap()).at_most(2);
        let piece: Vec<_> = items.by_ref().collect().await;
        let (taken, failed): (Vec<_>, Vec<_>) = piece.into_iter().partition(Result::is_ok);
        assert_eq!((taken.len(), failed.len() == 1), (2, said));
        position = items.position();
        assert!(position.is_some());
    }
}

#[tokio::test]
async fn a_position_outlives_the_address_of_the_instance() {
    let (one, another) = (World::start().await, World::start().await);
    let [one, another] = [&one, &another].map(|world| world.campaign.list_profiles().line_count(1));
    let keys = |profiles: &[Profile]| -> Vec<_> {
        profiles.iter().map(|profile| profile.p_key.clone()).collect()
    };
    let whole: Vec<_> = one.clone().items().try_collect().await.unwrap();
    let mut items = one.items().at_most(1);
    items.next().await.unwrap().unwrap();
    let position = saved(&items.position().unwrap());
    let rest: Vec<_> = another.items_from(position).try_collect().await.unwrap();
    assert_eq!(keys(&rest), keys(&whole[1..]));
}
