//! Lists in pages that the document can't describe.

use crate::Error;
use crate::cloudflare::{builder, types};
use crate::error::ErrorKind;
use crate::layer::JsonLists;
use crate::paging::listing;

listing!(
    ListOrganizationShares,
    SharePage { result: types::Share },
    // The document knows no member of a share.
    |share| share.get_raw("id").filter(|id| !matches!(*id, "null" | "\"\"")),
    |call, number| async move {
        let number: i64 = number
            .parse()
            .map_err(|_| Error::configuration("the position is one of another list"))?;
        let page = call.page(number).send().await?;
        // Whoever knows no numbers sends the first page for ever.
        match page.result_info.as_ref().and_then(|info| info.page) {
            Some(other) if other != number => Err(page.failed(another(number, other))),
            _ => Ok(page),
        }
    },
    |_, page| page.result_info.as_ref().map_or(Ok(None), types::PageNumberInfo::next)
);

/// Lists of paths that the document doesn't have. The cursor is a part of the query.
pub(super) const JSON: JsonLists = JsonLists {
    items: letterhead_spec::CLOUDFLARE.items,
    id: "id",
    first: |call| call,
    after: |_, page| {
        let Some(info) = page.json("result_info") else { return Ok(None) };
        let token = info.read::<types::PageTokenInfo>().ok().and_then(|info| info.next_page_token);
        if let Some(token) = token.filter(|token| !token.is_empty()) {
            return Ok(Some(format!("page_token={token}")));
        }
        if let Some(cursor) = info.read::<types::CursorInfo>().ok().and_then(|info| info.next()) {
            return Ok(Some(format!("cursor={cursor}")));
        }
        let number = info.read::<types::PageNumberInfo>().map_or(Ok(None), |info| info.next())?;
        Ok(number.map(|number| format!("page={number}")))
    },
    at: |call, cursor| {
        let (name, value) = cursor.split_once('=').unwrap_or(("page_token", cursor));
        call.with_query(name, value)
    },
};

fn another(asked: i64, came: i64) -> Error {
    let reason = format!("page {asked} of the list was asked for, and page {came} came");
    Error::new(ErrorKind::Decode, reason).without_effect()
}

impl types::CursorInfo {
    /// The cursor from where the published schema has it, or from where the official client looks.
    fn next(&self) -> Option<String> {
        let nested = self.cursors.as_ref().and_then(|cursors| cursors.after.as_ref());
        let cursors = [self.cursor.as_ref(), nested];
        cursors.into_iter().flatten().find(|cursor| !cursor.is_empty()).cloned()
    }
}

impl types::PageNumberInfo {
    /// The number of the next page.
    fn next(&self) -> Result<Option<String>, &'static str> {
        match self.page {
            Some(page) if self.leads_on_from(page) => Ok(Some(page.saturating_add(1).to_string())),
            None if self.leads_on_from(1) => {
                Err("the page doesn't say which one it is, and there are more")
            }
            _ => Ok(None),
        }
    }

    /// Whether there is another page: one of the totals says so, or neither says anything and this one
    /// is full. An empty page ends what is asked for in vain.
    fn leads_on_from(&self, page: i64) -> bool {
        if self.count == Some(0) {
            return false;
        }
        let size = self.per_page.filter(|&size| size > 0).or(self.count);
        let reached = page.saturating_mul(size.unwrap_or(0));
        match (self.total_pages, self.total_count) {
            (None, None) => self.count.zip(size).is_some_and(|(count, size)| count >= size),
            // Without a size the number of items says nothing of pages.
            (Some(pages), _) if size.is_none() => page < pages,
            (pages, count) => {
                pages.is_some_and(|pages| page < pages)
                    || count.is_some_and(|count| reached < count)
            }
        }
    }
}
