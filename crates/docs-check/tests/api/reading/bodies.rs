//! Tables of members: which object each describes.

use super::{of, read, said};

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
        // A heading of a higher level that the sentence before it announces.
        (
            "This table describes the [Puppy](r.md#puppy) properties in the request body.\n\n> A note.\n\n\
             ## <span id=\"puppy\"></span>Puppy\n\n",
            "puppies[].",
        ),
        // A type that no member has.
        ("#### Kennel\n\nThis table describes a kennel.\n\n", "Kennel."),
        // Whatever stands above the sentence.
        ("A remark.\n\nThis table describes the [Puppy](r.md#puppy) properties.\n\n", "puppies[]."),
        (
            "> [!NOTE]\n> Mind the Litter.\n\nThis table describes the Puppy properties.\n\n",
            "puppies[].",
        ),
        ("See [Names](n.md).\n\nThis table describes the Puppy properties.\n\n", "puppies[]."),
        ("This table describes the Puppy properties.\n\nSee [Names](n.md).\n\n", "puppies[]."),
        ("This table describes the Puppy properties.\n\n:::zone-end\n\n", "puppies[]."),
        (
            "This table describes the Puppy properties.\n\n[!INCLUDE [More](../includes/more.md)]\n\n",
            "puppies[].",
        ),
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
fn tables_about_types_are_facts_about_their_members() {
    let page = "# Animal resources\n\n**Applies to**: Partner Center\n\n## Animal\n\n| Property | Type | Description |\n|---|---|---|\n\
                | id | string | Read-only. Its identifier. |\n| name | string | Its name. |\n\n## Animal care resource\n\n| Property | Type | \
                Description |\n|---|---|---|\n| vet | string | Who. |\n\n## AnimalState\n\n\
                | Value | Position | Description |\n|---|---|---|\n| unknown | 0 | Not known. |\n| sold | 1 | Sold. |\n";
    assert_eq!(
        of(&said("learn/animal-resources.md", page), &["property", "enum"]),
        [
            "property Animal.id: string, read-only",
            "property Animal.name: string",
            "property Animal care.vet: string",
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
fn a_body_goes_on_below_the_heading_that_its_sentence_announces() {
    let table = "| Property | Type |\n|---|---|\n| mother | string |\n";
    let announced = |name: &str| {
        format!(
            "## Request\n\n**Request body**\n\nThis table describes the [Litter](r.md) properties in the request \
             body.\n\n## <span id=\"x\"></span>{name}\n\n{table}"
        )
    };
    let kinds = ["request member", "property"];
    assert_eq!(
        read("POST", "/v1/litters", &announced("Litter"), &kinds),
        ["request member mother"]
    );
    assert_eq!(
        read("POST", "/v1/litters", &announced("Kennel"), &kinds),
        ["property Kennel.mother"]
    );
}

#[test]
fn tables_of_twins_are_read_in_every_language() {
    for (name, of_type, required, yes) in [
        ("Name", "Typ", "Erforderlich", "Ja"),
        ("Nom", "Type", "Obligatoire", "Oui"),
        ("Nombre", "Tipo", "Obligatorio", "Sí"),
        ("Nome", "Tipo", "Obbligatorio", "Sì"),
        ("Nome", "Tipo", "Obrigatório", "Sim"),
        ("Naam", "Type", "Vereist", "Ja"),
        ("Namn", "Typ", "Krävs", "Ja"),
        ("Navn", "Type", "Påkrævet", "Ja"),
        ("Nazwa", "Typ", "Wymagane", "Tak"),
        ("Název", "Typ", "Vyžadováno", "Ano"),
        ("Név", "Típus", "Kötelező", "Igen"),
        ("Ad", "Tür", "Gerekli", "Evet"),
        ("Имя", "Тип", "Обязательно", "Да"),
        ("名前", "種類", "必須", "はい"),
        ("이름", "형식", "필수", "예"),
        ("名称", "类型", "必需", "是"),
        ("名稱", "類型", "必要", "是"),
    ] {
        let head = format!("| {name} | {of_type} | {required} |\n|---|---|---|\n");
        let rest = format!(
            "### <a name=\"request-body\"></a>X\n\n{head}| puppies | array of [Puppy](r.md#puppy) | {yes} |\n\n\
             #### <a name=\"puppy\"></a>Y\n\n{head}| born | string | {yes} |\n"
        );
        assert_eq!(
            read("POST", "/v1/litters", &rest, &["request member"]),
            [
                "request member puppies: array of Puppy, required",
                "request member puppies[].born: string, required"
            ],
            "{name}"
        );
    }
    // Two columns, of which the first one alone says what the rows are.
    for (name, other) in [("プロパティ", "説明"), ("Eigenschaft", "Beschreibung"), ("속성", "설명")]
    {
        let head = format!("| {name} | {other} |\n|---|---|\n");
        let rest = format!(
            "### <a name=\"request-body\"></a>X\n\n{head}| puppies | Of [Puppy](r.md#puppy). |\n\n\
             #### <a name=\"puppy\"></a>Y\n\n{head}| born | X. |\n"
        );
        let found = read("POST", "/v1/litters", &rest, &["request member"]);
        assert_eq!(found, ["request member puppies", "request member puppies.born"], "{name}");
    }
}

#[test]
fn tables_about_types_in_other_languages() {
    let facts = |path: &str, table: &str| {
        let page = format!("# X\n\n## <a name=\"animal\"></a>動物\n\n{table}");
        of(&said(path, &page), &["property", "enum"])
    };
    for (head, other) in [
        ("プロパティ", "説明"),
        ("Eigenschaft", "Beschreibung"),
        ("Propriété", "Description"),
        ("Propiedad", "Descripción"),
        ("속성", "설명"),
        ("属性", "说明"),
    ] {
        let table = format!("| {head} | {other} |\n|---|---|\n| id | X. |\n");
        assert_eq!(facts("learn/x.md", &table), ["property animal.id"], "{head}");
    }
    for (head, other) in
        [("値", "説明"), ("Wert", "Beschreibung"), ("값", "설명"), ("Value", "Text")]
    {
        let table = format!("| {head} | {other} |\n|---|---|\n| sold | X. |\n");
        let path = "learn/animal-resources.md";
        assert_eq!(facts(path, &table), ["enum value animal: sold"], "{head}");
        assert!(facts("learn/x.md", &table).is_empty(), "{head}");
    }
}
