//! The body of a request: JSON, a form, text or bytes.

use std::collections::VecDeque;
use std::fmt::{self, Write as _};
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};

use bytes::{BufMut, Bytes, BytesMut};
use http::HeaderValue;
use http_body::{Body, Frame, SizeHint};
use serde::Serialize;

use super::call::Call;
use super::flat::{Flat, Shape};
use super::style::{Style, is_null};
use crate::Secret;
use crate::upload::{Chunk, Chunks, PLACE, Source, Upload, noting_uploads};

/// How a value becomes a body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum How {
    Json,
    /// A JSON value in each line, for each item of a list.
    Lines,
    Text,
    /// A form; the members of which the document says how they are written.
    Form(&'static [Style]),
    /// The same in parts; each with the media type that the document gives it.
    Parts(&'static [(&'static str, &'static str)]),
}

/// A body that can be sent.
pub(crate) struct Content {
    pub(super) pieces: VecDeque<Piece>,
    pub(super) media_type: HeaderValue,
    pub(super) secrets: Vec<Secret>,
}

/// A part of a body.
pub(super) enum Piece {
    Bytes(Bytes),
    Stream(Mutex<Measured>, Option<u64>),
}

/// What a body is of which the document has several media types.
pub(crate) trait Encode {
    fn content(&self) -> Result<Content, String>;
}

/// Defines what a body is of which the document has several media types: a variant for each.
#[allow(unused_macros, reason = "for documents with such bodies")]
macro_rules! bodies {
    ($(#[doc = $doc:literal])* pub enum $name:ident {
        $($variant:ident($ty:ty $(,)?) = $kind:ident($media:literal $(, $how:expr)? $(,)?),)*
    }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("As `", $media, "`.")]
                $variant($ty),
            )*
        }

        impl $crate::layer::Encode for $name {
            fn content(
                &self,
            ) -> ::std::result::Result<$crate::layer::Content, ::std::string::String> {
                match self {
                    $(Self::$variant(body) => $crate::layer::Content::$kind(body, $media $(, $how)?),)*
                }
            }
        }
    };
}
#[allow(unused_imports, reason = "for documents with such bodies")]
pub(crate) use bodies;

impl Content {
    pub(crate) fn written<T: Serialize>(
        value: &T,
        media_type: &str,
        how: How,
    ) -> Result<Self, String> {
        let sent_as = header(media_type)?;
        let of = |bytes: Bytes, secrets| Self {
            pieces: VecDeque::from([Piece::Bytes(bytes)]),
            media_type: sent_as.clone(),
            secrets,
        };
        match how {
            How::Json => Call::written(value).map(|(bytes, secrets)| of(bytes, secrets)),
            How::Lines => {
                let (value, secrets) = Flat::of(value)?;
                Ok(of(lines(&value, media_type).into(), secrets))
            }
            How::Text => {
                let (value, secrets) = Flat::of(value)?;
                Ok(of(value.text().to_owned().into(), secrets))
            }
            How::Form(styles) => {
                let (value, secrets) = Flat::of(value)?;
                let mut form = String::new();
                for (name, value) in members(&value)? {
                    let style = styles.iter().find(|style| style.name == name);
                    let style = style.copied().unwrap_or(Style::of_member(""));
                    for (name, value) in style.pairs(name, value) {
                        let separator = if form.is_empty() { "" } else { "&" };
                        let _ = write!(form, "{separator}{name}={value}");
                    }
                }
                Ok(of(form.into(), secrets))
            }
            How::Parts(media_types) => {
                let (written, uploads) = noting_uploads(|| Flat::of(value));
                let (value, secrets) = written?;
                let mut parts = Parts::new();
                for (name, value) in members(&value)? {
                    let media_type = media_types.iter().find(|(of, _)| *of == name);
                    parts.add(name, value, media_type.map(|(_, it)| *it), &uploads)?;
                }
                let media_type = header(&format!("{media_type}; boundary={}", parts.boundary))?;
                Ok(Self { pieces: parts.end(), media_type, secrets })
            }
        }
    }

    /// Bytes as they are.
    pub(crate) fn upload(upload: &Upload, media_type: &str) -> Result<Self, String> {
        let media_type = header(upload.content_type.as_deref().unwrap_or(media_type))?;
        Ok(Self { pieces: VecDeque::from([piece(upload)?]), media_type, secrets: Vec::new() })
    }

    /// The whole body, where nothing of it is a stream.
    pub(super) fn bytes(&self) -> Option<Bytes> {
        let mut whole = BytesMut::new();
        for piece in &self.pieces {
            match piece {
                Piece::Bytes(bytes) if self.pieces.len() == 1 => return Some(bytes.clone()),
                Piece::Bytes(bytes) => whole.put_slice(bytes),
                Piece::Stream(..) => return None,
            }
        }
        Some(whole.freeze())
    }

    /// The body, to be sent once.
    pub(super) fn into_stream(self) -> reqwest::Body {
        reqwest::Body::wrap(Streamed(self.pieces))
    }
}

fn header(media_type: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(media_type)
        .map_err(|_| "the content type has characters that a header can't carry".to_owned())
}

fn piece(upload: &Upload) -> Result<Piece, String> {
    match &upload.source {
        Source::Bytes(bytes) => Ok(Piece::Bytes(bytes.clone())),
        Source::Stream(stream, length) => {
            let chunks = Source::take(stream);
            let chunks = chunks.ok_or("the stream was sent already, and can't be sent again")?;
            Ok(Piece::Stream(Mutex::new(Measured::of(chunks, *length)), *length))
        }
    }
}

/// A line for each item of a list; a text is sent as it is.
fn lines(value: &Flat, media_type: &str) -> String {
    let Shape::List(items) = &value.shape else { return value.text().to_owned() };
    // A JSON text sequence has a record separator in front of each.
    let before = if media_type.starts_with("application/json-seq") { "\x1e" } else { "" };
    let mut text = String::with_capacity(value.json.len() + items.len());
    for item in items {
        // Between the parts of a value a caller's own JSON may have ends of lines, which are blanks there.
        let json = item.json.replace(['\n', '\r'], " ");
        text.extend([before, &json, "\n"]);
    }
    text
}

fn members(value: &Flat) -> Result<impl Iterator<Item = (&str, &Flat)>, String> {
    match &value.shape {
        Shape::Members(members) => {
            let members = members.iter().map(|(name, value)| (name.as_str(), value));
            Ok(members.filter(|(_, value)| !is_null(value)))
        }
        _ => Err("a form is made of an object, and the body isn't one".to_owned()),
    }
}

/// A body of `multipart/form-data` under construction.
struct Parts {
    boundary: String,
    pieces: VecDeque<Piece>,
}

impl Parts {
    fn new() -> Self {
        let boundary = format!("letterhead-{}", uuid::Uuid::new_v4().simple());
        Self { boundary, pieces: VecDeque::new() }
    }

    /// A list has a part for each of its items, unless it is JSON and no list of files.
    fn add(
        &mut self,
        name: &str,
        value: &Flat,
        media_type: Option<&str>,
        uploads: &[Upload],
    ) -> Result<(), String> {
        if let Some(upload) = file(value, uploads) {
            let media_type = upload.content_type.as_deref().or(media_type);
            let media_type = media_type.unwrap_or("application/octet-stream");
            let file = upload.file_name.as_deref().unwrap_or(name);
            self.head(name, Some(file), Some(media_type))?;
            self.pieces.push_back(piece(upload)?);
            self.pieces.push_back(Piece::Bytes("\r\n".into()));
            return Ok(());
        }
        match &value.shape {
            Shape::List(items) if !media_type.is_some_and(is_json) || has_file(value, uploads) => {
                items.iter().try_for_each(|item| self.add(name, item, media_type, uploads))
            }
            Shape::Members(_) => self.text(name, value, media_type.or(Some("application/json"))),
            _ => self.text(name, value, media_type),
        }
    }

    fn text(&mut self, name: &str, value: &Flat, media_type: Option<&str>) -> Result<(), String> {
        self.head(name, None, media_type)?;
        let text = if media_type.is_some_and(is_json) { &value.json } else { value.text() };
        self.pieces.push_back(Piece::Bytes(format!("{text}\r\n").into()));
        Ok(())
    }

    fn head(
        &mut self,
        name: &str,
        file: Option<&str>,
        media_type: Option<&str>,
    ) -> Result<(), String> {
        let mut head = format!(
            "--{}\r\ncontent-disposition: form-data; name=\"{}\"",
            self.boundary,
            quoted(name)
        );
        if let Some(file) = file {
            let _ = write!(head, "; filename=\"{}\"", quoted(file));
        }
        if let Some(media_type) = media_type {
            header(media_type)?;
            let _ = write!(head, "\r\ncontent-type: {media_type}");
        }
        head.push_str("\r\n\r\n");
        self.pieces.push_back(Piece::Bytes(head.into()));
        Ok(())
    }

    fn end(mut self) -> VecDeque<Piece> {
        self.pieces.push_back(Piece::Bytes(format!("--{}--\r\n", self.boundary).into()));
        self.pieces
    }
}

/// The upload that a value stands for.
fn file<'u>(value: &Flat, uploads: &'u [Upload]) -> Option<&'u Upload> {
    let Shape::Members(members) = &value.shape else { return None };
    let (_, index) = members.first().filter(|(member, _)| member == PLACE)?;
    uploads.get(index.json.parse::<usize>().ok()?)
}

fn has_file(value: &Flat, uploads: &[Upload]) -> bool {
    match &value.shape {
        Shape::List(items) => items.iter().any(|item| has_file(item, uploads)),
        _ => file(value, uploads).is_some(),
    }
}

fn is_json(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim();
    name.eq_ignore_ascii_case("application/json") || name.ends_with("+json")
}

/// A name as browsers write it, so that it can't end its header.
///
/// Source: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data>.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// Pieces one after the other.
struct Streamed(VecDeque<Piece>);

impl Body for Streamed {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        loop {
            match self.0.front_mut() {
                None => return Poll::Ready(None),
                Some(Piece::Bytes(bytes)) => {
                    let bytes = std::mem::take(bytes);
                    self.0.pop_front();
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Piece::Stream(chunks, _)) => {
                    let chunks =
                        chunks.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
                    match chunks.poll(context) {
                        Poll::Pending => return Poll::Pending,
                        Poll::Ready(Some(chunk)) => {
                            return Poll::Ready(Some(chunk.map(Frame::data)));
                        }
                        Poll::Ready(None) => {
                            self.0.pop_front();
                        }
                    }
                }
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        let lengths = self.0.iter().map(|piece| match piece {
            Piece::Bytes(bytes) => Some(bytes.len() as u64),
            Piece::Stream(_, length) => *length,
        });
        lengths.sum::<Option<u64>>().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// A stream that has to be as long as the upload says: HTTP would cut a longer one, and nobody would know.
pub(super) struct Measured {
    chunks: Chunks,
    /// What is still to come; none where the length isn't known.
    left: Option<u64>,
    /// The last bytes of it, until the stream has ended.
    last: Option<Bytes>,
    /// Whether it has ended. Some streams panic when they are asked once more.
    is_over: bool,
}

impl Measured {
    fn of(chunks: Chunks, left: Option<u64>) -> Self {
        Self { chunks, left, last: None, is_over: false }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Chunk>> {
        loop {
            if self.is_over {
                return Poll::Ready(None);
            }
            let next = std::task::ready!(self.chunks.as_mut().poll_next(context));
            self.is_over = next.is_none();
            let (Some(left), Some(Ok(bytes))) = (&mut self.left, &next) else {
                return Poll::Ready(match (next, self.left) {
                    (None, Some(left)) if left > 0 => Some(Err(Box::new(WrongLength::Short(left)))),
                    (None, _) => self.last.take().map(Ok),
                    (next, _) => next,
                });
            };
            if bytes.is_empty() {
                continue;
            }
            match left.checked_sub(bytes.len() as u64) {
                None => return Poll::Ready(Some(Err(Box::new(WrongLength::Long)))),
                Some(rest) => *left = rest,
            }
            if *left > 0 {
                return Poll::Ready(next);
            }
            self.last = Some(bytes.clone());
        }
    }
}

/// Why a stream isn't what its upload says.
#[derive(Debug)]
pub(super) enum WrongLength {
    Long,
    /// So many bytes are missing.
    Short(u64),
}

impl std::error::Error for WrongLength {}

impl fmt::Display for WrongLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Long => f.write_str("the upload's stream has more bytes than its `length`"),
            Self::Short(left) => {
                write!(f, "the upload's stream has {left} bytes fewer than its `length`")
            }
        }
    }
}

impl WrongLength {
    /// The one that a request failed for.
    pub(super) fn of<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e Self> {
        let mut causes = std::iter::successors(Some(error), |error| error.source());
        causes.find_map(|cause| cause.downcast_ref())
    }
}
