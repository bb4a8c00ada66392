//! How a value is written where it isn't JSON: the styles of OpenAPI 3.0, which are those of RFC 6570 and three more.
//!
//! Source: <https://spec.openapis.org/oas/v3.0.3.html#style-values>.

use percent_encoding::utf8_percent_encode;

use super::call::QUERY;
use super::flat::{Flat, Shape};

/// How one parameter, or one member of a form, is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Its name on the wire.
    pub(crate) name: &'static str,
    pub(crate) form: Form,
    pub(crate) explode: bool,
    /// Whether reserved characters stay as they are, apart from those that would end the value.
    pub(crate) reserved: bool,
}

/// The form of a list and of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::enum_variant_names, reason = "the specification calls one of the forms so")]
pub(crate) enum Form {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// As JSON, in one value.
    Json,
}

/// What may stand in a value whose reserved characters are allowed. `&`, `#` and `+` would end it or become blanks.
const RESERVED: &percent_encoding::AsciiSet = &QUERY
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// What can't stand in the name of a query parameter or of a form's member. `$`, `[` and the like can, and servers
/// expect them so.
const NAME: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b',')
    .add(b';')
    .add(b'<')
    .add(b'=')
    .add(b'>');

impl Style {
    /// The style of a form's member of which the document says nothing.
    pub(crate) const fn of_member(name: &'static str) -> Self {
        Self { name, form: Form::Form, explode: true, reserved: false }
    }

    fn encoded(&self, text: &str) -> String {
        let set = if self.reserved { RESERVED } else { QUERY };
        utf8_percent_encode(text, set).to_string()
    }

    /// `name=value` pairs of a query or a form, percent-encoded: none for null and for an empty list.
    pub(super) fn pairs(&self, name: &str, value: &Flat) -> Vec<(String, String)> {
        let name_of = |name: &str| utf8_percent_encode(name, NAME).to_string();
        let one = |text: String| vec![(name_of(name), text)];
        match (&value.shape, self.form) {
            (Shape::Null, _) => Vec::new(),
            (_, Form::Json) => one(self.encoded(&value.json)),
            (Shape::Text(_) | Shape::Literal, _) => one(self.encoded(value.text())),
            (Shape::List(_) | Shape::Members(_), Form::DeepObject) => {
                let mut pairs = Vec::new();
                self.deep(name, value, &mut pairs);
                pairs
            }
            (Shape::List(items), _) if items.is_empty() => Vec::new(),
            (Shape::List(items), _) if self.explode => {
                items.iter().map(|item| (name_of(name), self.encoded(item.text()))).collect()
            }
            (Shape::List(items), form) => {
                let items = items.iter().map(|item| self.encoded(item.text()));
                one(items.collect::<Vec<_>>().join(delimiter(form)))
            }
            (Shape::Members(members), _) if self.explode => {
                let members = members.iter().filter(|(_, value)| !is_null(value));
                members.map(|(name, value)| (name_of(name), self.encoded(value.text()))).collect()
            }
            (Shape::Members(members), form) => {
                let members = members.iter().filter(|(_, value)| !is_null(value));
                let parts = members
                    .flat_map(|(name, value)| [self.encoded(name), self.encoded(value.text())]);
                one(parts.collect::<Vec<_>>().join(delimiter(form)))
            }
        }
    }

    /// `name[member][0]=value`, at every depth.
    fn deep(&self, name: &str, value: &Flat, pairs: &mut Vec<(String, String)>) {
        match &value.shape {
            Shape::Null => {}
            Shape::List(items) => {
                for (place, item) in items.iter().enumerate() {
                    self.deep(&format!("{name}[{place}]"), item, pairs);
                }
            }
            Shape::Members(members) => {
                for (member, value) in members {
                    self.deep(&format!("{name}[{member}]"), value, pairs);
                }
            }
            Shape::Text(_) | Shape::Literal => {
                let name = utf8_percent_encode(name, NAME).to_string();
                pairs.push((name, self.encoded(value.text())));
            }
        }
    }

    /// The text of a path's segment, percent-encoded.
    pub(super) fn segment(&self, value: &Flat) -> String {
        let (name, explode) = (self.name, self.explode);
        let parts = self.parts(value, |text| utf8_percent_encode(text, QUERY).to_string());
        match (self.form, &value.shape) {
            (Form::Label, _) => format!(".{}", parts.join(if explode { "." } else { "," })),
            // What is empty has no `=`, as RFC 6570 has it.
            (Form::Matrix, Shape::List(_)) if explode => {
                parts.iter().flat_map(|part| [";".to_owned(), pair(name, part)]).collect()
            }
            (Form::Matrix, Shape::Members(_)) if explode => {
                parts.iter().flat_map(|part| [";", part.trim_end_matches('=')]).collect()
            }
            (Form::Matrix, _) => format!(";{}", pair(name, &parts.join(","))),
            _ => parts.join(","),
        }
    }

    /// The text of a header.
    pub(super) fn header(&self, value: &Flat) -> String {
        self.parts(value, str::to_owned).join(",")
    }

    fn parts(&self, value: &Flat, encoded: impl Fn(&str) -> String) -> Vec<String> {
        match &value.shape {
            _ if self.form == Form::Json => vec![encoded(&value.json)],
            Shape::List(items) => items.iter().map(|item| encoded(item.text())).collect(),
            Shape::Members(members) => {
                let members = members.iter().filter(|(_, value)| !is_null(value));
                let texts = members.map(|(name, value)| [encoded(name), encoded(value.text())]);
                if self.explode {
                    texts.map(|pair| pair.join("=")).collect()
                } else {
                    texts.flatten().collect()
                }
            }
            Shape::Null | Shape::Text(_) | Shape::Literal => vec![encoded(value.text())],
        }
    }
}

pub(super) fn is_null(value: &Flat) -> bool {
    matches!(value.shape, Shape::Null)
}

fn pair(name: &str, value: &str) -> String {
    if value.is_empty() { name.to_owned() } else { format!("{name}={value}") }
}

fn delimiter(form: Form) -> &'static str {
    match form {
        Form::SpaceDelimited => "%20",
        Form::PipeDelimited => "%7C",
        _ => ",",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn style(form: Form, explode: bool) -> Style {
        Style { name: "color", form, explode, reserved: false }
    }

    /// The table of the specification, with a blank in one of the values.
    #[test]
    fn every_style_is_written_as_the_specification_has_it() {
        let list = json!(["blue", "black", "a b"]);
        let object = json!({"R": 100, "G": 200.0});
        let query = |form, explode, value: &Value| {
            let pairs = style(form, explode).pairs("color", &Flat::of(value).unwrap().0);
            let pairs: Vec<_> =
                pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
            pairs.join("&")
        };
        for (form, explode, value, expected) in [
            (Form::Form, false, &list, "color=blue,black,a%20b"),
            (Form::Form, true, &list, "color=blue&color=black&color=a%20b"),
            (Form::Form, false, &object, "color=G,200.0,R,100"),
            (Form::Form, true, &object, "G=200.0&R=100"),
            (Form::SpaceDelimited, false, &list, "color=blue%20black%20a%20b"),
            (Form::PipeDelimited, false, &list, "color=blue%7Cblack%7Ca%20b"),
            (Form::PipeDelimited, false, &object, "color=G%7C200.0%7CR%7C100"),
            (Form::DeepObject, true, &object, "color[G]=200.0&color[R]=100"),
            (Form::Json, false, &json!({"a": [1]}), "color=%7B%22a%22%3A%5B1%5D%7D"),
            (Form::Form, true, &json!(null), ""),
            (Form::Form, true, &json!([]), ""),
            (Form::Form, true, &json!("a&b"), "color=a%26b"),
        ] {
            assert_eq!(query(form, explode, value), expected, "{form:?} {explode} {value}");
        }
        let segment = |form, explode, value: &Value| {
            style(form, explode).segment(&Flat::of(value).unwrap().0)
        };
        for (form, explode, value, expected) in [
            (Form::Simple, false, &list, "blue,black,a%20b"),
            (Form::Simple, true, &object, "G=200.0,R=100"),
            (Form::Simple, false, &object, "G,200.0,R,100"),
            (Form::Label, false, &list, ".blue,black,a%20b"),
            (Form::Label, true, &list, ".blue.black.a%20b"),
            (Form::Label, true, &object, ".G=200.0.R=100"),
            (Form::Matrix, false, &list, ";color=blue,black,a%20b"),
            (Form::Matrix, true, &list, ";color=blue;color=black;color=a%20b"),
            (Form::Matrix, true, &object, ";G=200.0;R=100"),
            (Form::Matrix, false, &json!("a/b"), ";color=a%2Fb"),
            (Form::Matrix, false, &json!(""), ";color"),
            (Form::Matrix, true, &json!(["", "a"]), ";color;color=a"),
            (Form::Matrix, true, &json!({"R": "", "S": "="}), ";R;S=%3D"),
        ] {
            assert_eq!(segment(form, explode, value), expected, "{form:?} {explode} {value}");
        }
        let reserved = Style { reserved: true, ..style(Form::Form, true) };
        let pairs = reserved.pairs("q", &Flat::of(&"a/b?c&d e").unwrap().0);
        assert_eq!(pairs, [("q".to_owned(), "a/b?c%26d%20e".to_owned())]);
    }
}
