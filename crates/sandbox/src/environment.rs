//! The environment of a program whose clients are to reach the services.

use std::fs;
use std::io;
use std::path::Path;

use crate::destination::VENDORS;
use crate::setup::VariableValue;
use crate::vendor::Vendor;

/// The variables with their values, in the order of the table; files are written into `folder`.
pub(crate) fn of(
    origin: &str,
    folder: &Path,
    url: impl Fn(Vendor) -> String,
) -> io::Result<Vec<(String, String)>> {
    let mut variables = Vec::new();
    for service in VENDORS {
        let vendor = service.vendor();
        variables.push((vendor.row().base_url_variable(), url(vendor)));
        for variable in service.variables(origin) {
            let value = match variable.value {
                VariableValue::Text(text) => text,
                VariableValue::File(content) => {
                    let path = folder.join(variable.name.to_lowercase());
                    fs::write(&path, content)?;
                    path.display().to_string()
                }
            };
            variables.push((variable.name.to_owned(), value));
        }
    }
    Ok(variables)
}

impl Vendor {
    /// Ids of resources that the service has at the start, each with what it is of.
    #[must_use]
    pub fn ids(self) -> &'static [(&'static str, &'static str)] {
        let service = VENDORS.iter().find(|service| service.vendor() == self);
        service.map_or(&[], |service| service.ids())
    }
}
