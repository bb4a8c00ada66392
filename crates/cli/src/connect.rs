//! The clients of one command: of the vendors, or of a sandbox.

use std::future::Future;
use std::sync::Arc;

use clap::ValueEnum;
use letterhead::{ClientBuilder, CorrelationId, FileStore, Hook, MemoryStore, VendorClient};
use letterhead::{campaign_standard, cloudflare, partner_center};
use letterhead_sandbox::{Sandbox, credentials, seed};

use crate::exit::Exit;
use crate::token_file;
use crate::waits::{Quota, Shown, Waits};

/// Whom a command calls.
#[derive(clap::Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// Call a sandbox inside this program in place of the vendors: it needs no account, and forgets all when the
    /// command ends
    #[arg(long, global = true)]
    pub(crate) sandbox: bool,
    /// Where Partner Center is run
    #[arg(long, global = true, value_enum, value_name = "NAME", default_value_t)]
    cloud: Cloud,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Cloud {
    #[default]
    Global,
    UsGovernment,
    China,
}

impl From<Cloud> for partner_center::Cloud {
    fn from(cloud: Cloud) -> Self {
        match cloud {
            Cloud::Global => Self::Global,
            Cloud::UsGovernment => Self::UsGovernment,
            Cloud::China => Self::China,
        }
    }
}

/// Where the services of a sandbox are.
pub(crate) struct Services {
    partner_center: String,
    cloudflare: String,
    campaign_standard: String,
    entra: String,
    ims: String,
}

/// A sandbox, and what stands before one, have the same addresses.
macro_rules! services {
    ($owner:ty) => {
        impl From<&$owner> for Services {
            fn from(owner: &$owner) -> Self {
                Self {
                    partner_center: owner.partner_center_url(),
                    cloudflare: owner.cloudflare_url(),
                    campaign_standard: owner.campaign_standard_url(),
                    entra: owner.entra_url(),
                    ims: owner.ims_url(),
                }
            }
        }
    };
}
services!(Sandbox);
#[cfg(test)]
services!(letterhead_sandbox::FaultyProxy);

/// What one command calls the vendors with. All its calls have one correlation id.
pub(crate) struct Session {
    pub(crate) correlation_id: CorrelationId,
    sandbox: Option<Services>,
    cloud: partner_center::Cloud,
    /// They see every request but those that sign in.
    hooks: Vec<Arc<dyn Hook>>,
    /// The first of them.
    pub(crate) waits: Arc<Waits>,
}

impl Session {
    /// Runs a command that calls vendors. Its calls carry the session's correlation id, unless it spawns them. What
    /// they wait for is shown as `waits` says, until the command shows it elsewhere.
    ///
    /// # Errors
    /// No runtime, no port for a sandbox, and the command's own.
    pub(crate) fn run<F>(
        arguments: &Arguments,
        waits: Shown,
        command: impl FnOnce(Self) -> F,
    ) -> anyhow::Result<Exit>
    where
        F: Future<Output = anyhow::Result<Exit>>,
    {
        // What is done with a response is done in turn anyway, and threads would only wake each other.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            // It runs until the command ends.
            let sandbox = if arguments.sandbox { Some(Sandbox::start().await?) } else { None };
            let session = Self::new(sandbox.as_ref().map(Services::from), arguments.cloud.into());
            session.waits.show(waits);
            session.correlation_id.scope(command(session)).await
        })
    }

    pub(crate) fn new(sandbox: Option<Services>, cloud: partner_center::Cloud) -> Self {
        let waits = Arc::<Waits>::default();
        let hooks: Vec<Arc<dyn Hook>> = vec![Arc::clone(&waits) as _];
        Self { correlation_id: CorrelationId::new(), sandbox, cloud, hooks, waits }
    }

    /// Adds a hook to all clients that are made from now on.
    pub(crate) fn hook(&mut self, hook: Arc<dyn Hook>) {
        self.hooks.push(hook);
    }

    /// Whether a sandbox is called.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }

    /// Where Partner Center is run.
    pub(crate) fn cloud(&self) -> partner_center::Cloud {
        self.cloud
    }

    /// The application that signs in to Partner Center.
    ///
    /// # Errors
    /// A variable of the environment that is missing or can't be right.
    pub(crate) fn entra_app(&self) -> Result<partner_center::EntraApp, letterhead::Error> {
        let Some(sandbox) = &self.sandbox else {
            return partner_center::EntraApp::from_env(self.cloud);
        };
        let app = partner_center::EntraApp::new(
            seed::PARTNER_TENANT_ID,
            credentials::PARTNER_CENTER_CLIENT_ID,
            credentials::PARTNER_CENTER_CLIENT_SECRET,
        );
        Ok(app.authority(&*sandbox.entra))
    }

    /// The client for Partner Center.
    ///
    /// # Errors
    /// A variable of the environment that is missing or can't be right. So it is with the others.
    pub(crate) fn partner_center(&self) -> Result<partner_center::Client, letterhead::Error> {
        let app = || self.entra_app();
        let Some(sandbox) = &self.sandbox else {
            let builder = partner_center::Client::builder_from_env(self.cloud)?;
            return self.built(match token_file::own_with_token() {
                Some(path) => builder.credential(app()?.app_and_user(FileStore::new(path))?),
                None => builder,
            });
        };
        // Profiles are a person's to change.
        let person = MemoryStore::new(credentials::PARTNER_CENTER_REFRESH_TOKEN);
        let credential = app()?.app_and_user(person)?;
        let builder = partner_center::Client::builder().base_url(&*sandbox.partner_center);
        self.built(builder.credential(credential))
    }

    /// The client for Cloudflare.
    pub(crate) fn cloudflare(&self) -> Result<cloudflare::Client, letterhead::Error> {
        let Some(sandbox) = &self.sandbox else {
            let builder = cloudflare::Client::builder_from_env()?;
            // A base URL of one's own leads to a sandbox, or to a proxy with limits of its own.
            let has_quota = std::env::var_os("CLOUDFLARE_BASE_URL").is_none();
            if !has_quota {
                return self.built(builder);
            }
            let vendor = letterhead_spec::CLOUDFLARE.name;
            let waits = Arc::clone(&self.waits);
            return self.built(builder.limiter(Quota::new(vendor, cloudflare::QUOTA, waits)));
        };
        let token = cloudflare::Credential::api_token(credentials::CLOUDFLARE_API_TOKEN)?;
        let builder = cloudflare::Client::builder().base_url(&*sandbox.cloudflare);
        self.built(builder.credential(token))
    }

    /// The client for Campaign Standard.
    pub(crate) fn campaign_standard(&self) -> Result<campaign_standard::Client, letterhead::Error> {
        let Some(sandbox) = &self.sandbox else {
            return self.built(campaign_standard::Client::builder_from_env()?);
        };
        let adobe = campaign_standard::ServerToServer::new(
            credentials::CAMPAIGN_CLIENT_ID,
            credentials::CAMPAIGN_CLIENT_SECRET,
        );
        let builder = campaign_standard::Client::builder(seed::CAMPAIGN_ORGANIZATION)
            .base_url(&*sandbox.campaign_standard);
        self.built(builder.credential(adobe.authority(&*sandbox.ims).credential()?))
    }

    /// What all three have alike.
    fn built<C: VendorClient>(&self, builder: ClientBuilder<C>) -> Result<C, letterhead::Error> {
        let hooks = self.hooks.iter().cloned();
        hooks.fold(builder, ClientBuilder::hook).build()
    }
}
