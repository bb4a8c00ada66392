//! Every operation of every document.

use letterhead_document::Document;
use letterhead_spec::VENDORS;
use serde_json::{Value, json};

use crate::support::{Ran, call, run, run_with};

/// The words of a call with a value for each parameter, and the body that it needs.
fn words(vendor: &str, operation: letterhead_document::Operation<'_>) -> (Vec<String>, String) {
    let name = option(operation.id().unwrap());
    let name = name.trim_start_matches("--");
    let mut words: Vec<String> = ["call", vendor, name, "--dry-run"].map(str::to_owned).into();
    for parameter in operation.parameters() {
        if parameter.node.get("x-supplied-by").is_some() {
            continue;
        }
        let schema = parameter.schema().unwrap();
        let schema = schema.items().next().unwrap_or(schema);
        let value = match schema.find(|part| Some(part.list("enum")).filter(|it| !it.is_empty())) {
            Some(values) => values[0].as_str().unwrap().to_owned(),
            None => match schema.find(|part| part.text("type")) {
                Some("integer") => "1".to_owned(),
                Some("boolean") => "true".to_owned(),
                _ => "2026-10-05".to_owned(),
            },
        };
        words.extend([option(parameter.name()), value]);
    }
    let body = operation.request_body().map(|_| {
        words.extend(["--unchecked".to_owned(), "--body".to_owned(), "-".to_owned()]);
        json!({"made": "for a test"}).to_string()
    });
    (words, body.unwrap_or_default())
}

/// The option of a parameter: lower case, hyphens for all else and before a capital.
fn option(wire: &str) -> String {
    let mut option = String::new();
    let characters: Vec<char> = wire.trim_start_matches('_').chars().collect();
    for (index, c) in characters.iter().enumerate() {
        let is_begin =
            index > 0 && c.is_ascii_uppercase() && characters[index - 1].is_ascii_lowercase();
        if is_begin {
            option.push('-');
        }
        option.push(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    }
    format!("--{option}")
}

#[test]
fn every_operation_can_be_built_with_all_its_parameters() {
    let mut built = 0;
    for vendor in VENDORS {
        let document = Document::parse(vendor.file, vendor.document()).unwrap();
        for operation in document.operations() {
            let (words, body) = words(vendor.id, operation);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let Ran { code, out, notes } = run_with(&words, &[], &body);
            assert_eq!((code, &*notes), (0, ""), "{words:?}");
            let (first, headers) = out.split_once('\n').unwrap();
            assert!(first.starts_with(&format!("{} https://", operation.http_method())), "{out}");
            for parameter in operation.parameters() {
                let is_query = parameter.place() == "query";
                assert!(!is_query || first.contains(&format!("{}=", parameter.name())), "{out}");
            }
            let accept = format!("accept: {}", vendor.accept);
            assert!(headers.contains(&accept) && headers.contains("[redacted]"), "{out}");
            assert_eq!(out.contains("made"), operation.request_body().is_some(), "{out}");
            built += 1;
        }
    }
    assert_eq!(built, 89);
}

#[test]
fn what_is_asked_is_what_the_library_asks() {
    let ran = run(&[
        "call",
        "cloudflare",
        "list-organizations",
        "--name-starts-with",
        "a&b=c/é",
        "--page-size",
        "7",
        "--id",
        "1",
        "--id",
        "2",
        "--dry-run",
    ]);
    insta::assert_snapshot!(ran.screen());
}

#[test]
fn a_lost_call_is_retried_under_its_id() {
    let id = "9c1f0b7e-52d4-4e3a-8f6b-1a7d90c2e845";
    let words = ["call", "partner-center", "get-billing-profile", "--dry-run", "--request-id"];
    let ran = run(&[&words[..], &[id]].concat());
    assert!(ran.out.contains(&format!("ms-requestid: {id}\n")), "{}", ran.screen());
    let ran = run(&[&words[..], &["7"]].concat());
    assert_eq!(ran.code, 1, "{}", ran.screen());
}

#[test]
fn a_list_of_the_sandbox_is_read_to_its_end() {
    let list = ["partner-center", "list-customers", "--size", "2"];
    let first: Value = serde_json::from_str(&call(&list).out).unwrap();
    let ran = call(&[&list[..], &["--all"]].concat());
    let items: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(first["items"].as_array().unwrap(), &items[..2]);
    assert!(items.len() > 2, "{}", ran.screen());
}
