//! A list whose body says where it goes on.

use crate::support::{drained, ends, page, served};
use letterhead::c88_paging_by_url::{Client, types};

fn id(pet: &types::Pet) -> Option<&str> {
    pet.id.as_deref()
}

#[test]
fn the_url_may_be_relative() {
    let (client, got) = served(Client::at, |_, count| match count {
        1 => page("", "pets", "a", ",\"next\":\"?p=2\""),
        2 => page("", "pets", "b", ",\"next\":\"/pets?p=3\""),
        _ => page("", "pets", "c", ",\"next\":null"),
    });
    let (ids, error) = drained(client.list_pets().items(), id);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(ids, "abc");
    assert_eq!(got.lines(), ["GET /pets", "GET /pets?p=2", "GET /pets?p=3"]);
}

#[test]
fn no_link_leads_to_another_host() {
    for next in ["https://other.example/pets", "//other.example/pets", "http://127.0.0.1:1/pets"] {
        let (client, got) =
            served(Client::at, move |_, _| page("", "pets", "a", &format!(",\"next\":\"{next}\"")));
        let (ids, error) = drained(client.list_pets().items(), id);
        assert_eq!(ids, "a");
        assert!(error.is_some(), "{next}");
        assert_eq!(got.lines().len(), 1, "{next}");
    }
}

#[test]
fn pages_without_items_do_not_go_on_for_ever() {
    let (client, got) = served(Client::at, |_, count| {
        page("", "pets", "", &format!(",\"next\":\"/pets?p={count}\""))
    });
    ends(client.list_pets().items(), id, &got, 110);
}
