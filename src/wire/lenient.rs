//! Numbers as text and text as numbers, in a response that couldn't be decoded otherwise.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde_json::value::RawValue;

/// A value whose numbers may come as text, and whose integers may come with a fraction of zero. Written back, they are
/// the numbers that the document promises.
///
/// It is slower than the value itself: for what couldn't be decoded otherwise.
pub(crate) struct Numbers<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Numbers<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(Inner::<_, false>(deserializer)).map(Self)
    }
}

/// The same whose texts may come as numbers as well, exactly as they are written.
pub(crate) struct Lenient<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(Inner::<_, true>(deserializer)).map(Self)
    }
}

/// Any of serde's interfaces, with the same leniency for all that is inside of it: for texts as well, or not.
struct Inner<I, const TEXTS: bool>(I);

/// Passes calls on to the deserializer inside.
macro_rules! pass {
    ($($method:ident($($argument:ident: $ty:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(
            self,
            $($argument: $ty,)*
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            self.0.$method($($argument,)* Inner::<_, TEXTS>(visitor))
        }
    )*};
}

macro_rules! numbers {
    ($($read:ident: $($method:ident)*;)*) => {$($(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            $read(self.0, visitor)
        }
    )*)*};
}

impl<'de, D: Deserializer<'de>, const TEXTS: bool> Deserializer<'de> for Inner<D, TEXTS> {
    type Error = D::Error;

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if !TEXTS {
            return self.0.deserialize_str(visitor);
        }
        let raw = Box::<RawValue>::deserialize(self.0)?;
        match text(&raw) {
            Some(text) => visitor.visit_string(text),
            None => Err(unlike(&raw, &visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if TEXTS { self.deserialize_str(visitor) } else { self.0.deserialize_string(visitor) }
    }

    /// Raw JSON comes as one, and stays what it is.
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, visitor)
    }

    numbers! {
        integer: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64;
        float: deserialize_f32 deserialize_f64;
    }

    pass! {
        deserialize_any();
        deserialize_bool();
        deserialize_i128();
        deserialize_u128();
        deserialize_char();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_option();
        deserialize_unit();
        deserialize_unit_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(len: usize);
        deserialize_tuple_struct(name: &'static str, len: usize);
        deserialize_map();
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
        deserialize_identifier();
        deserialize_ignored_any();
    }
}

fn integer<'de, D: Deserializer<'de>, V: Visitor<'de>>(
    deserializer: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    let number = text(&raw).and_then(|text| whole(text.trim()));
    match number.map(|number| (i64::try_from(number), u64::try_from(number))) {
        Some((Ok(number), _)) => visitor.visit_i64(number),
        Some((_, Ok(number))) => visitor.visit_u64(number),
        _ => Err(unlike(&raw, &visitor)),
    }
}

fn float<'de, D: Deserializer<'de>, V: Visitor<'de>>(
    deserializer: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    let number = text(&raw).and_then(|text| text.trim().parse().ok());
    match number.filter(|number: &f64| number.is_finite()) {
        Some(number) => visitor.visit_f64(number),
        None => Err(unlike(&raw, &visitor)),
    }
}

/// What a text or a number is as text.
fn text(raw: &RawValue) -> Option<String> {
    match raw.get().as_bytes() {
        [b'"', ..] => serde_json::from_str(raw.get()).ok(),
        [b'-' | b'0'..=b'9', ..] => Some(raw.get().to_owned()),
        _ => None,
    }
}

/// The integer that a text writes, if it does.
fn whole(text: &str) -> Option<i128> {
    text.parse().ok().or_else(|| {
        let number: f64 = text.parse().ok()?;
        // Beyond, a float is no longer one integer.
        let is_exact = number.fract() == 0.0 && number.abs() < 9e15;
        is_exact.then(|| format!("{number:.0}").parse().ok())?
    })
}

fn unlike<'de, E: Error>(raw: &RawValue, visitor: &impl Visitor<'de>) -> E {
    let kind = match raw.get().as_bytes().first() {
        Some(b'{') => Unexpected::Map,
        Some(b'[') => Unexpected::Seq,
        Some(b't' | b'f') => Unexpected::Other("boolean"),
        Some(b'n') => Unexpected::Unit,
        Some(b'"') => Unexpected::Other("text"),
        _ => Unexpected::Other("number"),
    };
    E::invalid_type(kind, visitor)
}

macro_rules! visits {
    ($($method:ident($ty:ty);)*) => {$(
        fn $method<E: Error>(self, value: $ty) -> Result<V::Value, E> {
            self.0.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>, const TEXTS: bool> Visitor<'de> for Inner<V, TEXTS> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    visits! {
        visit_bool(bool);
        visit_i64(i64);
        visit_i128(i128);
        visit_u64(u64);
        visit_u128(u128);
        visit_f64(f64);
        visit_char(char);
        visit_str(&str);
        visit_borrowed_str(&'de str);
        visit_string(String);
        visit_bytes(&[u8]);
        visit_borrowed_bytes(&'de [u8]);
        visit_byte_buf(Vec<u8>);
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Inner::<_, TEXTS>(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Inner::<_, TEXTS>(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Inner::<_, TEXTS>(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Inner::<_, TEXTS>(members))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(variant)
    }
}

impl<'de, A: SeqAccess<'de>, const TEXTS: bool> SeqAccess<'de> for Inner<A, TEXTS> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Inner::<_, TEXTS>(seed))
    }
}

impl<'de, A: MapAccess<'de>, const TEXTS: bool> MapAccess<'de> for Inner<A, TEXTS> {
    type Error = A::Error;

    /// Names are what they are.
    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Inner::<_, TEXTS>(seed))
    }
}

impl<'de, S: DeserializeSeed<'de>, const TEXTS: bool> DeserializeSeed<'de> for Inner<S, TEXTS> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Inner::<_, TEXTS>(deserializer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    type Nested = Lenient<BTreeMap<String, BTreeMap<String, Option<i64>>>>;

    #[test]
    fn numbers_are_texts_and_texts_are_numbers() {
        let as_text = |json: &str| serde_json::from_str::<Lenient<Vec<Option<String>>>>(json);
        let read = as_text(r#"["a", 7, 12345678901234567890123, 1.50, null, "\u0041"]"#);
        let expected = ["a", "7", "12345678901234567890123", "1.50", "", "A"];
        let texts = read.unwrap().0;
        let texts: Vec<_> = texts.iter().map(|text| text.as_deref().unwrap_or("")).collect();
        assert_eq!(texts, expected);
        for json in ["[true]", "[{}]", "[[]]"] {
            assert!(as_text(json).is_err(), "{json}");
        }

        let as_number = |json: &str| {
            let json = format!(r#"{{"a": {{"b": {json}}}}}"#);
            serde_json::from_str::<Nested>(&json).map(|read| read.0["a"]["b"])
        };
        for (json, number) in [
            ("2", Some(2)),
            (r#""2""#, Some(2)),
            (r#"" -2 ""#, Some(-2)),
            ("2.0", Some(2)),
            ("2e2", Some(200)),
            (r#""2.0""#, Some(2)),
            ("9007199254740993", Some(9_007_199_254_740_993)),
            ("null", None),
        ] {
            assert_eq!(as_number(json).unwrap(), number, "{json}");
        }
        let large = |json: &str| serde_json::from_str::<Lenient<u64>>(json).map(|read| read.0);
        for json in ["18446744073709551615", r#""18446744073709551615""#] {
            assert_eq!(large(json).unwrap(), u64::MAX, "{json}");
        }
        assert!(large("18446744073709551616").is_err() && large("-1").is_err());
        let float = |json: &str| serde_json::from_str::<Lenient<f64>>(json).map(|read| read.0);
        for (json, number) in [("1.5", 1.5), (r#""1.5""#, 1.5), ("2", 2.0), (r#"" 1e3""#, 1e3)] {
            assert!((float(json).unwrap() - number).abs() < f64::EPSILON, "{json}");
        }
        for json in [r#""NaN""#, r#""inf""#, r#""1e400""#, r#""one""#, "true"] {
            assert!(float(json).is_err(), "{json}");
        }
        for json in ["2.5", r#""two""#, r#""""#, "1e400", "1e300", r#""NaN""#, "{}", "true"] {
            assert!(as_number(json).is_err(), "{json}");
        }
    }

    #[test]
    fn raw_json_stays_raw() {
        let json = r#"{"a": [1.0, "x"], "b": 1e400}"#;
        let read: Lenient<BTreeMap<String, Box<RawValue>>> = serde_json::from_str(json).unwrap();
        assert_eq!((read.0["a"].get(), read.0["b"].get()), (r#"[1.0, "x"]"#, "1e400"));
    }
}
