//! Pages that are counted, up to their total.

use crate::support::{drained, ends, page, served};
use letterhead::c84_paging_by_page::{Client, types};

fn id(pet: &types::Pet) -> Option<&str> {
    pet.id.as_deref()
}

#[test]
fn pages_are_counted_to_their_total() {
    let (client, got) =
        served(Client::at, |_, count| page("", "pets", ["a", "b", "c"][count - 1], ",\"pages\":3"));
    assert_eq!(drained(client.list_pets().items(), id).0, "abc");
    assert_eq!(got.lines(), ["GET /pets", "GET /pets?page=2", "GET /pets?page=3"]);
    let (client, got) =
        served(Client::at, |_, count| page("", "pets", ["b", "c"][count - 1], ",\"pages\":3"));
    assert_eq!(drained(client.list_pets().page(2).items(), id).0, "bc");
    assert_eq!(got.lines(), ["GET /pets?page=2", "GET /pets?page=3"]);
}

#[test]
fn who_knows_no_numbers_does_not_send_one_page_for_ever() {
    let (client, got) = served(Client::at, |_, _| page("", "pets", "ab", ",\"pages\":1000000"));
    ends(client.list_pets().items(), id, &got, 3);
}

#[test]
fn a_page_without_items_is_the_last() {
    let (client, got) = served(Client::at, |_, _| page("", "pets", "", ",\"pages\":1000000"));
    assert!(drained(client.list_pets().items(), id).1.is_none());
    assert_eq!(got.lines().len(), 1);
}
