//! What reaches a service: for tests that go over all services and all operations.

use serde_json::Value;

use crate::destination::VENDORS;
use crate::{Sandbox, Service};

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

impl Setup {
    pub(crate) const fn new(
        client: &'static [&'static str],
        credentials: &'static [(usize, &'static [&'static str])],
    ) -> Self {
        Self {
            client,
            credentials,
        }
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

impl Service {
    /// The header lines that let a request to a target in.
    #[must_use]
    pub fn credentials(self, target: &str) -> Vec<HeaderLine> {
        VENDORS[self as usize].credentials(target)
    }

    /// What a client of the service is set up with.
    #[must_use]
    pub fn setup(self) -> Setup {
        VENDORS[self as usize].setup()
    }
}

impl Sandbox {
    /// A request that succeeds for each operation of a service, in an order in which each finds what it
    /// needs.
    #[must_use]
    pub fn requests(&self, service: Service) -> Vec<SuccessfulRequest> {
        VENDORS[service as usize].requests(self)
    }
}
