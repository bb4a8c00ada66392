//! The heads of tables, and cells that say yes or no.

use super::{any, is, languages};

/// What a cell says about its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flag {
    /// Yes or no, to what the column is called.
    Truth(bool),
    /// Required or optional, whatever the column is called.
    Duty(bool),
}

/// Whether a cell marks its row as required, or as optional.
pub(crate) fn flag(cell: &str) -> Option<Flag> {
    let cell = cell.trim_end_matches(['.', '。', '*']).trim().to_lowercase();
    if is(&cell, |language| language.optional) {
        Some(Flag::Duty(false))
    } else if is(&cell, |language| language.required) {
        Some(Flag::Duty(true))
    } else if is(&cell, |language| language.yes) {
        Some(Flag::Truth(true))
    } else {
        is(&cell, |language| language.no).then_some(Flag::Truth(false))
    }
}

/// Whether a column is that of names, or of the members of a type.
pub(crate) fn heads_names(head: &str) -> bool {
    is(&head_of(head), |language| language.name) || heads_members(head)
}

/// Whether a column is that of the members of a type.
pub(crate) fn heads_members(head: &str) -> bool {
    is(&head_of(head), |language| language.member)
}

/// Whether a column is that of the values of an enumeration.
pub(crate) fn heads_values(head: &str) -> bool {
    is(&head_of(head), |language| language.value)
}

/// Whether a column explains.
pub(crate) fn heads_descriptions(head: &str) -> bool {
    is(&head_of(head), |language| language.description)
}

fn head_of(head: &str) -> String {
    head.trim().trim_matches(['*', ':', '：']).to_lowercase()
}

/// Whether a column is that of types.
pub(crate) fn names_types(head: &str) -> bool {
    any(&head.to_lowercase(), |language| language.of_type)
}

/// Whether a column says what is required, by true, or what is optional, by false.
pub(crate) fn names_flags(head: &str) -> Option<bool> {
    let mut head = head_of(head);
    let mut all: Vec<&str> = languages().flat_map(|language| language.optional).copied().collect();
    all.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut no = false;
    for word in all {
        if head.contains(word) {
            no = true;
            head = head.replace(word, " ");
        }
    }
    // `Not required` is optional, `Required/optional` is both: the cells say which.
    let yes = any(&head, |language| language.required);
    (yes || no).then_some(yes || !no)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_heads() {
        for (yes, no) in [("Yes", "No"), ("はい", "いいえ"), ("Oui", "Non"), ("Ja", "Nej")] {
            assert_eq!((flag(yes), flag(no)), (Some(Flag::Truth(true)), Some(Flag::Truth(false))));
        }
        assert_eq!(flag("guid"), None);
        for (required, optional) in [
            ("Required", "Optional"),
            ("Erforderlich", "Nicht erforderlich"),
            ("Obligatoire", "Facultatif"),
            ("Vyžadováno", "Nepovinné"),
            ("必須", "省略可能"),
            ("필수", "선택 사항"),
            ("必需", "可选"),
        ] {
            assert_eq!(flag(required), Some(Flag::Duty(true)), "{required}");
            assert_eq!(flag(optional), Some(Flag::Duty(false)), "{optional}");
            assert_eq!(names_flags(required), Some(true), "{required}");
            assert_eq!(names_flags(optional), Some(false), "{optional}");
            assert_eq!(names_flags(&format!("{required}/{optional}")), Some(true), "{required}");
        }
        assert_eq!(names_flags("Description"), None);
    }
}
