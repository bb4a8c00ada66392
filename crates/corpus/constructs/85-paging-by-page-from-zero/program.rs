//! Pages that are counted from zero, up to an empty one.

use crate::support::{drained, ends, page, served};
use letterhead::c85_paging_by_page_from_zero::{Client, types};

fn id(pet: &types::Pet) -> Option<&str> {
    pet.id.as_deref()
}

#[test]
fn an_empty_page_is_the_last() {
    let (client, got) =
        served(Client::at, |_, count| page("", "pets", ["a", "b", ""][count - 1], ""));
    assert_eq!(drained(client.list_pets().page(0).items(), id).0, "ab");
    assert_eq!(got.lines(), ["GET /pets?page=0", "GET /pets?page=1", "GET /pets?page=2"]);
}

#[test]
fn the_same_page_for_ever_is_an_error() {
    let (client, got) = served(Client::at, |_, _| page("", "pets", "ab", ""));
    ends(client.list_pets().page(0).items(), id, &got, 110);
}
