//! A form in parts: texts as they are, objects as JSON.

use crate::support::{NOTHING, once, parts};
use letterhead::c06_parts_of_text::{Client, types};

#[test]
fn texts_have_no_type_and_objects_are_json() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let about = types::AddPartsBodyAbout::builder().size(3);
        let form = types::AddPartsBody::builder().about(about).count(2).title("a\r\nb");
        client.add_parts().body(form).send().await
    });
    reply.unwrap();
    let expected = [
        ("name=\"about\"\r\ncontent-type: application/json", "{\"size\":3}"),
        ("name=\"count\"", "2"),
        ("name=\"title\"", "a\r\nb"),
    ];
    assert_eq!(got.body, parts(&got, &expected));
}
