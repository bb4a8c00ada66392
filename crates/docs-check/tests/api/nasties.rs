//! Pages that could make somebody wait, in any size.

use std::fmt::Write as _;

/// How large it is, and what it is in a size.
pub(crate) type Nasty = (usize, fn(usize) -> String);

/// What could make somebody wait.
pub(crate) const NASTIES: [Nasty; 30] = [
    (10_000, |size| "\0".repeat(size)),
    (3_000_000, |size| "a".repeat(size)),
    (20_000, |size| "# ## **get** `/x` ".repeat(size)),
    (20_000, |size| "<table><tr><td>".repeat(size)),
    (50_000, |size| "<table>".repeat(size)),
    // On one line: what starts no tag, tables that are closed, clauses.
    (50_000, |size| format!("- <div {}\n", "< ".repeat(size))),
    (20_000, |size| "<table></table><!-- -->".repeat(size)),
    (50_000, |size| format!("It supports {}.\n", "app, ".repeat(size))),
    (50_000, |size| "[".repeat(size)),
    (5_000, |size| "> ".repeat(size)),
    (5_000, |size| "- ".repeat(size)),
    (50_000, |size| "*".repeat(size)),
    (50_000, |size| "`".repeat(size)),
    (20_000, |size| "![](".repeat(size)),
    (50_000, |size| put(&"{\"a\":".repeat(size))),
    (100_000, |size| put(&"[".repeat(size))),
    (20_000, |size| curl(&"-d '{' ".repeat(size))),
    (20_000, |size| curl(&"-H \"a ".repeat(size))),
    (50_000, |size| curl(&"-H 'A: b' \\\n".repeat(size))),
    (5_000, |size| http(&"GET https://api.shelter.example/v1/animals\n".repeat(size))),
    // Longer than any address in each size.
    (200_000, |size| http(&format!("GET https://a\n{}", "/x\n".repeat(size)))),
    (200_000, |size| {
        http(&format!("GET https://api.shelter.example/v1/animals\n{}A: b\n", "\n".repeat(size)))
    }),
    (500_000, |size| format!("```json\n{{\"a\": \"{}\"}}\n```\n", "é".repeat(size))),
    (5_000, |size| format!("{HEAD}{}", "| PUT | {baseURL}/v1/animals |\n".repeat(size))),
    // On one line: cells, addresses.
    (300_000, |size| format!("{HEAD}{}\n", "| GET ".repeat(size))),
    (300_000, |size| format!("| GET | {{baseURL}}/{} |\n|-|-|\n", "http/1.1/".repeat(size))),
    // Many tables, each of which looks at what was before it.
    (2_000, |size| {
        let page = format!(
            "## A\n\n{HEAD}| PUT | {{baseURL}}/v1/animals/{{id}} |\n\n### URI parameters\n\n| Name | Type |\n|-|-|\n\
             | id | string |\n\n### Request body\n\n| Name | Type |\n|-|-|\n| kind | Kind |\n\n#### Kind\n\n\
             | Name | Type |\n|-|-|\n| name | string |\n\n"
        );
        page.repeat(size)
    }),
    // A machine's rows, and the requests that show what it translated.
    (2_000, |size| {
        let rows = (0..size).fold(String::new(), |mut all, at| {
            let _ = writeln!(all, "| **Holen** | {{baseURL}}/v1/Tiere/t{at}?art={{art}} |");
            all
        });
        let samples = (0..size).fold(String::new(), |mut all, at| {
            let _ = write!(all, "```http\nGET /v1/animals/t{at}?kind=x HTTP/1.1\n```\n");
            all
        });
        format!(
            "---\nms.translationtype: MT\nms.contentlocale: de-DE\n---\n{HEAD}{rows}\n{samples}"
        )
    }),
    // The same with other parameters in each row, in one table that is about all of them.
    (2_000, |size| {
        let rows = (0..size).fold(String::new(), |mut all, at| {
            let _ =
                writeln!(all, "| **Holen** | {{baseURL}}/v1/animals/t{at}?art{at}={{kind{at}}} |");
            all
        });
        let samples = (0..size).fold(String::new(), |mut all, at| {
            let _ = write!(all, "```http\nGET /v1/animals/t{at}?kind{at}=x HTTP/1.1\n```\n");
            all
        });
        format!(
            "---\nms.translationtype: MT\nms.contentlocale: de-DE\n---\n{HEAD}{rows}\n{samples}"
        )
    }),
    (3_000, |size| {
        let tables = "#### Kind\n\n| Name | Type |\n|-|-|\n| kind | Kind |\n\n".repeat(size);
        format!("{HEAD}| PUT | {{baseURL}}/v1/animals |\n\n### Request body\n\n{tables}")
    }),
];

/// Samples that are read whole, whatever of them is in no document.
pub(crate) const SAMPLES: [Nasty; 3] = [
    // Each of them is held against all names that the document has.
    (20_000, |size| {
        let members = (0..size).fold(String::new(), |mut all, at| {
            let _ = write!(all, "\"a{at}\": 1,");
            all
        });
        put(&format!("{{{members}}}"))
    }),
    (100_000, |size| put(&format!("{{{}}}", "\"a\n".repeat(size)))),
    (20_000, |size| put(&format!("{{{}}}", "\"a\": {\"b\": \"c\"}, ".repeat(size)))),
];

const HEAD: &str = "| Method | URI |\n|-|-|\n";

fn http(text: &str) -> String {
    format!("```http\n{text}\n```\n")
}

fn put(body: &str) -> String {
    http(&format!("PUT https://api.shelter.example/v1/animals/<id>\n\n{body}"))
}

fn curl(arguments: &str) -> String {
    format!("```\ncurl https://api.shelter.example/v1/animals {arguments}\n```\n")
}
