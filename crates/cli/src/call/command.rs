//! What clap knows of the operations: a command each, made of the document.

use std::fmt::Write as _;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, value_parser};
use letterhead::Repeatable;
use letterhead_document::{Node, Schema};
use letterhead_spec::{VENDORS, Vendor};

use super::operation::{Kind, Operation, Parameter};

/// How deep the members of a body are listed.
const LISTED: usize = 3;

/// Adds the vendors and their operations. A document is read when one of its operations is asked for.
pub(super) fn with_vendors(command: Command) -> Command {
    command.subcommands(VENDORS.iter().map(|vendor| {
        let about = format!("Call an operation of {}", vendor.name);
        Command::new(vendor.id).about(about).defer(with_operations)
    }))
}

fn with_operations(command: Command) -> Command {
    let vendor = VENDORS.iter().find(|vendor| vendor.id == command.get_name());
    let operations = vendor.into_iter().flat_map(|vendor| Operation::all(vendor));
    let operations: Vec<_> = operations.map(of).collect();
    command.subcommands(operations)
}

/// The command of one operation.
fn of(operation: Operation) -> Command {
    let command = Command::new(operation.name())
        .about(operation.summary())
        .long_about(about(operation))
        .args(operation.parameters().map(parameter))
        .next_help_heading("Call")
        .arg(flag("dry-run", "Show the request and send nothing; it needs no account"))
        .arg(flag("include", "Show the status and the ids as well, on standard error"))
        .arg(
            Arg::new("request-id")
                .long("request-id")
                .value_name("ID")
                .value_parser(value_parser!(letterhead::RequestId))
                .help("Retry the call that had this id and got no response"),
        );
    let command = match operation.list() {
        Some(_) => command
            .arg(flag("all", "Follow the pages to the last one, and show an item on each line"))
            .arg(
                Arg::new("output")
                    .long("output")
                    .value_name("FORMAT")
                    .value_parser(["json", "table"])
                    .default_value("json")
                    .help("How to show the result"),
            ),
        None => command,
    };
    match operation.body() {
        Some((schema, is_required)) => command
            .arg(
                Arg::new("body")
                    .long("body")
                    .value_name("JSON|@FILE|-")
                    .required(is_required)
                    .help("The body: JSON, a file with it, or `-` for standard input"),
            )
            .arg(flag("unchecked", "Send a body that isn't what the document says"))
            .after_long_help(schema.map(members).unwrap_or_default()),
        None => command,
    }
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

fn parameter(parameter: Parameter) -> Arg {
    let description = parameter.description().trim_end_matches('.');
    let arg = Arg::new(parameter.wire())
        .long(parameter.option())
        .required(parameter.is_required())
        .help(description.split("\n\n").next().unwrap_or_default().to_owned())
        .long_help(description.to_owned())
        .help_heading(match parameter.place() {
            "path" => "Path",
            "query" => "Query",
            _ => "Headers",
        });
    let arg = if parameter.is_list() { arg.action(ArgAction::Append) } else { arg };
    match parameter.kind() {
        Kind::Text => arg.value_name("TEXT"),
        // Negative numbers begin as options do.
        Kind::Integer => {
            arg.value_name("NUMBER").value_parser(value_parser!(i64)).allow_negative_numbers(true)
        }
        Kind::Boolean => arg
            .value_name("BOOLEAN")
            .value_parser(PossibleValuesParser::new(["true", "false"]))
            .num_args(0..=1)
            .default_missing_value("true"),
        Kind::OneOf(values) => {
            arg.value_name("VALUE").value_parser(PossibleValuesParser::new(values))
        }
    }
}

/// All that the document says of an operation.
fn about(operation: Operation) -> String {
    let mut about = format!("{}.\n\n", operation.summary().trim_end_matches('.'));
    if !operation.description().is_empty() {
        let _ = write!(about, "{}\n\n", operation.description());
    }
    let _ = write!(about, "Sends {}. ", operation.node.address());
    about.push_str(match operation.repeatable() {
        Repeatable::Always => "It is retried.",
        Repeatable::SameRequestId => {
            "It is retried under the same request id where no response came."
        }
        Repeatable::Never => "It is not retried.",
    });
    if let Some(page) = operation.page() {
        let _ = write!(about, "\nSource: {page}");
    }
    about
}

/// The members of a body, each with its type.
fn members(schema: Schema<'static>) -> String {
    let mut lines = String::from("Members of the body:\n");
    list(schema, "", LISTED, &mut lines);
    lines
}

fn list(schema: Schema<'static>, prefix: &str, depth: usize, lines: &mut String) {
    for (name, member) in schema.properties() {
        let path = format!("{prefix}{name}");
        let text = |key| member.find(|part| part.text(key));
        if member.find(|part| part.get("readOnly").filter(|it| it.is_true())).is_some() {
            continue;
        }
        let is_named =
            |part: &Node| part.list("required").iter().any(|it| it.as_str() == Some(name));
        let required = schema.find(|part| is_named(part).then_some(", required"));
        let required = required.unwrap_or_default();
        let kind = text("type").unwrap_or("any");
        let summary = text("description").unwrap_or_default();
        let summary = summary.split(". ").next().unwrap_or_default().trim_end_matches('.');
        let _ = writeln!(lines, "  {path} ({kind}{required}): {summary}");
        if depth > 1 {
            list(member, &format!("{path}."), depth - 1, lines);
            for item in member.items() {
                list(item, &format!("{path}[]."), depth - 1, lines);
            }
        }
    }
}

/// The operations of a vendor, each with its summary, under their tags.
pub(super) fn catalogue(vendor: &'static Vendor) -> String {
    let operations: Vec<Operation> = Operation::all(vendor).collect();
    let width = operations.iter().map(|it| it.name().len()).max().unwrap_or_default();
    let mut tags: Vec<&str> = Vec::new();
    for operation in &operations {
        if !tags.contains(&operation.tag()) {
            tags.push(operation.tag());
        }
    }
    let mut lines = String::new();
    for tag in tags {
        let _ = writeln!(lines, "{tag}");
        for operation in operations.iter().filter(|operation| operation.tag() == tag) {
            let _ = writeln!(lines, "  {:width$}  {}", operation.name(), operation.summary());
        }
        lines.push('\n');
    }
    let id = vendor.id;
    let _ = writeln!(lines, "`letterhead call {id} OPERATION --help` shows what it takes.");
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_command_with_its_help() {
        let mut command = with_vendors(Command::new("call"));
        // Names that stand twice, and values that can't be right, panic here.
        command.build();
        let mut shown = 0;
        let is_own = |command: &&mut Command| command.get_name() != "help";
        for vendor in command.get_subcommands_mut().filter(is_own) {
            for operation in vendor.get_subcommands_mut().filter(is_own) {
                let help = operation.render_long_help().to_string();
                assert!(help.contains("Sends ") && help.contains("--dry-run"), "{help}");
                shown += 1;
            }
        }
        let all = VENDORS.iter().flat_map(|vendor| Operation::all(vendor)).count();
        assert_eq!((shown, all), (89, 89));
    }
}
