//! What pages call the clouds that a service is offered in.

/// What pages call a cloud, in lower case.
#[derive(Clone, Debug, Default)]
pub struct CloudNames {
    /// What `x-clouds` in the document calls it.
    pub name: String,
    /// What names it by itself; of a vendor's first cloud it is what the product is called.
    pub names: Vec<String>,
    /// What names it beside the product's name, or beside the word "cloud".
    pub marks: Vec<String>,
}

/// The clouds of all vendors, each vendor's by itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clouds(pub(crate) Vec<Vec<CloudNames>>);

impl Clouds {
    /// The clouds that a text names: a vendor's first one where it names the product alone. `is_cut` says that the
    /// text breaks off before the name.
    pub(crate) fn named(&self, text: &str, is_cut: impl Fn(&str) -> bool) -> Vec<String> {
        let text = text.trim().to_lowercase();
        let has = |words: &[String]| words.iter().any(|word| text.contains(word.as_str()));
        let mut found: Vec<String> = Vec::new();
        for (product, others) in self.0.iter().filter_map(|clouds| clouds.split_first()) {
            let is_product = has(&product.names);
            let is_cloud = is_product || text.contains("cloud");
            let named = |cloud: &&CloudNames| has(&cloud.names) || is_cloud && has(&cloud.marks);
            let mut own: Vec<&CloudNames> = others.iter().filter(named).collect();
            if own.is_empty() && is_product && !is_cut(&text) {
                own.push(product);
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
