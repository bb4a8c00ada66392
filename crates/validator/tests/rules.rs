//! Every case of every rule's page, as a test of its own: `FAMILY/CODE/CASE`.

use std::process::ExitCode;

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
    judge_for(&rule.options(), case, &case.expected)?;
    let of_spec = case.expected.iter().filter(|it| it.rule.purpose == Purpose::Spec);
    let of_spec: Vec<Expected> = of_spec.copied().collect();
    judge_for(&Options::default(), case, &of_spec)
}

fn judge_for(options: &Options, case: &Case, expected: &[Expected]) -> Result<(), Failed> {
    let purpose = options.purpose.name();
    let report = check(&case.file, case.bytes.as_slice(), options);
    let found = report.findings.iter().map(|found| Expected {
        rule: found.rule,
        place: Some(report.document.place(found.span.start)),
    });
    let found: Vec<Expected> = found.collect();
    let is_as_expected = found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| {
            found.rule == expected.rule
                && (expected.place.is_none() || found.place == expected.place)
        });
    if is_as_expected {
        return Ok(());
    }
    let messages = report.findings.iter().map(|found| &found.message);
    let messages: Vec<&String> = messages.collect();
    Err(format!(
        "for {purpose} expected {}\nfound {} {messages:#?}\nin\n{}",
        shown(expected),
        shown(&found),
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
