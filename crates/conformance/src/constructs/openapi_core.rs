//! openapi-core, which reads a request as its document describes it.

use super::{Known, SentJudge, reasons};
use crate::program::{OPENAPI_CORE, Programs};

pub(super) const JUDGE: SentJudge = SentJudge {
    name: "openapi-core",
    version: OPENAPI_CORE,
    program: |programs: &Programs| programs.python("constructs.py"),
    known: &KNOWN,
    not_asked: &[],
    exclusions: &reasons::<{ KNOWN.len() }>(&KNOWN, &[]),
};

const KNOWN: [Known; 14] = [
    (
        &["c03_form_deep_object POST /pets", "c37_query_deep_object GET /pets"],
        "Objects and lists in a deep object, of which OpenAPI says nothing. openapi-core reads one level.",
    ),
    (
        &["c05_form_as_text POST /pets"],
        "A form whose schema is text. openapi-core reads an object.",
    ),
    (
        &["c06_parts_of_text POST /parts", "c08_parts_of_lists POST /parts"],
        "Numbers in parts of text. openapi-core reads texts and bytes.",
    ),
    (
        &["c10_bytes_up PUT /bytes"],
        "A media type that the caller gives, and the document doesn't have.",
    ),
    (
        &[
            "c12_text_up PUT /table",
            "c14_number_as_text PUT /level",
            "c15_xml POST /pets",
            "c16_lines_up POST /feed",
            "c18_json_as_bytes PUT /archive",
        ],
        "Bodies in other media types than JSON and forms, of which openapi-core reads bytes or text, and JSON whose \
         schema is text.",
    ),
    (
        &[
            "c31_path_label GET /pets/.1.2",
            "c32_path_matrix GET /pets/;by=a,1,b,x%3By/;ids=p;ids=q%2Fr",
        ],
        "Lists and objects with a label or names in a path. openapi-core finds no value.",
    ),
    (
        &["c33_path_json GET /pets/%7B%22a%22%3A1%7D", "c53_names_not_ascii GET /gr%C3%B6%C3%9Fen"],
        "Escapes in a path, which openapi-core leaves there.",
    ),
    (
        &["c34_path_with_a_query GET /pets", "c34_path_with_a_query GET /owners/a%2Fb/pets"],
        "Paths with a query in them. openapi-core finds no path.",
    ),
    (
        &["c38_query_delimited GET /pets"],
        "Blanks between numbers. openapi-core takes them for one.",
    ),
    (
        &["c42_query_optional GET /pets", "c56_enum_of_text GET /pet"],
        "Empty values of a query, which openapi-core refuses whatever the schema is.",
    ),
    (
        &[
            "c73_patch PATCH /pet",
            "c75_patch_of_a_map PATCH /labels",
            "c78_patch_beside_post PATCH /pets",
        ],
        "`null` in a PATCH, which clears a member on purpose.",
    ),
    (
        &["c74_patch_merge PATCH /pets/a%2Fb", "c77_patch_of_a_choice PATCH /animal"],
        "Merge patches. openapi-core reads no JSON of that media type.",
    ),
    (
        &[
            "c92_credentials POST /token",
            "c92_credentials GET /either",
            "c92_credentials GET /both",
        ],
        "Requests for a token, which are in no document of the service, and tokens of OAuth, which openapi-core \
         doesn't look for.",
    ),
    (
        &["c96_no_media_type POST /plan"],
        "A body whose media type the document calls ``, and the client JSON.",
    ),
];
