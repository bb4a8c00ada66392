//! Reads many targets at once.

use futures_util::{StreamExt as _, stream};

use crate::output::Output;
use crate::progress::Progress;
use crate::select::Selected;
use crate::target::Snapshot;
use crate::vendors::{AT_ONCE, Vendors};

/// Reads targets, and makes something of each as soon as it is read, so that no more is kept than is needed. What was
/// made has the order of the targets.
pub(crate) async fn each<T>(
    selected: &[Selected],
    vendors: &Vendors<'_>,
    output: &mut Output,
    make: impl Fn(&Selected, Snapshot) -> T,
) -> Vec<anyhow::Result<T>> {
    let progress = Progress::new(
        output,
        vendors.waits(),
        selected.iter().map(|selected| selected.target.vendor()),
    );
    let make = &make;
    let reads = selected.iter().enumerate().map(|(index, selected)| async move {
        let read = selected.target.read(vendors).await;
        (index, read.map(|snapshot| make(selected, snapshot)))
    });
    let mut reads = stream::iter(reads).buffer_unordered(AT_ONCE);
    let mut all = Vec::with_capacity(selected.len());
    while let Some((index, read)) = reads.next().await {
        let target = &selected[index].target;
        progress.step(target.vendor());
        let what = if read.is_ok() { "read      " } else { "unreadable" };
        output.step(&format!("{what} {}", target.shown(output.masks())));
        all.push((index, read));
    }
    progress.end();
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, read)| read).collect()
}
