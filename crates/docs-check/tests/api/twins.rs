//! Twins of a page in many languages: they say what the original says.

use crate::shelter::{LEARN, compare, page, text};

/// What a machine writes in a language.
struct Twin {
    locale: &'static str,
    applies: &'static str,
    clouds: [&'static str; 3],
    /// The heads of the table of operations, and the verb.
    syntax: [&'static str; 3],
    /// The heads of a table of parameters, and its yes.
    heads: [&'static str; 4],
    yes: &'static str,
    /// The headings: request, syntax, parameters, body, request example, response, response example.
    headings: [&'static str; 7],
    /// Above the response.
    returns: &'static str,
}

const TWINS: [Twin; 8] = [
    Twin {
        locale: "de-DE",
        applies: "Gilt für",
        clouds: [
            "Partner Center",
            "Partner Center, betrieben von 21Vianet",
            "Partner Center für Microsoft Cloud for US Government",
        ],
        syntax: ["Methode", "Anforderungs-URI", "PLATZIEREN"],
        heads: ["Name", "Typ", "Erforderlich", "Beschreibung"],
        yes: "J",
        headings: [
            "REST-Anforderung",
            "Anforderungssyntax",
            "URI-Parameter",
            "Anforderungstext",
            "Anforderungsbeispiel",
            "REST-Antwort",
            "Antwortbeispiel",
        ],
        returns: "Bei Erfolg wird das Tier im Antworttext zurückgegeben.",
    },
    Twin {
        locale: "fr-FR",
        applies: "S’applique à",
        clouds: [
            "Espace partenaires",
            "Espace partenaires géré par 21Vianet",
            "Espace partenaires de Microsoft Cloud for US Government",
        ],
        syntax: ["Méthode", "URI de demande", "PLACER"],
        heads: ["Nom", "Type", "Obligatoire", "Description"],
        yes: "O",
        headings: [
            "Requête REST",
            "Syntaxe de la requête",
            "Paramètres d’URI",
            "Corps de la demande",
            "Exemple de requête",
            "Réponse REST",
            "Exemple de réponse",
        ],
        returns: "Si elle réussit, cette méthode retourne l’animal dans le corps de la réponse.",
    },
    Twin {
        locale: "es-ES",
        applies: "Se aplica a",
        clouds: [
            "Centro de partners",
            "Centro de partners operado por 21Vianet",
            "Centro de partners de Microsoft Cloud for US Government",
        ],
        syntax: ["Método", "URI de solicitud", "COLOCAR"],
        heads: ["Nombre", "Tipo", "Requerido", "Descripción"],
        yes: "Sí",
        headings: [
            "Solicitud REST",
            "Sintaxis de la solicitud",
            "Parámetros de URI",
            "Cuerpo de la solicitud",
            "Ejemplo de solicitud",
            "Respuesta REST",
            "Ejemplo de respuesta",
        ],
        returns: "Si se realiza correctamente, este método devuelve el animal.",
    },
    Twin {
        locale: "pl-PL",
        applies: "Ma zastosowanie do",
        clouds: [
            "Centrum partnerskie",
            "Centrum partnerskie obsługiwane przez firmę 21Vianet",
            "Centrum partnerskie dla chmury Microsoft Cloud for US Government",
        ],
        syntax: ["Metoda", "Identyfikator URI żądania", "UMIEŚĆ"],
        heads: ["Nazwa", "Typ", "Wymagane", "Opis"],
        yes: "T",
        headings: [
            "Żądanie REST",
            "Składnia żądania",
            "Parametry identyfikatora URI",
            "Treść żądania",
            "Przykład żądania",
            "Odpowiedź REST",
            "Przykład odpowiedzi",
        ],
        returns: "W przypadku powodzenia ta metoda zwraca zwierzę.",
    },
    Twin {
        locale: "cs-CZ",
        applies: "Platí pro",
        clouds: [
            "Partnerské centrum",
            "Partnerské centrum provozované společností 21Vianet",
            "Partnerské centrum pro Microsoft Cloud for US Government",
        ],
        syntax: ["Metoda", "Identifikátor URI požadavku", "VLOŽIT"],
        heads: ["Název", "Typ", "Vyžadováno", "Popis"],
        yes: "A",
        headings: [
            "Požadavek REST",
            "Syntaxe žádosti",
            "Parametry identifikátoru URI",
            "Text požadavku",
            "Příklad požadavku",
            "Odpověď REST",
            "Příklad odpovědi",
        ],
        returns: "V případě úspěchu vrátí tato metoda zvíře.",
    },
    Twin {
        locale: "ru-RU",
        applies: "Применимо к",
        clouds: [
            "Центр партнеров",
            "Центр партнеров под управлением 21Vianet",
            "Центр партнеров для Microsoft Cloud for US Government",
        ],
        syntax: ["Метод", "Универсальный код ресурса (URI) запроса", "РАЗМЕСТИТЬ"],
        heads: ["Имя", "Тип", "Обязательно", "Описание"],
        yes: "Да",
        headings: [
            "Запрос REST",
            "Синтаксис запроса",
            "Параметры URI",
            "Текст запроса",
            "Пример запроса",
            "Ответ REST",
            "Пример ответа",
        ],
        returns: "В случае успеха этот метод возвращает животное.",
    },
    Twin {
        locale: "ja-JP",
        applies: "適用対象",
        clouds: [
            "パートナー センター",
            "21Vianet が運営するパートナー センター",
            "Microsoft Cloud for US Government のパートナー センター",
        ],
        syntax: ["メソッド", "要求 URI", "配置"],
        heads: ["名前", "種類", "必須", "説明"],
        yes: "はい",
        headings: [
            "REST 要求",
            "要求の構文",
            "URI パラメーター",
            "要求本文",
            "要求の例",
            "REST 応答",
            "応答の例",
        ],
        returns: "成功した場合、このメソッドは動物を返します。",
    },
    Twin {
        locale: "zh-TW",
        applies: "適用於",
        clouds: [
            "合作夥伴中心",
            "由世紀互聯營運的合作夥伴中心",
            "適用於 Microsoft Cloud for US Government 的合作夥伴中心",
        ],
        syntax: ["方法", "要求 URI", "放置"],
        heads: ["名稱", "類型", "必要", "描述"],
        yes: "是",
        headings: [
            "REST 要求",
            "要求的語法",
            "URI 參數",
            "要求本文",
            "要求範例",
            "REST 回應",
            "回應範例",
        ],
        returns: "如果成功，這個方法會傳回動物。",
    },
];

impl Twin {
    /// The original's page in this language. Samples stay as they are.
    fn of(&self, original: &str) -> String {
        let [method, uri, verb] = self.syntax;
        let clouds: Vec<String> = self.clouds.iter().map(|name| format!("- {name}")).collect();
        let mut page = original.replace(
            "ms.service: shelter",
            &format!("ms.translationtype: MT\nms.contentlocale: {}", self.locale),
        );
        let english = [
            "REST request",
            "Request syntax",
            "URI parameters",
            "Request body",
            "Request example",
            "REST response",
            "Response example",
        ];
        for (from, to) in [
            ("**Applies To**", format!("**{}**", self.applies)),
            (
                "- Partner Center\n- Partner Center operated by 21Vianet\n\
                 - Partner Center for Microsoft Cloud for US Government",
                clouds.join("\n"),
            ),
            ("| Method  | Request URI ", format!("| {method} | {uri} ")),
            ("| **PUT** |", format!("| **{verb}** |")),
            ("| Name          | Type     | Required |", {
                let [name, of_type, required, _] = self.heads;
                format!("| {name} | {of_type} | {required} |")
            }),
            ("Description                    |", format!("{} |", self.heads[3])),
            ("| Y        |", format!("| {} |", self.yes)),
            (
                "If successful, this method returns the **Animal** in the response body.",
                self.returns.to_owned(),
            ),
        ] {
            assert!(page.contains(from), "{from}");
            page = page.replace(from, &to);
        }
        let page = page.lines().map(|line| {
            let title = line.trim_start_matches('#');
            let at = english.iter().position(|own| title.ends_with(own)).filter(|_| title != line);
            match at {
                Some(at) => {
                    let anchor = english[at].to_lowercase().replace(' ', "-");
                    let marks = &line[..line.len() - title.len()];
                    format!("{marks} <a name=\"{anchor}\"></a>{}\n", self.headings[at])
                }
                None => format!("{line}\n"),
            }
        });
        page.collect()
    }
}

fn keys(page: letterhead_docs_check::Page) -> Vec<String> {
    compare(vec![page]).findings.into_iter().map(|finding| finding.key).collect()
}

#[test]
fn twins_say_what_the_original_says() {
    let original = text(LEARN);
    for twin in &TWINS {
        for anchors in [true, false] {
            let mut text = twin.of(&original);
            if !anchors {
                for (start, end) in [("<a name=\"", "\"></a>")] {
                    while let Some((before, rest)) = text.split_once(start) {
                        let (_, behind) = rest.split_once(end).unwrap();
                        text = format!("{before}{behind}");
                    }
                }
            }
            let read = page(LEARN, &text);
            assert!(read.is_translated, "{}", twin.locale);
            let count = |page: &letterhead_docs_check::Page| page.facts.len();
            assert_eq!(count(&read), count(&page(LEARN, &original)), "{}", twin.locale);
            assert_eq!(keys(read), [""; 0], "{}", twin.locale);
        }
    }
}

#[test]
fn a_fault_of_a_twin_is_the_originals() {
    let original = text(LEARN);
    for (from, to) in [
        ("\"name\":\"Rex\"", "\"title\":\"Rex\""),
        ("\"heated\":true", "\"heated\":\"yes\""),
        ("HTTP/1.1 200 OK", "HTTP/1.1 202 Accepted"),
        ("Accept: application/json\n", "X-Odd: 1\n"),
        ("**guid**", "**int**"),
        ("/v1/animals/<animal-id> HTTP", "/v1/pets/<animal-id> HTTP"),
    ] {
        let edited = original.replace(from, to);
        assert_ne!(edited, original, "{from}");
        let expected = keys(page(LEARN, &edited));
        assert!(!expected.is_empty(), "{from}");
        for twin in &TWINS {
            assert_eq!(keys(page(LEARN, &twin.of(&edited))), expected, "{} {from}", twin.locale);
        }
    }
    // The cloud that is denied.
    for twin in &TWINS {
        let text = twin.of(&original);
        let line = format!("- {}\n", twin.clouds[1]);
        let found = keys(page(LEARN, &text.replace(&line, "")));
        assert_eq!(found, ["cloud: PUT /v1/animals/{animal_id} no china"], "{}", twin.locale);
    }
}
