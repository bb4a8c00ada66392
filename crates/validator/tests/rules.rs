//! Every case of every rule's page, as a test of its own: `FAMILY/CODE/CASE`.

use std::process::ExitCode;

use letterhead_document::Place;
use letterhead_validator::{Case, Expected, Options, Purpose, Rule, all_rules, check};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("own-documents", own_documents)];
    for rule in all_rules() {
        for case in rule.cases() {
            let name = format!("{}/{}/{}", rule.family.name(), rule.code, case.name);
            trials.push(Trial::test(name, move || judge(rule, &case)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// What the page says is found, and nothing else; of that, what matters for any document where it is
/// for nothing more.
fn judge(rule: &'static Rule, case: &Case) -> Result<(), Failed> {
    let options = rule.options();
    let found = found(&options, case);
    compare(&options, &found, case, &case.expected)?;
    // What the generator refuses may be doubtful to everyone: then the graver finding stands in its place.
    let graver: Vec<Option<Place>> =
        found.iter().filter(|it| it.rule.purpose != Purpose::Spec).map(|it| it.place).collect();
    let options = Options { purpose: Purpose::Spec, ..rule.options() };
    let mut found = self::found(&options, case);
    let of_spec = case.expected.iter().filter(|it| it.rule.purpose == Purpose::Spec);
    let of_spec: Vec<Expected> = of_spec.copied().collect();
    let is_expected = |it: &Expected| of_spec.iter().any(|other| other.rule == it.rule);
    found.retain(|it| is_expected(it) || !graver.contains(&it.place));
    compare(&options, &found, case, &of_spec)
}

fn found(options: &Options, case: &Case) -> Vec<Expected> {
    let report = check(&case.file, case.bytes.as_slice(), options);
    let found = report.findings.iter().map(|found| Expected {
        rule: found.rule,
        place: Some(report.document.place(found.span.start)),
    });
    found.collect()
}

fn compare(
    options: &Options,
    found: &[Expected],
    case: &Case,
    expected: &[Expected],
) -> Result<(), Failed> {
    let is_as_expected = found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| {
            found.rule == expected.rule
                && (expected.place.is_none() || found.place == expected.place)
        });
    if is_as_expected {
        return Ok(());
    }
    Err(format!(
        "for {} expected {}\nfound {} \nin\n{}",
        options.purpose.name(),
        shown(expected),
        shown(found),
        String::from_utf8_lossy(&case.bytes)
    )
    .into())
}

/// As the page writes it.
fn shown(all: &[Expected]) -> String {
    let all = all.iter().map(|expected| match expected.place {
        Some(place) => format!("{} {}:{}", expected.rule.code, place.line, place.column),
        None => expected.rule.code.to_owned(),
    });
    let all: Vec<String> = all.collect();
    if all.is_empty() {
        return "nothing".to_owned();
    }
    all.join(", ")
}

/// The documents in `spec/` have no fault.
fn own_documents() -> Result<(), Failed> {
    let options = Options { purpose: Purpose::Letterhead, ..Options::default() };
    for vendor in letterhead_spec::VENDORS {
        let report = check(vendor.file, vendor.document(), &options);
        if !report.findings.is_empty() {
            return Err(format!("{}: {:#?}", vendor.file, report.findings).into());
        }
    }
    Ok(())
}
