//! A list that goes on behind so many items.

use crate::support::{drained, ends, page, run, served, with};
use letterhead::c86_paging_by_offset::{Client, types};

fn id(pet: &types::Pet) -> Option<&str> {
    pet.id.as_deref()
}

#[test]
fn items_that_are_not_as_described_count_as_well() {
    let (client, got) = served(Client::at, |_, count| match count {
        1 => with("", "{\"pets\":[{\"id\":\"a\"},7],\"more\":true}"),
        2 => page("", "pets", "bcd", ",\"more\":true"),
        _ => page("", "pets", "e", ",\"more\":false"),
    });
    let mut items = client.list_pets().items();
    let (mut ids, mut errors) = (String::new(), 0);
    run(async {
        while let Some(item) = items.next().await {
            match item {
                Ok(item) => ids.push_str(item.id.as_deref().unwrap()),
                Err(error) => errors += usize::from(error.item().is_some()),
            }
        }
    });
    assert_eq!((ids.as_str(), errors), ("abcde", 1));
    assert_eq!(got.lines(), ["GET /pets", "GET /pets?offset=2", "GET /pets?offset=5"]);
}

#[test]
fn a_position_goes_on_where_it_was_taken() {
    let (client, got) = served(Client::at, |_, count| {
        page("", "pets", ["abc", "abc", "d"][count - 1], ",\"more\":true")
    });
    let rest = run(async {
        let mut items = client.list_pets().items();
        items.next().await.unwrap().unwrap();
        let position = items.position().unwrap();
        let mut items = client.list_pets().items_from(position).at_most(3);
        let mut rest = String::new();
        while let Some(item) = items.next().await {
            rest.push_str(item.unwrap().id.as_deref().unwrap());
        }
        rest
    });
    assert_eq!(rest, "bcd");
    assert_eq!(got.lines(), ["GET /pets", "GET /pets", "GET /pets?offset=3"]);
}

#[test]
fn the_same_items_for_ever_are_an_error_and_none_are_the_end() {
    let (client, got) = served(Client::at, |_, _| page("", "pets", "ab", ",\"more\":true"));
    ends(client.list_pets().items(), id, &got, 110);
    let (client, got) = served(Client::at, |_, _| page("", "pets", "", ",\"more\":true"));
    assert!(drained(client.list_pets().items(), id).1.is_none());
    assert_eq!(got.lines().len(), 1);
}
