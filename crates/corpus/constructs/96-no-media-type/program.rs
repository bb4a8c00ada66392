//! Names that are no media types, where these should be.

use crate::support::{NOTHING, json, once, with};
use letterhead::c96_no_media_type::Client;

#[test]
fn they_say_nothing_beside_a_media_type() {
    let (reply, got) = once(&json("{\"token\":\"t1\"}"), Client::at, async |client| {
        client.get_token().send().await
    });
    assert_eq!(reply.unwrap().into_inner().token.as_deref(), Some("t1"));
    assert_eq!(got.header("accept"), Some("application/json"));
}

#[test]
fn bytes_are_of_any_type() {
    let (sheet, got) = once(&with("", "cells"), Client::at, async |client| {
        client.get_sheet().send().await.unwrap().into_inner().bytes().await
    });
    assert_eq!((&*sheet.unwrap(), got.header("accept")), (&b"cells"[..], Some("*/*")));
}

#[test]
fn a_body_is_json() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        client.add_plan().body_map(|plan| plan.date("today")).send().await
    });
    reply.unwrap();
    assert_eq!(got.header("content-type"), Some("application/json"));
    assert_eq!(got.body, "{\"date\":\"today\"}");
}
