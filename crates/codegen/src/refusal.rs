/// Why a part of a document can't be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub(crate) operation: Option<String>,
    pub(crate) reason: String,
}

impl Refusal {
    pub(crate) fn of_document(reason: impl Into<String>) -> Self {
        Self { operation: None, reason: reason.into() }
    }

    pub(crate) fn of_operation(operation: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { operation: Some(operation.into()), reason: reason.into() }
    }
}
