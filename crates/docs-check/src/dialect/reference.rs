//! The lists of Cloudflare's generated reference: `` - `name: optional array of string` ``.

use super::Reading;
use crate::fact::{Kind, Place, Side};
use crate::inline::Inline;

impl Reading<'_> {
    /// An item below the heading of an operation; false where it isn't one of the reference's.
    pub(super) fn member(&mut self, depth: usize, text: &Inline) -> bool {
        let Some(code) = text.code.first().filter(|_| self.reference_level.is_some()) else {
            return false;
        };
        let inside = &text.text()[code.clone()];
        let span = text.located.span(code.start, code.end);
        if let Some(value) = quoted(inside) {
            let name = self.last_name.clone();
            let value = value.to_owned();
            self.add(span, Kind::EnumValue { name, value });
            return true;
        }
        let Some((name, of_type)) = inside.split_once(": ") else {
            return inside == "true" || inside == "false";
        };
        if name.contains(char::is_whitespace) {
            return false;
        }
        let optional = of_type.strip_prefix("optional ");
        let required = Some(optional.is_none());
        let of_type = optional.unwrap_or(of_type).trim();
        let name = name.trim_matches('"').to_owned();
        let side = match self.section.as_str() {
            "returns" => Side::Response,
            "body parameters" | "path parameters" | "query parameters" | "header parameters" => {
                Side::Request
            }
            _ => return false,
        };
        let kind = match self.section.as_str() {
            // The members of a parameter are listed below it.
            "path parameters" | "query parameters" | "header parameters"
                if depth > 1 && !self.is_folded =>
            {
                return true;
            }
            "path parameters" | "query parameters" => Kind::Parameter {
                place: if self.section.starts_with('p') { Place::Path } else { Place::Query },
                name: name.clone(),
                of_type: Some(of_type.to_owned()),
                required,
            },
            "header parameters" => Kind::Header { side, name: name.clone() },
            _ => Kind::Member {
                side,
                name: name.clone(),
                of_type: Some(of_type.to_owned()),
                required,
                depth: (!self.is_folded).then_some(depth),
                parent: None,
                schema: None,
            },
        };
        let last = text.located.span(code.start, code.start + name.len());
        self.add(last, kind);
        for value in of_type.split(" or ").filter_map(quoted) {
            let (name, value) = (name.clone(), value.to_owned());
            self.add(span, Kind::EnumValue { name, value });
        }
        self.last_name = name;
        true
    }
}

fn quoted(text: &str) -> Option<&str> {
    let inside = text.trim().strip_prefix('"')?.strip_suffix('"')?;
    (!inside.contains('"')).then_some(inside)
}
