//! The model of a company: what `company.yaml` says.

use letterhead::Patch;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A company. A member that is left out is left alone at the vendors; `null` clears it there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Company {
    /// The name that the company is registered under.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub(crate) legal_name: Patch<String>,
}
