/// A value that a path, a query or a header can carry as text.
pub(crate) trait Argument {
    /// Calls `use_text` once for each text: not at all for an absent value, several times for a list.
    fn each(&self, use_text: &mut dyn FnMut(&str));
}

impl Argument for String {
    fn each(&self, use_text: &mut dyn FnMut(&str)) {
        use_text(self);
    }
}

macro_rules! display {
    ($($ty:ty)*) => {$(
        impl Argument for $ty {
            fn each(&self, use_text: &mut dyn FnMut(&str)) {
                use_text(&self.to_string());
            }
        }
    )*};
}

display! { bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 }

impl<T: Argument> Argument for Option<T> {
    fn each(&self, use_text: &mut dyn FnMut(&str)) {
        if let Some(value) = self {
            value.each(use_text);
        }
    }
}

impl<T: Argument> Argument for Vec<T> {
    fn each(&self, use_text: &mut dyn FnMut(&str)) {
        for value in self {
            value.each(use_text);
        }
    }
}
