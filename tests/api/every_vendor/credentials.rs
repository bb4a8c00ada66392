//! Each kind of credential: what is sent of it, and that no secret of it is shown.

use std::collections::BTreeSet;

use letterhead_sandbox::{RecordedRequest, Response, Sandbox};
use letterhead_spec::Vendor as Row;
use serde_json::json;

use super::arguments::Arguments;
use super::{Tested, document, of_operation};
use crate::support::{assert_hidden, capture, said, shown};

/// A request has the headers that the table says, with a credential of this kind.
pub(crate) fn assert_headers(row: &Row, kind: usize, sent: &RecordedRequest) {
    assert_eq!(sent.header("accept"), Some(row.accept));
    let agent = concat!("letterhead/", env!("CARGO_PKG_VERSION"));
    assert_eq!(sent.header("user-agent"), Some(agent));
    for (name, value) in row.headers {
        assert_eq!(sent.header(name), Some(*value), "{name}");
    }
    for name in row.supplied_headers() {
        assert!(sent.header(name).is_some(), "{name}");
    }
    let own = row.credentials[kind].headers;
    for header in row.credential_headers() {
        let is_own = own.iter().any(|it| it.name == header.name);
        let is_sent = sent.header(header.name).is_some();
        assert_eq!(is_sent, is_own, "{}", header.name);
    }
    for name in row.credential_queries() {
        let is_own = row.credentials[kind].queries.contains(&name);
        assert_eq!(in_query(sent, name).is_some(), is_own, "{name}");
    }
    assert!(sent.response.headers().contains_key(row.trace_id));
}

/// The value of a pair of the query.
fn in_query<'r>(sent: &'r RecordedRequest, name: &str) -> Option<&'r str> {
    let mut pairs = sent.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(of, _)| *of == name).map(|(_, value)| value)
}

/// Calls the first operation that reads, with each credential that the service accepts.
pub(crate) async fn every_kind_is_sent<V: Tested>() {
    let sandbox = Sandbox::start().await.unwrap();
    let (row, setup) = (V::VENDOR.row(), V::VENDOR.setup());
    let kinds: BTreeSet<_> = setup.credentials.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, (0..row.credentials.len()).collect());
    for (kind, values) in setup.credentials {
        let client = V::client(*kind, values, sandbox.vendor_url(V::VENDOR)).unwrap();
        read::<V>(&sandbox, &client).await.unwrap();
        let sent = sandbox.take_requests().pop().unwrap();
        assert_headers(row, *kind, &sent);
        // Read from a file with its line end.
        let strange = values.iter().map(|value| format!("{value}\n")).collect::<Vec<_>>();
        let strange: Vec<_> = strange.iter().map(String::as_str).collect();
        let error = V::client(*kind, &strange, String::new());
        let error = error.expect_err("no credential has a line end");
        assert_hidden(&said(&error), values.iter().copied());
    }
}

/// What a client, its errors and its log show has no secret, be it that the vendor sends it back.
pub(crate) async fn no_secret_is_shown<V: Tested>() {
    let (log, _guard) = capture();
    let sandbox = Sandbox::start().await.unwrap();
    let row = V::VENDOR.row();
    for (kind, values) in V::VENDOR.setup().credentials {
        let client = V::client(*kind, values, sandbox.vendor_url(V::VENDOR)).unwrap();
        let reply = read::<V>(&sandbox, &client).await.unwrap();
        let sent = sandbox.take_requests().pop().unwrap();
        let headers = row.credentials[*kind].headers.iter();
        let secret = headers.filter(|header| header.is_secret).map(|header| {
            let value = sent.header(header.name).unwrap();
            value.rsplit(' ').next().unwrap().to_owned()
        });
        let queries = row.credentials[*kind].queries.iter();
        let queries = queries.filter_map(|name| in_query(&sent, name)).map(str::to_owned);
        let secrets: Vec<String> = secret.chain(queries).collect();
        assert!(!secrets.is_empty(), "{}", row.name);
        let mut all = vec![shown(&client), shown(&reply), shown(&sent)];
        let echo = secrets.join(" ");
        for response in [
            Response::new(400).json(&json!({"message": echo, "errors": [{"message": echo}]})),
            Response::new(401).html(&echo),
            Response::new(403).header(row.trace_id, &secrets[0]),
            Response::new(500).body(format!("RST-360011 {echo}")),
            Response::new(200).body(format!("{{{}: [", json!(echo))),
            Response::new(200).json(&json!(echo)),
        ] {
            sandbox.respond_next(response);
            all.push(match read::<V>(&sandbox, &client).await {
                Ok(reply) => shown(&reply),
                Err(error) => said(&error),
            });
        }
        all.push(log.text());
        assert!(log.text().contains("letterhead.attempt"), "the log was captured");
        assert_hidden(&all.join("\n"), secrets.iter().map(String::as_str));
    }
}

/// Calls the first operation that reads and takes every credential.
async fn read<V: Tested>(sandbox: &Sandbox, client: &V::Client) -> super::Outcome {
    let requests = V::VENDOR.successful_requests(sandbox);
    let bare = requests.iter().find(|(operation, _, body)| {
        let is_read = operation.starts_with("get") || operation.starts_with("list");
        body.is_none() && is_read
    });
    let (operation, target, _) = bare.expect("an operation that reads");
    let arguments = Arguments::of(&document::<V>(), operation, target, None);
    of_operation(V::CALLS, operation)(client, arguments).await
}
