//! What the client promises, held against servers that keep to no protocol: each family is a module, each
//! row names the promise that it holds, and every server sends bytes.

#![allow(
    clippy::too_many_lines,
    clippy::match_bool,
    reason = "a table is as long as it has rows, and a script reads as a table"
)]

mod calls;
mod table;

mod cancellation;
mod disconnects;
mod framing;
mod items;
mod json;
mod kept;
mod limits;
mod links;
mod lists;
mod memory;
mod pool;
mod proxy;
mod secrets;
mod shown;
mod status;
mod stores;
mod tokens;
mod updates;
mod writes;
