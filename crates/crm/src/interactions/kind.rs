//! What can happen, and through which channel: the table of `Interactions` in the domain.

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident, $words:literal { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $(#[serde(rename = $text)] $variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// Stable name in storage, API and files.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }

            /// Its name for people.
            pub fn label(self) -> kernel::Sentence {
                match self { $($name::$variant => kernel::Sentence::new(concat!($words, "-", $text))),* }
            }
        }
    };
}
pub(crate) use coded;

coded! {
    /// The way people and the house meet.
    Channel, "interactions-channel" {
        Email = "email",
        Web = "web",
        Shop = "shop",
        Phone = "phone",
        Letter = "letter",
        Social = "social",
        Support = "support",
        Event = "event",
        Offer = "offer",
        Sales = "sales",
    }
}

coded! {
    /// One thing that can happen. Every kind belongs to exactly one channel.
    Kind, "interactions-kind" {
        Sent = "sent",
        Delivered = "delivered",
        Bounced = "bounced",
        Opened = "opened",
        Clicked = "clicked",
        Replied = "replied",
        Unsubscribed = "unsubscribed",
        Complained = "complained",
        PageViewed = "page_viewed",
        Searched = "searched",
        FormSubmitted = "form_submitted",
        BannerShown = "banner_shown",
        BannerClicked = "banner_clicked",
        Tracked = "tracked",
        ProductViewed = "product_viewed",
        BasketChanged = "basket_changed",
        BasketAbandoned = "basket_abandoned",
        OrderPlaced = "order_placed",
        OrderCancelled = "order_cancelled",
        CallIn = "call_in",
        CallOut = "call_out",
        CallMissed = "call_missed",
        Printed = "printed",
        Returned = "returned",
        Liked = "liked",
        Shared = "shared",
        Commented = "commented",
        Mentioned = "mentioned",
        Messaged = "messaged",
        TicketOpened = "ticket_opened",
        TicketClosed = "ticket_closed",
        FeedbackGiven = "feedback_given",
        Invited = "invited",
        Registered = "registered",
        Attended = "attended",
        Shown = "shown",
        Accepted = "accepted",
        Declined = "declined",
        LeadCaptured = "lead_captured",
        LeadGraded = "lead_graded",
        LeadAssigned = "lead_assigned",
        LeadEscalated = "lead_escalated",
        StageChanged = "stage_changed",
        QuoteSent = "quote_sent",
        QuoteDecided = "quote_decided",
        ContractSigned = "contract_signed",
    }
}

impl Kind {
    /// The channel this kind belongs to.
    pub fn channel(self) -> Channel {
        match self {
            Self::Sent
            | Self::Delivered
            | Self::Bounced
            | Self::Opened
            | Self::Clicked
            | Self::Replied
            | Self::Unsubscribed
            | Self::Complained => Channel::Email,
            Self::PageViewed
            | Self::Searched
            | Self::FormSubmitted
            | Self::BannerShown
            | Self::BannerClicked
            | Self::Tracked => Channel::Web,
            Self::ProductViewed
            | Self::BasketChanged
            | Self::BasketAbandoned
            | Self::OrderPlaced
            | Self::OrderCancelled => Channel::Shop,
            Self::CallIn | Self::CallOut | Self::CallMissed => Channel::Phone,
            Self::Printed | Self::Returned => Channel::Letter,
            Self::Liked | Self::Shared | Self::Commented | Self::Mentioned | Self::Messaged => Channel::Social,
            Self::TicketOpened | Self::TicketClosed | Self::FeedbackGiven => Channel::Support,
            Self::Invited | Self::Registered | Self::Attended => Channel::Event,
            Self::Shown | Self::Accepted | Self::Declined => Channel::Offer,
            Self::LeadCaptured
            | Self::LeadGraded
            | Self::LeadAssigned
            | Self::LeadEscalated
            | Self::StageChanged
            | Self::QuoteSent
            | Self::QuoteDecided
            | Self::ContractSigned => Channel::Sales,
        }
    }
}

impl Channel {
    /// The kinds of this channel, in the order of the domain.
    pub fn kinds(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(move |kind| kind.channel() == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Locale;

    #[test]
    fn every_kind_and_channel_has_a_name_for_people() {
        for locale in Locale::ALL {
            for label in Kind::ALL.iter().map(|k| k.label()).chain(Channel::ALL.iter().map(|c| c.label())) {
                assert!(kernel::sentence::knows(locale, &label.key), "{} lacks {}", locale.code(), label.key);
            }
        }
    }

    #[test]
    fn every_channel_has_kinds_and_codes_read_back() {
        for channel in Channel::ALL {
            assert!(channel.kinds().next().is_some(), "{}", channel.code());
            assert_eq!(Channel::parse(channel.code()), Some(*channel));
        }
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.code()), Some(*kind));
        }
        assert_eq!(Kind::parse("teleported"), None);
    }
}
