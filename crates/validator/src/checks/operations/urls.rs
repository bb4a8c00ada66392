//! URLs and e-mail addresses.

use letterhead_diagnostics::Severity;
use letterhead_document::Node;

use crate::finding::{Findings, did_you_mean};
use crate::model::Model;
use crate::rules::operations;
use crate::shape::Kind;

pub(crate) fn run(model: &Model<'_>, findings: &mut Findings) {
    for object in &model.objects {
        let members: &[&str] = match object.kind {
            Kind::Info => &["termsOfService"],
            Kind::Contact | Kind::License | Kind::ExternalDocs => &["url"],
            Kind::SecurityScheme => &["openIdConnectUrl"],
            Kind::OAuthFlow => &["authorizationUrl", "tokenUrl", "refreshUrl"],
            Kind::Example => &["externalValue"],
            Kind::Xml => &["namespace"],
            _ => continue,
        };
        // The rule about the vendor's pages asks for an operation's own.
        let is_asked_for = model.is_own() && model.operation(object).is_some();
        for member in members {
            if let Some(node) = object.node.get(member)
                && let Some(text) = node.as_str()
                && !(text.is_empty() && is_asked_for)
                && !is_empty(text, node, findings)
                && let Some((reason, help)) = fault(text, false)
            {
                let message = format!("`{text}` is not a URL: {reason}");
                let finding = findings.add(&operations::MALFORMED_URL, node.span, message, help);
                finding.severity = severity(reason);
            }
        }
        if object.kind == Kind::Contact
            && let Some(node) = object.node.get("email")
        {
            email(node, findings);
        }
    }
}

const NO_SCHEME: &str = "it has no scheme";
const NO_SUCH_SCHEME: &str = "there is no such scheme";
const BARE_WORD: &str = "it is a bare word";

/// How bad a fault of a URL is. A URL may be relative and may have any scheme, so some are legal, and hardly
/// what is meant.
pub(super) fn severity(reason: &str) -> Severity {
    match reason {
        NO_SCHEME | NO_SUCH_SCHEME | BARE_WORD => Severity::Warning,
        _ => Severity::Error,
    }
}

/// Whether a URL is empty, which is then reported.
pub(super) fn is_empty(url: &str, node: &Node, findings: &mut Findings) -> bool {
    if url.is_empty() {
        let message = "this URL is empty, which is the address of the document itself";
        let help = "write the URL that is meant, or leave it out";
        findings.add(&operations::EMPTY_URL, node.span, message, help);
    }
    url.is_empty()
}

/// What is wrong with a URL, which may be relative, and what to write.
pub(super) fn fault(url: &str, is_server: bool) -> Option<(&'static str, String)> {
    let example = || "write a whole one, such as `https://example.com/docs`".to_owned();
    // Empty, it is the document itself, which another rule doubts.
    if url.is_empty() {
        return None;
    }
    if url.trim().is_empty() {
        return Some(("it is blank", example()));
    }
    if url != url.trim() {
        return Some(("it has blanks around it", format!("write `{}`", url.trim())));
    }
    if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        let help = if url.contains([':', '/', '.']) {
            format!("write `{}`", url.replace(char::is_whitespace, "%20"))
        } else {
            example()
        };
        return Some(("it has blanks in it", help));
    }
    if let Some(c) = url.chars().find(|c| "<>\"\\^`|{}".contains(*c)) {
        let help = if c == '\\' {
            format!("write `{}`", url.replace('\\', "/"))
        } else {
            format!("leave `{c}` out, or write it as `%{:02X}`", u32::from(c))
        };
        return Some(("it has a character in it that no URL has", help));
    }
    if let Some((scheme, rest)) = url.split_once("://") {
        return absolute(url, scheme, rest);
    }
    for scheme in ["https", "http"] {
        let rest = url.strip_prefix(scheme);
        let rest = rest.filter(|rest| rest.starts_with([':', '/']) && !rest.starts_with(":/{"));
        if let Some(rest) = rest {
            let rest = rest.trim_start_matches([':', '/']);
            return Some(("after the scheme comes `://`", format!("write `{scheme}://{rest}`")));
        }
    }
    if url.starts_with(['/', '.', '#', '?']) {
        return None;
    }
    let host = url.split(['/', '?', '#']).next().unwrap_or(url);
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    let last = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let has_port = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    let is_host = name.starts_with("www.")
        || name == "localhost"
        || name.contains('.') && (DOMAINS.contains(&last.as_str()) || has_port);
    if is_host {
        return Some((NO_SCHEME, format!("write `https://{url}`")));
    }
    let is_bare = !url.contains(['/', '.', '#', ':', '?']);
    (is_bare && !is_server).then(|| (BARE_WORD, example()))
}

fn absolute(url: &str, scheme: &str, rest: &str) -> Option<(&'static str, String)> {
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    let lower = scheme.to_ascii_lowercase();
    let is_known = ["http", "https", "ws", "wss", "ftp", "ftps", "file"].contains(&lower.as_str());
    if !is_known && let Some(near) = did_you_mean(&lower, ["https", "http"]) {
        return Some((NO_SUCH_SCHEME, format!("did you mean `{near}://{rest}`?")));
    }
    if !is_scheme {
        return Some(("its scheme is none", format!("write `https://{rest}`")));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let (host, port) = match host.rfind(']') {
        Some(end) => (&host[..=end], host[end + 1..].strip_prefix(':')),
        None => match host.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (host, None),
        },
    };
    if host.is_empty() && lower != "file" {
        let help = format!("write a host after `{scheme}://`");
        return Some(("it has no host", help));
    }
    if let Some(port) = port
        && port.parse::<u16>().is_err()
    {
        let help = "write a number up to 65535 after the `:`".to_owned();
        return Some(("its port is no number", help));
    }
    let is_address = host.starts_with('[');
    let odd = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '~' | '%'));
    if !is_address && (host.contains("..") || host.starts_with('.') || host.contains(odd)) {
        let right = url.replacen("..", ".", 1);
        let help = if right == url {
            "write a host of words with dots between them".to_owned()
        } else {
            format!("write `{right}`")
        };
        return Some(("its host is none", help));
    }
    None
}

fn email(node: &Node, findings: &mut Findings) {
    let Some(text) = node.as_str() else { return };
    let bad = |c: char| c.is_whitespace() || c.is_control() || ",;:<>()[]\"\\".contains(c);
    let reason = match text.rsplit_once('@') {
        None => "it has no `@`",
        Some(("", _)) => "nothing stands before its `@`",
        Some((local, _)) if local.contains('@') => "it has two `@`",
        Some((_, "")) => "nothing stands after its `@`",
        Some(_) if text.contains(bad) => {
            "it has blanks or other characters in it that no address has"
        }
        Some((_, domain))
            if !domain.contains('.')
                || domain.contains("..")
                || domain.starts_with(['.', '-'])
                || domain.ends_with(['.', '-']) =>
        {
            "what follows the `@` is no domain"
        }
        Some(_) => return,
    };
    let message = format!("`{text}` is not an e-mail address: {reason}");
    let help = "write one address, such as `api@example.com`";
    findings.add(&operations::MALFORMED_EMAIL, node.span, message, help);
}

/// The ends of names that are hosts rather than files.
const DOMAINS: &[&str] = &[
    "ai", "app", "at", "biz", "ca", "ch", "cloud", "co", "com", "de", "dev", "edu", "es", "eu",
    "example", "fr", "gov", "info", "int", "internal", "invalid", "io", "it", "jp", "local", "net",
    "nl", "org", "test", "tech", "uk", "us",
];
