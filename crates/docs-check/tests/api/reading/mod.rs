//! What is a fact, kind by kind, each beside its opposite.

mod bodies;
mod columns;
mod operations;
mod samples;
mod translations;

use std::path::Path;

use crate::shelter::{folder, page};
use letterhead_docs_check::{Format, facts};

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

/// The small inputs that lie beside the project, where they do: what is to be read from each.
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
        // A heading in the label's place.
        ("## Applies To\n\n- Partner Center\n".to_owned(), &["cloud global"]),
        (
            "## Does not apply to\n\n- Partner Center operated by 21Vianet\n".to_owned(),
            &["no cloud china"],
        ),
        ("## Limits\n\n- Partner Center\n".to_owned(), &[]),
        // Roles are no clouds, and a product of an unknown name is one.
        ("**Appropriate roles**\n\n- Global admin\n".to_owned(), &[]),
        ("**Applies To**\n\n- Partner API\n".to_owned(), &["cloud global"]),
        // What a page says of something else makes no list negative.
        (
            "Animals are not plants. They live in:\n\n- Partner Center\n".to_owned(),
            &["cloud global"],
        ),
        (
            "Animals are free. This is not true of cats.\n\n- Partner Center\n".to_owned(),
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
        // Words that have "not" inside.
        ("**Ma zastosowanie do**\n\n- Centrum partnerskie\n".to_owned(), &["cloud global"]),
        ("**Zastosowanie**: Centrum partnerskie\n".to_owned(), &["cloud global"]),
        ("**Aplica-se ao seguinte**\n\n- Centro de Parceiros\n".to_owned(), &["cloud global"]),
        ("Dotyczy następującej usługi:\n\n- Centrum partnerskie\n".to_owned(), &["cloud global"]),
        // Headings of other languages.
        ("## Gilt nicht für\n\n- Partner Center von 21Vianet\n".to_owned(), &["no cloud china"]),
        ("## Gilt für\n\n- Partner Center\n".to_owned(), &["cloud global"]),
    ] {
        let facts = said("learn/x.md", &format!("# X\n\n{text}"));
        assert_eq!(of(&facts, &CLOUD), clouds, "{text}");
    }
}

#[test]
fn what_is_denied_beside_a_name_is_no_offer() {
    let china = "Partner Center operated by 21Vianet";
    let gov = "Partner Center for US Gov";
    let both = &["cloud global", "no cloud china"][..];
    for (text, clouds) in [
        // In an item of a list.
        (format!("**Applies to**\n\n- Partner Center\n- Does not apply to {china}\n"), both),
        (format!("**Applies to**\n\n- Partner Center\n- {china} (not supported)\n"), both),
        (format!("**Applies to**\n\n- Partner Center\n- {china}: not available\n"), both),
        (format!("**Applies to**\n\n- Partner Center (does not apply to {china})\n"), both),
        (format!("**Applies to**\n\n- Partner Center\n- {china}\n"), &["cloud global", "cloud china"]),
        // On one line.
        (format!("**Applies to**: Partner Center (does not apply to {china})\n"), both),
        (format!("**Applies to**: Partner Center (not {china}) | {gov}\n"), &[
            "cloud global",
            "no cloud china",
            "cloud us-government",
        ]),
        (format!("**Applies to**: Partner Center, but not {china}\n"), both),
        (format!("**Applies to**: all clouds except {china}\n"), &["no cloud china"]),
        (format!("**Applies to**: Partner Center, except {china} and {gov}\n"), &[
            "cloud global",
            "no cloud china",
            "no cloud us-government",
        ]),
        (format!("**Does not apply to**: all clouds except {china}\n"), &["cloud china"]),
        (format!("Applies to Partner Center. Does not apply to {china}.\n"), both),
        // What a later sentence or line denies, or another label says.
        ("**Applies to**: Partner Center\nThis API isn't paged.\n".to_owned(), &["cloud global"]),
        ("**Applies to**: Partner Center\nNot all animals are shown.\n".to_owned(), &["cloud global"]),
        ("**Applies to**: Partner Center. It does not sell cats.\n".to_owned(), &["cloud global"]),
        (
            "**Applies to**: Partner Center | Partner Center for Microsoft Cloud for US Government\nIt does not sell cats.\n"
                .to_owned(),
            &["cloud global", "cloud us-government"],
        ),
        ("**適用対象**: パートナー センター\nこの API はページングされません。\n".to_owned(), &["cloud global"]),
        ("**適用対象**: パートナー センター。この API はページングされません。\n".to_owned(), &["cloud global"]),
        ("**Important:** Partner Center doesn't keep deleted users.\n".to_owned(), &[]),
        (format!("**Applies to**: Partner Center | {china} is not supported\n"), both),
        (format!("**Applies to**: Partner Center | {china} – not available\nIt is paged.\n"), both),
        // Roles below the clouds.
        (
            "**S'applique à** : Espace partenaires | Espace partenaires géré par 21Vianet\n\
             **Rôles appropriés** : Agent d'administration | Administrateur général\n"
                .to_owned(),
            &["cloud global", "cloud china"],
        ),
        (
            "**Se aplica a**: Centro de partners | Centro de partners de 21Vianet\n\
             **Roles adecuados**: Agente de administración | Administrador global\n"
                .to_owned(),
            &["cloud global", "cloud china"],
        ),
        // "Only" and "besides" take nothing out.
        (format!("**Gilt ausschließlich für**: Partner Center | {china}\n"), &["cloud global", "cloud china"]),
        (format!("Gilt ausschließlich für: Partner Center | {china}\n"), &["cloud global", "cloud china"]),
        ("**适用于**：合作伙伴中心，除了由世纪互联运营的合作伙伴中心\n".to_owned(), &["cloud global", "cloud china"]),
        // A name in brackets is another one of the same cloud.
        (format!("**Applies to**: {china} (Partner Center China) | Partner Center\n"), &[
            "cloud china",
            "cloud global",
        ]),
        // In other languages.
        ("**Gilt für**: Partner Center (gilt nicht für Partner Center von 21Vianet)\n".to_owned(), both),
        ("**Gilt für**: Alle Clouds außer Partner Center von 21Vianet\n".to_owned(), &["no cloud china"]),
        ("**S’applique à** : Espace partenaires, sauf l'Espace partenaires géré par 21Vianet\n".to_owned(), both),
        ("**Se aplica a**: Centro de partners, excepto el Centro de partners de 21Vianet\n".to_owned(), both),
        ("**Si applica a**: Centro per i partner, tranne Centro per i partner di 21Vianet\n".to_owned(), both),
        ("**Aplica-se a**: Partner Center, exceto Partner Center da 21Vianet\n".to_owned(), both),
        ("**Van toepassing op**: Partnercentrum, behalve Partnercentrum van 21Vianet\n".to_owned(), both),
        ("**Gäller för**: Partnercenter (gäller ej Partnercenter från 21Vianet)\n".to_owned(), both),
        ("**Gælder for**: Partnercenter, undtagen Partnercenter fra 21Vianet\n".to_owned(), both),
        ("**Dotyczy**: Centrum partnerskie, z wyjątkiem Centrum partnerskie 21Vianet\n".to_owned(), both),
        ("**Platí pro**: Partnerské centrum, kromě Partnerské centrum 21Vianet\n".to_owned(), both),
        ("**Érvényes**: Partnerközpont (a 21Vianet által működtetett Partnerközpont kivételével)\n".to_owned(), both),
        ("**Uygulanır**: İş Ortağı Merkezi (21Vianet tarafından işletilen İş Ortağı Merkezi hariç)\n".to_owned(), both),
        ("**Применимо к**: Центр партнеров, кроме Центр партнеров 21Vianet\n".to_owned(), both),
        ("**適用対象**: パートナー センター (21Vianet が運営するパートナー センターには適用できません)\n".to_owned(), both),
        ("**適用対象**: パートナー センター（21Vianet が運営するパートナー センターを除く）\n".to_owned(), both),
        ("**적용 대상**: 파트너 센터(21Vianet에서 운영하는 파트너 센터 제외)\n".to_owned(), both),
        ("**适用于**：合作伙伴中心（不适用于由世纪互联运营的合作伙伴中心）\n".to_owned(), both),
        ("**適用於**：合作夥伴中心（不包括世紀互聯營運的合作夥伴中心）\n".to_owned(), both),
    ] {
        let facts = said("learn/x.md", &format!("# X\n\n{text}"));
        assert_eq!(of(&facts, &CLOUD), clouds, "{text}");
    }
}

#[test]
fn clouds_are_apart_whatever_is_between_them() {
    let china = "Partner Center operated by 21Vianet";
    let gov = "Partner Center for US Gov";
    let expected = ["cloud global", "cloud china", "cloud us-government"];
    for between in [" | ", ", ", "; ", "，", "；", "｜", "、", " and ", " und ", " et ", "\n"] {
        let text = format!("# X\n\n**Applies to**: Partner Center{between}{china}{between}{gov}\n");
        let mut clouds = of(&said("learn/x.md", &text), &CLOUD);
        clouds.sort_by_key(|cloud| expected.iter().position(|other| other == cloud));
        assert_eq!(clouds, expected, "{text}");
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
        // The second column may have types.
        (
            format!("**Filter parameters**\n\n| Name | Type | Required |\n{three}| state | string | No |\n"),
            &["query value filter.state"],
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
        "<table>\n<thead>\n<th>Name</th><th>Type</th><th>Required</th>\n</thead>\n<tr><td>animal-id</td>\
         <td>string</td><td>Yes</td></tr>\n</table>\n"
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
        ("It supports authentication with User credentials only.", "credential app+user only"),
        (
            "Ten scenariusz obsługuje poświadczenia aplikacji i użytkownika.",
            "credential app+user only",
        ),
        ("アプリ + ユーザー資格情報のみがサポートされています。", "credential app+user only"),
    ] {
        assert_eq!(rule(sentence), [expected], "{sentence}");
    }
    assert!(rule("Sign in first.").is_empty());
    assert!(of(&said("x.md", "# X\n\nUse app + user credentials.\n"), &["credential"]).is_empty());
}

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

#[test]
fn a_list_about_headers_starts_its_items_with_them() {
    let headers = |rest: &str| {
        let all = read("PUT", "/v1/animals/{animal-id}", rest, &["request header"]);
        all.into_iter().map(|line| line.replace("request header ", "")).collect::<Vec<_>>()
    };
    let list = "- **If-Match**: the ETag is required.\n- `X-Zoo` says which one.\n- See [headers](headers.md).\n\
                - A **request-id** is made.\n- **Animal** is no header.\n- **Two words-here**: neither.\n";
    assert_eq!(headers(&format!("### Request headers\n\n{list}")), ["If-Match", "X-Zoo"]);
    assert!(headers(&format!("### Remarks\n\n{list}")).is_empty());
}

#[test]
fn what_results_are_ordered_by_is_no_parameter() {
    let facts = |title: &str| {
        let rest = format!(
            "#### Supported {title} parameters\n\n| Name | Type | Required |\n|---|---|---|\n| age | integer | No |\n"
        );
        read("GET", "/v1/animals", &rest, &["query", "unknown", "path"])
    };
    assert_eq!(facts("orderby"), ["query value orderby.age"]);
    assert_eq!(facts("filter"), ["query value filter.age"]);
    assert_eq!(facts("query"), ["query parameter age: integer, optional"]);
}

#[test]
fn a_request_behind_the_response_is_the_next_one() {
    let get = "```http\nGET https://api.shelter.example/v1/animals HTTP/1.1\n```\n\n";
    let response = "```http\n{\"items\": []}\n```\n\n";
    let facts = |between: &str| {
        let rest = format!("### Request example\n\n{get}### Response example\n\n{between}{get}");
        read("GET", "/v1/animals", &rest, &["request sample"])
    };
    assert!(facts(response).is_empty());
    assert_eq!(facts(""), ["request sample where a response should be"]);
}

#[test]
fn what_a_page_includes_is_reported_where_it_may_be_a_fact() {
    let unread = |heading: &str| {
        let rest = format!("{heading}\n\n[!INCLUDE [More](../includes/more.md)]\n");
        read("PUT", "/v1/animals", &rest, &["table"])
    };
    let reported =
        ["table unreadable: `../includes/more.md`, which stands here on the site, isn't read"];
    assert_eq!(unread("### Request body"), reported);
    assert_eq!(unread("### URI parameters"), reported);
    assert!(unread("## PowerShell").is_empty());
}
