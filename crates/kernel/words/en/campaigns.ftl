# Campaigns: the list and the four steps
campaigns-title = Campaigns
campaigns-lead = Every campaign takes four steps. What the evaluation shows flows into the next plan.
campaigns-plan = Plan a campaign
campaigns-plan-first = Plan the first campaign
campaigns-begin = Begin planning
campaigns-name-hint = For example “Tuscany spring 2027”
campaigns-by-phase = Campaigns by phase
campaigns-filter = Filter campaigns
campaigns-search = Find a campaign
campaigns-none-found = No campaign fits.
campaigns-show-all = Show all
campaigns-count = { $n ->
    [one] One campaign
   *[other] { COUNT($n) } campaigns
}
campaigns-empty = No campaign yet
campaigns-empty-text = A campaign speaks to chosen customers and measures what comes of it: who opened, clicked, answered and booked. Begin with a goal.
campaign = Campaign
campaign-planning = Planning
campaign-selection = Selection
campaign-execution = Execution
campaign-evaluation = Evaluation
campaign-phase = Phase
campaign-sent = Sent
campaign-opened = Opened
campaign-clicked = Clicked
campaign-bookings = Bookings
campaign-revenue = Revenue
campaign-circle = Circle of the campaign
campaign-step-done = Done:
campaign-name = Name
campaign-to-selection = On to selection
campaign-to-execution = On to execution
campaign-to-evaluation = To the evaluation

campaign-part-goal = 1. Goal
campaign-part-mail = 2. E-mail
campaign-part-audience = Audience
campaign-part-money = Cost and effect
campaign-goal = What is to be achieved?
campaign-goal-new-customers = Gain new customers
campaign-goal-win-back = Win customers back
campaign-goal-cross-sell = Sell something additional
campaign-goal-loyalty = Keep customers
campaign-goal-information = Inform
campaign-goal-text = How will you know it worked?
campaign-goal-text-hint = In your own words, for example “fill the dates in May”
campaign-target = Target: bookings
campaign-target-hint = For example 200
campaign-segment = Segment
campaign-segments-manage = See and build segments
campaign-control-switch = A control group gets nothing
campaign-control-share = Share of the control group
campaign-control-hint = Only so can you see what the campaign really causes.
campaign-fixed-cost = Fixed cost
campaign-unit-cost = Cost per e-mail
campaign-margin = Margin
campaign-margin-hint = Share of revenue that remains
campaign-attribution = Attribution window
campaign-attribution-hint = Bookings within this time after the e-mail count.
campaign-days = days
campaign-sender-name = Sender: name
campaign-sender-address = Sender: address
campaign-reply-to = Replies to
campaign-reply-to-hint = Empty: replies go to the sender.
campaign-subject = Subject
campaign-body = Text
campaign-body-hint = Blank line = new paragraph. # heading, **bold**, [text](address) = link, [[text](address)] on a line of its own = button. Unsubscribe link and imprint are added.
campaign-insert = Insert
campaign-bold = Bold
campaign-link = Link
campaign-link-words = text
campaign-button = Button
campaign-preview = Preview
campaign-preview-as = See it as
campaign-preview-frame = Preview of the e-mail
campaign-preview-text = Text part
campaign-preview-missing = Missing for this person: { $fields }
campaign-plan-closed = This campaign is approved. Its plan can only be read.
campaign-not-saved = Not saved yet.
campaign-not-saved-why = { $n ->
    [one] One field needs your attention. Your text stands as you typed it.
   *[other] { COUNT($n) } fields need your attention. Your text stands as you typed it.
}
campaign-conflict = Somebody was faster
campaign-conflict-why = Your text is not lost: compare both versions and decide.
campaign-conflict-theirs = Stored
campaign-conflict-mine = Yours
campaign-conflict-take = Take the stored version
campaign-conflict-keep = Save my version

campaign-change-plan = Change the plan
campaign-approve = Approve
campaign-frozen = The audience is fixed. Whoever withdraws consent still gets nothing.
campaign-who = Whom we speak to
campaign-waterfall = From all who match to the recipients
campaign-waterfall-lead = Every bar leads to the people behind it.
campaign-waterfall-none = Nobody fits this segment. Loosen a condition.
campaign-sample = Sample
campaign-sample-lead = Recipients chosen at random
campaign-sample-none = There are no recipients.
campaign-person = Person
campaign-email = E-mail
campaign-kind = Kind
campaign-last-order = Last booking
campaign-recipients = Recipients
campaign-recipients-lead = get the e-mail
campaign-control-group = Control group
campaign-control-people = people ({ $share }%) fit as well and get nothing.
campaign-control-none = Without a control group it stays open who would have booked anyway.
campaign-checks = Before approval
campaign-check-good = good
campaign-check-warn = check
campaign-check-bad = missing
campaign-blocked = You can approve as soon as nothing is missing.
campaign-no-segment = No audience yet
campaign-no-segment-text = A segment says in conditions whom you want to speak to. Choose one in the plan or build one.
campaign-choose-segment = Choose a segment

campaign-sending = Sending
campaign-progress = { $done } done
campaign-progress-of = of { $total } e-mails
campaign-ledger = Where each e-mail stands
campaign-ledger-lead = Every figure leads to its people.
campaign-pause = Pause
campaign-resume = Resume
campaign-resume-ask = Resume sending?
campaign-resume-text = It goes on where it was paused. Nobody gets the e-mail twice.
campaign-cancel = Cancel
campaign-cancel-ask = Cancel the sending?
campaign-cancel-text = What is not sent yet will not be sent. This cannot be undone.
campaign-cancel-yes = Cancel the sending
campaign-launch = Start sending
campaign-launch-ask = Send to real people?
campaign-launch-text = { $n } people will get this e-mail. You can pause at any time; what is sent cannot be fetched back.
campaign-launch-yes = Send now
campaign-doubts = { $n ->
    [one] One e-mail of unknown fate
   *[other] { COUNT($n) } e-mails of unknown fate
}
campaign-doubts-text = The connection broke after the e-mail was handed over and before it was confirmed. Perhaps it arrived, perhaps not. It is never sent again by itself. Look into the mail server's log and decide.
campaign-doubt-sent = Was sent
campaign-doubt-not-sent = Not sent
campaign-test = Test
campaign-test-lead = Only to the address you name; counts nowhere.
campaign-test-to = To
campaign-test-send = Send a test
campaign-reactions = Reactions
campaign-reactions-none = No reaction yet.
campaign-feed-pause = Pause the reactions

campaign-as-of = As of { $at }
campaign-export = Export
campaign-nothing-sent = Nothing sent yet
campaign-nothing-sent-text = As soon as the first e-mails are on their way, this page shows what they cause.
campaign-effect = What did the campaign cause?
campaign-treated = Treated
campaign-lift-chart = Booking rate with confidence interval
campaign-revenue-incremental = Incremental revenue
campaign-revenue-attributed = Attributed revenue
campaign-contribution = Contribution
campaign-cost = Cost
campaign-profit = Profit of the campaign
campaign-roi-none = Without cost there is no ROI.
campaign-metrics = E-mail metrics
campaign-metrics-lead = Rates count people, not events. Every figure leads to its people.
campaign-metric = Metric
campaign-people = People
campaign-rate = Rate
campaign-formula = How it is counted
campaign-machine-opens = { $n ->
    [one] By machines: one open, not counted
   *[other] By machines: { COUNT($n) } opens, not counted
}
campaign-machine-clicks = { $n ->
    [one] one click, not counted
   *[other] { COUNT($n) } clicks, not counted
}
campaign-machine-show = Show
campaign-course = Opens and clicks over time
campaign-course-lead = People since the sending
campaign-course-chart = Opens and clicks over time
campaign-course-none = Nobody has opened yet.
campaign-opens = Opens
campaign-clicks = Clicks
campaign-links = Which link was clicked
campaign-links-none = The e-mail holds no link.

campaigns-created = created on { $day }
campaigns-next-segment = Choose an audience
campaigns-next-approve = Check and approve
campaigns-next-launch = Start sending
campaigns-next-look = Look at it
campaigns-and-more = { $name } and { $n } more
campaign-unnamed = New campaign
campaign-note-target = Goal { $n } bookings
campaign-note-audience = { $treated } of { $matched } people
campaign-note-no-segment = No audience yet
campaign-note-sent = { $n } sent
campaign-note-roi = Attributed ROI { $roi }
campaign-was-saved = Saved
campaign-was-approved = Approved. Before it starts you can send yourself a test.
campaign-was-reopened = The campaign is a draft again.
campaign-was-launched = Sending has started.
campaign-was-paused = Sending is paused.
campaign-was-resumed = Sending goes on.
campaign-was-cancelled = The campaign is cancelled.
campaign-was-tested = The test is on its way.
campaign-was-settled = The outcome is noted.
campaign-segment-none = None chosen yet
campaign-segment-people = { $n ->
    [one] One person
   *[other] { COUNT($n) } people
}
campaign-amount-unreadable = This is not an amount. Example: 1,250.00
campaign-percent-unreadable = This is not a percentage. Example: 12.5
campaign-conflict-by = { $name } saved ({ $at }).
campaign-approved-by = Approved by { $name }, { $at }.
campaign-frozen-later = The audience is computed once more at the launch and then kept.
campaign-check-see = Show
campaign-check-mend = Change
campaign-rest-moment = less than a minute
campaign-rest-minutes = { $n ->
    [one] one minute left
   *[other] { COUNT($n) } minutes left
}
campaign-test-refused = The test to { $address } was not accepted: { $reply }
campaign-conclude = File as evaluated
campaign-statistic-sent = Sent
campaign-statistic-viewed = Viewed
campaign-statistic-answered = Answered
campaign-statistic-sales = Attributed bookings
campaign-effect-bookings = { $n } bookings
campaign-effect-against-control = against the control group, counted for everybody addressed.
campaign-effect-sound = Difference { $difference } percentage points, with 95 % confidence between { $low } and { $high }: sound.
campaign-effect-unsound = Difference { $difference } percentage points, with 95 % confidence between { $low } and { $high }: this may be chance.
campaign-effect-no-control = This campaign has no control group. So it is open who would have booked anyway.
campaign-effect-not-yet = No e-mail has been delivered yet.
campaign-effect-too-few = The audience is too small for a control group.
campaign-approved-at = Approved on { $at }.
campaign-roi-attributed-head = Attributed ROI
campaign-roi-incremental-head = Incremental ROI
campaign-roi-attributed-lead = All orders within the attribution window that followed the e-mail
campaign-roi-incremental-lead = Only what goes beyond the control group
campaign-roi-beside = Attributed ROI (every order after the e-mail): { $roi }, from { $revenue } of revenue.
campaign-roi-short = ROI, attributed
campaign-statistic-people = People who booked
campaign-to-approval = To approval
campaign-not-yet-title = Not approved yet
campaign-not-yet-text = Sending begins once the audience is checked and approved. You can send yourself a test now.
campaign-note-evaluation = What did it cause?
