//! What a page and a document have to agree on.

use letterhead_diagnostics as diagnostics;

/// One kind of finding. Each is a static.
#[derive(Debug)]
pub struct Rule {
    /// Its name, in kebab case.
    pub code: &'static str,
    /// What it demands, in one line.
    pub summary: &'static str,
}

impl diagnostics::Rule for Rule {
    fn code(&self) -> &str {
        self.code
    }

    fn summary(&self) -> &str {
        self.summary
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Rule {}

/// The names of all kinds of findings of `docs check`.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    ALL.iter().filter(|rule| ***rule != FACT_CHANGED).map(|rule| rule.code)
}

macro_rules! rules {
    ($($name:ident = $code:literal, $summary:literal;)*) => {
        $(
            pub(crate) static $name: Rule = Rule {
                code: $code,
                summary: $summary,
            };
        )*

        /// All of them.
        pub(crate) static ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    BASE_DIFFERS = "base-differs", "Page and document show an operation below the same base path.";
    BODY_DIFFERS = "body-differs", "Page and document agree on whether there is a body.";
    CLOUD_DIFFERS = "cloud-differs", "Page and document name the same clouds.";
    CREDENTIAL_DIFFERS = "credential-differs", "Page and document agree on who may call an operation.";
    FACT_CHANGED = "fact-changed", "The pages have the facts of the lock.";
    HEADER_NOT_IN_DOCUMENT = "header-not-in-document", "The document has every header that the page shows.";
    MEMBER_CASE = "member-case", "Page and document spell members alike.";
    MEMBER_NOT_IN_DOCUMENT = "member-not-in-document", "The document has every member that the page shows.";
    MEMBER_NOT_IN_SAMPLE = "member-not-in-sample", "The samples of a page have every member that the document requires.";
    METHOD_DIFFERS = "method-differs", "Page and document show the same method.";
    OPERATION_NOT_IN_DOCUMENT = "operation-not-in-document", "The document has every operation of its pages.";
    OPERATION_NOT_ON_PAGE = "operation-not-on-page", "The page of an operation shows it.";
    PAGE_NOT_FOUND = "page-not-found", "The page that an operation names is there.";
    PAGE_CONTRADICTS_ITSELF = "page-contradicts-itself", "A page shows one path and one method of an operation.";
    PARAMETER_NOT_IN_DOCUMENT = "parameter-not-in-document", "The document has every parameter that the page shows.";
    PARAMETER_NOT_ON_PAGE = "parameter-not-on-page", "The page shows every required parameter of the document.";
    PATH_DIFFERS = "path-differs", "Page and document show the same path.";
    REQUIRED_DIFFERS = "required-differs", "Page and document require the same members and parameters.";
    SAMPLE_MISPLACED = "sample-misplaced", "A page shows a request and a response where it promises them.";
    SAMPLE_MISMATCH = "sample-mismatch", "The values of samples fit the schemas of the document.";
    SAMPLE_SHAPE = "sample-shape", "A sample has the envelope that the document has.";
    SAMPLE_UNREADABLE = "sample-unreadable", "The samples of a page can be read.";
    SECURITY_DIFFERS = "security-differs", "Page and document show the same credentials.";
    SERVER_DIFFERS = "server-differs", "The document has every server that the page shows.";
    TABLE_UNREADABLE = "table-unreadable", "The tables of a page can be read.";
    STALE_DECISION = "stale-decision", "A page shows what a decision settles.";
    STATUS_NOT_IN_DOCUMENT = "status-not-in-document", "The document has every status that the page shows.";
    TYPE_DIFFERS = "type-differs", "Page and document give members and parameters the same type.";
    VALUE_NOT_IN_DOCUMENT = "value-not-in-document", "The document has every value that the page lists.";
}
