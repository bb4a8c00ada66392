//! Arguments in a style of the document's, and bodies that aren't plain JSON.

use std::sync::Mutex;

use http::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use http::{HeaderName, HeaderValue};
use serde::Serialize;

use super::Call;
use crate::layer::content::Content;
use crate::layer::flat::Flat;
use crate::layer::style::{Style, is_null};
use crate::layer::{NO_BODY, extra_header};

impl Call {
    /// Puts an argument into the path in a style of the document's.
    pub(crate) fn styled_segment<T: Serialize>(
        mut self,
        style: Style,
        value: Result<T, String>,
    ) -> Self {
        self.next_argument();
        if let Some(value) = self.flat(value) {
            let part = style.segment(&value);
            if part.is_empty() {
                self.refuse(format!("`{}` would lead to another resource", style.name));
            }
            self.path.push_str(&part);
            self.check_segment(style.name, "");
        }
        self
    }

    /// Adds a query parameter in a style of the document's.
    pub(crate) fn styled_query<T: Serialize>(
        mut self,
        style: Style,
        value: Result<T, String>,
    ) -> Self {
        for (name, value) in self.pairs(style, value) {
            let separator = if self.query.is_empty() { "" } else { "&" };
            self.query.extend([separator, &name, "=", &value]);
        }
        self
    }

    /// Adds a header in a style of the document's; none for null.
    pub(crate) fn styled_header<T: Serialize>(
        mut self,
        style: Style,
        value: Result<T, String>,
    ) -> Self {
        if let Some(value) = self.flat(value)
            && !is_null(&value)
        {
            let header = HeaderValue::from_str(&style.header(&value));
            match (HeaderName::try_from(style.name), header) {
                (Ok(name), Ok(value)) => {
                    self.headers.append(name, value);
                }
                _ => self.refuse(extra_header::unsendable(style.name)),
            }
        }
        self
    }

    /// Adds a cookie.
    pub(crate) fn cookie<T: Serialize>(mut self, style: Style, value: Result<T, String>) -> Self {
        for (name, value) in self.pairs(style, value) {
            let before = self.headers.get(COOKIE).and_then(|cookies| cookies.to_str().ok());
            let before = before.map(|cookies| format!("{cookies}; ")).unwrap_or_default();
            // What is percent-encoded can stand in a header.
            if let Ok(cookies) = HeaderValue::from_str(&format!("{before}{name}={value}")) {
                self.headers.insert(COOKIE, cookies);
            }
        }
        self
    }

    fn pairs<T: Serialize>(
        &mut self,
        style: Style,
        value: Result<T, String>,
    ) -> Vec<(String, String)> {
        let value = self.flat(value);
        value.map(|value| style.pairs(style.name, &value)).unwrap_or_default()
    }

    fn flat<T: Serialize>(&mut self, value: Result<T, String>) -> Option<Flat> {
        let (value, secrets) = self.argument(value.and_then(|value| Flat::of(&value)))?;
        self.secrets.extend(secrets);
        Some(value)
    }

    /// Sends a body that isn't plain JSON. One that need not be there isn't sent where none was set.
    pub(crate) fn content(mut self, is_required: bool, content: Result<Content, String>) -> Self {
        if !is_required && content.as_ref().is_err_and(|fault| fault == NO_BODY) {
            return self;
        }
        if let Some(mut content) = self.argument(content) {
            self.headers.insert(CONTENT_TYPE, content.media_type.clone());
            self.secrets.append(&mut content.secrets);
            match content.bytes() {
                Some(bytes) => self.body = Some(bytes),
                None => self.stream = Some(Mutex::new(Some(content.into_stream()))),
            }
        }
        self
    }

    /// The media types that the caller can read, instead of the vendor's.
    pub(crate) fn accept(mut self, media_types: &'static str) -> Self {
        if let Ok(media_types) = HeaderValue::from_str(media_types) {
            self.headers.insert(ACCEPT, media_types);
        }
        self
    }
}
