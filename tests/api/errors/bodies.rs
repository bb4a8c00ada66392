//! Responses whose bodies aren't what the document says.

use std::error::Error as _;

use letterhead::ErrorKind;
use letterhead_sandbox::Response;
use serde_json::json;

use super::{assert_traceable, error_of, modify};
use crate::support::World;

#[tokio::test]
async fn a_proxys_html_keeps_its_status() {
    let (_world, error) = error_of(Response::new(502).html("<html>Bad gateway</html>")).await;
    assert_traceable(&error, "get_organization_profile");
    assert!(error.is_server_error());
    assert_eq!(error.body().unwrap(), b"<html>Bad gateway</html>");
    assert_eq!((error.codes().len(), error.message()), (0, None));

    // A login page in place of the response.
    let (_world, error) = error_of(Response::new(200).html("<html>Sign in</html>")).await;
    assert!(error.is_decode());
    assert_eq!(error.status().unwrap(), 200);
    let expected = "promises: expected value at line 1 column 1 (its content type is `text/html";
    assert!(error.to_string().contains(expected), "{error}");
    assert!(error.source().is_some());
    let kept = error.clone();
    assert_eq!(format!("{kept} {kept:?}"), format!("{error} {error:?}"));
}

#[tokio::test]
async fn an_empty_body_is_no_json() {
    let (_world, error) = error_of(Response::new(401)).await;
    assert!(error.is_unauthorized());
    assert_eq!(error.body().unwrap(), b"");

    for body in ["", "\u{feff}"] {
        let (_world, error) = error_of(Response::new(200).body(body)).await;
        assert!(error.is_decode());
        assert!(error.to_string().contains("without the body that the document promises"));
    }
}

#[tokio::test]
async fn what_does_not_decode_is_named_by_its_path() {
    let body = json!({"defaultAddress": {"phoneNumber": 4_255_550_100_u64}});
    let (_world, error) = error_of(Response::new(200).json(&body)).await;
    assert!(error.is_decode());
    let source = error.source().unwrap().to_string();
    let expected =
        "defaultAddress.phoneNumber: invalid type, expected a string at line 1 column 43";
    assert_eq!(source, expected, "and nothing of the value");
    assert!(error.to_string().contains(expected), "{error}");
}

#[tokio::test]
async fn a_bom_is_no_part_of_json_in_errors_either() {
    let body = "\u{feff}{\"code\": 60003, \"description\": \"no tenant\"}";
    let (_world, error) = error_of(Response::new(404).body(body)).await;
    assert_eq!(error.codes(), ["60003"]);
    assert_eq!(error.message(), Some("no tenant"));
}

#[tokio::test]
async fn a_long_body_is_kept_in_part() {
    let (_world, error) = error_of(Response::new(500).body(vec![b'x'; 200_000])).await;
    assert_eq!(error.body().unwrap().len(), 64 * 1024);
}

#[tokio::test]
async fn error_bodies_may_be_anything() {
    for body in ["null", "[]", "3", "\"text\"", "{\"code\": {}}", "{\"code\": 1e400}", "{", "\u{0}"]
    {
        for status in [400, 500] {
            let (_world, error) = error_of(Response::new(status).body(body)).await;
            assert_eq!(error.body().unwrap(), body.as_bytes());
        }
    }
}

#[tokio::test]
async fn a_response_of_somebody_else_is_no_success() {
    let world = World::without_retries().await;
    for (body, kind) in [
        ("<html>Sign in</html>", ErrorKind::Decode),
        ("\u{feff}{\"success\":false,\"errors\":[]}", ErrorKind::Refused),
        ("{\"success\":false,\"err", ErrorKind::Decode),
    ] {
        world.sandbox.respond_next(Response::new(200).body(body));
        assert_eq!(modify(&world).await.unwrap_err().kind(), kind, "{body}");
    }
}

#[tokio::test]
async fn what_a_vendor_sends_cannot_forge_lines_or_fill_logs() {
    let body = json!({"code": "1\n2031 INFO forged", "description": "x".repeat(5000)});
    let (_world, error) = error_of(Response::new(400).json(&body)).await;
    assert_eq!(error.codes(), ["1 2031 INFO forged"]);
    let text = format!("{error}{error:?}");
    assert!(!text.contains('\n') && text.len() < 3000, "{}", text.len());

    let long = json!({"defaultAddress": "x".repeat(100_000)});
    let (_world, error) = error_of(Response::new(200).json(&long)).await;
    let text = format!("{error}{error:?}{}", error.source().unwrap());
    assert!(text.len() < 3000, "{}", text.len());
}
