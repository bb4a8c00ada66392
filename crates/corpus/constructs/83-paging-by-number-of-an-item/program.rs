//! A cursor that is a number, in a header.

use crate::support::{drained, ends, page, served};
use letterhead::c83_paging_by_number_of_an_item::{Client, types};

fn id(pet: &types::Pet) -> Option<&str> {
    pet.id.as_deref()
}

#[test]
fn the_number_goes_into_the_header() {
    let (client, _) = served(Client::at, |request, _| match request.header("x-since") {
        None => page("", "pets", "a", ",\"last\":7"),
        Some("7") => page("", "pets", "b", ",\"last\":9"),
        Some(_) => page("", "pets", "c", ",\"last\":null"),
    });
    let (ids, error) = drained(client.list_pets().items(), id);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(ids, "abc");
}

#[test]
fn the_same_number_again_is_an_error() {
    let (client, got) = served(Client::at, |_, _| page("", "pets", "ab", ",\"last\":1"));
    ends(client.list_pets().items(), id, &got, 3);
}
