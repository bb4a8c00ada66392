//! What would have to change, and where.

mod command;
mod html;
mod human;
mod markdown;
mod mask;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use jiff::Timestamp;
use letterhead::CorrelationId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::company::CompanyFile;
use crate::mapping::{is_identity, lacking};
use crate::output::Output;
use crate::reading;
use crate::select::{Selected, select};
use crate::shown;
use crate::target::{Change, Snapshot, Target};
use crate::value::{is_none, leaves};
use crate::vendors::Vendors;

pub(crate) use command::{Arguments, DriftArguments, drift, run};

/// The version of the plan file. A file with another one is refused.
const VERSION: u32 = 1;

/// The forms of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Human,
    Json,
    Markdown,
    Html,
}

/// What would have to change, with what that builds on: also the content of a plan file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Plan {
    version: u32,
    /// Whether it is for people alone: personal data was left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    masked: bool,
    pub(crate) created: Timestamp,
    /// The id of the calls that read the targets.
    correlation_id: CorrelationId,
    pub(crate) targets: Vec<TargetPlan>,
    /// The targets that couldn't be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) failed: Vec<Unread>,
}

/// What is known of a plan file before the rest of it.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    masked: bool,
}

/// What would have to change at one target.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TargetPlan {
    pub(crate) target: Target,
    /// What the vendor calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<String>,
    /// What the plan builds on: a hash of what was read, and the vendor's mark of it. A masked plan has neither, since
    /// a hash gives away what can be guessed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) read: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) changes: Vec<Change>,
    /// Texts that would have to make room for members: free text in place of an address, say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) replaced: Vec<Held>,
    /// Differences that the vendor doesn't let be changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) fixed: Vec<Change>,
    /// Members that are wanted and that the vendor has no place for, of groups which it has: a line of an address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) lacking: Vec<String>,
    /// What is there and isn't managed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unmanaged: Vec<Held>,
}

/// A value that a vendor has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) path: String,
    pub(crate) value: Value,
}

/// A target that couldn't be read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Unread {
    pub(crate) target: Target,
    pub(crate) error: String,
}

/// How much there is in a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) changes: usize,
    pub(crate) changed_targets: usize,
    pub(crate) targets: usize,
    pub(crate) identity: usize,
    pub(crate) cleared: usize,
    /// Differences that the vendors don't let be changed.
    pub(crate) fixed: usize,
}

/// Reads all targets, and says what would have to change.
///
/// # Errors
/// A list of targets that can't be read. A target that can't be read is in the plan.
pub(crate) async fn make(
    file: &CompanyFile,
    vendors: &Vendors<'_>,
    output: &mut Output,
) -> anyhow::Result<Plan> {
    let selected = select(file, vendors, output).await?;
    let make = |selected: &Selected, snapshot| TargetPlan::new(selected, &snapshot);
    let (mut targets, mut failed) = (Vec::with_capacity(selected.len()), Vec::new());
    let read = reading::each(&selected, vendors, output, make).await;
    for (selected, read) in selected.iter().zip(read) {
        match read {
            Ok(target) => targets.push(target),
            Err(error) => {
                let error = output.shown(&error);
                failed.push(Unread { target: selected.target.clone(), error });
            }
        }
    }
    Ok(Plan {
        version: VERSION,
        masked: false,
        created: Timestamp::now(),
        correlation_id: vendors.correlation_id(),
        targets,
        failed,
    })
}

impl TargetPlan {
    pub(crate) fn new(selected: &Selected, snapshot: &Snapshot) -> Self {
        let shape = selected.target.shape();
        let document = &snapshot.document;
        let cells = shape.cells(document, &selected.wanted);
        let (mut changes, mut fixed, mut managed) = (Vec::new(), Vec::new(), Vec::new());
        for cell in cells {
            if cell.wants.is_some() {
                managed.push(cell.path.clone());
            }
            if !cell.differs() {
                continue;
            }
            let new = if cell.is_fixed() {
                cell.wants.clone().unwrap_or_default()
            } else {
                cell.sent(shape)
            };
            let list = if cell.is_fixed() { &mut fixed } else { &mut changes };
            list.push(Change { member: cell.member, path: cell.path, old: cell.has, new });
        }
        let is_below = |path: &str, text: &str| {
            path.strip_prefix(text).is_some_and(|rest| rest.starts_with('/'))
        };
        let held = |(path, value): (String, &Value)| Held { path, value: value.clone() };
        let (replaced, unmanaged): (Vec<_>, Vec<_>) = leaves(document)
            .into_iter()
            .filter(|(path, _)| !managed.contains(path))
            .map(held)
            .partition(|held| {
                changes.iter().any(|change: &Change| is_below(&change.path, &held.path))
            });
        Self {
            target: selected.target.clone(),
            label: selected.label.clone(),
            read: snapshot.hash(),
            etag: snapshot.etag.clone(),
            changes,
            replaced,
            fixed,
            lacking: lacking(shape, &selected.wanted),
            unmanaged,
        }
    }
}

impl TargetPlan {
    /// What stood in the places that the changes are made in, and in those that make room for them.
    pub(crate) fn old(&self) -> impl Iterator<Item = (&str, &Value)> {
        let changes = self.changes.iter().map(|change| (&*change.path, &change.old));
        changes.chain(self.replaced.iter().map(|held| (&*held.path, &held.value)))
    }

    /// Whether it differs from what is declared.
    fn differs(&self) -> bool {
        !self.changes.is_empty() || !self.fixed.is_empty()
    }
}

impl Change {
    /// Whether something is taken away and nothing is put in its place.
    pub(crate) fn is_clearing(&self) -> bool {
        is_none(&self.new)
    }

    /// What is put in place, in words where it is nothing.
    pub(crate) fn puts(&self) -> String {
        if self.is_clearing() { "nothing".to_owned() } else { shown::value(&self.new) }
    }
}

impl Plan {
    /// Reads a plan file.
    ///
    /// # Errors
    /// A file that is no plan of this version.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let text =
            std::fs::read_to_string(path).with_context(|| format!("the plan file `{name}`"))?;
        if serde_json::from_str(&text).is_ok_and(|Head { masked }| masked) {
            bail!(
                "the plan file `{name}` is masked, so it can be read and not applied; `letterhead plan --out` writes \
                 one that can"
            );
        }
        let plan: Self = serde_json::from_str(&text).with_context(|| {
            format!(
                "`{name}` is no plan file, as `letterhead plan --out` writes it; a company file goes with `--company`"
            )
        })?;
        plan.refuse_other_version(&format!("the plan file `{name}`"))?;
        Ok(plan)
    }

    /// # Errors
    /// A plan that another version of the program made. `whose` says whose plan it is.
    pub(crate) fn refuse_other_version(&self, whose: &str) -> anyhow::Result<()> {
        if self.version != VERSION {
            let version = self.version;
            bail!(
                "{whose} has the version {version}, and this program reads {VERSION}; plan again"
            );
        }
        Ok(())
    }

    /// What it comes to, in a sentence or two.
    pub(crate) fn summary(&self) -> String {
        human::summary(self)
    }

    /// Writes a plan file, which its owner alone can read: it holds a company's data.
    fn keep(&self, path: &Path) -> anyhow::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
            serde_json::to_writer_pretty(&mut file, self)?;
            writeln!(file)?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            anyhow::Ok(())
        };
        write().with_context(|| format!("the plan file `{}`", path.display()))
    }

    /// How much there is in it.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts { targets: self.targets.len(), ..Counts::default() };
        for target in &self.targets {
            counts.changes += target.changes.len();
            counts.changed_targets += usize::from(!target.changes.is_empty());
            counts.identity +=
                target.changes.iter().filter(|change| is_identity(&change.member)).count();
            counts.cleared += target.changes.iter().filter(|change| change.is_clearing()).count();
            counts.cleared += target.replaced.len();
            counts.fixed += target.fixed.len();
        }
        counts
    }

    /// Writes it in one of its forms.
    ///
    /// # Errors
    /// What standard output can't take.
    pub(crate) fn show(&self, format: Format, output: &mut Output) -> anyhow::Result<()> {
        let plan = if output.masks() { &self.masked() } else { self };
        match format {
            Format::Human => human::write(plan, output)?,
            Format::Json => {
                serde_json::to_writer_pretty(&mut *output, plan)?;
                writeln!(output)?;
            }
            Format::Markdown => markdown::write(plan, output)?,
            Format::Html => html::write(plan, output)?,
        }
        Ok(())
    }

    /// # Errors
    /// A target couldn't be read, so that nobody knows what would have to change.
    pub(crate) fn refuse_unread(&self, output: &Output) -> anyhow::Result<()> {
        let Some(Unread { target, error }) = self.failed.first() else { return Ok(()) };
        let target = target.shown(output.masks());
        match self.failed.len() {
            1 => bail!("`{target}` couldn't be read: {error}"),
            count => {
                bail!("{count} targets couldn't be read, the first of them `{target}`: {error}")
            }
        }
    }
}

/// The targets that need nothing, counted by kind.
fn settled(plan: &Plan) -> BTreeMap<[&'static str; 2], usize> {
    let mut counts = BTreeMap::new();
    for target in plan.targets.iter().filter(|target| !target.differs()) {
        *counts.entry(target.target.shape().names).or_default() += 1;
    }
    counts
}

/// What isn't managed at the targets that need nothing: the targets of a kind that have the same, counted, with the
/// paths.
fn unmanaged_of_settled(plan: &Plan) -> Vec<(String, Vec<String>)> {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for target in plan.targets.iter().filter(|target| !target.differs()) {
        let paths: Vec<_> = target.unmanaged.iter().map(|held| shown::path(&held.path)).collect();
        if !paths.is_empty() {
            *counts.entry((target.target.shape().names, paths)).or_default() += 1;
        }
    }
    counts.into_iter().map(|((names, paths), number)| (counted(number, names), paths)).collect()
}

/// So many targets of a kind.
fn counted(number: usize, [one, several]: [&str; 2]) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {several}") }
}
