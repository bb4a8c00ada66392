//! The vendors, by the names that tests use.

macro_rules! vendor {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        /// One of the vendors; each has a service in the sandbox.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Vendor {
            $(
                #[doc = concat!("The vendor of `", $id, ".yaml`.")]
                $Type,
            )+
        }

        impl Vendor {
            /// All vendors, in the order of the table of vendors.
            pub const ALL: [Self; [$($id),+].len()] = [$(Self::$Type),+];

            /// The vendor's row in the table.
            #[must_use]
            pub fn row(self) -> &'static letterhead_spec::Vendor {
                match self {
                    $(Self::$Type => &letterhead_spec::$ROW,)+
                }
            }
        }
    };
}
letterhead_spec::for_each_vendor!(vendor);
