//! The consent of a person, who is played by the test.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Child;

use letterhead::{http_client_builder, reqwest};
use letterhead_sandbox::TokenGrant;

use crate::support::{Ran, World, command};

/// What a browser gets to see, and where it goes from there.
async fn browse(url: &str) -> (u16, Option<String>) {
    let browser = http_client_builder().unwrap().no_proxy().build().unwrap();
    let response: reqwest::Response = browser.get(url).send().await.unwrap();
    let location = response.headers().get("location").map(|it| it.to_str().unwrap().to_owned());
    (response.status().as_u16(), location)
}

/// The program, and the first line that it writes. Meanwhile the sandbox goes on.
async fn begin(world: &World, words: &[&str]) -> (Child, String) {
    let words = [&["sign-in", "partner-center"], words].concat();
    let mut child = command(&words, &world.variables).spawn().unwrap();
    let begun = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        (child, line)
    });
    begun.await.unwrap()
}

/// A screen in which no id differs from run to run.
fn without_ids(screen: &str) -> String {
    let ran = Ran { code: 0, out: screen.to_owned(), notes: String::new() };
    let screen = ran.screen();
    screen.rsplit_once("--- notes").map_or_else(String::new, |(own, _)| own.to_owned())
}

async fn end(mut child: Child) -> (Option<i32>, String) {
    let ended = tokio::task::spawn_blocking(move || {
        let mut notes = String::new();
        child.stderr.take().unwrap().read_to_string(&mut notes).unwrap();
        (child.wait().unwrap().code(), notes)
    });
    ended.await.unwrap()
}

#[tokio::test]
async fn a_browser_comes_back_and_the_token_is_found_from_then_on() {
    let mut world = World::start().await;
    let home = world.folder.path().join("state");
    world.set("PARTNER_CENTER_REFRESH_TOKEN_FILE", "");
    world.set("XDG_STATE_HOME", home.to_str().unwrap());
    let profile = ["call", "partner-center", "get-organization-profile"];
    let app_only = world.run(&profile).await;
    assert!(app_only.notes.contains("900329"), "{}", app_only.screen());

    let (child, line) = begin(&world, &[]).await;
    let url = line.trim().strip_prefix("Sign in at ").unwrap();
    let names: Vec<_> =
        url.split(['?', '&']).skip(1).filter_map(|it| it.split('=').next()).collect();
    insta::assert_snapshot!("browser", names.join("\n"));
    let (status, back) = browse(&format!("{url}&decision=accept")).await;
    let back = back.unwrap();
    assert_eq!(status, 302);
    let own = back.split('?').next().unwrap();
    // Another page sends the browser there as well, and a browser asks for an icon.
    assert_eq!(browse(&format!("{own}?code=stolen&state=other")).await.0, 404);
    assert_eq!(browse(&format!("{own}favicon.ico")).await.0, 404);
    assert_eq!(browse(&back).await.0, 200);
    let (code, notes) = end(child).await;
    assert_eq!(code, Some(0), "{notes}");
    // The listener has ended with the program.
    let browser = http_client_builder().unwrap().no_proxy().build().unwrap();
    browser.get(&back).send().await.unwrap_err();

    let file = home.join("letterhead/partner-center-refresh-token");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(notes.contains(file.to_str().unwrap()) && !notes.contains("sandbox-issued"), "{notes}");
    let found = world.run(&profile).await;
    assert_eq!(found.code, 0, "{}", found.screen());
    assert_eq!(world.sandbox.tokens_issued(TokenGrant::EntraAuthorizationCode), 1);
}

#[tokio::test]
async fn a_code_is_entered_on_another_machine() {
    let world = World::start().await;
    let file = world.folder.path().join("own");
    for (decision, expected) in [("accept", 0), ("decline", 1)] {
        let (child, line) = begin(&world, &["--device", "--file", file.to_str().unwrap()]).await;
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["Open", url, "and", "enter", user_code] = words[..] else { panic!("{line}") };
        browse(&format!("{url}?user_code={user_code}&decision={decision}")).await;
        let (code, notes) = end(child).await;
        let screen = format!("{line}--- notes\n{notes}--- exit {}\n", code.unwrap_or(-1));
        let screen =
            screen.replace(user_code, "[code]").replace(&world.sandbox.url(), "http://sandbox");
        let screen = screen.replace(file.to_str().unwrap(), "[file]");
        insta::assert_snapshot!(format!("device_{decision}"), without_ids(&screen));
        assert_eq!(code, Some(expected), "{notes}");
        assert_eq!(notes.contains("declined"), decision == "decline", "{notes}");
    }
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("sandbox-issued-refresh-token"));
}

#[tokio::test]
async fn who_declines_in_the_browser_has_no_token() {
    let world = World::start().await;
    let file = world.folder.path().join("own");
    let (child, line) = begin(&world, &["--file", file.to_str().unwrap()]).await;
    let url = line.trim().strip_prefix("Sign in at ").unwrap();
    let (_, back) = browse(&format!("{url}&decision=decline")).await;
    browse(&back.unwrap()).await;
    let (code, notes) = end(child).await;
    assert_eq!(code, Some(1), "{notes}");
    assert!(notes.contains("access_denied") && !file.exists(), "{notes}");
}
