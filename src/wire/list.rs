use std::borrow::Cow;
use std::collections::VecDeque;

use super::IntoOption;

/// What a setter of a list takes: a `Vec`, an array or a slice of all that [`IntoOption`] takes for one
/// item, such as text and builders. An item that is `None` is left out.
///
/// ```
/// # #[cfg(feature = "partner-center")] {
/// use letterhead::partner_center::types::{LicenseAssignment, LicenseUpdate};
///
/// let update = LicenseUpdate::builder()
///     .licenses_to_assign([LicenseAssignment::builder().sku_id("E5")])
///     .licenses_to_remove(vec!["E1", "E3"]);
/// let update = LicenseUpdate::try_from(update)?;
/// assert_eq!(update.licenses_to_remove.unwrap_or_default(), ["E1", "E3"]);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `L` is the member's type: where that is an `Option`, the setter takes an `Option` of a list as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list for a member or an argument of type `{L}`",
    note = "a setter takes a `Vec`, an array or a slice of items, of text or of builders"
)]
pub trait IntoList<L> {
    /// The list.
    ///
    /// # Errors
    /// An item that isn't one, after its place: `[1]: id is required and was not set`.
    fn into_list(self) -> Result<L, String>;
}

/// Collects the items, and names the place of the one that isn't one.
fn collect<T, U: IntoOption<T>>(items: impl IntoIterator<Item = U>) -> Result<Vec<T>, String> {
    let items = items.into_iter().enumerate();
    let items = items.map(|(place, item)| {
        let item = item.into_option();
        item.map_err(|fault| format!("[{place}]: {fault}"))
    });
    items.filter_map(Result::transpose).collect()
}

/// Takes the items that a list owns.
macro_rules! owned {
    ($([$($parameter:tt)*] $list:ty;)*) => {$(
        impl<T, U: IntoOption<T>, $($parameter)*> IntoList<Vec<T>> for $list {
            fn into_list(self) -> Result<Vec<T>, String> {
                collect(self)
            }
        }
    )*};
}

/// Clones the items that a list lends.
macro_rules! lent {
    ($([$($parameter:tt)*] $list:ty;)*) => {$(
        impl<T, U: IntoOption<T> + Clone, $($parameter)*> IntoList<Vec<T>> for $list {
            fn into_list(self) -> Result<Vec<T>, String> {
                collect(self.iter().cloned())
            }
        }
    )*};
}

owned! {
    [] Vec<U>;
    [] VecDeque<U>;
    [] Box<[U]>;
    [const N: usize] [U; N];
}

lent! {
    [] &[U];
    [] &Vec<U>;
    [] Cow<'_, [U]>;
    [const N: usize] &[U; N];
}

impl<T, L: IntoList<Vec<T>>> IntoList<Option<Vec<T>>> for L {
    fn into_list(self) -> Result<Option<Vec<T>>, String> {
        self.into_list().map(Some)
    }
}

impl<T, L: IntoList<Vec<T>>> IntoList<Option<Vec<T>>> for Option<L> {
    fn into_list(self) -> Result<Option<Vec<T>>, String> {
        self.map(L::into_list).transpose()
    }
}
