//! What pages call the clouds that a service is offered in.

/// What pages call a cloud, in lower case.
#[derive(Clone, Debug, Default)]
pub struct CloudNames {
    /// What `x-clouds` in the document calls it.
    pub name: String,
    /// What names it by itself; of a vendor's first cloud it is what the product is called.
    pub names: Vec<String>,
    /// What names it beside the product's name, or beside the word "cloud".
    /// A blank at either end of one is the end of a word.
    pub marks: Vec<String>,
}

/// The clouds of all vendors, each vendor's by itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clouds(pub(crate) Vec<Vec<CloudNames>>);

impl Clouds {
    /// The clouds that a text names: a vendor's first one where it names the product alone. `is_cut` says that the
    /// text breaks off before the name.
    pub(crate) fn named(&self, text: &str, is_cut: impl Fn(&str) -> bool) -> Vec<String> {
        self.named_among(text, text, is_cut)
    }

    /// The same of a part of a line, in which what is beside the product's name may be all that is left of a name.
    pub(crate) fn named_among(
        &self,
        text: &str,
        line: &str,
        is_cut: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        let text = text.trim().to_lowercase();
        let line = line.to_lowercase();
        let has = |words: &[String]| words.iter().any(|word| has_mark(&text, word));
        let mut found: Vec<String> = Vec::new();
        for (product, others) in self.0.iter().filter_map(|clouds| clouds.split_first()) {
            let products = count(&text, &product.names);
            let is_cloud =
                line.contains("cloud") || product.names.iter().any(|name| line.contains(name));
            let named = |cloud: &&CloudNames| has(&cloud.names) || is_cloud && has(&cloud.marks);
            let mut own: Vec<&CloudNames> = others.iter().filter(named).collect();
            // Each of the others has the product's name beside it at most once.
            if products > own.len() && !is_cut(&text) {
                own.insert(0, product);
            }
            for cloud in own {
                // Several documents may be of one vendor.
                if !found.contains(&cloud.name) {
                    found.push(cloud.name.clone());
                }
            }
        }
        found
    }

    /// The cloud that is meant where a product is called by a name that nobody knows.
    pub(crate) fn first(&self) -> Option<&str> {
        self.0.iter().find_map(|clouds| clouds.first()).map(|cloud| cloud.name.as_str())
    }
}

/// Whether a text has a mark. A blank at its start or its end is the end of a word.
fn has_mark(text: &str, mark: &str) -> bool {
    let word = mark.trim();
    text.match_indices(word).any(|(at, _)| {
        let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let start = !mark.starts_with(' ') || ends(text[..at].chars().next_back());
        start && (!mark.ends_with(' ') || ends(text[at + word.len()..].chars().next()))
    })
}

/// How often a text has any of some names, the longest one where several begin at a place.
fn count(text: &str, names: &[String]) -> usize {
    let mut places: Vec<(usize, usize)> = names
        .iter()
        .flat_map(|name| text.match_indices(name.as_str()).map(|(at, name)| (at, at + name.len())))
        .collect();
    places.sort_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)));
    let mut last = 0;
    let apart = places.into_iter().filter(|(start, end)| {
        let is_apart = *start >= last;
        last = if is_apart { *end } else { last };
        is_apart
    });
    apart.count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::languages::is_cut;
    use crate::spec::Vendor;

    #[test]
    fn clouds_are_known_by_their_names_in_many_languages() {
        let vendor: Vendor = (&letterhead_spec::PARTNER_CENTER).into();
        let clouds = Clouds(vec![Vec::new(), vendor.clouds.clone(), vendor.clouds]);
        for (text, expected) in [
            ("Partner Center", &["global"][..]),
            ("Partner Center operated by 21Vianet", &["china"]),
            ("Partner Center für Microsoft Cloud Deutschland", &["germany"]),
            ("Espace partenaires de Microsoft Cloud for US Government", &["us-government"]),
            ("由世纪互联运营的合作伙伴中心", &["china"]),
            ("Partner Center for US Gov", &["us-government"]),
            ("Partner Center (US Gov)", &["us-government"]),
            ("Partner Center governed by nobody", &["global"]),
            ("Partner Center and Partner Center operated by 21Vianet", &["global", "china"]),
            (
                "Partner Center Partner Center für Microsoft Cloud Deutschland",
                &["global", "germany"],
            ),
            ("Centro de Parceiros para", &[]),
            (
                "Microsoft Cloud Germany Centro de Parceiros para Microsoft Cloud for US Government",
                &["germany", "us-government"],
            ),
            ("Some other product", &[]),
        ] {
            assert_eq!(clouds.named(text, is_cut), expected, "{text}");
        }
        assert!(Clouds::default().named("Partner Center", is_cut).is_empty());
    }
}
