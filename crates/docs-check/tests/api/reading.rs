//! What is a fact, kind by kind, each beside its opposite.

use std::path::Path;

use crate::shelter::{folder, page};
use letterhead_docs_check::{Format, Lock, facts};

/// The facts of a page without their places, the title and the date.
fn said(path: &str, text: &str) -> Vec<String> {
    let mut out = Vec::new();
    facts(&folder(vec![page(path, text)]), Format::Human, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    let lines = out.lines().skip(1).take_while(|line| !line.is_empty());
    let words = lines.map(|line| {
        let mut words = line.split_whitespace().skip(1).collect::<Vec<_>>();
        if words.first() == Some(&"title") {
            words.clear();
        }
        words.join(" ")
    });
    words.filter(|line| !line.is_empty()).collect()
}

/// Those of the facts that have one of these beginnings.
fn of(facts: &[String], starts: &[&str]) -> Vec<String> {
    let kept = facts.iter().filter(|fact| starts.iter().any(|start| fact.starts_with(start)));
    kept.cloned().collect()
}

/// A page about one call, with what stands below its address.
fn call(method: &str, path: &str, rest: &str) -> String {
    format!(
        "# A call\n\n## REST request\n\n### Request syntax\n\n| Method | Request URI |\n|---|---|\n\
         | **{method}** | [*{{baseURL}}*](urls.md){path} HTTP/1.1 |\n\n{rest}"
    )
}

fn read(method: &str, path: &str, rest: &str, starts: &[&str]) -> Vec<String> {
    of(&said("learn/a-call.md", &call(method, path, rest)), starts)
}

const CLOUD: [&str; 2] = ["cloud", "no cloud"];

#[test]
fn what_a_page_does_not_apply_to_is_no_offer() {
    let all = "Partner Center operated by 21Vianet | Partner Center for Microsoft Cloud Germany";
    for (text, clouds) in [
        (
            format!("**Applies to**: Partner Center\n\n**Does not apply to**: {all}\n"),
            &["cloud global", "no cloud china", "no cloud germany"][..],
        ),
        // Two lines, one paragraph.
        (
            format!("**Applies to**: Partner Center\n**Doesn't apply to**: {all}\n"),
            &["cloud global", "no cloud china", "no cloud germany"],
        ),
        (format!("**Does not apply to: {all}**\n"), &["no cloud china", "no cloud germany"]),
        (format!("Does not apply to {all}\n"), &["no cloud china", "no cloud germany"]),
        (format!("**Applies to**: {all}\n"), &["cloud china", "cloud germany"]),
        (
            "**Applies to**\n\n- Partner Center\n\n**Does not apply to**\n\n- Partner Center operated by 21Vianet\n"
                .to_owned(),
            &["cloud global", "no cloud china"],
        ),
        (
            "**Applies to:**\n\n- Partner Center\n\nAnimals live in the public cloud alone. They are not available in \
             the following clouds.\n\n- Partner Center for Microsoft Cloud for US Government\n"
                .to_owned(),
            &["cloud global", "no cloud us-government"],
        ),
        // What a page says of something else makes no list negative.
        (
            "Animals are not plants. They live in:\n\n- Partner Center\n".to_owned(),
            &["cloud global"],
        ),
        (
            "**Gilt für**: Partner Center\n\n**Gilt nicht für**: Partner Center von 21Vianet\n".to_owned(),
            &["cloud global", "no cloud china"],
        ),
        (
            "**適用対象**: パートナー センター\n\n**適用対象外**: 21Vianet が運営するパートナー センター\n".to_owned(),
            &["cloud global", "no cloud china"],
        ),
        (
            "**适用于**：合作伙伴中心\n\n**不适用于**：由世纪互联运营的合作伙伴中心\n".to_owned(),
            &["cloud global", "no cloud china"],
        ),
        // A machine may tear the label, and the names.
        (
            "Nevztahuje **se na**: Partnerské centrum 21Vianet | Partnerské centrum pro Microsoft Cloud Německo\n"
                .to_owned(),
            &["no cloud china", "no cloud germany"],
        ),
        (
            "**Não se aplica a:** Partner Center da 21Vianet | Centro de Parceiros para | Microsoft Cloud Germany \
             Centro de Parceiros para Microsoft Cloud for US Government\n"
                .to_owned(),
            &["no cloud china", "no cloud germany", "no cloud us-government"],
        ),
    ] {
        let facts = said("learn/x.md", &format!("# X\n\n{text}"));
        assert_eq!(of(&facts, &CLOUD), clouds, "{text}");
    }
}

#[test]
fn there_is_no_body_where_the_page_says_so() {
    let none = ["request body"];
    let path = "/v1/animals";
    for (rest, expected) in [
        ("### Request body\n\nNone.\n", 1),
        ("### Request body\n\n- None\n", 1),
        ("**Request body**\n\nNone\n", 1),
        ("### <a name=\"request-body\"></a>要求本文\n\n[なし]。\n", 1),
        ("### Corps de la requête\n\nAucun.\n", 1),
        ("### Request body\n\n### Request example\n", 0),
        ("### Request body\n", 0),
        ("### Request body\n\nThe full animal.\n", 0),
        ("### Request body\n\nNone of the members may be left out.\n", 0),
        ("### Request headers\n\nNone.\n", 0),
    ] {
        assert_eq!(read("PUT", path, rest, &none).len(), expected, "{rest}");
    }
}

#[test]
fn a_second_table_describes_what_its_sentence_or_heading_names() {
    let head = "| Property | Type | Required | Description |\n|---|---|---|---|\n";
    let first = format!(
        "{head}| id | string | No | Of the litter. |\n| puppies | Array of objects | Yes | Of [Puppy](r.md#puppy) resources. |\n\
         | Home | object | Yes | Where they live. |\n\n"
    );
    let second = format!(
        "{head}| id | string | No | Of the puppy. |\n| name | string | Yes | Its name. |\n\n"
    );
    let start = "### Request body\n\nThis table describes the [Litter](r.md) properties in the request body.\n\n";
    let members = ["request member"];
    for (between, parent) in [
        ("This table describes the Puppy properties in the request body.\n\n", "puppies[]."),
        ("This table describes the [Puppy](r.md#puppy) properties.\n\n", "puppies[]."),
        ("#### Puppy\n\nThis table describes a puppy.\n\n", "puppies[]."),
        ("#### Home\n\nThis table describes where they live.\n\n", "Home."),
        ("**Home**\n\nThis table describes where they live.\n\n", "Home."),
        // Beside the section, but named after a member.
        ("### Home\n\nThis table describes where they live.\n\n", "Home."),
        ("### <a name=\"home\"></a>住所\n\n次の表を参照してください。\n\n", "Home."),
        // A heading for links alone is none.
        ("### <span id=\"home\"></span>\n\n**Home**\n\nThis table describes it.\n\n", "Home."),
        // A type that no member has.
        ("#### Kennel\n\nThis table describes a kennel.\n\n", "Kennel."),
        // The same type goes on.
        ("This table describes further Litter properties.\n\n", ""),
        ("Further properties are:\n\n", ""),
    ] {
        let rest = format!("{start}{first}{between}{second}");
        assert_eq!(
            read("POST", "/v1/litters", &rest, &members),
            [
                "request member id: string, optional".to_owned(),
                "request member puppies: Array of objects, required".to_owned(),
                "request member Home: object, required".to_owned(),
                format!("request member {parent}id: string, optional"),
                format!("request member {parent}name: string, required"),
            ],
            "{between}"
        );
    }
}

#[test]
fn headings_nest_bodies_and_the_sample_settles_where_they_are() {
    let head = "| Name | Type | Description |\n|---|---|---|\n";
    let rest = format!(
        "### Request body\n\nThis table describes the required properties in the request body.\n\n{head}\
         | [Home](#home) | object | Where they live. |\n\n#### Home\n\n{head}| street\\_name | string | The street. |\n\
         | rooms | [Room](r.md#room) resources | The rooms. |\n\n##### Room\n\n{head}| size | int | In square metres. |\n\n\
         ### Request example\n\n```http\nPOST https://api.shelter.example/v1/litters HTTP/1.1\n\n{{\"Home\": \
         {{\"street_name\": \"x\", \"rooms\": [{{\"size\": 1, \"doors\": 2}}]}}}}\n```\n"
    );
    assert_eq!(
        read("POST", "/v1/litters", &rest, &["request member"]),
        [
            "request member Home: object",
            "request member Home.street_name: string",
            "request member Home.rooms: Room resources",
            "request member Home.rooms[].size: int",
        ]
    );
    // The page wraps the body in a name of its own; the sample doesn't.
    let wrapped = format!(
        "### Request body\n\n{head}| Litter | object | The litter. |\n\n#### Litter\n\n{head}| mother | string | Hers. |\n\
         | born | string | When. |\n\n### Request example\n\n```http\nPOST https://api.shelter.example/v1/litters HTTP/1.1\n\n\
         {{\"mother\": \"x\", \"born\": \"y\"}}\n```\n"
    );
    assert_eq!(
        read("POST", "/v1/litters", &wrapped, &["request member"]),
        [
            "request member Litter: object",
            "request member mother: string",
            "request member born: string",
        ]
    );
    // What the sample leaves out stays where the page puts it.
    let partial = format!(
        "### Request body\n\n{head}| puppies | array of [Puppy](r.md#puppy) | All. |\n\n#### Puppy\n\n{head}\
         | name | string | Its name. |\n| moves | [Move](r.md#move) | Where to. |\n\n##### Move\n\n{head}\
         | name | string | Of the place. |\n\n### Request example\n\n```http\n\
         POST https://api.shelter.example/v1/litters HTTP/1.1\n\n{{\"puppies\": [{{\"name\": \"x\"}}]}}\n```\n"
    );
    assert_eq!(
        read("POST", "/v1/litters", &partial, &["request member"]),
        [
            "request member puppies: array of Puppy",
            "request member puppies[].name: string",
            "request member puppies[].moves: Move",
            "request member puppies[].moves.name: string",
        ]
    );
    // Paths, indentation, remarks and values.
    let rest = format!(
        "### Request body\n\n{head}| home.street | string | The street. |\n| food | object | Its food. |\n\
         | &nbsp;&nbsp;kind | string | The kind. |\n| colour (new) | string | The colour. |\n\n**States**\n\n\
         | State | Next state |\n|---|---|\n| Born | Sold |\n"
    );
    assert_eq!(
        read("POST", "/v1/litters", &rest, &["request member"]),
        [
            "request member home.street: string",
            "request member food: object",
            "request member food.kind: string",
            "request member colour: string",
        ]
    );
}

#[test]
fn only_what_is_sent_is_a_parameter() {
    let path = "/v1/animals/{animal-id}?country={country-code}&filter={filter}";
    let three = "|---|---|---|\n";
    let parameters = ["path", "query parameter", "unknown", "query value"];
    let own = ["query parameter country", "query parameter filter"];
    for (rest, expected) in [
        // Named after the placeholder of its value, and in words.
        (
            format!(
                "### URI parameters\n\n| Name | Type | Required |\n{three}| country-code | string | Yes |\n\
                 | {{animal-id}} | guid | Y |\n| Animal ID | guid | Y |\n| **limit** | int | No |\n"
            ),
            &[
                "query parameter country: string, required",
                "path parameter animal-id: guid, required",
                "path parameter animal-id: guid, required",
                "unknown parameter limit: int, optional",
            ][..],
        ),
        // The column says what is optional.
        (
            format!("### URI parameters\n\n| Name | Type | Optional |\n{three}| limit | int | Yes |\n"),
            &["unknown parameter limit: int, optional"],
        ),
        (
            format!("### Response success and error codes\n\n| Status | Code | Text |\n{three}| 404 | 7 | Gone. |\n"),
            &[],
        ),
        (
            format!("## REST response\n\nIt returns:\n\n| Property | Type | Text |\n{three}| name | string | Its name. |\n"),
            &[],
        ),
        (
            "### Filter syntax\n\n| Key | Value |\n|---|---|\n| Field | Name |\n| Operator | The operator to apply. |\n"
                .to_owned(),
            &["query value filter.Field: Name", "query value filter.Operator"],
        ),
    ] {
        let found = read("GET", path, &rest, &parameters);
        let expected: Vec<_> = own.iter().chain(expected).copied().collect();
        assert_eq!(found, expected, "{rest}");
    }
}

#[test]
fn values_of_a_query_are_facts_where_they_are_words() {
    let request = |query: &str| {
        let rest =
            format!("```http\nGET https://api.shelter.example/v1/animals?{query} HTTP/1.1\n```\n");
        read("GET", "/v1/animals", &rest, &["query value"])
    };
    assert_eq!(
        request("filter=%7B%22Field%22%3A%22State%22%2C%22Value%22%3A%22Sold%22%7D"),
        ["query value filter.Field: State", "query value filter.Value: Sold"]
    );
    assert_eq!(request("view=Current&size=40&id=<id>&key={key}"), ["query value view: Current"]);
    assert!(request("id=4b10bf41-ab11-40e3-8c53-cd67849b50de&from=2017-01-01").is_empty());
}

#[test]
fn tables_are_read_as_a_site_shows_them() {
    let expected = ["path parameter animal-id: string, required"];
    let row = "| animal-id | string | Yes | The animal. |";
    for table in [
        format!("| Name | Type | Required | Description |\n|---|---|---|---|\n{row}\n"),
        format!("| Name | Type | Required | Description |\n|---|---|---|\n{row}\n"),
        format!("| Name | Type | Required | Description |\n|---|---|---|---|---|\n{row}\n"),
        format!("| Name | Type | Required | Description |\n|---|---|---|---|\n\n{row}\n"),
        format!("| Name | Type | Required | Description |\n\n|---|---|---|---|\n{row}\n"),
        format!("A sentence.\n| Name | Type | Required | Description |\n|---|---|---|---|\n{row}\n"),
        format!("> | Name | Type | Required | Description |\n|---|---|---|---|\n{row}\n"),
        format!("> A note.\n| Name | Type | Required | Description |\n|---|---|---|---|\n> {row}\n"),
        "| Name | Type | Required | Description |\n|---|---|---|---|\n| animal-id | string | Yes | `a|b`. |\n".to_owned(),
        "<table>\n<tr><td>Name</td><td>Type</td><td>Required</td></tr>\n<tr><td>animal-id</td><td>string</td><td>Yes</td>\
         </tr>\n"
            .to_owned(),
    ] {
        let rest = format!("### URI parameters\n\n{table}\n### Request headers\n\nNone.\n");
        let found = read("GET", "/v1/animals/{animal-id}", &rest, &["path", "unknown", "table"]);
        assert_eq!(found, expected, "{table}");
    }
    // What no site shows as a table is said.
    let loose = format!("### URI parameters\n\n{row}\n{row}\n");
    assert_eq!(
        read("GET", "/v1/animals/{animal-id}", &loose, &["path", "unknown", "table"]),
        ["table unreadable: this looks like a table, but no line of dashes makes it one"]
    );
    // A sentence with a bar is no table.
    let sentence = "### URI parameters\n\nChoose a | b.\n";
    assert!(read("GET", "/v1/animals", sentence, &["table"]).is_empty());
    // A bar in code is no column.
    let address = "# X\n\n| Method | Request URI |\n|---|---|\n| **GET** | `{baseURL}/v1/animals?kind={cat|dog}` |\n";
    assert_eq!(of(&said("x.md", address), &["operation"]), ["operation GET /v1/animals (table)"]);
}

#[test]
fn translated_rows_are_known_by_the_sample() {
    let rows = |rows: &[(&str, &str)]| {
        let all = rows
            .iter()
            .map(|(verb, path)| format!("| **{verb}** | [*{{baseURL}}*](u.md){path} |\n"));
        format!(
            "---\nms.translationtype: MT\nms.contentlocale: de-DE\n---\n# X\n\n| Methode | URI |\n|---|---|\n{}\n",
            all.collect::<String>()
        )
    };
    let sample = |line: &str| format!("```http\n{line} HTTP/1.1\n```\n");
    let table = |text: &str| {
        let all = of(&said("x.md", text), &["operation", "table"]);
        all.into_iter().filter(|line| !line.contains("(request)")).collect::<Vec<_>>()
    };
    let one = sample("GET https://api.shelter.example/v1/animals/<animal-id>/keepers");
    // The third row isn't what the sample shows.
    let three = rows(&[
        ("GET", "/v1/animals/{animal-id}/keepers HTTP/1.1"),
        ("GET", "/v1/animals/{animal-id}/cages HTTP/1.1"),
        ("GET", "/v1/keepers/{keeper-id}/animals/HTTP/1.1"),
    ]);
    assert_eq!(
        table(&(three + &one)),
        [
            "operation GET /v1/animals/{animal-id}/keepers (table)",
            "operation GET /v1/animals/{animal-id}/cages (table)",
            "operation GET /v1/keepers/{keeper-id}/animals (table)",
        ]
    );
    // A translated segment, and another case.
    let path = rows(&[("GET", "/V1/Animals/{Animal-ID}/wärter http/1.1")]);
    assert_eq!(table(&(path + &one)), ["operation GET /v1/animals/{animal-id}/keepers (table)"]);
    // A verb by its address, by the same word elsewhere, by its meaning.
    let verbs = rows(&[
        ("BEKOMMENES", "/v1/animals/{animal-id}/keepers"),
        ("BEKOMMENES", "/v1/animals/{animal-id}/cages"),
        ("LÖSCHEN", "/v1/animals/{animal-id}"),
        ("UNKLAR", "/v1/animals"),
    ]);
    assert_eq!(
        table(&(verbs + &one)),
        [
            "operation GET /v1/animals/{animal-id}/keepers (table)",
            "operation GET /v1/animals/{animal-id}/cages (table)",
            "operation DELETE /v1/animals/{animal-id} (table)",
            "table unreadable: the method `UNKLAR` is in another language",
        ]
    );
    // Blanks around braces, and a full stop of another language.
    let odd = "# X\n\n| M | U |\n|---|---|\n| GET | [* \\{ BASEURL \\} *](u.md)/v1/animals? size = {size} HTTP/1。1 |\n";
    assert_eq!(of(&said("x.md", odd), &["operation"]), ["operation GET /v1/animals (table)"]);
}

#[test]
fn of_a_page_in_two_languages_the_original_is_read() {
    let both = |other: &str, original: &str| {
        format!(
            "<span data-ttu-id=\"1\">{other}</span><span class=\"sxs-lookup\"><span data-stu-id=\"1\">{original}</span></span>"
        )
    };
    let page = [
        "---\nms.translationtype: MT\nms.contentlocale: hu-HU\n---\n".to_owned(),
        format!("# <a name=\"x\"></a>{}\n\n", both("Állat", "Animal")),
        format!(
            "{}\n\n",
            both(
                "**Nem vonatkozik a következőre:** Partnerközpont 21Vianet",
                "**Does not apply to**: Partner Center operated by 21Vianet"
            )
        ),
        format!("### {}\n\n", both("Kérés szintaxisa", "Request syntax")),
        format!(
            "| {} | {} |\n|---|---|\n",
            both("Metódus", "Method"),
            both("Kérés URI-ja", "Request URI")
        ),
        format!(
            "| {} | {} |\n\n",
            both("**TÖRLÉSE**", "**DELETE**"),
            both(
                "[*\\{ baseURL \\}*](u.md)/v1/Állatok/{állat} http/1.1",
                "[*\\{baseURL\\}*](u.md)/v1/animals/{animal-id} HTTP/1.1"
            )
        ),
        format!("### {}\n\n", both("A kérés törzse", "Request body")),
        format!("| {} | {} |\n|---|---|\n", both("Név", "Name"), both("Típus", "Type")),
        format!(
            "| {} | [{}](r.md#keeper) |\n",
            both("gondozó", "keeper"),
            both("Gondozó", "Keeper")
        ),
    ];
    assert_eq!(
        said("x.md", &page.concat()),
        [
            "no cloud china",
            "operation DELETE /v1/animals/{animal-id} (table)",
            "request member keeper",
        ]
    );
}

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
fn tables_about_types_are_facts_about_their_members() {
    let page = "# Animal resources\n\n**Applies to**: Partner Center\n\n## Animal\n\n| Property | Type | Description |\n|---|---|---|\n\
                | id | string | Read-only. Its identifier. |\n| name | string | Its name. |\n\n## AnimalState\n\n\
                | Value | Position | Description |\n|---|---|---|\n| unknown | 0 | Not known. |\n| sold | 1 | Sold. |\n";
    assert_eq!(
        of(&said("learn/animal-resources.md", page), &["property", "enum"]),
        [
            "property Animal.id: string, read-only",
            "property Animal.name: string",
            "enum value AnimalState: unknown",
            "enum value AnimalState: sold",
        ]
    );
    let translated = "# <a name=\"animal-resources\"></a>動物のリソース\n\n## <a name=\"animal\"></a>動物\n\n\
                      | プロパティ | 種類 | 説明 |\n|---|---|---|\n| id | string | 読み取り専用。 |\n";
    assert_eq!(
        of(&said("learn/x.md", translated), &["property"]),
        ["property animal.id: string, read-only"]
    );
    // Any other table is none.
    for text in [
        "# Errors\n\n## Codes\n\n| Code | Text |\n|---|---|\n| 1 | No. |\n",
        "# Guide\n\n## Where to start\n\n| Property | Text |\n|---|---|\n| id | No. |\n",
    ] {
        assert!(of(&said("x.md", text), &["property", "enum"]).is_empty(), "{text}");
    }
}

#[test]
fn the_rule_about_credentials() {
    let rule = |sentence: &str| {
        let text = format!(
            "# X\n\n## Prerequisites\n\n- As in [authentication](authentication.md). {sentence}\n"
        );
        of(&said("x.md", &text), &["credential"])
    };
    for (sentence, expected) in [
        ("It supports App+User credentials only.", "credential app+user only"),
        ("It supports both standalone App and App+User credentials.", "credential app or app+user"),
        ("It supports app-only authentication.", "credential app only"),
        ("アプリ + ユーザー資格情報のみがサポートされています。", "credential app+user only"),
    ] {
        assert_eq!(rule(sentence), [expected], "{sentence}");
    }
    assert!(rule("Sign in first.").is_empty());
    assert!(of(&said("x.md", "# X\n\nUse app + user credentials.\n"), &["credential"]).is_empty());
}

/// The small inputs that lie beside the project, where they do: what is to be read from each.
#[test]
fn the_cases_beside_the_project() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let cases = root.join("../shared/cases/docs");
    if !cases.is_dir() {
        return;
    }
    let facts = |case: &str| {
        let file = std::fs::read_dir(cases.join(case)).unwrap().next().unwrap().unwrap().path();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        said(&name, &std::fs::read_to_string(file).unwrap())
    };
    let has = |case: &str, wanted: &[&str]| {
        let facts = facts(case);
        for fact in wanted {
            assert!(facts.iter().any(|own| own == fact), "{case}: {fact}: {facts:#?}");
        }
        facts
    };
    let clouds =
        has("01-does-not-apply", &["no cloud china", "no cloud germany", "no cloud us-government"]);
    assert_eq!(of(&clouds, &["cloud"]), ["cloud global"]);
    assert!(of(&facts("03-empty-body-section"), &["request body"]).is_empty());
    let members = has(
        "04-two-tables-one-body",
        &[
            "request member lineItems[].id: string, optional",
            "request member lineItems[].subscriptionId: string, required",
        ],
    );
    assert_eq!(of(&members, &["request member id"]).len(), 1);
    assert!(of(&facts("05-error-table"), &["unknown"]).is_empty());
    has("07-short-delimiter-row", &["path parameter receipt-id: string, required"]);
    has("09-curl-answer", &["response sample 3 values"]);
    has("13-json-in-csharp-fence", &["request sample 2 values"]);
    has(
        "15-translated-third-row",
        &[
            "operation GET /v1/customers/{customer-tenant-id}/directoryroles/{role-ID}/usermembers (table)",
        ],
    );
    has("17-schema-page", &["property LicenseAssignment.brandNew: string"]);
    has("22-diff-filter-field/after", &["query value filter.Field: UserState"]);
    has("25-diff-sample-becomes-readable/before", &["response sample 200 5 values"]);
}
