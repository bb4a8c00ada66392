//! Settings from environment variables.

use crate::Error;

/// Reads variables; an empty one is none.
pub(crate) struct Environment<'a>(&'a dyn Fn(&str) -> Option<String>);

impl<'a> Environment<'a> {
    pub(crate) fn new(read: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self(read)
    }

    /// What a variable holds, without the line end that comes from reading it from a file.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let value = (self.0)(name)?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// What a variable holds with which nothing is wrong.
    ///
    /// # Errors
    /// What `check` says, with the variable's name.
    pub(crate) fn checked(
        &self,
        name: &str,
        check: impl FnOnce(&str) -> Result<(), Error>,
    ) -> Result<Option<String>, Error> {
        let Some(value) = self.get(name) else { return Ok(None) };
        check(&value).map_err(|error| error.of_variable(name))?;
        Ok(Some(value))
    }

    /// What a variable holds that has to be there.
    ///
    /// # Errors
    /// It isn't.
    pub(crate) fn require(&self, name: &str) -> Result<String, Error> {
        self.get(name).ok_or_else(|| {
            Error::configuration(format!("the environment variable `{name}` is not set"))
        })
    }
}

/// The process's own variables. One that isn't UTF-8 is set all the same: it is refused for its characters, rather
/// than passed over.
pub(crate) fn process(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}
