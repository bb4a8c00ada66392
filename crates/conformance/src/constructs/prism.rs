//! Stoplight Prism: of each document a server that refuses what it doesn't describe.

use super::{Known, NotAsked, SentJudge, reasons};
use crate::program::{PRISM, Programs};

pub(super) const JUDGE: SentJudge = SentJudge {
    name: "@stoplight/prism-cli",
    version: PRISM,
    program: |programs: &Programs| programs.node("constructs.cjs"),
    known: &KNOWN,
    not_asked: &NOT_ASKED,
    exclusions: &reasons::<{ KNOWN.len() + NOT_ASKED.len() }>(&KNOWN, &NOT_ASKED),
};

const KNOWN: [Known; 12] = [
    (
        &[
            "c01_form POST /pets",
            "c07_parts_of_files POST /parts",
            "c08_parts_of_lists POST /parts",
        ],
        "Lists in a form or in parts, whose member comes several times. Prism reads one value.",
    ),
    (
        &["c02_form_encoding POST /pets"],
        "Commas of a joined list in a form, which Prism takes for a part of a value.",
    ),
    (&["c05_form_as_text POST /pets"], "A form whose schema is text. Prism reads an object."),
    (&["c06_parts_of_text POST /parts"], "JSON in a part. Prism reads text."),
    (
        &["c10_bytes_up PUT /bytes"],
        "A media type that the caller gives, and the document doesn't have.",
    ),
    (
        &[
            "c14_number_as_text PUT /level",
            "c15_xml POST /pets",
            "c16_lines_up POST /feed",
            "c18_json_as_bytes PUT /archive",
        ],
        "Bodies in other media types than JSON and forms, whose schema isn't text, and JSON whose schema is.",
    ),
    (
        &["c34_path_with_a_query GET /pets", "c34_path_with_a_query GET /owners/a%2Fb/pets"],
        "Paths with a query in them. Prism finds no path.",
    ),
    (&["c38_query_delimited GET /pets"], "Numbers with blanks between them. Prism reads texts."),
    (
        &["c56_enum_of_text GET /pet"],
        "A value that the enum doesn't list. The client sends it on purpose.",
    ),
    (
        &[
            "c73_patch PATCH /pet",
            "c74_patch_merge PATCH /pets/a%2Fb",
            "c75_patch_of_a_map PATCH /labels",
            "c78_patch_beside_post PATCH /pets",
        ],
        "`null` in a PATCH, which clears a member on purpose.",
    ),
    (
        &["c92_credentials POST /token"],
        "Requests for a token, which are in no document of the service.",
    ),
    (
        &["c93_path_joined GET /pets/.x"],
        "Two arguments of one segment, of which the first is empty.",
    ),
];

const NOT_ASKED: [NotAsked; 3] = [
    ("c30_path_simple", "A list in a path. Prism ends with an error of its own."),
    ("c32_path_matrix", "A style of paths. Prism ends with an error of its own."),
    ("c91_left_out", "A document with a reference to a file that isn't there."),
];
