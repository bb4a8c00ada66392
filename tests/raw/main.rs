//! What the client promises, held against servers that keep to no protocol: each family is a module, each
//! row names the promise that it holds, and every server speaks in bytes.

#[path = "../common/mod.rs"]
mod common;

mod calls;
mod server;
mod table;

mod cancellation;
mod framing;
mod json;
mod limits;
mod links;
mod lists;
mod memory;
mod pool;
mod proxy;
mod secrets;
mod status;
mod stores;
mod tokens;
mod updates;
mod writes;
