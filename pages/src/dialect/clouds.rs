//! Where a service is offered, as Microsoft Learn says it at the top of a page: bullets under a bold line,
//! or one line of names between bars.

use super::Reading;
use crate::blocks::Inline;
use crate::fact::{Cloud, Kind};

/// The product's name in the languages that translate it.
const PRODUCTS: [&str; 8] = [
    "partner center",
    "partner-center",
    "partnercenter",
    "espace partenaires",
    "centro de partners",
    "centro para partners",
    "パートナー センター",
    "合作伙伴中心",
];

/// What the clouds' names have in common in many languages.
const CLOUDS: [(Cloud, &[&str]); 3] = [
    (Cloud::China, &["21vianet", "世纪互联", "世紀互聯"]),
    (
        Cloud::Germany,
        &[
            "german",
            "deutsch",
            "allemand",
            "allemagne",
            "aleman",
            "alemán",
            "alemanha",
            "tedesc",
            "duits",
            "tysk",
            "niem",
            "němec",
            "ドイツ",
            "독일",
            "德国",
            "德國",
            "герман",
        ],
    ),
    (
        Cloud::UsGovernment,
        &[
            "government",
            "gov ",
            "gouvernement",
            "gobierno",
            "governo",
            "regierung",
            "overheid",
            "amerikaanse",
            "政府",
            "정부",
            "правительств",
            "administración",
            "administration",
            "rząd",
            "vlád",
        ],
    ),
];

fn cloud(text: &str) -> Option<Cloud> {
    let text = text.to_lowercase();
    let named = CLOUDS
        .iter()
        .find(|(_, words)| words.iter().any(|word| text.contains(word)));
    let is_product = PRODUCTS.iter().any(|name| text.contains(name));
    named
        .map(|(cloud, _)| *cloud)
        .or_else(|| is_product.then_some(Cloud::Global))
}

impl Reading<'_> {
    /// An item of the list at the top.
    pub(super) fn cloud_item(&mut self, text: &Inline) -> bool {
        let words = text.text().trim();
        // A name, not a sentence.
        if words.len() > 120 || words.ends_with(['.', '。']) || !text.code.is_empty() {
            return false;
        }
        // Under a bold line even an unknown name of the product is one: it is the first.
        let found = cloud(words).or_else(|| self.labelled.then_some(Cloud::Global));
        if let Some(cloud) = found {
            self.add(text.span, Kind::Cloud { cloud });
        }
        found.is_some()
    }

    /// `**Applies to**: A | B`, `**Applies to: A, B**`.
    pub(super) fn cloud_line(&mut self, text: &Inline) -> bool {
        let all = text.text();
        let label = text.strong_start().is_some_and(|strong| {
            text.strong[0].end >= strong.len() && all.contains([':', '|', '：'])
        });
        let starts = all.trim_start().to_lowercase().starts_with("applies to");
        if !label && !starts {
            return false;
        }
        let from = match all.find([':', '：']) {
            Some(colon) => colon + all[colon..].chars().next().map_or(1, char::len_utf8),
            None if all.contains('|') => text.strong.first().map_or(0, |strong| strong.end),
            None => return false,
        };
        let names = &all[from.min(all.len())..];
        let separator: &[char] = if names.contains('|') {
            &['|']
        } else {
            &[',', '、', ';']
        };
        let mut found = false;
        let mut at = from;
        for name in names.split(separator) {
            let trimmed = name.trim().trim_matches('*').trim();
            // A sentence that happens to start in bold has no names between its commas.
            if trimmed.len() < 120
                && let Some(cloud) = cloud(trimmed)
            {
                let start = at + name.find(trimmed).unwrap_or_default();
                let span = text.located.span(start, start + trimmed.len());
                self.add(span, Kind::Cloud { cloud });
                found = true;
            }
            at += name.len() + 1;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clouds_are_known_by_their_names_in_many_languages() {
        for (text, expected) in [
            ("Partner Center", Some(Cloud::Global)),
            ("Partner Center operated by 21Vianet", Some(Cloud::China)),
            (
                "Partner Center für Microsoft Cloud Deutschland",
                Some(Cloud::Germany),
            ),
            (
                "Espace partenaires de Microsoft Cloud for US Government",
                Some(Cloud::UsGovernment),
            ),
            ("由世纪互联运营的合作伙伴中心", Some(Cloud::China)),
            ("Some other product", None),
        ] {
            assert_eq!(cloud(text), expected, "{text}");
        }
    }
}
