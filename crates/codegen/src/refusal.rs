/// Why a document can't be generated.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) reason: String,
}

impl Refusal {
    pub(crate) fn of_document(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}
