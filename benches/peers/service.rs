//! What the clients call: the sandbox, also behind TLS, or Prism.

use std::fs;
use std::path::Path;
use std::process::Command;

use letterhead_sandbox::{Sandbox, credentials, seed};
use serde::{Deserialize, Serialize};

use crate::Fault;
use crate::child::{Server, end_with_input};
use crate::tunnel::Tunnel;

/// Debian's certificates, which every client reads that trusts what the machine trusts.
const TRUSTED: &str = "/etc/ssl/certs/ca-certificates.crt";

/// It ends when this is dropped.
pub(crate) struct Service {
    server: Server,
    /// What a client has in its environment.
    pub(crate) variables: Vec<(&'static str, String)>,
}

/// What a server says when it is ready.
#[derive(Deserialize, Serialize)]
struct Addresses {
    cloudflare: String,
    tunnel: String,
    /// What clients of the tunnel have to trust, in PEM.
    certificate: String,
}

impl Service {
    /// The sandbox of Cloudflare.
    pub(crate) fn cloudflare() -> Result<Self, Fault> {
        let server = Server::own()?;
        let addresses: Addresses = serde_json::from_str(&server.line)?;
        Ok(Self { server, variables: of_cloudflare(&addresses.cloudflare) })
    }

    /// The sandbox of Campaign, at Adobe's host. letterhead finds it by a proxy, and Adobe's client, which would
    /// make a connection for each call through one, by its script. Files of certificates are put in `folder`.
    pub(crate) fn campaign(folder: &Path) -> Result<Self, Fault> {
        let server = Server::own()?;
        let Addresses { tunnel, certificate, .. } = serde_json::from_str(&server.line)?;
        let (alone, all) = (folder.join("certificate.pem"), folder.join("certificates.pem"));
        fs::write(&alone, &certificate)?;
        fs::write(&all, fs::read_to_string(TRUSTED)? + &certificate)?;
        let variables = vec![
            ("VENDOR", "campaign-standard".to_owned()),
            ("HTTPS_PROXY", tunnel),
            ("SSL_CERT_FILE", all.display().to_string()),
            ("NODE_EXTRA_CA_CERTS", alone.display().to_string()),
            ("TOKEN", credentials::CAMPAIGN_ACCESS_TOKEN.to_owned()),
            ("API_KEY", credentials::CAMPAIGN_API_KEY.to_owned()),
            ("ORGANIZATION", seed::CAMPAIGN_ORGANIZATION.to_owned()),
            ("PROFILE", seed::CAMPAIGN_PROFILE_PKEY.to_owned()),
        ];
        Ok(Self { server, variables })
    }

    /// Another server of Cloudflare's document, which prints a line once it listens.
    pub(crate) fn other(
        command: Command,
        base_url: &str,
        is_ready: fn(&str) -> bool,
    ) -> Result<Self, Fault> {
        let server = Server::start(command, is_ready)?;
        Ok(Self { server, variables: of_cloudflare(base_url) })
    }

    /// How many seconds of CPU it has used.
    pub(crate) fn cpu(&self) -> Result<f64, Fault> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.server.process.id()))?;
        // After the name, which may have blanks in it: the state is the third field, and the times are 14 and 15.
        let (_, fields) = stat.rsplit_once(") ").ok_or("no such process")?;
        let fields: Vec<&str> = fields.split(' ').collect();
        let [user, system] = [fields[11].parse::<f64>()?, fields[12].parse::<f64>()?];
        // In hundredths on every Linux.
        Ok((user + system) / 100.0)
    }
}

fn of_cloudflare(base_url: &str) -> Vec<(&'static str, String)> {
    vec![
        ("VENDOR", "cloudflare".to_owned()),
        ("BASE_URL", base_url.to_owned()),
        ("TOKEN", credentials::CLOUDFLARE_API_TOKEN.to_owned()),
        ("ORGANIZATION", seed::CLOUDFLARE_ORGANIZATION_ID.to_owned()),
    ]
}

/// Is the sandbox, also behind TLS, until the input ends. The first line says where, and what to trust.
pub(crate) fn serve() -> Result<(), Fault> {
    end_with_input();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let sandbox = Sandbox::start().await?;
        sandbox.record_requests(false);
        let tunnel = Tunnel::start(sandbox.url().trim_start_matches("http://").parse()?).await?;
        let addresses = Addresses {
            cloudflare: sandbox.cloudflare_url(),
            tunnel: tunnel.url(),
            certificate: tunnel.certificate.clone(),
        };
        println!("{}", serde_json::to_string(&addresses)?);
        std::future::pending().await
    })
}
