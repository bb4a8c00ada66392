//! What a client of a service has, and what a request of it has.

use serde_json::Value;

/// What a client of a service is set up with. The table of vendors says what takes it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Setup {
    /// The arguments of the client's builder.
    pub client: &'static [&'static str],
    /// The arguments of credentials that the service accepts, each with its kind's place in the table. Each
    /// kind is there.
    pub credentials: &'static [(usize, &'static [&'static str])],
}

/// A variable of the environment that leads a client to a service.
pub(crate) struct Variable {
    pub(crate) name: &'static str,
    pub(crate) value: VariableValue,
}

pub(crate) enum VariableValue {
    Text(String),
    /// The path of a file that holds this.
    File(&'static str),
}

impl Variable {
    pub(crate) fn text(name: &'static str, value: &str) -> Self {
        Self { name, value: VariableValue::Text(value.to_owned()) }
    }

    pub(crate) fn file(name: &'static str, content: &'static str) -> Self {
        Self { name, value: VariableValue::File(content) }
    }
}

/// A request that succeeds: its operation, target and body.
pub type SuccessfulRequest = (&'static str, String, Option<Value>);

/// A header's name and value.
pub type HeaderLine = (&'static str, String);

/// A header line of a credential.
pub(crate) fn bearer(token: &str) -> HeaderLine {
    ("authorization", format!("Bearer {token}"))
}
