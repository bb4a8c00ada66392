//! `letterhead doctor`: which credentials there are, and whether the vendors take them.

use std::io::Write as _;
use std::time::{Duration, SystemTime};

use clap::ValueEnum;
use letterhead::http::{HeaderMap, Method, header};
use letterhead::{Error, ErrorKind, Json, JsonRequest, RetryPolicy};
use letterhead_spec::{VENDORS, Vendor};
use serde::Serialize;
use sfv::{BareItem, List, ListEntry, Parser};

use crate::connect::Session;
use crate::exit::Exit;
use crate::json::escaped;
use crate::output::Output;
use crate::token_file;
use crate::waits::Shown;

/// What a clock may be wrong by before tokens are refused, in seconds.
const TOLERANCE: i64 = 300;
/// How long a vendor may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Say which credentials there are and whether the vendors take them; no secret is shown
///
/// It reads one small thing from each vendor that has a variable in the environment. Exits with 1 when something is
/// wrong.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How to show it
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    #[default]
    Human,
    Json,
}

/// What is known of one vendor.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    vendor: &'static str,
    state: State,
    /// The names of the variables that are set.
    variables: Vec<String>,
    /// The file of a person's refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// How far this machine's clock is ahead of the vendor's, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_ahead: Option<i64>,
    quotas: Vec<Quota>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum State {
    Accepted,
    /// No variable is set.
    Absent,
    /// A variable is missing or can't be right.
    Unusable,
    Refused,
    Unreachable,
    Failed,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Quota {
    name: String,
    left: i64,
    /// Until the quota is whole again, in seconds.
    resets_in: Option<i64>,
}

pub(crate) async fn run(
    session: Session,
    arguments: &Arguments,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    // Nothing is waited for.
    session.waits.show(Shown::Nowhere);
    let mut reports = Vec::new();
    for vendor in VENDORS {
        reports.push(report(&session, vendor, output).await);
    }
    match arguments.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *output, &reports)?;
            writeln!(output)?;
        }
        Format::Human => reports.iter().try_for_each(|report| show(report, output))?,
    }
    let is_absent = |report: &Report| report.state == State::Absent;
    let is_sound = reports.iter().all(|report| is_absent(report) || report.is_sound());
    if reports.iter().all(is_absent) {
        output.error(
            "no vendor has a credential in the environment; docs/signing-in.md names the variables",
        );
        return Ok(Exit::Failed);
    }
    Ok(if is_sound { Exit::Done } else { Exit::Failed })
}

impl Report {
    fn is_sound(&self) -> bool {
        let is_clock_right = self.clock_ahead.is_none_or(|ahead| ahead.abs() <= TOLERANCE);
        self.state == State::Accepted && is_clock_right
    }
}

/// Each vendor has the variables that its credential is read from, and something small to read.
macro_rules! vendors {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        fn variables(vendor: &Vendor) -> &'static [&'static str] {
            match vendor.id {
                $($id => variables::$module(),)+
                id => unreachable!("`{id}` is no row of the table"),
            }
        }

        fn request(session: &Session, vendor: &Vendor) -> Result<JsonRequest, Error> {
            match vendor.id {
                $($id => {
                    let (path, query, value) = small::$module();
                    Ok(session.$module()?.request(Method::GET, path).query(query, value))
                })+
                id => unreachable!("`{id}` is no row of the table"),
            }
        }
    };
}
letterhead_spec::for_each_vendor!(vendors);

mod variables {
    use crate::token_file;

    pub(super) fn partner_center() -> &'static [&'static str] {
        &[
            "AZURE_TENANT_ID",
            "AZURE_CLIENT_ID",
            "AZURE_CLIENT_SECRET",
            "AZURE_AUTHORITY_HOST",
            token_file::VARIABLE,
        ]
    }

    pub(super) fn cloudflare() -> &'static [&'static str] {
        &["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY"]
    }

    pub(super) fn campaign_standard() -> &'static [&'static str] {
        &[
            "CAMPAIGN_STANDARD_ORGANIZATION",
            "CAMPAIGN_STANDARD_ACCESS_TOKEN",
            "CAMPAIGN_STANDARD_API_KEY",
            "IMS_OAUTH_S2S_CLIENT_ID",
            "IMS_OAUTH_S2S_CLIENT_SECRET",
            "IMS_OAUTH_S2S_SCOPES",
            "IMS_OAUTH_S2S_AUTHORITY",
        ]
    }
}

/// A path that every credential of the vendor may read, and a query that keeps the response small.
mod small {
    pub(super) fn partner_center() -> (&'static str, &'static str, u8) {
        ("/v1/customers", "size", 1)
    }

    pub(super) fn cloudflare() -> (&'static str, &'static str, u8) {
        ("/organizations", "page_size", 1)
    }

    pub(super) fn campaign_standard() -> (&'static str, &'static str, u8) {
        ("/profileAndServicesExt/orgUnitBase/", "_lineCount", 1)
    }
}

/// The variables of a vendor that the environment has.
pub(crate) fn set_variables(vendor: &Vendor) -> Vec<String> {
    let names = variables(vendor).iter().map(|name| (*name).to_owned());
    let names = names.chain([vendor.base_url_variable()]);
    let is_set = |name: &String| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    names.filter(is_set).collect()
}

async fn report(session: &Session, vendor: &'static Vendor, output: &Output) -> Report {
    let is_of_person = vendor.id == letterhead_spec::PARTNER_CENTER.id && !session.is_sandbox();
    let file = token_file::path().filter(|path| is_of_person && path.is_file());
    let mut report = Report {
        vendor: vendor.name,
        state: State::Absent,
        variables: set_variables(vendor),
        // The home folder has a person's name.
        refresh_token_file: file
            .map(|path| output.personal(&path.display().to_string()).to_owned()),
        error: None,
        clock_ahead: None,
        quotas: Vec::new(),
    };
    if session.is_sandbox() {
        report.variables.clear();
    } else if report.variables.is_empty() {
        return report;
    }
    let read = match request(session, vendor) {
        Ok(request) => request.timeout(PATIENCE).retry(RetryPolicy::never()).send::<Json>().await,
        Err(error) => Err(error),
    };
    match read {
        Ok(reply) => {
            report.state = State::Accepted;
            report.read_headers(reply.headers());
        }
        Err(error) => {
            report.state = State::of(&error);
            if let Some(headers) = error.headers() {
                report.read_headers(headers);
            }
            report.error = Some(output.shown(&error.into()));
        }
    }
    report
}

impl Report {
    fn read_headers(&mut self, headers: &HeaderMap) {
        let text = |name: &str| headers.get(name)?.to_str().ok();
        let date =
            text(header::DATE.as_str()).and_then(|date| httpdate::parse_http_date(date).ok());
        self.clock_ahead = date.map(ahead_of);
        self.quotas = text("ratelimit").map(quotas).unwrap_or_default();
    }
}

#[expect(clippy::disallowed_methods, reason = "the machine's clock is what is looked at")]
fn ahead_of(date: SystemTime) -> i64 {
    let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(date) {
        Ok(ahead) => seconds(ahead),
        Err(behind) => -seconds(behind.duration()),
    }
}

/// What is left, as in `"default";r=50;t=30`.
fn quotas(header: &str) -> Vec<Quota> {
    let list: List = Parser::new(header).parse().unwrap_or_default();
    let quotas = list.into_iter().filter_map(|entry| {
        let ListEntry::Item(item) = entry else { return None };
        let number = |key: &str| match item.params.get(key)? {
            BareItem::Integer(number) => Some(i64::from(*number)),
            _ => None,
        };
        let name = item.bare_item.as_string().map(|name| name.as_str().to_owned());
        Some(Quota { name: name.unwrap_or_default(), left: number("r")?, resets_in: number("t") })
    });
    quotas.collect()
}

impl State {
    fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Configuration | ErrorKind::InvalidRequest => Self::Unusable,
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => Self::Unreachable,
            ErrorKind::SignIn => Self::Refused,
            _ if error.is_unauthorized() || error.is_forbidden() => Self::Refused,
            _ => Self::Failed,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Absent => "absent",
            Self::Unusable => "unusable",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::Failed => "failed",
        }
    }
}

fn show(report: &Report, output: &mut Output) -> std::io::Result<()> {
    writeln!(output, "{}: {}", report.vendor, report.state.word())?;
    if !report.variables.is_empty() {
        writeln!(output, "  from {}", report.variables.join(", "))?;
    }
    if let Some(file) = &report.refresh_token_file {
        writeln!(output, "  refresh token in {}", escaped(file))?;
    }
    if let Some(error) = &report.error {
        writeln!(output, "  {}", escaped(error))?;
    }
    if let Some(ahead) = report.clock_ahead {
        let is_right = if ahead.abs() <= TOLERANCE { "" } else { ": set it" };
        let side = if ahead < 0 { "behind" } else { "ahead" };
        writeln!(output, "  this clock is {} s {side}{is_right}", ahead.abs())?;
    }
    for quota in &report.quotas {
        let reset = quota.resets_in.map(|seconds| format!(", whole again in {seconds} s"));
        let name = escaped(&quota.name);
        writeln!(output, "  quota {name}: {} left{}", quota.left, reset.unwrap_or_default())?;
    }
    Ok(())
}
