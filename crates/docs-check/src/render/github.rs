//! Workflow commands of GitHub Actions, one line each.

use std::io::{self, Write};

use letterhead_document::Place;

pub(super) fn command(
    out: &mut dyn Write,
    level: &str,
    (file, place): (&str, Place),
    title: &str,
    message: &str,
) -> io::Result<()> {
    writeln!(
        out,
        "::{level} file={},line={},col={},title={}::{}",
        property(file),
        place.line,
        place.column,
        property(title),
        data(message)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
