//! The generated code: items, and what the library's macros make items of, each read once.

use syn::{Item, ItemMod};

/// A part of the generated code.
pub(crate) enum Code {
    Item(Item),
    /// A call of one of the library's macros by its path, and the items that it takes.
    Call(&'static str, Vec<Item>),
    /// A module, and what follows in it behind its items.
    Module(ItemMod, Vec<Code>),
}

impl Code {
    /// What follows in the module of this name.
    pub(crate) fn module<'c>(code: &'c [Self], name: &str) -> &'c [Self] {
        let inner = code.iter().find_map(|part| match part {
            Self::Module(module, inner) if module.ident == name => Some(inner.as_slice()),
            _ => None,
        });
        inner.unwrap_or_default()
    }

    /// The items that a macro of the library takes, where this calls it.
    pub(crate) fn taken_by(&self, path: &str) -> &[Item] {
        match self {
            Self::Call(called, items) if *called == path => items,
            _ => &[],
        }
    }
}
