//! The words of the languages that the vendors' pages come in, one table a language. All are in lower case.
//!
//! A page isn't asked for its language: a translated one has sentences of its original, and words are looked up
//! in all tables.

use crate::fact::Cloud;

/// The words of a language.
pub(crate) struct Language {
    /// What Partner Center is called.
    product: &'static [&'static str],
    /// What the names of the German cloud have in common.
    germany: &'static [&'static str],
    /// What the names of the cloud for the US Government have in common.
    government: &'static [&'static str],
    /// What makes the opposite of "applies to".
    not: &'static [&'static str],
    /// Cells that mark what has to be sent.
    yes: &'static [&'static str],
    /// Cells that mark what may be left out.
    no: &'static [&'static str],
    /// Sentences that say that there is nothing.
    nothing: &'static [&'static str],
}

/// All languages; the first one is the one that the others are translated from.
static LANGUAGES: [Language; 18] = [
    // English
    Language {
        product: &["partner center", "partner-center", "partnercenter"],
        germany: &["german"],
        government: &["government", "gov "],
        not: &[
            "not apply",
            "n't apply",
            "n’t apply",
            "not applicable",
            "not available",
            "not supported",
            "not for ",
        ],
        yes: &["y", "yes", "required", "mandatory"],
        no: &["n", "no", "optional", "not required"],
        nothing: &["none", "no body", "no request body", "n/a", "not applicable", "empty", "null"],
    },
    // German
    Language {
        product: &["partner center", "partnercenter", "partnerzentrum"],
        germany: &["deutsch"],
        government: &["regierung", "us-behörden"],
        not: &["nicht"],
        yes: &["j", "ja", "erforderlich", "obligatorisch"],
        no: &["nein", "nicht erforderlich"],
        nothing: &["keine", "keiner", "keines", "kein", "nicht zutreffend", "leer"],
    },
    // French
    Language {
        product: &[
            "espace partenaires",
            "centre pour partenaires",
            "centre partenaires",
            "centre de partenaires",
        ],
        germany: &["allemand", "allemagne"],
        government: &["gouvernement", "administration"],
        not: &["pas ", "non applicable"],
        yes: &["o", "oui", "obligatoire", "requis"],
        no: &["non", "facultatif", "optionnel"],
        nothing: &["aucun", "aucune", "néant", "non applicable"],
    },
    // Spanish
    Language {
        product: &[
            "centro de partners",
            "centro de partner",
            "centro de asociados",
            "centro de socios",
        ],
        germany: &["aleman", "alemán"],
        government: &["gobierno", "administración"],
        not: &[
            "no se aplica",
            "no aplicable",
            "no aplica",
            "no es aplicable",
            "no válido",
            "no disponible",
        ],
        yes: &["s", "sí", "si", "obligatorio", "obligatoria", "necesario", "requerido"],
        no: &["opcional", "no obligatorio"],
        nothing: &["ninguno", "ninguna", "no aplicable", "nada", "vacío"],
    },
    // Italian
    Language {
        product: &["centro per i partner", "centro partner", "centro per partner"],
        germany: &["tedesc", "germania"],
        government: &["governo"],
        not: &["non si applica", "non applicabile", "non è applicabile", "non applica"],
        yes: &["sì", "obbligatorio", "obbligatoria"],
        no: &["facoltativo", "opzionale"],
        nothing: &["nessuno", "nessuna", "non applicabile"],
    },
    // Portuguese
    Language {
        product: &["centro de parceiros", "partner center", "centro para parceiros"],
        germany: &["alemanha", "alemã"],
        government: &["governo"],
        not: &["não"],
        yes: &["sim", "obrigatório", "obrigatória", "necessário"],
        no: &["não", "opcional", "facultativo"],
        nothing: &["nenhum", "nenhuma", "não aplicável", "nada"],
    },
    // Dutch
    Language {
        product: &["partnercentrum", "partner center", "centro para partners"],
        germany: &["duits"],
        government: &["overheid", "amerikaanse"],
        not: &["niet"],
        yes: &["ja", "vereist", "verplicht"],
        no: &["nee", "optioneel", "niet vereist"],
        nothing: &["geen", "niet van toepassing"],
    },
    // Swedish
    Language {
        product: &["partnercenter", "partner center"],
        germany: &["tysk"],
        government: &["myndighet", "förvaltning"],
        not: &["inte ", "ej "],
        yes: &["ja", "obligatorisk", "krävs"],
        no: &["nej", "valfri", "valfritt"],
        nothing: &["ingen", "inget", "inga", "ej tillämpligt"],
    },
    // Polish
    Language {
        product: &["centrum partnersk", "centrum partnerów", "centrum partner"],
        germany: &["niem"],
        government: &["rząd"],
        not: &["nie "],
        yes: &["t", "tak", "wymagane", "wymagany"],
        no: &["nie", "opcjonalne", "opcjonalny"],
        nothing: &["brak", "żaden", "nie dotyczy"],
    },
    // Czech
    Language {
        product: &[
            "partnerské centrum",
            "partnerském centru",
            "partnerského centra",
            "centrum partnersk",
        ],
        germany: &["němec"],
        government: &["vlád"],
        not: &["neplatí", "nevztahuje", "netýká", "nelze použít", "není "],
        yes: &["a", "ano", "povinné", "vyžadováno", "požadováno"],
        no: &["ne", "volitelné", "nepovinné"],
        nothing: &["žádné", "žádný", "žádná", "není"],
    },
    // Hungarian
    Language {
        product: &["partnerközpont", "partner center", "partnercenter"],
        germany: &["német"],
        government: &["kormány"],
        not: &["nem "],
        yes: &["i", "igen", "kötelező", "szükséges"],
        no: &["nem", "nem kötelező", "választható"],
        nothing: &["nincs", "nincsenek", "egyik sem", "nincs adat"],
    },
    // Turkish
    Language {
        product: &["i̇ş ortağı merkezi", "iş ortağı merkezi", "ortağı merkezi"],
        germany: &["almanya"],
        government: &["kamu", "devlet", "hükümet"],
        not: &["değil", "uygulanmaz", "uygulanamaz", "geçersiz"],
        yes: &["e", "evet", "gerekli", "zorunlu"],
        no: &["h", "hayır", "isteğe bağlı"],
        nothing: &["yok", "hiçbiri", "yoktur", "hiçbir"],
    },
    // Russian
    Language {
        product: &["центр партнеров", "центра партнеров", "центре партнеров", "центр партнёров"],
        germany: &["герман"],
        government: &["правительств", "госучрежд", "государств"],
        not: &["не применя", "неприменим", "не относ", "не распростран", "не действ", "недоступ"],
        yes: &["да", "обязательно", "обязательный", "требуется"],
        no: &["нет", "необязательно", "необязательный"],
        nothing: &["нет", "отсутствует", "нет данных", "никакой", "неприменимо"],
    },
    // Japanese
    Language {
        product: &["パートナー センター", "パートナーセンター"],
        germany: &["ドイツ"],
        government: &["政府"],
        not: &[
            "適用されません",
            "適用されない",
            "適用対象外",
            "対象外",
            "適用外",
            "適用できません",
            "適用しない",
            "非適用",
        ],
        yes: &["はい", "必須", "○"],
        no: &["いいえ", "省略可能", "省略可", "任意", "×"],
        nothing: &["なし", "[なし]", "ありません", "無し", "該当なし"],
    },
    // Korean
    Language {
        product: &["파트너 센터", "파트너센터"],
        germany: &["독일"],
        government: &["정부"],
        not: &["않음", "않습니다", "않는", "제외", "적용 안"],
        yes: &["예", "네", "필수"],
        no: &["아니요", "아니오", "아니", "선택", "선택 사항", "선택적"],
        nothing: &["없음", "없습니다", "해당 없음"],
    },
    // Chinese, simplified
    Language {
        product: &["合作伙伴中心"],
        germany: &["德国"],
        government: &["政府"],
        not: &["不适用", "不應用", "不应用", "不可用"],
        yes: &["是", "必需", "必填", "需要"],
        no: &["否", "可选", "不", "没有", "无需"],
        nothing: &["无", "没有", "不适用"],
    },
    // Chinese, traditional
    Language {
        product: &["合作夥伴中心"],
        germany: &["德國"],
        government: &["政府"],
        not: &["不適用", "不适用", "不套用"],
        yes: &["是", "必要", "必填", "需要"],
        no: &["否", "選用", "選擇性", "不", "無"],
        nothing: &["無", "沒有", "不適用", "无"],
    },
    // Danish and Norwegian
    Language {
        product: &["partnercenter", "partnersenter"],
        germany: &["tysk"],
        government: &["regering", "myndighet"],
        not: &["ikke"],
        yes: &["ja", "påkrævet", "påkrevd", "obligatorisk"],
        no: &["nej", "nei", "valgfri", "valgfritt"],
        nothing: &["ingen", "intet"],
    },
];

/// Who runs the Chinese cloud; the name is translated nowhere else.
const CHINA: [&str; 3] = ["21vianet", "世纪互联", "世紀互聯"];

fn any(text: &str, words: impl Fn(&Language) -> &'static [&'static str]) -> bool {
    LANGUAGES.iter().any(|language| words(language).iter().any(|word| text.contains(word)))
}

fn is(text: &str, words: impl Fn(&Language) -> &'static [&'static str]) -> bool {
    LANGUAGES.iter().any(|language| words(language).contains(&text))
}

/// The cloud that a text names.
pub(crate) fn cloud(text: &str) -> Option<Cloud> {
    let text = text.to_lowercase();
    if CHINA.iter().any(|word| text.contains(word)) {
        return Some(Cloud::China);
    }
    let is_product = any(&text, |language| language.product);
    if is_product || text.contains("cloud") {
        if any(&text, |language| language.germany) {
            return Some(Cloud::Germany);
        }
        if any(&text, |language| language.government) {
            return Some(Cloud::UsGovernment);
        }
    }
    is_product.then_some(Cloud::Global)
}

/// Whether a label says "does not apply to" and not "applies to".
pub(crate) fn is_negative(label: &str) -> bool {
    // The word may end the label.
    any(&format!("{} ", label.trim().to_lowercase()), |language| language.not)
}

/// Whether a cell marks its row as required, or as optional.
pub(crate) fn flag(cell: &str) -> Option<bool> {
    let cell = cell.trim_end_matches(['.', '。', '*']).trim().to_lowercase();
    let yes = is(&cell, |language| language.yes);
    let no = is(&cell, |language| language.no);
    (yes || no).then_some(yes)
}

/// Whether a sentence says that there is nothing.
pub(crate) fn is_nothing(sentence: &str) -> bool {
    let sentence = sentence.trim().trim_end_matches(['.', '。', '．']).trim().to_lowercase();
    is(&sentence, |language| language.nothing)
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

    #[test]
    fn applies_to_and_its_opposite_in_every_language() {
        for (applies, opposite) in [
            ("Applies to", "Does not apply to"),
            ("Applies To", "Doesn't apply to"),
            ("Gilt für", "Gilt nicht für"),
            ("S’applique à", "Ne s’applique pas à"),
            ("Se aplica a", "No se aplica a"),
            ("Si applica a", "Non si applica a"),
            ("Aplica-se a", "Não se aplica a"),
            ("Van toepassing op", "Niet van toepassing op"),
            ("Gäller för", "Gäller inte för"),
            ("Dotyczy", "Nie dotyczy"),
            ("Platí pro", "Neplatí pro"),
            ("A következőkre vonatkozik", "Nem vonatkozik a következőre"),
            ("Şunlara uygulanır", "Şunlar için geçerli değildir"),
            ("Применимо к", "Неприменимо к"),
            ("適用対象", "適用対象外"),
            ("적용 대상", "적용되지 않음"),
            ("适用于", "不适用于"),
            ("適用於", "不適用於"),
            ("Gælder for", "Gælder ikke for"),
        ] {
            assert!(!is_negative(applies), "{applies}");
            assert!(is_negative(opposite), "{opposite}");
        }
    }

    #[test]
    fn cells_and_sentences() {
        for (yes, no) in [("Yes", "No"), ("はい", "いいえ"), ("Oui", "Non"), ("Ja", "Nej")] {
            assert_eq!((flag(yes), flag(no)), (Some(true), Some(false)));
        }
        assert_eq!(flag("guid"), None);
        assert!(is_nothing("None.") && is_nothing("なし。") && is_nothing("Keine"));
        assert!(!is_nothing("None of these members may be left out."));
    }
}
