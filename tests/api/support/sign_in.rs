use letterhead::campaign_standard::ServerToServer;
use letterhead::partner_center::EntraApp;
use letterhead::reqwest::Url;
use letterhead_sandbox::{RecordedRequest, credentials, seed};

/// The application that the sandbox knows.
pub(crate) fn entra(authority: &str) -> EntraApp {
    EntraApp::new(
        seed::PARTNER_TENANT_ID,
        credentials::PARTNER_CENTER_CLIENT_ID,
        credentials::PARTNER_CENTER_CLIENT_SECRET,
    )
    .authority(authority)
}

pub(crate) fn entra_endpoint() -> String {
    format!("/{}/oauth2/v2.0/token", seed::PARTNER_TENANT_ID)
}

pub(crate) fn ims(authority: &str) -> ServerToServer {
    ServerToServer::new(credentials::CAMPAIGN_CLIENT_ID, credentials::CAMPAIGN_CLIENT_SECRET)
        .authority(authority)
}

/// What a form had under a name.
pub(crate) fn form_member(request: &RecordedRequest, name: &str) -> Option<String> {
    let form = std::str::from_utf8(&request.body).ok()?;
    let url = Url::parse(&format!("http://form.example/?{form}")).ok()?;
    let mut members = url.query_pairs();
    members.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
