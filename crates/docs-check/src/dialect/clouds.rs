//! Where a service is offered, as Microsoft Learn says it at the top of a page: bullets under a bold line,
//! or one line of names between bars.

use super::Reading;
use crate::fact::{Cloud, Kind};
use crate::inline::Inline;

/// The product's name in the languages that translate it.
const PRODUCTS: [&str; 22] = [
    "partner center",
    "partner-center",
    "partnercenter",
    "partnercentrum",
    "partnerközpont",
    "partnerské centrum",
    "partnerském centru",
    "centrum partnersk",
    "centro partner",
    "centro de partner",
    "centro de parceiros",
    "centro para partners",
    "centro per i partner",
    "espace partenaires",
    "i̇ş ortağı merkezi",
    "iş ortağı merkezi",
    "центр партнеров",
    "центра партнеров",
    "パートナー センター",
    "파트너 센터",
    "合作伙伴中心",
    "合作夥伴中心",
];

/// The words that the clouds' names share in many languages.
const CLOUDS: [(Cloud, &[&str]); 3] = [
    (Cloud::China, &["21vianet", "世纪互联", "世紀互聯"]),
    (
        Cloud::Germany,
        &[
            "german",
            "deutsch",
            "almanya",
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
    let is_product = PRODUCTS.iter().any(|name| text.contains(name));
    let named = CLOUDS
        .iter()
        .filter(|(cloud, _)| *cloud == Cloud::China || is_product || text.contains("cloud"))
        .find(|(_, words)| words.iter().any(|word| text.contains(word)));
    named.map(|(cloud, _)| *cloud).or_else(|| is_product.then_some(Cloud::Global))
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
        let first = || self.facts.iter().all(|fact| !matches!(fact.kind, Kind::Cloud { .. }));
        let is_label = self.labelled && words.len() < 60 && first();
        let found = cloud(words).or_else(|| is_label.then_some(Cloud::Global));
        if let Some(cloud) = found {
            self.add(text.span, Kind::Cloud { cloud });
        }
        found.is_some()
    }

    /// `**Applies to**: A | B`, `**Applies to: A, B**`.
    pub(super) fn cloud_line(&mut self, text: &Inline) -> bool {
        let all = text.text();
        let label = text.strong_start().is_some() && all.contains([':', '|', '：']);
        let starts = all.trim_start().to_lowercase().starts_with("applies to");
        let all_names = all.contains('|') && all.split('|').all(|name| cloud(name).is_some());
        if !label && !starts && !all_names {
            return false;
        }
        let from = match all.find([':', '：']) {
            Some(colon) => colon + all[colon..].chars().next().map_or(1, char::len_utf8),
            None if all_names => 0,
            None if all.contains('|') => text.strong.first().map_or(0, |strong| strong.end),
            None => return false,
        };
        let names = &all[from.min(all.len())..];
        let separator: &[char] = if names.contains('|') { &['|'] } else { &[',', '、', ';'] };
        // Beside a cloud that is known, a name in yet another language is the product's.
        let bars = names.contains('|') && names.split('|').any(|name| cloud(name).is_some());
        let mut found = false;
        let mut at = from;
        for name in names.split(separator) {
            // The words in brackets name the clouds without it.
            let name_only = name.split(['(', '（']).next().unwrap_or_default();
            let trimmed = name_only.trim().trim_matches('*').trim();
            // A sentence that happens to start in bold has no names between its commas.
            let known = cloud(trimmed).or_else(|| (bars && at == from).then_some(Cloud::Global));
            if trimmed.len() < 120
                && let Some(cloud) = known
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
            ("Partner Center für Microsoft Cloud Deutschland", Some(Cloud::Germany)),
            ("Espace partenaires de Microsoft Cloud for US Government", Some(Cloud::UsGovernment)),
            ("由世纪互联运营的合作伙伴中心", Some(Cloud::China)),
            ("Some other product", None),
        ] {
            assert_eq!(cloud(text), expected, "{text}");
        }
    }
}
