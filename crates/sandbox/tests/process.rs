//! The services as a process: what it prints leads clients to it, and it ends on a signal.

#![cfg(unix)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use letterhead_sandbox::Vendor;

/// A running process, which is ended with the test.
struct Process {
    child: Child,
    comments: Vec<String>,
    variables: HashMap<String, String>,
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_letterhead-sandbox"));
    command.args(arguments).env_remove("LETTERHEAD_SANDBOX_HAR");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments).spawn().expect("a process");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let (mut comments, mut variables) = (Vec::new(), HashMap::new());
        for line in lines {
            let line = line.expect("a line");
            if let Some(export) = line.strip_prefix("export ") {
                let (name, value) = export.split_once('=').expect("a value");
                variables.insert(name.to_owned(), value.trim_matches('\'').to_owned());
                continue;
            }
            comments.push(line);
            if comments.last().is_some_and(|line| line.contains("Ctrl-C")) {
                break;
            }
        }
        Self { child, comments, variables }
    }

    /// The head of the response to a request, with these header lines.
    fn get(&self, path: &str, headers: &str) -> String {
        let url = &self.variables["PARTNER_CENTER_BASE_URL"];
        let address = url.strip_prefix("http://").expect("plain http");
        let mut stream = TcpStream::connect(address).expect("a connection");
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut response = String::new();
        let _ = stream.read_to_string(&mut response);
        response.split("\r\n\r\n").next().unwrap_or_default().to_owned()
    }

    fn end(mut self, signal: &str) -> Output {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args([signal, &id]).status().expect("`kill`");
        assert!(killed.success());
        let child = std::mem::replace(&mut self.child, Command::new("true").spawn().expect("it"));
        child.wait_with_output().expect("its end")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_it_prints_leads_clients_to_it() {
    for signal in ["-INT", "-TERM"] {
        let process = Process::start(&[]);
        for vendor in Vendor::ALL {
            let variable = vendor.row().base_url_variable();
            assert!(process.variables[&variable].starts_with("http://127.0.0.1:"), "{variable}");
            let comment = format!("# {}: ", vendor.row().name);
            assert!(process.comments.iter().any(|line| line.starts_with(&comment)), "{comment}");
        }
        let variable = |name: &str| process.variables[name].as_str();
        let key = format!(
            "x-auth-email: {}\r\nx-auth-key: {}\r\n",
            variable("CLOUDFLARE_EMAIL"),
            variable("CLOUDFLARE_API_KEY")
        );
        let head = process.get("/client/v4/organizations", &key);
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let file = Path::new(variable("PARTNER_CENTER_REFRESH_TOKEN_FILE")).to_owned();
        assert!(std::fs::read_to_string(&file).expect("a token").starts_with("sandbox-"));

        let output = process.end(signal);
        assert!(output.status.success(), "{output:?}");
        assert!(!file.exists(), "its files go with it");
    }
}

#[test]
fn faults_come_where_they_are_asked_for() {
    let process = Process::start(&["--faults", "1", "--seed", "7"]);
    let faults = "# Faults: a share of 1, seed 7";
    assert!(process.comments.iter().any(|line| line == faults), "{:?}", process.comments);
    let token = letterhead_sandbox::credentials::PARTNER_CENTER_TOKEN;
    let bearer = format!("authorization: Bearer {token}\r\n");
    let spoiled = (0..20).any(|_| {
        let head = process.get("/v1/profiles/support", &bearer);
        !head.starts_with("HTTP/1.1 200")
    });
    assert!(spoiled, "none of twenty requests went wrong");
    assert!(process.end("-INT").status.success());
}

#[test]
fn what_it_prints_is_a_script_whatever_the_folder_is_called() {
    let parent = tempfile::Builder::new().prefix("it's $HOME ").tempdir().expect("a folder");
    let mut sandbox = command(&[]).env("TMPDIR", parent.path()).spawn().expect("a process");
    let mut script = String::new();
    let mut lines = BufReader::new(sandbox.stdout.take().expect("a pipe"));
    while !script.contains("# Ctrl-C") {
        assert_ne!(lines.read_line(&mut script).expect("a line"), 0, "{script}");
    }
    script.push_str("cat \"$PARTNER_CENTER_REFRESH_TOKEN_FILE\"");
    let output = Command::new("sh").args(["-c", &script]).output().expect("a shell");
    sandbox.kill().and_then(|()| sandbox.wait()).expect("its end");
    assert!(output.stdout.starts_with(b"sandbox-"), "{output:?}");
}

#[test]
fn what_cannot_be_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    for (arguments, expected) in [
        (&["--port", &port][..], format!("port {port} can't be had")),
        (&["--faults", "2"], "a number from 0 to 1".to_owned()),
    ] {
        let output = command(arguments).output().expect("a process");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains(&expected), "{message}");
    }
}
