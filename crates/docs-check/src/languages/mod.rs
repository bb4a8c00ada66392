//! The words of the languages that the vendors' pages come in, one table a language. All are in lower case.
//!
//! A page isn't asked for its language: a translated one has sentences of its original, and words are looked up
//! in all tables.

mod asian;
mod credentials;
mod eastern;
mod germanic;
mod heads;
mod romance;
mod scope;

pub(crate) use credentials::credentials;
pub(crate) use heads::{
    Flag, flag, heads_descriptions, heads_members, heads_names, heads_values, names_flags,
    names_types,
};
pub(crate) use scope::{
    Turn, Turning, introduces, is_cut, is_joint, is_negative, is_scope, scope_label, turnings,
};

/// The words of a language.
pub(crate) struct Language {
    /// What stands before the name of a cloud.
    for_whom: &'static [&'static str],
    /// Words that make the opposite of "applies to".
    not: &'static [&'static str],
    /// Words that take something out: behind them, or before them where the verb is last.
    except: &'static [&'static str],
    /// What joins a name and a denial: `A is not available`.
    joints: &'static [&'static str],
    /// What stands above what something applies to.
    applies: &'static [&'static str],
    /// Whether a sentence ends with its verb, so that what it denies stands before the word.
    is_verb_last: bool,
    /// What a label has above the roles that may make a call.
    roles: &'static [&'static str],
    /// Cells that say yes.
    yes: &'static [&'static str],
    /// Cells that say no.
    no: &'static [&'static str],
    /// Cells that mark what has to be sent, and the names of columns of such cells.
    required: &'static [&'static str],
    /// Cells that mark what may be left out, and the names of columns of such cells.
    optional: &'static [&'static str],
    /// The names of columns of names.
    name: &'static [&'static str],
    /// The names of columns of the members of a type.
    member: &'static [&'static str],
    /// The names of columns of values.
    value: &'static [&'static str],
    /// The names of columns that explain.
    description: &'static [&'static str],
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
    /// What a heading about events has.
    event: &'static [&'static str],
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
    /// Something that the vendor sends by itself.
    pub(crate) event: bool,
}

/// How words start that have the word for a topic inside, and are about something else.
const NO_TOPIC: [&str; 6] =
    ["responsib", "responsab", "responsáv", "prevent", "eventual", "somebody"];

/// The topics of a heading or a sentence.
pub(crate) fn topic(text: &str) -> Topic {
    let mut text = text.to_lowercase();
    for word in NO_TOPIC {
        if text.contains(word) {
            text = text.replace(word, " ");
        }
    }
    Topic {
        request: any(&text, |language| language.request),
        response: any(&text, |language| language.response),
        returns: any(&text, |language| language.returns),
        body: any(&text, |language| language.body),
        header: any(&text, |language| language.header),
        parameter: any(&text, |language| language.parameter),
        example: any(&text, |language| language.example),
        error: any(&text, |language| language.error),
        event: any(&text, |language| language.event),
    }
}

/// Whether a type is a list. The name of a type, such as `PriceListItem`, says nothing about it.
pub(crate) fn is_list(of_type: &str) -> bool {
    // Behind a bracket is what the list is of.
    let of_type = of_type.replace("[]", " [] ");
    let is_end = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')');
    let words = of_type.split(is_end).map(|word| match word.find('[') {
        Some(end) if end > 0 => &word[..end],
        _ => word,
    });
    let is_upper = |c: char| c.is_ascii_uppercase();
    // `IList` is what lists have in common.
    let words = words
        .map(|word| word.strip_prefix('I').filter(|it| it.starts_with(is_upper)).unwrap_or(word));
    let plain = words.filter(|word| {
        let mut pairs = word.as_bytes().windows(2);
        !pairs.any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
    });
    let plain = plain.collect::<Vec<_>>().join(" ").to_lowercase();
    let has = |word: &&str| {
        plain.match_indices(*word).any(|(at, word)| {
            // `Lists` is a list, `playlist` is none; in other languages the words grow together.
            word != "list" || plain[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric())
        })
    };
    languages().any(|language| language.array.iter().any(has))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_lists() {
        for of_type in [
            "array of Puppy",
            "List<string>",
            "string[]",
            "Array",
            "Puppy[]",
            "lists of texts",
            "配列",
            "Zeichenfolgenarray",
            "Objektarray",
            "Strängmatris",
            "tekenreeksmatrix",
            "ARRAY",
            "ARRAY OF STRINGS",
            "Array[Address]",
            "IList<string>",
            "Dictionary<string, string[]>",
        ] {
            assert!(is_list(of_type), "{of_type}");
        }
        for of_type in ["PriceListItem", "object", "playlist", "ArrayOwner", "string"] {
            assert!(!is_list(of_type), "{of_type}");
        }
    }

    #[test]
    fn topics_of_headings() {
        assert!(topic("Voorbeeldrespons").response && topic("Response").response);
        assert!(!topic("Responsible partner").response && !topic("Prevent this").event);
        assert!(topic("Sample event").event && topic("イベント").event);
    }

    #[test]
    fn sentences_that_say_that_there_is_nothing() {
        assert!(is_nothing("None.") && is_nothing("なし。") && is_nothing("Keine"));
        assert!(!is_nothing("None of these members may be left out."));
    }
}
