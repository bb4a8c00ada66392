//! The kinds of updates.

use std::fmt;

/// A kind of update, each of which has callers of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Partner Center: PATCH of a customer's user, whose retries have one request id.
    User,
    /// Partner Center: read, change and write of one organization profile with an ETag.
    Organization,
    /// Cloudflare: read, change and write of an organization's profile, each with one writer.
    Cloudflare,
    /// Campaign Standard: PATCH of a profile.
    Campaign,
    /// Partner Center: the list of customers, as a stream of items.
    Customers,
    /// Cloudflare: the list of organizations, as a stream of pages.
    Organizations,
}

impl Kind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::User,
        Self::Organization,
        Self::Cloudflare,
        Self::Campaign,
        Self::Customers,
        Self::Organizations,
    ];

    /// After so many numbers the kinds of the updates begin again.
    pub(crate) const PATTERN: u32 = 32;

    /// The kind of a caller's updates. Few share the organization profile: the more there are, the
    /// longer each of them loses the race.
    pub(crate) fn of_caller(caller: u32) -> Self {
        match caller % 16 {
            0 | 8 => Self::Organization,
            1 | 6 | 9 | 15 => Self::User,
            2 | 5 | 10 | 13 => Self::Cloudflare,
            4 | 12 => Self::Customers,
            7 => Self::Organizations,
            _ => Self::Campaign,
        }
    }

    /// The kind of an update. Each kind has its share of a run, also while its vendor's sign-in fails
    /// and its callers wait: a run that makes few updates of a kind proves little about it.
    pub(crate) fn of_update(number: u32) -> Self {
        match number % Self::PATTERN {
            0 | 16 => Self::Organization,
            1..=5 | 17..=21 => Self::User,
            6..=10 | 22..=26 => Self::Cloudflare,
            11 => Self::Customers,
            27 => Self::Organizations,
            _ => Self::Campaign,
        }
    }

    pub(crate) fn is_of_partner_center(self) -> bool {
        matches!(self, Self::User | Self::Organization | Self::Customers)
    }

    pub(crate) fn is_list(self) -> bool {
        matches!(self, Self::Customers | Self::Organizations)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::User => "Partner Center, users",
            Self::Organization => "Partner Center, one profile",
            Self::Cloudflare => "Cloudflare, profiles",
            Self::Campaign => "Campaign Standard, profiles",
            Self::Customers => "Partner Center, customers",
            Self::Organizations => "Cloudflare, organizations",
        })
    }
}
