//! Pages with one changed fact each: every one is found, and nothing else.

mod shelter;

use letterhead_docs_check::{Lock, diff};
use shelter::{LEAGUE, LEARN, LIST, REFERENCE, compare, documents, page, text};

/// What is changed, on which page, from what to what, and the finding.
const FAULTS: &[(&str, &str, &str, &str, &str)] = &[
    // What is called.
    (
        "path in the table",
        LEARN,
        "/v1/animals/{animal-id} HTTP",
        "/v1/pets/{animal-id} HTTP",
        "page-contradicts-itself path: PUT /v1/pets/{}",
    ),
    (
        "path in the sample",
        LEARN,
        "/v1/animals/<animal-id>",
        "/v1/animal/<animal-id>",
        "page-contradicts-itself path: PUT /v1/animal/{}",
    ),
    (
        "path everywhere",
        LEARN,
        "/v1/animals/",
        "/v1/pets/",
        "path-differs path: PUT /v1/pets/{}",
    ),
    (
        "version everywhere",
        LEARN,
        "/v1/",
        "/v2/",
        "path-differs path: PUT /v2/animals/{}",
    ),
    (
        "trailing slash",
        LEARN,
        "{animal-id} HTTP",
        "{animal-id}/ HTTP",
        "page-contradicts-itself path: PUT /v1/animals/{}/",
    ),
    (
        "parameter gone from the table's path",
        LEARN,
        "/v1/animals/{animal-id} HTTP",
        "/v1/animals HTTP",
        "page-contradicts-itself path: PUT /v1/animals",
    ),
    (
        "method in the table",
        LEARN,
        "| **PUT** |",
        "| **POST** |",
        "page-contradicts-itself method: POST /v1/animals/{}",
    ),
    (
        "method in the sample",
        LEARN,
        "PUT https",
        "PATCH https",
        "page-contradicts-itself method: PATCH /v1/animals/{}",
    ),
    (
        "method in both",
        LEARN,
        "PUT",
        "POST",
        "method-differs method: POST /v1/animals/{}",
    ),
    (
        "host",
        LEARN,
        "https://api.shelter.example",
        "https://api.shelter.invalid",
        "server-differs server: PUT /v1/animals/{animal_id} https://api.shelter.invalid",
    ),
    (
        "heading's method",
        REFERENCE,
        "**put** `",
        "**post** `",
        "page-contradicts-itself method: POST /kennels/{}/card",
    ),
    (
        "heading's path",
        REFERENCE,
        "**get** `/kennels/{kennel_id}/card`",
        "**get** `/kennels/{kennel_id}/cards`",
        "page-contradicts-itself path: GET /kennels/{}/cards",
    ),
    (
        "curl's method",
        REFERENCE,
        "-X PUT",
        "-X PATCH",
        "page-contradicts-itself method: PATCH /kennels/{}/card",
    ),
    (
        "an operation more",
        REFERENCE,
        "## Domain Types",
        "## Delete\n\n**delete** `/kennels/{kennel_id}/card`\n\n## Domain Types",
        "operation-not-in-document operation: DELETE /kennels/{}/card",
    ),
    (
        "path of a curl that stands alone",
        LEAGUE,
        "boxExt/unitBase/ \\",
        "boxExt/units/ \\",
        "path-differs path: GET /boxExt/units/",
    ),
    (
        "method of a curl that stands alone",
        LEAGUE,
        "-X PATCH",
        "-X PUT",
        "method-differs method: PUT /boxExt/animal/{}",
    ),
    (
        "trailing slash of a curl",
        LEAGUE,
        "boxExt/unitBase/ \\",
        "boxExt/unitBase \\",
        "path-differs path: GET /boxExt/unitBase",
    ),
    // Where it is offered.
    (
        "a cloud more",
        LEARN,
        "- Partner Center operated by 21Vianet\n",
        "- Partner Center operated by 21Vianet\n- Partner Center for Microsoft Cloud Germany\n",
        "cloud-differs cloud: PUT /v1/animals/{animal_id} germany",
    ),
    (
        "a cloud less",
        LEARN,
        "- Partner Center for Microsoft Cloud for US Government\n",
        "",
        "cloud-differs cloud: PUT /v1/animals/{animal_id} no us-government",
    ),
    (
        "a cloud less on one line",
        LIST,
        " | Partner Center operated by 21Vianet",
        "",
        "cloud-differs cloud: GET /v1/animals no china",
    ),
    (
        "a cloud more on one line",
        LIST,
        "21Vianet\n",
        "21Vianet | Partner Center for Microsoft Cloud for US Government\n",
        "cloud-differs cloud: GET /v1/animals us-government",
    ),
    // Parameters.
    (
        "a path parameter's name in the table",
        LEARN,
        "| **animal-id** |",
        "| **creature-id** |",
        "parameter-not-in-document parameter: PUT /v1/animals/{animal_id} creature-id",
    ),
    (
        "a path parameter's type",
        LEARN,
        "| **guid** |",
        "| **int** |",
        "type-differs type: PUT /v1/animals/{animal_id} animal_id int",
    ),
    (
        "a query parameter's name",
        LIST,
        "kind={kind}",
        "sort={sort}",
        "parameter-not-in-document parameter: GET /v1/animals sort",
    ),
    (
        "a query parameter's case",
        LIST,
        "| kind |",
        "| Kind |",
        "parameter-not-in-document parameter: GET /v1/animals Kind",
    ),
    (
        "a query parameter more",
        LIST,
        "| kind | string | N | Which kind. |\n",
        "| kind | string | N | Which kind. |\n| offset | int | N | Where to start. |\n",
        "parameter-not-in-document parameter: GET /v1/animals offset",
    ),
    (
        "a query parameter's type",
        LIST,
        "| size | int |",
        "| size | string |",
        "type-differs type: GET /v1/animals size string",
    ),
    (
        "required, no more",
        LIST,
        "| size | int | Y |",
        "| size | int | N |",
        "required-differs required: GET /v1/animals size",
    ),
    (
        "required, now",
        LIST,
        "| kind | string | N |",
        "| kind | string | Y |",
        "required-differs required: GET /v1/animals kind",
    ),
    (
        "a required query parameter gone",
        LIST,
        "size",
        "limit",
        "parameter-not-in-document parameter: GET /v1/animals limit",
    ),
    (
        "a generated parameter's name",
        REFERENCE,
        "- `lang: optional",
        "- `locale: optional",
        "parameter-not-in-document parameter: GET /kennels/{kennel_id}/card locale",
    ),
    (
        "a generated parameter's value",
        REFERENCE,
        "  - `\"nl\"`",
        "  - `\"nl\"`\n\n  - `\"de\"`",
        "value-not-in-document enum: GET /kennels/{kennel_id}/card lang de",
    ),
    // Headers.
    (
        "a request header's name",
        LEARN,
        "<token>\nAccept: application/json\nMS-RequestId",
        "<token>\nAccept: application/json\nMS-CallId",
        "header-not-in-document header: PUT /v1/animals/{animal_id} MS-CallId",
    ),
    (
        "a request header more",
        LEARN,
        "Expect: 100-continue",
        "X-Shelter: 1",
        "header-not-in-document header: PUT /v1/animals/{animal_id} X-Shelter",
    ),
    (
        "a response header more",
        LEARN,
        "HTTP/1.1 200 OK\n",
        "HTTP/1.1 200 OK\nX-Shelter: 1\n",
        "header-not-in-document header: PUT /v1/animals/{animal_id} 200 X-Shelter",
    ),
    (
        "no credential",
        LEARN,
        "Authorization: Bearer <token>\n",
        "",
        "security-differs security: PUT /v1/animals/{animal_id}",
    ),
    (
        "a credential's name",
        LEAGUE,
        "X-Api-Key: <API_KEY>'\n-i",
        "Api-Key: <API_KEY>'\n-i",
        "header-not-in-document header: PATCH /boxExt/animal/{animal_pkey} Api-Key",
    ),
    (
        "half a credential",
        REFERENCE,
        "    -X PUT \\\n    -H 'Content-Type: application/json' \\\n    -H \"X-Auth-Email: $KENNELS_EMAIL\" \\\n",
        "    -X PUT \\\n    -H 'Content-Type: application/json' \\\n",
        "security-differs security: PUT /kennels/{kennel_id}/card",
    ),
    (
        "no credential at all",
        REFERENCE,
        " \\\n    -H \"X-Auth-Email: $KENNELS_EMAIL\" \\\n    -H \"X-Auth-Key: $KENNELS_KEY\"\n```\n\n#### Response",
        "\n```\n\n#### Response",
        "security-differs security: GET /kennels/{kennel_id}/card",
    ),
    (
        "another base path",
        REFERENCE,
        "/client/v4/kennels/$KENNEL_ID/card \\\n    -X PUT",
        "/client/v5/kennels/$KENNEL_ID/card \\\n    -X PUT",
        "server-differs server: PUT /kennels/{kennel_id}/card https://api.kennels.example/client/v5",
    ),
    // Statuses.
    (
        "another status",
        LEARN,
        "HTTP/1.1 200 OK",
        "HTTP/1.1 201 Created",
        "status-not-in-document status: PUT /v1/animals/{animal_id} 201",
    ),
    (
        "no content",
        LIST,
        "HTTP/1.1 200 OK",
        "HTTP/1.1 206 Partial Content",
        "status-not-in-document status: GET /v1/animals 206",
    ),
    // Bodies.
    (
        "a request member's name",
        LEARN,
        "    \"name\":\"Rex\",\n    \"age\":4,\n    \"kind\":\"dog\",\n    \"box\":{\n        \"row\":7,\n        \"heated\":true\n    },\n    \"tags\":[\"calm\"",
        "    \"title\":\"Rex\",\n    \"age\":4,\n    \"kind\":\"dog\",\n    \"box\":{\n        \"row\":7,\n        \"heated\":true\n    },\n    \"tags\":[\"calm\"",
        "member-not-in-document member: PUT /v1/animals/{animal_id} request.title",
    ),
    (
        "a nested member's name",
        LIST,
        "\"name\": \"Rex\"",
        "\"called\": \"Rex\"",
        "member-not-in-document member: GET /v1/animals response.items[].called",
    ),
    (
        "a member more",
        LIST,
        "\"totalCount\": 02",
        "\"totalCount\": 2, \"pages\": 1",
        "member-not-in-document member: GET /v1/animals response.pages",
    ),
    (
        "a member's case",
        LIST,
        "\"totalCount\"",
        "\"TotalCount\"",
        "member-case case: GET /v1/animals response",
    ),
    (
        "a member's type",
        LIST,
        "\"totalCount\": 02",
        "\"totalCount\": \"2\"",
        "sample-mismatch type: GET /v1/animals response.totalCount",
    ),
    (
        "a nested member's type",
        LEARN,
        "    },\n    \"tags\":[]",
        "    },\n    \"tags\":\"\"",
        "sample-mismatch type: PUT /v1/animals/{animal_id} response.tags",
    ),
    (
        "a list's items",
        LEARN,
        "[\"calm\", \"house-trained\"]",
        "[1]",
        "sample-mismatch type: PUT /v1/animals/{animal_id} request.tags[]",
    ),
    (
        "a member's value",
        LIST,
        "\"kind\": \"dog\"",
        "\"kind\": \"bird\"",
        "value-not-in-document enum: GET /v1/animals response.items[].kind bird",
    ),
    (
        "no envelope",
        LEAGUE,
        "{\n  \"content\": [\n    {\n      \"PKey\": \"<PKEY>\",\n      \"label\": \"North\",\n      \"created\": \"2019-04-02 22:36:13.252Z\"\n    }\n  ]\n}",
        "{\n  \"PKey\": \"<PKEY>\",\n  \"label\": \"North\",\n  \"created\": \"x\"\n}",
        "sample-shape shape: GET /boxExt/unitBase/ response",
    ),
    (
        "a curl's member",
        LEAGUE,
        "\"unit\":{",
        "\"geoUnit\":{",
        "member-not-in-document member: PATCH /boxExt/animal/{animal_pkey} request.geoUnit",
    ),
    (
        "a curl's nested member",
        LEAGUE,
        "-d    \"PKey\"",
        "-d    \"Key\"",
        "member-not-in-document member: PATCH /boxExt/animal/{animal_pkey} request.unit.Key",
    ),
    (
        "a listed member's name",
        REFERENCE,
        "  - `phone: string`\n\n  - `note: optional string`\n\n- `success",
        "  - `telephone: string`\n\n  - `note: optional string`\n\n- `success",
        "member-not-in-document member: GET /kennels/{kennel_id}/card response.telephone",
    ),
    (
        "a listed member's type",
        REFERENCE,
        "- `phone: string`\n\n- `note",
        "- `phone: number`\n\n- `note",
        "type-differs type: PUT /kennels/{kennel_id}/card request.phone number",
    ),
    (
        "a listed member's duty",
        REFERENCE,
        "- `phone: string`\n\n- `note",
        "- `phone: optional string`\n\n- `note",
        "required-differs required: PUT /kennels/{kennel_id}/card request.phone",
    ),
    (
        "a required member gone from the sample",
        REFERENCE,
        "          \"owner\": \"owner\",\n          \"phone\": \"phone\",",
        "          \"owner\": \"owner\",",
        "member-not-in-sample required: PUT /kennels/{kennel_id}/card request.phone",
    ),
    (
        "a body where there is none",
        REFERENCE,
        "        }'\n```\n",
        "        }'\n```\n\n#### Response\n\n```json\n{ \"success\": true }\n```\n",
        "body-differs body: PUT /kennels/{kennel_id}/card response",
    ),
    (
        "no body where there is one",
        LEARN,
        "The whole animal.",
        "None.",
        "body-differs body: PUT /v1/animals/{animal_id} none",
    ),
    (
        "a sample beyond repair",
        LIST,
        "\"id\": \"a1\",",
        "\"id\" \"a1\",",
        "sample-unreadable sample: GET /v1/animals response",
    ),
];

#[test]
fn the_pages_are_clean_as_they_are() {
    let pages = shelter::PAGES.map(|path| page(path, &text(path)));
    let outcome = compare(pages.into());
    let found: Vec<_> = outcome
        .findings
        .iter()
        .map(|finding| &finding.message)
        .collect();
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(outcome.compared.len(), 4);
}

#[test]
fn every_fault_is_found_and_nothing_else() {
    let mut wrong = Vec::new();
    for (name, path, from, to, expected) in FAULTS {
        let before = text(path);
        let after = before.replace(from, to);
        assert_ne!(before, after, "{name}: nothing to change");
        let outcome = compare(vec![page(path, &after)]);
        let found: Vec<String> = outcome
            .findings
            .iter()
            .map(|finding| format!("{} {}", finding.rule.code, finding.key))
            .collect();
        if found != [*expected] {
            wrong.push(format!("{name}: {found:#?}"));
        }
    }
    assert!(FAULTS.len() >= 40);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fault_is_a_changed_fact() {
    let mut silent = Vec::new();
    for (name, path, from, to, _) in FAULTS {
        // Values of samples are no facts of the lock; whether they fit is for the documents to say.
        if *name == "a member's value" {
            continue;
        }
        let lock = Lock::read(&Lock::of([&page(path, &text(path))]).write()).unwrap();
        let after = page(path, &text(path).replace(from, to));
        if diff(&lock, &[after], &documents()).facts.is_empty() {
            silent.push(*name);
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn an_operation_that_a_page_drops_is_missed() {
    let all = text(REFERENCE);
    let (first, _) = all.split_once("## Put kennel card").unwrap();
    let outcome = compare(vec![page(REFERENCE, first)]);
    let found: Vec<_> = outcome
        .findings
        .iter()
        .map(|finding| finding.key.as_str())
        .collect();
    assert_eq!(found, ["unmentioned: PUT /kennels/{kennel_id}/card"]);
}
