//! Links that the vendor sends: followed only where they stay at home.

use letterhead::Position;

use super::lists::{Way, items};
use super::table::Table;
use crate::support::server::{RawServer, json};

const HOME: &str = "a link that leads out of its origin or instance isn't followed";
const RELATIVE: &str = "a relative link is resolved against the page's own URL, or refused";
const FOLLOWED: &str = "a link within the instance is followed as it is";

/// A list whose first page leads to `href`; what it came to, and the targets asked for.
async fn leading_to(href: String) -> (super::lists::Listed, Vec<String>) {
    let server = RawServer::start(move |request| match request.number {
        0 => {
            let list = items(&["a"]);
            let href = serde_json::Value::from(href.as_str());
            json(200, format!(r#"{{"content":{list},"next":{{"href":{href}}}}}"#))
        }
        _ => json(200, format!(r#"{{"content":{}}}"#, items(&["b"]))),
    })
    .await;
    let listed = Way::Link.all(&server.url, Position::default()).await;
    let requests = server.requests();
    let targets = requests.iter().map(|it| it.target().to_owned()).collect();
    (listed, targets)
}

#[tokio::test]
async fn a_link_that_leads_away_is_not_followed() {
    let mut table = Table::new("links");
    for href in [
        "/other/campaign/x",
        "/fabrikam/../other/campaign/x",
        "/fabrikam/%2e%2e/other/campaign/x",
        "/fabrikam/.%2E/other/campaign/x",
        "/fabrikam/..%2fother/campaign/x",
        "/fabrikam/..%2Fother/campaign/x",
        "/fabrikam/%2e%2e%2fother/x",
        "/fabrikam/..;/other/campaign/x",
        "/fabrikam/..;a=b/other/campaign/x",
        "/fabrikam/..%5cother/campaign/x",
        "/fabrikam/..\\other/campaign/x",
        "/fabrikam/campaign/%2e%2e%2f%2e%2e%2fother/x",
        "/fabrikamevil/campaign/x",
        "//attacker.example/fabrikam/campaign/x",
        "https://attacker.example/fabrikam/campaign/x",
        "http://127.0.0.1:1/fabrikam/campaign/x",
        "http://localhost/fabrikam/campaign/x",
        "\\\\attacker.example\\fabrikam",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/plain,x",
        "http://",
        "http://[::1",
    ] {
        let row = async move {
            let (listed, targets) = leading_to(href.to_owned()).await;
            assert_eq!(listed.items, ["a"], "it asked for {targets:?}");
            assert_eq!(targets.len(), 1, "it asked for {targets:?}");
            assert_eq!(listed.errors.len(), 1, "a quiet end");
            assert!(listed.position.is_some());
        };
        table.row(HOME, href, row).await;
    }
    table
        .row(HOME, "credentials in the link, to the same host", async {
            let server = RawServer::start(|_| json(200, "{}")).await;
            let host = server.url.trim_start_matches("http://").to_owned();
            for user in ["a:b@", "a@"] {
                let (_, targets) = leading_to(format!("http://{user}{host}/fabrikam/x")).await;
                assert_eq!(targets.len(), 1, "{targets:?}");
            }
            assert_eq!(server.requests().len(), 0);
        })
        .await;
    table.end();
}

#[tokio::test]
async fn a_relative_link_is_the_pages() {
    let mut table = Table::new("links");
    let own = "/fabrikam/campaign/profileAndServicesExt/orgUnitBase/";
    for (href, wanted) in [
        ("?_lineStart=2", format!("{own}?_lineStart=2")),
        ("next?_lineStart=2", format!("{own}next?_lineStart=2")),
        ("./?_lineStart=2", format!("{own}?_lineStart=2")),
        ("../orgUnitBase/?_lineStart=2", format!("{own}?_lineStart=2")),
    ] {
        let row = async move {
            let (listed, targets) = leading_to(href.to_owned()).await;
            match targets.get(1) {
                Some(target) => assert_eq!(*target, wanted),
                None => assert_eq!(listed.errors.len(), 1, "a quiet end"),
            }
        };
        table.row(RELATIVE, href, row).await;
    }
    for href in [
        "/fabrikam/campaign/profileAndServicesExt/orgUnitBase/?_lineStart=a%2Fb",
        "/fabrikam//campaign/x?_lineStart=2",
        "/fabrikam/profileAndServicesExt/orgUnitBase/?_lineStart=@x",
        "/fabrikam/campaign/x?_lineStart=..%2f..%2f",
        "/fabrikam/campaign/@a%2Fb%3D?x",
    ] {
        let row = async move {
            let (listed, targets) = leading_to(href.to_owned()).await;
            assert_eq!(targets.get(1).map(String::as_str), Some(href), "{listed:?}");
            assert_eq!(listed.items, ["a", "b"]);
        };
        table.row(FOLLOWED, href, row).await;
    }
    let row = async {
        let (listed, targets) = leading_to(String::new()).await;
        assert_eq!(targets.len(), 1, "{targets:?}");
        assert!(listed.errors.is_empty() && listed.position.is_none());
    };
    table.row("an empty link is none", "the last page", row).await;
    table.end();
}
