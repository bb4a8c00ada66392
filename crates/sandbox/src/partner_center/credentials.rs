//! What the service accepts.

/// The access token that Partner Center accepts.
pub const PARTNER_CENTER_TOKEN: &str =
    "sandbox-partner-center-access-token-6f1c0ad2b7e94358a1c6d3f07e52948b";
