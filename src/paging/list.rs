//! What a stream has to know about a list.

use serde::Serialize;

use crate::layer::{Mark, Options};
use crate::{Error, Reply};

/// A list that comes in pages. letterhead's own calls are.
pub trait Listing: Clone + Send + Sync + 'static {
    /// What one response holds.
    type Page: Send;
    /// What a page is made of.
    type Item: Send + Serialize;

    /// Where a page says how the list goes on, where the document says that.
    #[doc(hidden)]
    const MARK: Option<&'static Mark> = None;

    /// The operation, and what its path is made of.
    #[doc(hidden)]
    fn place(&self) -> (&'static str, Vec<String>);

    /// Sends the call for the page at `cursor`, or for the first one.
    #[doc(hidden)]
    fn fetch(
        self,
        cursor: Option<String>,
    ) -> impl Future<Output = Result<Reply<Self::Page>, Error>> + Send;

    /// What the call differs in, to be changed.
    #[doc(hidden)]
    #[must_use]
    fn adjust(self, change: impl FnOnce(&mut Options)) -> Self;

    /// Where the page after `page`, which is `here`, is: a token, a link, a number. None after the last one; a reason
    /// where there is another page and no telling which. Some vendors have it in a header.
    #[doc(hidden)]
    fn cursor_after(
        &self,
        page: &Reply<Self::Page>,
        here: Here<'_>,
    ) -> Result<Option<String>, &'static str>;

    #[doc(hidden)]
    fn items(page: &mut Self::Page) -> &mut Vec<Self::Item>;

    /// What an item is known by, where it has an id.
    #[doc(hidden)]
    fn id<'a>(&self, item: &'a Self::Item) -> Option<&'a str>;
}

/// Where a page is that came.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Here<'a> {
    /// None for the first page.
    pub(crate) cursor: Option<&'a str>,
    /// How many items came, those that can't be decoded included.
    pub(crate) count: usize,
}
