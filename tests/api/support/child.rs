use std::process::Command;

/// Runs this binary once more, for one of its ignored tests: what is a process's own, such as its
/// environment, is then the test's alone. `module` is the test's `module_path!()`.
pub(crate) fn child(module: &str, test: &str) -> Command {
    let (_binary, module) = module.split_once("::").unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", &format!("{module}::{test}")]);
    command
}

/// Waits for a child, whose test has to be there and to pass.
pub(crate) async fn succeeds(mut child: Command) {
    let output = tokio::task::spawn_blocking(move || child.output().unwrap());
    let output = output.await.unwrap();
    let has_run = String::from_utf8_lossy(&output.stdout).contains("1 passed");
    assert!(output.status.success() && has_run, "{output:?}");
}
