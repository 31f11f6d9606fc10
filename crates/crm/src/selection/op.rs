//! How a field is compared.

use crate::interactions::coded;

coded! {
    /// An operator of a definition.
    Op, "segments-fields-op" {
        Eq = "eq",
        Ne = "ne",
        In = "in",
        NotIn = "not_in",
        Lt = "lt",
        Lte = "lte",
        Gt = "gt",
        Gte = "gte",
        Between = "between",
        Contains = "contains",
        StartsWith = "starts_with",
        IsEmpty = "is_empty",
        IsSet = "is_set",
        WithinDays = "within_days",
        OlderThanDays = "older_than_days",
        AnniversaryWithinDays = "anniversary_within_days",
    }
}

impl Op {
    /// The operator that says the opposite of this one, where this one is a denial.
    pub fn denies(self) -> Option<Self> {
        match self {
            Self::Ne => Some(Self::Eq),
            Self::NotIn => Some(Self::In),
            Self::IsEmpty => Some(Self::IsSet),
            _ => None,
        }
    }
}
