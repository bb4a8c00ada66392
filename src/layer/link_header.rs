//! `Link` headers: where a response says that the next page is.
//!
//! Source: <https://www.rfc-editor.org/rfc/rfc8288>.

use http::HeaderMap;
use http::header::LINK;
use reqwest::Url;

/// The first link with `rel="next"` of the page at `page`; none where there is none. A reason where there
/// may be one that can't be read.
pub(super) fn next(headers: &HeaderMap, page: &Url) -> Result<Option<Url>, &'static str> {
    let mut is_readable = true;
    for value in headers.get_all(LINK) {
        let text = String::from_utf8_lossy(value.as_bytes());
        let mut rest = text.trim_start_matches(SEPARATORS);
        while !rest.is_empty() {
            let Some((link, after)) = link(rest) else {
                is_readable = false;
                break;
            };
            if link.is_next(page) {
                let url = page.join(link.target);
                return url.map(Some).map_err(|_| "the link to the next page can't be read");
            }
            rest = after.trim_start_matches(SEPARATORS);
        }
    }
    if is_readable {
        Ok(None)
    } else {
        Err("a `Link` header of the page can't be read, and may lead to a next one")
    }
}

/// What stands between links; a list in a header may have empty places.
const SEPARATORS: [char; 3] = [',', ' ', '\t'];

struct Link<'a> {
    target: &'a str,
    rel: Option<String>,
    anchor: Option<String>,
}

impl Link<'_> {
    fn is_next(&self, page: &Url) -> bool {
        let mut relations = self.rel.as_deref().unwrap_or_default().split_whitespace();
        // With an anchor it is another resource's link.
        let is_own = |anchor: &String| page.join(anchor).as_ref() == Ok(page);
        relations.any(|relation| relation.eq_ignore_ascii_case("next"))
            && self.anchor.as_ref().is_none_or(is_own)
    }
}

/// The link at the start of `text`, and what follows it.
fn link(text: &str) -> Option<(Link<'_>, &str)> {
    let (target, mut rest) = text.strip_prefix('<')?.split_once('>')?;
    let (mut rel, mut anchor) = (None, None);
    while let Some(parameter) = rest.trim_start().strip_prefix(';') {
        let parameter = parameter.trim_start();
        let end = parameter.find(['=', ';', ',']).unwrap_or(parameter.len());
        let (name, after) = parameter.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            Some(after) => value(after.trim_start())?,
            None => (String::new(), after),
        };
        // The first of each name counts.
        match name.trim_end().to_ascii_lowercase().as_str() {
            "rel" => _ = rel.get_or_insert(value),
            "anchor" => _ = anchor.get_or_insert(value),
            _ => {}
        }
        rest = after;
    }
    let rest = rest.trim_start();
    let link = Link { target, rel, anchor };
    (rest.is_empty() || rest.starts_with(',')).then_some((link, rest))
}

/// The token or the quoted text at the start of `text`, and what follows it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (token, rest) = text.split_at(text.find([';', ',']).unwrap_or(text.len()));
        return Some((token.trim_end().to_owned(), rest));
    };
    let (mut value, mut signs) = (String::new(), quoted.char_indices());
    loop {
        match signs.next()? {
            (at, '"') => return Some((value, &quoted[at + 1..])),
            (_, '\\') => value.push(signs.next()?.1),
            (_, sign) => value.push(sign),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    /// What `next` finds in these headers, for a page at `https://a.example/v1/list?page=2`.
    fn found(values: &[&[u8]]) -> Result<Option<String>, &'static str> {
        let page = Url::parse("https://a.example/v1/list?page=2").unwrap();
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(LINK, HeaderValue::from_bytes(value).unwrap());
        }
        next(&headers, &page).map(|url| url.map(String::from))
    }

    #[test]
    fn the_next_page_is_found_however_its_link_is_written() {
        for (value, next) in [
            (r#"<https://a.example/n>; rel="next""#, "https://a.example/n"),
            ("<https://a.example/n>;rel=next", "https://a.example/n"),
            ("<https://a.example/n> ; REL = \"Next\" ", "https://a.example/n"),
            (r#"</n>; rel="last next""#, "https://a.example/n"),
            (r#"<?page=3>; rel="next""#, "https://a.example/v1/list?page=3"),
            (r#"<n>; rel="next""#, "https://a.example/v1/n"),
            (r#"<//b.example/n>; rel="next""#, "https://b.example/n"),
            (r#"<p>; rel="prev", <n>; rel="next", <l>; rel="last""#, "https://a.example/v1/n"),
            (", <p>; rel=prev,, <n>; rel=next,", "https://a.example/v1/n"),
            (r#"<n?a=1,2;b>; rel="next""#, "https://a.example/v1/n?a=1,2;b"),
            (
                r#"<p>; title="a, <x>; rel=\"next\""; rel=prev, <n>; rel=next"#,
                "https://a.example/v1/n",
            ),
            (r#"<n>; title="; rel=prev"; rel="next"; rel="prev""#, "https://a.example/v1/n"),
            (r#"<n>; crossorigin; rel="next""#, "https://a.example/v1/n"),
            (r#"<n>; rel="next"; anchor="?page=2""#, "https://a.example/v1/n"),
            (r#"<n>; rel="next", broken"#, "https://a.example/v1/n"),
            ("<n>; title=\"\u{fc}\"; rel=\"next\"", "https://a.example/v1/n"),
        ] {
            assert_eq!(found(&[value.as_bytes()]), Ok(Some(next.to_owned())), "{value}");
        }
        let several = [&b"<p>; rel=prev"[..], b"<n>; rel=next"];
        assert_eq!(found(&several), Ok(Some("https://a.example/v1/n".to_owned())));
        let latin = [&b"<n>; title=\"\xfc\"; rel=next"[..]];
        assert_eq!(found(&latin), Ok(Some("https://a.example/v1/n".to_owned())));
    }

    #[test]
    fn other_links_lead_nowhere() {
        for value in [
            "",
            ",",
            r#"<p>; rel="prev""#,
            "<n>",
            "<n>; rel",
            r#"<n>; rel="nextish""#,
            r#"<n>; rev="next""#,
            r#"<n>; rel="prev"; rel="next""#,
            r#"<n>; rel="next"; anchor="/other""#,
            r#"<p>; rel="prev"; title="rel=next""#,
        ] {
            assert_eq!(found(&[value.as_bytes()]), Ok(None), "{value}");
        }
        assert_eq!(found(&[]), Ok(None));
    }

    #[test]
    fn a_link_that_cannot_be_read_is_not_taken_for_the_end() {
        for value in [
            "https://a.example/n; rel=next",
            "<https://a.example/n; rel=next",
            r#"<n>; rel="next"#,
            r#"<n>; title="\"#,
            "<n> rel=next",
            "<http://[::1>; rel=next",
        ] {
            assert!(found(&[value.as_bytes()]).is_err(), "{value}");
        }
    }
}
