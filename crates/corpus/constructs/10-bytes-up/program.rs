//! Bytes as a body, in memory or as a stream.

use std::time::Duration;

use crate::support::{NOTHING, chunks, once, respond, run, served};
use letterhead::Upload;
use letterhead::c10_bytes_up::Client;

#[test]
fn a_stream_of_known_length_has_its_length() {
    let upload = Upload::stream(chunks()).length(6).content_type("image/png");
    let again = upload.clone();
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.put_bytes().body(upload).send().await.unwrap();
        client.put_bytes().body(again).send().await
    });
    assert_eq!(got.header("content-length"), Some("6"));
    assert_eq!(got.header("content-type"), Some("image/png"));
    assert_eq!(got.body, "onetwo");
    let error = reply.unwrap_err();
    assert!(error.to_string().contains("was sent already"), "{error}");
}

#[test]
fn a_stream_is_never_retried() {
    // A PUT of a value is retried after a 503.
    let (reply, got) = once(&respond(503, "", ""), Client::at, async |client| {
        client.put_bytes().body(Upload::stream(chunks())).send().await
    });
    assert_eq!(reply.unwrap_err().status().map(|status| status.as_u16()), Some(503));
    assert_eq!(got.header("transfer-encoding"), Some("chunked"));
    assert_eq!(got.body, "onetwo");
}

#[test]
fn a_stream_is_as_long_as_it_says() {
    for (length, said) in [(5, "has more bytes"), (3, "has more bytes"), (7, "1 bytes fewer")] {
        let (client, _got) = served(Client::at, |_, _| NOTHING.to_owned());
        let upload = Upload::stream(chunks()).length(length);
        let call = client.put_bytes().body(upload).timeout(Duration::from_secs(20));
        let error = run(call.send()).unwrap_err();
        assert!(error.is_invalid_request() && error.to_string().contains(said), "{error}");
        assert!(error.may_have_been_sent());
    }
}
