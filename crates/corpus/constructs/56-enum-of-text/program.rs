//! An enum of odd texts, which stays open.

use crate::support::{json, lossless, once};
use letterhead::c56_enum_of_text::{Client, types};

#[test]
fn each_value_has_a_name_and_any_other_is_kept() {
    for (text, is_listed) in [
        ("a-b", true),
        ("a_b", true),
        ("", true),
        ("Self", true),
        ("1", true),
        ("Unlisted", true),
        ("A_B", false),
    ] {
        let state = types::State::from(text);
        assert_eq!(state.as_str(), text);
        assert_eq!(matches!(state, types::State::Unlisted(_)), !is_listed, "{text}");
        let pet = format!("{{\"state\":\"{text}\"}}");
        let (reply, got) =
            once(&json(&pet), Client::at, async |client| client.get_pet().state(text).send().await);
        assert_eq!(got.line, format!("GET /pet?state={text}"));
        let reply = reply.unwrap().into_inner();
        lossless(&reply, &pet);
        assert_eq!(reply.state, Some(state));
    }
}
