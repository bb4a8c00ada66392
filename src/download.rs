//! A response's bytes as they come.

use std::fmt;
use std::marker::PhantomData;

use bytes::{Bytes, BytesMut};
use serde::de::DeserializeOwned;

use crate::body::without_bom;
use crate::wire::Numbers;
use crate::{Error, ErrorKind};

/// The largest body that is read where nothing else is said, in bytes.
const LIMIT: u64 = 32 * 1024 * 1024;

/// The body of a response that isn't decoded: its bytes, as they come.
///
/// No more than 32 MiB of it are read, unless [`limit`](Self::limit) says so. The time limit of the attempt holds until
/// its end.
///
/// ```no_run
/// # async fn run(download: letterhead::Download) -> Result<(), letterhead::Error> {
/// let mut picture = download.limit(1 << 30);
/// while let Some(bytes) = picture.chunk().await? {
///     println!("{} bytes of {:?}", bytes.len(), picture.content_type());
/// }
/// # Ok(()) }
/// ```
pub struct Download {
    body: Body,
    content_type: Option<String>,
    limit: u64,
    read: u64,
    broken: Fault,
}

/// The error for a body that breaks off, with the ids of its call.
pub(crate) type Fault = Box<dyn Fn(ErrorKind, String) -> Error + Send + Sync>;

enum Body {
    Whole(Option<Bytes>),
    Coming(reqwest::Response),
}

impl Download {
    pub(crate) fn coming(
        response: reqwest::Response,
        content_type: Option<String>,
        broken: Fault,
    ) -> Self {
        Self { body: Body::Coming(response), content_type, limit: LIMIT, read: 0, broken }
    }

    pub(crate) fn whole(bytes: Bytes, content_type: Option<String>, broken: Fault) -> Self {
        Self { body: Body::Whole(Some(bytes)), content_type, limit: LIMIT, read: 0, broken }
    }

    /// Its media type, as the vendor says it.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Reads up to `bytes` of it.
    #[must_use]
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// The next bytes; none at the end.
    ///
    /// # Errors
    /// A body that broke off, or is larger than the limit.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let next = match &mut self.body {
            Body::Whole(bytes) => bytes.take().filter(|bytes| !bytes.is_empty()),
            Body::Coming(response) => response.chunk().await.map_err(|error| {
                let kind =
                    if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Transport };
                (self.broken)(kind, "the body broke off".to_owned())
                    .with_source(error.without_url())
            })?,
        };
        self.read += next.as_ref().map_or(0, |bytes| bytes.len() as u64);
        if self.read > self.limit {
            let reason = format!(
                "the body has more than {} bytes; raise the download's `limit`",
                self.limit
            );
            return Err((self.broken)(ErrorKind::Decode, reason));
        }
        Ok(next)
    }

    /// All that is left of it.
    ///
    /// # Errors
    /// As for [`chunk`](Self::chunk).
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        self.rest().await
    }

    /// All that is left of it, as text in UTF-8, without a byte order mark.
    ///
    /// # Errors
    /// As for [`chunk`](Self::chunk), and text of another encoding.
    pub async fn text(mut self) -> Result<String, Error> {
        let whole = self.rest().await?;
        let text = std::str::from_utf8(without_bom(&whole));
        text.map(str::to_owned).map_err(|_| {
            (self.broken)(ErrorKind::Decode, "the body isn't text in UTF-8".to_owned())
        })
    }

    async fn rest(&mut self) -> Result<Bytes, Error> {
        let mut whole = BytesMut::new();
        while let Some(bytes) = self.chunk().await? {
            whole.extend_from_slice(&bytes);
        }
        Ok(whole.freeze())
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("content_type", &self.content_type)
            .field("limit", &self.limit)
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}

/// A response with a JSON value in each line, decoded as they come.
///
/// However many lines there are, none may have more than 32 MiB, unless [`limit`](Self::limit) says so.
#[derive(Debug)]
pub struct Lines<T> {
    download: Download,
    /// The most bytes of a line.
    limit: u64,
    rest: BytesMut,
    /// So many bytes of the rest have no end of a line in them.
    searched: usize,
    is_first: bool,
    is_over: bool,
    values: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Lines<T> {
    pub(crate) fn of(download: Download) -> Self {
        Self {
            download: download.limit(u64::MAX),
            limit: LIMIT,
            rest: BytesMut::new(),
            searched: 0,
            is_first: true,
            is_over: false,
            values: PhantomData,
        }
    }

    /// Reads lines of up to `bytes`.
    #[must_use]
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// The next value; none at the end. A line that can't be decoded is an error in its place, and the next call
    /// goes on behind it. After a body that broke off and a line that is too long there is nothing more.
    ///
    /// # Errors
    /// A body that broke off, a line that is larger than the limit, and one that isn't what the document promises.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        loop {
            let searched = std::mem::take(&mut self.searched);
            let end = self.rest[searched..].iter().position(|byte| *byte == b'\n');
            let length = end.map_or(self.rest.len(), |end| searched + end);
            if length as u64 > self.limit {
                let reason = format!(
                    "a line has more than {} bytes; raise the `limit` of the lines",
                    self.limit
                );
                return Some(Err(self.over((self.download.broken)(ErrorKind::Decode, reason))));
            }
            let line = match end {
                Some(_) => self.rest.split_to(length + 1),
                None if self.is_over => self.rest.split(),
                None => match self.download.chunk().await {
                    Ok(Some(bytes)) => {
                        self.searched = self.rest.len();
                        self.rest.extend_from_slice(&bytes);
                        continue;
                    }
                    Ok(None) => {
                        self.is_over = true;
                        continue;
                    }
                    Err(error) => return Some(Err(self.over(error))),
                },
            };
            let line = if std::mem::take(&mut self.is_first) { without_bom(&line) } else { &line };
            // A JSON text sequence has a record separator in front of each.
            let json = line.strip_prefix(b"\x1e").unwrap_or(line).trim_ascii();
            if !json.is_empty() {
                let value = serde_json::from_slice(json).or_else(|error| {
                    let numbers = serde_json::from_slice(json);
                    numbers.map(|Numbers(value)| value).map_err(|_| error)
                });
                return Some(value.map_err(|error| {
                    let reason = "a line isn't what the document promises".to_owned();
                    (self.download.broken)(
                        ErrorKind::Decode,
                        format!("{reason}, at its column {}", error.column()),
                    )
                }));
            }
            // Nothing is left behind the last line.
            end?;
        }
    }

    /// Ends the lines with an error.
    fn over(&mut self, error: Error) -> Error {
        self.is_over = true;
        self.rest.clear();
        // What is still to come belongs to a line whose beginning is gone.
        self.download.body = Body::Whole(None);
        error
    }
}
