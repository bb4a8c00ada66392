//! A JSON value in each line, decoded one by one.

use crate::support::{once, respond};
use letterhead::c17_lines_down::Client;

#[test]
fn a_broken_line_is_an_error_in_its_place() {
    let feed = respond(
        200,
        "",
        "\u{feff}{\"name\":\"a\"}\n\n[]\r\n{\"age\":\"7\",\"name\":\"b\"}\n{\"name\":null}",
    );
    let (names, got) = once(&feed, Client::at, async |client| {
        let mut lines = client.get_feed().send().await.unwrap().into_inner();
        let mut names = Vec::new();
        while let Some(line) = lines.next().await {
            names.push(line.map(|pet| pet.name).ok());
        }
        names
    });
    let name = |name: &str| Some(Some(name.to_owned()));
    assert_eq!(names, [name("a"), None, name("b"), Some(None)]);
    assert_eq!(got.header("accept"), Some("application/x-ndjson"));
}

#[test]
fn a_line_has_a_limit_and_the_feed_has_none() {
    let feed = respond(200, "", "{\"name\":\"a\"}\n{\"name\":\"b\"}\n{\"name\":\"abcdef\"}\n{}");
    let (count, _) = once(&feed, Client::at, async |client| {
        let mut lines = client.get_feed().send().await.unwrap().into_inner().limit(15);
        for _ in 0..2 {
            lines.next().await.unwrap().unwrap();
        }
        let error = lines.next().await.unwrap().unwrap_err();
        assert!(error.to_string().contains("a line has more than 15 bytes"), "{error}");
        lines.next().await.is_none()
    });
    assert!(count);
}
