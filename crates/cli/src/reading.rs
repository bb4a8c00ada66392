//! Reads many targets at once.

use futures_util::{StreamExt as _, stream};

use crate::output::Output;
use crate::progress::Progress;
use crate::select::Selected;
use crate::target::Snapshot;
use crate::vendors::Vendors;

/// How many targets are read at once.
pub(crate) const AT_ONCE: usize = 16;

/// Reads targets, and makes something of each as soon as it is read, so that no more is kept than is needed. What was
/// made has the order of the targets.
pub(crate) async fn each<T>(
    selected: &[Selected],
    vendors: &Vendors<'_>,
    output: &Output,
    make: impl Fn(&Selected, Snapshot) -> T,
) -> Vec<anyhow::Result<T>> {
    let progress = Progress::new(output, selected.iter().map(|selected| selected.target.vendor()));
    let (progress, make) = (&progress, &make);
    let reads = selected.iter().enumerate().map(|(index, selected)| async move {
        let read = selected.target.read(vendors).await;
        progress.step(selected.target.vendor());
        (index, read.map(|snapshot| make(selected, snapshot)))
    });
    let mut all: Vec<_> = stream::iter(reads).buffer_unordered(AT_ONCE).collect().await;
    progress.end();
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, read)| read).collect()
}
