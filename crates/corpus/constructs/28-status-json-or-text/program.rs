//! JSON with one status, and text with another: the caller reads either.

use crate::support::{once, respond};
use letterhead::c28_status_json_or_text::Client;

#[test]
fn both_are_bytes_with_their_type() {
    for (status, media_type, body) in [(200, "application/json", "{}"), (202, "text/plain", "soon")]
    {
        let response = respond(status, &format!("content-type: {media_type}\r\n"), body);
        let (text, got) = once(&response, Client::at, async |client| {
            let reply = client.get_report().send().await.unwrap();
            assert_eq!((reply.status().as_u16(), reply.content_type()), (status, Some(media_type)));
            reply.into_inner().text().await
        });
        assert_eq!(text.unwrap(), body);
        assert_eq!(got.header("accept"), Some("text/plain, application/json"));
    }
}
