//! The peers: installed from the registries, and run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{env, fs};

use serde_json::Value;

use crate::Fault;
use crate::service::Service;
use crate::tunnel::PROXIES;

const NPM: [&str; 3] =
    ["cloudflare@7.3.0", "@adobe/aio-lib-campaign-standard@4.0.3", "@stoplight/prism-cli@5.16.0"];
const PYPI: [&str; 1] = ["cloudflare==5.9.0"];
const PHONE: &str = "+1 425 555 0190";
const TIME: &str = "/usr/bin/time";

pub(crate) struct Tools {
    pub(crate) folder: PathBuf,
}

/// A program that makes calls.
pub(crate) struct Process {
    pub(crate) name: &'static str,
    program: PathBuf,
    arguments: Vec<PathBuf>,
    /// Where it finds packages.
    variable: Option<(&'static str, PathBuf)>,
}

/// What a process took.
pub(crate) struct Run {
    /// In seconds.
    pub(crate) cpu: f64,
    /// From its start to its end, in milliseconds.
    pub(crate) took: f64,
    /// The most that it used, in KiB.
    pub(crate) memory: f64,
    pub(crate) profile: Value,
}

impl Tools {
    /// Installs what isn't there yet.
    pub(crate) fn install() -> Result<Self, Fault> {
        if !Path::new(TIME).exists() {
            return Err(format!("`{TIME}` isn't there; install Debian's package `time`").into());
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers");
        let done = folder.join("done");
        let packages = NPM.iter().chain(&PYPI).copied().collect::<Vec<_>>().join("\n");
        if fs::read_to_string(&done).is_ok_and(|text| text == packages) {
            return Ok(Self { folder });
        }
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("package.json"), "{\"private\": true}\n")?;
        let npm = ["install", "--no-audit", "--no-fund", "--loglevel=error", "--save-exact"];
        succeed(Command::new("npm").args(npm).args(NPM).current_dir(&folder))?;
        succeed(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
        succeed(Command::new(folder.join("venv/bin/pip")).args(["install", "--quiet"]).args(PYPI))?;
        fs::write(done, packages)?;
        Ok(Self { folder })
    }

    pub(crate) fn cloudflare_for_node(&self) -> Process {
        self.node("Cloudflare's for Node 7.3.0", "cloudflare.cjs")
    }

    pub(crate) fn adobe_for_node(&self) -> Process {
        self.node("Adobe's for Node 4.0.3", "adobe.cjs")
    }

    fn node(&self, name: &'static str, script: &str) -> Process {
        Process {
            name,
            program: "node".into(),
            arguments: vec![self::script(script)],
            variable: Some(("NODE_PATH", self.folder.join("node_modules"))),
        }
    }

    pub(crate) fn cloudflare_for_python(&self) -> Process {
        Process {
            name: "Cloudflare's for Python 5.9.0",
            program: self.folder.join("venv/bin/python"),
            arguments: vec![script("cloudflare_client.py")],
            variable: None,
        }
    }

    /// Prism's mock of Cloudflare's document, which takes its responses from the examples.
    pub(crate) fn prism(&self) -> Result<Service, Fault> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port().to_string();
        let mut command = Command::new("node");
        command.arg(self.folder.join("node_modules/@stoplight/prism-cli/dist/index.js"));
        command.args(["mock", "--host", "127.0.0.1", "--port", &port, "--verboseLevel", "info"]);
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/cloudflare.yaml"));
        let base_url = format!("http://127.0.0.1:{port}");
        Service::other(command, &base_url, |line| line.contains("is listening on"))
    }
}

impl Process {
    /// The program in `client.rs`.
    pub(crate) fn letterhead() -> Result<Self, Fault> {
        let program = env::var_os("LETTERHEAD_CLIENT").ok_or(
            "`cargo xtask bench peers` builds the program that makes the calls, and runs this one",
        )?;
        Ok(Self {
            name: "letterhead",
            program: program.into(),
            arguments: Vec::new(),
            variable: None,
        })
    }

    /// Makes so many pairs of calls with so many in flight.
    pub(crate) fn run(
        &self,
        service: &Service,
        pairs: usize,
        in_flight: usize,
    ) -> Result<Run, Fault> {
        let mut command = Command::new(TIME);
        command.args(["--quiet", "--format", "%U %S %M"]).arg(&self.program).args(&self.arguments);
        command.args([pairs.to_string(), in_flight.to_string()]);
        // A machine's own proxy is for the registries.
        for proxy in PROXIES {
            command.env_remove(proxy);
        }
        command.env("PHONE", PHONE).envs(service.variables.clone()).envs(self.variable.clone());
        let start = Instant::now();
        let output = command.stdin(Stdio::null()).output()?;
        let took = start.elapsed().as_secs_f64() * 1e3;
        let report = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("{}: {}\n{report}", self.name, output.status).into());
        }
        let figures = report.trim().lines().last().unwrap_or_default().split(' ');
        let figures: Vec<f64> = figures.map(str::parse).collect::<Result<_, _>>()?;
        let &[user, system, memory] = figures.as_slice() else {
            return Err(format!("GNU time shows no figures: {report}").into());
        };
        let profile = serde_json::from_slice(&output.stdout)?;
        Ok(Run { cpu: user + system, took, memory, profile })
    }
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(name)
}

fn succeed(command: &mut Command) -> Result<(), Fault> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?}: {}\n{said}", output.status).into())
}
