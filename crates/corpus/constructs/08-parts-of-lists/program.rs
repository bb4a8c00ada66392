//! Lists in a form in parts: a part for each item, or JSON where the document says so.

use crate::support::{NOTHING, once, parts};
use letterhead::Upload;
use letterhead::c08_parts_of_lists::{Client, types};

#[test]
fn a_list_has_a_part_for_each_item_or_is_json() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let form = types::AddPartsBody::builder()
            .notes(["m", "n"])
            .pages([Upload::from("p").file_name("1.png"), Upload::from("q")])
            .sizes([1, 2]);
        client.add_parts().body(form).send().await
    });
    reply.unwrap();
    let expected = [
        ("name=\"notes\"\r\ncontent-type: text/markdown", "m"),
        ("name=\"notes\"\r\ncontent-type: text/markdown", "n"),
        ("name=\"pages\"; filename=\"1.png\"\r\ncontent-type: image/png", "p"),
        ("name=\"pages\"; filename=\"pages\"\r\ncontent-type: image/png", "q"),
        ("name=\"sizes\"\r\ncontent-type: application/json", "[1,2]"),
    ];
    assert_eq!(got.body, parts(&got, &expected));
}
