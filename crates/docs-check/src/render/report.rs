//! One page for people who would rather look: operations and their pages, what was read, what differs. It
//! needs nothing but itself, and no network.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use html_escape::encode_safe as safe;
use letterhead_diagnostics::{Location, count};

use super::check::View;
use super::excerpt::excerpt;
use super::facts::Called;
use crate::compare::{Finding, Outcome};
use crate::fact::Page;
use crate::files::Folder;
use crate::spec::Documents;

const STYLE: &str = include_str!("report.css");
/// Lines on either side of what a finding is about.
const LINES: usize = 3;

/// Writes the comparison as one page of HTML.
///
/// # Errors
/// What `out` can't take.
pub fn report(
    (folder, documents, outcome): (&Folder, &Documents, &Outcome),
    out: &mut dyn Write,
) -> io::Result<()> {
    let report = Report { view: View { folder, documents, outcome } };
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Vendors' pages and documents</title>\n<style>\n{STYLE}</style>\n</head>\n<body>"
    )?;
    report.summary(out)?;
    report.operations(out)?;
    report.without_page(out)?;
    report.pages(out)?;
    writeln!(out, "</body>\n</html>")
}

struct Report<'a> {
    view: View<'a>,
}

impl<'a> Report<'a> {
    fn summary(&self, out: &mut dyn Write) -> io::Result<()> {
        let outcome = self.view.outcome;
        let class = if outcome.findings.is_empty() { "good" } else { "bad" };
        writeln!(
            out,
            "<header>\n<h1>Vendors' pages and documents</h1>\n<p><strong class=\"{class}\">{}</strong>; {} settled \
             by decisions; {} read, {} of them about the documents; {}.</p>\n</header>",
            count(outcome.findings.len(), "finding"),
            count(outcome.settled.len(), "contradiction"),
            count(self.view.folder.count, "page"),
            outcome.compared.len(),
            count(self.view.facts(), "fact"),
        )?;
        let kinds = outcome.kinds();
        if kinds.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "<table>\n<tr><th class=\"number\">findings</th><th>kind</th><th>what should hold</th></tr>"
        )?;
        for (rule, findings) in kinds {
            writeln!(
                out,
                "<tr><td class=\"number\">{}</td><td><code>{}</code></td><td>{}</td></tr>",
                findings.len(),
                rule.code,
                safe(rule.summary)
            )?;
        }
        writeln!(out, "</table>")
    }

    /// The operations of each document, with the pages that show them and what was found about them.
    fn operations(&self, out: &mut dyn Write) -> io::Result<()> {
        let outcome = self.view.outcome;
        let mut pages: BTreeMap<(usize, &str), BTreeSet<usize>> = BTreeMap::new();
        for pair in &outcome.pairs {
            pages.entry((pair.document, &pair.operation)).or_default().insert(pair.page);
        }
        let number = |document: usize, called: &str, all: &[&Finding]| {
            let own = all.iter().filter(|finding| {
                finding.operation.as_deref() == Some(called)
                    && finding.document.as_ref().is_some_and(|(spec, ..)| *spec == document)
            });
            own.count()
        };
        let findings: Vec<&Finding> = outcome.findings.iter().collect();
        let settled: Vec<&Finding> = outcome.settled.iter().map(|quiet| &quiet.finding).collect();
        for (index, described) in self.view.documents.0.iter().enumerate() {
            // A document that these folders have nothing about wasn't meant.
            if !pages.keys().any(|(document, _)| *document == index) {
                continue;
            }
            writeln!(
                out,
                "<h2>Operations of <code>{}</code></h2>\n<table>\n<tr><th>operation</th><th>shown on</th>\
                 <th class=\"number\">differs</th><th class=\"number\">settled</th></tr>",
                safe(described.document.name())
            )?;
            for operation in described.document.operations() {
                let called = format!("{} {}", operation.http_method(), operation.path.text);
                let on = pages.get(&(index, called.as_str()));
                let links = on.into_iter().flatten().map(|page| {
                    let path = &self.view.folder.pages[*page].path;
                    format!("<a href=\"#page-{page}\">{}</a>", safe(path))
                });
                let links: Vec<String> = links.collect();
                let links = if links.is_empty() {
                    "<span class=\"calm\">no page here</span>".to_owned()
                } else {
                    links.join("<br>")
                };
                let differs = number(index, &called, &findings);
                let class = if differs > 0 { "number bad" } else { "number good" };
                writeln!(
                    out,
                    "<tr><td><code>{}</code></td><td>{links}</td><td class=\"{class}\">{differs}</td>\
                     <td class=\"number\">{}</td></tr>",
                    safe(&called),
                    number(index, &called, &settled)
                )?;
            }
            writeln!(out, "</table>")?;
        }
        Ok(())
    }

    /// What was found in the documents alone.
    fn without_page(&self, out: &mut dyn Write) -> io::Result<()> {
        let findings = self.view.outcome.findings.iter();
        let own: Vec<_> = findings.filter(|finding| finding.page.is_none()).collect();
        if own.is_empty() {
            return Ok(());
        }
        writeln!(out, "<h2>In the documents alone</h2>")?;
        own.into_iter().try_for_each(|finding| self.finding(finding, None, out))
    }

    fn pages(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "<h2>Pages</h2>")?;
        let outcome = self.view.outcome;
        let is_on = |finding: &Finding, page: usize| finding.page.is_some_and(|(at, _)| at == page);
        for index in &outcome.compared {
            let page = &self.view.folder.pages[*index];
            let findings = outcome.findings.iter().filter(|finding| is_on(finding, *index));
            let findings: Vec<_> = findings.collect();
            let settled = outcome.settled.iter().filter(|quiet| is_on(&quiet.finding, *index));
            let settled: Vec<_> = settled.collect();
            let (open, class) = if findings.is_empty() { ("", "good") } else { (" open", "bad") };
            writeln!(
                out,
                "<details id=\"page-{index}\"{open}>\n<summary><strong>{}</strong> \
                 <span class=\"{class}\">{}</span> <span class=\"calm\">{} settled, {}</span></summary>",
                safe(&page.path),
                count(findings.len(), "finding"),
                settled.len(),
                count(page.facts.len(), "fact"),
            )?;
            for finding in findings {
                self.finding(finding, None, out)?;
            }
            for quiet in settled {
                self.finding(&quiet.finding, Some(&quiet.decision), out)?;
            }
            facts(page, out)?;
            writeln!(out, "</details>")?;
        }
        Ok(())
    }

    /// A finding: what the page has beside what the document has.
    fn finding(
        &self,
        finding: &'a Finding,
        decision: Option<&str>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let located = self.view.located(finding);
        let (class, note) = match decision {
            Some(decision) => (" settled", format!("settled by <code>{}</code>", safe(decision))),
            None => ("", safe(&finding.help).into_owned()),
        };
        writeln!(
            out,
            "<div class=\"finding{class}\">\n<p>{} <code class=\"calm\">{}</code></p>\n<div class=\"sides\">",
            with_code(&located.message),
            finding.rule.code
        )?;
        for location in &located.locations {
            side(location, out)?;
        }
        writeln!(
            out,
            "</div>\n<p class=\"calm\">{note}; key <code>{}</code></p>\n</div>",
            safe(&finding.key)
        )
    }
}

/// The lines that a location is about.
fn side(location: &Location<'_>, out: &mut dyn Write) -> io::Result<()> {
    let place = location.start();
    let shown = excerpt(location, LINES);
    let label = match location.label {
        "" => String::new(),
        label => format!(": {}", safe(label)),
    };
    writeln!(
        out,
        "<figure><figcaption>{}:{}:{}{label}</figcaption><pre>{}<mark>{}</mark>{}</pre></figure>",
        safe(location.source.name()),
        place.line,
        place.column,
        safe(&shown.before),
        safe(&shown.mark),
        safe(&shown.after)
    )
}

/// What was read from a page, in its order.
fn facts(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<details>\n<summary>What was read</summary>\n<table>\n<tr><th class=\"number\">line</th><th>fact</th>\
         <th></th><th>about</th></tr>"
    )?;
    let called = Called::of(page);
    for fact in &page.facts {
        let (noun, text) = fact.kind.words();
        writeln!(
            out,
            "<tr><td class=\"number\">{}</td><td>{}</td><td><code>{}</code></td><td class=\"calm\">{}</td></tr>",
            page.source.place(fact.span.start).line,
            safe(&noun),
            safe(&text),
            safe(&called.about(fact).join(", "))
        )?;
    }
    writeln!(out, "</table>\n</details>")
}

/// A message whose parts in backticks are code.
fn with_code(message: &str) -> String {
    let parts = message.split('`').enumerate().map(|(index, part)| {
        let part = safe(part);
        if index % 2 == 1 { format!("<code>{part}</code>") } else { part.into_owned() }
    });
    parts.collect()
}
