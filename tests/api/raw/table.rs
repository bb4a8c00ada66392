//! Rows and how their failures are shown.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

/// No row lasts longer, whatever its server does.
const LONGEST: Duration = Duration::from_secs(30);

/// The rows of one family; all of them are run before the first failure is shown.
pub(crate) struct Table {
    family: &'static str,
    rows: usize,
    failures: Vec<String>,
}

impl Table {
    pub(crate) fn new(family: &'static str) -> Self {
        Self { family, rows: 0, failures: Vec::new() }
    }

    /// Runs a row, which holds `promise` in the case that `name` says.
    pub(crate) async fn row(
        &mut self,
        promise: &'static str,
        name: impl Display,
        row: impl Future<Output = ()> + Send + 'static,
    ) {
        self.rows += 1;
        let mut task = tokio::spawn(row);
        let reason = match tokio::time::timeout(LONGEST, &mut task).await {
            Ok(Ok(())) => return,
            Ok(Err(failure)) => match failure.into_panic().downcast::<String>() {
                Ok(text) => *text,
                Err(other) => match other.downcast::<&'static str>() {
                    Ok(text) => (*text).to_owned(),
                    Err(_) => "a panic without a text".to_owned(),
                },
            },
            Err(_) => {
                task.abort();
                format!("it isn't over after {LONGEST:?}")
            }
        };
        let family = self.family;
        self.failures.push(format!("{family} | {name}\n    promise: {promise}\n    {reason}"));
    }

    /// Fails with all the rows that failed.
    pub(crate) fn end(self) {
        let (failed, rows) = (self.failures.len(), self.rows);
        assert!(
            self.failures.is_empty(),
            "{failed} of {rows} rows of {} don't hold:\n\n{}\n",
            self.family,
            self.failures.join("\n\n")
        );
    }
}
