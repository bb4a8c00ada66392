//! What reaches a service: for tests that go over all vendors and all operations.

use crate::destination::VENDORS;
use crate::sandbox::Sandbox;
use crate::setup::{HeaderLine, Setup, SuccessfulRequest};
use crate::vendor::Vendor;

macro_rules! requests {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        impl Vendor {
            /// A request that succeeds for each operation, in an order in which each finds what it needs. It
            /// may store what they need.
            #[must_use]
            pub fn successful_requests(self, sandbox: &Sandbox) -> Vec<SuccessfulRequest> {
                match self {
                    $(Self::$Type => crate::$module::successes::successes(sandbox),)+
                }
            }
        }
    };
}
letterhead_spec::for_each_vendor!(requests);

impl Vendor {
    /// What a client of the service is set up with.
    #[must_use]
    pub fn setup(self) -> Setup {
        VENDORS[self as usize].setup()
    }

    /// The header lines that let a request to a target in.
    #[must_use]
    pub fn credentials(self, target: &str) -> Vec<HeaderLine> {
        VENDORS[self as usize].credentials(target)
    }
}
