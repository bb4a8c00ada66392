//! The programs of others: installed from the registries, run, and ended when they take too long.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::process::Command;

use crate::tunnel::PROXIES;

pub(crate) const CLOUDFLARE_NODE: &str = "7.3.0";
pub(crate) const CLOUDFLARE_PYTHON: &str = "5.9.0";
pub(crate) const CAMPAIGN: &str = "4.0.3";
pub(crate) const OPENAPI_CORE: &str = "0.23.1";
pub(crate) const PRISM: &str = "5.16.0";
pub(crate) const REDOCLY: &str = "2.77.0";
pub(crate) const SCHEMATHESIS: &str = "4.32.5";

/// How long an installation may take.
const INSTALLATION: Duration = Duration::from_secs(300);
/// How long one run of a program may take.
const RUN: Duration = Duration::from_secs(240);

/// Where the programs are.
pub(crate) struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// Installs what isn't there yet.
    pub(crate) async fn install(folder: PathBuf) -> anyhow::Result<Self> {
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let programs = Self { folder };
        programs.npm().await.context("the packages of npm can't be installed")?;
        programs.pip().await.context("the packages of PyPI can't be installed")?;
        Ok(programs)
    }

    async fn npm(&self) -> anyhow::Result<()> {
        let packages = [
            format!("cloudflare@{CLOUDFLARE_NODE}"),
            format!("@adobe/aio-lib-campaign-standard@{CAMPAIGN}"),
            format!("@stoplight/prism-cli@{PRISM}"),
            format!("@redocly/cli@{REDOCLY}"),
        ];
        let done = self.folder.join("npm.done");
        if is_done(&done, &packages) {
            return Ok(());
        }
        fs::write(self.folder.join("package.json"), "{\"private\": true}\n")?;
        let mut install = Command::new("npm");
        install
            .args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--save-exact"])
            .args(&packages)
            .current_dir(&self.folder);
        succeed(&mut install, INSTALLATION).await?;
        Ok(fs::write(done, packages.join("\n"))?)
    }

    async fn pip(&self) -> anyhow::Result<()> {
        let packages = [
            format!("cloudflare=={CLOUDFLARE_PYTHON}"),
            format!("openapi-core=={OPENAPI_CORE}"),
            format!("schemathesis=={SCHEMATHESIS}"),
        ];
        let done = self.folder.join("pip.done");
        if is_done(&done, &packages) {
            return Ok(());
        }
        let venv = self.folder.join("venv");
        let mut create = Command::new("python3");
        create.args(["-m", "venv"]).arg(&venv);
        succeed(&mut create, INSTALLATION).await?;
        let mut install = Command::new(venv.join("bin/pip"));
        install.args(["install", "--quiet"]).args(&packages);
        succeed(&mut install, INSTALLATION).await?;
        Ok(fs::write(done, packages.join("\n"))?)
    }

    /// A script of this crate that finds the npm packages.
    pub(crate) fn node(&self, script: &str) -> Command {
        let mut command = on_loopback("node".as_ref());
        command.arg(scripts().join(script)).env("NODE_PATH", self.folder.join("node_modules"));
        command
    }

    /// A program that came with an npm package.
    pub(crate) fn npm_program(&self, name: &str) -> Command {
        on_loopback(&self.folder.join("node_modules/.bin").join(name))
    }

    /// A folder with nothing in it.
    pub(crate) fn new_folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.folder.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        Ok(folder)
    }

    /// A script of this crate that finds the packages of Python.
    pub(crate) fn python(&self, script: &str) -> Command {
        let mut command = self.python_program("python");
        command.arg(scripts().join(script));
        command
    }

    /// A program that came with a package of Python.
    pub(crate) fn python_program(&self, name: &str) -> Command {
        let mut command = on_loopback(&self.folder.join("venv/bin").join(name));
        command.current_dir(&self.folder);
        command
    }

    /// A file that a program is given.
    pub(crate) fn file(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.folder.join(name);
        fs::write(&path, text).with_context(|| path.display().to_string())?;
        Ok(path)
    }
}

fn is_done(done: &Path, packages: &[String]) -> bool {
    fs::read_to_string(done).is_ok_and(|text| text == packages.join("\n"))
}

fn scripts() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts"))
}

fn on_loopback(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("NO_COLOR", "1").kill_on_drop(true);
    // A machine's own proxy is for the registries; from here on everything is on loopback.
    for proxy in PROXIES {
        command.env_remove(proxy);
    }
    command
}

/// Runs a program to its end.
pub(crate) async fn run(command: &mut Command) -> anyhow::Result<Output> {
    bounded(command, RUN).await
}

/// Runs a program that prints JSON.
pub(crate) async fn json_of(command: &mut Command) -> anyhow::Result<Value> {
    let output = succeed(command, RUN).await?;
    serde_json::from_slice(&output.stdout).context("its output isn't JSON")
}

pub(crate) async fn succeed(command: &mut Command, limit: Duration) -> anyhow::Result<Output> {
    let output = bounded(command, limit).await?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{}: {}", output.status, said.trim());
    }
    Ok(output)
}

async fn bounded(command: &mut Command, limit: Duration) -> anyhow::Result<Output> {
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    command.stdin(std::process::Stdio::null()).kill_on_drop(true);
    tokio::time::timeout(limit, command.output())
        .await
        .with_context(|| format!("`{program}` took more than {} s", limit.as_secs()))?
        .with_context(|| format!("can't run `{program}`"))
}
