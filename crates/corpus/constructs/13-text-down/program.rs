//! Text that is downloaded.

use crate::support::{once, respond};
use letterhead::c13_text_down::Client;

#[test]
fn text_comes_without_its_mark() {
    let table = respond(200, "content-type: text/csv; charset=utf-8\r\n", "\u{feff}a,ü\n");
    let (text, got) = once(&table, Client::at, async |client| {
        client.get_table().send().await.unwrap().into_inner().text().await
    });
    assert_eq!(text.unwrap(), "a,ü\n");
    assert_eq!(got.header("accept"), Some("text/csv"));
}
