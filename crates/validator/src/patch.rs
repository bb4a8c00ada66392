//! Puts a small patch into a base.

/// The line that marks where lines go that name no surroundings; no part of any document.
const HERE: &str = "# here";

/// The base with all hunks in their places.
pub(crate) fn apply(base: &str, hunks: &[&[&str]]) -> Result<String, String> {
    let (here, indent) = base
        .lines()
        .position(|line| line.trim_start() == HERE)
        .zip(base.lines().find_map(|line| line.strip_suffix(HERE)))
        .unzip();
    let base: Vec<&str> = base.lines().filter(|line| line.trim_start() != HERE).collect();
    let mut removed = vec![false; base.len()];
    let mut added = vec![String::new(); base.len() + 1];
    for hunk in hunks {
        let old: Vec<&str> = hunk
            .iter()
            .filter(|line| !line.starts_with('+'))
            .map(|line| line.get(1..).unwrap_or_default())
            .collect();
        let (mut at, indent) = match (old.is_empty(), here) {
            (true, Some(here)) => (here, indent.unwrap_or_default()),
            (true, None) => return Err(format!("the base has no `{HERE}`")),
            (false, _) => (only_place(&base, &old)?, ""),
        };
        for line in *hunk {
            match line.split_at_checked(1).unwrap_or((" ", "")) {
                ("+", "") => added[at].push('\n'),
                ("+", line) => added[at].extend([indent, line, "\n"]),
                (mark, _) => {
                    removed[at] |= mark == "-";
                    at += 1;
                }
            }
        }
    }
    let mut text = String::new();
    for (at, added) in added.iter().enumerate() {
        text.push_str(added);
        if removed.get(at) == Some(&false) {
            text.extend([base[at], "\n"]);
        }
    }
    Ok(text)
}

fn only_place(base: &[&str], old: &[&str]) -> Result<usize, String> {
    let mut places =
        base.windows(old.len()).enumerate().filter(|(_, window)| *window == old).map(|(at, _)| at);
    match (places.next(), places.next()) {
        (Some(at), None) => Ok(at),
        (None, _) => Err(format!("the base has no lines `{}`", old.join("\n"))),
        _ => Err(format!("the base has `{}` more than once", old.join("\n"))),
    }
}

#[cfg(test)]
mod tests {
    use super::apply;

    const BASE: &str = "a: 1\nb:\n  # here\nc: 3\na: 1\n";

    #[test]
    fn a_hunk_goes_where_its_lines_stand() {
        for (hunks, expected) in [
            (&[&["+x: 1", "+", "+y: 2"][..]][..], "a: 1\nb:\n  x: 1\n\n  y: 2\nc: 3\na: 1\n"),
            (&[&["-b:", "+b: {}"]], "a: 1\nb: {}\nc: 3\na: 1\n"),
            (&[&[" c: 3", "-a: 1"]], "a: 1\nb:\nc: 3\n"),
            (
                &[&["+z: 0", " a: 1", " b:"], &[" b:", "+  x: 1", "-c: 3"]],
                "z: 0\na: 1\nb:\n  x: 1\na: 1\n",
            ),
            (&[&["-b:", " c: 3"], &[" b:", "-c: 3"]], "a: 1\na: 1\n"),
        ] {
            assert_eq!(apply(BASE, hunks).as_deref(), Ok(expected), "{hunks:?}");
        }
    }

    #[test]
    fn a_hunk_without_one_place_is_refused() {
        let fault = |base, hunk: &[&str]| apply(base, &[hunk]).unwrap_err();
        assert_eq!(fault(BASE, &["-d: 4"]), "the base has no lines `d: 4`");
        assert_eq!(fault(BASE, &[" a: 1", "+b: 2"]), "the base has `a: 1` more than once");
        assert_eq!(fault("a: 1\n", &["+b: 2"]), "the base has no `# here`");
    }
}
