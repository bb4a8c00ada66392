//! Bytes that a request carries, in memory or as a stream.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a stream of bytes yields.
pub(crate) type Chunk = Result<Bytes, Box<dyn std::error::Error + Send + Sync>>;
pub(crate) type Chunks = Pin<Box<dyn Stream<Item = Chunk> + Send>>;

/// Bytes to send: a whole body, or a file in a form.
///
/// ```
/// use letterhead::Upload;
///
/// let picture = Upload::from(vec![0x89, b'P', b'N', b'G'])
///     .file_name("me.png")
///     .content_type("image/png");
/// ```
///
/// A [`stream`](Self::stream) is sent once: a call with one is never retried, and a clone of it is the same stream.
#[derive(Clone)]
pub struct Upload {
    pub(crate) source: Source,
    pub(crate) content_type: Option<String>,
    pub(crate) file_name: Option<String>,
}

#[derive(Clone)]
pub(crate) enum Source {
    Bytes(Bytes),
    /// Taken by the call that sends it; with its length in bytes, where that is known.
    Stream(Arc<Mutex<Option<Chunks>>>, Option<u64>),
}

impl Upload {
    /// Sends what `stream` yields. An error of it ends the request.
    #[must_use]
    pub fn stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let chunks: Chunks = Box::pin(Converted(Box::pin(stream)));
        Self::of(Source::Stream(Arc::new(Mutex::new(Some(chunks))), None))
    }

    /// How many bytes the stream yields. Without it the body is sent in chunks. A stream that yields more or fewer
    /// fails the call, so its last bytes are sent when it has ended.
    #[must_use]
    pub fn length(mut self, bytes: u64) -> Self {
        if let Source::Stream(_, length) = &mut self.source {
            *length = Some(bytes);
        }
        self
    }

    /// The media type, instead of the one that the document has.
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    /// The file's name in a form. A whole body has none.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    fn of(source: Source) -> Self {
        Self { source, content_type: None, file_name: None }
    }
}

impl Source {
    /// The stream, unless it was taken.
    pub(crate) fn take(stream: &Mutex<Option<Chunks>>) -> Option<Chunks> {
        stream.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

struct Converted<S>(Pin<Box<S>>);

impl<S, E> Stream for Converted<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Item = Chunk;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Chunk>> {
        self.0.as_mut().poll_next(context).map(|next| next.map(|chunk| chunk.map_err(Into::into)))
    }
}

macro_rules! from {
    ($($ty:ty)*) => {$(
        impl From<$ty> for Upload {
            fn from(bytes: $ty) -> Self {
                Self::of(Source::Bytes(bytes.into()))
            }
        }
    )*};
}

from! { Bytes Vec<u8> &'static [u8] String &'static str }

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The bytes are customers' data.
        f.debug_struct("Upload")
            .field("content_type", &self.content_type)
            .field("is_stream", &matches!(self.source, Source::Stream(..)))
            .finish_non_exhaustive()
    }
}

impl PartialEq for Upload {
    fn eq(&self, other: &Self) -> bool {
        let is_same = match (&self.source, &other.source) {
            (Source::Bytes(one), Source::Bytes(other)) => one == other,
            (Source::Stream(one, _), Source::Stream(other, _)) => Arc::ptr_eq(one, other),
            _ => false,
        };
        is_same && self.content_type == other.content_type && self.file_name == other.file_name
    }
}

/// The member that stands for an upload where a form is written.
pub(crate) const PLACE: &str = "\0upload";

thread_local! {
    static NOTED: RefCell<Option<Vec<Upload>>> = const { RefCell::new(None) };
}

/// What `write` returns, and the uploads that it wrote, each as `{PLACE: its index}`.
pub(crate) fn noting_uploads<T>(write: impl FnOnce() -> T) -> (T, Vec<Upload>) {
    NOTED.set(Some(Vec::new()));
    let written = write();
    (written, NOTED.take().unwrap_or_default())
}

impl Serialize for Upload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let index = NOTED.with_borrow_mut(|noted| {
            let noted = noted.as_mut()?;
            noted.push(self.clone());
            Some(noted.len() - 1)
        });
        let index = index.ok_or_else(|| {
            serde::ser::Error::custom("a file is sent in a form, and can't be written as JSON")
        })?;
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(PLACE, &index)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Upload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl JsonSchema for Upload {
    fn schema_name() -> Cow<'static, str> {
        "Upload".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": "string", "format": "binary"})
    }
}
