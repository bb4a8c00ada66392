//! What Partner Center and its token endpoint accept.

use crate::setup::{HeaderLine, bearer};

/// The access token that Partner Center accepts.
pub const PARTNER_CENTER_TOKEN: &str =
    "sandbox-partner-center-access-token-6f1c0ad2b7e94358a1c6d3f07e52948b";
/// The client id of the application that is registered in the partner's tenant.
pub const PARTNER_CENTER_CLIENT_ID: &str = "c7d4e1f0-92ab-4b63-8e05-1d6f3a9b27c8";
/// The secret of [`PARTNER_CENTER_CLIENT_ID`].
pub const PARTNER_CENTER_CLIENT_SECRET: &str =
    "sandbox-partner-center-client-secret-e41b7a90c5d24f38b6029f7dce183a54";
/// A refresh token that [`PARTNER_CENTER_CLIENT_ID`] can redeem, until it is revoked.
pub const PARTNER_CENTER_REFRESH_TOKEN: &str =
    "sandbox-partner-center-refresh-token-0b8d5f2ea1974c63b7e02ad94f6c8135";

/// The header lines that let a request in.
pub(super) fn header_lines() -> Vec<HeaderLine> {
    vec![bearer(PARTNER_CENTER_TOKEN)]
}
