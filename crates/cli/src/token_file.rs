//! Where the refresh token is that `sign-in` gets.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// The variable that names the file, for every program that stands on the library.
pub(crate) const VARIABLE: &str = "PARTNER_CENTER_REFRESH_TOKEN_FILE";

/// The file: the environment's, or the program's own.
pub(crate) fn path() -> Option<PathBuf> {
    set(VARIABLE).map(PathBuf::from).or_else(own)
}

/// The program's own file, where the environment names none and somebody has signed in.
pub(crate) fn own_with_token() -> Option<PathBuf> {
    if set(VARIABLE).is_some() {
        return None;
    }
    own().filter(|path| path.is_file())
}

fn own() -> Option<PathBuf> {
    let state = set("XDG_STATE_HOME").or_else(|| set("LOCALAPPDATA")).map(PathBuf::from);
    let state = state.or_else(|| Some(env::home_dir()?.join(".local/state")))?;
    Some(state.join("letterhead").join("partner-center-refresh-token"))
}

fn set(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
