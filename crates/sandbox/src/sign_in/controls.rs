//! How a test controls signing in.

use std::time::Duration;

use super::tokens::{MfaRefusal, TokenGrant, Tokens};
use crate::sandbox::Sandbox;

impl Sandbox {
    /// How many access tokens were issued for a grant.
    #[must_use]
    pub fn tokens_issued(&self, grant: TokenGrant) -> u64 {
        self.tokens(|tokens| tokens.issued(grant))
    }

    /// Sets how long access tokens live that are issued from now on, instead of 3599 seconds (Entra)
    /// and 86399 seconds (IMS). With no time at all a token has expired when it arrives.
    pub fn set_access_token_lifetime(&self, life: Duration) {
        self.tokens(|tokens| tokens.life = Some(life));
    }

    /// Revokes every access token that was issued so far; the fixed ones in
    /// [`credentials`](crate::credentials) stay.
    pub fn revoke_access_tokens(&self) {
        self.tokens(Tokens::revoke_access);
    }

    /// Revokes every refresh token so far, the fixed one included: redeeming one is from now on an
    /// `invalid_grant` with this number, such as 700082 (not used for too long), 50173 (revoked) or
    /// 50076 (a second factor is required).
    pub fn revoke_refresh_tokens(&self, aadsts: u32) {
        self.tokens(|tokens| tokens.revoke_refresh(aadsts));
    }

    /// A new refresh token, as if a person had just consented.
    #[must_use]
    pub fn consent(&self) -> String {
        self.tokens(Tokens::issue_refresh)
    }

    /// Sets whether a refresh token dies when it is redeemed. Without it the old ones stay valid
    /// beside the new one.
    pub fn set_refresh_tokens_single_use(&self, single_use: bool) {
        self.tokens(|tokens| tokens.refresh_once = single_use);
    }

    /// Sets whether Entra writes the numbers of a token response as text, and with the members that
    /// its first version has.
    pub fn set_token_numbers_as_text(&self, as_text: bool) {
        self.tokens(|tokens| tokens.numbers_as_text = as_text);
    }

    /// Lets the client secrets expire, at Entra and at IMS. Tokens that were issued stay valid.
    pub fn expire_client_secrets(&self) {
        self.tokens(|tokens| tokens.secrets_expired = true);
    }

    /// Sets whether Partner Center refuses users, those of fixed tokens included, for want of a
    /// second factor. Tokens that are app only are not affected.
    pub fn require_mfa(&self, refusal: Option<MfaRefusal>) {
        self.tokens(|tokens| tokens.mfa = refusal);
    }

    fn tokens<T>(&self, act: impl FnOnce(&mut Tokens) -> T) -> T {
        act(&mut self.shared.lock().tokens)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Response;
    use crate::credentials::{
        PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_REFRESH_TOKEN, PARTNER_CENTER_TOKEN,
    };
    use crate::seed::PARTNER_TENANT_ID;
    use crate::sign_in::testing::{APP, USER, access_token, get, sign_in, with};

    const ORGANIZATION: &str = "/v1/profiles/organization";

    #[tokio::test]
    async fn issued_tokens_end_and_fixed_ones_do_not() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let revoked = access_token(&sign_in(&sandbox, &USER).await);
        sandbox.revoke_access_tokens();
        let valid = access_token(&sign_in(&sandbox, &USER).await);
        sandbox.set_access_token_lifetime(Duration::ZERO);
        let received = sign_in(&sandbox, &USER).await;
        assert_eq!(received.json()["expires_in"], 0);
        let expired = access_token(&received);
        for (token, status) in
            [(revoked.as_str(), 401), (&valid, 200), (&expired, 401), (PARTNER_CENTER_TOKEN, 200)]
        {
            assert_eq!(get(&sandbox, ORGANIZATION, token).await.status, status);
        }
        sandbox.set_access_token_lifetime(Duration::MAX);
        let endless = access_token(&sign_in(&sandbox, &APP).await);
        assert_eq!(get(&sandbox, "/v1/customers", &endless).await.status, 200);
        assert_eq!(sandbox.tokens_issued(TokenGrant::EntraRefreshToken), 3);
        assert_eq!(sandbox.tokens_issued(TokenGrant::EntraClientCredentials), 1);
    }

    #[tokio::test]
    async fn refresh_tokens_are_replaced_revoked_and_given_anew() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let redeem =
            async |token: &str| sign_in(&sandbox, &with(&USER, &[("refresh_token", token)])).await;
        let first = redeem(PARTNER_CENTER_REFRESH_TOKEN).await.json();
        let second = first["refresh_token"].as_str().expect("a token");
        assert_eq!(redeem(PARTNER_CENTER_REFRESH_TOKEN).await.status, 200);

        sandbox.set_refresh_tokens_single_use(true);
        assert_eq!(redeem(second).await.status, 200);
        assert_eq!(redeem(second).await.json()["error_codes"], json!([70_000]));

        for (aadsts, suberror) in [(50_076, "basic_action"), (700_082, "bad_token")] {
            sandbox.revoke_refresh_tokens(aadsts);
            let body = redeem(PARTNER_CENTER_REFRESH_TOKEN).await.json();
            assert_eq!(body["error"], "invalid_grant");
            assert_eq!(body["error_codes"], json!([aadsts]));
            assert_eq!(body["suberror"], suberror);
        }
        assert_eq!(redeem(&sandbox.consent()).await.status, 200);
    }

    #[tokio::test]
    async fn numbers_can_be_text() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        sandbox.set_token_numbers_as_text(true);
        let body = sign_in(&sandbox, &USER).await.json();
        assert_eq!(body["expires_in"], "3599");
        assert_eq!(body["resource"], "https://api.partnercenter.microsoft.com");
        for member in ["expires_on", "not_before", "ext_expires_in"] {
            let number = body[member].as_str().and_then(|text| text.parse::<u64>().ok());
            assert!(number.is_some(), "{member}: {body}");
        }
    }

    #[tokio::test]
    async fn an_expired_secret_is_told_from_a_wrong_one() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        sandbox.expire_client_secrets();
        let expired = sign_in(&sandbox, &APP).await;
        assert_eq!(expired.json()["error_codes"], json!([7_000_222]));
        let wrong = sign_in(&sandbox, &with(&APP, &[("client_secret", "s")])).await;
        assert_eq!(wrong.json()["error_codes"], json!([7_000_215]));
    }

    #[tokio::test]
    async fn a_second_factor_is_required_of_users_in_either_form() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let app = access_token(&sign_in(&sandbox, &APP).await);
        sandbox.require_mfa(Some(MfaRefusal::EmptyBody));
        let empty = get(&sandbox, ORGANIZATION, PARTNER_CENTER_TOKEN).await;
        assert_eq!((empty.status, empty.body.len()), (401, 0));
        let challenge = empty.header("www-authenticate");
        assert_eq!(challenge, Some(r#"Bearer error="invalid_token""#));
        assert!(empty.header("ms-requestid").is_some());

        sandbox.require_mfa(Some(MfaRefusal::Code));
        let coded = get(&sandbox, ORGANIZATION, PARTNER_CENTER_TOKEN).await;
        assert_eq!((coded.status, coded.json()["code"].as_u64()), (401, Some(900_421)));
        assert_eq!(get(&sandbox, "/v1/customers", &app).await.status, 200);
        sandbox.require_mfa(None);
        let received = get(&sandbox, ORGANIZATION, PARTNER_CENTER_TOKEN).await;
        assert_eq!(received.status, 200);
    }

    #[tokio::test]
    async fn a_token_endpoint_can_be_made_to_fail_while_others_work() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let endpoint = format!("/{PARTNER_TENANT_ID}/oauth2/v2.0/token");
        sandbox.respond_next_to(&endpoint, Response::new(500).html("<p>down</p>"));
        sandbox.respond_next_to(ORGANIZATION, Response::new(503));
        assert_eq!(sandbox.call("GET", "/v1/customers", None).await.status, 200);
        assert_eq!(sandbox.call("GET", ORGANIZATION, None).await.status, 503);
        assert_eq!(sign_in(&sandbox, &APP).await.body, b"<p>down</p>");
        assert_eq!(sign_in(&sandbox, &APP).await.status, 200);
        sandbox.respond_next(Response::new(429));
        assert_eq!(sign_in(&sandbox, &APP).await.status, 429);
    }

    #[tokio::test]
    async fn what_signing_in_leaves_behind_does_not_print_secrets() {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let token = access_token(&sign_in(&sandbox, &USER).await);
        get(&sandbox, ORGANIZATION, &token).await;
        let requests = sandbox.requests();
        assert_eq!(requests.len(), 2);
        let printed = format!("{requests:?} {sandbox:?}");
        let secrets = [PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_REFRESH_TOKEN, &token];
        for secret in secrets {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}
