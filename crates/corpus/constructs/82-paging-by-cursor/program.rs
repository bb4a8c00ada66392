//! A list that goes on by a cursor, from the body or a header.

use crate::support::{drained, ends, page, served};
use letterhead::c82_paging_by_cursor::{Client, types};

fn id(pet: &types::Pet) -> Option<&str> {
    pet.id.as_deref()
}

#[test]
fn a_cursor_leads_on_from_the_body_or_a_header() {
    let (client, got) = served(Client::at, |_, count| match count {
        1 => page("", "pets", "ab", ",\"meta\":{\"next\":\"x&y\"}"),
        2 => page("x-next: z\r\n", "pets", "c", ",\"meta\":null"),
        _ => page("", "pets", "d", ",\"meta\":{\"next\":\"\"}"),
    });
    let (ids, error) = drained(client.list_pets().items_query(2).items(), id);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(ids, "abcd");
    let expected =
        ["GET /pets?items=2", "GET /pets?after=x%26y&items=2", "GET /pets?after=z&items=2"];
    assert_eq!(got.lines(), expected);
}

#[test]
fn a_cursor_that_is_the_same_again_is_an_error() {
    let (client, got) =
        served(Client::at, |_, _| page("", "pets", "a", ",\"meta\":{\"next\":\"same\"}"));
    ends(client.list_pets().items(), id, &got, 3);
}

#[test]
fn a_cursor_that_can_not_be_read_is_an_error() {
    let (client, got) = served(Client::at, |_, _| page("x-next: é\r\n", "pets", "a", ""));
    let (ids, error) = drained(client.list_pets().items(), id);
    assert_eq!(ids, "a");
    assert!(error.unwrap().to_string().contains("in a form that can't be read"));
    assert_eq!(got.lines().len(), 1);
}
