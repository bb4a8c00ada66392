//! All that the library promises, through its public API: a folder for each vendor, a module for each theme.

mod support;

mod campaign_standard;
mod cloudflare;
mod partner_center;

mod bad_input;
mod calls;
mod conveniences;
mod documents;
mod environment;
mod errors;
mod every_vendor;
mod foreign_bytes;
mod hooks;
mod json_requests;
mod kept_bodies;
mod limits;
mod lossless;
mod operations;
mod paging;
mod raw;
mod replaced;
mod resources;
mod retries;
mod runtimes;
mod secrets;
mod setters;
mod sign_in;
mod tasks;
mod tokens;
mod traces;
mod transport;
mod updates;
mod wrapped_sources;
