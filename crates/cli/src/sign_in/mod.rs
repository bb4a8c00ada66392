//! `letterhead sign-in`: the consent that a person gives once.

mod loopback;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use letterhead::partner_center::EntraApp;
use letterhead::{FileStore, RefreshTokenStore as _, Secret};

use crate::connect::Session;
use crate::exit::Exit;
use crate::json::escaped;
use crate::output::Output;
use crate::token_file;

/// Sign in once as a person, and keep the refresh token that comes of it
///
/// The application is the one of `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET`. Its registration
/// has `http://localhost` among its redirect URIs, or allows public client flows for `--device`. Sign in with
/// multi-factor authentication. The token goes into a file that only its owner can read; `--sandbox` keeps none
/// unless `--file` names one.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Whom a person signs in to
    #[arg(value_enum)]
    vendor: Vendor,
    /// Show a code to be entered in a browser on any machine, in place of a browser that comes back to this one
    #[arg(long, conflicts_with_all = ["open", "port"])]
    device: bool,
    /// Open the browser
    #[arg(long)]
    open: bool,
    /// The port that the browser comes back to; a free one unless given
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Where to keep the refresh token, in place of `PARTNER_CENTER_REFRESH_TOKEN_FILE` or the program's own file
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Vendor {
    PartnerCenter,
}

pub(crate) async fn run(
    session: Session,
    arguments: &Arguments,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    let Vendor::PartnerCenter = arguments.vendor;
    // The tokens of a sandbox are no reason to lose a person's.
    let own = if session.is_sandbox() { None } else { token_file::path() };
    let file = arguments.file.clone().or(own);
    if file.is_none() && !session.is_sandbox() {
        bail!("there is no home directory to keep the refresh token in; name a file with `--file`");
    }
    // Better known before a person signs in.
    if let Some(folder) = file.as_deref().and_then(Path::parent) {
        let made = std::fs::create_dir_all(folder);
        made.with_context(|| format!("the folder `{}` can't be made", folder.display()))?;
    }
    let app = session.entra_app()?;
    let token = if arguments.device {
        by_device(&app, output).await?
    } else {
        loopback::sign_in(&app, arguments.port, arguments.open, output).await?
    };
    match file {
        Some(file) => keep(token, &file, output).await?,
        None => output.note("Signed in; the sandbox ends, and its token with it."),
    }
    Ok(Exit::Done)
}

async fn by_device(app: &EntraApp, output: &mut Output) -> anyhow::Result<Secret> {
    let code = app.device_code().await?;
    let (url, user_code) = (escaped(code.verification_url()), escaped(code.user_code()));
    writeln!(output, "Open {url} and enter {user_code}")?;
    output.flush()?;
    let minutes = code.expires_in().as_secs().div_ceil(60);
    output.note(&format!("The code is good for {minutes} minutes."));
    Ok(code.redeem().await?)
}

async fn keep(token: Secret, file: &Path, output: &mut Output) -> anyhow::Result<()> {
    if let Err(error) = FileStore::new(file).save(token).await {
        bail!("{error}");
    }
    let shown = escaped(&file.display().to_string());
    output.note(&format!("Signed in; the refresh token is in {shown}."));
    if token_file::path().as_deref() != Some(file) {
        output.note(&format!("Name it in `{}` for letterhead to find it.", token_file::VARIABLE));
    }
    Ok(())
}
