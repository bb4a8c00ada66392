//! The frame of HTML pages. A page is one file: nothing in it is fetched, and nothing in it runs.

use std::io::{self, Write};

use crate::shown::html;

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8883;--dim:#8889;--set:#1a7f37;--cleared:#c62828}\
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:90rem;padding:0 1.5rem}\
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.05rem;margin:2rem 0 .5rem}\
small{color:var(--dim);font-weight:400}\
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}\
th,td{border-bottom:1px solid var(--line);padding:.35rem .7rem;text-align:left;vertical-align:top;overflow-wrap:break-word}\
th{font-weight:600;white-space:nowrap}thead th{position:sticky;top:0;background:Canvas}\
del{color:var(--dim);text-decoration-thickness:1px}.set{color:var(--set)}.cleared{color:var(--cleared)}\
details{color:var(--dim);margin:.4rem .7rem}.same{text-align:center;background:#8881}.odd{background:#f9a82522}\
@media (prefers-color-scheme:dark){:root{--set:#4caf50;--cleared:#ef5350}}";

/// Begins a page.
///
/// # Errors
/// What `out` can't take. So it is with the end.
pub(crate) fn begin(title: &str, summary: &str, out: &mut impl Write) -> io::Result<()> {
    let (title, summary) = (html(title), html(summary));
    writeln!(
        out,
        "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=viewport content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         <h1>{title}</h1>\n<p>{summary}</p>"
    )
}

/// Ends a page.
pub(crate) fn end(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "</html>")
}
