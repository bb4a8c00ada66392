//! Whom a call may be made for, as a page says it.

use super::scope::is_denied;
use super::{any, languages};

/// Whether a text allows for an application alone, and for one with a user. What one of its sentences denies is
/// left to the other.
pub(crate) fn credentials(text: &str) -> (bool, bool) {
    let text = text.to_lowercase();
    let (mut allowed, mut denied) = ((false, false), (false, false));
    for clause in clauses(&text) {
        let (app, user) = credentials_of(clause);
        let sum = if is_denied(clause) { &mut denied } else { &mut allowed };
        *sum = (sum.0 || app, sum.1 || user);
    }
    let (app, user) = (allowed.0 && !denied.0, allowed.1 && !denied.1);
    if allowed == (false, false) && denied.0 != denied.1 {
        (denied.1, denied.0)
    } else {
        (app, user)
    }
}

/// The sentences of a text, and the parts of them around a contrast.
fn clauses(text: &str) -> Vec<&str> {
    const ENDS: [&str; 8] = [". ", "。", "．", ";", "；", ", ", "，", " but "];
    let mut clauses = Vec::new();
    let mut start = 0;
    for (at, _) in text.char_indices() {
        let end = ENDS.iter().find(|end| at >= start && text[at..].starts_with(*end));
        if let Some(end) = end {
            clauses.push(&text[start..at]);
            start = at + end.len();
        }
    }
    clauses.push(&text[start..]);
    clauses
}

/// What one sentence allows for, in lower case.
fn credentials_of(sentence: &str) -> (bool, bool) {
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
    (any(sentence, |language| language.alone), user)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            (
                "Supports App+User credentials only. App-only authentication isn't supported.",
                false,
                true,
            ),
            ("App-only authentication is not supported.", false, true),
            ("Supports app-only authentication, not App+User credentials.", true, false),
            (
                "App+User authentication is not supported; use standalone App credentials.",
                true,
                false,
            ),
            ("Do not share it. It supports App+User credentials only.", false, true),
            (
                "Es werden nur App + Benutzer unterstützt. Reinen App-Zugriff gibt es nicht.",
                false,
                true,
            ),
            (
                "アプリ + ユーザー資格情報のみ。スタンドアロン アプリはサポートされていません。",
                false,
                true,
            ),
        ] {
            assert_eq!(credentials(sentence), (app, user), "{sentence}");
        }
    }
}
