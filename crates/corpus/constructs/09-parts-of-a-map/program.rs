//! A map of files as a form.

use std::collections::BTreeMap;

use crate::support::{NOTHING, once, parts};
use letterhead::Upload;
use letterhead::c09_parts_of_a_map::Client;

#[test]
fn each_entry_is_a_file() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let files = BTreeMap::from([("a".to_owned(), Upload::from("x"))]);
        client.add_files().body(files).send().await
    });
    reply.unwrap();
    assert!(got.header("content-type").unwrap().starts_with("multipart/form-data; boundary="));
    let head = "name=\"a\"; filename=\"a\"\r\ncontent-type: application/octet-stream";
    assert_eq!(got.body, parts(&got, &[(head, "x")]));
}
