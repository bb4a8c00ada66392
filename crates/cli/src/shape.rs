//! A kind of resource at a vendor: what it has of a company, what is wanted of it, and both ways between the two.

use letterhead_document::pointer::escaped;
use serde_json::{Map, Value};

use crate::value::{is_none, is_same};
use crate::wanted::{Wanted, covers};

/// How a member is compared and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A text.
    Text,
    /// A text in which capital letters are as good as small ones.
    Folded,
    /// A text that the vendor doesn't let be changed.
    Fixed,
    /// One of a list of texts, which the vendor doesn't let be changed.
    Among,
    /// Members with names of the user's own and any value.
    Open,
}

use Form::{Folded, Open, Text};

/// A member of a company, its JSON pointer at the vendor, and how it is compared.
pub(crate) type Row = (&'static str, &'static str, Form);

/// A kind of resource.
#[derive(Debug)]
pub(crate) struct Shape {
    /// What it is called: of one, and of several.
    pub(crate) names: [&'static str; 2],
    pub(crate) rows: &'static [Row],
    /// The members that hold JSON in a text.
    pub(crate) texts: &'static [&'static str],
    /// The members that people look at; all of them where none are named.
    pub(crate) shown: &'static [&'static str],
}

/// A member at a vendor, and what is wanted of it.
#[derive(Debug)]
pub(crate) struct Cell {
    /// The member of the company.
    pub(crate) member: String,
    /// The JSON pointer at the vendor.
    pub(crate) path: String,
    /// How it is compared.
    pub(crate) form: Form,
    /// What the vendor has; null for nothing.
    pub(crate) has: Value,
    /// What is wanted; none where it is left alone.
    pub(crate) wants: Option<Value>,
}

impl Cell {
    /// Whether the vendor has something else than what is wanted.
    pub(crate) fn differs(&self) -> bool {
        let Some(wants) = &self.wants else { return false };
        match (self.form, wants) {
            (Form::Among, Value::Array(list)) => {
                !is_none(&self.has) && !list.iter().any(|item| is_same(item, &self.has, true))
            }
            _ => !is_same(&self.has, wants, matches!(self.form, Form::Folded | Form::Fixed)),
        }
    }

    /// Whether the vendor lets it be changed.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self.form, Form::Fixed | Form::Among)
    }

    /// What is sent: an empty text clears a text, and null removes a member of free data.
    pub(crate) fn sent(&self, shape: &Shape) -> Value {
        let in_text = shape.texts.iter().any(|text| self.path.starts_with(&format!("/{text}/")));
        match self.wants.clone().unwrap_or_default() {
            wants if !is_none(&wants) => wants,
            _ if in_text => Value::Null,
            _ => "".into(),
        }
    }
}

impl Shape {
    /// The JSON pointers of the members whose names a company has.
    #[cfg(test)]
    pub(crate) fn pointers(&self) -> impl Iterator<Item = &'static str> {
        self.rows.iter().filter(|(.., form)| *form != Open).map(|(_, pointer, _)| *pointer)
    }

    /// Whether capital letters are as good as small ones in the member at a JSON pointer.
    pub(crate) fn folds(&self, pointer: &str) -> bool {
        self.rows.iter().any(|&(_, path, form)| path == pointer && form == Folded)
    }

    /// Whether a company has a member at a JSON pointer.
    pub(crate) fn has_at(&self, pointer: &str) -> bool {
        self.rows.iter().any(|&(_, path, form)| {
            let rest = pointer.strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || form == Open && rest.starts_with('/'))
        })
    }

    /// From a company to the vendor: each member that it has, with what is wanted of it.
    pub(crate) fn cells(&self, document: &Value, wanted: &Wanted) -> Vec<Cell> {
        let mut cells = Vec::new();
        for &(member, path, form) in self.rows {
            let has = at(document, path).cloned().unwrap_or_default();
            if form != Open {
                let wants = wanted.of(member).cloned();
                cells.push(Cell {
                    member: member.to_owned(),
                    path: path.to_owned(),
                    form,
                    has,
                    wants,
                });
                continue;
            }
            let mut names = wanted.names(member, &has);
            names.extend(has.as_object().into_iter().flat_map(Map::keys).cloned());
            for name in names {
                let has = has.get(&name).cloned().unwrap_or_default();
                let full = format!("{member}.{name}");
                let wants = wanted.of_open(member, &name);
                let path = format!("{path}/{}", escaped(&name));
                cells.push(Cell { member: full, path, form, has, wants });
            }
        }
        cells.extend(self.cleared(document, wanted));
        cells
    }

    /// Free text where members could be, if the group of them is to be cleared.
    fn cleared(&self, document: &Value, wanted: &Wanted) -> Vec<Cell> {
        let cells = self.texts.iter().filter_map(|text| {
            let path = format!("/{text}");
            let has = document.pointer(&path).filter(|has| !has.is_object() && !is_none(has))?;
            let mut rows = self.rows.iter();
            let (member, ..) =
                rows.find(|(_, pointer, _)| pointer.split('/').nth(1) == Some(*text))?;
            let group = member.split('.').next().unwrap_or(member);
            let wants = wanted.of(group).filter(|wants| wants.is_null()).cloned()?;
            let (member, has) = (group.to_owned(), has.clone());
            Some(Cell { member, path, form: Text, has, wants: Some(wants) })
        });
        cells.collect()
    }

    /// The members of a company that this kind of resource has.
    pub(crate) fn member_names(&self) -> impl Iterator<Item = &'static str> {
        self.rows.iter().map(|(member, ..)| *member)
    }

    /// Whether this kind of resource has a member, or some of a group.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.rows
            .iter()
            .any(|(member, _, form)| covers(name, member) || *form == Open && covers(member, name))
    }

    /// From the vendor to a company: each member, with its value as a company file has it; none where the vendor has
    /// nothing, or what a company file can't say.
    pub(crate) fn members(&self, document: &Value) -> Vec<(String, Option<Value>)> {
        let cells = self.cells(document, &Wanted::default()).into_iter();
        let members = cells.map(|Cell { member, form, has, .. }| {
            let value = match form {
                _ if is_none(&has) => None,
                Form::Open => Some(has),
                Form::Among => has.is_string().then(|| Value::Array(vec![has])),
                Form::Text | Form::Folded | Form::Fixed => Some(has).filter(Value::is_string),
            };
            (member, value)
        });
        members.collect()
    }
}

/// The value at a JSON pointer of the tables, which escape nothing.
fn at<'v>(document: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('/').skip(1).try_fold(document, |value, name| value.get(name))
}
