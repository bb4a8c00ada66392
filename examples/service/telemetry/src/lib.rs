//! A collector of traces in process: it receives OTLP, protobuf over HTTP on loopback, as a service's
//! exporter sends it, and shows what came as a tree.

mod collector;
mod tree;

pub use collector::Collector;
pub use opentelemetry_proto::tonic::common::v1::any_value::Value;
pub use opentelemetry_proto::tonic::resource::v1::Resource;
pub use opentelemetry_proto::tonic::trace::v1::Span;
pub use tree::{attributes, is_client, is_error, tree};
