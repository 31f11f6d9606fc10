//! Who may do what: the one table of roles and rights.

use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $(#[serde(rename = $text)] $variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// Stable name in storage, API and words (`role-…`, `right-…`).
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }
        }
    };
}

named! {
    /// A set of rights with a name of the trade. A person may have several.
    Role {
        Administrator = "administrator",
        MarketingManager = "marketing_manager",
        SalesRepresentative = "sales_representative",
        SalesManager = "sales_manager",
        Agent = "agent",
        Analyst = "analyst",
        DataProtectionOfficer = "data_protection_officer",
    }
}

named! {
    /// One thing a person may do.
    Right {
        SeeDashboard = "see_dashboard",
        SeeContacts = "see_contacts",
        EditContacts = "edit_contacts",
        ExportContacts = "export_contacts",
        ImportData = "import_data",
        SeeSegments = "see_segments",
        EditSegments = "edit_segments",
        SeeCampaigns = "see_campaigns",
        EditCampaigns = "edit_campaigns",
        ApproveCampaigns = "approve_campaigns",
        SendCampaigns = "send_campaigns",
        SeeFigures = "see_figures",
        SetTargets = "set_targets",
        EditOrders = "edit_orders",
        RecordInteractions = "record_interactions",
        ManageUsers = "manage_users",
        ManageTokens = "manage_tokens",
        ManageTracking = "manage_tracking",
        ManageAttributes = "manage_attributes",
        HandlePrivacy = "handle_privacy",
        SeeQuality = "see_quality",
        SeeAudit = "see_audit",
        SeeSystem = "see_system",
    }
}

impl Role {
    /// The table of `domain.md`, "Who may do what". An administrator sees no customer content.
    pub fn rights(self) -> &'static [Right] {
        use Right::*;
        match self {
            Self::Administrator => {
                &[ManageUsers, ManageTokens, ManageTracking, ManageAttributes, SeeQuality, SeeAudit, SeeSystem]
            }
            Self::MarketingManager => &[
                SeeDashboard,
                SeeContacts,
                EditContacts,
                ExportContacts,
                ImportData,
                SeeSegments,
                EditSegments,
                SeeCampaigns,
                EditCampaigns,
                ApproveCampaigns,
                SendCampaigns,
                SeeFigures,
                SetTargets,
                EditOrders,
                RecordInteractions,
                ManageAttributes,
                SeeQuality,
            ],
            Self::SalesRepresentative => &[SeeDashboard, SeeContacts, EditContacts, EditOrders, RecordInteractions],
            Self::SalesManager => &[
                SeeDashboard,
                SeeContacts,
                EditContacts,
                ExportContacts,
                ImportData,
                EditOrders,
                RecordInteractions,
                SeeCampaigns,
                SeeFigures,
                SetTargets,
                SeeQuality,
            ],
            Self::Agent => &[SeeContacts, EditContacts, RecordInteractions],
            Self::Analyst => &[SeeDashboard, SeeSegments, SeeCampaigns, SeeFigures, SeeQuality],
            Self::DataProtectionOfficer => &[SeeContacts, HandlePrivacy, SeeQuality, SeeAudit],
        }
    }

    pub fn may(self, right: Right) -> bool {
        self.rights().contains(&right)
    }
}

impl Right {
    /// The roles that bring this right, for the page that says whom to ask.
    pub fn roles(self) -> impl Iterator<Item = Role> {
        Role::ALL.iter().copied().filter(move |role| role.may(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrator_sees_no_customer_content() {
        for right in [Right::SeeContacts, Right::SeeSegments, Right::SeeCampaigns, Right::SeeFigures, Right::ImportData]
        {
            assert!(!Role::Administrator.may(right), "{right:?}");
        }
    }

    #[test]
    fn every_right_is_brought_by_some_role() {
        for right in Right::ALL {
            assert!(right.roles().next().is_some(), "{right:?}");
        }
    }
}
