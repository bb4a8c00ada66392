//! An item that couldn't be decoded.

use std::fmt;

use super::Position;

/// An item of a list that couldn't be decoded, as it came.
///
/// It comes as an error in its place; the items after it follow.
///
/// ```no_run
/// # async fn run(partner: letterhead::partner_center::Client) -> Result<(), letterhead::Error> {
/// let mut customers = partner.list_customers().items();
/// while let Some(customer) = customers.next().await {
///     match customer {
///         Ok(customer) => println!("{:?}", customer.id),
///         Err(error) => match error.item() {
///             Some(item) => eprintln!("{error}: {} bytes of JSON", item.json().len()),
///             None => return Err(error), // the list ends here
///         },
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct UndecodedItem {
    index: usize,
    json: String,
    position: Position,
}

impl UndecodedItem {
    pub(crate) fn new(index: usize, json: String) -> Self {
        Self { index, json, position: Position::default() }
    }

    pub(crate) fn set_position(&mut self, position: Position) {
        self.position = position;
    }

    /// Its place on its page, from 0 on.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Its JSON as it came, without the secrets of the call.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Where it is in its list, to read it again.
    #[must_use]
    pub fn position(&self) -> &Position {
        &self.position
    }
}

impl fmt::Debug for UndecodedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The JSON stays out: it is a customer's data.
        f.debug_struct("UndecodedItem")
            .field("index", &self.index)
            .field("json_length", &self.json.len())
            .field("position", &self.position)
            .finish()
    }
}
