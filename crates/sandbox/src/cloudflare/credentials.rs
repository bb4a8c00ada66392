//! What Cloudflare accepts.

use crate::setup::{HeaderLine, bearer};

/// The API token that Cloudflare accepts as a bearer.
pub const CLOUDFLARE_API_TOKEN: &str =
    "cfut_sandbox-cloudflare-api-token-1f0e7c52d94b4a6f8d3be19a60c27f85";
/// A token that [`CLOUDFLARE_ACCOUNT_ID`](crate::seed::CLOUDFLARE_ACCOUNT_ID) owns, accepted like the
/// user's.
pub const CLOUDFLARE_ACCOUNT_TOKEN: &str =
    "cfat_sandbox-cloudflare-account-token-70d3c95be1f84a26b8e6d04f9c15a732";
/// The e-mail address that goes with [`CLOUDFLARE_API_KEY`].
pub const CLOUDFLARE_EMAIL: &str = "operator@fabrikam.example";
/// The global API key that goes with [`CLOUDFLARE_EMAIL`].
pub const CLOUDFLARE_API_KEY: &str =
    "cfk_sandbox-cloudflare-global-api-key-b6a1309d5e7f4c288c41fd05e2937a6b";

/// The header lines that let a request in.
pub(super) fn header_lines(target: &str) -> Vec<HeaderLine> {
    let of_account = target.contains("/accounts/") && target.ends_with("/verify");
    let tokens = [CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_TOKEN];
    vec![bearer(tokens[usize::from(of_account)])]
}
