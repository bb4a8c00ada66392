//! The generated code: items, and what the library's macros make items of, each read once.

use syn::{Item, ItemMod};

/// A part of the generated code.
pub(crate) enum Part {
    /// An item, or a call of a macro that takes something else.
    Item(Item),
    /// A call of a macro and the items that it takes.
    Call(Macro, Vec<Item>),
    /// A module, and what follows in it behind its items.
    Module(ItemMod, Vec<Part>),
}

/// A macro of the library that takes items.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Macro {
    Bodies,
    Objects,
    OpenEnum,
    Operation,
    ResponseHeaders,
}

impl Macro {
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Bodies => "crate::layer::bodies",
            Self::Objects => "crate::wire::objects",
            Self::OpenEnum => "crate::wire::open_enum",
            Self::Operation => "crate::layer::operation",
            Self::ResponseHeaders => "crate::layer::response_headers",
        }
    }
}

impl Part {
    /// What follows in the module of this name.
    pub(crate) fn of_module<'c>(code: &'c [Self], name: &str) -> &'c [Self] {
        let inner = code.iter().find_map(|part| match part {
            Self::Module(module, inner) if module.ident == name => Some(inner.as_slice()),
            _ => None,
        });
        inner.unwrap_or_default()
    }

    /// The items that a macro takes, where this is a call of it.
    pub(crate) fn taken_by(&self, by: Macro) -> &[Item] {
        match self {
            Self::Call(called, items) if *called == by => items,
            _ => &[],
        }
    }
}
