dashboard-morning = Good morning, { $name }
dashboard-day = Good afternoon, { $name }
dashboard-evening = Good evening, { $name }
dashboard-plan = Plan a campaign
dashboard-import = Import customers
dashboard-period = Period
dashboard-last-7 = Last 7 days
dashboard-last-30 = Last 30 days
dashboard-last-90 = Last 90 days
dashboard-last-365 = Last 365 days
dashboard-compared = compared with
dashboard-before = period before
dashboard-as-of = As of { $time }
dashboard-channels = Interactions by channel
dashboard-channels-text = Per week. Every column leads to the people.
dashboard-funnel = Conversion funnel
dashboard-funnel-reached = Reached
dashboard-funnel-opened = Opened
dashboard-funnel-clicked = Clicked
dashboard-funnel-ordered = Booked
dashboard-campaigns = Best campaigns
dashboard-campaigns-all = All campaigns
dashboard-campaigns-none = No campaign ran in this period.
dashboard-campaign = Campaign
dashboard-sent = Sent
dashboard-opened = Opened
dashboard-orders = Orders
dashboard-revenue = Revenue
dashboard-tile-interactions = Interactions
dashboard-tile-per-contact = Interactions per contact
dashboard-tile-contacts = Contacts
dashboard-tile-orders = Orders
dashboard-tile-revenue = Revenue
dashboard-tile-open-rate = E-mail open rate
dashboard-tile-click-rate = Click rate
dashboard-tile-conversion = Conversion rate
dashboard-tile-sent = E-mails sent
dashboard-tile-before = before { $value }
dashboard-feed = Just now
dashboard-feed-pause = Pause the feed
dashboard-feed-empty = Nothing has happened yet. New interactions appear here by themselves.
dashboard-feed-stranger = Unknown visitor
dashboard-live = Live
dashboard-next = What follows
dashboard-empty = Welcome to Kundenkreis
dashboard-empty-text = Soon you will see here how things are going. The first step: import your customers from a file. It takes about five minutes.
dashboard-points = pp
dashboard-week = W { $week }
dashboard-channels-days = Per day, people only. Totals of the period at the right.
dashboard-channels-weeks = Per week, people only. Totals of the period at the right.
dashboard-funnel-text = Campaigns of the period, { $rate } from reached to booked
dashboard-quoted = “{ $text }”
dashboard-next-segment = Who reacts just now, who no longer?
dashboard-next-segment-go = Build a segment
dashboard-next-import = Is everything up to date?
dashboard-did-sent = { $has ->
    [yes] gets { $what }
   *[no] gets an e-mail
}
dashboard-did-delivered = { $has ->
    [yes] has { $what } in the mailbox
   *[no] has an e-mail in the mailbox
}
dashboard-did-bounced = { $has ->
    [yes] could not be reached with { $what }
   *[no] could not be reached by e-mail
}
dashboard-did-opened = { $has ->
    [yes] opens { $what }
   *[no] opens an e-mail
}
dashboard-did-clicked = { $has ->
    [yes] clicks in { $what }
   *[no] clicks in an e-mail
}
dashboard-did-replied = { $has ->
    [yes] answers { $what }
   *[no] answers by e-mail
}
dashboard-did-unsubscribed = { $has ->
    [yes] unsubscribes after { $what }
   *[no] unsubscribes
}
dashboard-did-complained = { $has ->
    [yes] reports { $what } as spam
   *[no] reports an e-mail as spam
}
dashboard-did-page_viewed = { $has ->
    [yes] reads { $what }
   *[no] visits the website
}
dashboard-did-searched = { $has ->
    [yes] searches for { $what }
   *[no] searches the website
}
dashboard-did-form_submitted = { $has ->
    [yes] sends the form { $what }
   *[no] sends a form
}
dashboard-did-banner_shown = { $has ->
    [yes] sees the banner { $what }
   *[no] sees a banner
}
dashboard-did-banner_clicked = { $has ->
    [yes] clicks the banner { $what }
   *[no] clicks a banner
}
dashboard-did-product_viewed = { $has ->
    [yes] looks at { $what }
   *[no] looks at an offer
}
dashboard-did-basket_changed = { $has ->
    [yes] puts { $what } into the basket
   *[no] fills the basket
}
dashboard-did-basket_abandoned = { $has ->
    [yes] leaves the basket with { $what }
   *[no] leaves the basket
}
dashboard-did-order_placed = { $has ->
    [yes] books { $what }
   *[no] books
}
dashboard-did-order_cancelled = { $has ->
    [yes] cancels { $what }
   *[no] cancels a booking
}
dashboard-did-call_in = { $has ->
    [yes] calls: { $what }
   *[no] calls
}
dashboard-did-call_out = { $has ->
    [yes] is called: { $what }
   *[no] is called
}
dashboard-did-call_missed = { $has ->
    [yes] did not reach us: { $what }
   *[no] did not reach us by phone
}
dashboard-did-printed = { $has ->
    [yes] gets the letter { $what }
   *[no] gets a letter
}
dashboard-did-returned = { $has ->
    [yes] did not get the letter { $what }
   *[no] did not get a letter
}
dashboard-did-liked = { $has ->
    [yes] likes { $what }
   *[no] likes our post
}
dashboard-did-shared = { $has ->
    [yes] shares { $what }
   *[no] shares our post
}
dashboard-did-commented = { $has ->
    [yes] comments on { $what }
   *[no] comments on our post
}
dashboard-did-mentioned = { $has ->
    [yes] mentions us in { $what }
   *[no] mentions us
}
dashboard-did-messaged = { $has ->
    [yes] writes to us about { $what }
   *[no] writes us a message
}
dashboard-did-ticket_opened = { $has ->
    [yes] asks: { $what }
   *[no] asks a question
}
dashboard-did-ticket_closed = { $has ->
    [yes] has an answer to { $what }
   *[no] has an answer
}
dashboard-did-feedback_given = { $has ->
    [yes] gives feedback on { $what }
   *[no] gives feedback
}
dashboard-did-invited = { $has ->
    [yes] is invited to { $what }
   *[no] is invited
}
dashboard-did-registered = { $has ->
    [yes] registers for { $what }
   *[no] registers for an event
}
dashboard-did-attended = { $has ->
    [yes] attends { $what }
   *[no] attends an event
}
dashboard-did-shown = { $has ->
    [yes] sees the suggestion { $what }
   *[no] sees a suggestion
}
dashboard-did-accepted = { $has ->
    [yes] accepts { $what }
   *[no] accepts a suggestion
}
dashboard-did-declined = { $has ->
    [yes] declines { $what }
   *[no] declines a suggestion
}
dashboard-did-lead_captured = { $has ->
    [yes] is interested in { $what }
   *[no] shows interest
}
dashboard-did-lead_graded = { $has ->
    [yes] is graded { $what }
   *[no] is graded
}
dashboard-did-lead_assigned = { $has ->
    [yes] is looked after by { $what }
   *[no] is looked after
}
dashboard-did-lead_escalated = { $has ->
    [yes] waits too long for { $what }
   *[no] waits too long for an answer
}
dashboard-did-stage_changed = { $has ->
    [yes] moves on to { $what }
   *[no] moves on in the pipeline
}
dashboard-did-quote_sent = { $has ->
    [yes] gets the quote { $what }
   *[no] gets a quote
}
dashboard-did-quote_decided = { $has ->
    [yes] decides on { $what }
   *[no] decides on a quote
}
dashboard-did-contract_signed = { $has ->
    [yes] signs { $what }
   *[no] signs a contract
}
dashboard-next-stopped = “{ $name }” has stopped
dashboard-next-stopped-text = Sending stopped by itself. The page says why.
dashboard-next-stopped-go = Have a look
dashboard-next-paused = “{ $name }” is paused
dashboard-next-paused-text = Part of the e-mails is still waiting.
dashboard-next-paused-go = Resume or cancel
dashboard-next-approved = “{ $name }” is approved
dashboard-next-approved-text = Everything is ready, only the start is missing.
dashboard-next-approved-go = Go to sending
dashboard-next-draft = “{ $name }” waits for approval
dashboard-next-draft-text = See who will get the e-mail and who will not.
dashboard-next-draft-go = Check and approve
dashboard-next-ended = “{ $name }” is sent
dashboard-next-ended-text = { $n ->
    [0] No booking has come of it yet. What do you learn for the next one?
    [one] One booking, { $revenue } of revenue. What do you learn for the next one?
   *[other] { COUNT($n) } bookings, { $revenue } of revenue. What do you learn for the next one?
}
dashboard-next-ended-go = See the evaluation
dashboard-next-fallen = { $what }: less than before
dashboard-next-fallen-text = { $now } instead of { $before } in the period before.
dashboard-next-fallen-go = See what is behind it
dashboard-next-segment-text = A segment counts it in a moment.
dashboard-next-import-text = New customers and bookings keep the figures fresh.
dashboard-last-1 = Today
dashboard-year-before = Year before
dashboard-own-period = Your own period …
dashboard-from = First day
dashboard-to = Last day
dashboard-show = Show
dashboard-unread = Part of the address could not be read.
dashboard-unread-text = Left out: { $what }. Everything else counts.
dashboard-quality-age = { $n ->
    [one] One contact has no date of birth.
   *[other] { $n } contacts have no date of birth.
}
dashboard-quality-age-text = The filter by age cannot find them.
dashboard-segment-gone = deleted
dashboard-arrange = Arrange tiles
dashboard-arrange-text = Only for you. With the arrows or by dragging.
dashboard-arrange-done = Done
dashboard-arrange-reset = As at the beginning
dashboard-left = Move { $name } left
dashboard-right = Move { $name } right
dashboard-away = Take { $name } away
dashboard-target = Target { $goal }
dashboard-target-missing = Target { $goal }, { $missing } to go
dashboard-target-most = Target at most { $goal }
dashboard-target-exceeded = Target at most { $goal }, { $missing } above
dashboard-targets-reached = { $met } of { $all } targets reached
dashboard-next-plan-go = Plan a campaign
dashboard-next-baskets = { $n ->
    [one] One open basket
   *[other] { COUNT($n) } open baskets
}
dashboard-next-baskets-text = Left within two weeks, and nothing bought since
dashboard-next-silent = { $n ->
    [one] One person has fallen silent
   *[other] { COUNT($n) } people have fallen silent
}
dashboard-next-silent-text = Looked in often, not for four weeks
dashboard-next-curious = { $n ->
    [one] One person looks again and again
   *[other] { COUNT($n) } people look again and again
}
dashboard-next-curious-text = At least four times in two weeks without booking
idea-baskets = Open baskets
idea-silent = Fallen silent
idea-curious = Looking again and again
idea-description = From the overview
