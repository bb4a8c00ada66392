//! Operations in every form of a row, a line and an item, and what only looks like one.

use super::{of, said};

/// What a page says of operations, and of tables that can't be read.
fn operations(text: &str) -> Vec<String> {
    of(&said("x.md", &format!("# X\n\n{text}")), &["operation", "table"])
}

#[test]
fn rows_have_their_cells_in_any_order() {
    let get = ["operation GET /v1/animals (table)"];
    for table in [
        "| Method | Request URI |\n|---|---|\n| **GET** | {baseURL}/v1/animals HTTP/1.1 |\n",
        "| Request URI | Method |\n|---|---|\n| {baseURL}/v1/animals HTTP/1.1 | **GET** |\n",
        "| Method | Request URI |\n|---|---|\n| **GET** | ｛baseURL｝/v1/animals HTTP/1.1 |\n",
        "| Method | Request URI |\n|---|---|\n| <p>GET</p> | {baseURL}/v1/animals |\n",
        "| Method | Request URI |\n|---|---|\n| <div>GET</div> | <center>{baseURL}/v1/animals</center> |\n",
        "| Method | Request URI |\n|---|---|\n| GET | {baseURL}/v1/animals[?size={size}][&kind={kind}] |\n",
        "<table><tr><th>Method<th>URI<tr><td><u>GET</u><td>{baseURL}/v1/animals</table>\n",
    ] {
        assert_eq!(operations(table), get, "{table}");
    }
    // An address that a row has before its verb is its own only where the verb is a cell.
    let remark = "| Where | What |\n|---|---|\n| /v1/animals | It takes a GET |\n";
    assert!(operations(remark).is_empty());
}

#[test]
fn a_row_may_have_several_methods() {
    let row = |verb: &str| {
        operations(&format!(
            "| Method | Request URI |\n|---|---|\n| {verb} | {{baseURL}}/v1/animals |\n"
        ))
    };
    let both = ["operation PUT /v1/animals (table)", "operation PATCH /v1/animals (table)"];
    for verb in ["**PUT/PATCH**", "PUT or PATCH", "PUT, PATCH", "**PUT** / **PATCH**"] {
        assert_eq!(row(verb), both, "{verb}");
    }
    // A word in capitals beside a translation is one method.
    assert_eq!(row("PLATZIEREN (PUT)"), both[..1]);
}

#[test]
fn a_row_without_a_method_is_reported() {
    let row = |verb: &str| {
        operations(&format!(
            "| Method | Request URI |\n|---|---|\n| GET | {{baseURL}}/v1/keepers |\n\
             | {verb} | {{baseURL}}/v1/animals |\n"
        ))
    };
    assert_eq!(row("")[1..], ["table unreadable: a row has an address and no method"]);
    assert_eq!(row("**FETCH**")[1..], ["table unreadable: no method is called `FETCH`"]);
    assert_eq!(row("DELETE")[1..], ["operation DELETE /v1/animals (table)"]);
    // A name in words is no method that was spelt wrong.
    assert_eq!(row("List all animals").len(), 1);
}

#[test]
fn an_address_in_a_table_about_something_else_is_no_operation() {
    let members = |row: &str| {
        let text = format!(
            "| Method | URI |\n|---|---|\n| PUT | {{baseURL}}/v1/animals |\n\n### Request body\n\n\
             | Name | Type | Description |\n|---|---|---|\n| name | string | Its name. |\n{row}\n\n### Request example\n\n\
             ```http\nPUT https://api.shelter.example/v1/animals HTTP/1.1\n\n{{\"name\": \"x\"}}\n```\n"
        );
        of(&said("x.md", &text), &["request", "table"])
    };
    assert_eq!(
        members("| website | string | https://www.contoso.com/about |\n"),
        ["request member name: string", "request member website: string", "request sample 1 value",]
    );
    let places =
        "| Environment | Address |\n|---|---|\n| Sandbox | https://sandbox.example/v1/x |\n";
    assert!(operations(places).is_empty());
}

#[test]
fn an_item_may_be_an_operation() {
    for (item, found) in [
        ("- **GET** {baseURL}/v1/animals HTTP/1.1\n", 1),
        ("- GET https://api.shelter.example/v1/animals\n", 1),
        ("- GET all of the animals\n", 0),
        ("- **Get** the [address]({baseURL}/v1/animals)\n", 0),
    ] {
        assert_eq!(operations(item).len(), found, "{item}");
    }
}

#[test]
fn a_tab_is_no_section() {
    let page = |tab: &str| {
        format!(
            "# X\n\n| Method | URI |\n|---|---|\n| POST | {{baseURL}}/v1/animals |\n\n### Request body\n\n{tab}\
             | Name | Type | Description |\n|---|---|---|\n| name | string | Its name. |\n\n### Response example\n\n{tab}\
             ```json\n{{\"id\": \"1\"}}\n```\n"
        )
    };
    let expected = ["request member name: string", "response sample 1 value"];
    for tab in ["", "# [REST](#tab/rest)\n\n", "#### [REST](#tab/rest)\n\n"] {
        let found = of(&said("x.md", &page(tab)), &["request", "response", "unknown"]);
        assert_eq!(found, expected, "{tab}");
    }
    // A link to somewhere else is the name of a section.
    let found = of(&said("x.md", &page("### [Rest](r.md#rest)\n\n")), &["request member"]);
    assert!(found.is_empty(), "{found:?}");
}
