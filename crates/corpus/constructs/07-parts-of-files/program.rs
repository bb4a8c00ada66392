//! Files in a form, with their names and their types.

use crate::support::{NOTHING, chunks, once, parts};
use letterhead::Upload;
use letterhead::c07_parts_of_files::{Client, types};

#[test]
fn files_have_a_name_and_a_type() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let form = types::AddPartsBody::builder()
            .file(Upload::from("png").file_name("a\"b.png"))
            .more([Upload::from("1"), Upload::from("2").content_type("text/plain")]);
        client.add_parts().body(form).send().await
    });
    reply.unwrap();
    let expected = [
        ("name=\"file\"; filename=\"a%22b.png\"\r\ncontent-type: image/png", "png"),
        ("name=\"more\"; filename=\"more\"\r\ncontent-type: application/octet-stream", "1"),
        ("name=\"more\"; filename=\"more\"\r\ncontent-type: text/plain", "2"),
    ];
    assert_eq!(got.body, parts(&got, &expected));
}

#[test]
fn a_file_may_be_a_stream() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let file = Upload::stream(chunks()).length(6);
        client.add_parts().body(types::AddPartsBody::builder().file(file)).send().await
    });
    reply.unwrap();
    let head = "name=\"file\"; filename=\"file\"\r\ncontent-type: image/png";
    assert_eq!(got.body, parts(&got, &[(head, "onetwo")]));
}
