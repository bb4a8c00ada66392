//! Whether the table of vendors says what their documents say.

use std::collections::BTreeSet;

use letterhead_document::{CredentialPlace, Document, Node};
use letterhead_spec::{VENDORS, Vendor};

fn document(vendor: &Vendor) -> Document {
    Document::parse(vendor.file, vendor.document()).unwrap()
}

#[test]
fn every_vendor_is_a_feature_that_is_on_by_default() {
    let manifest = include_str!("../../../Cargo.toml");
    let (_, features) = manifest.split_once("[features]\n").unwrap();
    let mut lines = features.lines();
    let default = lines.next().unwrap();
    assert!(default.starts_with("default = [\"all-vendors\""), "{default}");
    let mut all = lines.clone().filter(|line| line.starts_with("all-vendors = ["));
    let all = all.next().unwrap();
    for vendor in VENDORS {
        let quoted = format!("\"{}\"", vendor.id);
        assert!(all.contains(&quoted), "{quoted} is not in {all}");
        let feature = format!("{} = [", vendor.id);
        assert!(lines.clone().any(|line| line.starts_with(&feature)));
    }
}

#[test]
fn clouds_are_those_of_the_document() {
    for vendor in VENDORS {
        let document = document(vendor);
        let servers = document.servers();
        let urls: Vec<&str> = servers.map(|server| server.url().unwrap()).collect();
        let is_below = |url: &str, base_url: &str| {
            let rest = url.strip_prefix(base_url);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("/{"))
        };
        let clouds = vendor.clouds.iter();
        for cloud in clouds.clone() {
            let is_there = urls.iter().any(|url| is_below(url, cloud.base_url));
            assert!(is_there, "{} of {}", cloud.base_url, vendor.name);
        }
        for url in &urls {
            let is_there = clouds.clone().any(|cloud| is_below(url, cloud.base_url));
            assert!(is_there, "{url} of {}", vendor.name);
        }
        let offered = document.operations();
        let offered = offered.flat_map(|operation| operation.node.list("x-clouds"));
        let offered: BTreeSet<_> = offered.filter_map(Node::as_str).collect();
        let named: BTreeSet<_> = clouds.map(|cloud| cloud.name).collect();
        assert!(offered.is_empty() || offered == named, "{}", vendor.name);
    }
}

#[test]
fn credentials_are_those_of_the_document() {
    for vendor in VENDORS {
        let document = document(vendor);
        let asked = document.operations();
        let asked = asked.flat_map(|operation| operation.security().collect::<Vec<_>>());
        let place = |place: &CredentialPlace<'_>| match place {
            CredentialPlace::Header(name) => name.to_ascii_lowercase(),
            CredentialPlace::Query(name) => format!("?{name}"),
        };
        let kinds: BTreeSet<BTreeSet<String>> =
            asked.map(|kind| kind.iter().map(place).collect()).collect();
        let listed = vendor.credentials.iter().map(|kind| {
            let headers = kind.headers.iter().map(|header| header.name.to_owned());
            headers.chain(kind.queries.iter().map(|name| format!("?{name}"))).collect()
        });
        assert_eq!(kinds, listed.collect(), "{}", vendor.name);
    }
}

#[test]
fn headers_that_the_layer_supplies_are_those_of_the_document() {
    for vendor in VENDORS {
        let document = document(vendor);
        let parameters = document.operations().flat_map(|it| it.parameters());
        let supplied = parameters.filter(|it| it.node.text("x-supplied-by") == Some("layer"));
        let supplied: BTreeSet<_> = supplied.map(|it| it.name().to_ascii_lowercase()).collect();
        let sent = vendor.supplied_headers().map(str::to_owned);
        assert_eq!(supplied, sent.collect(), "{}", vendor.name);
    }
}

#[test]
fn the_page_of_operations_has_every_vendor() {
    let page = include_str!("../../../docs/operations.md");
    for Vendor { client, module, .. } in VENDORS {
        let line = format!("`{client}` is a `letterhead::{module}::Client`.");
        assert!(page.contains(&line), "{line}");
    }
}
