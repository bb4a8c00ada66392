//! The body of a request: JSON, a form, text or bytes.

use std::collections::VecDeque;
use std::fmt::Write as _;
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
use crate::upload::{Chunks, PLACE, Source, Upload, noting_uploads};

/// How a value becomes a body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum How {
    Json,
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
    Stream(Mutex<Chunks>, Option<u64>),
}

/// What a body is of which the document has several media types.
pub(crate) trait Encode {
    fn content(&self) -> Result<Content, String>;
}

/// Defines what a body is of which the document has several media types: a variant for each.
#[allow(unused_macros, reason = "for documents with such bodies")]
macro_rules! bodies {
    ($(#[doc = $doc:literal])* pub enum $name:ident {
        $($variant:ident($ty:ty) = $kind:ident($media:literal $(, $how:expr)?),)*
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
        let media_type = header(media_type)?;
        let of = |bytes: Bytes, secrets| Self {
            pieces: VecDeque::from([Piece::Bytes(bytes)]),
            media_type: media_type.clone(),
            secrets,
        };
        match how {
            How::Json => Call::written(value).map(|(bytes, secrets)| of(bytes, secrets)),
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
                let media_type = format!(
                    "{}; boundary={}",
                    media_type.to_str().unwrap_or("multipart/form-data"),
                    parts.boundary
                );
                let media_type = header(&media_type)?;
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
            Ok(Piece::Stream(Mutex::new(chunks), *length))
        }
    }
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

    /// A list has a part for each of its items.
    fn add(
        &mut self,
        name: &str,
        value: &Flat,
        media_type: Option<&str>,
        uploads: &[Upload],
    ) -> Result<(), String> {
        match &value.shape {
            Shape::List(items) if media_type.is_none() => {
                items.iter().try_for_each(|item| self.add(name, item, media_type, uploads))
            }
            Shape::Members(members) => {
                let upload = members.first().filter(|(member, _)| member == PLACE);
                let upload =
                    upload.and_then(|(_, index)| uploads.get(index.json.parse::<usize>().ok()?));
                match upload {
                    Some(upload) => {
                        let media_type = upload.content_type.as_deref().or(media_type);
                        let media_type = media_type.unwrap_or("application/octet-stream");
                        let file = upload.file_name.as_deref().unwrap_or(name);
                        self.head(name, Some(file), Some(media_type))?;
                        self.pieces.push_back(piece(upload)?);
                        self.pieces.push_back(Piece::Bytes("\r\n".into()));
                        Ok(())
                    }
                    None => self.text(name, value, media_type.or(Some("application/json"))),
                }
            }
            _ => self.text(name, value, media_type),
        }
    }

    fn text(&mut self, name: &str, value: &Flat, media_type: Option<&str>) -> Result<(), String> {
        self.head(name, None, media_type)?;
        let is_json = media_type.is_some_and(|it| it.starts_with("application/json"));
        let text = if is_json { &value.json } else { value.text() };
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
                    match chunks.as_mut().poll_next(context) {
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
