//! Samples: which way they travel, and what is kept of broken ones.

use crate::shelter::page;
use letterhead_docs_check::Lock;

use super::{call, of, read, said};

#[test]
fn a_sample_travels_as_the_page_says_and_as_it_looks() {
    let side = |text: &str| {
        let all = of(&said("x.md", text), &["request sample", "response sample"]);
        all.into_iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let curl = "***Sample request***\n\n```\ncurl -X POST https://api.shelter.example/v1/animals -d '{\"name\": \"x\"}'\n```\n\n";
    let json = "```\n{\"id\": \"1\", \"name\": \"x\"}\n```\n";
    // A command is complete, whatever the label says.
    for between in [
        "It returns the animal.\n\n",
        "",
        "The animal is shown with its keeper.\n\n",
        "* Response to the POST request.\n\n",
    ] {
        assert_eq!(
            side(&format!("# X\n\n{curl}{between}{json}")),
            ["request", "response"],
            "{between}"
        );
    }
    // A body may stand below the command that sends it, and what comes back as well.
    for (method, expected) in [("PATCH", "request"), ("GET", "response")] {
        let below = format!(
            "# X\n\n```\n-X {method} https://api.shelter.example/v1/animals/1 \\\n-H 'X-Own: y'\n\n{{\"a\": 1}}\n```\n"
        );
        let found = side(&below);
        assert!(found.is_empty() && method == "GET" || found == [expected], "{method} {found:?}");
    }
    let bare = "# X\n\n```http\nPOST https://api.shelter.example/v1/animals HTTP/1.1\n```\n\n";
    for (between, expected) in [
        ("", "request"),
        ("Send this body:\n\n", "request"),
        ("It returns:\n\n", "response"),
        ("Het dier wordt geretourneerd.\n\n", "response"),
        ("次の応答が返されます。\n\n", "response"),
        ("### Response example\n\n", "response"),
        ("### Request body\n\n", "request"),
    ] {
        assert_eq!(side(&format!("{bare}{between}{json}")), [expected], "{between}");
    }
    // An error comes back.
    let error = "```\n{\"code\": 17, \"message\": \"No.\"}\n```\n";
    let found = of(&said("x.md", &format!("{bare}{error}")), &["response sample"]);
    assert_eq!(found, ["response sample 2 values of an error"]);
    // The status line of what is labelled otherwise, a slip before it, and empty lines among its headers.
    let odd = "# X\n\n```http\nGET https://api.shelter.example/v1/animals HTTP/1.1\n```\n\n```csharp\n`HTTP/1.1 200 OK\n\nDate: x\n\n\
               X-Own: y\n\n{\"a\": 1}\n```\n";
    assert_eq!(
        of(&said("x.md", odd), &["status", "response"]),
        [
            "status 200",
            "response header Date",
            "response header X-Own",
            "response sample 200 1 value"
        ]
    );
    // C# stays C#.
    for code in ["[Serializable]\nclass A { }", "{ get; set; }", "var x = animals.Get();"] {
        assert!(side(&format!("{bare}```csharp\n{code}\n```\n")).is_empty(), "{code}");
    }
    // Members without their braces.
    let fragment = format!("{curl}It returns:\n\n```\n...\n\"keeper\": {{\"id\": \"1\"}}\n```\n");
    assert_eq!(side(&fragment), ["request", "response"]);
}

#[test]
fn a_label_that_nothing_has_used_up_wins_over_a_sentence() {
    let bodies =
        |rest: &str| read("POST", "/v1/animals", rest, &["request sample", "response sample"]);
    let json = "```json\n{\"name\": \"x\"}\n```\n\n";
    let one = |side: &str| vec![format!("{side} sample 1 value")];
    let label = "### Request example\n\nA missing name returns an error.\n\n";
    assert_eq!(bodies(&format!("{label}{json}")), one("request"));
    let label = "### Response example\n\nThe body of the request comes back.\n\n";
    assert_eq!(bodies(&format!("{label}{json}")), one("response"));
    // One label may stand above several bodies.
    let two =
        format!("### Request body example\n\nFor a customer:\n\n{json}For a reseller:\n\n{json}");
    assert_eq!(bodies(&two), [one("request"), one("request")].concat());
    // What follows the request below its label comes back.
    let both = format!("### Example request\n\n{json}It returns:\n\n{json}");
    assert_eq!(bodies(&both), [one("request"), one("response")].concat());
}

#[test]
fn an_error_is_one_by_what_it_has() {
    let body = |sentence: &str, json: &str| {
        let rest = format!(
            "```http\nGET https://api.shelter.example/v1/animals/1 HTTP/1.1\n```\n\n{sentence}\n\n```json\n{json}\n```\n"
        );
        let found = read("GET", "/v1/animals/{id}", &rest, &["response sample"]);
        found.iter().any(|line| line.ends_with("of an error"))
    };
    let profile = "{\"name\": \"x\", \"age\": 4}";
    assert!(!body("Returns the profile, or an error code.", profile));
    assert!(!body("It returns:", "{\"code\": \"x\", \"description\": \"A cage.\"}"));
    assert!(body("Otherwise it returns an error:", "{\"code\": 4, \"description\": \"No.\"}"));
    assert!(body("It returns:", "{\"code\": 4, \"message\": \"No.\"}"));
    assert!(body("The error is:", "{\"errors\": []}"));
}

#[test]
fn what_a_vendor_sends_by_itself_is_no_response() {
    let body = |title: &str| {
        let rest = format!(
            "```http\nPOST https://api.shelter.example/v1/animals HTTP/1.1\n```\n\n### {title}\n\n```json\n{{\"name\": \"x\"}}\n```\n"
        );
        read("POST", "/v1/animals", &rest, &["request sample", "response sample"])
    };
    assert!(body("Sample event").is_empty());
    assert!(body("<a name=\"animal-sold-event\"></a>動物").is_empty());
    assert_eq!(body("Response of the event"), ["response sample 1 value"]);
    assert_eq!(body("Responsible partner"), ["request sample 1 value"]);
}

#[test]
fn a_request_shown_as_the_response_is_misplaced() {
    let message =
        "```http\nPATCH https://api.shelter.example/v1/animals/1 HTTP/1.1\n\n{\"a\": 1}\n```\n\n";
    let response = "```http\nHTTP/1.1 200 OK\n\n{\"a\": 1}\n```\n";
    let page = |response: &str| {
        format!(
            "### Request example\n\n{message}## REST response\n\n### Response example\n\n{response}"
        )
    };
    let found = |rest: &str| {
        let all = read("PATCH", "/v1/animals/{id}", rest, &["request", "response"]);
        all.into_iter().filter(|line| line.contains("should be")).collect::<Vec<_>>()
    };
    assert_eq!(found(&page(message)), ["request sample where a response should be"]);
    assert!(found(&page(response)).is_empty());
}

#[test]
fn a_section_of_requests_and_responses_promises_neither() {
    let requests = "```http\nGET https://api.shelter.example/v1/animals HTTP/1.1\n```\n\n```http\nHTTP/1.1 200 OK\n```\n";
    for (title, found) in [("Request/Response examples", 0), ("Response examples", 1)] {
        let rest = format!("## {title}\n\n**Example 1** (of many)\n\n{requests}");
        let misplaced = read("GET", "/v1/animals", &rest, &["request sample"]);
        assert_eq!(misplaced.len(), found, "{title} {misplaced:?}");
    }
}

#[test]
fn what_can_be_read_of_a_broken_sample_is_kept() {
    let lines = |middle: &str| {
        let sample = format!("{{\n \"a\": 1,\n {middle},\n \"c\": [{{\"d\": true}}]\n}}");
        let rest = format!("```http\nHTTP/1.1 200 OK\n\n{sample}\n```\n");
        let page = page("x.md", &call("GET", "/v1/animals", &rest));
        let lock = Lock::of([&page]).write();
        let own =
            lock.lines().filter(|line| line.contains("sample") || line.contains("unreadable"));
        own.map(|line| line.split_once(": ").unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        lines("\"b: \"x\""),
        [
            "response 200 sample a = integer",
            "response 200 sample c[].d = boolean",
            "response unreadable"
        ]
    );
    assert_eq!(
        lines("\"b\": \"x\""),
        [
            "response 200 sample a = integer",
            "response 200 sample b = string",
            "response 200 sample c[].d = boolean",
        ]
    );
}

#[test]
fn samples_above_the_address_are_those_of_the_only_operation() {
    let page = |label: &str, more: &str| {
        format!(
            "# X\n\n## C\\#\n\n### {label} sample\n\n```csharp\n\n{{\n  \"name\": \"x\"\n}}\n```\n\n\
             ## REST request\n\n| Method | URI |\n|---|---|\n| **POST** | {{baseURL}}/v1/animals |\n{more}\n\
             ```http\nPOST https://api.shelter.example/v1/animals HTTP/1.1\n```\n"
        )
    };
    let samples = |text: &str| {
        let lock = Lock::of(&[page_of(text)]).write();
        let lines = lock.lines().filter(|line| line.contains(" sample "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    for (label, side) in [("Request", "request"), ("Response", "response")] {
        assert_eq!(
            samples(&page(label, "")),
            [format!("POST /v1/animals: {side} sample name = string")]
        );
    }
    // Without a label, and where it could be another operation's, nobody knows.
    assert!(samples(&page("A", "")).is_empty());
    assert!(samples(&page("Request", "| **PUT** | {baseURL}/v1/animals |\n")).is_empty());
    assert!(samples("# X\n\n### Request sample\n\n```json\n{\"a\": 1}\n```\n").is_empty());
}

fn page_of(text: &str) -> letterhead_docs_check::Page {
    page("x.md", text)
}

#[test]
fn what_comes_from_another_address_is_no_response() {
    let lines = |between: &str| {
        let rest = format!(
            "```http\nGET https://api.shelter.example/v1/animals HTTP/1.1\n```\n\nIt returns the address of the keepers.\n\n\
             ```\n{{\"href\": \"x\"}}\n```\n\n{between}\n\n```\n{{\"keeper\": \"y\"}}\n```\n"
        );
        let lock = Lock::of(&[page("x.md", &call("GET", "/v1/animals", &rest))]).write();
        let line = lock.lines().find(|line| line.contains("sample keeper")).unwrap();
        line.split_once(": ").unwrap().0.to_owned()
    };
    assert_eq!(lines("Perform a GET request on the URL. It returns the keepers."), "page");
    assert_eq!(lines("Voer een GET-verzoek uit op de URL."), "page");
    assert_eq!(
        lines("A PUT request needs the whole object. A sold animal returns:"),
        "GET /v1/animals"
    );
    assert_eq!(lines("Then send a POST request as follows:"), "page");
    assert_eq!(lines("Another one looks so:"), "GET /v1/animals");
}
