//! The sign of an interaction: one colour per channel everywhere, one icon per kind.

/// Colour class behind `ch-` and the icon in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    pub channel: &'static str,
    pub icon: &'static str,
}

impl Sign {
    /// From the codes of the log. A channel nobody has drawn yet looks like the website's.
    pub fn of(channel: &str, kind: &str) -> Self {
        let (channel, usual) = match (channel, kind) {
            ("email", _) => ("email", "mail"),
            ("shop", "order_placed" | "order_cancelled") => ("sale", "ticket"),
            ("shop", "basket_abandoned") => ("basket", "shopping-cart-x"),
            ("shop", "basket_changed") => ("basket", "shopping-cart"),
            ("phone", _) => ("phone", "phone"),
            ("letter", _) => ("letter", "send"),
            ("social", _) => ("social", "heart"),
            ("support", _) => ("service", "message-2"),
            ("event", _) => ("service", "calendar-event"),
            ("offer", _) => ("service", "sparkles"),
            ("sales", _) => ("sale", "briefcase"),
            _ => ("web", "world"),
        };
        let icon = match kind {
            "sent" | "delivered" => "send",
            "opened" => "mail-opened",
            "clicked" | "banner_clicked" => "click",
            "bounced" | "complained" => "mail-x",
            "replied" => "mail-forward",
            "unsubscribed" => "mail-off",
            "order_cancelled" => "circle-x",
            "call_missed" => "phone-off",
            "call_in" => "phone-incoming",
            "product_viewed" => "eye",
            "searched" => "search",
            "feedback_given" => "star",
            "messaged" | "commented" => "message-2",
            _ => usual,
        };
        Self { channel, icon }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purchase_and_a_forgotten_basket_look_different() {
        assert_eq!(Sign::of("shop", "order_placed").channel, "sale");
        assert_eq!(Sign::of("shop", "basket_abandoned").channel, "basket");
        assert_eq!(Sign::of("email", "opened"), Sign { channel: "email", icon: "mail-opened" });
        assert_eq!(Sign::of("fax", "beeped").channel, "web");
    }
}
