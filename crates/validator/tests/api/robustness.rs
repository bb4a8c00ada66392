//! Whatever the bytes are: a report, in all formats, with every place inside the document.

use std::fmt::Write as _;

use letterhead_validator::{Format, Options, Purpose, Report, View, check, render};
use proptest::prelude::*;

/// Checks, and renders in every format.
fn checked(bytes: &[u8]) -> Report {
    checked_as(bytes, Purpose::Letterhead)
}

/// The same for a document that is for `purpose`.
fn checked_as(bytes: &[u8], purpose: Purpose) -> Report {
    let options = Options { purpose, ..Options::default() };
    let report = check("any.yaml", bytes, &options);
    let length = u32::try_from(report.document.source().text().len()).unwrap();
    for found in &report.findings {
        let span = found.span;
        assert!(span.start <= length && span.end <= length, "{found:?}");
    }
    let reports = [report];
    for format in [Format::Human, Format::Json, Format::Sarif, Format::Github] {
        let mut out = Vec::new();
        render(&reports, &View { format, ..View::default() }, &mut out).unwrap();
        assert!(String::from_utf8(out).is_ok());
    }
    let [report] = reports;
    report
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|found| found.rule.code).collect()
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        checked(&bytes);
    }

    #[test]
    fn anything_that_looks_like_yaml(text in "[-:,&*!|>'\"%@`{}\\[\\]#? \\n\\t\\raé🐕1~<]{0,200}") {
        checked(text.as_bytes());
        checked(format!("{HEAD}paths:\n  /a: {text}\n").as_bytes());
    }

    /// One byte of a good document is another one, or the document ends early.
    #[test]
    fn a_good_document_with_one_bad_byte(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut: bool) {
        let mut bytes = sound().as_bytes().to_vec();
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        checked(&bytes);
    }

    /// Any value of a good document is a value of another type.
    #[test]
    fn a_good_document_with_one_value_replaced(
        at in any::<prop::sample::Index>(),
        value in prop::sample::select(&["", "[]", "{}", "[[{}]]", "null", "1e9", "-1", "true", "{$ref: '#/'}",
            "{$ref: '#/components/schemas/Pet'}", "{$ref: ''}", "'%'", "{type: [object]}", "[a, a]"][..]),
    ) {
        let lines: Vec<&str> = sound().lines().filter(|line| line.contains(':')).collect();
        let line = lines[at.index(lines.len())];
        let (key, _) = line.split_once(':').unwrap();
        checked(sound().replacen(line, &format!("{key}: {value}"), 1).as_bytes());
    }
}

/// A document without a fault.
fn sound() -> &'static str {
    letterhead_spec::CLOUDFLARE.document()
}

#[test]
fn odd_files() {
    for (bytes, expected) in [
        (&b""[..], None),
        (b"\n\n", None),
        (b"null", None),
        (b"[]", None),
        (b"3", None),
        (b"\0", None),
        (b"a: \0\0\0", None),
        (b"\xff\xfe{\0}\0", Some("not-utf8")),
        (b"---\n...\n---\n", None),
        (b"%YAML 9.9\n---\n", None),
        (b"? ? ? ?", None),
        (b"&a *a", None),
        (b"&a [*a, *a]", Some("alias-cycle")),
        (b"<<: *nothing", None),
        (b"!!python/object:os.system {}", None),
        (b"\xef\xbb\xbf", None),
        (b"\"\\ud800\"", None),
    ] {
        let report = checked(bytes);
        let codes = codes(&report);
        assert!(!codes.is_empty(), "{bytes:?}");
        if let Some(expected) = expected {
            assert!(codes.contains(&expected), "{bytes:?}: {codes:?}");
        }
    }
}

#[test]
fn a_megabyte_of_one_byte() {
    for byte in *b"[{-:&*!|>'\"a1 \n\t?%#\0" {
        checked(&vec![byte; 1 << 20]);
    }
    for pair in ["[{", "- ", "? ", "a:", "{a", "\"\\", "&a", "é"] {
        checked(pair.repeat(1 << 19).as_bytes());
    }
}

#[test]
fn line_breaks_and_marks_of_other_systems() {
    let good = checked(sound().as_bytes());
    assert_eq!(codes(&good), [] as [&str; 0]);
    let dos = sound().replace('\n', "\r\n");
    assert_eq!(codes(&checked(dos.as_bytes())), [] as [&str; 0]);
    let report = checked(dos.replacen("\r\npaths:", "\r\nparths:", 1).as_bytes());
    let key = report.findings.iter().find(|found| found.rule.code == "unknown-key");
    let span = key.expect("a typo is found").span;
    assert_eq!(report.document.slice(span), "parths");
    assert_eq!(report.document.place(span.start).column, 1);

    let marked = format!("\u{feff}{}", sound().replacen("\npaths:", "\nparths:", 1));
    let report = checked(marked.as_bytes());
    assert_eq!(report.findings[0].rule.code, "byte-order-mark");
    let key = report.findings.iter().find(|found| found.rule.code == "unknown-key");
    assert_eq!(report.document.slice(key.unwrap().span), "parths");
}

#[test]
fn values_nested_beyond_reason() {
    let deep = 100_000;
    let (open, close) = ("[".repeat(deep), "]".repeat(deep));
    let report = checked(format!("{HEAD}paths: {{}}\nx-deep: {open}{close}\n").as_bytes());
    assert_eq!(codes(&report), ["too-deep"]);
    let open = "{a: ".repeat(deep);
    let close = "}".repeat(deep);
    let report = checked(format!("{HEAD}paths: {{}}\nx-deep: {open}1{close}\n").as_bytes());
    assert_eq!(codes(&report), ["too-deep"]);

    // Just as deep as is allowed, in schemas that every rule looks into.
    for (open, inner, close) in [
        ("{type: array, items: ", "{type: string}", "}"),
        ("{allOf: [", "{type: object}", "]}"),
        ("{type: object, properties: {a: ", "{type: string}", "}}"),
        ("{not: ", "{type: string}", "}"),
        ("{additionalProperties: ", "true", "}"),
    ] {
        let depth = 190 / open.matches(['{', '[']).count();
        let schema = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
        checked(schemas(&format!("    Pet: {schema}\n")).as_bytes());
    }
}

#[test]
fn aliases_that_multiply() {
    let mut text = format!("{HEAD}paths: {{}}\nx-0: &x0 [a]\n");
    for level in 1..40 {
        let below = format!("*x{}", level - 1);
        let _ = writeln!(text, "x-{level}: &x{level} [{}]", [below.as_str(); 10].join(", "));
    }
    assert!(codes(&checked(text.as_bytes())).contains(&"alias-bomb"));
    let merged = format!("{HEAD}paths: {{}}\nx-a: &a {{<<: *a, b: 1}}\n");
    assert!(codes(&checked(merged.as_bytes())).contains(&"alias-cycle"));
}

#[test]
fn huge_scalars() {
    let huge = "wörd ".repeat(400_000);
    let numeral = "9".repeat(1 << 20);
    checked(format!("{HEAD}paths: {{}}\nx-a: '{huge}'\n").as_bytes());
    checked(
        format!("openapi: 3.0.3\ninfo: {{title: '{huge}', verison: 1}}\npaths: {{}}\n").as_bytes(),
    );
    checked(format!("{HEAD}paths: {{}}\n'{huge}': 1\n").as_bytes());
    checked(format!("{HEAD}paths: {{}}\nx-a: {numeral}\n").as_bytes());
    checked(schemas(&format!("    Pet: {{type: string, pattern: '({huge}'}}\n")).as_bytes());
    checked(schemas(&format!("    Pet: {{type: integer, maximum: {numeral}}}\n")).as_bytes());
    checked(schemas(&format!("    Pet: {{$ref: '#/{huge}'}}\n")).as_bytes());
}

#[test]
fn references_in_circles() {
    for (name, cycles) in [
        ("to itself", "    Pet: {$ref: '#/components/schemas/Pet'}\n"),
        (
            "of three",
            "    Pet: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/C'}\n    C: {$ref: '#/components/schemas/Pet'}\n",
        ),
        ("to the root", "    Pet: {$ref: '#'}\n"),
        ("to its parent", "    Pet: {$ref: '#/components/schemas'}\n"),
        ("within", "    Pet: {$ref: '#/components/schemas/Pet/properties/a'}\n"),
        ("allOf", "    Pet: {allOf: [{$ref: '#/components/schemas/Pet'}]}\n"),
        ("oneOf", "    Pet: {oneOf: [{$ref: '#/components/schemas/Pet'}, {type: string}]}\n"),
        ("not", "    Pet: {not: {$ref: '#/components/schemas/Pet'}}\n"),
        ("items", "    Pet: {type: array, items: {$ref: '#/components/schemas/Pet'}}\n"),
        (
            "additional",
            "    Pet: {type: object, additionalProperties: {$ref: '#/components/schemas/Pet'}}\n",
        ),
        (
            "property",
            "    Pet: {type: object, properties: {a: {$ref: '#/components/schemas/Pet'}}, example: {a: {a: {a: {}}}}}\n",
        ),
        (
            "required property",
            "    Pet: {type: object, required: [a], properties: {a: {$ref: '#/components/schemas/Pet'}}, example: {a: {}}}\n",
        ),
        (
            "inheritance",
            "    Pet: {allOf: [{$ref: '#/components/schemas/B'}, {type: object, properties: {p: {$ref: '#/components/schemas/Pet'}}}]}\n    B: {type: object, properties: {b: {$ref: '#/components/schemas/Pet'}}}\n",
        ),
        (
            "discriminator",
            "    Pet: {type: object, required: [k], properties: {k: {type: string}}, discriminator: {propertyName: k}, oneOf: [{$ref: '#/components/schemas/B'}]}\n    B: {allOf: [{$ref: '#/components/schemas/Pet'}]}\n",
        ),
        (
            "twice as many each time",
            "    Pet: {allOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/B'}]}\n    B: {allOf: [{$ref: '#/components/schemas/Pet'}, {$ref: '#/components/schemas/Pet'}]}\n",
        ),
    ] {
        let report = checked(schemas(cycles).as_bytes());
        assert!(report.findings.len() < 20, "{name}: {:?}", codes(&report));
    }
    for section in [
        "parameters",
        "headers",
        "responses",
        "requestBodies",
        "examples",
        "links",
        "callbacks",
        "securitySchemes",
    ] {
        let text = format!(
            "{HEAD}paths: {{}}\ncomponents:\n  {section}:\n    A: {{$ref: '#/components/{section}/B'}}\n    B: {{$ref: '#/components/{section}/A'}}\n"
        );
        checked(text.as_bytes());
    }
    let items =
        format!("{HEAD}paths:\n  /a: {{$ref: '#/paths/~1b'}}\n  /b: {{$ref: '#/paths/~1a'}}\n");
    checked(items.as_bytes());
}

/// Each schema refers to the one before twice: there are a million ways through it.
#[test]
fn references_that_multiply() {
    for combine in ["allOf", "anyOf", "oneOf"] {
        let mut text = String::from("    Pet0: {type: object, properties: {a: {type: string}}}\n");
        for level in 1..=20 {
            let below = level - 1;
            let _ = writeln!(
                text,
                "    Pet{level}: {{{combine}: [{{$ref: '#/components/schemas/Pet{below}'}}, {{type: object, properties: {{b{level}: {{$ref: '#/components/schemas/Pet{below}'}}}}}}]}}"
            );
        }
        text.push_str("    Pet: {$ref: '#/components/schemas/Pet20'}\n");
        checked(schemas(&text).as_bytes());
    }
}

/// Each schema leads to the next one, further than any stack could follow.
#[test]
fn references_in_a_long_chain() {
    for link in [
        "{$ref: '#/components/schemas/NEXT'}",
        "{type: object, properties: {a: {$ref: '#/components/schemas/NEXT'}}}",
        "{allOf: [{$ref: '#/components/schemas/NEXT'}, {type: object}]}",
        "{type: array, items: {$ref: '#/components/schemas/NEXT'}}",
        "{type: object, required: [a], properties: {a: {$ref: '#/components/schemas/NEXT'}}, example: {a: {a: {}}}}",
    ] {
        let mut text = String::new();
        for number in 0..4_000 {
            let link = link.replace("NEXT", &format!("Pet{}", number + 1));
            let _ = writeln!(text, "    Pet{number}: {link}");
        }
        text.push_str(
            "    Pet4000: {type: object}\n    Pet: {$ref: '#/components/schemas/Pet0'}\n",
        );
        checked_as(schemas(&text).as_bytes(), Purpose::Rust);
    }
}

/// What is found grows with the document and with nothing else.
#[test]
fn a_thousand_copies_have_a_thousand_times_the_faults() {
    let found = |copies: usize| {
        let mut text = format!("{HEAD}paths:\n");
        for copy in 0..copies {
            let _ = write!(
                text,
                "  /pets{copy}:\n    get:\n      operationId: listPets{copy}\n      responses:\n        \
                 '200': {{descripton: 'Pets.'}}\n        '404': {{description: 'None.'}}\n"
            );
        }
        checked(text.as_bytes()).findings.len()
    };
    let each = found(2) - found(1);
    assert!(each > 0);
    assert_eq!(found(1_001) - found(1), 1_000 * each);
}

fn schemas(schemas: &str) -> String {
    format!(
        "{HEAD}paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '200':
          description: A pet.
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}
        '404': {{description: Not found.}}
components:
  schemas:
{schemas}"
    )
}
