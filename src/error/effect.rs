/// What is known about where a request got to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Effect {
    /// Some of it may have left.
    pub(crate) may_be_sent: bool,
    /// The vendor may have acted on it.
    pub(crate) may_have_taken_effect: bool,
}

impl Effect {
    pub(crate) const UNSENT: Self = Self { may_be_sent: false, may_have_taken_effect: false };
    pub(super) const WITHOUT_EFFECT: Self =
        Self { may_be_sent: true, may_have_taken_effect: false };
    pub(super) const UNCERTAIN: Self = Self { may_be_sent: true, may_have_taken_effect: true };

    /// What is known of two attempts together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            may_be_sent: self.may_be_sent || other.may_be_sent,
            may_have_taken_effect: self.may_have_taken_effect || other.may_have_taken_effect,
        }
    }
}
