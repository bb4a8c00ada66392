//! The words of the languages that the vendors' pages come in, one table a language. All are in lower case.
//!
//! A page isn't asked for its language: a translated one has sentences of its original, and words are looked up
//! in all tables.

mod asian;
mod eastern;
mod germanic;
mod romance;

/// The words of a language.
pub(crate) struct Language {
    /// What stands before the name of a cloud.
    for_whom: &'static [&'static str],
    /// What makes the opposite of "applies to".
    not: &'static [&'static str],
    /// What a label has above the roles that may make a call.
    roles: &'static [&'static str],
    /// Cells that mark what has to be sent.
    yes: &'static [&'static str],
    /// Cells that mark what may be left out.
    no: &'static [&'static str],
    /// Sentences that say that there is nothing.
    nothing: &'static [&'static str],
    /// What a heading about a request has.
    request: &'static [&'static str],
    /// What a heading about a response has.
    response: &'static [&'static str],
    /// What a sentence about a response has.
    returns: &'static [&'static str],
    /// What a heading about a body has.
    body: &'static [&'static str],
    /// What a heading about headers has.
    header: &'static [&'static str],
    /// What a heading about parameters has.
    parameter: &'static [&'static str],
    /// What a heading about an example has.
    example: &'static [&'static str],
    /// What a heading about errors has.
    error: &'static [&'static str],
    /// The name of the column of types.
    of_type: &'static [&'static str],
    /// What types of lists have.
    array: &'static [&'static str],
    /// What descriptions of members have that the service alone sets.
    read_only: &'static [&'static str],
    /// How the word for an application starts.
    app: &'static [&'static str],
    /// A user, behind the plus of "App+User".
    user: &'static [&'static str],
    /// What joins an application and its user where the plus is lost.
    and: &'static [&'static str],
    /// An application without a user.
    alone: &'static [&'static str],
    /// The methods as a machine translates them.
    verbs: &'static [(&'static str, &'static [&'static str])],
}

fn languages() -> impl Iterator<Item = &'static Language> {
    let european = germanic::GERMANIC.iter().chain(&romance::ROMANCE).chain(&eastern::EASTERN);
    european.chain(&asian::ASIAN)
}

fn any(text: &str, words: impl Fn(&Language) -> &'static [&'static str]) -> bool {
    languages().any(|language| words(language).iter().any(|word| text.contains(word)))
}

fn is(text: &str, words: impl Fn(&Language) -> &'static [&'static str]) -> bool {
    languages().any(|language| words(language).contains(&text))
}

/// Whether a name breaks off before its last part: a machine put the bar behind the wrong word of `Partner Center
/// for`.
pub(crate) fn is_cut(name: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or_default();
    languages().any(|language| language.for_whom.contains(&last))
}

/// Whether a label, or the last sentence of a text, says "does not apply to" and not "applies to".
pub(crate) fn is_negative(text: &str) -> bool {
    let text = end(text.trim().trim_end_matches(['.', '。', ':', '：', ' ']), 200);
    let last = text.rsplit(['。', '．']).next().unwrap_or(text);
    let last = last.rsplit(". ").next().unwrap_or(last);
    // A word may start or end it.
    any(&format!(" {} ", last.trim().to_lowercase()), |language| language.not)
}

/// Whether a label stands above roles.
pub(crate) fn names_roles(label: &str) -> bool {
    any(&label.to_lowercase(), |language| language.roles)
}

/// The last characters of a text.
pub(crate) fn end(text: &str, most: usize) -> &str {
    let mut start = text.len().saturating_sub(most);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// Whether a cell marks its row as required, or as optional.
pub(crate) fn flag(cell: &str) -> Option<bool> {
    let cell = cell.trim_end_matches(['.', '。', '*']).trim().to_lowercase();
    let yes = is(&cell, |language| language.yes);
    let no = is(&cell, |language| language.no);
    (yes || no).then_some(yes)
}

/// Whether a sentence says that there is nothing.
pub(crate) fn is_nothing(sentence: &str) -> bool {
    let sentence = sentence.trim().trim_end_matches(['.', '。', '．']).trim().to_lowercase();
    is(&sentence, |language| language.nothing)
}

/// What a heading or a sentence is about; more than one of them may be true.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "what its words say")]
pub(crate) struct Topic {
    pub(crate) request: bool,
    pub(crate) response: bool,
    pub(crate) returns: bool,
    pub(crate) body: bool,
    pub(crate) header: bool,
    pub(crate) parameter: bool,
    pub(crate) example: bool,
    pub(crate) error: bool,
}

/// The topics of a heading or a sentence.
pub(crate) fn topic(text: &str) -> Topic {
    let text = text.to_lowercase();
    Topic {
        request: any(&text, |language| language.request),
        response: any(&text, |language| language.response),
        returns: any(&text, |language| language.returns),
        body: any(&text, |language| language.body),
        header: any(&text, |language| language.header),
        parameter: any(&text, |language| language.parameter),
        example: any(&text, |language| language.example),
        error: any(&text, |language| language.error),
    }
}

/// Whether a column is that of types.
pub(crate) fn names_types(head: &str) -> bool {
    any(&head.to_lowercase(), |language| language.of_type)
}

/// Whether a column says what is required, by true, or what is optional, by false.
pub(crate) fn names_flags(head: &str) -> Option<bool> {
    let head = head.trim().to_lowercase();
    let has = |words: fn(&Language) -> &'static [&'static str]| {
        let mut all = languages().flat_map(words);
        // Single letters and `ja` are parts of many words.
        all.any(|word| word.len() > 4 && head.contains(word) || *word == head)
    };
    let no = has(|language| language.no);
    let yes = has(|language| language.yes);
    // `not required` has both words.
    (yes || no).then_some(!no)
}

/// Whether a type is a list.
pub(crate) fn is_list(of_type: &str) -> bool {
    any(&of_type.to_lowercase(), |language| language.array)
}

/// The method that a translated verb means; none where it may be more than one.
pub(crate) fn verb_of(word: &str) -> Option<&'static str> {
    let word = word.trim().to_lowercase();
    let all = languages().flat_map(|language| language.verbs);
    let mut found =
        all.filter(|(_, words)| words.contains(&word.as_str())).map(|(method, _)| *method);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// Whether a description says that the service alone sets a member.
pub(crate) fn is_read_only(description: &str) -> bool {
    any(&description.to_lowercase(), |language| language.read_only)
}

/// Whether a sentence allows for an application alone, and for one with a user.
pub(crate) fn credentials(sentence: &str) -> (bool, bool) {
    let sentence = sentence.to_lowercase();
    let mut behind = sentence.split(['+', '＋']).skip(1);
    let plus = behind.any(|rest| {
        let near: String = rest.chars().take(24).collect();
        any(&near, |language| language.user)
    });
    // The plus may be lost: "app and user", "user and app"; or there is a user alone.
    let starts = |text: &str, words: &[&str]| words.iter().any(|word| text.starts_with(word));
    let and = || {
        languages().any(|language| {
            let joined = language.and.iter().flat_map(|and| {
                sentence
                    .match_indices(and)
                    .map(|(at, and)| (&sentence[..at], &sentence[at + and.len()..]))
            });
            let mut joined =
                joined.map(|(before, rest)| (before.rsplit(' ').next().unwrap_or_default(), rest));
            joined.any(|(last, rest)| {
                starts(rest, language.user)
                    || starts(last, language.user) && starts(rest, language.app)
            })
        })
    };
    let user = plus || sentence.contains("user credentials") || and();
    (any(&sentence, |language| language.alone), user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applies_to_and_its_opposite_in_every_language() {
        for (applies, opposite) in [
            ("Applies to", "Does not apply to"),
            ("Applies To", "Doesn't apply to"),
            ("Gilt für", "Gilt nicht für"),
            ("S’applique à", "Ne s’applique pas à"),
            ("Se aplica a", "No se aplica a"),
            ("Si applica a", "Non si applica a"),
            ("Aplica-se a", "Não se aplica a"),
            ("Van toepassing op", "Niet van toepassing op"),
            ("Gäller för", "Gäller inte för"),
            ("Dotyczy", "Nie dotyczy"),
            ("Platí pro", "Neplatí pro"),
            ("A következőkre vonatkozik", "Nem vonatkozik a következőre"),
            ("Şunlara uygulanır", "Şunlar için geçerli değildir"),
            ("Применимо к", "Неприменимо к"),
            ("適用対象", "適用対象外"),
            ("적용 대상", "적용되지 않음"),
            ("适用于", "不适用于"),
            ("適用於", "不適用於"),
            ("Gælder for", "Gælder ikke for"),
            ("It is not new. It applies to:", "It is new. It does not apply to the following:"),
            ("次に適用されます。", "これは新しいものです。これは、次には適用されません。"),
        ] {
            assert!(!is_negative(applies), "{applies}");
            assert!(is_negative(opposite), "{opposite}");
        }
    }

    #[test]
    fn credentials_in_many_languages() {
        for (sentence, app, user) in [
            ("This scenario supports App+User credentials only.", false, true),
            ("Both standalone App and App+User credentials are supported.", true, true),
            ("It supports app-only authentication.", true, false),
            ("スタンドアロンアプリとアプリ + ユーザー資格情報の両方", true, true),
            ("Es werden nur Anmeldeinformationen für App + Benutzer unterstützt.", false, true),
            ("支援使用應用程式 + 使用者認證", false, true),
            ("This scenario supports authentication with User credentials only.", false, true),
            (
                "zarówno za pomocą aplikacji autonomicznej, jak i poświadczeń aplikacji i użytkownika",
                true,
                true,
            ),
            ("pomocí přihlašovacích údajů pro aplikace a uživatele", false, true),
            ("pomocí samostatné aplikace a údajů uživatele a aplikace", true, true),
            ("pomocí samostatné aplikace a údajů správce a aplikace", true, false),
            ("med både fristående app-och app + användarautentiseringsuppgifter", true, true),
            ("Supports app-only authentication, and a user identifier.", true, false),
        ] {
            assert_eq!(credentials(sentence), (app, user), "{sentence}");
        }
    }

    #[test]
    fn cells_and_sentences() {
        for (yes, no) in [("Yes", "No"), ("はい", "いいえ"), ("Oui", "Non"), ("Ja", "Nej")] {
            assert_eq!((flag(yes), flag(no)), (Some(true), Some(false)));
        }
        assert_eq!(flag("guid"), None);
        assert!(is_nothing("None.") && is_nothing("なし。") && is_nothing("Keine"));
        assert!(!is_nothing("None of these members may be left out."));
    }
}
