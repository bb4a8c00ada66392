//! Pages of Microsoft Learn that have each sentence twice, as translated by a machine and as it was written.

use std::borrow::Cow;

const SOURCE: &str = "<span class=\"sxs-lookup\">";
const TRANSLATION: &str = "<span data-ttu-id=";

/// Blanks the translations that the original follows; every byte keeps its place.
pub(crate) fn without_translations(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(SOURCE) {
        return text;
    }
    let mut out = text.as_bytes().to_vec();
    let mut from = 0;
    while let Some(source) = text[from..].find(SOURCE).map(|at| from + at) {
        let before = &text[from..source];
        let translation = before.rfind(TRANSLATION).filter(|_| before.ends_with("</span>"));
        if let Some(start) = translation
            && let Some(open) = before[start..].find('>')
        {
            let inside = from + start + open + 1..source - "</span>".len();
            for byte in out.get_mut(inside).into_iter().flatten() {
                if *byte != b'\n' {
                    *byte = b' ';
                }
            }
        }
        from = source + SOURCE.len();
    }
    String::from_utf8(out).map_or(text, Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_original_stays() {
        let page = "| <span data-ttu-id=\"1\">**PLATZIEREN** für</span><span class=\"sxs-lookup\"><span data-stu-id=\"1\">**PUT**</span></span> |\n<span data-ttu-id=\"2\">allein</span>";
        let shown = without_translations(Cow::Borrowed(page));
        assert_eq!(shown.len(), page.len());
        assert!(
            !shown.contains("PLATZIEREN") && shown.contains("**PUT**") && shown.contains("allein")
        );
    }
}
