//! Numbers beyond 64 bits, numbers of which nobody knows how many digits they have, and numbers as text.

use crate::support::{json, lossless, once};
use letterhead::c81_numbers::Client;

#[test]
fn no_digit_is_lost() {
    let numbers = "{\"huge\":123456789012345678901234567890,\"most\":18446744073709551615,\"more\":0.1000000000000000055511151231257827}";
    let (reply, _) =
        once(&json(numbers), Client::at, async |client| client.get_numbers().send().await);
    let reply = reply.unwrap().into_inner();
    assert_eq!(reply.most, Some(u64::MAX));
    lossless(&reply, numbers);
}

#[test]
fn a_number_as_text_is_the_number() {
    let numbers = "\u{feff}{\"count\":\"7\",\"share\":\"0.5\",\"name\":\"1.50\",\"most\":18446744073709551615,\
                   \"parts\":[{\"count\":\"-1\"}],\"more\":\"1\"}";
    let (reply, _) =
        once(&json(numbers), Client::at, async |client| client.get_numbers().send().await);
    let reply = reply.unwrap().into_inner();
    assert_eq!((reply.count, reply.share, reply.most), (Some(7), Some(0.5), Some(u64::MAX)));
    assert_eq!(reply.name.as_deref(), Some("1.50"));
    assert_eq!(reply.parts[0].count, Some(-1));
    assert_eq!(reply.extra.get_raw("more"), Some("\"1\""));
}

#[test]
fn what_is_no_number_is_an_error_at_its_place() {
    let numbers = "{\"share\":\"0.5\",\"parts\":[{\"count\":\"seven\"}]}";
    let (reply, _) =
        once(&json(numbers), Client::at, async |client| client.get_numbers().send().await);
    let error = reply.unwrap_err().to_string();
    assert!(error.contains("parts[0].count: invalid type, expected i64"), "{error}");
    assert!(!error.contains("seven"), "{error}");
}
