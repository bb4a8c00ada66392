//! A list that goes on by the header `Link`.

use crate::support::{drained, ends, items, served, with};
use letterhead::c87_paging_by_link::{Client, types};

fn id(pet: &types::Pet) -> Option<&str> {
    pet.id.as_deref()
}

#[test]
fn the_link_leads_on() {
    let (client, got) = served(Client::at, |_, count| match count {
        1 => with("link: </pets?p=2>; rel=\"next\"\r\n", &items("ab")),
        _ => with("", &items("c")),
    });
    assert_eq!(drained(client.list_pets().items(), id).0, "abc");
    assert_eq!(got.lines(), ["GET /pets", "GET /pets?p=2"]);
}

#[test]
fn a_link_to_the_same_page_is_an_error() {
    let (client, got) = served(Client::at, |_, _| with("link: </pets>; rel=next\r\n", &items("a")));
    ends(client.list_pets().items(), id, &got, 3);
}
