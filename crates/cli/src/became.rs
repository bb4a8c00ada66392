//! What became of a target.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::shown;

/// What became of a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "camelCase")]
pub(crate) enum Became {
    /// It was written. The vendor may have made something else of a member.
    Written {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rewritten: Vec<Rewritten>,
    },
    /// It was what it was to be already.
    InPlace,
    /// Somebody has changed it since it was read, so it was left as it is.
    Changed,
    /// It couldn't be written, or nobody knows whether it was.
    #[serde(rename_all = "camelCase")]
    Failed {
        error: String,
        /// Whether the write may have taken effect all the same.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        may_be_written: bool,
    },
}

/// A member that the vendor made something else of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rewritten {
    path: String,
    wanted: Value,
    has: Value,
}

impl Became {
    /// Whether the target now is as declared.
    pub(crate) fn is_good(&self) -> bool {
        match self {
            Self::Written { rewritten } => rewritten.is_empty(),
            Self::InPlace => true,
            Self::Changed | Self::Failed { .. } => false,
        }
    }

    /// Whether the vendor may have something else now than before.
    pub(crate) fn may_be_written(&self) -> bool {
        matches!(self, Self::Written { .. } | Self::Failed { may_be_written: true, .. })
    }

    /// Whether an apply that is resumed has nothing to do with it any more.
    pub(crate) fn is_over(&self) -> bool {
        !matches!(self, Self::Failed { .. })
    }

    /// What became of `target`, for people.
    pub(crate) fn line(&self, target: &str, masks: bool) -> String {
        match self {
            Self::Written { rewritten } => {
                let mut text = format!("written    {target}");
                for Rewritten { path, wanted, has } in rewritten {
                    let path = shown::path(path);
                    text += "\n           the vendor ";
                    let _ = match (has.is_null(), masks) {
                        (true, _) => write!(text, "dropped {path}"),
                        (false, true) => write!(text, "rewrote {path}"),
                        (false, false) => {
                            let (wanted, has) = (shown::value(wanted), shown::value(has));
                            write!(text, "rewrote {path}: {wanted} became {has}")
                        }
                    };
                }
                text
            }
            Self::InPlace => format!("in place   {target}"),
            Self::Changed => {
                format!("refused    {target}: it has changed since it was read; plan again")
            }
            Self::Failed { .. } if masks => format!("failed     {target}"),
            Self::Failed { error, .. } => format!("failed     {target}: {error}"),
        }
    }
}

impl Rewritten {
    /// A value that was sent to a place, and what the vendor has there.
    pub(crate) fn new(path: String, wanted: Value, has: Value) -> Self {
        Self { path, wanted, has }
    }
}
