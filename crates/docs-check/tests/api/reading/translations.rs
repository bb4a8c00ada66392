//! Pages that a machine translated.

use super::{of, said};

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
    // What varies at the end may be missing in the only row.
    let short = rows(&[("GET", "/v1/Tiere/{Tier-ID}/Wärter")]);
    let long = sample("GET https://api.shelter.example/v1/animals/<animal-id>/keepers/<keeper-id>");
    assert_eq!(table(&(short + &long)), ["operation GET /v1/animals/{animal-id}/keepers (table)"]);
    // The same word in another row, and a name that no machine writes.
    let words = rows(&[
        ("GET", "/v1/Tiere/{Tier-ID}/Keepers"),
        ("GET", "/v1/Tiere/{Tier-ID}/petNames"),
        ("POST", "/v1/Zoos"),
    ]);
    assert_eq!(
        table(&(words + &one)),
        [
            "operation GET /v1/animals/{animal-id}/keepers (table)",
            "operation GET /v1/animals/{animal-id}/petNames (table)",
            "operation POST /v1/Zoos (table)",
        ]
    );
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
fn what_a_machine_translated_in_a_table_is_taken_from_the_sample() {
    let page = |rest: &str| {
        format!(
            "---\nms.translationtype: MT\nms.contentlocale: sv-SE\n---\n# X\n\n| Metod | URI |\n|---|---|\n{rest}"
        )
    };
    // The name of a parameter, by the placeholder of its value; keys of a filter, by those that are sent.
    let query = page(
        "| **GET** | {baseURL}/v1/animals?land={country}&filter={filter} |\n\n### <a name=\"uri-parameters\"></a>\
         URI-parametrar\n\n| Namn | Typ |\n|---|---|\n| country | sträng |\n\n### <a name=\"filter-syntax\"></a>\
         Filtersyntax\n\n| Nyckel | Värde |\n|---|---|\n| Fält | x |\n| Operator | x |\n\n```http\n\
         GET https://api.shelter.example/v1/animals?country=SE&filter=%7B%22Field%22%3A%22State%22%2C\
         %22Operator%22%3A%22is%22%7D HTTP/1.1\n```\n",
    );
    let found = of(&said("x.md", &query), &["query", "unknown"]);
    assert_eq!(
        found[..4],
        [
            "query parameter country",
            "query parameter filter",
            "query parameter country",
            "query value filter.Operator: x",
        ]
    );
    assert!(found.iter().all(|fact| !fact.contains("land") && !fact.contains("Fält")), "{found:?}");
    // Names of members: with a remark, with a letter of another alphabet, in words. A heading means what its
    // original does, whatever its words mean in a third language.
    let sample = "### <a name=\"request-example\"></a>Exempel\n\n```http\nPOST https://api.shelter.example/v1/litters \
                  HTTP/1.1\n\n{\"PuppyItems\": [{\"name\": \"x\", \"age\": 1}]}\n```\n";
    for (name, path) in
        [("puppyItems (valpar)", "puppyItems"), ("Puppyıtems", "PuppyItems"), ("Alla valpar", "")]
    {
        let body = page(&format!(
            "| **POST** | {{baseURL}}/v1/litters |\n\n### <a name=\"request-body\"></a>Text\n\n| Namn | Typ |\n|---|---|\n\
             | {name} | matris med [Puppy](r.md#puppy) |\n\n#### <a name=\"puppy\"></a>請求\n\n| Namn | Typ |\n|---|---|\n\
             | name | sträng |\n| age | int |\n\n{sample}"
        ));
        let found = of(&said("x.md", &body), &["request member"]);
        let own = (!path.is_empty()).then(|| format!("request member {path}"));
        let expected = own.into_iter().chain([
            "request member PuppyItems[].name".to_owned(),
            "request member PuppyItems[].age".to_owned(),
        ]);
        assert_eq!(found, expected.collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn what_no_machine_translates_spells_the_paths_of_other_rows() {
    let page = |locale: &str| {
        format!(
            "---\n{locale}---\n# X\n\n| Methode | URI |\n|---|---|\n\
             | **POST** | [*{{baseURL}}*](u.md)/v1/Animals/{{Animal-ID}}/Toys/petNames/Balls http/1.1 |\n\n\
             ```http\nGET https://api.shelter.example/v1/animals/<animal-id> HTTP/1.1\n```\n\n\
             ```http\nHTTP/1.1 200 OK\n\n{{\"name\": \"A / B\", \"link\": \"/animals/1/toys/petnames?size=1\"}}\n```\n"
        )
    };
    let table = |text: &str| {
        let all = of(&said("x.md", text), &["operation"]);
        all.into_iter().find(|line| line.ends_with("(table)")).unwrap()
    };
    // By a request of another method, and by a link; a name that no machine writes stays, and so does what
    // nothing shows.
    assert_eq!(
        table(&page("ms.translationtype: MT\nms.contentlocale: de-DE\n")),
        "operation POST /v1/animals/{Animal-ID}/toys/petNames/Balls (table)"
    );
    assert_eq!(
        table(&page("")),
        "operation POST /v1/Animals/{Animal-ID}/Toys/petNames/Balls (table)"
    );
}

#[test]
fn members_that_a_machine_spelled_anew_are_known_by_any_sample() {
    let page = |locale: &str| {
        format!(
            "---\n{locale}---\n# X\n\n## REST isteği\n\n| Yöntem | URI |\n|---|---|\n\
             | **POST** | {{baseURL}}/v1/animals |\n\n### <a name=\"request-body\"></a>İstek gövdesi\n\n\
             | Ad | Tür |\n|---|---|\n| Keepername | dize |\n| Keeperkımlıgı | dize |\n| Kayıt | dize |\n\n\
             ```http\nPOST https://api.shelter.example/v1/animals HTTP/1.1\n\n{{\"keeperName\": \"x\"}}\n```\n\n\
             ```http\nHTTP/1.1 201 Created\n\n{{\"keeperKimligi\": \"1\"}}\n```\n"
        )
    };
    let members = |text: &str| of(&said("x.md", text), &["request member"]);
    assert_eq!(
        members(&page("ms.translationtype: MT\nms.contentlocale: tr-TR\n")).len(),
        2,
        "the last one is in no sample"
    );
}

#[test]
fn twins_are_known_by_their_metadata() {
    for (metadata, is_translated) in [
        ("translation-type: tm+mt", true),
        ("workflow-type: tm+mt", true),
        ("ht-degree: 37%", true),
        ("ms.contentlocale: de-DE", true),
        ("ms.contentlocale: en-US", false),
        ("audience: developing", false),
    ] {
        let text = format!("---\ntitle: X\n{metadata}\n---\n# X\n");
        let page = crate::shelter::page("x.md", &text);
        assert_eq!(page.is_translated, is_translated, "{metadata}");
    }
}
