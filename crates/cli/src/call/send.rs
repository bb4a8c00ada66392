//! Sends a call, and follows the pages of a list.

use clap::ArgMatches;
use letterhead::{Error, JsonRequest, Reply};

use super::arguments::Call;
use super::show::{Shape, Show};
use crate::connect::Session;
use crate::output::Output;

/// The vendor's client starts a call of an operation.
macro_rules! start {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        fn start(session: &Session, call: &Call) -> Result<JsonRequest, Error> {
            let method = method(call);
            match call.operation.vendor.id {
                $($id => Ok(session.$module()?.request(method, call.path())),)+
                id => unreachable!("`{id}` is no row of the table"),
            }
        }
    };
}
letterhead_spec::for_each_vendor!(start);

/// The method of the call's operation.
pub(super) fn method(call: &Call) -> letterhead::http::Method {
    let method = call.operation.node.http_method();
    method.parse().expect("the document has methods of HTTP")
}

pub(super) async fn run(
    session: &Session,
    call: Call,
    arguments: &ArgMatches,
    output: &mut Output,
) -> anyhow::Result<()> {
    let request = call.of(start(session, &call).map_err(shown)?);
    let request = request.correlation_id(session.correlation_id);
    let is_list = call.operation.list().is_some();
    let is_table = is_list && arguments.get_one::<String>("output").is_some_and(|it| it == "table");
    let shape = if is_table { Shape::Table } else { Shape::Json };
    let mut show = Show::new(&call, shape, arguments.get_flag("include"), output);
    if is_list && arguments.get_flag("all") {
        let mut pages = request.pages();
        while let Some(page) = pages.next().await {
            let page = page.map_err(shown)?;
            show.head(&page);
            for item in &page.items {
                show.item(item.as_str())?;
            }
            // A page is seen when it is there.
            if show.flush()? {
                break;
            }
        }
    } else {
        let reply: Reply<letterhead::Json> = request.send().await.map_err(shown)?;
        show.head(&reply);
        show.value(reply.as_str())?;
    }
    show.end()
}

/// A vendor's error, its kind first.
pub(super) fn shown(error: Error) -> anyhow::Error {
    let kind = error.kind().to_string();
    anyhow::Error::new(error).context(kind)
}
