//! What an operation sends or receives of several kinds: an enum of bodies, an enum of responses.

use letterhead_document::Media;
use openapiv3::StatusCode;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use syn::{Type, parse_quote};

use super::model::{Body, Style};
use super::received::Case;
use super::rust_type::rust_type;
use super::syntax::ident;
use crate::code::{Macro, Part};
use crate::prep::names::Taken;

/// The enum of the bodies that a request may have.
pub(super) fn bodies(name: &Ident, bodies: &[Body]) -> Part {
    let mut taken = Taken::of(&[]);
    let variants = bodies.iter().map(|body| {
        let word = match body.media {
            Media::Json => "Json",
            Media::Lines => "Lines",
            Media::Form => "Form",
            Media::Multipart => "Multipart",
            Media::Text => "Text",
            Media::Bytes => "Bytes",
        };
        let variant = ident(&taken.take(word));
        let media_type = &body.media_type;
        if let Some(how) = how(body) {
            let ty = rust_type(&body.schema);
            quote!(#variant(#ty) = written(#media_type, #how),)
        } else {
            quote!(#variant(crate::Upload) = upload(#media_type),)
        }
    });
    let docs = " The bodies that the request may have, one for each media type.";
    let taken = parse_quote! {
        #[doc = #docs]
        pub enum #name { #(#variants)* }
    };
    Part::Call(Macro::Bodies, vec![taken])
}

/// How a body is written; none where it is bytes.
pub(super) fn how(body: &Body) -> Option<TokenStream> {
    match body.media {
        Media::Json => Some(quote!(crate::layer::How::Json)),
        Media::Lines => Some(quote!(crate::layer::How::Lines)),
        Media::Text => Some(quote!(crate::layer::How::Text)),
        Media::Form => {
            let styles = body.styles.iter().map(|(name, style)| style.value(name));
            Some(quote!(crate::layer::How::Form(&[#(#styles),*])))
        }
        Media::Multipart => {
            let types =
                body.media_types.iter().map(|(name, media_type)| quote!((#name, #media_type)));
            Some(quote!(crate::layer::How::Parts(&[#(#types),*])))
        }
        Media::Bytes => None,
    }
}

impl Style {
    /// The words of `layer::argument!`.
    pub(super) fn written(&self, name: &str) -> TokenStream {
        let form = ident(self.form);
        let (explode, reserved) = (self.explode, self.reserved);
        quote!((#name #form #explode #reserved))
    }

    fn value(&self, name: &str) -> TokenStream {
        let form = ident(self.form);
        let (explode, reserved) = (self.explode, self.reserved);
        quote! {
            crate::layer::Style {
                name: #name,
                form: crate::layer::Form::#form,
                explode: #explode,
                reserved: #reserved,
            }
        }
    }
}

/// The enum of the responses that a request may get.
pub(super) fn by_status(name: &Ident, cases: &[Case]) -> Part {
    // A class of statuses comes after the statuses of it.
    let of = |is_range: bool| {
        cases.iter().filter(move |case| matches!(case.status, StatusCode::Range(_)) == is_range)
    };
    let variants = of(false).chain(of(true)).map(|case| {
        let (word, pattern) = match &case.status {
            StatusCode::Code(code) => {
                let code = Literal::u16_unsuffixed(*code);
                (format!("Status{}", case.status), quote!(#code))
            }
            StatusCode::Range(class) => {
                let first = Literal::u16_unsuffixed(class * 100);
                let last = Literal::u16_unsuffixed(class * 100 + 99);
                (format!("Status{class}xx"), quote!(#first..=#last))
            }
        };
        let variant = ident(&word);
        let ty = case.schema.as_ref().map(rust_type).map(|ty: Type| quote!(value, #ty));
        let kind = ty.unwrap_or_else(|| quote!(nothing));
        quote!(#variant(#pattern => #kind),)
    });
    let docs = " What comes back, by the status of the response.";
    // Its variants are none of Rust's.
    Part::Item(parse_quote! {
        crate::layer::by_status! {
            #[doc = #docs]
            pub enum #name { #(#variants)* }
        }
    })
}
