alert-contact-rise = { $name }: { $observed } interactions { $days ->
    [one] in one day
   *[other] in { $days } days
}, usual: { $expected }
alert-contact-fall = { $name } has fallen silent: { $observed } interactions { $days ->
    [one] in one day
   *[other] in { $days } days
}, usual: { $expected }
alert-segment-changed = Segment “{ $name }”: { $observed } interactions { $days ->
    [one] in one day
   *[other] in { $days } days
}, usual: { $expected }
alert-channel-changed = Channel { $name }: { $observed } interactions { $days ->
    [one] in one day
   *[other] in { $days } days
}, usual: { $expected }
alert-campaign-changed = Campaign “{ $name }”: open rate { $observed } instead of { $expected }
alert-metric-changed = { $name }: { $observed } { $days ->
    [one] in one day
   *[other] in { $days } days
}, usual: { $expected }
alert-target-missed = Target missed: { $name } { $value } instead of { $goal }
alert-target-track = Target at risk: { $name } { $value }, target { $goal }
alert-digest-subject = { $n ->
    [one] Kundenkreis: one piece of news
   *[other] Kundenkreis: { $n } pieces of news
}
alert-digest-lead = This was reported to you in Kundenkreis and is still unread:
alert-digest-off = Stop this mail or change what is reported
alert-direction-rise = Rise
alert-direction-fall = Fall
alert-subject-contact = Person
alert-subject-segment = Segment
alert-subject-channel = Channel
alert-subject-campaign = Campaign
alert-subject-metric = Metric
change-title = Behaviour changes
change-text = What chance does not explain: people, segments, channels, campaigns and metrics of the last 30 days.
change-none = Everything as usual
change-none-text = Every night it is checked whether something has changed noticeably. There is nothing to report at the moment.
change-look = Check now
change-wish = Change thresholds
change-all = See all
change-why = Why this was reported
change-how = How sure is it?
change-chart = Course
change-observed = Observed
change-expected = Usual
change-high = Band, upper
change-low = Band, lower
change-sudden = sudden
change-detail = { $observed } { $days ->
    [one] in one day
   *[other] in { $days } days
}, usual: { $expected }
change-detail-rate = Open rate { $observed }, usual: { $expected }
change-chance = Of such reports { $share } at most are chance on average.
change-chance-tiny = Of a thousand such reports one at most is chance on average.
change-method-person = The last 1 to 28 days are compared with the twelve weeks before, with everybody's rhythm of the week and allowing for what is usual with erratic behaviour. All tests of one night are judged together.
change-method-series = The last day and the last week are compared with the median of the same weekdays in twelve weeks, measured by the median deviation. All tests of one night are judged together.
change-method-campaign = The open rate is compared with that of earlier campaigns, measured by their median deviation. All tests of one night are judged together.
change-to-person = To the person
change-to-people = To the people
notification-title = Notifications
notification-text = What you should look at. The newest is on top.
notification-none = Nothing to report
notification-none-text = Noticeable changes and missed targets appear here.
notification-new = new
notification-older = Older
notification-read-all = Mark all as read
notification-wish = What is reported
notification-wish-text = Only for you.
notification-topics = Report
notification-topic-person = Behaviour of a person
notification-topic-segment = Behaviour in a segment
notification-topic-channel = Events on a channel
notification-topic-campaign = Campaign out of the ordinary
notification-topic-metric = Metric changes
notification-topic-target = Target missed or at risk
notification-strength = Strength of the change
notification-strength-hint = Against what is usual. Targets are always reported.
notification-any = Any
notification-from = From { $n }%
notification-segments = Only these segments
notification-channels = Only these channels
notification-all-when-none = If none is chosen, all count.
notification-mail = E-mail
notification-mail-daily = Once a day, sum up what is unread
notification-keep = Save
notification-bell = { $n ->
    [0] Notifications
    [one] Notifications, one unread
   *[other] Notifications, { $n } unread
}
