//! What a vendor says is shown without characters that make a line look like another one.

use letterhead::partner_center::types::Customer;
use letterhead_sandbox::Response;
use serde_json::json;

use crate::support::{World, assert_hidden, said, shown};

#[tokio::test]
async fn a_vendor_cannot_reverse_a_line() {
    let world = World::without_retries().await;
    let odd = "a\u{202e}b\u{2066}c\u{200b}d\u{feff}e\u{ad}f\u{e0041}g\u{2028}h\u{1b}[31m\r\ni";
    for reply in [
        Response::new(400).json(&json!({"code": odd, "description": odd})),
        Response::new(400).json(&json!({"statusCode": 400, "message": odd})),
        Response::new(200).json(&json!({"items": {odd: 1}, "email": {odd: 1}})),
    ] {
        world.sandbox.respond_next(reply);
        let error = world.partner.get_support_profile().send().await.unwrap_err();
        let text = format!("{error} {:?} {:?}", error.message(), error.codes());
        let is_odd =
            |c: &char| c.is_control() || odd[1..].chars().any(|o| o == *c && !o.is_ascii());
        assert_eq!(text.chars().find(is_odd), None, "{text:?}");
    }
    world.sandbox.respond_next(Response::new(400).json(&json!({"code": 1, "description": odd})));
    let error = world.partner.get_support_profile().send().await.unwrap_err();
    assert_eq!(error.message(), Some("abcdefg h [31m i"));
}

#[tokio::test]
async fn the_first_password_of_a_customer_is_not_shown() {
    let world = World::without_retries().await;
    let credentials = json!({"userName": "admin", "password": "hunter2-hunter2"});
    let reply = Response::new(200).json(&json!({"id": "c", "userCredentials": credentials}));
    world.sandbox.respond_next(reply);
    let call = world.partner.get_customer().customer_tenant_id("c");
    let customer = call.send().await.unwrap();
    assert_hidden(&shown(&customer), ["hunter2"]);
    let customer: Customer = customer.into_inner();
    let found = customer.user_credentials.as_ref().unwrap();
    assert_eq!(found.password.as_ref().unwrap().expose(), "hunter2-hunter2");
    assert_eq!(serde_json::to_value(&customer).unwrap()["userCredentials"], credentials);
    // A response of another shape says where, and not what.
    let reply = json!({"id": "c", "userCredentials": {"password": ["hunter2-hunter2"]}});
    world.sandbox.respond_next(Response::new(200).json(&reply));
    let call = world.partner.get_customer().customer_tenant_id("c");
    let error = call.send().await.unwrap_err();
    assert!(error.to_string().contains("userCredentials.password"), "{error}");
    assert_hidden(&format!("{error} {}", shown(&error)), ["hunter2"]);
    assert!(said(&error).contains("hunter2"), "the body itself is kept as it came");
}
