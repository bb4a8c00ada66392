//! Where the services and the token endpoints are, for a sandbox and for what stands before one.

/// Gives a type with a field `address` the address of everything behind it.
macro_rules! addresses {
    ($($owner:ty),+) => {$(
        impl $owner {
            /// The origin of all services and token endpoints, without a slash at the end.
            #[must_use]
            pub fn url(&self) -> String {
                format!("http://{}", self.address)
            }

            /// What stands in for the base URL of a vendor, in whichever cloud.
            #[must_use]
            pub fn vendor_url(&self, vendor: crate::vendor::Vendor) -> String {
                let base_url = vendor.row().clouds[0].base_url;
                let path = base_url.splitn(4, '/').nth(3);
                path.map_or(self.url(), |path| format!("{}/{path}", self.url()))
            }

            /// The environment that leads letterhead's clients here: base URLs, credentials, and where to sign
            /// in. What has to be in a file is written into `folder`.
            ///
            /// # Errors
            /// If a file can't be written.
            pub fn environment(
                &self,
                folder: &std::path::Path,
            ) -> std::io::Result<Vec<(String, String)>> {
                crate::environment::of(&self.url(), folder, |vendor| self.vendor_url(vendor))
            }

            /// What stands in for `https://api.partnercenter.microsoft.com`.
            #[must_use]
            pub fn partner_center_url(&self) -> String {
                self.vendor_url(crate::vendor::Vendor::PartnerCenter)
            }

            /// What stands in for `https://api.cloudflare.com/client/v4`.
            #[must_use]
            pub fn cloudflare_url(&self) -> String {
                self.vendor_url(crate::vendor::Vendor::Cloudflare)
            }

            /// What stands in for `https://mc.adobe.io`; the organization follows in the path.
            #[must_use]
            pub fn campaign_standard_url(&self) -> String {
                self.vendor_url(crate::vendor::Vendor::CampaignStandard)
            }

            /// What stands in for `https://login.microsoftonline.com`; the tenant follows in the path.
            #[must_use]
            pub fn entra_url(&self) -> String {
                self.url()
            }

            /// What stands in for `https://ims-na1.adobelogin.com`.
            #[must_use]
            pub fn ims_url(&self) -> String {
                self.url()
            }
        }
    )+};
}

addresses!(crate::sandbox::Sandbox, crate::fault::FaultyProxy);
