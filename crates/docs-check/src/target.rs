//! The target of a request: `PUT` and a path, in all the forms that pages have.

use std::borrow::Cow;

use letterhead_document::METHODS;

/// The address of a request, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Target {
    /// Scheme and host, where they are written and no server of the documents.
    pub(crate) foreign: Option<String>,
    /// The path below the server, placeholders in braces.
    pub(crate) path: String,
    /// The names in the query, with what stands for them.
    pub(crate) query: Vec<(String, String)>,
}

/// The servers of the documents: what stands before the path in an address.
#[derive(Clone, Debug, Default)]
pub(crate) struct Servers(Vec<String>);

impl Servers {
    /// The servers by their URLs, placeholders in braces.
    pub(crate) fn new(urls: impl IntoIterator<Item = String>) -> Self {
        let mut urls: Vec<String> = urls.into_iter().map(|url| canonical(&url)).collect();
        // The longest one that fits is meant.
        urls.sort_by_key(|url| std::cmp::Reverse(url.len()));
        Self(urls)
    }

    /// The rest of an address after the server.
    fn strip<'a>(&self, address: &'a str) -> Option<&'a str> {
        self.0.iter().find_map(|server| {
            let mut rest = address;
            for (index, part) in server.split('/').enumerate() {
                if index > 0 {
                    rest = rest.strip_prefix('/')?;
                }
                let end = rest.find('/').unwrap_or(rest.len());
                let same = rest[..end].eq_ignore_ascii_case(part);
                if !same && (is_placeholder(part).is_none() || end == 0) {
                    return None;
                }
                rest = &rest[end..];
            }
            Some(rest)
        })
    }
}

/// The HTTP method that a word names, in capitals.
pub(crate) fn method(word: &str) -> Option<&'static str> {
    let mut methods = METHODS.into_iter().map(|(_, http)| http);
    methods.find(|method| method.eq_ignore_ascii_case(word))
}

/// Whether a text may be a path, or an address below a base that a placeholder stands for.
pub(crate) fn starts_address(text: &str) -> bool {
    text.starts_with(['{', '｛', '/', '／', '<', '＜', '['])
}

/// Longer texts are no addresses.
const LONGEST: usize = 8192;

/// Reads an address: a URL, a path, or either behind `{baseURL}`.
pub(crate) fn target(text: &str, servers: &Servers) -> Option<Target> {
    if text.len() > LONGEST {
        return None;
    }
    let text = without_version(text.trim());
    // A link that a translation broke.
    let text = without_file(text);
    // A remark behind the address.
    let text = text.split(" (").next().unwrap_or(&text);
    // A machine that translates puts blanks around braces, and signs of its own language.
    let sign = |c: char| match c {
        '｛' => '{',
        '｝' => '}',
        '？' => '?',
        '＆' => '&',
        '＝' => '=',
        '／' => '/',
        '＜' => '<',
        '＞' => '>',
        _ => c,
    };
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '*').map(sign).collect();
    let text = without_options(text.replace("[{", "{").replace("}]", "}"));
    let text = text.trim_matches(['`', '"', '\'']);
    let text = text.split('#').next().unwrap_or_default();
    let (address, query) = text.split_once('?').unwrap_or((text, ""));
    let address = canonical(address);
    let (foreign, path) = if let Some((scheme, rest)) = address.split_once("://") {
        if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") || rest.is_empty() {
            return None;
        }
        if let Some(path) = servers.strip(&address) {
            (None, path.to_owned())
        } else {
            let end = rest.find('/').unwrap_or(rest.len());
            // `https://{baseURL}/v1` names no server either.
            let host = &rest[..end];
            let foreign = (!host.starts_with('{')).then(|| format!("{scheme}://{host}"));
            (foreign, rest[end..].to_owned())
        }
    } else if let Some((first, rest)) = address.split_once('/') {
        let is_base = is_placeholder(first).is_some() || first.eq_ignore_ascii_case("baseURL");
        // `{baseURL}v1/x`.
        let glued = first.strip_prefix('{').and_then(|first| first.split_once('}'));
        match glued.map(|(_, segment)| segment).filter(|segment| !segment.is_empty()) {
            Some(segment) => (None, format!("/{segment}/{rest}")),
            None if first.is_empty() || is_base => (None, format!("/{rest}")),
            None => return None,
        }
    } else {
        return None;
    };
    if !path.starts_with('/') || path.len() < 2 && foreign.is_some() {
        return None;
    }
    if path.contains(['<', '>', '"', '`', '|']) || path.contains("//") && path.len() < 4 {
        return None;
    }
    // `https://host//v1/x`.
    let path = format!("/{}", path.trim_start_matches('/'));
    Some(Target { foreign, path, query: pairs(query) })
}

/// A query without the brackets around what may be left out of it: `[?size={size}]`, but `?filter[kind]=cat`.
fn without_options(text: String) -> String {
    if !text.contains("[?") && !text.contains("[&") {
        return text;
    }
    let mut kept = String::new();
    let mut are_options = Vec::new();
    for (at, c) in text.char_indices() {
        let is_option = match c {
            '[' => {
                are_options.push(text[at + 1..].starts_with(['?', '&']));
                are_options.last() == Some(&true)
            }
            ']' => are_options.pop() == Some(true),
            _ => false,
        };
        if !is_option {
            kept.push(c);
        }
    }
    kept
}

/// The address without the `(urls.md)` of a link that is none.
fn without_file(text: &str) -> Cow<'_, str> {
    let Some(end) = text.find(".md)") else {
        return Cow::Borrowed(text);
    };
    match text[..end].rfind('(') {
        Some(start) => Cow::Owned(format!("{}{}", text[..start].trim_end(), &text[end + 4..])),
        None => Cow::Borrowed(text),
    }
}

/// The address without the `HTTP/1.1` behind it, however it is spelt, also where it is glued to the path.
fn without_version(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    for (at, _) in lower.match_indices("http") {
        let before = text[..at].trim_end_matches(['/', '\\']);
        let version = lower[at + 4..].trim_start_matches([' ', '/', '\\']);
        let digits = version.starts_with(|c: char| c.is_ascii_digit());
        let last = before.chars().next_back();
        let apart = last.is_some_and(|c| c.is_whitespace() || matches!(c, '*' | '`'));
        let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '。' | '．');
        let ends = lower[at + 4..].starts_with('/')
            && version.trim_end_matches(['*', '`', ' ']).chars().all(plain);
        if digits && last.is_some() && (apart || ends) {
            return before.trim_end();
        }
    }
    text
}

/// The pairs of a query whose names are some.
fn pairs(query: &str) -> Vec<(String, String)> {
    let query = query.replace("&amp;", "&");
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '$');
        let is_name = !name.is_empty() && name.chars().all(plain);
        is_name.then(|| (name.to_owned(), value.to_owned()))
    };
    query.split('&').filter_map(pair).collect()
}

/// An address with every placeholder in braces.
fn canonical(address: &str) -> String {
    let address = address
        .replace("%7B", "{")
        .replace("%7D", "}")
        .replace("%7b", "{")
        .replace("%7d", "}")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    let parts = address.split('/').enumerate().map(|(index, part)| {
        let unquoted = part.trim_matches(['"', '\'']);
        let part = is_placeholder(unquoted).map_or(part, |_| unquoted);
        // The colon of a scheme or a port starts no placeholder.
        match is_placeholder(part) {
            Some(name) if index != 0 || !part.ends_with(':') => format!("{{{name}}}"),
            _ => half_open(part).unwrap_or_else(|| with_braces(part)),
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// A segment with its placeholders in braces: `by<filter>`.
fn with_braces(part: &str) -> String {
    let mut out = String::new();
    let mut rest = part;
    while let Some((before, behind)) = rest.split_once('<') {
        let name = behind.split_once('>').filter(|(name, _)| {
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        });
        let Some((name, behind)) = name else {
            break;
        };
        out.extend([before, "{", name, "}"]);
        rest = behind;
    }
    out + rest
}

/// A placeholder with one bracket, or with two of different kinds: `{id`, `id}`, `<id}`.
fn half_open(part: &str) -> Option<String> {
    let name = part.trim_start_matches(['{', '<']).trim_end_matches(['}', '>']);
    let is_name =
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    (is_name && name.len() < part.len()).then(|| format!("{{{name}}}"))
}

/// The name in `{id}`, `<id>`, `[id]`, `$ID`, `${ID}` or `:id`.
pub(crate) fn is_placeholder(part: &str) -> Option<&str> {
    let pairs = [("${", "}"), ("{{", "}}"), ("{", "}"), ("<", ">"), ("[", "]")];
    let inside =
        pairs.into_iter().find_map(|(open, close)| part.strip_prefix(open)?.strip_suffix(close));
    let word = |name: &&str| {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
    };
    // `/$value` is a fixed segment of OData.
    let is_fixed = matches!(part, "$value" | "$count" | "$ref" | "$metadata" | "$batch");
    inside
        .filter(|name| !name.is_empty() && !name.contains(['{', '}', '<', '>', '[', ']']))
        .or_else(|| part.strip_prefix(['$', ':']).filter(word).filter(|_| !is_fixed))
}

/// Whether a segment of a sample's path is a value: a GUID, a key, a number, an address.
pub(crate) fn is_value(part: &str) -> bool {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let hex = |c: char| c.is_ascii_hexdigit() || c == '-';
    // `QX0042AAB`: no fixed segment has nothing but capitals and digits.
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    part.starts_with('@')
        || part.len() >= 8 && digits >= 2 && part.chars().all(capital)
        || part.contains(['@', '%'])
        || digits > 0 && digits == part.len()
        || part.len() >= 16 && part.chars().all(hex) && digits > 0
        || part.len() >= 16 && digits >= 4
}

/// Whether two paths name the same place: placeholders may have any name, and stand for values.
pub(crate) fn same_path(template: &str, shown: &str) -> bool {
    let (mut left, mut right) = (template.split('/'), shown.split('/'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(left), Some(right)) if same_part(left, right) => {}
            _ => return false,
        }
    }
}

/// The same, in whatever case: prose that a machine translated has its paths in any.
pub(crate) fn same_path_in_prose(template: &str, shown: &str) -> bool {
    let part = |part: &str| {
        if is_placeholder(part).is_some() || is_value(part) {
            part.to_owned()
        } else {
            part.to_ascii_lowercase()
        }
    };
    let lower = |path: &str| path.split('/').map(part).collect::<Vec<_>>().join("/");
    same_path(&lower(template), &lower(shown))
}

fn same_part(template: &str, shown: &str) -> bool {
    match (is_placeholder(template), is_placeholder(shown)) {
        (Some(_), Some(_)) => true,
        (Some(_), None) => is_value(shown),
        (None, _) => without_names(template) == without_names(shown),
    }
}

/// A path as keys and the lock have it: `{}` for whatever varies.
pub(crate) fn stable_path(path: &str) -> String {
    let part = |part: &str| {
        if is_placeholder(part).is_some() || is_value(part) {
            "{}".to_owned()
        } else {
            without_names(part).into_owned()
        }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// A segment without what its placeholders are called: `by{}` for `by{filter}`.
fn without_names(part: &str) -> Cow<'_, str> {
    if !part.contains('{') {
        return Cow::Borrowed(part);
    }
    let mut out = String::new();
    let mut rest = part;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((_, behind)) = behind.split_once('}') else {
            break;
        };
        out.extend([before, "{}"]);
        rest = behind;
    }
    Cow::Owned(out + rest)
}

/// The same for a path in prose, which a machine may have spelled in any case.
pub(crate) fn prose_path(path: &str) -> String {
    stable_path(path).to_lowercase()
}

/// The names of a path's placeholders, also of those inside of a segment.
pub(crate) fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').flat_map(|part| {
        let whole = is_placeholder(part);
        let inner = part.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        let inner = inner.map(|(name, _)| name).filter(move |_| whole.is_none());
        whole.into_iter().chain(inner)
    })
}

/// A name without what spellings differ in: `customer-tenant-id` and `customer_tenant_id` are one.
pub(crate) fn loose(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    // A machine that writes Turkish has its letters in English names too.
    letters.map(|c| if c == 'ı' { 'i' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let servers = Servers::new(
            [
                "https://api.pets.example",
                "https://api.cats.example/client/v4",
                "https://mc.dogs.example/{organization}/campaign",
            ]
            .map(str::to_owned),
        );
        match target(text, &servers) {
            Some(target) => {
                let foreign = target.foreign.unwrap_or_default();
                let names: Vec<_> = target.query.into_iter().map(|(name, _)| name).collect();
                format!("{foreign}{} {}", target.path, names.join(",")).trim().to_owned()
            }
            None => "-".to_owned(),
        }
    }

    #[test]
    fn addresses_are_read_in_every_form() {
        for (text, path) in [
            ("{baseURL}/v1/pets HTTP/1.1", "/v1/pets"),
            ("{baseURL}/v1/pets/&lt;pet-id&gt; HTTP / 1.1", "/v1/pets/{pet-id}"),
            ("https://api.pets.example/v1/pets/<id> http/1.1", "/v1/pets/{id}"),
            ("https://api.cats.example/client/v4/cats/$CAT_ID/x", "/cats/{CAT_ID}/x"),
            ("https://mc.dogs.example/<ORG>/campaign/dogs/", "/dogs/"),
            ("https://{baseURL}/v1/pets", "/v1/pets"),
            ("/v1/pets/:id?size={size}&filter=<f> HTTP/1.1", "/v1/pets/{id} size,filter"),
            ("/v1/pets[?size={size}[&seek={seek}]]", "/v1/pets size,seek"),
            ("/v1/pets?by[kind]=cat[&size={size}]", "/v1/pets size"),
            ("https://other.example/v1/x", "https://other.example/v1/x"),
            ("{baseURL}/ v1/pets /{id}", "/v1/pets/{id}"),
            ("{baseURL}/v1/pets/{id}/HTTP/1.1", "/v1/pets/{id}"),
            ("{baseURL}/v1/pets HTTP/1。1", "/v1/pets"),
            ("{baseURL}/v1/petshttp/1.1", "/v1/pets"),
            ("{baseURL}v1/pets", "/v1/pets"),
            ("{baseURL}/v1/pets('{id}') (new)", "/v1/pets('{id}')"),
            ("https://api.pets.example//v1/pets", "/v1/pets"),
            (
                "* { BASEURL } */v1/pets? kind = {kind} & size = {size} http/1.1",
                "/v1/pets kind,size",
            ),
            ("[{baseURL}] (urls.md)/v1/pets/{id", "/v1/pets/{id}"),
            ("baseURL/v1/pets/<id}", "/v1/pets/{id}"),
            ("{baseURL}/v1/pets/by<filter>And<other>", "/v1/pets/by{filter}And{other}"),
            ("{baseURL}/v1/pets/by<", "-"),
            ("https://api.pets.example/v1/pets/\"<id>\"", "/v1/pets/{id}"),
            ("/v1/pets(kind='{kind}')/$value", "/v1/pets(kind='{kind}')/$value"),
            ("v1/pets", "-"),
            ("pets", "-"),
            ("https://api.pets.example", "-"),
        ] {
            assert_eq!(read(text), path, "{text}");
        }
    }

    #[test]
    fn placeholders_fit_each_other_and_values() {
        assert!(same_path("/a/{x}/b", "/a/{other-name}/b"));
        assert!(same_path("/a/{x}", "/a/4b10bf41-ab11-40e3-8c53-cd67849b50de"));
        assert!(same_path("/a/{x}", "/a/@k1_zz"));
        assert!(same_path("/a/{x}", "/a/QX0042AAB"));
        assert!(!same_path("/a/{x}", "/a/OAUTH2"));
        assert!(!same_path("/a/{x}", "/a/users"));
        assert!(!same_path("/a/users", "/a/{x}"));
        assert!(!same_path("/a/", "/a"));
        assert!(same_path("/a/by{x}And{y}", "/a/by{z}And{w}"));
        assert!(!same_path("/a/by{x}", "/a/of{x}"));
        assert_eq!(stable_path("/a/{x}/0123456789abcdef/b"), "/a/{}/{}/b");
        assert_eq!(stable_path("/a/by{x}And{y}/b{c"), "/a/by{}And{}/b{c");
    }
}
