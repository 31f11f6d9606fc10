//! The registry of typed ids: every record's id is born here, over `i64`.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> i64 {
                id.0
            }
        }
    )*};
}

ids! {
    /// A person who works with Kundenkreis.
    UserId,
    /// An API token.
    TokenId,
    /// A person in the circle of customers.
    ContactId,
    /// An organisation contacts belong to.
    CompanyId,
    /// A thing that is sold.
    ProductId,
    /// A group of products.
    CategoryId,
    /// Two contacts made one.
    MergeId,
    /// A purchase.
    OrderId,
    /// A named condition over contacts.
    SegmentId,
    /// Goal, audience, steps, costs.
    CampaignId,
    /// One contact of the audience through one channel.
    StepId,
    /// One message of one step to one contact.
    MessageId,
    /// One link of a step's content.
    LinkId,
    /// Something a house wants to know of people beyond the master data.
    AttributeId,
    /// Changes that belong together and are taken back together.
    ChangeSetId,
    /// An anonymous browser.
    VisitorId,
    /// A website or program that tells what people do there.
    SourceId,
    /// "This visitor is that contact."
    EdgeId,
    /// A one-off job with progress.
    JobId,
    /// One run of an import.
    ImportId,
    /// A file that belongs to a record.
    DocumentId,
    /// Position in the interaction log; commit order.
    Seq,
}
