//! What a page applies to, and what it says that it doesn't: in labels, in sentences and beside the names.

use std::ops::Range;

use super::{Language, end, is, languages};

/// What a phrase says of the names around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It applies to them.
    Applies,
    /// It doesn't apply to them.
    Not,
    /// It takes them out of what is said of the others.
    Except,
}

/// A phrase that says what becomes of the names around it.
#[derive(Clone, Debug)]
pub(crate) struct Turning {
    pub(crate) range: Range<usize>,
    pub(crate) turn: Turn,
    /// Whether it may stand behind the names.
    pub(crate) is_last: bool,
}

/// The phrases in a text, in their order.
pub(crate) fn turnings(text: &str) -> Vec<Turning> {
    let text = lower(text);
    let mut found: Vec<Turning> = Vec::new();
    for language in languages() {
        for (turn, words) in [
            (Turn::Not, language.not),
            (Turn::Except, language.except),
            (Turn::Applies, language.applies),
        ] {
            let is_last = language.is_verb_last && turn != Turn::Applies;
            let all = words.iter().flat_map(|word| places(&text, word));
            found.extend(all.map(|range| Turning { range, turn, is_last }));
        }
    }
    // Of two that overlap the first one counts, the longer one where both start there, and a denial before all.
    found.sort_by_key(|one| {
        (one.range.start, std::cmp::Reverse(one.range.end), one.turn == Turn::Applies)
    });
    let mut all: Vec<Turning> = Vec::new();
    for one in found {
        match all.last_mut() {
            Some(last) if last.range.end > one.range.start => {
                if last.turn == Turn::Applies && one.turn != Turn::Applies {
                    *last = one;
                }
            }
            _ => all.push(one),
        }
    }
    all
}

/// Whether a label, or the last sentence of a text, says "does not apply to" and not "applies to".
pub(crate) fn is_negative(text: &str) -> bool {
    let text = end(text.trim().trim_end_matches(['.', '。', ':', '：', ' ']), 200);
    let last = text.rsplit(['。', '．']).next().unwrap_or(text);
    is_denied(&lower(last.rsplit(". ").next().unwrap_or(last)))
}

/// Whether a text in lower case has a word that denies.
pub(super) fn is_denied(text: &str) -> bool {
    let mut words = languages().flat_map(|language| language.not);
    words.any(|word| places(text, word).next().is_some())
}

/// How "the following" starts.
const FOLLOWING: [&str; 20] = [
    "following",
    "folgend",
    "suivant",
    "siguiente",
    "seguent",
    "seguinte",
    "volgende",
    "följande",
    "følgende",
    "następuj",
    "následuj",
    "következő",
    "следующ",
    "aşağıdaki",
    "次の",
    "以下",
    "次に",
    "次には",
    "다음",
    "下列",
];

/// Whether a paragraph stands above what it speaks of: a label, or a sentence that points below.
pub(crate) fn introduces(text: &str) -> bool {
    let last = lower(end(text.trim(), 200));
    let points = || FOLLOWING.iter().any(|word| last.contains(word));
    last.ends_with([':', '：']) || text.len() < 80 && scope_label(text).is_some() || points()
}

/// Whether a heading or a label says nothing but that something applies to what follows, or that it doesn't.
pub(crate) fn is_scope(title: &str) -> bool {
    scope_label(title).is_some_and(|end| {
        let rest = lower(title[end..].trim_matches([':', '：', ' ', '*']));
        let is_filler = |rest: &str| FOLLOWING.iter().any(|word| rest.contains(word));
        // What is left of a phrase in a language without blanks is an ending.
        let is_ending = rest.chars().all(is_unparted) && rest.chars().count() <= 6;
        is_ending || rest.split_whitespace().count() <= 3 && is_filler(&rest)
    })
}

/// The end of what a text starts with, where it says that something applies to what follows, or that it doesn't.
pub(crate) fn scope_label(text: &str) -> Option<usize> {
    let start = text.len() - text.trim_start().len();
    let lower = lower(text);
    let ends = languages().filter_map(|language| label(&lower, start, language));
    ends.max()
}

fn label(text: &str, start: usize, language: &Language) -> Option<usize> {
    if text[start..].starts_with(is_unparted) {
        let head: String = text[start..].chars().take(MOST_BEFORE).collect();
        // "None" denies as well, and says nothing of what applies.
        if !language.applies.iter().chain(&APPLY).any(|word| head.contains(word)) {
            return None;
        }
        let words = language.applies.iter().chain(language.not);
        let found = words.filter_map(|word| Some(start + head.find(word)? + word.len()));
        return found.max();
    }
    let mut end = start;
    let mut applies = false;
    // `gilt nicht für` has the word in between.
    let joined = |at: usize, phrase: &str| {
        let mut rest = at;
        let mut words = phrase.split(' ').peekable();
        while let Some(word) = words.next() {
            rest = skip(text, rest, language);
            rest = starts(text, rest, word)?;
            if words.peek().is_some() {
                let denial = || {
                    let at = skip(text, rest, language);
                    language.not.iter().find_map(|word| starts(text, at, word))
                };
                rest = denial().unwrap_or(rest);
            }
        }
        Some(rest)
    };
    loop {
        let at = skip(text, end, language);
        let phrase = language.applies.iter().filter_map(|phrase| joined(at, phrase)).max();
        let denial = language.not.iter().filter_map(|word| starts(text, at, word)).max();
        match (phrase, denial) {
            (Some(phrase), _) if !applies => {
                applies = true;
                end = phrase;
            }
            (_, Some(denial)) => end = denial,
            _ => break,
        }
    }
    applies.then_some(end)
}

/// How "apply" starts in languages whose words nothing parts.
const APPLY: [&str; 5] = ["適用", "适用", "套用", "적용", "対象"];

/// In how many letters a label ends whose words nothing parts.
const MOST_BEFORE: usize = 10;

/// Where what joins a name and a denial ends.
fn skip(text: &str, at: usize, language: &Language) -> usize {
    let mut at = at;
    loop {
        at += text[at..].len() - text[at..].trim_start_matches([' ', '*']).len();
        match language.joints.iter().find_map(|word| starts(text, at, word)) {
            Some(end) => at = end,
            None => return at,
        }
    }
}

/// The end of a word that stands at a byte.
fn starts(text: &str, at: usize, word: &str) -> Option<usize> {
    let end = at + word.len();
    (text[at..].starts_with(word) && is_end(text, end, word)).then_some(end)
}

/// Where a word stands by itself. Words of languages that don't part them may stand anywhere.
fn places<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = Range<usize>> {
    let found = text.match_indices(word).map(|(at, _)| at..at + word.len());
    found.filter(|range| is_start(text, range.start, word) && is_end(text, range.end, word))
}

fn is_start(text: &str, at: usize, word: &str) -> bool {
    let first = word.chars().next();
    first.is_some_and(is_unparted)
        || text[..at].chars().next_back().is_none_or(|before| !is_of_word(before))
}

fn is_end(text: &str, at: usize, word: &str) -> bool {
    let last = word.chars().next_back();
    last.is_some_and(|last| is_unparted(last) || last == ' ')
        || text[at..].chars().next().is_none_or(|behind| !is_of_word(behind))
}

fn is_of_word(c: char) -> bool {
    // A word of another script begins anew.
    c == '-' || c.is_alphanumeric() && !is_unparted(c)
}

/// Whether a letter is of a script that puts no blanks between words, or hangs endings on them.
fn is_unparted(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// A text in lower case, every byte in its place.
fn lower(text: &str) -> String {
    let letter = |c: char| {
        let mut lower = c.to_lowercase();
        let first = lower.next().unwrap_or(c);
        let same = lower.next().is_none() && first.len_utf8() == c.len_utf8();
        if same { first } else { c }
    };
    text.chars().map(letter).collect()
}

/// Whether a word joins a name and a denial.
pub(crate) fn is_joint(word: &str) -> bool {
    is(word, |language| language.joints)
}

/// Whether a name breaks off before its last part: a machine put the bar behind the wrong word of `Partner Center
/// for`.
pub(crate) fn is_cut(name: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or_default();
    languages().any(|language| language.for_whom.contains(&last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applies_to_and_its_opposite_in_every_language() {
        for (applies, opposite) in [
            ("Applies to", "Does not apply to"),
            ("Applies To", "Doesn't apply to"),
            ("Available in", "Not available in"),
            ("Gilt für", "Gilt nicht für"),
            ("Betrifft", "Nicht anwendbar auf"),
            ("S’applique à", "Ne s’applique pas à"),
            ("S'applique aux", "N’est pas applicable à"),
            ("Se aplica a", "No se aplica a"),
            ("Aplicable a", "No es aplicable a"),
            ("Si applica a", "Non si applica a"),
            ("Valido per", "Non valido per"),
            ("Aplica-se a", "Não se aplica a"),
            ("Aplica-se ao seguinte", "Não se aplica ao seguinte"),
            ("Van toepassing op", "Niet van toepassing op"),
            ("Gäller för", "Gäller inte för"),
            ("Gäller", "Gäller ej"),
            ("Dotyczy", "Nie dotyczy"),
            ("Ma zastosowanie do", "Nie ma zastosowania do"),
            ("Zastosowanie", "Nie stosuje się do"),
            ("Dotyczy następującej usługi", "Nie dotyczy następującej usługi"),
            ("Platí pro", "Neplatí pro"),
            ("Vztahuje se na", "Nevztahuje se na"),
            ("A következőkre vonatkozik", "Nem vonatkozik a következőre"),
            ("Érvényes", "Nem érvényes"),
            ("Şunlara uygulanır", "Şunlar için geçerli değildir"),
            ("Применимо к", "Неприменимо к"),
            ("Подходит для", "Не подходит"),
            ("Относится к", "Не относится к"),
            ("適用対象", "適用対象外"),
            ("適用される", "適用できない"),
            ("対象", "対象ではありません"),
            ("적용 대상", "적용되지 않음"),
            ("适用于", "不适用于"),
            ("適用於", "不適用於"),
            ("套用至", "不會套用"),
            ("Gælder for", "Gælder ikke for"),
            ("Gjelder for", "Gjelder ikke for"),
            ("It is not new. It applies to:", "It is new. It does not apply to the following:"),
            ("次に適用されます。", "これは新しいものです。これは、次には適用されません。"),
        ] {
            assert!(!is_negative(applies), "{applies}");
            assert!(is_negative(opposite), "{opposite}");
        }
    }

    #[test]
    fn a_label_says_nothing_else() {
        for label in [
            "Applies to",
            "Does not apply to:",
            "Doesn't apply to",
            "Not applicable to",
            "Gilt nicht für",
            "Ne s’applique pas à",
            "N'est pas applicable à",
            "No se aplica a",
            "Non si applica a",
            "Não se aplica a",
            "Niet van toepassing op",
            "Gäller inte för",
            "Nie dotyczy",
            "Neplatí pro",
            "Nem vonatkozik a következőre",
            "Применимо к",
            "適用対象外",
            "不适用于",
            "不適用於",
            "적용 대상",
        ] {
            assert!(is_scope(label), "{label}");
        }
        for other in [
            "Limits",
            "Prerequisites",
            "Who may call this",
            "Not a label",
            "REST request",
            "없음",
            "본문 없음",
            "無",
            "なし",
            "不支持",
        ] {
            assert!(!is_scope(other), "{other}");
        }
    }

    #[test]
    fn words_stand_by_themselves() {
        for text in ["następujące", "Aplica-se", "Vejledning", "compas ", "non-profit"] {
            let not = turnings(text).into_iter().filter(|one| one.turn == Turn::Not).count();
            assert_eq!(not, 0, "{text}");
        }
    }
}
