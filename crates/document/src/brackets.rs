//! A bracket of JSON that is missing, or one too many: a parser stumbles far behind it, and the indentation shows it.

/// What is wrong with a bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Odd {
    /// It is missing behind the byte.
    Missing(char),
    /// It stands at the byte, and nothing opens it.
    Needless(char),
}

/// An open bracket.
struct Open {
    closing: u8,
    line: usize,
    indent: usize,
}

/// The first bracket that the indentation shows to be missing or one too many, and its byte. None where there are as
/// many that open as there are that close.
pub(crate) fn odd(text: &str) -> Option<(usize, Odd)> {
    let tokens = tokens(text)?;
    let count = |kinds: [u8; 2]| tokens.iter().filter(|it| kinds.contains(&it.kind)).count();
    let balance = count(*b"{[").cmp(&count(*b"}]"));
    let mut open: Vec<Open> = Vec::new();
    let mut before: Option<&Token> = None;
    for (index, token) in tokens.iter().enumerate() {
        let is_first = before.is_none_or(|before| before.line < token.line);
        let closes = matches!(token.kind, b'}' | b']');
        let behind = before.map_or(0, |before| before.at);
        if balance.is_gt()
            && let Some(top) = open.last().filter(|top| is_first && top.line < token.line)
            && token.indent < top.indent + usize::from(!closes)
        {
            // Where what belongs to a bracket isn't deeper, nothing is shown.
            let is_flat = !closes && before.is_some_and(|before| before.line == top.line);
            return (!is_flat).then_some((behind, Odd::Missing(char::from(top.closing))));
        }
        let is_key = token.kind == b'"' && tokens.get(index + 1).is_some_and(|it| it.kind == b':');
        if balance.is_lt() && is_key && before.is_some_and(|before| before.kind == b':') {
            return Some((behind, Odd::Missing('{')));
        }
        if closes {
            let top = open.pop().filter(|top| top.closing == token.kind);
            let is_own =
                |top: &Open| top.line == token.line || is_first && top.indent == token.indent;
            if balance.is_lt() && !top.as_ref().is_some_and(is_own) {
                // One behind a value, of a bracket in a line above, may be right.
                let is_behind =
                    !is_first && before.is_none_or(|it| !matches!(it.kind, b'}' | b']'));
                let needless = Odd::Needless(char::from(token.kind));
                return (top.is_none() || !is_behind).then_some((token.at, needless));
            }
            top?;
        } else if matches!(token.kind, b'{' | b'[') {
            let closing = if token.kind == b'{' { b'}' } else { b']' };
            open.push(Open { closing, line: token.line, indent: token.indent });
        }
        before = Some(token);
    }
    None
}

/// A sign of JSON's grammar, a text, or a part of another value.
struct Token {
    /// Its first byte.
    kind: u8,
    /// Where its last byte stands.
    at: usize,
    line: usize,
    /// How deep its line is indented.
    indent: usize,
}

/// None where a text has no end.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let (mut at, mut line, mut start) = (0, 0, 0);
    // Of the line, once its first token is reached.
    let mut indent = None;
    while let Some(&kind) = bytes.get(at) {
        match kind {
            b'\n' => {
                line += 1;
                start = at + 1;
                indent = None;
            }
            b' ' | b'\t' | b'\r' => {}
            _ => {
                let indent = *indent.get_or_insert(at - start);
                if kind == b'"' {
                    at += quoted(&bytes[at..])?;
                }
                tokens.push(Token { kind, at, line, indent });
            }
        }
        at += 1;
    }
    Some(tokens)
}

/// How far the quote is that closes the one at the start, on the same line.
fn quoted(bytes: &[u8]) -> Option<usize> {
    let mut is_escaped = false;
    let end = bytes.iter().skip(1).position(|byte| {
        let ends = *byte == b'\n' || *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    });
    end.map(|end| end + 1).filter(|end| bytes[*end] == b'"')
}

#[cfg(test)]
mod tests {
    use super::{Odd, odd};

    #[test]
    fn the_indentation_shows_which_bracket_it_is() {
        let whole = "{\n  \"a\": {\n    \"b\": [\n      1,\n      {\"c\": \"}\"}\n    ]\n  },\n  \"d\": 2\n}\n";
        assert_eq!(odd(whole), None);
        for (from, to, line, expected) in [
            ("    ]\n", "", 5, Odd::Missing(']')),
            ("  },\n", "  ,\n", 6, Odd::Missing('}')),
            ("  },\n", "", 6, Odd::Missing('}')),
            ("  },\n", "  }},\n", 7, Odd::Needless('}')),
            ("\"a\": {", "\"a\":", 2, Odd::Missing('{')),
        ] {
            let text = whole.replace(from, to);
            let (at, found) = odd(&text).unwrap();
            assert_eq!((text[..at].matches('\n').count() + 1, found), (line, expected), "{text}");
        }
        // Nothing shows it on one line, in lines that end with brackets or begin as deep as theirs, and where as many
        // close as open.
        for text in [
            "{\"a\": {\"b\": 1}",
            "{\n\"a\": [1}\n",
            "{\n  \"a\": \"\n}\n",
            "{\n  \"a\": {\"b\": {\n    \"c\": 1}},\n  \"d\": 2\n}}\n",
            "{\n  \"a\": [\"b\",\n  \"c\"],\n  \"d\": {\n}\n",
        ] {
            assert_eq!(odd(text), None, "{text}");
        }
    }
}
