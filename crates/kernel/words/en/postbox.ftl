# Caught e-mails for demo and development
postbox-title = Caught e-mails
postbox-lead = What would go out lands here. Nobody outside got these e-mails; the links work.
postbox-refresh = Reload
postbox-search = Find a subject or recipient
postbox-count = { $n ->
    [one] one e-mail
   *[other] { COUNT($n) } e-mails
}
postbox-empty = No e-mail
postbox-empty-text = Start a campaign or send a test: the e-mails appear here.
postbox-subject = Subject
postbox-no-subject = (no subject)
postbox-to = To
postbox-at = When
postbox-size = { $n } bytes
postbox-source = Source
postbox-mail = E-mail
postbox-text = Text part
postbox-headers = Headers
