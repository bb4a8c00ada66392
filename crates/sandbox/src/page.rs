//! Lists in pages, with cursors that mean nothing to a client.

/// One page of a list.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// The cursor of the page after this one, if there is one.
    pub(crate) next: Option<String>,
}

/// Cuts a page of `size` out of `items`, from `cursor` on or from the start.
///
/// `list` names what is being listed, its filter included; a cursor made for another list is refused
/// with `None`, as is one that was never handed out.
pub(crate) fn page<T>(
    list: &str,
    items: Vec<T>,
    cursor: Option<&str>,
    size: usize,
) -> Option<Page<T>> {
    let start = match cursor {
        Some(cursor) => (0..items.len()).find(|&start| make_cursor(list, start) == cursor)?,
        None => 0,
    };
    let end = start.saturating_add(size);
    let next = (end < items.len()).then(|| make_cursor(list, end));
    let items = items.into_iter().skip(start).take(size).collect();
    Some(Page { items, next })
}

fn make_cursor(list: &str, start: usize) -> String {
    // FNV-1a: enough to distinguish lists, and to stop clients from counting.
    let hash =
        list.bytes().chain(start.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("AAEAAAD{hash:016X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_the_list_once_and_end() {
        let mut cursor = None;
        let mut seen = Vec::new();
        loop {
            let page =
                page("list", (0..5).collect(), cursor.as_deref(), 2).expect("a known cursor");
            seen.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let next = page("one", vec![1, 2], None, 1).expect("the first page").next.expect("more");
        assert!(page("two", vec![1, 2], Some(&next), 1).is_none());
        assert!(page("one", vec![1, 2], Some("1"), 1).is_none());
    }
}
