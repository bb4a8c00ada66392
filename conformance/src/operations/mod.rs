//! Every operation of the documents, called by our clients.

mod campaign_standard;
mod cloudflare;
mod partner_center;

use std::collections::BTreeSet;
use std::future::Future;

use letterhead::{Error, Reply};
use letterhead_document::Document;
use letterhead_sandbox::Exchange;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The operations of one document.
pub(crate) struct Operations {
    /// Method, path and name; the paths with fewer variables first.
    all: Vec<(String, Vec<String>, String)>,
}

impl Operations {
    /// Reads them; their paths continue `base`.
    pub(crate) fn of(name: &str, text: &str, base: &str) -> anyhow::Result<Self> {
        let document = Document::parse(name, text).map_err(|fault| anyhow::anyhow!("{fault}"))?;
        let document = document.to_json();
        let mut all = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if let Some(id) = operation["operationId"].as_str() {
                    let path = segments(&format!("{base}{path}"));
                    all.push((method.to_uppercase(), path, id.to_owned()));
                }
            }
        }
        let variables = |path: &[String]| path.iter().filter(|one| one.starts_with('{')).count();
        all.sort_by_key(|(_, path, _)| variables(path));
        Ok(Self { all })
    }

    /// Those that none of the exchanges is of.
    pub(crate) fn missing(&self, exchanges: &[Exchange]) -> Vec<String> {
        let called: BTreeSet<_> = exchanges.iter().filter_map(|one| self.find(one)).collect();
        let names = self.all.iter().map(|(_, _, name)| name);
        names
            .filter(|name| !called.contains(name))
            .cloned()
            .collect()
    }

    fn find(&self, exchange: &Exchange) -> Option<&String> {
        let given = segments(exchange.path());
        let found = self.all.iter().find(|(method, path, _)| {
            let mut pairs = path.iter().zip(&given);
            exchange.method == method.as_str()
                && path.len() == given.len()
                && pairs.all(|(known, given)| known.starts_with('{') || known == given)
        });
        found.map(|(_, _, name)| name)
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}

/// Calls, and what failed among them.
#[derive(Default)]
pub(crate) struct Calls {
    pub(crate) count: usize,
    pub(crate) findings: Vec<String>,
}

impl Calls {
    async fn make<T>(
        &mut self,
        call: impl Future<Output = Result<Reply<T>, Error>>,
    ) -> Option<Reply<T>> {
        self.count += 1;
        let error = match call.await {
            Ok(reply) => return Some(reply),
            Err(error) => error,
        };
        let body = String::from_utf8_lossy(error.body().unwrap_or_default());
        self.findings.push(format!("{error}\n{body}"));
        None
    }
}

/// A body, written as JSON; one that doesn't fit is a mistake beside it.
fn typed<T: DeserializeOwned>(body: Value) -> T {
    serde_json::from_value(body).expect("a body of its operation")
}
