//! Descriptions as they are written by hand: a paragraph is one text, which is folded; several stand apart, in
//! lines of one width.

use crate::yaml::WIDTH;

/// A description without the line breaks that mean nothing in Markdown.
pub(crate) fn prose(text: &str) -> String {
    let text = text.trim().replace("\r\n", "\n");
    let paragraphs: Vec<&str> = text
        .split("\n\n")
        .map(|it| it.trim_matches('\n'))
        .filter(|it| !it.trim().is_empty())
        .collect();
    let has_code = ["```", "~~~"].iter().any(|fence| text.contains(fence));
    match paragraphs.as_slice() {
        [one] if !has_code && is_plain(one) => joined(one),
        several if !has_code => {
            let written = several.iter().map(|paragraph| {
                if is_plain(paragraph) { wrapped(&joined(paragraph)) } else { trimmed(paragraph) }
            });
            written.collect::<Vec<_>>().join("\n\n")
        }
        _ => trimmed(&text),
    }
}

/// Whether the line breaks of a paragraph mean nothing: it has no list, table, quote, heading, code or HTML.
fn is_plain(paragraph: &str) -> bool {
    paragraph.lines().all(|line| {
        let is_numbered = line.split_once(['.', ')']).is_some_and(|(number, _)| {
            !number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit())
        });
        let is_marked = line.starts_with([' ', '\t', '-', '*', '+', '|', '>', '#', '<', '=']);
        !is_numbered && !is_marked && !line.ends_with("  ") && !line.ends_with('\\')
    })
}

fn joined(paragraph: &str) -> String {
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without blanks at the ends of lines, which no block of YAML shows.
fn trimmed(text: &str) -> String {
    text.trim_matches('\n')
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
        .trim_end()
        .to_owned()
}

fn wrapped(paragraph: &str) -> String {
    let mut lines = vec![String::new()];
    for word in paragraph.split(' ') {
        let Some(line) = lines.last_mut() else { continue };
        // A word that would start a list, a heading or a quote stays where it is.
        let may_start = is_plain(word);
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= WIDTH || !may_start {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_go_where_they_mean_nothing() {
        assert_eq!(prose(" Lists pets,\r\nall of them.\n"), "Lists pets, all of them.");
        assert_eq!(prose("One\ntwo.\n\n\n- a\n- b \n\nThree."), "One two.\n\n- a\n- b\n\nThree.");
        for kept in ["1. a\n2. b", "| a |\n|---|", "a\n\n```\nb\n\n\nc\n```", "# A\nb"] {
            assert_eq!(prose(kept), kept);
        }
        assert_eq!(prose(""), "");
    }

    #[test]
    fn paragraphs_of_a_text_have_one_width() {
        let long = "word ".repeat(50);
        let text = prose(&format!("{long}\n\nEnd."));
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert_eq!(text.split_whitespace().count(), 51);
        let list = format!("{}- no list", "word ".repeat(20));
        assert!(prose(&format!("{list}\n\nEnd.")).contains("word -\nno"));
    }
}
