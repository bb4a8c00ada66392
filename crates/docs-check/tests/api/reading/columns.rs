//! What the columns of a table say of a member: its type, and whether it has to be sent.

use super::read;

/// The members of a table below a heading about the body.
fn members(table: &str) -> Vec<String> {
    let rest = format!("### Request body\n\n{table}\n");
    let all = read("POST", "/v1/animals", &rest, &["request member"]);
    all.into_iter().map(|line| line.replace("request member ", "")).collect()
}

/// A table of three columns with one row.
fn row(head: [&str; 3], cells: [&str; 3]) -> Vec<String> {
    members(&format!("| {} |\n|---|---|---|\n| {} |\n", head.join(" | "), cells.join(" | ")))
}

#[test]
fn a_cell_says_what_its_column_asks() {
    for (head, cell, expected) in [
        ("Required", "Yes", "a: int, required"),
        ("Required", "No", "a: int, optional"),
        ("Required", "Optional", "a: int, optional"),
        ("Optional", "Yes", "a: int, optional"),
        ("Optional", "No", "a: int, required"),
        ("Optional", "Required", "a: int, required"),
        ("Required/optional", "Required", "a: int, required"),
        ("Required/optional", "Optional", "a: int, optional"),
        ("Required or optional", "Optional", "a: int, optional"),
        ("Not required", "Yes", "a: int, optional"),
        ("Default", "Yes", "a: int"),
        ("Default", "No", "a: int"),
        ("Grade", "A", "a: int"),
        ("Grade", "E", "a: int"),
        ("Grade", "I", "a: int"),
        ("Erforderlich", "J", "a: int, required"),
        ("Obligatoire", "Non", "a: int, optional"),
        ("Obligatorio", "Sí", "a: int, required"),
        ("Obbligatorio", "No", "a: int, optional"),
        ("Obrigatório", "Não", "a: int, optional"),
        ("Vereist", "Nee", "a: int, optional"),
        ("Krävs", "Ja", "a: int, required"),
        ("Påkrævet", "Nej", "a: int, optional"),
        ("Wymagane", "T", "a: int, required"),
        ("Požadováno", "A", "a: int, required"),
        ("Kötelező", "I", "a: int, required"),
        ("Gerekli", "E", "a: int, required"),
        ("Обязательно", "Нет", "a: int, optional"),
        ("必須", "はい", "a: int, required"),
        ("필수", "아니요", "a: int, optional"),
        ("必需", "是", "a: int, required"),
        ("必要", "否", "a: int, optional"),
        ("默认值", "是", "a: int"),
    ] {
        assert_eq!(row(["Name", "Type", head], ["a", "int", cell]), [expected], "{head} {cell}");
    }
}

#[test]
fn a_description_is_no_type() {
    for (head, cells, expected) in [
        (["Name", "Description", "Required"], ["a", "its age", "Yes"], "a, required"),
        (["Name", "Beschreibung", "Erforderlich"], ["a", "Das Alter", "Ja"], "a, required"),
        (["名前", "説明", "必須"], ["a", "年齢", "はい"], "a, required"),
        (["Name", "Example", "Description"], ["a", "four", "Its age."], "a"),
        (["Name", "Kind", "Description"], ["a", "int", "Its age."], "a: int"),
    ] {
        assert_eq!(row(head, cells), [expected], "{head:?}");
    }
}

#[test]
fn a_remark_behind_a_name_may_say_it() {
    let parameter = |cell: &str| {
        let rest = format!("### URI parameters\n\n| Name | Type |\n|---|---|\n| {cell} | int |\n");
        read("GET", "/v1/animals?size={size}", &rest, &["query parameter"]).pop()
    };
    let named = |text: &str| Some(text.to_owned());
    assert_eq!(parameter("size (optional)"), named("query parameter size, optional"));
    assert_eq!(parameter("size (Required)"), named("query parameter size, required"));
    assert_eq!(parameter("size (of a page)"), named("query parameter size"));
    assert_eq!(parameter("size"), named("query parameter size"));
}
